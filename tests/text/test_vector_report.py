"""The table of a program with vectors: grids for people, nested lists for programs."""

import json
from pathlib import Path
from typing import Any

import pytest

import bpviz
from tests.support.snapshot import check

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "vectors.json").read_text(encoding="utf-8"))
NAMES = ["norm", "neuron", "mazur", "pytorch", "d2l", "softmax", "batch"]  # of the cases, in their order


def run_case(k: int) -> Any:
    return bpviz.parse(CASES[k]["program"]).at(CASES[k]["inputs"])


@pytest.mark.parametrize("name", NAMES)
def test_the_table_of_a_published_case(name: str) -> None:
    check(f"vectors-table-{name}.plain", run_case(NAMES.index(name)).table())


@pytest.mark.parametrize("format_", ["markdown", "latex", "csv", "json"])
def test_the_table_in_other_formats(format_: str) -> None:
    check(f"vectors-table-norm.{format_}", run_case(0).table(format=format_))


@pytest.mark.parametrize("k", range(len(CASES)), ids=NAMES)
def test_json_has_the_nested_lists_of_the_published_cases(k: int) -> None:
    record = json.loads(run_case(k).table(format="json"))
    rows = {row["name"]: row for row in (*record["inputs"], *record["gates"])}
    for key, numbers in (("value", CASES[k]["values"]), ("gradient", CASES[k]["gradients"])):
        for name, expected in numbers.items():
            flat, wanted = _flatten(rows[name][key]), _flatten(expected)
            assert flat == pytest.approx(wanted, rel=1e-12, abs=1e-15)
            assert len(rows[name]["shape"]) == _count_axes(expected)


def _flatten(numbers: Any) -> list[float]:
    return [each for row in numbers for each in _flatten(row)] if isinstance(numbers, list) else [numbers]


def _count_axes(numbers: Any) -> int:
    return 1 + _count_axes(numbers[0]) if isinstance(numbers, list) else 0


def test_contributions_at_a_branch_are_grids_that_add() -> None:
    table = bpviz.parse("f = sum(W*W + W)").at(W=[[1, 2], [3, -4]]).table()
    assert "W      2×2    [1   2]  [3   5]   [1   2] + [1   2] + [1  1]\n" in table
    assert "              [3  −4]  [7  −7]   [3  −4]   [3  −4]   [1  1]\n" in table


def test_a_large_grid_is_its_corners() -> None:
    table = bpviz.parse("f = sum(A@A)").at(A=[[i * 10 + j for j in range(10)] for i in range(10)]).table()
    assert "A      10×10  [ 0  …   9]" in table
    assert "              [ …  …   …]  [" in table


def test_digits_that_are_asked_for_are_those_of_grids_too() -> None:
    trace = bpviz.parse("f = sum(sigmoid(x))").at(x=[1, 2])
    assert "[0.73, 0.88]" in trace.table()
    assert "[0.7311, 0.8808]" in trace.table(digits=4)
