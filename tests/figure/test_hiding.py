"""States of a figure: numbers hide, stand on lines and light up, and nothing moves by it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bpviz import parse, run
from bpviz.figure.description import describe
from bpviz.figure.diagram import FILLED, GRADIENT, HIDDEN, NEW, RULED, VALUE, Diagram, Stage
from bpviz.figure.picture import make_picture
from bpviz.figure.rendering import render
from bpviz.formula.numerals import THREE_DIGITS

EXAMPLE = (Path(__file__).parents[2] / "samples" / "example.bp").read_text()
GRAPH = parse(EXAMPLE)
TRACE = run(GRAPH)
SHAPE = re.compile(r'<(ellipse|polygon|path|polyline)[^>]*?( (?:cx|points|d)="[^>]*?)/>')
WORDS = re.compile(r">([^<]+)<")
TEXT = re.compile(r"<text [^>]*>([^<]*)</text>")


def diagram() -> Diagram:
    return describe(GRAPH, TRACE, THREE_DIGITS, labels="both", branch=True)


def stage(state: str, highlighted: tuple[str, ...] = ()) -> Stage:
    return Stage({(edge.id, role): state for edge in diagram().edges for role in (VALUE, GRADIENT)}, highlighted)


def svg(theme: str, stage: Stage | None) -> str:
    return render(make_picture(GRAPH, TRACE, theme=theme, stage=stage), "svg").decode()


def shapes(drawn: str, kind: str = "ellipse|path") -> list[str]:
    return [found[2] for found in SHAPE.finditer(drawn) if re.fullmatch(kind, found[1])]


@pytest.mark.parametrize("theme", ["drawio", "cs231n"])
@pytest.mark.parametrize("state", [HIDDEN, NEW])
def test_nothing_moves_when_a_number_hides_or_a_gate_is_lit(theme: str, state: str) -> None:
    assert shapes(svg(theme, stage(state, ("gate-num", "input-x")))) == shapes(svg(theme, None))


def test_a_sheet_and_its_key_lie_on_each_other() -> None:
    sheet, key = svg("drawio", stage(RULED)), svg("drawio", stage(FILLED))
    assert shapes(sheet, ".*") == shapes(key, ".*")
    assert len(shapes(sheet, "polyline")) == len(diagram().edges) * 2


def test_what_is_hidden_cannot_be_found() -> None:
    assert "1.55" in TEXT.findall(svg("drawio", None))
    for state in (HIDDEN, RULED):
        assert "1.55" not in TEXT.findall(svg("drawio", stage(state)))


def test_what_is_lit_has_the_theme_s_colour_behind_it() -> None:
    only = Stage({("wire-output", VALUE): NEW}, ("gate-num",))
    assert svg("drawio", only).count('fill="#ffeaa3"') == 2


def test_no_title_tells_what_is_hidden() -> None:
    hidden = stage(HIDDEN)
    shown = Stage({**hidden.states, ("wire-output", VALUE): NEW}, ())
    for told, wanted in ((hidden, False), (shown, True)):
        drawn = svg("drawio", told)
        words = " ".join(WORDS.findall(drawn))
        assert ("1.55" in words) == wanted
        assert "3.02" not in words


def test_a_title_tells_what_is_shown() -> None:
    values = Stage({place: HIDDEN for place in stage(HIDDEN).states if place[1] == GRADIENT})
    titles = re.findall(r"<title>([^<]*)</title>", svg("drawio", values))
    assert "num = x + sigy = 3.02" in titles
    assert "num → f: value 3.02" in titles
    assert not [title for title in titles if "gradient" in title]
