"""Random straight-line programs of up to 200 gates, and what they are in arithmetic that is not bpviz's.

A rule is a line of a program beside the same function in plain arithmetic over a namespace of functions, so that
sympy differentiates it, mpmath evaluates it to fifty digits, and dual numbers carry a derivative through it. Whole
programs of this size are beyond sympy; line by line they are not.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import mpmath
import sympy

DIGITS = 50
BOUND = 4.0  # numbers that grow beyond this are brought back, so that no line loses digits


class Rule(NamedTuple):
    """A line's right-hand side, and the same of a namespace f and the operands."""

    text: str
    meaning: Callable[..., Any]
    smooth: bool = True


# fmt: off
UNARY = (
    Rule("-{}",              lambda f, a: -a),
    Rule("{}^2",             lambda f, a: a**2),
    Rule("{}^3 / 8",         lambda f, a: a**3 / 8),
    Rule("1/(1.5 + {}^2)",   lambda f, a: 1 / (a**2 + 1.5)),
    Rule("2^{}",             lambda f, a: f.exp(a * f.log(2))),
    Rule("exp({})",          lambda f, a: f.exp(a)),
    Rule("ln({}^2 + 1.5)",   lambda f, a: f.log(a**2 + 1.5)),
    Rule("sqrt({}^2 + 0.5)", lambda f, a: f.sqrt(a**2 + 0.5)),
    Rule("sin({})",          lambda f, a: f.sin(a)),
    Rule("cos({})",          lambda f, a: f.cos(a)),
    Rule("arctan({})",       lambda f, a: f.atan(a)),
    Rule("tanh({})",         lambda f, a: f.tanh(a)),
    Rule("σ({})",            lambda f, a: 1 / (1 + f.exp(-a))),
    Rule("softplus({})",     lambda f, a: f.log(1 + f.exp(a))),
    Rule("silu({})",         lambda f, a: a / (1 + f.exp(-a))),
    Rule("sinh({})",         lambda f, a: (f.exp(a) - f.exp(-a)) / 2),
    Rule("{} × 0.75",        lambda f, a: a * 0.75),
    Rule("1.25 - {}",        lambda f, a: 1.25 - a),
    Rule("relu({})",         lambda f, a: f.larger(a, 0), smooth=False),
    Rule("|{}|",             lambda f, a: f.larger(a, -a), smooth=False),
)
BINARY = (
    Rule("{} + {}",              lambda f, a, b: a + b),
    Rule("{} - {}",              lambda f, a, b: a - b),
    Rule("{} * {}",              lambda f, a, b: a * b),
    Rule("{} / (1 + {}^2)",      lambda f, a, b: a / (b**2 + 1)),
    Rule("(2 + {}^2)^({}/4)",    lambda f, a, b: f.exp(b / 4 * f.log(a**2 + 2))),
    Rule("hypot({} + 5, {})",    lambda f, a, b: f.sqrt((a + 5)**2 + b**2)),
    Rule("sum({0}, {1}, {0})/2", lambda f, a, b: (a + b + a) / 2),
    Rule("mean({}, {}, 1)",      lambda f, a, b: (a + b + 1) / 3),
    Rule("prod({}, {}, 0.5)",    lambda f, a, b: a * b * 0.5),
    Rule("se({}, {})/4",         lambda f, a, b: (a - b)**2 / 4),
    Rule("max({}, {})",          lambda f, a, b: f.larger(a, b), smooth=False),
    Rule("min({}, {})",          lambda f, a, b: -f.larger(-a, -b), smooth=False),
)
# fmt: on
BACK = Rule("tanh({}/4)", lambda f, a: f.tanh(a / 4))
APART = 1e-3  # operands of a kink are at least so far from it


class Line(NamedTuple):
    """One statement: its name, its rule, and the names of its operands."""

    name: str
    rule: Rule
    operands: tuple[str, ...]


@dataclass(frozen=True)
class Program:
    """Lines and the point at which they are run."""

    lines: tuple[Line, ...]
    point: dict[str, float]

    @property
    def text(self) -> str:
        """Return the program as bpviz reads it."""
        return "\n".join(f"{line.name} = {line.rule.text.format(*line.operands)}" for line in self.lines)

    def evaluated(self, functions: Any, values: dict[str, Any]) -> Any:
        """Return the output in some arithmetic, given the inputs in it."""
        values = dict(values)
        for line in self.lines:
            values[line.name] = line.rule.meaning(functions, *(values[name] for name in line.operands))
        return values[self.lines[-1].name]


def grow(seed: int, lines: int) -> Program:
    """Return a random program of so many lines, of which the output needs nearly all."""
    chance = random.Random(seed)
    point = {name: chance.choice((-1, 1)) * round(chance.uniform(0.3, 2), 3) for name in ("x", "y", "z", "w_0")}
    values = dict(point)
    loose = list(point)  # what no line uses yet
    made: list[Line] = []

    def add(rule: Rule, operands: Sequence[str]) -> None:
        name = f"v{len(made)}_" if len(made) < lines - 1 else "f"
        values[name] = rule.meaning(FLOATS, *(values[operand] for operand in operands))
        made.append(Line(name, rule, tuple(operands)))
        loose.append(name)

    while len(made) < lines:
        left = lines - len(made)
        rule = chance.choice(BINARY if len(loose) >= left or chance.random() < 0.6 else UNARY)
        recent = list(values)[-12:]
        operands = [_taken(chance, loose, recent) for _ in range(2 if rule in BINARY else 1)]
        if not rule.smooth and abs(values[operands[0]] - (values[operands[1]] if operands[1:] else 0)) < APART:
            rule = BINARY[0] if operands[1:] else UNARY[0]
        if max(abs(values[operand]) for operand in operands) > BOUND:
            rule, operands = (BACK, operands[:1]) if not operands[1:] else (BINARY[3], operands)
        add(rule, operands)
    return Program(tuple(made), point)


def _taken(chance: random.Random, loose: list[str], recent: list[str]) -> str:
    if loose and chance.random() < 0.7:
        return loose.pop(0)
    name = chance.choice(recent)
    if name in loose:
        loose.remove(name)
    return name


# three arithmetics


class FLOATS:
    """The functions on floats."""

    exp, log, sqrt, sin, cos, atan, tanh, larger = (
        math.exp, math.log, math.sqrt, math.sin, math.cos, math.atan, math.tanh, max,
    )  # fmt: skip


class SYMBOLS:
    """The functions on sympy's expressions."""

    exp, log, sqrt, sin, cos, atan, tanh, larger = (
        sympy.exp, sympy.log, sympy.sqrt, sympy.sin, sympy.cos, sympy.atan, sympy.tanh, sympy.Max,
    )  # fmt: skip


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
    larger = staticmethod(_larger)


def forward_mode(program: Program, name: str) -> float:
    """Return the derivative in one input by dual numbers."""
    inputs = {each: Dual(value, float(each == name)) for each, value in program.point.items()}
    derivative: float = program.evaluated(DUALS, inputs).slope
    return derivative


class Exact(NamedTuple):
    """A derivative to fifty digits, and the sum of the sizes of what it is made of, path by path."""

    derivative: mpmath.mpf
    size: mpmath.mpf


def by_sympy(program: Program) -> tuple[mpmath.mpf, dict[str, Exact]]:
    """Return the output and its derivatives, every line differentiated by sympy and evaluated with fifty digits.

    The lines are put together by the chain rule from the inputs on, so nothing here goes the way that bpviz goes.
    """
    with mpmath.workdps(DIGITS):
        values = {name: mpmath.mpf(value) for name, value in program.point.items()}
        tangents = {name: {each: Exact(*[mpmath.mpf(name == each)] * 2) for each in values} for name in values}
        for line in program.lines:
            value, slopes = _differentiated(line.rule)
            at = [values[operand] for operand in line.operands]
            values[line.name] = value(*at)
            local = [slope(*at) for slope in slopes]
            tangents[line.name] = {each: _chained(local, line.operands, tangents, each) for each in program.point}
        last = program.lines[-1].name
        return values[last], tangents[last]


def _chained(
    local: list[mpmath.mpf], operands: tuple[str, ...], tangents: dict[str, dict[str, Exact]], name: str
) -> Exact:
    pairs = [(slope, tangents[operand][name]) for slope, operand in zip(local, operands, strict=True)]
    return Exact(
        sum(slope * each.derivative for slope, each in pairs), sum(abs(slope) * each.size for slope, each in pairs)
    )


@cache
def _differentiated(rule: Rule) -> tuple[Callable[..., Any], tuple[Callable[..., Any], ...]]:
    """Return a rule's function and its partial derivatives, for mpmath."""
    operands = sympy.symbols(("a", "b")[: 2 if rule in BINARY else 1], real=True)
    expression = sympy.nsimplify(rule.meaning(SYMBOLS, *operands), rational=True)
    modules = [{"Heaviside": lambda a, at_zero=0: mpmath.mpf(a > 0)}, "mpmath"]
    slopes = [sympy.lambdify(operands, sympy.diff(expression, operand), modules) for operand in operands]
    return sympy.lambdify(operands, expression, modules), tuple(slopes)
