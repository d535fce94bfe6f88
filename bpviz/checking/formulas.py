"""Each kind of gate as mpmath computes it: its formula from the gate table, differentiated by sympy.

A gate of many operands is not given to sympy, which compares those of Max pair by pair (20 of them take half a minute).
Its formula is run over mpmath's numbers, and its change along a step of 10⁻⁶⁰⁰ at 1,600 digits is its derivative:
such gates are sums, products and choices of their operands, straight lines in each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import mpmath
import sympy

from bpviz.gates import Gate

FEW = 4  # operands that sympy differentiates by
MANY_DIGITS = 1600  # where 1 − tanh² cancels in float64's whole range, fifty are not enough
EXPONENT = 600  # of a step that is short beside any difference of two floats
Numbers = Sequence[Any]  # of mpmath


class Formula(NamedTuple):
    """A gate's formula and its derivatives by each operand, as functions for mpmath."""

    value: Callable[..., Any]
    slopes: tuple[Callable[..., Any], ...]


class InNumbers:
    """What the rows of gates of many operands ask of sympy, done with mpmath's numbers."""

    Max = staticmethod(max)
    Min = staticmethod(min)
    Integer = mpmath.mpf

    @staticmethod
    def Mul(*factors: Any) -> Any:  # noqa: N802  sympy's name
        """Return a product."""
        return mpmath.fprod(factors)


def value(gate: Gate, operands: Numbers) -> Any:
    """Return a gate's value by its formula."""
    if len(operands) > FEW:
        return gate.symbolic(InNumbers, *operands)
    return differentiated(gate, (None,) * len(operands)).value(*operands)


def slopes(gate: Gate, operands: Numbers, constants: tuple[float | None, ...]) -> tuple[Any, ...] | None:
    """Return a gate's local gradients by its formula, nan where that has none; None for a gate of many operands.

    constants are the operands that are constants: of xⁿ at 0 sympy writes the slope as n·xⁿ/x until it knows n.
    """
    if len(operands) > FEW:
        return None
    try:
        return tuple(slope(*operands) for slope in differentiated(gate, (None,) * len(operands)).slopes)
    except (ZeroDivisionError, ValueError):
        return tuple(_slope_or_nan(slope, operands) for slope in differentiated(gate, constants).slopes)


def change(gate: Gate, operands: Numbers, tangents: Numbers) -> Any:
    """Return how fast a gate's value changes when its operands set out along tangents: its one-sided derivative.

    nan where it jumps instead.
    """
    size = max(map(abs, tangents))
    if not size or not mpmath.isfinite(size):
        return size
    with mpmath.workdps(MANY_DIGITS):
        step = mpmath.mpf(10) ** -EXPONENT
        moved = [operand + step * tangent / size for operand, tangent in zip(operands, tangents, strict=True)]
        gained = value(gate, moved) - value(gate, operands)
        return gained / step * size if abs(gained) < mpmath.sqrt(step) else mpmath.nan


@cache
def differentiated(gate: Gate, constants: tuple[float | None, ...]) -> Formula:
    """Return a gate's formula and derivatives; an operand that is a constant stands as its number."""
    letters = [sympy.Symbol(f"v{slot}", real=True) for slot in range(len(constants))]
    operands = [
        letter if constant is None else sympy.Rational(*constant.as_integer_ratio())
        for letter, constant in zip(letters, constants, strict=True)
    ]
    formula = gate.symbolic(sympy, *operands)
    derivatives = [sympy.diff(formula, letter) for letter in letters]
    return Formula(_numeric(letters, formula), tuple(_numeric(letters, each) for each in derivatives))


def _numeric(symbols: list[Any], expression: Any) -> Callable[..., Any]:
    """Return an expression as a function for mpmath, which has no steps of its own."""
    known = {
        "Heaviside": lambda a, at_zero=None: (mpmath.sign(a) + 1) / 2,
        "DiracDelta": lambda a, order=0: mpmath.mpf(0) if a else mpmath.nan,
    }
    function: Callable[..., Any] = sympy.lambdify(symbols, expression, [known, "mpmath"])
    return function


def _slope_or_nan(slope: Callable[..., Any], operands: Numbers) -> Any:
    try:
        return slope(*operands)
    except (ZeroDivisionError, ValueError):
        return mpmath.nan
