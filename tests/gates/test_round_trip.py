"""What bpviz prints of a gate as LaTeX it reads back: the same values, the same gradients, the same domain."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product

import pytest

from bpviz.autodiff import run
from bpviz.errors import EvaluationError
from bpviz.formula.latex import LATEX
from bpviz.formula.printing import show
from bpviz.gates import LETTERS, TABLE, Gate, write_expression
from bpviz.graph import Graph
from bpviz.lang import parse
from bpviz.text.closed_forms import symbolic
from tests.gates.test_gates import CASES, CONSTANT_SLOTS

EDGES = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
OPERANDS = ("{}", "({} + 0.25)", "(-{})", "({}*2)", "({}^2)", "sin({})", "({}/3)", "|{}|", "exp({})", "sqrt({})")
NAMES = ("w_0", "θ", "net", "x_12")


def program(gate: Gate, operand: str = "{}", names: tuple[str, ...] = tuple(LETTERS)) -> str:
    """Write a gate of its case's operands, each of them in a certain form; a parameter is its case's number."""
    case = CASES[gate.name]
    operands = [
        f"{x:g}" if slot == CONSTANT_SLOTS.get(gate.name) else operand.format(name)
        for slot, (name, x) in enumerate(zip(names, case, strict=False))
    ]
    return write_expression(gate, tuple(f"({text})" if text.startswith("-") else text for text in operands))


def by_gate(graph: Graph) -> str:
    """Print a graph as the lines of bpviz code --lang latex have it, a statement a gate."""
    rows = [rf"{LATEX.name(graph.nodes[i].name)} &= {show(graph.formula(i), LATEX)}" for i in graph.gate_ids]
    body = " \\\\\n  ".join(rows)
    return f"\\begin{{align*}}\n  {body}\n\\end{{align*}}"


def closed(graph: Graph) -> str:
    """Print a graph's closed form as bpviz symbolic --format latex has it."""
    text = re.sub(r" \\\\\n  &\\q+uad ", " ", str(symbolic(graph, "latex")))  # a wide row goes on in the next
    return next(line for line in text.splitlines() if " &= " in line).partition(" &= ")[2].removesuffix(r"\\")


def outcome(graph: Graph, at: Mapping[str, float]) -> list[float] | None:
    """Return the output and the gradients of a graph; None where it has no value."""
    try:
        trace = run(graph, {graph.nodes[i].name: at[graph.nodes[i].name] for i in graph.inputs})
    except EvaluationError:
        return None
    return [trace.value(graph.output_name), *(trace.gradient(name) for name in sorted(at))]


def is_at_kink(graph: Graph, at: Mapping[str, float]) -> bool:
    """Say whether a graph of one gate is at a point where that has no derivative."""
    gate, operands = graph.nodes[graph.output].gate, graph.nodes[graph.output].operands
    values = [graph.nodes[i].constant if i not in graph.inputs else at[graph.nodes[i].name] for i in operands[:9]]
    if not gate or not gate.kink or len(graph.gate_ids) > 1:
        return False
    try:
        return bool(gate.kink(gate.forward(*values), *values))
    except ValueError:
        return False


def check_same(gate: Gate, source: str, at: Mapping[str, float]) -> None:
    graph = parse(source, gates="fused")
    before = outcome(graph, at)
    if is_at_kink(graph, at):
        return  # there its formula has no derivative
    for printed in (by_gate(graph), closed(graph)):
        after = outcome(parse(printed, gates="fused"), at)
        if before is None and gate.accurate.defined:  # refused by custom: the formula has a value there
            continue
        assert (before is None) == (after is None), (printed, at)
        if before and after:
            assert after == pytest.approx(before, rel=1e-9, abs=1e-12, nan_ok=True), (printed, at)


def points(gate: Gate, names: tuple[str, ...] = tuple(LETTERS)) -> list[dict[str, float]]:
    case = CASES[gate.name]
    slots = [slot for slot in range(len(case)) if slot != CONSTANT_SLOTS.get(gate.name)]
    edges = product(EDGES, repeat=len(slots)) if len(slots) < 3 else [(x,) * len(slots) for x in EDGES]
    return [
        {names[slot]: x for slot, x in zip(slots, point, strict=True)} for point in ([case[s] for s in slots], *edges)
    ]


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_a_gate_is_read_back_with_its_values_gradients_and_domain(gate: Gate) -> None:
    for at in points(gate):
        check_same(gate, program(gate), at)


@pytest.mark.parametrize("operand", OPERANDS)
@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_a_gate_of_other_gates_is_read_back(gate: Gate, operand: str) -> None:
    check_same(gate, f"2*({program(gate, operand)})^2 - ({program(gate, operand)})", points(gate)[0])


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_a_gate_of_longer_names_is_read_back(gate: Gate) -> None:
    check_same(gate, program(gate, names=NAMES), points(gate, NAMES)[0])
