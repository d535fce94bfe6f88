"""Large figures: which wires are cut, what stands in their place, that the rest is there, and which are hurried."""

from __future__ import annotations

import re
from random import Random

import pytest

from bpviz.autodiff import run
from bpviz.figure.cuts import ROOM, WORK
from bpviz.figure.diagram import diagram
from bpviz.figure.dot import MANY
from bpviz.figure.layout import bundled
from bpviz.figure.sketch import AGAIN, GATE, INPUT, TRUNK, Sketch
from bpviz.graph import Graph
from bpviz.lang import parse
from tests.support.command import Shell
from tests.support.drawing import read
from tests.support.geometry import faults
from tests.support.tapes import tape


def deep(gates: int, inputs: int = 6) -> Graph:
    """Return a chain in which every gate takes the one before it and an input or a gate shortly before."""
    random, names = Random(1), [f"a{i}" for i in range(inputs)]
    chain = names[:2]
    lines = []
    for k in range(gates):
        lines.append(f"g{k} = {chain[-1]} {random.choice('+-*')} {random.choice([*names, *chain[-3:]])}")
        chain.append(f"g{k}")
    return parse("; ".join(lines))


def said(graph: Graph, **options: object) -> Sketch:
    return diagram(graph, **options).said


def ranks(figure: Sketch) -> dict[str, int]:
    """Return the longest way from a start to each spot, found by relaxing until nothing changes."""
    found = {spot.id: 0 for spot in figure.spots}
    changed = True
    while changed:
        changed = False
        for strand in figure.strands:
            if found[strand.target] <= found[strand.source]:
                found[strand.target], changed = found[strand.source] + 1, True
    return found


@pytest.mark.parametrize("gates", [1, 59, 60])
def test_up_to_sixty_gates_nothing_is_cut(gates: int) -> None:
    figure = said(deep(gates))
    assert (figure.cut, figure.afloat) == (0, ())


def test_a_large_figure_with_short_wires_is_drawn_whole() -> None:
    figure = said(parse("; ".join(["h0 = tanh(x)", *(f"h{i + 1} = tanh(h{i})" for i in range(200))])))
    assert (figure.cut, list(figure.afloat)) == (0, [])


@pytest.mark.parametrize("branch", [True, False])
@pytest.mark.parametrize("gates", [61, 100, 300, 1000])
def test_what_graphviz_has_to_place_grows_with_the_gates_alone(gates: int, branch: bool) -> None:
    figure = said(deep(gates), branch=branch)
    depth = ranks(figure)
    starts = {strand.source for strand in figure.strands} - {strand.target for strand in figure.strands}
    row = set(figure.inputs) - set(figure.afloat)
    passed = sum(
        depth[strand.target] - depth[strand.source] - 1
        for strand in figure.strands
        if strand.source not in starts or strand.source in row
    )
    assert passed <= 3 * max(ROOM, WORK // gates)  # counted as if what is afloat stood as far off as it can
    assert figure.cut >= gates / 10


def test_every_operand_still_has_its_wire_with_its_numbers_and_the_name_of_its_source() -> None:
    graph = deep(100)
    trace = run(graph, {f"a{i}": i + 1 for i in range(6)})
    figure = said(graph, trace=trace)
    spots = {spot.id: spot for spot in figure.spots}
    wires = {strand.wire: strand for strand in figure.strands if strand.wire}
    assert set(wires) == set(graph.wires())
    for wire, strand in wires.items():
        assert spots[strand.source].node == wire.source
        assert spots[strand.target].node == wire.target
        if spots[strand.source].kind == AGAIN:
            assert spots[strand.source].name == graph.nodes[wire.source].name.replace("_", "")


def test_every_value_keeps_a_wire() -> None:
    figure = said(deep(300))
    leaving = {strand.source for strand in figure.strands}
    assert {spot.id for spot in figure.spots if spot.kind in (GATE, INPUT)} <= leaving
    assert {strand.target for strand in figure.strands if strand.kind == TRUNK} <= leaving


def test_a_circle_with_its_operation_only_tells_its_name_where_a_cut_needs_it() -> None:
    graph = deep(300)
    figure = said(graph, labels="op")
    needed = {spot.node for spot in figure.spots if spot.kind == AGAIN}
    told = {spot.node for spot in figure.spots if spot.kind == GATE and spot.step}
    assert told == {node for node in needed if graph.nodes[node].gate}


@pytest.mark.parametrize("direction", ["up", "down", "right", "left"])
@pytest.mark.parametrize("graph", [deep(100), tape(3, 150), tape(5, 200)], ids=lambda graph: f"{len(graph.nodes)}")
def test_nothing_overlaps_in_a_large_figure(graph: Graph, direction: str) -> None:
    assert faults(read(bundled(diagram(graph, direction=direction).dot, "svg", 72))) == []


def test_the_command_says_that_wires_are_cut(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    done = Shell(monkeypatch, capfd)("draw", deep(70).source, "-o", "-", "--format", "dot")
    cut = said(deep(70)).cut
    assert done.err.startswith(
        f"bpviz: 70 gates: {cut} long wires are cut, and the value's name stands at the gate instead\n"
    )


@pytest.mark.parametrize(("gates", "hurried"), [(MANY, False), (MANY + 1, True)])
def test_past_a_size_graphviz_is_hurried_and_the_command_says_so(
    gates: int, hurried: bool, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    program = "; ".join(["h0 = tanh(x)", *(f"h{i} = tanh(h{i - 1})" for i in range(1, gates))])
    done = Shell(monkeypatch, capfd)("draw", program, "-o", "-", "--format", "dot")
    assert ("nslimit" in done.out, "placed in a hurry" in done.err) == (hurried, hurried)


def rounds(graph: Graph) -> float:
    """Return in how many rounds Graphviz betters a figure's places."""
    picture = diagram(graph)
    share = float(re.findall("nslimit=([0-9.]+)", picture.dot)[0])
    return share * (len(picture.said.spots) + len(picture.said.strands))


def test_a_hurried_figure_has_as_many_rounds_however_large_it_is_and_fewer_where_it_is_deep() -> None:
    wide = [parse(f"sum({', '.join(f'tanh(x_{i})' for i in range(gates))})") for gates in (700, 1400)]
    shallow = [rounds(graph) for graph in wide]
    assert shallow[0] == pytest.approx(shallow[1], rel=0.01)
    assert [rounds(deep(gates)) < shallow[0] / 2 for gates in (700, 1400)] == [True, True]
