"""Compiled code against the tape: to the last bit, for every gate and every kind of number."""

import math
import random
import re
import struct
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpviz
from bpviz.autodiff import run
from bpviz.compiled import arrays, function
from bpviz.compiled.formulas import vocabulary
from bpviz.compiled.passes import straight_line
from bpviz.compiled.source import source_of
from bpviz.errors import BpvizError, EvaluationError, UsageError
from bpviz.gates import LETTERS, TABLE, Gate
from bpviz.graph import Graph, Node

NOWHERE = (0, 0)
ODD = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    5e-324,
    -1e-310,
    1e-200,
    1e150,
    1e308,
    -1.7e308,
    709.0,
    -709.5,
    745.0,
    40.0,
    -0.75,
)
PARAMETERS = st.sampled_from((0.1, 0.5, 1.0, 2.5, 3.0))  # of xⁿ and cˣ
NUMBERS = st.one_of(st.sampled_from(ODD), st.floats(-5, 5), st.floats(allow_nan=False, allow_infinity=False))


def bits(number: float) -> bytes:
    return b"nan" if math.isnan(number) else struct.pack("<d", number)


def outcome(function: Any, point: Mapping[str, float]) -> Any:
    """Return the bits of a value and its gradients, or the error's text."""
    try:
        value, gradients = function(**point)
    except BpvizError as error:
        return str(error)
    return bits(value), {name: bits(gradient) for name, gradient in gradients.items()}


def by_the_tape(graph: Graph) -> Any:
    def evaluate(**point: float) -> tuple[float, dict[str, float]]:
        trace = run(graph, point)
        return trace.values[graph.output], {graph.nodes[i].name: trace.gradients[i] for i in graph.inputs}

    return evaluate


@st.composite
def graphs(draw: st.DrawFn, table: Sequence[Gate] = TABLE) -> Graph:
    """Return a graph of any gates, some of whose operands are constants, and whose output may be any node."""
    nodes = [Node(f"x{i}", None, (), NOWHERE) for i in range(draw(st.integers(1, 3)))]
    inputs = tuple(range(len(nodes)))
    for _ in range(draw(st.integers(0, 8))):
        gate = draw(st.sampled_from(table))
        operands = []
        for slot in range(draw(st.integers(gate.arity[0], min(gate.arity[1], 4)))):
            if slot == gate.parameter or draw(st.integers(0, 9)) == 0:
                constant = draw(PARAMETERS if slot == gate.parameter else NUMBERS)
                nodes.append(Node("c", None, (), NOWHERE, constant))
                operands.append(len(nodes) - 1)
            else:
                operands.append(draw(st.sampled_from([i for i, n in enumerate(nodes) if n.constant is None])))
        nodes.append(Node(f"g{len(nodes)}", gate, tuple(operands), NOWHERE))
    output = draw(st.sampled_from([len(nodes) - 1, *(i for i, n in enumerate(nodes) if n.constant is None)]))
    return Graph("", tuple(nodes), inputs, output, "f", {}, constants=draw(st.booleans()))


@settings(max_examples=300, deadline=None)
@given(graphs(), st.data())
def test_compiled_is_the_tape_to_the_last_bit_and_in_every_error(graph: Graph, data: st.DataObject) -> None:
    compiled = bpviz.compile(graph)
    for _ in range(3):
        point = {graph.nodes[i].name: data.draw(NUMBERS) for i in graph.inputs}
        assert outcome(compiled, point) == outcome(by_the_tape(graph), point)


def formula(text: str, operands: list[float], z: float = math.nan, slot: int = 0) -> Any:
    """Return what Python makes of a formula, None where it raises."""
    names = {**dict(zip(LETTERS, operands, strict=False)), "z": z, "a": operands[slot]}
    shown = text.replace("...", ", ".join(map(repr, operands)))
    try:
        return eval(shown, {**vocabulary(), "max": max, "min": min}, names)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None


def called(function: Any, *operands: float) -> Any:
    try:
        return function(*operands)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None


def points(gate: Gate, odd: Sequence[float] = ODD) -> Iterator[list[float]]:
    """Yield operands of a gate: odd numbers in all their pairs, and numbers of any size."""
    chance = random.Random(gate.name)
    fewest, most = gate.arity[0], min(gate.arity[1], 4)
    yield from map(list, product(odd, repeat=fewest))
    for _ in range(300):
        operands = [chance.uniform(-5, 5) * 10.0 ** chance.choice((0, 0, 0, 2, -3)) for _ in range(most)]
        for slot in range(chance.choice((0, 0, 0, 1, most))):
            operands[slot] = chance.choice(odd)
        yield operands[: chance.randint(fewest, most)]


def fitting(gate: Gate, operands: list[float]) -> list[float]:
    """Return operands with a number that lowering lets pass where the gate has a parameter."""
    if gate.parameter is not None:
        operands[gate.parameter] = (0.1, 0.5, 1.0, 2.5, 3.0)[hash(operands[gate.parameter]) % 5]
    return operands


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_an_inline_formula_is_the_row_to_the_last_bit_or_raises(gate: Gate) -> None:
    one_for_all = gate.arity[1] > len(gate.inline_slopes)
    for operands in map(partial(fitting, gate), points(gate)):
        z = called(gate.forward, *operands)
        if gate.inline:
            inline = formula(gate.inline, operands)
            assert inline is None or (z is not None and bits(inline) == bits(z)), operands
        if z is None or not math.isfinite(z) or not gate.inline_slopes:
            continue
        for slot, slope in enumerate(gate.slopes(z, *operands)):
            text = gate.inline_slopes[0 if one_for_all else slot]
            inline = formula(text, operands, z, slot if one_for_all else 0)
            assert inline is None or bits(inline) == bits(slope), operands


@pytest.mark.parametrize("gate", [gate for gate in TABLE if gate.spreads], ids=lambda gate: gate.name)
def test_a_row_that_spreads_has_no_finite_result_of_what_is_not_finite(gate: Gate) -> None:
    for operands in points(gate):
        for slot, odd in product(range(len(operands)), (math.inf, -math.inf, math.nan)):
            z = called(gate.forward, *operands[:slot], odd, *operands[slot + 1 :])
            assert z is None or not math.isfinite(z)


@pytest.mark.parametrize("gate", [gate for gate in TABLE if gate.finite], ids=lambda gate: gate.name)
def test_a_row_that_is_finite_is_so_for_finite_operands(gate: Gate) -> None:
    for operands in points(gate):
        z = called(gate.forward, *operands)
        assert z is None or math.isfinite(z)


EXAMPLE = "(x + σ(y)) / (σ(x) + (x + y)^2)"


def test_the_example_by_name_and_by_place() -> None:
    f = bpviz.compile(bpviz.parse(EXAMPLE))
    expected = (1.5456448841066441, {"x": 2.059569795572165, "y": 1.5922327514838093})
    assert f(x=3.0, y=-4.0) == f(3.0, -4.0) == f(3, y=-4) == expected


def test_the_programs_own_values_are_the_defaults() -> None:
    f = bpviz.compile(bpviz.parse("w = 2; v = w*x + b\nb = 1".replace("\nb = 1", "")))
    assert f(x=3.0, b=1.0) == (7.0, {"w": 3.0, "x": 2.0, "b": 1.0})
    assert f(w=5.0, x=3.0, b=1.0)[0] == 16.0


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


@pytest.mark.parametrize("program", ["-(x*y)", "sqrt(x*y)", "|x*y|", "-(-(x*y))", "1/(1 + exp(-(x*y)))", "relu(x*y)/y"])
def test_what_overflows_inside_is_an_error_outside(program: str) -> None:
    f = bpviz.compile(bpviz.parse(program))
    with pytest.raises(EvaluationError, match="overflows"):
        f(x=1e200, y=1e200)
    value, gradients = f(x=np.array([1e200, 1.5]), y=np.array([1e200, 1.0]))
    assert np.isnan(value).tolist() == np.isnan(gradients["x"]).tolist() == [True, False]


def test_what_is_no_graph_is_told_so() -> None:
    with pytest.raises(UsageError, match="'x\\*y' is no graph"):
        bpviz.compile("x*y")  # type: ignore[arg-type]


def test_names_may_be_any_and_are_not_in_the_code() -> None:
    f = bpviz.compile(bpviz.parse("θ*w₀ + v3*lambda + x0"))
    assert f(**{"θ": 2.0, "w₀": 3.0, "v3": 5.0, "lambda": 7.0, "x0": 1.0}) == (
        42.0, {"θ": 3.0, "w₀": 2.0, "v3": 7.0, "lambda": 5.0, "x0": 1.0},
    )  # fmt: skip
    assert repr(f) == "<compiled f(θ, w₀, v3, lambda, x0)>"
    assert bpviz.compile(bpviz.parse("self*values"))(self=2.0, values=3.0)[0] == 6.0


@settings(max_examples=50, deadline=None)
@given(graphs())
def test_the_code_is_made_of_signs_numbers_and_names_of_its_own(graph: Graph) -> None:
    text, called = source_of(straight_line(graph))
    words = set(re.findall(r"[A-Za-z_]+[0-9]*", re.sub(r"\b[0-9.]+e[-+]?[0-9]+", "", text)))
    own = {word for word in words if re.fullmatch(r"[fnvx][0-9]+", word)}
    assert words - own <= {
        "def", "function", "if", "else", "and", "True", "type", "is", "float", "try", "return", "sum", "except",
        "ValueError", "ZeroDivisionError", "OverflowError", "pass", "otherwise",
    }  # fmt: skip
    assert set(called) == {word for word in own if word[0] == "f"}


def test_arrays_are_broadcast_and_agree_with_floats() -> None:
    f = bpviz.compile(bpviz.parse(EXAMPLE))
    x, y = np.linspace(-5, 5, 11)[:, np.newaxis], np.linspace(-3, 3, 7)
    value, gradients = f(x=x, y=y)
    assert value.shape == gradients["x"].shape == gradients["y"].shape == (11, 7)
    for i, j in np.ndindex(value.shape):
        one, ones = f(x=x[i, 0], y=y[j])
        assert value[i, j] == pytest.approx(one, rel=1e-14)
        assert gradients["x"][i, j] == pytest.approx(ones["x"], rel=1e-13, abs=1e-15)


def test_a_point_out_of_the_domain_is_nan_and_the_others_are_not() -> None:
    value, gradients = bpviz.compile(bpviz.parse("ln(x)/(y + 1)"))(x=np.array([-1.0, 1.0, 2.0, 0.0]), y=0)
    assert np.isnan(value).tolist() == np.isnan(gradients["x"]).tolist() == [True, False, False, True]
    assert gradients["x"][1:3].tolist() == [1.0, 0.5]


def test_a_number_that_overflows_on_the_way_is_nan_though_its_reciprocal_is_none() -> None:
    value, gradients = bpviz.compile(bpviz.parse("1/(x*x)"))(np.array([1e200, 2.0]))
    assert np.isnan(value).tolist() == np.isnan(gradients["x"]).tolist() == [True, False]


SIZES = (0.0, 1.0, -1.0, 0.5, 2.0, 1e-150, -1e-100, 1e150, -1e120, 709.0, -709.5, 40.0, -0.75)
ARITHMETIC = set("abz0.12 +-*/()")
EXACT = {gate for gate in TABLE if gate.inline and set("".join((gate.inline, *gate.inline_slopes))) <= ARITHMETIC}
ULPS = 8  # NumPy promises 4 for its functions, of which a formula may have two


def alone(gate: Gate, operands: int) -> bpviz.Compiled:
    nodes = [
        *(Node(f"x{i}", None, (), NOWHERE) for i in range(operands)),
        Node("f", gate, (*range(operands),), NOWHERE),
    ]
    return bpviz.compile(Graph("", tuple(nodes), (*range(operands),), operands, "f", {}))


def distance(a: float, b: float) -> float:
    """Return how far two numbers are apart, in units of the last place."""
    if a == b or (math.isnan(a) and math.isnan(b)):
        return 0.0
    return abs(a - b) / math.ulp(b) if math.isfinite(a) and math.isfinite(b) else math.inf


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_arrays_agree_with_floats(gate: Gate) -> None:
    by_length = defaultdict(list)
    for operands in points(gate, SIZES):
        by_length[len(operands)].append(fitting(gate, operands))
    for length, all_operands in by_length.items():
        f = alone(gate, length)
        value, gradients = f(*map(np.array, zip(*all_operands, strict=True)))
        for place, operands in enumerate(all_operands):
            made = [float(each[place]) for each in (value, *gradients.values())]
            try:
                one, ones = f(*operands)
            except EvaluationError:
                assert not all(map(math.isfinite, made))
                continue
            wanted = [one, *ones.values()]
            if gate.parameter is not None:  # a constant in every program
                made.pop(1 + gate.parameter), wanted.pop(1 + gate.parameter)
            limit = 0 if gate in EXACT else ULPS
            assert max(map(distance, made, wanted)) <= limit, (operands, made, wanted)


@settings(max_examples=150, deadline=None)
@given(graphs(sorted(EXACT, key=TABLE.index)), st.data())
def test_arrays_of_arithmetic_are_the_floats_whatever_is_kept_where(graph: Graph, data: st.DataObject) -> None:
    f, names = bpviz.compile(graph), graph.input_names
    points = [[data.draw(st.sampled_from(SIZES)) for _ in names] for _ in range(3)]
    columns = [column[0] if data.draw(st.booleans()) else np.array(column) for column in zip(*points, strict=True)]
    columns[0] = np.array([point[0] for point in points])
    value, gradients = f(*columns)
    for place in range(3):
        point = [float(column[place] if np.ndim(column) else column) for column in columns]
        try:
            one, ones = f(*point)
        except EvaluationError:
            assert not all(np.isfinite(each[place]) for each in (value, *gradients.values()))
        else:
            assert value[place] == one
            assert {name: each[place] for name, each in gradients.items()} == ones


def test_the_gates_of_arithmetic_are_those_that_are_exact() -> None:
    assert {gate.name for gate in EXACT} >= {"add", "subtract", "multiply", "negate", "reciprocal", "square", "se"}


def test_what_only_overflows_in_numpys_formula_is_what_floats_give() -> None:
    f = bpviz.compile(bpviz.parse("unused = 0; σ(x)/2"))
    value, gradients = f(x=np.array([-720.0, 3.0]))
    assert gradients["x"].tolist() == [f(x=-720.0)[1]["x"], pytest.approx(f(x=3.0)[1]["x"], rel=1e-15)]
    assert abs(value[0] - f(x=-720.0)[0]) < 1e-300


def test_a_graph_that_is_too_large_to_compile_runs_on_the_tape(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = bpviz.compile(bpviz.parse(EXAMPLE))
    monkeypatch.setattr(function, "LARGEST", 7)
    f = bpviz.compile(bpviz.parse(EXAMPLE))
    assert f(x=3.0, y=-4.0) == f(3, -4.0) == wanted(3.0, -4.0)
    assert f(np.array([3.0, 1.0]), -4.0)[0].tolist() == wanted(np.array([3.0, 1.0]), -4.0)[0].tolist()
    with pytest.raises(UsageError, match="no input is called z"):
        f(x=1.0, z=2.0)


@pytest.mark.parametrize("points", [0, 1, 7, 100])
def test_arrays_of_any_length_are_taken_block_by_block(monkeypatch: pytest.MonkeyPatch, points: int) -> None:
    f, x = bpviz.compile(bpviz.parse(EXAMPLE)), np.linspace(-2, 2, points)
    whole = f(x, -4.0)
    monkeypatch.setattr(arrays, "MOST", 3)
    value, gradients = f(x, -4.0)
    assert value.tolist() == whole[0].tolist()
    assert {name: each.tolist() for name, each in gradients.items()} == {n: g.tolist() for n, g in whole[1].items()}


def test_numpy_is_imported_for_arrays_only() -> None:
    code = "import sys, bpviz; bpviz.compile(bpviz.parse('x*y'))(x=1, y=2.0); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_brackets_as_deep_as_a_chain_are_long_compile() -> None:
    graph = bpviz.parse("(" * 1500 + "x" + "*y + x)" * 1500)
    point = {"x": 0.9, "y": -0.8}
    assert outcome(bpviz.compile(graph), point) == outcome(by_the_tape(graph), point)


def test_a_program_without_inputs_has_a_value() -> None:
    assert bpviz.compile(bpviz.parse("2 + 3"))() == (5.0, {})
