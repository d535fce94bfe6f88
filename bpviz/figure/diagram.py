"""What a figure says: shapes (circles, boxes, dots), the edges between them, and the labels beside each edge.

A Diagram knows no DOT, no theme and no point size: `describe` makes it from a graph or a trace, the modules hiding,
wire_labels, folding, cutting, flow and paths change it, and dot writes it down. A diagram without numbers has the same
shapes and edges as one with them; its labels are blank. Every id is a valid XML id, the same on every run, and made
of the name that it stands for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from bpviz.graph import Wire

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
# number on that line) more. Of an EMPTY one only the brackets of a grid are seen. An ABSENT one has no space: the
# figure was asked to leave that number out.
SHOWN, HIDDEN, NEW, RULED, FILLED, EMPTY, ABSENT = "shown", "hidden", "new", "ruled", "filled", "empty", "absent"


# What stands in a grid for entries that are left out.
ACROSS, DOWNWARDS, ASLANT = DOTS = ("…", "⋮", "⋱")


class Entry(NamedTuple):
    """An entry of a grid: its text, and what is left blank behind it so that the points of a column are aligned."""

    text: str
    padding: str = ""


class EntryGrid(NamedTuple):
    """The entries of a vector or a matrix in rows, as they stand in square brackets. A vector is a column.

    Where entries are left out, dots stand in their place and caption says the shape. prefix stands before the brackets.
    """

    rows: tuple[tuple[Entry, ...], ...]
    caption: str = ""
    prefix: str = ""

    def translate(self, letters: Mapping[int, int]) -> EntryGrid:
        """Replace letters of all entries."""
        return self._replace(
            rows=tuple(tuple(Entry(each.text.translate(letters), each.padding) for each in row) for row in self.rows)
        )


class Shape(NamedTuple):
    """A circle, a box or a dot.

    name and operation are written in it; each may be empty. title is its tooltip. node is the graph's node that it
    stands for; that of a branch dot is the node that branches. step is its number "(3)", where a figure shows steps.
    An ordered gate has its wires arrive in the order of its operands, because x − y is not y − x. A constant that is a
    vector has its grid in place of a name.
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
    grid: EntryGrid | None = None


class Label(NamedTuple):
    """A number or a few words beside an edge: its role is VALUE, GRADIENT or LOCAL. A blank figure has empty texts.

    The numbers of a vector stand in a grid; text is then how they read in one line.
    """

    text: str
    role: str
    state: str = SHOWN
    grid: EntryGrid | None = None


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

    inputs are the ids of shapes that stand in a row, in this order. Inputs that are floating do not: each stands by its
    gate; where they are grouped, each is kept close to its numbers. rows are the ids of the shapes in each row of a
    figure that has several. clearances are the depths in points, from rank to rank, of the room around circles that
    wires may not touch, by their ids; where they are None, all circles of a figure of many gates have some. A large
    diagram also has the number of wires that were cut, and its depth: the length of its longest path.
    """

    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]
    inputs: tuple[str, ...]
    legend: Legend | None = None
    floating: Collection[str] = ()
    grouped: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    clearances: Mapping[str, float] | None = None
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


def strip_kind(id_: str) -> str:
    """Return an id without its kind: "num" for "gate-num"."""
    return id_.partition("-")[2]
