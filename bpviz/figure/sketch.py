"""What a figure says: spots (circles, boxes, dots) and strands of wire between them, with the words on each.

Nothing here knows DOT, a colour or a point size; a sketch without a trace has the same spots and strands, its numbers
blank. Every id is a valid XML id, the same on every run, and made of the name that it stands for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.figure.lettering import LONGEST_NAME, subscripted, typeset
from bpviz.formula.numerals import Rounding, number, typed
from bpviz.gates import listed
from bpviz.graph import Graph, Node, Wire

INPUT, CONSTANT, GATE, BRANCH, OUTPUT = "input", "constant", "gate", "branch", "output"
AGAIN = "again"  # the name of a value from elsewhere, where a wire is cut
FOLD, STACK = "fold", "stack"  # gates closed into one box, and inputs drawn as one
WIRE, TRUNK, CONTRIBUTION, STUB = "wire", "wire trunk", "wire contribution", "wire stub"
VALUE, GRADIENT, LOCAL = "value", "gradient", "local"
INK, POSITIVE, NEGATIVE, DRY = "ink", "positive", "negative", "dry"
SOLID, DASHED, DOTTED = "solid", "dashed", "dotted"
# The states of a number. It has its room in each of them, so that no figure moves when a number appears: SHOWN and
# HIDDEN have that of the number, RULED (an empty line to write on) and FILLED (the number on that line) more.
# ABSENT has none: the figure was asked to leave that number out.
SHOWN, HIDDEN, NEW, RULED, FILLED, ABSENT = "shown", "hidden", "new", "ruled", "filled", "absent"


class Spot(NamedTuple):
    """A circle, a box or a dot. name and operation stand in it, each of which may be empty; lit is highlighted.

    node is what it stands for in the graph: of a branch dot the node that branches. step is its number, where a figure
    tells it. ordered says that its wires arrive in the order of their slots: x − y is not y − x.
    """

    id: str
    kind: str
    name: str
    operation: str
    title: str
    node: int
    lit: bool = False
    step: str = ""
    ordered: bool = False


class Mark(NamedTuple):
    """A number on a wire, empty in a blank figure, what it is, a VALUE or a GRADIENT, and in which state."""

    text: str
    role: str
    state: str = SHOWN


class Course(NamedTuple):
    """How a wire is drawn: its width in points, a colour by what it means, and whether the line is broken."""

    width: float = 1.0
    tone: str = INK
    pattern: str = SOLID


PLAIN = Course()
NO_PORT = Mark("", LOCAL, ABSENT)


class Strand(NamedTuple):
    """A stretch of wire between two spots: before stands left of it or above it, after right of it or below it.

    node is whose value it carries, and wire which wire of the graph it is: None for a trunk and for the stub. port
    stands where it enters its target: the local gradient there.
    """

    id: str
    kind: str
    source: str
    target: str
    before: Mark
    after: Mark
    title: str
    node: int
    wire: Wire | None = None
    port: Mark = NO_PORT
    course: Course = PLAIN


class Legend(NamedTuple):
    """What stands under a figure: lines of words and samples of wires, and rows of words in columns."""

    lines: tuple[tuple[Course | str, ...], ...]
    rows: tuple[tuple[str, ...], ...] = ()


class Sketch(NamedTuple):
    """All spots and strands, and perhaps a legend; inputs are the ids of spots that stand in this order.

    Those that are afloat do not: they stand by their gates. Of a large figure cut is how many wires are cut, and deep
    how many follow one another at most (views.cuts).
    """

    spots: tuple[Spot, ...]
    strands: tuple[Strand, ...]
    inputs: tuple[str, ...]
    legend: Legend | None = None
    afloat: Collection[str] = ()
    cut: int = 0
    deep: int = 0


class Stage(NamedTuple):
    """What of a figure is to be seen: the state of the numbers by strand and role, and the spots that are lit, by id.

    A number that is not named is shown. steps says whether gates tell their step.
    """

    marks: Mapping[tuple[str, str], str]
    lit: Collection[str] = ()
    steps: bool = False


class Sayings(NamedTuple):
    """What is needed to name and number a node: the graph, its ids in the figure, the trace, and the rounding."""

    graph: Graph
    trace: Trace | None
    rounding: Rounding
    ids: tuple[str, ...]

    def value(self, node: int) -> str:
        """Return a node's value, rounded, or nothing in a blank figure."""
        return number(self.trace.values[node], self.rounding) if self.trace else ""

    def gradient(self, node: int) -> str:
        """Return a node's gradient, rounded, or nothing."""
        return number(self.trace.gradients[node], self.rounding) if self.trace else ""

    def contribution(self, wire: Wire) -> str:
        """Return what one wire brings to its source's gradient, rounded, or nothing."""
        return number(self.trace.downstream[wire.target][wire.slot], self.rounding) if self.trace else ""

    def name(self, node: int) -> str:
        """Return a node's name as it stands in the figure."""
        return subscripted(self.graph.nodes[node].name)

    def equation(self, node: int) -> str:
        """Return "num = x + sigy = 3.02", or as much of it as there is."""
        words = [self.name(node)]
        if self.graph.nodes[node].gate:
            words.append(subscripted(self.graph.expression(node)))
        if self.trace and self.graph.nodes[node].constant is None:
            words.append(self.value(node))
        return " = ".join(words)

    def branches(self, node: int) -> bool:
        """Return whether a node feeds several wires."""
        return len(self.graph.wires_from[node]) > 1


def sketch(graph: Graph, trace: Trace | None, rounding: Rounding, *, labels: str, branch: bool) -> Sketch:
    """Return the sketch of a graph; labels is one of name, op and both, branch whether branch dots are drawn."""
    say = Sayings(graph, trace, rounding, _ids(graph))
    spots = [*_spots(say, labels), *(_dots(say) if branch else ()), _output_spot(say)]
    strands = [*(_trunks(say) if branch else ()), *_wires(say, branch), _stub(say)]
    return Sketch(tuple(spots), tuple(strands), tuple(say.ids[i] for i in graph.inputs))


def staged(said: Sketch, stage: Stage) -> Sketch:
    """Return a sketch in the states of a stage: the same spots, strands and rooms."""

    def marked(id_: str, mark: Mark) -> Mark:
        return mark._replace(state=stage.marks.get((id_, mark.role), SHOWN))

    gates = (spot.id for spot in said.spots if spot.kind == GATE)  # in step order
    steps = {gate: f"({step})" for step, gate in enumerate(gates, start=1)} if stage.steps else {}
    spots = tuple(spot._replace(lit=spot.id in stage.lit, step=steps.get(spot.id, "")) for spot in said.spots)
    strands = tuple(
        strand._replace(before=marked(strand.id, strand.before), after=marked(strand.id, strand.after))
        for strand in said.strands
    )
    return said._replace(spots=spots, strands=strands)


def operation(graph: Graph, node: int) -> str:
    """Return what a gate does, as it stands on its circle: "+", "×2", "x³", "max(·, 0)"."""
    gate, operands = graph.nodes[node].gate, graph.nodes[node].operands
    if gate is None:
        return ""
    if graph.folded(node) is None:
        return gate.symbol
    nodes = [graph.nodes[i] for i in operands]
    constants = {slot: _constant(node) for slot, node in enumerate(nodes) if node.constant is not None}
    slot, text = next(iter(constants.items()))
    template = gate.folded[slot] if len(operands) == 2 and len(constants) == 1 else ""
    if template:  # a power of ten in an exponent would need letters above those
        return typeset(template.format(nodes[slot].name if "^" in template else text))
    return f"{gate.symbol}({listed(gate, [constants.get(slot, '·') for slot in range(len(operands))])})"


def _constant(node: Node) -> str:
    return node.name if node.constant is None else typed(node.name, node.constant)


def _spots(say: Sayings, labels: str) -> Iterator[Spot]:
    """Yield the circles and boxes of a graph: inputs in their order, then constants that are drawn, then gates."""
    graph = say.graph
    for i in graph.inputs:
        yield Spot(say.ids[i], INPUT, say.name(i), "", _with_gradient(say, i), i)
    for i, node in enumerate(graph.nodes):
        if node.constant is not None and (graph.wires_from[i] or i == graph.output):
            yield Spot(say.ids[i], CONSTANT, _constant(node), "", f"the constant {node.name}", i)
    for i in graph.gate_ids:
        name, symbol = "" if labels == "op" else say.name(i), "" if labels == "name" else operation(graph, i)
        yield Spot(say.ids[i], GATE, name, symbol, _with_gradient(say, i), i, ordered=_is_ordered(graph, i))


def _is_ordered(graph: Graph, node: int) -> bool:
    gate = graph.nodes[node].gate
    return gate is not None and not gate.commutative and sum(1 for _ in graph.wires_into(node)) > 1


def _dots(say: Sayings) -> Iterator[Spot]:
    for i in range(len(say.graph.nodes)):
        if say.branches(i):
            terms = " + ".join(map(say.contribution, say.graph.wires_from[i])).replace("+ −", "− ")
            title = f"branch of {say.name(i)}" + (f": gradient {say.gradient(i)} = {terms}" if say.trace else "")
            yield Spot(_dot_id(say, i), BRANCH, "", "", title, i)


def _output_spot(say: Sayings) -> Spot:
    name, node = subscripted(say.graph.output_name), say.graph.output
    title = f"output {name}" + (f" = {say.value(node)}" if say.trace else "")
    return Spot("output", OUTPUT, name, "", title, node)


def _trunks(say: Sayings) -> Iterator[Strand]:
    """Yield, for each node that branches, the wire from it to its dot: it carries the total."""
    for i in range(len(say.graph.nodes)):
        if say.branches(i):
            total = say.gradient(i)
            title = f"{say.name(i)}" + (f": value {say.value(i)}, gradient {total} in all" if say.trace else "")
            yield _strand(say, f"trunk-{_bare(say.ids[i])}", TRUNK, say.ids[i], _dot_id(say, i), i, total, title)


def _wires(say: Sayings, branch: bool) -> Iterator[Strand]:
    """Yield a strand for every operand of every gate: each carries its own contribution."""
    for wire in say.graph.wires():
        share = say.contribution(wire)
        several = say.branches(wire.source)
        source = _dot_id(say, wire.source) if branch and several else say.ids[wire.source]
        title = f"{say.name(wire.source)} → {say.name(wire.target)}" + (
            f": value {say.value(wire.source)}, gradient {share}" if say.trace else ""
        )
        id_ = f"wire-{_bare(say.ids[wire.target])}-{wire.slot}"
        kind = CONTRIBUTION if several else WIRE
        yield _strand(say, id_, kind, source, say.ids[wire.target], wire.source, share, title, wire)


def _stub(say: Sayings) -> Strand:
    """Return the wire out of the output: the gradient on it is the 1 that the backward pass starts from."""
    i, name = say.graph.output, subscripted(say.graph.output_name)
    title = f"{say.name(i)} → {name}" + (f": value {say.value(i)}, gradient {say.gradient(i)}" if say.trace else "")
    return _strand(say, "wire-output", STUB, say.ids[i], "output", i, say.gradient(i), title)


def _strand(
    say: Sayings,
    id_: str,
    kind: str,
    source: str,
    target: str,
    carried: int,
    gradient: str,
    title: str,
    wire: Wire | None = None,
) -> Strand:
    marks = Mark(say.value(carried), VALUE, SHOWN), Mark(gradient, GRADIENT, SHOWN)  # no defaults: a third of the time
    return Strand(id_, kind, source, target, *marks, title, carried, wire, NO_PORT, PLAIN)


def _with_gradient(say: Sayings, node: int) -> str:
    return say.equation(node) + (f", gradient {say.gradient(node)}" if say.trace else "")


def _dot_id(say: Sayings, node: int) -> str:
    return f"branch-{_bare(say.ids[node])}"


def _bare(id_: str) -> str:
    return id_.partition("-")[2]


def _ids(graph: Graph) -> tuple[str, ...]:
    """Return a unique id for every node: its kind and its name, what XML forbids in it written as code points."""
    taken: dict[str, int] = {}
    ids = []
    for node in graph.nodes:
        slug = "".join(c if c.isalnum() or c == "_" else f".{ord(c):x}" for c in node.name[:LONGEST_NAME])
        taken[slug] = taken.get(slug, 0) + 1
        repeated = f".{taken[slug]}" if taken[slug] > 1 else ""
        kind = GATE if node.gate else INPUT if node.constant is None else CONSTANT
        ids.append(f"{kind}-{slug}{repeated}")
    return tuple(ids)
