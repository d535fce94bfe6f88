"""The scalar functions behind the gate table that Python's math module has not, or has not safely.

Each keeps its accuracy where the textbook formula loses it, and overflows to infinity instead of raising where only
a local gradient is asked for. The table decides what is allowed in a forward pass; nothing here knows of gates.
"""

from __future__ import annotations

from math import copysign, exp, inf, log, log1p, pow


def over(a: float, b: float) -> float:
    """Return a/b, infinite (with the sign of a) where b is zero."""
    return a / b if b else copysign(inf, a)


def raised(a: float, b: float) -> float:
    """Return a^b for a slope: infinite at a pole or on overflow instead of raising."""
    try:
        return pow(a, b)
    except (OverflowError, ValueError):
        odd = a < 0 and b % 2 == 1
        return -inf if odd else inf


def positive_power(a: float, b: float) -> float:
    """Return a^b for a variable exponent, which has a derivative for a positive base only (or 0^b, b > 0)."""
    if a < 0 or (a == 0 and b <= 0):
        raise ValueError
    return pow(a, b)


def sigmoid(a: float) -> float:
    """Return 1/(1 + exp(-a)); far out on the left, where exp(-a) overflows, it is exp(a) to the last bit."""
    return 1.0 / (1.0 + exp(-a)) if a > -700.0 else exp(a)


def sigmoid_slope(a: float) -> float:
    """Return σ(a)(1 − σ(a)) without the cancellation that makes it 0 from a = 37 on."""
    e = exp(-abs(a))
    return e / ((1.0 + e) * (1.0 + e))


def tanh_slope(a: float) -> float:
    """Return 1 − tanh(a)² = 4σ'(2a), exact in the tails."""
    return 4.0 * sigmoid_slope(2.0 * a)


def softplus(a: float) -> float:
    """Return ln(1 + exp(a)), which is a plus something tiny for a large a."""
    return max(a, 0.0) + log1p(exp(-abs(a)))


def power_slope(a: float, n: float) -> float:
    """Return n·a^(n−1), the slope of a^n in a; 0 for n = 0 wherever a is."""
    return n * raised(a, n - 1.0) if n else 0.0


def exponent_slope(z: float, a: float) -> float:
    """Return z·ln(a), the slope of z = a^b in b; 0 where a^b is 0, its limit for b > 0."""
    return z * log(a) if z else 0.0


def total(*operands: float) -> float:
    """Return the sum of the operands, added from left to right."""
    result = 0.0
    for operand in operands:
        result += operand
    return result


def share(winner: float, operands: tuple[float, ...]) -> tuple[float, ...]:
    """Return the slopes of max or min: 1 for the winner, 0 for the others, equal shares at a tie."""
    each = 1.0 / operands.count(winner)
    return tuple(each if operand == winner else 0.0 for operand in operands)


def tied(winner: float, operands: tuple[float, ...]) -> bool:
    """Say whether more than one operand is the winner."""
    return operands.count(winner) > 1
