"""Graph and a point to Trace: one pass forward, one pass back, every number kept and none rounded.

The passes know no gate: they ask its row. A wire's gradient is its own contribution; a node's gradient is the sum of
the wires that leave it, added in the order in which they are drawn and printed, so that what is shown adds up to
what is shown. Forward, every value is finite or the pass stops with the gate named; backward, an infinite local
gradient is kept with a warning, and an undefined one (0 × ∞, ∞ − ∞) stops the pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, isinf, isnan

from bpviz.errors import EvaluationError, Place, TooLargeError, UsageError, join_words
from bpviz.formula.numerals import number
from bpviz.gates import Gate, state_domain, write_expression
from bpviz.graph import Graph, Wire
from bpviz.names import find_product, match_twins, spell_out
from bpviz.outputs import TraceOutputs

SMALLEST = 2.0**-1022  # of the numbers with all their digits; between it and 0 they lose one after another
OVERFLOWS = "it overflows"
IS_POLE, IS_OVERFLOW = "has an infinite local gradient here", "has a local gradient here that overflows to infinity"
HINT_OVERFLOW = "the largest number here is about 1.8e308"
MOST_INPUTS_SHOWN = 5  # in a repr


class NodeNumbers(tuple[float, ...]):
    """One number for each node of a graph: read by the node's id, or by the name of an input or a gate.

    >>> from bpviz.lang import parse
    >>> run(parse("x*y"), x=2, y=3).gradients["x"]
    3.0
    """

    graph: Graph

    def __new__(cls, graph: Graph, numbers: Sequence[float]) -> NodeNumbers:
        """Make them of one number for each node, in the order of the tape."""
        made = super().__new__(cls, numbers)
        made.graph = graph
        return made

    def __getitem__(self, key: int | str) -> float:  # type: ignore[override]  # no slice of it is ever taken
        return super().__getitem__(self.graph.find(key) if isinstance(key, str) else key)

    def __getnewargs__(self) -> tuple[Graph, tuple[float, ...]]:
        return self.graph, tuple(self)

    def __repr__(self) -> str:
        named = [(node.name, each) for node, each in zip(self.graph.nodes, self, strict=True) if node.constant is None]
        shown = [f"{name} = {number(each)}" for name, each in named[:MOST_INPUTS_SHOWN]]
        return f"<{', '.join([*shown, '…'] if named[MOST_INPUTS_SHOWN:] else shown)}>"


@dataclass(frozen=True, repr=False)
class Trace(TraceOutputs):
    """A graph and all its numbers at one point.

    values and gradients are by node, and can be read by name: trace.gradients["x"]. local and downstream are by node
    and slot: the local gradient of a gate in an operand, and that times the gate's gradient.
    """

    graph: Graph
    values: NodeNumbers
    gradients: NodeNumbers
    local: tuple[tuple[float, ...], ...]
    downstream: tuple[tuple[float, ...], ...]
    warnings: tuple[str, ...]

    @property
    def point(self) -> dict[str, float]:
        """The values of the inputs, by name."""
        return {self.graph.nodes[i].name: self.values[i] for i in self.graph.inputs}

    def value(self, name: str) -> float:
        """Return the value of an input or gate; raise UsageError if nothing has that name."""
        return self.values[name]

    def gradient(self, name: str) -> float:
        """Return the derivative of the output with respect to an input or gate; raise UsageError if there is none."""
        return self.gradients[name]

    def contributions(self, name: str) -> dict[Wire, float]:
        """Return what each wire out of a node brings to its gradient; they sum to it exactly."""
        wires = self.graph.wires_from[self.graph.find(name)]
        return {wire: self.downstream[wire.target][wire.slot] for wire in wires}

    def __repr__(self) -> str:
        return f"<Trace {describe_point(self.graph, self)}>"


def describe_point(graph: Graph, trace: Trace | None) -> str:
    """Return one line that tells which program it is and, if there is a trace, where: "f = 6 at x = 2, y = 3"."""
    names = [*graph.input_names[:MOST_INPUTS_SHOWN]]
    more = ["…"] if graph.inputs[MOST_INPUTS_SHOWN:] else []
    output = graph.output_name
    if trace is None:
        return f"{output}({', '.join([*names, *more])})"
    point = ", ".join([*(f"{name} = {number(trace.values[name])}" for name in names), *more])
    return f"{output} = {number(trace.values[graph.output])}{' at ' if point else ''}{point}"


def run(graph: Graph, point: Mapping[str, float] | None = None, /, **inputs: float) -> Trace:
    """Return the trace of a graph at a point, given as a mapping, as keywords, or both.

    Raises UsageError for a missing, unknown or infinite input, EvaluationError outside a gate's domain.
    """
    if not isinstance(graph, Graph):  # from untyped code: a program's text, most likely
        raise UsageError(f"{graph!r:.60} is no graph", hint="make one of a program's text first: run(parse(text), x=1)")
    values, warnings = forward(graph, bind(graph, {**(point or {}), **inputs}))
    return backward(graph, values, warnings)


def bind(graph: Graph, point: Mapping[str, float]) -> dict[str, float]:
    """Return a value for every input: the point's, by the input's name or its twin, or else the program's own."""
    names = graph.input_names
    point = match_twins(point, names)
    for name, value in point.items():
        if name not in names:
            raise UsageError(f"no input is called {name}", hint=list_inputs(graph))
        check_number(name, value)
    if missing := graph.missing_inputs(point):
        listed, needed = join_words(missing), "values" if missing[1:] else "a value"
        hint = f"give {join_words(list(map(spell_out, missing)))} {needed}{name_products(missing)}"
        raise UsageError(f"{graph.output_name} needs {needed} for {listed}", hint=hint)
    bound = {**graph.defaults, **point}
    return {name: float(bound[name]) for name in names}


def name_products(names: Sequence[str]) -> str:
    """Return the end of a hint that tells of names which may be products: "; xy is one name, …"."""
    products = {name: find_product(name) for name in names}
    texts = [f"; {name} is one name, for the product write {product}" for name, product in products.items() if product]
    return "".join(texts)


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


def list_inputs(graph: Graph) -> str:
    """Say which inputs a program has: "the inputs are x, y"."""
    return f"the inputs are {', '.join(graph.input_names)}" if graph.inputs else "the program has no inputs"


def forward(graph: Graph, point: Mapping[str, float]) -> tuple[list[float], list[str]]:
    """Compute the value of every node; return the values, and warnings of kinks and underflows.

    Raises EvaluationError for a gate outside its domain, TooLargeError for an overflow.
    """
    values: list[float] = []
    for i, node in enumerate(graph.nodes):
        if node.gate is None:
            values.append(point[node.name] if node.constant is None else node.constant)
            continue
        operands = [values[operand] for operand in node.operands]
        try:
            value = node.gate.forward(*operands)
        except OverflowError:
            raise _overflow_error(graph, i, operands) from None
        except (ValueError, ZeroDivisionError):
            raise _outside_error(graph, i, operands) from None
        if not isfinite(value):
            raise _overflow_error(graph, i, operands)
        values.append(value)
    _check_requirements(graph, values)
    warnings = [
        text
        for i, node in enumerate(graph.nodes)
        if node.gate
        for text in _list_warnings(graph, i, node.gate, values[i], [values[operand] for operand in node.operands])
    ]
    return values, warnings


def _check_requirements(graph: Graph, values: Sequence[float]) -> None:
    """Raise EvaluationError where the operands of a gate that was taken apart are not in its domain."""
    for gate, operands, span in graph.requirements:
        numbers = [values[each] if isinstance(each, int) else each for each in operands]
        try:
            gate.forward(*numbers)
        except OverflowError:
            continue  # its parts do not
        except (ValueError, ZeroDivisionError):
            names = [graph.nodes[each].name if isinstance(each, int) else number(each) for each in operands]
            raise EvaluationError(
                f"{write_expression(gate, tuple(names))} has no value at {_write_operands(numbers)}",
                place=Place(graph.source, *span),
                hint=state_domain(gate),
            ) from None


def _list_warnings(graph: Graph, node: int, gate: Gate, value: float, operands: list[float]) -> Iterator[str]:
    if gate.kink and gate.kink(value, *operands):
        yield f"{_equation(graph, node)} is at a kink: {gate.rule}"
    if is_underflow(gate, value, operands):
        yield f"{_equation(graph, node)} underflows to {f'{value:.3g}, with fewer digits' if value else '0'}"
    if gate.words.caution:
        yield f"{_equation(graph, node)}: {gate.words.caution}"


def backward(graph: Graph, values: Sequence[float], warnings: Sequence[str]) -> Trace:
    """Compute every gradient from the values of a forward pass; raise EvaluationError for an undefined one."""
    gradients = [0.0] * len(values)
    local: list[tuple[float, ...]] = [()] * len(values)
    downstream: list[tuple[float, ...]] = [()] * len(values)
    for i in range(len(values) - 1, -1, -1):
        node = graph.nodes[i]
        upstream = 1.0 if i == graph.output else 0.0
        for wire in graph.wires_from[i]:  # a loop and not sum(): from Python 3.12 on sum() rounds differently
            upstream += downstream[wire.target][wire.slot]
        gradients[i] = upstream
        if node.gate:
            local[i] = node.gate.slopes(values[i], *[values[operand] for operand in node.operands])
            downstream[i] = tuple([slope * upstream for slope in local[i]])
    poles = [] if all(map(isfinite, gradients)) else _explain_infinite(graph, values, gradients, local, downstream)
    return Trace(
        graph,
        NodeNumbers(graph, values),
        NodeNumbers(graph, gradients),
        tuple(local),
        tuple(downstream),
        (*[text for text in graph.warnings if text not in graph.notes], *warnings, *poles),
    )


def _explain_infinite(
    graph: Graph,
    values: Sequence[float],
    gradients: list[float],
    local: Sequence[tuple[float, ...]],
    downstream: Sequence[tuple[float, ...]],
) -> list[str]:
    """Return a warning for each gate with an infinite local gradient; raise EvaluationError for other infinite ones."""
    for i in range(len(gradients) - 1, -1, -1):
        if not isfinite(gradients[i]):
            _check_infinite(graph, i, values, local, downstream, gradients)
    infinite = [i for i, slopes in enumerate(local) if any(map(isinf, slopes))]
    return [f"{_equation(graph, i)} {IS_POLE if is_at_pole(graph, i, values) else IS_OVERFLOW}" for i in infinite]


def is_at_pole(graph: Graph, node: int, values: Sequence[float]) -> bool:
    """Say whether a gate is where its slope is infinite: the slope of 1/x at 10⁻¹⁶⁰ is only too large for a float."""
    gate = graph.nodes[node].gate
    return gate is not None and values[graph.nodes[node].operands[0]] in gate.poles


def _check_infinite(
    graph: Graph,
    node: int,
    values: Sequence[float],
    local: Sequence[tuple[float, ...]],
    downstream: Sequence[tuple[float, ...]],
    gradients: list[float],
) -> None:
    """Raise EvaluationError if the gradient of a node is infinite for another reason than a pole."""
    for wire in graph.wires_from[node]:
        contribution = downstream[wire.target][wire.slot]
        is_overflow = isinf(local[wire.target][wire.slot]) and not is_at_pole(graph, wire.target, values)
        if is_overflow and abs(gradients[wire.target]) < 1:  # with it the product may well be a number
            raise _undefined_error(graph, wire.target, OVERFLOWS)
        if isnan(contribution):
            raise _undefined_error(graph, wire.target, "0 × ∞")
        factors = (local[wire.target][wire.slot], gradients[wire.target])
        if isinf(contribution) and all(map(isfinite, factors)):
            raise _undefined_error(graph, wire.target, OVERFLOWS)
    signs = {downstream[wire.target][wire.slot] for wire in graph.wires_from[node]}
    if signs >= {inf, -inf}:
        raise _undefined_error(graph, node, "∞ − ∞")
    if not signs & {inf, -inf}:
        raise _undefined_error(graph, node, OVERFLOWS)


def is_underflow(gate: Gate, value: float, operands: Sequence[float]) -> bool:
    """Say whether a gate's result is 0 or has few digits because it is tiny, and no operand was so before."""
    if not (-SMALLEST < value < SMALLEST and gate.nonzero and gate.nonzero(*operands)):
        return False
    return not value or all(abs(operand) >= SMALLEST for operand in operands)


def _undefined_error(graph: Graph, node: int, why: str) -> EvaluationError:
    kind = TooLargeError if why == OVERFLOWS else EvaluationError
    return kind(
        f"the gradient at {_equation(graph, node)} is not defined: {why}",
        place=graph.place(node),
        hint=HINT_OVERFLOW + _suggest_coarser(graph, node) if why == OVERFLOWS else "move the point a little",
    )


def _write_operands(operands: list[float]) -> str:
    """Write operands for a message, −0 as 0."""
    return join_words([f"{operand + 0.0:.6g}" for operand in operands])


def _outside_error(graph: Graph, node: int, operands: list[float]) -> EvaluationError:
    gate = graph.nodes[node].gate
    return EvaluationError(
        f"{_equation(graph, node)} has no value at {_write_operands(operands)}",
        place=graph.place(node),
        hint=(state_domain(gate) if gate else "") + _suggest_coarser(graph, node),
    )


def _overflow_error(graph: Graph, node: int, operands: list[float]) -> EvaluationError:
    return TooLargeError(
        f"{_equation(graph, node)} overflows at {_write_operands(operands)}",
        place=graph.place(node),
        hint=HINT_OVERFLOW + _suggest_coarser(graph, node),
    )


def _suggest_coarser(graph: Graph, node: int) -> str:
    """Suggest a coarser level for a part of a gate that was taken apart: the whole gate may have a value here."""
    span = graph.nodes[node].span
    if sum(each.span == span for each in graph.nodes if each.gate) < 2:
        return ""
    return f"; as one gate, at a level coarser than {graph.level}, it may have a value"


def _equation(graph: Graph, node: int) -> str:
    name = graph.nodes[node].name
    return f"{name} = {graph.expression(node)}" if graph.nodes[node].gate else name
