"""Tables for a terminal, in colour where there is one: the only view that needs rich."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bpviz.views.steps.plain import Piece
from bpviz.views.table import Block, aligned

STYLES = {"value": "green", "gradient": "italic red", "made of": "italic red", "step": "dim", "local gradients": "dim"}
STEP_STYLES = {**STYLES, "heading": "bold", "remark": "dim"}
UNBROKEN = ("step", "name", "input", "value", "gradient")  # columns that must not wrap


def show_blocks(blocks: Sequence[Block], notes: Sequence[str] = ()) -> None:
    """Print tables and notes to standard output: 80 columns and no colour unless it is a terminal that has them."""
    console = Console(highlight=False)
    for i, block in enumerate(block for block in blocks if block.rows):
        if i:
            console.print()
        console.print(_rich_table(block))
    for note in notes:
        console.print(Text(f"\nnote: {note}"))


def show_with_sentences(block: Block, sentences: Sequence[str]) -> None:
    """Print a table with a sentence under each of its rows."""
    console = Console(highlight=False)
    heads, *lines = aligned(block)
    console.print(Text(heads, style="bold"))
    for line, sentence in zip(lines, sentences, strict=True):
        console.print(Text(line))
        console.print(Padding(Text(sentence, style="dim"), (0, 0, 0, 4)))


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
            style=STYLES.get(head, ""),
            no_wrap=head in UNBROKEN,
            overflow="fold",
        )
    for row in block.rows:
        table.add_row(*map(Text, row))
    return table
