"""The command line of the gate template, of what wires carry, of the river and of the paths."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpviz.figure.wire_labels import SHOW
from tests.support.command import Shell

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
POINT = ("--x", "3", "--y", "-4")


@pytest.fixture
def bpviz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(monkeypatch, capfd)


def test_a_gate_has_a_page(bpviz: Shell) -> None:
    done = bpviz("gates", "multiply")
    assert done.status == 0
    assert "the product rule" in done.out
    assert "1000 times as large" in " ".join(done.out.split())


def test_a_gate_is_drawn_with_its_numbers(bpviz: Shell) -> None:
    line = ("gates", "multiply", "-o", "g.svg", "-o", "g.pdf", "-o", "g.png", "--x", "2", "--y", "3", "--upstream", "5")
    assert bpviz(*line) == (0, "→ g.svg, g.pdf, g.png\n", "")
    assert "= 3 × 5 = 15" in Path("g.svg").read_text(encoding="utf-8")
    assert bpviz("gates", "max", "-o", "-", "--format", "dot").out.startswith("digraph")


def test_a_gate_at_its_kink_is_drawn_and_told(bpviz: Shell) -> None:
    done = bpviz("gates", "relu", "-o", "g.svg", "--x", "0", "--upstream", "1")
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
def test_what_is_refused(bpviz: Shell, line: tuple[str, ...], err: str) -> None:
    done = bpviz(*line)
    assert done.status in (1, 2)
    assert done.err.startswith(f"bpviz: {err}")
    assert list(Path().iterdir()) == []


def test_paths_are_listed_under_the_line_that_sums_up(bpviz: Shell) -> None:
    done = bpviz("draw", EXAMPLE, *POINT, "--highlight", "y", "-o", "f.svg")
    assert done.out.splitlines()[1:] == [
        "2 paths from y to f; what they contribute adds up to ∂f/∂y = 1.59",
        "  y → xpy → xpysqr → den → invden → f   1 × −2 × 1 × −0.262 × 3.02 = 1.58",
        "  y → sigy → num → f                    0.0177 × 1 × 0.512 ≈ 0.00905",
    ]
    assert bpviz("draw", EXAMPLE, *POINT, "--highlight", "y", "-o", "f.svg", "--quiet").out == ""
    assert bpviz("draw", EXAMPLE, *POINT, "--highlight", "y", "-o", "-").err.count("→ num →") == 1


def test_symbols_need_no_values(bpviz: Shell) -> None:
    assert bpviz("draw", "x*y", "--symbolic", "-o", "f.svg") == (0, "f(x, y), in symbols   → f.svg\n", "")
    assert "∂f/∂x" in Path("f.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("options", [("--flow",), ("--highlight", "x"), ("--show", "values,local,names")])
def test_every_picture_comes_in_every_format(bpviz: Shell, options: tuple[str, ...]) -> None:
    targets = [word for ending in ("svg", "pdf", "png", "dot", "tex") for word in ("-o", f"f.{ending}")]
    assert bpviz("draw", "x*y + x", *POINT, *options, *targets).status == 0
    first = {path.name: path.read_bytes() for path in Path().iterdir()}
    assert bpviz("draw", "x*y + x", *POINT, *options, *targets).status == 0
    assert first == {path.name: path.read_bytes() for path in Path().iterdir()}


def test_the_help_offers_all_that_a_wire_carries(bpviz: Shell) -> None:
    assert f"some of: {', '.join(SHOW)}." in " ".join(bpviz("draw", "-h").out.split())
