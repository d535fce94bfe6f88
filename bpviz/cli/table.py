"""bpviz table: every number of the figure."""

from __future__ import annotations

import os

from bpviz.cli.command import option
from bpviz.cli.program import Asked, program_command, warn
from bpviz.cli.target import TARGET, write_text
from bpviz.errors import UsageError

ENDINGS = {".txt": "plain", ".md": "markdown", ".tex": "latex", ".csv": "csv", ".json": "json"}


@program_command(
    option(
        "--format",
        dest="format_",
        choices=["rich", "plain", "markdown", "latex", "csv", "json"],
        help="How to write it; rich, in colour on a terminal, unless a file's ending says otherwise.",
    ),
    option("-o", "--output", metavar="FILE", type=TARGET, help="Write to a file: .txt .md .tex .csv .json."),
)
def table(
    asked: Asked,
    format_: str | None,
    output: str | None,
) -> None:
    """Print every number of PROGRAM: values, local gradients, gradients and the sums they are made of.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. JSON and CSV carry every digit.

    bpviz table "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
    bpviz table "a*b + a" --a 2 --b -3 --format json
    """
    from bpviz.views import table as view

    trace = asked.trace()
    rounding = asked.rounding
    kind = format_ or (format_of(output) if output and output != "-" else "rich")
    if kind == "rich" and output and output != "-":
        kind = "plain"
    if kind == "rich":
        from bpviz.views.terminal import show_blocks

        show_blocks([view.input_block(trace, rounding), view.gate_block(trace, rounding)], trace.warnings)
        return
    write_text(output, view.table(trace, kind, rounding))
    if kind == "csv":  # the others say them themselves
        warn(trace.warnings)


def format_of(target: str) -> str:
    """Return the format that a file's ending chooses; raise UsageError when it chooses none."""
    try:
        return ENDINGS[os.path.splitext(target)[1].lower()]
    except KeyError:
        raise UsageError(f"no table is written to {target}", hint=f"end it in {', '.join(ENDINGS)}") from None
