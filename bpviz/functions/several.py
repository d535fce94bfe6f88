"""Sums, means and choices of many operands."""

from __future__ import annotations

from math import fsum


def mean(*operands: float) -> float:
    """Return the mean of the operands, their sum rounded once if it is a number at all."""
    try:
        return fsum(operands) / len(operands)
    except OverflowError:
        return fsum(operand / len(operands) for operand in operands)


def total(*operands: float) -> float:
    """Return the sum of the operands, rounded once, so that their order does not matter (Shewchuk 1997)."""
    return fsum(operands)


def share(winner: float, operands: tuple[float, ...]) -> tuple[float, ...]:
    """Return the slopes of max or min: 1 for the winner, 0 for the others, equal shares at a tie."""
    each = 1.0 / operands.count(winner)
    return tuple(each if operand == winner else 0.0 for operand in operands)


def count_of(winner: float, *operands: float) -> float:
    """Return how many operands are the winner."""
    return float(operands.count(winner))


def tied(winner: float, operands: tuple[float, ...]) -> bool:
    """Say whether more than one operand is the winner."""
    return operands.count(winner) > 1
