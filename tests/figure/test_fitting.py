"""A figure in its room: how large its numbers are, where its inputs stand, and what a reader could mistake."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import bpviz
from bpviz.errors import UsageError
from bpviz.figure import draw
from bpviz.figure.diagram import BRANCH, INPUT
from bpviz.figure.fitting import LARGEST_NUMBER, read_room
from bpviz.figure.geometry import measure
from bpviz.figure.layout import run_bundled, set_size
from bpviz.figure.picture import make_picture
from bpviz.figure.rendering import DPI
from tests.support import geometry
from tests.support.drawing import read
from tests.support.programs import WHOLE
from tests.support.tapes import numbers, tape

COURSES = {each["name"]: each for each in json.loads((Path(__file__).parents[1] / "courses.json").read_text("utf-8"))}
RECURRENT = "recurrent network, three steps"
LEAST_ON_SLIDE = {  # points that the numbers of a figure have at least on a 16:9 slide
    "cs231n neuron": 16,
    "logistic regression": 12.5,
    RECURRENT: 12.5,
    "batch normalisation of three numbers": 11,
    "LSTM cell": 10,
    "Gaussian density": 15,
    "Mazur's 2-2-2 network": 10,
}
CROSSED_BEFORE = 263  # pairs of wires in the figures of the courses, upright and across, with their inputs in one row


def trace(name: str) -> bpviz.Trace:
    return bpviz.parse(COURSES[name]["program"]).at(COURSES[name]["inputs"])


@pytest.mark.parametrize("name", COURSES)
def test_numbers_on_a_slide_are_large(name: str) -> None:
    figure = draw(trace(name), fit="16:9")
    width, height = measure(figure.picture).size
    assert width <= 960.5
    assert height <= 430.5
    assert figure.number_size is not None
    assert LEAST_ON_SLIDE[name] <= figure.number_size <= LARGEST_NUMBER
    drawing = read(run_bundled(figure.picture.dot, "svg", 72))
    assert geometry.tight_passes(drawing) == []


@pytest.mark.parametrize("name", COURSES)
@pytest.mark.parametrize("direction", ["up", "right"])
def test_no_number_is_taken_for_another_wires(name: str, direction: str) -> None:
    drawing = read(run_bundled(draw(trace(name), direction=direction).picture.dot, "svg", 72))
    assert geometry.faults(drawing) == []
    assert geometry.false_joints(drawing) == []
    assert geometry.mistakable(drawing) == []
    assert geometry.tight_passes(drawing) == []


@pytest.mark.parametrize("inputs", ["once", "beside"])
@pytest.mark.parametrize("direction", ["up", "right"])
def test_no_wire_of_a_random_program_passes_between_an_input_and_its_numbers(direction: str, inputs: str) -> None:
    """Of the seeds at which one did, a share; python -m tests.overlaps draws as many as one likes."""
    for seed in (4, 12, 21, 26):
        graph = tape(seed, 30)
        picture = make_picture(graph, numbers(graph, seed), direction=direction, inputs=inputs, grouped=True)
        drawing = read(run_bundled(picture.dot, "svg", 72))
        assert geometry.false_joints(drawing) + geometry.mistakable(drawing) == [], seed


@pytest.mark.parametrize("program", WHOLE, ids=lambda path: path.stem)
def test_no_number_of_a_sample_is_taken_for_another_wires(program: Path) -> None:
    for direction in ("up", "right"):
        sample = bpviz.draw(program.read_text(encoding="utf-8"), direction=direction)
        drawing = read(run_bundled(sample.picture.dot, "svg", 72))
        assert geometry.mistakable(drawing) + geometry.tight_passes(drawing) == [], direction


def test_a_tenth_of_the_crossings_is_left() -> None:
    drawings = [
        read(run_bundled(draw(trace(name), direction=direction).picture.dot, "svg", 72))
        for name in COURSES
        for direction in ("up", "right")
    ]
    assert sum(len(geometry.crossings(drawing)) for drawing in drawings) < CROSSED_BEFORE / 8


def test_a_shared_input_stands_at_each_of_its_gates_and_its_sum_under_the_figure() -> None:
    figure = draw(trace(RECURRENT), inputs="beside")
    shapes = figure.picture.diagram.shapes
    assert sum(shape.kind == INPUT and shape.name == "w" for shape in shapes) == 3
    assert not [shape for shape in shapes if shape.kind == BRANCH]
    assert "∂L/∂w = −0.828 + 1.32 − 0.837 = −0.349" in figure.svg
    blank = draw(trace(RECURRENT), inputs="beside", blank=True)
    assert "∂L/∂w is the sum over the 3 places of w" in blank.svg


def test_rows_stand_in_their_order_and_name_what_passes_between_them() -> None:
    figure = draw(trace(RECURRENT), fit="16:9")
    diagram = figure.picture.diagram
    outlines = measure(figure.picture).outlines
    first, second = ([outlines[id_].middle.y for id_ in row] for row in diagram.rows)
    assert min(first) > max(second)
    ends = [shape.name for shape in diagram.shapes if shape.kind == "again"]
    assert {name.strip("… ") for name in ends if name.startswith("…")} == {
        name.strip("… ") for name in ends if name.endswith("…")
    }


def test_a_figure_in_rows_has_one_layout_in_all_formats() -> None:
    dot = draw(trace(RECURRENT), fit="16:9").picture.dot
    assert "cluster_row" in dot
    layouts = {run_bundled(set_size(dot, each, DPI), "plain", DPI) for each in ("svg", "pdf", "png")}
    assert len(layouts) == 1


def test_what_is_asked_for_is_kept() -> None:
    figure = draw(trace(RECURRENT), fit="a4", direction="down", labels="name", inputs="once")
    assert figure.picture.appearance.direction == "down"
    assert [shape for shape in figure.picture.diagram.shapes if shape.kind == BRANCH]
    assert not [shape for shape in figure.picture.diagram.shapes if shape.operation]


@pytest.mark.parametrize(
    ("room", "size"), [("4:3", (720, 430)), ("A4", (482, 728)), ("10inx5in", (720, 360)), ("400px × 200px", (300, 150))]
)
def test_rooms(room: str, size: tuple[float, float]) -> None:
    assert read_room(room) == pytest.approx(size)


@pytest.mark.parametrize("room", ["17:9", "", "10cm", "0cmx5cm", "10x5", "axb"])
def test_what_is_no_room_is_told(room: str) -> None:
    with pytest.raises(UsageError, match="no room for a figure"):
        read_room(room)


def test_a_room_and_a_width_are_one_too_many() -> None:
    with pytest.raises(UsageError, match="fit and width"):
        bpviz.draw("x*y", fit="16:9", width="10cm")
