"""Value and gradient at new points of what is compiled once: a chain of gates as floats, the example as arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import bpviz
from tests.benchmarks.measure import once, repeated
from tests.benchmarks.peers import chain
from tests.benchmarks.peers.listing import numpy_listing
from tests.benchmarks.processes import EXAMPLE
from tests.benchmarks.records import Missing, Row, Sides

GATES, QUICK_GATES = 1000, 20
POINTS, QUICK_POINTS = 1_000_000, 1000


def _sides(peer: Callable[[int], chain.Run], quick: bool) -> Sides:
    gates = QUICK_GATES if quick else GATES
    function = bpviz.compile(bpviz.parse(chain.text(gates)))
    x, y = chain.POINT.values()
    return Sides(repeated(lambda: function(x=x, y=y)), repeated(peer(gates)))


def _arrays(quick: bool) -> Sides:
    try:
        import numpy as np
    except ImportError:
        raise Missing("numpy is not installed") from None
    function = bpviz.compile(bpviz.parse(EXAMPLE))
    random = np.random.default_rng(0)
    x, y = (random.normal(0, 3, QUICK_POINTS if quick else POINTS) for _ in range(2))
    assert np.allclose(function(x, y)[0], numpy_listing(x, y)[0])
    return Sides(once(lambda: function(x, y)), once(lambda: numpy_listing(x, y)))


def _row(name: str, against: str, goal: float, peer: Callable[[int], chain.Run]) -> Row:
    return Row(
        name=f"again-{name}",
        what=f"value and gradient again, of a chain of {GATES:,} gates, compiled once",
        against=against,
        goal=goal,
        prepare=partial(_sides, peer),
    )


ROWS = (
    _row("micrograd", "micrograd", 1 / 20, chain.micrograd),
    _row("autograd", "HIPS autograd", 1 / 200, chain.autograd),
    _row("casadi", "casadi's Function", 5.0, chain.casadi),
    _row("by-hand", "straight-line Python by hand", 1.2, chain.by_hand),
    Row(
        name="points",
        what=f"{POINTS:,} points of the example, value and gradient",
        against="the lecture's listing by hand in NumPy",
        goal=1.0,
        prepare=_arrays,
        runs=15,
    ),
)
