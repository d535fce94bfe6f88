"""The caret stands under the character that is wrong, whatever stands before it."""

import pytest

from bpviz.errors import BpvizError, OutputError, Place, ProgramError, show_place


@pytest.mark.parametrize(
    ("source", "start", "end", "shown"),
    [
        ("x + $", 4, 5, "  line 1: x + $\n              ^"),
        ("a = 1\nb = $", 10, 11, "  line 2: b = $\n              ^"),
        ("σ + $", 4, 5, "  line 1: σ + $\n              ^"),
        ("变量 + $", 5, 6, "  line 1: 变量 + $\n                 ^"),
        ("e\u0301 + $", 5, 6, "  line 1: e\u0301 + $\n              ^"),
        ("x\t+ $", 4, 5, "  line 1: x + $\n              ^"),
        ("x + ", 4, 4, "  line 1: x + \n              ^"),
        ("变 + x", 0, 1, "  line 1: 变 + x\n          ^^"),
    ],
)
def test_caret(source: str, start: int, end: int, shown: str) -> None:
    assert show_place(Place(source, start, end)) == shown


def test_a_long_line_is_cut_around_the_caret() -> None:
    shown = show_place(Place("x + " * 100_000 + "$ + y" + " + x" * 100_000, 400_000, 400_001))
    line, carets = shown.split("\n")
    assert len(line) < 100
    assert line[carets.index("^")] == "$"


def test_an_error_is_what_where_and_what_to_do() -> None:
    error = ProgramError("$ is no operator", place=Place("x $ y", 2, 3), hint="leave it out")
    assert str(error) == "$ is no operator\n  line 1: x $ y\n            ^\nleave it out"


def test_exit_status_tells_what_the_user_can_mend() -> None:
    assert (ProgramError("").exit_status, OutputError("").exit_status, BpvizError("").exit_status) == (2, 1, 1)
