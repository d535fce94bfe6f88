"""Products, quotients and sums of formulas as one writes them by hand.

A factor of 1 is left out, a factor of 0 leaves nothing, signs stand in front, and there is one fraction bar. Where a
derivative has several rational factors they are one number in front, exactly. Nothing else is multiplied out, cancelled
or sorted.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import prod

from bpviz.formula.rationals import read_rational, write_rational
from bpviz.formula.tree import Atom, Formula, Term

MINUS_IN_FRONT = re.compile("^(≈?)[-−]")
ZERO, ONE = Atom("0", 0.0), Atom("1", 1.0)


def multiply(a: Formula, b: Formula) -> Formula:
    """Multiply two formulas."""
    if _is(a, 0.0) or _is(b, 0.0):
        return ZERO
    (negative_a, a), (negative_b, b) = _split_sign(a), _split_sign(b)
    (upper_a, lower_a), (upper_b, lower_b) = _split_fraction(a), _split_fraction(b)
    if _is(a, 1.0):
        product = b
    elif _is(b, 1.0):
        product = a
    elif _is(lower_a, 1.0) and _is(lower_b, 1.0):
        product = Term("*", (a, b))
    else:
        product = divide(multiply(upper_a, upper_b), multiply(lower_a, lower_b))
    return negate(product) if negative_a != negative_b else product


def multiply_derivatives(a: Formula, b: Formula) -> Formula:
    """Multiply two formulas, their rational factors joined to one: 3x² times (4/3)π is 4·π·x², 2x times 1/2 is x."""
    product = multiply(a, b)
    is_negative, size = _split_sign(product)
    upper, lower = _split_fraction(size)
    multipliers, above = _take_numbers(upper)
    divisors, below = ([], []) if lower == ONE else _take_numbers(lower)
    rationals = [number for each in multipliers if (number := read_rational(each)) is not None]
    dividing = [number for each in divisors if (number := read_rational(each))]
    number = prod(rationals, start=Fraction(1)) / prod(dividing, start=Fraction(1))
    if len(rationals) + len(dividing) < 2 or not number:
        return product
    decimal = any("." in each.text for each in (*multipliers, *divisors))
    has_bar = not decimal and bool(dividing or below)
    front = write_rational(abs(Fraction(number.numerator) if has_bar else number), decimal=decimal)
    divisor = write_rational(Fraction(number.denominator)) if has_bar else ONE
    if front is None or divisor is None:
        return product
    irrational = [[each for each in numbers if not read_rational(each)] for numbers in (multipliers, divisors)]
    joined = divide(_join_factors(front, *irrational[0], *above), _join_factors(divisor, *irrational[1], *below))
    return negate(joined) if is_negative != (number < 0) else joined


def _take_numbers(product: Formula) -> tuple[list[Atom], list[Formula]]:
    """Take the numbers out of a product, those of a constant as typed too; return them and the other factors."""
    numbers: list[Atom] = []
    others: list[Formula] = []
    waiting = [product]
    while waiting:
        factor = waiting.pop()
        term = factor.typed if isinstance(factor, Atom) else factor
        if term and term.head == "*":
            waiting += reversed(term.parts)
        elif isinstance(factor, Atom) and factor.value is not None:
            numbers.append(factor)
        else:
            others.append(factor)
    return numbers, others


def _join_factors(number: Atom, *others: Formula) -> Formula:
    """Write a product of a number and other factors; a 1 is left out."""
    factors = others if others and number == ONE else (number, *others)
    return factors[0] if len(factors) == 1 else Term("*", factors)


def divide(upper: Formula, lower: Formula) -> Formula:
    """Divide two formulas, the sign in front."""
    negative, upper = _split_sign(upper)
    result = upper if _is(lower, 1.0) else Term("/", (upper, lower))
    return negate(result) if negative else result


def negate(formula: Formula) -> Formula:
    """Negate a formula."""
    negative, size = _split_sign(formula)
    return size if negative else Term("negative", (formula,))


def add(terms: list[Formula]) -> Formula:
    """Add formulas; those that are 0 are left out."""
    left = [term for term in terms if not _is(term, 0.0)]
    if not left:
        return ZERO
    return left[0] if len(left) == 1 else Term("terms", tuple(left))


def continue_sum(head: str, sum_so_far: Formula, term: Formula) -> Formula:
    """Continue a sum with + or −: a sum of a sum and a term is one sum, without brackets."""
    before = _list_terms(sum_so_far)
    if len(before) < 2 or _split_sign(term)[0]:
        return Term(head, (sum_so_far, term))
    return Term("terms", (*before, term if head == "+" else negate(term)))


def _list_terms(formula: Formula) -> tuple[Formula, ...]:
    """List the terms of a sum, signs with them; a formula that is no sum is one."""
    if isinstance(formula, Term) and formula.head in ("+", "terms"):
        return formula.parts
    if isinstance(formula, Term) and formula.head == "-" and not _split_sign(formula.parts[1])[0]:
        return formula.parts[0], negate(formula.parts[1])
    return (formula,)


def _split_sign(formula: Formula) -> tuple[bool, Formula]:
    """Say whether a formula is written with a minus in front, and what is behind it."""
    if isinstance(formula, Term):
        return (True, formula.parts[0]) if formula.head == "negative" else (False, formula)
    if formula.value is not None and formula.value < 0:
        if not formula.typed:
            return True, Atom(MINUS_IN_FRONT.sub(r"\1", formula.text), -formula.value)
        if formula.typed.head == "negative":
            return True, formula.typed.parts[0]
    return False, formula


def _split_fraction(formula: Formula) -> tuple[Formula, Formula]:
    if isinstance(formula, Term) and formula.head == "/":
        return formula.parts[0], formula.parts[1]
    return formula, ONE


def _is(formula: Formula, number: float) -> bool:
    return isinstance(formula, Atom) and formula.value == number


def simplify(formula: Formula) -> Formula:
    """Write a local gradient as one does by hand: 3*x^(3-1) is 3x², 1*x^0 is 1."""
    if isinstance(formula, Atom):
        return formula
    parts = tuple(simplify(part) for part in formula.parts)
    numbers = tuple(part.value if isinstance(part, Atom) else None for part in parts)
    match formula.head, numbers:
        case "*", (0.0, _) | (_, 0.0):
            return Atom("0", 0.0)
        case (("*" | "^" | "/"), (_, 1.0)):
            return parts[0]
        case "*", (1.0, _):
            return parts[1]
        case "*", (-1.0, _):
            return Term("negative", parts[1:])
        case "^", (_, 0.0):
            return Atom("1", 1.0)
    return _fold(formula.head, parts)


def _fold(head: str, parts: tuple[Formula, ...]) -> Formula:
    """Work out a difference of two rational numbers, or a negative one, where the result is short."""
    rationals = [number for number in map(read_rational, parts) if number is not None]
    folded = None
    if head == "-" and len(rationals) == 2:
        folded = rationals[0] - rationals[1]
    elif head == "negative" and rationals:
        folded = -rationals[0]
    decimal = any(isinstance(part, Atom) and "." in part.text for part in parts)
    written = None if folded is None else write_rational(folded, decimal=decimal)
    return written or Term(head, parts)
