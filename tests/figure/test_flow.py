"""The river: widths that tell four decades apart, no seam, dry wires named, dashes of one length."""

from __future__ import annotations

import re
from itertools import pairwise
from math import dist, inf

import pytest

import bpviz
from bpviz import fonts
from bpviz.autodiff import run
from bpviz.errors import UsageError
from bpviz.figure.diagram import LineStyle
from bpviz.figure.flow import THINNEST, WIDEST, choose_line_style
from bpviz.figure.html_labels import split_line
from bpviz.figure.layout import run_bundled
from bpviz.figure.picture import make_picture
from bpviz.lang import parse
from tests.support.drawing import DRAWN_THEMES, Drawing, Place, curve, read
from tests.support.geometry import faults
from tests.support.tapes import numbers, tape

EXAMPLE = "(x + σ(y)) / (σ(x) + (x + y)²)"
HINGE = "w = 2; x = -1; b = 0.5; h = relu(w*x + b); loss = max(0, 1 - h) + 0.1*w^2"


def drawn(program: str, **options: object) -> Drawing:
    picture = bpviz.draw(program, flow=True, **options).picture  # type: ignore[arg-type]
    return read(run_bundled(picture.dot, "svg", 72))


def test_four_decades_have_widths_that_differ() -> None:
    widths = [choose_line_style(size, 1.0).width for size in (1, 0.1, 0.01, 0.001, 0.0001)]
    assert widths[0] == WIDEST
    assert all(a > 1.5 * b for a, b in pairwise(widths))
    assert widths[-1] >= THINNEST


@pytest.mark.parametrize(
    ("flow", "colour", "pattern"),
    [(1.0, "positive", "solid"), (-1.0, "negative", "dashed"), (0.0, "dry", "dotted"), (-0.0, "dry", "dotted")],
)
def test_the_sign_is_told_by_colour_and_by_dashes(flow: float, colour: str, pattern: str) -> None:
    assert choose_line_style(flow, 1.0)[1:] == (colour, pattern)


def test_what_is_infinite_is_as_wide_as_the_widest() -> None:
    assert choose_line_style(-inf, 1.0) == LineStyle(WIDEST, "negative", "dashed")


def test_the_line_in_a_label_is_as_wide_as_its_edges() -> None:
    drawing = drawn(EXAMPLE, x=3, y=-4)
    widths: dict[str, set[float]] = {}
    for wire in drawing.wires:
        widths.setdefault(wire.owner, set()).add(round(wire.width, 2))
    assert all(max(each) - min(each) < 0.02 for each in widths.values()), widths
    assert max(widths["wire-invden-0"]) < max(widths["wire-f-1"])


def test_the_legend_explains_the_scale_and_names_the_dry_wires() -> None:
    words = [text.words for text in drawn(HINGE).texts if text.owner == "graph0"]
    assert words[:2] == ["width = size of the gradient:", "1"]
    assert "dry, gradient 0: w → wx, x → wx, wx → u1, b → u1, u1 → h" in words
    assert "the gradient 1 enters at loss, splits at gates and merges at branches" in words


def test_a_title_stays_over_the_legend() -> None:
    words = [text.words for text in drawn("x*y", x=2, y=3, title="the river").texts if text.owner == "graph0"]
    assert words[0] == "the river"


@pytest.mark.parametrize("title", ["the river", ""])
def test_a_title_stands_over_its_figure_and_takes_the_legend_along(title: str) -> None:
    drawing = drawn("x*y", x=2, y=3, title=title)
    top, bottom = min(shape.box.top for shape in drawing.shapes), max(shape.box.bottom for shape in drawing.shapes)
    captions = [text.box for text in drawing.texts if text.owner == "graph0"]
    assert captions
    assert all(box.bottom < top if title else box.top > bottom for box in captions)


@pytest.mark.parametrize("theme", DRAWN_THEMES)
def test_nothing_overlaps_in_any_theme(theme: str) -> None:
    for program in (EXAMPLE, HINGE):
        values = {"x": 3, "y": -4} if program == EXAMPLE else {}
        assert faults(drawn(program, set=values, theme=theme)) == []


@pytest.mark.parametrize("direction", ["up", "down", "right", "left"])
def test_nothing_overlaps_in_random_rivers(direction: str) -> None:
    for seed in range(8):
        graph = tape(seed, 25)
        dot = make_picture(graph, numbers(graph, seed), flow=True, direction=direction).dot
        assert faults(read(run_bundled(dot, "svg", 72))) == [], f"seed {seed}"


def test_dashes_are_about_as_long_on_short_edges_and_on_long_ones() -> None:
    svg = bpviz.draw(EXAMPLE, x=3, y=-4, flow=True).svg
    scale = Place(1 / fonts.MAGNIFICATION, 0, 0)
    dashes = [curve(path, scale) for path in re.findall(r'<path [^>]*stroke="#d9822b"[^>]* d="([^"]*)"', svg)]
    lengths = [sum(dist(a, b) for a, b in pairwise(points)) for points in dashes]
    assert len(lengths) > 40
    assert all(3 < length < 9 for length in lengths), lengths


def test_the_same_river_has_the_same_bytes() -> None:
    assert bpviz.draw(EXAMPLE, x=3, y=-4, flow=True).svg == bpviz.draw(EXAMPLE, x=3, y=-4, flow=True).svg


@pytest.mark.parametrize("length", [1.0, 9.0, 20.0, 21.5, 500.0])
@pytest.mark.parametrize("pattern", ["dashed", "dotted"])
def test_ink_and_gaps_add_up_and_begin_and_end_with_ink(length: float, pattern: str) -> None:
    parts = split_line(length, pattern)
    assert sum(parts) == pytest.approx(length)
    assert len(parts) % 2 == 1
    assert len(parts) >= 3


def test_a_river_needs_values_and_is_no_path() -> None:
    with pytest.raises(UsageError, match="without values nothing flows"):
        bpviz.draw("x*y", flow=True)
    with pytest.raises(UsageError, match="flow and highlight"):
        bpviz.draw("x*y", x=1, y=2, flow=True, highlight="x")


def test_a_figure_without_any_gradient_is_all_dry() -> None:
    graph = parse("step(x)")
    dot = make_picture(graph, run(graph, x=2), flow=True).dot
    assert "dry, gradient 0: x → f" in dot
