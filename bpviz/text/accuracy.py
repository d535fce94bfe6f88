"""The measured accuracy of the gates as a table: worst errors in units of the last place, and where they were met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bpviz.check.accuracy import LIMIT, Accuracy, Worst
from bpviz.formula.numerals import number
from bpviz.text.report import Report, ReportColumn, ReportTable

COLUMNS = (
    ReportColumn("gate"),
    ReportColumn("value", "number"),
    ReportColumn("at"),
    ReportColumn("local gradient", "number"),
    ReportColumn("at"),
    ReportColumn("points", "number"),
)
SHOWN = 3  # operands of a gate of several


class AccuracyReport(Report):
    """A row for each gate, and what there is to say of them all."""

    def __init__(self, measured: Iterable[Accuracy]) -> None:
        self.measured = list(measured)

    def tables(self) -> list[ReportTable]:
        """Return the worst errors."""
        rows = [
            (each.gate.name, *_worst(each.value), *_worst(each.slope), f"{each.points:,}") for each in self.measured
        ]
        return [ReportTable(COLUMNS, rows)]

    def notes(self) -> Sequence[str]:
        """Return the unit, and the worst error of all."""
        worst = max((error.ulps for each in self.measured for error in (each.value, each.slope)), default=0.0)
        over = [each.gate.name for each in self.measured if not each.is_within_limit]
        verdict = f"more than {LIMIT:g} ulp: {', '.join(over)}" if over else f"every gate is within {LIMIT:g} ulp"
        return (
            "errors in units of the last place (ulp), against mpmath at 50 digits; 0.50 is a correctly rounded result",
            f"the worst error is {worst:.2f} ulp; {verdict}",
        )

    def record(self) -> dict[str, Any]:
        """Return nothing: no format carries it."""
        return {}

    def csv_rows(self) -> Iterable[Sequence[object]]:
        """Return nothing: no format carries it."""
        return ()


def _worst(error: Worst) -> tuple[str, str]:
    """Return an error and the operands that met it; an exact result was met everywhere."""
    if not error.ulps:
        return "exact", ""
    operands = [number(operand) for operand in error.at[:SHOWN]]
    return f"{error.ulps:.2f}", ", ".join([*operands, *(["…"] if len(error.at) > SHOWN else [])])
