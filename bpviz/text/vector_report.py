"""The table of a trace with vectors: its inputs with what their gradients are made of, then its operations.

In plain text a vector is [0.22, 0.26], and a matrix a block of rows; JSON has nested lists, CSV a row for each entry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from bpviz.autodiff import Trace
from bpviz.formula import latex
from bpviz.formula.numerals import Rounding
from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import Term
from bpviz.gates import Gate
from bpviz.graph import Wire
from bpviz.grouping import GroupedGraph, group
from bpviz.noise import clear_noise
from bpviz.text.derivation import DerivationScope
from bpviz.text.grid_formulas import join_blocks, make_numbers, shorten, write_block
from bpviz.text.report import MISSING, Cell, Math, Report, ReportColumn, ReportTable
from bpviz.text.vector_derivation import VectorDeriver
from bpviz.vectors import VectorNode, VectorNumbers, VectorWire, nest, write_shape
from bpviz.vectors.shapes import list_indices

INPUT_COLUMNS = (
    ReportColumn("input", "name"),
    ReportColumn("shape", "shape"),
    ReportColumn("value", "values"),
    ReportColumn("gradient", "gradients"),
    ReportColumn("made of", "terms"),
)
OPERATION_COLUMNS = (
    ReportColumn("step", "step"),
    ReportColumn("name", "name"),
    ReportColumn("expression"),
    ReportColumn("shape", "shape"),
    ReportColumn("value", "values"),
    ReportColumn("gradient", "gradients"),
)
CSV_HEADS = ("kind", "step", "name", "gate", "expression", "shape", "entry", "value", "gradient")
SAME_SHAPE = "a gradient has the shape of its variable"


@dataclass(frozen=True)
class VectorReport(Report):
    """Every number of a trace with vectors: as people read it in tables, and as it was computed in data."""

    trace: Trace
    rounding: Rounding

    @cached_property
    def graph(self) -> GroupedGraph:
        """The graph of its vector nodes."""
        graph = group(self.trace.graph)
        assert isinstance(graph, GroupedGraph)
        return graph

    @cached_property
    def readable(self) -> Trace:
        """The trace with 0 for what is nothing but rounding error."""
        return clear_noise(self.trace)

    def tables(self) -> list[ReportTable]:
        """Return the inputs, and the operations with their expressions."""
        return [self._list_inputs(), ReportTable(OPERATION_COLUMNS, [*self._list_operations()])]

    def notes(self) -> Sequence[str]:
        """Return that gradients have shapes, and the warnings of the trace."""
        return (SAME_SHAPE, *self.readable.warnings)

    def record(self) -> dict[str, Any]:
        """Return the trace as a dictionary, vectors as nested lists."""
        graph, numbers = self.graph, self._find_numbers(self.trace)
        return {
            "program": graph.source,
            "output": graph.output_name,
            "value": numbers.value(graph.output)[0],
            "inputs": ({"name": graph.nodes[i].name, **self._record_numbers(i)} for i in graph.inputs),
            "gates": (self._record_operation(step, i) for step, i in enumerate(graph.gate_ids, start=1)),
            "warnings": list(self.trace.warnings),
        }

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield a row for every entry of each input and each operation; the indices of an entry are two numbers."""
        graph, numbers = self.graph, self._find_numbers(self.trace)
        yield CSV_HEADS
        for i in (*graph.inputs, *graph.gate_ids):
            own = self._get_node(i)
            kind = ("gate", graph.step_of[i]) if own.operation else ("input", "")
            gate, expression = (own.operation.name, graph.expression(i)) if own.operation else ("", "")
            facts = (*kind, own.name, gate, expression, "x".join(map(str, own.shape)))
            for index, *pair in zip(list_indices(own.shape), numbers.value(i), numbers.gradient(i), strict=True):
                yield (*facts, " ".join(map(str, index)), *pair)

    def _get_node(self, node: int) -> VectorNode:
        return self.graph.grid.nodes[node]

    def _find_numbers(self, trace: Trace) -> VectorNumbers:
        assert trace.vectors
        return trace.vectors

    def _record_numbers(self, node: int) -> dict[str, Any]:
        own, numbers = self._get_node(node), self._find_numbers(self.trace)
        return {
            "shape": list(own.shape),
            "value": nest(numbers.value(node), own.shape),
            "gradient": nest(numbers.gradient(node), own.shape),
        }

    def _record_operation(self, step: int, node: int) -> dict[str, Any]:
        own, numbers = self._get_node(node), self._find_numbers(self.trace)
        assert own.operation
        return {
            "step": step,
            "name": own.name,
            "gate": own.operation.name,
            "expression": self.graph.expression(node),
            **self._record_numbers(node),
            "operands": [
                {
                    "source": self._get_node(wire.source).name or self._get_node(wire.source).text,
                    "shape": list(self._get_node(wire.source).shape),
                    "value": nest(numbers.value(wire.source), self._get_node(wire.source).shape),
                    **self._record_local(wire),
                    "downstream": nest(numbers.contribution(VectorWire(*wire)), self._get_node(wire.source).shape),
                }
                for wire in self.graph.wires_into(node)
            ],
        }

    def _record_local(self, wire: Wire) -> dict[str, Any]:
        """Return the local gradients of a gate, entry by entry; a vector operation has a rule instead."""
        own = self._get_node(wire.target)
        if not isinstance(own.operation, Gate):
            return {}
        slopes = [self.trace.local[gate][slot] for _, gate, slot in own.uses[wire.slot]]
        return {"local": nest(slopes, own.shape)}

    def _list_inputs(self) -> ReportTable:
        numbers = self._find_numbers(self.readable)
        rows = [
            (
                self._get_node(i).name,
                write_size(self._get_node(i)),
                self._write_numbers(i, numbers.value(i)),
                self._write_numbers(i, numbers.gradient(i)),
                self._write_sum(i),
            )
            for i in self.graph.inputs
        ]
        width = len(INPUT_COLUMNS) if any(row[-1] for row in rows) else len(INPUT_COLUMNS) - 1
        return ReportTable(INPUT_COLUMNS[:width], [row[:width] for row in rows])

    def _list_operations(self) -> Iterator[tuple[Cell, ...]]:
        numbers = self._find_numbers(self.readable)
        for step, i in enumerate(self.graph.gate_ids, start=1):
            yield (
                str(step),
                self._get_node(i).name,
                Math(self.graph.expression(i), partial(self._write_latex, i)),
                write_size(self._get_node(i)),
                self._write_numbers(i, numbers.value(i)),
                self._write_numbers(i, numbers.gradient(i)),
            )

    def _write_latex(self, node: int) -> str:
        deriver = VectorDeriver(self.graph, self.rounding, DerivationScope())
        return show(deriver.write_formula(node), latex.LATEX)

    def _write_numbers(self, node: int, numbers: Sequence[float]) -> Cell:
        is_row = node in self.graph.rows
        formula = shorten(make_numbers(numbers, self._get_node(node).shape, self.rounding, is_row=is_row))
        return Math(show(formula, TEXT), partial(show, formula, latex.LATEX), write_block(formula))

    def _write_sum(self, node: int) -> Cell:
        """Return the sum that a gradient is made of; nothing where it is a single contribution."""
        wires, numbers = self.graph.wires_from[node], self._find_numbers(self.readable)
        if len(wires) < 2:
            return ""
        shape = self._get_node(node).shape
        terms = [shorten(make_numbers(numbers.contribution(VectorWire(*wire)), shape, self.rounding)) for wire in wires]
        total = Term("terms", tuple(terms))
        return Math(show(total, TEXT), partial(show, total, latex.LATEX), join_blocks([*map(write_block, terms)], "+"))


def write_size(node: VectorNode) -> str:
    """Write the shape of a node for a column; one number has none."""
    return write_shape(node.shape) if node.shape else MISSING
