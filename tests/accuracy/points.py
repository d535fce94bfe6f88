"""Where a gate is tried: evenly over the everyday range, and ever closer to zero, infinity, poles, kinks and edges.

A formula that is wrong in the last digits is wrong somewhere: near a zero of what it computes, where something
cancels, where something overflows. So the points are not spread evenly, but heaped up at such places.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

EVERYDAY, EXPONENTIAL = 10.0, 760.0  # where numbers live, and how far exp(a) is a number
SMALLEST, LARGEST = -323.0, 308.25  # powers of ten
CLOSEST = -18.0
MOST_OPERANDS = 8


def _nothing(*operands: float) -> tuple[float, ...]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Range:
    """What one operand may be, and where its gate is delicate.

    least, most   the bounds, which are tried themselves
    near          poles, kinks, zeros and edges
    meets         of the operands before it: the places where the two together are delicate
    chosen        values that are tried as they are
    """

    least: float = -math.inf
    most: float = math.inf
    near: tuple[float, ...] = (0.0, -1.0, 1.0)
    meets: Callable[..., tuple[float, ...]] = _nothing
    chosen: tuple[float, ...] = ()

    def draw(self, chance: Random, before: tuple[float, ...]) -> float:
        """Return one value within the bounds."""
        while True:
            x = self._draw(chance, before)
            if math.isfinite(x) and self.least <= x <= self.most:
                return x

    def _draw(self, chance: Random, before: tuple[float, ...]) -> float:
        sign = chance.choice((-1.0, 1.0))
        places = (*self.near, *self.meets(*before))
        match chance.randrange(6 if self.chosen else 5):
            case 0:
                return chance.uniform(max(self.least, -EVERYDAY), min(self.most, EVERYDAY))
            case 1:
                return chance.uniform(-EXPONENTIAL, EXPONENTIAL)
            case 2:
                return sign * math.pow(10.0, chance.uniform(SMALLEST, LARGEST))
            case 3:
                place = chance.choice(places)
                return place + sign * max(abs(place), 1.0) * math.pow(10.0, chance.uniform(CLOSEST, 0.0))
            case 4:
                return _beside(chance.choice(places), chance.randrange(4), sign)
        return chance.choice(self.chosen)


def _beside(place: float, steps: int, sign: float) -> float:
    """Return the number so many floats from a place, which itself is none of them."""
    for _ in range(steps):
        place = math.nextafter(place, sign * math.inf)
    return place


def points(ranges: tuple[Range, ...], several: bool, seed: str) -> Iterator[tuple[float, ...]]:
    """Yield points without end, always the same for the same seed; a gate of several operands gets two to eight."""
    chance = Random(seed)
    while True:
        each = ranges * (chance.randint(2, MOST_OPERANDS) // len(ranges)) if several else ranges
        point: tuple[float, ...] = ()
        for operand in each:
            point += (operand.draw(chance, point),)
        yield point
