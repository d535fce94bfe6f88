"""The command line as the tests of its package call it."""

from pathlib import Path

import pytest

from tests.support.command import Shell


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    """Call bpviz in an empty folder, which is the test's own."""
    monkeypatch.chdir(tmp_path)
    return Shell(monkeypatch, capfd)
