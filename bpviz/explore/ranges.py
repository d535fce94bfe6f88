"""A range of an input, from -5 to 5 in 201 points: read as it is typed, and turned into its values."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from bpviz.autodiff import check_number
from bpviz.errors import UsageError
from bpviz.lang import read_constant
from bpviz.limits import DEFAULT, Limits

COLON = ":"
DEFAULT_POINTS = 101  # where none are asked for: from -5 to 5 they are steps of 0.1
HINT = "write it from:to:points, such as -5:5:201 or -pi:pi"


class Range(NamedTuple):
    """The name of an input, its first value, its last one, and how many values there are."""

    name: str
    start: float
    stop: float
    points: int = DEFAULT_POINTS

    @property
    def values(self) -> tuple[float, ...]:
        """The values, evenly spaced from the first to the last.

        >>> Range("x", -1, 1, 5).values
        (-1.0, -0.5, 0.0, 0.5, 1.0)
        """
        start, stop, last = self.start, self.stop, self.points - 1
        values = []
        for i in range(last):
            # The ends have whole numbers as weights: a round step gives round values, and 0 where it is due.
            value = (start * (last - i) + stop * i) / last
            if not isfinite(value):  # a product overflowed
                value = start * (1 - i / last) + stop * (i / last)
            values.append(value)
        return (*values, float(stop))

    def __str__(self) -> str:
        return f"{self.name} from {self.start:g} to {self.stop:g}"

    def __contains__(self, value: object) -> bool:
        """Say whether a number lies between the ends."""
        return isinstance(value, float | int) and min(self.start, self.stop) <= value <= max(self.start, self.stop)


def is_range(text: str) -> bool:
    """Say whether a value as typed is a range."""
    return COLON in text


def read_range(text: str, name: str, limits: Limits = DEFAULT) -> Range:
    """Read a range as typed, from:to:points, its ends constant expressions; raise UsageError for what is none.

    >>> read_range("-1/2:1/2:3", "x")
    Range(name='x', start=-0.5, stop=0.5, points=3)
    """
    start, stop, *points = text.split(COLON)
    if len(points) > 1 or not (start.strip() and stop.strip()):
        raise UsageError(f"{name} = {text[:60]} is no range", hint=HINT)
    try:
        count = int(points[0].replace(",", "").replace("_", "")) if points else DEFAULT_POINTS
    except ValueError:
        raise UsageError(f"{name}: {points[0][:40].strip()!r} is no number of points", hint=HINT) from None
    return _check_range(Range(name, read_constant(start, name, limits), read_constant(stop, name, limits), count))


def make_range(name: str, given: str | Sequence[float]) -> Range:
    """Make a range of text, or of two or three numbers; raise UsageError for what is neither."""
    if isinstance(given, str):
        if not is_range(given):
            raise UsageError(f"{name} = {given[:60]!r} is no range", hint=HINT)
        return read_range(given, name)
    try:
        start, stop, points = (*given, DEFAULT_POINTS)[:3] if len(given) < 3 else given
    except (TypeError, ValueError):
        raise UsageError(f"{name} = {given!r:.60} is no range", hint="write (from, to, points): (-5, 5, 201)") from None
    check_number(name, start)
    check_number(name, stop)
    if points != int(points):
        raise UsageError(f"{name} has {points} points", hint="give a whole number of them: (-5, 5, 201)")
    return _check_range(Range(name, float(start), float(stop), int(points)))


def _check_range(given: Range) -> Range:
    """Return a range as it is; raise UsageError if it has one point, or its ends are the same."""
    if given.points < 2:
        raise UsageError(f"a range of {given.points} points over {given.name} is none", hint="give 2 points or more")
    if given.start == given.stop:
        hint = f"give {given.name} two ends, or one value: {given.start:g}"
        raise UsageError(f"the range of {given.name} begins where it ends, at {given.start:g}", hint=hint)
    return given
