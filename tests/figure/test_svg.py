"""SVG that looks the same everywhere: letters as outlines, many figures on a page, colours that follow the reader."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.svgLib.path import parse_path

import bpviz
from bpviz.errors import UsageError
from bpviz.figure.drawing import Figure
from bpviz.figure.layout import find_missing_letters
from bpviz.figure.theme import THEMES
from tests.support.browser import measure_in_browser
from tests.support.drawing import read

SVG = "{http://www.w3.org/2000/svg}"
EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
NOT_A_LETTER = "\u0379"  # which no font has: the code point is not assigned
ROLES = ("background", "ink", "faint", "value", "gradient", "highlight", "positive", "negative", "dry")


def draw(**options: object) -> Figure:
    return bpviz.draw(EXAMPLE, x=3, y=-4, **options)


# Letters as outlines


@pytest.mark.parametrize("options", [{}, {"theme": "cs231n", "title": 'a "title" & more'}, {"show": "chain"}])
def test_each_text_is_a_path_where_the_text_stood(options: dict[str, str]) -> None:
    texts = read(draw(**options).svg).texts
    outlined = ElementTree.fromstring(draw(text="outline", **options).svg)
    found = {}
    for path in outlined.iter(f"{SVG}path"):
        if "aria-label" in path.attrib:
            pen = ControlBoundsPen(None)
            parse_path(path.get("d"), pen)
            found.setdefault(path.get("aria-label", "").strip(), []).append((pen.bounds, path.get("fill")))
    assert sorted(found) == sorted({text.words for text in texts})
    scale, dx, dy = re.findall(r"-?[\d.]+", outlined.find(f"{SVG}g").get("transform"))
    for text in texts:
        boxes = [
            [float(scale) * (float(shift) + side) for side, shift in zip(bounds, (dx, dy, dx, dy), strict=True)]
            for bounds, _ in found[text.words]
        ]
        assert any(
            text.box.left - 0.5 <= left < right <= text.box.right + 0.5
            and top == pytest.approx(text.box.top, abs=0.5)
            and bottom == pytest.approx(text.box.bottom, abs=0.5)
            for left, top, right, bottom in boxes
        ), text


def test_outlines_need_no_font_and_keep_all_else() -> None:
    plain, outlined = (re.sub(r"fig-[0-9a-f]{8}-", "", draw(text=text).svg) for text in ("font", "outline"))
    assert not re.search(r"<text|@font-face|<use|<defs", outlined)
    assert re.sub("<path aria-label.*\n", "", outlined) == re.sub(r"<text.*\n|<style>[^<]*</style>\n", "", plain)


def test_only_an_svg_changes_by_it() -> None:
    for format_ in ("pdf", "png", "dot", "tex"):
        assert draw(text="outline").data(format_) == draw().data(format_)


def test_words_with_a_letter_that_the_typeface_has_not_stay_text() -> None:
    svg = draw(text="outline", title=f"plain\n{NOT_A_LETTER}").svg
    assert re.findall(r"<text[^>]*>([^<]*)</text>", svg) == [NOT_A_LETTER]
    assert 'aria-label="plain"' in svg


def test_letters_are_written_in_one_of_two_ways() -> None:
    with pytest.raises(UsageError, match="letters are not written as paths") as error:
        draw(text="paths")
    assert error.value.hint == "choose one of font, outline"


# Letters that no font has


def test_a_letter_that_no_font_has_is_found() -> None:
    assert find_missing_letters(f"x{NOT_A_LETTER}σ\U0001fffc", "bundled") == f"{NOT_A_LETTER}\U0001fffc"


# Colours that follow the reader


def test_the_automatic_theme_has_the_colours_of_the_dark_one_where_the_screen_is_dark() -> None:
    light, dark = THEMES["auto"], THEMES[THEMES["auto"].dark]
    svg = draw(theme="auto").svg
    rules = svg[svg.index("@media (prefers-color-scheme:dark)") : svg.index("</style>")]
    for role in ROLES:
        for paint in ("fill", "stroke"):
            assert f'[{paint}="{getattr(light, role)}"]{{{paint}:{getattr(dark, role)}}}' in rules
    assert len({getattr(light, role) for role in ROLES}) == len(ROLES), "one rule is not another's"


def test_every_colour_of_an_automatic_figure_has_a_dark_one() -> None:
    svg = draw(theme="auto", flow=True).svg + draw(theme="auto", highlight="x").svg
    used = set(re.findall(r'(?:fill|stroke)="(#\w{6})"', svg))
    assert used <= {getattr(THEMES["auto"], role) for role in ROLES}


def test_the_automatic_theme_is_the_light_one_where_no_reader_is_asked() -> None:
    for format_ in ("pdf", "png", "dot", "tex"):
        assert draw(theme="auto").data(format_) == draw(theme="drawio").data(format_)


@pytest.mark.parametrize(("scheme", "fill"), [("0", "rgb(22, 24, 29)"), ("1", "rgb(255, 255, 255)")])
def test_a_figure_that_follows_the_reader_leaves_the_others_on_its_page_alone(
    tmp_path: Path, scheme: str, fill: str
) -> None:
    figures = draw(theme="auto").svg + draw(theme="drawio").svg
    script = 'return [...document.querySelectorAll("svg > g > polygon")].map(page => getComputedStyle(page).fill)'
    option = f"--blink-settings=preferredColorScheme={scheme}"
    assert measure_in_browser(figures, script, tmp_path, option) == [fill, "rgb(255, 255, 255)"]
