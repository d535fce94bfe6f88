"""bpviz worksheet: a sheet to fill in, and its key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bpviz.cli.looks import QUIET
from bpviz.cli.options import Within, option
from bpviz.cli.program import Asked, program_command, warn
from bpviz.cli.target import say, target_like, write_bytes
from bpviz.errors import UsageError

SHEET, KEY = target_like("sheet.pdf"), target_like("key.pdf", option="--key")


@program_command(
    option("-o", "--output", metavar="FILE", type=SHEET, default="sheet.pdf", help="Where to: .pdf, or -; sheet.pdf."),
    option("--blank", choices=["values", "gradients", "both"], default="both", help="What to fill in."),
    option(
        "--given", metavar="NAMES", help="Filled in as a start: f,x, or one of the two numbers: f.gradient,x.value."
    ),
    option("--key", metavar="FILE", type=KEY, help="Write the key to a file of its own, not behind the sheet."),
    option("--no-key", action="store_true", help="No key."),
    option("--paper", choices=["a4", "letter", "a3"], default="a4", help="The paper; a4."),
    option("--title", default="", help="The line at the top."),
    option("--variants", type=Within(1, 500), metavar="N", help="So many sheets, each with other numbers and its key."),
    option("--seed", type=Within(), metavar="N", default=1, help="Another seed, other numbers: with --variants."),
    option("--numbers", choices=["exact", "rounded"], help="Which numbers variants may have: see below."),
    option("--keep-constants", action="store_true", help="Draw only the inputs anew, not the program's constants."),
    QUIET,
)
def worksheet(
    asked: Asked,
    output: str,
    given: str | None,
    key: str | None,
    no_key: bool,
    variants: int | None,
    quiet: bool,
    **look: Any,
) -> None:
    """Set PROGRAM as a sheet to print and fill in by pencil, and its key, which can be laid over it.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. Every wire has a line for its value and one for its gradient.

    With --variants the inputs and constants are drawn anew, so that every value, gradient and contribution is short.
    exact: a whole number or a half of at most two digits (12, −7.5), 0.25 or 0.75. rounded: the inputs are exact, and
    every other number is 0 or from 0.01 to 99.9 in size, shown with three digits. Without --numbers it is exact, or
    rounded if a gate such as σ leaves too few exact ones. Constants 0, ±1, π and exponents stay, and no point is at a
    kink. Equal seeds give equal sheets.

    bpviz worksheet "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4 -o sheet.pdf
    bpviz worksheet neuron.bp --blank gradients --given f.gradient --key key.pdf
    bpviz worksheet "x*y + max(x, z)" --variants 30 --seed 7 -o class.pdf
    bpviz exercise --gates add,mul,max --size 5 --seed 7 | bpviz worksheet - -o sheet.pdf
    """
    from bpviz.figure.render_package import interruptible
    from bpviz.shortcuts import worksheet as made

    _check_targets(output, key, no_key)
    graph = asked.graph()
    look["set"] = asked.values(graph, optional=bool(variants))
    look["given"] = given.replace(",", " ").split() if given else []
    look["limit"] = asked.limits._asdict()
    sheets = made(graph, variants=variants or 0, **asked.numbers, **look)
    with interruptible():
        files = {output: sheets.pdf(keys=not (key or no_key))}
        if key:
            files[key] = sheets.pdf(sheets=False)
    for target, data in files.items():
        write_bytes(target, data)
    warn(sheets.sheets[0].trace.warnings)
    if not quiet:
        say(summary(sheets, files), aside="-" in files)


def summary(sheets: Any, files: dict[str, bytes]) -> str:
    """Return the line that sums sheets up: how many there are, which numbers they have, where they went."""
    count = len(sheets.sheets)
    said = f"{count} sheet{'' if count == 1 else 's'}"
    rule = f", {sheets.variants.rule.description}" if sheets.variants else ""
    return f"{said}{rule}   → {', '.join(target for target in files if target != '-')}".removesuffix("   → ")


def _check_targets(output: str, key: str | None, no_key: bool) -> None:
    for target in (output, key):
        if target and target != "-" and Path(target).suffix.lower() != ".pdf":
            raise UsageError(f"no worksheet is written to {target}", hint="end it in .pdf")
    if key and no_key:
        raise UsageError("--key and --no-key exclude each other", hint="leave one of them out")
    if key and (key == output or (key != "-" and Path(key).absolute() == Path(output).absolute())):
        raise UsageError(f"the sheet and its key cannot both be {key}", hint="name two files, or leave --key out")
