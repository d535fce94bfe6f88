"""bpviz exercise: a new expression to practise on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bpviz.cli.command import command
from bpviz.cli.looks import QUIET, files
from bpviz.cli.options import Within, option
from bpviz.cli.target import say, write_bytes
from bpviz.errors import UsageError

PROGRAM = ".bp"
SHEET = ".pdf"


@command(
    option("--gates", default="add,mul,max", metavar="NAMES", help="The kinds of gates: add,mul,max or any others."),
    option("--size", type=Within(), metavar="N", default=5, help="How many gates; 5."),
    option("--level", choices=["easy", "medium", "hard"], default="medium", help="How hard; medium."),
    option("--seed", type=Within(), metavar="N", default=1, help="Another seed, another exercise."),
    files("Where to: .bp, or a figure .svg .pdf .png .dot."),
    option("--worksheet", action="store_true", help="The .pdf is a sheet to fill in, with its key."),
    option("--blank", action="store_true", help="A figure has no numbers."),
    QUIET,
)
def exercise(
    gates: str,
    size: int,
    level: str,
    seed: int,
    outputs: Sequence[str],
    worksheet: bool,
    blank: bool,
    quiet: bool,
) -> None:
    """Make a new expression with short numbers, a branch, and no gradient that is 0.

    Without -o the program is printed, for a pipe into any other command. Gates are called as in `bpviz gates`, or by
    any part of the name that begins only one: mul, sub. Equal seeds give equal exercises.

    easy: up to four inputs, a shallow expression, whole numbers above 0. medium: up to three inputs, deeper, negative
    numbers too. hard: up to three inputs, a long chain in which a gate's value branches too, halves. Numbers are short
    as in `bpviz worksheet --variants`; with gates such as sigmoid they are rounded.

    bpviz exercise --gates add,mul,max --size 5 --seed 7
    bpviz exercise --gates add,mul,sigmoid --level hard -o new.bp -o new.svg
    bpviz exercise --size 6 --seed 3 --worksheet -o sheet.pdf
    bpviz exercise --seed 9 | bpviz steps -
    """
    from bpviz.practice.exercises import exercise as make
    from bpviz.practice.exercises import gates_called

    if worksheet and not outputs:
        outputs = ("sheet.pdf",)
    _check(outputs, worksheet)
    made = make(gates_called(gates), size, seed, level)
    drawn = {target: _data(target, made.program, worksheet, blank) for target in outputs or ("-",)}
    for target, data in drawn.items():
        write_bytes(target, data)
    files = [target for target in drawn if target != "-"]
    if files and not quiet:
        say(f"→ {', '.join(files)}", aside="-" in drawn)


def _data(target: str, program: str, worksheet: bool, blank: bool) -> bytes:
    """Return an exercise as what a file's ending asks for."""
    ending = Path(target).suffix.lower()
    if target == "-" or ending == PROGRAM:
        return program.encode()
    if worksheet and ending == SHEET:
        from bpviz.worksheets import worksheet as sheet

        return sheet(program).pdf()
    from bpviz import api

    return api.draw(program, blank=blank).data(api.format_of(target))


def _check(outputs: Sequence[str], worksheet: bool) -> None:
    from bpviz.api import FORMATS

    endings = [Path(target).suffix.lower() for target in outputs if target != "-"]
    known = [PROGRAM, *(f".{each}" for each in FORMATS)]
    for target, ending in zip([each for each in outputs if each != "-"], endings, strict=True):
        if ending not in known:
            raise UsageError(f"no exercise is written to {target}", hint=_instead(target, ending, known))
    if worksheet and SHEET not in endings:
        raise UsageError("--worksheet writes a .pdf", hint="add -o sheet.pdf")


def _instead(target: str, ending: str, known: Sequence[str]) -> str:
    """Return what to write instead: a pipe into the command that writes such files, or an ending of an exercise."""
    from bpviz.slides import KINDS

    if ending in KINDS:
        return f"bpviz exercise … | bpviz deck - -o {target} makes slides of one"
    return f"end it in {', '.join(known)}"
