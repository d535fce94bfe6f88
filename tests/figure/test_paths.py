"""The paths from a node to the output: their products add up to the gradient, and however many, it takes no time."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

import pytest

import bpviz
from bpviz.autodiff import run
from bpviz.errors import UsageError
from bpviz.figure.layout import run_bundled
from bpviz.figure.paths import find_paths, list_paths
from bpviz.figure.picture import make_picture
from bpviz.graph import Graph, Wire
from bpviz.lang import parse
from tests.support.drawing import DRAWN_THEMES, read
from tests.support.geometry import faults
from tests.support.tapes import numbers, tape

EXAMPLE = "(x + σ(y)) / (σ(x) + (x + y)²)"


def walked(graph: Graph, start: int) -> Iterator[tuple[Wire, ...]]:
    """Yield every path by walking it, which the module under test never does."""
    stack: list[tuple[int, tuple[Wire, ...]]] = [(start, ())]
    while stack:
        node, so_far = stack.pop()
        if node == graph.output:
            yield so_far
        stack += [(wire.target, (*so_far, wire)) for wire in graph.wires_from[node]]


@pytest.mark.parametrize("seed", range(60))
def test_the_products_of_all_paths_add_up_to_the_gradient(seed: int) -> None:
    graph = tape(seed, 12)
    try:
        trace = run(graph, {graph.nodes[i].name: 0.3 + 0.2 * k for k, i in enumerate(graph.inputs)})
    except ValueError:
        pytest.skip("outside a domain")
    for i in (*graph.inputs, *graph.gate_ids):
        every = list(walked(graph, i))
        found = find_paths(graph, trace, graph.nodes[i].name, limit=10**6)
        assert found.how_many == len(every) == len(found.listed)
        assert {path.wires for path in found.listed} == set(every)
        shares = [path.contribution for path in found.listed if path.contribution is not None]
        size = fsum(map(abs, shares))
        assert fsum(shares) == pytest.approx(trace.gradients[i], rel=1e-12, abs=1e-12 * size)


@pytest.mark.parametrize("seed", range(20))
def test_those_listed_contribute_most_and_the_rest_is_told(seed: int) -> None:
    graph = tape(seed, 12)
    trace = numbers(graph, seed)
    name = graph.nodes[graph.inputs[0]].name
    every, few = find_paths(graph, trace, name, limit=10**6), find_paths(graph, trace, name, limit=3)
    assert [abs(path.contribution or 0) for path in few.listed] == [abs(p.contribution or 0) for p in every.listed[:3]]
    assert few.how_many == every.how_many
    assert (few.others is None) == (few.how_many <= 3)


@pytest.mark.parametrize("seed", range(20))
def test_what_stands_out_is_what_the_paths_pass(seed: int) -> None:
    graph = tape(seed, 12)
    for start in graph.inputs:
        nodes, wires = graph.find_on_paths(start)
        every = list(walked(graph, start))
        assert wires == {wire for path in every for wire in path}
        assert nodes == {start, graph.output} | {wire.source for path in every for wire in path}


def test_sixty_doublings_are_counted_at_once() -> None:
    program = "; ".join(["a0 = x*x", *(f"a{k} = a{k - 1} + a{k - 1}" for k in range(1, 60))])
    graph = parse(program)
    found = find_paths(graph, run(graph, x=1), "x")
    assert (found.how_many, len(found.listed)) == (2**60, 8)
    assert found.others == pytest.approx(2.0**60 - 8)
    assert list_paths(graph, run(graph, x=1), found)[0].startswith("about 1.15×10¹⁸ paths from x to a59")


def test_the_example_is_listed_with_its_products() -> None:
    graph = parse(EXAMPLE)
    trace = run(graph, x=3, y=-4)
    assert list_paths(graph, trace, find_paths(graph, trace, "x")) == [
        "3 paths from x to f; what they contribute adds up to ∂f/∂x = 2.06",
        "  x → xpy → xpysqr → den → invden → f   1 × −2 × 1 × −0.262 × 3.02 = 1.58",
        "  x → num → f                           1 × 0.512 = 0.512",
        "  x → sigx → den → invden → f           0.0452 × 1 × −0.262 × 3.02 = −0.0358",
    ]
    assert list_paths(graph, None, find_paths(graph, None, "y"))[1] == "  y → sigy → num → f"


def test_two_wires_to_one_gate_are_two_paths_told_apart() -> None:
    graph = parse("x*x")
    trace = run(graph, x=3)
    assert list_paths(graph, trace, find_paths(graph, trace, "x"))[1:] == [
        "  x → f (operand 1)   3",
        "  x → f (operand 2)   3",
    ]


def test_the_output_has_one_path_of_no_wire() -> None:
    graph = parse("x*y")
    trace = run(graph, x=3, y=2)
    assert list_paths(graph, trace, find_paths(graph, trace, "f")) == ["1 path from f to f; it makes ∂f/∂f = 1"]


def test_what_the_output_does_not_use_has_no_path() -> None:
    graph = parse("a = x*y; f = x + 1")
    if "y" in [graph.nodes[i].name for i in graph.inputs]:
        assert list_paths(graph, None, find_paths(graph, None, "y")) == ["no path leads from y to f"]


def test_a_name_that_is_none_is_told() -> None:
    with pytest.raises(UsageError, match="nothing is called q"):
        find_paths(parse("x*y"), None, "q")


@pytest.mark.parametrize("theme", DRAWN_THEMES)
def test_the_paths_stand_out_and_are_listed_under_the_figure(theme: str) -> None:
    drawing = read(run_bundled(bpviz.draw(EXAMPLE, x=3, y=-4, theme=theme, highlight="x").picture.dot, "svg", 72))
    wide = {wire.owner for wire in drawing.wires if wire.part == "line" and wire.width > 2}
    assert "wire-xpy-0" in wide
    assert wide.isdisjoint({"trunk-y", "wire-xpy-1", "wire-sigy-0", "wire-num-1"})
    words = [text.words for text in drawing.texts if text.owner == "graph0"]
    assert words[:3] == [
        "3 paths from x to f; what they contribute adds up to ∂f/∂x = 2.06",
        "x → xpy → xpysqr → den → invden → f",
        "1 × −2 × 1 × −0.262 × 3.02 = 1.58",
    ]
    assert faults(drawing) == []


@pytest.mark.parametrize("seed", range(12))
def test_nothing_overlaps_where_paths_stand_out(seed: int) -> None:
    graph = tape(seed, 25)
    for trace in (numbers(graph, seed), None):
        picture = make_picture(graph, trace, highlight=graph.nodes[graph.inputs[0]].name)
        assert faults(read(run_bundled(picture.dot, "svg", 72))) == []
