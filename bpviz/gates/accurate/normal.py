"""The error function and the normal distribution: erf's slope, Φ, φ and gelu.

exp(−a²) is the difficulty: the rounding of a² is magnified by a², so that 27 has no correct digit after the 13th. The
square is split into one that is exact and a small rest (Cody 1969). erfc(−a/√2) has the same illness, and is
corrected for the rounding of its operand.
"""

from __future__ import annotations

from math import erfc, exp, expm1, ldexp

from bpviz.gates.accurate import flat
from bpviz.gates.accurate.exact import two_product

ROOT_HALF = (0.7071067811865476, -4.833646656726457e-17)  # √½, and what is left of it
SQRT_TAU_INVERSE = 0.3989422804014327  # 1/√(2π)
TWO_OVER_SQRT_PI = 1.1283791670955126
NOTHING = 40.0  # from here on both exp(−a²/2) and erfc are 0
TINY = 680.0  # exp(−680) has all its bits, and 40 more powers of two to spare
FAR = -36.0  # to the left of it erfc is about to underflow, and the asymptotic series has all digits after five terms


def bell(a: float, rate: float, factor: float) -> float:
    """Compute factor·exp(−rate·a²) for a rate of 1 or ½; far out in halves, for a factor that lifts what underflows."""
    if abs(a) > NOTHING:
        return 0.0
    high = ldexp(round(ldexp(a, 20)), -20)
    square, rest = rate * high * high, rate * (high - a) * (high + a)
    if square > TINY:
        half = exp(-0.5 * square)
        return factor * half * exp(rest) * half
    whole = exp(-square)
    return factor * (whole + whole * expm1(rest))


def erf_slope(a: float) -> float:
    """Compute 2/√π·exp(−a²)."""
    return bell(a, 1.0, TWO_OVER_SQRT_PI)


def cumulative(a: float) -> float:
    """Compute Φ(a) = erfc(−a/√2)/2, with erfc's slope for what −a/√2 was rounded by."""
    high, low = two_product(-a, ROOT_HALF[0])
    low -= a * ROOT_HALF[1]
    return 0.5 * (erfc(high) - low * TWO_OVER_SQRT_PI * exp(-high * high))


def distribution(a: float) -> float:
    """Compute Φ(a) for any a, far to the left from φ."""
    if a > NOTHING:
        return 1.0
    return bell(a, 0.5, SQRT_TAU_INVERSE * _mills(-a) / -a) if a < FAR else cumulative(a)


def density(a: float) -> float:
    """Compute φ(a) = exp(−a²/2)/√(2π)."""
    return bell(a, 0.5, SQRT_TAU_INVERSE)


def density_slope(a: float) -> float:
    """Compute −a·φ(a)."""
    return bell(a, 0.5, -a * SQRT_TAU_INVERSE)


def gelu(a: float) -> float:
    """Compute a·Φ(a) (Hendrycks and Gimpel 2016)."""
    if a > NOTHING:
        return a
    return -bell(a, 0.5, SQRT_TAU_INVERSE * _mills(-a)) if a < FAR else a * cumulative(a)


def gelu_slope(a: float) -> float:
    """Compute Φ(a) + a·φ(a)."""
    if a > NOTHING:
        return 1.0
    if a < FAR:
        return bell(a, 0.5, SQRT_TAU_INVERSE * (a - _mills(-a) / a))
    near = flat.slope(flat.GELU, a)
    return cumulative(a) + bell(a, 0.5, SQRT_TAU_INVERSE * a) if near is None else near


def _mills(t: float) -> float:
    """Compute t·(1 − Φ(t))/φ(t) for a large t: 1 − 1/t² + 3/t⁴ − 15/t⁶ + … (DLMF 7.12.1)."""
    total = term = 1.0
    for k in range(1, 16, 2):
        term *= -k / (t * t)
        total += term
    return total
