"""The derivatives of a program with vectors in closed form, in matrix notation: ∂L/∂w = 2/3 · Xᵀ · r.

The rules of the operations are put into one another from the output back, and cancelled at every step
(grid_algebra.py). The names that the program gives its values stand in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial, reduce
from math import prod
from typing import NamedTuple

from bpviz.formula import latex
from bpviz.formula.mathml import MATHML
from bpviz.formula.numerals import Rounding
from bpviz.formula.printing import TEXT, Style, equate, show
from bpviz.formula.tree import ALL, GRIDS, LETTERS, Atom, Formula, Term, read
from bpviz.gates import Gate
from bpviz.graph import Wire, write_derivative
from bpviz.grouping import GroupedGraph
from bpviz.text import grid_algebra
from bpviz.text.derivation import DerivationScope
from bpviz.text.equations_html import write_equations
from bpviz.text.grid_algebra import (
    ONE,
    ONES,
    Expression,
    add,
    invert,
    make_atom,
    make_number,
    measure,
    multiply,
    scale,
    split,
)
from bpviz.text.grid_formulas import write_axis
from bpviz.text.vector_derivation import RESULT, VectorDeriver, list_repeated, name_axes
from bpviz.text.writers import find_writer
from bpviz.vectors import VectorOperation
from bpviz.vectors.rule_numbers import NUMBERS, UNIT, UPSTREAM

MOST_FACTORS = 8  # of a value that has no name; longer ones are called by their automatic names
CALL = "call"  # of the output, with the inputs in brackets
PLAIN_BRACKETS = replace(latex.LATEX, brackets="({})")
AS_TEXT = replace(TEXT, times=" · ")
Groups = Sequence[Sequence[tuple[Formula, Formula]]]


def write_vector_forms(graph: GroupedGraph, rounding: Rounding, format_: str, *, expand: bool = False) -> str:
    """Write the derivative by every input as text, latex or html; raise UsageError for any other format.

    expand writes out the names that the program gives its values.
    """
    write = find_writer(WRITERS, format_, "no formula is written as")
    return write(VectorForms(graph, rounding, set() if expand else {*graph.grid.named}).list_equations())


class Known(NamedTuple):
    """What a letter or a name stands for, and whether it is a grid."""

    expression: Expression
    is_grid: bool


@dataclass
class VectorForms:
    """Puts the derivatives together. values are the expressions of nodes, a name where the program gives one."""

    graph: GroupedGraph
    rounding: Rounding
    named: set[int]
    values: dict[int, Expression] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.deriver = VectorDeriver(self.graph, self.rounding, DerivationScope())
        self.named.discard(self.graph.output)
        self.written: dict[int, Expression] = {}  # what named nodes are equal to
        for i, node in enumerate(self.graph.grid.nodes):
            is_grid = bool(node.shape)
            if not node.operation:
                operand = self.deriver.write_operand(i)
                self.values[i] = make_atom(operand, is_grid=is_grid)
                if isinstance(operand, Atom) and operand.value is not None:
                    self.values[i] = read_number(operand)
                continue
            self.written[i] = self.values[i] = self.compute(i)
            if measure(self.values[i]) > MOST_FACTORS and i != self.graph.output:
                self.named.add(i)
            if i in self.named:
                self.values[i] = make_atom(Atom(node.name), is_grid=is_grid)

    def list_equations(self) -> Groups:
        """List the definitions of the names that occur, the output, and the derivatives by the inputs."""
        gradients = self.find_gradients()
        nodes, output = self.graph.grid.nodes, self.graph.output
        below = [(i, self.write(i, gradients[i])) for i in self.graph.inputs]
        seen = {name for _, formula in below for name in _list_names(formula)} | _list_names(self.write_value(output))
        used: list[int] = []
        for i in sorted(self.named, reverse=True):
            if nodes[i].name in seen:
                used.insert(0, i)
                seen |= _list_names(self.write_value(i))
        arguments = tuple(Atom(nodes[i].name) for i in self.graph.inputs)
        head: Formula = Term(CALL, (Atom(self.graph.output_name), *arguments))
        definitions: list[tuple[Formula, Formula]] = [
            *((Atom(nodes[i].name), self.write_value(i)) for i in used),
            (head, self.write_value(output)),
        ]
        return definitions, [(write_derivative(self.graph, i), formula) for i, formula in below]

    def write_value(self, node: int) -> Formula:
        """Write what a node is computed of."""
        return self.write(node, self.written.get(node, self.values[node]))

    def write(self, node: int, expression: Expression) -> Formula:
        """Write an expression that has the shape of a node."""
        return grid_algebra.write(expression, as_grid=bool(self.graph.grid.nodes[node].shape))

    def find_gradients(self) -> dict[int, Expression]:
        """Find the expression of every gradient, from the output back."""
        found: dict[int, Expression] = {self.graph.output: ONE}
        for i in reversed(self.graph.gate_ids):
            for wire in self.deriver.list_wires(i):
                found[wire.source] = add(found.get(wire.source, ()), self.contribute(wire, found.get(i, ())))
        return {i: found.get(i, ()) for i in range(len(self.graph.nodes))}

    def compute(self, node: int) -> Expression:
        """Put the operands of an operation into what it computes."""
        own = self.graph.grid.nodes[node]
        is_grid = bool(own.shape)
        if isinstance(own.operation, Gate):
            return self.evaluate(self.deriver.write_formula(node), self.name_values(node), is_grid=is_grid)
        rule = read(self.deriver.find_rules(node).forward)
        if isinstance(rule, Term) and rule.parts == (Atom(ALL),):
            every = tuple(self.write(i, self.values[i]) for i in own.operands)
            return make_atom(Term(rule.head, every), is_grid=is_grid)
        found = self.evaluate(rule, self.name_letters(node), is_grid=is_grid)
        return self.turn(node, RESULT, node, found)

    def turn(
        self, operation: int, letter: str, node: int, expression: Expression, *, is_gradient: bool = False
    ) -> Expression:
        """Turn a vector that lies otherwise in the rules of an operation than everywhere else."""
        if len(self.graph.grid.nodes[node].shape) != 1:
            return expression
        rules = self.deriver.find_rules(operation)
        texts = (rules.forward, *rules.backward)
        if not any("@" in text or (is_gradient and UNIT in text) for text in texts):  # entry by entry, it may lie
            return expression
        return expression if (letter in rules.rows) == (node in self.deriver.rows) else _transpose(expression)

    def contribute(self, wire: Wire, up: Expression) -> Expression:
        """Return what comes back along a wire."""
        source, target = self.graph.grid.nodes[wire.source], self.graph.grid.nodes[wire.target]
        if isinstance(target.operation, VectorOperation):
            backward = self.deriver.find_rules(wire.target).backward
            rule = read(backward[wire.slot if len(backward) > 1 else 0])
            lying = self.turn(wire.target, RESULT, wire.target, up)
            known = {**self.name_letters(wire.target), UPSTREAM: Known(lying, bool(target.shape))}
            found = self.evaluate(rule, known, is_grid=bool(source.shape))
            letter = LETTERS[wire.slot : wire.slot + 1]
            return self.turn(wire.target, letter, wire.source, found, is_gradient=True)
        slope = self.deriver.write_slope(wire)
        local = self.evaluate(slope, self.name_values(wire.target), is_grid=bool(target.shape))
        product, axes = multiply(local, up), list_repeated(source.shape, target.shape)
        if not axes:
            return product
        if is_same_everywhere(product):
            return scale(product, Fraction(prod(target.shape[axis] for axis in axes)))
        return _add_up(product, axes[0] if len(axes) < len(target.shape) else None)

    def name_values(self, node: int) -> dict[str, Known]:
        """Return the expressions of a gate's operands and of its result, by name."""
        nodes = self.graph.grid.nodes
        found = {nodes[i].name: Known(self.values[i], bool(nodes[i].shape)) for i in nodes[node].operands}
        return {**found, nodes[node].name: Known(self.values.get(node, ()), bool(nodes[node].shape))}

    def name_letters(self, node: int) -> dict[str, Known]:
        """Return the expressions of the letters of a rule."""
        nodes = self.graph.grid.nodes
        meant = [*zip(LETTERS, nodes[node].operands, strict=False), (RESULT, node)]
        turned = {letter: self.turn(node, letter, i, self.values.get(i, ())) for letter, i in meant}
        found = {letter: Known(turned[letter], bool(nodes[i].shape)) for letter, i in meant}
        return {**found, ONES.head: Known(ONE, True)}

    def evaluate(self, formula: Formula, known: Mapping[str, Known], *, is_grid: bool) -> Expression:
        """Put expressions into a formula in place of names, and cancel; is_grid says whether a grid comes of it."""
        if isinstance(formula, Atom):
            is_name = formula.value is None and formula.text in known
            return known[formula.text].expression if is_name else read_number(formula)
        if formula.head in (*GRIDS, UNIT, ONES.head):
            return ONE if formula == ONES else make_atom(formula, is_grid=True)
        grids = [_is_grid(part, known) for part in formula.parts]
        pairs = zip(formula.parts, grids, strict=True)
        parts = [self.evaluate(part, known, is_grid=is_part) for part, is_part in pairs]
        match formula.head:
            case "+" | "terms":
                return add(*parts)
            case "-":
                return add(parts[0], scale(parts[1], Fraction(-1)))
            case "negative":
                return scale(parts[0], Fraction(-1))
            case "*" | "⊙":
                return reduce(multiply, parts)
            case "/":
                return multiply(parts[0], invert(parts[1]))
            case "^" if parts[1] in (make_number(Fraction(2)), make_number(Fraction(3))):
                return reduce(multiply, [parts[0]] * int(parts[1][0].coefficient))
            case "@":
                return _multiply_matrices(*map(_show_ones, formula.parts, parts), is_grid=is_grid)
            case "entry" | "slice" if is_same_everywhere(parts[0]):
                return parts[0]
            case "T":
                return _transpose(parts[0])
            case "sum" if len(parts) == 1:
                return _add_up(parts[0], None)
        written = [
            part if isinstance(part, Atom) and part.value is not None else grid_algebra.write(each, as_grid=is_part)
            for part, each, is_part in zip(formula.parts, parts, grids, strict=True)
        ]
        return make_atom(name_axes(Term(formula.head, tuple(written))), is_grid=is_grid)


def _is_grid(formula: Formula, known: Mapping[str, Known]) -> bool:
    if isinstance(formula, Atom):
        return formula.value is None and formula.text in known and known[formula.text].is_grid
    if formula.head in (*GRIDS, UNIT, ONES.head):
        return True
    is_number = formula.head in NUMBERS and len(formula.parts) == 1
    return not is_number and any(_is_grid(part, known) for part in formula.parts)


def read_number(atom: Atom) -> Expression:
    """Read a number: one that is whole, or a fraction as typed, is calculated with; others stand as they are."""
    parts = atom.typed.parts if atom.typed and atom.typed.head == "/" else (atom,)
    values = [part.value for part in parts if isinstance(part, Atom)]
    if len(values) == len(parts) and all(value is not None and value.is_integer() for value in values):
        return make_number(Fraction(int(values[0] or 0), int(values[-1] or 0) if values[1:] else 1))
    return make_atom(atom, is_grid=False)


def is_same_everywhere(expression: Expression) -> bool:
    """Say whether an expression of a grid has the same number at every entry."""
    return not any(each.is_grid for each in expression)


def _show_ones(formula: Formula, expression: Expression) -> Expression:
    """Return a factor of a product of matrices with the ones that it needs, turned if it is."""
    if not is_same_everywhere(expression):
        return expression
    is_turned = isinstance(formula, Term) and formula.head == "T"
    return multiply(expression, make_atom(Term("T", (ONES,)) if is_turned else ONES, is_grid=True))


def _add_up(expression: Expression, axis: int | None) -> Expression:
    """Return the sum of all entries, or of those along an axis; what is a number stands before it."""
    if not expression:
        return ()
    number, grid = split(expression)
    operands = (grid,) if axis is None else (grid, write_axis(axis))
    return multiply((number,), make_atom(Term("sum", operands), is_grid=axis is not None))


def _multiply_matrices(left: Expression, right: Expression, *, is_grid: bool) -> Expression:
    """Return the product of two matrices, the numbers of both before it."""
    if not left or not right:
        return ()
    (first, left_grid), (second, right_grid) = split(left), split(right)
    parts = [
        part
        for grid in (left_grid, right_grid)
        for part in (grid.parts if isinstance(grid, Term) and grid.head == "@" else (grid,))
    ]
    return multiply(multiply((first,), (second,)), make_atom(Term("@", tuple(parts)), is_grid=is_grid))


def _transpose(expression: Expression) -> Expression:
    if is_same_everywhere(expression):
        return expression
    number, grid = split(expression)
    if isinstance(grid, Term) and grid.head == "@":  # (A·B)ᵀ is Bᵀ·Aᵀ
        turned_parts = [_transpose(make_atom(part, is_grid=True)) for part in reversed(grid.parts)]
        return multiply((number,), reduce(partial(_multiply_matrices, is_grid=True), turned_parts))
    turned = grid.parts[0] if isinstance(grid, Term) and grid.head == "T" else Term("T", (grid,))
    return multiply((number,), make_atom(turned, is_grid=True))


def _list_names(formula: Formula) -> set[str]:
    if isinstance(formula, Atom):
        return set() if formula.value is not None else {formula.text}
    return {name for part in formula.parts for name in _list_names(part)}


# formats


def _show_left(formula: Formula, style: Style) -> str:
    """Write a left side: a name, a derivative, or the output with the inputs in brackets."""
    if isinstance(formula, Atom) or formula.head != CALL:
        return show(formula, style)
    output, *inputs = (show(part, style) for part in formula.parts)
    opening, closing = style.brackets.split("{}")
    return f"{output}{opening}{style.comma.join(inputs)}{closing}"


def _write_text(groups: Groups) -> str:
    lines = [[equate(_show_left(left, AS_TEXT), right, AS_TEXT) for left, right in group] for group in groups]
    return "\n\n".join("\n".join(each) for each in lines) + "\n"


def _write_latex(groups: Groups) -> str:
    rows = [latex.equate(_show_left(left, PLAIN_BRACKETS), right) for group in groups for left, right in group]
    return "\n".join(latex.display(" \\\\\n".join(f"  {row}" for row in rows))) + "\n"


def _write_html(groups: Groups) -> str:
    written = [[(_show_left(left, MATHML), right) for left, right in group] for group in groups]
    return write_equations(written, (), _write_text(groups))


WRITERS: Mapping[str, Callable[[Groups], str]] = {"text": _write_text, "latex": _write_latex, "html": _write_html}
