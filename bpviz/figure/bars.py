"""A box as long as the wires at it need: each wire has a place of its own along its side.

In DOT that is a table with a port for each wire; Graphviz then keeps them apart, and in the order of their places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bpviz.figure.cells import GAP, points, table
from bpviz.figure.lettering import LINE, width
from bpviz.figure.sketch import FOLD, Sketch, Strand
from bpviz.figure.theme import DOWN, RIGHT, UP, Theme

EDGE = 1.0  # points: the depth of the cells at which wires end, next to the border
COME, LEAVE = "i", "o"


class Bar(NamedTuple):
    """How many wires come into a box and leave it, and how far apart they are, in points."""

    coming: int
    leaving: int
    pitch: float

    @property
    def length(self) -> float:
        """Return how long the box is along the side that the wires come in by."""
        return max(self.coming, self.leaving) * self.pitch


class Bars(NamedTuple):
    """The boxes with several wires on a side, by id, and at which place of which box each wire begins and ends."""

    boxes: Mapping[str, Bar]
    tails: Mapping[str, str]
    heads: Mapping[str, str]

    def start(self, strand: Strand, side: str) -> str:
        """Return where a wire begins, in DOT; side is that of its place, n, s, w or e."""
        place = self.tails.get(strand.id)
        return f"{strand.source}:{place}:{side}" if place else strand.source

    def end(self, strand: Strand, side: str) -> str:
        """Return where a wire ends, likewise."""
        place = self.heads.get(strand.id)
        return f"{strand.target}:{place}:{side}" if place else strand.target


def bars(said: Sketch, theme: Theme, direction: str) -> Bars:
    """Return the places of wires at the boxes of a sketch."""
    boxes: dict[str, Bar] = {}
    tails: dict[str, str] = {}
    heads: dict[str, str] = {}
    closed = [spot.id for spot in said.spots if spot.kind == FOLD]
    if not closed:
        return Bars(boxes, tails, heads)
    across, pitch = _across(said), _pitch(said, set(closed), theme, direction)
    for box in closed:
        coming = sorted((each for each in said.strands if each.target == box), key=lambda each: across[each.source])
        leaving = [each for each in said.strands if each.source == box]
        if len(coming) > 1 or len(leaving) > 1:
            boxes[box] = Bar(len(coming), len(leaving), pitch)
            heads |= {strand.id: f"{COME}{k}" for k, strand in enumerate(coming)}
            tails |= {strand.id: f"{LEAVE}{k}" for k, strand in enumerate(leaving)}
    return Bars(boxes, tails, heads)


def _across(said: Sketch) -> dict[str, float]:
    """Return where about each spot stands in the order of the inputs: in the middle of what comes into it."""
    across = {id_: float(k) for k, id_ in enumerate(said.inputs)}
    into: dict[str, list[str]] = {}
    for strand in said.strands:
        into.setdefault(strand.target, []).append(strand.source)
    waiting = [strand.source for strand in said.strands]
    while waiting:
        spot = waiting[-1]
        unknown = [each for each in into.get(spot, ()) if each not in across]
        if spot in across or not unknown:
            waiting.pop()
            known = [across[each] for each in into.get(spot, ())]
            across.setdefault(spot, sum(known) / len(known) if known else float(len(said.inputs)))
        waiting += unknown
    return across


def bar_label(bar: Bar, words: str, room: Mapping[str, float], direction: str) -> str:
    """Return the table of a box: its words in the middle, in so much room, the places of wires along two sides."""
    sides = [[f"{side}{k}" for k in range(count)] for side, count in ((COME, bar.coming), (LEAVE, bar.leaving))]
    first, last = sides if direction in (DOWN, RIGHT) else sides[::-1]
    middle = "".join(f' {side}="{points(size)}"' for side, size in room.items())
    if direction in (UP, DOWN):
        inside = f"<TR>{_row(first, bar)}</TR><TR><TD{middle}>{words}</TD></TR><TR>{_row(last, bar)}</TR>"
    else:
        inside = f"<TR>{_column(first, bar)}<TD{middle}>{words}</TD>{_column(last, bar)}</TR>"
    return (
        f'<TABLE BORDER="{points(1)}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" STYLE="ROUNDED">{inside}</TABLE>'
    )


def _row(ports: Sequence[str], bar: Bar) -> str:
    wide = points(bar.length / max(1, len(ports)))
    cells = "".join(f'<TD PORT="{port}" WIDTH="{wide}" HEIGHT="{points(EDGE)}"></TD>' for port in ports)
    return f"<TD>{table(f'<TR>{cells}</TR>', 0)}</TD>" if cells else f'<TD WIDTH="{points(bar.length)}"></TD>'


def _column(ports: Sequence[str], bar: Bar) -> str:
    high = points(bar.length / max(1, len(ports)))
    rows = "".join(f'<TR><TD PORT="{port}" HEIGHT="{high}" WIDTH="{points(EDGE)}"></TD></TR>' for port in ports)
    return f"<TD>{table(rows, 0)}</TD>" if rows else f'<TD HEIGHT="{points(bar.length)}"></TD>'


def _pitch(said: Sketch, boxes: set[str], theme: Theme, direction: str) -> float:
    """Return how far apart wires must stand for their numbers to have room side by side."""
    if direction not in (UP, DOWN):
        return 2 * (theme.number_size * LINE + 2 * GAP) + 1 + theme.node_gap
    strands = [strand for strand in said.strands if strand.source in boxes or strand.target in boxes]
    wide = [sum(width(mark.text, theme.number_size) for mark in (each.before, each.after)) for each in strands]
    return sorted(wide)[len(wide) // 2] + 4 * GAP + theme.node_gap  # a few may be wider
