"""Node, Wire, Graph: the expression as typed, an immutable tape with every operand before its user.

A graph carries no numbers but its constants: values and gradients belong to a Trace, so that running twice can
never add up. Ids are indices into the tape. Wires are counted, not pairs of nodes: x*x has two wires from x.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from bpviz.errors import Place, UsageError
from bpviz.gates import Gate, written
from bpviz.later import Later
from bpviz.records import NamedTuple

TOLD = 20  # names that an error lists


class Node(NamedTuple):
    """One occurrence of a gate, an input (no gate, no constant) or a constant (no gate).

    A constant's name is its text; span is where in the source the node was written, end excluded.
    """

    name: str
    gate: Gate | None
    operands: tuple[int, ...]
    span: tuple[int, int]
    constant: float | None = None


class Wire(NamedTuple):
    """One operand of one node."""

    source: int
    target: int
    slot: int


NONE, MORE = -1, -2


class Columns:
    """The nodes as the passes read them: parallel columns, a tenth of the room and of the time.

    gates are the rows, None for inputs and constants; first and second the operands, or NONE. Of a gate that has
    three or more second is MORE, and all of them are in more, by node; numbers are the constants, by node.
    """

    __slots__ = ("first", "gates", "more", "numbers", "second")

    def __init__(self) -> None:
        self.gates: list[Gate | None] = []
        self.first = array("i")
        self.second = array("i")
        self.more: dict[int, tuple[int, ...]] = {}
        self.numbers: dict[int, float] = {}

    def append(self, gate: Gate | None, operands: Sequence[int]) -> int:
        """Append a node and return its id."""
        node = len(self.gates)
        self.gates.append(gate)
        self.first.append(operands[0] if operands else NONE)
        if len(operands) > 2:
            self.more[node] = tuple(operands)
            self.second.append(MORE)
        else:
            self.second.append(operands[1] if len(operands) > 1 else NONE)
        return node

    def cut(self, length: int) -> None:
        """Take back every node from this length on."""
        for node in range(length, len(self.gates)):
            self.more.pop(node, None)
            self.numbers.pop(node, None)
        del self.gates[length:], self.first[length:], self.second[length:]

    def move_to_front(self, nodes: Sequence[int]) -> list[int]:
        """Move some nodes without operands to the front; return where each node is then."""
        first = set(nodes)  # only asked, never listed
        order = [*nodes, *(node for node in range(len(self.gates)) if node not in first)]
        place = [0] * len(order)
        for now, before in enumerate(order):
            place[before] = now
        place += [MORE, NONE]  # which stay as they are
        self.gates[:] = map(self.gates.__getitem__, order)
        self.first, self.second = (
            array("i", [place[column[before]] for before in order]) for column in (self.first, self.second)
        )
        self.more = {place[node]: tuple([place[each] for each in operands]) for node, operands in self.more.items()}
        self.numbers = {place[node]: number for node, number in self.numbers.items()}
        return place

    def operands(self, node: int) -> tuple[int, ...]:
        """Return the operands of a node."""
        first, second = self.first[node], self.second[node]
        if second >= 0:
            return (first, second)
        if second == MORE:
            return self.more[node]
        return (first,) if first >= 0 else ()


class Nodes(Later):
    """The nodes of columns, made into Node when somebody looks; the inputs' names are known before."""

    __slots__ = ("columns", "input_names")

    def __init__(self, columns: Columns, input_names: tuple[str, ...], make: Callable[[], Sequence[Node]]) -> None:
        super().__init__(make)
        self.columns = columns
        self.input_names = input_names

    def __len__(self) -> int:
        return len(self.columns.gates)


def columns_of(nodes: Iterable[Node]) -> Columns:
    """Return nodes as columns."""
    columns = Columns()
    for node in nodes:
        made = columns.append(node.gate, node.operands)
        if node.constant is not None:
            columns.numbers[made] = node.constant
    return columns


class Graph(NamedTuple):
    """A program as a tape of nodes.

    inputs are ids in the order first written; defaults the values that the program itself gives them.
    constants says whether constants are nodes of their own in every view, with wires and gradients; if not they
    are folded: part of the gate that uses them, and of no wire. level, constants and share are the choices that the
    program was parsed with.
    """

    source: str
    nodes: Sequence[Node]
    inputs: tuple[int, ...]
    output: int
    output_name: str
    defaults: Mapping[str, float]
    level: str = "lecture"
    constants: bool = False
    warnings: tuple[str, ...] = ()
    share: bool = False

    @property
    def columns(self) -> Columns:
        """Return the nodes as columns."""
        nodes = self.nodes
        return nodes.columns if isinstance(nodes, Nodes) else self._columns

    @property
    def input_names(self) -> tuple[str, ...]:
        """Return the names of the inputs, in their order."""
        nodes = self.nodes
        return nodes.input_names if isinstance(nodes, Nodes) else tuple([nodes[i].name for i in self.inputs])

    @cached_property
    def steps(self) -> tuple[int, ...]:
        """Return the ids of the gates in forward order; step n is entry n - 1."""
        return tuple([i for i, gate in enumerate(self.columns.gates) if gate is not None])

    @cached_property
    def step_of(self) -> dict[int, int]:
        """Return the step number of each gate, by id."""
        return {node: step for step, node in enumerate(self.steps, start=1)}

    @cached_property
    def wires_from(self) -> tuple[tuple[Wire, ...], ...]:
        """Return the visible wires that leave each node, in the order of their targets."""
        leaving: list[list[Wire]] = [[] for _ in self.nodes]
        for wire in self.wires():
            leaving[wire.source].append(wire)
        return tuple(map(tuple, leaving))

    def wires(self) -> Iterator[Wire]:
        """Yield every visible wire: targets in step order, slots as typed, folded constants left out."""
        for target in self.steps:
            yield from self.wires_into(target)

    def wires_into(self, target: int) -> Iterator[Wire]:
        """Yield the visible wires into one gate, operands as typed."""
        gate = self.nodes[target].gate
        for slot, source in enumerate(self.nodes[target].operands):
            drawn = self.constants and gate and slot != gate.parameter
            if drawn or self.nodes[source].constant is None:
                yield Wire(source, target, slot)

    def folded(self, target: int) -> float | None:
        """Return the constant that is folded into a gate, the first if it has several, or None."""
        seen = {wire.slot for wire in self.wires_into(target)}
        found = (source for slot, source in enumerate(self.nodes[target].operands) if slot not in seen)
        return next((self.nodes[source].constant for source in found), None)

    def find(self, name: str) -> int:
        """Return the id of the input or gate with this name; raise UsageError when there is none."""
        try:
            return self._ids[name]
        except KeyError:
            raise UsageError(f"nothing is called {name}", hint=self._names_like(name)) from None

    def _names_like(self, name: str) -> str:
        """Return the hint for a name that is none: the one that is most like it, or which there are."""
        from difflib import get_close_matches

        known = list(self._ids)
        meant = get_close_matches(name[:40], known, n=1, cutoff=0.6)
        if meant:
            return f"did you mean {meant[0]}?"
        more = f" and {len(known) - TOLD} more" if len(known) > TOLD else ""
        return f"the names are {', '.join(known[:TOLD])}{more}"

    def expression(self, node: int) -> str:
        """Return a gate with the names of its operands put in: "x + sigy", "xpy²", "1/den"."""
        gate, operands = self.nodes[node].gate, self.nodes[node].operands
        return written(gate, tuple(self.nodes[i].name for i in operands)) if gate else self.nodes[node].name

    def place(self, node: int) -> Place:
        """Return where in the source a node was written."""
        return Place(self.source, *self.nodes[node].span)

    @cached_property
    def _columns(self) -> Columns:
        return columns_of(self.nodes)

    @cached_property
    def _ids(self) -> dict[str, int]:
        ids = {node.name: i for i, node in enumerate(self.nodes) if node.constant is None}
        return ids | {self.output_name: self.output}
