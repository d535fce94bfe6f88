"""bpviz table: every number of the figure."""

from __future__ import annotations

from bpviz.cli.looks import QUIET
from bpviz.cli.options import option
from bpviz.cli.program import Asked, program_command, warn
from bpviz.cli.target import TARGET, format_of, write_told

ENDINGS = {".txt": "plain", ".md": "markdown", ".tex": "latex", ".csv": "csv", ".json": "json"}


@program_command(
    option(
        "--format",
        dest="format_",
        choices=["rich", "plain", "markdown", "latex", "csv", "json"],
        help="How to write it; rich, in colour on a terminal, unless a file's ending says otherwise.",
    ),
    option("-o", "--output", metavar="FILE", type=TARGET, help="Write to a file: .txt .md .tex .csv .json."),
    QUIET,
)
def table(
    asked: Asked,
    format_: str | None,
    output: str | None,
    quiet: bool,
) -> None:
    """Print every number of PROGRAM: values, local gradients, gradients and the sums they are made of.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. JSON and CSV carry every digit.

    bpviz table "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
    bpviz table "a*b + a" --a 2 --b -3 --format json
    """
    from bpviz.text import show, table

    trace = asked.trace()
    kind = format_ or format_of(output, ENDINGS, "no table is written to") or "rich"
    if kind == "rich" and output in (None, "-"):
        show(table(trace, **asked.numbers))
        return
    write_told(output, table(trace, format="plain" if kind == "rich" else kind, **asked.numbers), quiet=quiet)
    if kind == "csv":  # the others say them themselves
        warn(trace.warnings)
