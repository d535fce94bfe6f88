"""The gates for people: the list that `bpviz gates` prints, and the page of one gate, `bpviz gates multiply`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from textwrap import wrap
from typing import TYPE_CHECKING

from bpviz.errors import UsageError
from bpviz.gates import ANY, BRANCH, LETTERS, TABLE, Gate, find_gate, is_gate
from bpviz.names import find_nearest
from bpviz.text.report import Piece, PieceLine, Text
from bpviz.text.vector_pages import list_paragraphs, write_definition, write_rules
from bpviz.text.writers import write_lines
from bpviz.vectors import VECTOR_FUNCTIONS, VECTOR_TABLE, VectorOperation, find_operation

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table

WIDTH = 80  # columns of the plain text
INDENT, LABEL_WIDTH = 2, 20  # columns: before a label, and of the label itself
LOCAL_GRADIENTS = "local gradients"  # the label of the paragraph that is coloured
BRANCH_NAME, ON_VECTORS = "branch", "on vectors"
VECTORS_HEAD = "on vectors, where each gate above works entry by entry"
BRANCH_PARAGRAPHS = {
    LOCAL_GRADIENTS: "1 along each wire",
    "where they come from": "the chain rule for several variables: a step in a reaches the output along every wire, "
    "and what the wires bring adds up",
    "to a gradient": BRANCH,
    "in practice": "the place where code goes wrong: a gradient needs += here, and = forgets all but one",
}
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
UNBREAKABLE = re.compile(r" [−+<>≤] |(?<= =) ")  # where a formula is kept on one line; a line may begin with =


def list_gates() -> Text:
    """Return the gates in the order of the gate table, the branch, and what works on vectors: three lines for each."""
    from rich.console import Console

    console = Console(width=WIDTH, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(_make_list())
    lines = [line.rstrip() for line in capture.get().splitlines()]
    return Text("\n".join(lines) + "\n", _make_list)


def _make_list() -> Group:
    from rich.console import Group
    from rich.text import Text as RichText

    gates = []
    for gate in TABLE:
        if gate.syntax.comparison and gate.aliases:  # the row of > stands for the other signs too
            continue
        local = "   ".join(f"∂z/∂{letter} = {text}" for letter, text in zip(LETTERS, gate.board_local, strict=False))
        gates.append((gate.name, gate.symbol, f"z = {gate.board}", local, gate.words.does))
    gates.append((BRANCH_NAME, "•", "a copied to several wires", "∂/∂a = the sum of theirs", BRANCH))
    operations = [
        (each.name, each.symbol, write_definition(each), "   ".join(write_rules(each)), each.does)
        for each in VECTOR_TABLE
    ]
    return Group(_make_grid(gates), "", RichText(VECTORS_HEAD, "bold"), "", _make_grid(operations))


def _make_grid(entries: Iterable[tuple[str, str, str, str, str]]) -> Table:
    """Make a grid of names, symbols, and three lines each: the formula, its gradients, what it does to one."""
    from rich.table import Table
    from rich.text import Text as RichText

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(no_wrap=True)
    grid.add_column()
    for name, symbol, formula, local, effect in entries:
        lines = RichText("\n").join([RichText(formula), RichText(local, "green"), RichText(effect, "dim")])
        grid.add_row(RichText(name), RichText(symbol), lines)
    return grid


def write_gate_page(name: str) -> Text:
    """Write the page of a gate, of the branch or of a vector operation; raise UsageError for an unknown name.

    A name that is both, as sum is, has both pages.
    """
    if name == BRANCH_NAME:
        return write_lines(_compose_page(BRANCH_NAME, "•", "a, a, … = a", BRANCH_PARAGRAPHS))
    operation = find_operation(name)
    if operation and not is_gate(name):
        return write_lines(_compose_operation(operation))
    try:
        gate = find_gate(name)
    except UsageError:
        if meant := find_nearest(name, VECTOR_FUNCTIONS):
            raise UsageError(f"no gate is called {name}", hint=f"did you mean {meant}?") from None
        raise
    lines = _compose_gate(gate)
    return write_lines([*lines, (), *_compose_operation(operation)] if operation else lines)


def _compose_operation(operation: VectorOperation) -> list[PieceLine]:
    head = f"{operation.symbol}   {ON_VECTORS}"
    return _compose_page(operation.name, head, write_definition(operation), list_paragraphs(operation))


def _compose_gate(gate: Gate) -> list[PieceLine]:
    is_for_all = len(gate.board_local) == 1 and gate.arity[0] > 1 and gate.parameter is None
    letters = ["(each operand)"] if is_for_all else LETTERS
    local_gradients = [f"∂z/∂{letter} = {local}" for letter, local in zip(letters, gate.board_local, strict=False)]
    paragraphs = {
        LOCAL_GRADIENTS: "\n".join(local_gradients),
        "where they come from": gate.words.derivation,
        "to a gradient": gate.words.does,
        "in practice": gate.words.lesson,
        "domain": gate.domain or "all numbers",
        "outside it": gate.words.instead,
        "pole": f"the local gradient is infinite at {gate.pole}" if gate.pole else "",
        "kink": gate.rule,
        "caution": gate.words.caution,
        "also called": ", ".join(gate.aliases),
        "in simpler gates": _describe_decomposition(gate),
    }
    return _compose_page(gate.name, gate.symbol, f"z = {gate.board}", paragraphs)


def _describe_decomposition(gate: Gate) -> str:
    """Say what --gates elementary makes of a gate and where that holds, or why the gate is kept whole."""
    parts = gate.parts
    if parts.whole:
        return f"none, it is kept whole: {parts.whole}"
    if not parts.elementary:
        return ""
    where = f", for {parts.holds}" if parts.holds else ""
    if gate.arity[1] < ANY:
        return f"{parts.elementary}{where}"
    first = f"{parts.each}, then " if parts.each else ""
    last = f", then {parts.lastly}" if parts.lastly else ""
    return f"{first}{parts.elementary} pairwise{last}{where}"


def _compose_page(name: str, symbol: str, formula: str, paragraphs: Mapping[str, str]) -> list[PieceLine]:
    """Put a page together; a paragraph without a text is left out, the others stand beside their labels."""
    lines: list[PieceLine] = [
        (Piece(name, "heading"), Piece(f"   {symbol}")),
        (Piece(f"{' ' * INDENT}{formula}"),),
        (),
    ]
    for label, text in paragraphs.items():
        glued = UNBREAKABLE.sub(lambda found: found[0].replace(" ", NO_BREAK_SPACE), text)
        rows = [row for line in glued.splitlines() for row in wrap(line, WIDTH - INDENT - LABEL_WIDTH - 2) or [""]]
        heads = [f"{' ' * INDENT}{label:<{LABEL_WIDTH}}  ", *[" " * (INDENT + LABEL_WIDTH + 2)] * len(rows)]
        role = "gradient" if label in (LOCAL_GRADIENTS, "gradients") else ""
        lines += [
            (Piece(head, "remark"), Piece(row.replace(NO_BREAK_SPACE, " "), role))
            for head, row in zip(heads, rows, strict=False)
        ]
    return lines
