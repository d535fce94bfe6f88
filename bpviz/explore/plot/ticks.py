"""Round numbers along an axis, in fractions of π where its ends are."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, floor, inf, isclose, log10, pi

from bpviz.explore.plot.page import Axis
from bpviz.figure.lettering import width
from bpviz.formula.numerals import MINUS, Rounding, number

ROUND = (1.0, 2.0, 5.0, 10.0)  # times a power of ten
PARTS_OF_PI = (1 / 4, 1 / 2, 1.0, 2.0, 5.0, 10.0)
MOST_OF_PI = 40.0
ENOUGH = 1e-9  # relatively: an end so near a fraction of π is one
PLAIN_FROM, PLAIN_TO = 1e-4, 1e6  # sizes whose numbers are written without a power of ten


def axis(low: float, high: float, most: int, room: float = inf, size: float = 12.0) -> Axis:
    """Return an axis with at most so many ticks, all of them between its ends.

    room is how long it is, in points, where its numbers of this size stand beside each other: they do not touch.
    """
    for fewer in range(most, 1, -1):
        found = _pi_axis(low, high, fewer) if _counts_in_pi(low, high) else _decimal_axis(low, high, fewer)
        places = [found.share(place) * room for place, _ in found.ticks]
        widest = max((width(text, size) for _, text in found.ticks), default=0.0)
        if room == inf or all(b - a > widest + size / 2 for a, b in pairwise(places)):
            break
    return found


def _pi_axis(low: float, high: float, most: int) -> Axis:
    step = next((part for part in PARTS_OF_PI if (high - low) / pi / part <= most), PARTS_OF_PI[-1])
    return Axis(low, high, tuple((i * step * pi, of_pi(i * step)) for i in _multiples(low, high, step * pi)))


def _decimal_axis(low: float, high: float, most: int) -> Axis:
    step = round_step(high - low, most)
    return Axis(low, high, tuple((i * step, numeral(i * step, step)) for i in _multiples(low, high, step)))


def round_step(span: float, most: int) -> float:
    """Return a round number that fits into a span at most so often.

    >>> round_step(10, 6), round_step(0.7, 4)
    (2.0, 0.2)
    """
    least = span / most
    power = 10.0 ** floor(log10(least))
    return next((each * power for each in ROUND if each * power >= least * (1 - ENOUGH)), 10 * power)


def numeral(value: float, step: float) -> str:
    """Return a tick's number with the decimals that its steps have.

    >>> numeral(0.5, 0.25), numeral(2e6, 1e6), numeral(-3, 1)
    ('0.50', '2×10⁶', '−3')
    """
    size = max(abs(value), step)
    if step >= PLAIN_FROM and size < PLAIN_TO:
        return number(value, Rounding(decimals=_decimals(step))) if value else "0"
    digits = max(1, ceil(log10(size / step) - ENOUGH) + 1)
    return number(value, Rounding(min(digits, 15))).replace(".0×", "×")


def of_pi(share: float) -> str:
    """Return a multiple of π.

    >>> [of_pi(share) for share in (-1, -0.25, 0, 0.75, 2)]
    ['−π', '−π/4', '0', '3π/4', '2π']
    """
    upper, lower = next((round(share * lower), lower) for lower in (1, 2, 4) if share * lower == round(share * lower))
    size = "π" if abs(upper) == 1 else f"{abs(upper)}π"
    return f"{MINUS if upper < 0 else ''}{size}{f'/{lower}' if lower > 1 else ''}" if upper else "0"


def _decimals(step: float) -> int:
    return next((places for places in range(8) if isclose(step * 10**places, round(step * 10**places))), 8)


def _multiples(low: float, high: float, step: float) -> range:
    return range(ceil(low / step - ENOUGH), floor(high / step + ENOUGH) + 1)


def _counts_in_pi(low: float, high: float) -> bool:
    """Say whether both ends are multiples of π/4, and not both zero or too large to be meant so."""
    quarters = [end / pi * 4 for end in (low, high)]
    return all(abs(each - round(each)) < ENOUGH and abs(each) <= 4 * MOST_OF_PI for each in quarters)
