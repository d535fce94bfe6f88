"""Powers, roots and logarithms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import copysign, exp, fsum, inf, log, log1p

LOG2_E = 1.4426950408889634  # 1/ln 2
LOG10_E = 0.4342944819032518  # 1/ln 10
NOTHING = -800.0  # from here down exp is 0
DIGITS = 100  # of a sum of exponentials whose logarithm is nearly 0
SQUARE_COUNTS = 1e-30  # from here up the logarithm of 1 + x is more than x − x²/2 in these digits
SMALL, LARGE = 1e-290, 1e290  # between these a number and what is made of it keep all their bits


def power_or_infinity(a: float, b: float) -> float:
    """Compute a^b for a slope: infinite at a pole or on overflow instead of raising."""
    try:
        return math.pow(a, b)
    except (OverflowError, ValueError):
        odd = a < 0 and b % 2 == 1
        return -inf if odd else inf


def positive_power(a: float, b: float) -> float:
    """Compute a^b for a variable exponent, which has a derivative for a positive base only (or 0^b, b > 0)."""
    if a < 0 or (a == 0 and b <= 0):
        raise ValueError
    return math.pow(a, b)


def power_slope(a: float, n: float) -> float:
    """Compute n·a^(n−1), the slope of a^n in a; 0 for n = 0 wherever a is.

    Where n − 1 is rounded (n = 0.1, or beyond 2⁵³), or the power below has left the range where it keeps its bits, it
    is n·a^(n/2)/a·a^(n/2): a power's error grows with its exponent's, and half of n is exact.
    """
    if not n:
        return 0.0
    below = n - 1.0
    power = power_or_infinity(a, below)
    is_rounded = below + 1.0 != n or n - below != 1.0
    if not a or (not is_rounded and SMALL < abs(power) < LARGE):
        return n * power
    half = power_or_infinity(abs(a), 0.5 * n)
    slope = n * half / abs(a) * half
    slope = n * half * half / abs(a) if math.isinf(slope) else slope
    return -slope if a < 0 and below % 2 else slope


def exponent_slope(z: float, a: float, b: float) -> float:
    """Compute z·ln(a), the slope of z = a^b in b; 0 where a is 0, its limit for b > 0.

    A tiny z has lost its last bits, which a large logarithm would show: then it is taken as two halves.
    """
    if not a:
        return 0.0
    if abs(z) > SMALL:
        return z * log(a)
    half = power_or_infinity(a, 0.5 * b)
    return half * log(a) * half


def cbrt(a: float) -> float:
    """Compute the real cube root (math.cbrt is of Python 3.11): a power, and one step of Newton's for its last bits."""
    if not a:
        return a
    root = copysign(math.pow(abs(a), 1.0 / 3.0), a)
    return root - (root - a / (root * root)) / 3.0


def cbrt_slope(z: float, a: float) -> float:
    """Compute 1/(3z²) as z/(3a), infinite at zero."""
    return z / a / 3.0 if a else inf


def is_odd(n: float) -> bool:
    """Say whether a number is whole, odd and positive."""
    return n > 0 and n % 2 == 1


def odd_root(a: float, n: float) -> float:
    """Compute the real root of an odd whole degree: a power, and one step of Newton's; ValueError for another."""
    if not is_odd(n):
        raise ValueError
    if not a or n == 1:
        return a
    size = abs(a)
    root = math.pow(size, 1.0 / n)
    half = math.pow(root, 0.5 * (n - 1.0))  # root^(n−1) may be subnormal
    return copysign(root - (root - size / half / half) / n, a)


def odd_root_slope(z: float, a: float, n: float) -> float:
    """Compute 1/(n·zⁿ⁻¹) as z/(n·a), infinite at zero."""
    return z / n / a if a else inf if n > 1 else 1.0


def logarithm(a: float, base: float) -> float:
    """Compute the logarithm of a to a base, a whole number where it is one: log(243, 3) is 5, ln 243 / ln 3 is not."""
    z = log(a) / log(base)
    whole = float(round(z))
    is_near = math.isclose(z, whole, rel_tol=1e-14)
    return whole if is_near and base.is_integer() and power_or_infinity(base, whole) == a else z


def log_sum(*operands: float) -> float:
    """Compute ln(exp(a) + exp(b) + …); where it is much nearer to zero than the largest operand, with more digits."""
    top, *others = sorted(operands, reverse=True)
    z = top + log1p(fsum(_shares((top, *others))[1:]))
    return _log_sum_in_digits(top, others) if 0.5 * top < z < -top else z


def _log_sum_in_digits(top: float, others: Sequence[float]) -> float:
    from decimal import Context, Decimal  # late: few need it

    exact = Context(prec=DIGITS, Emin=-(10**6), Emax=10**6, traps=[])
    rest = Decimal(0)
    for other in others:
        rest = exact.add(rest, exact.exp(exact.subtract(Decimal(other), Decimal(top))))
    logarithm = exact.ln(exact.add(1, rest))
    if rest < Decimal(SQUARE_COUNTS):  # rest − rest²/2: the next term is beyond these digits
        logarithm = exact.subtract(rest, exact.divide(exact.multiply(rest, rest), Decimal(2)))
    return float(exact.add(Decimal(top), logarithm))


def softmax(operands: Sequence[float]) -> tuple[float, ...]:
    """Compute exp(a)/(exp(a) + exp(b) + …) for every operand."""
    shares = _shares(operands)
    total = fsum(shares)
    return tuple([share / total for share in shares])


def _shares(operands: Sequence[float]) -> list[float]:
    """Compute exp(a − largest) for every operand, with what the difference was rounded by put back."""
    top = max(operands)
    shares = []
    for operand in operands:
        difference = operand - top
        if difference < NOTHING:
            shares.append(0.0)
            continue
        back = difference + top  # the rounding error of a difference is a float (Knuth 1969)
        rest = (operand - back) + ((back - difference) - top)
        shares.append(exp(difference) * (1.0 + rest))
    return shares
