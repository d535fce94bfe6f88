"""The verdicts of a gradient check of a program with vectors: one row a vector, with the largest error of its entries.

Every entry is compared. One that needs a sentence has it by its own name, W[0, 1]; JSON and CSV have a row for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from bpviz.checking.check_report import CheckReport
from bpviz.checking.verdicts import AGREES, Verdict, relative_difference
from bpviz.formula.numerals import Rounding, number
from bpviz.text.report import MISSING, ReportColumn, ReportTable
from bpviz.vectors import Shape, VectorGraph, write_shape

COLUMNS = (
    ReportColumn("name", "name"),
    ReportColumn("shape", "shape"),
    ReportColumn("entries", "number"),
    ReportColumn("difference off by", "number"),
    ReportColumn("exact off by", "number"),
    ReportColumn("verdict"),
)
TWO_DIGITS = Rounding(2)


@dataclass(frozen=True)
class VectorCheckReport(CheckReport):
    """The verdicts on the gradients of a trace with vectors."""

    vectors: VectorGraph | None = None

    def tables(self) -> list[ReportTable]:
        """Return a row for each vector, and for each number that is in none."""
        return [ReportTable(COLUMNS, [self._write_group(*each) for each in self._list_groups()])]

    def record(self) -> dict[str, Any]:
        """Return the rows in full precision, one an entry, and how the vectors do."""
        groups = [
            {"name": name, "shape": list(shape), "verdict": self._judge(rows), "largest_errors": self._measure(rows)}
            for name, shape, rows in self._list_groups()
        ]
        return {**super().record(), "vectors": groups}

    def _list_groups(self) -> list[tuple[str, Shape, list[Verdict]]]:
        """List the vectors with the verdicts on their entries; what is no entry stands by itself."""
        assert self.vectors
        owners: dict[int, tuple[str, Shape]] = {}
        for node in self.vectors.nodes:
            for entry in node.entries:
                owners.setdefault(entry, (node.name, node.shape))
        groups: dict[str, tuple[Shape, list[Verdict]]] = {}
        for row in self.verdicts.rows:
            name, shape = owners.get(row.node, (self._name(row.node), ()))
            groups.setdefault(name, (shape, []))[1].append(row)
        return [(name, shape, rows) for name, (shape, rows) in groups.items()]

    def _write_group(self, name: str, shape: Shape, rows: Sequence[Verdict]) -> tuple[str, ...]:
        errors = [MISSING if error is None else number(error, TWO_DIGITS) for error in self._measure(rows)]
        return name, write_shape(shape) if shape else "", f"{len(rows)}", *errors, self._judge(rows)

    def _measure(self, rows: Sequence[Verdict]) -> list[float | None]:
        """Return how far the gradient is off the difference and off the exact derivative, at the worst entry."""
        found: list[float | None] = []
        for others in ([row.difference and row.difference.slope for row in rows], [row.exact for row in rows]):
            pairs = [(row.gradient, other) for row, other in zip(rows, others, strict=True) if other is not None]
            errors = [relative_difference(*pair) for pair in pairs if all(map(isfinite, pair))]
            found.append(max(errors, default=None))
        return found

    def _judge(self, rows: Sequence[Verdict]) -> str:
        """Return the verdict on all entries, or how many have which."""
        verdicts = [row.verdict for row in rows]
        kinds = dict.fromkeys(sorted(verdicts, key=lambda verdict: verdict == AGREES))
        if len(kinds) == 1:
            return verdicts[0]
        return ", ".join(f"{verdicts.count(kind)} {kind}" for kind in kinds)
