"""What PyTorch and JAX take for a slope at a kink, where it is not what the table takes.

A listing in a framework prints the framework's own gradients, to be compared with bpviz's. Where there is no derivative
the two may differ: hard_tanh is max(−1, min(a, 1)) to a framework, which shares a tie equally. So the line that a gate
has in the listing is differentiated here by the framework's rules, and a difference is told in a comment.

The rules are those that PyTorch 2 and JAX 0.4 and later follow: an extra run of the listings has compared them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import reduce
from typing import NamedTuple

from bpviz.formula.evaluation import evaluate
from bpviz.formula.languages import FrameworkRules
from bpviz.formula.numerals import number
from bpviz.formula.printing import RELATIONS
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.text.code_lines import Staging


class UnknownRuleError(Exception):
    """A function that no kink needs, and no rule is here for."""


class Dual(NamedTuple):
    """A number and its slope in one operand."""

    value: float
    slope: float = 0.0


def explain_own_slopes(staging: Staging) -> list[str]:
    """Write a comment for each slope at a kink or a pole that the framework takes otherwise than the table."""
    graph, trace, rules = staging.graph, staging.trace, staging.dialect.rules
    if trace is None or rules is None:
        return []
    comments = []
    for i in graph.gate_ids:
        if not graph.is_at_kink(i, trace.values) and all(map(math.isfinite, trace.local[i])):
            continue
        for source in dict.fromkeys(wire.source for wire in graph.wires_into(i)):
            if source not in staging.names.values:  # a constant
                continue
            ours = sum(slope for slot, slope in enumerate(trace.local[i]) if graph.nodes[i].operands[slot] == source)
            differentiation = Differentiation(staging.values_at(i), staging.names.values[source], rules)
            try:
                theirs = differentiation.run(staging.forward[i].formula).slope
            except (UnknownRuleError, ArithmeticError, ValueError):
                continue
            if theirs != ours and not math.isclose(theirs, ours):
                shown = "nan" if math.isnan(theirs) else number(theirs)
                what = (
                    f"{rules.name} takes {shown} for the slope of {graph.nodes[i].name} in {graph.nodes[source].name}"
                )
                comments.append(f"# {what} here, and not {number(ours)}: {differentiation.reason}")
    return comments


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
