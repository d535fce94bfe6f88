"""Graph and a point to Trace: one pass forward, one pass back, every number kept and none rounded.

The passes know no gate: they ask its row. A wire's gradient is its own contribution; a node's gradient is the sum of
the wires that leave it, added in the order in which they are drawn and printed, so that what is shown adds up to
what is shown. Forward, every value is finite or the pass stops with the gate named; backward, an infinite local
gradient is kept with a warning, and an undefined one (0 × ∞, ∞ − ∞) stops the pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, isfinite, isinf, isnan
from typing import Any

from bpviz.errors import EvaluationError, Place, TooLargeError, UsageError, join_words
from bpviz.formula.numerals import number
from bpviz.gates import Gate, state_domain, write_expression
from bpviz.graph import Graph, Wire
from bpviz.names import find_product, match_twins, spell_out
from bpviz.outputs import TraceOutputs
from bpviz.vectors import VectorNumbers, nest, read_nested, say_shape, write_shape

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
        """Take one number for each node, in the order of the tape."""
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
    and slot: the local gradient of a gate in an operand, and that times the gate's gradient. unrounded is the trace as
    computed, if in this one the numbers that are nothing but rounding error are 0 (bpviz/noise.py).
    """

    graph: Graph
    values: NodeNumbers
    gradients: NodeNumbers
    local: tuple[tuple[float, ...], ...]
    downstream: tuple[tuple[float, ...], ...]
    warnings: tuple[str, ...]
    unrounded: Trace | None = None

    @property
    def point(self) -> dict[str, float]:
        """The values of the inputs, by name."""
        return {self.graph.nodes[i].name: self.values[i] for i in self.graph.inputs}

    @cached_property
    def vectors(self) -> VectorNumbers | None:
        """The numbers of the program's vectors, if it has any."""
        vectors = self.graph.vectors
        return VectorNumbers(vectors, self.values, self.gradients, self.downstream) if vectors else None

    def value(self, name: str) -> Any:
        """Return the value of an input or gate, of a vector a list; raise UsageError if nothing has that name."""
        if self.vectors and (node := self.vectors.graph.find(name)) is not None:
            return nest(self.vectors.value(node), self.vectors.graph.nodes[node].shape)
        return self._nest_input(name, self.values)

    def gradient(self, name: str) -> Any:
        """Return the derivative of the output by an input or gate, of a vector a list of its shape.

        Raises UsageError if nothing has that name.
        """
        if self.vectors and (node := self.vectors.graph.find(name)) is not None:
            return nest(self.vectors.gradient(node), self.vectors.graph.nodes[node].shape)
        return self._nest_input(name, self.gradients)

    def _nest_input(self, name: str, numbers: NodeNumbers) -> Any:
        """Return the number of a node, or those of an input that is a vector of an unrolled graph."""
        if name in self.graph.vector_inputs:
            vector = self.graph.vector_inputs[name]
            return nest([numbers[entry] for entry in vector.entries], vector.shape)
        return numbers[name]

    def contributions(self, name: str) -> dict[Wire, float]:
        """Return what each wire out of a node adds to its gradient; their sum, in this order, is exactly that."""
        wires = self.graph.wires_from[self.graph.find(name)]
        return {wire: self.downstream[wire.target][wire.slot] for wire in wires}

    def __repr__(self) -> str:
        return f"<Trace {describe_point(self.graph, self)}>"


def describe_point(graph: Graph, trace: Trace | None) -> str:
    """Describe a program in one line: "f(x, y)", or with the numbers of a trace "f = 6 at x = 2, y = 3".

    Of a vector it has the shape: "f = 6 at W 2×2, x 2".
    """
    known = [graph.vectors.nodes[i].name for i in graph.vectors.inputs] if graph.vectors else graph.input_names
    names, more = known[:MOST_INPUTS_SHOWN], ["…"] if known[MOST_INPUTS_SHOWN:] else []
    output = graph.output_name
    if trace is None:
        return f"{output}({', '.join([*names, *more])})"
    point = ", ".join([*(_write_point(trace, name) for name in names), *more])
    return f"{output} = {number(trace.values[graph.output])}{' at ' if point else ''}{point}"


def _write_point(trace: Trace, name: str) -> str:
    node = trace.graph.vectors.find(name) if trace.graph.vectors else None
    shape = trace.graph.vectors.nodes[node].shape if trace.graph.vectors and node is not None else ()
    return f"{name} {write_shape(shape)}" if shape else f"{name} = {number(trace.value(name))}"


def run(graph: Graph, point: Mapping[str, float] | None = None, /, **inputs: float) -> Trace:
    """Compute the trace of a graph at a point, which is given as a mapping, as keywords, or both.

    Raises UsageError for a missing, unknown or infinite input, EvaluationError outside a gate's domain.
    """
    if not isinstance(graph, Graph):  # from untyped code: a program's text, most likely
        raise UsageError(f"{graph!r:.60} is no graph", hint="make one of a program's text first: run(parse(text), x=1)")
    values, warnings = forward(graph, bind(graph, {**(point or {}), **inputs}))
    return backward(graph, values, warnings)


def bind(graph: Graph, point: Mapping[str, float]) -> dict[str, float]:
    """Bind every input to a value: the point's, by the input's name or its twin (w1, w_1), or the program's own.

    Raises UsageError for a missing, unknown or infinite input.
    """
    if graph.vector_inputs:
        point = take_vectors_apart(graph, point)
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


def take_vectors_apart(graph: Graph, point: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of vectors as those of their entries, where an entry has none of its own.

    Raises UsageError for a value of another shape.
    """
    point = match_twins(point, [*graph.variable_names, *graph.input_names])
    apart = {name: value for name, value in point.items() if name not in graph.vector_inputs}
    for name, vector in graph.vector_inputs.items():
        if name in point:
            shape, entries = read_nested(name, point[name])
            if shape != vector.shape:
                what = f"{name} is {say_shape(vector.shape)} here, and not {say_shape(shape)}"
                raise UsageError(what, hint="parse the program again for values of another shape")
            apart = {**dict(zip(vector.entries, entries, strict=True)), **apart}
    return apart


def name_products(names: Sequence[str]) -> str:
    """Write the end of a hint, for names that may be meant as products: "; xy is one name, for the product …"."""
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
        raise UsageError(f"{name} is too large", hint=HINT_OVERFLOW) from None
    raise UsageError(f"{name} = {value} is not a finite number", hint=f"give {name} a finite value")


def list_inputs(graph: Graph) -> str:
    """Say which inputs a program has: "the inputs are x, y"."""
    return f"the inputs are {', '.join(graph.variable_names)}" if graph.inputs else "the program has no inputs"


def forward(graph: Graph, point: Mapping[str, float]) -> tuple[list[float], list[str]]:
    """Compute the value of every node; return the values, and warnings of kinks and underflows.

    Raises EvaluationError for a gate outside its domain, TooLargeError for an overflow.
    """
    values: list[float] = []
    warnings: list[str] = []
    for i, node in enumerate(graph.nodes):
        gate = node.gate
        if gate is None:
            values.append(point[node.name] if node.constant is None else node.constant)
            continue
        operands = [values[operand] for operand in node.operands]
        try:
            value = gate.forward(*operands)
        except OverflowError:
            value = inf
        except (ValueError, ZeroDivisionError):
            raise EvaluationError(
                f"{write_equation(graph, i)} has no value at {_write_operands(operands)}",
                place=graph.place(i),
                hint=state_domain(gate) + suggest_coarser(graph, i),
            ) from None
        if not isfinite(value):
            raise TooLargeError(
                f"{write_equation(graph, i)} overflows at {_write_operands(operands)}",
                place=graph.place(i),
                hint=HINT_OVERFLOW + suggest_coarser(graph, i),
            )
        values.append(value)
        if gate.kink and gate.kink(value, *operands):
            warnings.append(f"{write_equation(graph, i)} is at a kink: {gate.rule}")
        if is_underflow(gate, value, operands):
            left = f"{value:.3g}, with fewer digits" if value else "0"
            warnings.append(f"{write_equation(graph, i)} underflows to {left}")
        if gate.words.caution:
            warnings.append(f"{write_equation(graph, i)}: {gate.words.caution}")
    _check_requirements(graph, values)
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
    trace = Trace(
        graph,
        NodeNumbers(graph, values),
        NodeNumbers(graph, gradients),
        tuple(local),
        tuple(downstream),
        (*[text for text in graph.warnings if text not in graph.notes], *warnings),
    )
    if all(map(isfinite, gradients)):
        return trace
    _check_infinite(trace)
    infinite = [
        f"{write_equation(graph, i)} {IS_POLE if is_at_pole(graph, i, values) else IS_OVERFLOW}"
        for i, slopes in enumerate(local)
        if any(map(isinf, slopes))
    ]
    return replace(trace, warnings=(*trace.warnings, *infinite))


def _check_infinite(trace: Trace) -> None:
    """Raise EvaluationError or TooLargeError if a gradient is not finite for another reason than a pole."""
    graph = trace.graph
    for node in range(len(graph.nodes) - 1, -1, -1):
        if isfinite(trace.gradients[node]):
            continue
        for wire in graph.wires_from[node]:
            slope, upstream = trace.local[wire.target][wire.slot], trace.gradients[wire.target]
            contribution = trace.downstream[wire.target][wire.slot]
            # a slope that is too large for a float, but might not be once it is multiplied by upstream
            is_lost = isinf(slope) and abs(upstream) < 1 and not is_at_pole(graph, wire.target, trace.values)
            if is_lost or (isinf(contribution) and isfinite(slope) and isfinite(upstream)):
                raise _explain_undefined(graph, wire.target, OVERFLOWS)
            if isnan(contribution):
                raise _explain_undefined(graph, wire.target, "0 × ∞")
        signs = {trace.downstream[wire.target][wire.slot] for wire in graph.wires_from[node]}
        if signs >= {inf, -inf}:
            raise _explain_undefined(graph, node, "∞ − ∞")
        if not signs & {inf, -inf}:
            raise _explain_undefined(graph, node, OVERFLOWS)


def _explain_undefined(graph: Graph, node: int, why: str) -> EvaluationError:
    kind = TooLargeError if why == OVERFLOWS else EvaluationError
    return kind(
        f"the gradient at {write_equation(graph, node)} is not defined: {why}",
        place=graph.place(node),
        hint=HINT_OVERFLOW + suggest_coarser(graph, node) if why == OVERFLOWS else "move the point a little",
    )


def is_at_pole(graph: Graph, node: int, values: Sequence[float]) -> bool:
    """Say whether a gate is where its slope is infinite: the slope of 1/x at 10⁻¹⁶⁰ is only too large for a float."""
    gate = graph.nodes[node].gate
    return gate is not None and values[graph.nodes[node].operands[0]] in gate.poles


def is_underflow(gate: Gate, value: float, operands: Sequence[float]) -> bool:
    """Say whether a gate's result is 0 or has few digits because it is tiny, and no operand was so before."""
    if not (-SMALLEST < value < SMALLEST and gate.nonzero and gate.nonzero(*operands)):
        return False
    return not value or all(abs(operand) >= SMALLEST for operand in operands)


def _write_operands(operands: list[float]) -> str:
    """Write operands for a message, −0 as 0."""
    return join_words([f"{operand + 0.0:.6g}" for operand in operands])


def suggest_coarser(graph: Graph, node: int) -> str:
    """Suggest a coarser level for a part of a gate that was taken apart: the whole gate may have a value here."""
    span = graph.nodes[node].span
    if sum(each.span == span for each in graph.nodes if each.gate) < 2:
        return ""
    return f"; as one gate, at a level coarser than {graph.level}, it may have a value"


def write_equation(graph: Graph, node: int) -> str:
    """Write a gate as an equation, for a message: "num = x + sigy"; of an input it is the name."""
    name = graph.nodes[node].name
    return f"{name} = {graph.expression(node)}" if graph.nodes[node].gate else name
