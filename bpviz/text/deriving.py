"""Derive a program: number by number, or vector by vector where it has vectors."""

from __future__ import annotations

from bpviz.autodiff import Trace
from bpviz.formula.numerals import Rounding
from bpviz.graph import Graph
from bpviz.grouping import GroupedGraph, group
from bpviz.noise import clear_noise
from bpviz.text.derivation import Derivation, Deriver, choose_scope
from bpviz.text.number_derivation import NumberDeriver
from bpviz.text.vector_derivation import VectorDeriver, VectorNumberDeriver


def derive(what: Graph | Trace, rounding: Rounding, only: str | None = None, for_: str | None = None) -> Derivation:
    """Derive a trace with its numbers or a graph in symbols, forward and backward.

    only is the name of an input or gate: what concerns it. for_ is another: the steps on the paths from it to the
    output. Raises UsageError if nothing has that name.
    """
    program = what if isinstance(what, Graph) else what.graph
    graph, trace = group(program), None if isinstance(what, Graph) else clear_noise(what)
    scope = choose_scope(graph, only, for_)
    if isinstance(graph, GroupedGraph):
        vectors = VectorNumberDeriver(graph, rounding, scope, trace) if trace else VectorDeriver(graph, rounding, scope)
        return vectors.compose(program, for_)
    scalars = NumberDeriver(graph, rounding, scope, trace) if trace else Deriver(graph, rounding, scope)
    return scalars.compose(program, for_)
