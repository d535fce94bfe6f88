"""bpviz draw with what wires carry, the river and the paths; the drawing of a gate; and bpviz build."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bpviz.figure.wire_labels import SHOW_OF_VECTORS
from tests.support.command import Shell

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
POINT = ("--x", "3", "--y", "-4")
NO_LETTER = "\u0379"  # the code point is not assigned
GOOD = '[[figure]]\nprogram = "x*y"\nvalues = {x = 2, y = 3}\noutput = "good.svg"\n'
BAD = '[[figure]]\nprogram = "x*"\noutput = "bad.svg"\n'


def test_a_gate_has_a_page(shell: Shell) -> None:
    done = shell("gates", "multiply")
    assert done.status == 0
    assert "the product rule" in done.out
    assert "1000 times as large" in " ".join(done.out.split())


def test_a_gate_is_drawn_with_its_numbers(shell: Shell) -> None:
    line = ("gates", "multiply", "-o", "g.svg", "-o", "g.pdf", "-o", "g.png", "--x", "2", "--y", "3", "--upstream", "5")
    assert shell(*line) == (0, "→ g.svg, g.pdf, g.png\n", "")
    assert "= 3 × 5 = 15" in Path("g.svg").read_text(encoding="utf-8")
    assert shell("gates", "max", "-o", "-", "--format", "dot").out.startswith("digraph")


def test_a_gate_at_its_kink_is_drawn_and_told(shell: Shell) -> None:
    done = shell("gates", "relu", "-o", "g.svg", "--x", "0", "--upstream", "1")
    assert (done.status, done.err) == (0, "bpviz: warning: z = relu(x) is at a kink: relu'(0) is taken as 0\n")


@pytest.mark.parametrize(
    ("line", "err"),
    [
        (("gates", "mutliply"), "no gate is called mutliply\ndid you mean multiply?"),
        (("gates", "multiply", "--x", "2"), "numbers are for the drawing of a gate\nsay where to: -o gate.svg"),
        (("gates", "-o", "g.svg"), "which gate?\nwrite bpviz gates multiply -o multiply.svg"),
        (("gates", "add", "max"), "one gate at a time, but there are 2: add   max"),
        (("gates", "tanh", "-o", "g.tex"), "a gate's template is not written as .tex"),
        (("gates", "ln", "--x", "-1", "-o", "g.svg"), "z = ln(x) has no value at -1"),
        (("draw", "x*y", "--flow"), "without values nothing flows\ngive every input a value"),
        (("draw", "x*y", *POINT, "--flow", "--highlight", "x"), "flow and highlight both change how wide wires are"),
        (("draw", "x*y", "--show", "chain"), "a figure without values shows no chain"),
        (("draw", "x*y", *POINT, "--show", "vals"), "a wire cannot show vals"),
        (("draw", "x*y", *POINT, "--highlight", "q"), "nothing is called q\nthe names are x, y, f"),
    ],
)
def test_what_is_refused(shell: Shell, line: tuple[str, ...], err: str) -> None:
    done = shell(*line)
    assert done.status in (1, 2)
    assert done.err.startswith(f"bpviz: {err}")
    assert list(Path().iterdir()) == []


def test_paths_are_listed_under_the_line_that_sums_up(shell: Shell) -> None:
    done = shell("draw", EXAMPLE, *POINT, "--highlight", "y", "-o", "f.svg")
    assert done.out.splitlines()[1:] == [
        "2 paths from y to f; what they contribute adds up to ∂f/∂y = 1.59",
        "  y → xpy → xpysqr → den → invden → f   1 × −2 × 1 × −0.262 × 3.02 = 1.58",
        "  y → sigy → num → f                    0.0177 × 1 × 0.512 ≈ 0.00905",
    ]
    assert shell("draw", EXAMPLE, *POINT, "--highlight", "y", "-o", "f.svg", "--quiet").out == ""
    assert shell("draw", EXAMPLE, *POINT, "--highlight", "y", "-o", "-").err.count("→ num →") == 1


def test_symbols_need_no_values(shell: Shell) -> None:
    assert shell("draw", "x*y", "--symbolic", "-o", "f.svg") == (0, "f(x, y), in symbols   → f.svg\n", "")
    assert "∂f/∂x" in Path("f.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("options", [("--flow",), ("--highlight", "x"), ("--show", "values,local,names")])
def test_every_picture_comes_in_every_format(shell: Shell, options: tuple[str, ...]) -> None:
    targets = [word for ending in ("svg", "pdf", "png", "dot", "tex") for word in ("-o", f"f.{ending}")]
    assert shell("draw", "x*y + x", *POINT, *options, *targets).status == 0
    first = {path.name: path.read_bytes() for path in Path().iterdir()}
    assert shell("draw", "x*y + x", *POINT, *options, *targets).status == 0
    assert first == {path.name: path.read_bytes() for path in Path().iterdir()}


def test_the_help_offers_all_that_a_wire_carries(shell: Shell) -> None:
    assert f"some of: {', '.join(SHOW_OF_VECTORS)}." in " ".join(shell("draw", "-h").out.split())


VECTORS = ("q = W@x; f = sum(q^2)", "--W", "[[1, 2], [3, 4]]", "--x", "[0.5, -1]")


def test_vectors_are_drawn_as_grids_and_unrolled_as_numbers(shell: Shell) -> None:
    done = shell("draw", *VECTORS)
    assert done.out == "f = 8.5   ∂f/∂W = [[−1.5, 3], [−2.5, 5]]   ∂f/∂x = [−18, −26]   → f.svg\n"
    assert Path("f.svg").read_text(encoding="utf-8").count("<polyline") == 16  # two brackets for each of eight grids
    assert shell("draw", *VECTORS, "--unroll").out.startswith("f = 8.5   ∂f/∂W_00 = −1.5   ")
    assert "<polyline" not in Path("f.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("options", [("--flow",), ("--show", "values,local"), ("--show", "chain")])
def test_what_only_numbers_have_is_drawn_of_unrolled_vectors(shell: Shell, options: tuple[str, ...]) -> None:
    refused = shell("draw", *VECTORS, *options)
    assert (refused.status, "write --unroll" in refused.err) == (2, True)
    assert shell("draw", *VECTORS, *options, "--unroll").status == 0


# bpviz build


def test_a_build_says_how_many_it_drew(shell: Shell) -> None:
    Path("f.toml").write_text(GOOD)
    assert shell("build", "f.toml") == (0, "1 figure: 1 made\n", "")
    assert shell("build", "f.toml") == (0, "1 figure: 1 unchanged\n", "")
    assert shell("build", "f.toml", "--force", "-j", "2") == (0, "1 figure: 1 made\n", "")
    assert shell("build", "f.toml", "--force", "--quiet") == (0, "", "")


def test_a_build_says_of_what_kinds_and_opens_what_it_wrote(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("bpviz.cli.targets.open_file", lambda path: not shown.append(path))
    Path("f.toml").write_text(f"{GOOD}{GOOD.replace('good', 'better')}[[code]]\nprogram = 'x'\noutput = 'c.py'\n")
    assert shell("build", "f.toml", "--open") == (0, "2 figures and 1 listing: 3 made\n", "")
    assert [os.path.basename(path) for path in shown] == ["good.svg", "better.svg", "c.py"]


def test_what_is_to_be_known_of_an_output_is_told_with_its_label(shell: Shell) -> None:
    Path("f.toml").write_text("""
[[table]]
program = "relu(x) + e^x"
values = { x = 0 }
output = "t.csv"
""")
    note, warning = shell("build", "f.toml").err.splitlines()
    assert note.startswith("bpviz: table 1, t.csv: note: e is read as Euler's number; ")
    assert warning == "bpviz: warning: table 1, t.csv: relux = relu(x) is at a kink: relu'(0) is taken as 0"


def test_a_bad_figure_is_told_and_the_status_is_1(shell: Shell) -> None:
    Path("f.toml").write_text(BAD + GOOD)
    done = shell("build", "f.toml")
    assert (done.status, done.out) == (1, "2 figures: 1 made, 1 failed\n")
    assert done.err.splitlines()[:3] == [
        "bpviz: figure 1, bad.svg: this * has nothing on its right",
        "  line 1: x*",
        "           ^",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["gone.toml"], "gone.toml cannot be read: No such file or directory\ngive a TOML file"),
        (["."], ". cannot be read: Is a directory\ngive a TOML file"),
        (["a.toml", "b.toml"], "one file at a time, but there are 2: a.toml   b.toml\nwrite bpviz build lecture.toml"),
        (["--force"], "which file?\nwrite bpviz build lecture.toml"),
        (["f.toml", "-q"], "No such option: -q\ndid you mean --quiet?"),
        (
            ["f.toml", "-j", "0"],
            "Invalid value for '-j' / '--jobs': 0 is not in the range 1<=x<=256.\nbpviz build -h shows how it is typed",
        ),
        (["f.toml", "--jbos", "3"], "no option is called --jbos\ndid you mean --jobs?"),
    ],
)
def test_what_was_typed_wrong_is_status_2(shell: Shell, line: list[str], said: str) -> None:
    assert shell("build", *line) == (2, "", f"bpviz: {said}\n")


def test_without_a_file_it_shows_its_help(shell: Shell) -> None:
    shown = shell("build")
    assert shown.status == 0
    assert '    program = "(x + σ(y)) / (σ(x) + (x+y)^2)"\n    output = ["example.svg", "example.pdf"]\n' in shown.out


def test_watching_tells_of_errors_and_goes_on_until_ctrl_c(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("f.toml").write_text("[[figure]")

    def saves() -> object:
        def wait(known: object) -> None:
            if Path("f.toml").read_text() == GOOD:
                raise KeyboardInterrupt
            Path("f.toml").write_text(GOOD)

        return wait

    monkeypatch.setattr("bpviz.builds.watching._make_watcher", saves)
    done = shell("build", "f.toml", "--watch")
    assert (done.status, done.out) == (130, "1 figure: 1 made\n")
    assert "f.toml is not TOML" in done.err


def test_a_figure_that_is_blank_on_purpose_needs_no_value_that_can_be_computed(shell: Shell) -> None:
    assert shell("draw", "log(x)", "--x", "-1", "-o", "f.svg").status == 1
    assert shell("draw", "log(x)", "--x", "-1", "--blank", "-o", "f.svg").status == 0


def test_a_title_in_letters_that_no_font_has_is_told(shell: Shell) -> None:
    line = ("draw", "x*y", "--x", "2", "--y", "3", "--quiet", "--title", f"a {NO_LETTER}")
    assert shell(*line, "-o", "f.svg").err == (
        f"bpviz: no font on this machine has {NO_LETTER}: boxes stand in their place, until you install a font that "
        "has them, such as one of the Noto family\n"
    )
    told = shell(*line, "-o", "f.svg", "--text", "outline").err.splitlines()[1:]
    assert told == [
        f"bpviz: words with {NO_LETTER} stay text in the SVG: the figure's typeface has no outlines of them"
    ]
    assert shell(*line, "-o", "f.tex", "-o", "f.dot").err == ""
    assert shell(*line[:-1], "Größe → σ(x)", "-o", "f.svg", "--text", "outline").err == ""
