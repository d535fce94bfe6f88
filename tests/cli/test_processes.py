"""The command line among other processes: readers that leave, Ctrl-C, two runs on one file, files that are none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command import Shell

ROOT = Path(__file__).parents[2]
LARGE = " + ".join(f"x*{i}" for i in range(1, 900))
TANGLED = "; ".join(["a0 = x; a1 = y", *(f"a{i} = a{i - 1}*a{i // 2} + a{i - 2}" for i in range(2, 700))])
INTERRUPTED = (130, -signal.SIGINT)  # by a handler, or by the signal itself: a shell shows 130 for both


def start(*words: str, folder: Path, script: str = "", **options: object) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    line = [sys.executable, *(("-c", script) if script else ("-m", "bpviz")), *words]
    return subprocess.Popen(line, cwd=folder, env=environment, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload,no-any-return]  # Popen's overloads


@pytest.mark.parametrize(
    "line",
    [
        ["table", LARGE, "--x", "1", "--format", "csv"],
        ["draw", "x*y", "--x", "1", "--y", "2", "-o", "-"],
        ["steps", LARGE, "--x", "1"],
        ["code", LARGE],
        ["symbolic", "x^2"],
        ["gates"],
        ["gates", "sigmoid"],
        ["--help"],
    ],
    ids=lambda line: line[0],
)
def test_a_reader_that_leaves_is_no_news(line: list[str], tmp_path: Path) -> None:
    running = start(*line, folder=tmp_path, stdout=subprocess.PIPE)
    assert running.stdout
    running.stdout.close()
    _, err = running.communicate()
    assert b"Traceback" not in err
    assert b"roken" not in err
    assert running.returncode in (0, 1)
    if line[0] != "draw":  # which sums itself up there
        assert err == b""


ANNOUNCED_LAYOUT = """
from bpviz.figure import layout
draw = layout._draw
def announce(*operands):
    print("begun", flush=True)
    return draw(*operands)
layout._draw = announce
from bpviz.cli import main
main()
"""


@pytest.mark.parametrize("ending", ["svg", "pdf"])
def test_ctrl_c_while_a_figure_is_laid_out_leaves_nothing(ending: str, tmp_path: Path) -> None:
    (tmp_path / f"f.{ending}").write_text("old")
    options = ("--gates", "fused", "-o", f"f.{ending}")
    running = start("draw", TANGLED, *options, folder=tmp_path, script=ANNOUNCED_LAYOUT, stdout=subprocess.PIPE)
    assert running.stdout
    assert running.stdout.readline().rstrip() == b"begun"
    time.sleep(0.2)
    assert running.poll() is None, "it should be at work still"
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)  # the layout itself would take longer
    assert running.returncode in INTERRUPTED
    assert b"Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == [f"f.{ending}"]
    assert (tmp_path / f"f.{ending}").read_text() == "old"


INTERRUPTED_WRITE = """
import os, signal, sys
from bpviz import files
written = os.write
def write(handle, data):
    count = written(handle, data[:100])
    os.kill(os.getpid(), signal.SIGINT)
    return count
files.os.write = write
from bpviz.cli import main
sys.argv = ["bpviz", "draw", "x*y", "--x", "1", "--y", "2", "-o", "f.svg"]
main()
"""


def test_ctrl_c_while_a_file_is_written_leaves_nothing(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-c", INTERRUPTED_WRITE]
    done = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode in INTERRUPTED
    assert b"Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_two_runs_that_write_one_file_leave_one_whole_file(tmp_path: Path) -> None:
    runs = [start("draw", "x*y", "--x", x, "--y", "2", "-o", "f.svg", "--quiet", folder=tmp_path) for x in "3579"]
    for running in runs:
        assert running.communicate()[1] == b""
    svg = (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert svg.count("<svg") == svg.count("</svg>") == 1
    assert svg.endswith("</svg>\n")
    assert [path.name for path in tmp_path.iterdir()] == ["f.svg"]


# programs from files


def write_programs(folder: Path) -> None:
    (folder / "binary.bp").write_bytes(bytes(range(256)) * 100)
    (folder / "empty.bp").write_bytes(b"")
    (folder / "blank.bp").write_bytes(b" \r\n# nothing\r\n")
    (folder / "latin.bp").write_bytes("größe = 2\n".encode("latin-1"))
    (folder / "utf16.bp").write_bytes("x*y".encode("utf-16"))
    (folder / "zeros.bp").write_bytes(bytes(10))
    (folder / "folder.bp").mkdir()
    (folder / "dangling.bp").symlink_to("nowhere")
    (folder / "circle.bp").symlink_to("circle.bp")
    os.mkfifo(folder / "pipe.bp")
    if Path("/dev/zero").exists():
        (folder / "device.bp").symlink_to("/dev/zero")
    with (folder / "huge.bp").open("wb") as huge:
        huge.seek(100_000_000)  # sparse: no disk is filled
        huge.write(b"x")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("binary", "not UTF-8 text"),
        ("empty", "empty"),
        ("blank", "only comments"),
        ("latin", "not UTF-8 text (byte 3)"),
        ("utf16", "not UTF-8 text"),
        ("zeros", "zero byte"),
        ("folder", "Is a directory"),
        ("dangling", "No such file"),
        ("circle", "symbolic links"),
        ("pipe", "no regular file"),
        ("device", "no regular file"),
        ("huge", "longer than 1,000,000 characters"),
        ("n" * 300, "name too long"),
    ],
)
def test_a_file_that_is_no_program_is_told(name: str, words: str, shell: Shell, tmp_path: Path) -> None:
    write_programs(tmp_path)
    done = shell("table", f"{name}.bp")
    assert done.status == 2
    assert words.lower() in done.err.lower()
    assert f"{name[:200]}" in done.err or name in ("empty", "blank")


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "secret.bp").write_text("x")
    (tmp_path / "secret.bp").chmod(0)
    assert "Permission denied" in shell("table", "secret.bp").err


@pytest.mark.parametrize(
    "text", ["x = 2\r\ny = 3\r\nx*y\r\n", "x = 2\ry = 3\rx*y", "\ufeffx = 2\ny = 3\nx*y", "x=2;y=3;x*y"]
)
def test_the_line_ends_and_marks_of_any_editor_are_read(text: str, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "p.bp").write_bytes(text.encode())
    done = shell("table", "p.bp", "--format", "csv")
    assert done.status == 0
    assert ",6.0," in done.out
    assert shell("table", "-", "--format", "csv", stdin=text.encode()).out == done.out


@pytest.mark.parametrize(
    "line",
    [
        ["draw", "x*y", "-o", "folder.svg"],
        ["table", "x*y", "-o", "folder.csv"],
        ["steps", "x*y", "-o", "folder.md"],
        ["code", "x*y", "-o", "folder.py"],
        ["gates", "sigmoid", "-o", "folder.svg"],
    ],
    ids=lambda line: line[0],
)
def test_a_target_that_is_a_folder_or_in_none_is_told(line: list[str], shell: Shell, tmp_path: Path) -> None:
    (tmp_path / line[-1]).mkdir()
    point = () if line[0] == "gates" else ("--x", "1", "--y", "2")
    done = shell(*line, *point)
    assert (done.status, done.out) == (1, "")
    assert "it is a folder" in done.err
    done = shell(*line[:-1], f"no/{line[-1]}", *point)
    assert (done.status, done.out) == (1, "")
    assert "its folder does not exist" in done.err
    assert [path.name for path in tmp_path.iterdir()] == [line[-1]]


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ("table x --x 1 >&-", 0, ""),
        ("table - <&-", 2, "bpviz: there is no standard input to read\ngive the program in quotation marks\n"),
    ],
)
def test_a_stream_that_the_shell_has_closed_is_no_traceback(line: str, status: int, said: str) -> None:
    command = ["bash", "-c", f'"{sys.executable}" -m bpviz {line}']
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (status, said)


@pytest.mark.parametrize(
    "line",
    [
        ["draw", "x*y", "--x", "1", "--y", "2", "-o", "f.svg"],
        ["table", "x*y", "--x", "1", "--y", "2"],
        ["table", "σ(x"],
        ["draw", "-h"],
    ],
    ids=lambda line: line[0],
)
def test_a_terminal_without_a_letter_gets_a_question_mark(line: list[str], tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp437"}
    command = [sys.executable, "-m", "bpviz", *line]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    assert b"?" in done.stdout or b"\xe5" in done.stderr  # there is a σ in that alphabet
