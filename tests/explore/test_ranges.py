from math import pi

import pytest

from bpviz.errors import UsageError
from bpviz.explore.ranges import Range, make_range, read_range


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-5:5:200", Range("x", -5, 5, 200)),
        ("-pi:pi", Range("x", -pi, pi, 101)),
        ("1/2 : 2^3 : 1,001", Range("x", 0.5, 8, 1001)),
        ("−1:1:3", Range("x", -1, 1, 3)),
        ("5:-5:11", Range("x", 5, -5, 11)),
    ],
)
def test_a_range_is_read_as_typed(text: str, expected: Range) -> None:
    assert read_range(text, "x") == expected


@pytest.mark.parametrize(
    "text", ["1:", ":1", "1:2:3:4", "1:q", "1:1", "1:2:1", "1:2:x", "1:2:1e3", "inf:1", "1:1e999", "::"]
)
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_range(text, "x")


@pytest.mark.parametrize("given", [(0, 1), (0, 1, 101), [0.0, 1.0, 101], "0:1"])
def test_a_range_is_text_or_numbers(given: object) -> None:
    assert make_range("x", given) == Range("x", 0, 1, 101)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given", ["3", (1,), (1, 2, 3, 4), (0, 1, 2.5), (0, float("nan"), 3), ("0", 1, 3), (0, 1, 1), 3]
)
def test_other_things_are_no_range(given: object) -> None:
    with pytest.raises(UsageError):
        make_range("x", given)  # type: ignore[arg-type]


def test_round_steps_give_round_values_and_an_exact_zero() -> None:
    values = Range("x", -5, 5, 101).values
    assert values == tuple(i / 10 for i in range(-50, 51))
    assert [-x for x in reversed(values)] == list(values)


def test_the_ends_are_met_and_nothing_overflows_on_the_way() -> None:
    values = Range("x", -1.7e308, 1.7e308, 1001).values
    assert (values[0], values[-1]) == (-1.7e308, 1.7e308)
    assert values == tuple(sorted(values))
