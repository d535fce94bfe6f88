"""Same input, same bytes, whatever the hash seed."""

import os
import subprocess
import sys

import pytest

SCRIPT = """
import hashlib, sys, bpviz
programs = [
    ("(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)", {"x": 3, "y": -4}),
    ("h1 = tanh(w1*x + b1); h2 = relu(w2*x + b2); max(h1, h2, 0.1) + h1*h2 - ln(x)",
     {"w1": 0.5, "w2": -0.3, "b1": 0.1, "b2": 0.9, "x": 1.5}),
]
for program, point in programs:
    for theme in ("drawio", "cs231n"):
        figure = bpviz.draw(program, set=point, theme=theme)
        for kind in ("dot", "svg"):
            print(hashlib.sha256(figure.data(kind)).hexdigest())
    print(hashlib.sha256(bpviz.table(program, set=point, format="json").encode()).hexdigest())
"""


def printed(seed: int) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture(scope="module")
def first() -> str:
    return printed(0)


@pytest.mark.parametrize("seed", [1, 2, 3, 7, 42, 1234, 99999, 2**31, 2**32 - 1])
def test_dot_svg_and_json_are_the_same_under_every_hash_seed(first: str, seed: int) -> None:
    assert len(first.splitlines()) == 10
    assert printed(seed) == first
