"""bpviz gates: the gate table."""

from __future__ import annotations

import click


@click.command()
def gates() -> None:
    """Print the gates: symbol, formula, local gradients, and what each does to a gradient.

    \b
    bpviz gates
    bpviz gates | less
    """
    from bpviz.views.gatetable import gate_table
    from bpviz.views.terminal import show_with_sentences

    show_with_sentences(*gate_table())
