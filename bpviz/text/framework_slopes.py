"""What PyTorch and JAX take for a slope at a kink, where it is not what the table takes.

A listing in a framework prints the framework's own gradients, to be compared with bpviz's. Where there is no derivative
the two may differ: hard_tanh is max(−1, min(a, 1)) to a framework, which shares a tie equally. So the line that a gate
has in the listing is differentiated here by the framework's rules, and a difference is told in a comment.

The rules are those that PyTorch 2.14 and JAX 0.10 follow: tests compare them where these are installed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import product
from typing import NamedTuple

from bpviz.formula.evaluation import evaluate
from bpviz.formula.languages import FrameworkRules
from bpviz.formula.numerals import number
from bpviz.formula.printing import RELATIONS
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.gates import Gate
from bpviz.graph import Graph
from bpviz.text.code_lines import Staging

TRIED = (0.0, 1.0, -1.0)  # where the kinks and poles of the table are
MOST_OPERANDS_TRIED = 3  # each on its own; of more all have the same value


class UnknownRuleError(Exception):
    """A function that no kink needs, and no rule is here for."""


class Dual(NamedTuple):
    """A number and its slope in one operand."""

    value: float
    slope: float = 0.0


class DelicatePoint(NamedTuple):
    """A kink or a pole of a gate: its operands by their identifiers, its local gradients, and where it is in words."""

    at: Mapping[str, float]
    local: tuple[float, ...]
    where: str


def explain_own_slopes(staging: Staging) -> list[str]:
    """Write a comment for each slope at a kink or a pole that the framework takes otherwise than the table.

    With a trace that is its point. A function may be called anywhere, so the first such point of each gate is told.
    """
    graph = staging.graph
    if staging.dialect.rules is None:
        return []
    comments: list[str] = []
    told: set[Gate] = set()
    for node in graph.gate_ids:
        gate = staging.gate(node)
        if staging.trace is None and gate in told:
            continue
        found = (_compare(staging, node, point) for point in _list_delicate_points(staging, node))
        if differences := next(filter(None, found), None):
            told.add(gate)
            comments += [f"# {difference}" for difference in differences]
    return comments


def list_reached(graph: Graph) -> set[int]:
    """List the nodes that a gradient of PyTorch's reaches: none goes back through a comparison."""
    reached = {graph.output}
    for i in range(graph.output, -1, -1):
        gate = graph.nodes[i].gate
        if gate and i in reached:
            compared = 2 if gate.syntax.comparison else 0
            reached.update(graph.nodes[i].operands[compared:])
    return reached


def _list_delicate_points(staging: Staging, node: int) -> Iterator[DelicatePoint]:
    """List the kinks and poles of a gate: the trace's point if it is one, or without a trace all near the origin."""
    graph, trace, gate = staging.graph, staging.trace, staging.gate(node)
    if trace:
        if graph.is_at_kink(node, trace.values) or not all(map(math.isfinite, trace.local[node])):
            yield DelicatePoint(staging.values_at(node), trace.local[node], "here")
        return
    if not (gate.kink or gate.poles):
        return
    operands = staging.operands(node)
    names = list(dict.fromkeys(operand.text for operand in operands if operand.value is None))
    few = len(names) <= MOST_OPERANDS_TRIED
    for numbers in product(TRIED, repeat=len(names)) if few else ((x,) * len(names) for x in TRIED):
        at = dict(zip(names, numbers, strict=True))
        values = [at[operand.text] if operand.value is None else operand.value for operand in operands]
        try:
            z = gate.forward(*values)
            local = gate.slopes(z, *values)
        except (ArithmeticError, ValueError):
            continue
        if (gate.kink and gate.kink(z, *values)) or not all(map(math.isfinite, local)):
            where = ", ".join(f"{name} = {number(x)}" for name, x in at.items())
            yield DelicatePoint({**at, staging.names.values[node]: z}, local, f"at {where}")


def _compare(staging: Staging, node: int, point: DelicatePoint) -> list[str]:
    """Say which slopes of a gate the framework takes otherwise at a point, and why."""
    graph, rules = staging.graph, staging.dialect.rules
    assert rules
    found = []
    for source in dict.fromkeys(wire.source for wire in graph.wires_into(node)):
        if source not in staging.names.values:  # a constant
            continue
        ours = sum(slope for slot, slope in enumerate(point.local) if graph.nodes[node].operands[slot] == source)
        differentiation = Differentiation(point.at, staging.names.values[source], rules)
        try:
            theirs = differentiation.run(staging.forward[node].formula).slope
        except (UnknownRuleError, ArithmeticError, ValueError):
            continue
        if theirs != ours and not math.isclose(theirs, ours):
            shown = "nan" if math.isnan(theirs) else number(theirs)
            what = f"{shown} for the slope of {graph.nodes[node].name} in {graph.nodes[source].name} {point.where}"
            found.append(f"{rules.name} takes {what}, and not {number(ours)}: {differentiation.reason}")
    return found


class Differentiation:
    """One formula, differentiated by one operand by a framework's rules; reason is the last rule that counted."""

    def __init__(self, at: Mapping[str, float], name: str, rules: FrameworkRules) -> None:
        self.at, self.name, self.rules = at, name, rules
        self.reason = f"{rules.name}'s own rule"

    def run(self, formula: Formula) -> Dual:
        """Differentiate a formula; the recursion is over the gate table's formula only."""
        if isinstance(formula, Atom):
            value = self.at[formula.text] if formula.value is None else formula.value
            return Dual(value, float(formula.value is None and formula.text == self.name))
        if formula.head == "where":
            return self.run(formula.parts[1 if evaluate(formula.parts[0], self.at) else 2])
        if formula.head in (*RELATIONS, "sign", "step"):
            return Dual(float(evaluate(formula, self.at)))
        return self._apply(formula, [self.run(part) for part in formula.parts])

    def _apply(self, formula: Term, parts: list[Dual]) -> Dual:
        a, b = parts[0], parts[-1]
        match formula.head:
            case "+" | "terms" | "fsum":
                return Dual(math.fsum(part.value for part in parts), math.fsum(part.slope for part in parts))
            case "-":
                return Dual(a.value - b.value, a.slope - b.slope)
            case "negative":
                return Dual(-a.value, -a.slope)
            case "*":
                return reduce(lambda u, v: Dual(u.value * v.value, u.slope * v.value + u.value * v.slope), parts)
            case "max" | "min":
                return self._share(formula.head, parts)
            case "relu":
                return a if a.value > 0 else Dual(0.0)
            case "abs":
                if not a.value and a.slope:
                    self.reason = f"the slope of |x| at 0 is {self.rules.abs_at_0:g} there"
                return Dual(abs(a.value), a.slope * (math.copysign(1.0, a.value) if a.value else self.rules.abs_at_0))
            case "hypot" if not a.value and not b.value:
                self.reason = "it differentiates a formula of its own for the distance"
                return Dual(0.0, self.rules.hypot_at_0 * (a.slope + b.slope))
            case "cbrt" | "root" if not a.value and formula.head in self.rules.nan_roots:
                self.reason = "to it a root is sign(x)·|x|^(1/n), whose slope at 0 is 0 × ∞"
                return Dual(0.0, math.nan)
        raise UnknownRuleError

    def _share(self, head: str, parts: list[Dual]) -> Dual:
        extreme = (max if head == "max" else min)(part.value for part in parts)
        tied = [part.slope for part in parts if part.value == extreme]
        if len(tied) > 1:
            self.reason = f"a tie of {head} is shared equally"
        return Dual(extreme, math.fsum(tied) / len(tied))
