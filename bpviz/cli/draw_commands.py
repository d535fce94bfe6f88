"""The commands bpviz draw, for one figure, and bpviz build, for everything that a file asks for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from bpviz.cli import options
from bpviz.cli.options import Choice, WholeNumber
from bpviz.cli.programs import Command, Program, command
from bpviz.cli.targets import check_format, check_open, find_cell, interruptible, say, show_files, warn, write_all
from bpviz.cli.words import NameOrNothing, refuse_output
from bpviz.errors import NOTE, BpvizError, UsageError, clean_message, join_words

if TYPE_CHECKING:
    from bpviz.builds import Built


@command("Write the figure.")
@options.outputs("File: .svg .pdf .png .dot .tex, or -.")
@click.option(
    "--format",
    "format_",
    type=Choice("svg", "pdf", "png", "dot", "tex"),
    help="What to write to - or to the default file.",
)
@options.theme
@options.direction
@options.labels
@options.branch
@options.title("A line above the figure.")
@options.width
@options.fit
@options.inputs
@options.dpi
@options.transparent
@options.text
@click.option("--blank", is_flag=True, help="No numbers, for pencilling them in, even where the program has values.")
@click.option(
    "--show",
    default="values,gradients",
    metavar="WHAT",
    help="On the wires, some of: values, gradients, local, chain, names, shapes.",
)
@click.option("--symbolic", is_flag=True, help="Symbols in place of numbers: ∂f/∂x.")
@click.option("--flow", is_flag=True, help="A river: every wire as wide as its gradient is large.")
@click.option("--highlight", metavar="NAME", help="Make the paths from an input or gate stand out, and list them.")
@click.option(
    "--fold",
    cls=NameOrNothing,
    metavar="[NAME]",
    multiple=True,
    help="Close statements into boxes as textbooks do, or only the statement NAME.",
)
@click.option(
    "--depth",
    type=WholeNumber(0),
    metavar="N",
    help="Fold: with 0 each layer is one box, with 1 each statement is, with 2 all is open.",
)
@click.option("--focus", metavar="NAME", help="Only what is near an input or gate: two gates each way.")
@options.engine
@options.opens("Show the figure when it is written.")
@options.quiet
def draw(
    program: Program,
    outputs: Sequence[str],
    format_: str | None,
    blank: bool,
    dpi: float | None,
    fold: Sequence[str],
    open_: bool,
    quiet: bool,
    **look: Any,
) -> None:
    """Draw PROGRAM as a graph of gates, a value and a gradient on every wire.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4, and a vector --x "[1, 2]" or --x @file.csv. Without any value the figure is blank.

    \b
    bpviz draw "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
    bpviz draw "q = x + y; f = q*z" --x -2 --y 5 --z -4 --theme cs231n -o f.svg -o f.pdf
    bpviz draw "q = W@x; f = sum(q^2)" --W "[[1, 2], [3, 4]]" --x "[1, 2]"
    bpviz draw neuron.bp --w0 2 --direction right --decimals 2 --open
    bpviz draw neuron.bp --show values,gradients,local,chain
    bpviz draw neuron.bp --flow -o river.svg
    bpviz draw "x*y + sin(x)" --x 2 --y 3 --highlight x
    bpviz draw network.bp --fold
    """
    from bpviz.figure import choose_format
    from bpviz.shortcuts import run_if_given

    graph = program.graph()
    what = run_if_given(graph, program.values(graph, optional=True), blank=blank)
    if dpi is not None:
        look["dpi"] = dpi
    with interruptible():  # a river is laid out here once, to be measured
        figure = what.draw(
            blank=blank, fold=[name for name in fold if name] or bool(fold), **program.output_options, **look
        )
    cell = find_cell()
    targets = list(outputs) or ([] if cell else [f"{figure.graph.output_name}.{format_ or 'svg'}"])
    formats = [(format_ or "svg") if target == "-" else choose_format(target) for target in targets]
    if targets:
        check_format(format_, formats, targets)
    check_open(open_, targets, "f.svg")
    written = write_all(targets, formats, figure.data)
    if cell and "-" not in targets:
        cell(figure, None if targets else format_)
    warn(figure.warnings)
    for remark in [*figure.remarks, *figure.tell_other_letters(formats)]:
        say(f"bpviz: {remark}", aside=True)
    if small := figure.tell_small_numbers(written):
        say(f"bpviz: {small}", aside=True)
    if not quiet:
        files = f"   → {', '.join(targets)}" if targets != ["-"] else ""
        for line in [*([figure.summary + files] if targets else []), *figure.paths]:  # no summary of what is shown
            say(line, aside="-" in targets)
    if open_:
        show_files(targets)


class BuildCommand(Command):
    """The command that takes the name of one file, and options."""

    needs_words = True

    def prepare(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return the words for click; -o is no option, since the file says what is written."""
        refuse_output(args)
        return super().prepare(ctx, args)


@command("Write all that a file asks for: a lecture.", BuildCommand)
@click.argument("file", nargs=-1, metavar="FILE", shell_complete=options.complete_file)
@click.option(
    "-j",
    "--jobs",
    type=WholeNumber(1, 256),
    metavar="N",
    help="So many processes work; as many as there are processors, where there is enough to do.",
)
@click.option("--force", is_flag=True, help="Make everything, whether it has changed or not.")
@click.option("--watch", is_flag=True, help="Build again whenever the file or one that it names is saved.")
@options.opens("Show what was written; with --watch once.")
@click.option("--quiet", is_flag=True, help="Print errors and warnings only.")
def build(file: tuple[str, ...], jobs: int | None, force: bool, watch: bool, open_: bool, quiet: bool) -> int:
    """Make what FILE asks for: what has changed, in several processes.

    FILE is TOML, with a table for each thing to make: [[figure]], [[deck]], [[worksheet]], [[page]], [[steps]],
    [[table]], [[sweep]], [[descend]], [[code]], [[symbolic]] or [[gate]]. A table has a program (or a .bp file; that of
    a gate has gate = "multiply"), values, output, and the options of the command: vary_constants is --vary-constants.
    The ending of an output says what it is. On top stand options for all that have them, the folder for outputs, and
    values for all programs with such inputs; under [defaults.deck], options for all decks:

    \b
      theme = "print"
      values = { x = 3, y = -4 }

    \b
      [defaults.deck]
      paper = "4:3"

    \b
      [[figure]]
      program = "(x + σ(y)) / (σ(x) + (x+y)^2)"
      output = ["example.svg", "example.pdf"]

    \b
      [[deck]]
      program = "neuron.bp"
      values = { w0 = 2 }
      output = "neuron.html"

    \b
      [[worksheet]]
      program = "relu(w*x + b)"
      names = "class.txt"
      output = "sheets/"
      key = "keys.pdf"

    Names of files are from the folder of FILE. What fails does not stop the others; the exit status is 1 then.

    \b
    bpviz build lecture.toml
    bpviz build lecture.toml --watch
    """
    from bpviz import builds
    from bpviz.text import progress

    if len(file) != 1:
        what = f"one file at a time, but there are {len(file)}: {'   '.join(file)}" if file else "which file?"
        raise UsageError(what, hint="write bpviz build lecture.toml")
    if not watch:
        with progress("outputs") as tell:
            built = builds.build(file[0], jobs=jobs or 0, force=force, on_progress=tell)
        return _tell_built(built, open_=open_, quiet=quiet)
    for built_or_error in builds.watch(file[0], jobs=jobs or 0, force=force):
        if isinstance(built_or_error, BpvizError):
            say(f"bpviz: {clean_message(str(built_or_error))}", aside=True)
        else:
            _tell_built(built_or_error, open_=open_, quiet=quiet)
            open_ = False
        sys.stdout.flush()  # it may be long until there is more, and somebody may read it through a pipe
    return 0


def _tell_built(built: Built, *, open_: bool, quiet: bool) -> int:
    """Tell what a build did, and show it if that is wanted; return the exit status."""
    for failure in built.failed:
        say(f"bpviz: {failure.label}: {clean_message(failure.error)}", aside=True)
    for warning in built.warnings:
        say(f"bpviz: {'' if f': {NOTE}' in warning else 'warning: '}{clean_message(warning)}", aside=True)
    if not quiet:
        counts = {"made": built.made, "unchanged": built.unchanged, "failed": len(built.failed)}
        listed = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        asked = [f"{count} {noun}{'' if count == 1 else 's'}" for noun, count in built.asked.items()]
        say(f"{join_words(asked)}: {listed}")
    if open_:
        show_files(built.written)
    return 1 if built.failed else 0
