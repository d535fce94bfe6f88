"""Colours between two others: the bands of a contour plot, from the page's colour towards that of values."""

from __future__ import annotations

STEPS = 20


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


def strongest(first: str, second: str, over: str, most: float, least: float) -> str:
    """Return the colour farthest from the first to the second that another can still be seen on.

    most is the farthest share, least the ratio of contrast between the two (as WCAG 2.1 defines it).
    """
    shares = [most * part / STEPS for part in range(STEPS, 0, -1)]
    return next(
        (mixed(first, second, share) for share in shares if _contrast(mixed(first, second, share), over) >= least),
        first,
    )


def _contrast(first: str, second: str) -> float:
    low, high = sorted(map(_luminance, (first, second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4
        for each in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
