"""Write other labels on wires than the usual ones: local gradients, the chain rule or names, in numbers or symbols.

The usual labels, a value and a gradient, are written by `describe` (figure/description.py). The shapes and the edges of
the diagram stay the same here. How a label looks is the work of figure/html_labels.py.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.figure.diagram import ABSENT, GRADIENT, LOCAL, NO_PORT, VALUE, Diagram, Edge, Label
from bpviz.figure.lettering import subscript
from bpviz.formula.numerals import Rounding, number
from bpviz.graph import Graph, Wire

VALUES, GRADIENTS, LOCALS, CHAIN, NAMES, SHAPES = "values", "gradients", "local", "chain", "names", "shapes"
SHOW = (VALUES, GRADIENTS, LOCALS, CHAIN, NAMES)
SHOW_OF_VECTORS = (*SHOW, SHAPES)
USUAL = (VALUES, GRADIENTS)
MOST_TERMS = 4  # of a branch's sum, beside its wire
LONGEST_FORMULA = 24  # characters of a local gradient's formula; a longer one is written ∂z/∂a
PENCIL = "\N{NO-BREAK SPACE}" * 14  # space for a number behind its name, where it is written by hand


def parse_show(show: str | Collection[str]) -> tuple[str, ...]:
    """Return what wires are to show, from a list or from words with commas; raise UsageError for an unknown word.

    >>> parse_show("names, values")
    ('values', 'names')
    """
    words = [word.strip() for word in show.split(",")] if isinstance(show, str) else list(show)
    for word in words:
        if word not in SHOW_OF_VECTORS:
            hint = f"choose some of {', '.join(SHOW_OF_VECTORS)}, with commas between"
            raise UsageError(f"a wire cannot show {word}" if word else "nothing is to be shown", hint=hint)
    return tuple(word for word in SHOW_OF_VECTORS if word in words)


def label_wires(
    diagram: Diagram,
    graph: Graph,
    trace: Trace | None,
    rounding: Rounding,
    *,
    show: str | Collection[str] = USUAL,
    symbolic: bool = False,
) -> Diagram:
    """Write the labels that are asked for; with symbolic, symbols stand in place of numbers.

    Raises UsageError for an unknown word in show, and for numbers that a figure without values does not have.
    """
    wanted = parse_show(show)
    if wanted == USUAL and not symbolic:
        return diagram
    for word in (LOCALS, CHAIN):
        if word in wanted and trace is None and not symbolic:
            raise UsageError(f"a figure without values shows no {word}", hint="give the inputs values, or --symbolic")
    writer = LabelWriter(graph, trace, rounding, wanted, symbolic)
    return diagram._replace(edges=tuple(writer.label(edge) for edge in diagram.edges))


class LabelWriter(NamedTuple):
    """Writes the labels of one figure: `before` the wire, `after` it, and at its `port`."""

    graph: Graph
    trace: Trace | None
    rounding: Rounding
    show: tuple[str, ...]
    symbolic: bool

    def label(self, edge: Edge) -> Edge:
        """Write all labels of an edge. If it has only one at its port, that one stands beside its middle."""
        if edge.before.state == edge.after.state == ABSENT:  # of a vector that was typed
            return edge
        before, after, port = self.write_before(edge), self.write_after(edge), self.write_port(edge)
        if before.state == after.state == ABSENT:
            after, port = port, NO_PORT
        return edge._replace(before=before, after=after, port=port)

    def write_before(self, edge: Edge) -> Label:
        """Write the value, the name, or "name = value"."""
        name = self._name(edge.node)
        if self.symbolic or VALUES not in self.show:
            is_named = NAMES in self.show or (self.symbolic and VALUES in self.show)
            return Label(name, VALUE) if is_named else Label("", VALUE, ABSENT)
        if NAMES not in self.show:
            return edge.before
        if edge.before.grid:
            return edge.before._replace(grid=edge.before.grid._replace(prefix=f"{name} = "))
        return Label(f"{name} = {edge.before.text or PENCIL}", VALUE)

    def write_after(self, edge: Edge) -> Label:
        """Write the gradient, or the product or sum of the chain rule that it comes from."""
        if CHAIN in self.show:
            return Label(self._write_chain_in_symbols(edge) if self.symbolic else self._write_chain(edge), GRADIENT)
        if GRADIENTS not in self.show:
            return Label("", GRADIENT, ABSENT)
        if not self.symbolic:
            return edge.after
        if edge.wire and len(self.graph.wires_from[edge.node]) > 1:
            return Label(self._write_product(edge.wire), GRADIENT)  # one share of ∂f/∂x, which has no symbol of its own
        return Label(self._write_partial(edge.node), GRADIENT)

    def write_port(self, edge: Edge) -> Label:
        """Write the local gradient as a factor: "×0.2"."""
        if LOCALS not in self.show or not edge.wire:
            return NO_PORT
        if not self.symbolic and self.trace:
            local = self.trace.local[edge.wire.target][edge.wire.slot]
            return Label(f"×{number(local, self.rounding)}", LOCAL)
        return Label(f"×{self._write_formula(edge.wire)}", LOCAL)

    def _name(self, node: int) -> str:
        graph = self.graph
        return subscript(graph.output_name if node == graph.output else graph.nodes[node].name)

    def _write_partial(self, node: int) -> str:
        return f"∂{self._name(self.graph.output)}/∂{self._name(node)}"

    def _write_slope(self, wire: Wire) -> str:
        return f"∂{self._name(wire.target)}/∂{self._name(wire.source)}"

    def _write_product(self, wire: Wire) -> str:
        return f"{self._write_partial(wire.target)} · {self._write_slope(wire)}"

    def _write_formula(self, wire: Wire) -> str:
        """Write a local gradient in symbols: its formula, or ∂z/∂a where that is long or no arithmetic."""
        from bpviz.formula.printing import SIGN, TEXT, show  # late: most figures need no formula
        from bpviz.formula.tree import Atom
        from bpviz.gates import fill_slope
        from bpviz.graph import leaf

        gate, operands = self.graph.nodes[wire.target].gate, self.graph.nodes[wire.target].operands
        assert gate
        atoms = [leaf(self.graph.nodes[i], self.rounding) for i in operands]
        atoms = [atom._replace(text=subscript(atom.text)) if atom.value is None else atom for atom in atoms]
        text = show(fill_slope(gate, wire.slot, atoms, Atom(self._name(wire.target))), TEXT, SIGN)
        return text if len(text) <= LONGEST_FORMULA and "[" not in text else self._write_slope(wire)

    def _write_chain_in_symbols(self, edge: Edge) -> str:
        graph, name = self.graph, self._write_partial(edge.node)
        wires = graph.wires_from[edge.node]
        if edge.wire:
            product = self._write_product(edge.wire)
            return product if len(wires) > 1 else f"{name} = {product}"
        if edge.node == graph.output and len(wires) < 2:
            return f"{name} = 1"
        if not wires or len(wires) > MOST_TERMS:
            return name
        return f"{name} = {' + '.join(map(self._write_product, wires))}"

    def _write_chain(self, edge: Edge) -> str:
        """Write upstream × local = downstream, or at a branch the sum; ≈ where the rounded numbers do not give it."""
        trace, graph = self.trace, self.graph
        assert trace
        if wire := edge.wire:
            factors = (trace.gradients[wire.target], trace.local[wire.target][wire.slot])
            return self._write_equation("*", factors, trace.downstream[wire.target][wire.slot])
        wires = graph.wires_from[edge.node]
        is_sum = edge.id.startswith("trunk") and len(wires) <= MOST_TERMS
        if not is_sum:
            return edge.after.text
        terms = [trace.downstream[wire.target][wire.slot] for wire in wires]
        return self._write_equation("terms", terms, trace.gradients[edge.node])

    def _write_equation(self, operator: str, parts: Sequence[float], result: float) -> str:
        from bpviz.formula.printing import TEXT, show
        from bpviz.formula.tree import Atom, Term  # late: most figures need no formula
        from bpviz.text.printed_arithmetic import holds_as_printed

        atoms = tuple(Atom(number(part, self.rounding), part) for part in parts)
        term = Term(operator, atoms)
        outcome = Atom(number(result, self.rounding), result)
        sign = "=" if holds_as_printed(term, outcome, self.rounding) else "≈"
        written = " × ".join(part.text for part in atoms) if operator == "*" else show(term, TEXT)
        return f"{written} {sign} {outcome.text}"
