"""Nothing in a figure overlaps anything, in any direction; and the checker that says so sees what does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bpviz.autodiff import run
from bpviz.figure.layout import run_bundled
from bpviz.figure.picture import make_picture
from bpviz.gates import GATES
from bpviz.graph import Graph, Node
from bpviz.lang import parse
from tests.support.drawing import DRAWN_THEMES, read
from tests.support.geometry import Fault, crossings, false_joints, faults, joints, kinks, tight_passes, together
from tests.support.programs import WHOLE
from tests.support.tapes import NOWHERE, numbers, tape

DIRECTIONS = ("up", "down", "right", "left")
PROBE = """<svg xmlns="http://www.w3.org/2000/svg">
<g id="graph0" class="graph" transform="scale(0.5 0.5) rotate(0) translate(10 200)">
<polygon points="-10,10 -10,-200 300,-200 300,10 -10,10"/>
<g id="gate-a" class="node gate"><ellipse cx="60" cy="-60" rx="40" ry="40"/>
<text text-anchor="middle" x="60" y="-58" font-size="20">a</text></g>
<g id="gate-b" class="node gate"><ellipse cx="{b}" cy="{c}" rx="40" ry="40"/></g>
<g id="wire-b-0" class="node wire"><text text-anchor="start" x="{t}" y="-{u}" font-size="20">0.512</text>
<polygon points="120,-140 120,-180 122,-180 122,-140 120,-140"/></g>
<g id="wire-b-0-in" class="edge wire"><title>gate-a-&gt;wire-b-0:w:s</title>
<path d="M60,-101C62,-110 {p},-130 {p},-140"/></g>
</g></svg>"""
SOUND = {"b": 200, "c": -60, "t": 130, "u": 155, "p": 121}


def found(svg: bytes | str) -> list[Fault]:
    return faults(read(svg))


@pytest.mark.parametrize("start", range(0, 60, 5))
def test_nothing_overlaps_in_random_programs_of_up_to_60_gates(start: int) -> None:
    """Of every direction fifteen; python -m tests.overlaps draws as many as one likes."""
    for seed in range(start, start + 5):
        direction = DIRECTIONS[seed % 4]
        graph = tape(seed)
        drawn = run_bundled(make_picture(graph, numbers(graph, seed), direction=direction).dot, "svg", 72)
        assert found(drawn) == [], f"seed {seed}, {direction}"


def test_wires_run_straight_into_their_labels() -> None:
    """Where ranks are close and far apart sideways Graphviz now and then takes a straight line: never in small ones."""
    turned = met = 0
    for seed in range(20):
        for most in (10, 60):
            graph = tape(seed, most)
            drawing = read(run_bundled(make_picture(graph, numbers(graph, seed)).dot, "svg", 72))
            turned, met = turned + len(kinks(drawing)), met + sum(1 for _ in joints(drawing))
            assert most > 10 or not kinks(drawing), f"seed {seed}"
    assert turned <= met / 200


def chain(length: int) -> Graph:
    nodes = [Node("x", None, (), NOWHERE)]
    nodes += [Node(f"t{i}", GATES["tanh"], (i,), NOWHERE) for i in range(length)]
    return Graph("a chain", tuple(nodes), (0,), length, "f", {})


def fan(gate: str, operands: tuple[int, ...]) -> Graph:
    count = max(operands) + 1
    nodes = [Node(f"x_{i}", None, (), NOWHERE) for i in range(count)]
    return Graph(gate, (*nodes, Node("f", GATES[gate], operands, NOWHERE)), tuple(range(count)), count, "f", {})


def shapes() -> Iterator[Graph]:
    yield chain(0)
    yield chain(1)
    yield chain(30)
    yield fan("sum", tuple(range(8)))
    yield fan("multiply", (0, 0))
    yield fan("max", (0, 0, 0, 0, 0))
    yield Graph("2", (Node("2", None, (), NOWHERE, 2.0),), (), 0, "f", {}, constants=True)


@pytest.mark.parametrize("options", [{}, {"branch": False}, {"labels": "op"}, {"labels": "name"}, {"theme": "cs231n"}])
@pytest.mark.parametrize("graph", tuple(shapes()), ids=lambda graph: f"{graph.source}{len(graph.nodes)}")
def test_nothing_overlaps_in_extreme_shapes(graph: Graph, options: dict[str, str]) -> None:
    for direction in DIRECTIONS:
        for trace in (numbers(graph, 1), None):
            dot = make_picture(graph, trace, direction=direction, **options).dot
            assert found(run_bundled(dot, "svg", 72)) == [], direction


@pytest.mark.parametrize("theme", DRAWN_THEMES)
def test_nothing_overlaps_in_any_theme(theme: str) -> None:
    for seed in range(8):
        graph = tape(seed, 20)
        assert found(run_bundled(make_picture(graph, numbers(graph, seed), theme=theme).dot, "svg", 72)) == [], seed


def test_the_checker_passes_what_is_sound() -> None:
    assert found(PROBE.format(**SOUND)) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"b": 135}, "shape on shape"),
        ({"t": 190, "u": 60}, "text on shape"),
        ({"t": 58, "u": 58}, "text on text"),
        ({"t": 110}, "wire on text"),
        ({"t": 50, "u": 120}, "wire on text"),
        ({"b": 121, "c": -110}, "wire on shape"),
        ({"p": 123}, "seam"),
        ({"t": 290}, "outside the page"),
    ],
)
def test_the_checker_sees_what_is_wrong(change: dict[str, int], what: str) -> None:
    assert what in {fault.what for fault in found(PROBE.format(**(SOUND | change)))}


def test_the_checker_sees_equal_words_on_each_other() -> None:
    word = '<g id="wire-b-0" class="node wire"><text text-anchor="start" x="9" y="9" font-size="20">1</text></g>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{word}{word}</svg>'
    assert "text on text" in {fault.what for fault in found(svg)}


def test_the_checker_counts_crossings() -> None:
    line = '<g id="{0}-in" class="edge"><title>{0}a-&gt;{0}b</title><path d="M{1}"/></g>'
    svg = '<svg xmlns="http://www.w3.org/2000/svg">{}{}</svg>'
    crossed = svg.format(line.format("s", "0,0C3,3 6,6 9,9"), line.format("t", "0,9C3,6 6,3 9,0"))
    apart = svg.format(line.format("s", "0,0C3,3 6,6 9,9"), line.format("t", "0,3C3,6 6,9 9,12"))
    assert crossings(read(crossed)) == [("s", "t")]
    assert crossings(read(apart)) == []


def test_the_checker_sees_wires_that_are_read_as_one_and_joints_that_are_none() -> None:
    line = '<g id="{0}-in" class="edge"><title>{0}a-&gt;{0}b</title><path d="M{1}"/></g>'
    dot = '<g id="branch-c" class="node branch"><ellipse cx="20" cy="6" rx="2" ry="2"/></g>'
    svg = '<svg xmlns="http://www.w3.org/2000/svg">{}{}{}</svg>'
    close = svg.format(line.format("s", "0,0C10,0 20,0 40,0"), line.format("t", "0,1C10,1 20,1 40,1"), dot)
    apart = svg.format(line.format("s", "0,-9C10,-9 20,-9 40,-9"), line.format("t", "0,-4C10,-4 20,-4 40,-4"), dot)
    assert [fault[:3] for fault in together(read(close))] == [("wires together", "s", "t")]
    assert [fault.first for fault in false_joints(read(close))] == ["t"]
    assert not together(read(apart)) + false_joints(read(apart))


@pytest.mark.parametrize(("height", "count"), [(3, 1), (7, 0)])
def test_the_checker_sees_wires_that_run_along_a_box(height: int, count: int) -> None:
    box = '<g id="input-c" class="node input"><polygon points="0,0 40,0 40,-20 0,-20 0,0"/></g>'
    curve = f"M0,{height}C10,{height} 20,{height} 40,{height}"
    line = f'<g id="s-in" class="edge"><title>a-&gt;b</title><path d="{curve}"/></g>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{box}{line}</svg>'
    assert len(tight_passes(read(svg))) == count


@pytest.mark.parametrize("theme", ["drawio", "cs231n"])
@pytest.mark.parametrize("program", WHOLE, ids=lambda path: path.stem)
def test_no_wires_of_the_samples_are_read_as_one_where_they_run_across(program: Path, theme: str) -> None:
    graph = parse(program.read_text(encoding="utf-8"))
    drawing = read(run_bundled(run(graph).draw(theme=theme, direction="right").picture.dot, "svg", 72))
    assert together(drawing) + false_joints(drawing) == []
