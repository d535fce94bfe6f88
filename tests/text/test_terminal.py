import io
import sys

import pytest

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
