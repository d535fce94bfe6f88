"""bpviz descend: gradient steps from a point, and why they end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bpviz.cli.options import Within, option
from bpviz.cli.program import Asked, program_command, settings_of, warn
from bpviz.cli.results import Look, result_options, where, write_results
from bpviz.errors import UsageError

if TYPE_CHECKING:
    from bpviz.explore.descents import Descent

RATE, STEPS, TOLERANCE = 0.1, 50, 1e-4  # as explore.descents has them


@program_command(
    option(
        "--rate",
        type=Within(0, kind=float, above=True),
        default=RATE,
        metavar="NUMBER",
        help=f"The factor of the gradient in a step; {RATE}.",
    ),
    option("--steps", type=Within(1), default=STEPS, metavar="N", help=f"As many steps at the most; {STEPS}."),
    option("--minimize", metavar="NAME", help="The gate that is to become small, if not the output."),
    option("--maximize", metavar="NAME", help="The gate that is to become large instead."),
    option("--params", metavar="NAMES", help="The inputs that move, as in w1,w2; all of them."),
    option(
        "--tolerance",
        type=Within(0, 1, kind=float),
        default=TOLERANCE,
        metavar="NUMBER",
        help=f"How small a gradient counts as zero, relatively; {TOLERANCE:g}.",
    ),
    *result_options({}),
)
def descend(
    asked: Asked,
    rate: float,
    steps: int,
    minimize: str | None,
    maximize: str | None,
    params: str | None,
    tolerance: float,
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
    """Take gradient steps from a point of PROGRAM until they converge, diverge, or leave its domain.

    The inputs' values are where it starts; --params says which of them move. Two that move are drawn as a path over the
    contours, one as a path on its curve, more as the curve of the values.

    bpviz descend "x^2 + 3*y^2" --x 3 --y -4 --rate 0.1 --steps 50 -o descent.svg
    bpviz descend "(tanh(w*x + b) - t)^2" --w 1 --b 0 --x 2 --t -0.5 --params w,b -o descent.csv
    bpviz descend "x*exp(-x^2)" --x 2 --maximize f --rate 0.5
    """
    from bpviz.explore import descent_text as view
    from bpviz.explore import descents
    from bpviz.explore.front import goal, names
    from bpviz.text import show
    from bpviz.text.terminal import progress

    to = where(outputs, format_, "descent", {})
    graph = asked.graph()
    _check_starts(asked)
    how = descents.Asked(rate, steps, tolerance, maximize is not None)
    with progress("steps") as tell:
        done = descents.descend(
            graph,
            asked.values(graph),
            goal=goal(minimize, maximize),
            params=names(params),
            asked=how,
            most=asked.limits.points,
            tell=tell,
        )
    warn(graph.warnings)
    if to.is_terminal:
        show(view.descent_text(done, "plain", asked.rounding, whole=whole))
        return
    look = Look(theme, title, dpi, transparent)
    told = view.outcome(done, asked.rounding)
    write_results(to, lambda kind: _data(done, kind, look, asked), told, quiet=quiet, open_=open_)


def _check_starts(asked: Asked) -> None:
    """Raise UsageError for a range where a value is to be."""
    from bpviz.explore.ranges import is_range

    for name, text in settings_of(asked.point, asked.settings).items():
        if is_range(text):
            hint = f"write where {name} starts, such as --{name} 3; bpviz sweep takes ranges"
            raise UsageError(f"{name} = {text[:60]} is a range", hint=hint)


def _data(done: Descent, kind: str, look: Look, asked: Asked) -> bytes:
    """Return a descent as the bytes of a kind of file."""
    from bpviz.explore import descent_text as view
    from bpviz.text.writers import WRITERS

    if kind in WRITERS:
        return view.descent_text(done, kind, asked.rounding).encode()
    return look.plot(done, asked.numbers).data(kind)
