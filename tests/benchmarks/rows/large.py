"""Programs of a million gates: whether the time stays in proportion, and what a gate takes in memory."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import partial

import bpviz
from tests.benchmarks.measure import once
from tests.benchmarks.peers import chain
from tests.benchmarks.processes import python
from tests.benchmarks.records import Missing, Row, Side, Sides

GATES, TENTH = 1_000_000, 100_000
SMALLER_IN_QUICK = 1000
SMALLEST = 4  # gates of the program that tells what Python and bpviz take by themselves
RAISED = {"gates": 10**8, "characters": 10**9}
PEAK = "/proc/self/status"
CHILD = """
import sys
import bpviz
from tests.benchmarks.rows.large import PEAK, SHAPES, RAISED, POINT
program = SHAPES[sys.argv[1]](int(sys.argv[2]))
bpviz.run(bpviz.parse(program, limit=RAISED), POINT)
print(next(line.split()[1] for line in open(PEAK) if line.startswith("VmHWM")))
"""


def terms(gates: int) -> str:
    """Return a sum of products that stays small, as one expression."""
    return "x*y" + " + x*y - x*y" * (gates // 4)


SHAPES: dict[str, Callable[[int], str]] = {"statements": chain.statements, "terms": terms}
POINT = chain.POINT


def _time(shape: str, quick: bool) -> Sides:
    return Sides(*(_run(SHAPES[shape](gates // (SMALLER_IN_QUICK if quick else 1))) for gates in (GATES, TENTH)))


def _run(program: str) -> Side:
    return once(lambda: bpviz.run(bpviz.parse(program, limit=RAISED), POINT))


def _memory(shape: str, quick: bool) -> Sides:
    gates = GATES // (SMALLER_IN_QUICK if quick else 1)
    floor = _peak(shape, SMALLEST)
    return Sides(lambda: (_peak(shape, gates) - floor) / gates, lambda: 1.0)


def _peak(shape: str, gates: int) -> float:
    """Return the most bytes that a process ever has which parses a program and runs it."""
    done = subprocess.run(python("-c", CHILD, shape, str(gates)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(done.stderr.strip().splitlines()[-1][:80])
    return 1024.0 * int(done.stdout)


def _rows(shape: str, words: str) -> tuple[Row, Row]:
    return (
        Row(
            name=f"million-{shape}",
            what=f"parse, forward and backward of {GATES:,} gates, {words}",
            against=f"itself at {TENTH:,} gates",
            goal=11.0,
            prepare=partial(_time, shape),
            runs=3,
        ),
        Row(
            name=f"memory-{shape}",
            what=f"memory at the peak of that, {words}",
            against="a gate",
            goal=400.0,
            prepare=partial(_memory, shape),
            unit="bytes",
            runs=1,
        ),
    )


ROWS = (*_rows("statements", "a statement a gate"), *_rows("terms", "one expression"))
