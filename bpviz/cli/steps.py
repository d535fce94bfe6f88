"""bpviz steps: the derivation with the numbers put in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from bpviz.cli.arguments import ProgramCommand
from bpviz.cli.program import option_names, program_options, read_graph, read_point
from bpviz.cli.target import write_text
from bpviz.errors import UsageError

ENDINGS = {".txt": "plain", ".md": "markdown", ".qmd": "markdown", ".tex": "latex", ".typ": "typst"}


@click.command(cls=ProgramCommand)
@program_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["rich", "plain", "markdown", "latex", "typst"]),
    help="How to write it; rich, in colour on a terminal, unless a file's ending says otherwise.",
)
@click.option("--only", metavar="NAME", help="Only what concerns one input or gate.")
@click.option("-o", "--output", metavar="FILE", help=f"Write to a file: {' '.join(ENDINGS)}.")
@click.pass_context
def steps(
    ctx: click.Context,
    program: str,
    point: dict[str, str],
    settings: Sequence[str],
    format_: str | None,
    only: str | None,
    output: str | None,
    gates: str,
    share: bool,
    constants: bool,
    digits: int,
    decimals: int | None,
) -> None:
    """Derive the gradients of PROGRAM step by step: the forward pass, then the chain rule gate by gate.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. Where the rounded numbers of a line do not give its rounded result it says ≈ instead of =.

    \b
    bpviz steps "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
    bpviz steps "a*b + a" --a 2 --b -3 --only a
    bpviz steps neuron.bp --digits 4 -o neuron.tex
    """
    from bpviz.autodiff import run
    from bpviz.views import steps as view
    from bpviz.views.numerals import Rounding

    graph = read_graph(program, gates=gates, share=share, constants=constants)
    trace = run(graph, read_point(graph, point, settings, option_names(ctx)))
    rounding, is_file = Rounding(digits, decimals), bool(output) and output != "-"
    kind = format_ or (format_of(output) if output and is_file else "rich")
    if kind == "rich" and not is_file:
        from bpviz.views.terminal import show_steps

        show_steps(view.pieces(view.derive(trace, rounding, only)))
    else:
        write_text(output, view.steps(trace, "plain" if kind == "rich" else kind, rounding, only))


def format_of(target: str) -> str:
    """Return the format that a file's ending chooses; raise UsageError when it chooses none."""
    try:
        return ENDINGS[Path(target).suffix.lower()]
    except KeyError:
        raise UsageError(f"no derivation is written to {target}", hint=f"end it in {', '.join(ENDINGS)}") from None
