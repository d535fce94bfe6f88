"""What a wrong answer may come from: the slips of both passes by hand, each tried at every place of the graph.

A single slip changes what one gate hands back along its wires. The gradient of the claimed name changes by that much
times how the wire's source depends on the name, so one pass of tangents from the name gives the effect of every slip at
every wire. A slip that runs through the whole pass (a calculator in degrees, values rounded on the way, = where +=
belongs) takes a pass of its own; there are a few dozen of them, however large the graph. So does every slip in a value.

A slip in a formula is the one whose number the formula has at every point that is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import combinations
from math import floor, isfinite
from operator import add
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.checking.claims import GRADIENT, Claim
from bpviz.checking.passes import NO_NUMBER, WrongPass
from bpviz.formula.evaluation import compile_value
from bpviz.formula.tree import LETTERS, read
from bpviz.gates import GATES, Gate
from bpviz.graph import Wire

MOST_SLIPS = 3  # reported for one claim
MOST_NODES = 50_000  # of a larger graph no slip is looked for
MOST_NODES_BY_HAND = 10_000  # nobody rounds the values of more
MOST_SUBSET_BRANCHES = 6  # all subsets of so many branches; of more, those that lack one or have only one
MOST_ANGLES = 40  # gates that are tried in degrees one by one
MOST_ANGLE_STEPS = 200_000  # gates in degrees times nodes
MOST_ROUNDING_STEPS = 150_000  # nodes whose value is rounded, times roundings, times nodes
MOST_CHANGED_STEPS = 300_000  # gates whose function is another, times nodes
WHOLE, SAME_NUMBER = 0.5, 1e-9  # the precision of a whole number, and how far from it a slip that makes it may be
COARSE = 0.1  # the relative precision beyond which a whole number is not a rounded one
ROUNDING_ERROR = 0.1  # rounding is a likely cause of a smaller relative error
ROUNDINGS = [(kind, places) for places in (1, 2, 3) for kind in ("decimals", "digits")]
REDUNDANT = {  # kinds that add nothing where one of these is found
    "negated": ("lost minus", "sign"),
    "overwritten": ("branch",),
    "digits": ("decimals",),
    "one digits": ("decimals", "digits", "one decimals"),
    "one decimals": ("decimals", "digits", "one digits"),
    "other": ("branch", "lost minus", "sign", "negated", "swapped", "value", "upstream", "local", "degrees", "rule"),
    "other value": ("negated", "gradient", "left out", "order", "other gate", "degrees"),
}


PRODUCT = "a*b"  # the formula of a gate whose derivative is by the product rule
AT_A_GATE = (
    "product",
    "lost minus",
    "sign",
    "swapped",
    "rule",
    "upstream",
    "local",
    "other gate",
    "turned",
    "order",
    "left out",
)


class Slip(NamedTuple):
    """A slip and the number that it makes.

    kind    one of the kinds of SLIPS, such as "lost minus"
    number  the gradient, or the value, that it makes
    node    the gate or the branch where it happens
    wires   those on which it happens; of a branch, those that were counted
    other   another node, or a number of digits or gates, or which of a gate's mistakes, where the kind needs one
    rank    orders slips by simplicity
    also    other nodes where the same kind of slip makes the same number
    """

    kind: str
    number: float
    node: int
    wires: tuple[Wire, ...] = ()
    other: int = 0
    rank: tuple[int, ...] = (0,)
    also: tuple[int, ...] = ()


def diagnose(trace: Trace, claim: Claim) -> tuple[Slip, ...]:
    """Return the simplest slip of each kind that makes the claimed number, three at most, the simplest first."""
    return _choose(find_slips(trace, claim))


def diagnose_formula(samples: Sequence[tuple[Trace, Claim]]) -> tuple[Slip, ...]:
    """Return likewise the slips that make a formula, which claims another number at each of several points."""
    (first, claim), *others = samples
    found = _search(first, claim)
    for trace, another in others:
        places = {_place(slip) for slip in _search(trace, another)} if found else set()
        found = [slip for slip in found if _place(slip) in places]
    return _choose(found)


def _place(slip: Slip) -> tuple[object, ...]:
    """Return what a slip is at every point: a lost minus is a turned sign where the number is positive."""
    return ("sign" if slip.kind == "lost minus" else slip.kind, slip.node, slip.wires, slip.other)


def _choose(slips: Sequence[Slip]) -> tuple[Slip, ...]:
    kinds: dict[str, Slip] = {}
    for slip in slips:
        if kinds.keys() & REDUNDANT.get(slip.kind, ()):
            continue
        known = kinds.setdefault(slip.kind, slip)
        if slip.node not in (known.node, *known.also) and slip.kind in AT_A_GATE:
            kinds[slip.kind] = known._replace(also=(*known.also, slip.node))
    return tuple(kinds.values())[:MOST_SLIPS]


def find_slips(trace: Trace, claim: Claim) -> list[Slip]:
    """Return every slip that makes the claimed number, the simplest first; none if the claim is right.

    Those at the name itself or at a gate that it feeds come before those further on, and then the simple kinds.
    """
    right = choose_number(trace, claim)
    return [] if claim.fits(right) or not isfinite(right) else _search(trace, claim)


def choose_number(trace: Trace, claim: Claim) -> float:
    """Return the gradient, or the value, that a claim is about."""
    return (trace.gradients if claim.quantity == GRADIENT else trace.values)[claim.node]


def _search(trace: Trace, claim: Claim) -> list[Slip]:
    if len(trace.graph.nodes) > MOST_NODES:
        return []
    is_gradient = claim.quantity == GRADIENT
    tangents = compute_tangents(trace, claim.node) if is_gradient else []
    search = SlipSearch(trace, claim, choose_number(trace, claim), tangents)
    found = []
    for simplicity, make in enumerate(SLIPS if is_gradient else VALUE_SLIPS):
        for slip in make(search):
            if claim.fits(slip.number):
                if slip.node == claim.node or make in WHOLE_PASS_SLIPS:
                    distance = 0
                elif claim.node in trace.graph.nodes[slip.node].operands:  # at a gate that the name feeds
                    distance = 1
                else:
                    distance = 2 + abs(slip.node - claim.node)
                is_far = is_gradient and distance > 1
                found.append(slip._replace(rank=(int(is_far), simplicity, *slip.rank, distance)))
    if claim.precision >= WHOLE:  # 6 is meant as 6 rather than as 5.9, if a slip makes it, and 0 never as 0.4
        exact = [slip for slip in found if abs(slip.number - claim.value) <= SAME_NUMBER * abs(claim.value)]
        found = exact or [slip for slip in found if claim.precision <= COARSE * abs(slip.number)]
    return sorted(found, key=lambda slip: slip.rank)


def compute_tangents(trace: Trace, node: int) -> list[float]:
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
    """A claim whose slip is looked for: the right number and, for a gradient, the tangents from the claimed name."""

    trace: Trace
    claim: Claim
    right: float
    tangents: Sequence[float]

    @property
    def may_be_rounded(self) -> bool:
        """Say whether rounding may be the cause: the claim is not far off, and the program is one for hands."""
        if len(self.trace.graph.nodes) > MOST_NODES_BY_HAND or self.claim.formula:
            return False
        return abs(self.claim.value - self.right) <= ROUNDING_ERROR * abs(self.right)

    def replay(self, wrong: WrongPass) -> float:
        """Return the claimed gradient, or value, in a pass that is made with a slip."""
        run = wrong.gradient if self.claim.quantity == GRADIENT else wrong.value
        return run(self.trace, self.claim.node)

    def contribution(self, wire: Wire) -> float:
        """Return the gradient that a wire carries."""
        return self.trace.downstream[wire.target][wire.slot]


# Slips at one place. Each function makes one kind of slip wherever it can be made, and yields what comes out.


def _cut_digits_off(search: SlipSearch) -> Iterator[Slip]:
    """Digits are cut off instead of rounded."""
    if search.claim.formula:
        return
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


def _multiply_derivatives(search: SlipSearch) -> Iterator[Slip]:
    """The derivative of a product is taken as the product of the derivatives."""
    graph, values, tangents = search.trace.graph, search.trace.values, search.tangents
    for i in graph.gate_ids:
        gate, operands = graph.nodes[i].gate, graph.nodes[i].operands
        if gate and gate.formula == PRODUCT and all(tangents[operand] for operand in operands):
            a, b = operands
            change = tangents[a] * tangents[b] - (values[b] * tangents[a] + values[a] * tangents[b])
            yield Slip("product", search.right + change * search.trace.gradients[i], i)


def _take_value(search: SlipSearch) -> Iterator[Slip]:
    """The value of the name, or of the output, is taken for the gradient."""
    for node in dict.fromkeys((search.claim.node, search.trace.graph.output)):
        yield Slip("value", search.trace.values[node], node, rank=(int(node != search.claim.node),))


def _mistake_slopes(search: SlipSearch) -> Iterator[Slip]:
    """A local gradient is what many take it for: x for the 2x of x²."""
    graph, values = search.trace.graph, search.trace.values
    for wire in graph.wires():
        gate = graph.nodes[wire.target].gate
        if gate is None or not search.tangents[wire.source]:
            continue
        operands = [values[operand] for operand in graph.nodes[wire.target].operands]
        for number, mistake in enumerate(gate.mistakes):
            if mistake.slot == wire.slot:
                try:
                    slope = _compile_mistake(gate, number)(values[wire.target], *operands)
                except NO_NUMBER:
                    continue
                change = (slope - search.trace.local[wire.target][wire.slot]) * search.trace.gradients[wire.target]
                gradient = search.right + change * search.tangents[wire.source]
                yield Slip("rule", gradient, wire.target, (wire,), other=number)


@cache
def _compile_mistake(gate: Gate, number: int) -> Callable[..., float]:
    return compile_value(read(gate.mistakes[number].slope), ", ".join(("z", *LETTERS[: gate.arity[0]])))


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
            number = search.replay(WrongPass(in_degrees=frozenset(in_degrees), forward=forward))
            yield Slip("degrees", number, in_degrees[0], other=len(in_degrees))


def _round_all(search: SlipSearch) -> Iterator[Slip]:
    """Values are rounded before the way back, to decimals or to digits; the gradients on it too, or not."""
    for kind, places in ROUNDINGS if search.may_be_rounded else ():
        for backward in (False, True):
            number = search.replay(WrongPass(rounding=format_of(kind, places), round_gradients=backward))
            yield Slip(kind, number, search.claim.node, other=places)


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
                number = search.replay(WrongPass(given=(node, value)))
                yield Slip(f"one {kind}", number, node, other=places, rank=(-places,))


def _overwrite_branches(search: SlipSearch) -> Iterator[Slip]:
    """= is written for += at every branch: the contribution that comes last wins."""
    if sum(len(wires) > 1 for wires in search.trace.graph.wires_from) > 1:
        for winner in (0, -1):
            yield Slip("overwritten", search.replay(WrongPass(winner=winner)), search.claim.node)


def _take_other_gate(search: SlipSearch) -> Iterator[Slip]:
    """Another gate is taken for one that is called or written much alike, in both passes or in the last."""
    nodes = search.trace.graph.nodes
    places = [(i, name) for i, node in enumerate(nodes) if node.gate for name in node.gate.look_alikes]
    for i, name in places[: MOST_CHANGED_STEPS // len(nodes)]:
        for forward in (True, False):
            number = search.replay(WrongPass(gates={i: GATES[name]}, forward=forward))
            other = list(GATES).index(name)
            yield Slip("other gate", number, i, other=other, rank=(int(not forward),))


# Slips in a value.


def _take_gradient(search: SlipSearch) -> Iterator[Slip]:
    """The gradient of the name, or of an input, is taken for the value."""
    for node in dict.fromkeys((search.claim.node, *search.trace.graph.inputs)):
        yield Slip("gradient", search.trace.gradients[node], node, rank=(int(node != search.claim.node),))


def _take_other_value(search: SlipSearch) -> Iterator[Slip]:
    """The value is that of another name."""
    graph = search.trace.graph
    for node in (*graph.inputs, *graph.gate_ids):
        if node != search.claim.node:
            yield Slip("other value", search.trace.values[node], search.claim.node, other=node)


def _leave_gate_out(search: SlipSearch) -> Iterator[Slip]:
    """A gate of one operand hands its operand on."""
    return _change_gates(search, "left out", 1, lambda gate: lambda a: a)


def _turn_value(search: SlipSearch) -> Iterator[Slip]:
    """The sign of a gate's value is turned."""
    return _change_gates(search, "turned", 0, lambda gate: lambda *operands: -gate.forward(*operands))


def _swap_operands(search: SlipSearch) -> Iterator[Slip]:
    """The two operands of a gate are swapped: y − x for x − y."""
    return _change_gates(search, "order", 2, lambda gate: lambda a, b: gate.forward(b, a))


def _change_gates(
    search: SlipSearch, kind: str, arity: int, change: Callable[[Gate], Callable[..., float]]
) -> Iterator[Slip]:
    """Yield a slip for every gate of so many operands, or of any if arity is 0, that computes something else."""
    nodes = search.trace.graph.nodes
    gates = [(i, node.gate) for i, node in enumerate(nodes) if node.gate and arity in (0, len(node.operands))]
    for i, gate in gates[: MOST_CHANGED_STEPS // len(nodes)]:
        yield Slip(kind, search.replay(WrongPass(functions={i: change(gate)})), i)


def format_of(kind: str, places: int) -> str:
    """Return Python's format for a number of decimals, or of significant digits."""
    return f".{places}{'f' if kind == 'decimals' else 'g'}"


SLIPS: tuple[Callable[[SlipSearch], Iterator[Slip]], ...] = (  # the simplest first
    _cut_digits_off,
    _miss_branches,
    _turn_sign,
    _negate,
    _swap_slopes,
    _mistake_slopes,
    _multiply_derivatives,
    _take_value,
    _forget_upstream,
    _forget_local,
    _take_other_gate,
    _use_degrees,
    _round_all,
    _round_one,
    _overwrite_branches,
    _take_other_gradient,
)
VALUE_SLIPS: tuple[Callable[[SlipSearch], Iterator[Slip]], ...] = (
    _take_gradient,
    _cut_digits_off,
    _negate,
    _turn_value,
    _swap_operands,
    _leave_gate_out,
    _take_other_gate,
    _use_degrees,
    _round_all,
    _round_one,
    _take_other_value,
)
WHOLE_PASS_SLIPS = (_cut_digits_off, _use_degrees, _overwrite_branches, _round_all, _round_one, _take_other_gradient)
