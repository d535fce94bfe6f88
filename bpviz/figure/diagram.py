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
from bpviz.formula.numerals import Rounding, number, write_as_typed
from bpviz.gates import list_operands
from bpviz.graph import Graph, Node, Wire

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
    its gate. A large diagram also has the number of wires that were cut, and its depth: the length of its longest path.
    """

    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]
    inputs: tuple[str, ...]
    legend: Legend | None = None
    floating: Collection[str] = ()
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
    texts = NodeTexts(graph, trace, rounding, _make_ids(graph))
    shapes = [*_describe_nodes(texts, labels), *(_describe_dots(texts) if branch else ()), _describe_output(texts)]
    edges = [*(_describe_trunks(texts) if branch else ()), *_describe_wires(texts, branch), _describe_stub(texts)]
    return Diagram(tuple(shapes), tuple(edges), tuple(texts.ids[i] for i in graph.inputs))


class NodeTexts(NamedTuple):
    """The texts for a node: its id in the figure, its name and its numbers, which are empty in a blank figure."""

    graph: Graph
    trace: Trace | None
    rounding: Rounding
    ids: tuple[str, ...]

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
            words.append(subscript(self.graph.expression(node)))
        if self.trace and self.graph.nodes[node].constant is None:
            words.append(self.value(node))
        return " = ".join(words) + (f", gradient {self.gradient(node)}" if self.trace else "")

    def branches(self, node: int) -> bool:
        """Say whether a node feeds several wires."""
        return len(self.graph.wires_from[node]) > 1

    def dot_id(self, node: int) -> str:
        """Return the id of a node's branch dot."""
        return f"branch-{bare_id(self.ids[node])}"


def _describe_nodes(texts: NodeTexts, labels: str) -> Iterator[Shape]:
    """Yield the inputs in their order, then the constants that are drawn, then the gates in step order."""
    graph = texts.graph
    for i in graph.inputs:
        yield Shape(texts.ids[i], INPUT, texts.name(i), "", texts.title(i), i)
    for i, node in enumerate(graph.nodes):
        if node.constant is not None and (graph.wires_from[i] or i == graph.output):
            yield Shape(texts.ids[i], CONSTANT, _constant_text(node), "", f"the constant {node.name}", i)
    for i in graph.gate_ids:
        gate = graph.nodes[i].gate
        ordered = gate is not None and not gate.commutative and sum(1 for _ in graph.wires_into(i)) > 1
        name = "" if labels == "op" else texts.name(i)
        symbol = "" if labels == "name" else write_operation(graph, i)
        yield Shape(texts.ids[i], GATE, name, symbol, texts.title(i), i, ordered=ordered)


def _describe_dots(texts: NodeTexts) -> Iterator[Shape]:
    for i in range(len(texts.graph.nodes)):
        if texts.branches(i):
            terms = " + ".join(map(texts.contribution, texts.graph.wires_from[i])).replace("+ −", "− ")
            title = f"branch of {texts.name(i)}" + (f": gradient {texts.gradient(i)} = {terms}" if texts.trace else "")
            yield Shape(texts.dot_id(i), BRANCH, "", "", title, i)


def _describe_output(texts: NodeTexts) -> Shape:
    name, node = subscript(texts.graph.output_name), texts.graph.output
    title = f"output {name}" + (f" = {texts.value(node)}" if texts.trace else "")
    return Shape("output", OUTPUT, name, "", title, node)


def _describe_trunks(texts: NodeTexts) -> Iterator[Edge]:
    """Yield, for each node that branches, the edge from it to its dot, which carries the whole gradient."""
    for i in range(len(texts.graph.nodes)):
        if texts.branches(i):
            total = texts.gradient(i)
            title = texts.name(i) + (f": value {texts.value(i)}, gradient {total} in all" if texts.trace else "")
            id_ = f"trunk-{bare_id(texts.ids[i])}"
            yield _make_edge(texts, id_, TRUNK, texts.ids[i], texts.dot_id(i), i, total, title)


def _describe_wires(texts: NodeTexts, branch: bool) -> Iterator[Edge]:
    """Yield an edge for every operand of every gate; each carries its own contribution to the gradient."""
    for wire in texts.graph.wires():
        share = texts.contribution(wire)
        several = texts.branches(wire.source)
        source = texts.dot_id(wire.source) if branch and several else texts.ids[wire.source]
        target = texts.ids[wire.target]
        title = f"{texts.name(wire.source)} → {texts.name(wire.target)}" + (
            f": value {texts.value(wire.source)}, gradient {share}" if texts.trace else ""
        )
        id_, kind = f"wire-{bare_id(target)}-{wire.slot}", CONTRIBUTION if several else WIRE
        yield _make_edge(texts, id_, kind, source, target, wire.source, share, title, wire)


def _describe_stub(texts: NodeTexts) -> Edge:
    """Return the edge out of the output: its gradient is the 1 that the backward pass starts from."""
    i, name = texts.graph.output, subscript(texts.graph.output_name)
    numbers = f": value {texts.value(i)}, gradient {texts.gradient(i)}" if texts.trace else ""
    title = f"{texts.name(i)} → {name}{numbers}"
    return _make_edge(texts, "wire-output", STUB, texts.ids[i], "output", i, texts.gradient(i), title)


def _make_edge(
    texts: NodeTexts,
    id_: str,
    kind: str,
    source: str,
    target: str,
    node: int,
    gradient: str,
    title: str,
    wire: Wire | None = None,
) -> Edge:
    value, slope = Label(texts.value(node), VALUE), Label(gradient, GRADIENT)
    return Edge(id_, kind, source, target, value, slope, title, node, wire)


def write_operation(graph: Graph, node: int) -> str:
    """Write what a gate does, as it stands in its circle: "+", "×2", "x³", "max(·, 0)"."""
    gate, operands = graph.nodes[node].gate, graph.nodes[node].operands
    if gate is None:
        return ""
    if graph.folded_constant(node) is None:
        return gate.symbol
    nodes = [graph.nodes[i] for i in operands]
    constants = {slot: _constant_text(node) for slot, node in enumerate(nodes) if node.constant is not None}
    if len(gate.folded) == 1:
        return gate.folded[0].format(*(constants.get(slot, "·") for slot in range(len(operands))))
    slot, text = next(iter(constants.items()))
    template = gate.folded[slot] if len(operands) == 2 and len(constants) == 1 else ""
    if template:  # a power of ten in an exponent would need letters above those
        return raise_exponent(template.format(nodes[slot].name if "^" in template else text))
    return f"{gate.symbol}({list_operands(gate, [constants.get(slot, '·') for slot in range(len(operands))])})"


def _constant_text(node: Node) -> str:
    return node.name if node.constant is None else write_as_typed(node.name, node.constant)


def bare_id(id_: str) -> str:
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
