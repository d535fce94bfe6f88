"""sympy in a process of its own: it ends in time, runs nothing that lies about, and is told nothing on its line."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bpviz.errors import EvaluationError, UsageError
from bpviz.lang import parse
from bpviz.text import sympy_process as apart
from bpviz.text.sympy_process import simplify_gradients
from bpviz.text.sympy_simplification import simplify_derivatives

ENDLESS = "tanh(" * 40 + "x" + ")" * 40


def test_what_takes_too_long_is_ended_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def remember(*line: Any, **streams: Any) -> subprocess.Popen[bytes]:
        started.append(start(*line, **streams))
        return started[-1]

    monkeypatch.setattr(
        subprocess, "Popen", lambda *line, **streams: started.append(start(*line, **streams)) or started[0]
    )
    with pytest.raises(EvaluationError, match="sympy has not simplified f within 2 seconds") as error:
        simplify_gradients(parse(ENDLESS), 2)
    assert "--limit seconds=" in error.value.hint
    assert error.value.exit_status == 1
    assert started[0].returncode is not None


@pytest.mark.skipif(sys.platform != "linux", reason="it looks at /proc to see the other process")
def test_ctrl_c_ends_both_processes_in_silence() -> None:
    line = [sys.executable, "-m", "bpviz", "symbolic", "--simplify", ENDLESS]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as process:
        while not Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii"):
            time.sleep(0.05)
        time.sleep(0.3)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_process_that_nobody_waits_for_ends_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "GRACE", -4.0)
    with pytest.raises(UsageError, match="sympy does not finish with this formula"):
        simplify_gradients(parse(ENDLESS), 5)


def test_the_process_says_the_same_and_runs_nothing_that_lies_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "sympy", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('what lies in the folder was run')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    graph = parse("λ*x*x + relu(x)*θ_1")
    assert list(simplify_gradients(graph).values()) == simplify_derivatives(graph)


@pytest.mark.parametrize("ending", ["import sys; sys.exit(9)", "print('no JSON')", "print('[' * 9999)"])
def test_a_process_that_ends_without_a_word_is_told(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "BEGINNING", ending)
    with pytest.raises(UsageError, match="sympy does not finish with this formula"):
        simplify_gradients(parse("x*x"))


def test_its_command_line_holds_nothing_that_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = []

    def start(line: list[str], **streams: Any) -> None:
        lines.append(line)
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", start)
    for program in ("x*x", "evil*2"):
        with pytest.raises(KeyboardInterrupt):
            simplify_gradients(parse(program))
    assert lines[0] == lines[1] == [sys.executable, "-I", "-S", "-c", apart.BEGINNING]
