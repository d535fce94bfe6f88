"""Options that several commands share: how numbers are rounded, how a picture looks, whether they say what they did."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.cli.options import Option, Switch, Within, option
from bpviz.cli.target import TARGET
from bpviz.figure.theme import TABLE

DIGITS = 3  # where neither --digits nor --decimals is typed

ROUNDING = (
    option("--digits", type=Within(1, 17), metavar="N", help=f"Significant digits of a number; {DIGITS}."),
    option("--decimals", type=Within(0, 17), metavar="N", help="Fixed decimals instead: 2 writes 2.00."),
)
THEME = option("--theme", choices=[theme.name for theme in TABLE], default=TABLE[0].name, help="The look.")
ENGINE = option("--engine", choices=["bundled", "system"], default="bundled", help="Which Graphviz to use.")
WIDTH = option("--width", metavar="LENGTH", help="The picture's width: 12cm, 5in, 800px.")
DPI = option("--dpi", type=Within(10, 2400, kind=float), metavar="NUMBER", help="Dots per inch of a PNG.")
TRANSPARENT = option("--transparent", action="store_true", help="No background.")
QUIET = option("--quiet", action="store_true", help="Print no line about what was written.")
LABELS = option("--labels", choices=["name", "op", "both"], help="What stands in the circles.")
BRANCH = option(
    "--branch",
    "--no-branch",
    action=Switch,
    default=True,
    help="A dot, and the total, where one value feeds several wires; without it the totals are not drawn.",
)


def files(what: str, named: Callable[[str], str] = TARGET) -> Option:
    """Return the option for the files to write, of which there may be several; named reads the name of one."""
    return option("-o", "--output", dest="outputs", metavar="FILE", type=named, action="append", help=what)
