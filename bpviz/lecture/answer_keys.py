"""The answers of sheets as data, for whoever corrects them by a program: one row for every blank of every sheet.

The columns are

    sheet       the number of the sheet, from 1
    student     the name on it, or nothing
    name        the input or gate whose number it is; of a vector the entry, as in W[0, 1]
    quantity    value; gradient (of the output, by name); local gradient (of name, by other); or contribution: what
                comes back to name along one of several wires, from the gate in other. Of a vector also its shape, and
                what comes back to the operand in other in matrix notation
    other       the operand of a local gradient, or the gate that a contribution comes back from
    answer      the number, with all its digits; a shape or matrix notation as text
    shown       the number as it stands on the key
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from bpviz.autodiff import Trace
from bpviz.figure.diagram import GRADIENT, VALUE
from bpviz.formula.numerals import Rounding, number
from bpviz.formula.printing import TEXT, show
from bpviz.lecture.worksheet_content import Blanks
from bpviz.lecture.worksheet_vectors import VectorSheetWriter
from bpviz.text.report import Report, ReportColumn, ReportTable
from bpviz.vectors import VectorNumbers
from bpviz.vectors.shapes import list_indices

LOCAL, CONTRIBUTION = "local gradient", "contribution"
SHAPE, IN_MATRICES = "shape", "gradient in matrix notation"  # of a vector


COLUMNS = (
    ReportColumn("sheet", "step"),
    ReportColumn("student"),
    ReportColumn("name", "name"),
    ReportColumn("quantity"),
    ReportColumn("other", "name"),
    ReportColumn("answer", "value"),
)


class AnswerRow(NamedTuple):
    """A row: what goes into one blank."""

    sheet: int
    student: str
    name: str
    quantity: str
    other: str
    answer: float | str
    shown: str


class SheetToAnswer(NamedTuple):
    """A sheet as far as its answers go: whose it is, its numbers, which of them are blank, and how they are rounded."""

    student: str
    trace: Trace
    blanks: Blanks
    rounding: Rounding


@dataclass(frozen=True)
class AnswerKey(Report):
    """What goes into the blanks of sheets."""

    sheets: Sequence[SheetToAnswer]
    noun = "key is"

    def tables(self) -> list[ReportTable]:
        """Return the answers in one table, rounded as on the key."""
        rows = [(str(each.sheet), *each[1:5], each.shown) for each in self.list_answers()]
        return [ReportTable(COLUMNS, rows)]

    def notes(self) -> Sequence[str]:
        """Return nothing: the sheets say what is to be said."""
        return ()

    def record(self) -> dict[str, Any]:
        """Return the program and the point of each sheet, and all the answers."""
        return {
            "sheets": (
                {
                    "sheet": i,
                    "student": sheet.student,
                    "program": sheet.trace.graph.source,
                    "point": {name: sheet.trace.value(name) for name in sheet.trace.graph.variable_names},
                }
                for i, sheet in enumerate(self.sheets, start=1)
            ),
            "answers": (answer._asdict() for answer in self.list_answers()),
        }

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield the heads, then every answer."""
        yield AnswerRow._fields
        yield from self.list_answers()

    def list_answers(self) -> Iterator[AnswerRow]:
        """Yield the answers, sheet by sheet."""
        for i, sheet in enumerate(self.sheets, start=1):
            for name, quantity, other, answer in _list_blanks(sheet):
                shown = answer if isinstance(answer, str) else number(answer, sheet.rounding)
                yield AnswerRow(i, sheet.student, name, quantity, other, answer, shown)


def _list_blanks(sheet: SheetToAnswer) -> Iterator[tuple[str, str, str, float | str]]:
    if sheet.trace.vectors:
        yield from _list_vector_blanks(sheet, sheet.trace.vectors)
        return
    trace, blanks = sheet.trace, sheet.blanks
    graph, names = trace.graph, [node.name for node in trace.graph.nodes]
    for i in (*graph.inputs, *graph.gate_ids):
        if blanks.is_blank(i, VALUE):
            yield names[i], VALUE, "", trace.values[i]
        if GRADIENT in blanks.roles:
            for wire in graph.wires_into(i):
                yield names[i], LOCAL, names[wire.source], trace.local[i][wire.slot]
        if blanks.is_blank(i, GRADIENT):
            yield names[i], GRADIENT, "", trace.gradients[i]
        if GRADIENT in blanks.roles and len(graph.wires_from[i]) > 1:
            for wire in graph.wires_from[i]:
                yield names[i], CONTRIBUTION, names[wire.target], trace.downstream[wire.target][wire.slot]


def _list_vector_blanks(sheet: SheetToAnswer, numbers: VectorNumbers) -> Iterator[tuple[str, str, str, float | str]]:
    """Yield the blanks of a program with vectors: a row for every entry of a grid."""
    blanks, graph = sheet.blanks, numbers.graph
    writer = VectorSheetWriter(sheet.trace, blanks, sheet.rounding)

    def list_entries(
        node: int, quantity: str, other: str, values: Sequence[float]
    ) -> Iterator[tuple[str, str, str, float]]:
        own = graph.nodes[node]
        for index, value in zip(list_indices(own.shape), values, strict=True):
            yield f"{own.name}[{', '.join(map(str, index))}]" if index else own.name, quantity, other, value

    for i in (*graph.inputs, *graph.operation_ids):
        row = writer.write_row(i)
        if row.answer.is_blank and isinstance(row.answer.answer, str):
            yield row.name.text, SHAPE, "", row.answer.answer
        if blanks.is_blank(i, VALUE):
            yield from list_entries(i, VALUE, "", numbers.value(i))
        for asked in row.derivatives:
            if asked.answer.is_blank and not isinstance(asked.answer.answer, str):
                yield row.name.text, IN_MATRICES, asked.by.text, show(asked.answer.answer, TEXT)
        if blanks.is_blank(i, GRADIENT):
            yield from list_entries(i, GRADIENT, "", numbers.gradient(i))
        if GRADIENT in blanks.roles and len(graph.wires_from[i]) > 1:
            for wire in graph.wires_from[i]:
                yield from list_entries(i, CONTRIBUTION, graph.nodes[wire.target].name, numbers.contribution(wire))
