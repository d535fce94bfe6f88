"""Cancelling: exact, bounded by the size of the formula, and never longer than what was given."""

from __future__ import annotations

import pytest

from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import Formula, read
from bpviz.text.cancellation import Shortener
from bpviz.text.factors import measure

PLAIN = Shortener({}, {})


@pytest.mark.parametrize(
    ("formula", "shorter"),
    [
        ("a*b/a", "b"),
        ("a + a", "2·a"),
        ("a*b + a*c", "(b + c)·a"),
        ("a/sqrt(b)*sqrt(b)", "a"),
        ("b/sqrt(b)", "√b"),
        ("exp(a)*b*exp(-a)", "b"),
        ("(a^2 - b^2)/(a - b)", "a + b"),
        ("b*(1 - a) - (1 - b)*a", "b − a"),
        ("(1 - a^2)*b/c", "b·(1 − a²)/c"),
        ("-(a - b)*c", "(b − a)·c"),
        ("sin(a)^2/cos(a) + cos(a)", "1/cos(a)"),
        ("a - a", "0"),
    ],
)
def test_what_cancels(formula: str, shorter: str) -> None:
    assert show(PLAIN.shorten(read(formula)), TEXT) == shorter


def test_a_name_is_put_in_for_what_it_stands_for_but_never_below_the_bar() -> None:
    shortener = Shortener({"e": read("a*b/(c + b)")}, {"e": 1, "d": 0})
    assert show(shortener.shorten(read("a*b*d/(c + b)")), TEXT) == "e·d"
    assert show(shortener.shorten(read("b/(c + b)")), TEXT) == "b/(c + b)"  # e/a has no value where a is 0


@pytest.mark.parametrize("power", [3, 9])
def test_what_is_large_is_left_as_it_is(power: int) -> None:
    formula: Formula = read(f"(a + b + c + d)^{power}/(a + b + c) + (a - b - c - d)^{power}/(b + c + d)")
    assert measure(PLAIN.shorten(formula)) <= measure(formula)
