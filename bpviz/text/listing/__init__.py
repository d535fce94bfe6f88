"""A program as code: the staged computation of a lecture, in several languages, from one set of names and steps."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.autodiff import Trace
from bpviz.formula.numerals import THREE_DIGITS, Rounding
from bpviz.graph import Graph
from bpviz.text.listing.displays import latex
from bpviz.text.listing.frameworks import jax, torch
from bpviz.text.listing.staged import numpy, python
from bpviz.text.writers import writer_of

LANGUAGES: dict[str, Callable[[Graph, Trace | None, Rounding], str]] = {
    "python": python,
    "numpy": numpy,
    "torch": torch,
    "jax": jax,
    "latex": latex,
}


def listing(graph: Graph, trace: Trace | None = None, lang: str = "python", rounding: Rounding = THREE_DIGITS) -> str:
    """Return a program as python, numpy, torch, jax or latex; UsageError for any other language.

    With a trace it is a script that prints the output and its gradients at the trace's point, without one a function
    of the inputs that returns the output and a dict of gradients. latex is two aligned displays, whose numbers are
    rounded; code carries every digit.
    """
    return writer_of(LANGUAGES, lang, "no listing is written in")(graph, trace, rounding)
