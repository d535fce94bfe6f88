"""What a formula comes to: in floats, step by step or compiled to a Python function, and in sympy's expressions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from bpviz.formula.languages import PYTHON
from bpviz.formula.printing import show
from bpviz.formula.tree import ALL, LETTERS, Atom, Formula, Term, read


def evaluate(formula: Formula, values: Mapping[str, float]) -> Any:
    """Work a formula out in floats, names having these values; the recursion is over a gate's formula only.

    Raises OverflowError where anything in it is infinite: what Python passes over in silence NumPy warns of. Of a
    condition both branches are worked out, as NumPy does.
    """
    if isinstance(formula, Atom):
        return values[formula.text] if formula.value is None else formula.value
    value = IN_FLOATS[formula.head](*[evaluate(part, values) for part in formula.parts])
    if math.isinf(value):
        raise OverflowError
    return value


def express(formula: Formula, values: Mapping[str, Any], algebra: Any) -> Any:
    """Work a formula out in an algebra: sympy, the module, or what has those of its functions that are needed."""
    if isinstance(formula, Atom):
        if formula.value is None:
            return values[formula.text]
        if formula.value == math.pi:
            return algebra.pi
        is_whole = formula.value.is_integer()
        return algebra.Integer(int(formula.value)) if is_whole else algebra.Rational(formula.text)
    parts = [express(part, values, algebra) for part in formula.parts]
    head = formula.head
    if head in OPERATIONS:
        return OPERATIONS[head](*parts)
    if head == "where":
        return algebra.Piecewise((parts[1], parts[0]), (parts[2], True))
    if head in NOT_IN_SYMPY:
        return express(read(NOT_IN_SYMPY[head]), dict(zip(LETTERS, parts, strict=False)), algebra)
    return getattr(algebra, SYMPY_NAMES.get(head, head))(*parts)


def compile_value(formula: Formula, operands: str) -> Callable[..., float]:
    """Compile a formula of floats to a function of its operands, "a, b" or "*operands".

    Only formulas of the gate table come here, never what somebody typed.
    """
    return _compile(f"lambda {operands}: {show(_multiply_squares(formula), VALUE)}")


def compile_slopes(formulas: Sequence[Formula], operands: str) -> Callable[..., tuple[float, ...]]:
    """Compile local gradients to one function of a gate's output and operands; at a pole they are infinite.

    A gate of many operands has one formula, in which a is each of them in turn.
    """
    slopes = [show(_multiply_squares(formula), SLOPE) for formula in formulas]
    body = f"tuple([{slopes[0]} for a in operands])" if operands.startswith("*") else f"({', '.join(slopes)},)"
    return _compile(f"lambda z, {operands}: {body}")


def _compile(code: str) -> Callable[..., Any]:
    function: Callable[..., Any] = eval(code, {"math": math, "divide": divide})
    return function


def divide(a: float, b: float) -> float:
    """Return a/b, infinite (with the sign of a) where b is zero."""
    return a / b if b else math.copysign(math.inf, a)


def _multiply_squares(formula: Formula) -> Formula:
    """Write x² as x·x, which is rounded once, and infinite instead of an error where it overflows."""
    if isinstance(formula, Atom):
        return formula
    parts = tuple(map(_multiply_squares, formula.parts))
    if formula.head == "^" and parts[1] == Atom("2", 2.0):
        return Term("*", (parts[0], parts[0]))
    return Term(formula.head, parts)


def _raise(base: float, exponent: float) -> Any:
    value = base**exponent
    if isinstance(value, complex):
        raise ValueError
    return value


def _share_equally(own: float, extreme: float, *every: float) -> float:
    return (own == extreme) / sum(each == extreme for each in every)


def _write_share(operands: list[str]) -> str:
    own, extreme, *every = operands
    return f"(({own} == {extreme}) / [{', '.join(every)}].count({extreme}))"


# Python as in a listing, but with every number a float, and a comparison too
VALUE = replace(
    PYTHON.style,
    number=lambda atom: repr(atom.value),
    name=lambda name: {ALL: "*operands", "pi": "math.pi"}.get(name, name),
    relation="float({} {} {})",
    power="math.pow({}, {})",
    closed_exponent=True,
    functions={
        **PYTHON.style.functions,
        "where": "(#2 if #1 else #3)",
        "sign": "float((#1 > 0) - (#1 < 0))",
        "above": _write_share,
        "below": _write_share,
        "sum": "math.fsum([#*])",
        "prod": "math.prod([#*])",
        "count": "float(len([#*]))",
    },
)
SLOPE = replace(VALUE, quotient="divide({}, {})", closed_quotient=True)
OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "+": lambda *terms: reduce(lambda a, b: a + b, terms),
    "-": lambda a, b: a - b,
    "*": lambda *factors: reduce(lambda a, b: a * b, factors),
    "/": lambda a, b: a / b,
    "negative": lambda a: -a,
    "^": lambda a, b: a**b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
IN_FLOATS: Mapping[str, Callable[..., Any]] = {
    **OPERATIONS,
    "^": _raise,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "where": lambda condition, then, otherwise: then if condition else otherwise,
    "abs": abs,
    "max": max,
    "min": min,
    "relu": lambda a: max(0.0, a),
    "sign": lambda a: (a > 0) - (a < 0),
    "step": lambda a: float(a > 0),
    "above": _share_equally,
    "below": _share_equally,
    "cbrt": lambda a: math.copysign(abs(a) ** (1 / 3), a),
    "root": lambda a, n: math.copysign(abs(a) ** (1 / n), a),
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
# what sympy calls otherwise than we do, and what it has not, in our notation
SYMPY_NAMES = {
    "abs": "Abs",
    "max": "Max",
    "min": "Min",
    "ln": "log",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arsinh": "asinh",
    "arcosh": "acosh",
    "artanh": "atanh",
    "==": "Eq",
    "!=": "Ne",
}
NOT_IN_SYMPY = {
    "relu": "max(a, 0)",
    "step": "Heaviside(a, 0)",
    "cbrt": "sign(a)*abs(a)^(1/3)",
    "root": "sign(a)*abs(a)^(1/b)",
    "log1p": "ln(1 + a)",
    "expm1": "exp(a) - 1",
    "log2": "ln(a)/ln(2)",
    "log10": "ln(a)/ln(10)",
    "hypot": "sqrt(a^2 + b^2)",
}
