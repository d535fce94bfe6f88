"""The library: the same names and options as the command line."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import bpviz
from bpviz import cli, deck, figure, text, worksheet
from bpviz.figure.fitting import read_length
from bpviz.lecture import draw_gate, exercise
from tests.support.command import Shell
from tests.support.drawing import read

EXAMPLE = "(x + σ(y)) / (σ(x) + (x + y)^2)"


@pytest.fixture
def trace() -> bpviz.Trace:
    return bpviz.parse(EXAMPLE, gates="lecture").at(x=3, y=-4)


def test_a_program_is_parsed_and_a_graph_is_run_at_a_point(trace: bpviz.Trace) -> None:
    assert trace == bpviz.run(trace.graph, x=3, y=-4) == trace.graph.at({"x": 3, "y": -4})
    assert trace.value("num") == trace.values["num"] == 3.0179862099620918
    assert trace.gradient("x") == trace.gradients["x"] == 2.059569795572165
    assert trace.point == {"x": 3, "y": -4}
    with pytest.raises(bpviz.UsageError, match="nothing is called z\nthe names are"):
        trace.gradients["z"]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("draw", {"theme": "cs231n"}),
        ("table", {"digits": 5}),
        ("steps", {"only": "x"}),
        ("code", {"lang": "numpy"}),
        ("symbolic", {"local": True}),
        ("check", {"claim": "x=2.06"}),
        ("deck", {"theme": "dark"}),
        ("worksheet", {"seed": 3}),
        ("sweep", {"x": "-1:1:3"}),
        ("descend", {"rate": 0.1, "steps": 3}),
    ],
)
def test_a_trace_has_a_method_for_every_output_and_the_shortcut_gives_the_same(
    trace: bpviz.Trace, name: str, options: dict[str, Any]
) -> None:
    made = getattr(trace, name)(**options)
    point = {name: value for name, value in trace.point.items() if name not in options}
    same = getattr(bpviz, name)(EXAMPLE, **({} if name == "symbolic" else point), **options)
    assert type(made) is type(same)
    assert repr(made) == repr(same)


def test_a_graph_has_the_outputs_that_need_no_numbers(trace: bpviz.Trace) -> None:
    graph = trace.graph
    assert graph.draw().trace is None
    assert graph.code().startswith("# f(x, y)") or "def f(x, y)" in graph.code()
    assert graph.symbolic() == trace.symbolic()
    assert graph.steps() == trace.steps(symbolic=True) != trace.steps()
    assert graph.sweep(x="-1:1:3", y=2).gradients["x"] == bpviz.sweep(EXAMPLE, x="-1:1:3", y=2).gradients["x"]


def test_every_public_name_is_there() -> None:
    assert dir(bpviz) == sorted(bpviz.__all__)
    assert all(getattr(bpviz, name) for name in bpviz.__all__)
    with pytest.raises(AttributeError, match="no attribute 'darw'"):
        bpviz.darw  # type: ignore[attr-defined]  # noqa: B018  the access is the test


MADE_BY_PARSE = {"gates", "share", "constants", "shape", "unroll"}  # shapes in Python
DONE_WITH_A_RESULT = {"output", "format", "open", "quiet", "help"}  # by who has it, with save and print


@pytest.mark.parametrize(("name", "output"), [("draw", figure.draw), ("table", text.table), ("steps", text.steps)])
def test_an_output_has_the_command_lines_options(name: str, output: Callable[..., object]) -> None:
    keywords = {each.name for each in inspect.signature(output).parameters.values() if each.kind is each.KEYWORD_ONLY}
    flags = [option.opts[-1] for option in cli.bpviz.commands[name].params]
    keywords = {each.rstrip("_") for each in keywords}  # for_, since Python has a for of its own
    options = {flag.removeprefix("--") for flag in flags if flag.startswith("--")}
    assert options - keywords <= DONE_WITH_A_RESULT | MADE_BY_PARSE | {"set"}
    assert keywords <= options


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"dircetion": "up"}, "no option or input is called dircetion\ndid you mean direction?"),
        ({"gate": "fused"}, "no option or input is called gate\ndid you mean gates?"),
        ({"w": 1}, "no option or input is called w\nthe inputs are x, y"),
    ],
)
def test_a_misspelt_keyword_is_told(words: dict[str, Any], message: str) -> None:
    with pytest.raises(bpviz.UsageError) as error:
        bpviz.draw("x*y", x=1, y=2, **words)
    assert str(error.value) == message


def test_a_figure_is_saved(tmp_path: Path) -> None:
    figure = bpviz.draw(EXAMPLE, x=3, y=-4, theme="cs231n")
    assert ElementTree.fromstring(figure.svg.encode()).tag.endswith("svg")
    figure.save(tmp_path / "f.svg")
    assert (tmp_path / "f.svg").read_text(encoding="utf-8") == figure.svg
    figure.save(str(tmp_path / "f.PDF"))
    assert (tmp_path / "f.PDF").read_bytes().startswith(b"%PDF")
    figure.save(tmp_path / "no ending", format="png")
    assert (tmp_path / "no ending").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("draw", {"dircetion": "up"}, "no option is called dircetion\ndid you mean direction?"),
        ("table", {"format_": "csv"}, "no option is called format_\ndid you mean format?"),
        ("code", {"w": 1}, "no option is called w\nthe options are digits, decimals, lang, limit"),
    ],
)
def test_a_misspelt_keyword_of_a_method_is_told(
    trace: bpviz.Trace, name: str, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(bpviz.UsageError) as error:
        getattr(trace, name)(**options)
    assert str(error.value) == message


def test_inputs_named_as_options_go_into_set() -> None:
    figure = bpviz.draw("theme * digits", set={"theme": 2, "digits": 5})
    assert figure.trace is not None
    assert figure.trace.value("f") == 10


def test_without_any_value_the_figure_is_blank() -> None:
    assert bpviz.draw("x*y").trace is None
    assert bpviz.draw("x = 3; x*x", blank=True).trace is None
    assert bpviz.draw("x = 3; x*x").trace is not None
    assert bpviz.draw("2 + 3").trace is not None
    with pytest.raises(bpviz.UsageError, match="needs a value for y"):
        bpviz.draw("x*y", x=1)


@pytest.mark.parametrize("target", ["f", "f.jpg", "f.svg.gz"])
def test_an_ending_nobody_writes_is_told(target: str) -> None:
    with pytest.raises(bpviz.UsageError, match=r"end it in \.svg, \.pdf, \.png, \.dot"):
        bpviz.draw("x*y").save(target)


@pytest.mark.parametrize(("length", "result"), [("2.54cm", 1), ("25.4 mm", 1), ("72pt", 1), ("96px", 1), ("3in", 3)])
def test_a_width_has_a_unit(length: str, result: float) -> None:
    assert read_length(length) == pytest.approx(result)


@pytest.mark.parametrize("length", ["12", "", "cm", "0cm", "-3cm", "nancm", "12 km", "1e9cm"])
def test_what_is_no_width_is_told(length: str) -> None:
    with pytest.raises(bpviz.UsageError, match="write a length with its unit, in, cm, mm, pt, px: 12cm"):
        read_length(length)


@pytest.mark.parametrize(
    ("made", "line"),
    [
        (lambda: bpviz.table("x*y", x=2, y=3, digits=5), ["table", "x*y", "--x", "2", "--y", "3", "--digits", "5"]),
        (lambda: bpviz.steps("x*y", x=2, y=3, only="x"), ["steps", "x*y", "--x", "2", "--y", "3", "--only", "x"]),
        (lambda: bpviz.steps("x*y + y", for_="x"), ["steps", "x*y + y", "--for", "x"]),
        (lambda: bpviz.steps("x = 2; x*x", symbolic=True), ["steps", "x = 2; x*x", "--symbolic"]),
        (lambda: bpviz.code("x*y", x=2, y=3), ["code", "x*y", "--x", "2", "--y", "3"]),
        (lambda: bpviz.code("x*y", lang="numpy"), ["code", "x*y", "--lang", "numpy"]),
        (lambda: bpviz.code("x = 2; x*x"), ["code", "x = 2; x*x"]),
        (lambda: bpviz.symbolic("x*y^2", local=True), ["symbolic", "x*y^2", "--local"]),
        (lambda: bpviz.symbolic("x*y^2", format="latex"), ["symbolic", "x*y^2", "--format", "latex"]),
        (lambda: bpviz.check("x*y", x=2, y=3).text(), ["check", "x*y", "--x", "2", "--y", "3"]),
        (lambda: bpviz.check("x*y", x=2, y=3, all=True).text(), ["check", "x*y", "--x", "2", "--y", "3", "--all"]),
        (
            lambda: bpviz.check("x*y", x=2, y=3, claim={"x": "3.0", "y": 3}).text(),
            ["check", "x*y", "--x", "2", "--y", "3", "--claim", "x=3.0", "--claim", "y=3"],
        ),
    ],
)
def test_a_text_is_what_the_command_line_prints(
    made: Callable[[], str], line: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    plain = ["--format", "plain"] if line[0] in ("table", "steps", "check") else []
    assert Shell(monkeypatch, capfd)(*line, *plain).out == made()


def test_a_check_says_whether_all_is_right_and_a_notebook_shows_it() -> None:
    right, wrong = bpviz.check("x*y", x=2, y=3), bpviz.check("x*y", x=2, y=3, claim=["x=3", "y=3"])
    assert (right.is_right, wrong.is_right) == (True, False)
    assert repr(right) == "<Check of 2 gradients: right>"
    assert right._repr_html_() == right.text()._repr_html_()
    assert right._repr_latex_() == right.text("latex")
    assert ">wrong</td>" in str(wrong._repr_html_())
    assert bpviz.check("x*y", x=2, y=3, decimals=3).text().splitlines()[1].split()[1] == "3.000"


def test_a_notebook_shows_a_text_without_quotation_marks_and_sets_markdown() -> None:
    shown: list[str] = []

    class Printer:
        text = shown.append

    plain, markdown = bpviz.steps("x*y", x=2, y=3), bpviz.steps("x*y", x=2, y=3, format="markdown")
    plain._repr_pretty_(Printer(), False)
    assert shown == [plain]
    assert not hasattr(plain, "_repr_markdown_")
    assert markdown._repr_markdown_() == markdown


def test_a_table_is_text() -> None:
    assert bpviz.table("x*y", x=2, y=3).startswith("input  value  gradient")
    with pytest.raises(bpviz.UsageError, match="no table is written as html"):
        bpviz.table("x*y", x=2, y=3, format="html")


@pytest.mark.parametrize("theme", ["drawio", "cs231n"])
def test_a_blank_figure_of_known_values_lies_on_the_filled_one(theme: str) -> None:
    program = "x = 3.5; y = -4; x*y - sigmoid(x)/y"
    filled, blank = (read(bpviz.draw(program, theme=theme, blank=blank).svg) for blank in (False, True))
    assert (blank.shapes, blank.wires, blank.size) == (filled.shapes, filled.wires, filled.size)
    assert len(filled.texts) > len(blank.texts)
    assert not any(char in text.words for text in blank.texts for char in ".−4" if text.owner.startswith("wire"))


def test_a_blank_figure_has_no_digit_of_its_numbers_in_any_format() -> None:
    blank = bpviz.draw("x = 3.17; x*x", blank=True)
    assert "3.17" not in blank.svg + blank.data("dot").decode() + blank.tex


def test_a_blank_figure_needs_no_value_that_can_be_computed() -> None:
    assert bpviz.draw("x = 0; 1/x", blank=True).trace is None
    assert bpviz.draw("x*y", x=1, blank=True).trace is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bpviz.draw("x*y", x="1", y=2), "x = '1' is not a number\ngive x a number, such as 2.5"),
        (lambda: bpviz.draw("x*y", x=1), "f needs a value for y\ngive y a value"),
        (lambda: bpviz.draw("x*y", width=12), "12 is no width\nwrite a length with its unit, in, cm, mm, pt, px: 12cm"),
        (lambda: bpviz.draw("x*y", width=""), " is no width\nwrite a length with its unit, in, cm, mm, pt, px: 12cm"),
        (
            lambda: bpviz.draw("x*y", decimals=-1),
            "no number is written with decimals = -1\nchoose a whole number from 0 to 17",
        ),
        (
            lambda: bpviz.table("x*y", x=1, y=2, digits=0),
            "no number is written with digits = 0\nchoose a whole number from 1 to 17",
        ),
        (
            lambda: bpviz.check("x*y", x=1, y=2, digits=0),
            "no number is written with digits = 0\nchoose a whole number from 1 to 17",
        ),
        (
            lambda: bpviz.check("x*y", x=1, y=2, tolerance=0),
            "a tolerance of 0 tells nothing\ngive one above 0 and at most 1, as 1e-6",
        ),
        (
            lambda: bpviz.check("x*y", x=1, y=2, claim=3),
            '3 claims nothing\nwrite claim="x=0.18", or claim={"x": "0.18"}',
        ),
        (
            lambda: bpviz.steps("x*y + x", x=1, y=2, limit={"derived": 1}),
            "a derivation of 2 gates is more than anybody can read: the limit is 1\nprint its numbers with "
            "bpviz table; raise the limit if you mean it: --limit derived=2 (limit={'derived': 2} in Python)",
        ),
        (
            lambda: deck("x*y", x=1, y=2, digits=99),
            "no number is written with digits = 99\nchoose a whole number from 1 to 17",
        ),
        (
            lambda: worksheet("x*y", x=1, y=2, digits=99),
            "no number is written with digits = 99\nchoose a whole number from 1 to 17",
        ),
        (
            lambda: bpviz.run("x*y", x=1, y=2),
            "'x*y' is no graph\nmake one of a program's text first: run(parse(text), x=1)",
        ),
        (lambda: bpviz.parse(3), 'a program is text, and not 3\nwrite it as in parse("x*y + 1")'),
        (lambda: bpviz.draw(None), 'a program is text, and not None\nwrite it as in parse("x*y + 1")'),
        (lambda: bpviz.draw("x*y", direction="LR"), "no direction is called LR\nchoose one of up, down, right, left"),
    ],
)
def test_a_plain_slip_is_told_and_is_no_error_of_pythons(call: Callable[[], object], message: str) -> None:
    with pytest.raises(bpviz.UsageError) as error:
        call()
    assert str(error.value) == message


@pytest.mark.parametrize("front", [bpviz.draw, bpviz.table, bpviz.steps, bpviz.code, bpviz.check, deck, worksheet])
@pytest.mark.parametrize(
    ("choices", "what"),
    [
        ({"gates": "fused"}, "gates='fused' comes too late for a graph that is made already"),
        ({"share": True}, "share=True comes too late for a graph that is made already"),
        (
            {"share": True, "constants": True},
            "share=True, constants=True come too late for a graph that is made already",
        ),
    ],
)
def test_a_graph_is_parsed_once(front: Callable[..., object], choices: dict[str, object], what: str) -> None:
    with pytest.raises(bpviz.UsageError) as error:
        front(bpviz.parse("x*y", gates="lecture"), x=1, y=2, **choices)
    assert error.value.what == what
    assert error.value.hint.startswith("give it to parse: parse(text, ")


@pytest.mark.parametrize(
    ("program", "inputs", "text"),
    [
        ("x*y", {"x": 1, "y": 2}, "<Figure f = 2 at x = 1, y = 2>"),
        ("x*y", {}, "<Figure f(x, y), blank>"),
        ("2 + 3", {}, "<Figure f = 5>"),
        ("sum(a, b, c, d, e, g)", dict.fromkeys("abcdeg", 1), "<Figure f = 6 at a = 1, b = 1, c = 1, d = 1, e = 1, …>"),
    ],
)
def test_a_figures_repr_is_a_line(program: str, inputs: dict[str, float], text: str) -> None:
    assert repr(bpviz.draw(program, **inputs)) == text


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: bpviz.parse("x*y"), "<Graph f(x, y)"),
        (lambda: bpviz.parse("x*y").at(x=2, y=3), "<Trace f = 6 at x = 2, y = 3>"),
        (lambda: bpviz.parse("x*y").at(x=2, y=3).gradients, "<x = 3, y = 2, f = 1>"),
        (lambda: bpviz.check("x*y", x=2, y=3), "<Check of 2 gradients: right>"),
        (lambda: bpviz.deck("x*y", x=2, y=3), "<Deck f = 6 at x = 2, y = 3, 7 slides>"),
        (lambda: bpviz.worksheet("x*y", x=2, y=3), "<Worksheets "),
        (lambda: bpviz.sweep("x^2", x="-1:1:3"), "<Sweep "),
        (lambda: bpviz.descend("x^2", x=3, rate=0.25), "<Descent "),
        (lambda: draw_gate("multiply", x=2, y=3), "<GateFigure "),
        (lambda: exercise(gates="add,mul", size=3, seed=1), "<Exercise "),
    ],
)
def test_every_object_has_a_repr_of_one_line(make: Callable[[], object], text: str) -> None:
    line = repr(make())
    assert line.startswith(text)
    assert line.endswith(">")
    assert "\n" not in line
    assert len(line) < 120
