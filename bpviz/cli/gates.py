"""bpviz gates: the gate table, and how accurate the gates are."""

from __future__ import annotations

import click

POINTS = 10_000


@click.command()
@click.option("--accuracy", is_flag=True, help="Measure every gate against mpmath instead (about two minutes).")
@click.option(
    "--points", type=click.IntRange(1), default=POINTS, show_default=True, help="With --accuracy: how many a gate."
)
def gates(accuracy: bool, points: int) -> None:
    """Print the gates: symbol, formula, local gradients, and what each does to a gradient.

    \b
    bpviz gates
    bpviz gates | less
    bpviz gates --accuracy --points 500
    """
    if accuracy:
        _show_accuracy(points)
        return
    from bpviz.views.gatetable import gate_table
    from bpviz.views.terminal import show_gates

    show_gates(gate_table())


def _show_accuracy(points: int) -> None:
    from bpviz.accuracy import measure
    from bpviz.gates import TABLE
    from bpviz.views.accuracy import accuracy_table
    from bpviz.views.terminal import show_blocks

    block, notes = accuracy_table(measure(gate, points) for gate in TABLE)
    show_blocks([block], notes)
