"""Sums of products of vectors and numbers, cancelled as a lecturer does: 2·q ⊙ (1/3·ones) is 2/3·q, and p ⊙ (y/p) is y.

An expression is a sum; a product in it has a coefficient and factors with whole exponents, each a formula that is a
number or a grid. Products are those of numbers, or entry by entry. A product without a grid, where one is meant, is the
same at every entry: ones are written only where nothing else has the shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from bpviz.formula.tree import Atom, Formula, Term

ONES = Term("ones", ())


class GridFactor(NamedTuple):
    """A formula that is multiplied, and whether it is a grid."""

    formula: Formula
    is_grid: bool


class GridProduct(NamedTuple):
    """A coefficient and factors with their exponents, in the order first met."""

    coefficient: Fraction
    factors: tuple[tuple[GridFactor, int], ...] = ()

    @property
    def is_grid(self) -> bool:
        """Whether a factor is a grid."""
        return any(factor.is_grid for factor, _ in self.factors)


Expression = tuple[GridProduct, ...]
ZERO: Expression = ()
ONE: Expression = (GridProduct(Fraction(1)),)


def make_atom(formula: Formula, *, is_grid: bool) -> Expression:
    """Make the expression of one formula."""
    return (GridProduct(Fraction(1), ((GridFactor(formula, is_grid), 1),)),)


def make_number(value: Fraction) -> Expression:
    """Make the expression of a number."""
    return (GridProduct(value),) if value else ZERO


def add(*expressions: Expression) -> Expression:
    """Add expressions; like terms are joined."""
    found: dict[frozenset[tuple[GridFactor, int]], GridProduct] = {}
    for product in [each for expression in expressions for each in expression]:
        key = frozenset(product.factors)
        before = found.get(key, product._replace(coefficient=Fraction(0)))
        found[key] = before._replace(coefficient=before.coefficient + product.coefficient)
    return tuple(product for product in found.values() if product.coefficient)


def scale(expression: Expression, number: Fraction) -> Expression:
    """Multiply an expression with a number."""
    return tuple(each._replace(coefficient=each.coefficient * number) for each in expression) if number else ZERO


def multiply(left: Expression, right: Expression) -> Expression:
    """Multiply two expressions. A sum stays in brackets, unless less is left when every term of it is multiplied."""
    if not left or not right:
        return ZERO
    spread = add(*((_join(a, b),) for a in left for b in right))
    if len(left) == len(right) == 1:
        return spread
    whole = (_join(_bundle(left), _bundle(right)),)
    return spread if measure(spread) < measure(left) + measure(right) else whole


def invert(expression: Expression) -> Expression:
    """Return 1 by an expression."""
    product = _bundle(expression)
    return (GridProduct(1 / product.coefficient, tuple((factor, -power) for factor, power in product.factors)),)


def measure(expression: Expression) -> int:
    """Count the factors of an expression, a number being one."""
    return sum(max(1, sum(abs(power) for _, power in each.factors)) for each in expression)


def split(expression: Expression) -> tuple[GridProduct, Formula]:
    """Part an expression into what is a number, and the grid that it multiplies: 2·s and X in 2·s·X."""
    product = _bundle(expression)
    numbers = tuple(each for each in product.factors if not each[0].is_grid)
    grids = tuple(each for each in product.factors if each[0].is_grid)
    grid = write((GridProduct(Fraction(1), grids),)) if grids else ONES
    return GridProduct(product.coefficient, numbers), grid


def _bundle(expression: Expression) -> GridProduct:
    """Return an expression as one product: a sum is a factor of it, its common coefficient in front."""
    if len(expression) == 1:
        return expression[0]
    first = expression[0].coefficient
    common = abs(first) if all(abs(each.coefficient) == abs(first) for each in expression) else Fraction(1)
    formula = write(scale(expression, 1 / common))
    return GridProduct(common, ((GridFactor(formula, any(each.is_grid for each in expression)), 1),))


def _join(left: GridProduct, right: GridProduct) -> GridProduct:
    powers = dict(left.factors)
    for factor, power in right.factors:
        powers[factor] = powers.get(factor, 0) + power
    return GridProduct(left.coefficient * right.coefficient, tuple((f, p) for f, p in powers.items() if p))


# formulas


def write(expression: Expression, *, as_grid: bool = False) -> Formula:
    """Write an expression as a formula; as a grid, what is the same at every entry is multiplied with ones."""
    if not expression:
        return Atom("0", 0.0)
    as_grid = as_grid and not any(each.is_grid for each in expression)
    ordered = sorted(expression, key=lambda each: each.coefficient < 0)  # a sum begins with what is positive
    first, *others = ordered
    formula = _write_product(first, as_grid=as_grid)
    for each in others:
        positive = each._replace(coefficient=abs(each.coefficient))
        sign = "-" if each.coefficient < 0 else "+"
        formula = Term(sign, (formula, _write_product(positive, as_grid=as_grid)))
    return formula


def _write_product(product: GridProduct, *, as_grid: bool) -> Formula:
    coefficient, factors = _turn_differences(product)
    numbers = [_raise(factor.formula, power) for factor, power in factors if not factor.is_grid and power > 0]
    grids = [_raise(factor.formula, power) for factor, power in factors if factor.is_grid and power > 0]
    if as_grid and not any(factor.is_grid for factor, _ in factors):
        grids = [ONES]
    below = [_raise(factor.formula, -power) for factor, power in factors if power < 0]
    upper = [*numbers, *([Term("⊙", tuple(grids))] if grids[1:] else grids)]
    size = abs(coefficient)
    if size.denominator > 1 and not below:
        upper.insert(0, Term("/", (_write_whole(size.numerator), _write_whole(size.denominator))))
    else:
        if size.numerator > 1 or not upper:
            upper.insert(0, _write_whole(size.numerator))
        if size.denominator > 1:
            below.insert(0, _write_whole(size.denominator))
    formula = upper[0] if len(upper) == 1 else Term("*", tuple(upper))
    if below:
        formula = Term("/", (formula, below[0] if len(below) == 1 else Term("⊙", tuple(below))))
    return Term("negative", (formula,)) if coefficient < 0 else formula


def _turn_differences(product: GridProduct) -> tuple[Fraction, Sequence[tuple[GridFactor, int]]]:
    """Write o − t for −(t − o)."""
    if product.coefficient > 0:
        return product
    for k, (factor, power) in enumerate(product.factors):
        if isinstance(factor.formula, Term) and factor.formula.head == "-" and power == 1:
            turned = factor._replace(formula=Term("-", factor.formula.parts[::-1])), power
            return -product.coefficient, (*product.factors[:k], turned, *product.factors[k + 1 :])
    return product


def _raise(formula: Formula, power: int) -> Formula:
    return formula if power == 1 else Term("^", (formula, _write_whole(power)))


def _write_whole(number: int) -> Atom:
    return Atom(str(number), float(number))
