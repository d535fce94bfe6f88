"""bpviz exercise: a new expression to practise on, and any of the outputs from it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from bpviz.cli import command_called
from bpviz.cli.command import command
from bpviz.cli.looks import QUIET, files
from bpviz.cli.options import Within, option
from bpviz.cli.target import say, write_bytes
from bpviz.errors import UsageError

PROGRAM = ".bp"
FOLDER = "folder/"
# The command that makes each output, and the endings of the files that it writes.
MAKERS = {
    "draw": (".svg", ".pdf", ".png", ".dot", ".tex"),
    "table": (".csv", ".json", ".txt", ".md", ".tex"),
    "code": (".py", ".tex"),
    "steps": (".md", ".qmd", ".typ", ".txt", ".tex"),
    "deck": (".html", ".htm", ".gif", FOLDER, ".pdf", ".tex"),
    "worksheet": (".pdf",),
}
USUAL = {
    ending: name for name in ("table", "code", "deck", "steps", "draw") for ending in MAKERS[name]
}  # the last wins
DEFAULTS = {"deck": "deck.pdf", "worksheet": "sheet.pdf"}  # what is written without -o; the others are printed


@command(
    option("--gates", default="add,mul,max", metavar="NAMES", help="The kinds of gates: add,mul,max or any others."),
    option("--size", type=Within(), metavar="N", default=5, help="How many gates; 5."),
    option("--level", choices=["easy", "medium", "hard"], default="medium", help="How hard; medium."),
    option("--seed", type=Within(), metavar="N", default=1, help="Another seed, another exercise."),
    option("--as", dest="as_", choices=list(MAKERS), help="What to make of it, where a file's ending does not say."),
    files("Where to; the ending says what: .bp .svg .pdf .png .dot .html .gif .md .typ .py .csv .json, folder/."),
    option("--worksheet", action="store_true", help="The same as --as worksheet."),
    option("--blank", action="store_true", help="A figure has no numbers."),
    QUIET,
)
def exercise(
    gates: str,
    size: int,
    level: str,
    seed: int,
    as_: str | None,
    outputs: Sequence[str],
    worksheet: bool,
    blank: bool,
    quiet: bool,
) -> None:
    """Make a new expression with short numbers, a branch, and no gradient that is 0; and any output from it.

    Without -o the program is printed, for a pipe into any other command. Gates are called as in `bpviz gates`, or by
    any part of the name that begins only one: mul, sub. Equal seeds give equal exercises.

    easy: up to four inputs, a shallow expression, whole numbers above 0. medium: up to three inputs, deeper, negative
    numbers too. hard: up to three inputs, a long chain in which a gate's value branches too, halves. Numbers are short
    as in `bpviz worksheet --variants`; with gates such as sigmoid they are rounded.

    A file's ending says what is made: .bp the program, .svg .pdf .png .dot .tex the figure, .html .gif or a folder/ the
    slides, .md .typ .txt the derivation, .py the code, .csv .json the table. With --as worksheet the .pdf is the sheet
    to fill in, with --as deck the slides, with --as steps the .tex is the derivation, and so on.

    bpviz exercise --gates add,mul,max --size 5 --seed 7
    bpviz exercise --gates add,mul,sigmoid --level hard -o new.bp -o new.svg -o solution.md
    bpviz exercise --size 6 --seed 3 --as worksheet -o sheet.pdf -o slides.html
    bpviz exercise --seed 9 --as table
    bpviz exercise --seed 9 | bpviz steps - --only x
    """
    from bpviz.lecture import exercise as make

    if worksheet and as_ not in (None, "worksheet"):
        raise UsageError(f"--worksheet is --as worksheet, not --as {as_}", hint="leave one of them out")
    wanted = "worksheet" if worksheet else as_
    targets = list(outputs) or [DEFAULTS.get(wanted or "", "-")]
    makers = [_maker(target, wanted) for target in targets]
    _check(targets, makers, wanted, blank)
    program = make(gates=gates, size=size, seed=seed, level=level).program
    for target, maker in zip(targets, makers, strict=True):
        _write(target, maker, program, blank)
    written = [target for target in targets if target != "-"]
    if written and not quiet:
        say(f"→ {', '.join(written)}", aside="-" in targets)


def _maker(target: str, wanted: str | None) -> str | None:
    """Return the command that makes what goes to a target, None for the program itself; UsageError if there is none."""
    if target == "-":
        return wanted
    is_folder = target.endswith(("/", os.sep)) or os.path.isdir(target)
    ending = FOLDER if is_folder else os.path.splitext(target)[1].lower()
    if ending == PROGRAM:
        return None
    if wanted and ending in MAKERS[wanted]:
        return wanted
    if ending not in USUAL:
        raise UsageError(f"no exercise is written to {target}", hint=f"end it in {', '.join([PROGRAM, *USUAL])}")
    return USUAL[ending]


def _check(targets: Sequence[str], makers: Sequence[str | None], wanted: str | None, blank: bool) -> None:
    """Refuse a choice of which nothing would be seen in any output."""
    if wanted and wanted not in makers:
        endings = ", ".join(MAKERS[wanted])
        raise UsageError(
            f"--as {wanted} writes none of {', '.join(targets)}", hint=f"add a file that ends in {endings}"
        )
    if blank and "draw" not in makers:
        raise UsageError("--blank leaves the numbers of a figure out, and there is none", hint="add -o f.svg")


def _write(target: str, maker: str | None, program: str, blank: bool) -> None:
    """Write one output, by the command that makes such."""
    if maker is None:
        write_bytes(target, program.encode())
        return
    where = [] if target == "-" and maker != "draw" else [f"--output={target}"]
    command_called(maker).run([program, *where, "--quiet", *(["--blank"] * (blank and maker == "draw"))])
