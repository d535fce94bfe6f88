"""What a row of the benchmark is, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Side = Callable[[], float]  # measures once: seconds, or bytes


class Missing(Exception):  # noqa: N818 - as in "missing: dot", which the row says
    """A peer that is not on this machine, or a command that is not there yet: the reason is shown in the row."""


class Sides(NamedTuple):
    """Ours and the peer's, ready to be measured again and again."""

    ours: Side
    peer: Side


class Row(NamedTuple):
    """One row: a name, what is measured, against what, and the goal.

    prepare makes the two sides, for small sizes if it is told so; Missing is raised where one is not there. The goal
    is the largest ratio, or with above the most seconds more than the peer; without a peer's side the number itself.
    cold says that whole processes are started.
    """

    name: str
    what: str
    against: str
    goal: float
    prepare: Callable[[bool], Sides]
    above: bool = False
    unit: str = "s"
    cold: bool = False
    runs: int = 7


class Outcome(NamedTuple):
    """The runs of both sides of a row, or why there are none."""

    row: Row
    ours: tuple[float, ...] = ()
    peer: tuple[float, ...] = ()
    missing: str = ""
