"""A program in, text out: its table, its derivation, its code, its derivatives in closed form, and its check.

Every keyword has the name of the command line's option. A notebook shows a text as it is, and Markdown as set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bpviz.autodiff import run
from bpviz.errors import UsageError
from bpviz.graph import Graph
from bpviz.keywords import told
from bpviz.lang import graph_of
from bpviz.limits import Limits, check_derived, limits
from bpviz.views.numerals import Rounding, rounding_to

if TYPE_CHECKING:
    from bpviz.autodiff import Trace
    from bpviz.checking.verdicts import Report
    from bpviz.views.claims import Answer

SIX_DIGITS, THREE_DIGITS = 6, 3  # of a check, whose numbers are alike, and of somebody's answers


class Text(str):
    """A text that a notebook shows as it is, not in quotation marks."""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))


class Markdown(Text):
    """A text that a notebook sets."""

    def _repr_markdown_(self) -> str:
        return str(self)


@told
def table(
    program: str | Graph,
    *,
    set: Mapping[str, float] | None = None,  # noqa: A002  the command line's --set
    gates: str = "lecture",
    share: bool = False,
    constants: bool = False,
    digits: int = 3,
    decimals: int | None = None,
    format: str = "plain",  # noqa: A002  the command line's word
    limit: Mapping[str, int] | None = None,
    **inputs: float,
) -> Text:
    """Return every number of a program at a point as plain, markdown, latex, csv or json text.

    >>> print(table("x*y", x=2, y=3, format="csv").splitlines()[1])
    input,,x,,,2.0,3.0,,,
    """
    from bpviz.views.table import table as text

    graph = graph_of(program, gates=gates, share=share, constants=constants, limit=limit)
    return _shown(text(run(graph, {**(set or {}), **inputs}), format, rounding_to(digits, decimals)), format)


@told
def steps(
    program: str | Graph,
    *,
    set: Mapping[str, float] | None = None,  # noqa: A002  the command line's --set
    gates: str = "lecture",
    share: bool = False,
    constants: bool = False,
    digits: int = 3,
    decimals: int | None = None,
    only: str | None = None,
    format: str = "plain",  # noqa: A002  the command line's word
    limit: Mapping[str, int] | None = None,
    **inputs: float,
) -> Text:
    """Return the derivation of a program at a point as plain, markdown, latex or typst text.

    only keeps what concerns one input or gate.

    >>> print(steps("x*y", x=2, y=3).splitlines()[0])
    f at x = 2, y = 3
    """
    from bpviz.views.steps import steps as text

    graph = graph_of(program, gates=gates, share=share, constants=constants, limit=limit)
    check_derived(len(graph.steps), limits(limit).derived)
    trace = run(graph, {**(set or {}), **inputs})
    return _shown(text(trace, format, rounding_to(digits, decimals), only), format)


@told
def code(
    program: str | Graph,
    *,
    set: Mapping[str, float] | None = None,  # noqa: A002  the command line's --set
    gates: str = "lecture",
    share: bool = False,
    constants: bool = False,
    digits: int = 3,
    decimals: int | None = None,
    lang: str = "python",
    limit: Mapping[str, int] | None = None,
    **inputs: float,
) -> Text:
    """Return a program as python, numpy, torch, jax or latex: the staged computation.

    With values it is a script that prints the output and its gradients, without any a function that returns them.
    """
    from bpviz.views.listing import listing

    graph = graph_of(program, gates=gates, share=share, constants=constants, limit=limit)
    point = {**(set or {}), **inputs}
    is_complete = all(graph.nodes[i].name in graph.defaults for i in graph.inputs)
    trace = run(graph, point) if point or is_complete else None
    return _shown(listing(graph, trace, lang, rounding_to(digits, decimals)), lang)


@told
def symbolic(
    program: str | Graph,
    *,
    gates: str = "lecture",
    share: bool = False,
    constants: bool = False,
    digits: int = 3,
    decimals: int | None = None,
    simplify: bool = False,
    local: bool = False,
    format: str = "text",  # noqa: A002  the command line's word
    limit: Mapping[str, int] | None = None,
) -> Text:
    """Return the derivative of a program by every input as a formula: as text, latex or python.

    simplify asks sympy for a simplified form, local adds each gate's local gradients.

    >>> print(symbolic("x*y^2").splitlines()[-1])
    ∂f/∂y = 2·y·x
    """
    from bpviz.views.symbols import symbolic as text

    graph = graph_of(program, gates=gates, share=share, constants=constants, limit=limit)
    rounding = rounding_to(digits, decimals)
    return _shown(text(graph, format, simplify=simplify, local=local, rounding=rounding, limit=limits(limit)), format)


@dataclass(frozen=True, repr=False)
class Check:
    """What a check found: a report on the gradients, or the answers that were claimed, marked.

    Printed, it is the table that the command line prints; a notebook shows it as one.
    """

    trace: Trace
    report: Report | None
    answers: tuple[Answer, ...]
    rounding: Rounding

    @property
    def is_right(self) -> bool:
        """Say whether no gradient differs, or all answers are right."""
        return self.report.is_right if self.report else all(answer.is_right for answer in self.answers)

    def text(self, format: str = "plain") -> str:  # noqa: A002  the command line's word
        """Return it as plain, markdown, latex, csv or json text."""
        from bpviz.views import check as reports
        from bpviz.views import claims

        if self.report:
            return reports.check(self.report, format, self.rounding)
        return claims.answers(self.trace, self.answers, format, self.rounding)

    def __repr__(self) -> str:
        return self.text().rstrip("\n")

    def _repr_markdown_(self) -> str:
        return self.text("markdown")


@told
def check(
    program: str | Graph,
    *,
    set: Mapping[str, float] | None = None,  # noqa: A002  the command line's --set
    gates: str = "lecture",
    share: bool = False,
    constants: bool = False,
    digits: int | None = None,
    decimals: int | None = None,
    all: bool = False,  # noqa: A002  the command line's --all
    claim: str | Sequence[str] | Mapping[str, object] = (),
    tolerance: float = 1e-6,
    limit: Mapping[str, int] | None = None,
    **inputs: float,
) -> Check:
    """Return how a program's gradients compare with a central difference and with sympy's exact derivative.

    all checks every gate too. With claim it is somebody's answers that are marked, each as precisely as it is written:
    "x=0.18", several of these, or {"x": "0.18"}.

    >>> check("x*y", x=2, y=3).is_right, check("x*y", x=2, y=3, claim="x=2").is_right
    (True, False)
    """
    graph = graph_of(program, gates=gates, share=share, constants=constants, limit=limit)
    most, trace = limits(limit), run(graph, {**(set or {}), **inputs})
    if claim:
        return _marked(trace, claim, rounding_to(THREE_DIGITS if digits is None else digits, decimals), most)
    from bpviz.checking.verdicts import compare

    report = compare(trace, every=all, tolerance=tolerance, most=most.checked)
    return Check(trace, report, (), rounding_to(SIX_DIGITS if digits is None else digits, decimals))


def _marked(trace: Trace, claim: str | Sequence[str] | Mapping[str, object], rounding: Rounding, most: Limits) -> Check:
    from bpviz.checking.claims import read_claim
    from bpviz.views.claims import mark

    if isinstance(claim, Mapping):
        claim = [f"{name}={number}" for name, number in claim.items()]
    texts = [claim] if isinstance(claim, str) else claim
    if not isinstance(texts, Sequence) or not all(isinstance(text, str) for text in texts):  # from untyped code
        raise UsageError(f"{claim!r:.60} claims nothing", hint='write claim="x=0.18", or claim={"x": "0.18"}')
    return Check(trace, None, tuple(mark(trace, [read_claim(trace.graph, text, most) for text in texts])), rounding)


def _shown(text: str, format: str) -> Text:  # noqa: A002  the command line's word
    return Markdown(text) if format == "markdown" else Text(text)
