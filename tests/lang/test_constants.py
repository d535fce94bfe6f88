"""A program that is only a constant goes through every command, to every kind of file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpviz import draw
from tests.support.command import Shell
from tests.support.latex import compiled

PROGRAMS = ("3", "q=5", "pi")
PRINTED = [
    ("code",),
    *(("code", "--lang", lang) for lang in ("python", "numpy", "javascript", "torch", "jax", "latex")),
    *(("table", "--format", name) for name in ("plain", "csv", "json")),
    *(("steps", "--format", name) for name in ("plain", "markdown", "latex", "typst")),
    ("check",),
]
WRITTEN = [
    *(("draw", f"f.{suffix}") for suffix in ("svg", "pdf", "png", "dot", "tex")),
    *(("deck", f"d.{suffix}") for suffix in ("pdf", "html", "tex", "gif")),
    *(("code", f"c.{suffix}") for suffix in ("py", "tex")),
]


@pytest.fixture
def bpviz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(monkeypatch, capfd)


@pytest.mark.parametrize("line", PRINTED, ids=" ".join)
@pytest.mark.parametrize("program", PROGRAMS)
def test_it_is_printed(bpviz: Shell, program: str, line: tuple[str, ...]) -> None:
    command, *options = line
    done = bpviz(command, program, *options)
    assert done.status == 0, done.err
    assert done.out


@pytest.mark.parametrize(("command", "file"), WRITTEN)
@pytest.mark.parametrize("program", PROGRAMS)
def test_it_is_written(bpviz: Shell, program: str, command: str, file: str) -> None:
    done = bpviz(command, program, "-o", file)
    assert done.status == 0, done.err
    assert Path(file).stat().st_size > 0


@pytest.mark.parametrize(
    ("command", "told"),
    [("worksheet", "a constant leaves nothing to fill in"), ("symbolic", "has no inputs to differentiate by")],
)
@pytest.mark.parametrize("program", PROGRAMS)
def test_what_needs_an_input_says_so(bpviz: Shell, program: str, command: str, told: str) -> None:
    done = bpviz(command, program, "-o", "s.pdf" if command == "worksheet" else "s.tex")
    assert done.status in (1, 2)
    assert told in done.err
    assert not [*Path().iterdir()]


@pytest.mark.parametrize(("program", "value"), [("3", "3"), ("q=5", "5"), ("pi", "3.14")])
def test_its_figure_has_its_value(program: str, value: str, tmp_path: Path) -> None:
    tex = draw(program).tex
    assert f"{{${value}$}}" in tex
    assert "(constant-" in tex
    compiled(tex, tmp_path, "geometry.sty")
