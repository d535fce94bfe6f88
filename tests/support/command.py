"""Running the command line inside the test's own process, as a shell would call it."""

from __future__ import annotations

import io
import sys
from typing import NamedTuple

import pytest

from bpviz.cli import main


class Done(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


class Shell:
    """Calls bpviz with the words of a command line."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capfd = capfd

    def __call__(self, *words: str, stdin: bytes = b"") -> Done:
        self.monkeypatch.setattr(sys, "argv", ["bpviz", *words])
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        self.monkeypatch.setenv("COLUMNS", "80")
        with pytest.raises(SystemExit) as left:
            main()
        out, err = self.capfd.readouterr()
        return Done(left.value.code if isinstance(left.value.code, int) else 0, out, err)
