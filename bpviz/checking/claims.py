"""A claimed gradient as somebody writes it: "x=0.18" says which name, which number, and how precisely it is meant."""

from __future__ import annotations

import re
from math import inf
from typing import NamedTuple

from bpviz.errors import UsageError
from bpviz.graph import Graph
from bpviz.lang import read_constant
from bpviz.limits import DEFAULT, Limits

DECIMAL = re.compile(r"[-+]?(?=[\d.])\d*\.?(?P<fraction>\d*)(?:e(?P<exponent>[-+]?\d{1,4}))?", re.IGNORECASE)
POWER_OF_TEN = re.compile(r" ?[×·*] ?10\^?")
EQUALS = re.compile(r"={1,2}|:")
NEXT_CLAIM = re.compile(r"[,;]\s*(?=[^,;=:()]*[^,;=:()\s]\s*(?:=|:))")  # the comma of "x=2.06, y=1.59"
SLOPE = re.compile(r"\s*[d∂]\s*(?P<of>[^\W\d][^/]*?)\s*/\s*[d∂]\s*(?P<by>[^\W\d].*?)\s*")  # ∂f/∂x
ORDINARY_DIGITS = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")  # of what a figure prints, or a PDF
EXPRESSION_PRECISION = 1e-9  # the relative precision of a fraction or an expression
INFINITE = {"∞": inf, "+∞": inf, "-∞": -inf}


class Claim(NamedTuple):
    """A number that somebody takes for the gradient of a node.

    text       the number as typed
    precision  half a unit of its last place, within which it is meant
    is_exact   whether it is no decimal, and has no last place
    """

    node: int
    text: str
    value: float
    precision: float
    is_exact: bool = False

    def fits(self, gradient: float) -> bool:
        """Say whether a gradient is this number at the precision with which it is written."""
        slack = self.precision * (1 + EXPRESSION_PRECISION)
        return gradient == self.value or abs(gradient - self.value) <= slack


def split_claims(text: str) -> list[str]:
    """Return the claims of a text that may hold several.

    >>> split_claims("x=2.06, y=log(8, 2)")
    ['x=2.06', 'y=log(8, 2)']
    """
    return NEXT_CLAIM.split(text)


def read_claim(graph: Graph, text: str, limits: Limits = DEFAULT) -> Claim:
    """Read a claim about a graph: x=0.18, ∂f/∂x=0.18, x: 1/3 or num=1.8e-1; raise UsageError for anything else.

    A decimal is meant to its last place, everything else exactly.
    """
    name, *numbers = (part.strip() for part in EQUALS.split(text, maxsplit=1))
    if not (name and numbers and numbers[0]):
        raise UsageError(f"--claim {text} claims nothing", hint="write --claim NAME=NUMBER, such as --claim x=0.18")
    (number,) = numbers
    slope = SLOPE.fullmatch(name)
    if slope:
        if graph.find(slope["of"]) != graph.output:
            what = f"--claim {text} is not about a gradient of {graph.output_name}"
            hint = f"for ∂{graph.output_name}/∂{slope['by']} write --claim {slope['by']}=0.18"
            raise UsageError(what, hint=hint)
        name = slope["by"]
    value, precision = read_number(number, f"the claim for {name}", limits)
    is_exact = not DECIMAL.fullmatch(_as_python(number))
    return Claim(graph.find(name), number, value, precision, is_exact)


def read_number(text: str, what: str, limits: Limits = DEFAULT) -> tuple[float, float]:
    """Return the value of a number as typed, and half a unit of its last place; what names it in an error.

    >>> read_number("0.18", "x"), read_number("−1.8×10⁻³", "x")
    ((0.18, 0.005), (-0.0018, 5e-05))
    """
    plain = _as_python(text)
    if plain in INFINITE:
        return INFINITE[plain], 0.0
    found = DECIMAL.fullmatch(plain)
    if not found:
        value = read_constant(text, what, limits)
        return value, EXPRESSION_PRECISION * abs(value)
    value = float(plain)
    if abs(value) == inf:
        raise UsageError(f"{what}: {text} is too large", hint="the largest number here is about 1.8e308")
    return value, float(f"5e{int(found['exponent'] or 0) - len(found['fraction']) - 1}")


def _as_python(text: str) -> str:
    """Return a number as Python writes it: a true minus sign and a power of ten may come from a figure."""
    return POWER_OF_TEN.sub("e", text.translate(ORDINARY_DIGITS), count=1)
