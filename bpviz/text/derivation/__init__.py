"""The derivation with the numbers put in: forward, then backward by the chain rule, in step order."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.autodiff import Trace
from bpviz.formula.numerals import THREE_DIGITS, Rounding
from bpviz.text.derivation.plain import pieces, plain
from bpviz.text.derivation.records import Derivation, derive, read_through
from bpviz.text.derivation.typeset import latex, markdown, typst
from bpviz.text.writers import writer_of

__all__ = ["derive", "pieces", "steps"]

FORMATS: dict[str, Callable[[Derivation], str]] = {
    "plain": plain,
    "markdown": markdown,
    "latex": latex,
    "typst": typst,
}


def steps(
    trace: Trace,
    format: str = "plain",  # noqa: A002  the command line's word
    rounding: Rounding = THREE_DIGITS,
    only: str | None = None,
) -> str:
    """Return the derivation of a trace as plain, markdown, latex or typst text; UsageError for any other format.

    only keeps what concerns one input or gate: how its value is computed, how its gradient comes in, and what it
    hands on. UsageError if nothing has that name.
    """
    return writer_of(FORMATS, format, "no derivation is written as")(read_through(derive(trace, rounding, only)))
