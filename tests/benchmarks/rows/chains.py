"""A chain of gates from text: parsed, run forward and run backward, beside micrograd, which is built in Python."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import isclose

import bpviz
from tests.benchmarks.measure import repeated
from tests.benchmarks.peers import chain
from tests.benchmarks.records import Row, Sides

LENGTHS = (10, 100, 1000)
QUICK = 10


def _sides(text: Callable[[int], str], gates: int, quick: bool) -> Sides:
    gates = min(gates, QUICK) if quick else gates
    program = text(gates)
    micrograd = chain.micrograd(gates)
    trace = bpviz.run(bpviz.parse(program), chain.POINT)
    ours = (trace.values[trace.graph.output], trace.gradient("x"), trace.gradient("y"))
    assert all(isclose(one, other) for one, other in zip(ours, micrograd(), strict=True))
    return Sides(repeated(lambda: bpviz.run(bpviz.parse(program), chain.POINT)), repeated(micrograd))


def _row(name: str, shape: str, text: Callable[[int], str], gates: int) -> Row:
    return Row(
        name=f"{name}-{gates}",
        what=f"parse, forward and backward of a chain of {gates:,} gates, {shape}",
        against="micrograd builds and runs it",
        goal=1.0,
        prepare=partial(_sides, text, gates),
    )


ROWS = (
    *(_row("chain", "one expression", chain.text, gates) for gates in LENGTHS),
    *(_row("statements", "a statement a gate", chain.statements, gates) for gates in LENGTHS),
)
