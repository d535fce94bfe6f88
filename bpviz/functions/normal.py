"""The error function and the normal distribution: erf's slope, and gelu.

exp(−a²) is the difficulty: the rounding of a² is magnified by a², so that 27 has no correct digit after the 13th. The
square is split into one that is exact and a small rest (Cody 1969). erfc(−a/√2) has the same illness, and is
corrected for the rounding of its operand.
"""

from __future__ import annotations

from math import erfc, exp, ldexp

from bpviz.functions.exact import two_product

ROOT_HALF = (0.7071067811865476, -4.833646656726457e-17)  # √½, and what is left of it
SQRT_TAU_INVERSE = 0.3989422804014327  # 1/√(2π)
TWO_OVER_SQRT_PI = 1.1283791670955126
NOTHING = 40.0  # from here on both exp(−a²/2) and erfc are 0
FAR = -26.0  # to the left of it the asymptotic series has all its digits after ten terms
GELU_FLAT = (-0.7517915246935645, 1.4956759177009883e-17)  # r with Φ(r) + r·φ(r) = 0
GELU_FLAT_DENSITY = 0.3007325998969753  # φ(r)
NEAR = 0.5


def bell(a: float, rate: float, factor: float) -> float:
    """Return factor·exp(−rate·a²) for a rate of 1 or ½; in halves, so that a factor can lift what underflows."""
    if abs(a) > NOTHING:
        return 0.0
    high = ldexp(round(ldexp(a, 20)), -20)
    half = exp(-0.5 * rate * high * high)
    return factor * half * exp(rate * (high - a) * (high + a)) * half


def erf_slope(a: float) -> float:
    """Return 2/√π·exp(−a²)."""
    return bell(a, 1.0, TWO_OVER_SQRT_PI)


def cumulative(a: float) -> float:
    """Return Φ(a) = erfc(−a/√2)/2, with erfc's slope for what −a/√2 was rounded by."""
    high, low = two_product(-a, ROOT_HALF[0])
    low -= a * ROOT_HALF[1]
    return 0.5 * (erfc(high) - low * TWO_OVER_SQRT_PI * exp(-high * high))


def gelu(a: float) -> float:
    """Return a·Φ(a) (Hendrycks and Gimpel 2016)."""
    if a > NOTHING:
        return a
    return -bell(a, 0.5, SQRT_TAU_INVERSE * _mills(-a)) if a < FAR else a * cumulative(a)


def gelu_slope(a: float) -> float:
    """Return Φ(a) + a·φ(a)."""
    if a > NOTHING:
        return 1.0
    if a < FAR:
        return bell(a, 0.5, SQRT_TAU_INVERSE * (a - _mills(-a) / a))
    d = a - GELU_FLAT[0] - GELU_FLAT[1]
    return _gelu_growth(d) if abs(d) < NEAR else cumulative(a) + bell(a, 0.5, SQRT_TAU_INVERSE * a)


def _mills(t: float) -> float:
    """Return t·(1 − Φ(t))/φ(t) for a large t: 1 − 1/t² + 3/t⁴ − 15/t⁶ + … (DLMF 7.12.1)."""
    total = term = 1.0
    for k in range(1, 20, 2):
        term *= -k / (t * t)
        total += term
    return total


def _gelu_growth(d: float) -> float:
    """Return gelu'(r + d), where gelu'(r) = 0, as its Taylor series.

    gelu' = Φ − φ', and φ' = −aφ gives the coefficients y of φ about r one after the other.
    """
    r = GELU_FLAT[0]
    before, y, power, total = 0.0, GELU_FLAT_DENSITY, d, 0.0
    for n in range(1, 26):
        before, y = y, -(r * y + before) / n
        total += power * (before * (1.0 + 1.0 / n) + r * y)
        power *= d
    return total
