"""bpviz symbolic: the derivatives in closed form."""

from __future__ import annotations

from collections.abc import Sequence

from bpviz.cli.arguments import nearest
from bpviz.cli.looks import QUIET
from bpviz.cli.options import option
from bpviz.cli.program import Asked, program_command, warn
from bpviz.cli.target import TARGET, format_of, write_told
from bpviz.errors import UsageError

ENDINGS = {".txt": "text", ".tex": "latex", ".py": "python"}


@program_command(
    option(
        "--format",
        dest="format_",
        choices=["text", "latex", "python"],
        help="How to write it; text unless a file's ending says otherwise.",
    ),
    option("--simplify", action="store_true", help="Let sympy simplify it; otherwise it stays as typed."),
    option("--local", action="store_true", help="Each gate's local gradients too."),
    option("-o", "--output", metavar="FILE", type=TARGET, help="Write to a file: .txt .tex .py."),
    QUIET,
)
def symbolic(
    asked: Asked,
    format_: str | None,
    simplify: bool,
    local: bool,
    output: str | None,
    quiet: bool,
) -> None:
    """Print the derivative of PROGRAM by every input as a formula, one term a branch; no values are needed.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Python is a function that returns the
    value and a dict of gradients.

    bpviz symbolic "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
    bpviz symbolic "a*b + a" --simplify --format latex
    bpviz symbolic neuron.bp --local
    """
    from bpviz.text.closed_forms import symbolic as formulas

    _refuse_values([*asked.point, *asked.settings], asked.options)
    graph = asked.graph()
    kind = format_ or format_of(output, ENDINGS, "no formula is written to") or "text"
    text = formulas(graph, kind, simplify=simplify, local=local, rounding=asked.rounding, limit=asked.limits)
    write_told(output, text, quiet=quiet)
    warn(graph.warnings)


def _refuse_values(names: Sequence[str], options: Sequence[str]) -> None:
    """Raise UsageError for a value, or for an option that was mistyped and looks like one."""
    if names:
        meant = nearest(f"--{names[0]}", options)
        hint = f"did you mean {meant}?" if meant else "leave it out; bpviz steps derives it with the numbers put in"
        raise UsageError(f"a formula needs no value for {names[0]}", hint=hint)
