"""The largest error of a gate over its domain, in units of the last place (ulp)."""

from __future__ import annotations

import math
from itertools import islice
from typing import Any, NamedTuple

from mpmath import mp, mpf

from bpviz.gates import Gate
from tests.accuracy.points import points
from tests.accuracy.references import Reference, reference_for

DIGITS = 50
LIMIT = 4.0  # what every gate is held to
SEED = 2024
POINTS = 10_000
TOP = mpf(2) ** 1024


class Worst(NamedTuple):
    """The largest error met, and the operands that met it."""

    ulps: float
    at: tuple[float, ...]


class Accuracy(NamedTuple):
    """What was measured for one gate: the worst value, the worst local gradient, and how many points were tried."""

    gate: Gate
    value: Worst
    slope: Worst
    points: int

    @property
    def is_within_limit(self) -> bool:
        """Say whether neither error is more than every gate is held to."""
        return max(self.value.ulps, self.slope.ulps) <= LIMIT


def measure(gate: Gate, count: int = POINTS, seed: int = SEED) -> Accuracy:
    """Return the largest errors of a gate at so many points of its domain, the same ones for the same seed."""
    reference = reference_for(gate)
    drawn = points(reference.ranges, reference.several, f"{gate.name} {seed}")
    value, slope = Worst(0.0, ()), Worst(0.0, ())
    with mp.workdps(DIGITS):
        for point in islice((point for point in drawn if reference.inside(*point)), count):
            z, error = _value_error(gate, reference, point)
            value = max(value, Worst(error, point))
            if math.isfinite(z) and not (gate.kink and gate.kink(z, *point)):
                slope = max(slope, Worst(_slope_error(gate, reference, z, point), point))
    return Accuracy(gate, value, slope, count)


def ulps(got: float, exact: Any) -> float:
    """Return how far a float is from an exact number, in units of the last place of that number.

    Beyond the largest float infinity is right; nothing is right where NaN is.
    """
    if not mp.isfinite(exact) or math.isinf(got):
        is_over = not mp.isfinite(exact) or abs(exact) >= TOP * (1 - mpf(2) ** -50)
        return 0.0 if is_over and math.isinf(got) and (exact > 0) == (got > 0) else math.inf
    if math.isnan(got):
        return math.inf
    unit = math.ldexp(1.0, max(_exponent(exact) - 53, -1074))
    return float(abs(mpf(got) - exact) / unit)


def _exponent(exact: Any) -> int:
    """Return e with 2^(e−1) ≤ |exact| < 2^e, kept within the floats'."""
    return int(min(max(mp.frexp(exact)[1], -1100), 1024)) if exact else -1100


def _value_error(gate: Gate, reference: Reference, point: tuple[float, ...]) -> tuple[float, float]:
    exact = reference.value(*map(mpf, point))
    try:
        z = gate.forward(*point)
    except OverflowError:
        z = math.copysign(math.inf, exact)
    except (ValueError, ZeroDivisionError):
        z = math.nan
    return z, ulps(z, exact)


def _slope_error(gate: Gate, reference: Reference, z: float, point: tuple[float, ...]) -> float:
    """Return the largest error of a point's local gradients."""
    exact_point = tuple(map(mpf, point))
    slopes = gate.slopes(z, *point)
    if reference.at_once:
        return max(map(ulps, slopes, reference.at_once(*exact_point)))
    if reference.several:
        own = reference.slopes[0]
        assert own
        return max(ulps(slope, own(a, *exact_point)) for slope, a in zip(slopes, exact_point, strict=True))
    pairs = zip(slopes, reference.slopes, strict=True)
    return max(ulps(slope, exact(*exact_point)) for slope, exact in pairs if exact)
