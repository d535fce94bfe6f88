"""A gate taken apart is the same function: everywhere, at its kinks and far out; or it is whole, and says why."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice, product

import numpy as np
import pytest

import bpviz
from bpviz.autodiff import run
from bpviz.errors import BpvizError, EvaluationError
from bpviz.gates import GATES, LETTERS, TABLE, Gate, write_expression
from bpviz.lang import parse
from tests.accuracy.points import points
from tests.accuracy.references import reference_for
from tests.gates.test_gates import CASES, CONSTANT_SLOTS


@pytest.mark.parametrize("gate", [gate for gate in TABLE if gate.parts.elementary], ids=lambda gate: gate.name)
def test_its_decomposition_ends_and_is_the_same_function(gate: Gate) -> None:
    point = CASES[gate.name]
    names = LETTERS[: len(point)]
    at = {name: x for i, (name, x) in enumerate(zip(names, point, strict=True)) if i != CONSTANT_SLOTS.get(gate.name)}
    operands = tuple(name if name in at else repr(x) for name, x in zip(names, point, strict=True))
    program = write_expression(gate, operands)
    whole, parts = parse(program, gates="fused"), parse(program, gates="elementary")
    assert [whole.nodes[i].gate for i in whole.gate_ids] == [gate]
    assert all(not (node.gate and node.gate.parts.elementary) for node in parts.nodes)
    one, other = run(whole, at), run(parts, at)
    assert other.value("f") == pytest.approx(one.value("f"), rel=1e-12)
    for name in at:
        assert other.gradient(name) == pytest.approx(one.gradient(name), rel=1e-12)


TAKEN_APART = [gate for gate in TABLE if gate.parts.elementary]
# operands that are tried besides: kinks, ties, edges, and the far ends
CHOSEN = ((0.0,), (1.0,), (-1.0,), (400.0,), (-400.0,), (720.0,), (-720.0,), (1e8,), (-1e8,), (1e50,), (-1e50,))
CHOSEN += ((0.0, 0.0), (1.0, 1.0), (-1.0, -1.0), (0.0, 0.25), (0.5, 2.0), (-2.0, -0.5), (2.0, 2.0), (0.0, 0.0, 0.0))


def tried(gate: Gate) -> list[tuple[float, ...]]:
    """Return points in a gate's domain that are everything but so small or large that a square leaves the range."""
    reference = reference_for(gate)
    largest = (
        1e60 if gate.arity == (1, 1) else 1e3
    )  # where slopes are operands, their sums lose the digits of small ones
    drawn = islice(points(reference.ranges, reference.several, gate.name), 200)
    fitting = [point for point in (*drawn, *CHOSEN) if gate.arity[0] <= len(point) <= gate.arity[1]]
    inside = [point for point in fitting if all(not x or 1e-60 < abs(x) <= largest for x in point)]
    return [point for point in inside if in_domain(gate, point) and not is_blurred(gate, point)]


def in_domain(gate: Gate, point: tuple[float, ...]) -> bool:
    try:
        return abs(gate.forward(*point)) < 1e300 and parse(levels(gate, point)[0], gates="fused").nodes[-1].gate is gate
    except (ValueError, ZeroDivisionError, OverflowError, BpvizError):
        return False


def is_blurred(gate: Gate, point: tuple[float, ...]) -> bool:
    """Say whether a point is so near to hinge's kink that b·a, rounded, is on it."""
    return gate is GATES["hinge"] and point[0] * point[1] == 1 != Fraction(point[0]) * Fraction(point[1])


def levels(gate: Gate, point: tuple[float, ...]) -> tuple[str, dict[str, float]]:
    """Return a program of one gate and its inputs' values; its parameter, a constant, is typed."""
    names = LETTERS[: len(point)]
    at = {name: x for slot, (name, x) in enumerate(zip(names, point, strict=True)) if slot != gate.parameter}
    operands = tuple(name if name in at else f"({x!r})" for name, x in zip(names, point, strict=True))
    return write_expression(gate, operands), at


@pytest.mark.parametrize("gate", TAKEN_APART, ids=lambda gate: gate.name)
def test_taken_apart_it_has_the_same_value_and_gradients_everywhere(gate: Gate) -> None:
    refused: list[str] = []
    for point in tried(gate):
        program, at = levels(gate, point)
        one = run(parse(program, gates="fused"), at)
        try:
            other = run(parse(program, gates="elementary"), at)
        except EvaluationError as error:
            refused.append(error.hint)
            continue
        scale = max(1.0, abs(one.value("f")), *map(abs, point if gate.arity[1] > 2 else ()))
        assert abs(other.value("f") - one.value("f")) <= 1e-12 * scale, point
        for name in at:
            assert is_close(other.gradient(name), one.gradient(name)), (point, name)
    assert bool(refused) == bool(gate.parts.holds)
    assert all("as one gate, at a level coarser than elementary, it may have a value" in hint for hint in refused)


def is_close(a: float, b: float) -> bool:
    return a == b or abs(a - b) <= 1e-12 * max(1.0, abs(b))


def test_a_gate_is_taken_apart_or_whole_for_a_reason_or_simple() -> None:
    for gate in TABLE:
        assert not (gate.parts.elementary and gate.parts.whole), gate.name
        assert gate.parts.elementary or not (gate.parts.holds or gate.parts.lastly), gate.name
    whole = [gate.name for gate in TABLE if gate.parts.whole]
    assert whole == ["arcsec", "arccsc", "hypot", "tanh", "arsinh", "hard_tanh"]


@pytest.mark.parametrize(
    ("program", "at", "gradient"),
    [
        ("leaky_relu(x)", 0.0, 0.01),
        ("leaky_relu(x, 0.25)", 0.0, 0.25),
        ("hard_tanh(x)", 1.0, 0.0),
        ("hinge(x, 2)", 0.5, 0.0),
        ("hypot(x, 0)", 0.0, 0.0),
        ("arsinh(x)", -1e8, 1e-8),
        ("tanh(x)", 400.0, 0.0),
        ("tanh(x)", 200.0, 0.0),
        ("softplus(x)", 1000.0, 1.0),
        ("softplus(x)", 0.0, 0.5),
        ("mean(x, 5, 3, 4)", 2.0, 0.25),
    ],
)
@pytest.mark.parametrize("level", ["fused", "lecture", "elementary"])
def test_at_kinks_and_in_the_tails_all_levels_agree(program: str, at: float, gradient: float, level: str) -> None:
    assert run(parse(program, gates=level), x=at).gradient("x") == pytest.approx(gradient, abs=1e-15)


@pytest.mark.parametrize(
    ("program", "at", "place"),
    [
        ("bce(x, y)", {"x": 0.5, "y": 2.0}, "bce(x, y)"),
        ("bce(x, 1.5)*y", {"x": 0.5, "y": 1.0}, "bce(x, 1.5)"),
        ("y + bce_logits(x, y)", {"x": 0.5, "y": -1.0}, "bce_logits(x, y)"),
    ],
)
@pytest.mark.parametrize("level", ["fused", "lecture", "elementary"])
def test_the_domain_is_the_same_at_every_level(program: str, at: dict[str, float], place: str, level: str) -> None:
    graph = parse(program, gates=level)
    with pytest.raises(EvaluationError, match=r"has no value at 0\.5 and ") as error:
        run(graph, at)
    assert error.value.place
    assert program[error.value.place.start : error.value.place.end] == place
    assert error.value.hint.startswith(f"{place.partition('(')[0]} needs ")
    with pytest.raises(EvaluationError, match="has no value"):
        bpviz.compile(graph)(**at)
    value, _ = bpviz.compile(graph)(**{name: np.array([x, 0.5]) for name, x in at.items()})
    assert np.isnan(value).tolist() == [True, "1.5" in program]


@pytest.mark.parametrize("gate", TAKEN_APART, ids=lambda gate: gate.name)
def test_no_part_has_a_value_where_the_gate_has_none(gate: Gate) -> None:
    for point in product((-2.0, -0.5, 0.0, 0.5, 1.0, 2.0), repeat=min(gate.arity[1], 2 * gate.groups)):
        program, at = levels(gate, point)
        try:
            fused, elementary = parse(program, gates="fused"), parse(program, gates="elementary")
            if fused.nodes[-1].gate is not gate:
                continue
        except BpvizError:
            continue
        try:
            run(fused, at)
        except EvaluationError:
            with pytest.raises(EvaluationError):
                run(elementary, at)


@pytest.mark.parametrize(
    ("program", "at"),
    [
        ("prelu(x, y)", {"x": 2.0, "y": 1e17}),
        ("prelu(x, y)", {"x": 0.0, "y": 3.0}),
        ("bce_logits(x, y)", {"x": 1.0002058740391983e22, "y": 0.9999999999999993}),
        ("bce_logits(x, y)", {"x": 0.0, "y": 0.25}),
        ("bce_logits(x, y)", {"x": -1e300, "y": 1e-300}),
    ],
)
def test_a_large_operand_does_not_drown_the_rest(program: str, at: dict[str, float]) -> None:
    whole, parts = run(parse(program, gates="fused"), at), run(parse(program, gates="elementary"), at)
    for name in ("f", *at):
        assert parts.values[name] == pytest.approx(whole.values[name], rel=1e-15)
        assert parts.gradients[name] == pytest.approx(whole.gradients[name], rel=1e-14)


def test_a_part_that_has_no_value_where_the_gate_may_is_told_so() -> None:
    with pytest.raises(EvaluationError, match="overflows at 720") as overflow:
        run(parse("σ(x)", gates="elementary"), x=-720.0)
    assert overflow.value.hint.endswith("; as one gate, at a level coarser than elementary, it may have a value")
    with pytest.raises(EvaluationError, match="overflows at 720") as typed:
        run(parse("1/(1 + exp(-x))", gates="elementary"), x=-720.0)
    assert "as one gate" not in typed.value.hint
    assert run(parse("σ(x)"), x=-720.0).gradient("x") == pytest.approx(2.0322308024e-313)
