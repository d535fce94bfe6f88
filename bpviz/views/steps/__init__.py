"""The derivation with the numbers put in: forward, then backward by the chain rule, in step order."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.views.numerals import THREE_DIGITS, Rounding
from bpviz.views.steps.plain import pieces, plain
from bpviz.views.steps.records import Derivation, derive, read_through
from bpviz.views.steps.typeset import latex, markdown, typst

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
    try:
        write = FORMATS[format]
    except KeyError:
        raise UsageError(f"no derivation is written as {format}", hint=f"choose one of {', '.join(FORMATS)}") from None
    return write(read_through(derive(trace, rounding, only)))
