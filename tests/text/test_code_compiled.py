"""A compiled graph against the tape: the same numbers, the same errors for floats, gaps for arrays."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpviz
from bpviz.autodiff import run
from bpviz.errors import BpvizError, EvaluationError, UsageError
from bpviz.gates import TABLE, Gate
from bpviz.graph import Graph, Node
from tests.accuracy.points import points
from tests.accuracy.references import reference_for
from tests.support.vector_programs import write_programs

NOWHERE = (0, 0)
EXAMPLE = "(x + σ(y)) / (σ(x) + (x + y)^2)"
ODD = (0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e-150, -1e-100, 1e150, -1e120, 709.0, -709.5, 745.0, 40.0, -0.75)
MOST_ODD = 300  # points of them: all of two operands, and of three or four some
PARAMETERS = (0.1, 0.5, 1.0, 2.5, 3.0)  # of xⁿ and cˣ
NUMBERS = st.one_of(st.sampled_from(ODD), st.floats(-5, 5))


def alone(gate: Gate, operands: Sequence[float]) -> Graph:
    """Return the graph of one gate, whose parameter, if it has one, is that of these operands."""
    nodes = [
        Node(f"x{slot}", None, (), NOWHERE, x if slot == gate.parameter else None) for slot, x in enumerate(operands)
    ]
    inputs = tuple(slot for slot in range(len(operands)) if slot != gate.parameter)
    gate_node = Node("f", gate, tuple(range(len(operands))), NOWHERE)
    return Graph("", (*nodes, gate_node), inputs, len(nodes), "f", {})


def outcome(function: Any, point: Mapping[str, float]) -> Any:
    """Return the value and its gradients, or the error's text."""
    try:
        return function(**point)
    except BpvizError as error:
        return str(error)


def on_the_tape(graph: Graph) -> Any:
    def evaluate(**point: float) -> tuple[float, dict[str, float]]:
        trace = run(graph, point)
        return trace.values[graph.output], {name: trace.gradients[name] for name in point}

    return evaluate


def is_near(found: Any, exact: Any, scale: float) -> bool:
    """Say whether two outcomes are one to 10⁻¹² of themselves or of the largest number that they are made of."""
    if isinstance(found, str) or isinstance(exact, str):
        return bool(found == exact)
    pairs = [(found[0], exact[0]), *((found[1][name], each) for name, each in exact[1].items())]
    return all(a == b or abs(a - b) <= 1e-12 * max(abs(b), scale) for a, b in pairs)


def parameters(gate: Gate) -> list[float]:
    """Return the numbers that a program can give a gate as its parameter: of a root odd ones."""
    own = [special for special in gate.syntax.becomes if special.gate == gate.name]
    return [x for x in PARAMETERS if all(special.fits(x) for special in own)]


def sample(gate: Gate) -> Iterator[tuple[float, ...]]:
    """Yield operands of a gate: odd numbers in all their pairs, and points where it is delicate."""
    fewest, most = gate.arity[0], min(gate.arity[1], 4)
    chance = Random(gate.name)
    reference = reference_for(gate)
    delicate = (p for p in points(reference.ranges, reference.several, gate.name) if len(p) <= most)
    odd = [*product(ODD, repeat=fewest)]
    for operands in (*chance.sample(odd, min(len(odd), MOST_ODD)), *islice(delicate, 80)):
        is_blurred = math.prod(operands) == 1 != math.prod(map(Fraction, operands))  # on a kink once it is rounded
        if not is_blurred and all(not x or 1e-150 <= abs(x) <= 1e150 for x in operands):
            own = chance.choice(parameters(gate))
            yield tuple(own if slot == gate.parameter else x for slot, x in enumerate(operands))


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_floats_and_arrays_are_the_tapes_for_every_gate(gate: Gate) -> None:
    columns: dict[Any, list[tuple[float, ...]]] = defaultdict(list)
    for operands in sample(gate):
        columns[len(operands), None if gate.parameter is None else operands[gate.parameter]].append(operands)
    for rows in columns.values():
        graph = alone(gate, rows[0])
        compiled, tape = bpviz.compile(graph), on_the_tape(graph)
        value, gradients = compiled(*[np.array([row[slot] for row in rows]) for slot in graph.inputs])
        for k, row in enumerate(rows):
            point = {f"x{slot}": row[slot] for slot in graph.inputs}
            exact = outcome(tape, point)
            scale = max(1.0, *map(abs, row)) if gate.arity[1] > 2 else 1.0  # where sums cancel
            assert is_near(outcome(compiled, point), exact, scale), row
            if not isinstance(exact, str):
                assert is_near((value[k], {name: each[k] for name, each in gradients.items()}), exact, scale), row
            elif "gradient" not in exact:
                assert math.isnan(value[k]), row
                assert all(math.isnan(each[k]) for each in gradients.values()), row


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Return a graph of any gates, some of whose operands are constants, and whose output may be any node."""
    nodes = [Node(f"x{i}", None, (), NOWHERE) for i in range(draw(st.integers(1, 3)))]
    inputs = tuple(range(len(nodes)))
    for _ in range(draw(st.integers(0, 8))):
        gate = draw(st.sampled_from(TABLE))
        operands = []
        for slot in range(draw(st.integers(gate.arity[0], max(gate.arity[0], min(gate.arity[1], 2 * gate.groups))))):
            if slot == gate.parameter or draw(st.integers(0, 9)) == 0:
                constant = draw(st.sampled_from(parameters(gate)) if slot == gate.parameter else NUMBERS)
                nodes.append(Node("c", None, (), NOWHERE, constant))
                operands.append(len(nodes) - 1)
            else:
                operands.append(draw(st.sampled_from([i for i, n in enumerate(nodes) if n.constant is None])))
        operands += operands[: len(operands) % gate.groups]
        nodes.append(Node(f"g{len(nodes)}", gate, tuple(operands), NOWHERE))
    output = draw(st.sampled_from([len(nodes) - 1, *(i for i, n in enumerate(nodes) if n.constant is None)]))
    return Graph("", tuple(nodes), inputs, output, "f", {}, constants=draw(st.booleans()))


@settings(max_examples=200, deadline=None)
@given(graphs(), st.data())
def test_every_error_is_the_runs(graph: Graph, data: st.DataObject) -> None:
    compiled, tape = bpviz.compile(graph), on_the_tape(graph)
    for _ in range(3):
        point = {graph.nodes[i].name: data.draw(NUMBERS) for i in graph.inputs}
        exact = outcome(tape, point)
        if isinstance(exact, str) and "gradient" not in exact:
            assert outcome(compiled, point) == exact


def test_the_example_by_name_and_by_place() -> None:
    f = bpviz.compile(bpviz.parse(EXAMPLE))
    assert f(x=3.0, y=-4.0) == f(3.0, -4.0) == f(3, y=-4)
    value, gradients = f(3.0, -4.0)
    assert value == pytest.approx(1.5456448841066441, rel=1e-14)
    assert gradients == pytest.approx({"x": 2.059569795572165, "y": 1.5922327514838093}, rel=1e-14)


def test_the_programs_own_values_are_the_defaults() -> None:
    f = bpviz.compile(bpviz.parse("w = 2; b = 1; v = w*x + b"))
    assert f(x=3.0) == (7.0, {"w": 3.0, "x": 2.0, "b": 1.0})
    assert f(w=5.0, x=3.0, b=1.0)[0] == 16.0
    assert f(x=np.array([3.0, 0.0]))[0].tolist() == [7.0, 1.0]


@pytest.mark.parametrize(
    ("values", "inputs", "message"),
    [
        ((), {"x": 1.0}, "f needs a value for y\ngive y a value"),
        ((1.0, 2.0, 3.0), {}, "f has 2 inputs, and not 3\nthe inputs are x, y"),
        ((1.0,), {"x": 1.0}, "x is given twice\nby its place, or by its name"),
        ((1.0, 2.0), {"q": 1.0}, "no input is called q\nthe inputs are x, y"),
        ((1.0, "2"), {}, "y = '2' is not a number\ngive y a number, such as 2.5"),
        ((1.0, math.nan), {}, "y = nan is not a finite number\ngive y a finite value"),
        ((), {"x": np.ones(3)}, "y has no value\ngive y a number, or an array of them"),
        (
            (np.ones(3), np.ones((2, 2))),
            {},
            "arrays of the shapes (3,) and (2, 2) do not go together\n"
            "give arrays of one shape, or of shapes that NumPy broadcasts",
        ),
        ((np.ones(3), np.array(["a"])), {}, "y is no array of numbers\ngive y an array of float64"),
    ],
)
def test_slips_are_told_in_our_words(values: Any, inputs: Any, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        bpviz.compile(bpviz.parse("x*y"))(*values, **inputs)
    assert str(caught.value) == message


@pytest.mark.parametrize("program", ["-(x*y)", "sqrt(x*y)", "|x*y|", "1/(x*y)", "1/(1 + exp(-(x*y)))", "relu(x*y)/y"])
def test_what_overflows_inside_is_an_error_outside(program: str) -> None:
    f = bpviz.compile(bpviz.parse(program))
    with pytest.raises(EvaluationError, match="overflows"):
        f(x=1e200, y=1e200)
    value, gradients = f(x=np.array([1e200, 1.5]), y=np.array([1e200, 1.0]))
    assert np.isnan(value).tolist() == np.isnan(gradients["x"]).tolist() == [True, False]


def test_what_is_no_graph_is_told_so() -> None:
    with pytest.raises(UsageError, match="'x\\*y' is no graph"):
        bpviz.compile("x*y")  # type: ignore[arg-type]  # on purpose


def test_names_may_be_any() -> None:
    f = bpviz.compile(bpviz.parse("θ*w₀ + v3*lambda + check + np"))
    assert f(**{"θ": 2.0, "w₀": 3.0, "v3": 5.0, "lambda": 7.0, "check": 1.0, "np": 4.0}) == (
        46.0, {"θ": 3.0, "w₀": 2.0, "v3": 7.0, "lambda": 5.0, "check": 1.0, "np": 1.0},
    )  # fmt: skip
    assert repr(f) == "<compiled f(θ, w₀, v3, lambda, check, np)>"
    assert bpviz.compile(bpviz.parse("self*values"))(self=2.0, values=3.0)[0] == 6.0


def test_arrays_are_broadcast_and_agree_with_floats() -> None:
    f = bpviz.compile(bpviz.parse(EXAMPLE))
    x, y = np.linspace(-5, 5, 11)[:, np.newaxis], np.linspace(-3, 3, 7)
    value, gradients = f(x=x, y=y)
    assert value.shape == gradients["x"].shape == gradients["y"].shape == (11, 7)
    for i, j in np.ndindex(value.shape):
        one, ones = f(x=x[i, 0], y=y[j])
        assert value[i, j] == pytest.approx(one, rel=1e-13)
        assert gradients["x"][i, j] == pytest.approx(ones["x"], rel=1e-12, abs=1e-15)


def test_many_points_are_computed_block_by_block() -> None:
    x = np.linspace(0.1, 2.0, 20_000)
    value, gradients = bpviz.compile(bpviz.parse("x*ln(x)"))(x)
    assert value == pytest.approx(x * np.log(x), rel=1e-14)
    assert gradients["x"] == pytest.approx(1 + np.log(x), rel=1e-12, abs=1e-15)


def test_a_point_out_of_the_domain_is_nan_and_the_others_are_not() -> None:
    value, gradients = bpviz.compile(bpviz.parse("ln(x)/(y + 1)"))(x=np.array([-1.0, 1.0, 2.0, 0.0]), y=0)
    assert np.isnan(value).tolist() == np.isnan(gradients["x"]).tolist() == [True, False, False, True]
    assert gradients["x"][1:3].tolist() == [1.0, 0.5]


def test_a_large_graph_is_run() -> None:
    terms = " + ".join(["x"] * 300)
    assert bpviz.compile(bpviz.parse(terms))(x=2.0) == (600.0, {"x": 300.0})
    assert bpviz.compile(bpviz.parse(terms))(np.array([2.0, 0.5]))[0].tolist() == [600.0, 150.0]


@pytest.mark.parametrize(
    ("program", "point"),
    [
        ("prod(a, b, c)", (1e-200, 1e-200, 1e300)),  # a·b underflows
        ("prod(a, b, c)", (1e170, 1e140, 1e-300)),  # a·b overflows
        ("mean(a, b, c)", (1e308, 1e308, 1e308)),
        ("dot(a, b; c, -a)", (1e200, 1e200, 1e200)),
        ("atan2(prod(a, a, b), c)", (0.0, -1.0, -1.0)),  # −0·… is no negative angle
        ("atan2(-a, b + c)", (0.0, -1.0, -1.0)),
        ("sqrt(a) + b + c", (-0.0, 1.0, 1.0)),  # nor is the slope at −0 minus infinity
    ],
)
def test_arrays_and_floats_are_the_tapes_where_formulas_overflow_or_meet_minus_zero(
    program: str, point: tuple[float, ...]
) -> None:
    graph = bpviz.parse(program)
    trace = run(graph, dict(zip("abc", point, strict=True)))
    compiled = bpviz.compile(graph)
    for value, gradients in (compiled(*point), compiled(*(np.array([x, x]) for x in point))):
        assert np.asarray(value).flat[0] == pytest.approx(trace.value("f"), rel=1e-14)
        for name in "abc":
            assert np.asarray(gradients[name]).flat[0] == pytest.approx(trace.gradient(name), rel=1e-14)


def test_vectors_are_lists_or_arrays_and_so_are_their_gradients() -> None:
    f = bpviz.compile(bpviz.parse("f = sum((W@x)^2)*s", shapes={"W": (2, 2), "x": (2,)}))
    value, gradients = f([[0.1, 0.5], [-0.3, 0.8]], np.array([0.2, 0.4]), s=1)
    assert value == pytest.approx(0.116)
    assert gradients["W"] == [pytest.approx([0.088, 0.176]), pytest.approx([0.104, 0.208])]
    assert isinstance(gradients["x"], np.ndarray)
    assert gradients["x"] == pytest.approx([-0.112, 0.636])
    assert gradients["s"] == pytest.approx(0.116)
    assert repr(f) == "<compiled f(W, x, s)>"
    with pytest.raises(UsageError, match="W is a 2×2 matrix here, and not a vector of 2"):
        f([1, 2], [1, 2], 1)
    with pytest.raises(UsageError, match="f has 3 inputs, and not 4") as caught:
        f(1, 2, 3, 4)
    assert caught.value.hint == "the inputs are W, x, s"


def test_vectors_are_the_tapes_where_numpy_has_no_number() -> None:
    f = bpviz.compile(bpviz.parse("sum(sigmoid(x)) + prod(y)", shapes={"x": (2,), "y": (3,)}))
    value, gradients = f(x=[800, -800], y=[1e-200, 1e-200, 1e300])
    assert value == pytest.approx(1)
    assert gradients["y"] == [pytest.approx(1e100), pytest.approx(1e100), 0.0]
    with pytest.raises(EvaluationError, match="ln"):
        bpviz.compile(bpviz.parse("sum(ln(x))", shapes={"x": (2,)}))(x=[1, -1])
    with pytest.raises(EvaluationError, match="log"):
        bpviz.compile(bpviz.parse("sum(log(x, 0.5)*y)", shapes={"x": (2,)}))(x=[1, 0], y=2)


def test_compiled_vectors_have_the_gradients_of_a_run() -> None:
    for program in write_programs(100, seed=3):
        trace = bpviz.parse(program.source).at(program.point)
        if trace.graph.vectors:
            value, gradients = bpviz.compile(trace.graph)(**program.point)
            assert value == pytest.approx(trace.values[trace.graph.output], rel=1e-12, abs=1e-12)
            for name, gradient in gradients.items():
                expected = np.ravel(trace.gradient(name))
                scale = max(1.0, np.abs(expected).max())
                assert np.ravel(gradient) == pytest.approx(expected, rel=1e-12, abs=1e-12 * scale), program
