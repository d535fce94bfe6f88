"""The commands bpviz worksheet and bpviz exercise: which files they write, and what they refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bpviz.lang import parse
from bpviz.lecture import exercise
from tests.conftest import need_module
from tests.support.command import Shell

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capfd)


def test_a_sheet_and_its_key_are_written(shell: Shell, tmp_path: Path) -> None:
    need_module("typst")
    sheet, key = str(tmp_path / "s.pdf"), str(tmp_path / "k.pdf")
    done = shell("worksheet", EXAMPLE, "--x", "3", "--y", "-4", "-o", sheet, "--key", key)
    assert (done.status, done.err) == (0, "")
    assert done.out == f"1 sheet   → {sheet}, {key}\n"
    assert all(Path(each).read_bytes().startswith(b"%PDF") for each in (sheet, key))
    assert shell("worksheet", "x*y", "--x", "3", "--y", "4", "-o", sheet, "--no-key", "--quiet").out == ""


def test_sheets_for_a_class(shell: Shell, tmp_path: Path) -> None:
    need_module("typst")
    target = tmp_path / "s.pdf"
    done = shell("worksheet", "x*y + max(x, z)", "--variants", "3", "--seed", "7", "-o", str(target), "--no-key")
    assert done.status == 0
    assert done.out.startswith("3 sheets, whole numbers and halves")
    assert len(re.findall(rb"/Type ?/Page\b", target.read_bytes())) == 3


def test_a_folder_has_a_sheet_for_each_name_and_the_keys_are_apart(shell: Shell, tmp_path: Path) -> None:
    need_module("typst")
    (tmp_path / "class.txt").write_text("Ada Lovelace\n\nÉvariste / ../Galois\n", encoding="utf-8")
    folder, names = tmp_path / "sheets", str(tmp_path / "class.txt")
    done = shell("worksheet", "relu(w*x + b)", "--names", names, "-o", f"{folder}/")
    assert (done.status, done.err) == (0, "")
    assert done.out.endswith(f"→ {folder}/, {folder}-key.pdf\n")
    files = ["sheet-01-Ada-Lovelace.pdf", "sheet-02-Évariste-Galois.pdf"]
    assert sorted(each.name for each in folder.iterdir()) == files
    assert len(re.findall(rb"/Type ?/Page\b", (folder / files[0]).read_bytes())) == 1
    assert len(re.findall(rb"/Type ?/Page\b", (tmp_path / "sheets-key.pdf").read_bytes())) == 2


def test_keys_go_where_they_are_asked_for(shell: Shell, tmp_path: Path) -> None:
    need_module("typst")
    targets = [f"{tmp_path}/{name}" for name in ("keys/", "keys.csv", "keys.json")]
    words = [word for target in targets for word in ("--key", target)]
    range_ = ("--range", "y=0,1", "--range", "x=0.5:2:0.5")
    done = shell("worksheet", "x*y", "--variants", "3", *range_, "-o", f"{tmp_path}/s.pdf", *words)
    assert (done.status, done.err) == (0, "")
    assert sorted(each.name for each in (tmp_path / "keys").iterdir()) == [f"key-0{i}.pdf" for i in (1, 2, 3)]
    assert (
        (tmp_path / "keys.csv").read_text(encoding="utf-8").startswith("sheet,student,name,quantity,other,answer,shown")
    )
    assert len(re.findall(rb"/Type ?/Page\b", (tmp_path / "s.pdf").read_bytes())) == 3
    again = f"{tmp_path}/again.json"
    shell("worksheet", "x*y", "--variants", "3", *range_, "-o", f"{tmp_path}/t.pdf", "--key", again)
    assert Path(again).read_bytes() == Path(targets[2]).read_bytes()
    assert Path(f"{tmp_path}/t.pdf").read_bytes() == Path(f"{tmp_path}/s.pdf").read_bytes()


def test_a_kink_without_another_side_is_warned_of(shell: Shell, tmp_path: Path) -> None:
    need_module("typst")
    done = shell("worksheet", "relu(x^2 + 1)*y", "--variants", "3", "-o", f"{tmp_path}/s.pdf", "--no-key")
    assert done.status == 0
    assert "is not on every side of its kink over the sheets" in done.err


def test_an_exercise_goes_through_a_pipe(shell: Shell, tmp_path: Path) -> None:
    need_module("typst")
    program = shell("exercise", "--gates", "add,mul,max", "--size", "5", "--seed", "7").out
    assert program == exercise(seed=7).program
    target = tmp_path / "s.pdf"
    assert shell("worksheet", "-", "-o", str(target), "--given", "f", stdin=program.encode()).status == 0
    assert target.exists()


@pytest.mark.parametrize(
    ("target", "as_", "begins"),
    [
        ("e.bp", None, b"x = "),
        ("e.svg", None, b"<svg"),
        ("e.pdf", None, b"%PDF"),
        ("e.tex", None, b"%"),
        ("e.csv", None, b"kind,"),
        ("e.py", None, b"x = "),
        ("e.md", None, b"$f$ at $x"),
        ("e.html", None, b"<!DOCTYPE html>"),
        ("e.csv", "deck", None),
        ("e.tex", "steps", b"% needs"),
        ("e.html", "steps", b"<!DOCTYPE html>"),
        ("e.tex", "code", b"% needs"),
        ("e.tex", "deck", b"% "),
        ("e.md", "table", b"|"),
        ("e.pdf", "worksheet", b"%PDF"),
    ],
)
def test_an_exercise_is_written_as_its_ending_or_as_says(
    target: str, as_: str | None, begins: bytes | None, shell: Shell, tmp_path: Path
) -> None:
    if target == "e.pdf":
        need_module("typst")
    file = tmp_path / target
    done = shell("exercise", "--seed", "3", *(["--as", as_] if as_ else []), "-o", str(file))
    if begins is None:
        assert done.status == 2
        assert not file.exists()
        return
    assert (done.status, done.out) == (0, f"→ {file}\n")
    assert file.read_bytes().startswith(begins)


def test_as_is_for_the_files_that_it_can_be_and_the_endings_say_the_rest(shell: Shell, tmp_path: Path) -> None:
    targets = [f"{tmp_path}/{name}" for name in ("e.bp", "e.svg", "e.tex", "frames/")]
    words_ = [word for target in targets for word in ("-o", target)]
    assert shell("exercise", "--as", "steps", "--seed", "3", *words_).out == f"→ {', '.join(targets)}\n"
    assert "amsmath" in Path(targets[2]).read_text(encoding="utf-8")
    assert Path(targets[1]).read_text(encoding="utf-8").startswith("<svg")
    assert (tmp_path / "frames" / "frame-01.svg").exists()
    assert parse(Path(targets[0]).read_text(encoding="utf-8")).output_name == "f"


@pytest.mark.parametrize("as_", ["draw", "table", "code", "steps"])
def test_as_alone_prints(as_: str, shell: Shell) -> None:
    program = shell("exercise", "--seed", "3").out
    piped = shell(as_, "-", *(["-o", "-"] if as_ == "draw" else []), stdin=program.encode())
    assert shell("exercise", "--seed", "3", "--as", as_).out == piped.out


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["worksheet", "x*y"], "f needs values for x and y"),
        (["worksheet", "x", "--x", "1", "-o", "a.png"], "no worksheet is written to a.png"),
        (["worksheet", "x", "--x", "1", "--key", "a.pdf", "--no-key"], "exclude each other"),
        (["worksheet", "x", "--x", "1", "-o", "a.pdf", "--key", "a.pdf"], "cannot both be a.pdf"),
        (["worksheet", "x", "--x", "1", "--given", "z"], "nothing is called z"),
        (["worksheet", "x*x", "--variants", "200"], "there are only"),
        (["worksheet", "x*y", "--x", "1", "--y", "2", "--variants", "2"], "say which values it may have: --range x=1"),
        (["worksheet", "x*y", "--y", "0,1", "--variants", "2"], "say which values it may have: --range y=0,1"),
        (["worksheet", "x*y", "--variants", "2", "--range", "x"], "--range x has no values for a name"),
        (["worksheet", "x*y", "--variants", "2", "--range", "x=1:0"], "write 0:1"),
        (["worksheet", "x*y", "--variants", "2", "--range", "z=1,2"], "no input is called z"),
        (["worksheet", "x*y", "--variants", "2", "--range", "x=1", "--range", "x=2"], "write one: --range x=1,2"),
        (["worksheet", "x*y", "--x", "1", "--y", "2", "--range", "x=1"], "add --variants 30"),
        (["worksheet", "x*y", "--names", "nobody.txt"], "nobody.txt cannot be read"),
        (["worksheet", "x*y", "--variants", "2", "--key", "k.xyz"], "no worksheet is written as .xyz"),
        (["worksheet", "x*y", "--variants", "2", "-o", "."], "add --key keys.pdf, or --no-key"),
        (["worksheet", "x*y", "--variants", "2", "--key", "k.csv", "--key", "k.csv"], "k.csv is named twice"),
        (["worksheet", "x*y", "--variants", "2", "--keep-constants"], "--vary-constants"),
        (
            ["worksheet", "relu(x)", "--variants", "3", "--range", "x=1,2"],
            "there are only 2 among the values of --range",
        ),
        (["exercise", "--gates", "add,maxx"], "did you mean max?"),
        (["exercise", "-o", "a.doc"], "no exercise is written to a.doc"),
        (["exercise", "--worksheet", "-o", "a.svg"], "--as worksheet writes none of a.svg"),
        (["exercise", "--as", "code", "-o", "a.pdf"], "--as code writes none of a.pdf"),
        (["exercise", "--as", "sheet"], "'sheet' is not one of"),
        (["exercise", "--as", "deck", "--worksheet"], "--worksheet is --as worksheet, not --as deck"),
        (["exercise", "--blank", "-o", "a.bp"], "--blank leaves the numbers of a figure out"),
    ],
)
def test_what_cannot_be_is_told(shell: Shell, line: list[str], told: str) -> None:
    done = shell(*line)
    assert done.status == 2
    assert told in done.err
    assert done.out == ""


@pytest.mark.parametrize("command", ["worksheet", "exercise"])
def test_help_shows_command_lines(shell: Shell, command: str) -> None:
    assert f"bpviz {command} " in shell(command, "--help").out.partition("Options")[0].partition("\n")[2]
