"""bpviz gates: the gate table, a gate's page, a gate's template, and how accurate the gates are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from bpviz.cli.arguments import GateCommand
from bpviz.cli.looks import theme_option
from bpviz.cli.target import TARGET, write_bytes
from bpviz.errors import UsageError

POINTS = 10_000
FORMATS = ("svg", "pdf", "png", "dot")


@click.command(cls=GateCommand)
@click.argument("name", required=False)
@click.option(
    "-o", "--output", "outputs", metavar="FILE", type=TARGET, multiple=True, help="Draw it: .svg .pdf .png .dot, or -."
)
@click.option("--format", "format_", type=click.Choice(FORMATS), help="What to write to -.")
@click.option("--upstream", metavar="NUMBER", help="The gradient that arrives at the output.")
@theme_option
@click.option("--digits", type=click.IntRange(1, 17), default=3, help="Significant digits of a number.")
@click.option("--decimals", type=click.IntRange(0, 17), help="Fixed decimals instead: 2 writes 2.00.")
@click.option("--width", metavar="LENGTH", help="The drawing's width: 12cm, 5in, 800px.")
@click.option("--dpi", type=click.FloatRange(10, 2400), help="Dots per inch of a PNG.")
@click.option("--transparent", is_flag=True, help="No background.")
@click.option("--engine", type=click.Choice(["bundled", "system"]), default="bundled", help="Which Graphviz to use.")
@click.option("--accuracy", is_flag=True, help="Measure every gate against mpmath instead (about two minutes).")
@click.option(
    "--points", type=click.IntRange(1), default=POINTS, show_default=True, help="With --accuracy: how many a gate."
)
def gates(
    name: str | None,
    point: dict[str, str],
    outputs: Sequence[str],
    format_: str | None,
    upstream: str | None,
    accuracy: bool,
    points: int,
    **look: Any,
) -> None:
    """Print the gates, or all about the gate NAME: where its local gradients come from, what it does to a gradient.

    With -o draw its template: what flows through one gate, forward and backward. The operands may have any names,
    and take values like the inputs of a program: --x 2 --y 3, or --w 2 --x -1.

    \b
    bpviz gates
    bpviz gates sigmoid
    bpviz gates multiply -o multiply.svg --x 2 --y 3 --upstream 5
    bpviz gates --accuracy --points 500
    """
    if accuracy:
        _show_accuracy(points)
    elif outputs:
        _draw(name, point, outputs, format_, upstream, look)
    elif point or upstream or format_:
        raise UsageError("numbers are for the drawing of a gate", hint="say where to: -o gate.svg")
    else:
        _show(name)


def _show(name: str | None) -> None:
    from bpviz.views.terminal import show_gates, show_steps

    if name is None:
        from bpviz.views.gatetable import gate_table

        show_gates(gate_table())
    else:
        from bpviz.views.gatepage import gate_page

        show_steps(gate_page(name))


def _draw(
    name: str | None,
    point: dict[str, str],
    outputs: Sequence[str],
    format_: str | None,
    upstream: str | None,
    look: dict[str, Any],
) -> None:
    from bpviz import api, render
    from bpviz.cli.program import warn
    from bpviz.lang import constant

    if name is None:
        raise UsageError("which gate?", hint="write bpviz gates multiply -o multiply.svg")
    values = {operand: constant(text, operand) for operand, text in point.items()}
    arriving = None if upstream is None else constant(upstream, "upstream")
    look = {option: value for option, value in look.items() if option != "dpi" or value is not None}
    figure = api.template(name, set=values, upstream=arriving, **look)
    kinds = [(format_ or "svg") if target == "-" else api.format_of(target) for target in outputs]
    with render.interruptible():
        drawn = {kind: figure.data(kind) for kind in dict.fromkeys(kinds)}
    for target, kind in zip(outputs, kinds, strict=True):
        write_bytes(target, drawn[kind])
    warn(figure.trace.warnings if figure.trace else ())


def _show_accuracy(points: int) -> None:
    from bpviz.checking.accuracy import measure
    from bpviz.gates import TABLE
    from bpviz.views.accuracy import accuracy_table
    from bpviz.views.terminal import show_blocks

    block, notes = accuracy_table(measure(gate, points) for gate in TABLE)
    show_blocks([block], notes)
