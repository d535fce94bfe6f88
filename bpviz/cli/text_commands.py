"""The commands that print: bpviz table, steps, code, symbolic, and gates, which also draws a gate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from bpviz.cli import options
from bpviz.cli.options import Choice
from bpviz.cli.programs import GateCommand, Program, command
from bpviz.cli.targets import (
    RICH,
    check_open,
    choose_formats,
    find_cell,
    print_text,
    say_written,
    show_files,
    warn,
    write_all,
    write_texts,
)
from bpviz.cli.words import find_meant
from bpviz.endings import DERIVATIONS, FORMULAS, PAGES, TEXTS, choose_languages
from bpviz.errors import UsageError
from bpviz.limits import DEFAULT

ANY_NUMBER = DEFAULT._replace(digits=DEFAULT.characters)  # a gate has no --limit


@command("Print every number of it.")
@click.option(
    "--format",
    "format_",
    type=Choice(RICH, *TEXTS.values()),
    help="How to write it; rich, in colour on a terminal, unless a file's ending says otherwise.",
)
@options.outputs("Write to a file: .txt .md .tex .csv .json.")
@options.opens("Show the file when it is written.")
@options.quiet
def table(program: Program, format_: str | None, outputs: Sequence[str], **telling: bool) -> None:
    """Print every number of PROGRAM: values, local gradients, gradients and the sums they are made of.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. JSON and CSV carry every digit.

    \b
    bpviz table "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
    bpviz table "a*b + a" --a 2 --b -3 --format json
    """
    trace = program.trace()
    targets, formats = choose_formats(outputs, format_, TEXTS, "no table is written to")
    write_texts(targets, formats, lambda each: trace.table(format=each, **program.output_options), **telling)
    if "csv" in formats:  # the others say them themselves
        warn(trace.warnings)


@command("Print the derivation, step by step.")
@click.option(
    "--format",
    "format_",
    type=Choice(RICH, "plain", "markdown", "latex", "typst", "html", "pdf"),
    help="How to write it; rich, in colour on a terminal, unless a file's ending says otherwise.",
)
@click.option("--symbolic", is_flag=True, help="In symbols, even where the program has values.")
@click.option("--only", metavar="NAME", help="Only what concerns one input or gate.")
@click.option("--for", "for_", metavar="NAME", help="Only the steps on the paths from one input or gate to the output.")
@options.outputs("Write to a file: .pdf .html .txt .md .qmd .tex .typ.")
@options.opens("Show the file when it is written.")
@options.quiet
def steps(
    program: Program,
    format_: str | None,
    symbolic: bool,
    only: str | None,
    for_: str | None,
    outputs: Sequence[str],
    **telling: bool,
) -> None:
    """Derive the gradients of PROGRAM step by step: the forward pass, then the chain rule gate by gate.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. Where the rounded numbers of a line do not give its rounded result it says ≈ instead of =. Without
    values the derivation is in symbols. A .pdf or .html is a whole document; .tex and .typ are to be put into one.

    \b
    bpviz steps "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
    bpviz steps "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" -o example.pdf
    bpviz steps "a*b + a" --a 2 --b -3 --only a
    bpviz steps neuron.bp --for w0 --digits 4 -o neuron.tex
    """
    targets, formats = choose_formats(outputs, format_, {**PAGES, **DERIVATIONS}, "no derivation is written to")
    wanted = {"symbolic": symbolic, "only": only, "for_": for_, **program.output_options}
    what = program.trace_or_graph()

    def derive(format_: str) -> str | bytes:
        write = what.typeset_steps if format_ in PAGES.values() else what.steps
        return write(format=format_, **wanted)

    write_texts(targets, formats, derive, **telling)


@command("Print it as code: the staged computation.")
@click.option(
    "--lang",
    type=Choice("python", "numpy", "javascript", "torch", "jax", "latex"),
    help="The language; python unless a file's ending says another.",
)
@options.outputs("Write to a file: .py .js or .tex.")
@options.opens("Show the file when it is written.")
@options.quiet
def code(program: Program, lang: str | None, outputs: Sequence[str], **telling: bool) -> None:
    """Print PROGRAM as code: the forward pass one line a gate, then the backward pass in reverse order.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. With values the code is a script that prints the output and its gradients, without any a function
    that returns them. Each line is the textbook's formula; where that overflows or loses digits at the point it is
    another, with a comment; of javascript it is a function that is right everywhere, which stands above. torch and
    jax compute the gradient themselves, to compare with. --digits is for latex.

    \b
    bpviz code "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4 | python
    bpviz code "a*b + a" --lang numpy -o staged.py
    bpviz code neuron.bp -o staged.tex
    """
    targets = outputs or ["-"]
    languages = choose_languages(targets, lang)
    what = program.trace_or_graph()
    write_texts(targets, languages, lambda each: what.code(lang=each, **program.output_options), **telling)


@command("Print the derivatives in closed form.")
@click.option(
    "--format",
    "format_",
    type=Choice("text", "latex", "python"),
    help="How to write it; text unless a file's ending says otherwise.",
)
@click.option("--simplify", is_flag=True, help="Cancel and collect what stands as typed.")
@click.option("--expand", is_flag=True, help="Write out the names that the program gives its values.")
@click.option("--local", is_flag=True, help="Each gate's local gradients too.")
@options.outputs("Write to a file: .txt .tex .py.")
@options.opens("Show the file when it is written.")
@options.quiet
def symbolic(
    program: Program,
    format_: str | None,
    simplify: bool,
    expand: bool,
    local: bool,
    outputs: Sequence[str],
    open_: bool,
    quiet: bool,
) -> None:
    """Print the derivative of PROGRAM by every input as a formula, one term a branch; no values are needed.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. If it names its values, these names
    stand in the derivatives where that is shorter. Python is a function that returns the value and a dict of gradients.

    \b
    bpviz symbolic "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
    bpviz symbolic "a*b + a" --simplify --format latex
    bpviz symbolic "z = w*x + b; a = sigmoid(z); L = -(y*ln(a) + (1-y)*ln(1-a))"
    bpviz symbolic neuron.bp --local
    """
    for name in program.point:  # the first is told
        meant = find_meant(f"--{name}", program.option_names)
        hint = f"did you mean {meant}?" if meant else "leave it out; bpviz steps derives it with the numbers put in"
        raise UsageError(f"a formula needs no value for {name}", hint=hint)
    graph = program.graph()
    targets, formats = choose_formats(outputs, format_, FORMULAS, "no formula is written to", "text")
    wanted = {"simplify": simplify, "expand": expand, "local": local, **program.output_options}
    write_texts(targets, formats, lambda each: graph.symbolic(format=each, **wanted), quiet=quiet, open_=open_)
    warn(graph.warnings)


@command("Print what each gate does to a gradient.", GateCommand)
@click.argument("name", required=False)
@options.outputs("Draw it: .svg .pdf .png .dot, or -.")
@click.option("--format", "format_", type=Choice("svg", "pdf", "png", "dot"), help="What to write to -.")
@click.option("--upstream", metavar="NUMBER", help="The gradient that arrives at the output.")
@options.theme
@options.width
@options.dpi
@options.transparent
@options.text
@options.engine
@options.opens("Show the drawing when it is written.")
@options.quiet
def gates(
    name: str | None,
    point: dict[str, str],
    outputs: Sequence[str],
    format_: str | None,
    upstream: str | None,
    open_: bool,
    quiet: bool,
    **look: Any,
) -> None:
    """Print the gates, or all about the gate NAME: where its local gradients come from, what it does to a gradient.

    With -o draw its template: what flows through one gate, forward and backward. The operands may have any names,
    and take values like the inputs of a program: --x 2 --y 3, or --w 2 --x -1.

    \b
    bpviz gates
    bpviz gates sigmoid
    bpviz gates multiply -o multiply.svg --x 2 --y 3 --upstream 5
    """
    check_open(open_, outputs, "gate.svg")
    if not outputs:
        from bpviz.text import list_gates, write_gate_page

        if point or upstream or format_:
            if name is not None:
                write_gate_page(name)  # a name that is none is told first
            raise UsageError("numbers are for the drawing of a gate", hint="say where to: -o gate.svg")
        print_text(list_gates() if name is None else write_gate_page(name), is_rich=True)
        return

    from bpviz.figure import choose_format
    from bpviz.lang import read_constant
    from bpviz.lecture import draw_gate

    if name is None:
        raise UsageError("which gate?", hint="write bpviz gates multiply -o multiply.svg")
    values = {operand: read_constant(text, operand, ANY_NUMBER) for operand, text in point.items()}
    arriving = None if upstream is None else read_constant(upstream, "upstream", ANY_NUMBER)
    given = {option: value for option, value in look.items() if value is not None}
    figure = draw_gate(name, set=values, upstream=arriving, **given)
    formats = [(format_ or "svg") if target == "-" else choose_format(target) for target in outputs]
    write_all(outputs, formats, figure.data)
    if "-" not in outputs and (cell := find_cell()):
        cell(figure)
    if figure.trace:
        warn(figure.trace.warnings)
    say_written(outputs, quiet=quiet)
    if open_:
        show_files(outputs)
