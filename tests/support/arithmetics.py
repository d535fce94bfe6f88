"""Three arithmetics with the same functions: floats, sympy's expressions, and dual numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import sympy


class FLOATS:
    """The functions on floats."""

    exp, log, sqrt, sin, cos, atan, tanh, erf, larger = (
        math.exp, math.log, math.sqrt, math.sin, math.cos, math.atan, math.tanh, math.erf, max,
    )  # fmt: skip
    step = staticmethod(lambda a: float(a > 0))
    pi = math.pi


class SYMBOLS:
    """The functions on sympy's expressions."""

    exp, log, sqrt, sin, cos, atan, tanh, erf, larger = (
        sympy.exp, sympy.log, sympy.sqrt, sympy.sin, sympy.cos, sympy.atan, sympy.tanh, sympy.erf, sympy.Max,
    )  # fmt: skip
    step = staticmethod(lambda a: sympy.Heaviside(a, 0))
    pi = sympy.pi


@dataclass(frozen=True)
class Dual:
    """A number and its derivative: forward mode, as in every textbook."""

    value: float
    slope: float = 0.0

    def __add__(self, other: Dual | float) -> Dual:
        other = dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Dual | float) -> Dual:
        other = dual(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __truediv__(self, other: Dual | float) -> Dual:
        other = dual(other)
        ratio = self.value / other.value
        return Dual(ratio, (self.slope - ratio * other.slope) / other.value)

    def __pow__(self, power: int) -> Dual:
        return Dual(self.value**power, power * self.value ** (power - 1) * self.slope)

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __sub__(self, other: Dual | float) -> Dual:
        return self + -dual(other)

    def __rsub__(self, other: float) -> Dual:
        return dual(other) - self

    def __rtruediv__(self, other: float) -> Dual:
        return dual(other) / self

    __radd__, __rmul__ = __add__, __mul__


def dual(number: Dual | float) -> Dual:
    return number if isinstance(number, Dual) else Dual(number)


def _lifted(function: Callable[[float], float], slope: Callable[[float], float]) -> Callable[[Dual | float], Dual]:
    def lifted(number: Dual | float) -> Dual:
        a = dual(number)
        return Dual(function(a.value), slope(a.value) * a.slope)

    return lifted


def _larger(a: Dual | float, b: Dual | float) -> Dual:
    return max(dual(a), dual(b), key=lambda number: number.value)


class DUALS:
    """The functions on dual numbers."""

    exp = staticmethod(_lifted(math.exp, math.exp))
    log = staticmethod(_lifted(math.log, lambda a: 1 / a))
    sqrt = staticmethod(_lifted(math.sqrt, lambda a: 0.5 / math.sqrt(a)))
    sin = staticmethod(_lifted(math.sin, math.cos))
    cos = staticmethod(_lifted(math.cos, lambda a: -math.sin(a)))
    atan = staticmethod(_lifted(math.atan, lambda a: 1 / (1 + a * a)))
    tanh = staticmethod(_lifted(math.tanh, lambda a: 1 / math.cosh(a) ** 2))
    erf = staticmethod(_lifted(math.erf, lambda a: 2 / math.sqrt(math.pi) * math.exp(-a * a)))
    step = staticmethod(_lifted(lambda a: float(a > 0), lambda a: 0.0))
    larger = staticmethod(_larger)
    pi = Dual(math.pi)
