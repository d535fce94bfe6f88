"""A program as mathematics: the whole formula where it is short, and otherwise one line a named statement.

What was typed is kept: the names that the program itself gives are those that stand on the left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bpviz.formula.numerals import THREE_DIGITS, Rounding
from bpviz.formula.printing import leaf
from bpviz.formula.reduced import quotient, times
from bpviz.formula.tree import Atom, Formula, Term, forward
from bpviz.graph import Graph

LARGEST = 30  # parts of a formula that is set whole
LARGEST_UNNAMED = 90  # where nothing has a name that could stand for a part of it
MOST = 7  # statements on a slide, or arguments of a function: of more only the output is shown
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
    typed = frozenset(ASSIGNED.findall(graph.source))
    named = [i for i in graph.gate_ids if graph.nodes[i].name in typed and i != graph.output]
    whole = _formula(graph, graph.output, (), rounding)
    if whole and _size(whole) <= (LARGEST if named else LARGEST_UNNAMED):
        return (Statement(output, inputs if len(inputs) <= MOST else (), whole),)
    formulas = [_formula(graph, i, named, rounding) for i in (*named, graph.output)]
    if len(named) < MOST and all(each and _size(each) <= LARGEST for each in formulas):
        names = [*(Atom(graph.nodes[i].name) for i in named), output]
        return tuple(Statement(name, (), each) for name, each in zip(names, formulas, strict=True) if each)
    direct = _formula(graph, graph.output, graph.gate_ids, rounding)
    return (Statement(output, (), direct or output),)


def _formula(graph: Graph, wanted: int, cuts: Sequence[int], rounding: Rounding) -> Formula | None:
    """Return a node's formula over the inputs and the nodes at which it is cut; None if it is too large for a slide."""
    known = frozenset(cuts) - {wanted}
    formulas: list[Formula | None] = []
    for i, node in enumerate(graph.nodes[: wanted + 1]):
        if node.gate is None or i in known:
            formulas.append(leaf(node, rounding))
            continue
        operands = [formulas[operand] for operand in node.operands]
        template = forward(node.gate, [Atom(f"{HOLE}{k}") for k in range(len(operands))], Atom(""), mathematics=True)
        parts = [part for part in operands if part]
        formula = _filled(template, parts) if len(parts) == len(operands) else None
        formulas.append(formula if formula and _size(formula) <= LARGEST_UNNAMED else None)
    return formulas[wanted]


def _filled(template: Formula, formulas: Sequence[Formula]) -> Formula:
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
