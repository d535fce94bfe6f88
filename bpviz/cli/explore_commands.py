"""The commands that check and explore: bpviz check, sweep and descend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from bpviz.cli import options
from bpviz.cli.options import Choice, Decorator, RealNumber, Target, WholeNumber
from bpviz.cli.programs import Program, command
from bpviz.cli.targets import (
    RICH,
    check_format,
    check_open,
    find_cell,
    print_text,
    say_written,
    show_files,
    warn,
    write_all,
)
from bpviz.cli.words import LONGEST_QUOTE
from bpviz.endings import ARRAYS, PLOTS, TEXTS, choose_by_ending
from bpviz.errors import UsageError

if TYPE_CHECKING:
    from bpviz.explore import Descent, Plot, Range, Sweep
    from bpviz.vectors import Nested

WITHOUT_NOTES = ("csv", "json", "npz", *PLOTS.values())  # in which nothing is said in words


@command("Check every gradient, or somebody's answers.")
@click.option("--all", "every", is_flag=True, help="Check every gate too, not only the inputs.")
@click.option(
    "--claim",
    "claims",
    metavar="NAME=ANSWER",
    multiple=True,
    help="A number or formula that somebody worked out: is it right, and if not, which slip gives it? May repeat.",
)
@click.option(
    "--claims",
    "claims_file",
    metavar="FILE",
    type=Target("answers.txt", "leave it out"),
    help="A file of such claims, one a line, or a .csv of names and answers.",
)
@click.option(
    "--tolerance",
    type=RealNumber(0, 1, min_open=True),
    metavar="NUMBER",
    default=1e-6,
    show_default="1e-6",
    help="How far two derivatives may be apart, relatively.",
)
@click.option("--format", "format_", type=Choice(RICH, *TEXTS.values()), default=RICH, help="How to write it.")
def check(
    program: Program, every: bool, claims: Sequence[str], claims_file: str | None, tolerance: float, format_: str
) -> int:
    """Check the gradients of PROGRAM against a central difference and sympy's exact derivative.

    The exit status is 1 when one of them differs. With --claim it is answers that are checked, each as precisely as it
    is written, and a wrong one is compared with what the usual slips would give. An answer is a gradient (x=6,
    "∂f/∂x = 6"), a value (f=11, "value of a = 2") or a formula ("x = 2*x*y").

    \b
    bpviz check "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
    bpviz check "a*b + a" --a 2 --b -3 --all --format json
    bpviz check "x*y + x" --x 3 --y -4 --claim "x=-4, y=3, f=-9"
    bpviz check "x^2*y" --x 3 --y 5 --claim "df/dx = x*y"
    """
    checked = program.trace().check(
        all=every, claim=claims, claims=claims_file, tolerance=tolerance, **program.output_options
    )
    print_text(checked.text("plain" if format_ == RICH else format_), is_rich=format_ == RICH)
    return 0 if checked.is_right else 1


def result_options(extra_endings: Mapping[str, str]) -> Decorator:
    """Declare the options of what sweep and descend write: tables, data and pictures."""
    endings = {**TEXTS, **PLOTS, **extra_endings}
    return options.combine(
        options.outputs(f"File: {' '.join(endings)}, or -."),
        click.option(
            "--format",
            "format_",
            type=Choice(RICH, *endings.values()),
            help="How to write it to - or without -o; rich, in colour on a terminal.",
        ),
        options.theme,
        options.title("A line above the picture."),
        options.dpi,
        options.transparent,
        click.option("--all", "whole", is_flag=True, help="Every row on the terminal too."),
        options.opens("Show the file when it is written."),
        options.quiet,
    )


@command("Print and plot it over ranges of its inputs.")
@click.option("--at", "marks", metavar="NAME=VALUE", multiple=True, help="The point that the picture marks.")
@result_options(ARRAYS)
def sweep(
    program: Program,
    marks: Sequence[str],
    outputs: Sequence[str],
    format_: str | None,
    whole: bool,
    open_: bool,
    quiet: bool,
    **look: Any,
) -> None:
    """Print the value and every gradient of PROGRAM over a range of one input, or a grid of two.

    A range is from:to:points, and its ends are constant expressions: --x -5:5:200 or --t -pi:pi. The other inputs have
    one value each. One range is drawn as f and ∂f/∂x, two as contours with the field of the gradient; the point that
    is marked is --at's, or the program's own. Outside the domain there are gaps.

    \b
    bpviz sweep "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x -5:5:200 --y -4
    bpviz sweep "tan(t)" --t -pi:pi:201 -o sweep.svg -o sweep.csv
    bpviz sweep "x^2 - y^2" --x -3:3 --y -3:3 --at x=1 --at y=2 -o saddle.pdf
    bpviz sweep "x*exp(-x^2)" --x -3:3:1001 -o sweep.npz
    """
    from bpviz.explore import is_range, read_range
    from bpviz.lang import read_value
    from bpviz.text import progress

    to = _choose_targets(outputs, format_, "sweep", ARRAYS)
    check_open(open_, to.files, "sweep.svg")
    graph = program.graph()
    if not any(map(is_range, program.point.values())):
        graph.sweep()  # raises UsageError, which tells how a range is written
    typed = program.check_names(graph)
    settings: dict[str, Nested | Range] = {
        name: (read_range if is_range(text) else read_value)(text, name, program.limits) for name, text in typed.items()
    }
    at = _read_marks(marks, [name for name, text in typed.items() if is_range(text)])
    with progress("points") as tell:
        swept = graph.sweep(set=settings, at=at, limit=program.limits._asdict(), on_progress=tell)
    _write_result(swept, to, program, look, whole=whole, open_=open_, quiet=quiet)
    if any(each in WITHOUT_NOTES for each in to.formats):
        warn(swept.warnings)


def _read_marks(marks: Sequence[str], moving: Sequence[str]) -> dict[str, float]:
    """Return the point to mark, which --at gives as NAME=VALUE; if one input moves, its value alone will do."""
    from bpviz.lang import read_constant

    found = {}
    for mark in marks:
        name, equals, value = mark.partition("=")
        if not equals and len(moving) == 1 and mark != moving[0]:
            name, value, equals = moving[0], mark, "="
        if not equals:
            hint = f"write --at NAME=VALUE, such as --at {moving[0]}=1" if moving else ""
            raise UsageError(f"--at {mark} marks nothing", hint=hint)
        found[name.strip()] = read_constant(value, name.strip())
    return found


@command("Take gradient steps, and plot their path.")
@click.option(
    "--rate",
    type=RealNumber(0, min_open=True),
    default=0.1,
    metavar="NUMBER",
    help="The factor of the gradient in a step.",
)
@click.option("--steps", type=WholeNumber(1), default=50, metavar="N", help="As many steps at the most.")
@click.option("--minimize", metavar="NAME", help="The gate that is to become small, if not the output.")
@click.option("--maximize", metavar="NAME", help="The gate that is to become large instead.")
@click.option("--params", metavar="NAMES", help="The inputs that move, as in w1,w2; all of them.")
@click.option(
    "--tolerance",
    type=RealNumber(0, 1),
    default=1e-4,
    metavar="NUMBER",
    help="How small a gradient counts as zero, relatively.",
)
@result_options({})
def descend(
    program: Program,
    rate: float,
    steps: int,
    minimize: str | None,
    maximize: str | None,
    params: str | None,
    tolerance: float,
    outputs: Sequence[str],
    format_: str | None,
    whole: bool,
    open_: bool,
    quiet: bool,
    **look: Any,
) -> None:
    """Take gradient steps from a point of PROGRAM until they converge, diverge, or leave its domain.

    The inputs' values are where it starts; --params says which of them move. Two that move are drawn as a path over the
    contours, one as a path on its curve, more as the curve of the values.

    \b
    bpviz descend "x^2 + 3*y^2" --x 3 --y -4 --rate 0.1 --steps 50 -o descent.svg
    bpviz descend "(tanh(w*x + b) - t)^2" --w 1 --b 0 --x 2 --t -0.5 --params w,b -o descent.csv
    bpviz descend "x*exp(-x^2)" --x 2 --maximize f --rate 0.5
    """
    from bpviz.explore import descend as take_steps
    from bpviz.explore import is_range
    from bpviz.text import progress

    to = _choose_targets(outputs, format_, "descent", {})
    check_open(open_, to.files, "descent.svg")
    graph = program.graph()
    for name, text in program.point.items():
        if is_range(text):
            hint = f"write where {name} starts, such as --{name} 3; bpviz sweep takes ranges"
            raise UsageError(f"{name} = {text[:LONGEST_QUOTE]} is a range", hint=hint)
    with progress("steps") as tell:
        descent = take_steps(
            graph,
            set=program.values(graph),
            rate=rate,
            steps=steps,
            minimize=minimize,
            maximize=maximize,
            params=params,
            tolerance=tolerance,
            limit=program.limits._asdict(),
            on_progress=tell,
        )
    _write_result(descent, to, program, look, whole=whole, open_=open_, quiet=quiet)


class Targets(NamedTuple):
    """The files that are written, - for standard output, and the format of each."""

    files: list[str]
    formats: list[str]


def _choose_targets(
    outputs: Sequence[str], format_: str | None, stem: str, extra_endings: Mapping[str, str]
) -> Targets:
    """Return where results go: to files by their endings, or to standard output by --format.

    A picture goes to a file that is called after the stem, and in a notebook to the cell alone. Raises UsageError for
    an ending that is none, and for a format that no file has.
    """
    endings = {**TEXTS, **PLOTS, **extra_endings}
    if not outputs:
        is_text = format_ in (None, RICH, *TEXTS.values())
        is_shown = format_ in PLOTS.values() and find_cell()
        return Targets([] if is_shown else ["-" if is_text else f"{stem}.{format_}"], [format_ or RICH])
    formats = [
        format_ or "plain" if target == "-" else choose_by_ending(target, endings, "nothing is written to")
        for target in outputs
    ]
    check_format(format_, formats, outputs)
    return Targets(list(outputs), ["plain" if each == RICH else each for each in formats])


def _write_result(
    result: Sweep | Descent,
    to: Targets,
    program: Program,
    look: dict[str, Any],
    *,
    whole: bool,
    open_: bool,
    quiet: bool,
) -> None:
    """Show a result on the terminal, or make all of its files, write them, and say in a line what they are."""
    warn(result.graph.warnings)
    if to.formats == [RICH]:
        print_text(result.text(whole=whole, **program.rounding), is_rich=True)
        return
    if to.files:
        write_all(to.files, to.formats, lambda format_: _make_file(result, format_, program, look))
    pictures = [each for each in to.formats if each in PLOTS.values()]
    if pictures and "-" not in to.files and (cell := find_cell()):
        cell(_plot(result, program, look), None if to.files else pictures[0])
    say_written(to.files, f"{result.summarize(program.number_format)}   ", quiet=quiet)
    if open_:
        show_files(to.files)


def _make_file(result: Any, format_: str, program: Program, look: dict[str, Any]) -> bytes:
    """Return a sweep or a descent as the bytes of a file; only of a sweep is there an .npz."""
    if format_ in TEXTS.values():
        return bytes(result.text(format_, **program.rounding).encode())
    if format_ == "npz":
        return bytes(result.npz())
    return _plot(result, program, look).data(format_)


def _plot(result: Sweep | Descent, program: Program, look: dict[str, Any]) -> Plot:
    given = {option: value for option, value in look.items() if value is not None}
    return result.plot(**given, **program.rounding)
