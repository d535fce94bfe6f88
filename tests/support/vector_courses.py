"""Programs with vectors and their values, for tests that go through them all: those published, and a dozen more."""

import json
from pathlib import Path
from typing import Any

import bpviz
from bpviz.autodiff import Trace

PUBLISHED: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "vectors.json").read_text(encoding="utf-8"))
SQUARE, TALL, PAIR, TRIPLE = [[0.5, -1.25], [2, 0.75]], [[1, -0.5], [0.25, 2], [-1, 3]], [0.3, -0.6], [1, 0.5, -2]
LARGE = [[(3 * i + 7 * j) % 10 / 10 - 0.45 for j in range(10)] for i in range(10)]
TWO_LAYERS = "h = relu(W1@x + b1); z = W2@h + b2; p = softmax(z); L = -sum(y*ln(p))"
VECTOR_PROGRAMS: dict[str, tuple[str, dict[str, Any]]] = {
    **{case["name"]: (case["program"], case["inputs"]) for case in PUBLISHED},
    "two layers": (TWO_LAYERS, {"W1": TALL, "x": PAIR, "b1": TRIPLE, "W2": [TRIPLE] * 2, "b2": PAIR, "y": [0, 1]}),
    "outer product": ("sum(outer(u, v)^2)", {"u": TRIPLE, "v": PAIR}),
    "concat": ("h = concat(u, v); f = sum((W@h)^2)", {"u": PAIR, "v": PAIR, "W": [[1, 0.5, -2, 0.25]] * 2}),
    "transposed": ("sum((X.T@r)^2) + u.T@u", {"X": TALL, "r": TRIPLE, "u": PAIR}),
    "10 by 10": ("f = sum(relu(A@B))", {"A": LARGE, "B": LARGE}),
    "constant": ("sum(x*[1, 0, 2]) + x[1]", {"x": TRIPLE}),
    "branches": ("q = x*x; f = sum(q + x*3)*mean(q)", {"x": [3, -4.25, 1e-5]}),
    "a class": ("L = cross_entropy(z; 1)", {"z": TRIPLE}),
    "batch": ("H = relu(X@W + b); L = mean((H - Y)^2)", {"X": TALL, "W": SQUARE, "b": PAIR, "Y": TALL}),
    "axis": ("s = sum(M, axis=0); f = max(s)*norm(s)", {"M": TALL}),
    "tall": ("f = sum((X@w - y)^2)", {"X": TALL + TALL + [PAIR], "w": PAIR, "y": [*TRIPLE, *TRIPLE, 1]}),
    "attention": ("a = softmax(K@q); o = V.T@a; f = sum(o^2)", {"K": TALL, "q": PAIR, "V": TALL}),
    "list": ("v = [x, y, x*y]; f = sum(v^2)", {"x": 2, "y": 3}),
}


def run_vectors(name: str) -> Trace:
    """Run one of the programs."""
    program, inputs = VECTOR_PROGRAMS[name]
    return bpviz.parse(program).at(inputs)
