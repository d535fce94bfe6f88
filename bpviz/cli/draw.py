"""bpviz draw: the figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bpviz.cli.looks import BRANCH, DPI, ENGINE, LABELS, QUIET, THEME, TRANSPARENT, WIDTH, files
from bpviz.cli.options import Within, option
from bpviz.cli.program import Asked, program_command, warn
from bpviz.cli.target import say, show, write_bytes
from bpviz.errors import UsageError

if TYPE_CHECKING:
    from bpviz.formula.numerals import Rounding

FORMATS = ("svg", "pdf", "png", "dot", "tex")
CARRIED = ("values", "gradients", "local", "chain", "names")  # as views.carried has them
SHOWN_GRADIENTS = 6  # more inputs than this would not fit on the line that sums the figure up


@program_command(
    files("File: .svg .pdf .png .dot .tex, or -."),
    option("--format", dest="format_", choices=FORMATS, help="What to write to - or to the default file."),
    THEME,
    option("--direction", choices=["up", "down", "right", "left"], help="Where the values flow to."),
    LABELS,
    BRANCH,
    option("--title", default="", help="A line above the figure."),
    WIDTH,
    DPI,
    TRANSPARENT,
    option(
        "--blank", action="store_true", help="No numbers, for pencilling them in, even where the program has values."
    ),
    option("--show", default="values,gradients", metavar="WHAT", help=f"On the wires, some of: {', '.join(CARRIED)}."),
    option("--symbolic", action="store_true", help="Symbols in place of numbers: ∂f/∂x."),
    option("--flow", action="store_true", help="A river: every wire as wide as its gradient is large."),
    option("--highlight", metavar="NAME", help="Make the paths from an input or gate stand out, and list them."),
    option(
        "--fold",
        action="append",
        nargs="?",
        metavar="NAME",
        help="Close layers and statements into boxes, or only the statement NAME.",
    ),
    option(
        "--depth",
        type=Within(0),
        metavar="N",
        help="Fold, but open boxes N levels deep: 1 opens layers, and leaves statements closed.",
    ),
    option("--focus", metavar="NAME", help="Only what is near an input or gate: two gates each way."),
    ENGINE,
    option("--open", dest="open_", action="store_true", help="Show the figure when it is written."),
    QUIET,
)
def draw(
    asked: Asked,
    outputs: Sequence[str],
    format_: str | None,
    dpi: float | None,
    fold: Sequence[str],
    open_: bool,
    quiet: bool,
    **look: Any,
) -> None:
    """Draw PROGRAM as a graph of gates, a value and a gradient on every wire.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. Without any value the figure is blank.

    bpviz draw "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
    bpviz draw "q = x + y; f = q*z" --x -2 --y 5 --z -4 --theme cs231n -o f.svg -o f.pdf
    bpviz draw neuron.bp --w0 2 --direction right --decimals 2 --open
    bpviz draw neuron.bp --show values,gradients,local,chain
    bpviz draw neuron.bp --flow -o river.svg
    bpviz draw "x*y + sin(x)" --x 2 --y 3 --highlight x
    bpviz draw network.bp --fold
    """
    from bpviz import shortcuts
    from bpviz.figure import drawing as api
    from bpviz.figure import render_package as render

    graph = asked.graph()
    look["fold"] = [name for name in fold if name] or bool(fold)
    if dpi is not None:
        look["dpi"] = dpi
    most = asked.limits._asdict()
    given = asked.values(graph, optional=True)
    with render.interruptible():  # a river is laid out here once, to be measured
        figure = shortcuts.draw(graph, limit=most, set=given, **asked.numbers, **look)
    targets = outputs or [f"{graph.output_name}.{format_ or 'svg'}"]
    kinds = [(format_ or "svg") if target == "-" else api.format_of(target) for target in targets]
    if format_ and format_ not in kinds:
        raise UsageError(f"{targets[0]} is no .{format_} file", hint="leave --format out: the ending says it")
    with render.interruptible():
        drawn = {kind: figure.data(kind) for kind in dict.fromkeys(kinds)}
    for target, kind in zip(targets, kinds, strict=True):
        write_bytes(target, drawn[kind])
    warn(figure.trace.warnings if figure.trace else graph.warnings)
    _tell_cuts(figure)
    if not quiet:
        without = "in symbols" if look["symbolic"] else "blank"
        lines = [summary(figure, targets, asked.rounding, without), *_paths(figure, look["highlight"], asked.rounding)]
        say("\n".join(lines), aside="-" in targets)
    if open_:
        show([target for target in targets if target != "-"])


def summary(figure: Any, targets: Sequence[str], rounding: Rounding, without: str = "blank") -> str:
    """Return the line that sums a figure up: the output, the gradients of the inputs, the files.

    without is what a figure is that has no values.
    """
    from bpviz.figure.lettering import short
    from bpviz.formula.numerals import number

    graph, trace = figure.graph, figure.trace
    files = f"→ {', '.join(targets)}" if list(targets) != ["-"] else ""
    names = [short(graph.nodes[i].name) for i in graph.inputs]
    if trace is None:
        return f"{graph.output_name}({', '.join(names)}), {without}   {files}".rstrip()
    parts = [f"{graph.output_name} = {number(trace.values[graph.output], rounding)}"]
    gradients = [number(trace.gradients[i], rounding) for i in graph.inputs]
    parts += [f"∂{graph.output_name}/∂{name} = {at}" for name, at in zip(names, gradients, strict=True)]
    if len(names) > SHOWN_GRADIENTS:
        parts = [*parts[: SHOWN_GRADIENTS + 1], f"and {len(names) - SHOWN_GRADIENTS} more"]
    return "   ".join([*parts, files]).rstrip()


def _paths(figure: Any, name: str | None, rounding: Rounding) -> list[str]:
    """Return the list of the paths that stand out."""
    if name is None:
        return []
    from bpviz.figure.paths import paths, sentences

    return sentences(figure.graph, figure.trace, paths(figure.graph, figure.trace, name), rounding)


def _tell_cuts(figure: Any) -> None:
    """Say on standard error, where nothing reads it as output, that a large figure is not drawn as others are."""
    from bpviz.figure.dot import is_hurried

    cut, gates = figure.picture.said.cut, len(figure.graph.gate_ids)
    if cut:
        wires = "1 long wire is" if cut == 1 else f"{cut} long wires are"
        say(f"bpviz: {gates} gates: {wires} cut, and the value's name stands at the gate instead", aside=True)
    if is_hurried(figure.picture.said):
        say(f"bpviz: {gates} gates: placed in a hurry, so that wires take longer ways than they need", aside=True)
