"""Tables for a terminal, in colour where there is one: the only view that needs rich."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bpviz.views.gatetable import Entry
from bpviz.views.table import Block, aligned

if TYPE_CHECKING:  # the derivation is more to import than a table should wait for
    from bpviz.views.steps.plain import Piece

STYLES = {"value": "green", "gradient": "italic red", "made of": "italic red", "step": "dim", "local gradients": "dim"}
STEP_STYLES = {**STYLES, "heading": "bold", "remark": "dim"}
MANY = 2_000  # rows that are aligned only, not coloured or fitted: rich takes two milliseconds for each
UNBROKEN = ("step", "name", "input", "value", "gradient")  # columns that must not wrap


def show_blocks(blocks: Sequence[Block], notes: Sequence[str] = ()) -> None:
    """Print tables and notes to standard output: 80 columns and no colour unless it is a terminal that has them."""
    console = Console(highlight=False)
    for i, block in enumerate(block for block in blocks if block.rows):
        if i:
            console.print()
        if len(block.rows) > MANY:
            console.file.write("\n".join(aligned(block)) + "\n")
        else:
            console.print(_rich_table(block))
    for note in notes:
        console.print(Text(f"\nnote: {note}"))


def show_gates(entries: Sequence[Entry]) -> None:
    """Print gates, one under the other: formula, local gradients, and a sentence."""
    console = Console(highlight=False)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column()
    for entry in entries:
        lines = Text("\n").join([Text(entry.formula), Text(entry.local, style="green"), Text(entry.does, style="dim")])
        grid.add_row(Text(entry.name), Text(entry.symbol), lines)
    console.print(grid)


def show_steps(lines: Sequence[Sequence[Piece]]) -> None:
    """Print a derivation, values and gradients in the colours that they have in every view."""
    console = Console(highlight=False)
    for line in lines:
        console.print(Text.assemble(*((piece.text, STEP_STYLES.get(piece.role, "")) for piece in line)), soft_wrap=True)


def _rich_table(block: Block) -> Table:
    """Return a block as a rich table; its cells are plain text, whatever markup they seem to hold."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for i, head in enumerate(block.heads):
        table.add_column(
            head,
            justify="right" if i in block.numbers else "left",
            style=STYLES["gradient"] if head.startswith("∂") else STYLES.get(head, ""),
            no_wrap=head in UNBROKEN or i in block.numbers,
            overflow="fold",
        )
    for row in block.rows:
        table.add_row(*map(Text, row))
    return table
