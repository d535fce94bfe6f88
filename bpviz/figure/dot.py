"""Write a diagram as DOT text that a person can read.

An edge is written as source -> label node -> target. The label node is a table of three cells (number, line, number),
made in figure/html_labels.py; its middle cell is the line, and the two segments of the edge end at its port, so that
there is no seam whatever the numbers measure. Graphviz keeps nodes and what passes by apart, and so every number from
every other thing: its own labels of edges have no such promise.

Lengths here are points of the finished figure; in the DOT all are MAGNIFICATION times as large, and dpi takes it back,
since Graphviz measures large letters exactly and small ones to the point.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from graphviz import Digraph

from bpviz.figure.diagram import (
    ABSENT,
    AGAIN,
    BRANCH,
    CONSTANT,
    CONTRIBUTION,
    FOLD,
    GATE,
    INK,
    INPUT,
    LOCAL,
    PLAIN,
    STACK,
    VALUE,
    WIRE,
    Diagram,
    Edge,
    Label,
    Shape,
)
from bpviz.figure.grid_labels import measure_grid, measure_label, write_grid
from bpviz.figure.html_labels import (
    Ports,
    make_colour_list,
    make_edge_label,
    make_legend,
    make_ported_label,
    make_table,
    plan_ports,
)
from bpviz.figure.html_text import INCH, escape_html, inches, points
from bpviz.figure.lettering import LINE, Line, choose_diameter, fit, width
from bpviz.figure.theme import DOWN, LEFT, RIGHT, UP, Appearance, Theme
from bpviz.fonts import FAMILY, MAGNIFICATION

RANKDIR = {UP: "BT", DOWN: "TB", RIGHT: "LR", LEFT: "RL"}
# The sides of the line cell where an edge comes in and goes out, by direction.
ENTRY = {UP: ("s", "n"), DOWN: ("n", "s"), RIGHT: ("w", "e"), LEFT: ("e", "w")}
# How much shorter and straighter the two segments of an edge want to be than those (weight 1) that order the inputs.
# A number stands at its source; a contribution stands at the gate that it comes from.
LIGHT, MEDIUM, HEAVY = "8", "16", "64"
GROUPED = "1"  # between an input and its numbers: in a group Graphviz counts it a hundred times
WEIGHTS = {WIRE: (MEDIUM, LIGHT), CONTRIBUTION: (LIGHT, MEDIUM)}
MARGIN = 7.0  # points around the figure
PEN = 1.0  # points: how thick a wire, a circle and a box are drawn
ARROW = 0.5  # of Graphviz's arrowhead, which is 10 points long
SHARPER = 0.05  # of an arrowhead, for each point that its edge is wider
DOT = 5.0  # points across a branch dot
PASSING_ROOM = 3.0  # points that other wires leave before and behind a circle or a box, besides the gap between ranks
DOT_ROOM = 13.0  # points across the room that other wires leave it, lest they seem to be joined to it
BOX_HEIGHT, BOX_WIDTH = 24.0, 36.0  # points, at least
BOX_MARGIN = 9.0  # points between a name and the sides of its box
ROW_GAP = 10.0  # points between two rows of a figure, besides the gap between neighbours
RIVER_CIRCLES = 1.3  # points across a circle more for each that the widest edge is wider: edges end over its border
RIVER_RANK_GAP, RIVER_NODE_GAP = 24.0, 16.0  # points between ranks and neighbours, at least, where edges are wide
TURNING_ROOM = 1.6  # points more between ranks for each that the widest edge is wider: curves turn close to shapes
TITLE_GAP = 8.0  # points under a title, besides those few that Graphviz leaves
MOST_GATES_IN_ORDER = 12  # of more gates the inputs stand as the fewest wires cross
MANY_GATES = 600  # more are placed in a hurry
DEEP, ROUNDS, ROUNDS_IF_DEEP = 300, 1500, 300  # in how many rounds Graphviz betters their places
FEW_INPUTS, CROWDED = 6, 0.125  # inputs that need no more room between ranks, and the share that each more needs
MOST_INCHES_HIGH = 1000  # Graphviz wants a height with a width
UNMEASURED = 30.0  # points: the length of a segment before Graphviz has laid the figure out


def write_dot(diagram: Diagram, appearance: Appearance, lengths: Mapping[str, float] | None = None) -> str:
    """Write the DOT text of a diagram.

    lengths are those of the segments of edges in points, by their ids; they make all dashes of a figure equally long.
    """
    theme = appearance.theme
    dot = Digraph(graph_attr=_choose_graph_attributes(diagram, appearance))
    text = {"fontname": FAMILY, "fontsize": points(theme.name_size), "fontcolor": theme.ink, "color": theme.ink}
    dot.attr("node", id=r"\N", shape="circle", fixedsize="true", penwidth=points(PEN), **text)
    line = {"color": theme.ink, "penwidth": points(PEN), "arrowsize": points(ARROW), "arrowhead": "none"}
    dot.attr("edge", weight=LIGHT, **line)
    ports = plan_ports(diagram, appearance)
    # All circles have one size, so that none looks more important.
    gates = [shape for shape in diagram.shapes if shape.kind == GATE]
    least = theme.diameter if any(shape.name for shape in gates) else theme.symbol_diameter
    least += RIVER_CIRCLES * (_find_widest_line(diagram) - PEN)
    across = choose_diameter((plan_lines(shape, theme) for shape in gates), least)
    clearances = diagram.clearances
    if clearances is None:
        clearances = {shape.id: across + 2 * PASSING_ROOM for shape in gates if len(gates) > MOST_GATES_IN_ORDER}
    _write_inputs(dot, diagram, appearance)
    for shape in diagram.shapes:
        if shape.id in ports.boxes:
            dot.node(shape.id, **_choose_ported_attributes(shape, ports, appearance))
        elif shape.kind != INPUT or shape.id in diagram.floating:
            attributes = _choose_shape_attributes(shape, theme, across)
            if shape.id in clearances:
                attributes |= _make_clearance(attributes["label"], across, clearances[shape.id], appearance.direction)
            dot.node(shape.id, **attributes)

    dot.attr("node", shape="plain", fixedsize="false", fontsize=points(theme.number_size))
    writer = _EdgeWriter(dot, diagram, appearance, ports, lengths or {})
    for edge in ports.sort(diagram.edges) if diagram.floating else diagram.edges:
        writer.write(edge)
    if diagram.rows:
        _write_rows(dot, diagram, appearance.direction)
    return str(dot.source)


def is_hurried(diagram: Diagram) -> bool:
    """Say whether a figure is so large that Graphviz must place it in a hurry, in fewer rounds than it likes.

    The time that it takes to find the best places grows with the square of the gates: 4 to 8 s for 1,000.
    """
    return sum(shape.kind == GATE for shape in diagram.shapes) > MANY_GATES


def _choose_graph_attributes(diagram: Diagram, appearance: Appearance) -> dict[str, str]:
    theme = appearance.theme
    widest = _find_widest_line(diagram)
    crowd = 1 + CROWDED * min(max(0, len(diagram.inputs) - FEW_INPUTS), FEW_INPUTS)
    ranks_apart, nodes_apart = theme.rank_gap, theme.node_gap
    if widest > PEN:
        ranks_apart, nodes_apart = max(ranks_apart, RIVER_RANK_GAP), max(nodes_apart, RIVER_NODE_GAP)
    attributes = {
        "rankdir": RANKDIR[appearance.direction],
        "splines": "true",
        "nodesep": inches(nodes_apart + widest - PEN),
        "ranksep": inches(ranks_apart * crowd + TURNING_ROOM * (widest - PEN)),
        "pad": inches(MARGIN),
        "dpi": f"{INCH / MAGNIFICATION:g}",
        "bgcolor": "transparent" if appearance.transparent else theme.background,
        "fontname": FAMILY,
        "fontsize": points(theme.title_size),
        "fontcolor": theme.ink,
    }
    # A graph has one label: the title stands over its figure, and so does the legend then; else it stands under it.
    gap = f'<TR><TD HEIGHT="{points(TITLE_GAP)}"></TD></TR>'
    title = f"<TR><TD>{escape_html(appearance.title)}</TD></TR>" if appearance.title else ""
    legend = f"<TR><TD>{make_legend(diagram.legend, theme)}</TD></TR>" if diagram.legend else ""
    if legend:
        attributes |= {"label": f"<{make_table(title + legend + gap * bool(title), 2)}>", "outputorder": "edgesfirst"}
        attributes["labelloc"] = "t" if title else "b"
    elif title:
        attributes |= {"label": f"<{make_table(title + gap, 0)}>", "labelloc": "t"}
    if diagram.rows:
        attributes["newrank"] = "true"  # so that shapes of several clusters may stand on one rank
        attributes["margin"] = "0"  # a PDF's; the margin of the page also parts clusters, which are to stand still
    if is_hurried(diagram):  # Graphviz counts its rounds by its nodes, the label of an edge being one
        rounds = ROUNDS if diagram.depth < DEEP else ROUNDS_IF_DEEP
        attributes["nslimit"] = f"{rounds / (len(diagram.shapes) + len(diagram.edges)):.4f}"
    if appearance.width:
        attributes["size"] = f"{appearance.width * MAGNIFICATION:g},{MOST_INCHES_HIGH * MAGNIFICATION}!"
    return attributes


def _find_widest_line(diagram: Diagram) -> float:
    return max([PEN, *(edge.line_style.width for edge in diagram.edges)])


def _write_inputs(dot: Digraph, diagram: Diagram, appearance: Appearance) -> None:
    """Write the inputs on one rank. In a small figure edges that are not drawn keep them as the gates take them."""
    row = [id_ for id_ in diagram.inputs if id_ not in diagram.floating]
    with dot.subgraph() as rank:
        # were it the lowest rank, Graphviz would pull what stands in the place of each cut wire up from it, one by one
        rank.attr(rank="same" if is_hurried(diagram) else "source")
        for shape in diagram.shapes:
            if shape.id in row:
                rank.node(shape.id, **_choose_shape_attributes(shape, appearance.theme, 0.0))
        widest = _find_widest_line(diagram)
        if widest > PEN:  # edges turn close over the boxes: a taller one that is not drawn keeps wide ones off
            deep = inches(max(BOX_WIDTH, BOX_HEIGHT) + widest)
            wide, tall = ("0", deep) if appearance.direction in (UP, DOWN) else (deep, "0")
            rank.node("room", label="", shape="box", width=wide, height=tall, style="invis")
        gates = sum(shape.kind == GATE for shape in diagram.shapes)
        for before, after in pairwise(_list_as_used(diagram, row) if gates <= MOST_GATES_IN_ORDER else ()):
            rank.edge(before, after, style="invis", weight="1")


def _list_as_used(diagram: Diagram, row: Sequence[str]) -> list[str]:
    """List inputs as the gates take them, from the output down: in another order their wires would run along boxes."""
    sources: dict[str, list[str]] = {}
    for edge in diagram.edges:
        sources.setdefault(edge.target, []).append(edge.source)
    found: dict[str, None] = {}
    waiting = [diagram.edges[-1].target]
    while waiting:
        shape = waiting.pop()
        if shape not in found:
            found[shape] = None
            waiting += reversed(sources.get(shape, ()))
    return [shape for shape in found if shape in row]


def _write_rows(dot: Digraph, diagram: Diagram, direction: str) -> None:
    """Keep the rows of a figure apart and in order: each is a cluster, and what they begin with stands on one rank."""
    targets = {edge.target for edge in diagram.edges}
    order = 1 if direction in (UP, DOWN) else -1
    for k, row in list(enumerate(diagram.rows))[::order]:
        with dot.subgraph(name=f"cluster_row{k}") as cluster:
            cluster.attr(peripheries="0", label="", margin=points(ROW_GAP / 2))
            for id_ in row:
                cluster.node(id_)
            for edge in diagram.edges:
                if edge.source in row:
                    cluster.node(edge.id)
                    if edge.port.text:
                        cluster.node(f"{edge.id}-port")
    firsts = [next(id_ for id_ in row if id_ not in targets) for row in diagram.rows]
    dot.node("rows", label="", shape="box", width="0", height="0", style="invis", ordering="out")
    for first in firsts:
        dot.edge("rows", first, style="invis", weight="0")


# Shapes


def _choose_shape_attributes(shape: Shape, theme: Theme, across: float) -> dict[str, str]:
    """Choose the attributes of a dot, a circle or a box; across is the diameter of circles in points."""
    attributes = {"class": shape.kind}
    if shape.kind == BRANCH:
        room = make_table(
            f'<TR><TD FIXEDSIZE="TRUE" WIDTH="{points(DOT_ROOM)}" HEIGHT="{points(DOT_ROOM)}"></TD></TR>', 0
        )
        attributes |= {"width": inches(DOT), "fixedsize": "shape", "label": f"<{room}>"}
        return attributes | {"style": "filled", "fillcolor": theme.ink}
    if shape.kind == GATE:
        lines = fit(plan_lines(shape, theme), across)
        attributes |= {"width": inches(across), "label": f"<{_write_lines(lines, shape, theme)}>"}
        if shape.ordered:
            attributes["ordering"] = "in"
    elif shape.grid:
        wide, high = measure_grid(shape.grid, theme)
        label = f"<{write_grid(shape.grid, theme, theme.value)}>"
        size = {"width": inches(wide + 2), "height": inches(high + 2)}
        attributes |= {"shape": "plaintext", "fontsize": points(theme.number_size), "label": label, **size}
    else:
        lines = plan_lines(shape, theme)
        is_boxed = theme.boxes and shape.kind not in (CONSTANT, AGAIN, STACK)
        wide = _measure_width(lines)
        attributes |= {
            "shape": "box" if is_boxed or shape.kind == FOLD else "plaintext",
            "width": inches(max(BOX_WIDTH, wide + 2 * BOX_MARGIN) if is_boxed else wide + BOX_MARGIN),
            "height": inches(_measure_height(lines)),
            "label": f"<{_write_lines(lines, shape, theme)}>",
        }
        if shape.kind == FOLD:
            attributes["style"] = "rounded"
    if shape.highlighted:
        attributes |= {"style": "filled", "fillcolor": theme.highlight}
    return attributes


def _make_clearance(label: str, across: float, depth: float, direction: str) -> dict[str, str]:
    """Make the attributes of a circle that has room before and behind it, as deep as that: a label of that size."""
    wide, high = (across, depth) if direction in (UP, DOWN) else (depth, across)
    size = f'FIXEDSIZE="TRUE" WIDTH="{points(wide)}" HEIGHT="{points(high)}"'
    table = make_table(f"<TR><TD {size}>{label[1:-1]}</TD></TR>", 0)
    return {"fixedsize": "shape", "label": f"<{table}>"}


def _choose_ported_attributes(shape: Shape, ports: Ports, appearance: Appearance) -> dict[str, str]:
    """Choose the attributes of a box that has a port for each of its edges."""
    lines = plan_lines(shape, appearance.theme)
    words = _write_lines(lines, shape, appearance.theme)
    size = 2 * BOX_MARGIN + _measure_width(lines), _measure_height(lines)
    label = make_ported_label(ports.boxes[shape.id], words, size, appearance.direction)
    return {"class": shape.kind, "shape": "plain", "fixedsize": "false", "label": f"<{label}>"}


def plan_lines(shape: Shape, theme: Theme) -> tuple[Line, ...]:
    """Plan the lines of words in a shape, each with its size.

    A box has its name and, if it stands for several gates or inputs, how many they are. A circle has its step, if the
    figure shows steps, and its operation over its name, or the one of them that it has: the operation is what a lecture
    is about.
    """
    if shape.kind != GATE:
        lines = [Line(shape.name, theme.name_size), Line(shape.operation, theme.operation_size)]
    elif shape.name and shape.operation:
        lines = [Line(shape.operation, theme.name_size), Line(shape.name, theme.operation_size)]
    else:
        lines = [Line(shape.name, theme.name_size), Line(shape.operation, theme.symbol_size)]
    found = tuple(line for line in (Line(shape.step, theme.operation_size), *lines) if line.text)
    return found or (lines[0],)


def _measure_height(lines: Sequence[Line]) -> float:
    return BOX_HEIGHT + (lines[1].size * LINE if lines[1:] else 0.0)


def _measure_width(lines: Sequence[Line]) -> float:
    return max(width(line.text, line.size) for line in lines)


def _write_lines(lines: Sequence[Line], shape: Shape, theme: Theme) -> str:
    texts = []
    for line in lines:
        text = escape_html(line.text)
        is_usual = line.size == theme.name_size
        texts.append(text if is_usual else f'<FONT POINT-SIZE="{points(line.size)}">{text}</FONT>')
    if shape.kind == STACK:
        texts[-1] = f'<FONT COLOR="{theme.faint}">{texts[-1]}</FONT>'
    return "<BR/>".join(texts)


# Edges


class _EdgeWriter:
    """Writes edges into a DOT text, each as its label node and the segments to and from the line in it."""

    def __init__(
        self, dot: Digraph, diagram: Diagram, appearance: Appearance, ports: Ports, lengths: Mapping[str, float]
    ) -> None:
        self.dot, self.appearance, self.ports, self.lengths = dot, appearance, ports, lengths
        self.gates = {shape.id for shape in diagram.shapes if shape.kind == GATE}
        folds = {shape.id for shape in diagram.shapes if shape.kind == FOLD}
        with_inputs = {edge.target for edge in diagram.edges if edge.source in diagram.floating} & folds
        # Edges to a box that has its inputs beside it pass by these, which stand on a rank of their own.
        self.passing = {e.id for e in diagram.edges if e.target in with_inputs and e.source not in diagram.floating}
        inputs = {*diagram.inputs}.difference(() if diagram.grouped else diagram.floating)
        leaving = Counter(edge.source for edge in diagram.edges)
        # An input that has one edge is in a group with its numbers, so that Graphviz avoids to lead other edges between
        # them. At a folded box, ports keep its edges apart; a local gradient by itself stands at its gate.
        self.grouped = {
            edge.id
            for edge in diagram.edges
            if edge.source in inputs and leaving[edge.source] == 1
            if edge.target not in folds and edge.after.role != LOCAL
        }
        labels = (label for edge in diagram.edges for label in (edge.before, edge.after, edge.port))
        theme = appearance.theme
        is_across = appearance.direction in (LEFT, RIGHT)
        self.widest = max((measure_label(each, theme)[0] for each in labels), default=0.0) if is_across else 0.0

    def write(self, edge: Edge) -> None:
        """Write an edge; a label at its port is one more node, next to the gate, with one more segment between."""
        entry, leave = ENTRY[self.appearance.direction]
        labels = [edge.id]
        self._write_label(edge, edge.id, edge.kind)
        before, after = WEIGHTS.get(edge.kind, (HEAVY, HEAVY))
        segments = [("in", before), ("out", after)]
        if edge.after.role == LOCAL:
            segments = [("in", LIGHT), ("out", HEAVY)]
        if edge.port.text:
            labels.append(f"{edge.id}-port")
            self._write_label(keep_port_label(edge), labels[-1], f"{edge.kind} port")
            # a wire is long between its number and its port; the number of a contribution stands at the port
            between = MEDIUM if before == LIGHT else LIGHT
            segments = [("in", before), ("on", between), ("out", HEAVY)]

        if edge.id in self.passing:  # a contribution is straight at its box, another edge at the box that it comes from
            segments = [("in", LIGHT), ("out", HEAVY)] if edge.kind == CONTRIBUTION else [("in", HEAVY), ("out", LIGHT)]
        if edge.id in self.grouped:
            segments[0] = ("in", GROUPED)
            for end in (edge.source, edge.id):
                self.dot.node(end, group=edge.source)

        tails = [self.ports.find_start(edge, leave), *(f"{label}:w:{leave}" for label in labels)]
        heads = [*(f"{label}:w:{entry}" for label in labels), self.ports.find_end(edge, entry)]
        has_arrow = self.appearance.theme.arrows and edge.target in self.gates and edge.line_style.colour == INK
        for tail, head, (part, weight) in zip(tails, heads, segments, strict=True):
            attributes = {"id": f"{edge.id}-{part}", "weight": weight, "class": edge.kind}
            if part == "in" and edge.id in self.passing:
                attributes["minlen"] = "3" if edge.kind == CONTRIBUTION else "2"  # those from a dot fan out first
            if has_arrow and part == "out":
                attributes["arrowhead"] = "normal"
            style = edge.line_style
            if style != PLAIN:
                arrow = ARROW - SHARPER * (style.width - PEN)  # the pen goes round an arrowhead, too, and enlarges it
                length = self.lengths.get(f"{edge.id}-{part}", UNMEASURED)
                colours = make_colour_list(style, length, self.appearance.theme)
                attributes |= {"penwidth": points(style.width), "color": colours, "arrowsize": points(arrow)}
            self.dot.edge(tail, head, **attributes)

    def _write_label(self, edge: Edge, id_: str, class_: str) -> None:
        label = make_edge_label(edge, self.appearance, self.widest)
        self.dot.node(id_, label=f"<{label}>", **{"class": class_})


def keep_port_label(edge: Edge) -> Edge:
    """Return an edge that carries only the label at its port."""
    return edge._replace(before=Label("", VALUE, ABSENT), after=edge.port)
