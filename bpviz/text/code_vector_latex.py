"""LaTeX of a program with vectors: not yet; the scalars that it is made of have one."""

from __future__ import annotations

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.formula.numerals import Rounding
from bpviz.graph import Graph


def write_vectors_in_latex(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Refuse, and say what works."""
    raise UsageError("no listing of vectors is written in latex", hint="unroll it: --unroll, or graph.unroll()")
