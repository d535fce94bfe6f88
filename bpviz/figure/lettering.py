"""Measure words in the figure's font, fit them into circles, and set names with subscripts and exponents.

The widths are those of Roboto Regular, copied here because opening the font file takes 40 ms. They need not be exact:
Graphviz measures again with the font itself, and only the space that is reserved depends on them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import fsum, sqrt
from typing import NamedTuple

# Advance widths in thousandths of an em, by the characters that have them (hmtx of Roboto Regular, rounded up).
_BY_WIDTH = {
    220: "'",
    245: "ijlI|",
    280: " :;!.,·",
    340: "()[]{}/\\-`",
    350: "frt",
    400: '⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉⁻⁺₊ˣʸⁿ*^"',
    500: "csvxyzkJ?_<>",
    570: "0123456789abdeghnopquL$+−=×÷FEσΣπθ√∂βγδλμη",
    650: "ABCDKPRSTUVXYZ#&",
    710: "GHNOQ~φψωΩ%",
    890: "mwMW@∞",
}
_WIDTHS = {character: width for width, characters in _BY_WIDTH.items() for character in characters}
OTHER = 700  # thousandths of an em, for the rest of the Latin, Greek and Cyrillic letters
WIDE = 1100  # from WIDE_FROM on: Chinese, Japanese, Korean, emoji
WIDE_FROM = "\u2e80"

ASCENT = 0.71  # em: the height of capitals and digits above the baseline
LINE = 1.172  # em: from one baseline to the next
HANG = 0.928  # em: from the top of a line to its baseline
CLEARANCE = 4.0  # points between the letters and the circle
SHRUNK = 10.5  # points: words are made so small before the circles of a figure are made larger
SMALLEST = 8.0  # points: below this a name is cut instead of shrunk
MOST_WIDENED = 1.5  # times the theme's diameter: beyond this a name is shrunk instead of the circle widened

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPTS = str.maketrans("-−+0123456789xyn", "⁻⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹ˣʸⁿ")
LONGEST_NAME = 40  # characters of a name that are shown
TITLE_LINE, TITLE_LINES = 60, 4  # characters and lines of a title
_ENDLESS = re.compile(rf"\w{{{LONGEST_NAME + 1},}}")
_NUMBERED = re.compile(r"(?<=[^\W_])_(\d+)(?![\d_])")
_BASE = re.compile(r"_(\d+)$")
_EXPONENT = re.compile(r"\^([-−+]?[0-9]+|[xyn])$")


class Line(NamedTuple):
    """A line of text inside a circle, with its size in points."""

    text: str
    size: float


def subscript(name: str) -> str:
    """Write a name, or words with names in them, with real subscripts, and with the middle of an endless name cut.

    >>> subscript("w_0"), subscript("x1_12"), subscript("hidden_2_out")
    ('w₀', 'x1₁₂', 'hidden_2_out')
    """
    return _NUMBERED.sub(lambda found: found[1].translate(SUBSCRIPTS), shorten(name))


def shorten(words: str) -> str:
    """Cut the middle out of a name that is too long for any figure.

    >>> shorten("x + y"), len(shorten("x" * 10_000))
    ('x + y', 40)
    """
    if len(words) <= LONGEST_NAME:
        return words
    head, tail = LONGEST_NAME // 2, LONGEST_NAME - LONGEST_NAME // 2 - 1
    return _ENDLESS.sub(lambda found: f"{found[0][:head]}…{found[0][-tail:]}", words)


def wrap_title(title: str) -> str:
    """Break a title into lines; what is beyond the last of them is left out, and an ellipsis says so.

    >>> wrap_title("a short one")
    'a short one'
    """
    if len(title) <= TITLE_LINE and "\n" not in title:
        return title
    from textwrap import wrap

    lines = [part for line in title.splitlines() for part in wrap(line, TITLE_LINE) or [""]]
    whole = lines[:TITLE_LINES]
    return "\n".join(whole if whole == lines else [*whole[:-1], whole[-1][: TITLE_LINE - 1] + "…"])


def raise_exponent(symbol: str) -> str:
    """Raise the exponent of a symbol, or lower the base of its logarithm, if the font has the characters.

    >>> raise_exponent("x^3"), raise_exponent("2^x"), raise_exponent("x^0.5"), raise_exponent("log_2")
    ('x³', '2ˣ', 'x^0.5', 'log₂')
    """
    symbol = _EXPONENT.sub(lambda found: found[1].translate(SUPERSCRIPTS), symbol)
    return _BASE.sub(lambda found: found[1].translate(SUBSCRIPTS), symbol)


def width(text: str, size: float) -> float:
    """Return the width of a text in points; size is that of its letters."""
    try:
        return size * sum([_WIDTHS[c] for c in text]) / 1000
    except KeyError:
        return size * sum([_WIDTHS.get(c) or (WIDE if c >= WIDE_FROM else OTHER) for c in text]) / 1000


def choose_diameter(labels: Iterable[tuple[Line, ...]], least: float) -> float:
    """Choose the diameter of circles that hold all labels: at least `least` points, at most MOST_WIDENED times that."""
    smaller = ([Line(line.text, min(line.size, SHRUNK)) for line in label] for label in labels)
    wanted = (2 * measure_radius(tuple(label)) for label in smaller)
    return min(max([least, *wanted]), least * MOST_WIDENED)


def measure_radius(label: tuple[Line, ...]) -> float:
    """Measure the radius of the smallest circle around lines that are centred in it."""
    return max(sqrt((width(line.text, line.size) / 2 + CLEARANCE) ** 2 + y * y) for line, y in _reach(label))


def fit(label: tuple[Line, ...], diameter: float) -> tuple[Line, ...]:
    """Make lines fit into a circle: they stay as they are, or shrink, or lose their middle to an ellipsis."""
    fitted = []
    for line, room in zip(label, measure_rooms(label, diameter), strict=True):
        size = max(SMALLEST, min(line.size, line.size * room / max(1.0, width(line.text, line.size))))
        fitted.append(Line(cut(line.text, room, size), round(size, 1)))
    return tuple(fitted)


def measure_rooms(label: tuple[Line, ...], diameter: float) -> tuple[float, ...]:
    """Measure how wide each line of a label may be in a circle of this diameter, in points."""
    return tuple(2 * (sqrt(max(1.0, diameter * diameter / 4 - y * y)) - CLEARANCE) for _, y in _reach(label))


def cut(text: str, room: float, size: float) -> str:
    """Cut as much out of the middle of a text as does not fit into the room, which is in points."""
    if width(text, size) <= room + 0.5:
        return text
    kept = max(2, int(len(text) * room / width(text, size)) - 1)
    return f"{text[: kept - kept // 2]}…{text[len(text) - kept // 2 :]}"


def _reach(label: tuple[Line, ...]) -> list[tuple[Line, float]]:
    """Return each line, and how far above or below the middle of the circle its letters reach."""
    top = fsum(line.size for line in label) * LINE / 2
    reach = []
    for line in label:
        baseline = top - HANG * line.size
        reach.append((line, max(abs(baseline), abs(baseline + ASCENT * line.size))))
        top -= LINE * line.size
    return reach
