"""What a worksheet on a program with vectors says: its operations, and what comes back to their operands.

The numbers stand in the grids on the wires. The table asks for what is worked out before them: the shape of each
result, and the gradient of each operand in matrix notation.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpviz.autodiff import Trace
from bpviz.figure.diagram import GRADIENT, VALUE
from bpviz.formula.numerals import Rounding
from bpviz.formula.products import simplify
from bpviz.formula.tree import LETTERS, Atom, Formula, Term
from bpviz.gates import Gate
from bpviz.grouping import GroupedGraph
from bpviz.lecture.slides import Words
from bpviz.lecture.worksheet_content import (
    RESULT,
    AskedDerivative,
    Blanks,
    GateRule,
    KeyAnswer,
    SheetWriter,
    TableForm,
    TableRow,
    write_number_rule,
)
from bpviz.text.derivation import DerivationScope
from bpviz.text.grid_formulas import make_numbers, shorten
from bpviz.text.vector_derivation import VectorDeriver, list_repeated, name_axes
from bpviz.vectors import VectorNode, write_shape
from bpviz.vectors.rule_numbers import ONES, UPSTREAM, fill_rule

RULE_WIDTH = 190.0  # points: of the line for a derivative in matrix notation, which is alone on its line
ONE_NUMBER = "1"  # the shape of one number, in the table


class VectorSheetWriter(SheetWriter):
    """Writes what a worksheet on a trace with vectors says besides its figure."""

    def __init__(self, trace: Trace, blanks: Blanks, rounding: Rounding) -> None:
        super().__init__(trace, blanks, rounding)
        assert isinstance(self.graph, GroupedGraph)
        self.deriver = VectorDeriver(self.graph, rounding, DerivationScope())

    @property
    def form(self) -> TableForm:
        """The columns of the table."""
        heads: tuple[Words, ...] = (("step",), ("name",), ("shape",), ("what comes back, in matrix notation",))
        return TableForm(heads, (4, 24, 10, 42), RULE_WIDTH)

    def get_node(self, node: int) -> VectorNode:
        """Return a vector node."""
        return self.deriver.get_node(node)

    def write_value(self, node: int) -> Formula:
        """Write the value of a node, of a large one the corners."""
        assert self.trace.vectors
        return shorten(make_numbers(self.trace.vectors.value(node), self.get_node(node).shape, self.rounding))

    def write_row(self, node: int) -> TableRow:
        """Write the row of an input or an operation: the shape of its result, and what comes back to each operand."""
        own, name = self.get_node(node), self.name(node)
        shape = write_shape(own.shape) if own.shape else ONE_NUMBER
        if not own.operation:
            return TableRow(0, name, None, KeyAnswer(shape, False), ())
        derivatives = tuple(
            AskedDerivative(
                self.output,
                self.name(wire.source),
                KeyAnswer(simplify(self.deriver.write_product(wire)), GRADIENT in self.blanks.roles),
            )
            for wire in self.deriver.list_wires(node)
        )
        answer = KeyAnswer(shape, self.blanks.is_blank(node, VALUE))
        return TableRow(self.graph.step_of[node], name, self.deriver.write_formula(node), answer, derivatives)

    def list_rules(self) -> Iterator[GateRule]:
        """Yield the rules of all operations, as they are for its shapes, each once."""
        found: dict[GateRule, None] = {}
        for node in self.graph.gate_ids:
            operation = self.get_node(node).operation
            if isinstance(operation, Gate):
                found[write_number_rule(operation, len(self.get_node(node).operands))] = None
            elif operation:
                found[self._write_vector_rule(node)] = None
        yield from found

    def list_general_rules(self) -> Iterator[str]:
        """Yield what holds at branches, and of gates between grids."""
        yield from super().list_general_rules()
        gates = [i for i in self.graph.gate_ids if isinstance(self.get_node(i).operation, Gate)]
        if any(self.get_node(i).shape for i in gates):
            yield "entry by entry: local gradient ⊙ what comes back"
        if any(self._is_repeated(i) for i in gates):
            yield "repeated to fit: what comes back to the copies is added"

    @property
    def in_grids(self) -> str:
        """How numbers in grids are rounded, where that is less."""
        digits = self.rounding.grid_digits
        return f", in grids to {digits}" if digits and self.rounding.decimals is None else ""

    def _is_repeated(self, node: int) -> bool:
        own = self.get_node(node)
        return any(list_repeated(self.get_node(wire.source).shape, own.shape) for wire in self.graph.wires_into(node))

    def _write_vector_rule(self, node: int) -> GateRule:
        """State a vector operation in letters, with the output's derivatives by its operands."""
        rules, own = self.deriver.find_rules(node), self.get_node(node)
        letters = [Atom(letter) for letter in LETTERS[: len(own.operands)]]
        names: dict[str, Formula] = {UPSTREAM: self._differentiate(RESULT), ONES: Term(ONES, ())}

        def write(rule: str) -> Formula:
            return name_axes(fill_rule(self.deriver.mark_rule(node, rule), names, letters))

        slopes = zip(letters, rules.backward, strict=False)  # a single rule is that of all operands
        return GateRule(
            write(rules.forward), tuple((self._differentiate(letter), write(each)) for letter, each in slopes)
        )

    def _differentiate(self, by: Atom) -> Term:
        return Term("partial", (self.output, by))
