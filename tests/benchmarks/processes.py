"""Whole processes: how they are started, and what they take from start to end."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence

from tests.benchmarks.measure import once
from tests.benchmarks.records import Missing, Side

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
POINT = ("--x", "3", "--y", "-4")


def bpviz(*arguments: str, options: Sequence[str] = ()) -> list[str]:
    """Return the command line of bpviz with some arguments, and options of Python."""
    return [sys.executable, *options, "-m", "bpviz", *arguments]


def python(*arguments: str) -> list[str]:
    """Return a command line of the same Python."""
    return [sys.executable, *arguments]


def process(command: Sequence[str]) -> Side:
    """Return a side that runs a command."""
    return once(lambda: _run(command))


def errors_of(command: Sequence[str]) -> str:
    """Return what a command writes to standard error."""
    return _run(command).stderr.decode(errors="replace")


def program(name: str) -> str:
    """Return the path of a program of the system; raise Missing where there is none."""
    found = shutil.which(name)
    if found is None:
        raise Missing(f"no {name} on PATH")
    return found


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise Missing(f"{' '.join(command[1:4])} fails: {''.join(last)[:80]}")
    return done
