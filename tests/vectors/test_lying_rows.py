"""Which vectors lie as rows, by what is done with them."""

from typing import Any

import pytest

import bpviz
from bpviz.vectors.lying_rows import find_rows

PAIR, SQUARE = [1, 2], [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("program", "point", "rows"),
    [
        ("z = W@x; f = sum(z)", {"W": SQUARE, "x": PAIR}, []),
        ("z = x@W; f = sum(z)", {"W": SQUARE, "x": PAIR}, ["x", "z"]),
        ("z = x.T@W; f = sum(z)", {"W": SQUARE, "x": PAIR}, ["z"]),
        ("z = x@W; a = relu(z + b); f = sum(a)", {"W": SQUARE, "x": PAIR, "b": PAIR}, ["x", "z", "b", "zpb", "a"]),
        ("f = sum(X + b)", {"X": SQUARE, "b": PAIR}, ["b"]),
        ("f = a@b", {"a": PAIR, "b": PAIR}, []),
    ],
)
def test_rows_are_found(program: str, point: dict[str, Any], rows: list[str]) -> None:
    vectors = bpviz.parse(program).at(point).graph.vectors
    assert vectors
    assert {vectors.nodes[i].name for i in find_rows(vectors)} == {*rows}


def test_a_row_is_a_row_in_every_line() -> None:
    latex = bpviz.parse("a = relu(x@W + b); f = sum(a)").at(W=SQUARE, x=PAIR, b=PAIR).steps(format="latex")
    assert r"\begin{bmatrix}7 \\ 10\end{bmatrix}" not in latex
    assert r"\begin{bmatrix}7 & 10\end{bmatrix} + \begin{bmatrix}1 & 2\end{bmatrix}" in latex
