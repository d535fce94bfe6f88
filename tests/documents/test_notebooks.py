"""bpviz in a notebook: what a cell shows, what it prints, and what stands there in place of a traceback."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from base64 import b64decode, b64encode
from pathlib import Path
from threading import current_thread, main_thread
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import click
import pytest

import bpviz
from bpviz.cli.targets import interruptible
from bpviz.documents import notebooks
from bpviz.documents.notebooks import insert_variable, split_words
from tests.conftest import need_module
from tests.support.notebook import run_cells

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
POINT = "--x 3 --y -4"
SVG, PNG, PDF, HTML, LATEX = "image/svg+xml", "image/png", "application/pdf", "text/html", "text/latex"
CELLS = {
    "load": "import bpviz\n%load_ext bpviz",
    "figure": f"%%bpviz {POINT} --theme cs231n\n{EXAMPLE}\n",
    "same figure": f"%%bpviz {POINT} --theme cs231n\n{EXAMPLE}\n",
    "statements": "%%bpviz draw --z -4\nx = -2\ny = 5\nq = x + y  # a comment\nf = q*z\n",
    "minus": "%%bpviz table --x 2\n-x\n",
    "file": f'%bpviz draw "{EXAMPLE}" {POINT} -o f.pdf -o f.svg',
    "png": '%bpviz draw "x*y" --x 2 --y 3 --format png',
    "dot": '%bpviz draw "x*y" --x 2 --y 3 --format dot',
    "dash": '%bpviz draw "x*y" --x 2 --y 3 -o - --format dot',
    "paths": '%bpviz draw "x*y + x" --x 2 --y 3 --highlight x',
    "table": f'%bpviz table "{EXAMPLE}" {POINT}',
    "csv": f'%bpviz table "{EXAMPLE}" {POINT} --format csv',
    "steps": f'%bpviz steps "{EXAMPLE}" {POINT}',
    "check": '%bpviz check "x*y" --x 2 --y 3 --claim x=2',
    "code": '%bpviz code "x*y"',
    "symbolic": '%bpviz symbolic "x*y^2"',
    "gate": "%bpviz gates multiply",
    "sweep": '%bpviz sweep "x^2" --x -3:3:7',
    "plot": '%bpviz sweep "x^2" --x -3:3:7 --format svg',
    "variable": 'point = 2.5\n%bpviz table "x*x" --x $point',
    "latex": "x = 7\n%bpviz table '\\frac{x}{y}' --x 3 --y 2 --format csv",
    "deck": '%bpviz deck "x*y" --x 2 --y 3 -o deck.html',
    "page": '%bpviz page "x*y" --x 2 --y 3 --title "a < b & c"',
    "help": "%bpviz draw -h",
    "exercise": "%bpviz exercise --seed 3 --as draw",
    "show": 'bpviz.draw("x*y", x=2, y=3).show()',
    "last line": 'bpviz.draw("x*y", x=2, y=3)',
    "misspelt word": 'figure = None\nbpviz.draw("x*y", x=2, y=3, dircetion="up")',
    "misspelt method's word": 'graph = bpviz.parse("x*y")\ngraph.draw(dircetion="up")',
    "missing": "%%bpviz --x 2\nx*y\n",
    "program": "%%bpviz --x 2\nq = 2x\nx*sigmod(q)\n",
    "command": '%bpviz tabel "x*y"',
    "option": '%bpviz table "x*y" --x 2 --y 3 --format pdf',
    "theme": "%%bpviz --theme drak\nx*y\n",
    "quote": '%bpviz table "x*y --x 2',
    "no variable": '%bpviz table "x*x" --x $pont',
    "binary": '%bpviz draw "x*y" --x 2 --y 3 -o - --format pdf',
    "input": "%bpviz table - --x 2",
    "document": '%bpviz steps "x*y" --format pdf',
    "open": '%bpviz draw "x*y" --open',
}


class Cell:
    """What stands below a cell."""

    def __init__(self, outputs: list[Any]) -> None:
        self.shown = [each.data for each in outputs if "data" in each]
        self.printed = "".join(each.text for each in outputs if each.output_type == "stream" and each.name == "stdout")
        self.warned = "".join(each.text for each in outputs if each.output_type == "stream" and each.name == "stderr")
        self.error = [line for each in outputs if each.output_type == "error" for line in each.traceback]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def cells(folder: Path) -> dict[str, Cell]:
    notebook = run_cells(list(CELLS.values()), folder)
    return {name: Cell(cell.outputs) for name, cell in zip(CELLS, notebook.cells, strict=True)}


@pytest.mark.parametrize("name", ["figure", "statements", "file", "paths", "exercise", "show", "last line", "plot"])
def test_a_picture_is_shown_once(name: str, cells: dict[str, Cell]) -> None:
    (shown,) = cells[name].shown
    assert ElementTree.fromstring(shown[SVG]).tag.endswith("svg")
    assert cells[name].error == []


def test_a_figure_has_every_form_that_a_notebook_keeps(cells: dict[str, Cell]) -> None:
    (shown,) = cells["figure"].shown
    assert shown["text/plain"] == "<Figure f = 1.55 at x = 3, y = −4>"
    assert b64decode(shown[PNG]).startswith(b"\x89PNG")
    assert b64decode(shown[PDF]).startswith(b"%PDF")
    assert shown[SVG].encode() == bpviz.draw(EXAMPLE, x=3, y=-4, theme="cs231n").data("svg")


def test_no_id_stands_twice_on_the_page(cells: dict[str, Cell]) -> None:
    pictures = [shown[SVG] for cell in cells.values() for shown in cell.shown if SVG in shown]
    found = [each for picture in pictures for each in re.findall(r' id="([^"]*)"', picture)]
    assert len(pictures) > 6
    assert len(found) == len(set(found))


def test_what_refers_to_an_id_refers_to_one_of_the_same_picture(cells: dict[str, Cell]) -> None:
    for name in ("figure", "same figure", "plot"):
        picture = cells[name].shown[0][SVG]
        words = re.findall(r'aria-labelledby="([^"]*)"', picture)
        asked = {each for group in words for each in group.split()} | set(re.findall(r'href="#([^"]*)"', picture))
        assert asked <= set(re.findall(r' id="([^"]*)"', picture))


def test_a_figure_without_a_file_prints_no_line(cells: dict[str, Cell]) -> None:
    assert (cells["figure"].printed, cells["figure"].warned) == ("", "")
    assert cells["paths"].printed.startswith("2 paths from x to f")


def test_a_file_is_written_where_it_is_named_and_nowhere_else(cells: dict[str, Cell], folder: Path) -> None:
    assert cells["file"].printed == "f = 1.55   ∂f/∂x = 2.06   ∂f/∂y = 1.59   → f.pdf, f.svg\n"
    assert sorted(file.name for file in folder.iterdir()) == ["deck.html", "f.pdf", "f.svg", "page.html"]


def test_a_format_chooses_what_is_shown(cells: dict[str, Cell]) -> None:
    assert [[*shown] for shown in cells["png"].shown] == [[PNG]]
    assert cells["dot"].printed == cells["dash"].printed
    assert cells["dot"].printed.startswith("digraph {")


def test_a_cell_is_a_program_whatever_it_begins_with(cells: dict[str, Cell]) -> None:
    assert cells["statements"].shown[0]["text/plain"] == "<Figure f = −12 at x = −2, y = 5, z = −4>"
    assert "−x" in cells["minus"].shown[0]["text/plain"]


@pytest.mark.parametrize("name", ["table", "steps", "check", "code", "symbolic", "gate", "sweep"])
def test_a_text_is_what_the_command_line_prints(name: str, cells: dict[str, Cell]) -> None:
    line = split_words(CELLS[name].removeprefix("%bpviz "))
    done = subprocess.run([sys.executable, "-m", "bpviz", *line], capture_output=True, text=True, check=False)
    assert cells[name].shown[0]["text/plain"].rstrip("\n") == done.stdout.rstrip("\n")
    assert cells[name].error == []


@pytest.mark.parametrize("name", ["table", "steps", "check", "code", "symbolic", "sweep"])
def test_a_text_is_set_on_the_page_and_exported_to_latex(name: str, cells: dict[str, Cell]) -> None:
    (shown,) = cells[name].shown
    assert [*shown] == ["text/plain", HTML, LATEX]
    assert shown[HTML].startswith('<div class="bpviz">')


def test_a_page_is_shown_in_a_frame_of_its_own(cells: dict[str, Cell], folder: Path) -> None:
    frame = ElementTree.fromstring(cells["page"].shown[0][HTML])
    assert frame.attrib["srcdoc"].split() == (folder / "page.html").read_text(encoding="utf-8").split()
    assert cells["page"].printed == "→ page.html\n"


def test_the_sample_runs(tmp_path: Path) -> None:
    sample = Path(__file__).parents[2] / "samples" / "lecture.ipynb"
    sources = ["".join(cell["source"]) for cell in json.loads(sample.read_text(encoding="utf-8"))["cells"]]
    outputs = [each for cell in run_cells(sources, tmp_path).cells for each in cell.outputs]
    assert [each for each in outputs if each.output_type in ("error", "stream")] == []
    assert sum(SVG in each.data for each in outputs) == 3
    assert sum(HTML in each.data for each in outputs) == 3


def test_a_notebook_is_exported_to_html_and_latex(folder: Path) -> None:
    exporters = need_module("nbconvert.exporters")
    notebook = run_cells([CELLS[name] for name in ("load", "figure", "table", "steps")], folder)
    page, _ = exporters.HTMLExporter().from_notebook_node(notebook)
    assert page.count('<div class="bpviz">') == 2
    assert b64encode(notebook.cells[1].outputs[0].data[SVG].encode()).decode() in page
    document, resources = exporters.LatexExporter().from_notebook_node(notebook)
    (name,) = (name for name in resources["outputs"] if name.endswith(".pdf"))
    assert f"{{{name}}}" in document
    assert document.count("\\begin{tabular}") == 2


def test_what_is_a_files_text_is_printed_as_it_is(cells: dict[str, Cell]) -> None:
    (shown,) = cells["csv"].shown
    assert [*shown] == ["text/plain"]
    assert shown["text/plain"].splitlines()[1] == "input,,x,,,3.0,2.059569795572165,,,"


def test_a_dollar_sign_inserts_a_variable_and_braces_never_do(cells: dict[str, Cell]) -> None:
    assert "6.25" in cells["variable"].shown[0]["text/plain"]
    assert "input,,x,,,3.0,0.5" in cells["latex"].shown[0]["text/plain"]


def test_the_help_is_printed(cells: dict[str, Cell]) -> None:
    assert cells["help"].printed.startswith("Usage: bpviz draw [OPTIONS] PROGRAM")
    assert cells["help"].error == []


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (
            "misspelt word",
            [
                "UsageError: no option or input is called dircetion",
                "did you mean direction?",
                'in line 2 of the cell: bpviz.draw("x*y", x=2, y=3, dircetion="up")',
            ],
        ),
        (
            "misspelt method's word",
            [
                "UsageError: no option is called dircetion",
                "did you mean direction?",
                'in line 2 of the cell: graph.draw(dircetion="up")',
            ],
        ),
        ("missing", ["UsageError: f needs a value for y", "add --y …"]),
        (
            "program",
            [
                "ProgramError: sigmod is not a function that bpviz knows",
                "  line 2: x*sigmod(q)",
                "            ^^^^^^",
                "did you mean sigmoid?",
            ],
        ),
        ("command", ["UsageError: no command is called tabel", "did you mean bpviz table?"]),
        ("quote", ["UsageError: a quotation mark is not closed", "put the program between two of them"]),
        ("no variable", ["UsageError: no variable is called pont", "did you mean $point?"]),
        ("binary", ["UsageError: a cell prints text only", "name a file, as in -o f.pdf"]),
        ("input", ["UsageError: a cell has no standard input", "write %%bpviz, and the program below it"]),
        (
            "document",
            [
                "UsageError: a cell shows a derivation, but no document",
                "name a file, as in -o steps.pdf, or leave --format out",
            ],
        ),
        (
            "open",
            [
                "UsageError: --open shows a file, and none is written",
                "add -o f.svg, or leave --open out",
            ],
        ),
    ],
)
def test_an_error_is_its_message_without_a_traceback(name: str, lines: list[str], cells: dict[str, Cell]) -> None:
    assert cells[name].error == lines
    assert cells[name].shown == []


@pytest.mark.parametrize(("name", "hint"), [("option", "-h shows how it is typed"), ("theme", "did you mean dark?")])
def test_an_error_of_clicks_is_one_of_ours(name: str, hint: str, cells: dict[str, Cell]) -> None:
    first, last = cells[name].error
    assert first.startswith("UsageError: Invalid value for '--")
    assert last.endswith(hint)


@pytest.mark.parametrize("word", ["x", "$", "$1", "$x$", "-$x", "--x=$", "--x", "{x}"])
def test_only_a_whole_word_is_a_variable(word: str) -> None:
    assert insert_variable(word, {"x": 2}) == word


def test_a_mistake_in_a_script_has_no_line_of_a_cell() -> None:
    with pytest.raises(bpviz.ProgramError) as error:
        bpviz.parse("x*")
    assert error.value._render_traceback_() == f"ProgramError: {error.value}".split("\n")


def test_the_same_figure_is_numbered_from_its_second_time_on() -> None:
    figure = bpviz.draw("x*y + 41", x=2, y=3)
    first, second, third = (figure._repr_mimebundle_(include=[SVG])[0][SVG] for _ in range(3))
    assert first == figure.svg
    assert len({first, second, third}) == 3
    assert {len(each) - len(first) for each in (second, third)} == {2 * first.count("fig-")}


def test_a_form_that_is_not_asked_for_is_not_made() -> None:
    figure = bpviz.draw("x*y", x=2, y=3)
    assert [*figure._repr_mimebundle_(include=["text/plain", PDF])[0]] == ["text/plain", PDF]
    assert [*figure._repr_mimebundle_(exclude=[PNG, PDF])[0]] == ["text/plain", SVG]


def test_a_png_that_is_too_large_is_left_out() -> None:
    bundle, metadata = bpviz.draw("x*y", x=2, y=3, dpi=600, limit={"pixels": 1000})._repr_mimebundle_()
    assert [*bundle] == ["text/plain", SVG, PDF]
    assert metadata == {}


@pytest.mark.parametrize("opens", [True, False])
def test_outside_a_notebook_a_figure_is_shown_by_the_desktop(opens: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(notebooks, "open_file", lambda name: opened.append(name) or opens)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    figure = bpviz.draw("x*y", x=2, y=3)
    if opens:
        figure.show()
    else:
        with pytest.raises(bpviz.OutputError, match=r'save it and open it yourself: figure\.save\("f\.svg"\)'):
            figure.show()
    (name,) = opened
    assert Path(name).read_text(encoding="utf-8") == figure.svg
    Path(name).unlink()


@pytest.mark.skipif(current_thread() is not main_thread(), reason="only the main thread sets what a signal does")
def test_ctrl_c_ends_a_command_and_no_kernel() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for cell, handler in ((None, signal.SIG_DFL), (print, signal.default_int_handler)):
            with click.Context(click.Command("draw"), obj=cell), interruptible():
                assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_the_extension_is_reached_without_ipython() -> None:
    code = "import sys, bpviz; bpviz.load_ipython_extension; sys.exit('IPython' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_importing_bpviz_imports_nothing_of_it() -> None:
    code = "import sys, bpviz; sys.exit(any(name.startswith('bpviz.') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
