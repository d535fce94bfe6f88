"""The ranges of sliders: as they are typed, around a value where none is, and what is refused."""

from collections.abc import Sequence

import pytest

import bpviz
from bpviz.errors import UsageError
from bpviz.pages.sliders import Slider, make_sliders, spread_ranges, surround

TRACE = bpviz.parse("x*y").at(x=2, y=0)


@pytest.mark.parametrize("given", ["-10:10:0.01", (-10, 10, 0.01), " -10 : 20/2 : 1/100"])
def test_a_range_is_typed_or_given_as_numbers(given: str | Sequence[float]) -> None:
    assert make_sliders(TRACE, {"x": given})[0] == Slider("x", -10.0, 10.0, 0.01)


def test_a_step_is_chosen_where_none_is_given() -> None:
    assert make_sliders(TRACE, {"x": "0:4"})[0].step == 0.02


@pytest.mark.parametrize("value", [0.0, 1.0, -3.0, 0.37, 6.6, 150.0, 1e-7, -2.5e12, 1e300])
def test_a_range_around_a_value_holds_it_and_its_negative(value: float) -> None:
    slider = surround("x", value)
    assert slider.start == -slider.stop
    assert abs(value) < slider.stop <= 10 * max(abs(value), 1)
    assert slider.step == pytest.approx((slider.stop - slider.start) / 200)


@pytest.mark.parametrize(
    ("ranges", "what"),
    [
        ({"z": "0:1"}, "no input is called z"),
        ({"x": "3"}, "x = 3 is no range"),
        ({"x": "1:2:3:4"}, "x = 1:2:3:4 is no range"),
        ({"x": ":2"}, "x = :2 is no range"),
        ({"x": 3}, "x = 3 is no range"),
        ({"x": (1,)}, "x = (1,) is no range"),
        ({"x": (1, "b")}, "x = 'b' is not a number"),
        ({"x": "3:1"}, "the range of x from 3 to 1 has nothing between its ends"),
        ({"x": "0:4:5"}, "x cannot go from 0 to 4 in steps of 5"),
        ({"x": "0:4:0"}, "x cannot go from 0 to 4 in steps of 0"),
        ({"x": "3:4"}, "x = 2 is outside its range, 3:4"),
    ],
)
def test_what_is_no_range_is_refused(ranges: dict[str, str | Sequence[float]], what: str) -> None:
    with pytest.raises(UsageError) as caught:
        make_sliders(TRACE, ranges)
    assert caught.value.what == what


def test_the_hint_for_a_value_outside_its_range_works() -> None:
    with pytest.raises(UsageError) as caught:
        make_sliders(TRACE, {"x": "3:4"})
    typed = caught.value.hint.partition("x=")[2]
    assert make_sliders(TRACE, {"x": typed})[0][:3] == ("x", 2.0, 4.0)


def test_the_range_of_a_vector_is_that_of_its_entries() -> None:
    graph = bpviz.parse("sum(W@x) + b")
    spread = spread_ranges(graph.at(W=[[1, 2]], x=[3, 4], b=5).graph, {"x": "-9:9", "b": (0, 8)})
    assert spread == {"x_0": "-9:9", "x_1": "-9:9", "b": (0, 8)}
