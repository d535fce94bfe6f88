"""bpviz steps: the derivation with the numbers put in."""

from __future__ import annotations

from bpviz.cli.looks import QUIET
from bpviz.cli.options import option
from bpviz.cli.program import Asked, program_command
from bpviz.cli.target import TARGET, format_of, write_told

ENDINGS = {".txt": "plain", ".md": "markdown", ".qmd": "markdown", ".tex": "latex", ".typ": "typst"}


@program_command(
    option(
        "--format",
        dest="format_",
        choices=["rich", "plain", "markdown", "latex", "typst"],
        help="How to write it; rich, in colour on a terminal, unless a file's ending says otherwise.",
    ),
    option("--only", metavar="NAME", help="Only what concerns one input or gate."),
    option("-o", "--output", metavar="FILE", type=TARGET, help=f"Write to a file: {' '.join(ENDINGS)}."),
    QUIET,
)
def steps(
    asked: Asked,
    format_: str | None,
    only: str | None,
    output: str | None,
    quiet: bool,
) -> None:
    """Derive the gradients of PROGRAM step by step: the forward pass, then the chain rule gate by gate.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. Where the rounded numbers of a line do not give its rounded result it says ≈ instead of =.

    bpviz steps "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
    bpviz steps "a*b + a" --a 2 --b -3 --only a
    bpviz steps neuron.bp --digits 4 -o neuron.tex
    """
    from bpviz.autodiff import run
    from bpviz.limits import check_derived
    from bpviz.text import show, steps

    graph = asked.graph()
    check_derived(len(graph.gate_ids), asked.limits.derived)
    trace = run(graph, asked.values(graph))
    options = {**asked.numbers, "only": only, "limit": {"derived": asked.limits.derived}}
    kind = format_ or format_of(output, ENDINGS, "no derivation is written to") or "rich"
    if kind == "rich" and output in (None, "-"):
        show(steps(trace, **options))
    else:
        write_told(output, steps(trace, format="plain" if kind == "rich" else kind, **options), quiet=quiet)
