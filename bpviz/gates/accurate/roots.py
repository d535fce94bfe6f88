"""Powers, roots and logarithms."""

from __future__ import annotations

import math
from math import copysign, inf, log

LOG2_E = 1.4426950408889634  # 1/ln 2
LOG10_E = 0.4342944819032518  # 1/ln 10
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

    Where n − 1 is rounded (n = 0.1), or the power below has left the range in which it keeps its bits, it is
    n·a^(n/2)/a·a^(n/2): a power's error grows with its exponent's, and half of n is exact.
    """
    if not n:
        return 0.0
    below = n - 1.0
    power = power_or_infinity(a, below)
    if not a or (below + 1.0 == n and SMALL < abs(power) < LARGE):
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


def logarithm(a: float, base: float) -> float:
    """Compute the logarithm of a to a base, a whole number where it is one: log(243, 3) is 5, ln 243 / ln 3 is not."""
    z = log(a) / log(base)
    whole = float(round(z))
    is_near = math.isclose(z, whole, rel_tol=1e-14)
    return whole if is_near and base.is_integer() and power_or_infinity(base, whole) == a else z
