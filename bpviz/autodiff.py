"""Graph and a point to Trace: one pass forward, one pass back, every number kept and none rounded.

The passes know no gate: they ask its row. A wire's gradient is its own contribution; a node's gradient is the sum of
the wires that leave it, added in the order in which they are drawn and printed, so that what is shown adds up to
what is shown. Forward, every value is finite or the pass stops with the gate named; backward, an infinite local
gradient is kept and told, and an undefined one (0 × ∞, ∞ − ∞) stops the pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import inf, isfinite, isinf, isnan

from bpviz.errors import EvaluationError, TooLargeError, UsageError
from bpviz.gates import Gate, needs
from bpviz.graph import NONE, Graph, Wire
from bpviz.later import Later
from bpviz.records import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

SMALLEST = 2.0**-1022  # of the numbers with all their digits; between it and 0 they lose one after another
OVERFLOWS = "it overflows"
EULER = "e"  # a name like any other, but seldom meant so where it is raised to a power


class Trace(NamedTuple):
    """A graph and all its numbers at one point.

    values and gradients are by node; local and downstream by node and slot.
    """

    graph: Graph
    values: tuple[float, ...]
    gradients: tuple[float, ...]
    local: Sequence[tuple[float, ...]]
    downstream: Sequence[tuple[float, ...]]
    warnings: tuple[str, ...]

    def value(self, name: str) -> float:
        """Return the value of an input or gate; UsageError if nothing has that name."""
        return self.values[self.graph.find(name)]

    def gradient(self, name: str) -> float:
        """Return the derivative of the output with respect to an input or gate; UsageError if there is none."""
        return self.gradients[self.graph.find(name)]

    def contributions(self, name: str) -> dict[Wire, float]:
        """Return what each wire out of a node brings to its gradient; they sum to it exactly."""
        wires = self.graph.wires_from[self.graph.find(name)]
        return {wire: self.downstream[wire.target][wire.slot] for wire in wires}


def run(graph: Graph, point: Mapping[str, float] | None = None, /, **inputs: float) -> Trace:
    """Return the trace of a graph at a point, given as a mapping, as keywords, or both.

    Raises UsageError for a missing, unknown or infinite input, EvaluationError outside a gate's domain.
    """
    if not isinstance(graph, Graph):  # from untyped code: a program's text, most likely
        raise UsageError(f"{graph!r:.60} is no graph", hint="make one of a program's text first: run(parse(text), x=1)")
    given = bind(graph, {**(point or {}), **inputs})
    values, told = forward(graph, given)
    return backward(graph, values, told)


def bind(graph: Graph, point: Mapping[str, float]) -> dict[str, float]:
    """Return a value for every input: the point's, or else the program's own."""
    names = graph.input_names
    bound = {name: point[name] for name in names if name in point}
    is_whole = len(bound) == len(names) == len(point) and set(map(type, bound.values())) == {float}
    if is_whole and all(map(isfinite, bound.values())):
        return bound
    for name, value in point.items():
        if name not in bound:
            raise UsageError(f"no input is called {name}", hint=known_inputs(names))
        check_number(name, value)
    bound = {**graph.defaults, **point}
    missing = [name for name in names if name not in bound]
    if missing:
        raise UsageError(
            f"{graph.output_name} needs {'values' if missing[1:] else 'a value'} for {_listed(missing)}",
            hint=about_e(graph, missing) or f"give {_listed(missing)} {'values' if missing[1:] else 'a value'}",
        )
    return {name: float(bound[name]) for name in names}


def check_number(name: str, value: object) -> None:
    """Raise UsageError if what is given for a name is not a finite number."""
    try:
        if isfinite(value):  # type: ignore[arg-type]  # raises TypeError for a str, which float() would read
            return
    except (TypeError, ValueError):
        raise UsageError(f"{name} = {value!r:.60} is not a number", hint=f"give {name} a number, such as 2.5") from None
    except OverflowError:  # of a whole number, which Python may not even be able to print
        raise UsageError(f"{name} is too large", hint="the largest number here is about 1.8e308") from None
    raise UsageError(f"{name} = {value} is not a finite number", hint=f"give {name} a finite value")


def known_inputs(names: Sequence[str]) -> str:
    """Return which inputs there are, in words."""
    return f"the inputs are {', '.join(names)}" if names else "the program has no inputs"


def about_e(graph: Graph, missing: Sequence[str]) -> str:
    """Return what to say where e has no value and is the base of a power; nothing elsewhere."""
    if EULER not in missing:
        return ""
    e = graph.find(EULER)
    is_base = any(
        node.gate.base is not None and node.operands[node.gate.base] == e for node in graph.nodes if node.gate
    )
    return f"for Euler's number write exp(x); {EULER} is a name like any other" if is_base else ""


def forward(graph: Graph, given: Mapping[str, float]) -> tuple[list[float], list[str]]:
    """Return the value of every node, and the rules that were used at kinks."""
    columns = graph.columns
    leaves = {**columns.numbers, **{i: given[name] for i, name in zip(graph.inputs, graph.input_names, strict=True)}}
    values: list[float] = []
    try:
        for gate, a, b in zip(columns.gates, columns.first, columns.second, strict=True):
            if gate is None:
                values.append(leaves[len(values)])
            elif b >= 0:
                values.append(gate.forward(values[a], values[b]))
            elif b == NONE:
                values.append(gate.forward(values[a]))
            else:
                values.append(gate.forward(*[values[operand] for operand in columns.more[len(values)]]))
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise _without_value(graph, values, error) from None
    if not all(map(isfinite, values)):
        raise _without_value(graph, values)
    return values, _told(graph, values)


def _without_value(graph: Graph, values: list[float], error: Exception | None = None) -> EvaluationError:
    """Return what to say of the first node without a finite value; error is what the node after the values raised."""
    node = next((i for i, value in enumerate(values) if not isfinite(value)), len(values))
    operands = [values[operand] for operand in graph.columns.operands(node)]
    overflows = node < len(values) or isinstance(error, OverflowError)
    return _overflow(graph, node, operands) if overflows else _outside(graph, node, operands)


def _told(graph: Graph, values: list[float]) -> list[str]:
    """Return what a reader should know of the values: kinks, underflows, gates to beware of."""
    columns = graph.columns
    gates = [gate for gate in set(columns.gates) if gate is not None]  # only asked, never listed
    is_tiny = min(map(abs, values)) < SMALLEST
    watched = [gate for gate in gates if gate.kink or gate.caution or (is_tiny and gate.nonzero)]
    if not watched:
        return []
    found = [(i, gate) for i, gate in enumerate(columns.gates) if gate in watched and gate is not None]
    return [
        text
        for i, gate in found
        for text in _told_of(graph, i, gate, values[i], [values[operand] for operand in columns.operands(i)])
    ]


def _told_of(graph: Graph, node: int, gate: Gate, value: float, operands: list[float]) -> Iterator[str]:
    if gate.kink and gate.kink(value, *operands):
        yield f"{_equation(graph, node)} is at a kink: {gate.rule}"
    if -SMALLEST < value < SMALLEST and gate.nonzero and _underflows(value, operands):
        yield f"{_equation(graph, node)} underflows to {f'{value:.3g}, with fewer digits' if value else '0'}"
    if gate.caution:
        yield f"{_equation(graph, node)}: {gate.caution}"


def backward(graph: Graph, values: list[float], told: list[str]) -> Trace:
    """Return the trace for the values of a forward pass."""
    gradients = _gradients(graph, values)
    local = Later(lambda: _local_gradients(graph, values))
    downstream = Later(lambda: _downstream(local, gradients))
    poles = [] if all(map(isfinite, gradients)) else _poles(graph, gradients, local, downstream)
    return Trace(graph, tuple(values), tuple(gradients), local, downstream, (*graph.warnings, *told, *poles))


def _gradients(graph: Graph, values: list[float]) -> list[float]:
    """Return the gradient of every node, its contributions added in the order of the gates that they come from."""
    columns, drawn, output = graph.columns, graph.constants, graph.output
    gradients = [0.0] * len(values)
    brought: list[Any] = [None] * len(values)  # to each node: one contribution, or a list of them, the last first
    i = len(values)
    for gate, a, b in zip(reversed(columns.gates), reversed(columns.first), reversed(columns.second), strict=True):
        i -= 1
        upstream, terms = 1.0 if i == output else 0.0, brought[i]
        if type(terms) is list:
            for term in reversed(terms):
                upstream += term
        elif terms is not None:
            upstream += terms
        gradients[i], brought[i] = upstream, None
        if gate is None:
            continue
        if b >= 0 and not drawn:
            slope_a, slope_b = gate.slopes(values[i], values[a], values[b])
            if brought[b] is None:
                brought[b] = slope_b * upstream
            else:
                _bring(brought, b, slope_b * upstream)
            if brought[a] is None:
                brought[a] = slope_a * upstream
            else:
                _bring(brought, a, slope_a * upstream)
        else:
            _bring_all(graph, i, gate, values, upstream, brought)
    for constant in () if drawn else columns.numbers:  # folded into its gates: no wire leads there
        gradients[constant] = 0.0
    return gradients


def _bring(brought: list[Any], node: int, contribution: float) -> None:
    """Bring a node one more contribution."""
    before = brought[node]
    if type(before) is list:
        before.append(contribution)
    else:
        brought[node] = contribution if before is None else [before, contribution]


def _bring_all(graph: Graph, node: int, gate: Gate, values: list[float], upstream: float, brought: list[Any]) -> None:
    """Bring each operand of a gate its contribution, from the last to the first."""
    operands = graph.columns.operands(node)
    slopes = gate.slopes(values[node], *[values[operand] for operand in operands])
    for slot in range(len(operands) - 1, -1, -1):
        if slot != gate.parameter:
            _bring(brought, operands[slot], slopes[slot] * upstream)


def _local_gradients(graph: Graph, values: list[float]) -> tuple[tuple[float, ...], ...]:
    columns = graph.columns
    return tuple(
        [
            gate.slopes(values[i], *[values[operand] for operand in columns.operands(i)]) if gate else ()
            for i, gate in enumerate(columns.gates)
        ]
    )


def _downstream(local: Sequence[tuple[float, ...]], gradients: list[float]) -> tuple[tuple[float, ...], ...]:
    return tuple(
        [tuple([slope * upstream for slope in slopes]) for slopes, upstream in zip(local, gradients, strict=True)]
    )


def _poles(
    graph: Graph,
    gradients: list[float],
    local: Sequence[tuple[float, ...]],
    downstream: Sequence[tuple[float, ...]],
) -> list[str]:
    """Return what to say of the poles that gradients are infinite from; raise where they are for another reason."""
    for i in range(len(gradients) - 1, -1, -1):
        if not isfinite(gradients[i]):
            _accept_infinite(graph, i, local, downstream, gradients)
    poles = [i for i, slopes in enumerate(local) if any(map(isinf, slopes))]
    return [f"{_equation(graph, i)} has an infinite local gradient here" for i in poles]


def _accept_infinite(
    graph: Graph,
    node: int,
    local: Sequence[tuple[float, ...]],
    downstream: Sequence[tuple[float, ...]],
    gradients: list[float],
) -> None:
    """Let an infinite gradient pass that comes from a pole; raise for 0 × ∞, ∞ − ∞ and overflow."""
    for wire in graph.wires_from[node]:
        contribution = downstream[wire.target][wire.slot]
        if isnan(contribution):
            raise _undefined(graph, wire.target, "0 × ∞")
        factors = (local[wire.target][wire.slot], gradients[wire.target])
        if isinf(contribution) and all(map(isfinite, factors)):
            raise _undefined(graph, wire.target, OVERFLOWS)
    signs = {downstream[wire.target][wire.slot] for wire in graph.wires_from[node]}
    if signs >= {inf, -inf}:
        raise _undefined(graph, node, "∞ − ∞")
    if not signs & {inf, -inf}:
        raise _undefined(graph, node, OVERFLOWS)


def _underflows(value: float, operands: list[float]) -> bool:
    """Say whether a result below SMALLEST is surely too small for its digits, and not small from the start."""
    return all(operands) and (not value or min(map(abs, operands)) >= SMALLEST)


def _undefined(graph: Graph, node: int, why: str) -> EvaluationError:
    kind = TooLargeError if why == OVERFLOWS else EvaluationError
    return kind(
        f"the gradient at {_equation(graph, node)} is not defined: {why}",
        place=graph.place(node),
        hint="move the point a little",
    )


def _shown(operands: list[float]) -> str:
    """Return operands as words; −0 is 0 here, as everywhere."""
    return _listed([f"{operand + 0.0:.6g}" for operand in operands])


def _outside(graph: Graph, node: int, operands: list[float]) -> EvaluationError:
    gate = graph.nodes[node].gate
    return EvaluationError(
        f"{_equation(graph, node)} has no value at {_shown(operands)}",
        place=graph.place(node),
        hint=(needs(gate) if gate else "") + _as_one(graph, node),
    )


def _overflow(graph: Graph, node: int, operands: list[float]) -> EvaluationError:
    return TooLargeError(
        f"{_equation(graph, node)} overflows at {_shown(operands)}",
        place=graph.place(node),
        hint="the largest number here is about 1.8e308" + _as_one(graph, node),
    )


def _as_one(graph: Graph, node: int) -> str:
    """Return what to say of a part of a gate that was taken apart: the gate itself may have a value."""
    span = graph.nodes[node].span
    if sum(each.span == span for each in graph.nodes if each.gate) < 2:
        return ""
    return f"; as one gate, at a level coarser than {graph.level}, it may have a value"


def _equation(graph: Graph, node: int) -> str:
    name = graph.nodes[node].name
    return f"{name} = {graph.expression(node)}" if graph.nodes[node].gate else name


def _listed(words: list[str]) -> str:
    """Join words as a sentence does: x, y and z."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
