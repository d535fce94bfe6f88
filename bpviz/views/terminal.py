"""Tables and derivations on standard output: in colour on a terminal, without any elsewhere, and no wider than it.

What rich sets it imports, which is half of a cold bpviz table. So nobody waits for it where it would change nothing:
where there is no terminal and all lines are short enough.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from bpviz.errors import columns
from bpviz.records import TYPE_CHECKING
from bpviz.views.table import Block, aligned

if TYPE_CHECKING:  # the derivation is more to import than a table should wait for
    from rich.console import Console
    from rich.table import Table

    from bpviz.views.gatetable import Entry
    from bpviz.views.steps.plain import Piece

STYLES = {"value": "green", "gradient": "italic red", "made of": "italic red", "step": "dim", "local gradients": "dim"}
STEP_STYLES = {**STYLES, "heading": "bold", "remark": "dim"}
MANY = 2_000  # rows that are aligned only, not coloured or fitted: rich takes two milliseconds for each
WIDTH = 80  # columns where there is no terminal
UNBROKEN = ("step", "name", "input", "value", "gradient")  # columns that must not wrap


def show_blocks(blocks: Sequence[Block], notes: Sequence[str] = ()) -> None:
    """Print tables and notes, an empty line between them."""
    shown = [block for block in blocks if block.rows]
    if not _is_terminal() and all(len(block.rows) <= MANY for block in shown):
        parts = [*map(aligned, shown), *([f"note: {note}"] for note in notes)]
        if all(columns(line) <= WIDTH for part in parts for line in part):
            _write("\n\n".join(map("\n".join, parts)))
            return
    _set_blocks(shown, notes)


def _set_blocks(blocks: Sequence[Block], notes: Sequence[str]) -> None:
    from rich.text import Text

    console = _console()
    for i, block in enumerate(blocks):
        if i:
            console.print()
        if len(block.rows) > MANY:
            console.file.write("\n".join(aligned(block)) + "\n")
        else:
            console.print(_rich_table(block))
    for note in notes:
        console.print(Text(f"\nnote: {note}"))


def show_gates(entries: Sequence[Entry]) -> None:
    """Print gates, one under the other: formula, local gradients, and a sentence; in 80 columns if not a terminal's."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column()
    for entry in entries:
        lines = Text("\n").join([Text(entry.formula), Text(entry.local, style="green"), Text(entry.does, style="dim")])
        grid.add_row(Text(entry.name), Text(entry.symbol), lines)
    _console().print(grid)


def show_steps(lines: Sequence[Sequence[Piece]]) -> None:
    """Print a derivation, values and gradients in the colours that they have in every view."""
    if not _is_terminal():
        _write("\n".join("".join(piece.text for piece in line).rstrip() for line in lines))
        return
    from rich.text import Text

    console = _console()
    for line in lines:
        console.print(Text.assemble(*((piece.text, STEP_STYLES.get(piece.role, "")) for piece in line)), soft_wrap=True)


def _rich_table(block: Block) -> Table:
    """Return a block as a rich table; its cells are plain text, whatever markup they seem to hold."""
    from rich.table import Table
    from rich.text import Text

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


def _is_terminal() -> bool:
    """Say whether somebody watches, or asks for what they would see, as rich is asked for it."""
    forced = os.environ.get("FORCE_COLOR")
    return bool(forced) if forced is not None else bool(sys.stdout) and sys.stdout.isatty()


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _write(text: str) -> None:
    if text and sys.stdout:  # None where the shell has closed it
        sys.stdout.write(f"{text}\n")
