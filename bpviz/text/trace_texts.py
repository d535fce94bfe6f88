"""The four texts of a trace: its table, its derivation, its code and its derivatives in closed form.

Every keyword has the name of the command line's option. `digits` are significant digits and `decimals` places behind
the point; decimals=None means that digits counts. `limit` raises limits, as in {"derived": 500}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.formula.numerals import rounding_to
from bpviz.graph import Graph
from bpviz.grouping import GroupedGraph, group
from bpviz.limits import check_derived, set_limits
from bpviz.text.report import Text

ENTRY_BY_ENTRY = "bpviz steps has the rule of every operation, and --unroll writes all entries"


def table(
    trace: Trace,
    *,
    digits: int | None = None,
    decimals: int | None = None,
    format: str = "plain",  # noqa: A002  the command line's word
    limit: Mapping[str, int] | None = None,
) -> Text:
    """Return every number of a trace as plain, markdown, latex, csv or json text."""
    from bpviz.text.trace_report import TraceReport
    from bpviz.text.vector_report import VectorReport
    from bpviz.text.writers import write

    report = VectorReport if trace.graph.vectors else TraceReport
    return write(report(trace, rounding_to(digits, decimals)), format)


def steps(
    what: Graph | Trace,
    *,
    digits: int | None = None,
    decimals: int | None = None,
    symbolic: bool = False,
    only: str | None = None,
    for_: str | None = None,
    format: str = "plain",  # noqa: A002  the command line's word
    limit: Mapping[str, int] | None = None,
) -> Text:
    """Return the derivation of a trace with its numbers, or of a graph in symbols, as plain, markdown, latex or typst.

    symbolic leaves the numbers of a trace out. only is the name of an input or a gate: how its value is computed, how
    its gradient comes in and what it hands on. for_ is one too: the steps on the paths from it to the output.
    """
    from bpviz.text.derivation_formats import write_derivation
    from bpviz.text.deriving import derive

    graph = what if isinstance(what, Graph) else what.graph
    check_derived(len(graph.gate_ids), set_limits(limit).derived)
    return write_derivation(derive(graph if symbolic else what, rounding_to(digits, decimals), only, for_), format)


def code(
    what: Graph | Trace,
    *,
    digits: int = 3,
    decimals: int | None = None,
    lang: str = "python",
    limit: Mapping[str, int] | None = None,
) -> Text:
    """Return a graph or a trace as code in python, numpy, javascript, torch, jax or latex: the staged computation.

    Of a trace it is a script that prints the output and its gradients, of a graph a function that returns them.
    """
    from bpviz.text.code_listings import write_listing

    graph, trace = (what, None) if isinstance(what, Graph) else (what.graph, what)
    return make_listing(write_listing(graph, trace, lang, rounding_to(digits, decimals)), is_latex=lang == "latex")


def symbolic(
    what: Graph | Trace,
    *,
    digits: int = 3,
    decimals: int | None = None,
    simplify: bool = False,
    expand: bool = False,
    local: bool = False,
    format: str = "text",  # noqa: A002  the command line's word
    limit: Mapping[str, int] | None = None,
) -> Text:
    """Return the derivative of a graph by every input as a formula: as text, latex, python or html.

    The names that the program gives its values stand in it where that is shorter; expand writes them out. simplify
    cancels what is written out, too; local adds each gate's local gradients. With vectors it is in matrix notation, and
    always cancelled.
    """
    from bpviz.text.closed_forms import symbolic as write_symbolic
    from bpviz.text.vector_closed_forms import write_vector_forms

    graph = group(what if isinstance(what, Graph) else what.graph)
    rounding = rounding_to(digits, decimals)
    limits = set_limits(limit)
    if isinstance(graph, GroupedGraph):
        if local or format == "python":
            wanted = "a local gradient of a vector is" if local else "a function of vectors in closed form is"
            raise UsageError(f"{wanted} not written", hint=ENTRY_BY_ENTRY)
        check_derived(len(graph.gate_ids), limits.derived)
        write: Callable[[str], str] = partial(write_vector_forms, graph, rounding, expand=expand)
    else:
        write = partial(
            write_symbolic, graph, simplify=simplify, expand=expand, local=local, rounding=rounding, limit=limits
        )
    if format == "text":
        return Text(write("text"), html=partial(write, "html"), latex=partial(write, "latex"))
    return make_listing(write(format), is_latex=format == "latex")


def make_listing(code: str, *, is_latex: bool) -> Text:
    """Make a text of code: on a notebook's page as it is, exported to LaTeX verbatim unless it is LaTeX itself."""
    from bpviz.text.notebook_html import write_listing_html

    latex = code if is_latex else f"\\begin{{verbatim}}\n{code}\\end{{verbatim}}\n"
    return Text(code, html=partial(write_listing_html, code), latex=lambda: latex)
