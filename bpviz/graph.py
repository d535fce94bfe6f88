"""Node, Wire, Graph: the expression as typed, an immutable tape with every operand before its user.

A graph carries no numbers but its constants: values and gradients belong to a Trace, so that running twice can
never add up. Ids are indices into the tape. Wires are counted, not pairs of nodes: x*x has two wires from x.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from bpviz.errors import NOTE, Place, UsageError
from bpviz.formula.numerals import THREE_DIGITS, Rounding, write_marked
from bpviz.formula.printing import ATOM, COMPACT, PRODUCT, show
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.gates import Gate, fill_formula, write_expression
from bpviz.names import find_nearest, find_twins, refuse_twins
from bpviz.outputs import GraphOutputs
from bpviz.vectors import Shape, VectorGraph

MOST_NAMES_LISTED = 20  # names that an error lists
LOOSE_SIGNS = "+−×"  # beside which a product needs no brackets
# Comments, brackets and ends of statements by themselves, and what stands between them.
SOURCE_PIECE = re.compile(r"#[^\n]*|[()\[\];\n]|[^#()\[\];\n]+")


class Node(NamedTuple):
    """One occurrence of a gate, an input (no gate, no constant) or a constant (no gate).

    A constant's name is its text, and typed, where that is short, the calculation as which it was typed. span is where
    in the source the node was written, end excluded.
    """

    name: str
    gate: Gate | None
    operands: tuple[int, ...]
    span: tuple[int, int]
    constant: float | None = None
    typed: Atom | None = None


def write_derivative(graph: Graph, node: int) -> Formula:
    """Write the derivative of the output by a node as a formula: ∂f/∂x."""
    below = graph.output_name if node == graph.output else graph.nodes[node].name
    return Term("partial", (Atom(graph.output_name), Atom(below)))


def leaf(node: Node, rounding: Rounding = THREE_DIGITS) -> Atom:
    """Return a node as a leaf of a formula: its name, or a constant as typed if that is short, or else with ≈."""
    if node.constant is None:
        return Atom(node.name)
    return node.typed or Atom(write_marked(node.constant, rounding), node.constant)


def write_operand(node: Node, template: str, rounding: Rounding = THREE_DIGITS) -> str:
    """Write a node as it stands in a gate's template; a calculation in brackets where it would fall apart: x^(2/3)."""
    atom = leaf(node, rounding)
    if not atom.typed or not template:
        return atom.text
    return show(atom, COMPACT, PRODUCT if any(sign in template for sign in LOOSE_SIGNS) else ATOM)


class Requirement(NamedTuple):
    """A gate that was taken apart, whose domain the operands must be in all the same.

    operands are ids of nodes, and the values of constants as floats; span is where in the source the gate was written.
    """

    gate: Gate
    operands: tuple[int | float, ...]
    span: tuple[int, int]


class Wire(NamedTuple):
    """One operand of one node."""

    source: int
    target: int
    slot: int


class VectorInput(NamedTuple):
    """An input that is a vector: its shape, and the names of the scalar inputs that are its entries, row by row."""

    shape: Shape
    entries: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Graph(GraphOutputs):
    """A program as a tape of nodes.

    inputs are ids in the order first written; defaults the values that the program itself gives them.
    constants says whether constants are nodes of their own in every view, with wires and gradients; if not they
    are folded: part of the gate that uses them, and of no wire. level, constants and share are the choices that the
    program was parsed with. requirements are what gates that were taken apart ask of their operands. named are the
    gates that have a name in the program, in forward order; all others were named automatically. vectors is the layer
    that groups nodes into vectors, of a program that has any; vector_inputs are those of its inputs that are vectors,
    by name, which an unrolled graph has, too.
    """

    source: str
    nodes: tuple[Node, ...]
    inputs: tuple[int, ...]
    output: int
    output_name: str
    defaults: Mapping[str, float]
    level: str = "lecture"
    constants: bool = False
    warnings: tuple[str, ...] = ()
    share: bool = False
    requirements: tuple[Requirement, ...] = ()
    named: tuple[int, ...] = ()
    vectors: VectorGraph | None = None
    vector_inputs: Mapping[str, VectorInput] = field(default_factory=dict)

    def unroll(self) -> Graph:
        """Return the graph of scalars alone, every entry of a vector a node like any other."""
        return replace(self, vectors=None)

    @property
    def notes(self) -> tuple[str, ...]:
        """Those of the warnings that say how the program was read, where custom has two ways."""
        return tuple([text for text in self.warnings if text.startswith(NOTE)])

    def __repr__(self) -> str:
        gates = len(self.gate_ids)
        return f"<Graph {self.output_name}({', '.join(self.input_names[:5])}), {gates} gate{'' if gates == 1 else 's'}>"

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the inputs, in the order in which they were first written."""
        return tuple([self.nodes[i].name for i in self.inputs])

    @property
    def variable_names(self) -> tuple[str, ...]:
        """The names of the inputs as the program has them: W, where input_names has every entry of W."""
        return tuple(dict.fromkeys(self._owners.get(name, name) for name in self.input_names))

    def missing_inputs(self, given: Container[str]) -> list[str]:
        """Return the names of the inputs that have no value: it is neither given nor in the program."""
        missing = [name for name in self.input_names if name not in given and name not in self.defaults]
        if not self.vector_inputs:
            return missing
        variables = dict.fromkeys(self._owners.get(name, name) for name in missing)
        return [name for name in variables if name not in given]

    @cached_property
    def _owners(self) -> dict[str, str]:
        """The vector that each entry is of, by the entry's name."""
        return {entry: name for name, each in self.vector_inputs.items() for entry in each.entries}

    @cached_property
    def gate_ids(self) -> tuple[int, ...]:
        """Return the ids of the gates in forward order; step n is entry n - 1."""
        return tuple([i for i, node in enumerate(self.nodes) if node.gate])

    @cached_property
    def step_of(self) -> dict[int, int]:
        """Return the step number of each gate, by id."""
        return {node: step for step, node in enumerate(self.gate_ids, start=1)}

    @cached_property
    def wires_from(self) -> tuple[tuple[Wire, ...], ...]:
        """Return the visible wires that leave each node, in the order of their targets."""
        leaving: list[list[Wire]] = [[] for _ in self.nodes]
        for wire in self.wires():
            leaving[wire.source].append(wire)
        return tuple(map(tuple, leaving))

    def wires(self) -> Iterator[Wire]:
        """Yield every visible wire: targets in step order, slots as typed, folded constants left out."""
        for target in self.gate_ids:
            yield from self.wires_into(target)

    def wires_into(self, target: int) -> Iterator[Wire]:
        """Yield the visible wires into one gate, operands as typed."""
        gate = self.nodes[target].gate
        for slot, source in enumerate(self.nodes[target].operands):
            drawn = self.constants and gate and slot != gate.parameter
            if drawn or self.nodes[source].constant is None:
                yield Wire(source, target, slot)

    def folded_constant(self, target: int) -> float | None:
        """Return the constant that is folded into a gate, the first if it has several, or None."""
        seen = {wire.slot for wire in self.wires_into(target)}
        found = (source for slot, source in enumerate(self.nodes[target].operands) if slot not in seen)
        return next((self.nodes[source].constant for source in found), None)

    def is_at_kink(self, node: int, values: Sequence[float]) -> bool:
        """Say whether a node is a gate that has no derivative where the nodes have these values."""
        gate = self.nodes[node].gate
        return bool(gate and gate.kink and gate.kink(values[node], *[values[i] for i in self.nodes[node].operands]))

    def find(self, name: str) -> int:
        """Return the id of the input or gate with this name, or with the name that it is a twin of: theta_1 for θ_1.

        Raises UsageError when there is none, or more than one.
        """
        if name in self._ids:
            return self._ids[name]
        twins = find_twins(name, self._ids)
        refuse_twins(name, twins)
        if not twins:
            known, meant = list(self._ids), find_nearest(name, self._ids)
            more = f" and {len(known) - MOST_NAMES_LISTED} more" if len(known) > MOST_NAMES_LISTED else ""
            listed = f"the names are {', '.join(known[:MOST_NAMES_LISTED])}{more}"
            raise UsageError(f"nothing is called {name}", hint=f"did you mean {meant}?" if meant else listed)
        return self._ids[twins[0]]

    def find_on_paths(self, start: int) -> tuple[frozenset[int], frozenset[Wire]]:
        """Return the nodes and the wires that lie on some path from a node to the output."""
        reached = {start}
        for wire in self.wires():
            if wire.source in reached:
                reached.add(wire.target)
        leading = {self.output}
        for i in range(self.output - 1, start - 1, -1):
            if any(wire.target in leading for wire in self.wires_from[i]):
                leading.add(i)
        nodes = frozenset(reached & leading)
        return nodes, frozenset(w for i in sorted(nodes) for w in self.wires_from[i] if w.target in nodes)

    def cut_out(self, node: int) -> Graph:
        """Return the part of the graph that computes a node, which is its output."""
        kept = {node}
        for i in range(node, -1, -1):
            if i in kept:
                kept.update(self.nodes[i].operands)
        new = {old: i for i, old in enumerate(sorted(kept))}
        nodes = [self.nodes[old]._replace(operands=tuple([new[i] for i in self.nodes[old].operands])) for old in new]
        inputs = tuple([new[i] for i in self.inputs if i in new])
        names = [nodes[i].name for i in inputs]
        requirements = [
            each._replace(operands=tuple([new[i] if isinstance(i, int) else i for i in each.operands]))
            for each in self.requirements
            if all(i in new for i in each.operands if isinstance(i, int))
        ]
        return replace(
            self,
            nodes=tuple(nodes),
            inputs=inputs,
            output=new[node],
            output_name=self.nodes[node].name,
            defaults={name: value for name, value in self.defaults.items() if name in names},
            requirements=tuple(requirements),
            vectors=None,
        )

    def expression(self, node: int, rounding: Rounding = THREE_DIGITS) -> str:
        """Return a gate with the names of its operands put in: "x + sigy", "xpy²", "1/den", "2π × r"."""
        gate, operands = self.nodes[node].gate, [self.nodes[i] for i in self.nodes[node].operands]
        if gate is None:
            return self.nodes[node].name
        return self.write_with(node, [write_operand(each, gate.written, rounding) for each in operands])

    def write_with(self, node: int, operands: Sequence[str]) -> str:
        """Return a gate with texts put in for its operands."""
        gate = self.nodes[node].gate
        assert gate
        return write_expression(gate, tuple(operands))

    def formula(self, node: int, rounding: Rounding = THREE_DIGITS) -> Formula:
        """Return a gate as a formula of its operands' names, in the notation of mathematics; an input is its name."""
        gate, operands = self.nodes[node].gate, self.nodes[node].operands
        if gate is None:
            return Atom(self.nodes[node].name)
        leaves = [leaf(self.nodes[i], rounding) for i in operands]
        return fill_formula(gate, leaves, Atom(self.nodes[node].name), mathematics=True)

    @property
    def statements(self) -> list[str]:
        """The statements of the program as they were typed, each in one line, without comments.

        >>> from bpviz.lang import parse
        >>> parse("w = 2; dot(w, x;  # weights\\n    y, z)").statements
        ['w = 2', 'dot(w, x; y, z)']
        """
        found, depth = [""], 0
        for piece in SOURCE_PIECE.findall(self.source):
            depth += (piece in "([") - (piece in ")]")
            if piece in ";\n" and depth <= 0:
                found.append("")
            elif not piece.startswith("#"):
                found[-1] += piece
        return [" ".join(each.split()) for each in found if each.strip()]

    def place(self, node: int) -> Place:
        """Return where in the source a node was written."""
        return Place(self.source, *self.nodes[node].span)

    @cached_property
    def _ids(self) -> dict[str, int]:
        ids = {node.name: i for i, node in enumerate(self.nodes) if node.constant is None}
        return ids | {self.output_name: self.output}
