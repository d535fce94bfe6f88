"""Large figures made smaller: wires that would pass many gates are cut, and their value's name is written at the gate.

Nobody's eye follows a wire past fifty gates, and for each rank that it passes Graphviz places one more node, in a time
that grows with the square of their number: 100 gates in a chain with six inputs took 11 s, 300 more than nine minutes.
So the longest wires are cut until the rest is quick to place, and a name stands for the wire, as in a circuit diagram.
Each value keeps the wire to its nearest gate, so nothing falls apart; an input that has none near the row of inputs
stands by its gate. What is cut follows from the graph alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from bpviz.figure.lettering import subscripted
from bpviz.figure.sketch import AGAIN, GATE, Sketch, Spot, Strand
from bpviz.graph import Graph

WORK = 20_000  # ranks that all wires may pass on their way to gates further on, times the ranks that there are
ROOM = 200  # ranks that they may pass however many there are


def shortened(said: Sketch, graph: Graph) -> Sketch:
    """Return a sketch whose longest wires are cut, if they are many."""
    depths = _depths(said.strands)
    deepest = max(depths.values())
    afloat = {id_: deepest - depths.get(id_, 0) for id_ in said.inputs}
    spans = {strand.id: depths[strand.source] - depths[strand.target] for strand in said.strands}
    longest = _longest([*spans.values(), *(passed + 1 for passed in afloat.values())], max(ROOM, WORK // deepest))
    cut = {strand.id: _tag(strand, graph) for strand in said.strands if spans[strand.id] > longest}
    named = {strand.node for strand in said.strands if strand.id in cut}
    return said._replace(
        spots=(*(_told(spot, graph) if spot.node in named else spot for spot in said.spots), *cut.values()),
        strands=tuple(_from(strand, cut) for strand in said.strands),
        afloat=frozenset(id_ for id_, passed in afloat.items() if passed + 1 > longest),
        cut=len(cut),
        deep=deepest,
    )


def _depths(strands: Iterable[Strand]) -> dict[str, int]:
    """Return how far from the output each spot stands if it is as near as its wires allow: its longest way there."""
    sources: dict[str, list[str]] = {}
    waiting: dict[str, int] = {}
    for strand in strands:
        sources.setdefault(strand.target, []).append(strand.source)
        waiting[strand.source] = waiting.get(strand.source, 0) + 1
    ready = [target for target in sources if target not in waiting]
    depths = dict.fromkeys((*sources, *waiting), 0)
    while ready:
        target = ready.pop()
        for source in sources.get(target, ()):
            depths[source] = max(depths[source], depths[target] + 1)
            waiting[source] -= 1
            if not waiting[source]:
                ready.append(source)
    return depths


def _longest(spans: list[int], room: int) -> int:
    """Return the greatest span up to which all wires together pass no more ranks than there is room for."""
    longest = 1
    for span, same in groupby(sorted(spans)):
        room -= sum(1 for _ in same) * (span - 1)
        if room < 0:
            break
        longest = span
    return longest


def _tag(strand: Strand, graph: Graph) -> Spot:
    """Return what stands at the end of a wire that is cut: the name of what it carries."""
    name = subscripted(graph.nodes[strand.node].name)
    return Spot(f"again-{strand.id}", AGAIN, name, "", f"{name} again: {strand.title}", strand.node)


def _from(strand: Strand, cut: Mapping[str, Spot]) -> Strand:
    return strand._replace(source=cut[strand.id].id) if strand.id in cut else strand


def _told(spot: Spot, graph: Graph) -> Spot:
    """Return a spot whose name is needed elsewhere: a circle that shows its operation only tells it above that."""
    if spot.kind != GATE or spot.name:
        return spot
    return spot._replace(step=f"{spot.step} {subscripted(graph.nodes[spot.node].name)}".strip())
