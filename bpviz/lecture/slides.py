"""What stands on a slide, as data: words, equations, a table, and the numbers that the figure shows.

A slide is written in no notation yet. slide_sequence makes the slides of a lecture, slide_layout says where things
stand on them, and deck_typst, deck_html and deck_beamer write the same slides each in its own language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from bpviz.autodiff import Trace
from bpviz.figure.diagram import GRADIENT, NEW, SHOWN, VALUE, Stage
from bpviz.figure.lettering import cut
from bpviz.formula.numerals import ABOUT, THREE_DIGITS, Rounding
from bpviz.formula.printing import TEXT, Style, equate, show
from bpviz.formula.products import divide, multiply
from bpviz.formula.tree import GRIDS, Atom, Formula, Term
from bpviz.gates import fill_formula
from bpviz.graph import Graph, leaf
from bpviz.grouping import GroupedGraph, group
from bpviz.text.derivation import DerivationScope, Equation
from bpviz.text.derivation_formats import write_plain_chain
from bpviz.text.grid_formulas import list_rows
from bpviz.text.vector_derivation import VectorDeriver
from bpviz.vectors.rule_numbers import fill_rule

TITLE, FORWARD, BACKWARD, RESULT = "title", "forward", "backward", "result"  # the parts of a deck
ROLES = {FORWARD: VALUE, BACKWARD: GRADIENT}  # the parts whose headings and results have a colour, and whose it is

LONGEST_NAME = 24  # characters: a longer name is cut in the middle, since no slide holds it
MOST_TERMS = 12  # operands of a sum or a product, which can go over several lines
MOST_OPERANDS = 6  # operands of a function, which cannot
FIRST_OPERANDS = 3  # of too many operands, so many stand before the dots, and the last behind them
DOTS = Atom("…", 0.0)  # with a value, so that it is set as a number: no notation makes a name of it

LARGEST_FORMULA = 30  # parts of a formula that is shown whole
LARGEST_UNNAMED_FORMULA = 90  # likewise, where no part of it has a name that could stand for it
MOST_STATEMENTS = 7  # on a slide: of a program with more only the output is shown
MOST_ARGUMENTS = 7  # of f(x, y): with more, only f is written
ASSIGNED_NAME = re.compile(r"(?:^|[;\n])\s*\\?(\w+)\s*=(?!=)")


class Equality(NamedTuple):
    """A left side and the formula that it is equal to, as in "x = 3" or "f(x, y) = x·y".

    arguments are x and y in the second, and none in the first.
    """

    name: Formula
    arguments: tuple[Atom, ...]
    formula: Formula


Words: TypeAlias = tuple[str | Formula | Equality, ...]  # a sentence with formulas in it


class Remark(NamedTuple):
    """A line of a slide that is a sentence."""

    words: Words


Line: TypeAlias = Equation | Equality | Remark


class Column(NamedTuple):
    """The head of a column, whether it holds numbers, which stand flush right, and the role whose colour they have."""

    head: str
    is_number: bool = False
    role: str = ""


class NumberTable(NamedTuple):
    """A table of a slide: its columns, and rows of one cell for each of them."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]


class Slide(NamedTuple):
    """One slide.

    part          TITLE, FORWARD, BACKWARD or RESULT
    heading       what stands above
    lines         what is said about the figure
    note          a sentence for the speaker, and for those who cannot see the figure
    stage         which numbers the figure shows; None on a slide without the figure
    gate_formula  the formula of the gate that the heading ends with, on a slide of the chain rule
    table         the table of all numbers, on a slide that has it
    """

    part: str
    heading: Words
    lines: tuple[Line, ...]
    note: Words
    stage: Stage | None = None
    gate_formula: Formula | None = None
    table: NumberTable | None = None


def collect_stages(slides: Sequence[Slide]) -> dict[int, Stage]:
    """Collect the stages of the slides that have the figure, by the numbers of the slides."""
    return {k: slide.stage for k, slide in enumerate(slides, start=1) if slide.stage}


def merge_stages(slides: Sequence[Slide]) -> Stage:
    """Merge the stages of all slides into one: what any slide shows is shown, new or highlighted in it."""
    stages = collect_stages(slides).values()
    states = {number: SHOWN for stage in stages for number in stage.states}
    states |= {number: NEW for stage in stages for number, state in stage.states.items() if state == NEW}
    return Stage(states, tuple(dict.fromkeys(shape for stage in stages for shape in stage.highlighted)))


def format_words(words: Words) -> str:
    """Write a sentence and its formulas as plain text."""
    return "".join(word if isinstance(word, str) else write_formula(word, TEXT) for word in words)


def format_line(line: Line, part: str) -> str:
    """Write a line of a slide as plain text; part is the slide's."""
    if isinstance(line, Remark):
        return format_words(line.words)
    if isinstance(line, Equality):
        return write_equality(line, TEXT)
    return " ".join(write_plain_chain(line, forward=part == FORWARD))


def write_formula(formula: Formula | Equality, style: Style) -> str:
    """Write a formula, or an equality with its sign, in the style of a notation."""
    return write_equality(formula, style) if isinstance(formula, Equality) else show(formula, style)


def write_equality(equality: Equality, style: Style, equals: str = "=", about: str = ABOUT) -> str:
    """Write an equality in the style of a notation, as in "f(x, y) = x·y"; equals and about are its signs there."""
    return equate(write_left_side(equality, style), equality.formula, style, equals=equals, about=about)


def write_left_side(equality: Equality, style: Style) -> str:
    """Write what stands before the sign of an equality, as in "f(x, y)"."""
    arguments = ", ".join(show(each, style) for each in equality.arguments)
    return show(equality.name, style) + (f"({arguments})" if arguments else "")


def shorten_names(trace: Trace) -> Trace:
    """Cut names that are too long for a slide in the middle; a trace without any is returned as it is."""

    def shorten(name: str) -> str:
        return name if len(name) <= LONGEST_NAME else cut(name, LONGEST_NAME / 2, 1.0)

    graph = trace.graph
    nodes = tuple(node._replace(name=shorten(node.name)) for node in graph.nodes)
    output, vectors = shorten(graph.output_name), graph.vectors
    if vectors:
        vectors = replace(vectors, nodes=tuple(node._replace(name=shorten(node.name)) for node in vectors.nodes))
    if nodes == graph.nodes and output == graph.output_name and vectors == graph.vectors:
        return trace
    return replace(trace, graph=replace(graph, nodes=nodes, output_name=output, vectors=vectors))


def abbreviate(formula: Formula) -> Formula:
    """Replace operands by dots, wherever a formula has more of them than a slide can show.

    >>> show(abbreviate(Term("max", tuple(Atom(name) for name in "abcdefgh"))), TEXT)
    'max(a, b, c, …, h)'

    Grids are as they were: a large one has lost its inner entries before.
    """
    if isinstance(formula, Atom) or formula.head in GRIDS:
        return formula
    parts = tuple(map(abbreviate, formula.parts))
    if len(parts) > (MOST_TERMS if formula.head in ("+", "terms", "*") else MOST_OPERANDS):
        parts = (*parts[:FIRST_OPERANDS], DOTS, parts[-1])
    return Term(formula.head, parts)


def list_equalities(graph: Graph, rounding: Rounding = THREE_DIGITS) -> tuple[Equality, ...]:
    """Write a program as mathematics, the output last.

    A short program is one formula. A longer one has a line for each name that somebody typed, in the typed order, and
    where these are too many or too long, the output's gate alone. A program with vectors has its operations.
    """
    graph = group(graph)
    inputs = tuple(Atom(graph.nodes[i].name) for i in graph.inputs)
    output = Atom(graph.output_name)
    typed = frozenset(ASSIGNED_NAME.findall(graph.source))
    named = [i for i in graph.gate_ids if graph.nodes[i].name in typed and i != graph.output]
    # A layer of vectors is a statement, and written into the next it is no longer seen.
    whole = None if graph.vectors and named else _expand(graph, graph.output, (), rounding)
    if whole and _count_parts(whole) <= (LARGEST_FORMULA if named else LARGEST_UNNAMED_FORMULA):
        return (Equality(output, inputs if len(inputs) <= MOST_ARGUMENTS else (), whole),)
    formulas = [_expand(graph, i, named, rounding) for i in (*named, graph.output)]
    if len(named) < MOST_STATEMENTS and all(each and _count_parts(each) <= LARGEST_FORMULA for each in formulas):
        names = [*(Atom(graph.nodes[i].name) for i in named), output]
        return tuple(Equality(name, (), each) for name, each in zip(names, formulas, strict=True) if each)
    gate = _expand(graph, graph.output, graph.gate_ids, rounding)
    return (Equality(output, (), gate or output),)


def _expand(graph: Graph, wanted: int, named: Sequence[int], rounding: Rounding) -> Formula | None:
    """Write a node as a formula of the inputs and of the named nodes; None if that is too large for a slide."""
    names = frozenset(named) - {wanted}
    formulas: list[Formula | None] = []
    for i, node in enumerate(graph.nodes[: wanted + 1]):
        if node.gate is None or i in names:
            formulas.append(leaf(node, rounding))
            continue
        operands = [known for k in node.operands if (known := formulas[k])]
        formula = None
        if len(operands) == len(node.operands):
            formula = _write_of(graph, i, operands, rounding)
        formulas.append(formula if formula and _count_parts(formula) <= LARGEST_UNNAMED_FORMULA else None)
    return formulas[wanted]


def _write_of(graph: Graph, node: int, operands: Sequence[Formula], rounding: Rounding) -> Formula:
    """Write what a node computes of the formulas of its operands."""
    if isinstance(graph, GroupedGraph):
        names = {graph.nodes[i].name: each for i, each in zip(graph.nodes[node].operands, operands, strict=True)}
        return fill_rule(VectorDeriver(graph, rounding, DerivationScope()).write_formula(node), names)
    gate = graph.nodes[node].gate
    assert gate
    holes = [Atom(f"\0{k}") for k in range(len(operands))]  # no name begins so
    formula = fill_formula(gate, holes, Atom(""), mathematics=True)
    return _fill_holes(formula, dict(zip(holes, operands, strict=True)))


def _fill_holes(template: Formula, operands: Mapping[Atom, Formula]) -> Formula:
    """Put the operands' formulas into a gate's. The recursion is as deep as the gate table's formulas, no deeper."""
    if isinstance(template, Atom):
        return operands.get(template, template)
    parts = [_fill_holes(part, operands) for part in template.parts]
    if template.head == "*" and len(parts) == 2 and isinstance(parts[1], Term) and parts[1].head == "/":
        return divide(multiply(parts[0], parts[1].parts[0]), parts[1].parts[1])  # a·(1/b) is a/b
    if template.head == "+" and isinstance(parts[0], Term) and parts[0].head == "+":
        return Term("+", (*parts[0].parts, *parts[1:]))  # (a + b) + c needs no brackets
    return Term(template.head, tuple(parts))


def count_rows(slide: Slide) -> int:
    """Count the rows of text that the lines of a slide have: a matrix has several."""
    return sum(map(count_line_rows, slide.lines))


def count_line_rows(line: Line) -> int:
    """Count the rows of text of a line: those of its highest matrix, or 1."""
    formulas: list[str | Formula | None]
    if isinstance(line, Remark):
        formulas = [word.formula if isinstance(word, Equality) else word for word in line.words]
    else:
        formulas = [line.formula] if isinstance(line, Equality) else [line.symbols, line.numbers, line.result]
    return max([1, *(count_grid_rows(each) for each in formulas if isinstance(each, Atom | Term))])


def count_grid_rows(formula: Formula) -> int:
    """Count the rows of the highest matrix in a formula; 0 if it has none."""
    if isinstance(formula, Atom):
        return 0
    if formula.head in GRIDS:
        return len(list_rows(formula))
    return max(map(count_grid_rows, formula.parts), default=0)


def _count_parts(formula: Formula) -> int:
    return 1 if isinstance(formula, Atom) else 1 + sum(map(_count_parts, formula.parts))
