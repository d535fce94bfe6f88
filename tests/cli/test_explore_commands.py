"""bpviz sweep and bpviz descend, as typed: tables, files, and what is said of mistakes."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import pytest

import bpviz
from bpviz.explore.explored_text import SweepReport
from tests.conftest import need_module
from tests.support.command import Shell
from tests.text.test_terminal import Terminal

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"


def test_a_terminal_shows_as_many_rows_as_can_be_read_and_says_so(shell: Shell) -> None:
    done = shell("sweep", EXAMPLE, "--x", "-5:5:200", "--y", "-4")
    rows = [line for line in done.out.splitlines() if line.strip()]
    assert rows[0].split() == ["x", "f", "∂f/∂x", "∂f/∂y"]
    assert rows[1].split()[0] == "−5"
    assert rows[25].split()[0] == "5"
    assert rows[26] == "note: 25 of 200 points are shown; --all shows all"
    assert rows[27].startswith("note: least f = −0.0622 at x = −4.05, greatest f = 4.14 at x = 4.10")


def test_all_shows_all(shell: Shell) -> None:
    out = shell("sweep", "x^2", "--x", "0:199:200", "--all").out
    assert len([line for line in out.splitlines() if line.strip()]) == 1 + 200 + 1


def test_of_a_grid_the_terminal_shows_evenly_chosen_points_with_the_corners() -> None:
    (shown,) = SweepReport(bpviz.sweep("x*y", x="-1:1:41", y="0:4:41"), whole=False).tables()
    assert len(shown.rows) == 25
    assert {row[:2] for row in shown.rows} == {(x, y) for x in ("−1", "−0.5", "0", "0.5", "1") for y in "01234"}


def test_gradients_that_do_not_fit_are_counted(shell: Shell) -> None:
    program = "x*a + b*c + d*e"
    out = shell("sweep", program, "--x", "0:1:3", *(word for name in "abcde" for word in (f"--{name}", "1"))).out
    assert out.splitlines()[0].split() == ["x", "f", *(f"∂f/∂{name}" for name in "xabc")]
    assert "note: 2 more gradients left out; --all shows all" in out


@pytest.mark.parametrize("kind", ["csv", "json", "npz"])
def test_files_of_data_carry_every_digit_and_their_gaps(shell: Shell, kind: str, tmp_path: Path) -> None:
    np = need_module("numpy")
    done = shell("sweep", "ln(x) + y/3", "--x", "-1:1:5", "--y", "0:1:4", "-o", f"s.{kind}")
    assert done == (0, f"f over x from −1 to 1 and y from 0 to 1: 20 points   → s.{kind}\n", done.err)
    assert done.err == "bpviz: warning: 12 of 20 points are outside the domain\n"
    swept = bpviz.sweep("ln(x) + y/3", x="-1:1:5", y="0:1:4")
    expected = np.reshape(swept.values, (4, 5))
    if kind == "npz":
        loaded = np.load(io.BytesIO((tmp_path / "s.npz").read_bytes()))
        assert loaded.files == ["x", "y", "f", "df/dx", "df/dy"]
        assert np.array_equal(loaded["f"], expected, equal_nan=True)
        assert np.array_equal(loaded["y"], [0, 1 / 3, 2 / 3, 1])
    elif kind == "json":
        record = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
        values = np.array([np.nan if value is None else value for value in record["value"]]).reshape(record["shape"])
        assert np.array_equal(values, expected, equal_nan=True)
        assert (record["outside"], record["ranges"]["x"]) == (12, [-1, -0.5, 0, 0.5, 1])
    else:
        rows = list(csv.DictReader(io.StringIO((tmp_path / "s.csv").read_text(encoding="utf-8"))))
        assert [row["f"] and float(row["f"]) for row in rows] == [
            "" if value != value else value for value in swept.values
        ]
        assert (rows[4]["x"], rows[4]["y"], rows[4]["df/dx"]) == ("1.0", "0.0", "1.0")


def test_an_npz_file_holds_what_stands_still_and_is_the_same_every_time(shell: Shell, tmp_path: Path) -> None:
    np = need_module("numpy")
    files = []
    for name in ("a.npz", "b.npz"):
        shell("sweep", EXAMPLE, "--x", "-5:5:7", "--y", "-4", "-o", name)
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]
    assert np.load(io.BytesIO(files[0]))["y"] == -4


def test_a_picture_and_data_in_one_go(shell: Shell, tmp_path: Path) -> None:
    need_module("matplotlib")
    done = shell("sweep", "x = 1; x^2", "--x", "-2:2", "-o", "s.svg", "-o", "s.pdf", "-o", "s.csv", "--theme", "dark")
    assert (done.status, done.err) == (0, "")
    assert (tmp_path / "s.svg").read_bytes().startswith(b"<svg")
    assert (tmp_path / "s.pdf").read_bytes().startswith(b"%PDF")
    assert len((tmp_path / "s.csv").read_text(encoding="utf-8").splitlines()) == 102


def test_a_path_is_drawn_and_its_end_is_told(shell: Shell, tmp_path: Path) -> None:
    need_module("matplotlib")
    done = shell("descend", "x^2 + 3*y^2", "--x", "3", "--y", "-4", "-o", "d.png")
    assert done.out == "converged after 50 steps: the gradient is as good as 0, f = 1.83×10⁻⁹   → d.png\n"
    assert (tmp_path / "d.png").read_bytes().startswith(b"\x89PNG")


def test_the_middle_of_a_long_path_is_left_out_on_a_terminal(shell: Shell) -> None:
    out = shell("descend", "x^2", "--x", "3").out.splitlines()
    assert [line.split()[0] for line in out[1:25]] == [*map(str, range(15)), "…", *map(str, range(43, 51))]
    assert out[-1] == "note: converged after 50 steps: the gradient is as good as 0, f = 1.83×10⁻⁹"


def test_standard_output_takes_any_format(shell: Shell) -> None:
    assert (
        shell("sweep", "x^2", "--x", "0:2:3", "--format", "csv").out
        == "x,f,df/dx\n0.0,0.0,0.0\n1.0,1.0,2.0\n2.0,4.0,4.0\n"
    )
    assert json.loads(shell("descend", "x^2", "--x", "1", "-o", "-", "--format", "json").out)["outcome"] == "converged"


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("plain", "1   –      –"),
        ("markdown", "| 1 | – | – |"),
        ("latex", r"  $1$ & -- & -- \\"),
        ("latex", r"  $x$ & $f$ & $\partial f/\partial x$ \\"),
    ],
)
def test_a_gap_is_a_dash_in_a_table(kind: str, line: str) -> None:
    assert line in bpviz.sweep("1/(x - 1)", x="0:2:3").text(kind).splitlines()


@pytest.mark.parametrize(
    ("words", "what", "hint"),
    [
        (["sweep", "x^2", "--x", "3"], "no input has a range", "--x -5:5:201"),
        (["sweep", "x^2"], "no input has a range", "from:to:points"),
        (["sweep", "x*y", "--x", "0:1"], "f needs a value for y", "add --y …"),
        (["sweep", "x^2", "--z", "0:1"], "no input is called z", "the inputs are x"),
        (["sweep", "x*y*z", "--x", "0:1", "--y", "0:1", "--z", "0:1"], "3 inputs have ranges", "a grid of two"),
        (["sweep", "x^2", "--x", "0:1:1"], "a range of 1 points", "2 points or more"),
        (["sweep", "x^2", "--x", "0:1:1000001"], "1,000,001 points are more than 1,000,000", "--limit points="),
        (["sweep", "x^2", "--x", "0:1", "--at", "y=1"], "the point to mark has no y", "it takes x"),
        (["sweep", "x*y", "--x", "0:1", "--y", "0:1", "--at", "1"], "--at 1 marks nothing", "--at x=1"),
        (["sweep", "x^2", "--x", "0:1", "-o", "s.gif"], "nothing is written to s.gif", ".npz"),
        (
            ["sweep", "x^2", "--x", "0:1", "-o", "s.svg", "--format", "pdf"],
            "s.svg is no .pdf file",
            "leave --format out",
        ),
        (["descend", "x^2", "--x", "0:1"], "x = 0:1 is a range", "bpviz sweep takes ranges"),
        (["descend", "x^2"], "f needs a value for x", "add --x …"),
        (["descend", "x^2", "--x", "1", "--minimize", "g"], "nothing is called g", "the names are x, f"),
        (["descend", "x^2", "--x", "1", "--rate", "0"], "0.0 is not in the range x>0", "bpviz descend -h"),
        (["descend", "x^2", "--x", "1", "--params", "y"], "no input is called y", "the inputs are x"),
        (["descend", "x^2", "--x", "1", "-o", "d.npz"], "nothing is written to d.npz", ".svg"),
    ],
)
def test_mistakes_are_told_with_what_to_do(shell: Shell, words: list[str], what: str, hint: str) -> None:
    done = shell(*words)
    assert done.status == 2
    assert what in done.err
    assert hint in done.err


def test_what_cannot_be_computed_or_written_is_exit_status_1(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    assert shell("descend", "ln(x)", "--x", "-1").status == 1
    assert shell("sweep", "ln(x)", "--x", "-2:-1", "-o", "s.svg").status == 1
    assert shell("sweep", "x", "--x", "0:1", "-o", "folder.csv").err == (
        "bpviz: cannot write folder.csv: it is a folder\nname a file in it\n"
    )
    assert sorted(tmp_path.iterdir()) == [tmp_path / "folder.csv"]


def test_an_input_that_is_named_as_an_option_is_swept_with_set(shell: Shell) -> None:
    out = shell("sweep", "at^2", "--set", "at=0:2:3", "--format", "csv").out
    assert out.splitlines()[-1] == "2.0,4.0,4.0"


def test_a_range_may_begin_with_a_minus_however_it_is_typed(shell: Shell) -> None:
    typed = [
        shell("sweep", "x", *words, "--format", "csv").out
        for words in (["--x", "-1:1:3"], ["--x=-1:1:3"], ["--x", "−1:1:3"])
    ]
    assert typed[0] == typed[1] == typed[2]


def test_a_long_sweep_shows_how_far_it_is(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = Terminal()
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setattr("bpviz.text.terminal.PATIENCE", -1)
    monkeypatch.setenv("TERM", "xterm")
    shell("sweep", "x", "--x", "0:1:2500", "--format", "csv")
    assert "points" in stderr.getvalue()
