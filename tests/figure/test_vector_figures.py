"""A program with vectors is drawn by its operations: grids beside the wires, and nothing overlaps or moves."""

from __future__ import annotations

import re
from typing import Any

import pytest

import bpviz
from bpviz.errors import UsageError
from bpviz.figure.diagram import (
    BRANCH,
    CONSTANT,
    FILLED,
    FOLD,
    GATE,
    GRADIENT,
    HIDDEN,
    INPUT,
    NEW,
    RULED,
    TRUNK,
    VALUE,
    Diagram,
    Edge,
    EntryGrid,
    Stage,
)
from bpviz.figure.layout import run_bundled
from bpviz.figure.picture import make_picture
from bpviz.figure.rendering import render
from bpviz.formula.numerals import USUAL_ROUNDING
from tests.support.drawing import read
from tests.support.geometry import false_joints, faults, mistakable, together
from tests.support.vector_courses import VECTOR_PROGRAMS, run_vectors

CS231N, SOFTMAX = "CS231n, ||Wx||^2", "softmax and cross entropy: the gradient is p - y"
DIRECTIONS = ("up", "down", "right", "left")
SHAPE = re.compile(r'<(?:ellipse|path|polygon|polyline)[^>]*?(?:cx|points|d)="[^>]*?/>')


def draw(name: str, **options: Any) -> Diagram:
    return run_vectors(name).draw(**options).picture.diagram


def find_edge(diagram: Diagram, source: str, kind: str = "") -> Edge:
    found = (edge for edge in diagram.edges if edge.source.startswith(source) and (not kind or edge.kind == kind))
    return next(found)


def read_grid(grid: EntryGrid | None) -> list[list[str]]:
    assert grid
    return [[entry.text for entry in row] for row in grid.rows]


def find_shape(diagram: Diagram, id_: str) -> Any:
    return next(shape for shape in diagram.shapes if shape.id == id_)


# what a figure says


def test_a_wire_carries_the_grid_of_its_value_and_that_of_its_gradient() -> None:
    edge = find_edge(draw(CS231N), "input-W")
    assert read_grid(edge.before.grid) == [["0.1", "0.5"], ["−0.3", "0.8"]]
    assert read_grid(edge.after.grid) == [["0.088", "0.176"], ["0.104", "0.208"]]
    assert read_grid(find_edge(draw(CS231N), "gate-q").after.grid) == [["0.44"], ["0.52"]]


def test_the_gradient_of_the_scores_is_p_less_y() -> None:
    edge = find_edge(draw(SOFTMAX), "input-z")
    assert read_grid(edge.after.grid) == [["0.23"], ["−0.37"], ["0.14"]]


def test_one_number_is_written_as_in_any_figure() -> None:
    edge = find_edge(draw(SOFTMAX), "gate-L")
    assert (edge.before.text, edge.before.grid, edge.after.text) == ("0.464", None, "1")


@pytest.mark.parametrize(
    ("options", "first"),
    [({}, "0.38"), ({"digits": 3}, "0.378"), ({"digits": 1}, "0.4"), ({"decimals": 1}, "0.4")],
)
def test_entries_have_two_digits_unless_others_are_asked_for(options: dict[str, int], first: str) -> None:
    trace = bpviz.parse("p = softmax(z); f = p[0]").at(z=[0, 0.5])
    edge = find_edge(trace.draw(**options).picture.diagram, "gate-p")
    assert read_grid(edge.before.grid)[0] == [first]


def test_a_title_tells_the_operation_its_value_and_its_gradient() -> None:
    shape = find_shape(draw(CS231N), "gate-q")
    assert shape.title == "q = W @ x = [0.22, 0.26], gradient [0.44, 0.52]"
    assert find_shape(draw("a neuron, w^T x"), "gate-z").title.startswith("z = wᵀ @ x = 1, gradient")


@pytest.mark.parametrize(
    ("name", "gate", "symbol"),
    [
        (CS231N, "gate-q", "@"),
        (CS231N, "gate-f", "Σ"),
        (CS231N, "gate-qsqr", "x²"),
        ("transposed", "gate-XT", "T"),
        ("axis", "gate-s", "Σ ↓"),
        ("a class", "gate-L", "CE 1"),
        ("constant", "gate-u2", "[1]"),
        ("branches", "gate-u1", "×3"),
    ],
)
def test_the_operation_stands_in_its_circle(name: str, gate: str, symbol: str) -> None:
    assert find_shape(draw(name), gate).operation == symbol


def test_contributions_at_a_branch_are_grids_and_the_trunk_has_their_sum() -> None:
    diagram = draw("branches")
    trunk = find_edge(diagram, "input-x", TRUNK)
    shares = [edge for edge in diagram.edges if edge.source == "branch-x"]
    assert len(shares) == 3
    columns = [
        [float(row[0].text.replace("−", "-")) for row in edge.after.grid.rows] for edge in shares if edge.after.grid
    ]
    total = [float(row[0].replace("−", "-")) for row in read_grid(trunk.after.grid)]
    assert [sum(each) for each in zip(*columns, strict=True)] == pytest.approx(total, rel=0.05)
    assert "gradient [" in next(shape.title for shape in diagram.shapes if shape.kind == BRANCH)


def test_a_typed_vector_is_a_constant_of_which_the_wire_says_nothing() -> None:
    for blank in (False, True):
        diagram = draw("constant", blank=blank)
        (constant,) = [shape for shape in diagram.shapes if shape.kind == CONSTANT]
        assert read_grid(constant.grid) == [["1"], ["0"], ["2"]]
        edge = find_edge(diagram, constant.id)
        assert edge.before.text == edge.after.text == ""
        assert edge.title.startswith("the constant [1, 0, 2]")


def test_a_figure_in_one_line_tells_the_shapes_of_vectors() -> None:
    figure = run_vectors("least squares over a batch of three rows").draw()
    assert repr(figure) == "<Figure L = 13.6 at X 3×2, w 2×1, b = 0.1, y 3×1>"


def test_numbers_that_are_typed_are_nodes_where_constants_are() -> None:
    figure = bpviz.parse("sum(2*x^2)", constants=True).at(x=[1, 3]).draw()
    edge = find_edge(figure.picture.diagram, "constant-2")
    assert (edge.before.text, edge.after.text) == ("2", "10")
    assert [shape.operation for shape in figure.picture.diagram.shapes if shape.kind == GATE] == ["x²", "×", "Σ"]


def test_a_vector_is_a_column_unless_it_is_used_as_a_row() -> None:
    assert read_grid(find_edge(draw("batch"), "input-b").before.grid) == [["0.3", "−0.6"]]
    assert read_grid(find_edge(draw("two layers"), "input-x").before.grid) == [["0.3"], ["−0.6"]]


def test_of_a_large_matrix_the_corners_are_shown_and_its_shape() -> None:
    edge = find_edge(draw("10 by 10"), "input-A")
    assert edge.before.grid
    assert edge.before.grid.caption == "10×10"
    assert [row[1] for row in read_grid(edge.before.grid)] == ["…", "⋱", "…"]
    assert edge.before.text.startswith("[[−0.45, …, ")


def test_the_summary_has_short_gradients_whole_and_the_shapes_of_large_ones() -> None:
    assert run_vectors(CS231N).draw().summary == (
        "f = 0.116   ∂f/∂W = [[0.088, 0.176], [0.104, 0.208]]   ∂f/∂x = [−0.112, 0.636]"
    )
    assert "∂f/∂A: 10×10" in run_vectors("10 by 10").draw().summary
    assert bpviz.parse("sum(W@x)", shapes={"W": (2, 3), "x": (3,)}).draw().summary == "f(W, x), blank"


# options


def test_shapes_stand_beside_names_or_on_the_wires() -> None:
    assert find_shape(draw(CS231N, show="values,shapes"), "input-W").name == "W: 2×2"
    diagram = draw(CS231N, show="shapes")
    assert find_shape(diagram, "input-W").name == "W"
    assert [find_edge(diagram, source).before.text for source in ("input-W", "gate-q", "gate-f")] == [
        "W: 2×2",
        "q: 2",
        "f",
    ]


def test_names_stand_before_the_brackets() -> None:
    edge = find_edge(draw(CS231N, show="names,values"), "input-x")
    assert edge.before.grid
    assert edge.before.grid.prefix == "x = "


def test_symbols_take_the_place_of_grids() -> None:
    diagram = draw("branches", symbolic=True)
    assert find_edge(diagram, "input-x", TRUNK).after.text == "∂f/∂x"
    assert not any(label.grid for edge in diagram.edges for label in (edge.before, edge.after))


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"flow": True}, "a figure of vectors shows no flow: a vector has no one width"),
        ({"show": "local"}, "a figure of vectors shows no local gradients"),
        ({"show": "values,chain"}, "a figure of vectors shows no products of the chain rule"),
    ],
)
def test_what_is_of_one_number_is_refused_and_the_hint_works(options: dict[str, Any], what: str) -> None:
    trace = run_vectors(CS231N)
    with pytest.raises(UsageError) as caught:
        trace.draw(**options)
    assert caught.value.what.startswith(what)
    assert "graph.unroll()" in caught.value.hint
    scalars = trace.graph.unroll()
    assert scalars.at(trace.point).draw(**options).svg


def test_a_program_without_vectors_has_no_shapes() -> None:
    with pytest.raises(UsageError, match="no shapes to show"):
        bpviz.draw("x*y", x=1, y=2, show="shapes")


def test_statements_fold_into_boxes_with_their_formulas() -> None:
    diagram = draw("batch", fold=True)
    boxes = {shape.name: shape.operation for shape in diagram.shapes if shape.kind == FOLD}
    assert boxes == {"H": "relu(X @ W + b)", "L": "mean((H − Y)²)"}
    assert read_grid(find_edge(diagram, "fold-H").before.grid) == read_grid(
        find_edge(draw("batch"), "gate-H").before.grid
    )


def test_a_box_that_a_vector_enters_twice_gets_what_both_wires_bring_back() -> None:
    edge = next(edge for edge in draw("branches", fold="f").edges if edge.target == "fold-f" and "q" in edge.source)
    assert read_grid(edge.after.grid) == read_grid(find_edge(draw("branches"), "gate-q", TRUNK).after.grid)
    blank = next(edge for edge in draw("branches", fold="f", blank=True).edges if edge.target == "fold-f")
    assert not blank.after.text


def test_focus_paths_and_inputs_beside_work_as_on_numbers() -> None:
    near = {shape.name for shape in draw("two layers", focus="h").shapes if shape.kind in (GATE, INPUT)}
    assert {"h", "W2h", "z"} <= near
    assert "p" not in near
    figure = run_vectors("branches").draw(highlight="x")
    assert figure.paths[0] == "5 paths from x to f"
    diagram = draw("branches", inputs="beside")
    assert diagram.legend
    assert "∂f/∂x = [" in str(diagram.legend.lines[0][0])
    assert sum(shape.name == "x" for shape in diagram.shapes) == 3
    large = bpviz.parse("sum(A@A)").at(A=[[1.0] * 5] * 5).draw(inputs="beside").picture.diagram.legend
    assert large
    assert large.lines[0][0] == "∂f/∂A is the sum over the 2 places of A"


def test_a_figure_is_fitted_and_tells_how_large_its_numbers_are() -> None:
    figure = run_vectors(CS231N).draw(fit="16:9")
    assert figure.picture.appearance.direction == "right"
    assert figure.number_size == 24


# how it lies


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", VECTOR_PROGRAMS)
def test_nothing_overlaps_or_can_be_mistaken(name: str, direction: str) -> None:
    for options in ({}, {"theme": "cs231n"}):
        drawing = read(run_bundled(run_vectors(name).draw(direction=direction, **options).picture.dot, "svg", 72))
        found = [*faults(drawing), *mistakable(drawing), *together(drawing), *false_joints(drawing)]
        assert found == [], options


@pytest.mark.parametrize("direction", ["up", "right"])
@pytest.mark.parametrize("name", [CS231N, "batch", "10 by 10", "constant"])
def test_a_blank_figure_lies_on_the_filled_one_and_tells_no_number(name: str, direction: str) -> None:
    trace = run_vectors(name)
    filled, blank = (trace.draw(direction=direction, blank=blank).svg for blank in (False, True))
    assert SHAPE.findall(filled) == SHAPE.findall(blank)
    assert "[0" not in re.sub(r"<title.*?</title>|<desc.*?</desc>", "", blank)
    assert not re.search(r"value \[|gradient \[", blank)


@pytest.mark.parametrize("state", [HIDDEN, RULED, FILLED, NEW])
def test_a_stage_hides_rules_and_lights_grids(state: str) -> None:
    trace = run_vectors(CS231N)
    diagram = draw(CS231N)
    stage = Stage({(edge.id, role): state for edge in diagram.edges for role in (VALUE, GRADIENT)})
    picture = make_picture(trace.graph, trace, stage=stage, rounding=USUAL_ROUNDING)
    drawn = render(picture, "svg").decode()
    shows = state in (FILLED, NEW)
    assert (">0.176<" in drawn) == shows
    assert ("gradient [0.44, 0.52]" in drawn) == shows
    if state != NEW:  # the checker takes what lights a number for a piece of its wire
        assert faults(read(run_bundled(picture.dot, "svg", 72))) == []


@pytest.mark.parametrize("format_", ["svg", "pdf", "png", "dot", "tex"])
@pytest.mark.parametrize("theme", ["drawio", "dark"])
def test_every_format_is_written(format_: str, theme: str) -> None:
    figure = run_vectors("constant").draw(theme=theme)
    assert figure.data(format_) == run_vectors("constant").draw(theme=theme).data(format_)


def test_a_matrix_in_latex_is_an_array_on_its_side_of_the_wire() -> None:
    tex = run_vectors(CS231N).draw().tex
    grid = r"\left[\begin{array}{@{}r@{\hskip7.00bp}r@{}}0.1 & 0.5 \\ -0.3 & 0.8\end{array}\right]"
    assert grid in tex
    sides = re.findall(r"bpviz grid, text=bpviz(value|gradient), anchor=(\w+)", tex)
    assert set(sides) == {("value", "east"), ("gradient", "west")}
    across = re.findall(
        r"bpviz grid, text=bpviz(value|gradient), anchor=(\w+)", run_vectors(CS231N).draw(direction="right").tex
    )
    assert set(across) == {("value", "south"), ("gradient", "north")}
