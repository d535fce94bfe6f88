"""The verdicts of a gradient check as a report: one row a name, and a sentence wherever a row needs explaining."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import copysign, isfinite
from sys import float_info
from typing import Any

from bpviz.checking.exact import METHOD
from bpviz.checking.verdicts import AGREES, BENDS, CROSSES, DIFFERS, EDGE, KINK, OPEN, POLE, Row, Verdicts, relative
from bpviz.formula.numerals import Rounding, number
from bpviz.text.report import MISSING, Report, ReportColumn, ReportTable, finite

COLUMNS = (
    ReportColumn("name", "name"),
    ReportColumn("gradient", "gradient"),
    ReportColumn("difference", "number"),
    ReportColumn("off by", "number"),
    ReportColumn("exact", "number"),
    ReportColumn("off by", "number"),
    ReportColumn("verdict"),
)
SIX_DIGITS = Rounding(6)
TWO_DIGITS = Rounding(2)
FIELDS = ("name", "gradient", "difference", "step", "error", "difference_off_by", "exact", "exact_off_by", "verdict")


@dataclass(frozen=True)
class CheckReport(Report):
    """The verdicts on the gradients of a trace."""

    noun = "check is"
    prefix = ""
    indent = 2

    verdicts: Verdicts
    rounding: Rounding = SIX_DIGITS

    def tables(self) -> list[ReportTable]:
        """Return a row for each name that was checked."""
        return [ReportTable(COLUMNS, [_cells(self.verdicts, row, self.rounding) for row in self.verdicts.rows])]

    def notes(self) -> Sequence[str]:
        """Return a sentence for each row that needs one, what "exact" is, and the count."""
        sentences = [_explained(self.verdicts, row) for row in self.verdicts.rows]
        return [*filter(None, sentences), _summary(self.verdicts)]

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
            "rows": [_record(self.verdicts, row) for row in self.verdicts.rows],
            "notes": self.notes(),
            "warnings": list(trace.warnings),
        }

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield the rows in full precision."""
        yield FIELDS
        for row in self.verdicts.rows:
            yield list(_record(self.verdicts, row).values())


def _cells(report: Verdicts, row: Row, rounding: Rounding) -> tuple[str, ...]:
    name = report.trace.graph.nodes[row.node].name
    slope = row.difference.slope if row.difference and (not row.doubt or row.doubt == CROSSES) else None
    others = [cell for other in (slope, row.exact) for cell in _compared(row.gradient, other, rounding)]
    return name, number(row.gradient, rounding), *others, row.verdict


def _compared(gradient: float, other: float | None, rounding: Rounding) -> tuple[str, str]:
    """Return another derivative and how far it is off, relatively."""
    if other is None:
        return MISSING, MISSING
    return number(other, rounding), number(relative(gradient, other), TWO_DIGITS) if isfinite(gradient) else MISSING


def _summary(report: Verdicts) -> str:
    counts = {verdict: sum(row.verdict == verdict for row in report.rows) for verdict in (AGREES, DIFFERS)}
    differ = f", {counts[DIFFERS]} differ{'' if counts[DIFFERS] > 1 else 's'}" if counts[DIFFERS] else ""
    agree = f"{counts[AGREES]} of {len(report.rows)} agree within {report.tolerance:g}{differ}"
    return f"exact: {METHOD}, {report.digits} digits. {agree}."


def _explained(report: Verdicts, row: Row) -> str:
    """Return the sentence that a row needs, or nothing."""
    said = EXPLAINED[row.verdict](report, row)
    return f"{report.trace.graph.nodes[row.node].name}: {said}" if said else ""


def _agrees(report: Verdicts, row: Row) -> str:
    if row.kinks:
        return f"{_at_kinks(report, row)}, but {report.trace.graph.output_name} is smooth here all the same."
    return f"{_doubt(report, row)}; the exact derivative decides." if row.doubt else ""


def _doubt(report: Verdicts, row: Row) -> str:
    """Return why the difference says nothing."""
    found = row.difference
    if row.doubt == EDGE or found is None:
        return "no step stays inside the domain on both sides, so there is no central difference"
    if row.doubt == CROSSES:
        gates = ", ".join(_equation(report, i) for i in found.kinks[:2])
        return f"every step of the difference crosses the kink of {gates}, which is that near"
    if row.doubt == BENDS:
        output, step = report.trace.graph.output_name, number(found.step, TWO_DIGITS)
        return f"the difference cannot tell here, since {output} bends too much within its step of {step}"
    return "float64 rounds too coarsely for a difference here"


def _pole(report: Verdicts, row: Row) -> str:
    if row.exact is not None:
        largest = number(copysign(float_info.max, row.gradient), TWO_DIGITS)
        return f"a pole: the exact derivative too is beyond {largest}, the largest float64, so it is infinite here."
    return "the derivative is infinite here, so there is nothing to compare."


def _open(report: Verdicts, row: Row) -> str:
    return f"{_doubt(report, row)}, and there is no exact derivative: undecided."


def _differs(report: Verdicts, row: Row) -> str:
    said = f"backpropagation gives {number(row.gradient, SIX_DIGITS)}, but {_what_others_say(row)}"
    wrong = row.misvalued or row.misderived
    if wrong:
        what = "value of" if row.misvalued else "local gradients of"
        return f"{said}: the {what} {_equation(report, wrong[0])} {'is' if row.misvalued else 'are'} not its formula's."
    return f"{said}: every gate is right for the numbers that reach it, but float64 rounds or overflows on the way."


def _what_others_say(row: Row) -> str:
    said = [f"the exact derivative is {number(row.exact, SIX_DIGITS)}"] if row.exact is not None else []
    if row.difference and not row.doubt:
        said.append(f"the difference is {number(row.difference.slope, SIX_DIGITS)}")
    return " and ".join(said)


def _on_a_kink(report: Verdicts, row: Row) -> str:
    told, (left, right), taken = _at_kinks(report, row), row.sides, number(row.gradient)
    if row.leap:
        return f"{told}. {_leap(report, row.leap)}: no derivative, and {taken} is a choice."
    if left is None or right is None:
        return f"{told}."
    if row.is_smooth:
        return f"{told}. The slope is {number(left)} on both sides all the same, and that rule does not find it."
    slopes = f"Just below, the slope is {number(left)}, just above, {number(right)}"
    return f"{told}. {slopes}: no derivative, and {taken} is a choice."


def _at_kinks(report: Verdicts, row: Row) -> str:
    graph = report.trace.graph
    rules = [
        f"{_equation(report, i)} is at a kink ({gate.rule})" for i in row.kinks[:2] if (gate := graph.nodes[i].gate)
    ]
    return ", and ".join(rules)


def _leap(report: Verdicts, leap: tuple[float, float]) -> str:
    """Return how the output jumps: from one side to the other, or only at the point itself."""
    graph = report.trace.graph
    below, above = (number(float(f"{end:.6g}")) for end in leap)  # they were met a little beside the point
    if below == above:
        return f"{graph.output_name} is {number(report.trace.values[graph.output])} here and {below} on both sides"
    return f"{graph.output_name} jumps here, from {below} just below to {above} just above"


def _equation(report: Verdicts, node: int) -> str:
    return f"{report.trace.graph.nodes[node].name} = {report.trace.graph.expression(node)}"


def _record(report: Verdicts, row: Row) -> dict[str, Any]:
    """Return a row in full precision; what does not exist is None."""
    found, exact = row.difference, finite(row.exact)
    return {
        "name": report.trace.graph.nodes[row.node].name,
        "gradient": finite(row.gradient),
        "difference": found.slope if found else None,
        "step": found.step if found else None,
        "error": found.error if found else None,
        "difference_off_by": relative(row.gradient, found.slope) if found and isfinite(row.gradient) else None,
        "exact": exact,
        "exact_off_by": relative(row.gradient, exact) if exact is not None and isfinite(row.gradient) else None,
        "verdict": row.verdict,
    }


EXPLAINED: dict[str, Callable[[Verdicts, Row], str]] = {
    AGREES: _agrees,
    KINK: _on_a_kink,
    POLE: _pole,
    OPEN: _open,
    DIFFERS: _differs,
}
