"""A figure is taken apart as Graphviz draws it: every number and every highlight in its place."""

from __future__ import annotations

import re

import pytest

from bpviz import deck
from bpviz.figure.diagram import GRADIENT
from bpviz.figure.picture import Picture
from bpviz.figure.rendering import render
from bpviz.lecture.figure_parts import take_apart
from tests.support.programs import SAMPLES

ROOT = re.compile(r'transform="scale\(([\d.]+)\) translate\(([-\d.]+) ([-\d.]+)\)"')
TEXT = re.compile(r'<text [^>]*x="([-\d.]+)" y="([-\d.]+)"[^>]* font-size="([\d.]+)" fill="(#\w+)"[^>]*>([^<]*)<')
PATCH = re.compile(r'<polygon fill="(#\w+)" stroke="none" points="([^"]*)"')


def picture_of(theme: str, direction: str) -> Picture:
    made = deck((SAMPLES / "example.bp").read_text(), theme=theme, direction=direction)
    return made.picture(made.everything)


@pytest.mark.parametrize("theme", ["drawio", "cs231n", "dark"])
@pytest.mark.parametrize("direction", ["up", "right"])
def test_numbers_and_highlights_are_where_the_svg_has_them(theme: str, direction: str) -> None:
    picture = picture_of(theme, direction)
    svg, parts = render(picture, "svg").decode(), take_apart(picture)
    root = ROOT.search(svg)
    assert root
    scale, right, down = map(float, root.groups())
    colours = picture.appearance.theme.value, picture.appearance.theme.gradient

    def place(x: str, y: str) -> tuple[float, float]:
        return (float(x) + right) * scale, parts.size.y - (float(y) + down) * scale

    drawn = [
        (words, *place(x, y), float(size) * scale)
        for x, y, size, colour, words in TEXT.findall(svg)
        if colour in colours
    ]
    found = [(each.text, *each.start, each.size) for number in parts.numbers.values() for each in number.texts]
    assert len(found) == 2 * len(picture.diagram.edges)
    for one, other in zip(sorted(drawn), sorted(found), strict=True):
        assert one[0] == other[0]
        assert one[1:] == pytest.approx(other[1:], abs=0.02)

    corners = []
    for colour, points in PATCH.findall(svg):
        if colour == picture.appearance.theme.highlight:
            ends = [place(*point.split(",")) for point in points.split()]
            corners.append((min(x for x, _ in ends), min(y for _, y in ends)))
    patches = [each.patch.corner for each in parts.numbers.values() if each.patch]
    for one, other in zip(sorted(corners), sorted(patches), strict=True):
        assert one == pytest.approx(other, abs=0.02)


def test_every_number_has_its_own_role_and_every_highlighted_shape_its_place() -> None:
    picture = picture_of("drawio", "right")
    parts = take_apart(picture)
    for edge in picture.diagram.edges:
        assert [each.text for each in parts.numbers[edge.id, edge.before.role].texts] == [edge.before.text]
        assert [each.text for each in parts.numbers[edge.id, GRADIENT].texts] == [edge.after.text]
    shapes = {shape.id for shape in picture.diagram.shapes if shape.highlighted}
    assert {shape for shape in shapes if not shape.startswith("branch")} == {*parts.highlights}
