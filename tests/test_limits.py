"""What is too much is told, with how to have it nevertheless."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import bpviz
from bpviz.errors import BpvizError, UsageError
from bpviz.limits import Limits, set_limits
from tests.support.command import Shell


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
    assert len(bpviz.parse(chain(20), limit={"gates": 20}).gate_ids) == 20
    assert len(bpviz.parse("x^(1 + 1) + 3", constants=True, limit={"gates": 2}).gate_ids) == 2
    assert bpviz.parse("a = 1; b = 2; c = 3; a + b", limit={"gates": 1}).gate_ids


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


LONG = "0." + "1234567890" * 120


@pytest.mark.parametrize(
    "line",
    [
        ["table", "x", f"--x={LONG}"],
        ["table", "x", "--set", f"x={LONG}"],
        ["table", f"x*{LONG}", "--x", "1"],
        ["check", "x^2", "--x", "1", "--claim", f"x=2 + {LONG}"],
        ["sweep", "x^2", f"--x={LONG}:1:3"],
    ],
    ids=lambda line: " ".join(line[:3])[:20],
)
def test_the_limit_of_digits_holds_for_values_too_and_its_hint_is_true(shell: Shell, line: list[str]) -> None:
    refused = shell(*line)
    assert refused.status == 2
    assert "a number of 1,202 digits is too long" in refused.err
    assert "--limit digits=1202" in refused.err
    assert "is too long" not in shell(*line, "--limit", "digits=1202").err


def test_a_gate_has_no_limit_and_no_hint_of_one(shell: Shell) -> None:
    assert shell("gates", "multiply", "-o", "f.dot", f"--x={LONG}", "--y", "2").status == 0


def test_a_derivation_that_nobody_would_read_is_refused_before_it_is_made(shell: Shell) -> None:
    refused = shell("steps", chain(2001), "--x", "1")
    assert refused.status == 2
    assert "a derivation of 2,001 gates is more than anybody can read: the limit is 2,000" in refused.err
    assert "--limit derived=2001" in refused.err
    assert shell("steps", "x*x + x", "--x", "1", "--limit", "derived=1").status == 2
    assert shell("steps", "x*x + x", "--x", "1", "--limit", "derived=2").status == 0


def test_each_limit_of_a_command_is_moved_as_its_hint_says(shell: Shell) -> None:
    checked = ["check", "x*y", "--x", "1", "--y", "2", "--format", "csv"]
    assert "--limit checked=6" in shell(*checked, "--limit", "checked=5").err
    assert shell(*checked, "--limit", "checked=6").status == 0
    assert "--limit parts=5" in shell("symbolic", "x*y", "--limit", "parts=4").err
    assert shell("symbolic", "x*y", "--limit", "parts=5").status == 0
    assert "--limit brackets=7" in shell("symbolic", "sin(sin(x))", "--limit", "brackets=2").err
    assert shell("symbolic", "sin(sin(x))", "--limit", "brackets=7").status == 0


def test_the_hint_for_a_large_file_is_enough_for_it(shell: Shell, tmp_path: Path) -> None:
    with open(tmp_path / "large.bp", "wb") as file:
        file.truncate(100 * 2**20)
    refused = shell("table", "large.bp", "--x", "1")
    assert (refused.status, refused.out) == (2, "")
    assert "large.bp is longer than 1,000,000 characters" in refused.err
    assert f"--limit characters={100 * 2**20} " in refused.err


def test_a_figure_from_the_library_has_the_same_limit() -> None:
    with pytest.raises(UsageError, match="a figure of 3 gates"):
        bpviz.draw("x + x + x + x", x=1, limit={"drawn": 2})
    assert bpviz.draw("x + x + x + x", x=1, limit={"drawn": 3}).graph.gate_ids


@pytest.mark.parametrize("words", ["gates", "gates=", "gates=many", "gates=1e9"])
def test_a_limit_that_is_no_number_is_told(shell: Shell, words: str) -> None:
    done = shell("table", "x", "--x", "1", "--limit", words)
    assert done.status == 2
    assert "--limit gates=200000" in done.err


@pytest.mark.parametrize(("name", "most"), [("gate", 5), ("gates", 0), ("drawn", -1)])
def test_a_limit_that_is_none_is_told(name: str, most: int) -> None:
    with pytest.raises(UsageError, match="limit"):
        set_limits({name: most})


def test_the_limits_are_those_of_the_documentation() -> None:
    assert Limits()._asdict() == {
        "characters": 1_000_000,
        "gates": 100_000,
        "drawn": 2_000,
        "slides": 500,
        "pixels": 40_000_000,
        "digits": 1_000,
        "points": 1_000_000,
        "derived": 2_000,
        "checked": 300_000,
        "parts": 20_000,
        "brackets": 200,
    }


@pytest.mark.parametrize("program", ["9^9^9^9", "x + 9^9^9^9", "9**9**9**9**9**9", "\\frac{x}{9^{9^{9^{9}}}}"])
def test_towers_of_powers_overflow_at_once(program: str) -> None:
    with pytest.raises(BpvizError, match="overflows"):
        bpviz.parse(program)


@pytest.mark.parametrize("program", ["1e999*x", "x + 1e99999999999", "9" * 400 + "*x", "x^1e400"])
def test_a_number_beyond_float64_is_told(program: str) -> None:
    with pytest.raises(BpvizError, match="is too large") as error:
        bpviz.parse(program)
    assert len(error.value.what) < 80


@pytest.mark.parametrize(
    ("line", "millions"),
    [
        (["draw", "x*y*x + y", "--x", "1", "--y", "2", "--dpi", "2400", "--quiet"], "[0-9]+"),
        (["draw", "x*y", "--x", "1", "--y", "2", "--width", "200in", "--quiet"], "[0-9,]{5}"),
        (["gates", "max", "--dpi", "2400"], "[0-9]+"),
        (["sweep", "x", "--x", "0:1:5", "--dpi", "2400"], "[0-9]+"),
    ],
)
def test_a_picture_of_too_many_pixels_is_refused(shell: Shell, line: list[str], millions: str) -> None:
    refused = shell(*line, "-o", "f.png")
    assert refused.status == 2
    assert re.match(f"bpviz: a picture of {millions} million pixels is too large: the limit is 40\n", refused.err)
    assert not Path("f.png").exists()
    assert ("--limit pixels=" in refused.err) == (line[0] == "draw")
    assert shell(*line, "-o", "f.svg").status == 0


def test_the_limit_of_pixels_counts_what_is_drawn(shell: Shell) -> None:
    line = ["draw", "x*y", "--x", "1", "--y", "2", "--dpi", "400", "-o", "f.png"]
    hint = re.search(r"--limit pixels=(\d+)", shell(*line, "--limit", "pixels=1").err)
    assert hint
    assert shell(*line, "--limit", f"pixels={hint[1]}").status == 0
    header = Path("f.png").read_bytes()[16:24]
    drawn = int.from_bytes(header[:4], "big") * int.from_bytes(header[4:], "big")
    assert drawn == pytest.approx(int(hint[1]), rel=0.1)


def test_a_table_of_very_many_gates_is_printed_as_plain_lines(shell: Shell) -> None:
    line = ["table", chain(5000), "--x", "1"]
    rich = shell(*line).out
    plain = shell(*line, "--format", "plain").out
    assert rich.partition("\nstep")[2] == plain.partition("\nstep")[2] != ""


def test_json_has_one_gate_a_line(shell: Shell) -> None:
    lines = shell("table", "x*y + z", "--x", "1", "--y", "2", "--z", "3", "--format", "json").out.splitlines()
    assert [json.loads(line.strip().removesuffix(","))["step"] for line in lines if '"step"' in line] == [1, 2]
