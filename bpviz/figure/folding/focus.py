"""The neighbourhood of one gate: what its operands are made of, and what is made of it, a few steps each way.

A wire that leads further ends in the name of what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bpviz.errors import UsageError
from bpviz.figure.folding.groups import Group
from bpviz.figure.lettering import subscripted
from bpviz.figure.sketch import AGAIN, BRANCH, FOLD, GATE, INPUT, Sketch, Spot, Strand
from bpviz.graph import Graph

STEPS = 2  # gates that are seen each way
NAMED = (GATE, INPUT, FOLD)
FURTHER = "…"


def focused(said: Sketch, graph: Graph, name: str, folds: Sequence[Group] = ()) -> Sketch:
    """Return the part of a sketch around the gate or input of a name, or around the box that it is in.

    Raises UsageError for a name that is none, and for an input that is one of a stack.
    """
    node = graph.find(name)
    shown = next((box.roots[-1] for box in folds if node in box.members), node)
    middle = next((spot.id for spot in said.spots if spot.node == shown and spot.kind in NAMED), None)
    if middle is None:
        raise UsageError(f"{name} is not drawn by itself in the folded figure", hint="leave the folding out")
    dots = {spot.id for spot in said.spots if spot.kind == BRANCH}
    near = {*_reached(middle, _ways(said.strands, back=True), dots), *_reached(middle, _ways(said.strands), dots)}
    strands = [strand for strand in said.strands if strand.source in near or strand.target in near]
    stubs = [*_sources(strands, near, graph), *_targets(strands, near, said)]
    cut = {stub.id for stub in stubs}
    return said._replace(
        spots=(*(spot for spot in said.spots if spot.id in near), *stubs),
        strands=tuple(_cut(strand, cut) for strand in strands),
        inputs=tuple(each for each in said.inputs if each in near),
    )


def _ways(strands: Iterable[Strand], *, back: bool = False) -> dict[str, list[str]]:
    """Return where the wires of each spot lead, or, back, where they come from."""
    ways: dict[str, list[str]] = {}
    for strand in strands:
        start, end = (strand.target, strand.source) if back else (strand.source, strand.target)
        ways.setdefault(start, []).append(end)
    return ways


def _reached(middle: str, ways: dict[str, list[str]], dots: set[str]) -> Iterator[str]:
    """Yield the spots within a few steps, a branch on the way being none."""
    edge = [middle]
    yield middle
    for _ in range(STEPS):
        found = [end for each in edge for end in ways.get(each, ())]
        yield from found
        edge = [end for each in found for end in (ways.get(each, ()) if each in dots else (each,))]
        yield from edge


def _sources(strands: Iterable[Strand], near: set[str], graph: Graph) -> Iterator[Spot]:
    """Yield what stands where wires come from further off: the names of what they carry."""
    for strand in strands:
        if strand.source not in near:
            name = subscripted(graph.nodes[strand.node].name)
            yield Spot(f"again-{strand.id}", AGAIN, name, "", strand.title, strand.node)


def _targets(strands: Iterable[Strand], near: set[str], said: Sketch) -> Iterator[Spot]:
    """Yield what stands where wires lead further: the names of what is there."""
    spots = {spot.id: spot for spot in said.spots}
    for strand in strands:
        if strand.target not in near:
            name = spots[strand.target].name or spots[strand.target].operation or FURTHER
            yield Spot(f"further-{strand.id}", AGAIN, name, "", strand.title, strand.node)


def _cut(strand: Strand, stubs: set[str]) -> Strand:
    source, target = f"again-{strand.id}", f"further-{strand.id}"
    return strand._replace(
        source=source if source in stubs else strand.source, target=target if target in stubs else strand.target
    )
