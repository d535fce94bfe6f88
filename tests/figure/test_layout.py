"""Running Graphviz: its errors in words, nothing else of it on the terminal, many figures, other machines."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

import bpviz
from bpviz import fonts
from bpviz.errors import OutputError, UsageError
from bpviz.figure import layout
from bpviz.figure.rendering import render
from bpviz.files import write  # noqa: F401  for the processes that import all of this
from tests.figure.test_rendering import DOT, make_sample, run_python

# Errors, and what the C libraries say


@pytest.mark.parametrize("dot", ["digraph {", "nonsense", "", "digraph { x -> }"])
def test_what_graphviz_cannot_read_is_an_error_with_its_words(dot: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OutputError, match="Graphviz could not draw this figure"):
        render(make_sample(dot), "svg")
    assert capfd.readouterr() == ("", "")


def test_graphviz_last_words_are_passed_on() -> None:
    with pytest.raises(OutputError, match="syntax error in line 1"):
        render(make_sample("digraph { x -> }"), "svg")


def test_nothing_is_said_on_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    render(
        make_sample('digraph { graph [layout=dot] x [fontname="No Such Font" label=<<B>x</B>> shape=nosuch] }'), "svg"
    )
    assert capfd.readouterr() == ("", "")


def test_what_the_program_says_itself_is_not_lost(capfd: pytest.CaptureFixture[str]) -> None:
    sys.stderr.write("before ")
    render(make_sample(), "svg")
    sys.stderr.write("after")
    sys.stderr.flush()
    assert capfd.readouterr().err == "before after"


@pytest.mark.parametrize("closed", ["(2,)", "(0, 1, 2)"])
def test_closed_standard_streams_do_no_harm(closed: str, tmp_path: Path) -> None:
    code = f"import os\nfor fd in {closed}: os.close(fd)\nfrom tests.figure.test_layout import *\n"
    code += f"for _ in range(2): write({str(tmp_path / 'f.svg')!r}, render(make_sample(), 'svg'))\n"
    code += f"try: render(make_sample('digraph {{'), 'svg')\nexcept OutputError: Path({str(tmp_path / 'ok')!r}).touch()"
    run_python(code, **os.environ)
    assert (tmp_path / "f.svg").read_bytes() == render(make_sample(), "svg")
    assert (tmp_path / "ok").exists()


@pytest.mark.parametrize(
    ("keywords", "words"),
    [
        ({"format": "gif"}, "no picture is written as gif"),
        ({"format": "svg", "engine": "neato"}, "no engine is called neato"),
        ({"format": "png", "dpi": 0.0}, "0 dots per inch"),
        ({"format": "png", "dpi": float("nan")}, "nan dots per inch"),
        ({"format": "png", "dpi": 2401.0}, "2401 dots per inch"),
    ],
)
def test_a_wrong_format_engine_or_resolution_is_told(keywords: dict[str, str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        render(make_sample(), **keywords)  # type: ignore[arg-type]


def test_a_missing_wheel_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    with pytest.raises(OutputError, match="Graphviz that bpviz draws with is missing") as caught:
        layout.load_library()
    assert "pip install" in caught.value.hint
    assert "--engine system" in caught.value.hint


def test_without_dot_the_system_engine_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(OutputError, match="no program called dot") as caught:
        render(make_sample(), "svg", engine="system")
    for word in ("apt install graphviz", "brew install graphviz", "Windows", "leave out --engine system"):
        assert word in caught.value.hint


def fake_dot(folder: Path, script: str) -> None:
    program = folder / "dot"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_the_system_engine_gives_dot_the_figure_and_our_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_dot(tmp_path, 'echo "$2 $FONTCONFIG_FILE"; cat')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    output = layout.run_system(DOT, "png", 144).decode()
    assert output.startswith(f"-Tpng {Path(fonts.FOLDER) / 'figure.conf'}\n")
    assert "dpi=18]" in output


def test_the_system_engine_passes_on_why_dot_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_dot(tmp_path, "echo 'Error: the dot ate it' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(OutputError, match="the dot ate it"):
        render(make_sample(), "svg", engine="system")


# One process, many figures


def test_many_figures_leave_no_file_open() -> None:
    code = """
import os
from tests.figure.test_layout import make_sample, render
for format in ("svg", "pdf", "png") * 5:
    render(make_sample(), format)
print(len(os.listdir("/proc/self/fd")))
"""
    assert int(run_python(code, **os.environ).stdout) < 8


def test_no_label_has_a_mark_of_which_graphviz_keeps_memory_for_ever() -> None:
    """Of each <I> in a label it kept a hundred bytes: italics are a face of their own."""
    assert "<I>" not in bpviz.draw("x*y", x=1, y=2).picture.dot


def test_the_environment_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTCONFIG_FILE", "theirs")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    before = dict(os.environ)
    render(make_sample(), "svg")
    assert dict(os.environ) == before


def test_threads_draw_one_after_another() -> None:
    expected, drawn = render(make_sample(), "svg"), []
    threads = [threading.Thread(target=lambda: drawn.append(render(make_sample(), "svg"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [expected] * 4


# Where the machine is another


def test_a_process_whose_fonts_are_not_ours_draws_in_one_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = render(make_sample(), "pdf")
    monkeypatch.setattr(layout.Session, "configuration", "foreign")
    assert render(make_sample(), "pdf") == expected
    with pytest.raises(OutputError, match="syntax error"):
        render(make_sample("digraph { x -> }"), "svg")


def test_the_probe_knows_our_typeface_from_another() -> None:
    assert layout._is_our_font(layout._run_in_process(layout.PROBE, "plain", "figure.conf"))
    narrower = layout.PROBE.replace("0" * 40, "0" * 39)
    assert not layout._is_our_font(layout._run_in_process(narrower, "plain", "figure.conf"))


def test_where_memory_cannot_be_a_file_a_temporary_file_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = render(make_sample(), "svg")
    monkeypatch.setattr(layout.sys, "platform", "aix")
    assert render(make_sample(), "svg") == expected


def test_on_a_mac_without_its_frameworks_the_library_is_there_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout.sys, "platform", "darwin")
    assert layout.load_library()
