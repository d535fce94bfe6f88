"""The closed forms that bpviz symbolic prints, read again as programs and worked out at a point."""

from __future__ import annotations

from collections.abc import Mapping

from bpviz.autodiff import run
from bpviz.graph import Graph
from bpviz.lang import parse
from bpviz.text import symbolic

EQUALS = {"text": " = ", "latex": " &= "}


def write_programs(graph: Graph, kind: str) -> dict[str, str]:
    """Write the program that the derivative by each input is, in text or latex, and under "" that of the output."""
    equals = EQUALS[kind]
    rows: list[tuple[str, str]] = []
    for line in str(symbolic(graph, format=kind)).splitlines():
        left, found, right = line.strip().removesuffix("\\\\").partition(equals)
        if found:
            rows.append((left, right))
        elif left.startswith("&"):  # a row that goes on
            rows[-1] = rows[-1][0], rows[-1][1] + left.lstrip("&").removeprefix(r"\quad").removeprefix(r"\qquad")
    definitions = [f"{left} = {right}" for left, right in rows[: -1 - len(graph.inputs)]]
    wanted = zip(("", *graph.input_names), rows[-1 - len(graph.inputs) :], strict=True)
    return {name: "; ".join([*definitions, right]) for name, (_, right) in wanted}


def work_out(program: str, point: Mapping[str, float]) -> float:
    """Read a program and return its value at a point of more inputs than it may have."""
    graph = parse(program)
    return run(graph, {name: point[name] for name in graph.input_names}).values[graph.output]


def read_derivatives(graph: Graph, point: Mapping[str, float], kind: str) -> dict[str, float]:
    """Read the derivatives that are printed as text or latex, and work them out at a point."""
    return {name: work_out(program, point) for name, program in write_programs(graph, kind).items() if name}
