"""How much is too much: the sizes beyond which bpviz stops with a sentence, not with an empty machine.

Each can be moved, by the command line's --limit and the library's keyword limit, under the same name. There is none
for exponents: arithmetic is that of float64, where 9^9^9^9 overflows at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import NamedTuple

from bpviz.errors import UsageError


class Limits(NamedTuple):
    """The largest sizes that are accepted, by name: Limits().gates is how many gates a program may have."""

    characters: int = 1_000_000  # of a program
    gates: int = 100_000  # of a program
    drawn: int = 2_000  # gates of a figure: with twice as many its layout takes more than twice as long
    slides: int = 500  # of a deck
    pixels: int = 40_000_000  # of a PNG: each takes a dozen bytes while it is drawn
    digits: int = 1_000  # of a number as typed, of which a float64 keeps seventeen
    points: int = 1_000_000  # of a sweep, and steps of a descent
    derived: int = 2_000  # gates of a derivation
    checked: int = 300_000  # the names that are checked, times the gates of the program
    parts: int = 20_000  # of a closed form
    brackets: int = 200  # within one another in a closed form


DEFAULT = Limits()
MILLION = 1_000_000


def set_limits(given: Mapping[str, int] | None = None) -> Limits:
    """Return the usual limits, but for those that are given by name: these are moved.

    Raises UsageError for a name that no limit has, and for a number below 1.

    >>> set_limits({"gates": 10}).gates
    10
    """
    for name, limit in (given or {}).items():
        if name not in Limits._fields:
            raise UsageError(f"no limit is called {name}", hint=f"the limits are {', '.join(Limits._fields)}")
        if limit < 1:
            raise UsageError(f"a limit of {limit} {name} lets nothing pass", hint="give 1 or more")
    return DEFAULT._replace(**given) if given else DEFAULT


def raise_by(name: str, least: int) -> str:
    """Write the hint that tells how to raise the limit of this name to what is needed at least."""
    return f"raise the limit if you mean it: --limit {name}={least} (limit={{{name!r}: {least}}} in Python)"


def check_derived(gates: int, limit: int) -> None:
    """Raise UsageError for more gates than a derivation may have."""
    if gates > limit:
        raise UsageError(
            f"a derivation of {gates:,} gates is more than anybody can read: the limit is {limit:,}",
            hint=f"print its numbers with bpviz table; {raise_by('derived', gates)}",
        )


def check_pixels(pixels: float, limit: int, *, movable: bool = True) -> None:
    """Raise UsageError for more pixels than a picture may have; movable says whether there is an option for it."""
    if pixels > limit:
        raised = f"; {raise_by('pixels', ceil(pixels))}" if movable else ""
        raise UsageError(
            f"a picture of {pixels / MILLION:,.0f} million pixels is too large: the limit is {limit / MILLION:,.0f}",
            hint=f"give fewer dots per inch (--dpi), a smaller --width, or write an .svg, which has none{raised}",
        )


def check_drawn(gates: int, limit: int) -> None:
    """Raise UsageError for more gates than a figure may have."""
    if gates > limit:
        raise UsageError(
            f"a figure of {gates:,} gates is more than anybody can read, and slow to lay out: the limit is {limit:,}",
            hint="close its parts into boxes with --fold, draw what is near one gate with --focus, or print its "
            f"numbers with bpviz table; {raise_by('drawn', gates)}",
        )
