"""A program as mathematics: the whole formula where it is short, and otherwise one line a named statement.

What was typed is kept: the names that the program itself gives are those that stand on the left.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bpviz.graph import Graph
from bpviz.views.formula import Atom, Formula, Term, forward
from bpviz.views.numerals import THREE_DIGITS, Rounding
from bpviz.views.printing import leaf
from bpviz.views.reduced import quotient, times

LARGEST = 30  # parts of a formula that is set whole
MOST = 7  # statements on a slide: more of them, and only the output's is shown
ASSIGNED = re.compile(r"(?:^|[;\n])\s*\\?(\w+)\s*=(?!=)")
HOLE = "\0"  # begins the text of an atom that stands for an operand's formula


class Statement(NamedTuple):
    """A name, or another left side, as a function of the arguments where it has any, and the formula that it is."""

    name: Formula
    arguments: tuple[Atom, ...]
    formula: Formula


def statements(graph: Graph, rounding: Rounding = THREE_DIGITS) -> tuple[Statement, ...]:
    """Return a graph as statements, the output last: one if its formula is short, or else one for each name typed."""
    inputs = tuple(Atom(graph.nodes[i].name) for i in graph.inputs)
    output = Atom(graph.output_name)
    whole = _formulas(graph, frozenset(), rounding)[graph.output]
    if _size(whole) <= LARGEST:
        return (Statement(output, inputs, whole),)
    typed = frozenset(ASSIGNED.findall(graph.source))
    named = [i for i in graph.steps if graph.nodes[i].name in typed and i != graph.output]
    formulas = _formulas(graph, frozenset(named), rounding)
    if len(named) < MOST and all(_size(formulas[i]) <= LARGEST for i in (*named, graph.output)):
        lines = [Statement(Atom(graph.nodes[i].name), (), formulas[i]) for i in named]
        return (*lines, Statement(output, (), formulas[graph.output]))
    direct = _formulas(graph, frozenset(graph.steps) - {graph.output}, rounding)[graph.output]
    return (Statement(output, (), direct),)


def _formulas(graph: Graph, cuts: frozenset[int], rounding: Rounding) -> list[Formula]:
    """Return every node's formula over the inputs and the nodes at which it is cut; one that grows too large is cut."""
    formulas: list[Formula] = []
    seen_outside: list[Formula] = []
    for i, node in enumerate(graph.nodes):
        formula: Formula = leaf(node, rounding)
        if node.gate:
            holes = [Atom(f"{HOLE}{operand}") for operand in node.operands]
            template = forward(node.gate, holes, Atom(""), mathematics=True)
            formula = _filled(template, seen_outside)
        formulas.append(formula)
        is_cut = i in cuts or (node.gate and _size(formula) > LARGEST + 1)
        seen_outside.append(Atom(node.name) if is_cut else formula)
    return formulas


def _filled(template: Formula, formulas: list[Formula]) -> Formula:
    """Return a gate's formula with those of its operands in the holes; the recursion is over the gate table's only."""
    if isinstance(template, Atom):
        return formulas[int(template.text[1:])] if template.text.startswith(HOLE) else template
    parts = [_filled(part, formulas) for part in template.parts]
    if template.head == "*" and len(parts) == 2 and isinstance(parts[1], Term) and parts[1].head == "/":
        return quotient(times(parts[0], parts[1].parts[0]), parts[1].parts[1])
    if template.head == "+" and isinstance(parts[0], Term) and parts[0].head == "+":
        return Term("+", (*parts[0].parts, *parts[1:]))
    return Term(template.head, tuple(parts))


def _size(formula: Formula) -> int:
    return 1 if isinstance(formula, Atom) else 1 + sum(map(_size, formula.parts))
