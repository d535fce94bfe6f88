"""Sweeps as numbers: against the tape, point by point, and against NumPy where the formula is short."""

from __future__ import annotations

import io
import sys
from math import isnan, nan

import pytest

import bpviz
from bpviz.errors import EvaluationError, OutputError, UsageError
from bpviz.explore import Sweep
from bpviz.explore.objective import make_sampler, take_objective
from tests.conftest import need_module

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"


def test_every_point_is_to_the_last_bit_what_a_figure_shows_there() -> None:
    graph = bpviz.parse(EXAMPLE)
    swept = bpviz.sweep(graph, x=(-5, 5, 11), y=(-4, 4, 5))
    for i, (x, y) in enumerate(swept.points()):
        trace = bpviz.run(graph, x=x, y=y)
        assert swept.values[i] == trace.value("f")
        assert [swept.gradients[name][i] for name in "xy"] == [trace.gradient(name) for name in "xy"]


def test_a_grid_is_shaped_as_numpy_and_matplotlib_have_it() -> None:
    np = need_module("numpy")
    swept = bpviz.sweep("x^2 - y", x="-1:1:3", y="0:4:5")
    x, y = np.meshgrid(swept.ranges[0].values, swept.ranges[1].values)
    assert swept.shape == x.shape == (5, 3)
    assert np.array_equal(np.reshape(swept.values, swept.shape), x**2 - y)
    assert np.array_equal(np.reshape(swept.gradients["x"], swept.shape), 2 * x)


def test_the_inputs_that_stand_still_have_gradients_too() -> None:
    swept = bpviz.sweep("w = 2; w*x", x="0:3:4")
    assert swept.fixed == {"w": 2}
    assert swept.gradients == {"w": (0, 1, 2, 3), "x": (2, 2, 2, 2)}


@pytest.mark.parametrize(
    ("program", "gaps", "undefined"),
    [
        ("ln(x)", 6, 0),
        ("1/x", 1, 0),
        ("sqrt(x)", 5, 0),
        ("x^2", 0, 0),
        ("sqrt(x)*sqrt(x)*0", 5, 1),
        ("exp(1000*x)", 5, 0),
    ],
)
def test_points_outside_the_domain_are_counted(program: str, gaps: int, undefined: int) -> None:
    swept = bpviz.sweep(program, x="-5:5:11")
    assert (swept.gaps, swept.undefined) == (gaps, undefined)
    assert sum(map(isnan, swept.values)) == gaps


@pytest.mark.parametrize(
    ("program", "kept", "at", "marked"),
    [
        ("x = 0.5; x^2", {}, {}, (0.5,)),
        ("x = 3; x^2", {}, {}, ()),
        ("x^2", {}, {}, ()),
        ("x = 3; x^2", {}, {"x": 1}, (1,)),
        ("x = 3; x*y", {"y": "0:1:2"}, {}, ()),
        ("x = 1; x*y", {"y": "1:0:2"}, {"y": 0.5}, (1, 0.5)),
    ],
)
def test_the_marked_point_is_what_is_asked_for_or_the_programs_own(
    program: str, kept: dict[str, str], at: dict[str, float], marked: tuple[float, ...]
) -> None:
    assert bpviz.sweep(program, at=at, x="0:1:2", **kept).at == marked


@pytest.mark.parametrize(
    "wrong",
    [
        {"x": 3},
        {"x": "0:1", "y": "0:1", "z": "0:1"},
        {"x": "0:1", "y": 1},
        {"x": "0:1", "y": 1, "z": 1, "q": 2},
        {"x": "0:1:1000", "y": "0:1:1001", "z": 1},
        {"x": "0:1", "y": 1, "z": 1, "at": {"y": 2}},
        {"x": "0:1", "y": 1, "z": 1, "at": {"x": 2}},
        {"x": "0:1", "y": 1, "z": 1, "at": {"x": float("nan")}},
    ],
)
def test_other_than_one_or_two_ranges_and_unknown_names_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        bpviz.sweep("x*y*z", **wrong)  # type: ignore[arg-type]


def test_a_program_without_inputs_is_not_swept() -> None:
    with pytest.raises(UsageError, match="nothing to sweep"):
        bpviz.sweep("3 + 4")


def test_the_limit_of_points_can_be_moved() -> None:
    assert len(bpviz.sweep("x", x="0:1:10", limit={"points": 10}).values) == 10
    with pytest.raises(UsageError, match="10 points are more than 9"):
        bpviz.sweep("x", x="0:1:10", limit={"points": 9})


def test_a_sampler_never_raises_and_tells_a_value_without_gradient() -> None:
    sample = make_sampler(bpviz.parse("sqrt(x)*sqrt(x)*0"), ["x"], {})
    assert sample(0.0).value == 0
    assert isnan(sample(0.0).gradients[0])
    assert isnan(sample(-1.0).value)
    assert make_sampler(bpviz.parse("x*y"), ["x"], {"y": 3}, ["y"])(2.0) == (6, (2,))


def test_a_record_does_not_change() -> None:
    with pytest.raises(AttributeError):
        bpviz.sweep("x", x="0:1:2").values = ()  # type: ignore[misc]


def test_a_part_of_a_program_is_a_program_with_what_it_needs() -> None:
    graph = bpviz.parse("q = x*y; z = 1; f = ln(q)*z + 1/z")
    part = take_objective(graph, "q")
    assert [node.name for node in part.nodes] == ["x", "y", "q"]
    assert (part.output_name, part.defaults) == ("q", {})
    assert bpviz.run(part, x=-2, y=3).gradient("x") == 3  # although ln(q) has no value there
    assert take_objective(graph, "f") is take_objective(graph, None) is graph


@pytest.mark.parametrize("name", ["x", "nothing"])
def test_an_input_or_an_unknown_name_is_no_objective(name: str) -> None:
    with pytest.raises(UsageError):
        take_objective(bpviz.parse("q = x*y; f = q + 1"), name)


def test_a_sweep_that_is_nowhere_in_the_domain_has_no_picture() -> None:
    swept = bpviz.sweep("ln(x)", x="-2:-1:3")
    assert isinstance(swept, Sweep)
    assert list(map(str, swept.values)) == [str(nan)] * 3
    with pytest.raises(EvaluationError, match="none of the 3 points"):
        bpviz.plot(swept)


def test_a_sweep_tells_in_a_line_which_it_is() -> None:
    assert repr(bpviz.sweep("x^2", x="-5:5:2000")) == "<Sweep of f over x from -5 to 5: 2,000 points>"


def test_an_npz_file_takes_every_name_of_an_input() -> None:
    np = need_module("numpy")
    loaded = np.load(io.BytesIO(bpviz.sweep("file*x", x="0:1:3", file=2).npz()))
    assert {name: loaded[name].tolist() for name in loaded.files} == {
        "x": [0, 0.5, 1],
        "file": 2,
        "f": [0, 1, 2],
        "df/dfile": [0, 0.5, 1],
        "df/dx": [2, 2, 2],
    }


def test_an_npz_file_says_which_package_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(OutputError, match=r"(?s)NumPy.*not installed.*pip install numpy"):
        bpviz.sweep("x", x="0:1:2").npz()


def test_progress_counts_points_and_steps() -> None:
    calls: list[tuple[int, int]] = []
    bpviz.sweep("x", x="0:1:2500", on_progress=lambda done, total: calls.append((done, total)))
    assert calls == [(0, 2500), (1000, 2500), (2000, 2500)]


def test_what_no_drawing_could_show_is_refused_in_a_sentence() -> None:
    with pytest.raises(UsageError, match=r"x goes to 1e\+308, and a picture to 1e\+300 at the most"):
        bpviz.plot(bpviz.sweep("x", x=(-1e308, 1e308, 5)))
