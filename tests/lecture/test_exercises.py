"""New expressions: as many gates as asked for, of the kinds asked for, with a branch, and nothing that is 0."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpviz
from bpviz.autodiff import run
from bpviz.errors import UsageError
from bpviz.gates import TABLE, Gate, find_gate
from bpviz.graph import Graph
from bpviz.lang import parse
from bpviz.lecture.exercises import LEVELS, exercise
from bpviz.lecture.short_numbers import EXACT, ROUNDED
from bpviz.lecture.variants import has_short_gradients

KINDS = ["add,mul,max", "add,mul", "mul,add,sub", "add,mul,relu", "sub,div,add,mul", "add,mul,square"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(KINDS), st.integers(4, 8), st.sampled_from(sorted(LEVELS)))
def test_an_exercise_is_what_was_asked_for(seed: int, kinds: str, size: int, level: str) -> None:
    made = exercise(gates=kinds, size=size, seed=seed, level=level)
    graph, trace = made.trace.graph, made.trace
    assert len(graph.gate_ids) == size
    allowed = {find_gate(kind).name for kind in kinds.split(",")} | (
        {"multiply", "reciprocal"} if "div" in kinds else set()
    )
    assert {gate.name for node in graph.nodes if (gate := node.gate)} <= allowed
    assert any(len(graph.wires_from[i]) > 1 for i in (*graph.inputs, *graph.gate_ids))
    assert all(trace.gradients[i] for i in (*graph.inputs, *graph.gate_ids))
    assert has_short_gradients(trace, EXACT)
    assert trace.warnings == ()
    assert made == exercise(gates=kinds, size=size, seed=seed, level=level)


@pytest.mark.parametrize("kinds", [*KINDS, "add,mul,sigmoid", "neg,inv,mul,add,exp"])
def test_its_text_is_the_program_with_its_numbers(kinds: str) -> None:
    made = exercise(gates=kinds, size=6, seed=3)
    graph = parse(made.program)
    assert len(graph.gate_ids) == 6
    assert run(graph).values[graph.output] == made.trace.values[made.trace.graph.output]
    assert made.program.isascii()


@pytest.mark.parametrize("output", ["table", "steps", "code"])
def test_its_trace_makes_the_outputs_of_its_program(output: str) -> None:
    made = exercise(seed=3)
    assert getattr(made.trace, output)() == getattr(bpviz, output)(made.program)


def test_it_tells_itself_in_one_line() -> None:
    assert repr(exercise(gates="add,mul", size=3, seed=7, level="easy")) == "<Exercise f = 12 at x = 2, y = 1, z = 3>"


@pytest.mark.parametrize("seed", range(10))
def test_every_kind_comes_before_any_comes_again(seed: int) -> None:
    made = exercise(gates="add,mul,max,sub", size=4, seed=seed)
    assert len({gate.name for node in made.trace.graph.nodes if (gate := node.gate)}) == 4


def depth(graph: Graph) -> int:
    depths = [0] * len(graph.nodes)
    for i in graph.gate_ids:
        depths[i] = 1 + max(depths[operand] for operand in graph.nodes[i].operands)
    return depths[graph.output]


def made_at(level: str, count: int = 20) -> list[Graph]:
    return [exercise(size=7, seed=seed, level=level).trace.graph for seed in range(count)]


def test_levels_differ_in_depth() -> None:
    easy, medium, hard = (sum(map(depth, made_at(level))) for level in LEVELS)
    assert easy < medium < hard


def test_easy_numbers_are_whole_and_positive() -> None:
    for seed in range(10):
        made = exercise(gates="add,mul", seed=seed, level="easy")
        assert all(made.trace.values[i] > 0 for i in made.trace.graph.inputs)


def test_hard_ones_have_a_gate_that_branches() -> None:
    for graph in made_at("hard", 10):
        assert any(len(graph.wires_from[i]) > 1 for i in graph.gate_ids)


def test_seeds_make_different_exercises() -> None:
    assert len({exercise(seed=seed).program for seed in range(30)}) > 27


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_every_gate_can_be_practised_or_says_why_not(gate: Gate) -> None:
    gates = f"{gate.name},add,multiply"
    if gate.name in (
        "bce",
        "arsech",
        "logit",
    ):  # they want a number between 0 and 1, which medium exercises do not have
        with pytest.raises(UsageError, match="gave no medium exercise"):
            exercise(gates=gates, size=4)
        return
    made = exercise(gates=gates, size=4)
    assert any(has_short_gradients(made.trace, rule) for rule in (EXACT, ROUNDED))


@pytest.mark.parametrize(
    ("names", "size", "level", "told"),
    [
        ("relu,exp", 3, "easy", "never join again in relu, exp alone"),
        ("add", 0, "easy", "cannot have 0 gates"),
        ("add", 31, "easy", "cannot have 31 gates"),
        ("add", 3, "brutal", "no level is called brutal"),
        ("maxx", 3, "easy", "did you mean max?"),
        ("xyzzyqq", 3, "easy", "no gate is called xyzzyqq"),
        ("s", 3, "easy", "s may be any of"),
        (",", 3, "easy", "no gates are named"),
        ("mul", 30, "easy", "gave no easy exercise"),
    ],
)
def test_what_cannot_be_is_told(names: str, size: int, level: str, told: str) -> None:
    with pytest.raises(UsageError) as error:
        exercise(gates=names, size=size, level=level)
    assert told in str(error.value)


@pytest.mark.parametrize("gates", ["max,min", "min,max,mul"])
def test_what_cannot_be_found_is_given_up_soon(gates: str) -> None:
    with pytest.raises(UsageError, match=r"expressions of \d gates .* gave no"):
        exercise(gates=gates, size=3)


def test_an_operation_on_vectors_is_in_no_exercise() -> None:
    with pytest.raises(
        UsageError, match="softmax works on vectors, and an exercise has numbers on its wires"
    ) as caught:
        exercise(gates="add,softmax")
    assert caught.value.hint == "choose gates of numbers, such as add,mul,max"
