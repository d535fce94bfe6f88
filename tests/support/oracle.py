"""Random programs with an oracle that is not ours: the text that bpviz reads, beside the sympy expression it means.

Both are grown side by side from one random tree, so neither goes through the other's parser.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, partial
from typing import Any

import mpmath
import sympy

DIGITS = 50
LARGEST = 1e6  # programs whose numbers grow beyond this say little about the last digits

Build = Callable[..., sympy.Expr]
UNARY: tuple[tuple[str, Build], ...] = (
    ("-{}", lambda a: -a),
    ("1/{}", lambda a: 1 / a),
    ("{}^2", lambda a: a**2),
    ("{}^3", lambda a: a**3),
    ("{}^-2", lambda a: a**-2),
    ("2^{}", lambda a: 2**a),
    ("sqrt{}", sympy.sqrt),
    ("exp{}", sympy.exp),
    ("ln{}", sympy.log),
    ("log2{}", lambda a: sympy.log(a) / sympy.log(2)),
    ("log10{}", lambda a: sympy.log(a) / sympy.log(10)),
    ("sin{}", sympy.sin),
    ("cos{}", sympy.cos),
    ("tan{}", sympy.tan),
    ("sinh{}", sympy.sinh),
    ("cosh{}", sympy.cosh),
    ("tanh{}", sympy.tanh),
    ("σ{}", lambda a: 1 / (1 + sympy.exp(-a))),
    ("relu{}", lambda a: sympy.Max(a, 0)),
    ("softplus{}", lambda a: sympy.log(1 + sympy.exp(a))),
    ("Φ{}", lambda a: (1 + sympy.erf(a / sympy.sqrt(2))) / 2),
    ("φ{}", lambda a: sympy.exp(-(a**2) / 2) / sympy.sqrt(2 * sympy.pi)),
    ("expm1{}", lambda a: sympy.exp(a) - 1),
    ("log1p(|{}|)", lambda a: sympy.log(1 + sympy.Abs(a))),
    ("logit(σ{})", lambda a: a),
    ("root(1 + |{}|, 5)", lambda a: (1 + sympy.Abs(a)) ** sympy.Rational(1, 5)),
    ("|{}|", sympy.Abs),
    ("({} + 1.5)", lambda a: a + sympy.Rational(3, 2)),
    ("(3*{})", lambda a: 3 * a),
)
BINARY: tuple[tuple[str, Build], ...] = (
    ("{} + {}", lambda a, b: a + b),
    ("{} - {}", lambda a, b: a - b),
    ("{} * {}", lambda a, b: a * b),
    ("{} / {}", lambda a, b: a / b),
    ("|{}|^{}", lambda a, b: sympy.Abs(a) ** b),
    ("max({}, {})", sympy.Max),
    ("min({}, {}, 7)", lambda a, b: sympy.Min(a, b, 7)),
    ("sum({}, {}, 1)", lambda a, b: a + b + 1),
    ("logsumexp({}, {}, 1)", lambda a, b: sympy.log(sympy.exp(a) + sympy.exp(b) + sympy.E)),
    ("where({0} > {1}, {0}*{1}, {1})", lambda a, b: b + sympy.Heaviside(a - b, 0) * (a * b - b)),
    ("({1} if {0} <= 0.125 else 2*{0})", lambda a, b: b + sympy.Heaviside(a - sympy.Rational(1, 8), 0) * (2 * a - b)),
)
MODULES: list[Any] = [
    {"Heaviside": lambda a, at_zero=0: mpmath.mpf(a > 0), "DiracDelta": lambda a: mpmath.mpf(0)},
    "mpmath",
]


@lru_cache(maxsize=8)
def differentiate(expression: sympy.Expr, names: tuple[sympy.Symbol, ...]) -> dict[str, Callable[..., mpmath.mpf]]:
    """Return sympy's derivatives of an expression by the names of what it is differentiated by, as functions."""
    return {str(name): sympy.lambdify(names, sympy.diff(expression, name), MODULES) for name in names}


@dataclass(frozen=True)
class Sample:
    """A program, the point at which it is run, and what builds the sympy expression that it means."""

    program: str
    point: dict[str, float]
    build: Callable[[], sympy.Expr] = field(repr=False)

    @cached_property
    def expression(self) -> sympy.Expr:
        """What sympy takes the program for; raises ValueError where it sees a pole, such as 1/(x - x)."""
        return self.build()

    def gradients(self, digits: int = DIGITS) -> dict[str, mpmath.mpf]:
        """Return sympy's derivatives at the point, evaluated with so many digits."""
        names = sympy.symbols(list(self.point), real=True)
        with mpmath.workdps(digits):
            at = [mpmath.mpf(x) for x in self.point.values()]
            return {name: function(*at) for name, function in differentiate(self.expression, tuple(names)).items()}

    def differences(self) -> dict[str, mpmath.mpf]:
        """Return mpmath's numerical derivatives at the point, of fifty digits' working precision."""
        names = sympy.symbols(list(self.point), real=True)
        function = sympy.lambdify(names, self.expression, MODULES)
        with mpmath.workdps(DIGITS):
            at = tuple(mpmath.mpf(x) for x in self.point.values())
            return {
                str(name): mpmath.diff(function, at, tuple(int(i == j) for j in range(len(at))))
                for i, name in enumerate(names)
            }

    def moved(self, by: float) -> Sample:
        """Return the sample at a point nearby, to see how much the gradient itself depends on the last digits."""
        return Sample(self.program, {name: x * (1 + by) for name, x in self.point.items()}, self.build)


def apply(build: Build, operands: list[Callable[[], sympy.Expr]]) -> sympy.Expr:
    """Build an operation on what its operands build."""
    return build(*(operand() for operand in operands))


def grow(seed: int, most: int = 14) -> Sample:
    """Return the random program of a seed, of at most `most` operations on one to three inputs."""
    chance = random.Random(seed)
    inputs = ["x", "y", "z"][: chance.randint(1, 3)]
    pool: list[tuple[str, Callable[[], sympy.Expr]]] = [
        (name, partial(sympy.Symbol, name, real=True)) for name in inputs
    ]
    for _ in range(chance.randint(1, most)):
        if chance.random() < 0.5:
            text, build = chance.choice(UNARY)
            operands = [chance.choice(pool[-4:])]
        else:
            text, build = chance.choice(BINARY)
            operands = [chance.choice(pool[-4:]), chance.choice(pool)]
        program = text.format(*(f"({operand[0]})" for operand in operands))
        if len(program) < 4000:
            pool.append((program, cache(partial(apply, build, [operand[1] for operand in operands]))))
    program, expression = pool[-1]
    used = [name for name in inputs if re.search(rf"\b{name}\b", program)]
    return Sample(program, {name: round(chance.uniform(-3, 3), 3) or 1.0 for name in used}, expression)
