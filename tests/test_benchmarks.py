"""The benchmarks' table: complete, runnable in small sizes, its medians and verdicts right. No time is asserted."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.benchmarks import measure as measuring
from tests.benchmarks.__main__ import main, show_seconds, table_of
from tests.benchmarks.measure import MissingPeerError, Outcome, Row, Side, measure
from tests.benchmarks.rows import ROWS


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SHORTEST", 1e-5)
    monkeypatch.setattr(measuring.gc, "collect", int)  # with all that the other tests have left it takes a second


def side(*numbers: float) -> Side:
    """Return a side that measures these numbers, after one that warms up."""
    left: Iterator[float] = iter((99.0, *numbers))
    return partial(next, left)


def row(ours: Side, peer: Side, goal: float = 1.0) -> Row:
    return Row("name", "what", "against", goal, lambda quick: (ours, peer), runs=3)


def test_the_ratio_is_that_of_the_medians_of_alternating_runs() -> None:
    outcome = measure(row(side(3.0, 1.0, 2.0), side(4.0, 400.0, 0.4)))
    assert (outcome.ours, outcome.peer) == ((3.0, 1.0, 2.0), (4.0, 400.0, 0.4))
    assert outcome.ratio == 0.5
    assert outcome.is_met
    assert not outcome._replace(row=outcome.row._replace(goal=0.49)).is_met


def test_a_peer_that_is_not_there_is_told_in_its_row() -> None:
    def prepare(quick: bool) -> tuple[Side, Side]:
        raise MissingPeerError("no dot on PATH")

    outcome = measure(row(side(), side())._replace(prepare=prepare))
    assert outcome == Outcome(outcome.row, missing="no dot on PATH")
    assert list(table_of([outcome]).columns[-1].cells) == ["no dot on PATH"]


@pytest.mark.parametrize("each", ROWS, ids=lambda row: row.name)
def test_a_row_runs_in_small(each: Row) -> None:
    outcome = measure(each, quick=True, runs=1)
    assert "fails" not in outcome.missing
    assert outcome.missing or outcome.ratio > 0


def test_the_readmes_table_has_every_row() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    assert [row.name for row in ROWS if f"\n| {row.what} | {row.against} | " not in readme] == []


def test_the_command_writes_what_it_measured(tmp_path: Path) -> None:
    file = tmp_path / "benchmarks.json"
    done = CliRunner().invoke(main, ["--quick", "--runs", "1", "--only", "text", "--json", str(file)])
    assert done.exit_code == 0, done.output
    written = json.loads(file.read_text(encoding="utf-8"))
    assert [each["name"] for each in written["rows"]] == ["text-1000", "text-100000"]
    assert "1,000 gates from text" in done.output


def test_a_name_that_no_row_has_lists_them() -> None:
    done = CliRunner().invoke(main, ["--only", "nothing"])
    assert (done.exit_code, done.output.split()) == (2, [row.name for row in ROWS])


@pytest.mark.parametrize(("seconds", "text"), [(2.5, "2.5 s"), (0.0123, "12.3 ms"), (0.00045, "450 µs")])
def test_a_time_has_a_unit_that_fits(seconds: float, text: str) -> None:
    assert show_seconds(seconds) == text
