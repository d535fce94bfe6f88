"""Short numbers: what a value or a gradient may be that is worked out by hand, and which inputs are tried first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import isfinite
from typing import NamedTuple

from bpviz.gates import Gate
from bpviz.gates.gate import UNARY

LARGEST_WHOLE, LARGEST_HALF, LARGEST_QUARTER = 99.0, 9.5, 0.75  # of the short numbers
SMALLEST_PLAIN, LARGEST_PLAIN = 0.01, 99.9  # of the rounded numbers that are not 0
SMALLEST_WIDE, LARGEST_WIDE = 0.001, 9990.0  # of those where the inputs' values were chosen by somebody
NOISE = 1e-12  # relative: 0.1 · 3 is 0.30000000000000004 in float64, and a number of one digit
PROBES = (0.5, 2.0, 3.0, 5.0)  # operands at which a gate shows whether it makes fractions of fractions
SECOND_PROBE = 3.0  # a whole number, since x³ is a fraction and x³ᐟ² is none
LARGEST_DENOMINATOR = 1000  # of a fraction


def is_short(x: float) -> bool:
    """Check for a whole number or a half of at most two digits, or a quarter below one.

    >>> [is_short(x) for x in (3.0, -7.5, 99.0, 0.25, 100.0, 10.5, 1.25)]
    [True, True, True, True, False, False, False]
    """
    size = abs(x)
    return (
        (size <= LARGEST_WHOLE and size == int(size))
        or (size <= LARGEST_HALF and 2 * size == int(2 * size))
        or (size <= LARGEST_QUARTER and 4 * size == int(4 * size))
    )


def has_two_digits(x: float) -> bool:
    """Check for a number that two significant digits write, at most two of them behind the point.

    >>> [has_two_digits(x) for x in (0.1 * 3, -4.5, 12.0, 0.07, 0.125, 0.005, 120.0)]
    [True, True, True, True, False, False, False]
    """
    is_written = abs(x - float(f"{x:.1e}")) <= NOISE * abs(x)
    return x == 0 or (is_written and SMALLEST_PLAIN <= abs(x) <= LARGEST_WHOLE)


def is_plain(x: float) -> bool:
    """Check that three significant digits write a number with at most two before the point and four after it."""
    return x == 0 or SMALLEST_PLAIN <= abs(x) <= LARGEST_PLAIN


def is_wide(x: float) -> bool:
    """Check that three significant digits write a number with at most four before the point and five after it."""
    return x == 0 or SMALLEST_WIDE <= abs(x) <= LARGEST_WIDE


class NumberRule(NamedTuple):
    """A rule for the values and gradients of a variant: its name, what it allows in words, and a test."""

    name: str
    description: str
    fits: Callable[[float], bool]


# A sheet with exact numbers needs no calculator. Gates such as σ and exp leave few such points or none; a rounded sheet
# keeps the inputs short and asks of all other numbers only that three digits write them plainly.
EXACT = NumberRule("exact", "whole numbers and halves of at most two digits, 0.25 and 0.75", is_short)
ROUNDED = NumberRule("rounded", "three digits, between 0.01 and 99.9 in size (or 0)", is_plain)
# What takes their place where somebody chose values for the inputs that are not so short.
TWO_DIGITS = NumberRule("exact", "numbers of at most two digits, such as 0.3, 4.5 and 12", has_two_digits)
WIDE = NumberRule("rounded", "three digits, between 0.001 and 9,990 in size (or 0)", is_wide)
RULES = {rule.name: rule for rule in (EXACT, ROUNDED)}


class Grid(NamedTuple):
    """The numbers that an input and a constant are chosen from, the shortest first."""

    description: str
    inputs: tuple[float, ...]
    constants: tuple[float, ...]


def _make_grid(description: str, sizes: Sequence[float], constants: Sequence[float]) -> Grid:
    signed = tuple(x for size in sizes for x in ((size, -size) if size else (0.0,)))
    return Grid(description, signed, tuple(constants))


WHOLE = tuple(map(float, range(10)))
HALVES = tuple(x + 0.5 for x in WHOLE)
TENTHS = tuple(k / 10 for k in (1, 2, 3, 4, 6, 7, 8, 9))
# The grids grow. A larger one is searched only if the smaller ones have too few points.
GRIDS = (
    _make_grid("whole numbers from −3 to 3 but 0", WHOLE[1:4], WHOLE[2:4]),
    _make_grid("whole numbers from −6 to 6 but 0", WHOLE[1:7], WHOLE[2:6]),
    _make_grid("whole numbers from −9 to 9", WHOLE, WHOLE[2:]),
    _make_grid("whole numbers and halves from −9.5 to 9.5", WHOLE + HALVES, WHOLE[2:] + HALVES),
)
# Between 0 and 1, where a probability must be, there is one half: rounded numbers may have tenths there.
FINE_GRID = _make_grid(
    "whole numbers and halves from −9.5 to 9.5, and tenths below 1",
    sorted(WHOLE + HALVES + TENTHS),
    WHOLE[2:] + HALVES,
)


def keep_positive(grid: Grid) -> Grid:
    """Leave out the negative inputs of a grid, and 0."""
    return grid._replace(inputs=tuple(x for x in grid.inputs if x > 0))


def is_rational(gate: Gate) -> bool:
    """Check at a few points that a gate makes fractions of fractions, as σ and √ do not.

    >>> from bpviz.gates import GATES
    >>> [name for name in ("add", "reciprocal", "max", "sigmoid", "exp") if not is_rational(GATES[name])]
    ['sigmoid', 'exp']
    """
    results: list[float] = []
    for probe in PROBES:
        operands = ((probe, SECOND_PROBE) * 2)[: gate.arity[0]]
        try:
            value = gate.forward(*operands)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        results += [value, *gate.slopes(value, *operands)]
    return bool(results) and all(
        isfinite(x) and abs(float(Fraction(x).limit_denominator(LARGEST_DENOMINATOR)) - x) <= 1e-12 * max(1.0, abs(x))
        for x in results
    )


def is_often_short(gate: Gate, rule: NumberRule) -> bool:
    """Check that a gate of one operand has short numbers at more than one short operand: σ has them at 0 only.

    >>> from bpviz.gates import GATES
    >>> [name for name in ("square", "sqrt", "sigmoid", "ln") if is_often_short(GATES[name], EXACT)]
    ['square', 'sqrt']
    """
    if gate.arity != UNARY:
        return True
    count = 0
    for operand in GRIDS[1].inputs:
        try:
            value = gate.forward(operand)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        count += all(isfinite(x) and rule.fits(x) for x in (value, *gate.slopes(value, operand)))
    return count > 1
