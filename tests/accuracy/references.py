"""What every gate and its local gradients are, written for mpmath: the second opinion, made without the first.

Nothing here comes from the gate table or from its functions, but for a new gate that nobody has written here yet: its
own formula, at a thousand digits, is its reference. At fifty digits the textbook formulas are good enough,
except where all fifty cancel: there the one that does not cancel stands (sech² for 1 − tanh²).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import sympy
from mpmath import mp, mpf

from bpviz.gates import Gate
from tests.accuracy.points import Range

Function = Callable[..., Any]


def _everywhere(*operands: float) -> bool:
    return True


@dataclass(frozen=True)
class Reference:
    """A gate's value and local gradients, where its operands are drawn from, and which points are in its domain.

    several says that there may be more operands, each with the one slope, of which the first operand is the one meant;
    at_once gives the slopes of all of them together instead.
    """

    value: Function
    slopes: tuple[Function | None, ...]  # None for an operand that is always a constant
    ranges: tuple[Range, ...] = (Range(),)
    inside: Callable[..., bool] = _everywhere
    several: bool = False
    at_once: Function | None = None


ANYTHING = Range()
POSITIVE = Range(least=5e-324)
NOT_NEGATIVE = Range(least=0.0)
QUARTERS = tuple(k * math.pi / 2 for k in (*range(-6, 7), 101, 10**6, 10**15 + 1))
ANGLE = Range(near=(0.0, *QUARTERS))
SINE = Range(least=-1.0, most=1.0)
PROBABILITY = Range(least=5e-324, most=math.nextafter(1.0, 0.0), near=(0.0, 0.5, 1.0))
TARGET = Range(least=0.0, most=1.0, near=(0.0, 0.5, 1.0), meets=lambda p: (p,), chosen=(0.0, 1.0))
SAME = Range(meets=lambda *before: tuple(s * a for a in before[:1] for s in (1.0, -1.0)))
EXPONENT = Range(chosen=(-3.0, -2.5, -1.0, -0.5, 0.1, 1 / 3, 0.5, 1.5, 2.0, 3.0, 4.0, 7.0, 17.0, 100.0, -1000.5))


def _whole(n: float) -> bool:
    return float(n).is_integer()


def _power_inside(a: float, n: float) -> bool:
    """Exponents beyond 10⁵ are left out: they are no constants that anybody types."""
    return (a > 0 or (a < 0 and _whole(n)) or (n > 0 and a == 0)) and abs(n) < 1e5 and (abs(n) > 1e-15 or n == 0)


def _outside_one(a: float) -> bool:
    return abs(a) >= 1


def _over(a: Any, b: Any) -> Any:
    """Return a/b, infinite at a pole."""
    return mpf(a) / b if b else mp.inf * mp.sign(a)


def _power_slope(a: Any, n: Any) -> Any:
    if not a and n < 1:
        return mp.inf if n else mpf(0)
    return n * mp.power(a, n - 1) if n else mpf(0)


def _sigmoid(a: Any) -> Any:
    return 1 / (1 + mp.exp(-a))


def _density(a: Any) -> Any:
    return mp.exp(-a * a / 2) / mp.sqrt(2 * mp.pi)


def _cumulative(a: Any) -> Any:
    return mp.erfc(-a / mp.sqrt(2)) / 2 if abs(a) < 1000 else mpf(a > 0)


def _mish_slope(a: Any) -> Any:
    s = mp.log1p(mp.exp(a))
    return mp.tanh(s) + a * mp.sech(s) ** 2 * _sigmoid(a)


def _logit_slope(x: Any, t: Any) -> Any:
    if t == 0.5:
        return mp.tanh(x / 2) / 2
    return 1 - t - _sigmoid(-x) if x > 0 else _sigmoid(x) - t


def _exactly(number: Fraction) -> Any:
    return mpf(number.numerator) / number.denominator


def _exact_margin(s: Any, t: Any) -> Any:
    return _exactly(max(1 - Fraction(float(s)) * Fraction(float(t)), Fraction(0)))


def _exact_sum(*operands: Any) -> Any:
    """Return a sum of which all fifty digits may cancel."""
    return _exactly(sum((Fraction(float(operand)) for operand in operands), Fraction(0)))


def _exact_dot(*operands: Any) -> Any:
    half = [Fraction(float(operand)) for operand in operands[: len(operands) // 2]]
    other = [Fraction(float(operand)) for operand in operands[len(operands) // 2 :]]
    return _exactly(sum((a * b for a, b in zip(half, other, strict=True)), Fraction(0)))


def _equal_share(a: Any, *operands: Any, best: Function) -> Any:
    z = best(operands)
    return mpf(1) / operands.count(z) if a == z else mpf(0)


def _others(a: Any, *operands: Any) -> Any:
    rest = list(operands)
    rest.remove(a)
    return mp.fprod(rest)


def _log_slope(a: Any, b: Any) -> Any:
    return -mp.log(a) / (b * mp.log(b) ** 2)


def _one(*operands: Any) -> Any:
    return mpf(1)


def _when(condition: Function, then: Function, otherwise: Function) -> Function:
    return lambda *operands: then(*operands) if condition(*operands) else otherwise(*operands)


def _is_positive(a: Any, *_: Any) -> bool:
    return bool(a > 0)


def _log_sum(*operands: Any) -> Any:
    top, *others = sorted(operands, reverse=True)
    with mp.workdps(120):  # all of fifty digits may cancel
        return top + mp.log1p(mp.fsum(mp.exp(other - top) for other in others))


def _share(a: Any, *operands: Any) -> Any:
    return 1 / mp.fsum(mp.exp(operand - a) for operand in operands) if max(operands) - a < 1e6 else mpf(0)


def _expm1(a: Any) -> Any:
    return mp.expm1(a) if a > -1000 else mpf(-1)


def _completing(before: tuple[float, ...]) -> tuple[float, ...]:
    """Return the operand with which logsumexp is about zero, and those that tie or differ by much."""
    rest = 1 - math.fsum(math.exp(min(a, 1.0)) for a in before)
    return (*before[:1], *([math.log(rest)] if rest > 0 else []))


def _choice(holds: Callable[[Any, Any], bool]) -> Reference:
    """Return the reference of a choice by one of the six signs."""
    return Reference(
        lambda a, b, u, v: u if holds(a, b) else v,
        (
            _constant("0"),
            _constant("0"),
            lambda a, b, u, v: mpf(holds(a, b)),
            lambda a, b, u, v: mpf(not holds(a, b)),
        ),
        (ANYTHING, SAME, ANYTHING, ANYTHING),
    )


def _constant(value: str) -> Function:
    return lambda *operands: mpf(value)


# fmt: off
REFERENCES: Mapping[str, Reference] = {
    "add": Reference(lambda a, b: a + b, (_one, _one), (ANYTHING, SAME)),
    "subtract": Reference(lambda a, b: a - b, (_one, _constant("-1")), (ANYTHING, SAME)),
    "multiply": Reference(lambda a, b: a * b, (lambda a, b: b, lambda a, b: a), (ANYTHING, ANYTHING)),
    "divide": Reference(lambda a, b: a / b, (lambda a, b: 1 / b, lambda a, b: -a / b**2), (ANYTHING, SAME),
                        lambda a, b: b != 0),
    "negate": Reference(lambda a: -a, (_constant("-1"),)),
    "reciprocal": Reference(lambda a: 1 / a, (lambda a: -1 / a**2,), inside=bool),
    "square": Reference(lambda a: a**2, (lambda a: 2 * a,)),
    "power": Reference(mp.power, (_power_slope, None), (ANYTHING, EXPONENT),
                       _power_inside),
    "exponential": Reference(mp.power, (None, lambda c, a: mp.power(c, a) * mp.log(c)), (POSITIVE, ANYTHING)),
    "pow": Reference(mp.power, (_power_slope, lambda a, b: mp.power(a, b) * mp.log(a)),
                     (POSITIVE, EXPONENT), _power_inside),
    "sqrt": Reference(mp.sqrt, (lambda a: _over(1, 2 * mp.sqrt(a)),), (NOT_NEGATIVE,)),
    "cbrt": Reference(lambda a: mp.sign(a) * mp.cbrt(abs(a)), (lambda a: _over(1, 3 * mp.cbrt(abs(a)) ** 2),)),
    "root": Reference(lambda a, n: mp.sign(a) * mp.root(abs(a), int(n)),
                      (lambda a, n: _over(1, n * mp.root(abs(a), int(n)) ** (n - 1)), None),
                      (ANYTHING, Range(chosen=(1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 21.0, 101.0, 1001.0))),
                      lambda a, n: n >= 1 and n % 2 == 1 and n < 1e5),
    "exp": Reference(mp.exp, (mp.exp,)),
    "expm1": Reference(_expm1, (mp.exp,)),
    "ln": Reference(mp.log, (lambda a: 1 / a,), (POSITIVE,)),
    "log1p": Reference(mp.log1p, (lambda a: 1 / (1 + a),), (Range(least=math.nextafter(-1.0, 0.0)),)),
    "logit": Reference(lambda p: mp.log(p) - mp.log1p(-p), (lambda p: 1 / (p * (1 - p)),), (PROBABILITY,)),
    "log2": Reference(lambda a: mp.log(a, 2), (lambda a: 1 / (a * mp.log(2)),), (POSITIVE,)),
    "log10": Reference(mp.log10, (lambda a: 1 / (a * mp.log(10)),), (POSITIVE,)),
    "log": Reference(mp.log, (lambda a, b: 1 / (a * mp.log(b)), _log_slope), (POSITIVE, POSITIVE),
                     lambda a, b: b != 1),
    "sin": Reference(mp.sin, (mp.cos,), (ANGLE,)),
    "cos": Reference(mp.cos, (lambda a: -mp.sin(a),), (ANGLE,)),
    "tan": Reference(mp.tan, (lambda a: mp.sec(a) ** 2,), (ANGLE,)),
    "sec": Reference(mp.sec, (lambda a: mp.sin(a) / mp.cos(a) ** 2,), (ANGLE,)),
    "csc": Reference(mp.csc, (lambda a: -mp.cos(a) / mp.sin(a) ** 2,), (ANGLE,), bool),
    "cot": Reference(mp.cot, (lambda a: -mp.csc(a) ** 2,), (ANGLE,), bool),
    "arcsin": Reference(mp.asin, (lambda a: _over(1, mp.sqrt(1 - a**2)),), (SINE,)),
    "arccos": Reference(mp.acos, (lambda a: _over(-1, mp.sqrt(1 - a**2)),), (SINE,)),
    "arctan": Reference(mp.atan, (lambda a: 1 / (1 + a**2),)),
    "arcsec": Reference(lambda a: mp.acos(1 / a), (lambda a: _over(1, abs(a) * mp.sqrt((a - 1) * (a + 1))),),
                        inside=_outside_one),
    "arccsc": Reference(lambda a: mp.asin(1 / a), (lambda a: _over(-1, abs(a) * mp.sqrt((a - 1) * (a + 1))),),
                        inside=_outside_one),
    "arccot": Reference(lambda a: mp.atan2(1, a), (lambda a: -1 / (1 + a**2),)),
    "atan2": Reference(mp.atan2, (lambda a, b: b / (a**2 + b**2), lambda a, b: -a / (a**2 + b**2)),
                       (ANYTHING, SAME), lambda a, b: a != 0 or b != 0),
    "hypot": Reference(mp.hypot, (lambda a, b: a / mp.hypot(a, b), lambda a, b: b / mp.hypot(a, b)), (ANYTHING, SAME)),
    "sinh": Reference(mp.sinh, (mp.cosh,)),
    "cosh": Reference(mp.cosh, (mp.sinh,)),
    "tanh": Reference(mp.tanh, (lambda a: mp.sech(a) ** 2,)),
    "sech": Reference(mp.sech, (lambda a: -mp.sech(a) * mp.tanh(a),)),
    "csch": Reference(mp.csch, (lambda a: -mp.csch(a) * mp.coth(a),), inside=bool),
    "coth": Reference(mp.coth, (lambda a: -mp.csch(a) ** 2,), inside=bool),
    "arsinh": Reference(mp.asinh, (lambda a: 1 / mp.sqrt(1 + a**2),)),
    "arcosh": Reference(mp.acosh, (lambda a: _over(1, mp.sqrt((a - 1) * (a + 1))),), (Range(least=1.0),)),
    "artanh": Reference(mp.atanh, (lambda a: 1 / (1 - a**2),), (SINE,), lambda a: abs(a) != 1),
    "arsech": Reference(lambda a: mp.acosh(1 / a), (lambda a: _over(-1, a * mp.sqrt((1 - a) * (1 + a))),),
                        (Range(least=5e-324, most=1.0),)),
    "arcsch": Reference(lambda a: mp.asinh(1 / a), (lambda a: -1 / (abs(a) * mp.sqrt(1 + a**2)),), inside=bool),
    "arcoth": Reference(lambda a: mp.atanh(1 / a), (lambda a: 1 / ((1 - a) * (1 + a)),), inside=lambda a: abs(a) > 1),
    "sigmoid": Reference(_sigmoid, (lambda a: _sigmoid(a) * _sigmoid(-a),)),
    "relu": Reference(lambda a: max(a, mpf(0)), (lambda a: mpf(a > 0),)),
    "softplus": Reference(lambda a: mp.log1p(mp.exp(a)) if a < 200 else a + mp.exp(-a), (_sigmoid,)),
    "leaky_relu": Reference(_when(_is_positive, lambda a: a, lambda a: a / 100),
                            (_when(_is_positive, _one, _constant("0.01")),)),
    "prelu": Reference(_when(_is_positive, lambda a, b: a, lambda a, b: a * b),
                       (_when(_is_positive, _one, lambda a, b: b), lambda a, b: min(a, mpf(0))), (ANYTHING, ANYTHING)),
    "elu": Reference(_when(_is_positive, lambda a: a, mp.expm1), (_when(_is_positive, _one, mp.exp),)),
    "silu": Reference(lambda a: a * _sigmoid(a), (lambda a: _sigmoid(a) * (1 + a * _sigmoid(-a)),),
                      (Range(near=(0.0, -1.2784645427610737)),)),
    "gelu": Reference(lambda a: a * _cumulative(a), (lambda a: _cumulative(a) + a * _density(a),),
                      (Range(near=(0.0, -0.7517915246935645, -26.0)),)),
    "mish": Reference(lambda a: a * mp.tanh(mp.log1p(mp.exp(a))), (_mish_slope,),
                      (Range(near=(0.0, -1.1924312145154952)),)),
    "hard_tanh": Reference(lambda a: max(mpf(-1), min(a, mpf(1))), (lambda a: mpf(abs(a) < 1),)),
    "step": Reference(lambda a: mpf(a > 0), (_constant("0"),)),
    "erf": Reference(mp.erf, (lambda a: 2 / mp.sqrt(mp.pi) * mp.exp(-a * a),)),
    "normcdf": Reference(_cumulative, (_density,)),
    "normpdf": Reference(_density, (lambda a: -a * _density(a),)),
    "se": Reference(lambda y, t: (y - t) ** 2, (lambda y, t: 2 * (y - t), lambda y, t: 2 * (t - y)), (ANYTHING, SAME)),
    "bce": Reference(lambda p, t: -t * mp.log(p) - (1 - t) * mp.log1p(-p),
                     (lambda p, t: (p - t) / (p * (1 - p)), lambda p, t: mp.log1p(-p) - mp.log(p)),
                     (PROBABILITY, TARGET)),
    "bce_logits": Reference(lambda x, t: ((1 - t) * x if x > 0 else -t * x) + mp.log1p(mp.exp(-abs(x))),
                            (_logit_slope, lambda x, t: -x),
                            (ANYTHING, Range(least=0.0, most=1.0, near=(0.0, 0.5, 1.0), chosen=(0.0, 1.0),
                                             meets=lambda x: (1 / (1 + math.exp(-x)),) if abs(x) < 700 else (0.0,)))),
    "hinge": Reference(_exact_margin, (lambda s, t: -t if _exact_margin(s, t) else mpf(0),
                                       lambda s, t: -s if _exact_margin(s, t) else mpf(0)),
                       (ANYTHING, Range(meets=lambda s: (1 / s,) if s else (0.0,), chosen=(-1.0, 1.0)))),
    "abs": Reference(abs, (mp.sign,)),
    "sign": Reference(mp.sign, (_constant("0"),)),
    "max": Reference(lambda *operands: max(operands),
                     (lambda a, *operands: _equal_share(a, *operands, best=max),), (SAME,), several=True),
    "min": Reference(lambda *operands: min(operands),
                     (lambda a, *operands: _equal_share(a, *operands, best=min),), (SAME,), several=True),
    "sum": Reference(_exact_sum, (_one,), (SAME,), several=True),
    "mean": Reference(lambda *operands: _exact_sum(*operands) / len(operands),
                      (lambda a, *operands: mpf(1) / len(operands),), (SAME,), several=True),
    "dot": Reference(lambda *operands: _exact_dot(*operands), (), (ANYTHING, SAME), several=True,
                     at_once=lambda *operands: operands[len(operands) // 2 :] + operands[: len(operands) // 2]),
    "prod": Reference(lambda *operands: mp.fprod(operands), (_others,), (ANYTHING,), several=True),
    "logsumexp": Reference(_log_sum, (_share,),
                           (Range(near=(0.0, -math.log(2), -1.0), meets=lambda *before: _completing(before)),),
                           several=True),
    "where": _choice(lambda a, b: a > b),
    "where_ge": _choice(lambda a, b: a >= b),
    "where_lt": _choice(lambda a, b: a < b),
    "where_le": _choice(lambda a, b: a <= b),
    "where_eq": _choice(lambda a, b: a == b),
    "where_ne": _choice(lambda a, b: a != b),
}
# fmt: on


@cache
def reference_for(gate: Gate) -> Reference:
    """Find the reference of a gate or, of a new one of one or two operands, make it of its own formula."""
    if gate.name in REFERENCES:
        return REFERENCES[gate.name]
    letters = sympy.symbols(f"a:{gate.arity[0]}", real=True)
    formula = gate.symbolic(sympy, *letters)

    def compute(expression: Any) -> Function:
        function = sympy.lambdify(letters, expression, "mpmath")

        def computed(*operands: Any) -> Any:
            with mp.workdps(1000):  # where fifty digits cancel, as in 1 − tanh²
                return function(*map(mpf, operands))

        return computed

    value, slopes = compute(formula), tuple(compute(sympy.diff(formula, letter)) for letter in letters)

    def inside(*operands: float) -> bool:
        try:
            return bool(mp.isfinite(value(*operands)))
        except (ValueError, ZeroDivisionError, TypeError):
            return False

    return Reference(value, slopes, (ANYTHING,) * gate.arity[0], inside)
