"""How wide words are in the figure's font, and what fits into a circle.

The widths are those of Roboto Regular, so that a figure can be planned without opening a font file (40 ms). They
need not be exact: Graphviz measures again with the font itself, and only room depends on what is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import sqrt
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
_WIDTHS = {character: width / 1000 for width, characters in _BY_WIDTH.items() for character in characters}
OTHER = 0.7  # em, for the rest of the Latin, Greek and Cyrillic letters
WIDE = 1.1  # em, from WIDE_FROM on: Chinese, Japanese, Korean, emoji
WIDE_FROM = "\u2e80"

ASCENT = 0.71  # em: the height of capitals and digits above the baseline
LINE = 1.172  # em: from one baseline to the next
HANG = 0.928  # em: from the top of a line to its baseline
CLEARANCE = 4.0  # points between the letters and the circle
SMALLEST = 8.0  # points: below this a name is cut instead of shrunk
WIDEST = 1.5  # times the theme's diameter: beyond this a name is shrunk instead of the circle widened

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPTS = str.maketrans("-−+0123456789xyn", "⁻⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹ˣʸⁿ")
LONGEST_NAME = 40  # characters of a name that are shown
TITLE_LINE, TITLE_LINES = 60, 4  # characters and lines of a title
_ENDLESS = re.compile(rf"\w{{{LONGEST_NAME + 1},}}")
_NUMBERED = re.compile(r"(?<=[^\W\d_])_(\d+)(?![\d_])")
_BASE = r"_(\d+)$"
_RAISED = r"\^([-−+]?[0-9]+|[xyn])$"


class Line(NamedTuple):
    """A line of text inside a circle, with its size in points."""

    text: str
    size: float


def subscripted(name: str) -> str:
    """Return a name, or words with names in them, as shown: numbers as real subscripts, endless names cut.

    >>> subscripted("w_0"), subscripted("x_12"), subscripted("hidden_2_out")
    ('w₀', 'x₁₂', 'hidden_2_out')
    """
    return _NUMBERED.sub(lambda found: found[1].translate(SUBSCRIPTS), short(name))


def short(words: str) -> str:
    """Return words without the middle of a name that is too long for any picture.

    >>> short("x + y"), len(short("x" * 10_000))
    ('x + y', 40)
    """
    if len(words) <= LONGEST_NAME:
        return words
    head, tail = LONGEST_NAME // 2, LONGEST_NAME - LONGEST_NAME // 2 - 1
    return _ENDLESS.sub(lambda found: f"{found[0][:head]}…{found[0][-tail:]}", words)


def heading(title: str) -> str:
    """Return a title as the lines that it is set in; past a few of them it ends in an ellipsis.

    >>> heading("a short one")
    'a short one'
    """
    if len(title) <= TITLE_LINE and "\n" not in title:
        return title
    from textwrap import wrap

    lines = [part for line in title.splitlines() for part in wrap(line, TITLE_LINE) or [""]]
    whole = lines[:TITLE_LINES]
    return "\n".join(whole if whole == lines else [*whole[:-1], whole[-1][: TITLE_LINE - 1] + "…"])


def typeset(symbol: str) -> str:
    """Return a symbol with its exponent raised, or the base of its logarithm lowered, if the font has the characters.

    >>> typeset("x^3"), typeset("2^x"), typeset("x^0.5"), typeset("log_2")
    ('x³', '2ˣ', 'x^0.5', 'log₂')
    """
    if "^" in symbol:
        symbol = re.sub(_RAISED, lambda found: found[1].translate(SUPERSCRIPTS), symbol)
    return re.sub(_BASE, lambda found: found[1].translate(SUBSCRIPTS), symbol) if "_" in symbol else symbol


def width(text: str, size: float) -> float:
    """Return the width of a text in points."""
    try:
        return size * sum([_WIDTHS[c] for c in text])
    except KeyError:
        return size * sum([_WIDTHS.get(c) or (WIDE if c >= WIDE_FROM else OTHER) for c in text])


def diameter(labels: Iterable[tuple[Line, ...]], least: float) -> float:
    """Return the diameter of circles that hold every label, never under least nor over WIDEST times it."""
    wanted = (2 * radius(label) for label in labels)
    return min(max([least, *wanted]), least * WIDEST)


def radius(label: tuple[Line, ...]) -> float:
    """Return the radius of the smallest circle around lines that are centred in it."""
    return max(sqrt((width(line.text, line.size) / 2 + CLEARANCE) ** 2 + y * y) for line, y in _reach(label))


def fit(label: tuple[Line, ...], diameter: float) -> tuple[Line, ...]:
    """Return lines that fit a circle: as they are, or shrunk, or cut in the middle with an ellipsis."""
    fitted = []
    for line, room in zip(label, rooms(label, diameter), strict=True):
        size = max(SMALLEST, min(line.size, line.size * room / max(1.0, width(line.text, line.size))))
        fitted.append(Line(cut(line.text, room, size), round(size, 1)))
    return tuple(fitted)


def rooms(label: tuple[Line, ...], diameter: float) -> tuple[float, ...]:
    """Return how wide each line of a label may be in a circle."""
    return tuple(2 * (sqrt(max(1.0, diameter * diameter / 4 - y * y)) - CLEARANCE) for _, y in _reach(label))


def cut(text: str, room: float, size: float) -> str:
    """Return a text without as much of its middle as does not fit."""
    if width(text, size) <= room + 0.5:
        return text
    kept = max(2, int(len(text) * room / width(text, size)) - 1)
    return f"{text[: kept - kept // 2]}…{text[len(text) - kept // 2 :]}"


def _reach(label: tuple[Line, ...]) -> list[tuple[Line, float]]:
    """Return each line with how far its letters come from the middle of the circle."""
    top = sum(line.size for line in label) * LINE / 2
    reach = []
    for line in label:
        baseline = top - HANG * line.size
        reach.append((line, max(abs(baseline), abs(baseline + ASCENT * line.size))))
        top -= LINE * line.size
    return reach
