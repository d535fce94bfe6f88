"""bpviz sweep: the value and every gradient over a range of an input, or a grid of two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bpviz.cli.options import option
from bpviz.cli.program import Asked, program_command, read_point, settings_of, warn
from bpviz.cli.results import WITHOUT_NOTES, Look, result_options, where, write_results
from bpviz.errors import UsageError

if TYPE_CHECKING:
    from bpviz.explore.ranges import Range
    from bpviz.explore.sweeps import Sweep
    from bpviz.formula.numerals import Rounding
    from bpviz.graph import Graph

NUMPY = {".npz": "npz"}


@program_command(
    option("--at", dest="marks", metavar="NAME=VALUE", action="append", help="The point that the picture marks."),
    *result_options(NUMPY),
)
def sweep(
    asked: Asked,
    marks: Sequence[str],
    outputs: Sequence[str],
    format_: str | None,
    theme: str,
    title: str,
    dpi: float | None,
    transparent: bool,
    whole: bool,
    open_: bool,
    quiet: bool,
) -> None:
    """Print the value and every gradient of PROGRAM over a range of one input, or a grid of two.

    A range is from:to:points, and its ends are constant expressions: --x -5:5:200 or --t -pi:pi. The other inputs have
    one value each. One range is drawn as f and ∂f/∂x, two as contours with the field of the gradient; the point that
    is marked is --at's, or the program's own. Outside the domain there are gaps.

    bpviz sweep "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x -5:5:200 --y -4
    bpviz sweep "tan(t)" --t -pi:pi:201 -o sweep.svg -o sweep.csv
    bpviz sweep "x^2 - y^2" --x -3:3 --y -3:3 --at x=1 --at y=2 -o saddle.pdf
    bpviz sweep "x*exp(-x^2)" --x -3:3:1001 -o sweep.npz
    """
    from bpviz.explore import sweep_text as view
    from bpviz.explore import sweeps
    from bpviz.text import show
    from bpviz.text.terminal import progress

    to = where(outputs, format_, "sweep", NUMPY)
    graph = asked.graph()
    ranges, fixed = _inputs(asked, graph)
    at = _marks(marks, ranges)
    with progress("points") as tell:
        done = sweeps.sweep(graph, ranges, fixed, at, most=asked.limits.points, tell=tell)
    warn(graph.warnings)
    if to.is_terminal:
        show(view.sweep_text(done, "plain", asked.rounding, whole=whole))
        return
    plotted = Look(theme, title, dpi, transparent)
    write_results(
        to,
        lambda kind: _data(done, kind, plotted, asked),
        _summary(done, asked.rounding),
        quiet=quiet,
        open_=open_,
    )
    if any(kind in WITHOUT_NOTES for kind in to.kinds):
        warn(view.gap_lines(done))


def _inputs(asked: Asked, graph: Graph) -> tuple[list[Range], dict[str, float]]:
    """Return the ranges as typed, and the values of the other inputs."""
    from bpviz.explore.ranges import is_range, read_range
    from bpviz.explore.sweeps import check_ranges

    texts = settings_of(asked.point, asked.settings)
    moving = {name: text for name, text in texts.items() if is_range(text)}
    if not moving:
        check_ranges(graph, [], asked.limits.points)
    point = {**texts, **dict.fromkeys(moving, "0")}  # for the names, and to see what is missing
    known = read_point(graph, point, [], asked.options, most=asked.limits)
    ranges = [read_range(text, name, asked.limits) for name, text in moving.items()]
    return ranges, {name: value for name, value in known.items() if name not in moving}


def _marks(marks: Sequence[str], ranges: Sequence[Range]) -> dict[str, float]:
    """Return the point to mark; of one range its value alone will do."""
    from bpviz.lang import constant

    found = {}
    for mark in marks:
        name, equals, value = mark.partition("=")
        if not equals and len(ranges) == 1 and mark != ranges[0].name:
            name, value, equals = ranges[0].name, mark, "="
        if not equals:
            raise UsageError(
                f"--at {mark} marks nothing", hint=f"write --at NAME=VALUE, such as --at {ranges[0].name}=1"
            )
        found[name.strip()] = constant(value, name.strip())
    return found


def _data(done: Sweep, kind: str, look: Look, asked: Asked) -> bytes:
    """Return a sweep as the bytes of a kind of file."""
    from bpviz.explore import sweep_text as view
    from bpviz.text.writers import WRITERS

    if kind == "npz":
        from bpviz.explore.npz import npz

        return npz(view.arrays(done))
    if kind in WRITERS:
        return view.sweep_text(done, kind, asked.rounding).encode()
    return look.plot(done, asked.numbers).data(kind)


def _summary(done: Sweep, rounding: Rounding) -> str:
    """Return what was swept, in a line."""
    from bpviz.formula.numerals import number

    over = " and ".join(
        f"{each.name} from {number(each.start, rounding)} to {number(each.stop, rounding)}" for each in done.ranges
    )
    return f"{done.graph.output_name} over {over}: {len(done.values):,} points"
