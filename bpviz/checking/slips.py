"""What a wrong gradient may come from: the slips of a backward pass by hand, each tried at every place of the graph.

A single slip changes what one gate hands back along its wires. The gradient of the claimed name changes by that much
times how the wire's source depends on the name, so one pass of tangents from the name gives the effect of every slip at
every wire. A slip that runs through the whole pass (a calculator in degrees, values rounded on the way, = where +=
belongs) takes a pass of its own; there are a few dozen of them, however large the graph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import combinations
from math import floor, isfinite, nan, pi
from operator import add
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.checking.claims import Claim
from bpviz.gates import Gate
from bpviz.graph import Node, Wire

MOST_SLIPS = 3  # reported for one claim
MOST_NODES = 50_000  # of a larger graph no slip is looked for
MOST_NODES_BY_HAND = 10_000  # nobody rounds the values of more
MOST_SUBSET_BRANCHES = 6  # all subsets of so many branches; of more, those that lack one or have only one
MOST_ANGLES = 40  # gates that are tried in degrees one by one
MOST_ANGLE_STEPS = 200_000  # gates in degrees times nodes
MOST_ROUNDING_STEPS = 150_000  # nodes whose value is rounded, times roundings, times nodes
MOST_NEWTON_STEPS, NEWTON_ERROR = 60, 1e-13  # towards σ = 1 each step adds one digit
ROUNDING_ERROR = 0.1  # rounding is a likely cause of a smaller relative error
ROUNDINGS = [(kind, places) for places in (1, 2, 3) for kind in ("decimals", "digits")]
OUTPUT_LETTER = re.compile(r"\bz\b")  # in the formula of a local gradient
REDUNDANT = {  # kinds that add nothing where one of these is found
    "negated": ("lost minus", "sign"),
    "overwritten": ("branch",),
    "digits": ("decimals",),
    "one digits": ("decimals", "digits", "one decimals"),
    "one decimals": ("decimals", "digits", "one digits"),
    "other": ("branch", "lost minus", "sign", "negated", "swapped", "value", "upstream", "local", "degrees"),
}


class Slip(NamedTuple):
    """A slip and the number that it makes.

    kind    one of the kinds of SLIPS, such as "lost minus"
    node    the gate or the branch where it happens
    wires   those on which it happens; of a branch, those that were counted
    other   another node, or a number of digits or gates, where the kind needs one
    rank    orders slips by simplicity
    """

    kind: str
    gradient: float
    node: int
    wires: tuple[Wire, ...] = ()
    other: int = 0
    rank: tuple[int, ...] = (0,)


def diagnose(trace: Trace, claim: Claim) -> tuple[Slip, ...]:
    """Return the simplest slip of each kind that makes the claimed number, three at most, the simplest first."""
    kinds: dict[str, Slip] = {}
    for slip in find_slips(trace, claim):
        if not kinds.keys() & REDUNDANT.get(slip.kind, ()):
            kinds.setdefault(slip.kind, slip)
    return tuple(kinds.values())[:MOST_SLIPS]


def find_slips(trace: Trace, claim: Claim) -> list[Slip]:
    """Return every slip that makes the claimed number, the simplest first; none if the claim is right.

    Those at the name itself or at a gate that it feeds come before those further on, and then the simple kinds.
    """
    right = trace.gradients[claim.node]
    if claim.fits(right) or not isfinite(right) or len(trace.graph.nodes) > MOST_NODES:
        return []
    search = SlipSearch(trace, claim, right, _compute_tangents(trace, claim.node))
    found = []
    for simplicity, make in enumerate(SLIPS):
        for slip in make(search):
            if claim.fits(slip.gradient):
                if slip.node == claim.node or make in WHOLE_PASS_SLIPS:
                    distance = 0
                elif claim.node in trace.graph.nodes[slip.node].operands:  # at a gate that the name feeds
                    distance = 1
                else:
                    distance = 2 + slip.node - claim.node
                found.append(slip._replace(rank=(int(distance > 1), simplicity, *slip.rank, distance)))
    return sorted(found, key=lambda slip: slip.rank)


def _compute_tangents(trace: Trace, node: int) -> list[float]:
    """Return the derivative of every node by this one; 0 where it does not depend on it."""
    tangents = [0.0] * len(trace.values)
    tangents[node] = 1.0
    for i in trace.graph.gate_ids:
        if i > node:
            terms = zip(trace.local[i], trace.graph.nodes[i].operands, strict=True)
            tangents[i] = _add(slope * tangents[operand] for slope, operand in terms if tangents[operand])
    return tangents


def _add(terms: Iterable[float]) -> float:
    """Add from left to right. Built-in sum() rounds differently from Python 3.12 on."""
    return reduce(add, terms, 0.0)


@dataclass(frozen=True)
class SlipSearch:
    """A claim whose slip is looked for: the right gradient, and the tangents from the claimed name."""

    trace: Trace
    claim: Claim
    right: float
    tangents: Sequence[float]

    @property
    def may_be_rounded(self) -> bool:
        """Say whether rounding may be the cause: the claim is not far off, and the program is one for hands."""
        if len(self.trace.graph.nodes) > MOST_NODES_BY_HAND:
            return False
        return abs(self.claim.value - self.right) <= ROUNDING_ERROR * abs(self.right)

    def contribution(self, wire: Wire) -> float:
        """Return the gradient that a wire carries."""
        return self.trace.downstream[wire.target][wire.slot]


# Slips at one place. Each function makes one kind of slip wherever it can be made, and yields what comes out.


def _cut_digits_off(search: SlipSearch) -> Iterator[Slip]:
    """Digits are cut off instead of rounded."""
    right, unit = search.right, 2 * search.claim.precision
    if right * search.claim.value > 0 and unit > 1e-6 * abs(right):
        size = floor(abs(right) / unit) * unit
        yield Slip("cut off", size if right > 0 else -size, search.claim.node)


def _miss_branches(search: SlipSearch) -> Iterator[Slip]:
    """Only some of the branches are counted."""
    for node, tangent in enumerate(search.tangents):
        wires = search.trace.graph.wires_from[node]
        if not tangent or len(wires) < 2:
            continue
        parts = [tangent * search.contribution(wire) for wire in wires]
        rest, is_many = search.right - _add(parts), len(wires) > MOST_SUBSET_BRANCHES
        for size in range(1, 2 if is_many else len(wires)):
            for counted in combinations(range(len(wires)), size):
                gradient = rest + _add(parts[k] for k in counted)
                yield Slip("branch", gradient, node, tuple(wires[k] for k in counted))
        for k, part in enumerate(parts if is_many else ()):
            if search.claim.fits(search.right - part):
                yield Slip("branch", search.right - part, node, wires[:k] + wires[k + 1 :])


def _turn_sign(search: SlipSearch) -> Iterator[Slip]:
    """A sign is turned, above all the minus of a negative local gradient."""
    for wire in search.trace.graph.wires():
        if search.tangents[wire.source]:
            change = -2 * search.contribution(wire) * search.tangents[wire.source]
            is_negative = search.trace.local[wire.target][wire.slot] < 0
            kind = "lost minus" if is_negative else "sign"
            yield Slip(kind, search.right + change, wire.target, (wire,), rank=(int(not is_negative),))


def _negate(search: SlipSearch) -> Iterator[Slip]:
    """The whole gradient has the wrong sign."""
    yield Slip("negated", -search.right, search.claim.node)


def _swap_slopes(search: SlipSearch) -> Iterator[Slip]:
    """The two local gradients of a gate are swapped."""
    graph, tangents = search.trace.graph, search.tangents
    for i in graph.gate_ids:
        operands, local = graph.nodes[i].operands, search.trace.local[i]
        if len(operands) == 2 and any(tangents[operand] for operand in operands):
            swap = (local[1] - local[0]) * search.trace.gradients[i]
            change = swap * (tangents[operands[0]] - tangents[operands[1]])
            yield Slip("swapped", search.right + change, i, tuple(graph.wires_into(i)))


def _take_value(search: SlipSearch) -> Iterator[Slip]:
    """The value is taken for the gradient."""
    yield Slip("value", search.trace.values[search.claim.node], search.claim.node)


def _forget_upstream(search: SlipSearch) -> Iterator[Slip]:
    """A gate hands back its local gradient alone."""
    return _hand_back(search, "upstream", lambda local, upstream: local)


def _forget_local(search: SlipSearch) -> Iterator[Slip]:
    """A gate hands back its upstream gradient unchanged."""
    return _hand_back(search, "local", lambda local, upstream: upstream)


def _hand_back(search: SlipSearch, kind: str, instead: Callable[[float, float], float]) -> Iterator[Slip]:
    """Yield a slip for each gate where all its wires carry something else, and for each of its wires alone."""
    trace, tangents = search.trace, search.tangents
    for i in trace.graph.gate_ids:
        wires = tuple(wire for wire in trace.graph.wires_into(i) if tangents[wire.source])
        changes = [
            tangents[wire.source] * (instead(trace.local[i][wire.slot], trace.gradients[i]) - search.contribution(wire))
            for wire in wires
        ]
        if wires:
            yield Slip(kind, search.right + _add(changes), i, wires)
        if len(wires) > 1:
            for wire, change in zip(wires, changes, strict=True):
                yield Slip(kind, search.right + change, i, (wire,))


def _take_other_gradient(search: SlipSearch) -> Iterator[Slip]:
    """The gradient is that of another name."""
    graph = search.trace.graph
    for node in (*graph.inputs, *graph.gate_ids):
        if node != search.claim.node:
            yield Slip("other", search.trace.gradients[node], search.claim.node, other=node)


# Slips that run through the whole pass.


def _use_degrees(search: SlipSearch) -> Iterator[Slip]:
    """Angles are taken in degrees, by every gate that takes one or by one of them, in both passes or in the last."""
    nodes = search.trace.graph.nodes
    angles = [i for i, node in enumerate(nodes) if node.gate and node.gate.angle]
    tried_alone = min(MOST_ANGLES, MOST_ANGLE_STEPS // len(nodes)) if len(angles) > 1 else 0
    single = [(i,) for i in angles[:tried_alone]]
    for in_degrees in [tuple(angles), *single] if angles else []:
        for forward in (True, False):
            gradient = _replay(search, in_degrees=frozenset(in_degrees), forward=forward)
            yield Slip("degrees", gradient, in_degrees[0], other=len(in_degrees))


def _round_all(search: SlipSearch) -> Iterator[Slip]:
    """Values are rounded before the way back, to decimals or to digits; the gradients on it too, or not."""
    for kind, places in ROUNDINGS if search.may_be_rounded else ():
        for backward in (False, True):
            gradient = _replay(search, rounding=format_of(kind, places), round_gradients=backward)
            yield Slip(kind, gradient, search.claim.node, other=places)


def _round_one(search: SlipSearch) -> Iterator[Slip]:
    """One value is rounded where it is computed, and used so in both passes; the coarsest rounding comes last."""
    trace, graph = search.trace, search.trace.graph
    nodes = [*graph.inputs, *graph.gate_ids[:-1]] if search.may_be_rounded else []
    for node in nodes[: MOST_ROUNDING_STEPS // (len(ROUNDINGS) * len(graph.nodes))]:
        tried = {trace.values[node]}
        for kind, places in reversed(ROUNDINGS):
            value = float(format(trace.values[node], format_of(kind, places)))
            if value not in tried:
                tried.add(value)
                yield Slip(f"one {kind}", _replay(search, given=(node, value)), node, other=places, rank=(-places,))


def _overwrite_branches(search: SlipSearch) -> Iterator[Slip]:
    """= is written for += at every branch: the contribution that comes last wins."""
    if sum(len(wires) > 1 for wires in search.trace.graph.wires_from) > 1:
        for winner in (0, -1):
            yield Slip("overwritten", _replay(search, winner=winner), search.claim.node)


def _replay(
    search: SlipSearch,
    *,
    in_degrees: frozenset[int] = frozenset(),
    forward: bool = True,
    rounding: str = "",
    round_gradients: bool = False,
    winner: int | None = None,
    given: tuple[int, float] | None = None,
) -> float:
    """Return the gradient of the claimed name in a pass that is made with a slip; NaN where that leaves a domain.

    in_degrees are gates that take their angle in degrees, in the backward pass only unless forward; rounding is the
    format of every value, and with round_gradients of every gradient; winner is the one contribution that counts at
    every branch; given is a node and its value.
    """
    graph, nodes, values = search.trace.graph, search.trace.graph.nodes, list(search.trace.values)
    if given:
        values[given[0]] = given[1]
    downstream: list[tuple[float, ...]] = [()] * len(nodes)
    gradients = [0.0] * len(nodes)
    try:
        for i in range(given[0] + 1 if given else 0, len(nodes) if forward else 0):
            if gate := nodes[i].gate:
                value = gate.forward(*_read_operands(nodes[i], values, i in in_degrees))
                values[i] = float(format(value, rounding)) if rounding else value
        for i in range(len(nodes) - 1, -1, -1):
            terms = [downstream[wire.target][wire.slot] for wire in graph.wires_from[i]]
            terms = [terms[winner]] if terms and winner is not None else terms
            gradient = reduce(add, terms, 1.0 if i == graph.output else 0.0)
            gradients[i] = float(format(gradient, rounding)) if rounding and round_gradients else gradient
            if gate := nodes[i].gate:
                slopes = _differentiate_by_hand(gate, values[i], _read_operands(nodes[i], values, i in in_degrees))
                downstream[i] = tuple([slope * gradients[i] for slope in slopes])
    except (ValueError, ZeroDivisionError, OverflowError):
        return nan
    return gradients[search.claim.node]


def format_of(kind: str, places: int) -> str:
    """Return Python's format for a number of decimals, or of significant digits."""
    return f".{places}{'f' if kind == 'decimals' else 'g'}"


def _read_operands(node: Node, values: list[float], in_degrees: bool) -> list[float]:
    operands = [values[operand] for operand in node.operands]
    return [operand * (pi / 180) for operand in operands] if in_degrees else operands


def _differentiate_by_hand(gate: Gate, z: float, operands: list[float]) -> tuple[float, ...]:
    """Return the local gradients as one computes them by hand: σ·(1 − σ) of the σ that was written down.

    The rows of the gate table compute them from the operand, so the operand that gives this output is found, by
    Newton's method.
    """
    if len(operands) > 1 or not _uses_output(gate):
        return gate.slopes(z, *operands)
    (a,) = operands
    for _ in range(MOST_NEWTON_STEPS):
        error = gate.forward(a) - z
        if abs(error) <= NEWTON_ERROR * abs(z):
            break
        a -= error / gate.slopes(z, a)[0]
    return gate.slopes(z, a)


@cache
def _uses_output(gate: Gate) -> bool:
    """Say whether the local gradient is written with the gate's output z."""
    return bool(OUTPUT_LETTER.search(gate.local[0]))


SLIPS: tuple[Callable[[SlipSearch], Iterator[Slip]], ...] = (  # the simplest first
    _cut_digits_off,
    _miss_branches,
    _turn_sign,
    _negate,
    _swap_slopes,
    _take_value,
    _forget_upstream,
    _forget_local,
    _use_degrees,
    _round_all,
    _round_one,
    _overwrite_branches,
    _take_other_gradient,
)
WHOLE_PASS_SLIPS = (_cut_digits_off, _use_degrees, _overwrite_branches, _round_all, _round_one, _take_other_gradient)
