"""Trigonometric and hyperbolic functions, their inverses and their slopes.

Here are those for which no formula of one line in the gate table will do. The inverses of the reciprocals do not go
through 1/a, whose rounding the inverse functions magnify without limit near 1 (DLMF 4.23.9 and 4.24): arsech is the
arsinh of √(1 − a²)/a.
"""

from __future__ import annotations

from functools import reduce
from math import asinh, atan2, copysign, exp, expm1, frexp, hypot, ldexp, log, sqrt, tanh

from bpviz.gates.accurate.exact import scale

SQUARE_OVERFLOWS = 1e150
TAIL = 350.0  # exp(-2a) is about to be subnormal
# cosh(a)/sinh²(a) − 1/a², in powers of a²: Taylor's, made of Bernoulli's numbers
CSCH_SERIES = (
    1 / 6, -7 / 120, 31 / 3024, -127 / 86400, 1.9202441077441077e-04, -2.3796821870565257e-05, 2.8500252747937933e-06,
    -3.3320896280880624e-07, 3.8263047152465376e-08, -4.33297046437146e-09, 4.852348532009364e-10,
)  # fmt: skip
LN_2 = 0.6931471805599453
TINY = 1e-300  # 1/a is about to overflow
ALMOST_SUBNORMAL = -900  # exponents of two from here down: what is scaled up first loses no bits


def cosine_side(a: float) -> float:
    """Compute √(1 − a²) from its factors: 1 − a is exact where it is small."""
    return sqrt((1.0 - a) * (1.0 + a))


def arctan_slope(a: float) -> float:
    """Compute 1/(1 + a²)."""
    return 1.0 / (1.0 + a * a) if abs(a) < SQUARE_OVERFLOWS else 1.0 / a / a


def angle(a: float, b: float) -> float:
    """Compute the angle of the point (b, a), which the origin has not; ValueError there.

    A zero has no sign here: −0, of which math.atan2 makes −π, becomes 0 once 0 is added.
    """
    if not a and not b:
        raise ValueError
    return atan2(a + 0.0, b)


def angle_slopes(a: float, b: float) -> tuple[float, float]:
    """Compute b/(a² + b²) and −a/(a² + b²), scaled so that the squares neither over- nor underflow."""
    exponent = frexp(max(abs(a), abs(b)))[1]
    small_a, small_b = ldexp(a, -exponent), ldexp(b, -exponent)
    square = small_a * small_a + small_b * small_b
    (own_a, exponent_a), (own_b, exponent_b) = frexp(a), frexp(b)
    return scale(own_b / square, exponent_b - 2 * exponent), scale(-own_a / square, exponent_a - 2 * exponent)


def distance_slopes(a: float, b: float) -> tuple[float, float]:
    """Compute a/√(a² + b²) and b/√(a² + b²), 0 at the origin; tiny operands are scaled up first."""
    exponent = frexp(max(abs(a), abs(b)))[1]
    if exponent < ALMOST_SUBNORMAL:
        a, b = ldexp(a, -exponent), ldexp(b, -exponent)
    z = hypot(a, b)
    return (a / z, b / z) if z else (0.0, 0.0)


def sech(a: float) -> float:
    """Compute 1/cosh(a) as 2e/(1 + e²) with e = exp(−|a|): cosh overflows where its reciprocal is still a number."""
    e = exp(-abs(a))
    return 2.0 * e / (1.0 + e * e)


def sech_slope(a: float) -> float:
    """Compute −sech(a)·tanh(a) as 2e(1 − e²)/(1 + e²)² with e = exp(−|a|) and the sign of −a."""
    e = exp(-abs(a))
    square = e * e
    return -copysign(2.0 * e * -expm1(-2.0 * abs(a)) / (1.0 + square * (2.0 + square)), a)


def csch(a: float) -> float:
    """Compute 1/sinh(a) as 2e/(1 − e²) with e = exp(−|a|); ZeroDivisionError at 0."""
    return copysign(2.0 * exp(-abs(a)) / -expm1(-2.0 * abs(a)), a)


def csch_slope(a: float) -> float:
    """Compute −csch(a)·coth(a), near zero as −2·exp(|a|)·(d + 2)/d² with d = exp(2|a|) − 1, nearer by its series."""
    size = abs(a)
    if size > 1.0:
        return -csch(a) / tanh(a)
    if size < 0.5:
        return -1.0 / a / a - reduce(lambda total, c: total * a * a + c, reversed(CSCH_SERIES))
    d = expm1(2.0 * size)
    return -2.0 * exp(size) * ((d + 2.0) / d) / d


def coth_slope(a: float) -> float:
    """Compute −csch²(a), which 1 − coth² loses far from zero, as −4(d + 1)/d² with d = exp(2|a|) − 1."""
    if abs(a) > TAIL:
        return -csch(a) * csch(a)
    d = expm1(2.0 * abs(a))
    return -4.0 * ((d + 1.0) / d) / d


def tanh_slope(a: float) -> float:
    """Compute 1 − tanh(a)² as 4q/(1 + q)² with q = exp(−2|a|), or as sech(a)² where q has lost bits."""
    if abs(a) > TAIL:
        return sech(a) * sech(a)
    q = exp(-2.0 * abs(a))
    return 4.0 * q / (1.0 + q * (2.0 + q))


def arsech(a: float) -> float:
    """Compute the number in [0, ∞) with hyperbolic secant a; ValueError unless 0 < a ≤ 1."""
    if a <= 0.0:
        raise ValueError
    side = cosine_side(a)
    return asinh(side / a) if a > TINY else LN_2 - log(a)


def arcsch(a: float) -> float:
    """Compute the number with hyperbolic cosecant a; ZeroDivisionError at 0."""
    return asinh(1.0 / a) if abs(a) > TINY or not a else copysign(LN_2 - log(abs(a)), a)
