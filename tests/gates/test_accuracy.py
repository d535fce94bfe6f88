"""Every gate within four units of the last place of mpmath; and the measure itself, on errors that are known."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import mpmath
import pytest
from mpmath import mpf

from bpviz.gates import GATES, TABLE, Gate
from bpviz.gates.accurate import flat
from bpviz.gates.gate import PLAIN, UNARY, Accurate, Words
from tests.accuracy import LIMIT, measure
from tests.accuracy.__main__ import main
from tests.accuracy.measure import ulps
from tests.accuracy.points import Range, points
from tests.accuracy.references import REFERENCES
from tests.accuracy.report import write_report

POINTS = 500
NAIVE_TANH = replace(GATES["tanh"], accurate=PLAIN)
with mpmath.workdps(50):
    JUST_BELOW_ONE = mpf(1) - mpf(2) ** -60


def test_every_reference_is_of_a_gate() -> None:
    assert set(REFERENCES) <= set(GATES)


def test_a_new_gate_is_measured_by_its_own_formula() -> None:
    new = replace(GATES["tanh"], name="new")
    assert measure(new, POINTS).slope.ulps <= LIMIT
    assert measure(replace(new, accurate=PLAIN), POINTS).slope.ulps > LIMIT


def test_the_gate_of_the_contributing_guide_needs_its_accurate_formulas_and_keeps_the_law() -> None:
    guide = Path(__file__).parents[2].joinpath("CONTRIBUTING.md").read_text(encoding="utf-8")
    row, accurate = re.findall(r"```python\n(.*?)```", guide, flags=re.DOTALL)
    names = {"Gate": Gate, "UNARY": UNARY, "Words": Words, "Accurate": Accurate}
    gate: Gate = eval(row.strip(), names)
    assert measure(gate, POINTS).value.ulps > LIMIT
    assert measure(replace(gate, accurate=eval(accurate.strip(), names)), POINTS).is_within_limit


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_values_and_local_gradients_are_within_four_ulp(gate: Gate) -> None:
    found = measure(gate, POINTS)
    assert found.value.ulps <= LIMIT, found.value.at
    assert found.slope.ulps <= LIMIT, found.slope.at
    assert found.points == POINTS


@pytest.mark.parametrize(
    ("got", "exact", "expected"),
    [
        (1.0, mpf(1), 0.0),
        (math.nextafter(1.0, 2.0), mpf(1), 1.0),
        (math.nextafter(1.0, 0.0), mpf(1), 0.5),
        (math.nextafter(1.0, 0.0), JUST_BELOW_ONE, 1 - 2**-7),
        (5e-324, mpf(0), 1.0),
        (0.0, mpf(2) ** -1075, 0.5),
        (1e-320, mpf(2) ** -1074 * 2024, 0.0),
        (math.inf, mpf(2) ** 1024, 0.0),
        (math.inf, mpf(2) ** 1023, math.inf),
        (-math.inf, mpf(2) ** 1024, math.inf),
        (-math.inf, mpmath.ninf, 0.0),
        (1.0, mpmath.inf, math.inf),
        (math.nan, mpf(1), math.inf),
    ],
)
def test_an_error_is_counted_in_units_of_the_last_place(got: float, exact: mpf, expected: float) -> None:
    with mpmath.workdps(50):
        assert ulps(got, exact) == expected


def test_a_formula_that_cancels_is_caught() -> None:
    assert measure(NAIVE_TANH, POINTS).slope.ulps > 1e6


def test_a_gate_that_refuses_its_domain_is_caught() -> None:
    half = replace(GATES["exp"], accurate=Accurate(forward=lambda a: math.exp(a) if a > 0 else math.sqrt(-1)))
    assert measure(half, POINTS).value.ulps == math.inf


def test_points_are_the_same_every_time_and_reach_the_bounds() -> None:
    ranges = (Range(least=-1.0, most=1.0),)
    drawn = list(islice(points(ranges, False, "seed"), 200))
    assert drawn == list(islice(points(ranges, False, "seed"), 200))
    assert {(-1.0,), (1.0,), (0.0,)} <= set(drawn)
    assert all(-1 <= x <= 1 for (x,) in drawn)
    assert {len(point) for point in islice(points(ranges, True, "seed"), 200)} == set(range(2, 9))


def mish(a: mpf) -> mpf:
    return a * mpmath.tanh(mpmath.log1p(mpmath.exp(a)))


def gelu(a: mpf) -> mpf:
    return a * mpmath.ncdf(a)


@pytest.mark.parametrize(
    ("series", "function"), [*((each, mish) for each in flat.MISH), *((each, gelu) for each in flat.GELU)]
)
def test_a_series_is_mpmaths(series: flat.Series, function: Callable[[mpf], mpf]) -> None:
    with mpmath.workdps(60):
        point = mpf(series.point[0])
        if not series.value:
            point = mpmath.findroot(lambda a: mpmath.diff(function, a), point)
        assert series.point == (float(point), pytest.approx(float(point - series.point[0]), rel=1e-12))
        terms = len(series.coefficients)
        exact = [k * c for k, c in enumerate(mpmath.taylor(function, point, terms + 3))][1:]
        assert series.value == pytest.approx(float(exact[0]), rel=1e-15, abs=1e-30)
        assert series.coefficients == pytest.approx([float(c) for c in exact[1 : terms + 1]], rel=1e-12)
        left_out = abs(exact[terms + 1]) * mpf(series.near) ** (terms + 1)
        least = abs(exact[0]) / 4 or abs(exact[1]) * mpf(series.near)
        assert left_out < mpf(2) ** -55 * least


def test_the_report_says_what_is_worst_and_where() -> None:
    measured = [measure(GATES[name], 20) for name in ("add", "sin", "sum")]
    head, *rows, _, _, verdict = write_report(measured).splitlines()
    assert head.split() == ["gate", "value", "at", "local", "gradient", "at", "points"]
    assert [row.split()[0] for row in rows] == ["add", "sin", "sum"]
    assert "exact" in rows[0]
    assert rows[1].split()[-1] == "20"
    assert verdict.endswith("every gate is within 4 ulp")
    bad = measured[1]._replace(slope=measured[1].slope._replace(ulps=7.25))
    assert write_report([bad]).endswith("the worst error is 7.25 ulp; more than 4 ulp: sin")


def test_the_command_measures_one_gate_by_any_of_its_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["atan", "--points", "30"]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert (rows[1][0], rows[1][-1]) == ("arctan", "30")


def test_an_error_of_more_than_four_ulp_has_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.accuracy.__main__.find_gate", lambda name: NAIVE_TANH)
    assert main(["tanh", "--points", "200"]) == 1


@pytest.mark.parametrize(
    ("a", "n"), [(0.9999999999999778, -9091406344346996.0), (1.0000000000000002, 2.0**60), (3.0, 0.1)]
)
def test_the_slope_of_a_power_whose_exponent_is_rounded(a: float, n: float) -> None:
    with mpmath.workdps(60):
        exact = float(mpf(n) * mpmath.power(mpf(a), mpf(n) - 1))
    for name in ("pow", "power"):
        assert GATES[name].slopes(GATES[name].forward(a, n), a, n)[0] == pytest.approx(exact, rel=1e-15)
