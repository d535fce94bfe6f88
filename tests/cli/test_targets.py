"""Where a command writes to: a name that is none is refused, and what would be lost without a word too."""

from __future__ import annotations

from pathlib import Path

import pytest

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
