"""A program as it was typed, in postfix order: the one form between the parser and the graph.

Postfix needs no tree and so no recursion: "(x + y)*2" is x, y, add, 2, multiply. Three parallel columns hold it,
because a million terms as objects would cost more than the graph that is made of them.
"""

from __future__ import annotations

from array import array
from typing import NamedTuple

from bpviz.errors import Place
from bpviz.gates import Gate
from bpviz.vectors import VectorOperation

NORM_SIGN, CROSS_SIGN = "‖", "×"


class Operation(NamedTuple):
    """A gate as it was typed, with as many operands as it was given.

    order says where each of its operands stands among those that were typed, if they were typed in another order:
    u if a > b else v is where(a > b, u, v), whose operands are a, b, u, v. A product is implied that was typed without
    a sign. sign is that of an operation of LaTeX that is another one for vectors: \\times, \\|.
    """

    gate: Gate | VectorOperation
    arity: int
    order: tuple[int, ...] = ()
    implied: bool = False
    sign: str = ""


class Pending(NamedTuple):
    """An operator that waits for its right operand; sign is how it is typed, empty for a product without one.

    A comparison waits for the choice that it is the condition of, and has no operation of its own.
    """

    binds: int
    operation: Operation | None
    start: int
    end: int
    sign: str = ""


Item = float | str | Operation  # a number, a name, or a gate applied to the items before it


class Statement(NamedTuple):
    """A stretch of the code, with the name that it is given, if any, and the characters of both."""

    name: str
    first: int
    stop: int
    span: tuple[int, int]
    name_span: tuple[int, int]


class Code:
    """A whole program: items with their spans, and the statements that divide them."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.items: list[Item] = []
        self.starts: array[int] = array("l")
        self.ends: array[int] = array("l")
        self.statements: list[Statement] = []
        self.warnings: list[str] = []
        self.raises_e = False  # whether e is the base of a power
        self.is_latex = False
        self.has_vectors = False  # whether anything in it makes or takes a vector
        self.shapes: dict[str, tuple[int, ...]] = {}  # those that the program declares

    def add(self, item: Item, start: int, end: int) -> None:
        """Append one item."""
        self.items.append(item)
        self.starts.append(start)
        self.ends.append(end)

    def place(self, start: int, end: int) -> Place:
        """Return a place in this program."""
        return Place(self.source, start, end)

    def line(self, position: int) -> int:
        """Return the number of the line that a character is on."""
        return self.source.count("\n", 0, position) + 1
