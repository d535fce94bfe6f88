"""What sympy prints of expressions of our gates as LaTeX is read as it is meant, or refused; never otherwise."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
import sympy

from bpviz.autodiff import run
from bpviz.errors import BpvizError
from bpviz.lang import parse

EXPRESSIONS, LEAST = 500, 0.95
SYMBOLS = {
    sympy.Symbol(printed, real=True): name
    for printed, name in {"x": "x", "y": "y", "w_0": "w_0", "theta": "θ", "alpha_1": "α_1", "x_12": "x_12"}.items()
}
Build = Callable[..., Any]
UNARY: tuple[Build, ...] = (
    lambda a: -a,
    lambda a: 1 / a,
    lambda a: a**2,
    lambda a: a**3,
    lambda a: a**-2,
    lambda a: a ** sympy.Rational(3, 2),
    lambda a: 2**a,
    sympy.sqrt,
    sympy.cbrt,
    lambda a: sympy.root(a, 5),
    lambda a: sympy.root(a, 4),
    sympy.exp,
    sympy.log,
    lambda a: sympy.log(a, 2),
    lambda a: sympy.log(a) ** 2,
    lambda a: sympy.sin(a) ** 2,
    *(getattr(sympy, name) for name in ("sin", "cos", "tan", "sec", "csc", "cot")),
    *(getattr(sympy, name) for name in ("asin", "acos", "atan", "asec", "acsc")),
    lambda a: sympy.acot(sympy.Abs(a)),  # of a negative number it lies below 0 in sympy, and above π/2 here
    *(getattr(sympy, name) for name in ("sinh", "cosh", "tanh", "sech", "csch", "coth")),
    *(getattr(sympy, name) for name in ("asinh", "acosh", "atanh", "asech", "acsch", "acoth")),
    sympy.Abs,
    sympy.erf,
    lambda a: 1 / (1 + sympy.exp(-a)),
    lambda a: sympy.Max(a, 0),
    lambda a: sympy.log(1 + sympy.exp(a)),
    lambda a: sympy.exp(-(a**2) / 2) / sympy.sqrt(2 * sympy.pi),
    lambda a: sympy.Rational(3, 4) * a + sympy.pi,
    lambda a: sympy.Float("1.25") * a,
    lambda a: sympy.Float("2.5e-7") + a,
)
BINARY: tuple[Build, ...] = (
    *((lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b, lambda a, b: a / b) * 2),
    lambda a, b: sympy.Abs(a) ** b,
    lambda a, b: a**b,
    sympy.Max,
    sympy.Min,
    lambda a, b: sympy.Min(a, b, 7),
    lambda a, b: sympy.atan2(a, b),
    lambda a, b: sympy.sqrt(a**2 + b**2),
    lambda a, b: sympy.Piecewise((a, a > b), (b, True)),
    lambda a, b: sympy.Piecewise((a, b <= 1), (a * b, a < b), (b, True)),
)

# By name, since sympy 1.12 writes these for mpmath by other functions, and acoth as a sum without its brackets
RECIPROCAL = ("sec", "csc", "cot", "asec", "acsc", "acot", "sech", "csch", "coth", "asech", "acsch", "acoth")
MODULES: list[Any] = [{name: getattr(mpmath, name) for name in RECIPROCAL}, "mpmath"]


def grow(chance: random.Random) -> Any:
    """Return a random expression of one to five operations."""
    pool: list[Any] = list(chance.sample(sorted(SYMBOLS, key=str), chance.randint(1, 3)))
    for _ in range(chance.randint(1, 5)):
        build = chance.choice(chance.choice((UNARY, BINARY)))
        operands = [chance.choice(pool[-3:]) for _ in range(1 if build in UNARY else 2)]
        grown = build(*operands)
        if not grown.has(sympy.nan, sympy.zoo, sympy.I, sympy.oo) and grown.free_symbols:
            pool.append(grown)
    return pool[-1]


def value(function: Callable[..., Any], at: dict[Any, float]) -> float | None:
    """Return the value of a function of mpmath's numbers at a point; None where it has no real one."""
    try:
        result = function(*map(mpmath.mpf, at.values()))
    except (ArithmeticError, ValueError, TypeError, AttributeError):
        return None
    result = mpmath.mpmathify(result)
    return float(result) if isinstance(result, mpmath.mpf) and abs(result) < 1e100 else None


def read_one(seed: int) -> tuple[str, str]:
    """Return what came of the expression of a seed, and its LaTeX: right, refused, wrong or nothing."""
    chance = random.Random(seed)
    expression = grow(chance)
    printed = sympy.latex(expression)
    points = [{s: round(chance.uniform(-2, 3), 2) for s in expression.free_symbols} for _ in range(30)]
    function = sympy.lambdify([*expression.free_symbols], expression, MODULES)
    exact = [(at, each) for at in points if (each := value(function, at)) is not None]
    if not exact:
        return "nothing", printed
    try:
        graph = parse(printed)
    except BpvizError as error:
        return "refused", f"{printed}   {error.what}; {error.hint}"
    for at, wanted in exact:
        names = {SYMBOLS[symbol]: x for symbol, x in at.items()}
        try:
            got = run(graph, names).value(graph.output_name)
        except BpvizError as error:
            return "no value", f"{printed}   {error.what}"
        if got != pytest.approx(wanted, rel=1e-7, abs=1e-9):
            return "wrong", f"{printed}   {names} {got} {wanted}"
    return "right", printed


def test_random_expressions_are_right_or_refused() -> None:
    read: list[tuple[str, str]] = []
    seed = 0
    while len(read) < EXPRESSIONS:
        result = read_one(seed)
        seed += 1
        read += [result] if result[0] != "nothing" else []
    counted = Counter(kind for kind, _ in read)
    assert not [printed for kind, printed in read if kind == "wrong"]
    assert counted["right"] >= LEAST * EXPRESSIONS, [printed for kind, printed in read if kind != "right"]
