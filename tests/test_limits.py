"""What is too much is told, with how to have it nevertheless."""

from __future__ import annotations

from pathlib import Path

import pytest

import bpviz
from bpviz.errors import BpvizError, UsageError
from bpviz.limits import Limits, limits
from tests.command import Shell


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(monkeypatch, capfd)


def chain(gates: int) -> str:
    return "+".join(["x"] * (gates + 1))


@pytest.mark.parametrize(
    ("name", "program", "message"),
    [
        ("characters", chain(10), "the program has 21 characters, more than 20"),
        ("gates", chain(21), "the program has more than 20 gates"),
        ("gates", chain(21) + "\\cdot 1", "the program has more than 20 gates"),
        ("digits", "x + 1.2345678901234567890123", "a number of 24 digits is too long"),
        ("digits", "x \\cdot 1.2345678901234567890123", "a number of 24 digits is too long"),
    ],
)
def test_a_limit_stops_with_what_to_do_and_can_be_moved(name: str, program: str, message: str) -> None:
    with pytest.raises(BpvizError, match=message) as error:
        bpviz.parse(program, limit={name: 20})
    assert f"--limit {name}=" in error.value.hint
    assert bpviz.parse(program, limit={name: 1000}).inputs


def test_gates_are_counted_and_nothing_else() -> None:
    assert len(bpviz.parse(chain(20), limit={"gates": 20}).steps) == 20
    assert len(bpviz.parse("x^(1 + 1) + 3", constants=True, limit={"gates": 2}).steps) == 2
    assert bpviz.parse("a = 1; b = 2; c = 3; a + b", limit={"gates": 1}).steps


def test_a_fine_level_counts_what_it_makes() -> None:
    with pytest.raises(BpvizError, match="more than 3 gates"):
        bpviz.parse("σ(x)", gates="elementary", limit={"gates": 3})


def test_the_command_line_moves_each_limit(shell: Shell) -> None:
    point = ("--x", "1")
    assert shell("table", chain(30), *point, "--limit", "gates=20").status == 2
    assert shell("table", chain(30), *point, "--limit", "gates=30").status == 0
    assert shell("table", chain(30), *point, "--limit", "gates=30", "--limit", "characters=9").status == 2
    done = shell("draw", chain(2001), *point, "-o", "f.dot")
    assert done.status == 2
    assert "--limit drawn=2001" in done.err
    assert "bpviz table" in done.err
    assert shell("draw", chain(2001), *point, "-o", "f.dot", "--limit", "drawn=2001").status == 0


def test_a_figure_from_the_library_has_the_same_limit() -> None:
    with pytest.raises(UsageError, match="a figure of 3 gates"):
        bpviz.draw("x + x + x + x", x=1, limit={"drawn": 2})
    assert bpviz.draw("x + x + x + x", x=1, limit={"drawn": 3}).graph.steps


@pytest.mark.parametrize("words", ["gates", "gates=", "gates=many", "gates=1e9"])
def test_a_limit_that_is_no_number_is_told(shell: Shell, words: str) -> None:
    done = shell("table", "x", "--x", "1", "--limit", words)
    assert done.status == 2
    assert "--limit gates=200000" in done.err


@pytest.mark.parametrize(("name", "most"), [("gate", 5), ("gates", 0), ("drawn", -1)])
def test_a_limit_that_is_none_is_told(name: str, most: int) -> None:
    with pytest.raises(UsageError, match="limit"):
        limits({name: most})


def test_the_limits_are_those_of_the_documentation() -> None:
    assert Limits() == (1_000_000, 100_000, 2_000, 1_000, 1_000_000, 2_000, 300_000, 20_000, 200, 10)


@pytest.mark.parametrize("program", ["9^9^9^9", "x + 9^9^9^9", "9**9**9**9**9**9", "\\frac{x}{9^{9^{9^{9}}}}"])
def test_towers_of_powers_overflow_at_once(program: str) -> None:
    with pytest.raises(BpvizError, match="overflows"):
        bpviz.parse(program)


@pytest.mark.parametrize("program", ["1e999*x", "x + 1e99999999999", "9" * 400 + "*x", "x^1e400"])
def test_a_number_beyond_float64_is_told(program: str) -> None:
    with pytest.raises(BpvizError, match="is too large") as error:
        bpviz.parse(program)
    assert len(error.value.what) < 80
