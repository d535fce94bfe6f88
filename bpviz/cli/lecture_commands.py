"""The commands for a lecture: bpviz deck, page, worksheet and exercise."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from bpviz.cli import options
from bpviz.cli.draw_commands import draw
from bpviz.cli.options import Choice, Target, WholeNumber
from bpviz.cli.programs import Command, Program, command
from bpviz.cli.targets import (
    check_open,
    find_cell,
    interruptible,
    name_place,
    say,
    say_written,
    show_files,
    warn,
    write,
)
from bpviz.cli.text_commands import code, steps, table
from bpviz.cli.words import LONGEST_QUOTE
from bpviz.errors import UsageError
from bpviz.files import is_folder, make_folder, read_text, tell_written, write_in_turn
from bpviz.names import match_twins

if TYPE_CHECKING:
    from bpviz.lecture import Worksheets

WITH_NOTES = ("pdf", "html", "pptx", "tex")  # kinds of decks that have room for what to say


@command("Make slides of it.")
@options.outputs(
    "Where to: .pdf .html .pptx .tex .gif, or a folder/ for pictures. [default: deck.pdf]",
    Target("deck.pdf", "frames/ for pictures"),
)
@click.option("--paper", type=Choice("16:9", "4:3", "a4"), default="16:9", help="The shape of a slide.")
@click.option(
    "--by",
    type=Choice("step", "gate", "pass"),
    default="step",
    help="A slide for each step, sums at branches included; for each gate; or for each pass.",
)
@click.option("--handout", is_flag=True, help="Four slides to a page.")
@click.option("--notes", is_flag=True, help="What to say, under each slide.")
@click.option("--frame-format", type=Choice("svg", "png"), show_default="svg", help="The pictures in a folder/.")
@options.theme
@click.option(
    "--direction",
    type=Choice("up", "down", "right", "left"),
    help="Where the values flow to: if not given, where the numbers are largest.",
)
@options.labels
@options.inputs
@options.branch
@options.title("What stands on the first slide.")
@options.engine
@options.opens("Show the deck when it is written.")
@options.quiet
def deck(
    program: Program, outputs: Sequence[str], frame_format: str | None, open_: bool, quiet: bool, **look: Any
) -> None:
    """Make slides of PROGRAM: its graph built up number by number, forward and then back, each with its equation.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. The figure stands still from slide to slide.

    \b
    bpviz deck "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4 -o deck.pdf
    bpviz deck neuron.bp -o neuron.html -o neuron.pptx --theme cs231n --title "A neuron"
    bpviz deck "a*b + a" --a 2 --b -3 --handout --notes -o handout.pdf
    bpviz deck neuron.bp -o frames/ --frame-format png
    """
    from bpviz.lecture import find_deck_kind, write_deck

    targets = outputs or ["deck.pdf"]
    kinds = [find_deck_kind(target) for target in targets]
    _check_deck(targets, kinds, frame_format, notes=look["notes"])
    made = program.trace().deck(**program.output_options, **look)
    with interruptible():
        files = {target: made.files(target, frame_format=frame_format or "svg") for target in targets}
    with tell_written() as written:
        for target in targets:
            write_deck(target, files[target])
            written.append(target)
            if not quiet:
                say(f"{target}, {made.describe_size(target)}")
    for remark in made.remarks:
        say(f"bpviz: {remark}", aside=True)
    warn(made.trace.warnings)
    if open_:
        show_files(targets)


def _check_deck(targets: Sequence[str], kinds: Sequence[str], frame_format: str | None, *, notes: bool) -> None:
    """Refuse an option of which nothing would be seen in any of the files."""
    listed = " or ".join(targets)
    if frame_format and "frames" not in kinds:
        hint = "add -o frames/, or leave --frame-format out"
        raise UsageError(f"--frame-format is for a folder of pictures, not for {listed}", hint=hint)
    if notes and not any(kind in WITH_NOTES for kind in kinds):
        endings = ", ".join(f".{kind}" for kind in WITH_NOTES)
        raise UsageError(f"--notes has no room in {listed}", hint=f"write {endings}, or leave --notes out")


def read_range(text: str) -> tuple[str, str]:
    """Return the name and the values of --range; raise UsageError for a word that has not both."""
    name, equals, values = text.partition("=")
    if not (equals and name.strip() and values.strip()):
        hint = "write --range NAME=VALUES, such as --range y=0,1 or --range a=0.1:0.9"
        raise UsageError(f"--range {text[:LONGEST_QUOTE]} has no values for a name", hint=hint)
    return name.strip(), values.strip()


@command("Make one web page of it, to play with.")
@options.output("Where to: .html, or -.", Target("page.html"), default="page.html")
@click.option(
    "--range",
    "ranges",
    metavar="NAME=VALUES",
    type=read_range,
    multiple=True,
    help="Where the slider of an input goes: x=-10:10, or with a step x=-10:10:0.01. May repeat.",
)
@options.theme
@options.direction
@options.labels
@options.branch
@options.title("The heading.")
@click.option("--quiz", is_flag=True, help="The numbers on the wires are blanks to fill in; slips are told.")
@click.option("--embed", is_flag=True, help="Only the figure, the sliders and the steps: for a frame in another page.")
@options.engine
@options.opens("Show the page when it is written.")
@options.quiet
def page(
    program: Program, output: str, ranges: Sequence[tuple[str, str]], open_: bool, quiet: bool, **look: Any
) -> None:
    """Make one HTML page of PROGRAM, on which a reader moves the inputs and watches the values and the gradients.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. On the page are the figure, the function, every number and the derivation, which goes step by step.
    It is one file and fetches nothing; it is dark where the reader's screen is, and prints. The address tells where
    the reader is (#x=2.5&step=7), so that a link leads there.

    With --quiz a student fills in the values and gradients on the wires, and is told which slip makes a wrong one.
    There are fresh numbers, and a score to be copied.

    \b
    bpviz page "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
    bpviz page neuron.bp -o neuron.html --theme cs231n --title "A neuron"
    bpviz page "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4 --quiz -o quiz.html
    bpviz page "x*ln(y)" --x 2 --y 3 --range x=-5:5:0.01 --range y=-1:10
    """
    from bpviz.pages import check_page_target

    check_open(open_, [output], "page.html")
    if output != "-":
        check_page_target(output)
    trace = program.trace()
    with interruptible():
        made = trace.page(range=_join_ranges(ranges), **program.output_options, **look)
    write(output, made.html)
    if output != "-" and (cell := find_cell()):
        cell(made)
    warn(trace.warnings)
    say_written([output], quiet=quiet)
    if open_:
        show_files([output])


@command("Set it as a sheet to fill in, with its key.")
@options.output("Where to: .pdf, a folder/ with a file for each sheet, or -.", Target("sheet.pdf"), "sheet.pdf")
@click.option("--blank", type=Choice("values", "gradients", "both"), default="both", help="What to fill in.")
@click.option(
    "--given", metavar="NAMES", help="Filled in as a start: f,x, or one of the two numbers: f.gradient,x.value."
)
@click.option(
    "--key",
    "keys",
    metavar="FILE",
    type=Target("key.pdf"),
    multiple=True,
    callback=options.refuse_twins,
    help="Write the keys apart, not behind the sheets: .pdf, a folder/, or as data .csv .json .txt .md .tex.",
)
@click.option("--no-key", is_flag=True, help="No key.")
@click.option("--paper", type=Choice("a4", "letter", "a3"), default="a4", help="The paper.")
@options.title("The line at the top.")
@click.option(
    "--variants", type=WholeNumber(1, 500), metavar="N", help="So many sheets, each with other numbers and its key."
)
@click.option("--names", metavar="FILE", help="A name a line: a sheet for each, with the name on it.")
@click.option(
    "--range",
    "ranges",
    metavar="NAME=VALUES",
    type=read_range,
    multiple=True,
    help="The values that variants may give an input: y=0,1 or a=0.1:0.9, or with a step 0.1:0.9:0.2. May repeat.",
)
@click.option("--seed", type=int, metavar="N", default=1, help="Another seed, other numbers: with --variants.")
@click.option("--numbers", type=Choice("exact", "rounded"), help="Which numbers variants may have: see above.")
@click.option("--vary-constants", is_flag=True, help="Draw the program's constants anew, too, not only its inputs.")
@options.opens("Show the sheets when they are written.")
@options.quiet
def worksheet(
    program: Program,
    output: str,
    given: str | None,
    keys: Sequence[str],
    no_key: bool,
    variants: int | None,
    names: str | None,
    ranges: Sequence[tuple[str, str]],
    open_: bool,
    quiet: bool,
    **look: Any,
) -> None:
    """Set PROGRAM as a sheet to print and fill in by pencil, and its key, which can be laid over it.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. Every wire has a line for its value and one for its gradient.

    With --variants the inputs are drawn anew, so that every value, gradient and contribution is short. exact: a whole
    number or a half of at most two digits (12, −7.5), 0.25 or 0.75. rounded: the inputs are exact, and every other
    number is 0 or from 0.01 to 99.9 in size, shown with three digits. Without --numbers it is exact, or rounded if a
    gate such as σ leaves too few exact ones. No point is at a kink, and over the class both sides of every kink and
    many points of every σ occur. --range y=3 keeps an input as it is. The program's constants stay; with
    --vary-constants 0, ±1, π and exponents do. Equal seeds give equal sheets.

    In a folder every sheet is a file: sheet-01.pdf, or with --names sheet-01-Ada-Lovelace.pdf. The keys are apart:
    where --key says, or in one file beside the folder. As data they have a row for every blank of every sheet, with the
    columns sheet, student, name, quantity (value, gradient, local gradient or contribution), other (the operand of a
    local gradient, or the gate that a contribution comes back from), answer (all its digits) and shown (as on the key).

    \b
    bpviz worksheet "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4 -o sheet.pdf
    bpviz worksheet neuron.bp --blank gradients --given f.gradient --key key.pdf
    bpviz worksheet "x*y + max(x, z)" --variants 30 --seed 7 -o class.pdf
    bpviz worksheet "-(y*log(a) + (1-y)*log(1-a))" --variants 30 --range y=0,1 --range a=0.1:0.9 --key keys.csv
    bpviz worksheet "relu(w*x + b)" --names class.txt -o sheets/ --key keys/ --key keys.json
    bpviz exercise --gates add,mul,max --size 5 --seed 7 | bpviz worksheet - -o sheet.pdf
    """
    from bpviz.lecture import read_names, refuse_values

    check_open(open_, [output, *keys], "sheet.pdf")
    keys = _place_keys(output, keys, no_key)
    students = []
    if names is not None:
        students = read_names(read_text(names, program.limits.characters, hint="name a file with a name a line"))
    is_class = bool(variants or students)
    graph = program.graph()
    if is_class:
        names_of_inputs = [*graph.variable_names, *graph.input_names]
        typed = match_twins(program.point, names_of_inputs)
        refuse_values(graph, {name: text for name, text in typed.items() if name in names_of_inputs})
    values = program.values(graph, optional=is_class)
    what = graph if is_class else graph.at(values)
    look["given"] = given.replace(",", " ").split() if given else []
    look["range"] = _join_ranges(ranges)
    sheets = what.worksheet(variants=variants or 0, names=students, **program.output_options, **look)
    with interruptible():
        files = _make_files(sheets, output, keys=not (keys or no_key))
        for key in keys:
            files |= _make_files(sheets, key, sheets=False)
    for folder in filter(is_folder, (output, *keys)):
        make_folder(folder)
    write_in_turn(files, write)
    warn(sheets.warnings)
    if not quiet:
        written = ", ".join(target for target in (output, *keys) if target != "-")
        arrow = f"   → {written}" if written else ""
        say(f"{sheets.summary}{arrow}", aside="-" in files)
    if open_:
        show_files([output, *keys])


def _make_files(made: Worksheets, target: str, **parts: bool) -> dict[str, bytes]:
    """Make the files of a target; for standard output a PDF."""
    return {target: made.pdf(**parts)} if target == "-" else made.files(target, **parts)


def _join_ranges(ranges: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return the ranges by name; raise UsageError for a name that has two."""
    joined: dict[str, str] = {}
    for name, values in ranges:
        if name in joined:
            raise UsageError(f"{name} has two ranges", hint=f"write one: --range {name}={joined[name]},{values}")
        joined[name] = values
    return joined


def _place_keys(output: str, keys: Sequence[str], no_key: bool) -> list[str]:
    """Return where the keys go, nowhere if that is behind the sheets; raise UsageError for what has no place."""
    from bpviz.lecture import name_key_file

    if output != "-" and not is_folder(output) and os.path.splitext(output)[1].lower() != ".pdf":
        raise UsageError(f"no worksheet is written to {output}", hint="end it in .pdf, or in / for a file a sheet")
    if keys and no_key:
        raise UsageError("--key and --no-key exclude each other", hint="leave one of them out")
    for key in keys:
        if name_place(key) == name_place(output):
            hint = "name two files, or leave --key out"
            raise UsageError(f"the sheet and its key cannot both be {key}", hint=hint)
    if keys or no_key or not is_folder(output):
        return list(keys)
    return [name_key_file(output)]


PROGRAM = ".bp"
FOLDER = "folder/"
MAKERS: dict[str, Command] = {
    "draw": draw,
    "table": table,
    "code": code,
    "steps": steps,
    "deck": deck,
    "worksheet": worksheet,
}
ENDINGS = {  # of the files that each command makes
    "draw": (".svg", ".pdf", ".png", ".dot", ".tex"),
    "table": (".csv", ".json", ".txt", ".md", ".tex"),
    "code": (".py", ".tex"),
    "steps": (".md", ".qmd", ".typ", ".txt", ".tex", ".html", ".htm", ".pdf"),
    "deck": (".html", ".htm", ".pptx", ".gif", FOLDER, ".pdf", ".tex"),
    "worksheet": (".pdf",),
}
# The command that makes a file of each ending where --as does not say: the last of these that can.
USUAL = {ending: name for name in ("table", "code", "steps", "deck", "draw") for ending in ENDINGS[name]}
DEFAULT_FILES = {"deck": "deck.pdf", "worksheet": "sheet.pdf"}  # without -o; the others are printed


@command("Make a new expression to practise on.", Command)
@click.option("--gates", default="add,mul,max", metavar="NAMES", help="The kinds of gates: add,mul,max or any others.")
@click.option("--size", type=int, metavar="N", default=5, help="How many gates.")
@click.option("--level", type=Choice("easy", "medium", "hard"), default="medium", help="How hard.")
@click.option("--seed", type=int, metavar="N", default=1, help="Another seed, another exercise.")
@click.option("--as", "as_", type=Choice(*MAKERS), help="What to make of it, where a file's ending does not say.")
@options.outputs(
    "Where to; the ending says what: .bp .svg .pdf .png .dot .html .pptx .gif .md .typ .py .csv .json, folder/."
)
@click.option("--worksheet", "is_worksheet", is_flag=True, help="The same as --as worksheet.")
@click.option("--blank", is_flag=True, help="A figure has no numbers.")
@options.opens("Show the files when they are written.")
@options.quiet
@click.pass_context
def exercise(
    ctx: click.Context,
    gates: str,
    size: int,
    level: str,
    seed: int,
    as_: str | None,
    outputs: Sequence[str],
    is_worksheet: bool,
    blank: bool,
    open_: bool,
    quiet: bool,
) -> None:
    """Make a new expression with short numbers, a branch, and no gradient that is 0; and any output from it.

    Without -o the program is printed, for a pipe into any other command. Gates are called as in `bpviz gates`, or by
    any part of the name that begins only one: mul, sub. Equal seeds give equal exercises.

    easy: up to four inputs, a shallow expression, whole numbers above 0. medium: up to three inputs, deeper, negative
    numbers too. hard: up to three inputs, a long chain in which a gate's value branches too, halves. Numbers are short
    as in `bpviz worksheet --variants`; with gates such as sigmoid they are rounded.

    A file's ending says what is made: .bp the program, .svg .pdf .png .dot .tex the figure, .html .pptx .gif or a
    folder/ the slides, .md .typ .txt the derivation, .py the code, .csv .json the table. With --as worksheet the .pdf
    is the sheet to fill in, with --as deck the slides, with --as steps the .tex .pdf or .html is the derivation, and
    so on.

    \b
    bpviz exercise --gates add,mul,max --size 5 --seed 7
    bpviz exercise --gates add,mul,sigmoid --level hard -o new.bp -o new.svg -o solution.md
    bpviz exercise --size 6 --seed 3 --as worksheet -o sheet.pdf -o slides.html
    bpviz exercise --seed 9 --as table
    bpviz exercise --seed 9 | bpviz steps - --only x
    """
    from bpviz.lecture import exercise as make_exercise

    if is_worksheet and as_ not in (None, "worksheet"):
        raise UsageError(f"--worksheet is --as worksheet, not --as {as_}", hint="leave one of them out")
    wanted = "worksheet" if is_worksheet else as_
    targets = list(outputs) or [DEFAULT_FILES.get(wanted or "", "-")]
    makers = [_choose_maker(target, wanted) for target in targets]
    _check_exercise(targets, makers, wanted, blank)
    check_open(open_, targets, "new.svg")
    program = make_exercise(gates=gates, size=size, seed=seed, level=level).program
    with tell_written() as written:
        for target, maker in zip(targets, makers, strict=True):
            if maker is None:
                write(target, program)
            else:
                words = [program, "--quiet"]
                is_shown = target == "-" and (maker != "draw" or find_cell())
                words += [] if is_shown else [f"--output={target}"]
                words += ["--blank"] if blank and maker == "draw" else []
                with MAKERS[maker].make_context(maker, words, parent=ctx.parent) as making:
                    MAKERS[maker].invoke(making)
            if target != "-":
                written.append(target)
    say_written(targets, quiet=quiet)
    if open_:
        show_files(targets)


def _choose_maker(target: str, wanted: str | None) -> str | None:
    """Return the command that makes a target, None for the program itself; raise UsageError if there is none."""
    if target == "-":
        return wanted
    ending = FOLDER if is_folder(target) else os.path.splitext(target)[1].lower()
    if ending == PROGRAM:
        return None
    if wanted and ending in ENDINGS[wanted]:
        return wanted
    if ending not in USUAL:
        raise UsageError(f"no exercise is written to {target}", hint=f"end it in {', '.join([PROGRAM, *USUAL])}")
    return USUAL[ending]


def _check_exercise(targets: Sequence[str], makers: Sequence[str | None], wanted: str | None, blank: bool) -> None:
    """Refuse a choice of which nothing would be seen in any output."""
    if wanted and wanted not in makers:
        what = f"--as {wanted} writes none of {', '.join(targets)}"
        raise UsageError(what, hint=f"add a file that ends in {', '.join(ENDINGS[wanted])}")
    if blank and "draw" not in makers:
        raise UsageError("--blank leaves the numbers of a figure out, and there is none", hint="add -o f.svg")
