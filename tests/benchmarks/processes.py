"""Whole processes: how they are started, and what they take from start to end.

All of them find their modules compiled, as an installed program does: the first run, which is not counted, keeps the
bytecode in a folder of the benchmark's own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from tests.benchmarks.measure import once
from tests.benchmarks.records import Missing, Side

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
POINT = ("--x", "3", "--y", "-4")


@cache
def folder() -> Path:
    """Return a folder for what the processes write, which is there until the run ends."""
    made = tempfile.TemporaryDirectory(prefix="bpviz-benchmarks-")
    _KEPT.append(made)
    return Path(made.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


@cache
def environment() -> Mapping[str, str]:
    """Return the variables of every process."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder() / "bytecode")}


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
    done = subprocess.run(command, capture_output=True, check=False, env=environment())
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise Missing(f"{' '.join(command[1:4])} fails: {''.join(last)[:80]}")
    return done
