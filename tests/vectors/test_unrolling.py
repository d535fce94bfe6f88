"""A program with vectors is its scalars: shapes are found, or refused with what would fit."""

from typing import Any

import pytest

import bpviz
from bpviz.errors import BpvizError, ProgramError, UsageError

MATRIX, TALL, PAIR, TRIPLE = [[1, 2], [3, 4]], [[1, 2], [3, 4], [5, 6]], [1, 2], [1, 2, 3]


@pytest.mark.parametrize(
    ("program", "point", "value", "gradients"),
    [
        ("x = [1, 2, 3]; sum(x*[1, 0, 2])", {}, 7, {"x": [1, 0, 2]}),
        ("M = [1, 2; 3, 4]; sum(M, axis=0)[1]", {}, 6, {"M": [[0, 1], [0, 1]]}),
        ("M = [[1], [2]]; sum(M)", {}, 3, {"M": [[1], [1]]}),
        ("sum(A.T@A)", {"A": TALL}, 179, {"A": [[6, 6], [14, 14], [22, 22]]}),
        ("sum(X + b)", {"X": TALL, "b": PAIR}, 30, {"X": [[1, 1]] * 3, "b": [3, 3]}),
        ("sum(u@v.T)", {"u": PAIR, "v": TRIPLE}, 18, {"u": [6, 6], "v": [3, 3, 3]}),
        ("u.T@u", {"u": PAIR}, 5, {"u": [2, 4]}),
        ("sum(K.T@F.T)", {"K": MATRIX, "F": MATRIX}, 54, {"K": [[4, 4], [6, 6]]}),  # K and F own functions, too
        ("norm(x)", {"x": [3, 4]}, 5, {"x": [0.6, 0.8]}),
        ("concat(x, y)[2]*x[0]", {"x": [3, 4], "y": [1, 5]}, 3, {"x": [1, 0], "y": [3, 0]}),
        ("sum(relu(x)/y)", {"x": [3, -4], "y": [1, 5]}, 3, {"x": [1, 0], "y": [-3, 0]}),
        ("max(x)", {"x": [1, 3, 3]}, 3, {"x": [0, 0.5, 0.5]}),
        ("sum(x^[1, 2])", {"x": [3, 4]}, 19, {"x": [1, 8]}),
        ("(A@B)'[0, 1]", {"A": MATRIX, "B": MATRIX}, 15, {"A": [[0, 0], [1, 3]], "B": [[3, 0], [4, 0]]}),
        ("cross_entropy(z; 1)", {"z": [1000, 0, -1000]}, 1000, {"z": [1, -1, 0]}),
        ("softmax(z)[0]", {"z": [1000, -1000]}, 1, {"z": [0, 0]}),
        ("mean(X, axis=1)[2]", {"X": TALL}, 5.5, {"X": [[0, 0], [0, 0], [0.5, 0.5]]}),
        ("sum(outer(u, v))", {"u": PAIR, "v": TRIPLE}, 18, {"u": [6, 6], "v": [3, 3, 3]}),
    ],
)
def test_values_and_gradients(program: str, point: dict[str, Any], value: float, gradients: dict[str, Any]) -> None:
    trace = bpviz.parse(program).at(point)
    assert trace.value(trace.graph.output_name) == pytest.approx(value)
    for name, gradient in gradients.items():
        flat, expected = trace.gradient(name), gradient
        assert (
            flat == pytest.approx(expected)
            if not isinstance(expected[0], list)
            else flat == [pytest.approx(row) for row in expected]
        )


@pytest.mark.parametrize(
    ("program", "point", "what", "hint"),
    [
        ("W@x", {"W": MATRIX, "x": PAIR}, "W@x is a vector of 2, and gradients are those of one number", "sum(W@x)"),
        ("sum(W@x)", {"W": TALL, "x": TRIPLE}, "W is a 3×2 matrix and x is a vector of 3", "write W.T@x"),
        ("sum(X + b)", {"X": TALL, "b": TRIPLE}, "they do not fit entry by entry", ""),
        ("max(x)", {"x": 1}, "x is one number: max takes a vector, or two numbers and more", "write max(x, y)"),
        ("a@b", {"a": 1, "b": 2}, "@ is a product of vectors and matrices", "write a*b"),
        ("x[2]", {"x": PAIR}, "there is no entry 2 among 2", ""),
        ("x[0.5]", {"x": PAIR}, "0.5 counts nothing here", "write a whole number"),
        ("cross_entropy(z; 5)", {"z": PAIR}, "there is no class 5 among 2", ""),
    ],
)
def test_shapes_that_do_not_fit_are_named(program: str, point: dict[str, Any], what: str, hint: str) -> None:
    with pytest.raises(ProgramError) as caught:
        bpviz.parse(program).at(point)
    assert what in caught.value.what
    assert hint in caught.value.hint
    assert caught.value.place


def test_a_program_without_shapes_waits_for_values() -> None:
    graph = bpviz.parse("f = sum(x^2)")
    with pytest.raises(UsageError, match="x, which may be a vector of any length"):
        graph.draw()
    assert graph.at(x=[3, 4]).gradient("x") == [6, 8]
    assert graph.at(x=[1, 2, 3]).value("f") == 14


def test_other_shapes_are_read_again_and_unequal_rows_refused() -> None:
    trace = bpviz.parse("sum(W@x)").at(W=MATRIX, x=PAIR)
    assert trace.graph.at(W=TALL, x=PAIR).gradient("x") == [9, 12]
    with pytest.raises(BpvizError, match="the rows of W have different lengths: 2 and 1"):
        trace.graph.at(W=[[1, 2], [3]], x=PAIR)


def test_the_unrolled_graph_has_the_same_numbers() -> None:
    graph = bpviz.parse("sum(sigmoid(W@x)^2)").at(W=MATRIX, x=PAIR).graph
    trace = graph.unroll().at({"W_00": 1, "W_01": 2, "W_10": 3, "W_11": 4, "x_0": 1, "x_1": 2})
    assert trace.gradient("W_11") == graph.at(W=MATRIX, x=PAIR).gradient("W")[1][1]


def test_contributions_at_a_branch_add_to_the_gradient() -> None:
    trace = bpviz.parse("sum(x*x) + x[1]").at(x=[3, 4])
    assert trace.vectors
    vectors = trace.vectors.graph
    wires = vectors.wires_from[vectors.inputs[0]]
    parts = [trace.vectors.contribution(wire) for wire in wires]
    assert [sum(entries) for entries in zip(*parts, strict=True)] == trace.gradient("x") == [6, 9]


def test_an_entry_has_no_name_that_is_taken() -> None:
    trace = bpviz.parse("x_0*sum(x)").at(x=[1, 2], x_0=3)
    assert trace.graph.input_names == ("x_0", "x_0_", "x_1")
    assert trace.gradient("x") == [3, 3]
    trace = bpviz.parse("q = 2*x; q_0 = sum(x); q_0*q[1]").at(x=[1, 2])
    assert trace.value("q_0") == 3
    assert len({node.name for node in trace.graph.nodes}) == len(trace.graph.nodes)
