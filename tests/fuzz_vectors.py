"""Random programs of vectors against NumPy with 40 digits: a part of tests.fuzz.

Value and gradients are compared with central differences, the unrolled graph with the grouped one, and what comes back
along the wires of a vector with its gradient.
"""

from __future__ import annotations

import math
import random
import time
import traceback
from collections.abc import Iterator
from typing import Any

import numpy as np

from bpviz.autodiff import Trace
from bpviz.lang import parse
from tests.support.array_oracle import GrownProgram, grow_vector_program

TOLERANCE = 1e-9
LEVELS = ("lecture", "lecture", "fused", "elementary")


def try_vector_program(program: GrownProgram, chance: random.Random) -> None:
    """Try one program; AssertionError or whatever else goes wrong is a finding."""
    graph = parse(program.text, gates=chance.choice(LEVELS), share=chance.random() < 0.2)
    point = {name: value for name, value in program.point.items() if name in graph.variable_names}
    if chance.random() < 0.3:
        point = {name: np.array(value) for name, value in point.items()}
    trace = graph.at(point)
    compare("the value", trace.value(trace.graph.output_name), program.value())
    for name in point:
        compare(name, trace.gradient(name), program.gradient(name))
    unrolled = trace.graph.unroll().at(point)
    for name in point:
        compare(f"{name} unrolled", unrolled.gradient(name), np.array(trace.gradient(name)))
    compare_contributions(trace)


def compare(what: str, found: Any, exact: Any) -> None:
    """Assert that numbers are equal, and lie in the same shape."""
    numbers, wanted = np.array(found), np.array(exact)
    assert numbers.shape == wanted.shape or (what == "the value" and numbers.size == 1), f"{what} is {numbers.shape}"
    most = TOLERANCE * (1 + np.abs(wanted).max())
    assert np.abs(numbers.ravel() - wanted.ravel()).max() <= most, f"{what} is {found}, not {exact}"


def compare_contributions(trace: Trace) -> None:
    """Assert that the contributions of the wires out of every vector node add up to its gradient."""
    if not trace.vectors:
        return
    graph = trace.vectors.graph
    for i, wires in enumerate(graph.wires_from):
        if wires and i != graph.output:
            parts = [trace.vectors.contribution(wire) for wire in wires]
            sums = [math.fsum(entries) for entries in zip(*parts, strict=True)]
            compare(f"what comes back to node {i}", sums, trace.vectors.gradient(i))


def findings(seed: int, count: int, seconds: float = math.inf) -> Iterator[tuple[str, float, bool, str]]:
    """Yield of each program its text and values, the seconds, whether it was compared, and what went wrong."""
    chance, end = random.Random(seed), time.monotonic() + seconds
    for _ in range(count):
        program, started, finding = grow_vector_program(chance), time.process_time(), ""
        try:
            try_vector_program(program, chance)
        except Exception:
            finding = traceback.format_exc()
        yield f"{program.text!r} at {program.point}", time.process_time() - started, not finding, finding
        if time.monotonic() > end:
            return
