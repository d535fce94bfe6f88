"""bpviz page on the command line: what is written, and what is refused."""

from pathlib import Path

import pytest

from tests.support.command import Shell

PROGRAM = ("page", "x*y", "--x", "2", "--y", "3")


def test_a_page_is_written_and_told(shell: Shell) -> None:
    done = shell(*PROGRAM, "--range", "x=-5:5:0.5")
    assert (done.status, done.out, done.err) == (0, "→ page.html\n", "")
    assert "min=-5 max=5 step=0.5" in Path("page.html").read_text(encoding="utf-8")


def test_a_quiz_is_a_page_with_blanks(shell: Shell) -> None:
    assert shell(*PROGRAM, "--quiz").status == 0
    assert "Fill in the wires" in Path("page.html").read_text(encoding="utf-8")
    assert shell(*PROGRAM, "-o", "plain.html").status == 0
    assert "Fill in the wires" not in Path("plain.html").read_text(encoding="utf-8")


def test_a_page_goes_to_standard_output(shell: Shell) -> None:
    done = shell(*PROGRAM, "-o", "-")
    assert done.out.startswith("<!DOCTYPE html>")
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-o", "page.pdf"), "no page is written as .pdf\nend it in .html, .htm"),
        (("--range", "x"), "--range x has no values for a name"),
        (("--range", "z=1:2"), "no input is called z\nthe inputs are x, y"),
        (("--range", "x=1:3", "--range", "x=0:5"), "x has two ranges"),
    ],
)
def test_what_is_refused(shell: Shell, words: tuple[str, ...], message: str) -> None:
    done = shell(*PROGRAM, *words)
    assert done.status == 2
    assert message in done.err
    assert list(Path().iterdir()) == []
