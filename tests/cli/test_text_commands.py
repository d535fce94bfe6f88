"""bpviz code and bpviz steps, as a person runs them."""

import contextlib
import io
import subprocess
import sys
from pathlib import Path

import pytest

from bpviz.cli.programs import Command
from bpviz.cli.text_commands import code, gates, steps, symbolic, table
from bpviz.errors import UsageError
from tests.conftest import need_module

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"


def printed(command: Command, *words: str) -> str:
    """Return what a command prints; what it raises is raised."""
    printed = io.BytesIO()
    with contextlib.redirect_stdout(io.TextIOWrapper(printed, encoding="utf-8")) as out:
        with command.make_context(command.name, list(words)) as context:
            command.invoke(context)
        out.flush()
        return printed.getvalue().decode()


def test_the_printed_script_runs_in_a_fresh_python() -> None:
    done = subprocess.run(
        [sys.executable, "-c", printed(code, EXAMPLE, "--x", "3", "--y=-4")], capture_output=True, text=True, check=True
    )
    numbers = [float(line.split(" = ")[1]) for line in done.stdout.splitlines()]
    assert [f"{each:.15g}" for each in numbers] == ["1.54564488410664", "2.05956979557217", "1.59223275148381"]


def test_without_values_it_is_a_function() -> None:
    assert "def f(x, y):" in printed(code, "-x*y")


def test_defaults_of_the_program_make_a_script(tmp_path: Path) -> None:
    (tmp_path / "p.bp").write_text("x = 2\nf = x^3\n", encoding="utf-8")
    assert "x = 2.0  # example values" in printed(code, str(tmp_path / "p.bp"))


def test_values_partly_missing_are_told() -> None:
    with pytest.raises(UsageError, match="f needs a value for y"):
        printed(code, "x*y", "--x", "1")
    with pytest.raises(UsageError, match="f needs a value for y"):
        printed(steps, "x*y", "--x", "1")


@pytest.mark.parametrize(
    ("words", "begin"),
    [(["-o", "a.py"], "# f = x"), (["-o", "a.tex"], "% needs"), (["-o", "a.py", "--lang", "jax"], "# f = x")],
)
def test_a_files_ending_chooses(words: list[str], begin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert printed(code, "x", *words) == f"→ {words[1]}\n"
    assert Path(words[1]).read_text(encoding="utf-8").startswith(begin)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-o", "a.txt"], "no listing is written to a.txt"),
        (["-o", "a.tex", "--lang", "numpy"], "a.tex does not hold numpy"),
        (["-o", "a.py", "--lang", "latex"], "a.py does not hold latex"),
    ],
)
def test_an_ending_that_does_not_fit_is_told(words: list[str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        printed(code, "x", *words)


def test_standard_output_takes_any_language() -> None:
    assert "amsmath" in printed(code, "x*y", "--lang", "latex", "-o", "-")


@pytest.mark.parametrize(
    ("ending", "begin"),
    [("txt", "f at x = 2"), ("md", "$f$ at"), ("qmd", "$f$ at"), ("tex", "% needs"), ("typ", "#let word(name)")],
)
def test_the_derivation_goes_to_a_file(ending: str, begin: str, tmp_path: Path) -> None:
    target = tmp_path / f"a.{ending}"
    assert printed(steps, "x^2", "--x", "2", "-o", str(target)) == f"→ {target}\n"
    assert target.read_text(encoding="utf-8").startswith(begin)


def test_without_values_the_derivation_is_in_symbols() -> None:
    assert printed(steps, "x*y").startswith("f as a function of x, y\n")
    assert printed(steps, "x = 2; x*x", "--symbolic").startswith("f as a function of x\n")


def test_a_derivation_is_set_as_a_document(tmp_path: Path) -> None:
    need_module("typst")
    for name, begin in (("a.pdf", b"%PDF-"), ("a.html", b"<!DOCTYPE html>"), ("a.HTM", b"<!DOCTYPE html>")):
        target = tmp_path / name
        assert printed(steps, EXAMPLE, "--for", "y", "-o", str(target)) == f"→ {target}\n"
        assert target.read_bytes().startswith(begin)
        assert printed(steps, EXAMPLE, "--x", "3", "--y", "-4", "-o", str(target), "--quiet") == ""


def test_a_page_is_printed() -> None:
    assert printed(steps, "x*y", "--format", "html") == printed(steps, "x*y", "--format", "html", "-o", "-")
    assert printed(steps, "x*y", "--format", "html").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(("format_", "name"), [("latex", "a.pdf"), ("html", "a.pdf"), ("html", "a.txt")])
def test_a_document_is_of_no_other_format(format_: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=rf"{name} does not hold {format_}") as error:
        printed(steps, "x*y", "--format", format_, "-o", str(tmp_path / name))
    assert error.value.hint == "leave --format out: the ending says it"
    assert not list(tmp_path.iterdir())


def test_a_name_that_for_does_not_know_is_told() -> None:
    with pytest.raises(UsageError, match="nothing is called sigyy\ndid you mean sigy"):
        printed(steps, EXAMPLE, "--for", "sigyy")


def test_a_derivations_ending_that_nobody_writes_is_told() -> None:
    with pytest.raises(UsageError, match="no derivation is written to"):
        printed(steps, "x", "--x", "1", "-o", "a.doc")


def test_a_file_never_gets_colours(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    printed(steps, "x^2", "--x", "2", "--format", "rich", "-o", str(target))
    assert "\x1b" not in target.read_text(encoding="utf-8")


def test_without_a_terminal_rich_is_plain(capsys: pytest.CaptureFixture[str]) -> None:
    words = [EXAMPLE, "--x", "3", "--y", "-4"]
    rich = printed(steps, *words)
    assert [line.rstrip() for line in rich.splitlines()] == printed(steps, *words, "--format", "plain").splitlines()


def test_only_and_digits_are_passed_on() -> None:
    text = printed(steps, EXAMPLE, "--x", "3", "--y", "-4", "--only", "den", "--digits", "5")
    assert "= −0.26229 × 3.0180 " in text
    assert "∂f/∂num" not in text


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (code, ["x*y", "-o", "a.py"]),
        (steps, ["x*y", "--x", "1", "--y", "2", "-o", "a.md"]),
        (symbolic, ["x*y", "-o", "a.tex"]),
        (table, ["x*y", "--x", "1", "--y", "2", "-o", "a.csv"]),
        (gates, ["multiply", "-o", "a.svg"]),
    ],
    ids=lambda each: getattr(each, "name", ""),
)
def test_a_file_that_was_written_is_told_unless_it_should_be_quiet(
    command: Command, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert printed(command, *words) == f"→ {words[-1]}\n"
    assert Path(words[-1]).stat().st_size > 0
    assert printed(command, *words, "--quiet") == ""
    assert "→" not in printed(command, *words[:-1], "-")
