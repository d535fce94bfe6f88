"""Titles that tell no more than the figure shows: a number that is hidden is not in a tooltip either."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bpviz.figure.sketch import (
    ABSENT,
    BRANCH,
    FILLED,
    GRADIENT,
    HIDDEN,
    NEW,
    OUTPUT,
    SHOWN,
    TRUNK,
    VALUE,
    Mark,
    Sketch,
    Spot,
    Strand,
)

VISIBLE = (SHOWN, NEW, FILLED)
ZEROS = str.maketrans("123456789", "0" * 9)  # all digits of the figure's typeface are as wide


def discreet(said: Sketch, blank: Sketch) -> Sketch:
    """Return a sketch whose titles leave out what is hidden; blank is the same sketch without a trace."""
    of: dict[int, list[Strand]] = {}
    for strand in said.strands:
        of.setdefault(strand.node, []).append(strand)
    strands = zip(said.strands, blank.strands, strict=True)
    spots = zip(said.spots, blank.spots, strict=True)
    return Sketch(
        tuple(_spot(spot, bare.title, of.get(spot.node, [])) for spot, bare in spots),
        tuple(_strand(strand, bare.title) for strand, bare in strands),
        said.inputs,
    )


def roomy(blank: Sketch, whole: Sketch) -> Sketch:
    """Return a blank sketch with the room that the numbers of the whole one take, and none of their digits."""
    strands = (
        empty._replace(before=_free(empty.before, full.before), after=_free(empty.after, full.after))
        for empty, full in zip(blank.strands, whole.strands, strict=True)
    )
    return blank._replace(strands=tuple(strands))


def is_told(said: Sketch) -> bool:
    """Say whether the output's value is to be seen, or any where the output is not drawn."""
    output = next((spot.node for spot in said.spots if spot.kind == OUTPUT), None)
    strands = [strand for strand in said.strands if output in (None, strand.node)]
    return any(mark.text for mark in _marks(strands, VALUE)) and _any_visible(_marks(strands, VALUE))


def _free(empty: Mark, full: Mark) -> Mark:
    if empty.text or empty.state == ABSENT:
        return empty
    return full._replace(text=full.text.translate(ZEROS), state=HIDDEN)


def _strand(strand: Strand, bare: str) -> Strand:
    visible = [mark for mark in (strand.before, strand.after) if mark.state in VISIBLE]
    if len(visible) == 2:
        return strand
    numbers = ", ".join(f"{mark.role} {mark.text}" for mark in visible)
    return strand._replace(title=f"{bare}: {numbers}" if numbers else bare)


def _spot(spot: Spot, bare: str, own: Sequence[Strand]) -> Spot:
    """Return a spot with what the wires that carry its number show."""
    values = _marks(own, VALUE)
    if not _any_visible(values):
        return spot._replace(title=bare)
    trunks = [strand for strand in own if strand.kind == TRUNK and spot.kind != BRANCH] or own
    if spot.kind == OUTPUT or all(mark.state in VISIBLE for mark in _marks(trunks, GRADIENT)):
        return spot
    return spot._replace(title=bare if spot.kind == BRANCH else f"{bare} = {values[0].text}")


def _marks(strands: Iterable[Strand], role: str) -> list[Mark]:
    marks = (mark for strand in strands for mark in (strand.before, strand.after))
    return [mark for mark in marks if mark.role == role]


def _any_visible(marks: Iterable[Mark]) -> bool:
    return any(mark.state in VISIBLE for mark in marks)
