"""The two passes of a program with vectors as aligned displays of LaTeX, in matrix notation."""

from __future__ import annotations

from collections.abc import Sequence

from bpviz.autodiff import Trace
from bpviz.formula import latex
from bpviz.formula.numerals import Rounding
from bpviz.formula.printing import show
from bpviz.formula.products import negate
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.graph import Graph
from bpviz.grouping import GroupedGraph, group
from bpviz.text.code_latex import PassFormulas, write_displays
from bpviz.text.derivation import DerivationScope
from bpviz.text.grid_formulas import make_numbers, shorten
from bpviz.text.vector_derivation import VectorDeriver


def write_vectors_in_latex(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Write the forward and the backward pass as two displays, with their values if there is a trace."""
    vectors = group(graph)
    assert isinstance(vectors, GroupedGraph)
    deriver = VectorDeriver(vectors, rounding, DerivationScope())

    def write_grid(node: int, numbers: Sequence[float]) -> str:
        return show(shorten(make_numbers(numbers, deriver.get_node(node).shape, rounding)), latex.LATEX)

    formulas = PassFormulas(deriver.write_formula, lambda wire: drop_ones(deriver.write_product(wire)))
    if trace and (numbers := trace.vectors):
        formulas = formulas._replace(
            value=lambda node: write_grid(node, numbers.value(node)),
            gradient=lambda node: write_grid(node, numbers.gradient(node)),
        )
    return write_displays(vectors, formulas, trace.warnings if trace else graph.warnings, rounding)


def drop_ones(formula: Formula) -> Formula:
    """Leave out the factors of 1 in the products of a formula, and put the sign of −1 in front.

    >>> from bpviz.formula.printing import TEXT
    >>> show(drop_ones(Term("*", (Atom("-1", -1.0), Atom("x")))), TEXT)
    '−x'
    """
    if isinstance(formula, Atom):
        return formula
    parts = [drop_ones(part) for part in formula.parts]
    if formula.head not in ("*", "⊙"):
        return Term(formula.head, tuple(parts))
    signs = [_read_sign(part) for part in parts]
    left = [part for part, sign in zip(parts, signs, strict=True) if not sign] or parts[:1]
    product = left[0] if len(left) == 1 else Term(formula.head, tuple(left))
    return negate(product) if signs.count(-1) % 2 else product


def _read_sign(factor: Formula) -> int:
    """Return 1 or −1 for a factor that is that number, and 0 for any other."""
    if isinstance(factor, Term):
        return -_read_sign(factor.parts[0]) if factor.head == "negative" else 0
    return int(factor.value) if factor.value in (1.0, -1.0) else 0
