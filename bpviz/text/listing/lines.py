"""Lines of code with their comments in a column, and what every Python listing has: head, signature, values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import columns
from bpviz.formula.printing import TEXT, leaf, show
from bpviz.formula.statements import statements
from bpviz.formula.tree import Atom, Formula, forward, forwards, slopes
from bpviz.graph import Graph, Wire
from bpviz.text.listing.dialects import Dialect
from bpviz.text.listing.exactness import Choice, choose, evaluate, mistake_of
from bpviz.text.listing.identifiers import Identifiers

WIDEST = 56  # a line of more columns keeps its comment to itself instead of pushing all the others out
LONGEST = 88  # a signature or a dict of more columns is written one name a line
INDENT = "    "


class Line(NamedTuple):
    """A line of code and the comments behind it and above it; is_number where it holds at the trace's point only."""

    code: str
    comment: str = ""
    above: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Staging:
    """What is needed to write any line of a listing, and which of a gate's formulas it is to have at the point."""

    graph: Graph
    trace: Trace | None
    names: Identifiers
    dialect: Dialect

    def operands(self, node: int) -> list[Atom]:
        """Return the operands of a gate for a formula, by their identifiers."""
        return [self.operand(i) for i in self.graph.nodes[node].operands]

    def operand(self, node: int) -> Atom:
        """Return an input, a gate or a constant for a formula."""
        constant = self.graph.nodes[node].constant
        return Atom(self.names.values[node]) if constant is None else Atom(self.graph.nodes[node].name, constant)

    @cached_property
    def forward(self) -> dict[int, Choice]:
        """Return the formula of each gate, by id."""
        return {i: self._forward(i) for i in self.graph.gate_ids}

    @cached_property
    def computed(self) -> dict[int, float]:
        """Return what the line of each gate gives at the trace's operands, by id."""
        return {i: evaluate(formula, self.at(i)) for i, (formula, _) in self.forward.items()}

    def _forward(self, node: int) -> Choice:
        gate, output = self.graph.nodes[node].gate, Atom(self.names.values[node])
        assert gate
        if any(f"{function}(" in gate.math for function in self.dialect.own):
            return Choice(forward(gate, self.operands(node), output, mathematics=True))
        formulas = forwards(gate, self.operands(node), output)
        if self.trace is None:
            return Choice(formulas[0])
        if self.dialect.own:  # it differentiates this line itself, so a number may not stand in it
            return self._differentiable(node, formulas)
        return choose(formulas, self.at(node), self.trace.values[node])

    def slope(self, wire: Wire) -> Choice:
        """Return the formula of a local gradient."""
        gate, output = self.graph.nodes[wire.target].gate, Atom(self.names.values[wire.target])
        assert gate
        formulas = slopes(gate, wire.slot, self.operands(wire.target), output)
        if self.trace is None:
            return Choice(formulas[0])
        at = self.at(wire.target)
        at[output.text] = self.computed[wire.target]
        return choose(formulas, at, self.trace.local[wire.target][wire.slot])

    def at(self, node: int) -> dict[str, float]:
        """Return the values of a gate's operands, and its own, by their identifiers."""
        assert self.trace
        inside = (i for i in (*self.graph.nodes[node].operands, node) if i in self.names.values)
        return {self.names.values[i]: self.trace.values[i] for i in inside}

    def _differentiable(self, node: int, formulas: list[Formula]) -> Choice:
        """Return the textbook's formula where it and its slopes are right, or else the other one."""
        assert self.trace
        gate, output, at = self.graph.nodes[node].gate, Atom(self.names.values[node]), self.at(node)
        assert gate
        mistakes = [mistake_of(formulas[0], at, self.trace.values[node])]
        for slot, exact in enumerate(self.trace.local[node]):
            mistakes.append(mistake_of(slopes(gate, slot, self.operands(node), output)[0], at, exact))
        return Choice(formulas[-1], next(filter(None, mistakes), "") if formulas[1:] else "")


def aligned(lines: Sequence[Line]) -> list[str]:
    """Return lines as text, the comments behind them in one column."""
    widths = [columns(line.code) for line in lines]
    column = max(
        (width for line, width in zip(lines, widths, strict=True) if line.comment and width <= WIDEST), default=0
    )
    written = []
    for line, width in zip(lines, widths, strict=True):
        written += [f"# {line.above}"] if line.above else []
        written.append(f"{line.code}{' ' * max(0, column - width)}  # {line.comment}" if line.comment else line.code)
    return written


def heading(graph: Graph, trace: Trace | None, names: Identifiers) -> list[str]:
    """Return the comments on top of a listing: the program, the names that had to change, what to know."""
    source = graph.source.strip()
    program = source if "=" in source else f"{graph.output_name} = {source}"
    short = "\n" not in source and len(statements(source)) == 1 and len(program) <= LONGEST
    notes = [*names.told, *(trace.warnings if trace else graph.warnings)]
    return [f"# {_one_line(text)}" for text in ([program] if short else []) + notes]


def forward_lines(say: Staging) -> list[Line]:
    """Return one line a gate, with its step number, and in words where its code does not show what it is."""
    graph, names, style = say.graph, say.names, say.dialect.style
    lines = [_forward_line(say, step, i) for step, i in enumerate(graph.gate_ids, start=1)]
    if not graph.nodes[graph.output].gate:
        lines.append(Line(f"{names.output} = {show(say.operand(graph.output), style)}"))
    return lines


def _forward_line(say: Staging, step: int, node: int) -> Line:
    gate, name, style = say.graph.nodes[node].gate, say.names.values[node], say.dialect.style
    assert gate
    formula, mistake = say.forward[node]
    words = f" {_in_words(say.graph, node)}" if "(" in gate.math else ""
    textbook = forwards(gate, say.operands(node), Atom(name))[0]
    return Line(
        f"{name} = {show(formula, style)}",
        f"({step}){words}",
        instead_of(show(textbook, style), mistake),
        bool(mistake) and isinstance(formula, Atom),
    )


def instead_of(textbook: str, mistake: str) -> str:
    """Return what to say above a line that is not the textbook's; nothing where it is."""
    return f"instead of {textbook}, which {mistake}" if mistake else ""


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
