"""Products, quotients and sums of formulas as one writes them by hand, and sympy's expressions as such formulas.

A factor of 1 is left out, a factor of 0 leaves nothing, signs stand in front, and there is one fraction bar. Nothing is
multiplied out, cancelled or sorted.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import pi
from typing import Any

from bpviz.views.formula import Atom, Formula, Term

ZERO, ONE = Atom("0", 0.0), Atom("1", 1.0)
LONGEST = 10**9  # numerators and denominators from here on are shown as one rounded number
SYMPY_FUNCTIONS = {"log": "ln", "Abs": "abs", "Max": "max", "Min": "min"}  # others are called as in the gate table


def times(a: Formula, b: Formula) -> Formula:
    """Return the product of two formulas."""
    if _is(a, 0.0) or _is(b, 0.0):
        return ZERO
    (negative_a, a), (negative_b, b) = _sign(a), _sign(b)
    product = _unsigned_product(a, b)
    return minus(product) if negative_a != negative_b else product


def _unsigned_product(a: Formula, b: Formula) -> Formula:
    if _is(a, 1.0):
        return b
    if _is(b, 1.0):
        return a
    (upper_a, lower_a), (upper_b, lower_b) = _fraction(a), _fraction(b)
    if _is(lower_a, 1.0) and _is(lower_b, 1.0):
        return Term("*", (a, b))
    return quotient(times(upper_a, upper_b), times(lower_a, lower_b))


def quotient(upper: Formula, lower: Formula) -> Formula:
    """Return a quotient, its sign in front."""
    negative, upper = _sign(upper)
    result = upper if _is(lower, 1.0) else Term("/", (upper, lower))
    return minus(result) if negative else result


def minus(formula: Formula) -> Formula:
    """Return the negative of a formula."""
    negative, size = _sign(formula)
    return size if negative else Term("negative", (formula,))


def total(terms: list[Formula]) -> Formula:
    """Return the sum of formulas, those that are 0 left out."""
    left = [term for term in terms if not _is(term, 0.0)]
    if not left:
        return ZERO
    return left[0] if len(left) == 1 else Term("terms", tuple(left))


def continued(head: str, sum_so_far: Formula, term: Formula) -> Formula:
    """Return a + b or a − b; where a is such a sum itself, its terms and one more."""
    before = _terms(sum_so_far)
    if len(before) < 2 or _sign(term)[0]:
        return Term(head, (sum_so_far, term))
    return Term("terms", (*before, term if head == "+" else minus(term)))


def _terms(formula: Formula) -> tuple[Formula, ...]:
    """Return the terms of a sum, signs with them; a formula that is no sum is one."""
    if isinstance(formula, Term) and formula.head in ("+", "terms"):
        return formula.parts
    if isinstance(formula, Term) and formula.head == "-" and not _sign(formula.parts[1])[0]:
        return formula.parts[0], minus(formula.parts[1])
    return (formula,)


def _sign(formula: Formula) -> tuple[bool, Formula]:
    """Return whether a formula is written with a minus in front, and what is behind it."""
    if isinstance(formula, Term):
        return (True, formula.parts[0]) if formula.head == "negative" else (False, formula)
    if formula.value is not None and formula.value < 0:
        return True, Atom(formula.text.lstrip("-−"), -formula.value)
    return False, formula


def _fraction(formula: Formula) -> tuple[Formula, Formula]:
    if isinstance(formula, Term) and formula.head == "/":
        return formula.parts[0], formula.parts[1]
    return formula, ONE


def _is(formula: Formula, number: float) -> bool:
    return isinstance(formula, Atom) and formula.value == number


def formula_of(expression: Any, atoms: Mapping[str, Atom]) -> Formula:
    """Return an expression of sympy's as a formula; its symbols are called as these atoms' keys."""
    if expression.is_Symbol:
        return atoms[expression.name]
    if expression.is_Rational:
        is_short = max(abs(expression.p), expression.q) < LONGEST
        return quotient(_whole(expression.p), _whole(expression.q)) if is_short else Atom("", float(expression))
    if expression.is_Add:
        return total([formula_of(term, atoms) for term in expression.as_ordered_terms()])
    if expression.is_Mul:
        return _product_of(expression, atoms)
    if expression.is_Pow:
        return _power_of(expression, atoms)
    return _other(expression, atoms)


def _whole(x: int) -> Formula:
    return Atom(f"{x}".replace("-", "−"), float(x))


def _product_of(expression: Any, atoms: Mapping[str, Atom]) -> Formula:
    product: Formula = ONE
    for factor in expression.as_ordered_factors():
        product = times(product, formula_of(factor, atoms))
    return product


def _power_of(expression: Any, atoms: Mapping[str, Atom]) -> Formula:
    base, exponent = expression.args
    if exponent.is_number and exponent.is_negative:
        return quotient(ONE, formula_of(base**-exponent, atoms))
    if exponent.is_Rational and (exponent.p, exponent.q) == (1, 2):
        return Term("sqrt", (formula_of(base, atoms),))
    return Term("^", (formula_of(base, atoms), formula_of(exponent, atoms)))


def _other(expression: Any, atoms: Mapping[str, Atom]) -> Formula:
    name = expression.func.__name__
    if name == "Pi":
        return Atom("π", pi)
    if name == "Exp1":
        return Term("exp", (ONE,))
    parts = tuple(formula_of(argument, atoms) for argument in expression.args)
    if name == "Heaviside":
        return Term(">", (parts[0], ZERO))
    return Term(SYMPY_FUNCTIONS.get(name, name), parts)
