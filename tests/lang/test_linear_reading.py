"""The steps of the reading grow with the length of a program, whatever is nested in what."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from types import FrameType

import pytest

from bpviz.errors import BpvizError
from bpviz.lang.reading import read

SHAPES: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "(" * n + "x" + ")" * n,
    "terms": lambda n: "+".join(["x"] * n),
    "fractions": lambda n: r"\frac{1}{" * n + "x" + "}" * n,
    "functions without brackets": lambda n: r"\sin" * n + " x",
    "powers on functions": lambda n: r"\sin^2" * n + " x",
    "powers on functions with brackets": lambda n: "σ^2(" * n + "x" + ")" * n,
    "powers of brackets": lambda n: "(" * n + "x" + ")^2" * n,
    "odd roots": lambda n: r"\sqrt[3]{" * n + "x" + "}" * n,
    "roots in indices": lambda n: r"\sqrt[" * n + "x" + "]{x}" * n,
    "choices in C": lambda n: "a>b?" * n + "x" + ":y" * n,
    "choices in Python": lambda n: "x if a>b else " * n + "y",
    "rows of cases": lambda n: r"\begin{cases}" + r"x & x > 1 \\" * n + r"0 & \text{otherwise}\end{cases}",
    "nested cases": lambda n: r"\begin{cases}" * n + "x" + r"& x > 1 \\ 0 & \text{otherwise}\end{cases}" * n,
    "nested Piecewise": lambda n: "Piecewise((" * n + "x" + ", x>1),(0, True))" * n,
    "definitions": lambda n: "def f(x) " * n,
    "lambdas": lambda n: "lambda " * n + "x",
    "labels": lambda n: "".join(f"w_{{{k}}}^{{({k})}} +" for k in range(n)) + "x",
    "spaces": lambda n: "$x" + " " * n + "+ x",
    "absolute values": lambda n: r"\left|" * n + "x" + r"\right|" * n,
}


def count_lines(source: str) -> int:
    """Count the lines of Python that reading a program runs."""
    count = 0

    def trace(frame: FrameType, event: str, argument: object) -> Callable[..., object]:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with contextlib.suppress(BpvizError):
            read(source)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_eight_times_the_length_takes_eight_times_the_steps(shape: str) -> None:
    make = SHAPES[shape]
    read("$x$")  # which imports what reads LaTeX
    assert count_lines(make(800)) < 9 * count_lines(make(100))
