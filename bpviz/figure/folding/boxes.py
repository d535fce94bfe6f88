"""A sketch with gates closed into boxes: the wires across a box's boundary stay, each with its value and its gradient.

A value that enters a box by several wires enters by one, which carries the sum of what they bring back. Where more
wires enter a box than a slide holds, inputs of one kind that only it uses, such as the weights of a layer, are drawn
as one stack, and then the wires from another box as one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.figure.folding.groups import Group
from bpviz.figure.lettering import subscripted
from bpviz.figure.sketch import (
    BRANCH,
    CONSTANT,
    CONTRIBUTION,
    FOLD,
    GATE,
    GRADIENT,
    INPUT,
    STACK,
    VALUE,
    WIRE,
    Mark,
    Sketch,
    Spot,
    Strand,
)
from bpviz.formula.numerals import Rounding, number
from bpviz.graph import Graph

MOST = 12  # wires into a box, each with numbers of its own
STEM = re.compile(r"[^\d_]*")  # of w_12, what other inputs of its kind share


class Boxes(NamedTuple):
    """The boxes of a figure by id, the box in which each node is, and the ids of the spots for all other nodes."""

    graph: Graph
    trace: Trace | None
    rounding: Rounding
    groups: Mapping[str, Group]
    home: Mapping[int, str]
    ids: Mapping[int, str]

    def at(self, node: int) -> str:
        """Return the id of the spot that stands for a node."""
        return self.home.get(node) or self.ids[node]

    def name(self, id_: str) -> str:
        """Return how a box is called: by its last gate, or by the first and the last of them."""
        roots = [subscripted(self.graph.nodes[i].name) for i in self.groups[id_].roots]
        return ", ".join(roots) if len(roots) < 3 else f"{roots[0]} … {roots[-1]}"

    def share(self, strands: Sequence[Strand]) -> str:
        """Return what the wires of strands bring back in all, rounded, or nothing in a blank figure."""
        if not self.trace:
            return ""
        wires = [strand.wire for strand in strands if strand.wire]
        return number(sum(self.trace.downstream[wire.target][wire.slot] for wire in wires), self.rounding)


def folded(said: Sketch, graph: Graph, trace: Trace | None, rounding: Rounding, groups: Sequence[Group]) -> Sketch:
    """Return a sketch in which each group is a box."""
    boxes = _boxes(said, graph, trace, rounding, groups)
    strands = _sparse(_rerouted(said, boxes), boxes)
    stacks = [_stack(strands, boxes) for strands in strands.stacks]
    drawn = [*strands.kept, *(strand for _, strand in stacks)]
    ends = {strand.source for strand in drawn} | {strand.target for strand in drawn}
    closed = tuple(_box(id_, boxes) for id_ in boxes.groups)
    spots = (*(spot for spot in said.spots if spot.id in ends), *closed, *(spot for spot, _ in stacks))
    return said._replace(spots=spots, strands=tuple(drawn), inputs=tuple(each for each in said.inputs if each in ends))


def _boxes(said: Sketch, graph: Graph, trace: Trace | None, rounding: Rounding, groups: Sequence[Group]) -> Boxes:
    ids = {spot.node: spot.id for spot in said.spots if spot.kind in (INPUT, CONSTANT, GATE)}
    named = {f"fold-{ids[group.roots[0]].partition('-')[2]}": group for group in groups}
    home = {i: id_ for id_, group in named.items() for i in group.members}
    for i, node in enumerate(graph.nodes):  # a constant is part of the box that it is used in
        users = {home.get(wire.target) for wire in graph.wires_from[i]}
        if node.constant is not None and len(users) == 1 and (box := users.pop()):
            home[i] = box
    return Boxes(graph, trace, rounding, named, home, ids)


def _rerouted(said: Sketch, boxes: Boxes) -> list[Strand]:
    """Return the strands that are not inside a box, those of one value into one box as one."""
    bundles: dict[tuple[int, str], list[Strand]] = {}
    for strand in said.strands:
        target = boxes.home.get(strand.wire.target) if strand.wire else None
        if target is None:
            bundles[strand.node, strand.id] = [strand]
        elif target != boxes.home.get(strand.node):
            bundles.setdefault((strand.node, target), []).append(strand)
    merged = [_merged(strands, key[1], boxes) for key, strands in bundles.items()]
    ways = Counter(strand.node for strand in merged if strand.kind in (WIRE, CONTRIBUTION))
    dots = {spot.node: spot.id for spot in said.spots if spot.kind == BRANCH}
    return [_from(strand, ways[strand.node], dots, boxes) for strand in merged if _stays(strand, ways, dots)]


def _merged(strands: Sequence[Strand], target: str, boxes: Boxes) -> Strand:
    """Return the one strand for those of one value into a box; target is the id of the strand where it is not one."""
    first = strands[0]
    if target not in boxes.groups:
        return first
    share = boxes.share(strands)
    numbers = f": value {first.before.text}, gradient {share}" if boxes.trace else ""
    return first._replace(
        id=f"wire-{_bare(target)}-{_bare(boxes.ids[first.node])}",
        kind=WIRE,
        target=target,
        after=Mark(share, GRADIENT),
        title=f"{subscripted(boxes.graph.nodes[first.node].name)} → {boxes.name(target)}{numbers}",
        wire=None,
    )


def _stays(strand: Strand, ways: Mapping[int, int], dots: Mapping[int, str]) -> bool:
    """Say whether a strand is still needed: a way to a branch is not where only one wire is left."""
    return strand.target != dots.get(strand.node) or ways[strand.node] > 1


def _from(strand: Strand, ways: int, dots: Mapping[int, str], boxes: Boxes) -> Strand:
    """Return a strand from where its value now comes: the branch, where it has one, or its box or spot."""
    if strand.kind in (WIRE, CONTRIBUTION):
        source = dots.get(strand.node) if ways > 1 else None
        return strand._replace(source=source or boxes.at(strand.node), kind=CONTRIBUTION if ways > 1 else WIRE)
    return strand._replace(source=boxes.at(strand.node))


class Sparse(NamedTuple):
    """Strands to draw, and those that are drawn as one from a stack of inputs."""

    kept: list[Strand]
    stacks: list[list[Strand]]


def _sparse(strands: Sequence[Strand], boxes: Boxes) -> Sparse:
    """Return strands of which no more enter a box than a slide holds, as far as they can be drawn as one."""
    ways = Counter(strand.node for strand in strands)
    kept = {strand.id: strand for strand in strands}
    stacks = []
    for box in boxes.groups:
        into = [strand for strand in strands if strand.target == box]
        kinds = _kinds([strand for strand in into if _is_inputs_own(strand, ways, boxes)], boxes.graph)
        while len(into) > MOST and kinds:
            stacks.append(kinds.pop(0))
            gone = {strand.id for strand in stacks[-1]}
            into = [strand for strand in into if strand.id not in gone]
        between = _by(into, lambda strand: boxes.home.get(strand.node, "") if ways[strand.node] == 1 else "")
        for source in (source for source in between if source and len(into) > MOST):
            one = _bundle(between[source], source, boxes)
            kept |= {strand.id: one for strand in between[source][:1]}
            for strand in between[source][1:]:
                del kept[strand.id]
    stacked = {strand.id for stack in stacks for strand in stack}
    return Sparse([strand for id_, strand in kept.items() if id_ not in stacked], stacks)


def _is_inputs_own(strand: Strand, ways: Mapping[int, int], boxes: Boxes) -> bool:
    node = boxes.graph.nodes[strand.node]
    return node.gate is None and node.constant is None and ways[strand.node] == 1


def _kinds(strands: Iterable[Strand], graph: Graph) -> list[list[Strand]]:
    """Return inputs' strands by kind, what is first drawn as one first: the most, and of those that enter few gates."""
    kinds = [each for each in _by(strands, lambda strand: _stem(strand, graph)).values() if len(each) > 1]
    return sorted(kinds, key=lambda kind: (-len(kind), sum(len(graph.wires_from[strand.node]) for strand in kind)))


def _stem(strand: Strand, graph: Graph) -> str:
    found = STEM.match(graph.nodes[strand.node].name)
    return found[0] if found else ""


def _by(strands: Iterable[Strand], key: Callable[[Strand], str]) -> dict[str, list[Strand]]:
    found: dict[str, list[Strand]] = {}
    for strand in strands:
        found.setdefault(key(strand), []).append(strand)
    return found


def _bundle(strands: Sequence[Strand], source: str, boxes: Boxes) -> Strand:
    """Return one strand for all from one box to another."""
    count, target = len(strands), strands[0].target
    title = f"{boxes.name(source)} → {boxes.name(target)}: {count} values"
    return _counted(strands[0], count)._replace(id=f"wire-{_bare(target)}-{_bare(source)}", title=title)


def _stack(strands: Sequence[Strand], boxes: Boxes) -> tuple[Spot, Strand]:
    """Return the spot of inputs drawn as one, and its wire."""
    first, last, target = strands[0], strands[-1], strands[0].target
    name = " … ".join(subscripted(boxes.graph.nodes[strand.node].name) for strand in (first, last))
    id_ = f"stack-{_bare(target)}-{_bare(first.source)}"
    title = f"{len(strands)} inputs, {name}"
    spot = Spot(id_, STACK, name, f"{len(strands)} inputs", title, first.node)
    return spot, _counted(first, len(strands))._replace(
        id=f"wire-{id_}", source=id_, title=f"{title} → {boxes.name(target)}"
    )


def _counted(strand: Strand, count: int) -> Strand:
    """Return a strand that tells how many numbers it carries, which a blank figure may tell, too."""
    return strand._replace(before=Mark(f"{count} values", VALUE), after=Mark(f"{count} gradients", GRADIENT))


def _box(id_: str, boxes: Boxes) -> Spot:
    """Return the box of a group: how it is called, and how many gates are in it."""
    group, name = boxes.groups[id_], boxes.name(id_)
    cells, gates = len(group.roots), len(group.members)
    each = f"{gates // cells} gate{'' if gates == cells else 's'}"
    count = each if cells == 1 else f"{cells} × {each}"
    return Spot(id_, FOLD, name, count, f"{name}: {count}, folded", group.roots[-1])


def _bare(id_: str) -> str:
    return id_.partition("-")[2]
