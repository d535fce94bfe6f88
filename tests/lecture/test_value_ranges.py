"""Ranges of inputs as they are typed, and what is wrong with those that are none."""

from __future__ import annotations

import pytest

from bpviz.errors import UsageError
from bpviz.lang import parse
from bpviz.lecture.value_ranges import make_value_ranges, read_value_range


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0,1", (0, 1)),
        ("3", (3,)),
        ("-1, 1/2, 2e0", (-1, 0.5, 2)),
        ("1,1,2", (1, 2)),
        ("0.1:0.9:0.2", (0.1, 0.3, 0.5, 0.7, 0.9)),
        ("-1:1:1", (-1, 0, 1)),
        ("0:1:0.3", (0, 0.3, 0.6, 0.9)),
    ],
)
def test_a_list_and_an_interval_with_a_step_have_these_values(text: str, values: tuple[float, ...]) -> None:
    assert read_value_range(text, "x").levels == (values,)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("1:5", (1, 2, 3, 4, 5), (1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5)),
        ("0.1:0.9", tuple(k / 10 for k in range(1, 10)), tuple(k / 20 for k in range(2, 19))),
        ("0:0.05", tuple(k / 100 for k in range(6)), tuple(k / 200 for k in range(11))),
        ("-2:2", (-2, -1, 0, 1, 2), (-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2)),
    ],
)
def test_an_interval_is_tried_on_round_numbers_and_then_more_finely(
    text: str, first: tuple[float, ...], second: tuple[float, ...]
) -> None:
    given = read_value_range(text, "x")
    assert (given.at_level(0), given.at_level(1)) == (first, second)
    assert given.at_level(9) == given.levels[-1]


def test_a_wide_interval_has_few_values_at_first() -> None:
    assert len(read_value_range("0:1e9", "x").at_level(0)) == 1001


def test_ranges_are_given_as_text_or_as_numbers_and_by_a_twin_of_the_name() -> None:
    graph = parse("θ*y")
    ranges = make_value_ranges(graph, {"theta": [0, 1], "y": 2.5})
    assert [ranges[i].levels for i in graph.inputs] == [((0.0, 1.0),), ((2.5,),)]


@pytest.mark.parametrize(
    ("given", "told", "hint"),
    [
        ({"q": "0,1"}, "no input is called q", "the inputs are x, y"),
        ({"x": "0.9:0.1"}, "has nothing between its ends", "write 0.1:0.9"),
        ({"x": "2:2"}, "has nothing between its ends", "write x=2"),
        ({"x": "0:1:2"}, "in steps of 2", "0:1:0.25"),
        ({"x": "0:1:0"}, "in steps of 0", "0:1:0.25"),
        ({"x": "0:1:1e-9"}, "has 1,000,000,001 values", "take a larger step"),
        ({"x": "0:1:2:3"}, "x = 0:1:2:3 is no range", "0.1:0.9:0.1"),
        ({"x": "0:"}, "x = 0: is no range", "0.1:0.9:0.1"),
        ({"x": "0:1,5"}, "x = 0:1,5 is no range", "0.1:0.9:0.1"),
        ({"x": "0,1,y=0:1"}, "is no range", "a --range of its own"),
        ({"x": "a,b"}, "a", ""),
        ({"x": []}, "the range of x has no value", "0.1:0.9"),
        ({"x": [float("nan")]}, "x", ""),
        ({"x": {"a": 1}}, "x", ""),
    ],
)
def test_what_is_no_range_is_told(given: dict[str, object], told: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        make_value_ranges(parse("x*y"), given)
    assert told in error.value.what
    assert hint in error.value.hint
