"""The verdicts of a gradient check as a report: one row a name, and a sentence wherever a row needs explaining."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import copysign, isfinite
from sys import float_info
from typing import Any

from bpviz.checking.exact_derivatives import METHOD
from bpviz.checking.verdicts import (
    AGREES,
    BENDS,
    CROSSES,
    DIFFERS,
    EDGE,
    KINK,
    OPEN,
    POLE,
    Verdict,
    Verdicts,
    relative_difference,
)
from bpviz.formula.numerals import Rounding, number
from bpviz.text.report import MISSING, Report, ReportColumn, ReportTable

COLUMNS = (
    ReportColumn("name", "name"),
    ReportColumn("gradient", "gradient"),
    ReportColumn("difference", "number"),
    ReportColumn("off by", "number"),
    ReportColumn("exact", "number"),
    ReportColumn("off by", "number"),
    ReportColumn("verdict"),
)
CSV_HEADS = ["name", "gradient", "difference", "step", "error", "difference_off_by", "exact", "exact_off_by", "verdict"]
SIX_DIGITS = Rounding(6)  # the numbers of a check are alike in fewer
TWO_DIGITS = Rounding(2)
MOST_KINKS = 2  # that a sentence names


@dataclass(frozen=True)
class CheckReport(Report):
    """The verdicts on the gradients of a trace."""

    noun = "check is"
    prefix = ""
    indent = 2

    verdicts: Verdicts
    rounding: Rounding = SIX_DIGITS

    @property
    def is_right(self) -> bool:
        """Say whether no gradient differs."""
        return self.verdicts.is_right

    @property
    def subject(self) -> str:
        """Return what was checked: 1 gradient, 3 gradients."""
        return f"{len(self.verdicts.rows)} gradient{'' if len(self.verdicts.rows) == 1 else 's'}"

    def tables(self) -> list[ReportTable]:
        """Return a row for each name that was checked."""
        return [ReportTable(COLUMNS, [self._write_cells(row) for row in self.verdicts.rows])]

    def notes(self) -> Sequence[str]:
        """Return a sentence for each row that needs one, what "exact" is, and the count."""
        sentences = ((self._name(row.node), self._explain(row)) for row in self.verdicts.rows)
        counts = {verdict: sum(row.verdict == verdict for row in self.verdicts.rows) for verdict in (AGREES, DIFFERS)}
        differ = f", {counts[DIFFERS]} differ{'' if counts[DIFFERS] > 1 else 's'}" if counts[DIFFERS] else ""
        agree = f"{counts[AGREES]} of {len(self.verdicts.rows)} agree within {self.verdicts.tolerance:g}{differ}"
        return [
            *(f"{name}: {sentence}" for name, sentence in sentences if sentence),
            f"exact: {METHOD}, {self.verdicts.digits} digits. {agree}.",
        ]

    def record(self) -> dict[str, Any]:
        """Return the rows in full precision; what does not exist is None."""
        trace = self.verdicts.trace
        return {
            "program": trace.graph.source,
            "output": trace.graph.output_name,
            "value": trace.values[trace.graph.output],
            "tolerance": self.verdicts.tolerance,
            "exact": METHOD,
            "digits": self.verdicts.digits,
            "rows": [self._row_record(row) for row in self.verdicts.rows],
            "notes": self.notes(),
            "warnings": list(trace.warnings),
        }

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield the rows in full precision."""
        yield CSV_HEADS
        for row in self.verdicts.rows:
            yield list(self._row_record(row).values())

    def _row_record(self, row: Verdict) -> dict[str, Any]:
        gradient, found, exact = row.gradient, row.difference, row.exact
        off_by = [
            relative_difference(gradient, other)
            if other is not None and isfinite(gradient) and isfinite(other)
            else None
            for other in (found.slope if found else None, exact)
        ]
        return {
            "name": self._name(row.node),
            "gradient": gradient,
            "difference": found.slope if found else None,
            "step": found.step if found else None,
            "error": found.error if found else None,
            "difference_off_by": off_by[0],
            "exact": exact,
            "exact_off_by": off_by[1],
            "verdict": row.verdict,
        }

    def _write_cells(self, row: Verdict) -> tuple[str, ...]:
        """Write the gradient, and each of the other two derivatives with how far the gradient is off it."""
        cells = [self._name(row.node), number(row.gradient, self.rounding)]
        slope = row.difference.slope if row.difference and row.doubt in ("", CROSSES) else None
        for other in (slope, row.exact):
            if other is None:
                cells += [MISSING, MISSING]
            else:
                off_by = relative_difference(row.gradient, other) if isfinite(row.gradient) else None
                cells += [number(other, self.rounding), MISSING if off_by is None else number(off_by, TWO_DIGITS)]
        return *cells, row.verdict

    # sentences

    def _explain(self, row: Verdict) -> str:
        """Return the sentence that a row needs, or nothing."""
        if row.verdict == AGREES and row.kinks:
            return f"{self._list_kinks(row)}, but {self._output_name} is smooth here all the same."
        if row.verdict == AGREES:
            return f"{self._explain_doubt(row)}; the exact derivative decides." if row.doubt else ""
        if row.verdict == OPEN:
            return f"{self._explain_doubt(row)}, and there is no exact derivative: undecided."
        if row.verdict == POLE and row.exact is None:
            return "the derivative is infinite here, so there is nothing to compare."
        if row.verdict == POLE:
            largest = f"{number(copysign(float_info.max, row.gradient), TWO_DIGITS)}, the largest float64"
            return f"an overflow: the exact derivative too is beyond {largest}, so it is infinite here."
        return self._explain_kink(row) if row.verdict == KINK else self._explain_difference(row)

    def _explain_difference(self, row: Verdict) -> str:
        others = [f"the exact derivative is {number(row.exact, SIX_DIGITS)}"] if row.exact is not None else []
        if row.difference and not row.doubt:
            others.append(f"the difference is {number(row.difference.slope, SIX_DIGITS)}")
        contradiction = f"backpropagation gives {number(row.gradient, SIX_DIGITS)}, but {' and '.join(others)}"
        if row.misvalued:
            return f"{contradiction}: the value of {self._equation(row.misvalued[0])} is not its formula's."
        if row.misderived:
            equation = self._equation(row.misderived[0])
            return f"{contradiction}: the local gradients of {equation} are not its formula's."
        why = "every gate is right for the numbers that reach it, but float64 rounds or overflows on the way"
        return f"{contradiction}: {why}."

    def _explain_kink(self, row: Verdict) -> str:
        kinks, (left, right), taken = self._list_kinks(row), row.sides, number(row.gradient)
        if row.jump:
            below, above = (number(float(f"{end:.6g}")) for end in row.jump)  # they were met a little beside the point
            if below == above:
                value = self.verdicts.trace.values[self.verdicts.trace.graph.output]
                jump = f"{self._output_name} is {number(value)} here and {below} on both sides"
            else:
                jump = f"{self._output_name} jumps here, from {below} just below to {above} just above"
            return f"{kinks}. {jump}: no derivative, and {taken} is a choice."
        if left is None or right is None:
            return f"{kinks}."
        if row.is_smooth:
            return f"{kinks}. The slope is {number(left)} on both sides all the same, and that rule does not find it."
        slopes = f"Just below, the slope is {number(left)}, just above, {number(right)}"
        return f"{kinks}. {slopes}: no derivative, and {taken} is a choice."

    def _list_kinks(self, row: Verdict) -> str:
        gates = ((node, self.verdicts.trace.graph.nodes[node].gate) for node in row.kinks[:MOST_KINKS])
        rules = [f"{self._equation(node)} is at a kink ({gate.rule})" for node, gate in gates if gate]
        return ", and ".join(rules)

    def _explain_doubt(self, row: Verdict) -> str:
        """Return why the difference says nothing."""
        found = row.difference
        if row.doubt == EDGE or found is None:
            return "no step stays inside the domain on both sides, so there is no central difference"
        if row.doubt == CROSSES:
            gates = ", ".join(map(self._equation, found.kinks[:MOST_KINKS]))
            return f"every step of the difference crosses the kink of {gates}, which is that near"
        if row.doubt == BENDS:
            step = number(found.step, TWO_DIGITS)
            return (
                f"the difference cannot tell here, since {self._output_name} bends too much within its step of {step}"
            )
        return "float64 rounds too coarsely for a difference here"

    @property
    def _output_name(self) -> str:
        return self.verdicts.trace.graph.output_name

    def _name(self, node: int) -> str:
        return self.verdicts.trace.graph.nodes[node].name

    def _equation(self, node: int) -> str:
        return f"{self._name(node)} = {self.verdicts.trace.graph.expression(node)}"
