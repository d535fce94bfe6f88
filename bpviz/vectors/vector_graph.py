"""The layer of vectors over a graph: which of its scalar nodes belong together, as what, and by which wires.

A vector is a group of scalars. The graph below it has a node for every entry; a vector node is an operation with its
operands, its shape and the scalar nodes that are its entries. It has no numbers of its own: they are read from the
scalar passes (vector_numbers.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bpviz.gates import Gate
from bpviz.vectors.shapes import Shape
from bpviz.vectors.vector_row import VectorOperation

MOVED = -1  # the slot of a use by an operation that only moves entries


class EntryUse(NamedTuple):
    """An entry of an operand that a scalar gate uses, as the operand in this slot.

    For an operation that only moves entries the slot is MOVED, and target is which entry of its result it is.
    """

    entry: int
    target: int
    slot: int


class VectorNode(NamedTuple):
    """One occurrence of an operation, an input or a constant, for all its entries at once.

    operation is a gate that works entry by entry, a row of the table of vector operations, or None for an input and a
    constant. operands are ids of vector nodes, of which transposed tells whether each was typed with a T that changes
    nothing but how a vector lies. entries are ids of nodes of the graph, row by row; members all the gates of the graph
    that compute it; uses, for each operand, who uses which of its entries. arguments are an axis, an index or a class.
    text is how a constant was typed.
    """

    name: str
    operation: Gate | VectorOperation | None
    operands: tuple[int, ...]
    shape: Shape
    entries: tuple[int, ...]
    span: tuple[int, int]
    uses: tuple[tuple[EntryUse, ...], ...] = ()
    members: tuple[int, ...] = ()
    arguments: tuple[int, ...] = ()
    transposed: tuple[bool, ...] = ()
    text: str = ""

    @property
    def moves(self) -> bool:
        """Whether it only moves entries."""
        return isinstance(self.operation, VectorOperation) and self.operation.moves

    @property
    def is_constant(self) -> bool:
        """Whether it is a constant."""
        return self.operation is None and bool(self.text)


class VectorWire(NamedTuple):
    """One operand of one vector node."""

    source: int
    target: int
    slot: int


@dataclass(frozen=True, repr=False)
class VectorGraph:
    """The vector nodes of a program, operands before their users.

    inputs are the ids of the inputs in the order first written, output that of the output. named are the operations
    that have a name in the program.
    """

    nodes: tuple[VectorNode, ...]
    inputs: tuple[int, ...]
    output: int
    named: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"<VectorGraph of {len(self.operation_ids)} operations>"

    @cached_property
    def operation_ids(self) -> tuple[int, ...]:
        """The ids of the operations in forward order; step n is entry n − 1."""
        return tuple([i for i, node in enumerate(self.nodes) if node.operation])

    @cached_property
    def step_of(self) -> dict[int, int]:
        """The step number of each operation, by id."""
        return {node: step for step, node in enumerate(self.operation_ids, start=1)}

    def wires_into(self, target: int) -> Iterator[VectorWire]:
        """Yield the visible wires into an operation: a number that is typed is part of the operation, and has none."""
        for slot, source in enumerate(self.nodes[target].operands):
            if self.nodes[source].shape or not self.nodes[source].is_constant:
                yield VectorWire(source, target, slot)

    @cached_property
    def wires_from(self) -> tuple[tuple[VectorWire, ...], ...]:
        """The visible wires that leave each node, in the order of their targets."""
        leaving: list[list[VectorWire]] = [[] for _ in self.nodes]
        for target in self.operation_ids:
            for wire in self.wires_into(target):
                leaving[wire.source].append(wire)
        return tuple(map(tuple, leaving))

    def find(self, name: str) -> int | None:
        """Return the id of the vector node with this name, or None."""
        return next((i for i, node in enumerate(self.nodes) if node.name == name and not node.is_constant), None)
