"""Whole commands, cold: beside the same figure by a script of today's tools, and beside Python that does nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.benchmarks.processes import EXAMPLE, POINT, bpviz, folder, process, program, python
from tests.benchmarks.records import Row, Sides

SCRIPT = Path(__file__).parents[1] / "peers" / "figure.py"


def _draw(quick: bool) -> Sides:
    program("dot")
    ours = bpviz("draw", EXAMPLE, *POINT, "--quiet", "-o", str(folder() / "ours.svg"))
    return Sides(process(ours), process(python(str(SCRIPT), str(folder() / "peer"))))


def _above_python(arguments: tuple[str, ...], quick: bool) -> Sides:
    return Sides(process(bpviz(*arguments)), process(python("-c", "pass")))


ROWS = (
    Row(
        name="draw",
        what="bpviz draw of the example to SVG, whole process",
        against="a script on micrograd, graphviz and the system's dot",
        goal=1.0,
        prepare=_draw,
        cold=True,
        runs=15,
    ),
    Row(
        name="table",
        what="bpviz table of the example, whole process",
        against="python -c pass",
        goal=0.060,
        prepare=partial(_above_python, ("table", EXAMPLE, *POINT)),
        above=True,
        cold=True,
        runs=15,
    ),
    Row(
        name="help",
        what="bpviz --help, whole process",
        against="python -c pass",
        goal=0.030,
        prepare=partial(_above_python, ("--help",)),
        above=True,
        cold=True,
        runs=15,
    ),
)
