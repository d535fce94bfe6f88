"""Other numbers for a program: short by the rule, all different, the same for a seed, and counted if they run out."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.autodiff import Trace, run
from bpviz.gates import GATES
from bpviz.lang import parse
from bpviz.lecture.short_numbers import EXACT, GRIDS, ROUNDED, TWO_DIGITS, has_two_digits, is_rational, is_short
from bpviz.lecture.value_ranges import make_value_ranges
from bpviz.lecture.variants import (
    Variants,
    find_constants,
    find_variants,
    has_short_gradients,
    is_lively,
    order_choices,
    replace_constants,
)

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"


def found(program: str, count: int = 10, seed: int = 7, **options: object) -> Variants:
    return find_variants(parse(program), count, seed, **options)  # type: ignore[arg-type]


def found_in(program: str, ranges: dict[str, object], count: int = 30) -> Variants:
    graph = parse(program)
    return find_variants(graph, count, 1, ranges=make_value_ranges(graph, ranges))


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
    for trace in found("3*x*y + x", 20, vary_constants=True).traces:
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


def test_constants_stay_or_are_drawn_anew_but_not_those_that_make_the_formula() -> None:
    graph = parse("max(0, 1 - 3*x) + x^3 + 2*y + pi*y")
    assert [graph.nodes[i].constant for i in find_constants(graph)] == [3.0, 2.0]
    assert {trace.graph.source for trace in found("3*x*y + x", 10).traces} == {"3*x*y + x"}
    assert len({trace.graph.source for trace in found("3*x*y + x", 20, vary_constants=True).traces}) > 1


def test_a_negative_constant_stays_negative() -> None:
    assert all("+ -" in trace.graph.source for trace in found("x*y + -3", 10, vary_constants=True).traces)


def test_a_constant_is_put_where_the_old_one_stood() -> None:
    graph = parse("x*25 + 4*y")
    numbers = dict(zip(find_constants(graph), (0.5, 7.0), strict=True))
    assert replace_constants(graph, numbers) == "x*0.5 + 7*y"


def test_latex_gets_its_constants_too() -> None:
    sources = {
        trace.graph.source for trace in found(r"\frac{x}{4} + 3 \cdot y \cdot x", 20, vary_constants=True).traces
    }
    assert len(sources) > 1
    assert all(source.startswith(r"\frac{x}{") for source in sources)


def test_gates_that_make_no_fractions_are_rounded_where_no_exact_point_is_left() -> None:
    result = found(EXAMPLE, 30)
    assert result.rule is ROUNDED
    assert len(result.traces) == 30
    assert all(has_short_gradients(trace, ROUNDED) for trace in result.traces)


def test_they_are_exact_where_that_is_possible() -> None:
    result = found("sqrt(x)*y", 30)
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


# -- a class ---------------------------------------------------------------------------------------------------------


def sides(result: Variants) -> list[Counter[int]]:
    """Count the sheets on each side of each kink."""
    counts = []
    for i in result.traces[0].graph.gate_ids:
        gate = result.traces[0].graph.nodes[i].gate
        if gate and gate.side:
            operands = ([trace.values[k] for k in trace.graph.nodes[i].operands] for trace in result.traces)
            counts.append(Counter(gate.side(*each) for each in operands))
    return counts


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("relu(w*x + b)", 2),
        ("relu(w*x + b + 20)", 2),  # shut only where w, x and b are large
        ("max(x, y, z)*w", 3),
        ("|x*y - z|", 2),
        ("relu(x + 1)*relu(y) + relu(z)", 2),
        ("max(0, 1 - t*y)", 2),
        ("hard_tanh(x*y)*z", 3),
        ("where(x > y, x*z, y)", 2),
        ("step(x*y)", 2),
    ],
)
@pytest.mark.parametrize("count", [2, 30])
def test_every_side_of_every_kink_occurs_in_a_class(program: str, expected: int, count: int) -> None:
    counts = sides(found(program, count))
    assert all(len(each) >= min(expected, count) for each in counts)
    assert count < 30 or all(min(each.values()) >= 4 for each in counts)


def test_a_kink_without_another_side_is_told() -> None:
    result = found("relu(x^2 + 1)*y", 30)
    assert len(result.traces) == 30
    assert [result.traces[0].graph.expression(i)[:5] for i in result.one_sided] == ["relu("]
    assert found("relu(x)*y", 30).one_sided == []


def test_few_sheets_have_no_gradient_at_all() -> None:
    traces = found("relu(w*x + b)", 30).traces
    dead = [trace for trace in traces if not any(trace.gradients[i] for i in trace.graph.inputs)]
    assert 1 <= len(dead) <= 6


@pytest.mark.parametrize(
    "program",
    ["(sigmoid(w*x + b) - t)^2", "tanh(x*y)", "exp(x)*y", "x*ln(y)", "gelu(x)*y", EXAMPLE, "1/(1 + exp(-x*y))"],
)
def test_a_gate_that_makes_no_fractions_is_at_many_points(program: str) -> None:
    result = found(program, 30)
    assert result.rule is ROUNDED
    for i in result.traces[0].graph.gate_ids:
        gate = result.traces[0].graph.nodes[i].gate
        if gate and not is_rational(gate):
            operands = Counter(trace.values[trace.graph.nodes[i].operands[0]] for trace in result.traces)
            assert len(operands) >= 5
            assert max(operands.values()) <= 10


def test_exact_numbers_that_leave_one_point_only_are_no_class() -> None:
    assert not found("(sigmoid(w*x + b) - t)^2", 30, rule=EXACT).is_class(30)


def test_equal_inputs_are_avoided_since_they_hide_swapped_operands() -> None:
    assert all(len(set(point)) == 2 for point in points(found("x*y", 20)))


@pytest.mark.parametrize("count", [1, 2, 5, 30])
def test_a_class_has_as_many_points_as_were_asked_for_all_different(count: int) -> None:
    assert len(set(points(found("relu(w*x + b)*v", count)))) == count


# -- ranges ----------------------------------------------------------------------------------------------------------


def test_inputs_have_the_values_of_their_ranges_each_about_as_often() -> None:
    result = found_in("J = -(y*log(a) + (1 - y)*log(1 - a))", {"y": "0,1", "a": "0.1:0.9"})
    labels = Counter(y for y, _ in points(result))
    probabilities = Counter(a for _, a in points(result))
    assert len(result.traces) == 30
    assert set(labels) == {0.0, 1.0}
    assert min(labels.values()) >= 14
    assert len(probabilities) >= 15
    assert max(probabilities.values()) <= 3
    assert all(0.1 <= a <= 0.9 and round(100 * a) % 5 == 0 for a in probabilities)


def test_a_listed_zero_is_no_accident() -> None:
    values = Counter(x for x, _ in points(found_in("x*y", {"x": "0,1"}, 10)))
    assert values == {0.0: 5, 1.0: 5}


def test_a_range_of_one_value_keeps_an_input_even_that_of_a_sigmoid() -> None:
    result = found_in("sigmoid(x)*y", {"x": "2"}, 10)
    assert result.is_class(10)
    assert {x for x, _ in points(result)} == {2.0}


def test_decimals_of_a_range_give_numbers_of_two_digits() -> None:
    result = found_in("x*y", {"x": "0.1:0.9"})
    assert result.rule is TWO_DIGITS
    assert len({x for x, _ in points(result)}) >= 8
    assert all(map(has_two_digits, (trace.values[-1] for trace in result.traces)))


def test_decimals_of_the_program_do_so_too() -> None:
    assert found("0.1*x + y", 30).rule is TWO_DIGITS


def test_decimals_that_make_longer_numbers_are_rounded() -> None:
    result = found_in("x*y", {"x": "0.13,0.27", "y": "0.13:0.99:0.01"})
    assert (result.rule.name, len(result.traces)) == ("rounded", 30)


def test_values_that_were_chosen_may_be_larger_than_the_usual_ones() -> None:
    result = found_in("x*y", {"x": "100:900:100", "y": "0.5:2:0.5"}, 20)
    assert len(result.traces) == 20


def test_with_a_range_for_every_input_all_points_are_counted() -> None:
    result = found_in("x*y", {"x": "1,2", "y": "3,4"}, 10)
    assert (len(result.traces), result.is_exhausted, result.searched) == (4, True, "the values of --range")
