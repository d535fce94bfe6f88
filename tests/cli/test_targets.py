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
            "add a file that ends in .html, .htm, .pptx, .gif, folder/, .pdf, .tex\n",
        ),
        (
            ("deck", *PROGRAM, "-o", "d.pdf", "--frame-format", "png"),
            "--frame-format is for a folder of pictures, not for d.pdf\nadd -o frames/, or leave --frame-format out\n",
        ),
        (
            ("deck", *PROGRAM, "-o", "d.gif", "-o", "d/", "--notes"),
            "--notes has no room in d.gif or d/\nwrite .pdf, .html, .pptx, .tex, or leave --notes out\n",
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
from tests.figure.test_rendering import make_sample
tangle = "; ".join(f"{i} -> {i + 1 + i * i * j % 97}" for i in range(900) for j in range(1, 5))
with interruptible():
    print("go", flush=True)
    render(make_sample("digraph { " + tangle + " }"), "svg")
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


# Several files


WRITERS = {  # of each command, words without -o, and the endings of two files
    "draw": (PROGRAM, "a.svg", "b.dot"),
    "table": (PROGRAM, "a.csv", "b.json"),
    "code": (PROGRAM, "a.py", "b.tex"),
    "steps": (PROGRAM, "a.tex", "b.html"),
    "symbolic": (PROGRAM[:1], "a.tex", "b.py"),
    "gates": (("multiply",), "a.svg", "b.dot"),
    "deck": (PROGRAM, "a.html", "b.tex"),
    "sweep": (("x^2", "--x", "0:1:3"), "a.csv", "b.json"),
    "descend": (("x^2", "--x", "1"), "a.csv", "b.json"),
    "exercise": ((), "a.bp", "b.json"),
}
EVERY_WRITER = pytest.mark.parametrize(("command", "words", "first", "second"), [(k, *v) for k, v in WRITERS.items()])


@EVERY_WRITER
def test_every_command_writes_several_files(
    shell: Shell, command: str, words: tuple[str, ...], first: str, second: str
) -> None:
    done = shell(command, *words, "-o", first, "-o", second)
    assert (done.status, done.err) == (0, "")
    assert all(name in done.out for name in (first, second))
    assert files() == [first, second]


@EVERY_WRITER
@pytest.mark.parametrize("twin", ["{}", "./{}", "../here/{}"])
def test_two_outputs_of_one_name_are_refused(
    shell: Shell, command: str, words: tuple[str, ...], first: str, second: str, twin: str
) -> None:
    Path("here").mkdir()
    os.chdir("here")
    again = twin.format(first)
    same = f"{first} is named twice" if again == first else f"{first} and {again} are one file"
    told = f"bpviz: {same}, and the second would replace the first\nkeep one, or rename the other\n"
    assert shell(command, *words, "-o", first, "-o", second, "-o", again) == (2, "", told)
    assert files() == []


@EVERY_WRITER
def test_a_list_of_files_behind_one_o_is_refused(
    shell: Shell, command: str, words: tuple[str, ...], first: str, second: str
) -> None:
    told = f"bpviz: {first},{second} is 2 files, and -o takes one\nwrite -o {first} -o {second}\n"
    assert shell(command, *words, "-o", f"{first},{second}") == (2, "", told)
    assert files() == []


@EVERY_WRITER
def test_a_second_file_that_cannot_be_written_tells_that_the_first_was(
    shell: Shell, command: str, words: tuple[str, ...], first: str, second: str
) -> None:
    done = shell(command, *words, "-o", first, "-o", f"gone/{second}")
    reason = f"cannot write gone/{second}: its folder does not exist; {first} is written already"
    assert (done.status, done.err) == (1, f"bpviz: {reason}\nmake the folder first, or name another file\n")
    assert files() == [first]


@EVERY_WRITER
def test_every_command_opens_what_it_wrote(
    shell: Shell,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    words: tuple[str, ...],
    first: str,
    second: str,
) -> None:
    shown: list[str] = []
    monkeypatch.setattr("bpviz.cli.targets.open_file", lambda path: not shown.append(path))
    assert shell(command, *words, "-o", first, "-o", second, "--open").status == 0
    assert shown == [os.path.abspath(first), os.path.abspath(second)]


@pytest.mark.parametrize(
    ("line", "example"),
    [
        (("draw", *PROGRAM, "-o", "-"), "f.svg"),
        (("table", *PROGRAM), "f.txt"),
        (("code", *PROGRAM), "f.txt"),
        (("steps", *PROGRAM, "-o", "-"), "f.txt"),
        (("symbolic", PROGRAM[0]), "f.txt"),
        (("gates",), "gate.svg"),
        (("sweep", "x^2", "--x", "0:1:3"), "sweep.svg"),
        (("descend", "x^2", "--x", "1"), "descent.svg"),
        (("worksheet", *PROGRAM, "-o", "-", "--no-key"), "sheet.pdf"),
        (("page", *PROGRAM, "-o", "-"), "page.html"),
        (("exercise",), "new.svg"),
    ],
    ids=lambda each: each[0] if isinstance(each, tuple) else "",
)
def test_without_a_file_there_is_nothing_to_open(shell: Shell, line: tuple[str, ...], example: str) -> None:
    told = f"bpviz: --open shows a file, and none is written\nadd -o {example}, or leave --open out\n"
    assert shell(*line, "--open") == (2, "", told)
    assert files() == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-o", "a.pdf", "-o", "b.pdf"), "one -o at a time, but there are 2: a.pdf   b.pdf\nkeep one of them"),
        (("-o", "a.pdf,b.pdf"), "a.pdf,b.pdf is 2 files, and -o takes one\nwrite -o a.pdf -o b.pdf"),
        (
            ("--key", "a.csv", "--key", "./a.csv"),
            "a.csv and ./a.csv are one file, and the second would replace the first\nkeep one, or rename the other",
        ),
        (
            ("-o", "a.pdf", "--key", "./a.pdf"),
            "the sheet and its key cannot both be ./a.pdf\nname two files, or leave --key out",
        ),
    ],
)
def test_a_worksheet_has_one_file_and_its_keys_others(shell: Shell, words: tuple[str, ...], told: str) -> None:
    assert shell("worksheet", *PROGRAM, *words) == (2, "", f"bpviz: {told}\n")
    assert files() == []


def test_sheets_that_are_written_are_told_where_a_key_cannot_be(shell: Shell) -> None:
    done = shell("worksheet", *PROGRAM, "-o", "a.pdf", "--key", "gone/k.csv")
    assert done.err.startswith("bpviz: cannot write gone/k.csv: its folder does not exist; a.pdf is written already\n")


@pytest.mark.parametrize("line", [("table", *PROGRAM), ("steps", *PROGRAM), ("symbolic", PROGRAM[0])])
def test_a_format_that_no_file_has_is_refused(shell: Shell, line: tuple[str, ...]) -> None:
    told = "bpviz: a.txt does not hold latex\nleave --format out: the ending says it\n"
    assert shell(*line, "-o", "a.txt", "--format", "latex") == (2, "", told)
