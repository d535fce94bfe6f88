"""bpviz code: the program as the staged computation of a lecture."""

from __future__ import annotations

from bpviz.cli.looks import QUIET
from bpviz.cli.options import option
from bpviz.cli.program import Asked, program_command
from bpviz.cli.target import TARGET, format_of, write_told
from bpviz.errors import UsageError
from bpviz.graph import Graph

LANGUAGES = ("python", "numpy", "torch", "jax", "latex")
ENDINGS = {".py": ("python", "numpy", "torch", "jax"), ".tex": ("latex",)}


@program_command(
    option("--lang", choices=LANGUAGES, help="The language; python unless a file's ending says latex."),
    option("-o", "--output", metavar="FILE", type=TARGET, help="Write to a file: .py or .tex."),
    QUIET,
)
def code(
    asked: Asked,
    lang: str | None,
    output: str | None,
    quiet: bool,
) -> None:
    """Print PROGRAM as code: the forward pass one line a gate, then the backward pass in reverse order.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. With values the code is a script that prints the output and its gradients, without any a function
    that returns them. Each line is the textbook's formula; where that overflows or loses digits at the point it is
    another, with a comment. torch and jax compute the gradient themselves, to compare with. --digits is for latex.

    bpviz code "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4 | python
    bpviz code "a*b + a" --lang numpy -o staged.py
    bpviz code neuron.bp -o staged.tex
    """
    from bpviz.autodiff import run
    from bpviz.text.code_listings import listing

    language = language_of(lang, output)
    graph = asked.graph()
    given = asked.values(graph, optional=True)
    trace = run(graph, given) if given or _is_complete(graph) else None
    write_told(output, listing(graph, trace, language, asked.rounding), quiet=quiet)


def language_of(lang: str | None, output: str | None) -> str:
    """Return the language that an option or a file's ending chooses; raise UsageError where they do not agree."""
    languages = format_of(output, ENDINGS, "no listing is written to")
    if not languages:
        return lang or "python"
    if lang and lang not in languages:
        ending = next(each for each, known in ENDINGS.items() if lang in known)
        raise UsageError(f"{output} does not hold {lang}", hint=f"end it in {ending}, or leave --lang out")
    return lang or languages[0]


def _is_complete(graph: Graph) -> bool:
    """Say whether the program itself gives every input a value."""
    return all(graph.nodes[i].name in graph.defaults for i in graph.inputs)
