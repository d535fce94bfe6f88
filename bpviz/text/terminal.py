"""Tables and derivations on standard output: in colour on a terminal, without any elsewhere, and no wider than it.

What fits is written as it is. The rest is left to rich, which takes three times as long to import as a cold bpviz
table takes in all: wide tables to fit, terminals that are not of the usual kind, and the list of gates.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from bpviz.errors import columns
from bpviz.text.tables import Block, aligned, padded

if TYPE_CHECKING:  # the derivation is more to import than a table should wait for
    from rich.console import Console
    from rich.table import Table

    from bpviz.text.derivation.plain import Piece
    from bpviz.text.gatetable import Entry

STYLES = {"value": "green", "gradient": "italic red", "made of": "italic red", "step": "dim", "local gradients": "dim"}
STEP_STYLES = {**STYLES, "heading": "bold", "remark": "dim"}
CODES = {"bold": "1", "dim": "2", "green": "32", "italic red": "3;31"}  # of ECMA-48, which terminals read
MANY = 2_000  # rows that are aligned only, not coloured or fitted: rich takes two milliseconds for each
WIDTH = 80  # columns where there is no terminal
UNBROKEN = ("step", "name", "input", "value", "gradient")  # columns that must not wrap


class Screen(NamedTuple):
    """Where a text goes that rich need not set: how wide it is, and whether it is in colour."""

    width: int = WIDTH
    coloured: bool = False


def show_blocks(blocks: Sequence[Block], notes: Sequence[str] = ()) -> None:
    """Print tables and notes, an empty line between them."""
    shown = [block for block in blocks if block.rows]
    told = [[f"note: {note}"] for note in notes]
    screen = _screen()
    if screen and all(len(block.rows) <= MANY for block in shown):
        parts = [*map(aligned, shown), *told]
        if all(columns(line) <= screen.width for part in parts for line in part):
            if screen.coloured:
                parts = [*map(_coloured, shown), *told]
            _write("\n\n".join(map("\n".join, parts)))
            return
    _set_blocks(shown, notes)


def _coloured(block: Block) -> list[str]:
    """Return the lines of a block, heads first, in the colours of its columns."""
    head, *rows = padded(block)
    styles = [_style(name) for name in block.heads]
    painted = [map(_painted, row, styles) for row in rows]
    return ["  ".join(line) for line in ([_painted(name, "bold") for name in head], *painted)]


def _style(head: str) -> str:
    """Return how the column under a head is set."""
    return STYLES["gradient"] if head.startswith("∂") else STYLES.get(head, "")


def _painted(text: str, style: str) -> str:
    return f"\x1b[{CODES[style]}m{text}\x1b[0m" if style and text else text


def _set_blocks(blocks: Sequence[Block], notes: Sequence[str]) -> None:
    """Print tables and notes by rich."""
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
    """Print gates, one under the other: formula, local gradients, and a sentence."""
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
    screen = _screen()
    if screen:
        painted = _painted if screen.coloured else lambda text, _: text
        pieces = ([painted(piece.text, STEP_STYLES.get(piece.role, "")) for piece in line] for line in lines)
        _write("\n".join("".join(line).rstrip() for line in pieces))
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
            style=_style(head),
            no_wrap=head in UNBROKEN or i in block.numbers,
            overflow="fold",
        )
    for row in block.rows:
        table.add_row(*map(Text, row))
    return table


def _screen() -> Screen | None:
    """Return what standard output is; None for a terminal that only rich knows how to write to."""
    asked = os.environ.get("FORCE_COLOR")  # by somebody who wants what a terminal gets, as rich is asked
    if not (asked if asked is not None else sys.stdout and sys.stdout.isatty()):
        return Screen()
    usual = os.environ.get("TERM", "dumb") not in ("dumb", "unknown") and "NO_COLOR" not in os.environ
    return Screen(_width(), coloured=True) if usual and sys.platform != "win32" else None


def _width() -> int:
    try:
        return int(os.environ.get("COLUMNS") or os.get_terminal_size(sys.stdout.fileno()).columns) or WIDTH
    except (ValueError, OSError):
        return WIDTH


def _console() -> Console:
    from rich.console import Console

    class Piped(Console):
        """Leaves a pipe that nobody reads any more to the command line, which rich would end."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Piped(highlight=False, markup=False, emoji=False)


def _write(text: str) -> None:
    if text and sys.stdout:  # None where the shell has closed it
        sys.stdout.write(f"{text}\n")
