"""Activations and losses of neural networks, over the whole range of their operands.

The slopes of silu, mish and gelu (normal.py) have a zero where two terms cancel. silu's is a closed form that does
not cancel, those of the others are series (flat.py).
"""

from __future__ import annotations

from math import cosh, exp, expm1, log, log1p, tanh

from bpviz.formula.evaluation import divide
from bpviz.gates.accurate import flat
from bpviz.gates.accurate.exact import one_minus_product

FAR = -700.0  # to the left of it exp(-a) is about to overflow
SILU_FLAT = (-1.2784645427610737, -1.0946994183093437e-16)  # the solution r of 1 + a + exp(a) = 0: −1 − W(1/e)
SILU_FLAT_EXP = 0.2784645427610738  # exp(r)
ALIKE = 0.1  # of two numbers the smaller one, as a share, from which on their difference shows the errors of both
DIGITS = 40


def sigmoid(a: float) -> float:
    """Compute 1/(1 + exp(-a)); far out on the left, where exp(-a) overflows, it is exp(a) to the last bit."""
    return 1.0 / (1.0 + exp(-a)) if a > FAR else exp(a)


def sigmoid_slope(a: float) -> float:
    """Compute σ(a)(1 − σ(a)) without the cancellation that makes it 0 from a = 37 on."""
    e = exp(-abs(a))
    return e / (1.0 + e * (2.0 + e))


def silu(a: float) -> float:
    """Compute a·σ(a) (Elfwing, Uchibe and Doya 2018)."""
    return a / (1.0 + exp(-a)) if a > FAR else _tail(a, a)


def silu_slope(a: float) -> float:
    """Compute σ(a)·(1 + a·(1 − σ(a))), near its zero, and to the left of it, as (1 + a + exp(a))·σ(a)·σ(−a)."""
    if a < FAR:
        return _tail(1.0 + a, a)
    e = exp(-abs(a))
    if a > 0:
        return (1.0 + a * e / (1.0 + e)) / (1.0 + e)
    if a > -0.5:
        return e / (1.0 + e) * (1.0 + a / (1.0 + e))
    if a < -3.0:
        return e * (1.0 + a + e) / (1.0 + e * (2.0 + e))
    d = a - SILU_FLAT[0] - SILU_FLAT[1]  # 1 + r + exp(r) = 0, so at r + d it is d + exp(r)·(exp(d) − 1)
    return (d + SILU_FLAT_EXP * expm1(d)) / (2.0 + 2.0 * cosh(a))


def mish(a: float) -> float:
    """Compute a·tanh(ln(1 + exp(a))) (Misra 2020): tanh(ln(1 + e)) is q/(1 + q) with q = e + e²/2."""
    if a > 50.0:
        return a
    if a < FAR:
        return _tail(a, a)
    e = exp(a)
    q = e + 0.5 * e * e
    return a * (q / (1.0 + q))


def mish_slope(a: float) -> float:
    """Compute tanh s + a·(1 − tanh² s)·σ(a) with s = ln(1 + e), e = exp(a), which is q/(1 + q) + ae(1 + e)/(1 + q)².

    Here q = e + e²/2. For a negative a it is e·ω/(1 + q)² with ω = a + 1 + e² + e³/4 + e(a + 3/2) (Misra 2020, 2.1),
    where fewer digits cancel.
    """
    if a > 50.0:
        return 1.0
    if a < -50.0:
        return _tail(1.0 + a, a)
    near = flat.slope(flat.MISH, a)
    if near is not None:
        return near
    e = exp(a)
    q = e + 0.5 * e * e
    if a > -0.5:
        return (q + a * (e + e * e) / (1.0 + q)) / (1.0 + q)
    omega = (a + 1.0) + e * (a + 1.5 + e * (1.0 + 0.25 * e))
    return e * omega / (1.0 + q * (2.0 + q))


def _tail(factor: float, a: float) -> float:
    """Compute factor·exp(a) for an exp(a) so small that it has lost bits."""
    half = exp(0.5 * a)
    return factor * half * half


def cross_entropy(p: float, t: float) -> float:
    """Compute −t·ln p − (1 − t)·ln(1 − p); ValueError unless 0 < p < 1 and 0 ≤ t ≤ 1."""
    if not (0.0 < p < 1.0 and 0.0 <= t <= 1.0):
        raise ValueError
    return -(t * log(p) + (1.0 - t) * log1p(-p))


def cross_entropy_slopes(p: float, t: float) -> tuple[float, float]:
    """Compute (p − t)/(p(1 − p)) and ln((1 − p)/p)."""
    return divide(p - t, p * (1.0 - p)), -log_odds(p)


def log_odds(p: float) -> float:
    """Compute ln(p/(1 − p)), near ½, where it is near zero, from what p differs from ½ by."""
    return -log1p((1.0 - 2.0 * p) / p) if 0.25 < p < 0.75 else log(p) - log1p(-p)


def logit_entropy(x: float, t: float) -> float:
    """Compute ln(1 + exp(x)) − t·x, the cross entropy of σ(x), as a sum of which no part is negative.

    ValueError unless 0 ≤ t ≤ 1.
    """
    if not 0.0 <= t <= 1.0:
        raise ValueError
    return ((1.0 - t) * x if x > 0.0 else -t * x) + log1p(exp(-abs(x)))


def logit_slope(x: float, t: float) -> float:
    """Compute σ(x) − t; where the two are nearly alike, with digits enough that their difference has some left."""
    p, q = sigmoid(x), sigmoid(-x)
    if t <= 0.0 or p <= ALIKE * t:
        return p - t
    if t >= 1.0 or q <= ALIKE * (1.0 - t):
        return 1.0 - t - q
    if t == 0.5:
        return 0.5 * tanh(0.5 * x)
    from decimal import Context, Decimal  # late: few need it

    with_digits = Context(prec=DIGITS)
    exact = with_digits.divide(Decimal(1), with_digits.add(1, with_digits.exp(Decimal(-x))))
    return float(with_digits.subtract(exact, Decimal(t)))


def hinge(s: float, t: float) -> float:
    """Compute max(0, 1 − t·s), the product exact where it is near 1."""
    return max(0.0, one_minus_product(s, t))
