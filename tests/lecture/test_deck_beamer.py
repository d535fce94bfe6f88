"""The slides as a beamer file: as many as the deck has, each number from its step on, and nothing that moves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bpviz import Deck, deck
from tests.support.latex import Word, compiled, pages, problems

SAMPLES = Path(__file__).parents[2] / "samples"
EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)"
SEEN = re.compile(r"\\uncover<([-\d,]+)>\{\\node\[bpviz (value|gradient), .*?\] at \(([-\d.]+),([-\d.]+)\)")


def example(**options: object) -> Deck:
    return deck(EXAMPLE, x=3, y=-4, **options)  # type: ignore[arg-type]  # deck's own keywords


@pytest.mark.parametrize("sample", ["example.bp", "neuron.bp", "network.bp"])
@pytest.mark.parametrize("by", ["step", "gate", "pass"])
def test_every_slide_has_a_heading_and_a_note(sample: str, by: str) -> None:
    lecture = deck((SAMPLES / sample).read_text(encoding="utf-8"), by=by)
    tex = lecture.tex()
    assert problems(tex) == []
    assert len(re.findall(r"\\frametitle", tex)) == len(lecture.slides)
    assert len(re.findall(r"\\note[<{]", tex)) == len(lecture.slides)
    assert len(re.findall(r"\\begin\{tikzpicture\}", tex)) == 1


def test_a_number_is_seen_from_its_step_on() -> None:
    lecture = example()
    runs = SEEN.findall(lecture.tex())
    edges = lecture.picture(lecture.everything).diagram.edges
    assert len(runs) == 2 * len(edges)
    shown = [slide for slide in lecture.slides if slide.stage]
    assert all(re.fullmatch(r"\d+-", slides) for slides, *_ in runs)
    first = {
        role: min(int(slides[:-1]) for slides, which, *_ in runs if which == role) for role in ("value", "gradient")
    }
    assert first["value"] == 2  # the inputs', after the blank graph
    assert shown[first["gradient"] - 1].heading[0] == "The turn: "


def test_what_is_new_is_lit_on_its_slide_only() -> None:
    tex = example().tex()
    assert re.search(r"bpviz on=\{<2>\{bpviz lit\}\}\] at", tex)
    gates = re.findall(r"\\node\[bpviz gate, bpviz on=\{<(\d+),(\d+)>\{bpviz lit\}\}\]", tex)
    assert len(gates) == 7  # the eighth is lit three times: forward, at the turn, backward
    assert r"\node[bpviz dot, bpviz on" not in tex


def test_the_picture_has_no_background_of_its_own() -> None:
    tex = example(theme="dark").tex()
    assert r"\fill[bpvizbackground]" not in tex
    assert r"\setbeamercolor{background canvas}{bg=bpvizbackground}" in tex


def test_notes_and_handout_are_settings() -> None:
    plain = example().tex()
    assert r"\setbeameroption{show notes}" not in re.sub("%.*", "", plain)
    assert r"\setbeameroption{show notes}" in re.sub("%.*", "", example(notes=True).tex())
    assert "pgfpages" not in plain
    assert "4 on 1" in example(handout=True).tex()


def test_whatever_is_typed_is_escaped() -> None:
    tex = example(title="50 % of #1 & $x$ \\input{evil} ~^_{}\nnext").tex()
    assert problems(tex) == []
    assert r"\input{evil}" not in re.sub(r"(?<!\\)%.*", "", tex)


def test_equal_decks_are_equal_texts() -> None:
    assert example().tex() == example().tex()


def positions(page: list[Word], names: set[str]) -> set[tuple[str, float, float]]:
    """Return every place at which a name stands."""
    return {(word.text, word.left, word.top) for word in page if word.text in names}


@pytest.mark.parametrize(("paper", "direction"), [("16:9", "right"), ("a4", "up")])
def test_it_compiles_to_as_many_pages_and_no_circle_moves(paper: str, direction: str, tmp_path: Path) -> None:
    lecture = example(paper=paper, direction=direction)
    each = pages(compiled(lecture.tex(), tmp_path, "beamer.cls"))
    assert len(each) == len(lecture.slides)
    names = {"sigx", "sigy", "num", "xpysqr", "den", "invden"}
    places = [positions(page, names) for page, slide in zip(each, lecture.slides, strict=True) if slide.stage]
    assert {name for name, *_ in places[0]} == names
    assert len(places[0]) == len(names)  # on the blank graph they stand in the circles only
    assert all(places[0] <= place for place in places)


@pytest.mark.parametrize(
    ("program", "names", "theme"),
    [
        ("é_θ = x^0.5; ж = max(é_θ, 2, x, 3*x); |ж + w_0*long_name_1|*2.5e-7", "x w_0 long_name_1", "dark"),
        ("relu(a) + a/b", "a b", "cs231n"),
    ],
)
def test_awkward_programs_compile(program: str, names: str, theme: str, tmp_path: Path) -> None:
    lecture = deck(program, set=dict.fromkeys(names.split(), 1.5), theme=theme, by="gate")
    pdf = compiled(lecture.tex(), tmp_path, "beamer.cls")
    assert len(pages(pdf)) == len(lecture.slides)
