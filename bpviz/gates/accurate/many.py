"""Sums, means and choices of many operands."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from typing import TYPE_CHECKING, TypeVar

from bpviz.gates.accurate.exact import two_product

if TYPE_CHECKING:
    Number = TypeVar("Number")

SMALL, LARGE = 1e-250, 1e250  # between these a product and its rounding error are numbers


def mean(*operands: float) -> float:
    """Return the mean of the operands, their sum rounded once if it is a number at all."""
    try:
        return fsum(operands) / len(operands)
    except OverflowError:
        return fsum(operand / len(operands) for operand in operands)


def pairs(operands: Sequence[Number]) -> list[tuple[Number, Number]]:
    """Return the operands of two lists, one behind the other, two and two."""
    half = len(operands) // 2
    return list(zip(operands[:half], operands[half:], strict=True))


def dot(*operands: float) -> float:
    """Return a₁b₁ + a₂b₂ + … of two lists, rounded once."""
    factors = [(a, b) for a, b in pairs(operands) if a and b]
    if all(SMALL < abs(a * b) < LARGE and abs(a) < LARGE and abs(b) < LARGE for a, b in factors):
        return fsum(part for a, b in factors for part in two_product(a, b))
    from fractions import Fraction  # late: few need it

    return float(sum((Fraction(a) * Fraction(b) for a, b in factors), Fraction(0)))


def partners(operands: tuple[float, ...]) -> tuple[float, ...]:
    """Return for each operand of two lists the one at its place in the other: the slopes of a sum of products."""
    half = len(operands) // 2
    return operands[half:] + operands[:half]


def tied(winner: float, operands: tuple[float, ...]) -> bool:
    """Say whether more than one operand is the winner."""
    return operands.count(winner) > 1
