"""The figure of a slide, out of the one figure with everything, is the figure that would be laid out for it alone."""

import io
from typing import Any

import pytest

import bpviz
from bpviz.figure.rendering import render
from bpviz.figure.theme import THEMES
from bpviz.lecture.decks import Deck
from tests.conftest import need_module

DPI = 100.0
FAINT = 64  # of 255 levels: more than this no pixel differs, and only at the edge of a highlight
PROGRAMS: list[tuple[str, dict[str, Any]]] = [
    ("(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)", {"x": 3, "y": -4}),
    ("sum(softmax(W*x + b)^2)", {"W": [[1, 2], [3, -1]], "x": [1, 2], "b": [0, 1]}),
    ("a*b + a", {"a": 2, "b": -3}),
]


@pytest.fixture(params=PROGRAMS, ids=[program for program, _ in PROGRAMS])
def program(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return request.param  # type: ignore[no-any-return]


def draw_alone(made: Deck, format: str) -> list[bytes]:  # noqa: A002
    """Lay out the figure of every slide that has one."""
    return [render(made.picture(slide.stage), format, dpi=DPI) for slide in made.slides if slide.stage]


@pytest.mark.parametrize("theme", THEMES)
def test_an_svg_is_the_same(program: tuple[str, dict[str, Any]], theme: str) -> None:
    made = bpviz.parse(program[0]).at(program[1]).deck(theme=theme, inputs="once")
    assert made.pictures("svg") == draw_alone(made, "svg")


@pytest.mark.parametrize("theme", ["drawio", "cs231n", "dark"])
def test_a_png_looks_the_same(program: tuple[str, dict[str, Any]], theme: str) -> None:
    image, chops = need_module("PIL.Image"), need_module("PIL.ImageChops")
    made = bpviz.parse(program[0]).at(program[1]).deck(theme=theme, inputs="once")
    for mine, alone in zip(made.pictures("png", DPI), draw_alone(made, "png"), strict=True):
        mine, alone = (image.open(io.BytesIO(png)) for png in (mine, alone))
        assert mine.size == alone.size
        assert mine.info["dpi"] == pytest.approx((DPI, DPI), rel=1e-3)
        assert mine.convert("RGB").getpixel((0, 0)) == alone.convert("RGB").getpixel((0, 0))
        levels = chops.difference(mine.convert("RGB"), alone.convert("RGB")).convert("L").histogram()
        assert sum(levels[FAINT:]) == 0
        assert sum(levels[16:]) < mine.width * mine.height / 100


def test_an_input_beside_its_gates_is_lit_at_each_of_them() -> None:
    made = bpviz.parse("a*b + a").at(a=2, b=-3).deck(inputs="beside")
    lit = [svg.decode().count(f'<polygon fill="{made.options.theme.highlight}" stroke="#') for svg in made.pictures()]
    assert lit[-2] == 2  # where its gradient is added up
