"""A project of Sphinx is built: figures with numbers and references, in HTML and LaTeX, and errors that are told."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import need_module

CONFIGURATION = 'extensions = ["bpviz.documents.sphinx"]\nnumfig = True\nproject = "Test"\n'
DOCUMENT = """
Test
====

See :numref:`fig-example`.

.. bpviz::
   :x: 3
   :y: -4
   :theme: cs231n
   :name: fig-example
   :caption: The *example*.

   (x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)

.. bpviz:: W*X
   :W: 2
   :X: 3
   :share:
   :width: 50%
   :alt: A product.
"""


class Project:
    """A project of Sphinx; said is what Sphinx says on standard error."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said = ""
        (folder / "conf.py").write_text(CONFIGURATION)

    def build(self, builder: str, document: str, *options: str) -> Path:
        """Build the document; return the folder of what was made."""
        (self.folder / "index.rst").write_text(document, encoding="utf-8")
        out = self.folder / f"_{builder}"
        # what Sphinx keeps stands in one folder for all builders
        words = ["-b", builder, "-d", str(self.folder / "_kept"), *options, str(self.folder), str(out)]
        done = subprocess.run(
            [sys.executable, "-m", "sphinx", "-q", *words], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        self.said = done.stderr
        return out


@pytest.fixture
def project(tmp_path: Path) -> Project:
    need_module("sphinx")
    return Project(tmp_path)


def test_html_has_the_figures_as_svg_with_caption_number_and_reference(project: Project) -> None:
    out = project.build("html", DOCUMENT, "-W")
    page = (out / "index.html").read_text(encoding="utf-8")
    assert 'alt="The graph: f = 1.55, ∂f/∂x = 2.06, ∂f/∂y = 1.59"' in page
    assert re.search(r"Fig\. 1 </span><span class=\"caption-text\">The <em>example</em>\.", page)
    assert re.search(r'href="#fig-example"><span class="std std-numref">Fig\. 1', page)
    assert re.search(r'<img alt="A product\." src="_images/bpviz-\w+\.svg" (style="width: 50%;"|width="50%")', page)
    pictures = list((out / "_images").iterdir())
    assert len(pictures) == 2
    assert all(picture.read_bytes().startswith(b"<svg") for picture in pictures)


def test_latex_has_them_as_pdf_from_the_same_sources(project: Project) -> None:
    project.build("html", DOCUMENT, "-W")
    out = project.build("latex", DOCUMENT, "-W")
    source = (out / "test.tex").read_text(encoding="utf-8")
    pictures = list(out.glob("bpviz-*.pdf"))
    assert len(pictures) == 2
    assert all(picture.read_bytes().startswith(b"%PDF") for picture in pictures)
    assert all(f"{{{{{picture.stem}}}.pdf}}" in source for picture in pictures)
    assert r"\caption{The \sphinxstyleemphasis{example}.}" in source


def test_where_no_picture_is_shown_its_description_is(project: Project) -> None:
    out = project.build("text", DOCUMENT)
    assert "∂f/∂x = 2.06" in (out / "index.txt").read_text(encoding="utf-8")


def test_an_error_is_a_warning_with_its_line_and_stands_in_the_document(project: Project) -> None:
    out = project.build("html", "Test\n====\n\n.. bpviz::\n   :x: 3\n\n   x + sigmod(x)\n")
    page = (out / "index.html").read_text(encoding="utf-8")
    assert "index.rst:4: WARNING: bpviz: sigmod is not a function that bpviz knows" in project.said
    assert "did you mean sigmoid?" in project.said
    assert "did you mean sigmoid?" in page
    assert "bpviz-error" in page


def test_a_warning_of_bpviz_is_one_of_sphinx(project: Project) -> None:
    project.build("html", "Test\n====\n\n.. bpviz:: abs(x)\n   :x: 0\n")
    assert "index.rst:4: WARNING: bpviz: warning: " in project.said


def test_a_program_in_a_file_is_drawn_anew_when_the_file_changes(project: Project) -> None:
    document = "Test\n====\n\n.. bpviz:: p.bp\n"
    (project.folder / "p.bp").write_text("x = 2; x^2")
    page = project.build("html", document) / "index.html"
    assert "f = 4, ∂f/∂x = 4" in page.read_text(encoding="utf-8")
    (project.folder / "p.bp").write_text("x = 3; x^2  # another")
    project.build("html", document)
    assert "f = 9, ∂f/∂x = 6" in page.read_text(encoding="utf-8")


def test_a_table_and_a_derivation_are_set_in_html_and_latex(project: Project) -> None:
    document = "Test\n====\n\n.. bpviz:: x*y\n   :as: {}\n   :x: 2\n   :y: 3\n   :caption: All of it.\n"
    page = (project.build("html", document.format("table"), "-W") / "index.html").read_text(encoding="utf-8")
    assert "<table" in page
    assert "All of it." in page
    page = (project.build("html", document.format("steps"), "-W") / "index.html").read_text(encoding="utf-8")
    assert "<math" in page
    source = (project.build("latex", document.format("steps"), "-W") / "test.tex").read_text(encoding="utf-8")
    assert r"\frac{\partial f}{\partial x}" in source
    text = (project.build("text", document.format("table"), "-W") / "index.txt").read_text(encoding="utf-8")
    assert "gradient" in text


def test_a_page_is_a_frame_in_html_and_its_figure_elsewhere(project: Project) -> None:
    document = "Test\n====\n\n.. bpviz:: x*y\n   :as: page\n   :x: 2\n   :y: 3\n   :range: x=-5:5\n"
    out = project.build("html", document, "-W")
    assert '<iframe srcdoc="&lt;!DOCTYPE html&gt;' in (out / "index.html").read_text(encoding="utf-8")
    assert not (out / "_images").exists()
    out = project.build("latex", document, "-W")
    assert len(list(out.glob("bpviz-*.pdf"))) == 1
