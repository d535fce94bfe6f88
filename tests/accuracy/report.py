"""The measured accuracy of the gates as a table: worst errors in units of the last place, and where they were met."""

from __future__ import annotations

from collections.abc import Sequence

from bpviz.formula.numerals import number
from tests.accuracy.measure import LIMIT, Accuracy, Worst

HEADS = ("gate", "value", "at", "local gradient", "at", "points")
MOST_OPERANDS_SHOWN = 3


def write_report(measured: Sequence[Accuracy]) -> str:
    """Write a row a gate, and what there is to say of them all."""
    rows = [(each.gate.name, *_worst(each.value), *_worst(each.slope), f"{each.points:,}") for each in measured]
    widths = [max(map(len, column)) for column in zip(HEADS, *rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in (HEADS, *rows)]
    worst = max((error.ulps for each in measured for error in (each.value, each.slope)), default=0.0)
    over = [each.gate.name for each in measured if not each.is_within_limit]
    verdict = f"more than {LIMIT:g} ulp: {', '.join(over)}" if over else f"every gate is within {LIMIT:g} ulp"
    return "\n".join(
        [
            *lines,
            "",
            "errors in units of the last place (ulp), against mpmath at 50 digits; 0.50 is a correctly rounded result",
            f"the worst error is {worst:.2f} ulp; {verdict}",
        ]
    )


def _worst(error: Worst) -> tuple[str, str]:
    """Return an error and the operands that met it; an exact result was met everywhere."""
    if not error.ulps:
        return "exact", ""
    operands = [number(operand) for operand in error.at[:MOST_OPERANDS_SHOWN]]
    return f"{error.ulps:.2f}", ", ".join([*operands, *(["…"] if len(error.at) > MOST_OPERANDS_SHOWN else [])])
