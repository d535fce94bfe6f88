r"""Vectors in LaTeX: Wx, W^\top x, \mathbf{w}^T\mathbf{x}, \lVert x \rVert^2, matrices, and primes."""

from typing import Any

import pytest

from bpviz.errors import BpvizError
from bpviz.lang import parse

POINT = {"x": [1, 2], "W": [[1, 2], [3, 4]]}


def compute(program: str, point: dict[str, Any]) -> float:
    graph = parse(program)
    trace = graph.at({name: value for name, value in point.items() if name in graph.variable_names})
    return float(trace.value(trace.graph.output_name))


@pytest.mark.parametrize(
    ("program", "value"),
    [
        (r"\lVert Wx \rVert^2", 146),
        (r"\|W x\|_2^2", 146),
        (r"\left\| Wx \right\|_{2}^{2}", 146),
        (r"\Vert W \Vert_F^2", 30),
        ("‖x‖²", 5),
        (r"\|W^\top x\|^2", 149),
        (r"\mathbf{x}^T\mathbf{x}", 5),
        (r"\boldsymbol{x}^{\mathsf T} \boldsymbol{x}", 5),
        (r"x^\intercal W x", 27),
        (r"(Wx)^\top x", 27),
        (r"(W\mathbf{x})^T \mathbf{x}", 27),
        (r"\operatorname{sum}(x x^\top)", 9),
        (r"\operatorname{sum}(2Wx + x)", 35),
        (r"\operatorname{sum}(W \odot W)", 30),
        (r"x \cdot x", 5),
        (r"\operatorname{sum}(W \cdot x)", 16),
        (r"\operatorname{sum}(2 \cdot x)", 6),
        (r"\operatorname{sum}(x^2)", 5),
        (r"\operatorname{softmax}(0 \cdot x)^\top x", 1.5),
        (r"\operatorname{sum}(\sigma(0 W x))", 1),
        (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} x \cdot x", 27),
        (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}^T x", 5),
        (r"A = \begin{bmatrix} 1 & -2 \\ 3 & \frac{1}{2} \\ \end{bmatrix} \\ \|Ax\|^2", 25),
        (r"y = \mathbf{W}\mathbf{x}; \lVert y \rVert_2^2", 146),
    ],
)
def test_vectors_are_read_as_in_print(program: str, value: float) -> None:
    assert compute(program, POINT) == pytest.approx(value)


@pytest.mark.parametrize(
    ("program", "what"),
    [
        (r"x \times x", "× of vectors is the cross product in print"),
        (r"\operatorname{sum}(W^2)", "the power of a matrix is a product in print"),
        (r"\operatorname{sum}(W^{-1} x)", "the power of a matrix is a product in print"),
        (r"\begin{vmatrix} 1 & 2 \\ 3 & 4 \end{vmatrix} x", "is not LaTeX that bpviz reads"),
        (r"\|x\|_1", "the norm here is that of Euclid"),
        (r"\|x\|_\infty", "the norm here is that of Euclid"),
        (r"\operatorname{sum}(\begin{bmatrix} 1 & 2 \\ 3 \end{bmatrix}) x", "the rows have different lengths"),
        (r"W\,x", r"W\,x is a vector of 2, and gradients are those of one number"),
    ],
)
def test_what_would_be_something_else_in_print_is_refused(program: str, what: str) -> None:
    with pytest.raises(BpvizError) as caught:
        compute(program, POINT)
    assert what in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("program", "point", "value"),
    [
        (r"(1+r)^T", {"r": 0.5, "T": 2}, 2.25),
        ("e^T", {"T": 0}, 1),
        (r"\|x\|^2", {"x": -3}, 9),
        (r"\frac{a}{b}^T", {"a": 1, "b": 2, "T": 2}, 0.25),
    ],
)
def test_programs_of_numbers_stay_as_they_are(program: str, point: dict[str, Any], value: float) -> None:
    assert compute(program, point) == value


def test_a_prime_is_a_transpose_where_the_name_is_a_vector() -> None:
    trace = parse("x'@W@x").at(POINT)
    assert trace.graph.variable_names == ("x", "W")
    assert trace.gradient("W") == [[1, 2], [2, 4]]
    assert trace.graph.notes[0].startswith("note: x′ is read as the transpose of x")
    assert parse("q = W@x; sum(q'*q')").at(POINT).value("f") == 146
    assert parse("sum(W'@x)", values=["W"]).at(POINT).gradient("x") == [3, 7]


def test_a_prime_is_part_of_a_name_where_it_has_a_value_or_all_is_numbers() -> None:
    assert parse("x' - x").at({"x′": 3, "x": 1}).value("f") == 2
    assert parse("x' = [3, 4]; sum(x' - x)").at(x=[1, 2]).value("f") == 4
    assert parse("x'@x", values=["x′"]).at({"x′": [3, 4], "x": [1, 2]}).value("f") == 11
    with pytest.raises(BpvizError, match="b is one number: it has no transpose"):
        parse("sum(A)*b'*b").at(A=[1, 2], b=2)
