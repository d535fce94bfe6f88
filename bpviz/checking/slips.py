"""What a wrong gradient may come from: the slips of a backward pass by hand, each tried at every place of the graph.

A single slip changes what one gate hands back along its wires. The gradient of the claimed name changes by that much
times how the wire's source depends on the name, so one pass of tangents from the name prices every slip at every
wire. A slip that runs through the whole pass (a calculator in degrees, values rounded on the way, = where += belongs)
takes a pass of its own; there are a few dozen of them, however large the graph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import combinations
from math import floor, isfinite, pi
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.checking.claims import Claim
from bpviz.gates import Gate
from bpviz.graph import Graph, Node, Wire

MOST_BRANCHES = 6  # all subsets of these; of more, those that lack one or have only one
MOST_IN_DEGREES = 40  # gates that are tried one by one
SEARCHED = 50_000  # nodes: of more, no slip is looked for
BY_HAND = 10_000  # nodes: nobody rounds the values of more
MOST_TURNED = 200_000  # gates times nodes
NEWTON, NEWTON_ENDS = 60, 1e-13  # steps, and the relative error that ends them; towards σ = 1 each adds one
OUTPUT = re.compile(r"\bz\b")  # in the formula of a local gradient
MOST_SLIPS = 3  # reported for one claim
NEAR = 0.1  # rounding is a likely cause of a relative error below this
ROUNDED_TO = (1, 2, 3)
ROUNDINGS = tuple((kind, places) for places in ROUNDED_TO for kind in ("decimals", "digits"))
MOST_ROUNDED = 150_000  # gates that rounding one value after another may take
LETTERS = {"decimals": ".{}f", "digits": ".{}g"}  # of Python's formats
SAME_AS = {  # kinds that say no more where one of these is found
    "negated": ("lost minus", "sign"),
    "overwritten": ("branch",),
    "digits": ("decimals",),
    "one digits": ("decimals", "digits", "one decimals"),
    "one decimals": ("decimals", "digits", "one digits"),
    "other": ("branch", "lost minus", "sign", "negated", "swapped", "value", "upstream", "local", "degrees"),
}


class Slip(NamedTuple):
    """A slip and the number it makes.

    kind names it, node is the gate or branch where it happens, wires are those it happens on (for a branch: those
    that were counted), other is another node or a number of digits where the kind needs one. rank orders by simplicity.
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
    for slip in candidates(trace, claim):
        if not kinds.keys() & SAME_AS.get(slip.kind, ()):
            kinds.setdefault(slip.kind, slip)
    return tuple(kinds.values())[:MOST_SLIPS]


def candidates(trace: Trace, claim: Claim) -> list[Slip]:
    """Return every slip that makes the claimed number, the simplest first; none if the claim is right."""
    right = trace.gradients[claim.node]
    if claim.fits(right) or not isfinite(right) or len(trace.graph.nodes) > SEARCHED:
        return []
    return sorted(_slips(trace, claim), key=lambda slip: slip.rank)


def _slips(trace: Trace, claim: Claim) -> Iterator[Slip]:
    """Yield every slip that makes the claimed number with its rank: those nearby first, then the simple kinds."""
    tangents = _tangents(trace, claim.node)
    for kind, make in enumerate(SLIPS):
        for slip in make(trace, claim, tangents):
            if not claim.fits(slip.gradient):
                continue
            distance = 0 if make in WHOLE_PASS else _distance(trace.graph, claim.node, slip.node)
            yield slip._replace(rank=(int(distance > 1), kind, *slip.rank, distance))


def _distance(graph: Graph, node: int, place: int) -> int:
    """Return how far from the claimed name a slip happened: at it, at a gate it feeds, or further on."""
    if place == node:
        return 0
    return 1 if node in graph.nodes[place].operands else 2 + place - node


def _tangents(trace: Trace, node: int) -> list[float]:
    """Return the derivative of every node by this one; 0 where it does not depend on it."""
    tangents = [0.0] * len(trace.values)
    tangents[node] = 1.0
    for i in trace.graph.gate_ids:
        if i > node:
            terms = zip(trace.local[i], trace.graph.nodes[i].operands, strict=True)
            tangents[i] = sum(slope * tangents[operand] for slope, operand in terms if tangents[operand])
    return tangents


# slips at one place


def _cut_off(trace: Trace, claim: Claim, tangents: Sequence[float]) -> Iterator[Slip]:
    """Digits cut off instead of rounded."""
    right, unit = trace.gradients[claim.node], 2 * claim.precision
    if right * claim.value > 0 and unit > 1e-6 * abs(right):
        size = floor(abs(right) / unit) * unit
        yield Slip("cut off", size if right > 0 else -size, claim.node)


def _branches(trace: Trace, claim: Claim, tangents: Sequence[float]) -> Iterator[Slip]:
    """Only some of the branches counted."""
    right = trace.gradients[claim.node]
    for node, tangent in enumerate(tangents):
        wires = trace.graph.wires_from[node]
        if not tangent or len(wires) < 2:
            continue
        parts = [tangent * _contribution(trace, wire) for wire in wires]
        rest = right - sum(parts)
        for kept in _subsets(len(wires)):
            yield Slip("branch", rest + sum(parts[k] for k in kept), node, tuple(wires[k] for k in kept))
        for k, part in enumerate(parts if len(wires) > MOST_BRANCHES else ()):
            if claim.fits(right - part):
                yield Slip("branch", right - part, node, wires[:k] + wires[k + 1 :])


def _subsets(count: int) -> Iterator[tuple[int, ...]]:
    """Yield the proper subsets of so many branches that are not empty, the smallest first; of many, those of one."""
    for size in range(1, count if count <= MOST_BRANCHES else 2):
        yield from combinations(range(count), size)


def _signs(trace: Trace, claim: Claim, tangents: Sequence[float]) -> Iterator[Slip]:
    """A sign turned, above all the minus of a negative local gradient."""
    for wire in _paths(trace, tangents):
        gained = -2 * _contribution(trace, wire) * tangents[wire.source]
        negative = trace.local[wire.target][wire.slot] < 0
        kind = "lost minus" if negative else "sign"
        yield Slip(kind, trace.gradients[claim.node] + gained, wire.target, (wire,), rank=(int(not negative),))


def _negated(trace: Trace, claim: Claim, tangents: Sequence[float]) -> Iterator[Slip]:
    """The whole gradient with the wrong sign."""
    yield Slip("negated", -trace.gradients[claim.node], claim.node)


def _forgotten_upstream(trace: Trace, claim: Claim, tangents: Sequence[float]) -> Iterator[Slip]:
    """A gate hands back its local gradient alone."""
    yield from _handed_back(trace, claim, tangents, "upstream", lambda local, upstream: local)


def _forgotten_local(trace: Trace, claim: Claim, tangents: Sequence[float]) -> Iterator[Slip]:
    """A gate hands back its upstream gradient unchanged."""
    yield from _handed_back(trace, claim, tangents, "local", lambda local, upstream: upstream)


def _handed_back(
    trace: Trace, claim: Claim, tangents: Sequence[float], kind: str, instead: Callable[[float, float], float]
) -> Iterator[Slip]:
    """Yield a slip for each gate where all its wires carry something else, and for each wire alone."""
    right = trace.gradients[claim.node]
    for target, wires in _gates(trace, tangents):
        gains = [
            tangents[wire.source]
            * (instead(trace.local[target][wire.slot], trace.gradients[target]) - _contribution(trace, wire))
            for wire in wires
        ]
        yield Slip(kind, right + sum(gains), target, wires)
        if len(wires) > 1:
            for wire, gain in zip(wires, gains, strict=True):
                yield Slip(kind, right + gain, target, (wire,))


def _swapped(trace: Trace, claim: Claim, tangents: Sequence[float]) -> Iterator[Slip]:
    """The two local gradients of a gate swapped."""
    for i in trace.graph.gate_ids:
        operands, local = trace.graph.nodes[i].operands, trace.local[i]
        if len(operands) == 2 and any(tangents[operand] for operand in operands):
            turned = (local[1] - local[0]) * trace.gradients[i]
            gained = turned * (tangents[operands[0]] - tangents[operands[1]])
            wires = tuple(trace.graph.wires_into(i))
            yield Slip("swapped", trace.gradients[claim.node] + gained, i, wires)


def _value(trace: Trace, claim: Claim, tangents: Sequence[float]) -> Iterator[Slip]:
    """The value instead of the gradient."""
    yield Slip("value", trace.values[claim.node], claim.node)


def _other(trace: Trace, claim: Claim, tangents: Sequence[float]) -> Iterator[Slip]:
    """The gradient of something else."""
    graph = trace.graph
    for node in (*graph.inputs, *graph.gate_ids):
        if node != claim.node:
            yield Slip("other", trace.gradients[node], claim.node, other=node)


# slips that run through the whole pass


def _in_degrees(trace: Trace, claim: Claim, tangents: Sequence[float]) -> Iterator[Slip]:
    """Angles taken in degrees, by every gate that takes one or by one of them, in both passes or only going back."""
    graph = trace.graph
    angles = [i for i, node in enumerate(graph.nodes) if node.gate and node.gate.angle]
    most = min(MOST_IN_DEGREES, MOST_TURNED // len(graph.nodes)) if len(angles) > 1 else 0
    single = [(i,) for i in angles[:most]]
    for turned in [tuple(angles), *single] if angles else []:
        for forward in (True, False):
            gradients = _replayed(trace, in_degrees=frozenset(turned), forward=forward)
            if gradients:
                yield Slip("degrees", gradients[claim.node], turned[0], other=len(turned))


def _everywhere(trace: Trace, claim: Claim, tangents: Sequence[float]) -> Iterator[Slip]:
    """= for += at every branch: the contribution that comes last wins."""
    if sum(len(wires) > 1 for wires in trace.graph.wires_from) > 1:
        for kept in (0, -1):
            gradients = _replayed(trace, kept=kept)
            if gradients:
                yield Slip("overwritten", gradients[claim.node], claim.node)


def _rounded(trace: Trace, claim: Claim, tangents: Sequence[float]) -> Iterator[Slip]:
    """Values rounded before the way back, to decimals or to digits; the gradients on it too, or not."""
    for kind, places in ROUNDINGS if _is_near(trace, claim) else ():
        for back in (False, True):
            gradients = _replayed(trace, rounding=LETTERS[kind].format(places), back=back)
            if gradients:
                yield Slip(kind, gradients[claim.node], claim.node, other=places)


def _one_rounded(trace: Trace, claim: Claim, tangents: Sequence[float]) -> Iterator[Slip]:
    """One value rounded where it is worked out, and used so on both ways; the coarsest rounding last."""
    graph = trace.graph
    nodes = [*graph.inputs, *graph.gate_ids[:-1]] if _is_near(trace, claim) else []
    for node in nodes[: MOST_ROUNDED // (len(ROUNDINGS) * len(graph.nodes))]:
        tried = {trace.values[node]}
        for kind, places in reversed(ROUNDINGS):
            value = float(format(trace.values[node], LETTERS[kind].format(places)))
            gradients = _replayed(trace, given=(node, value)) if value not in tried else None
            tried.add(value)
            if gradients:
                yield Slip(f"one {kind}", gradients[claim.node], node, other=places, rank=(-places,))


def _is_near(trace: Trace, claim: Claim) -> bool:
    """Say whether rounding may be why: the claim is not far off, and the program is one for hands."""
    if len(trace.graph.nodes) > BY_HAND:
        return False
    right = trace.gradients[claim.node]
    return abs(claim.value - right) <= NEAR * abs(right)


def _replayed(
    trace: Trace,
    *,
    in_degrees: frozenset[int] = frozenset(),
    forward: bool = True,
    rounding: str = "",
    back: bool = False,
    kept: int | None = None,
    given: tuple[int, float] | None = None,
) -> list[float] | None:
    """Return the gradients of a pass made with a slip, or None where that leaves a domain."""
    tape, values = tuple(trace.graph.nodes), list(trace.values)
    first = given[0] + 1 if given else 0
    if given:
        values[given[0]] = given[1]
    try:
        for i in range(first, len(tape) if forward else 0):
            gate = tape[i].gate
            if gate:
                value = gate.forward(*_operands(tape[i], values, i in in_degrees))
                values[i] = float(format(value, rounding)) if rounding else value
        return _walked_back(trace.graph, values, in_degrees, rounding if back else "", kept)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None


def _operands(node: Node, values: list[float], in_degrees: bool) -> list[float]:
    operands = [values[operand] for operand in node.operands]
    return [operand * (pi / 180) for operand in operands] if in_degrees else operands


def _walked_back(
    graph: Graph, values: list[float], in_degrees: frozenset[int], rounding: str, kept: int | None
) -> list[float]:
    tape, wires_from = tuple(graph.nodes), tuple(graph.wires_from)
    downstream: list[tuple[float, ...]] = [()] * len(tape)
    gradients = [0.0] * len(tape)
    for i in range(len(tape) - 1, -1, -1):
        terms = [downstream[wire.target][wire.slot] for wire in wires_from[i]]
        terms = [terms[kept]] if terms and kept is not None else terms
        gradient = sum(terms, 1.0 if i == graph.output else 0.0)
        gradient = gradients[i] = float(format(gradient, rounding)) if rounding else gradient
        gate = tape[i].gate
        if gate:
            slopes = _slopes(gate, values[i], _operands(tape[i], values, i in in_degrees))
            downstream[i] = tuple([slope * gradient for slope in slopes])
    return gradients


def _slopes(gate: Gate, z: float, operands: list[float]) -> tuple[float, ...]:
    """Return the local gradients as one works them out by hand: σ·(1 − σ) of the σ that was written down.

    The table's own are of the operand there, so the operand is found that belongs to this output, by Newton's way.
    """
    if len(operands) > 1 or not _is_of_output(gate):
        return gate.slopes(z, *operands)
    (a,) = operands
    for _ in range(NEWTON):
        off = gate.forward(a) - z
        if abs(off) <= NEWTON_ENDS * abs(z):
            break
        a -= off / gate.slopes(z, a)[0]
    return gate.slopes(z, a)


@cache
def _is_of_output(gate: Gate) -> bool:
    """Say whether the local gradient is written with the gate's output."""
    return bool(OUTPUT.search(gate.local[0]))


# where


def _contribution(trace: Trace, wire: Wire) -> float:
    return trace.downstream[wire.target][wire.slot]


def _paths(trace: Trace, tangents: Sequence[float]) -> Iterator[Wire]:
    """Yield the wires whose source depends on the claimed name."""
    for wire in trace.graph.wires():
        if tangents[wire.source]:
            yield wire


def _gates(trace: Trace, tangents: Sequence[float]) -> Iterator[tuple[int, tuple[Wire, ...]]]:
    """Yield the gates on the paths, each with those of its wires that are on them."""
    for i in trace.graph.gate_ids:
        wires = tuple(wire for wire in trace.graph.wires_into(i) if tangents[wire.source])
        if wires:
            yield i, wires


SLIPS: tuple[Callable[[Trace, Claim, Sequence[float]], Iterator[Slip]], ...] = (  # the simplest first
    _cut_off,
    _branches,
    _signs,
    _negated,
    _swapped,
    _value,
    _forgotten_upstream,
    _forgotten_local,
    _in_degrees,
    _rounded,
    _one_rounded,
    _everywhere,
    _other,
)
WHOLE_PASS = (_cut_off, _in_degrees, _everywhere, _rounded, _one_rounded, _other)
