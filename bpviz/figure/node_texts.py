"""What a figure writes for each node of a graph: its name, its numbers, and what it is as a tooltip tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.figure.diagram import CONSTANT, GATE, GRADIENT, INPUT, VALUE, Label, Shape
from bpviz.figure.lettering import LONGEST_NAME, raise_exponent, subscript
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.gates import list_operands
from bpviz.graph import Graph, Wire, leaf, write_operand
from bpviz.noise import say_if_noise


class NodeTexts(NamedTuple):
    """The texts for a node: its id in the figure, its name and its numbers, which are empty in a blank figure.

    dots has the ids of branch dots, by the nodes that branch.
    """

    graph: Graph
    trace: Trace | None
    rounding: Rounding
    ids: tuple[str, ...]
    dots: Mapping[int, str]

    def name(self, node: int) -> str:
        """Return a node's name as it stands in the figure."""
        return subscript(self.graph.nodes[node].name)

    def value(self, node: int) -> str:
        """Return a node's value, rounded."""
        return number(self.trace.values[node], self.rounding) if self.trace else ""

    def gradient(self, node: int) -> str:
        """Return a node's gradient, rounded."""
        return number(self.trace.gradients[node], self.rounding) if self.trace else ""

    def summarize_gradient(self, node: int) -> str:
        """Return the end of a summary that began with ∂f/∂x: " = 3"."""
        return f" = {self.gradient(node)}"

    def contribution(self, wire: Wire) -> str:
        """Return what one wire adds to its source's gradient, rounded."""
        return number(self.trace.downstream[wire.target][wire.slot], self.rounding) if self.trace else ""

    def title(self, node: int) -> str:
        """Return a node's tooltip: "num = x + sigy = 3.02, gradient 0.512", or as much of it as there is."""
        words = [self.name(node)]
        if self.graph.nodes[node].gate:
            words.append(subscript(self.graph.expression(node, self.rounding)))
        if self.trace and self.graph.nodes[node].constant is None:
            words.append(self.say_value(node))
        return " = ".join(words).replace("= ≈", "≈ ") + (f", gradient {self.say_gradient(node)}" if self.trace else "")

    def say_value(self, node: int) -> str:
        """Return a node's value as tooltips tell it: "0 to rounding" where float64 has computed something else."""
        if not (self.trace and self.trace.unrounded):
            return self.value(node)
        return self.value(node) + say_if_noise(self.trace.values[node], self.trace.unrounded.values[node])

    def say_gradient(self, node: int) -> str:
        """Return a node's gradient as tooltips tell it."""
        if not (self.trace and self.trace.unrounded):
            return self.gradient(node)
        return self.gradient(node) + say_if_noise(self.trace.gradients[node], self.trace.unrounded.gradients[node])

    def say_contribution(self, wire: Wire) -> str:
        """Return what a wire adds to its source's gradient as tooltips tell it."""
        if not (self.trace and self.trace.unrounded):
            return self.contribution(wire)
        shown, computed = (each.downstream[wire.target][wire.slot] for each in (self.trace, self.trace.unrounded))
        return self.contribution(wire) + say_if_noise(shown, computed)

    def operation(self, node: int) -> str:
        """Return what a gate does, as it stands in its circle."""
        return write_operation(self.graph, node, self.rounding)

    def is_ordered(self, node: int) -> bool:
        """Say whether the order of a gate's wires matters."""
        gate = self.graph.nodes[node].gate
        return gate is not None and not gate.commutative and sum(1 for _ in self.graph.wires_into(node)) > 1

    def draw_constant(self, node: int) -> Shape:
        """Make the shape of a constant: its text, without a box."""
        name = leaf(self.graph.nodes[node], self.rounding).text
        return Shape(self.ids[node], CONSTANT, name, "", f"the constant {name}", node)

    def write_labels(self, node: int, wire: Wire | None = None) -> tuple[Label, Label]:
        """Write the labels of an edge: the node's value, and what the wire contributes or else the whole gradient."""
        gradient = self.contribution(wire) if wire else self.gradient(node)
        return Label(self.value(node), VALUE), Label(gradient, GRADIENT)

    def edge_title(self, node: int, target: str, gradient: str) -> str:
        """Return an edge's tooltip: "x → num: value 3, gradient 0.512", or as much of it as there is."""
        numbers = f": value {self.say_value(node)}, gradient {gradient}" if self.trace else ""
        return f"{self.name(node)}{target}{numbers}"


def write_operation(graph: Graph, node: int, rounding: Rounding = THREE_DIGITS) -> str:
    """Write what a gate does, as it stands in its circle: "+", "×2π", "x³", "max(·, 0)"."""
    gate, operands = graph.nodes[node].gate, graph.nodes[node].operands
    if gate is None:
        return ""
    if graph.folded_constant(node) is None:
        return gate.symbol
    constants = {slot: graph.nodes[i] for slot, i in enumerate(operands) if graph.nodes[i].constant is not None}
    slot = next(iter(constants))
    template = gate.folded[slot] if len(operands) == 2 and len(constants) == 1 else ""
    if len(gate.folded) == 1:
        template = gate.folded[0]
    elif template:
        return raise_exponent(template.format(write_operand(constants[slot], template, rounding)))
    written = ["·"] * len(operands)
    for slot, constant in constants.items():
        written[slot] = write_operand(constant, template, rounding)
    return template.format(*written) if template else f"{gate.symbol}({list_operands(gate, written)})"


def make_ids(graph: Graph) -> tuple[str, ...]:
    """Make a unique id for every node: its kind and its name, what XML forbids in it written as code points."""
    taken: dict[str, int] = {}
    ids = []
    for node in graph.nodes:
        slug = "".join(c if c.isalnum() or c == "_" else f".{ord(c):x}" for c in node.name[:LONGEST_NAME])
        taken[slug] = taken.get(slug, 0) + 1
        repeated = f".{taken[slug]}" if taken[slug] > 1 else ""
        kind = GATE if node.gate else INPUT if node.constant is None else CONSTANT
        ids.append(f"{kind}-{slug}{repeated}")
    return tuple(ids)
