"""Sums, products and quotients of two operands or many, without the errors that come from their order.

DLMF is the NIST Digital Library of Mathematical Functions, here and in the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import copysign, frexp, fsum, inf, ldexp
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from fractions import Fraction

    Number = TypeVar("Number")

SPLITTER = 134217729.0  # 2^27 + 1
LEAST_PRODUCT, MOST_PRODUCT = 1e-250, 1e250  # between these a product and its rounding error are numbers


def scale(a: float, exponent: int) -> float:
    """Compute a·2^exponent, infinite on overflow."""
    try:
        return ldexp(a, exponent)
    except OverflowError:
        return copysign(inf, a)


def two_product(a: float, b: float) -> tuple[float, float]:
    """Compute a·b rounded and the rounding error, exactly, if neither over- nor underflows (Dekker 1971)."""
    split_a, split_b = SPLITTER * a, SPLITTER * b
    high_a, high_b = split_a - (split_a - a), split_b - (split_b - b)
    low_a, low_b = a - high_a, b - high_b
    high = a * b
    return high, low_a * low_b - (high - high_a * high_b - low_a * high_b - high_a * low_b)


def one_minus_product(a: float, b: float) -> float:
    """Compute 1 − a·b with one rounding where the product is near 1, and all its digits would cancel."""
    if not 0.25 < a * b < 4.0:
        return 1.0 - a * b
    (mantissa_a, exponent_a), (mantissa_b, exponent_b) = frexp(a), frexp(b)
    high, low = two_product(mantissa_a, mantissa_b)
    exponent = exponent_a + exponent_b
    return 1.0 - ldexp(high, exponent) - ldexp(low, exponent)


def quotient_slope(a: float, b: float) -> float:
    """Compute −a/b², the slope of a/b in b, without b² or a/b, either of which may underflow."""
    if not b:
        return copysign(inf, -a)
    (mantissa_a, exponent_a), (mantissa_b, exponent_b) = frexp(a), frexp(b)
    return scale(-mantissa_a / mantissa_b / mantissa_b, exponent_a - 2 * exponent_b)


def product(*operands: float) -> float:
    """Compute the product of the operands, of any number of them as good as rounded once."""
    mantissa, exponent = _product(operands)
    return ldexp(mantissa, exponent)


def product_slopes(operands: Sequence[float]) -> tuple[float, ...]:
    """Multiply for each operand all others: the whole product divided by it, or by what is not zero."""
    zeros = operands.count(0.0)
    if zeros > 1:
        return (0.0,) * len(operands)
    mantissa, exponent = _product([operand for operand in operands if operand])
    if zeros:
        return tuple(0.0 if operand else scale(mantissa, exponent) for operand in operands)
    parts = [frexp(operand) for operand in operands]
    return tuple(scale(mantissa / own, exponent - own_exponent) for own, own_exponent in parts)


def _product(operands: Sequence[float]) -> tuple[float, int]:
    """Compute a product as mantissa and exponent, so that nothing overflows on the way.

    The rounding errors are carried along and added in the end (Ogita, Rump and Oishi 2005, CompProd).
    """
    high, low, exponent = 1.0, 0.0, 0
    for operand in operands:
        mantissa, own = frexp(operand)
        whole, error = two_product(high, mantissa)
        high, shift = frexp(whole)
        low = ldexp(low * mantissa + error, -shift)
        exponent += own + shift
    return high + low, exponent


def mean(*operands: float) -> float:
    """Compute the mean of the operands, their sum rounded once if it is a number at all."""
    try:
        return fsum(operands) / len(operands)
    except OverflowError:
        return fsum(operand / len(operands) for operand in operands)


def pair_up(operands: Sequence[Number]) -> list[tuple[Number, Number]]:
    """Pair the operands of two lists, which come one behind the other."""
    half = len(operands) // 2
    return list(zip(operands[:half], operands[half:], strict=True))


def dot(*operands: float) -> float:
    """Compute a₁b₁ + a₂b₂ + … of two lists, rounded once."""
    factors = [(a, b) for a, b in pair_up(operands) if a and b]
    if all(
        LEAST_PRODUCT < abs(a * b) < MOST_PRODUCT and abs(a) < MOST_PRODUCT and abs(b) < MOST_PRODUCT
        for a, b in factors
    ):
        return fsum(part for a, b in factors for part in two_product(a, b))
    return float(dot_exactly(operands))


def dot_exactly(operands: Sequence[float]) -> Fraction:
    """Compute a₁b₁ + a₂b₂ + … without any rounding."""
    from fractions import Fraction  # late: few need it

    return sum((Fraction(a) * Fraction(b) for a, b in pair_up(operands)), Fraction(0))


def swap_lists(operands: tuple[float, ...]) -> tuple[float, ...]:
    """Put the second list of operands first: for each operand its partner, the slope of a sum of products."""
    half = len(operands) // 2
    return operands[half:] + operands[:half]
