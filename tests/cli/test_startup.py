"""What a cold command imports is what people wait for: the modules that are named here, and none besides."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WATCHED = """
import sys
before = set(sys.modules)
try:
    {}
finally:
    print(*(set(sys.modules) - before), file=sys.stderr)
"""
LINE = "from bpviz.cli import main; main()"

HELP = "cli errors records"
PROGRAM = """
    cli.arguments cli.command cli.looks cli.options cli.program cli.target
    functions functions.circular functions.exact functions.flat functions.networks functions.normal functions.powers
    functions.several gates gates.arithmetic gates.called gates.gate gates.hyperbolic gates.networks gates.powers
    gates.several gates.table gates.trigonometric graph later limits sources views views.theme
"""
NUMBERS = """
    autodiff lang lang.bindings lang.code lang.complaints lang.lowering lang.naming lang.parser lang.plain lang.reading
    lang.tokens views.numerals
"""
TABLE = "cli.table views.table views.terminal views.writers"
FIGURE = """
    api cli.draw fonts keywords render render.figure render.files render.interrupt render.layout render.library
    render.svg views.bars views.carried views.cells views.dashes views.diagram views.digraph views.discretion views.dot
    views.geometry views.lettering views.picture views.sketch views.statements
"""
# Of the standard library, with what these import themselves; unicodedata is for names of characters, where there is
# no compiled module yet.
READ = "__future__ argparse array collections.abc errno importlib locale math re unicodedata"
DRAWING = "binascii bisect contextlib importlib.machinery importlib.util signal zlib"
if sys.platform != "linux":
    DRAWING += " tempfile"


def modules(code: str, *words: str, folder: Path = ROOT) -> set[str]:
    """Return the modules that a line of Python imports in a process of its own, with the words of a command line."""
    line = [sys.executable, "-c", WATCHED.format(code), *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("line", "ours", "standard"),
    [
        ("--help", HELP, "__future__ collections functools unicodedata"),
        ("draw --help", HELP + PROGRAM + "cli.draw cli.help", f"{READ} shutil textwrap"),
        ("table x*y --x 1 --y 2", HELP + PROGRAM + NUMBERS + TABLE, READ),
        (
            "table x*y --x 1 --y 2 --format csv",
            HELP + PROGRAM + NUMBERS + TABLE.replace("views.terminal", ""),
            f"{READ} csv",
        ),
        (
            "draw x*y+x --x 1 --y 2 -o f.svg",
            HELP + PROGRAM + NUMBERS + FIGURE,
            f"{READ} {DRAWING}",
        ),
    ],
)
def test_a_command_imports_no_other_modules(line: str, ours: str, standard: str, tmp_path: Path) -> None:
    allowed = {"bpviz", *(f"bpviz.{name}" for name in ours.split())}
    allowed |= {"pygraphviz._graphviz"} if "api" in ours.split() else set()  # alone, without its package
    allowed |= modules(f"import {', '.join(standard.split())}")
    found = {name for name in modules(LINE, *line.split(), folder=tmp_path) if not name.startswith("swig_runtime_data")}
    assert found - allowed == set()


def test_a_module_that_is_not_named_is_found() -> None:
    assert "json" in modules("import json")
