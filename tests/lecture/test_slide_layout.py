"""Figure, text and table have their places on a slide, and are as large there as they can be."""

from __future__ import annotations

import pytest

from bpviz import deck, parse
from bpviz.figure.fitting import Arrangement
from bpviz.figure.layout import run_bundled
from bpviz.figure.picture import make_picture
from bpviz.figure.theme import THEMES
from bpviz.lecture.papers import SLIDES
from bpviz.lecture.slide_layout import (
    FIGURE_MARGIN,
    FOOTER_HEIGHT,
    HEADING_HEIGHT,
    MARGIN,
    ROW_HEIGHT,
    SMALL_LETTERS,
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


COURSES = {
    "logistic regression": "z = w1*x1 + w2*x2 + b; a = sigmoid(z); L = -(y*log(a) + (1 - y)*log(1 - a))",
    "recurrent network": "h1 = tanh(w*x1 + u*h0 + b); h2 = tanh(w*x2 + u*h1 + b); h3 = tanh(w*x3 + u*h2 + b); "
    "(h3 - t)^2",
}


@pytest.mark.parametrize(
    ("program", "least"),
    [
        (EXAMPLE, 19.0),
        ((SAMPLES / "neuron.bp").read_text(), 16.0),
        ((SAMPLES / "hinge.bp").read_text(), 19.0),
        ((SAMPLES / "network.bp").read_text(), 9.0),
        (COURSES["logistic regression"], 13.0),
        (COURSES["recurrent network"], 11.5),
    ],
    ids=["example", "neuron", "hinge", "network", *COURSES],
)
def test_the_figures_numbers_are_large_on_a_slide(program: str, least: float) -> None:
    graph = parse(program)
    made = deck(graph, set={name: 0.1 * (k + 1) for k, name in enumerate(graph.missing_inputs({}))})
    assert made.layout.width == 960.0  # points: 33.87 cm
    assert made.design.letters >= least


def test_names_stand_in_the_circles_and_inputs_once_where_numbers_are_legible_so() -> None:
    made = deck(EXAMPLE)
    assert made.design.arrangement == Arrangement("right", "both", "once", 1)
    assert deck(EXAMPLE, inputs="beside").design.arrangement.inputs == "beside"
    assert deck(EXAMPLE, labels="op", direction="up").design.arrangement[:2] == ("up", "op")


def test_no_name_is_cut_where_there_is_room_for_it() -> None:
    made = deck(
        "hidden_layer = w*x + b; output_activation = sigmoid(hidden_layer); f = output_activation^2", w=2, x=1, b=3
    )
    assert "…" not in made.picture(made.everything).dot
    assert made.design.letters > 16.0


@pytest.mark.parametrize("theme", ["drawio", "cs231n"])
def test_nothing_overlaps_in_the_proportions_of_a_slide(theme: str) -> None:
    for seed in range(3):
        graph = tape(seed, 6 * seed + 5)
        look = enlarge_numbers(THEMES[theme])
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
