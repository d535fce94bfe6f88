"""Random straight-line programs of up to 200 gates, and what they are in arithmetic that is not bpviz's.

A row of the gate table has a rule as soon as somebody writes its meaning here: a line of a program beside the same
function in plain arithmetic over a namespace of functions, so that sympy differentiates it, mpmath evaluates it to
fifty digits, and dual numbers carry a derivative through it. Whole programs of this size are beyond sympy; line by line
they are not.
"""

from __future__ import annotations

import math
import operator
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any, NamedTuple

import mpmath
import sympy

from bpviz.gates import GATES, Gate, write_expression
from tests.support.arithmetics import DUALS, FLOATS, SYMBOLS, Dual

DIGITS = 50
BOUND = 4.0  # numbers that grow beyond this are brought back, so that no line loses digits


class Rule(NamedTuple):
    """A line's right-hand side, and the same of a namespace f and the operands.

    apart says how far operands are from a kink.
    """

    text: str
    operands: int
    meaning: Callable[..., Any]
    apart: Callable[..., float] = lambda *operands: math.inf


# What each row is in plain arithmetic over a namespace f.
# fmt: off
MEANINGS: dict[str, Callable[..., Any]] = {
    "add":         lambda f, a, b: a + b,
    "subtract":    lambda f, a, b: a - b,
    "multiply":    lambda f, a, b: a * b,
    "divide":      lambda f, a, b: a / b,
    "negate":      lambda f, a: -a,
    "reciprocal":  lambda f, a: 1 / a,
    "square":      lambda f, a: a**2,
    "power":       lambda f, a, n: f.exp(n * f.log(a)),
    "exponential": lambda f, c, a: f.exp(a * f.log(c)),
    "pow":         lambda f, a, b: f.exp(b * f.log(a)),
    "sqrt":        lambda f, a: f.sqrt(a),
    "cbrt":        lambda f, a: f.exp(f.log(a) / 3),
    "root":        lambda f, a, n: f.exp(f.log(a) / n),
    "exp":         lambda f, a: f.exp(a),
    "expm1":       lambda f, a: 2 / (1 / f.tanh(a / 2) - 1),
    "log1p":       lambda f, a: f.log(1 + a),
    "logit":       lambda f, a: f.log(a / (1 - a)),
    "ln":          lambda f, a: f.log(a),
    "log2":        lambda f, a: f.log(a) / f.log(2),
    "log10":       lambda f, a: f.log(a) / f.log(10),
    "log":         lambda f, a, b: f.log(a) / f.log(b),
    "sin":         lambda f, a: f.sin(a),
    "cos":         lambda f, a: f.cos(a),
    "tan":         lambda f, a: f.sin(a) / f.cos(a),
    "sec":         lambda f, a: 1 / f.cos(a),
    "csc":         lambda f, a: 1 / f.sin(a),
    "cot":         lambda f, a: f.cos(a) / f.sin(a),
    "arcsin":      lambda f, a: f.atan(a / f.sqrt(1 - a**2)),
    "arccos":      lambda f, a: f.pi / 2 - f.atan(a / f.sqrt(1 - a**2)),
    "arctan":      lambda f, a: f.atan(a),
    "arcsec":      lambda f, a: f.atan(f.sqrt(a**2 - 1)),
    "arccsc":      lambda f, a: f.atan(1 / f.sqrt(a**2 - 1)),
    "arccot":      lambda f, a: f.pi / 2 - f.atan(a),
    "atan2":       lambda f, a, b: f.atan(a / b),
    "hypot":       lambda f, a, b: f.sqrt(a**2 + b**2),
    "sinh":        lambda f, a: (f.exp(a) - f.exp(-a)) / 2,
    "cosh":        lambda f, a: (f.exp(a) + f.exp(-a)) / 2,
    "tanh":        lambda f, a: f.tanh(a),
    "sech":        lambda f, a: 2 / (f.exp(a) + f.exp(-a)),
    "csch":        lambda f, a: 2 / (f.exp(a) - f.exp(-a)),
    "coth":        lambda f, a: 1 + 2 / (f.exp(2 * a) - 1),
    "arsinh":      lambda f, a: f.log(a + f.sqrt(a**2 + 1)),
    "arcosh":      lambda f, a: f.log(a + f.sqrt(a**2 - 1)),
    "artanh":      lambda f, a: f.log((1 + a) / (1 - a)) / 2,
    "arsech":      lambda f, a: f.log((1 + f.sqrt(1 - a**2)) / a),
    "arcsch":      lambda f, a: f.log((1 + f.sqrt(1 + a**2)) / a),
    "arcoth":      lambda f, a: f.log((a + 1) / (a - 1)) / 2,
    "sigmoid":     lambda f, a: 1 / (1 + f.exp(-a)),
    "relu":        lambda f, a: f.larger(a, 0),
    "softplus":    lambda f, a: f.log(1 + f.exp(a)),
    "leaky_relu":  lambda f, a: f.larger(a, a / 100),
    "prelu":       lambda f, a, b: f.larger(a, 0) - b * f.larger(-a, 0),
    "elu":         lambda f, a: f.larger(a, 0) + f.exp(-f.larger(-a, 0)) - 1,
    "silu":        lambda f, a: a / (1 + f.exp(-a)),
    "gelu":        lambda f, a: a * (1 + f.erf(a / f.sqrt(2))) / 2,
    "mish":        lambda f, a: a * f.tanh(f.log(1 + f.exp(a))),
    "hard_tanh":   lambda f, a: f.larger(-f.larger(-a, -1), -1),
    "step":        lambda f, a: f.step(a),
    "erf":         lambda f, a: f.erf(a),
    "normcdf":     lambda f, a: (1 + f.erf(a / f.sqrt(2))) / 2,
    "normpdf":     lambda f, a: f.exp(-(a**2) / 2) / f.sqrt(2 * f.pi),
    "se":          lambda f, a, b: (a - b)**2,
    "bce":         lambda f, a, b: -b * f.log(a) - (1 - b) * f.log(1 - a),
    "bce_logits":  lambda f, a, b: f.log(1 + f.exp(a)) - a * b,
    "hinge":       lambda f, a, b: f.larger(1 - a * b, 0),
    "abs":         lambda f, a: f.larger(a, -a),
    "sign":        lambda f, a: f.step(a) - f.step(-a),
    "max":         lambda f, *each: reduce(f.larger, each),
    "min":         lambda f, *each: -reduce(f.larger, [-a for a in each]),
    "sum":         lambda f, *each: sum(each[1:], each[0]),
    "mean":        lambda f, *each: sum(each[1:], each[0]) / len(each),
    "prod":        lambda f, *each: reduce(operator.mul, each),
    "dot":         lambda f, a, b, c, d: a * c + b * d,
    "logsumexp":   lambda f, *each: f.log(reduce(operator.add, map(f.exp, each))),
    **dict.fromkeys(("where", "where_ge"), lambda f, a, b, c, d: f.step(a - b) * c + (1 - f.step(a - b)) * d),
    **dict.fromkeys(("where_lt", "where_le"), lambda f, a, b, c, d: f.step(b - a) * c + (1 - f.step(b - a)) * d),
    "where_eq":    lambda f, a, b, c, d: d,
    "where_ne":    lambda f, a, b, c, d: c,
}
# How far operands are from a kink.
APART: dict[str, Callable[..., float]] = {
    **dict.fromkeys(("relu", "abs", "sign", "leaky_relu", "step"), abs),
    "prelu":     lambda a, b: abs(a),
    **dict.fromkeys((name for name in MEANINGS if name.startswith("where")), lambda a, b, c, d: abs(a - b)),
    "hard_tanh": lambda a: abs(abs(a) - 1),
    "hinge":     lambda a, b: abs(a * b - 1),
    "hypot":     math.hypot,
    "max":       lambda *each: max(each) - sorted(each)[-2],
    "min":       lambda *each: sorted(each)[1] - min(each),
}
# By a row's domain, or pole if every number is in it: what is made of any numbers so that they are in it.
Made = tuple[str, Callable[[Any], Any]]
ANYTHING: Made = ("{}", lambda a: a)
POSITIVE: Made = ("({}^2 + 0.5)", lambda a: a**2 + 0.5)
LARGE: Made = ("({}^2 + 1.5)", lambda a: a**2 + 1.5)
SMALL: Made = ("{}/4", lambda a: a / 4)
PART: Made = ("(1/({}^2 + 1.25))", lambda a: 1 / (a**2 + 1.25))
MADE: dict[str, tuple[Made, ...]] = {
    "": (ANYTHING,),
    "a = 0": (POSITIVE,),
    "a ≠ 0": (POSITIVE,),
    "b ≠ 0": (ANYTHING, LARGE),
    "a ≥ 0": (POSITIVE,),
    "a > 0": (POSITIVE,),
    "c > 0": (ANYTHING, ANYTHING),  # the constant is
    "a ≥ 0 unless n is a whole number, and a ≠ 0 if n < 0": (POSITIVE, ANYTHING),
    "a > 0, or a = 0 and b > 0": (POSITIVE, ("({}/4)", lambda a: a / 4)),
    "a > 0, b > 0 and b ≠ 1": (POSITIVE, LARGE),
    "a is no odd multiple of π/2": (SMALL,),
    "a is no multiple of π": (("{}/4 + 1.75", lambda a: a / 4 + 1.75),),
    "a and b not both 0": (ANYTHING, POSITIVE),
    "−1 ≤ a ≤ 1": (("{}/5", lambda a: a / 5),),
    "−1 < a < 1": (("{}/5", lambda a: a / 5),),
    "|a| ≥ 1": (LARGE,),
    "|a| > 1": (LARGE,),
    "a ≥ 1": (LARGE,),
    "0 < a ≤ 1": (PART,),
    "0 < a < 1 and 0 ≤ b ≤ 1": (PART, PART),
    "0 ≤ b ≤ 1": (ANYTHING, PART),
    "a > −1": (POSITIVE,),
    "0 < a < 1": (PART,),
    "a number n that is whole and odd, typed as such": (POSITIVE, ANYTHING),
}
# fmt: on
PARAMETERS = {"root": 5}
PARAMETER = 1.5  # of other rows


def rule_of(gate: Gate) -> Rule:
    """Return the rule of a row, its operands brought into its domain: three, or two lists of two, if it takes any.

    KeyError for a domain that nothing is made for.
    """
    fewest, most = gate.arity
    count = fewest if fewest == most else 3 if gate.groups == 1 else 2 * gate.groups
    made = MADE[gate.domain or gate.pole]
    parameter = PARAMETERS.get(gate.name, PARAMETER)
    made = made if len(made) == count else made * count
    free = [slot for slot in range(count) if slot != gate.parameter]

    def put(operands: Sequence[Any]) -> list[Any]:
        given = iter(operands)
        return [made[slot][1](next(given)) if slot in free else parameter for slot in range(count)]

    texts = [made[slot][0] if slot in free else f"{parameter}" for slot in range(count)]
    meaning, apart = MEANINGS[gate.name], APART.get(gate.name, lambda *operands: math.inf)
    return Rule(
        write_expression(gate, texts),
        len(free),
        lambda f, *operands: meaning(f, *put(operands)),
        lambda *operands: apart(*put(operands)),
    )


RULES = {name: rule_of(GATES[name]) for name in MEANINGS}
ALONE = [rule for rule in RULES.values() if rule.operands == 1]
JOINING = [rule for rule in RULES.values() if rule.operands > 1]
INSTEAD = {1: RULES["negate"], 2: RULES["add"], 3: RULES["sum"], 4: RULES["dot"]}  # at a kink
BACK = {
    1: Rule("ln({}^2 + 1.5)", 1, lambda f, a: f.log(a**2 + 1.5)),
    2: Rule("{} / (1 + {}^2)", 2, lambda f, a, b: a / (b**2 + 1)),
}
NEAR = 1e-3  # operands of a kink are at least so far from it


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
        rule = chance.choice(JOINING if len(loose) >= left or chance.random() < 0.45 else ALONE)
        recent = list(values)[-12:]
        operands = [_taken(chance, loose, recent) for _ in range(rule.operands)]
        if rule.apart(*(values[operand] for operand in operands)) < NEAR:
            rule = INSTEAD[rule.operands]
        large = [operand for operand in operands if abs(values[operand]) > BOUND]
        if large:
            loose += [operand for operand in operands if operand not in large]
            operands = large[:2]
            rule = BACK[len(operands)]
        elif _blocks(rule, [values[operand] for operand in operands]):  # and so another line is to use them too
            loose += operands
        add(rule, operands)
    return Program(tuple(made), point)


def _blocks(rule: Rule, operands: Sequence[float]) -> bool:
    """Say whether no gradient passes a line."""
    return all(
        rule.meaning(DUALS, *(Dual(a, float(slot == moved)) for slot, a in enumerate(operands))).slope == 0
        for moved in range(len(operands))
    )


def _taken(chance: random.Random, loose: list[str], recent: list[str]) -> str:
    if loose and chance.random() < 0.7:
        return loose.pop(0)
    name = chance.choice(recent)
    if name in loose:
        loose.remove(name)
    return name


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
    operands = sympy.symbols([*"abcd"[: rule.operands]], real=True)
    expression = sympy.nsimplify(rule.meaning(SYMBOLS, *operands), rational=True)
    known = {"Heaviside": lambda a, at_zero=0: mpmath.mpf(a > 0), "DiracDelta": lambda a: mpmath.mpf(0)}
    modules = [known, "mpmath"]
    slopes = [sympy.lambdify(operands, sympy.diff(expression, operand), modules) for operand in operands]
    return sympy.lambdify(operands, expression, modules), tuple(slopes)
