import io
import sys

import pytest

import bpviz
from bpviz.text import terminal


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, patience: float) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(terminal, "PATIENCE", patience)
    monkeypatch.setenv("TERM", "xterm")
    with terminal.progress("drawing") as tell:
        for done in range(1, 4):
            tell(done, 3)
    return stream.getvalue()


def test_a_long_task_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "drawing" in shown(monkeypatch, Terminal(), patience=-1)


def test_a_short_task_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Terminal(), patience=60) == ""


def test_where_nobody_watches_nothing_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO(), patience=-1) == ""


def printed(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, **environment: str) -> str:
    for name in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm", **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", stream)
    terminal.show(bpviz.table("x*y", x=2, y=3))
    return stream.getvalue()


def test_a_pipe_gets_the_text_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(monkeypatch, io.StringIO()) == bpviz.table("x*y", x=2, y=3)


def test_a_terminal_gets_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[32m" in printed(monkeypatch, Terminal())


def test_a_pipe_is_coloured_for_whoever_forces_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[32m" in printed(monkeypatch, io.StringIO(), FORCE_COLOR="1")


def test_no_color_means_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[32m" not in printed(monkeypatch, Terminal(), NO_COLOR="1")


def test_a_closed_standard_output_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    terminal.show("text")


def test_a_check_is_printed_as_its_table_and_named_in_a_line() -> None:
    found = bpviz.check("x*y", x=2, y=3)
    assert str(found) == found.text().rstrip("\n")
    assert repr(found) == "<Check of 2 gradients: right>"
    assert repr(bpviz.check("x*y", x=2, y=3, claim="x=2")) == "<Check of 1 answer: wrong>"
