"""Numbers as a lecturer writes them: few digits, whole numbers bare, a true minus sign, never −0.

A number that is shown with fewer digits than asked for equals what is shown to twelve digits: 0.5 is 0.5, 0.1 × 0.2 is
0.02 and √2 × √2 is 2, but 2.9996 is 3.00.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf
from typing import NamedTuple

from bpviz.errors import UsageError

MINUS = "\N{MINUS SIGN}"
ABOUT = "≈"  # stands in front of a rounded constant
NEGLIGIBLE = 1e-12  # of a number: what makes no difference to whoever reads it
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
ORDINARY = {small: plain for plain, small in SUPERSCRIPTS.items()}
CERTAIN_DIGITS = 12  # of a float64 after a few roundings; what differs beyond them is not told apart
LARGE = 1e5  # from here on, and below SMALL, powers of ten are written out
SMALL = 1e-4


class Rounding(NamedTuple):
    """How numbers are rounded for reading: to significant digits or, if decimals is given, to fixed decimals.

    The entries of a vector have as many digits, or grid_digits if it is given and one of them needs more.
    """

    digits: int = 3
    decimals: int | None = None
    grid_digits: int | None = None


THREE_DIGITS = Rounding()
USUAL_ROUNDING = Rounding(grid_digits=2)  # where nobody says otherwise: a grid has little room
MOST_DIGITS = 17  # of a float64; more would say nothing


def rounding_to(digits: int | None, decimals: int | None) -> Rounding:
    """Make the rounding to so many digits, or decimals if they are given; raise UsageError for what is none.

    Without digits it is the usual one.
    """
    if digits is not None:
        _check_count("digits", digits, 1)
    if decimals is not None:
        _check_count("decimals", decimals, 0)
    return USUAL_ROUNDING._replace(decimals=decimals) if digits is None else Rounding(digits, decimals)


def _check_count(what: str, given: int, least: int) -> None:
    if not hasattr(given, "__index__") or not least <= given <= MOST_DIGITS:
        hint = f"choose a whole number from {least} to {MOST_DIGITS}"
        raise UsageError(f"no number is written with {what} = {given!r:.60}", hint=hint)


def number(value: float, rounding: Rounding = THREE_DIGITS) -> str:
    """Write a number for people.

    >>> [number(v) for v in (-0.7915934472725935, 3.0, 0.01798620996209156, 3e-06, -0.0)]
    ['−0.792', '3', '0.0180', '3×10⁻⁶', '0']
    >>> number(2, Rounding(decimals=2)), number(0.1 * 0.2), number(0.0199999)
    ('2.00', '0.02', '0.0200')
    """
    if isinf(value):
        return (MINUS if value < 0 else "") + "∞"
    if rounding.decimals is not None:
        text = f"{value:.{rounding.decimals}f}"
        return _set_minus(text.lstrip("-") if float(text) == 0 else text)
    if value == 0:
        return "0"
    value = float(f"{value:.{max(CERTAIN_DIGITS, rounding.digits)}g}")
    if value == int(value) and abs(value) < LARGE * 10:
        return _set_minus(f"{int(value)}")
    mantissa, _, exponent = f"{value:.{rounding.digits - 1}e}".partition("e")
    rounded = float(f"{mantissa}e{exponent}")
    if SMALL <= abs(rounded) < LARGE:
        text = f"{value:.{max(0, rounding.digits - 1 - int(exponent))}f}"
        if "." in text and float(text) == value:
            text = text.rstrip("0").removesuffix(".")
        return _set_minus(text)
    if "." in mantissa and rounded == value:
        mantissa = mantissa.rstrip("0").removesuffix(".")
    return _set_minus(f"{mantissa}×10{str(int(exponent)).translate(SUPERSCRIPTS)}")


def write_entries(values: Sequence[float], rounding: Rounding = USUAL_ROUNDING) -> list[str]:
    """Write the entries of a vector: as any number if that is all of each of them, or else in fewer digits.

    >>> write_entries([0.088, 2.25]), write_entries([0.088, 0.6285317])
    (['0.088', '2.25'], ['0.088', '0.63'])
    """
    texts = [number(each, rounding) for each in values]
    if rounding.decimals is not None or rounding.grid_digits is None:
        return texts
    if all(number(each, Rounding(CERTAIN_DIGITS)) == text for each, text in zip(values, texts, strict=True)):
        return texts
    return [number(each, Rounding(rounding.grid_digits)) for each in values]


def write_as_typed(text: str, value: float) -> str:
    """Write a number as it was typed, its power of ten written out.

    >>> [write_as_typed("0.50", 0.5), write_as_typed("1e−9", 1e-9), write_as_typed("2.5E7", 2.5e7)]
    ['0.50', '10⁻⁹', '2.5×10⁷']
    """
    mantissa, exponent, _ = text.lower().partition("e")
    digits = sum(character.isdecimal() for character in mantissa)
    if not exponent or not digits:
        return text
    written = number(value, Rounding(digits))
    return written.replace("1×", "", 1) if written.removeprefix(MINUS).startswith("1×") else written


def write_marked(value: float, rounding: Rounding = THREE_DIGITS) -> str:
    """Write a number, with ≈ in front if digits of it are left out.

    >>> write_marked(2 / 3), write_marked(0.5)
    ('≈0.667', '0.5')
    """
    written = number(value, rounding)
    mantissa, _, exponent = written.replace(MINUS, "-").partition("×10")
    shown = float(f"{mantissa}e{exponent.translate(ORDINARY) or 0}")
    return written if abs(shown - value) <= NEGLIGIBLE * abs(value) else f"{ABOUT}{written}"


def _set_minus(text: str) -> str:
    return text.replace("-", MINUS)
