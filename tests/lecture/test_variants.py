"""Other numbers for a program: short by the rule, all different, the same for a seed, and counted if they run out."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.autodiff import Trace, run
from bpviz.gates import GATES
from bpviz.lang import parse
from bpviz.lecture.variants import (
    EXACT,
    GRIDS,
    ROUNDED,
    Variants,
    find_constants,
    find_variants,
    has_short_gradients,
    is_lively,
    is_rational,
    is_short,
    order_choices,
    replace_constants,
)

SAMPLES = Path(__file__).parents[2] / "samples"
EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"


def found(program: str, count: int = 10, seed: int = 7, **options: object) -> Variants:
    return find_variants(parse(program), count, seed, **options)  # type: ignore[arg-type]


def points(result: Variants) -> list[tuple[float, ...]]:
    return [tuple(trace.values[i] for i in trace.graph.inputs) for trace in result.traces]


def is_all_short(trace: Trace) -> bool:
    graph = trace.graph
    numbers = [*trace.values, *(trace.gradients[i] for i in (*graph.inputs, *graph.gate_ids))]
    numbers += [trace.downstream[wire.target][wire.slot] for wire in graph.wires()]
    return all(map(is_short, numbers))


@pytest.mark.parametrize(
    "program", ["x*y + z*x", "2*(x*y + max(z, w))", "(a + b)*(b + 1)", "1/(x - y)/x", "x^3*y + 2x"]
)
def test_every_value_gradient_and_contribution_is_short(program: str) -> None:
    result = found(program, 30)
    assert len(result.traces) == 30
    assert result.rule is EXACT
    assert all(map(is_all_short, result.traces))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["x*y + z*x", "x/y + 3*y", "max(x, y)*z + x", "relu(x*y + 2)*y"]))
def test_for_every_seed_the_points_are_different_and_the_same_again(seed: int, program: str) -> None:
    first, again = found(program, 12, seed), found(program, 12, seed)
    numbers = [trace.values for trace in first.traces]
    assert numbers == [trace.values for trace in again.traces]
    assert len(set(numbers)) == 12


def test_another_seed_gives_other_points() -> None:
    assert points(found("x*y + z*x", seed=1)) != points(found("x*y + z*x", seed=2))


def test_the_traces_are_those_of_the_program_they_name() -> None:
    for trace in found("3*x*y + x", 20).traces:
        point = {trace.graph.nodes[i].name: trace.values[i] for i in trace.graph.inputs}
        assert run(parse(trace.graph.source), point) == trace


def test_the_search_finds_every_point_there_is() -> None:
    program = "1/x*y"
    graph = parse(program)
    expected = 0
    for x, y in product(GRIDS[-1].inputs, repeat=2):
        if x:
            trace = run(graph, x=x, y=y)
            expected += is_all_short(trace) and has_short_gradients(trace, EXACT)
    result = found(program, 1_000)
    assert result.is_exhausted
    assert len(set(points(result))) == len(result.traces) == expected


def test_constants_are_drawn_anew_but_not_those_that_make_the_formula() -> None:
    graph = parse("max(0, 1 - 3*x) + x^3 + 2*y + pi*y")
    assert [graph.nodes[i].constant for i in find_constants(graph)] == [3.0, 2.0]
    kept = found("3*x*y + x", 10, keep_constants=True)
    assert {trace.graph.source for trace in kept.traces} == {"3*x*y + x"}
    assert len({trace.graph.source for trace in found("3*x*y + x", 20).traces}) > 1


def test_a_negative_constant_stays_negative() -> None:
    assert all("+ -" in trace.graph.source for trace in found("x*y + -3", 10).traces)


def test_a_constant_is_put_where_the_old_one_stood() -> None:
    graph = parse("x*25 + 4*y")
    numbers = dict(zip(find_constants(graph), (0.5, 7.0), strict=True))
    assert replace_constants(graph, numbers) == "x*0.5 + 7*y"


def test_latex_gets_its_constants_too() -> None:
    sources = {trace.graph.source for trace in found(r"\frac{x}{4} + 3 \cdot y \cdot x", 20).traces}
    assert len(sources) > 1
    assert all(source.startswith(r"\frac{x}{") for source in sources)


def test_gates_that_make_no_fractions_are_rounded_where_no_exact_point_is_left() -> None:
    result = found(EXAMPLE, 30)
    assert result.rule is ROUNDED
    assert len(result.traces) == 30
    assert all(has_short_gradients(trace, ROUNDED) for trace in result.traces)


def test_they_are_exact_where_that_is_possible() -> None:
    result = found((SAMPLES / "neuron.bp").read_text(encoding="utf-8"), 30)
    assert result.rule is EXACT
    assert all(map(is_all_short, result.traces))


def test_the_rule_can_be_chosen() -> None:
    assert found("x/y + y/x", 30, rule=ROUNDED).rule is ROUNDED
    result = found(EXAMPLE, 30, rule=EXACT)
    assert result.is_exhausted
    assert len(result.traces) < 30


def test_where_there_are_too_few_they_are_counted() -> None:
    result = found("x*x", 100)
    assert result.is_exhausted
    squares = [x for x in GRIDS[-1].inputs if x and is_short(x * x) and is_short(2 * x)]
    assert sorted(points(result)) == [(x,) for x in sorted([*squares])]


def test_no_point_is_at_a_kink() -> None:
    assert all(trace.warnings == () for trace in found("max(x, y)*relu(x)", 30).traces)


def test_a_gradient_that_cancels_is_no_sheet_while_there_are_others() -> None:
    assert all(map(is_lively, found("x*y + z*x", 30).traces))
    assert not is_lively(run(parse("x*y + z*x"), x=1, y=2, z=-2))
    assert is_lively(run(parse("max(x, y)*y"), x=1, y=2))


def test_a_program_without_a_gate_has_variants() -> None:
    assert len(found("x", 5).traces) == 5


def test_constants_that_are_drawn_as_nodes_are_computed_first() -> None:
    result = find_variants(parse("x*y + 2*3", constants=True), 5, 1)
    assert len(result.traces) == 5


def test_a_number_is_chosen_no_earlier_than_a_gate_needs_it() -> None:
    graph = parse("(x + y)*z")
    assert [(graph.nodes[choice.node].name, len(choice.gates)) for choice in order_choices(graph, ())] == [
        ("x", 0),
        ("y", 1),
        ("z", 1),
    ]


@pytest.mark.parametrize(
    ("name", "fraction"),
    [("add", True), ("power", True), ("max", True), ("exponential", False), ("sqrt", False), ("bce", False)],
)
def test_a_gate_is_asked_whether_it_keeps_to_fractions(name: str, fraction: bool) -> None:
    assert is_rational(GATES[name]) is fraction
