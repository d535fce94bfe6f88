"""Formulas of more operands than a slide can show: the first few, dots, and the last."""

from __future__ import annotations

from bpviz.formula.tree import Atom, Formula, Term

MOST_TERMS = 12  # of a sum or a product, which can go over several lines
MOST_OPERANDS = 6  # of a function, which cannot
KEPT = 3  # before the dots; one more stands behind them
DOTS = Atom("…", 0.0)  # as a number, so that no notation makes a name of it
FLAT = ("+", "terms", "*")


def elided(formula: Formula) -> Formula:
    """Return a formula with no more operands anywhere than a slide can show.

    >>> from bpviz.formula.printing import TEXT, show
    >>> show(elided(Term("max", tuple(Atom(name) for name in "abcdefgh"))), TEXT)
    'max(a, b, c, …, h)'
    """
    if isinstance(formula, Atom):
        return formula
    parts = tuple(map(elided, formula.parts))
    if len(parts) > (MOST_TERMS if formula.head in FLAT else MOST_OPERANDS):
        parts = (*parts[:KEPT], DOTS, parts[-1])
    return Term(formula.head, parts)
