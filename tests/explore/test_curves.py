"""Curves as lines: they break where the function does, and nowhere else; windows show something beside a pole."""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise
from math import inf, isnan, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpviz
from bpviz.explore.curves import Curve, CurvePoint, Function, Window, choose_window, follow
from bpviz.explore.objective import make_sampler
from bpviz.explore.ranges import read_range
from tests.conftest import need_module


def value_of(program: str) -> Function:
    sample = cache(make_sampler(bpviz.parse(program), ["x"], {}))
    return lambda x: sample(x).value


def slope_of(program: str) -> Function:
    sample = cache(make_sampler(bpviz.parse(program), ["x"], {}))
    return lambda x: sample(x).gradients[0]


def draw_curve(function: Function, over: str) -> Curve:
    xs = read_range(over, "x").values
    return follow(function, xs, choose_window(function, [CurvePoint(x, function(x)) for x in xs]))


def list_breaks(found: Curve) -> list[float]:
    return [(each.before.x + each.behind.x) / 2 for each in found.breaks]


@pytest.mark.parametrize("over", ["-5:5:200", "-5:5:201", "-5:5:30"])
@pytest.mark.parametrize(
    ("program", "places"),
    [
        ("tan(x)", [-3 * math.pi / 2, -math.pi / 2, math.pi / 2, 3 * math.pi / 2]),
        ("1/x", [0]),
        ("1/(x - 0.3)", [0.3]),
        ("1/x^2", [0]),
        ("step(x)", [0]),
        ("step(x - 0.3)", [0.3]),
        ("atan2(x, -1)", [0]),
        ("atan2(x, 1)", []),
        ("x^2", []),
        ("relu(x)", []),
        ("|x|", []),
        ("exp(x)", []),
        ("sigmoid(10000*x)", []),
        ("exp(-100*(x - 1)^2)", []),
        ("sin(40*x)", []),
        ("x - x + 2", []),
    ],
)
def test_a_line_breaks_at_poles_and_jumps_and_nowhere_else(program: str, places: list[float], over: str) -> None:
    assert list_breaks(draw_curve(value_of(program), over)) == pytest.approx(places, abs=1e-12)


@pytest.mark.parametrize(
    ("program", "places"), [("relu(x)", [0]), ("|x|", [0]), ("hard_tanh(x)", [-1, 1]), ("max(x, 1)", [1]), ("x^2", [])]
)
def test_the_derivative_jumps_at_kinks(program: str, places: list[float]) -> None:
    found = draw_curve(slope_of(program), "-3:3:200")
    assert sorted({round(place, 9) for place in list_breaks(found)}) == places


@settings(max_examples=25, deadline=None)
@given(st.integers(-490, 490), st.integers(5, 500), st.integers(10, 40))
def test_no_line_runs_across_a_pole(first_pole: int, apart: int, points: int) -> None:
    a, b = first_pole / 100, (first_pole + apart) / 100

    def function(x: float) -> float:
        return 1 / ((x - a) * (x - b)) if (x - a) * (x - b) else nan

    for piece in draw_curve(function, f"-5:5:{points}").pieces:
        for first, second in pairwise(piece):
            crossed = [pole for pole in (a, b) if first.x < pole < second.x]
            assert not crossed or first.y == second.y  # both far outside the window, on the same side


@pytest.mark.parametrize(
    ("program", "start", "stop"),
    [("sqrt(x)", 0, 5), ("arcsin(x)", -1, 1), ("sqrt(4 - x^2)", -2, 2), ("ln(x - 1/3)", 1 / 3, 5)],
)
def test_a_line_reaches_to_the_domains_edge(program: str, start: float, stop: float) -> None:
    (piece,) = draw_curve(value_of(program), "-5:5:64").pieces
    assert (piece[0].x, piece[-1].x) == pytest.approx((start, stop), abs=1e-12)


def test_a_single_value_between_two_jumps_is_a_point_of_its_own() -> None:
    left, middle, right = draw_curve(slope_of("|x|"), "-3:3:101").pieces
    assert middle == ((0, 0),)
    assert (left[-1].y, right[0].y) == (-1, 1)


def test_a_line_is_as_fine_as_the_window_shows() -> None:
    frame = Window(-1.1, 1.1)
    (piece,) = follow(math.sin, [-3.0, 0.0, 3.0], frame).pieces
    for a, b in pairwise(piece):
        for share in (0.25, 0.5, 0.75):
            x = a.x + share * (b.x - a.x)
            assert abs(a.y + share * (b.y - a.y) - math.sin(x)) < frame.height / 200


@pytest.mark.parametrize(
    ("program", "low", "high"),
    [("x^2", 0, 25), ("sin(x)", -1, 1), ("exp(x)", 0, 148.5), ("exp(-1000*(x - 1)^2)", 0, 1), ("x^3", -125, 125)],
)
def test_a_function_without_poles_is_seen_whole(program: str, low: float, high: float) -> None:
    function = value_of(program)
    frame = choose_window(function, [CurvePoint(x, function(x)) for x in read_range("-5:5:200", "x").values])
    room = 0.07 * (high - low)
    assert (frame.low, frame.high) == pytest.approx((low - room, high + room), rel=0.02)


@pytest.mark.parametrize(
    "program", ["tan(x)", "1/x", "1/(x - 0.05)", "1/x^2", "x + 1/x^3", "exp(exp(x))", "exp(1/x)", "1/(x - 1e-200)"]
)
def test_beside_a_pole_the_rest_can_be_read(program: str) -> None:
    function = value_of(program)
    points = [CurvePoint(x, function(x)) for x in read_range("-5:5:200", "x").values]
    frame = choose_window(function, points)
    middle = sorted(point.y for point in points if not isnan(point.y))
    half = middle[len(middle) * 3 // 4] - middle[len(middle) // 4]
    assert half * 2 <= frame.height <= half * 10


def test_a_value_that_must_be_seen_is() -> None:
    function = value_of("1/x")
    points = [CurvePoint(x, function(x)) for x in read_range("-5:5:200", "x").values]
    assert choose_window(function, points, [30.0]).high > 30


@pytest.mark.parametrize(
    ("values", "low", "high"), [([2.0, 2.0], 1, 3), ([0.0, 0.0], -1, 1), ([nan, nan], -1, 1), ([inf, nan], -1, 1)]
)
def test_a_window_is_never_flat(values: list[float], low: float, high: float) -> None:
    assert choose_window(lambda x: values[0], [CurvePoint(float(i), y) for i, y in enumerate(values)]) == (low, high)


@pytest.mark.parametrize("program", ["ln(x)", "1/sqrt(x)", "x^-3"])
def test_beside_the_end_of_a_domain_the_rest_can_be_read(program: str) -> None:
    for over in ("-1:3:200", "-1:3:201", "-1:3:57"):
        function = value_of(program)
        points = [CurvePoint(x, function(x)) for x in read_range(over, "x").values]
        assert choose_window(function, points).height < 500


def mesh_of(program: str) -> Any:
    """Return the mesh of a program over a grid whose lines do not meet 0."""
    need_module("numpy")
    from bpviz.explore.meshes import make_field, make_mesh

    values = read_range("-3:3:24", "x").values
    return make_mesh(make_field(bpviz.parse(program), ["x", "y"], {}), values, values)


@pytest.mark.parametrize(
    ("program", "is_broken"),
    [("x*y", False), ("max(x, y)", False), ("step(x - 2*y)", True), ("1/(x + 1.5*y)", True), ("atan2(y, x)", True)],
)
def test_no_triangle_lies_across_a_break(program: str, is_broken: bool) -> None:
    mesh = mesh_of(program)
    assert mesh.left_out.any() == is_broken
    for corners in mesh.triangles:
        xs, ys, heights = mesh.xs[corners], mesh.ys[corners], mesh.values[corners]
        assert all(map(math.isfinite, heights))
        if program == "step(x - 2*y)":
            assert max(heights) == min(heights)
        if program == "1/(x + 1.5*y)":
            sides = xs + 1.5 * ys
            assert max(sides) * min(sides) > -1e-12


def test_the_cells_along_a_jump_are_those_that_it_runs_through() -> None:
    mesh = mesh_of("step(x) + 0*y")  # the jump at x = 0 lies between two columns
    assert [tuple(cell) for cell in zip(*mesh.left_out.nonzero(), strict=True)] == [(row, 11) for row in range(23)]
    (ax, bx, cx), (ay, by, cy) = (column[mesh.triangles].T for column in (mesh.xs, mesh.ys))
    areas = ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
    assert areas.min() > 0
    assert areas.sum() > 0.99 * 36  # all but a sixth of a column


def test_a_mesh_has_the_values_that_a_figure_shows() -> None:
    mesh = mesh_of("(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)")
    function = make_sampler(bpviz.parse("(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"), ["x", "y"], {})
    for x, y, value in list(zip(mesh.xs, mesh.ys, mesh.values, strict=True))[::37]:
        assert function(float(x), float(y)).value == pytest.approx(float(value), rel=1e-12)
