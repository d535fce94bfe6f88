"""The time of the reading grows with the length of a program, whatever is nested in what."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

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


def seconds_of(source: str) -> float:
    started = time.process_time()
    with contextlib.suppress(BpvizError):
        read(source)
    return time.process_time() - started


@pytest.mark.parametrize("shape", SHAPES)
def test_eight_times_the_length_takes_far_less_than_sixty_four_times_the_time(shape: str) -> None:
    make = SHAPES[shape]
    short = min(seconds_of(make(1_000)) for _ in range(3))
    assert seconds_of(make(8_000)) < 25 * max(short, 0.002)
