"""Figure, text and table have their places on a slide, and are as large there as they can be."""

from __future__ import annotations

import pytest

from bpviz import deck
from bpviz.figure.layout import run_bundled
from bpviz.figure.picture import make_picture
from bpviz.figure.theme import THEMES
from bpviz.lecture.papers import SLIDES
from bpviz.lecture.slide_layout import (
    FIGURE_MARGIN,
    FOOTER_HEIGHT,
    HEADING_HEIGHT,
    MARGIN,
    ROOMY,
    ROW_HEIGHT,
    SMALL_LETTERS,
    TIGHT,
    enlarge_numbers,
    lay_out_slide,
    reserve_table_height,
    split_side_by_side,
)
from tests.support.drawing import read
from tests.support.geometry import faults
from tests.support.programs import SAMPLES
from tests.support.tapes import numbers, tape

EXAMPLE = (SAMPLES / "example.bp").read_text()


def test_a_table_is_cut_into_the_parts_that_are_largest_where_it_stands() -> None:
    table = deck(EXAMPLE).slides[-1].table
    assert table
    assert [len(part.rows) for part in split_side_by_side(table, (880.0, 130.0))] == [5, 5]
    assert [len(part.rows) for part in split_side_by_side(table, (400.0, 450.0))] == [10]
    assert reserve_table_height(deck(EXAMPLE).slides[-1]) == pytest.approx(5 * ROW_HEIGHT * SMALL_LETTERS)


@pytest.mark.parametrize(("program", "least"), [("example", 15.5), ("neuron", 12.0), ("hinge", 16.0), ("network", 8.0)])
def test_the_figures_numbers_are_large_on_a_slide(program: str, least: float) -> None:
    made = deck((SAMPLES / f"{program}.bp").read_text())
    assert made.layout.width == 960.0  # points: 33.87 cm
    assert made.design.letters >= least


@pytest.mark.parametrize("theme", ["drawio", "cs231n"])
def test_nothing_overlaps_in_the_proportions_of_a_slide(theme: str) -> None:
    for seed in range(3):
        graph = tape(seed, 6 * seed + 5)
        for proportions in (ROOMY, TIGHT):
            look = enlarge_numbers(THEMES[theme], proportions)
            dot = make_picture(graph, numbers(graph, seed), theme=look, direction="right").dot
            assert faults(read(run_bundled(dot, "svg", 72))) == []


@pytest.mark.parametrize("paper", SLIDES)
@pytest.mark.parametrize("figure", [(100.0, 100.0), (3000.0, 100.0), (100.0, 3000.0), (900.0, 400.0), (5000.0, 4000.0)])
@pytest.mark.parametrize("lines", [1, 3, 9])
def test_figure_and_text_stand_on_the_slide_and_apart(paper: str, figure: tuple[float, float], lines: int) -> None:
    there = lay_out_slide(paper, figure, lines)
    for box, side in ((there.figure, FIGURE_MARGIN), (there.text, MARGIN)):
        assert box.x >= side - 0.1
        assert box.y >= HEADING_HEIGHT - 0.1
        assert box.x + box.width <= there.width - side + 0.1
        assert box.y + box.height <= there.height - FOOTER_HEIGHT + 0.1
    assert there.text.height >= 60
    assert there.text.width >= 350
    below = there.text.y >= there.figure.y + there.figure.height
    assert below or there.text.x >= there.figure.x + there.figure.width
    assert there.figure.width / figure[0] == pytest.approx(there.figure.height / figure[1])
