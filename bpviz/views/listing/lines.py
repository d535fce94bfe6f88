"""Lines of code with their comments in a column, and what every Python listing has: head, signature, values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import columns
from bpviz.graph import Graph
from bpviz.views.formula import Atom, forward
from bpviz.views.listing.dialects import Dialect
from bpviz.views.listing.identifiers import Identifiers
from bpviz.views.printing import TEXT, leaf, show

WIDEST = 56  # a line of more columns keeps its comment to itself instead of pushing all the others out
LONGEST = 88  # a signature or a dict of more columns is written one name a line
INDENT = "    "


class Line(NamedTuple):
    """A line of code and the comment behind it."""

    code: str
    comment: str = ""


def aligned(lines: Sequence[Line]) -> list[str]:
    """Return lines as text, their comments in one column."""
    widths = [columns(line.code) for line in lines]
    column = max(
        (width for line, width in zip(lines, widths, strict=True) if line.comment and width <= WIDEST), default=0
    )
    return [
        f"{line.code}{' ' * max(0, column - width)}  # {line.comment}" if line.comment else line.code
        for line, width in zip(lines, widths, strict=True)
    ]


def heading(graph: Graph, trace: Trace | None, names: Identifiers) -> list[str]:
    """Return the comments on top of a listing: the program, the names that had to change, what to know."""
    source = graph.source.strip()
    program = source if "=" in source else f"{graph.output_name} = {source}"
    short = "\n" not in source and ";" not in source and len(program) <= LONGEST
    notes = [*names.told, *(trace.warnings if trace else graph.warnings)]
    return [f"# {_one_line(text)}" for text in ([program] if short else []) + notes]


def forward_lines(graph: Graph, names: Identifiers, dialect: Dialect) -> list[Line]:
    """Return one line a gate, with its step number, and in words where its code does not show what it is."""
    lines = []
    for step, i in enumerate(graph.steps, start=1):
        gate = graph.nodes[i].gate
        assert gate
        code = show(forward(gate, operands(graph, names, i), Atom(names.values[i])), dialect.style)
        mathematics = f" {_in_words(graph, i)}" if "(" in gate.math else ""
        lines.append(Line(f"{names.values[i]} = {code}", f"({step}){mathematics}"))
    if not graph.nodes[graph.output].gate:
        lines.append(Line(f"{names.output} = {show(_operand(graph, names, graph.output), dialect.style)}"))
    return lines


def operands(graph: Graph, names: Identifiers, node: int) -> list[Atom]:
    """Return the operands of a gate for a formula, by their identifiers."""
    return [_operand(graph, names, i) for i in graph.nodes[node].operands]


def _operand(graph: Graph, names: Identifiers, node: int) -> Atom:
    constant = graph.nodes[node].constant
    return Atom(names.values[node]) if constant is None else Atom(graph.nodes[node].name, constant)


def signature(graph: Graph, names: Identifiers, name: str) -> list[str]:
    """Return the def line of a function of the inputs; those with a default of the program's come last."""
    bare = [names.values[i] for i in graph.inputs if graph.nodes[i].name not in graph.defaults]
    given = [
        f"{names.values[i]}={graph.defaults[graph.nodes[i].name]!r}"
        for i in graph.inputs
        if graph.nodes[i].name in graph.defaults
    ]
    return bracketed(f"def {name}(", [*bare, *given], "):")


def gradient_dict(graph: Graph, value: str, gradients: Sequence[str]) -> list[str]:
    """Return the return line of a function: the value and a dict of gradients."""
    entries = [f'"{graph.nodes[i].name}": {text}' for i, text in zip(graph.inputs, gradients, strict=True)]
    return bracketed(f"return {value}, {{", entries, "}")


def print_lines(graph: Graph, value: str, gradients: Sequence[str]) -> list[str]:
    """Return the lines that print the output and its gradients."""
    f = graph.output_name
    lines = [f'print(f"{f} = {{{value}}}")']
    return lines + [
        f'print(f"d{f}/d{graph.nodes[i].name} = {{{text}}}")' for i, text in zip(graph.inputs, gradients, strict=True)
    ]


def bracketed(head: str, items: Sequence[str], tail: str) -> list[str]:
    """Return a bracket with its items on one line, or one item a line if that is long."""
    line = f"{head}{', '.join(items)}{tail}"
    return [line] if len(line) <= LONGEST else [head, *(f"{INDENT}{item}," for item in items), tail]


def indented(lines: Sequence[str]) -> list[str]:
    """Return lines one level further in."""
    return [f"{INDENT}{line}" if line else line for line in lines]


def _in_words(graph: Graph, node: int) -> str:
    gate, inside = graph.nodes[node].gate, graph.nodes[node].operands
    assert gate
    atoms = [leaf(graph.nodes[i]) for i in inside]
    return show(forward(gate, atoms, Atom(""), mathematics=True), TEXT)


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() or c.isspace() else "?" for c in text).split())
