"""Sums, products and quotients without the errors that come from their order: the tools of the other modules.

DLMF is the NIST Digital Library of Mathematical Functions, here and in the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import copysign, frexp, inf, ldexp

SPLITTER = 134217729.0  # 2^27 + 1


def scaled(a: float, exponent: int) -> float:
    """Return a·2^exponent, infinite on overflow."""
    try:
        return ldexp(a, exponent)
    except OverflowError:
        return copysign(inf, a)


def two_product(a: float, b: float) -> tuple[float, float]:
    """Return a·b rounded and the rounding error, exactly, if neither over- nor underflows (Dekker 1971)."""
    split_a, split_b = SPLITTER * a, SPLITTER * b
    high_a, high_b = split_a - (split_a - a), split_b - (split_b - b)
    low_a, low_b = a - high_a, b - high_b
    high = a * b
    return high, low_a * low_b - (high - high_a * high_b - low_a * high_b - high_a * low_b)


def one_minus_product(a: float, b: float) -> float:
    """Return 1 − a·b with one rounding where the product is near 1, and all its digits would cancel."""
    if not 0.25 < a * b < 4.0:
        return 1.0 - a * b
    (mantissa_a, exponent_a), (mantissa_b, exponent_b) = frexp(a), frexp(b)
    high, low = two_product(mantissa_a, mantissa_b)
    exponent = exponent_a + exponent_b
    return 1.0 - ldexp(high, exponent) - ldexp(low, exponent)


def quotient_slope(a: float, b: float) -> float:
    """Return −a/b², the slope of a/b in b, without b² or a/b, either of which may underflow."""
    if not b:
        return copysign(inf, -a)
    (mantissa_a, exponent_a), (mantissa_b, exponent_b) = frexp(a), frexp(b)
    return scaled(-mantissa_a / mantissa_b / mantissa_b, exponent_a - 2 * exponent_b)


def product(*operands: float) -> float:
    """Return the product of the operands, of any number of them as good as rounded once."""
    mantissa, exponent = _product(operands)
    return ldexp(mantissa, exponent)


def product_slopes(operands: Sequence[float]) -> tuple[float, ...]:
    """Return for each operand the product of the others: the whole product divided by it, or by what is not zero."""
    zeros = operands.count(0.0)
    if zeros > 1:
        return (0.0,) * len(operands)
    mantissa, exponent = _product([operand for operand in operands if operand])
    if zeros:
        return tuple(0.0 if operand else scaled(mantissa, exponent) for operand in operands)
    parts = [frexp(operand) for operand in operands]
    return tuple(scaled(mantissa / own, exponent - own_exponent) for own, own_exponent in parts)


def _product(operands: Sequence[float]) -> tuple[float, int]:
    """Return a product as mantissa and exponent, so that nothing overflows on the way.

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
