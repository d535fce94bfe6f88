"""The table of a trace: its inputs with what their gradients are made of, then its gates in step order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from bpviz.autodiff import Trace
from bpviz.formula import latex
from bpviz.formula.numerals import Rounding, number
from bpviz.formula.printing import show
from bpviz.noise import clear_noise
from bpviz.text.report import Math, Report, ReportColumn, ReportTable

INPUT_COLUMNS = (
    ReportColumn("input", "name"),
    ReportColumn("value", "value"),
    ReportColumn("gradient", "gradient"),
    ReportColumn("made of", "terms"),
)
GATE_COLUMNS = (
    ReportColumn("step", "step"),
    ReportColumn("name", "name"),
    ReportColumn("expression"),
    ReportColumn("value", "value"),
    ReportColumn("local gradients", "local"),
    ReportColumn("gradient", "gradient"),
)
CSV_HEADS = ("kind", "step", "name", "gate", "expression", "value", "gradient", "operands", "local", "downstream")


@dataclass(frozen=True)
class TraceReport(Report):
    """Every number of a trace: as people read it in tables, and as it was computed in data."""

    trace: Trace
    rounding: Rounding

    @cached_property
    def readable(self) -> Trace:
        """The trace with 0 for what is nothing but rounding error."""
        return clear_noise(self.trace)

    def tables(self) -> list[ReportTable]:
        """Return the inputs, and the gates with their expressions and local gradients."""
        return [self._list_inputs(), ReportTable(GATE_COLUMNS, [*self._list_gates()])]

    def notes(self) -> Sequence[str]:
        """Return the warnings of the trace."""
        return self.readable.warnings

    def record(self) -> dict[str, Any]:
        """Return the trace as a dictionary."""
        graph = self.trace.graph
        return {
            "program": graph.source,
            "output": graph.output_name,
            "value": self.trace.values[graph.output],
            "inputs": (
                {
                    "name": graph.nodes[i].name,
                    "value": self.trace.values[i],
                    "gradient": self.trace.gradients[i],
                }
                for i in graph.inputs
            ),
            "gates": (self._record_gate(step, i) for step, i in enumerate(graph.gate_ids, start=1)),
            "warnings": list(self.trace.warnings),
        }

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield a row for each input and each gate; the numbers of a gate's wires are separated by spaces."""
        trace, graph = self.trace, self.trace.graph
        yield CSV_HEADS
        for i in graph.inputs:
            yield "input", "", graph.nodes[i].name, "", "", trace.values[i], trace.gradients[i], "", "", ""
        for step, i in enumerate(graph.gate_ids, start=1):
            gate, wires = graph.nodes[i].gate, [*graph.wires_into(i)]
            facts = graph.nodes[i].name, gate.name if gate else "", graph.expression(i)
            of_wires = (
                [graph.nodes[wire.source].name for wire in wires],
                [repr(trace.local[i][wire.slot]) for wire in wires],
                [repr(trace.downstream[i][wire.slot]) for wire in wires],
            )
            yield "gate", step, *facts, trace.values[i], trace.gradients[i], *map(" ".join, of_wires)

    def _list_inputs(self) -> ReportTable:
        graph, trace = self.trace.graph, self.readable
        nodes = graph.inputs or (() if graph.gate_ids else (graph.output,))  # a constant has a value and no more
        rows = [
            (
                graph.nodes[i].name,
                number(trace.values[i], self.rounding),
                number(trace.gradients[i], self.rounding),
                self._write_sum(i),
            )
            for i in nodes
        ]
        width = len(INPUT_COLUMNS) if any(row[-1] for row in rows) else len(INPUT_COLUMNS) - 1
        return ReportTable(INPUT_COLUMNS[:width], [row[:width] for row in rows])

    def _write_sum(self, node: int) -> str:
        """Return the sum that a gradient is made of; nothing where it is a single contribution."""
        wires = self.trace.graph.wires_from[node]
        terms = [number(self.readable.downstream[wire.target][wire.slot], self.rounding) for wire in wires]
        return join_terms(terms) if len(terms) > 1 else ""

    def _list_gates(self) -> Iterator[tuple[str | Math, ...]]:
        graph, trace = self.trace.graph, self.readable
        for step, i in enumerate(graph.gate_ids, start=1):
            wires = [*graph.wires_into(i)]
            sources = [graph.nodes[wire.source].name for wire in wires]
            local = [number(trace.local[i][wire.slot], self.rounding) for wire in wires]
            yield (
                str(step),
                graph.nodes[i].name,
                Math(graph.expression(i), partial(lambda node: show(graph.formula(node), latex.LATEX), i)),
                number(trace.values[i], self.rounding),
                Math(
                    ", ".join(f"{source}: {slope}" for source, slope in zip(sources, local, strict=True)),
                    partial(_write_latex_locals, sources, local),
                ),
                number(trace.gradients[i], self.rounding),
            )

    def _record_gate(self, step: int, node: int) -> dict[str, Any]:
        graph, folded = self.trace.graph, self.trace.graph.folded_constant(node)
        gate = graph.nodes[node].gate
        return {
            "step": step,
            "name": graph.nodes[node].name,
            "gate": gate.name if gate else "",
            "expression": graph.expression(node),
            "value": self.trace.values[node],
            "gradient": self.trace.gradients[node],
            **({} if folded is None else {"constant": folded}),
            "operands": [
                {
                    "source": graph.nodes[wire.source].name,
                    "value": self.trace.values[wire.source],
                    "local": self.trace.local[node][wire.slot],
                    "downstream": self.trace.downstream[node][wire.slot],
                }
                for wire in graph.wires_into(node)
            ],
        }


def _write_latex_locals(sources: Sequence[str], local: Sequence[str]) -> str:
    pairs = zip(sources, local, strict=True)
    return r",\; ".join(f"{latex.name(source)}: {latex.mathematics(slope)}" for source, slope in pairs)


def join_terms(terms: Sequence[str]) -> str:
    """Write numbers as a sum.

    >>> join_terms(["0.512", "−0.0358", "1.58"])
    '0.512 − 0.0358 + 1.58'
    """
    first, *rest = terms
    return first + "".join(f" − {term[1:]}" if term.startswith("−") else f" + {term}" for term in rest)
