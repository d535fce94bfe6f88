"""Colours between two others: the bands of a contour plot, from the page's colour towards that of values."""

from __future__ import annotations


def mixed(first: str, second: str, share: float) -> str:
    """Return a colour so far on the way from one to another.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    channels = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in channels)


def ramp(first: str, second: str, count: int) -> tuple[str, ...]:
    """Return colours in even steps from one to another, both included."""
    return tuple(mixed(first, second, i / max(1, count - 1)) for i in range(count))


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
