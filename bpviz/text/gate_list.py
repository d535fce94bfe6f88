"""The gates for people: what bpviz gates prints of each, its formula, its local gradients and what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpviz.gates import BRANCH, LETTERS, TABLE
from bpviz.text.report import Text

if TYPE_CHECKING:
    from rich.table import Table

WIDTH = 80  # columns of the plain text


def list_gates() -> Text:
    """Return the gates in the order of the gate table, and the branch: three lines for each, or more."""
    from rich.console import Console

    console = Console(width=WIDTH, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(_grid())
    lines = [line.rstrip() for line in capture.get().splitlines()]
    return Text("\n".join(lines) + "\n", _grid)


def _grid() -> Table:
    from rich.table import Table
    from rich.text import Text as RichText

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column()
    for name, symbol, formula, local, effect in _entries():
        lines = RichText("\n").join([RichText(formula), RichText(local, "green"), RichText(effect, "dim")])
        grid.add_row(RichText(name), RichText(symbol), lines)
    return grid


def _entries() -> list[tuple[str, str, str, str, str]]:
    """Return for each gate its name, its symbol, its formula, its local gradients and what it does to a gradient."""
    entries = []
    for gate in TABLE:
        local = "   ".join(f"∂z/∂{letter} = {text}" for letter, text in zip(LETTERS, gate.board_local, strict=False))
        entries.append((gate.name, gate.symbol, f"z = {gate.board}", local, gate.words.does))
    return [*entries, ("branch", "•", "a copied to several wires", "∂/∂a = the sum of theirs", BRANCH)]
