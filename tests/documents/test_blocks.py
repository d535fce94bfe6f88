"""A block is a command line: its options, what it refuses, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpviz.documents.blocks import Block, make_block
from bpviz.errors import BpvizError


def test_a_block_is_made_with_its_values_and_options() -> None:
    made = make_block(
        Block("x*y", options={"x": "-2", "y": "pi/2", "theme": "dark", "share": "true", "branch": "false"})
    )
    assert made.output.trace.gradient("y") == -2
    assert made.output.picture.appearance.theme.name == "dark"
    assert made.output.graph.share
    assert made.messages == ()


def test_a_block_without_values_is_blank() -> None:
    assert make_block(Block("x*y")).output.trace is None


def test_what_is_said_of_a_figure_is_handed_on(capsys: pytest.CaptureFixture[str]) -> None:
    (message,) = make_block(Block("abs(x)", options={"x": "0"})).messages
    assert message.startswith("warning: ")
    (message,) = make_block(Block(r"\ln xy", options={"x": "1", "y": "2"})).messages
    assert message.startswith("note: ")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("text", ["-x*y", "x*y # minus\n", "q = x*y\nf = q", " x*y "])
def test_any_program_can_stand_in_a_block(text: str) -> None:
    assert make_block(Block(text, options={"x": "2", "y": "3"})).output.trace


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (Block("x*sigmod(x)", options={"x": "1"}), "did you mean sigmoid?"),
        (Block("x*y", options={"x": "1"}), "f needs a value for y"),
        (Block("x", options={"theem": "dark", "x": "1"}), "did you mean --theme?"),
        (Block("x", "film"), "choose one of figure, table, steps, page"),
        (Block(" \n"), "the block has no program"),
        (Block("-"), "the block has no program"),
        (Block("x", options={"output": "f.svg"}), "a block has no option output"),
        (Block("x", options={"out": "f.svg"}), "a block has no option out"),
        (Block("x", options={"open": "true"}), "a block has no option open"),
        (Block("x", "table", {"x": "1", "width": "50%"}), "no input is called width"),
        (Block("nowhere.bp"), "nowhere.bp"),
    ],
)
def test_what_cannot_be_made_is_told(block: Block, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BpvizError) as error:
        make_block(block)
    assert said in str(error.value)
    assert not list(tmp_path.iterdir())


def test_a_page_stands_in_a_frame_and_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = make_block(Block("x*y", "page", {"x": "2", "y": "3", "range": "x=-5:5"}))
    assert made.output.html.startswith("<!DOCTYPE html>")
    assert made.output._repr_html_().startswith('<iframe srcdoc="&lt;!DOCTYPE html&gt;')
    assert made.messages == ()
    assert not list(tmp_path.iterdir())


def test_a_file_is_read_from_the_folder_of_the_document(tmp_path: Path) -> None:
    (tmp_path / "p.bp").write_text("x = 2; x^2")
    block = Block("p.bp", folder=str(tmp_path))
    assert make_block(block).output.trace.gradient("x") == 4
    before = block.digest()
    (tmp_path / "p.bp").write_text("x = 3; x^2")
    assert block.digest() != before


def test_equal_blocks_have_one_name_and_others_another() -> None:
    block = Block("x*y", options={"x": "1", "y": "2"})
    assert block.digest() == Block("x*y", options={"y": "2", "x": "1"}).digest()
    others = [Block("x*z", options={"x": "1", "y": "2"}), Block("x*y", options={"x": "12"}), Block("x*y", "table")]
    assert len({each.digest() for each in [block, *others]}) == 4
