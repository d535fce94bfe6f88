"""What a figure says: shapes (circles, boxes, dots), the edges between them, and the labels beside each edge.

A Diagram knows no DOT, no theme and no point size: `describe` makes it from a graph or a trace, the modules hiding,
wire_labels, folding, cutting, flow and paths change it, and dot writes it down. A diagram without numbers has the same
shapes and edges as one with them; its labels are blank. Every id is a valid XML id, the same on every run, and made
of the name that it stands for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.figure.lettering import LONGEST_NAME, raise_exponent, subscript
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.gates import list_operands
from bpviz.graph import Graph, Wire, leaf, write_operand
from bpviz.noise import say_if_noise

# Kinds of shapes. AGAIN is the name of a value, written where a wire is cut; FOLD is a box that stands for several
# gates, STACK a name that stands for several inputs.
INPUT, CONSTANT, GATE, BRANCH, OUTPUT = "input", "constant", "gate", "branch", "output"
AGAIN, FOLD, STACK = "again", "fold", "stack"
# Kinds of edges, which are also their classes in an SVG.
WIRE, TRUNK, CONTRIBUTION, STUB = "wire", "wire trunk", "wire contribution", "wire stub"
# What a label is.
VALUE, GRADIENT, LOCAL = "value", "gradient", "local"
# The colours of an edge, by what they mean, and its patterns.
INK, POSITIVE, NEGATIVE, DRY = "ink", "positive", "negative", "dry"
SOLID, DASHED, DOTTED = "solid", "dashed", "dotted"
# The states of a label. It keeps its space in each of them, so that nothing in a figure moves when a number appears:
# a SHOWN, HIDDEN or NEW one the space of its number, a RULED one (an empty line to write on) and a FILLED one (the
# number on that line) more. An ABSENT one has no space: the figure was asked to leave that number out.
SHOWN, HIDDEN, NEW, RULED, FILLED, ABSENT = "shown", "hidden", "new", "ruled", "filled", "absent"


class Shape(NamedTuple):
    """A circle, a box or a dot.

    name and operation are written in it; each may be empty. title is its tooltip. node is the graph's node that it
    stands for; that of a branch dot is the node that branches. step is its number "(3)", where a figure shows steps.
    An ordered gate has its wires arrive in the order of its operands, because x − y is not y − x.
    """

    id: str
    kind: str
    name: str
    operation: str
    title: str
    node: int
    highlighted: bool = False
    step: str = ""
    ordered: bool = False


class Label(NamedTuple):
    """A number or a few words beside an edge: its role is VALUE, GRADIENT or LOCAL. A blank figure has empty texts."""

    text: str
    role: str
    state: str = SHOWN


class LineStyle(NamedTuple):
    """How an edge is drawn: its width in points, the meaning of its colour, and its pattern."""

    width: float = 1.0
    colour: str = INK
    pattern: str = SOLID


PLAIN = LineStyle()
NO_PORT = Label("", LOCAL, ABSENT)


class Edge(NamedTuple):
    """A line between two shapes: a wire of the graph, the trunk from a node to its branch dot, or the output's stub.

    The label before stands left of the line or above it, after stands right of it or below it, and port where the
    line enters its target: the local gradient. node is the one whose value the edge carries. wire is the wire of the
    graph that it draws, or None for a trunk and the stub.
    """

    id: str
    kind: str
    source: str
    target: str
    before: Label
    after: Label
    title: str
    node: int
    wire: Wire | None = None
    port: Label = NO_PORT
    line_style: LineStyle = PLAIN


class Legend(NamedTuple):
    """What stands under a figure: lines of words and of samples of edges, and a table of words."""

    lines: tuple[tuple[LineStyle | str, ...], ...]
    rows: tuple[tuple[str, ...], ...] = ()


class Diagram(NamedTuple):
    """All shapes and edges of a figure, and its legend if it has one.

    inputs are the ids of shapes that stand in a row, in this order. Inputs that are floating do not: each stands by
    its gate. rows are the ids of the shapes in each row of a figure that has several. A large diagram also has the
    number of wires that were cut, and its depth: the length of its longest path.
    """

    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]
    inputs: tuple[str, ...]
    legend: Legend | None = None
    floating: Collection[str] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    wires_cut: int = 0
    depth: int = 0


class Stage(NamedTuple):
    """What of a diagram one slide or sheet shows.

    states has the state of a label by the id of its edge and its role; a label that is not in it is SHOWN. highlighted
    has ids of shapes. With steps, every gate shows its number.
    """

    states: Mapping[tuple[str, str], str]
    highlighted: Collection[str] = ()
    steps: bool = False


def describe(graph: Graph, trace: Trace | None, rounding: Rounding, *, labels: str, branch: bool) -> Diagram:
    """Describe a graph as a diagram, with the numbers of a trace or blank.

    labels is what stands in a circle: "name", "op" or "both". With branch, a value that feeds several wires branches
    at a dot; otherwise its wires all begin at its own shape.
    """
    ids = _make_ids(graph)
    branching = (i for i, wires in enumerate(graph.wires_from) if branch and len(wires) > 1)
    texts = NodeTexts(graph, trace, rounding, ids, {i: f"branch-{strip_kind(ids[i])}" for i in branching})
    shapes, edges = _describe_shapes(texts, labels), _describe_edges(texts)
    return Diagram(tuple(shapes), tuple(edges), tuple(ids[i] for i in graph.inputs))


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

    def labels(self, node: int, gradient: str) -> tuple[Label, Label]:
        """Write the labels of an edge that carries a node's value forward, and a gradient back."""
        return Label(self.value(node), VALUE), Label(gradient, GRADIENT)

    def edge_title(self, node: int, target: str, gradient: str) -> str:
        """Return an edge's tooltip: "x → num: value 3, gradient 0.512", or as much of it as there is."""
        numbers = f": value {self.say_value(node)}, gradient {gradient}" if self.trace else ""
        return f"{self.name(node)}{target}{numbers}"


def _describe_shapes(texts: NodeTexts, labels: str) -> Iterator[Shape]:
    """Yield the inputs, the constants that are drawn, the gates in step order, the branch dots and the output."""
    graph, output = texts.graph, texts.graph.output
    for i in graph.inputs:
        yield Shape(texts.ids[i], INPUT, texts.name(i), "", texts.title(i), i)
    for i, node in enumerate(graph.nodes):
        if node.constant is not None and (graph.wires_from[i] or i == output):
            name = leaf(node, texts.rounding).text
            yield Shape(texts.ids[i], CONSTANT, name, "", f"the constant {name}", i)
    for i in graph.gate_ids:
        gate = graph.nodes[i].gate
        ordered = gate is not None and not gate.commutative and sum(1 for _ in graph.wires_into(i)) > 1
        name = "" if labels == "op" else texts.name(i)
        symbol = "" if labels == "name" else write_operation(graph, i, texts.rounding)
        yield Shape(texts.ids[i], GATE, name, symbol, texts.title(i), i, ordered=ordered)
    for i, dot in texts.dots.items():
        terms = " + ".join(map(texts.say_contribution, graph.wires_from[i])).replace("+ −", "− ")
        title = f"branch of {texts.name(i)}" + (f": gradient {texts.say_gradient(i)} = {terms}" if texts.trace else "")
        yield Shape(dot, BRANCH, "", "", title, i)
    name = subscript(graph.output_name)
    title = f"output {name}" + (f" = {texts.say_value(output)}" if texts.trace else "")
    yield Shape("output", OUTPUT, name, "", title, output)


def _describe_edges(texts: NodeTexts) -> Iterator[Edge]:
    """Yield the trunks, an edge for every operand of every gate, and the stub."""
    graph, ids = texts.graph, texts.ids
    for i, dot in texts.dots.items():  # a trunk carries the whole gradient
        total = texts.gradient(i)
        title = texts.edge_title(i, "", texts.say_gradient(i)) + (" in all" if texts.trace else "")
        yield Edge(f"trunk-{strip_kind(ids[i])}", TRUNK, ids[i], dot, *texts.labels(i, total), title, i)
    for wire in graph.wires():  # a wire carries its own contribution
        i, target, share = wire.source, ids[wire.target], texts.contribution(wire)
        kind = CONTRIBUTION if len(graph.wires_from[i]) > 1 else WIRE
        title = texts.edge_title(i, f" → {texts.name(wire.target)}", texts.say_contribution(wire))
        id_ = f"wire-{strip_kind(target)}-{wire.slot}"
        yield Edge(id_, kind, texts.dots.get(i, ids[i]), target, *texts.labels(i, share), title, i, wire)
    i, gradient = graph.output, texts.gradient(graph.output)  # the 1 that the backward pass starts from
    title = texts.edge_title(i, f" → {subscript(graph.output_name)}", gradient)
    yield Edge("wire-output", STUB, ids[i], "output", *texts.labels(i, gradient), title, i)


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


def strip_kind(id_: str) -> str:
    """Return an id without its kind: "num" for "gate-num"."""
    return id_.partition("-")[2]


def _make_ids(graph: Graph) -> tuple[str, ...]:
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
