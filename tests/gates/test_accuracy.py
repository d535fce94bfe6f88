"""Every gate within four units of the last place of mpmath; and the measure itself, on errors that are known."""

import math
from collections.abc import Callable
from itertools import islice

import mpmath
import pytest
from mpmath import mpf

from bpviz.check.accuracy import LIMIT, measure
from bpviz.check.accuracy.measure import ulps
from bpviz.check.accuracy.points import Range, points
from bpviz.check.accuracy.references import REFERENCES
from bpviz.gates import GATES, TABLE, Gate
from bpviz.gates.accurate import flat
from bpviz.text.accuracy import AccuracyReport
from tests.support.command import Shell

POINTS = 500
with mpmath.workdps(50):
    JUST_BELOW_ONE = mpf(1) - mpf(2) ** -60


def test_every_gate_has_a_reference() -> None:
    assert set(REFERENCES) == set(GATES)


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
    naive = GATES["tanh"]._replace(slopes=lambda z, a: (1.0 - z * z,))
    assert measure(naive, POINTS).slope.ulps > 1e6


def test_a_gate_that_refuses_its_domain_is_caught() -> None:
    half = GATES["exp"]._replace(forward=lambda a: math.exp(a) if a > 0 else math.sqrt(-1))
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


def test_the_table_says_what_is_worst_and_where() -> None:
    measured = [measure(GATES[name], 20) for name in ("add", "sin", "sum")]
    report = AccuracyReport(measured)
    (block,), notes = report.tables(), report.notes()
    assert [row[0] for row in block.rows] == ["add", "sin", "sum"]
    assert block.rows[0][3:5] == ("exact", "")
    assert block.rows[1][5] == "20"
    assert notes[1].endswith("every gate is within 4 ulp")
    bad = measured[1]._replace(slope=measured[1].slope._replace(ulps=7.25))
    assert AccuracyReport([bad]).notes()[1] == "the worst error is 7.25 ulp; more than 4 ulp: sin"


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capfd)


def test_one_gate_is_measured_by_any_of_its_names(shell: Shell) -> None:
    done = shell("gates", "arctan", "--accuracy", "--points", "30")
    assert (done.status, done.err) == (0, "")
    rows = [line.split() for line in done.out.partition("note:")[0].splitlines() if line]
    assert [row[0] for row in rows] == ["gate", "arctan"]
    assert rows[1][-1] == "30"


def test_every_gate_is_measured_where_none_is_named(shell: Shell) -> None:
    done = shell("gates", "--accuracy", "--points", "1")
    assert done.status == 0
    assert {line.split()[0] for line in done.out.splitlines() if line} >= {gate.name for gate in TABLE}


def test_an_error_of_more_than_four_ulp_has_status_1(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    naive = GATES["tanh"]._replace(slopes=lambda z, a: (1.0 - z * z,))
    monkeypatch.setattr("bpviz.gates.gate_called", lambda name: naive)
    done = shell("gates", "tanh", "--accuracy", "--points", "200")
    assert done.status == 1
    assert "more than 4 ulp: tanh" in " ".join(done.out.split())


def test_no_gate_of_that_name_is_told(shell: Shell) -> None:
    done = shell("gates", "sigmod", "--accuracy")
    assert (done.status, done.out) == (2, "")
    assert "did you mean sigmoid?" in done.err


@pytest.mark.parametrize("more", [["-o", "f.svg"], ["--x", "1"], ["--upstream", "2"], ["--format", "svg"]])
def test_nothing_that_is_asked_for_with_accuracy_is_dropped(shell: Shell, more: list[str]) -> None:
    done = shell("gates", "sigmoid", "--accuracy", *more)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("bpviz: --accuracy measures at points of its own, and draws nothing\n")
