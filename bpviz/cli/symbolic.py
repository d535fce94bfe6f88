"""bpviz symbolic: the derivatives in closed form."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bpviz.cli.arguments import nearest
from bpviz.cli.command import option
from bpviz.cli.program import Asked, program_command, warn
from bpviz.cli.target import TARGET, write_text
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
)
def symbolic(
    asked: Asked,
    format_: str | None,
    simplify: bool,
    local: bool,
    output: str | None,
) -> None:
    """Print the derivative of PROGRAM by every input as a formula, one term a branch; no values are needed.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Python is a function that returns the
    value and a dict of gradients.

    bpviz symbolic "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
    bpviz symbolic "a*b + a" --simplify --format latex
    bpviz symbolic neuron.bp --local
    """
    from bpviz.views.symbols import symbolic as formulas

    _refuse_values([*asked.point, *asked.settings], asked.options)
    graph = asked.graph()
    kind = format_ or _format_of(output)
    write_text(output, formulas(graph, kind, simplify=simplify, local=local, rounding=asked.rounding))
    warn(graph.warnings)


def _refuse_values(names: Sequence[str], options: Sequence[str]) -> None:
    """Raise UsageError for a value, or for an option that was mistyped and looks like one."""
    if names:
        meant = nearest(f"--{names[0]}", options)
        hint = f"did you mean {meant}?" if meant else "leave it out; bpviz steps derives it with the numbers put in"
        raise UsageError(f"a formula needs no value for {names[0]}", hint=hint)


def _format_of(output: str | None) -> str:
    if not output or output == "-":
        return "text"
    try:
        return ENDINGS[Path(output).suffix.lower()]
    except KeyError:
        raise UsageError(f"no formula is written to {output}", hint=f"end it in {', '.join(ENDINGS)}") from None
