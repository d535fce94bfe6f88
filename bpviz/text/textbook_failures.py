"""Where a gate's textbook formula goes wrong, and how: it overflows, divides by zero, has no value, or loses digits.

A script knows its point, and its formulas are worked out there. A function is called at any point, so they are worked
out at numbers that people call functions with: kinks, origins, and the far tails up to BILLION. Beyond that -1/x² is
printed as it stands, whose square Python says to be too large.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

from bpviz.autodiff import SMALLEST
from bpviz.formula.evaluation import evaluate
from bpviz.formula.tree import Atom, Formula
from bpviz.gates import ANY, Gate, list_formulas, list_slopes

RELATIVE_ERROR = 5e-13  # how far a line may be off
OVERFLOWS, DIVIDES_BY_ZERO, HAS_NO_VALUE, LOSES_DIGITS, MINDS_THE_SIGN = (
    "overflows",
    "divides by zero",
    "has no value",
    "loses digits",
    "is another number where 0 is −0",
)
MISTAKES = {OverflowError: OVERFLOWS, ZeroDivisionError: DIVIDES_BY_ZERO, ValueError: HAS_NO_VALUE}
BILLION = 1e9
# the plainest first: a comment names the first at which a formula goes wrong
PROBES = (0.0, 1.0, -1.0, 2.0, 0.5, 30.0, -30.0, 800.0, -800.0, BILLION, -BILLION)
PROBES_OF_ONE = (*PROBES, 1e-9, -1e-9, 1 - 1e-9, 1 + 1e-9, 1e-9 - 1, -1 - 1e-9)
OPERANDS_PROBED = 4  # of a gate that takes as many as are written
NAMES = [f"operand{k}" for k in range(OPERANDS_PROBED)]
OUTPUT = "output"


class FailingPoint(NamedTuple):
    """A point at which a formula goes wrong, and how."""

    mistake: str
    operands: tuple[float, ...]


def find_mistake(formula: Formula, at: Mapping[str, float], exact: float) -> str:
    """Return what goes wrong where a formula is worked out at a point, or nothing if it gives the number."""
    zeros = [name for name, number in at.items() if not number]
    at = {**at, **dict.fromkeys(zeros, 0.0)}
    try:
        value = evaluate(formula, at)
    except (ArithmeticError, ValueError) as error:
        return MISTAKES.get(type(error), HAS_NO_VALUE)
    if not _is_near(value, exact):
        return LOSES_DIGITS
    if zeros:  # which the line before may give as −0
        value = evaluate(formula, {**at, **dict.fromkeys(zeros, -0.0)})
    return "" if _is_near(value, exact) else MINDS_THE_SIGN


def _is_near(value: float, exact: float) -> bool:
    return abs(value - exact) <= max(RELATIVE_ERROR * abs(exact), SMALLEST)


def find_failure(gate: Gate, slot: int | None, operands: Sequence[Atom]) -> FailingPoint | None:
    """Find where a gate's textbook formula goes wrong, of z, or of the local gradient in a slot, and a better one not.

    >>> from bpviz.gates import GATES
    >>> find_failure(GATES["sigmoid"], None, [Atom("x")])
    FailingPoint(mistake='overflows', operands=(-800.0,))
    """
    if gate.arity[1] == ANY:  # whose formulas are alike for any number of operands
        return _search(gate, None if slot is None else 0, (None,) * OPERANDS_PROBED)
    return _search(gate, slot, tuple(operand.value for operand in operands))


@cache
def _search(gate: Gate, slot: int | None, constants: tuple[float | None, ...]) -> FailingPoint | None:
    """Search the probes for a failure; constants are those operands that are numbers, and None for the others."""
    atoms = [Atom(NAMES[k]) if number is None else Atom("", number) for k, number in enumerate(constants)]
    output = Atom(OUTPUT)
    formulas = list_formulas(gate, atoms, output) if slot is None else list_slopes(gate, slot, atoms, output)
    if len(formulas) == 1:
        return None
    textbook, accurate = formulas
    for operands in _list_probes(constants):
        try:
            z = gate.forward(*operands)
            exact = z if slot is None else gate.slopes(z, *operands)[slot]
        except (ArithmeticError, ValueError):
            continue
        if not (math.isfinite(z) and math.isfinite(exact)):
            continue
        at = dict(zip((*NAMES[: len(operands)], OUTPUT), (*operands, z), strict=True))
        mistake = find_mistake(textbook, at, exact)
        if mistake and not find_mistake(accurate, at, exact):
            return FailingPoint(mistake, operands)
    return None


def _list_probes(constants: Sequence[float | None]) -> Iterator[tuple[float, ...]]:
    if len(constants) < OPERANDS_PROBED:
        probes = PROBES_OF_ONE if len(constants) == 1 else PROBES
        yield from product(*[probes if number is None else (number,) for number in constants])
        return
    for number in PROBES:  # one operand far from all others, and all of them together
        for other in (0.0, 1.0, number):
            yield (number, *[other] * (len(constants) - 1))
