"""The benchmarks' table: complete, runnable in small sizes, its medians and verdicts right. No time is asserted."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks import measure as measuring
from tests.benchmarks.measure import figure, is_met, measure
from tests.benchmarks.records import Missing, Outcome, Row, Side, Sides
from tests.benchmarks.report import as_json, table
from tests.benchmarks.rows import ROWS
from tests.benchmarks.startup import LINE

IN_PROCESS = [row for row in ROWS if not row.cold and not row.name.startswith(("layout", "memory"))]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SHORTEST", 1e-5)


def side(*numbers: float) -> Side:
    """Return a side that measures these numbers, after one that warms up."""
    left: Iterator[float] = iter((99.0, *numbers))
    return partial(next, left)


def row(ours: Side, peer: Side, goal: float = 1.0, above: bool = False) -> Row:
    return Row("name", "what", "against", goal, lambda quick: Sides(ours, peer), above=above, runs=3)


def test_the_figure_is_the_ratio_of_the_medians_of_alternating_runs() -> None:
    outcome = measure(row(side(3.0, 1.0, 2.0), side(4.0, 400.0, 0.4)))
    assert (outcome.ours, outcome.peer) == ((3.0, 1.0, 2.0), (4.0, 400.0, 0.4))
    assert figure(outcome) == 0.5
    assert is_met(outcome)
    assert not is_met(outcome._replace(row=outcome.row._replace(goal=0.49)))


def test_what_may_lie_above_a_floor_is_held_against_the_difference() -> None:
    outcome = measure(row(side(0.07, 0.08, 0.09), side(0.02, 0.02, 0.02), goal=0.06, above=True))
    assert figure(outcome) == pytest.approx(0.06)
    assert as_json([outcome], {}, "")["rows"][0]["difference"] == pytest.approx(0.06)


def test_a_peer_that_is_not_there_is_told_in_its_row() -> None:
    def prepare(quick: bool) -> Sides:
        raise Missing("no dot on PATH")

    outcome = measure(row(side(), side())._replace(prepare=prepare))
    assert outcome.missing == "no dot on PATH"
    assert list(table([outcome], "a machine").columns[-1].cells) == ["no dot on PATH"]


def test_every_row_of_the_table_is_there_once() -> None:
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names)
    for start, goals in {
        "draw": [1.0],
        "table": [0.06],
        "help": [0.03],
        "chain": [1.0] * 3,
        "again": [1 / 20, 1 / 200, 5.0, 1.2],
        "points": [1.0],
        "million": [11.0] * 2,
        "memory": [400.0] * 2,
        "layout": [1.2] * 4,
        "build": [0.1],
    }.items():
        assert [row.goal for row in ROWS if row.name.split("-")[0] == start] == goals


@pytest.mark.parametrize("each", IN_PROCESS, ids=lambda row: row.name)
def test_a_row_runs_in_small(each: Row) -> None:
    outcome = measure(each, quick=True, runs=1)
    assert outcome.missing or figure(outcome) > 0


def test_the_command_writes_what_it_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "benchmarks.json"
    assert command.main(["--quick", "--runs", "2", "--only", "chain-10", "--json", str(file)]) == 0
    written = json.loads(file.read_text(encoding="utf-8"))
    assert [each["name"] for each in written["rows"]] == ["chain-10", "chain-100", "chain-1000"]
    assert "a chain of 10 gates" in capsys.readouterr().out


def test_a_name_that_no_row_has_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--only", "nothing"]) == 2
    assert capsys.readouterr().out.split() == [row.name for row in ROWS]


def test_import_times_are_read_from_what_python_tells() -> None:
    told = "import time: self [us] | cumulative | imported package\nimport time:       110 |        350 |   bpviz.cli\n"
    assert [match.groups() for match in LINE.finditer(told)] == [("110", "350", "bpviz.cli")]


def test_an_outcome_without_runs_is_no_row_of_numbers() -> None:
    assert as_json([Outcome(ROWS[0], missing="no dot")], {}, "")["rows"][0]["missing"] == "no dot"
