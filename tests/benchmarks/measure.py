"""Both sides of a row in turn, so that what else the machine does falls on both; medians, ratios and verdicts."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from statistics import median

from tests.benchmarks.records import Missing, Outcome, Row, Side

SHORTEST = 0.02  # seconds that one measurement of a short thing lasts, by repeating it
QUICK_RUNS = 3


def measure(row: Row, quick: bool = False, runs: int = 0) -> Outcome:
    """Return what a row's two sides take, in so many alternating runs after one that warms up."""
    try:
        sides = row.prepare(quick)
        sides.ours(), sides.peer()
        pairs = [(sides.ours(), sides.peer()) for _ in range(runs or (QUICK_RUNS if quick else row.runs))]
    except Missing as missing:
        return Outcome(row, missing=str(missing))
    ours, peer = zip(*pairs, strict=True)
    return Outcome(row, ours, peer)


def repeated(function: Callable[[], object]) -> Side:
    """Return a side that calls a short function so often that it can be timed; a call's share is what it measures."""
    times = 1
    while times < 1_000_000 and _seconds(function, times) < SHORTEST:
        times *= 2

    def side() -> float:
        return _seconds(function, times) / times

    return side


def once(function: Callable[[], object]) -> Side:
    """Return a side that calls a function once."""
    return lambda: _seconds(function, 1)


def _seconds(function: Callable[[], object], times: int) -> float:
    gc.collect()
    begun = time.perf_counter()
    for _ in range(times):
        function()
    return time.perf_counter() - begun


def figure(outcome: Outcome) -> float:
    """Return what is held against the goal: the ratio of the medians, or their difference."""
    ours, peer = median(outcome.ours), median(outcome.peer)
    return ours - peer if outcome.row.above else ours / peer


def is_met(outcome: Outcome) -> bool:
    """Say whether a goal is met."""
    return figure(outcome) <= outcome.row.goal
