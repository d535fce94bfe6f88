"""How names and numbers are set: the one shape that LaTeX, Typst and MathML share, each with marks of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bpviz.formula.numerals import ORDINARY, THREE_DIGITS, Rounding, number


class Notation(NamedTuple):
    """The marks of a notation.

    word        a name, or an index, of one piece
    digits      a number without a power of ten, or a constant as typed
    indexed     a template of a name and its index
    scientific  a template of a number and of ten's exponent behind it
    """

    word: Callable[[str], str]
    digits: Callable[[str], str]
    indexed: str
    scientific: str

    def name(self, identifier: str) -> str:
        """Return a name as mathematics: what follows _ is an index."""
        stem, underscore, index = identifier.partition("_")
        if underscore and stem and index.isalnum():
            return self.indexed.format(self.word(stem), self.word(index))
        return self.word(identifier)

    def value(self, x: float, rounding: Rounding = THREE_DIGITS) -> str:
        """Return a number as mathematics."""
        return self.mathematics(number(x, rounding))

    def mathematics(self, numeral: str) -> str:
        """Return a numeral, or a constant as typed, as mathematics."""
        mantissa, times, exponent = numeral.partition("×10")
        text = self.digits(mantissa)
        return self.scientific.format(text, self.digits(exponent.translate(ORDINARY))) if times else text
