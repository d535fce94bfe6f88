"""The check of a trace, or of somebody's answers, as one object that prints itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.formula.numerals import Rounding, rounding_to
from bpviz.limits import Limits, limits
from bpviz.text.report import Text
from bpviz.text.writers import write

if TYPE_CHECKING:
    from bpviz.checking.marking import Answer
    from bpviz.checking.verdicts import Verdicts

SIX_DIGITS, THREE_DIGITS = 6, 3  # of a check, whose numbers are alike, and of somebody's answers


@dataclass(frozen=True, repr=False)
class Check:
    """What a check found: a report on the gradients, or the answers that were claimed, marked.

    Printed, it is the table that the command line prints; a notebook shows it as one.
    """

    trace: Trace
    verdicts: Verdicts | None
    answers: tuple[Answer, ...]
    rounding: Rounding

    @property
    def is_right(self) -> bool:
        """Say whether no gradient differs, or all answers are right."""
        return self.verdicts.is_right if self.verdicts else all(answer.is_right for answer in self.answers)

    def text(self, format: str = "plain") -> Text:  # noqa: A002  the command line's word
        """Return it as plain, markdown, latex, csv or json text."""
        from bpviz.checking.marking import AnswerReport
        from bpviz.checking.verdict_report import CheckReport

        if self.verdicts:
            return write(CheckReport(self.verdicts, self.rounding), format)
        return write(AnswerReport(self.trace, self.answers, self.rounding), format)

    def __str__(self) -> str:
        return self.text().rstrip("\n")

    def __repr__(self) -> str:
        """Return a line that says what was checked, and whether it is right."""
        verdict = "right" if self.is_right else "wrong"
        if self.verdicts:
            count, what = len(self.verdicts.rows), "gradient"
        else:
            count, what = len(self.answers), "answer"
        return f"<Check of {count} {what}{'' if count == 1 else 's'}: {verdict}>"

    def __rich__(self) -> Text:
        return self.text()

    def _repr_markdown_(self) -> str:
        return self.text("markdown")


def check(
    trace: Trace,
    *,
    digits: int | None = None,
    decimals: int | None = None,
    all: bool = False,  # noqa: A002  the command line's --all
    claim: str | Sequence[str] | Mapping[str, object] = (),
    tolerance: float = 1e-6,
    limit: Mapping[str, int] | None = None,
) -> Check:
    """Return how the gradients of a trace compare with a central difference and with sympy's exact derivative.

    all checks every gate too. With claim it is somebody's answers that are marked, each as precisely as it is written:
    "x=0.18", several of these, or {"x": "0.18"}.
    """
    most = limits(limit)
    if claim:
        return _marked(trace, claim, rounding_to(THREE_DIGITS if digits is None else digits, decimals), most)
    from bpviz.checking.verdicts import compare

    verdicts = compare(trace, every=all, tolerance=tolerance, most=most.checked)
    return Check(trace, verdicts, (), rounding_to(SIX_DIGITS if digits is None else digits, decimals))


def _marked(trace: Trace, claim: str | Sequence[str] | Mapping[str, object], rounding: Rounding, most: Limits) -> Check:
    from bpviz.checking.claims import read_claim
    from bpviz.checking.marking import mark

    if isinstance(claim, Mapping):
        claim = [f"{name}={number}" for name, number in claim.items()]
    texts = [claim] if isinstance(claim, str) else claim
    if not isinstance(texts, Sequence) or not all(isinstance(text, str) for text in texts):  # from untyped code
        raise UsageError(f"{claim!r:.60} claims nothing", hint='write claim="x=0.18", or claim={"x": "0.18"}')
    return Check(trace, None, tuple(mark(trace, [read_claim(trace.graph, text, most) for text in texts])), rounding)
