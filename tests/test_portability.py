"""Equal input gives equal bytes under every Python: no output rests on how the built-in sum rounds.

From Python 3.12 on, sum adds floats with compensation. Wherever the two ways to add give different floats, a loop or
math.fsum is needed, which are the same everywhere.
"""

import builtins
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import bpviz
from tests.support.command import Shell
from tests.support.programs import WHOLE

HOUSE = str(Path(bpviz.__file__).parent)
LINES = (
    ["draw", "-o", "f.svg", "-o", "f.tex"],
    ["draw", "--flow", "-o", "f.svg"],
    ["draw", "--highlight", "x", "-o", "f.svg"],
    ["draw", "--fold", "--direction", "right", "-o", "f.svg"],
    ["draw", "--symbolic", "--theme", "cs231n", "-o", "f.svg"],
    ["table", "--format", "latex"],
    ["steps"],
    ["code"],
    ["check", "--format", "json"],
    ["check", "--claim", "x=0.1"],
    ["deck", "-o", "f.html", "-o", "f.tex"],
    ["worksheet", "-o", "f.pdf"],
    ["sweep", "--x", "-2:2:9", "--format", "csv"],
    ["descend", "--steps", "20", "--format", "csv"],
)


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_no_output_rests_on_how_sum_rounds(
    line: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    places: list[str] = []

    def watch(terms: Iterable[Any], /, start: Any = 0) -> Any:
        terms = list(terms)
        total = start
        for term in terms:
            total = total + term
        if isinstance(total, float) and math.isfinite(total) and total != math.fsum([start, *terms]):
            caller = sys._getframe(1)
            if caller.f_code.co_filename.startswith(HOUSE):
                places.append(f"{caller.f_code.co_filename}:{caller.f_lineno}")
        return total

    monkeypatch.setattr(builtins, "sum", watch)
    monkeypatch.chdir(tmp_path)
    shell = Shell(monkeypatch, capfd)
    done = [shell(line[0], str(program), *line[1:]).status for program in WHOLE]  # 2 where it has no input x
    assert {0, 1} & {*done}
    assert sorted(set(places)) == []
