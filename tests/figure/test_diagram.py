"""What the figure says: every number on every wire, ids that are unique and valid, and text as it was typed."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from bpviz.autodiff import Trace, run
from bpviz.errors import UsageError
from bpviz.figure.layout import run_bundled
from bpviz.figure.lettering import Line, fit, measure_radius
from bpviz.figure.node_texts import write_operation
from bpviz.figure.picture import Picture, make_picture
from bpviz.formula.numerals import Rounding
from bpviz.gates import GATES
from bpviz.graph import Graph, Node
from bpviz.lang import parse
from tests.support.drawing import SVG, Drawing, read
from tests.support.geometry import crossings
from tests.support.tapes import numbers, tape

EXAMPLE = "(x + σ(y)) / (σ(x) + (x + y)²)"
DIRECTIONS = ("up", "down", "right", "left")
XML_ID = re.compile(r"[^\W\d][\w.-]*")


def example(**options: object) -> Picture:
    graph = parse(EXAMPLE)
    return make_picture(graph, run(graph, x=3, y=-4), **options)  # type: ignore[arg-type]


def drawn(picture: Picture) -> Drawing:
    return read(run_bundled(picture.dot, "svg", 72))


def words(picture: Picture, owner: str) -> list[str]:
    return [text.words for text in drawn(picture).texts if text.owner == owner]


def alone(name: str, output: str = "f") -> Graph:
    """A graph of one gate whose input has a name that no parser would let pass."""
    nodes = (Node(name, None, (), (0, 0)), Node("f", GATES["tanh"], (0,), (0, 0)))
    return Graph(name, nodes, (0,), 1, output, {})


WIRES = {
    "trunk-x": ["3", "2.06"],
    "trunk-y": ["−4", "1.59"],
    "wire-sigy-0": ["−4", "0.00905"],
    "wire-num-0": ["3", "0.512"],
    "wire-num-1": ["0.0180", "0.512"],
    "wire-sigx-0": ["3", "−0.0358"],
    "wire-xpy-0": ["3", "1.58"],
    "wire-xpy-1": ["−4", "1.58"],
    "wire-xpysqr-0": ["−1", "1.58"],
    "wire-den-0": ["0.953", "−0.792"],
    "wire-den-1": ["1", "−0.792"],
    "wire-invden-0": ["1.95", "−0.792"],
    "wire-f-0": ["3.02", "0.512"],
    "wire-f-1": ["0.512", "3.02"],
    "wire-output": ["1.55", "1"],
}


def test_every_wire_of_the_example_carries_its_value_and_its_gradient() -> None:
    drawing = drawn(example())
    for wire, pair in WIRES.items():
        assert [text.words for text in drawing.texts if text.owner == wire] == pair
    assert {wire.owner for wire in drawing.wires} == set(WIRES)


@pytest.mark.parametrize(("direction", "side"), [("up", 0), ("down", 0), ("right", 1), ("left", 1)])
def test_the_value_stands_left_of_its_wire_or_above_it(direction: str, side: int) -> None:
    drawing = drawn(example(direction=direction))
    for wire in drawing.wires:
        if wire.part == "line":
            value, gradient = (text.box for text in drawing.texts if text.owner == wire.owner)
            assert value[2 + side] < wire.points[0][side] < gradient[side]


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_wire_is_one_line_through_its_label(direction: str) -> None:
    parts = {(wire.owner, wire.part): wire.points for wire in drawn(example(direction=direction)).wires}
    for (owner, part), line in parts.items():
        if part == "line":
            enters, leaves = parts[owner, "in"][-1], parts[owner, "out"][0]
            for end, near in ((enters, line), (leaves, line)):
                assert min(abs(end[0] - near[0][0]), abs(end[1] - near[0][1])) < 0.05
                assert min(abs(end[0] - p[0]) + abs(end[1] - p[1]) for p in near) < 0.6


def test_the_example_has_the_one_crossing_that_it_must_have() -> None:
    """With both inputs at the bottom, in order, and f on top the graph is not planar (x, y, num, den and f)."""
    for direction in DIRECTIONS:
        assert len(crossings(drawn(example(direction=direction)))) == 1


@pytest.mark.parametrize(("direction", "axis"), [("up", 0), ("down", 0), ("right", 1), ("left", 1)])
@pytest.mark.parametrize(
    ("program", "names"),
    [
        ("x = 1; z = 2; t = 3; b = 4; y = 5; w = 6; f = z + max(b - x, t, w) + y", "zbxtwy"),
        ("a = x*y; f = z - a", "zxy"),
        ("(x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)", "xy"),
        ("f(x, y) = y^2 + x", "yx"),
    ],
)
def test_inputs_of_a_small_figure_stand_as_the_gates_take_them(
    program: str, names: str, direction: str, axis: int
) -> None:
    drawing = drawn(make_picture(parse(program), theme="drawio", direction=direction))
    shapes = {shape.owner: shape.centre for shape in drawing.shapes}
    places = [shapes[f"input-{name}"][axis] for name in names]
    assert places == sorted(places)
    assert len(crossings(drawing)) <= (program[0] == "(")  # the example has the one that it must have


def test_the_blank_figure_has_the_same_wires_and_no_numbers() -> None:
    graph = parse(EXAMPLE)
    drawing = drawn(make_picture(graph))
    assert {wire.owner for wire in drawing.wires} == set(WIRES)
    assert not [text for text in drawing.texts if text.owner in WIRES]


def test_without_branch_dots_each_wire_starts_at_its_source() -> None:
    picture = example(branch=False)
    assert "branch" not in picture.dot
    assert "trunk" not in picture.dot
    assert words(picture, "wire-num-0") == ["3", "0.512"]


def test_x_times_x_has_two_wires() -> None:
    graph = parse("x*x")
    drawing = drawn(make_picture(graph, run(graph, x=3)))
    assert {wire.owner for wire in drawing.wires} == {"trunk-x", "wire-f-0", "wire-f-1", "wire-output"}


@pytest.mark.parametrize(
    ("program", "gate", "shown"),
    [
        ("x + 1", "f", "+1"),
        ("2x", "f", "×2"),
        ("x^3", "f", "x³"),
        ("x^-2", "f", "x⁻²"),
        ("x^0.5", "f", "x^0.5"),
        ("3^x", "f", "3ˣ"),
        ("1 - x", "f", "1−x"),
        ("x - 2", "f", "−2"),
        ("max(x, 0)", "f", "max(·, 0)"),
        ("x + y", "f", "+"),
    ],
)
def test_a_circle_says_what_constant_is_folded_into_it(program: str, gate: str, shown: str) -> None:
    graph = parse(program)
    assert words(make_picture(graph, labels="op"), f"gate-{gate}") == [shown]


def test_a_constant_that_is_drawn_has_a_wire() -> None:
    graph = parse("2x", constants=True)
    picture = make_picture(graph, run(graph, x=3))
    assert words(picture, "wire-f-0") == ["2", "3"]
    assert "class=constant" in picture.dot


@pytest.mark.parametrize(("labels", "shown"), [("name", ["xpysqr"]), ("op", ["x²"]), ("both", ["x²", "xpysqr"])])
def test_circles_hold_names_operations_or_both(labels: str, shown: list[str]) -> None:
    assert words(example(labels=labels), "gate-xpysqr") == shown


def test_subscripts_are_real() -> None:
    graph = parse("w_0 * x_12 * h1_2")
    assert words(make_picture(graph), "input-w_0") == ["w₀"]
    assert words(make_picture(graph), "input-x_12") == ["x₁₂"]
    assert words(make_picture(graph), "input-h1_2") == ["h1₂"]


@pytest.mark.parametrize(
    "name", ["a<b", "a&b", 'texts "x"', "back\\slash", "\\N", "<b>", "naïve", "θ̂", "\u202ex", "😀", "]]>", "&lt;"]
)
def test_names_and_titles_come_out_as_typed(name: str) -> None:
    root = ElementTree.fromstring(run_bundled(make_picture(alone(name, name), title=name).dot, "svg", 72))
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert texts.count(name) == 3  # input, output and title


def test_what_no_xml_may_hold_is_replaced() -> None:
    assert "\x01" not in make_picture(alone("a\x01\ud800b")).dot
    assert b"\xef\xbf\xbd" in run_bundled(make_picture(alone("a\x01b")).dot, "svg", 72)


def test_a_title_of_two_lines_has_two() -> None:
    assert [t.words for t in drawn(example(title="one\ntwo")).texts if t.owner == "graph0"] == ["one", "two"]


def test_ids_are_unique_and_valid_and_all_have_a_title() -> None:
    nodes = [Node(name, None, (), (0, 0)) for name in ("a b", "a.20b", "a", "a", "0", "x-y", "output", "é", "")]
    odd = Graph("", (*nodes, Node("s", GATES["sum"], tuple(range(9)), (0, 0))), tuple(range(9)), 9, "f", {})
    for graph in (odd, parse(EXAMPLE)):
        picture = make_picture(graph)
        root = ElementTree.fromstring(run_bundled(picture.dot, "svg", 72))
        ids = [element.get("id", "") for element in root.iter(f"{SVG}g")][1:]
        ids = [one for one in ids if not one.startswith("edge")]  # the edges that order the inputs are not drawn
        assert len(set(ids)) == len(ids)
        assert all(XML_ID.fullmatch(one) for one in ids)
        assert set(ids) == set(picture.titles)


def test_titles_are_what_a_person_reads() -> None:
    picture = example()
    assert picture.titles["gate-num"] == "num = x + sigy = 3.02, gradient 0.512"
    assert picture.titles["input-x"] == "x = 3, gradient 2.06"
    assert picture.titles["branch-x"] == "branch of x: gradient 2.06 = 0.512 − 0.0358 + 1.58"
    assert picture.titles["wire-xpy-0-in"] == "x → xpy: value 3, gradient 1.58"
    assert picture.titles["output"] == "output f = 1.55"


def test_the_title_and_the_description_say_what_there_is_to_see() -> None:
    picture = example()
    assert picture.title == f"f = {EXAMPLE}, forward values and gradients at x = 3, y = −4"
    assert picture.description.startswith("A graph of 8 gates with 2 inputs: x, y. Input x = 3, gradient 2.06.")
    assert "Step 7: invden = 1/den = 0.512, gradient 3.02." in picture.description
    assert picture.description.endswith("The output f is 1.55.")
    assert make_picture(parse("x")).description == "A graph of 0 gates with 1 input: x. Input x. The output is f."


@pytest.mark.parametrize(("wide", "tolerance"), [(1.5, 0.02), (4.72, 0.02), (20, 0.02)])
def test_width_scales_the_whole(wide: float, tolerance: float) -> None:
    svg = run_bundled(example(width=wide).dot, "svg", 72).decode()
    found = re.search(r'<svg width="(\d+)pt"', svg)
    assert found
    assert abs(int(found[1]) / 72 - wide) <= tolerance


def test_transparent_drops_the_background() -> None:
    assert 'fill="#ffffff"' in run_bundled(example().dot, "svg", 72).decode()
    assert 'fill="#ffffff"' not in run_bundled(example(transparent=True).dot, "svg", 72).decode()


def test_rounding_is_that_asked_for() -> None:
    assert words(example(rounding=Rounding(decimals=2)), "wire-output") == ["1.55", "1.00"]


@pytest.mark.parametrize("options", [{"theme": "neon"}, {"direction": "north"}, {"labels": "all"}, {"width": 0}])
def test_an_option_that_does_not_exist_is_told(options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        example(**options)


@pytest.mark.parametrize("name", ["x", "hidden_layer_out", "WWWWWWWWWWWWWWWWWWWW", "a" * 10_000])
@pytest.mark.parametrize("across", [58.0, 80.0])
def test_a_name_fits_its_circle(name: str, across: float) -> None:
    fitted = fit((Line(name, 14.0), Line("+", 11.0)), across)
    assert measure_radius(fitted) <= across / 2 + 0.6
    assert all(line.size >= 8 for line in fitted)


def test_the_text_grows_with_the_graph_and_no_faster() -> None:
    def size(gates: int) -> int:
        graph = parse(" + ".join(["tanh(x)"] * gates))
        return len(make_picture(graph, run(graph, x=1)).dot)

    assert size(800) < 2.2 * size(400)


def test_a_figure_is_the_same_every_time() -> None:
    graph = tape(5)
    trace: Trace = numbers(graph, 5)
    assert make_picture(graph, trace) == make_picture(graph, trace)


@pytest.mark.parametrize("theme", ["drawio", "cs231n"])
@pytest.mark.parametrize(("direction", "axis"), [("up", 0), ("down", 0), ("right", 1), ("left", 1)])
def test_wires_arrive_in_the_order_of_their_slots_where_it_matters(direction: str, axis: int, theme: str) -> None:
    for program in ("x*y - x", "x*y/x - (y*y)/x", "pow(x*y + 1, x)", "atan2(x*y, x)", "(x - y) - (y - (x - x))"):
        graph = parse(program, gates="fused")
        wires = drawn(make_picture(graph, direction=direction, theme=theme)).wires
        ends = {wire.owner: wire.points[-1][axis] for wire in wires if wire.part == "out"}
        for i in graph.gate_ids:
            arrivals = [ends[f"wire-{graph.nodes[i].name}-{wire.slot}"] for wire in graph.wires_into(i)]
            if not graph.nodes[i].gate.commutative:  # type: ignore[union-attr]  # a step is a gate
                assert arrivals == sorted(arrivals), (program, graph.nodes[i].name)


@pytest.mark.parametrize(
    ("program", "shown"),
    [
        ("1e-9*x", "×10⁻⁹"),
        ("-2.50e-9*x", "×−2.5×10⁻⁹"),
        ("x + 1E5", "+100000"),
        ("max(x, 1e-7)", "max(·, 10⁻⁷)"),
        ("x^1e-3", "x^0.001"),
        ("log(x, 2)", "log₂"),
        ("log(x, 0.5)", "log_0.5"),
        ("0.50*x", "×0.50"),
        ("sqrt(2*pi)*x", "×√(2π)"),
        (r"\frac{2}{3}x", "×2/3"),
        ("x/(2*pi)", "÷(2π)"),
        ("4/3*pi*r^3", "×(4/3)π"),
        ("x^(2/3)", "x^(2/3)"),
        ("x - ⅔", "−⅔"),
        ("pi*x", "×π"),
        ("123456.789*x", "×≈1.23×10⁵"),
        ("123456.000*x", "×123456"),
        ("max(x, exp(-0.5)/2)", "max(·, ≈0.303)"),
    ],
)
def test_a_constant_on_a_circle_is_as_one_writes_it(program: str, shown: str) -> None:
    graph = parse(program)
    assert write_operation(graph, graph.output) == shown


@pytest.mark.parametrize(
    ("program", "title"),
    [
        ("dot(x; y)", "f = dot(x; y), its"),
        ("x = 2\nq = dot(x, y; # weights\n  u, v); q^2", "q = dot(x, y; u, v); q^2, its"),
        ("(x +\n y)^2", "f = (x + y)^2, its"),
    ],
)
def test_a_title_has_a_statement_in_one_piece(program: str, title: str) -> None:
    assert make_picture(parse(program)).title.startswith(title)


def test_a_title_has_room_under_it() -> None:
    for title in ("A title", "A title\nin two lines"):
        drawing = drawn(example(title=title))
        lowest = max(text.box.bottom for text in drawing.texts if text.words in title)
        assert min(shape.box.top for shape in drawing.shapes) - lowest > 10
