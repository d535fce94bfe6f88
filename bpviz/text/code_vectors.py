"""The two passes of a program with vectors: forward one named line an operation, backward a line a wire.

A gate's line is that of the gate table, which computes every entry; which of its formulas is right is tried at all
entries. A vector operation's line is that of its row. What the lines are made of is the same in every language; how a
grid is assigned, added to and picked from is the business of a LineWriter.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bpviz.formula.printing import TEXT, show
from bpviz.formula.products import multiply, negate
from bpviz.formula.tree import Atom, Formula, Term, read, substitute
from bpviz.gates import Gate, fill_formula, list_formulas, list_slopes
from bpviz.text.code_entries import EntryWriter, ListDialect
from bpviz.text.code_grids import GridDialect, write_literal
from bpviz.text.code_lines import (
    ChosenFormula,
    CodeLine,
    GatePoint,
    Staging,
    explain_mistake,
    spell_constant,
)
from bpviz.vectors import Shape, VectorGraph, VectorNode, VectorOperation, VectorWire, nest, write_shape
from bpviz.vectors.vector_row import ArrayFormulas

VIEWS = ("T", "at", "part")  # of an array, which are no copies in NumPy


@dataclass(frozen=True)
class VectorStaging(Staging):
    """The staging of a program with vectors: nodes and wires are those of the vectors."""

    @property
    def vectors(self) -> VectorGraph:
        """The vectors of the program."""
        assert self.graph.vectors
        return self.graph.vectors

    def gate(self, node: int) -> Gate:
        """Return the gate of a node that works entry by entry."""
        gate = self.vectors.nodes[node].operation
        assert isinstance(gate, Gate)
        return gate

    def operands(self, node: int) -> list[Atom]:
        """Return the operands of an operation for a formula, by their identifiers."""
        return [self.operand(i) for i in self.vectors.nodes[node].operands]

    def operand(self, node: int) -> Atom:
        """Return an operand for a formula; a number that is typed is itself."""
        if node in self.names.values:
            return Atom(self.names.values[node])
        (entry,) = self.vectors.nodes[node].entries
        return spell_constant(self.graph.nodes[entry], plainly=bool(self.dialect.own))

    @cached_property
    def forward(self) -> dict[int, ChosenFormula]:
        """The formula of each gate, by id."""
        return {i: self.choose_forward(i) for i in self.vectors.operation_ids if self.is_gate(i)}

    def is_gate(self, node: int) -> bool:
        """Say whether an operation works entry by entry."""
        return isinstance(self.vectors.nodes[node].operation, Gate)

    def points_at(self, node: int) -> list[GatePoint]:
        """Return the numbers at every entry of a gate."""
        assert self.trace
        operands, points = self.vectors.nodes[node].operands, []
        for entry in self.vectors.nodes[node].entries:
            below = zip(operands, self.graph.nodes[entry].operands, strict=True)
            at = {self.names.values[i]: self.trace.values[k] for i, k in below if i in self.names.values}
            at[self.names.values[node]] = self.trace.values[entry]
            points.append(GatePoint(at, self.trace.values[entry], self.trace.local[entry]))
        return points

    def write_numbers(self, node: int, numbers: Sequence[float]) -> Atom:
        """Write the numbers of a gate, or of its slopes, where no formula is right."""
        shape, write = self.vectors.nodes[node].shape, self.dialect.style.number
        written = nest([write(Atom("", number)) for number in numbers], shape)
        text = f"{written}".replace("'", "")
        self.shapes[text] = shape
        return Atom(text)

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """The shape of everything that has an identifier."""
        shapes = {name: self.vectors.nodes[i].shape for i, name in self.names.values.items()}
        return shapes | {name: self.vectors.nodes[i].shape for i, name in self.names.gradients.items()}


class LineWriter(ABC):
    """What writes lines that assign formulas to the names of grids."""

    def __init__(self, staging: VectorStaging) -> None:
        self.staging, self.dialect = staging, staging.dialect

    @abstractmethod
    def write(self, formula: Formula, shape: Shape) -> str:
        """Write a formula whose result has this shape."""

    @abstractmethod
    def write_numbers(self, numbers: Sequence[float], shape: Shape) -> str:
        """Write numbers, row by row, as an array of this shape."""

    @abstractmethod
    def add(self, name: str, formula: Formula, shape: Shape) -> str:
        """Write the line that adds a formula to what a name has."""

    @abstractmethod
    def add_at(self, name: str, place: Sequence[str], formula: Formula, shape: Shape) -> str:
        """Write the line that adds a formula to one entry, or row, of what a name has."""

    @abstractmethod
    def fill_zeros(self, like: str, shape: Shape) -> str:
        """Write an array of zeros that has the shape of a name."""

    def assign_again(self, name: str, formula: Formula, shape: Shape) -> str:
        """Write the line that assigns another formula to a name."""
        return self.dialect.addition.replace("+=", "=").format(name, self.write(formula, shape))

    def assign(self, name: str, formula: Formula, shape: Shape, *, is_added_to: bool = False) -> str:
        """Write the line that assigns a formula to a name, to which more may be added."""
        template = self.dialect.variable if is_added_to else self.dialect.constant
        return template.format(name, self.write(formula, shape))


class GridLineWriter(LineWriter):
    """What writes lines in which an array is one operand."""

    def __init__(self, staging: VectorStaging, language: GridDialect) -> None:
        super().__init__(staging)
        self.language = language

    def write(self, formula: Formula, shape: Shape) -> str:
        """Write a formula as it is; of an array by itself a copy."""
        text = show(formula, self.dialect.style)
        return self.language.array.format(text) if text.startswith("[") else text

    def write_numbers(self, numbers: Sequence[float], shape: Shape) -> str:
        """Write an array of nested lists."""
        return self.language.array.format(write_literal(nest(numbers, shape))) if shape else repr(numbers[0])

    def assign(self, name: str, formula: Formula, shape: Shape, *, is_added_to: bool = False) -> str:
        """Copy what is a view of another array: += would change that as well."""
        line = super().assign(name, formula, shape, is_added_to=is_added_to)
        is_view = isinstance(formula, Atom) or formula.head in VIEWS
        return f"{line}.copy()" if is_added_to and is_view and shape else line

    def add(self, name: str, formula: Formula, shape: Shape) -> str:
        """Write the line with +=."""
        return self.dialect.addition.format(name, self.write(formula, shape))

    def add_at(self, name: str, place: Sequence[str], formula: Formula, shape: Shape) -> str:
        """Write the line with += for a place."""
        return self.dialect.addition.format(f"{name}[{', '.join(place)}]", self.write(formula, shape))

    def fill_zeros(self, like: str, shape: Shape) -> str:
        """Write zeros of the shape of a name."""
        return f"np.zeros_like({like})" if shape else "0.0"


class ListLineWriter(LineWriter):
    """What writes lines that make lists entry by entry."""

    def __init__(self, staging: VectorStaging, language: ListDialect) -> None:
        super().__init__(staging)
        taken = [*staging.names.values.values(), *staging.names.gradients.values()]
        self.entries = EntryWriter(language, staging.shapes, taken)

    def write(self, formula: Formula, shape: Shape) -> str:
        """Write a list of what the formula is at every entry."""
        return self.entries.write(formula, shape)

    def write_numbers(self, numbers: Sequence[float], shape: Shape) -> str:
        """Write nested lists."""
        return write_literal(nest(numbers, shape))

    def assign(self, name: str, formula: Formula, shape: Shape, *, is_added_to: bool = False) -> str:
        """Assign a list as it is where nothing is added to it."""
        if isinstance(formula, Atom) and not is_added_to:
            return self.dialect.constant.format(name, show(formula, self.dialect.style))
        return super().assign(name, formula, shape, is_added_to=is_added_to)

    def add(self, name: str, formula: Formula, shape: Shape) -> str:
        """Write += for a number, and for a list the list of the sums."""
        if not shape:
            return self.dialect.addition.format(name, self.write(formula, shape))
        return self.assign_again(name, Term("+", (Atom(name), formula)), shape)

    def add_at(self, name: str, place: Sequence[str], formula: Formula, shape: Shape) -> str:
        """Write += for one entry; to a row, entry by entry."""
        entry = name + "".join(f"[{index}]" for index in place)
        self.entries.shapes[entry] = shape
        return self.add(entry, formula, shape)

    def fill_zeros(self, like: str, shape: Shape) -> str:
        """Write zeros as they are."""
        return self.write(Atom("0.0"), shape)


@dataclass(frozen=True)
class VectorPasses:
    """What writes the lines of both passes."""

    staging: VectorStaging
    writer: LineWriter

    def write_forward(self) -> list[CodeLine]:
        """Write an operation a line, with its step number, its formula in words and the shape of what it makes."""
        lines = []
        for step, i in enumerate(self.vectors.operation_ids, start=1):
            node, name = self.vectors.nodes[i], self.staging.names.values[i]
            shape = f" shape {write_shape(node.shape)}" if node.shape else ""
            if self.staging.is_gate(i):
                lines.append(self._write_gate(i, f"({step}){self._say(i)}{shape}"))
                continue
            formulas = self._list_forward(node)
            for k, text in enumerate(formulas):
                formula = substitute(read(text), self.staging.operands(i), Atom(name))
                line = (
                    self.writer.assign_again(name, formula, node.shape)
                    if k
                    else self.writer.assign(name, formula, node.shape, is_added_to=len(formulas) > 1)
                )
                lines.append(CodeLine(line, f"({step}){self._name_operation(node)}{shape}"))
        return lines

    @property
    def vectors(self) -> VectorGraph:
        """The vectors of the program."""
        return self.staging.vectors

    def _list_forward(self, node: VectorNode) -> tuple[str, ...]:
        formulas = self._read_row(node)
        return (formulas.library,) if formulas.library and self.staging.dialect.own else formulas.forward

    def _read_row(self, node: VectorNode) -> ArrayFormulas:
        assert isinstance(node.operation, VectorOperation)
        return node.operation.formulas([self.vectors.nodes[i].shape for i in node.operands], node.arguments)

    def _name_operation(self, node: VectorNode) -> str:
        assert isinstance(node.operation, VectorOperation)
        return f" {node.operation.name}" if len(self._read_row(node).forward[0]) > 20 else ""

    def _say(self, node: int) -> str:
        """Say in words what a gate's line is where its code does not show it."""
        gate, operands, output = self.staging.gate(node), self.staging.operands(node), self.staging.output(node)
        formula = fill_formula(gate, operands, output, mathematics=True)
        return f" {show(formula, TEXT)}" if "(" in gate.mathematics else ""

    def _write_gate(self, node: int, comment: str) -> CodeLine:
        choice, name = self.staging.forward[node], self.staging.names.values[node]
        textbook = list_formulas(self.staging.gate(node), self.staging.operands(node), self.staging.output(node))[0]
        code = self.writer.assign(name, choice.formula, self.vectors.nodes[node].shape)
        above = explain_mistake(show(textbook, self.staging.dialect.style), choice.mistake)
        return CodeLine(code, comment, above, choice.is_number)

    def write_backward(self) -> list[CodeLine]:
        """Write from the output back what each wire adds to the gradient of its source."""
        names, out = self.staging.names, self.vectors.output
        seed = self.writer.write_numbers([1.0], self.vectors.nodes[out].shape)
        template = self.staging.dialect.variable if self.vectors.wires_from[out] else self.staging.dialect.constant
        lines = [CodeLine(template.format(names.gradients[out], seed), "the output's own gradient")]
        begun = {out}
        for step, i in reversed([*enumerate(self.vectors.operation_ids, start=1)]):
            if i not in begun:
                continue
            for wire in self.vectors.wires_into(i):
                if not self.vectors.nodes[wire.source].is_constant:
                    lines += self._write_contribution(wire, step, is_begun=wire.source in begun)
                    begun.add(wire.source)
        return lines + [self._write_zero(i) for i in self.vectors.inputs if i not in begun]

    def _write_zero(self, node: int) -> CodeLine:
        name, shape = self.staging.names.values[node], self.vectors.nodes[node].shape
        line = self.staging.dialect.constant.format(
            self.staging.names.gradients[node], self.writer.fill_zeros(name, shape)
        )
        return CodeLine(line, f"{self.staging.graph.output_name} does not depend on {self.vectors.nodes[node].name}")

    def _write_contribution(self, wire: VectorWire, step: int, *, is_begun: bool) -> list[CodeLine]:
        """Write the lines that add what comes back along one wire."""
        source, shape = self.vectors.nodes[wire.source], self.vectors.nodes[wire.source].shape
        name, uses = self.staging.names.gradients[wire.source], len(self.vectors.wires_from[wire.source])
        uses += wire.source == self.vectors.output
        formulas, comment, above, is_number = self._list_contributions(wire)
        lines = []
        for formula in formulas:
            place = _find_place(formula)
            if place and not is_begun:
                like = self.staging.names.values[wire.source]
                zeros = self.staging.dialect.variable.format(name, self.writer.fill_zeros(like, shape))
                lines.append(CodeLine(zeros, f"({step})"))
            if place:
                assert isinstance(formula, Term)
                line = self.writer.add_at(name, place, formula.parts[0], shape[len(place) :])
            elif is_begun:
                line = self.writer.add(name, formula, shape)
            else:
                line = self.writer.assign(name, formula, shape, is_added_to=uses > 1 or len(formulas) > 1)
            times = "twice" if uses == 2 else f"{uses} times"
            added = f"({step}) += because {source.name} is used {times}: contributions add"
            lines.append(CodeLine(line, added if is_begun and uses > 1 else f"({step}){comment}", above, is_number))
            is_begun = True
        return lines

    def _list_contributions(self, wire: VectorWire) -> tuple[list[Formula], str, str, bool]:
        """List the formulas that a wire adds to its source's gradient, with a comment behind the lines and above."""
        node, upstream = self.vectors.nodes[wire.target], Atom(self.staging.names.gradients[wire.target])
        if not self.staging.is_gate(wire.target):
            operands, output = self.staging.operands(wire.target), self.staging.output(wire.target)
            texts = self._read_row(node).backward[wire.slot]
            return [substitute(read(text), operands, output, 0, upstream) for text in texts], "", "", False
        choice = self.staging.choose_slope(wire)  # type: ignore[arg-type]  # a wire has the same fields in both graphs
        formula = _multiply(choice.formula, upstream)
        shape = self.vectors.nodes[wire.source].shape
        repeated = sum_repeated(formula, shape, node.shape)
        gate = self.staging.gate(wire.target)
        textbook = list_slopes(gate, wire.slot, self.staging.operands(wire.target), self.staging.output(wire.target))[0]
        above = explain_mistake(show(textbook, self.staging.dialect.style), choice.mistake)
        name = self.vectors.nodes[wire.source].name
        comment = f" {gate.rule}" if gate.rule else f" summed, for {name} was repeated" if shape != node.shape else ""
        return [repeated], comment, above, choice.is_number


def _multiply(local: Formula, upstream: Atom) -> Formula:
    """Multiply a local gradient with what comes from upstream; 1 and −1 are left out."""
    if isinstance(local, Atom) and local.value in (1.0, -1.0):
        return upstream if local.value == 1.0 else negate(upstream)
    if local == Term("negative", (Atom("1", 1.0),)):
        return negate(upstream)
    return Term("*", (local, upstream)) if isinstance(local, Term) else multiply(local, upstream)


def _find_place(formula: Formula) -> list[str]:
    """Find where a formula is added to, if that is one entry or row only."""
    if not isinstance(formula, Term) or formula.head != "scatter":
        return []
    return [part.text for part in formula.parts[1:] if isinstance(part, Atom)]


def sum_repeated(formula: Formula, own: Shape, repeated: Shape) -> Formula:
    """Sum a gradient of a shape over what an operand of another shape was repeated to.

    >>> from bpviz.formula.printing import TEXT
    >>> show(sum_repeated(Atom("dz"), (3,), (2, 3)), TEXT), show(sum_repeated(Atom("dz"), (), (2, 3)), TEXT)
    ('total(dz, 0)', 'total(dz)')
    """
    if own == repeated:
        return formula
    if not own:
        return Term("total", (formula,))
    first = Atom("0", 0.0)
    for _ in range(len(repeated) - len(own)):
        formula = Term("total", (formula, first))
    for axis, (size, whole) in enumerate(zip(own, repeated[len(repeated) - len(own) :], strict=True)):
        if size != whole:
            along = Atom(f"{axis}", float(axis))
            formula = Term("expand", (Term("total", (formula, along)), along))
    return formula
