"""Where a command writes to: a name that is none is refused, and what would be lost without a word too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bpviz.cli.targets import interruptible
from tests.figure.test_rendering import ROOT, run_python
from tests.support.command import Shell

PROGRAM = ("x/y + max(x, y)", "--x", "6", "--y", "3")
CHOICES = ("--gates", "fused", "--share", "--constants")


def files() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


@pytest.mark.parametrize("empty", ["", " "])
@pytest.mark.parametrize(
    "line",
    [("draw", *PROGRAM), ("table", *PROGRAM), ("code", *PROGRAM), ("steps", *PROGRAM), ("symbolic", "x*y"),
     ("gates", "multiply"), ("exercise",)],
    ids=lambda line: line[0],
)  # fmt: skip
def test_an_empty_name_is_refused(shell: Shell, line: tuple[str, ...], empty: str) -> None:
    told = "bpviz: -o needs a file's name\nwrite -o f.svg, or - for standard output\n"
    assert shell(*line, "-o", empty) == (2, "", told)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (("deck", *PROGRAM, "-o"), "-o needs a file's name\nwrite -o deck.pdf, or frames/ for pictures"),
        (("worksheet", *PROGRAM, "-o"), "-o needs a file's name\nwrite -o sheet.pdf, or - for standard output"),
        (("worksheet", *PROGRAM, "--key"), "--key needs a file's name\nwrite --key key.pdf, or - for standard output"),
    ],
)
def test_an_empty_name_of_a_printed_file_too(shell: Shell, line: tuple[str, ...], told: str) -> None:
    assert shell(*line, "") == (2, "", f"bpviz: {told}\n")
    assert files() == []


@pytest.mark.parametrize("command", ["draw", "table", "code", "steps", "deck", "worksheet", "check"])
def test_every_command_takes_the_choices_of_gates(shell: Shell, command: str) -> None:
    assert shell(command, *PROGRAM, *CHOICES)[::2] == (0, "")


@pytest.mark.parametrize("command", ["symbolic", "draw"])
def test_every_command_without_numbers_takes_them(shell: Shell, command: str) -> None:
    assert shell(command, PROGRAM[0], *CHOICES)[::2] == (0, "")


def test_variants_have_the_choices_of_gates_too(shell: Shell) -> None:
    line = ("worksheet", "x*y + tanh(x)", "--gates", "elementary", "--variants", "2", "--numbers", "rounded")
    assert shell(*line).out.startswith("2 sheets, ")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("-o", "new.bp"), "→ new.bp\n"),
        (("-o", "new.bp", "-o", "new.svg"), "→ new.bp, new.svg\n"),
        (("--worksheet",), "→ sheet.pdf\n"),
        (("-o", "new.bp", "--quiet"), ""),
    ],
)
def test_an_exercise_says_where_it_went(shell: Shell, line: tuple[str, ...], said: str) -> None:
    assert shell("exercise", *line) == (0, said, "")


def test_an_exercise_on_standard_output_is_not_mixed_with_that(shell: Shell) -> None:
    assert shell("exercise", "-o", "-", "-o", "new.bp") == (0, shell("exercise").out, "→ new.bp\n")
    assert shell("exercise").err == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            ("exercise", "--as", "deck", "-o", "new.bp", "-o", "new.svg"),
            "--as deck writes none of new.bp, new.svg\n"
            "add a file that ends in .html, .htm, .gif, folder/, .pdf, .tex\n",
        ),
        (
            ("deck", *PROGRAM, "-o", "d.pdf", "--frame-format", "png"),
            "--frame-format is for a folder of pictures, not for d.pdf\nadd -o frames/, or leave --frame-format out\n",
        ),
        (
            ("deck", *PROGRAM, "-o", "d.gif", "-o", "d/", "--notes"),
            "--notes has no room in d.gif or d/\nwrite .pdf, .html, .tex, or leave --notes out\n",
        ),
    ],
)
def test_what_would_be_lost_is_refused(shell: Shell, line: tuple[str, ...], told: str) -> None:
    assert shell(*line) == (2, "", f"bpviz: {told}")
    assert files() == []


def test_frames_beside_a_deck_have_their_format(shell: Shell) -> None:
    assert shell("deck", "x*y", "--x", "2", "--y", "3", "-o", "d.html", "-o", "d/", "--frame-format", "png").status == 0
    assert {path.suffix for path in Path("d").iterdir()} == {".png"}


# Ctrl-C


def test_an_interrupt_ends_the_process_at_once_where_that_is_asked_for() -> None:
    code = "import os, signal\nfrom bpviz.cli.targets import interruptible\n"
    code += "with interruptible(): os.kill(os.getpid(), signal.SIGINT)"
    assert run_python(code, **os.environ).returncode == -signal.SIGINT


def test_an_interrupt_breaks_off_a_long_layout() -> None:
    code = """
from bpviz.cli.targets import interruptible
from bpviz.figure.rendering import render
from tests.figure.test_rendering import Sample
tangle = "; ".join(f"{i} -> {i + 1 + i * i * j % 97}" for i in range(900) for j in range(1, 5))
with interruptible():
    print("go", flush=True)
    render(Sample("digraph { " + tangle + " }"), "svg")
"""
    script = f"import sys; sys.path[:0] = [{str(ROOT)!r}]\n{code}"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"go\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(2) == -signal.SIGINT


def test_an_interrupt_is_an_exception_again_afterwards() -> None:
    with interruptible():
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_handler_of_somebody_elses_stays() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interruptible():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_leaves_signals_alone() -> None:
    seen = []

    def look() -> None:
        with interruptible():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
