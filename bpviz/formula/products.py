"""Products, quotients and sums of formulas as one writes them by hand.

A factor of 1 is left out, a factor of 0 leaves nothing, signs stand in front, and there is one fraction bar. Nothing is
multiplied out, cancelled or sorted.
"""

from __future__ import annotations

import re

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
