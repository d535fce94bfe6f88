"""A deck of a program with vectors: a step a vector operation, its grids in their time, its rule with its numbers."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from bpviz import deck, parse
from bpviz.figure.diagram import GRADIENT, HIDDEN, VALUE
from bpviz.lecture import Deck
from bpviz.lecture.figure_parts import take_apart
from bpviz.lecture.slides import LONGEST_NAME, count_rows, format_line, format_words, list_equalities
from bpviz.vectors import VECTOR_TABLE
from tests.conftest import need_module

NORM = "q = W@x; f = sum(q^2)"
POINT = {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}
BRACKETS = 2  # of a grid


@pytest.fixture(scope="module")
def made() -> Deck:
    return deck(NORM, POINT)


def test_every_operation_has_a_slide_forward_and_one_back(made: Deck) -> None:
    assert [format_words(slide.heading) for slide in made.slides] == [
        "The backpropagation of f",
        "The graph of f",
        "Forward: the inputs",
        *(f"Forward, step {k} of 3: {name}" for k, name in enumerate(["q", "qsqr", "f"], start=1)),
        "The turn: f = 0.116",
        *(f"Backward, step {k} of 3: {name}" for k, name in [(3, "f"), (2, "qsqr"), (1, "q")]),
        "Every value and every gradient",
        "In numbers",
    ]


def test_the_rule_stands_with_its_numbers_and_its_sentence_in_the_notes(made: Deck) -> None:
    slide = next(each for each in made.slides if format_words(each.heading).endswith("step 1 of 3: q"))
    assert slide.part == "forward"
    slide = next(each for each in made.slides if format_words(each.heading) == "Backward, step 1 of 3: q")
    assert [format_line(line, slide.part) for line in slide.lines] == [
        "∂f/∂W = ∂f/∂q · xᵀ = [0.44, 0.52] · [0.2, 0.4]ᵀ = [[0.088, 0.176], [0.104, 0.208]]",
        "∂f/∂x = Wᵀ · ∂f/∂q = [[0.1, −0.3], [0.5, 0.8]] · [0.44, 0.52] = [−0.112, 0.636]",
    ]
    assert count_rows(slide) == 4
    does = next(row.does for row in VECTOR_TABLE if row.name == "matmul")
    assert format_words(slide.note) == f"From above comes [0.44, 0.52]. The operation q {does}."


def test_nothing_is_shown_before_its_slide_and_all_is_at_the_end(made: Deck) -> None:
    stages = [slide.stage for slide in made.slides if slide.stage]
    seen = [{key for key, state in stage.states.items() if state != HIDDEN} for stage in stages]
    assert seen[0] == set()
    assert all(before <= after for before, after in pairwise(seen))
    assert seen[-1] == stages[-1].states.keys()


def test_a_figure_is_taken_apart_into_entries_and_brackets(made: Deck) -> None:
    picture = made.picture(made.everything)
    parts = take_apart(picture)
    for edge in picture.diagram.edges:
        for label in (edge.before, edge.after):
            number = parts.numbers[edge.id, label.role]
            entries = [entry.text for row in label.grid.rows for entry in row] if label.grid else [label.text]
            assert [each.text for each in number.texts] == entries
            assert len(number.brackets) == (BRACKETS if label.grid else 0)
            assert number.patch


def test_html_shows_entries_and_brackets_from_their_slide_on(made: Deck) -> None:
    html = made.html()
    edge = re.search(r'-wire-q-0" class="node[^>]*>\n(.*?)</g>', html, re.DOTALL)
    assert edge
    firsts = re.findall(r'<(text|polyline) class="due" style="--from:(\d+)"', edge[1])
    assert firsts.count(("text", "3")) == 4
    assert firsts.count(("polyline", "3")) == BRACKETS
    assert firsts.count(("text", "10")) == 4
    assert firsts.count(("polyline", "10")) == BRACKETS
    assert len(re.findall('<polygon class="fresh"', edge[1])) == 2


def test_by_pass_the_line_of_a_wire_is_no_highlight() -> None:
    html = deck("x*y", x=2, y=3, by="pass").html()
    figure = html[html.index('<g id="figure"') : html.index("<main>")]
    assert "fresh" not in figure
    assert figure.count("<polygon") >= len(parse("x*y").gate_ids)


def test_every_format_is_written(made: Deck, tmp_path_factory: pytest.TempPathFactory) -> None:
    need_module("typst")
    assert made.pdf().startswith(b"%PDF")
    tex = made.tex()
    assert r"\begin{bmatrix}0.44 \\ 0.52\end{bmatrix}" in tex
    assert len(re.findall(r"\\uncover<[-\d,]+>", tex)) == 2 * len(made.picture(made.everything).diagram.edges)
    assert len(made.pictures()) == sum(slide.stage is not None for slide in made.slides)


def test_by_pass_there_are_fewer_slides_and_the_notes_speak_of_operations() -> None:
    slides = deck(NORM, POINT, by="pass").slides
    assert [format_words(slide.heading) for slide in slides[2:4]] == ["Forward pass", "Backward pass"]
    assert "every operation" in format_words(slides[3].note)


def test_branches_of_vectors_add_grids() -> None:
    made = deck("y = 2*x; f = sum(y*x)", x=[1, 2])
    slide = next(each for each in made.slides if "branch of x" in format_words(each.heading))
    assert format_line(slide.lines[0], slide.part) == "∂f/∂x = [2, 4] + [2, 4] = [4, 8]"


def test_a_vector_that_is_typed_has_no_numbers_of_its_own_to_come() -> None:
    made = deck("f = sum([1, 2]*x)", x=[3, 4])
    picture = made.picture(made.everything)
    typed = [edge for edge in picture.diagram.edges if not edge.before.text]
    assert [label.state for edge in typed for label in (edge.before, edge.after)] == ["absent", "absent"]
    assert {role for id_, role in take_apart(picture).numbers if id_ == typed[0].id} == set()


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        (NORM, ["q = W · x", "f = sum(q²)"]),
        ("sum((A@B)^2)", ["f(A, B) = sum((A · B)²)"]),
        ("p = softmax(z); -sum(y*ln(p))", ["p = softmax(z)", "f = −sum(y ⊙ ln(p))"]),
    ],
)
def test_programs_are_written_in_matrix_notation(program: str, lines: list[str]) -> None:
    shapes = {"W": (2, 2), "x": (2,), "A": (2, 2), "B": (2, 2), "z": (3,), "y": (3,)}
    graph = parse(program, shapes={name: shape for name, shape in shapes.items() if re.search(rf"\b{name}\b", program)})
    assert [format_line(each, "title") for each in list_equalities(graph)] == lines


def test_long_names_are_cut_and_large_grids_show_their_corners() -> None:
    name = "w" * (LONGEST_NAME + 10)
    made = deck(f"f = sum({name}^2)", {name: [[k * j for k in range(10)] for j in range(10)]})
    said = "\n".join(format_line(line, slide.part) for slide in made.slides for line in slide.lines)
    assert name not in said
    assert "[[0, …, 0], …, [0, …, 81]]" in said
    assert {GRADIENT, VALUE} == {role for _, role in take_apart(made.picture(made.everything)).numbers}


def test_unrolled_there_is_a_slide_for_every_scalar() -> None:
    made = deck(NORM, POINT, unroll=True)
    assert sum(slide.part == "forward" for slide in made.slides) == 2 + 5  # q has two entries, its square too
