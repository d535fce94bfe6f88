"""The measured accuracy of the gates as a table: worst errors in units of the last place, and where they were met."""

from __future__ import annotations

from collections.abc import Iterable

from bpviz.check.accuracy import LIMIT, Accuracy, Worst
from bpviz.formula.numerals import number
from bpviz.text.tables import Block

HEADS = ("gate", "value", "at", "local gradient", "at", "points")
SHOWN = 3  # operands of a gate of several


def accuracy_table(measured: Iterable[Accuracy]) -> tuple[Block, tuple[str, ...]]:
    """Return a row a gate, and what there is to say of them all."""
    found = list(measured)
    rows = [(each.gate.name, *_worst(each.value), *_worst(each.slope), f"{each.points:,}") for each in found]
    worst = max((error.ulps for each in found for error in (each.value, each.slope)), default=0.0)
    over = [each.gate.name for each in found if not each.is_within_limit]
    verdict = f"more than {LIMIT:g} ulp: {', '.join(over)}" if over else f"every gate is within {LIMIT:g} ulp"
    return Block(HEADS, tuple(rows), numbers=(1, 3, 5)), (
        "errors in units of the last place (ulp), against mpmath at 50 digits; 0.50 is a correctly rounded result",
        f"the worst error is {worst:.2f} ulp; {verdict}",
    )


def _worst(error: Worst) -> tuple[str, str]:
    """Return an error and the operands that met it; an exact result was met everywhere."""
    if not error.ulps:
        return "exact", ""
    operands = [number(operand) for operand in error.at[:SHOWN]]
    return f"{error.ulps:.2f}", ", ".join([*operands, *(["…"] if len(error.at) > SHOWN else [])])
