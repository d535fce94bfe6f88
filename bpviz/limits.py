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
    """The largest sizes that are accepted.

    characters of a program; gates of a program; drawn, the gates of a figure, whose layout takes more than in
    proportion; slides of a deck; pixels of a PNG, of which each takes a dozen bytes while it is drawn; digits of
    one number as typed, of which a float64 keeps seventeen; points of a sweep, and steps of a descent; derived, the
    gates of a derivation; checked, the names of a check times the gates of its program; parts of a closed form, and
    brackets in one another in it; seconds for sympy to simplify it.
    """

    characters: int = 1_000_000
    gates: int = 100_000
    drawn: int = 2_000
    slides: int = 500
    pixels: int = 40_000_000
    digits: int = 1_000
    points: int = 1_000_000
    derived: int = 2_000
    checked: int = 300_000
    parts: int = 20_000
    brackets: int = 200
    seconds: int = 10


DEFAULT = Limits()
MILLION = 1_000_000


def set_limits(given: Mapping[str, int] | None = None) -> Limits:
    """Return the limits with some of them moved; raise UsageError for a name that is none, and for less than 1.

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
    """Return the hint that tells how to move a limit."""
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
