"""Measure a row's two sides in turn, so that what else the machine does falls on both, and compare their medians."""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

SHORTEST = 0.02  # seconds that one measurement of a short thing lasts, by repeating it
QUICK_RUNS = 3

Side = Callable[[], float]  # measures once and returns seconds


class MissingPeerError(Exception):
    """A peer that is not on this machine; the row shows the reason."""


class Row(NamedTuple):
    """One row of the table: what is measured against what, and the largest ratio that is wanted.

    prepare returns our side and the peer's, for small sizes if its argument is True. It raises MissingPeerError where
    the peer is not there. runs is how often each side is measured.
    """

    name: str
    what: str
    against: str
    goal: float
    prepare: Callable[[bool], tuple[Side, Side]]
    runs: int = 7


class Outcome(NamedTuple):
    """The seconds of every run of a row's two sides, or why there are none."""

    row: Row
    ours: tuple[float, ...] = ()
    peer: tuple[float, ...] = ()
    missing: str = ""

    @property
    def ratio(self) -> float:
        """Return how many times as long ours takes as the peer, by the medians."""
        return median(self.ours) / median(self.peer)

    @property
    def is_met(self) -> bool:
        """Say whether the goal is met."""
        return not self.missing and self.ratio <= self.row.goal


def measure(row: Row, *, quick: bool = False, runs: int = 0) -> Outcome:
    """Return what a row's two sides take in alternating runs, after one of each that warms up."""
    try:
        ours, peer = row.prepare(quick)
        ours(), peer()
        pairs = [(ours(), peer()) for _ in range(runs or (QUICK_RUNS if quick else row.runs))]
    except MissingPeerError as missing:
        return Outcome(row, missing=str(missing))
    return Outcome(row, *zip(*pairs, strict=True))


def once(function: Callable[[], object]) -> Side:
    """Return a side that calls a function once."""
    return lambda: measure_seconds(function, 1)


def repeated(function: Callable[[], object]) -> Side:
    """Return a side that calls a short function so often that it can be timed, and measures the time of one call."""
    times = 1
    while times < 1_000_000 and measure_seconds(function, times) < SHORTEST:
        times *= 2
    return lambda: measure_seconds(function, times) / times


def process(command: Sequence[str]) -> Side:
    """Return a side that runs a command as a whole process."""

    def run() -> None:
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise MissingPeerError(f"{' '.join(command[1:4])} fails: {''.join(last)[:80]}")

    return once(run)


def measure_seconds(function: Callable[[], object], times: int) -> float:
    """Return how many seconds so many calls take."""
    gc.collect()
    begun = time.perf_counter()
    for _ in range(times):
        function()
    return time.perf_counter() - begun


def describe_machine() -> str:
    """Return processor, cores, system and Python in a line."""
    processor = platform.processor() or platform.machine()
    if (cpuinfo := Path("/proc/cpuinfo")).exists():
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
        processor = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), processor)
    return f"{processor}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
