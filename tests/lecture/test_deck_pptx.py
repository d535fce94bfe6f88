"""A deck as a PowerPoint file, as python-pptx reads it again: slides, words, notes, and figures that stand still."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from bpviz import Deck, deck
from bpviz.lecture.slides import Remark, format_words
from tests.conftest import need_module
from tests.support.command import Shell

SAMPLES = Path(__file__).parents[2] / "samples"
EXAMPLE = (SAMPLES / "example.bp").read_text()
POINT = 12700  # the file's units
DATES = (1980, 1, 1, 0, 0, 0)


def slides_of(made: Deck) -> list[Any]:
    return list(need_module("pptx").Presentation(io.BytesIO(made.pptx())).slides)


def texts(slide: Any) -> list[str]:
    """The texts of a slide, its no-break spaces as spaces: the title, lines and cells, what describes its equations."""
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found += [paragraph.text for paragraph in shape.text_frame.paragraphs]
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    found += [line for picture in pictures(slide, "Equations") for line in describe(picture).split("; ")]
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in found]


def pictures(slide: Any, name: str) -> list[Any]:
    return [shape for shape in slide.shapes if hasattr(shape, "image") and shape.name == name]


def describe(picture: Any) -> str:
    return str(picture._element.nvPicPr.cNvPr.get("descr"))


def figures(slide: Any) -> list[Any]:
    return pictures(slide, "Figure")


@pytest.fixture(scope="module")
def lecture() -> Deck:
    return deck(EXAMPLE)


@pytest.fixture(scope="module")
def pages(lecture: Deck) -> list[Any]:
    return slides_of(lecture)


def test_every_slide_has_its_heading_as_title_and_its_sentence_as_notes(lecture: Deck, pages: list[Any]) -> None:
    assert len(pages) == len(lecture.slides)
    for page, slide in zip(pages, lecture.slides, strict=True):
        assert page.shapes.title.text.startswith(format_words(slide.heading))
        assert page.notes_slide.notes_text_frame.text == format_words(slide.note)


def test_a_step_has_its_equation_with_the_numbers(pages: list[Any]) -> None:
    (found,) = [page for page in pages if page.shapes.title.text.startswith("Backward, step 7 of 8")]
    assert "∂f/∂den = −1/den² · ∂f/∂invden = −0.262 × 3.02 ≈ −0.792" in texts(found)
    assert texts(found)[0].endswith("invden = 1/den")


def test_the_figure_stands_still_and_is_sharp(lecture: Deck, pages: list[Any]) -> None:
    found = [(slide.stage, figures(page)) for page, slide in zip(pages, lecture.slides, strict=True)]
    assert all(len(pictures) == (stage is not None) for stage, pictures in found)
    shown = [picture for _, pictures in found for picture in pictures]
    assert len({(each.left, each.top, each.width, each.height) for each in shown}) == 1
    for each in shown:
        assert each.image.size[0] / each.width.inches == pytest.approx(216, rel=0.01)


def test_a_figure_is_described_for_who_cannot_see_it(lecture: Deck, pages: list[Any]) -> None:
    for page, slide in zip(pages, lecture.slides, strict=True):
        for picture in figures(page):
            assert describe(picture) == format_words(slide.note)


def test_equations_are_typeset_in_the_colours_of_the_theme(lecture: Deck, pages: list[Any]) -> None:
    image_module = need_module("PIL.Image")
    for page, slide in zip(pages, lecture.slides, strict=True):
        found = pictures(page, "Equations")
        assert len(found) == any(not isinstance(line, Remark) for line in slide.lines)
        for picture in found:
            image = image_module.open(io.BytesIO(picture.image.blob))
            assert image.size[0] / picture.width.inches == pytest.approx(216, rel=0.01)
            assert image.mode == "RGBA"
            assert image.getpixel((0, 0))[3] == 0  # no ground of its own
    (step,) = [page for page in pages if page.shapes.title.text.startswith("Backward, step 7 of 8")]
    (picture,) = pictures(step, "Equations")
    seen = image_module.open(io.BytesIO(picture.image.blob)).getcolors(1 << 24)
    for role in (lecture.options.theme.ink, lecture.options.theme.gradient):
        wanted = bytes.fromhex(role.removeprefix("#")) + b"\xff"
        assert any(all(abs(a - b) < 3 for a, b in zip(colour, wanted, strict=True)) for _, colour in seen)


def test_the_last_slide_has_every_number_in_a_table(pages: list[Any]) -> None:
    assert {"invden", "1/den", "0.512", "3.02", "den: −0.262"} <= set(texts(pages[-1]))


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw figures in a moment, where only it counts where they stand."""
    monkeypatch.setattr("bpviz.lecture.deck_pptx.SHARP", 20.0)


@pytest.mark.usefixtures("coarse")
@pytest.mark.parametrize("options", [{"paper": "4:3", "direction": "up"}, {"theme": "dark", "by": "pass"}])
@pytest.mark.parametrize("program", ["example", "network", "hinge"])
def test_everything_stands_on_the_slide(program: str, options: dict[str, str]) -> None:
    made = deck((SAMPLES / f"{program}.bp").read_text(), **options)
    for page in slides_of(made):
        for shape in page.shapes:
            assert shape.left >= 0, shape.name
            assert shape.top >= 0, shape.name
            assert shape.left + shape.width <= (made.layout.width + 0.5) * POINT, texts(page)
            assert shape.top + shape.height <= (made.layout.height + 0.5) * POINT, texts(page)


@pytest.mark.usefixtures("coarse")
def test_texts_beside_a_figure_do_not_lie_over_it() -> None:
    for made in (deck(EXAMPLE, direction="up"), deck(EXAMPLE, direction="right")):
        for page in slides_of(made):
            for picture in figures(page):
                for shape in page.shapes:
                    if shape.shape_id != picture.shape_id:
                        apart = [
                            shape.left + shape.width <= picture.left + POINT,
                            picture.left + picture.width <= shape.left + POINT,
                            shape.top + shape.height <= picture.top + POINT,
                            picture.top + picture.height <= shape.top + POINT,
                        ]
                        assert any(apart), texts(page)


@pytest.mark.usefixtures("coarse")
def test_words_with_a_meaning_in_xml_are_words() -> None:
    title = 'a <b> & "c" \x0b \x00 é'
    (first, *_) = slides_of(deck("x*y", x=2, y=3, title=title))
    assert first.shapes.title.text.startswith('a <b> & "c"')


def test_equal_decks_have_equal_bytes(lecture: Deck) -> None:
    from zipfile import ZipFile

    need_module("pptx")
    made = lecture.pptx()
    assert made == deck(EXAMPLE).pptx()
    with ZipFile(io.BytesIO(made)) as archive:
        assert {each.date_time for each in archive.infolist()} == {DATES}


def test_remarks_are_there_as_they_are_typed(lecture: Deck, pages: list[Any]) -> None:
    for page, slide in zip(pages, lecture.slides, strict=True):
        for line in slide.lines:
            if isinstance(line, Remark):
                assert format_words(line.words) in texts(page)


def test_the_command_writes_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    need_module("pptx")
    target = tmp_path / "deck.pptx"
    done = Shell(monkeypatch, capfd)("deck", "x*y", "--x", "2", "--y", "3", "--notes", "-o", str(target))
    assert done == (0, f"{target}, 7 slides\n", "")
    assert target.read_bytes()[:2] == b"PK"
