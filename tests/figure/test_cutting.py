"""Large figures: which wires are cut, what stands in their place, that the rest is there, and which are hurried."""

from __future__ import annotations

import re
from random import Random

import pytest

from bpviz.autodiff import run
from bpviz.figure.cutting import LEAST_RANKS, RANKS_TIMES_DEPTH
from bpviz.figure.diagram import AGAIN, GATE, INPUT, TRUNK, Diagram
from bpviz.figure.dot import MANY_GATES
from bpviz.figure.layout import run_bundled
from bpviz.figure.picture import make_picture
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


def diagram_of(graph: Graph, **options: object) -> Diagram:
    return make_picture(graph, **options).diagram


def ranks(figure: Diagram) -> dict[str, int]:
    """Return the longest way from a start to each shape, found by relaxing until nothing changes."""
    found = {shape.id: 0 for shape in figure.shapes}
    changed = True
    while changed:
        changed = False
        for edge in figure.edges:
            if found[edge.target] <= found[edge.source]:
                found[edge.target], changed = found[edge.source] + 1, True
    return found


@pytest.mark.parametrize("gates", [1, 59, 60])
def test_up_to_sixty_gates_nothing_is_cut(gates: int) -> None:
    figure = diagram_of(deep(gates))
    assert (figure.wires_cut, figure.floating) == (0, ())


def test_a_large_figure_with_short_wires_is_drawn_whole() -> None:
    figure = diagram_of(parse("; ".join(["h0 = tanh(x)", *(f"h{i + 1} = tanh(h{i})" for i in range(200))])))
    assert (figure.wires_cut, list(figure.floating)) == (0, [])


@pytest.mark.parametrize("branch", [True, False])
@pytest.mark.parametrize("gates", [61, 100, 300, 1000])
def test_what_graphviz_has_to_place_grows_with_the_gates_alone(gates: int, branch: bool) -> None:
    figure = diagram_of(deep(gates), branch=branch)
    depth = ranks(figure)
    starts = {edge.source for edge in figure.edges} - {edge.target for edge in figure.edges}
    row = set(figure.inputs) - set(figure.floating)
    passed = sum(
        depth[edge.target] - depth[edge.source] - 1
        for edge in figure.edges
        if edge.source not in starts or edge.source in row
    )
    assert passed <= 3 * max(
        LEAST_RANKS, RANKS_TIMES_DEPTH // gates
    )  # counted as if what is floating stood as far off as it can
    assert figure.wires_cut >= gates / 10


def test_every_operand_still_has_its_wire_with_its_numbers_and_the_name_of_its_source() -> None:
    graph = deep(100)
    trace = run(graph, {f"a{i}": i + 1 for i in range(6)})
    figure = diagram_of(graph, trace=trace)
    shapes = {shape.id: shape for shape in figure.shapes}
    wires = {edge.wire: edge for edge in figure.edges if edge.wire}
    assert set(wires) == set(graph.wires())
    for wire, edge in wires.items():
        assert shapes[edge.source].node == wire.source
        assert shapes[edge.target].node == wire.target
        if shapes[edge.source].kind == AGAIN:
            assert shapes[edge.source].name == graph.nodes[wire.source].name.replace("_", "")


def test_every_value_keeps_a_wire() -> None:
    figure = diagram_of(deep(300))
    leaving = {edge.source for edge in figure.edges}
    assert {shape.id for shape in figure.shapes if shape.kind in (GATE, INPUT)} <= leaving
    assert {edge.target for edge in figure.edges if edge.kind == TRUNK} <= leaving


def test_a_circle_with_its_operation_only_tells_its_name_where_a_cut_needs_it() -> None:
    graph = deep(300)
    figure = diagram_of(graph, labels="op")
    needed = {shape.node for shape in figure.shapes if shape.kind == AGAIN}
    told = {shape.node for shape in figure.shapes if shape.kind == GATE and shape.step}
    assert told == {node for node in needed if graph.nodes[node].gate}


@pytest.mark.parametrize("direction", ["up", "down", "right", "left"])
@pytest.mark.parametrize("graph", [deep(100), tape(3, 150), tape(5, 200)], ids=lambda graph: f"{len(graph.nodes)}")
def test_nothing_overlaps_in_a_large_figure(graph: Graph, direction: str) -> None:
    assert faults(read(run_bundled(make_picture(graph, direction=direction).dot, "svg", 72))) == []


def test_the_command_says_that_wires_are_cut(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    done = Shell(monkeypatch, capfd)("draw", deep(70).source, "--inputs", "once", "-o", "-", "--format", "dot")
    cut = diagram_of(deep(70)).wires_cut
    assert done.err.startswith(
        f"bpviz: 70 gates: {cut} long wires are cut, and the value's name stands at the gate instead\n"
    )


@pytest.mark.parametrize(("gates", "hurried"), [(MANY_GATES, False), (MANY_GATES + 1, True)])
def test_past_a_size_graphviz_is_hurried_and_the_command_says_so(
    gates: int, hurried: bool, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    program = "; ".join(["h0 = tanh(x)", *(f"h{i} = tanh(h{i - 1})" for i in range(1, gates))])
    done = Shell(monkeypatch, capfd)("draw", program, "-o", "-", "--format", "dot")
    assert ("nslimit" in done.out, "placed in a hurry" in done.err) == (hurried, hurried)


def rounds(graph: Graph) -> float:
    """Return in how many rounds Graphviz betters a figure's places."""
    picture = make_picture(graph)
    share = float(re.findall("nslimit=([0-9.]+)", picture.dot)[0])
    return share * (len(picture.diagram.shapes) + len(picture.diagram.edges))


def test_a_hurried_figure_has_as_many_rounds_however_large_it_is_and_fewer_where_it_is_deep() -> None:
    wide = [parse(f"sum({', '.join(f'tanh(x_{i})' for i in range(gates))})") for gates in (700, 1400)]
    shallow = [rounds(graph) for graph in wide]
    assert shallow[0] == pytest.approx(shallow[1], rel=0.01)
    assert [rounds(deep(gates)) < shallow[0] / 2 for gates in (700, 1400)] == [True, True]
