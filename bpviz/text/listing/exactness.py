"""Whether a line of a listing gives, at a point, the number that the trace has there; and what to print if it does not.

A textbook's formula is the one to show, but 1/(1 + exp(-x)) overflows at x = -800, and 1 - z² has lost every digit of
tanh's slope at 30. So each line is worked out as Python would, and where that goes wrong the gate's other formula is
taken, which is right over its whole domain, or, in the few places where no formula of one line is, the number itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

from bpviz.autodiff import SMALLEST
from bpviz.formula.tree import Atom, Formula

RIGHT = 5e-13  # how far a line may be off, relatively
OVERFLOWS, DIVIDES_BY_ZERO, HAS_NO_VALUE, LOSES_DIGITS = (
    "overflows here",
    "divides by zero here",
    "has no value here",
    "loses digits here",
)
MISTAKES = {OverflowError: OVERFLOWS, ZeroDivisionError: DIVIDES_BY_ZERO, ValueError: HAS_NO_VALUE}


class Choice(NamedTuple):
    """The formula to print, and what is wrong with the textbook's if it is another."""

    formula: Formula
    mistake: str = ""


def choose(formulas: Sequence[Formula], at: Mapping[str, float], exact: float) -> Choice:
    """Return the first of a line's formulas that gives a number at a point, or else the number itself."""
    textbook, *others = formulas
    mistake = mistake_of(textbook, at, exact)
    if not mistake:
        return Choice(textbook)
    right = (formula for formula in others if not mistake_of(formula, at, exact))
    return Choice(next(right, Atom("", exact)), mistake)


def mistake_of(formula: Formula, at: Mapping[str, float], exact: float) -> str:
    """Return what goes wrong where a formula is worked out at a point, or nothing if it gives the number."""
    try:
        value = evaluate(formula, at)
    except (ArithmeticError, ValueError) as error:
        return MISTAKES.get(type(error), HAS_NO_VALUE)
    return "" if abs(value - exact) <= max(RIGHT * abs(exact), SMALLEST) else LOSES_DIGITS


def evaluate(formula: Formula, at: Mapping[str, float]) -> Any:
    """Return what a formula gives in floating point; the recursion is over the gate table's formula only.

    OverflowError where anything in it is infinite: what Python passes over in silence NumPy warns of. Of a condition
    both branches are worked out, as NumPy does.
    """
    if isinstance(formula, Atom):
        return at[formula.text] if formula.value is None else formula.value
    value = HEADS[formula.head](*[evaluate(part, at) for part in formula.parts])
    if math.isinf(value):
        raise OverflowError
    return value


def _power(base: float, exponent: float) -> Any:
    value = base**exponent
    if isinstance(value, complex):
        raise ValueError
    return value


def _share(own: float, extreme: float, *every: float) -> float:
    return (own == extreme) / sum(each == extreme for each in every)


HEADS: dict[str, Callable[..., Any]] = {
    "+": lambda *terms: reduce(lambda a, b: a + b, terms),
    "-": lambda a, b: a - b,
    "*": lambda *factors: reduce(lambda a, b: a * b, factors),
    "/": lambda a, b: a / b,
    "^": _power,
    "negative": lambda a: -a,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "==": lambda a, b: a == b,
    "where": lambda condition, then, otherwise: then if condition else otherwise,
    "abs": abs,
    "max": max,
    "min": min,
    "relu": lambda a: max(0.0, a),
    "sign": lambda a: (a > 0) - (a < 0),
    "step": lambda a: float(a > 0),
    "above": _share,
    "below": _share,
    "cbrt": lambda a: math.copysign(abs(a) ** (1 / 3), a),
    "fsum": lambda *terms: math.fsum(terms),
    "ln": math.log,
    "arcsin": math.asin,
    "arccos": math.acos,
    "arctan": math.atan,
    "arsinh": math.asinh,
    "arcosh": math.acosh,
    "artanh": math.atanh,
    **{
        name: getattr(math, name)
        for name in (
            *("exp", "expm1", "log1p", "log2", "log10", "sqrt", "erf", "erfc", "atan2", "hypot"),
            *("sin", "cos", "tan", "sinh", "cosh", "tanh"),
        )
    },
}
