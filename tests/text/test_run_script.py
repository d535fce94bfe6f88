"""The script for a page gives bpviz.run's numbers and errors: every gate far out, and a thousand random programs."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pytest

from bpviz.autodiff import Trace, run
from bpviz.errors import BpvizError, EvaluationError
from bpviz.gates import GATES
from bpviz.graph import Graph
from bpviz.lang import parse
from bpviz.noise import clear_noise
from bpviz.text.run_script import write_run_script
from tests.accuracy.points import points
from tests.accuracy.references import reference_for
from tests.fuzz_programs import DELICATE, EVERYDAY, random_program
from tests.gates.test_gates import CASES, CONSTANT_SLOTS
from tests.support.javascript import evaluate, run_all
from tests.support.tapes import tape
from tests.text.test_listing import of_gate

MOST_ULPS = 4.0
POINTS = 100  # a gate
PROGRAMS = 1_000
OUTSIDE = (-1e200, -2.0, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.0, 710.5, 1e200)  # some are, of most gates


def ulps(a: float, b: float) -> float:
    """How far two floats are from each other, in units of the last place of the smaller."""
    if a == b:
        return 0.0
    return abs(a - b) / math.ulp(min(abs(a), abs(b))) if math.isfinite(a) and math.isfinite(b) else math.inf


def at_gates(count: int) -> Iterator[tuple[Graph, list[tuple[float, ...]]]]:
    """Yield each gate as a program, with its case, points far out and beside poles, and some outside its domain."""
    for name, gate in GATES.items():
        reference, constant = reference_for(gate), CONSTANT_SLOTS.get(name)
        chance = random.Random(name)
        drawn = [CASES[name], *islice(points(reference.ranges, reference.several, name), count)]
        if constant is None:
            drawn += [tuple(chance.choice(OUTSIDE) for _ in CASES[name]) for _ in range(20)]
        alike: dict[tuple[int, float], list[tuple[float, ...]]] = {}
        for point in drawn:
            alike.setdefault((len(point), 0.0 if constant is None else point[constant]), []).append(point)
        for group in alike.values():
            graph, _ = of_gate(name, group[0])
            yield graph, [tuple(point[i] for i in graph.inputs) for point in group]


def random_programs(count: int) -> Iterator[tuple[Graph, list[tuple[float, ...]]]]:
    """Yield programs of random gates, and random tapes, each with one point."""
    chance = random.Random(13)
    made = 0
    while made < count:
        if made % 5 == 0:
            graph = tape(made)
        else:
            try:
                graph = parse(random_program(chance), gates=chance.choice(("lecture", "fused", "elementary")))
            except BpvizError:
                continue
        made += 1
        numbers = EVERYDAY if chance.random() < 0.7 else EVERYDAY + DELICATE
        yield graph, [tuple(chance.choice(numbers) for _ in graph.inputs)]


def run_python(graph: Graph, point: Sequence[float]) -> Trace | EvaluationError:
    try:
        return run(graph, dict(zip(graph.input_names, point, strict=True)))
    except EvaluationError as error:
        return error


def check_error(found: dict[str, Any], error: EvaluationError) -> None:
    """Assert that an error is bpviz.run's, in its words."""
    assert set(found) == {"error"}, f"{found} and not {error.what}"
    assert found["error"]["message"] == error.what
    assert found["error"]["hint"] == error.hint


def check_numbers(found: dict[str, Any], trace: Trace) -> float:
    """Return the largest difference from a trace, in units of the last place."""
    assert "error" not in found, found
    pairs = [*zip(found["values"], trace.values, strict=True), *zip(found["gradients"], trace.gradients, strict=True)]
    for own, other in ((found["local"], trace.local), (found["downstream"], trace.downstream)):
        for each, exact in zip(own, other, strict=True):
            pairs += zip(each, exact, strict=True)
    return max(ulps(a, b) for a, b in pairs)


def check_gate_by_gate(found: dict[str, Any], graph: Graph) -> None:
    """Assert that every gate makes of its operands what ours makes of them, and that gradients add up as ours do."""
    values, gradients, local, downstream = (found[key] for key in ("values", "gradients", "local", "downstream"))
    for i, node in enumerate(graph.nodes):
        upstream = 1.0 if i == graph.output else 0.0
        for wire in graph.wires_from[i]:
            upstream += downstream[wire.target][wire.slot]
        assert upstream == gradients[i]
        if node.gate is None:
            continue
        operands = [values[each] for each in node.operands]
        assert ulps(values[i], node.gate.forward(*operands)) <= MOST_ULPS, (node.gate, operands)
        for slope, exact in zip(local[i], node.gate.slopes(values[i], *operands), strict=True):
            assert ulps(slope, exact) <= MOST_ULPS, (node.gate, operands)
        for slope, product in zip(local[i], downstream[i], strict=True):
            assert slope * gradients[i] == product or math.isnan(product)


def test_every_gate_has_runs_numbers_and_errors(tmp_path: Path) -> None:
    cases = list(at_gates(POINTS))
    found = run_all([write_run_script(graph) for graph, _ in cases], [at for _, at in cases], tmp_path)
    refused = 0
    for (graph, at), results in zip(cases, found, strict=True):
        for point, result in zip(at, results, strict=True):
            expected = run_python(graph, point)
            if isinstance(expected, Trace):
                assert check_numbers(result, expected) <= MOST_ULPS, (graph.source, point)
            else:
                refused += 1
                check_error(result, expected)
    assert refused > 100


def test_a_thousand_random_programs_have_runs_numbers_and_errors(tmp_path: Path) -> None:
    cases = list(random_programs(PROGRAMS))
    found = run_all([write_run_script(graph) for graph, _ in cases], [at for _, at in cases], tmp_path)
    near = refused = 0
    for (graph, (point,)), (result,) in zip(cases, found, strict=True):
        expected = run_python(graph, point)
        if isinstance(expected, EvaluationError):
            refused += 1
            check_error(result, expected)
            continue
        near += check_numbers(result, expected) <= MOST_ULPS
        check_gate_by_gate(result, graph)
    assert refused > 0.05 * PROGRAMS
    assert near > 0.9 * (PROGRAMS - refused)  # in others a later gate magnifies the last place of an earlier one


def clear_all(cases: Sequence[tuple[Graph, Sequence[float]]], folder: Path) -> list[Any]:
    """Run each program at its point: the trace and what it is without noise, or the error alone."""
    calls = [
        f"(() => {{\n{write_run_script(graph, clears_noise=True)}const trace = run({list(point)!r});\n"
        "if (trace.error) return [trace];\nconst cleared = run.clear_noise(trace);\n"
        "return [trace, cleared, run.list_warnings(trace, cleared)];\n})()"
        for graph, point in cases
    ]
    found: list[Any] = evaluate(f"const result = [{', '.join(calls)}];", folder)
    return found


@pytest.mark.parametrize(
    ("program", "point"),
    [
        ("x - 0.3*y + 0.1", (0.5, 2.0)),
        ("a*x - b*y + c", (0.5, 1.0, 0.3, 2.0, 0.1)),
        ("sqrt(x - y - 0.1)", (0.4, 0.3)),
        ("(x - y)*1e-9", (1e-9, 2e-9)),
        ("tan(pi/2*x)", (1.0,)),
        ("sin(pi*x) + x*0", (1.0,)),
        ("1/(x - y - 0.1) ", (0.3, 0.2)),
        ("relu(x - 0.1 - y)", (0.3, 0.2)),
        ("sum(a, b, c, d, e, g, h, i, j, k) - 1", (0.1,) * 10),
        ("x^3 - 1e23*y", (1e23, 1e46)),
    ],
)
def test_noise_is_cleared_as_for_the_table(program: str, point: tuple[float, ...], tmp_path: Path) -> None:
    graph = parse(program)
    ((_, found, warnings),) = clear_all([(graph, point)], tmp_path)
    expected = clear_noise(run(graph, dict(zip(graph.input_names, point, strict=True))))
    assert list_zeros(found) == list_zeros(vars(expected))
    assert warnings == list(expected.warnings)
    for name in ("values", "gradients"):
        assert found[name] == pytest.approx(list(getattr(expected, name)), rel=1e-14)


def list_zeros(numbers: Mapping[str, Any]) -> list[bool]:
    """List which numbers of a trace are 0."""
    flat = [*numbers["values"], *numbers["gradients"], *chain(*numbers["local"]), *chain(*numbers["downstream"])]
    return [not number for number in flat]


def test_noise_of_random_programs_is_cleared_as_for_the_table(tmp_path: Path) -> None:
    cases = [(graph, point) for graph, (point,) in random_programs(400)]
    cleared = 0
    for (graph, point), (computed, *found) in zip(cases, clear_all(cases, tmp_path), strict=True):
        trace = run_python(graph, point)
        if isinstance(trace, Trace) and check_numbers(computed, trace) <= MOST_ULPS:
            expected = clear_noise(trace)
            cleared += list_zeros(vars(expected)) != list_zeros(vars(trace))
            assert list_zeros(found[0]) == list_zeros(vars(expected)), graph.source
            assert found[1] == list(expected.warnings), graph.source
    assert cleared > 3


@pytest.mark.parametrize(
    ("program", "point"),
    [
        ("1/x - 1/x", {"x": 1e-160}),  # a gradient that overflows
        ("sqrt(x)*x", {"x": 0.0}),
        ("sqrt(x) - sqrt(x)", {"x": 0.0}),  # ∞ − ∞
        ("exp(x)", {"x": 1000.0}),
        ("prod(x, y)", {"x": 1e200, "y": -1e200}),
        ("ln(x*y)", {"x": -1234567.0, "y": 1e-9}),
    ],
)
def test_an_error_has_runs_words(program: str, point: dict[str, float], tmp_path: Path) -> None:
    graph = parse(program)
    ((found,),) = run_all([write_run_script(graph)], [[list(point.values())]], tmp_path)
    with pytest.raises(EvaluationError) as error:
        run(graph, point)
    check_error(found, error.value)


def test_what_is_typed_is_data(tmp_path: Path) -> None:
    graph = parse("constructor = x*2; __proto__ = ln(constructor); f = __proto__ + θ₁")
    script = write_run_script(graph, "calculate")
    assert script.startswith("const calculate = ")
    assert script.isascii()
    assert not set("<&'") & set("".join(line for line in script.splitlines() if "equations =" in line))
    made = evaluate(f"{script}const result = [calculate([3, 4]).values.length, calculate([-1, 4])];", tmp_path)
    assert made[0] == len(graph.nodes)
    assert made[1]["error"]["message"].startswith("__proto__ = ln(")


def test_a_script_takes_only_the_functions_that_it_needs() -> None:
    script = write_run_script(parse("x*y + x"))
    assert "function sigmoid" not in script
    assert "function fsum" not in script
    assert len(script) < 6_000
    assert "function fsum" in write_run_script(parse("sum(x, y)"))


WARNED = [
    ("kink", "relu(x)", (0.0,)),
    ("kink", "max(x, y, 2)", (2.0, 1.0)),
    ("kink", "min(x, y)", (1.0, 1.0)),
    ("kink", "abs(x)", (-0.0,)),
    ("kink", "hypot(x, y)", (0.0, 0.0)),
    ("kink", "atan2(y, x)", (0.0, -1.0)),
    ("kink", "hard_tanh(x)", (-1.0,)),
    ("kink", "hinge(s, t)", (1.0, 1.0)),
    ("kink", "prelu(x, y)", (0.0, 2.0)),
    ("kink", "leaky_relu(x)", (0.0,)),
    ("kink", "where(x > y, x, 3)", (1.0, 1.0)),
    ("kink", "step(x)", (0.0,)),
    ("kink to rounding", "relu(x - 0.1 - y)", (0.3, 0.2)),
    ("underflow", "x*y", (1e-200, 1e-200)),
    ("fewer digits", "x*y", (1e-160, 1e-160)),
    ("underflow", "exp(x)", (-800.0,)),
    ("underflow", "dot(x, y; x, y)", (1e-200, 1e-170)),
    ("underflow", "prod(x, y, x)", (1e-120, 1e-120)),
    ("underflow", "(x - y)^2", (1e-300, 2e-300)),
    ("underflow", "sech(x)", (800.0,)),
    ("infinite", "sqrt(x)", (0.0,)),
    ("infinite", "arcsin(x)", (1.0,)),
    ("infinite", "cbrt(x)", (0.0,)),
    ("overflows", "1/x", (1e-160,)),
    ("pole", "1/(x - y - 0.1)", (0.3, 0.2)),
]


@pytest.mark.parametrize(("what", "program", "point"), WARNED)
def test_warnings_are_those_of_the_run(what: str, program: str, point: tuple[float, ...], tmp_path: Path) -> None:
    graph = parse(program)
    ((*_, warnings),) = clear_all([(graph, point)], tmp_path)
    assert warnings == list(clear_noise(run(graph, dict(zip(graph.input_names, point, strict=True)))).warnings)
    assert what in " ".join(warnings)


def test_every_gate_warns_where_the_run_does(tmp_path: Path) -> None:
    cases = [(graph, point) for graph, points_ in at_gates(3) for point in points_]
    warned = 0
    for (graph, point), (_, *found) in zip(cases, clear_all(cases, tmp_path), strict=True):
        trace = run_python(graph, point)
        if isinstance(trace, Trace):
            expected = clear_noise(trace).warnings
            warned += bool(expected)
            assert found[1] == list(expected), (graph.source, point)
    assert warned > 20
