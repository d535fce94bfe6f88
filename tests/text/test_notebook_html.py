"""Texts as a notebook shows and exports them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

import bpviz
from bpviz.figure.theme import find_theme
from bpviz.text import Text, write_gate_page
from bpviz.text.notebook_html import STYLE
from bpviz.text.writers import MOST_RICH_ROWS

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
PROGRAMS = [EXAMPLE, "where(a_1 > 0, x, -x)*w^(1/2)", "-x", "abs(x)", "x*y - x*y"]


def read(html: str | None) -> ElementTree.Element:
    """Read a fragment, which is XML but for its spaces with a name."""
    assert html
    return ElementTree.fromstring(html.replace("&nbsp;", "\N{NO-BREAK SPACE}"))


def read_text(html: str | None) -> str:
    page = read(html)
    return "".join("".join(each.itertext()) for each in page if each.tag != "style")


def make_texts(program: str) -> dict[str, Text]:
    trace = bpviz.parse(program).at(dict.fromkeys(bpviz.parse(program).input_names, 1.5))
    return {
        "table": trace.table(),
        "steps": trace.steps(),
        "steps in symbols": trace.graph.steps(),
        "code": trace.code(),
        "symbolic": trace.symbolic(local=True),
        "check": trace.check().text(),
    }


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_text_is_a_fragment_that_fetches_nothing_and_has_no_heading(program: str) -> None:
    for name, text in make_texts(program).items():
        page = read(text._repr_html_())
        assert page.attrib == {"class": "bpviz"}, name
        tags = {each.tag for each in page.iter()}
        assert not tags & {"h1", "h2", "h3", "h4", "script", "link", "img"}, name
        assert not any("href" in each.attrib or "src" in each.attrib or "id" in each.attrib for each in page.iter())


def test_a_table_has_the_cells_of_the_plain_one() -> None:
    table = bpviz.table(EXAMPLE, x=3, y=-4)
    page = read(table._repr_html_())
    cells = [cell.text or "" for row in page.iter("tr") for cell in row]
    assert " ".join(" ".join(cells).split()) == " ".join(table.split())


def test_numbers_have_their_points_in_line() -> None:
    page = read(bpviz.table("x + y", x=2, y=0.25)._repr_html_())
    values = [cell.text for cell in page.iter("td") if cell.attrib["class"] == "value number"]
    assert values == ["2\N{PUNCTUATION SPACE}\N{FIGURE SPACE}\N{FIGURE SPACE}", "0.25", "2.25"]


def test_what_is_typed_is_no_markup() -> None:
    for text in make_texts("where(x < y, x, y)").values():
        read(text._repr_html_())  # a < would begin an element
    assert "&lt; y" in str(bpviz.code("where(x < y, x, y)")._repr_html_())


def test_what_is_exported_is_the_latex_of_the_same_text() -> None:
    trace = bpviz.parse(EXAMPLE).at(x=3, y=-4)
    assert trace.table(digits=5)._repr_latex_() == trace.table(digits=5, format="latex")
    assert trace.steps(only="x")._repr_latex_() == trace.steps(only="x", format="latex")
    assert trace.symbolic(expand=True)._repr_latex_() == trace.symbolic(expand=True, format="latex")
    assert trace.code(lang="latex")._repr_latex_() == trace.code(lang="latex")
    assert trace.code()._repr_latex_() == f"\\begin{{verbatim}}\n{trace.code()}\\end{{verbatim}}\n"


@pytest.mark.parametrize(
    "text", [bpviz.code("x*y + sigmoid(x)"), bpviz.code("x*y", lang="latex"), write_gate_page("max")]
)
def test_a_listing_is_shown_as_it_is(text: Text) -> None:
    assert read_text(text._repr_html_()).strip() == text.strip()


def test_where_a_notebook_is_not_trusted_formulas_are_plain_text() -> None:
    for text in (bpviz.steps(EXAMPLE, x=3, y=-4), bpviz.symbolic(EXAMPLE), bpviz.symbolic("x*(x > 0 ? 1 : 2)")):
        page = read(text._repr_html_())
        seen = [each for each in page if each.tag != "style" and "hidden" not in each.attrib]
        assert "".join("".join(each.itertext()) for each in seen) == text.rstrip("\n")
        assert {each.tag for part in seen for each in part.iter()} == {"pre"}


def test_a_derivation_has_its_numbers_and_its_remarks() -> None:
    words = " ".join(read_text(bpviz.steps(EXAMPLE, x=3, y=-4, for_="y")._repr_html_()).split())
    assert "Forward pass" in words
    assert "Only the steps on the paths from y to f" in words
    assert "≈−0.792" in words.replace(" ", "")


@pytest.mark.parametrize("kind", ["csv", "json", "latex", "markdown"])
def test_what_is_asked_for_in_a_format_is_not_set(kind: str) -> None:
    text = bpviz.table("x*y", x=1, y=2, format=kind)
    assert text._repr_html_() is None
    assert text._repr_latex_() is None


def test_a_table_that_no_page_holds_is_plain() -> None:
    text = bpviz.table("; ".join(["a0 = x", *(f"a{i} = a{i - 1} + 1" for i in range(1, MOST_RICH_ROWS + 2))]), x=1)
    assert text._repr_html_() is None


def test_the_colours_are_those_of_the_figures_on_a_light_page_and_on_a_dark_one() -> None:
    found = re.findall(r"--(?:value|gradient):(#[0-9a-f]{6})", STYLE.read_text(encoding="utf-8"))
    light, dark = find_theme("drawio"), find_theme("dark")
    assert found == [light.value, light.gradient, dark.value, dark.gradient]
