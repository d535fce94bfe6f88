"""A program in, text out: its table, its derivation, its code, its derivatives in closed form, and its check.

Every keyword has the name of the command line's option. A notebook shows a text as it is, and Markdown as set.
"""

from __future__ import annotations

from collections.abc import Mapping

from bpviz.autodiff import Trace
from bpviz.formula.numerals import rounding_to
from bpviz.graph import Graph
from bpviz.limits import check_derived, limits
from bpviz.text.report import Markdown, Text


def table(
    trace: Trace,
    *,
    digits: int = 3,
    decimals: int | None = None,
    format: str = "plain",  # noqa: A002  the command line's word
    limit: Mapping[str, int] | None = None,
) -> Text:
    """Return every number of a trace as plain, markdown, latex, csv or json text."""
    from bpviz.text.tables import TraceReport
    from bpviz.text.writers import write

    return write(TraceReport(trace, rounding_to(digits, decimals)), format)


def steps(
    trace: Trace,
    *,
    digits: int = 3,
    decimals: int | None = None,
    only: str | None = None,
    format: str = "plain",  # noqa: A002  the command line's word
    limit: Mapping[str, int] | None = None,
) -> Text:
    """Return the derivation of a trace as plain, markdown, latex or typst text.

    only keeps what concerns one input or gate.
    """
    from bpviz.text.derivation import steps as text

    check_derived(len(trace.graph.gate_ids), limits(limit).derived)
    return _shown(text(trace, format, rounding_to(digits, decimals), only), format)


def code(
    what: Graph | Trace,
    *,
    digits: int = 3,
    decimals: int | None = None,
    lang: str = "python",
    limit: Mapping[str, int] | None = None,
) -> Text:
    """Return a graph or a trace as python, numpy, torch, jax or latex: the staged computation.

    With a trace it is a script that prints the output and its gradients, with a graph a function that returns them.
    """
    from bpviz.text.listing import listing

    graph, trace = (what, None) if isinstance(what, Graph) else (what.graph, what)
    return _shown(listing(graph, trace, lang, rounding_to(digits, decimals)), lang)


def symbolic(
    what: Graph | Trace,
    *,
    digits: int = 3,
    decimals: int | None = None,
    simplify: bool = False,
    local: bool = False,
    format: str = "text",  # noqa: A002  the command line's word
    limit: Mapping[str, int] | None = None,
) -> Text:
    """Return the derivative of a graph by every input as a formula: as text, latex or python.

    simplify asks sympy for a simplified form, local adds each gate's local gradients.
    """
    from bpviz.text.symbols import symbolic as text

    graph = what if isinstance(what, Graph) else what.graph
    rounding = rounding_to(digits, decimals)
    return _shown(text(graph, format, simplify=simplify, local=local, rounding=rounding, limit=limits(limit)), format)


def _shown(text: str, format: str) -> Text:  # noqa: A002  the command line's word
    if isinstance(text, Text):
        return text
    return Markdown(text) if format == "markdown" else Text(text)
