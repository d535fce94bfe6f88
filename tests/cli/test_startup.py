"""What a cold command does not wait for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("sympy", "matplotlib", "numpy", "typst")
RUN = f"""
import atexit, sys
atexit.register(lambda: print(*(name for name in {HEAVY} if name in sys.modules), file=sys.stderr))
from bpviz.cli import main
main()
"""


@pytest.mark.parametrize("line", ["--help", "table x*y --x 1 --y 2", "draw x*y+x --x 1 --y 2 -o f.svg"])
def test_a_command_imports_nothing_heavy_that_it_does_not_use(line: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", RUN, *line.split()]
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stderr.split() == []
