"""What a wrong gradient of a vector may come from: the slips that are made with all of its entries at once.

Somebody who forgets a transpose does so for a whole matrix. So a slip is made at one wire between vectors: what comes
back along it is another grid than it should be. The claimed gradient changes by that difference times how the wire's
source depends on each claimed entry, which is the pass of tangents that finds the slips of scalars (slips.py). A slip
is the one where every claimed entry is what it makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.checking.claims import GRADIENT
from bpviz.checking.passes import NO_NUMBER
from bpviz.checking.slips import compute_tangents
from bpviz.checking.vector_claims import VectorClaim
from bpviz.formula.evaluation import compile_value
from bpviz.formula.tree import LETTERS, read
from bpviz.gates import Gate
from bpviz.vectors import Shape, VectorNode, VectorNumbers, VectorOperation, VectorWire
from bpviz.vectors.rule_numbers import Grid, evaluate, make_grid
from bpviz.vectors.shapes import count_entries
from bpviz.vectors.vector_graph import MOVED

MOST_TANGENTS = 2_000_000  # claimed entries times nodes: of a larger program no slip of vectors is looked for
MOST_SLIPS = 2
# fmt: off
KINDS = (  # the likeliest first
    "slope", "copies", "first copy", "last copy", "mean of copies", "rule", "negated", "turned", "value", "gradient",
    "sign", "upstream", "local", "branch",
)
# fmt: on
REDUNDANT = {  # kinds that add nothing where one of these is found
    "sign": ("negated",),
    "turned": ("rule",),
    "gradient": ("copies",),
    "local": ("upstream",),
    "branch": ("first copy", "last copy"),
}
NO_GRID = (*NO_NUMBER, IndexError)


class VectorSlip(NamedTuple):
    """A slip at a wire between vectors.

    kind      one of KINDS: "rule" for a mistake in the row of an operation, "slope" in that of a gate
    wire      where it was made; None for one of the whole gradient
    number    which of an operation's or a gate's mistakes
    other     another vector node, whose numbers these are
    """

    kind: str
    wire: VectorWire | None = None
    number: int = 0
    other: int | None = None


class Alternative(NamedTuple):
    """What might be taken for what comes back along a wire: numbers in a shape."""

    slip: VectorSlip
    shape: Shape
    numbers: list[float]


def diagnose_vector(trace: Trace, claim: VectorClaim) -> list[VectorSlip]:
    """Return the likeliest slips that make all of a claimed gradient, or value, one of each kind and two at most."""
    kinds: dict[str, VectorSlip] = {}
    for slip in sorted(VectorSlipSearch(trace, claim).find(), key=lambda slip: KINDS.index(slip.kind)):
        if not kinds.keys() & {*REDUNDANT.get(slip.kind, ())}:
            kinds.setdefault(slip.kind, slip)
    return list(kinds.values())[:MOST_SLIPS]


@dataclass(frozen=True)
class VectorSlipSearch:
    """A claim about a vector, whose slip is looked for."""

    trace: Trace
    claim: VectorClaim

    @property
    def numbers(self) -> VectorNumbers:
        """The numbers of the vectors."""
        assert self.trace.vectors
        return self.trace.vectors

    @property
    def nodes(self) -> Sequence[VectorNode]:
        """The vector nodes."""
        return self.numbers.graph.nodes

    @cached_property
    def right(self) -> list[float]:
        """The gradient, or the value."""
        of = self.numbers.gradient if self.claim.quantity == GRADIENT else self.numbers.value
        return of(self.claim.node)

    def find(self) -> Iterator[VectorSlip]:
        """Yield the slips that make the claim, at the vector itself before those further on."""
        if not all(map(isfinite, self.right)):
            return
        if self.claim.quantity == GRADIENT:
            yield from self._find_at_wires()
        yield from self._find_elsewhere()

    def fits(self, numbers: Sequence[float], shape: Shape) -> bool:
        """Say whether numbers are those that are claimed, in this shape; a column or a row is a vector."""
        if len(self.claim.shape) == 1 and 1 in shape:
            shape = (len(numbers),)
        return shape == self.claim.shape and all(
            claim.fits(number) for claim, number in zip(self.claim.entries, numbers, strict=True)
        )

    def _find_elsewhere(self) -> Iterator[VectorSlip]:
        """Yield slips of the whole: the sign, the transpose, the numbers of another vector."""
        own = self.nodes[self.claim.node]
        if self.fits([-number for number in self.right], own.shape):
            yield VectorSlip("negated")
        if len(own.shape) > 1:
            turned = [row[k] for k in range(own.shape[1]) for row in make_grid(self.right, own.shape)]
            if self.fits(turned, own.shape[::-1]):
                yield VectorSlip("turned")
        for i, node in enumerate(self.nodes):
            if not node.is_constant and node.shape == self.claim.shape:
                if self.fits(self.numbers.value(i), node.shape):
                    yield VectorSlip("value", other=i)
                is_asked = i == self.claim.node and self.claim.quantity == GRADIENT
                if not is_asked and self.fits(self.numbers.gradient(i), node.shape):
                    yield VectorSlip("gradient", other=i)

    def _find_at_wires(self) -> Iterator[VectorSlip]:
        """Yield the slips at one wire, at those out of the vector itself first."""
        graph = self.numbers.graph
        wires = [wire for i in range(self.claim.node, len(self.nodes)) for wire in graph.wires_from[i]]
        for wire in wires:
            is_own = wire.source == self.claim.node
            own = self.nodes[wire.source].shape
            for slip, shape, numbers in self._list_alternatives(wire):
                if shape != own:
                    is_only = is_own and len(graph.wires_from[wire.source]) == 1
                    if is_only and self.fits(numbers, shape):
                        yield slip
                elif self.fits(self._replace(wire, numbers), self.nodes[self.claim.node].shape):
                    yield slip

    def _replace(self, wire: VectorWire, numbers: Sequence[float]) -> list[float]:
        """Return the claimed gradient where other numbers come back along a wire."""
        right = self.numbers.contribution(wire)
        changes = [new - old for new, old in zip(numbers, right, strict=True)]
        entries = self.nodes[wire.source].entries
        if wire.source == self.claim.node:
            return [own + change for own, change in zip(self.right, changes, strict=True)]
        made = []
        for own, tangents in zip(self.right, self._tangents, strict=True):
            for change, entry in zip(changes, entries, strict=True):
                own += change * tangents[entry]
            made.append(own)
        return made

    @cached_property
    def _tangents(self) -> list[list[float]]:
        """How every scalar depends on each claimed entry."""
        entries = self.nodes[self.claim.node].entries
        if len(entries) * len(self.trace.graph.nodes) > MOST_TANGENTS:
            return [[0.0] * len(self.trace.graph.nodes)] * len(entries)
        return [compute_tangents(self.trace, entry) for entry in entries]

    def _list_alternatives(self, wire: VectorWire) -> Iterator[Alternative]:
        """List what might be taken for what comes back along a wire, the likeliest first."""
        node = self.nodes[wire.target]
        if isinstance(node.operation, VectorOperation):
            yield from self._list_wrong_rules(wire, node, node.operation)
        elif node.operation:
            yield from self._list_wrong_slopes(wire, node.operation)
            yield from self._list_wrong_sums(wire, node)
        shape, right = self.nodes[wire.source].shape, self.numbers.contribution(wire)
        yield Alternative(VectorSlip("sign", wire), shape, [-number for number in right])
        if not node.moves:
            yield Alternative(VectorSlip("upstream", wire), shape, self._collect(wire, lambda local, up: local))
            yield Alternative(VectorSlip("local", wire), shape, self._collect(wire, lambda local, up: up))
        if len(self.numbers.graph.wires_from[wire.source]) > 1:
            yield Alternative(VectorSlip("branch", wire), shape, [0.0] * len(right))

    def _collect(self, wire: VectorWire, combine: Callable[[float, float], float]) -> list[float]:
        """Add up what a function of local gradient and upstream gradient makes, for each entry of a wire's source."""
        added = [0.0] * len(self.nodes[wire.source].entries)
        for entry, gate, slot in self.nodes[wire.target].uses[wire.slot]:
            if slot != MOVED:
                added[entry] += combine(self.trace.local[gate][slot], self.trace.gradients[gate])
        return added

    def _list_wrong_rules(
        self, wire: VectorWire, node: VectorNode, operation: VectorOperation
    ) -> Iterator[Alternative]:
        """List what the mistakes of a row make of the numbers here, where the shapes go together."""
        shapes = [self.nodes[i].shape for i in node.operands]
        rules = operation.rules(shapes, node.arguments, node.transposed)
        grids = {
            letter: make_grid(self.numbers.value(i), self.nodes[i].shape, is_row=letter in rules.rows)
            for letter, i in zip(LETTERS, node.operands, strict=False)
        }
        is_row = "z" in rules.rows
        for letter, numbers in (("z", self.numbers.value(wire.target)), ("up", self.numbers.gradient(wire.target))):
            grids[letter] = make_grid(numbers, node.shape, is_row=is_row)
        own = self.nodes[wire.source].shape
        for k, each in enumerate(operation.mistakes(shapes, node.arguments, node.transposed)):
            if each.slot != wire.slot:
                continue
            try:
                grid = evaluate(read(each.formula), grids, own)
            except (*NO_GRID, KeyError):
                continue
            yield Alternative(VectorSlip("rule", wire, k), *_read_grid(grid, own))

    def _list_wrong_slopes(self, wire: VectorWire, gate: Gate) -> Iterator[Alternative]:
        """List what the mistakes of a gate make, at all of its entries."""
        for k, each in enumerate(gate.mistakes):
            if each.slot != wire.slot:
                continue
            slope = compile_value(read(each.slope), ", ".join(("z", *LETTERS[: gate.arity[0]])))
            added = [0.0] * len(self.nodes[wire.source].entries)
            try:
                for entry, i, _ in self.nodes[wire.target].uses[wire.slot]:
                    operands = [self.trace.values[operand] for operand in self.trace.graph.nodes[i].operands]
                    added[entry] += slope(self.trace.values[i], *operands) * self.trace.gradients[i]
            except NO_NUMBER:
                continue
            yield Alternative(VectorSlip("slope", wire, k), self.nodes[wire.source].shape, added)

    def _list_wrong_sums(self, wire: VectorWire, node: VectorNode) -> Iterator[Alternative]:
        """List what a forgotten sum over the copies of an operand makes: all copies, one of them, or their mean."""
        own = self.nodes[wire.source].shape
        copies, size = count_entries(node.shape), count_entries(own)
        if copies == size:
            return
        uses = self.nodes[wire.target].uses[wire.slot]
        every = [self.trace.downstream[gate][slot] for _, gate, slot in uses]
        yield Alternative(VectorSlip("copies", wire), node.shape, every)
        for kind, order in (("first copy", reversed(uses)), ("last copy", iter(uses))):
            alone = [0.0] * size
            for entry, gate, slot in order:
                alone[entry] = self.trace.downstream[gate][slot]
            yield Alternative(VectorSlip(kind, wire), own, alone)
        mean = [number * size / copies for number in self.numbers.contribution(wire)]
        yield Alternative(VectorSlip("mean of copies", wire), own, mean)


def _read_grid(grid: Grid, own: Shape) -> tuple[Shape, list[float]]:
    """Return the shape and the numbers of a grid; what lies as a vector is one where a vector is meant."""
    numbers = [number for row in grid for number in row]
    shape: Shape = (len(grid), len(grid[0]))
    if len(own) < 2 and 1 in shape and len(numbers) == count_entries(own):
        shape = own
    return shape, numbers
