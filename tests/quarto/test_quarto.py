"""The filter for Quarto and pandoc, run by pandoc: figures, tables and derivations in HTML, LaTeX, docx and pptx."""

from __future__ import annotations

import html
import os
import re
import struct
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bpviz.errors import OutputError
from bpviz.quarto import write_extension
from tests.conftest import need
from tests.support.command import Shell

SAMPLES = Path(__file__).parents[2] / "samples"
EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
FIGURE = f'```{{.bpviz #fig-example x=3 y=-4 theme=cs231n caption="The *example*."}}\n{EXAMPLE}\n```\n'
TABLE = f'```{{.bpviz as=table label=tbl-numbers x=3 y=-4 caption="Every number."}}\n{EXAMPLE}\n```\n'
STEPS = "```{.bpviz as=steps x=3 y=-4}\nx*y + x\n```\n"
BEGINNINGS = {".svg": b"<svg", ".pdf": b"%PDF-", ".png": b"\x89PNG"}


class Desk:
    """A folder with the extension in it, where pandoc turns a document into another; said is its log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = ""
        write_extension(folder)
        # the command bpviz, of this Python and this source whatever is installed
        command = folder / "bpviz"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bpviz "$@"\n')
        command.chmod(0o755)

    def convert(self, document: str, target: str, *options: str) -> str:
        """Write the document to a target; return its text, or nothing if it is no text."""
        (self.folder / "document.md").write_text(document, encoding="utf-8")
        path = os.pathsep.join([str(self.folder), os.environ["PATH"]])
        source = str(Path(__file__).parents[2])
        words = ["document.md", "--lua-filter", "_extensions/bpviz/bpviz.lua", "-o", target, *options]
        done = subprocess.run(
            [need("pandoc"), *words],
            cwd=self.folder,
            env={**os.environ, "PATH": path, "PYTHONPATH": source},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self.said = done.stderr
        made = self.folder / target
        return made.read_text(encoding="utf-8") if made.suffix in (".html", ".tex", ".md") else ""

    def pictures(self, folder: str = "bpviz-figures") -> list[Path]:
        return sorted(file for file in (self.folder / folder).iterdir() if file.suffix in BEGINNINGS)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    if os.name == "nt":
        pytest.skip("the command of these tests is a script of a Unix shell")
    return Desk(tmp_path)


def test_html_has_svg_with_a_caption_and_what_refers_to_it(desk: Desk) -> None:
    page = desk.convert(f"See @fig-example.\n\n{FIGURE}", "page.html")
    (picture,) = desk.pictures()
    assert f'src="bpviz-figures/{picture.name}"' in page
    assert ElementTree.fromstring(picture.read_text(encoding="utf-8")).tag.endswith("svg")
    assert re.search(r"<figcaption[^>]*>Figure.1: The <em>example</em>\.</figcaption>", page)
    assert 'id="fig-example"' in page
    assert re.search(r'<a\s+href="#fig-example">Figure.1</a>', page)
    assert desk.said == ""


def test_the_text_for_who_cannot_see_a_figure_is_its_numbers(desk: Desk) -> None:
    page = desk.convert(f'{FIGURE}\n```{{.bpviz alt="A product."}}\nx*y\n```\n', "page.html")
    assert 'alt="The graph: f = 1.55, ∂f/∂x = 2.06, ∂f/∂y = 1.59"' in page
    assert 'alt="A product."' in page


def test_latex_has_a_pdf_in_a_figure_that_it_numbers(desk: Desk) -> None:
    source = desk.convert(f"See @fig-example and @tbl-numbers.\n\n{FIGURE}\n{TABLE}", "paper.tex")
    (picture,) = desk.pictures()
    assert picture.read_bytes().startswith(BEGINNINGS[".pdf"])
    assert re.search(rf"\\includegraphics(\[[^]]*\])?\{{bpviz-figures/{picture.name}\}}", source)
    assert r"\caption{The \emph{example}.}" in source
    assert r"\label{fig-example}" in source
    assert r"See Figure~\ref{fig-example} and" in source
    assert "Table~1: Every number." in source
    assert r"0.512 − 0.0358 + 1.58" in source


@pytest.mark.parametrize(("target", "media"), [("notes.docx", "word/media/"), ("slides.pptx", "ppt/media/")])
def test_office_files_have_a_png_for_print(target: str, media: str, desk: Desk) -> None:
    desk.convert(FIGURE, target)
    with zipfile.ZipFile(desk.folder / target) as archive:
        (picture,) = [archive.read(name) for name in archive.namelist() if name.startswith(media)]
    assert picture.startswith(BEGINNINGS[".png"])
    at = picture.index(b"pHYs") + 4
    assert struct.unpack_from(">I", picture, at)[0] == round(300 / 0.0254)


def test_a_table_and_a_derivation_are_the_documents_own(desk: Desk) -> None:
    page = desk.convert(f"# One\n\n{TABLE}\n{STEPS}\n# Two\n", "page.html", "--mathml")
    assert page.count("<table>") == 2
    assert re.search(r"Table.1: Every number\.", page)
    assert "<strong>Forward pass</strong>" in page
    assert page.count("<math") > 5
    assert re.findall(r'<h\d[^>]*id="([^"]*)"', page) == ["one", "two"]


def test_a_page_is_a_frame_in_html_and_its_figure_elsewhere(desk: Desk) -> None:
    document = (
        f'See @fig-move.\n\n```{{.bpviz #fig-move as=page x=3 y=-4 range="x=-5:5" caption="Move x."}}\n{EXAMPLE}\n```\n'
    )
    page = desk.convert(document, "page.html")
    (inside,) = re.findall(r'<iframe srcdoc="([^"]*)"', page)
    assert html.unescape(inside).startswith("<!DOCTYPE html>")
    assert re.search(r"See <a\s+href=\"#fig-move\">Figure.1</a>", page)
    assert re.search(r"Figure.1: Move x\.", page)
    paper = desk.convert(document, "paper.tex")
    assert r"\includegraphics" in paper
    assert r"\caption{Move x.}\label{fig-move}" in paper
    assert desk.said == ""


@pytest.mark.parametrize("target", ["notes.html", "notes.tex"])
def test_the_sample_is_a_document_without_a_warning(target: str, desk: Desk) -> None:
    made = desk.convert((SAMPLES / "notes.qmd").read_text(encoding="utf-8"), target, "--mathml")
    assert desk.said == ""
    assert len(desk.pictures()) == 3
    assert "bpviz-error" not in made
    assert "Table" in made


def test_figures_stand_beside_the_output_wherever_that_is(desk: Desk) -> None:
    (desk.folder / "out").mkdir()
    page = desk.convert(FIGURE, "out/page.html")
    (picture,) = desk.pictures("out/bpviz-figures")
    assert f'src="bpviz-figures/{picture.name}"' in page
    assert "data:image/svg+xml" in desk.convert(FIGURE, "out/one.html", "--self-contained", "--metadata", "title=One")


def test_what_has_not_changed_is_not_drawn_again(desk: Desk) -> None:
    first = desk.convert(f"{FIGURE}\n```{{.bpviz x=1}}\nx^2\n```\n", "page.html")
    times = {file: file.stat().st_mtime_ns for file in desk.pictures()}
    again = desk.convert(f"{FIGURE}\n```{{.bpviz x=1}}\nx^2\n```\n", "page.html")
    assert again == first
    assert {file: file.stat().st_mtime_ns for file in desk.pictures()} == times
    desk.convert(f"{FIGURE}\n```{{.bpviz x=2}}\nx^2\n```\n", "page.html")
    assert len(desk.pictures()) == 3


def test_what_is_said_of_a_figure_is_said_each_time(desk: Desk) -> None:
    document = "```{.bpviz x=0}\nabs(x)\n```\n"
    desk.convert(document, "page.html")
    first = desk.said
    assert "[WARNING]" in first
    assert "warning: " in first
    desk.convert(document, "page.html")
    assert desk.said == first


def test_an_error_stands_in_the_log_and_in_the_document(desk: Desk) -> None:
    page = desk.convert(f"```{{.bpviz x=3}}\nx + sigmod(x)\n```\n\n{FIGURE}", "page.html")
    for place in (page, desk.said):
        assert "sigmod is not a function that bpviz knows" in place
        assert "^^^^^^" in place
        assert "did you mean sigmoid?" in place
    assert 'class="bpviz-error"' in page
    assert len(desk.pictures()) == 1  # the other figure is there


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ("as=film", "as=film makes nothing here; write as=figure, table, steps or page"),
        ("format=bmp", "format=bmp is no picture; write format=svg, pdf or png"),
        ("as=table x=1 y=2 width=50%", "no input is called width"),
        ("output=stolen.svg", "a block has no option output: leave it out"),
        ("x=1 theem=dark", "did you mean --theme?"),
        ("x=1 y=", "y has no value"),
        ("y=2", "f needs a value for x"),
    ],
)
def test_what_cannot_be_done_is_told(attributes: str, said: str, desk: Desk) -> None:
    page = desk.convert(f"```{{.bpviz {attributes}}}\nx*y\n```\n", "page.html")
    assert said in page.replace("&quot;", '"')
    assert said in desk.said
    assert not (desk.folder / "stolen.svg").exists()


def test_a_command_that_is_not_there_is_told(desk: Desk) -> None:
    page = desk.convert(f"---\nbpviz:\n  command: nowhere/bpviz\n---\n\n{FIGURE}", "page.html")
    assert "nowhere/bpviz does not run: install bpviz" in page
    assert "nowhere/bpviz does not run: install bpviz" in desk.said


def test_the_metadata_say_what_holds_for_all_figures(desk: Desk) -> None:
    metadata = "---\nbpviz:\n  theme: dark\n  share: true\n  branch: false\n  folder: pictures\n---\n\n"
    program = "```{.bpviz x=2%s}\n(x+1)*(x+1)\n```\n\n"
    desk.convert(metadata + program % "" + program % " theme=print" + program % " as=table", "page.html")
    looks = [picture.read_text(encoding="utf-8") for picture in desk.pictures("pictures")]
    assert sorted("#16181d" in look for look in looks) == [False, True]
    assert all(look.count('class="node gate') == 2 for look in looks), "x + 1 is one gate, and the square of it"


def test_flags_are_true_or_false(desk: Desk) -> None:
    desk.convert("```{.bpviz x=2 blank=true branch=false}\nx*x\n```\n", "page.html")
    (picture,) = desk.pictures()
    drawn = picture.read_text(encoding="utf-8")
    assert ">4<" not in drawn
    assert "branch" not in drawn


def test_other_blocks_and_references_are_left_alone(desk: Desk) -> None:
    page = desk.convert("```{.python x=3}\nbpviz\n```\n\nSee @smith and @fig-other.\n", "page.html")
    assert "bpviz" in page
    assert 'data-cites="smith"' in page
    assert 'data-cites="fig-other"' in page
    assert not (desk.folder / "bpviz-figures").exists()


def test_what_means_something_to_a_shell_is_a_program(desk: Desk) -> None:
    page = desk.convert(
        '```{.bpviz x="$(touch stolen)" title="`touch stolen`; \'a\' &quot;b&quot;"}\nx\n```\n', "page.html"
    )
    assert "bpviz-error" in page
    assert not (desk.folder / "stolen").exists()


def test_the_command_writes_the_extension_into_a_project(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shell = Shell(monkeypatch, capfd)
    files = [str(tmp_path / "_extensions" / "bpviz" / name) for name in ("_extension.yml", "bpviz.lua")]
    assert shell("quarto", str(tmp_path)) == (0, f"→ {', '.join(files)}\n", "")
    assert "- bpviz.lua" in Path(files[0]).read_text()
    Path(files[1]).write_text("of an older release")
    assert shell("quarto", str(tmp_path), "--quiet") == (0, "", "")
    assert "of an older release" not in Path(files[1]).read_text()
    done = shell("quarto", str(tmp_path / "nowhere"))
    assert done.status == 1
    assert "its folder does not exist" in done.err


def test_the_extension_has_the_release_of_bpviz(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_extension(tmp_path / "nowhere")
    manifest = Path(write_extension(tmp_path)[0]).read_text()
    assert f"version: {version('bpviz')}\n" in manifest
