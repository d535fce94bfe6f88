"""What people take for the rules of vector operations: a transpose left out, a product the other way round, 1/n lost.

The formulas are in the notation of rule_numbers.py, as the rules themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

from bpviz.vectors.matrix_rules import state_mean, state_sum
from bpviz.vectors.shapes import Shape
from bpviz.vectors.vector_row import MakeMistakes, RuleMistake

TRANSPOSE_LOST = "without the transpose"
OTHER_ORDER = "with the factors in the other order"
TURNED = "turned over: rows for columns"
ENTRY_BY_ENTRY = "entry by entry, where a product of matrices belongs"


def mistake(*mistakes: RuleMistake) -> MakeMistakes:
    """Make mistakes that are the same for all shapes."""
    return lambda shapes, arguments, turned: mistakes


def mistake_matmul(
    shapes: Sequence[Shape], arguments: Sequence[int], turned: Sequence[bool]
) -> tuple[RuleMistake, ...]:
    """List the mistakes in a product of matrices; only those whose shapes go together can be made."""
    return (
        RuleMistake(0, "up @ b", TRANSPOSE_LOST),
        RuleMistake(1, "a @ up", TRANSPOSE_LOST),
        RuleMistake(0, "T(b) @ up", OTHER_ORDER),
        RuleMistake(1, "up @ T(a)", OTHER_ORDER),
        RuleMistake(0, "b @ T(up)", TURNED),
        RuleMistake(1, "T(up) @ a", TURNED),
        RuleMistake(0, "b @ up", f"{OTHER_ORDER}, and {TRANSPOSE_LOST}"),
        RuleMistake(1, "up @ a", f"{OTHER_ORDER}, and {TRANSPOSE_LOST}"),
        RuleMistake(0, "up * b", ENTRY_BY_ENTRY),
        RuleMistake(1, "a * up", ENTRY_BY_ENTRY),
        RuleMistake(0, "up * T(b)", ENTRY_BY_ENTRY),
        RuleMistake(1, "T(a) * up", ENTRY_BY_ENTRY),
    )


def mistake_sum(shapes: Sequence[Shape], arguments: Sequence[int], turned: Sequence[bool]) -> tuple[RuleMistake, ...]:
    """List the mistake of a sum: it is taken for the mean."""
    return (RuleMistake(0, state_mean(shapes, arguments, turned).backward[0], "as of a mean, where a sum stands"),)


def mistake_mean(shapes: Sequence[Shape], arguments: Sequence[int], turned: Sequence[bool]) -> tuple[RuleMistake, ...]:
    """List the mistake of a mean: it is taken for the sum."""
    words = "as of a sum, without the division by how many there are"
    return (RuleMistake(0, state_sum(shapes, arguments, turned).backward[0], words),)
