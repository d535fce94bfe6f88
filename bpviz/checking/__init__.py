"""Check gradients: by differences, by exact derivatives, and somebody's answers with the slips behind wrong ones.

The package is not called check, because the function bpviz.check is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.formula.numerals import rounding_to
from bpviz.limits import set_limits
from bpviz.text.report import Text
from bpviz.text.writers import write

if TYPE_CHECKING:
    from bpviz.checking.answers import AnswerReport
    from bpviz.checking.check_report import CheckReport

__all__ = ["Check", "check"]

CHECK_DIGITS, ANSWER_DIGITS = 6, 3  # the numbers of a check are alike in fewer


@dataclass(frozen=True, repr=False)
class Check:
    """What a check found. Printed, it is the table that the command line prints; a notebook shows it as one."""

    report: CheckReport | AnswerReport

    @property
    def is_right(self) -> bool:
        """Say whether no gradient differs, or all answers are right."""
        return self.report.is_right

    def text(self, format: str = "plain") -> Text:  # noqa: A002  the command line's word
        """Return it as plain, markdown, latex, csv or json text."""
        return write(self.report, format)

    def __str__(self) -> str:
        return self.text().rstrip("\n")

    def __repr__(self) -> str:
        return f"<Check of {self.report.subject}: {'right' if self.is_right else 'wrong'}>"

    def __rich__(self) -> Text:
        return self.text()

    def _repr_html_(self) -> str | None:
        return self.text()._repr_html_()

    def _repr_latex_(self) -> str | None:
        return self.text()._repr_latex_()


def check(
    trace: Trace,
    *,
    digits: int | None = None,
    decimals: int | None = None,
    all: bool = False,  # noqa: A002  the command line's --all
    claim: str | Sequence[str] | Mapping[str, object] = (),
    claims: str | os.PathLike[str] | None = None,
    tolerance: float = 1e-6,
    limit: Mapping[str, int] | None = None,
) -> Check:
    """Compare the gradients of a trace with a central difference and with sympy's exact derivative.

    `all` checks every gate too, not only the inputs. With `claim` it is somebody's answers that are marked instead,
    each as precisely as it is written: "x=0.18", "∂f/∂x = 2*x*y", of a vector "W=[[1, 2], [3, 4]]" or "W[0, 1]=2",
    several of these, or {"x": "0.18"}; `claims` is a file of them, a text or a .csv. `tolerance` is relative: a larger
    difference is an error. Raises UsageError for a claim that cannot be read, for a tolerance that is not above 0 and
    at most 1, and for a program that is too large.
    """
    allowed = set_limits(limit)
    if claim or claims is not None:
        from bpviz.checking.answers import AnswerReport, mark
        from bpviz.checking.claims import read_claims, read_claims_of_file
        from bpviz.checking.vector_claims import read_vector_claims

        read_any: Callable[..., list[Any]] = read_vector_claims if trace.graph.vectors else read_claims
        read = partial(read_any, trace.graph, limits=allowed)
        found = [each for text in _list_claims(claim) for each in read(text)]
        found += read_claims_of_file(os.fspath(claims), read, allowed) if claims is not None else []
        answers = mark(trace, found)
        return Check(AnswerReport(trace, answers, rounding_to(ANSWER_DIGITS if digits is None else digits, decimals)))
    from bpviz.checking.check_report import CheckReport  # late: it imports sympy
    from bpviz.checking.entry_names import label_entries
    from bpviz.checking.vector_check_report import VectorCheckReport
    from bpviz.checking.verdicts import compare

    vectors, scalars = trace.graph.vectors, label_entries(trace) if trace.graph.vectors else trace
    verdicts = compare(scalars, every=all, tolerance=tolerance, limit=allowed.checked)
    rounding = rounding_to(CHECK_DIGITS if digits is None else digits, decimals)
    return Check(VectorCheckReport(verdicts, rounding, vectors) if vectors else CheckReport(verdicts, rounding))


def _list_claims(claim: str | Sequence[str] | Mapping[str, object]) -> Sequence[str]:
    if isinstance(claim, Mapping):
        return [f"{name}={number.tolist() if hasattr(number, 'tolist') else number}" for name, number in claim.items()]
    texts = [claim] if isinstance(claim, str) else claim
    if not isinstance(texts, Sequence) or not all(isinstance(text, str) for text in texts):  # from untyped code
        raise UsageError(f"{claim!r:.60} claims nothing", hint='write claim="x=0.18", or claim={"x": "0.18"}')
    return texts
