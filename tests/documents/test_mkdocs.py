"""A project of MkDocs is built: fences become figures, and mistakes stop a strict build."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import need_module

CONFIGURATION = """
site_name: Test
use_directory_urls: false
theme: {name: null, custom_dir: theme}
markdown_extensions:
  - pymdownx.superfences:
      custom_fences:
        - name: bpviz
          class: bpviz
          format: !!python/name:bpviz.documents.mkdocs.fence
          validator: !!python/name:bpviz.documents.mkdocs.validate
"""
EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
FIGURE = f'```{{.bpviz #fig-example x=3 y=-4 theme=cs231n caption="The <example>."}}\n{EXAMPLE}\n```\n'


class Site:
    """A project of MkDocs; said is what MkDocs says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.status, self.said = 0, ""
        (folder / "docs").mkdir()
        (folder / "theme").mkdir()
        (folder / "theme" / "main.html").write_text("<html><body>{{ page.content }}</body></html>")
        (folder / "mkdocs.yml").write_text(CONFIGURATION)

    def build(self, document: str, *options: str) -> str:
        """Build the document; return its page."""
        (self.folder / "docs" / "index.md").write_text(document, encoding="utf-8")
        words = [sys.executable, "-m", "mkdocs", "build", *options]
        done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=False)
        self.status, self.said = done.returncode, done.stderr
        page = self.folder / "site" / "index.html"
        return page.read_text(encoding="utf-8") if page.exists() else ""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    need_module("mkdocs")
    need_module("pymdownx")
    return Site(tmp_path)


def test_a_fence_is_a_figure_with_a_caption(site: Site) -> None:
    page = site.build(f"[there](#fig-example)\n\n{FIGURE}\n```python\nx = 1\n```\n", "--strict")
    assert site.status == 0, site.said
    assert '<figure id="fig-example" class="bpviz"><svg ' in page
    assert "<figcaption>The &lt;example&gt;.</figcaption>" in page
    assert ">2.06<" in page
    assert page.count("<svg ") == 1


def test_both_ways_to_begin_a_fence_are_one(site: Site) -> None:
    figures = re.findall("<svg.*?</svg>", site.build(f'```bpviz x="3" y="-4"\n{EXAMPLE}\n```\n'), re.DOTALL)
    assert figures == re.findall("<svg.*?</svg>", site.build(f"```{{.bpviz x=3 y=-4}}\n{EXAMPLE}\n```\n"), re.DOTALL)
    assert len(figures) == 1


def test_no_page_has_an_id_twice(site: Site) -> None:
    page = site.build(FIGURE + "\n" + FIGURE.replace(" #fig-example", ""))
    ids = re.findall(r' id="([^"]*)"', page)
    assert page.count("<svg ") == 2
    assert len(ids) == len(set(ids))
    assert page == site.build(FIGURE + "\n" + FIGURE.replace(" #fig-example", ""))


def test_a_table_and_a_derivation_need_no_script(site: Site) -> None:
    page = site.build(
        f"```{{.bpviz as=table x=3 y=-4}}\n{EXAMPLE}\n```\n\n```{{.bpviz as=steps x=2}}\nx^2\n```\n", "--strict"
    )
    assert site.status == 0, site.said
    assert "<table" in page
    assert "<math" in page
    assert "<script" not in page


def test_a_page_stands_in_a_frame(site: Site) -> None:
    page = site.build(f"```{{.bpviz as=page x=3 y=-4}}\n{EXAMPLE}\n```\n", "--strict")
    assert site.status == 0, site.said
    assert page.count('<iframe srcdoc="&lt;!DOCTYPE html&gt;') == 1


@pytest.mark.parametrize(
    ("fence", "said"),
    [
        ("{.bpviz x=3}\nx + sigmod(x)", "did you mean sigmoid?"),
        ("{.bpviz as=film}\nx", "choose one of figure, table, steps, page"),
        ("{.bpviz as=table x=1 width=50%}\nx^2", "no input is called width"),
        ("{.bpviz output=f.svg}\nx", "a block has no option output"),
    ],
)
def test_a_mistake_stands_on_the_page_and_stops_a_strict_build(fence: str, said: str, site: Site) -> None:
    page = site.build(f"```{fence}\n```\n\n{FIGURE}")
    assert site.status == 0
    assert said in page
    assert said in site.said
    assert '<div class="bpviz-error">' in page
    assert page.count("<svg ") == 1  # the other figure is there
    site.build(f"```{fence}\n```\n", "--strict")
    assert site.status != 0


def test_a_fault_of_bpviz_is_not_passed_over_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    superfences = need_module("pymdownx.superfences")
    mkdocs = need_module("bpviz.documents.mkdocs")

    def fail(block: object) -> None:
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(mkdocs, "make_block", fail)
    with pytest.raises(superfences.SuperFencesException, match="bpviz failed: a fault"):
        mkdocs.fence("x", "bpviz", "bpviz", {}, None)
