"""Exact rational numbers in formulas: what 2/3, ⅔, 0.5 and 12 are, and how a rational number is written."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from unicodedata import numeric

from bpviz.formula.numerals import MINUS
from bpviz.formula.tree import Atom, Formula, Term

PLAIN_NUMERAL = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
SMALL_FRACTION = re.compile("-?[¼-¾⅐-⅞]")
LARGEST_EXPONENT = 16
MOST_CHARACTERS_WRITTEN = 8


def read_rational(number: Formula) -> Fraction | None:
    """Read a number as it was typed, exactly; None if it is a rounded or an irrational one, or none.

    >>> third = Atom("1/3", 1 / 3, Term("/", (Atom("1", 1.0), Atom("3", 3.0))))
    >>> read_rational(third), read_rational(Atom("0.50", 0.5)), read_rational(Atom("π", 3.141592653589793))
    (Fraction(1, 3), Fraction(1, 2), None)
    """
    if isinstance(number, Term):
        return None
    if number.value is None:
        return None
    if number.typed:
        return _work_out(number.typed)
    text = number.text.replace(MINUS, "-")
    if PLAIN_NUMERAL.fullmatch(text):
        return Fraction(text)
    if SMALL_FRACTION.fullmatch(text):
        fraction = Fraction(numeric(text[-1])).limit_denominator(10)
        return -fraction if text[:-1] else fraction
    return Fraction(number.value) if not text and number.value.is_integer() else None


def _work_out(typed: Term) -> Fraction | None:
    """Work out a calculation of rational numbers."""
    numbers = [number for number in map(read_rational, typed.parts) if number is not None]
    if len(numbers) < len(typed.parts):
        return None
    first, *others = numbers
    for other in others:
        match typed.head:
            case "+":
                first += other
            case "-":
                first -= other
            case "*":
                first *= other
            case "/" if other:
                first /= other
            case "^" if first and other.denominator == 1 and abs(other) <= LARGEST_EXPONENT:
                first **= other.numerator
            case _:
                return None
    if others:
        return first
    return -first if typed.head == "negative" else None


def write_rational(number: Fraction, *, decimal: bool = False) -> Atom | None:
    """Write a rational number, as a decimal fraction if asked and possible; None if that is long.

    >>> [number.text for each in (Fraction(4, 3), Fraction(-2)) if (number := write_rational(each))]
    ['4/3', '−2']
    """
    if number < 0:
        size = write_rational(-number, decimal=decimal)
        if size is None:
            return None
        value, text = -(size.value or 0.0), f"{MINUS}{size.text}"
        return Atom(text, value, Term("negative", (size,)) if size.typed else None)
    text = f"{number}"
    if decimal:
        shortest = Decimal(number.numerator) / Decimal(number.denominator)
        text = f"{shortest:f}" if Fraction(shortest) == number else text
    if len(text) > MOST_CHARACTERS_WRITTEN:
        return None
    upper, line, lower = text.partition("/")
    if not line:
        return Atom(text, float(number))
    return Atom(text, float(number), Term("/", (Atom(upper, float(upper)), Atom(lower, float(lower)))))
