"""The slides of a lecture: what each says and shows, in which order, and that nothing is shown before its time."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bpviz import deck, parse, run
from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.figure.diagram import diagram
from bpviz.figure.layout import bundled
from bpviz.figure.sketch import GRADIENT, HIDDEN, NEW, SHOWN, VALUE, sketch
from bpviz.figure.theme import THEMES
from bpviz.formula.mathml import MATHML, math
from bpviz.formula.numerals import THREE_DIGITS
from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import Atom
from bpviz.gates import GATES, forward, slope
from bpviz.lecture.slide_layout import (
    FIGURE_MARGIN,
    FOOTER_HEIGHT,
    HEADING_HEIGHT,
    MARGIN,
    PAPERS,
    ROOMY,
    ROW_HEIGHT,
    SMALL_LETTERS,
    TIGHT,
    enlarge_numbers,
    lay_out_slide,
    reserve_table_height,
    split_side_by_side,
)
from bpviz.lecture.slide_sequence import MOST_LINES, write_slides
from bpviz.lecture.slides import (
    BACKWARD,
    FORWARD,
    LONGEST_NAME,
    Slide,
    format_line,
    format_words,
    list_equalities,
    shorten_names,
)
from tests.support.drawing import read
from tests.support.geometry import faults
from tests.support.programs import SAMPLES, WHOLE
from tests.support.tapes import numbers, tape

PROGRAMS = [file.stem for file in WHOLE]


def trace_of(program: str) -> Trace:
    return run(parse((SAMPLES / f"{program}.bp").read_text()))


def slides_of(trace: Trace, by: str = "step", *, branch: bool = True) -> tuple[Slide, ...]:
    figure = sketch(trace.graph, trace, THREE_DIGITS, labels="both", branch=branch)
    return write_slides(trace, figure, by=by)


def headings(slides: tuple[Slide, ...]) -> list[str]:
    return [format_words(slide.heading) for slide in slides]


def test_the_lecture_on_the_example() -> None:
    names = ["sigy", "num", "sigx", "xpy", "xpysqr", "den", "invden", "f"]
    back = [f"Backward, step {8 - k} of 8: {name}" for k, name in enumerate(reversed(names))]
    back.insert(7, "Backward, the branch of x")
    assert headings(slides_of(trace_of("example"))) == [
        "The backpropagation of f",
        "The graph of f",
        "Forward: the inputs",
        *(f"Forward, step {k} of 8: {name}" for k, name in enumerate(names, start=1)),
        "The turn: f = 1.55",
        *back,
        "Backward, the branch of y",
        "Every value and every gradient",
    ]


def test_what_stands_on_the_slides_of_the_example() -> None:
    lines = {
        format_words(slide.heading): [format_line(line, slide.part) for line in slide.lines]
        for slide in slides_of(trace_of("example"))
    }
    assert lines["The backpropagation of f"] == ["f(x, y) = (x + σ(y))/(σ(x) + (x + y)²)", "at x = 3, y = −4"]
    assert lines["Forward, step 7 of 8: invden"] == ["invden = 1/den = 1/1.95 ≈ 0.512"]
    assert lines["Backward, step 7 of 8: invden"] == ["∂f/∂den = −1/den² · ∂f/∂invden = −0.262 × 3.02 ≈ −0.792"]
    assert lines["Backward, the branch of x"][0] == "∂f/∂x = 0.512 − 0.0358 + 1.58 = 2.06"
    assert "adds up" in lines["Backward, the branch of x"][1]
    assert lines["Every value and every gradient"] == []  # the table says it


def test_a_short_table_stands_with_the_figure_on_the_last_slide() -> None:
    last = slides_of(trace_of("example"))[-1]
    assert last.stage
    assert last.table
    rows = [[format_words(cell) for cell in row] for row in last.table.rows]
    assert rows[0] == ["", "x", "input", "3", "", "2.06"]
    assert rows[-1] == ["8", "f", "num·invden", "1.55", "num:\xa00.512, invden:\xa03.02", "1"]
    assert len(rows) == 2 + 8


def test_a_table_is_cut_into_the_parts_that_are_largest_where_it_stands() -> None:
    table = slides_of(trace_of("example"))[-1].table
    assert table
    assert [len(part.rows) for part in split_side_by_side(table, (880.0, 130.0))] == [5, 5]
    assert [len(part.rows) for part in split_side_by_side(table, (400.0, 450.0))] == [10]
    assert reserve_table_height(slides_of(trace_of("example"))[-1]) == pytest.approx(5 * ROW_HEIGHT * SMALL_LETTERS)


@pytest.mark.parametrize("by", ["step", "gate", "pass"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_numbers_appear_once_and_stay(program: str, by: str) -> None:
    shown: set[tuple[str, str]] = set()
    stages = [slide.stage for slide in slides_of(trace_of(program), by) if slide.stage]
    for stage in stages:
        seen = {place for place, state in stage.marks.items() if state in (SHOWN, NEW)}
        new = {place for place, state in stage.marks.items() if state == NEW}
        assert shown <= seen
        assert not new & shown or stage.marks == stages[stages.index(stage) - 1].marks  # one gate on two slides
        shown = seen
    assert not [place for place, state in stages[0].marks.items() if state != HIDDEN]
    assert shown == set(stages[-1].marks)


@pytest.mark.parametrize("program", PROGRAMS)
def test_forward_shows_values_and_backward_gradients_one_gate_at_a_time(program: str) -> None:
    trace = trace_of(program)
    for slide in slides_of(trace):
        roles = {role for (_, role), state in slide.stage.marks.items() if state == NEW} if slide.stage else set()
        if slide.part in (FORWARD, BACKWARD) and roles:
            assert roles == {VALUE if slide.part == FORWARD else GRADIENT}
        if "step" in format_words(slide.heading):
            assert slide.stage is not None
            assert roles
            assert len([spot for spot in slide.stage.lit if spot.startswith("gate-")]) == 1


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_branch_has_a_slide_of_its_own_and_by_gate_none(program: str) -> None:
    trace = trace_of(program)
    branching = sum(len(wires) > 1 for wires in trace.graph.wires_from)
    sums = [heading for heading in headings(slides_of(trace)) if "the branch of" in heading]
    assert len(sums) == branching
    fewer = slides_of(trace, "gate")
    assert len(fewer) == len(slides_of(trace)) - branching
    equations = {format_line(line, slide.part) for slide in fewer for line in slide.lines}
    for slide in slides_of(trace):
        if "the branch of" in format_words(slide.heading):
            assert format_line(slide.lines[0], slide.part) in equations


def test_without_dots_a_sum_still_has_its_slide() -> None:
    trace = trace_of("example")
    assert headings(slides_of(trace, branch=False)) == headings(slides_of(trace))


@pytest.mark.parametrize("program", PROGRAMS)
def test_by_pass_every_equation_stands_once_and_no_slide_is_crowded(program: str) -> None:
    trace = trace_of(program)
    by_pass = slides_of(trace, "pass")
    assert all(len(slide.lines) <= MOST_LINES for slide in by_pass if slide.part in (FORWARD, BACKWARD))
    said = [
        format_line(line, slide.part)
        for slide in by_pass
        if "pass" in format_words(slide.heading)
        for line in slide.lines
    ]
    by_step = {format_line(line, slide.part) for slide in slides_of(trace) for line in slide.lines}
    assert len(said) >= len(trace.graph.gate_ids)
    assert set(said) <= by_step


def test_a_gate_of_many_operands_goes_over_several_slides() -> None:
    names = [f"a{k}" for k in range(10)]
    trace = run(parse(f"max({', '.join(names)})"), dict.fromkeys(names, 1.0) | {"a3": 2.0})
    back = [slide for slide in slides_of(trace) if format_words(slide.heading).startswith("Backward")]
    assert headings(tuple(back)) == ["Backward, step 1 of 1: f (1 of 2)", "Backward, step 1 of 1: f (2 of 2)"]
    assert sum(len(slide.lines) for slide in back) == 11  # and the remark on the brackets


def test_a_long_table_has_slides_of_its_own_as_few_as_can_be_read() -> None:
    slides = [slide for slide in slides_of(trace_of("network")) if slide.table]
    assert [len(slide.table.rows) for slide in slides if slide.table] == [30]
    assert slides[0].stage is None
    assert format_line(slides_of(trace_of("network"))[-2].lines[0], "result").startswith(
        "loss = 0.299, ∂loss/∂x1 = 0.0446"
    )
    longer = run(parse("+".join(f"a{k}*b{k}" for k in range(30))), {f"{n}{k}": 1.0 for n in "ab" for k in range(30)})
    rows = [len(slide.table.rows) for slide in slides_of(longer) if slide.table]
    assert sum(rows) == 30 * 2 + 59
    assert max(rows) - min(rows) <= 1
    assert len(rows) == 3


def test_a_program_without_inputs_has_a_deck() -> None:
    assert headings(slides_of(run(parse("1 + 2"))))[1:4] == [
        "The graph of f",
        "Forward, step 1 of 1: f",
        "The turn: f = 3",
    ]


def test_a_constant_has_a_deck_without_a_table() -> None:
    slides = slides_of(run(parse("3")))
    assert [slide.table for slide in slides] == [None] * len(slides)
    assert format_line(slides[-1].lines[0], "result") == "f = 3"


@pytest.mark.parametrize(("program", "least"), [("example", 15.5), ("neuron", 12.0), ("hinge", 16.0), ("network", 8.0)])
def test_the_figures_numbers_are_large_on_a_slide(program: str, least: float) -> None:
    made = deck((SAMPLES / f"{program}.bp").read_text())
    assert made.layout.width == 960.0  # points: 33.87 cm
    assert made.design.letters >= least


@pytest.mark.parametrize("theme", ["drawio", "cs231n"])
def test_nothing_overlaps_in_the_proportions_of_a_slide(theme: str) -> None:
    for seed in range(3):
        graph = tape(seed, 6 * seed + 5)
        for proportions in (ROOMY, TIGHT):
            look = enlarge_numbers(THEMES[theme], proportions)
            dot = diagram(graph, numbers(graph, seed), theme=look, direction="right").dot
            assert faults(read(bundled(dot, "svg", 72))) == []


def test_warnings_stand_on_the_slide_of_the_results() -> None:
    slide = next(slide for slide in slides_of(run(parse("relu(x)"), x=0)) if slide.part == "result")
    assert "kink" in format_line(slide.lines[0], slide.part)


def test_no_deck_goes_by_something_else() -> None:
    with pytest.raises(UsageError, match="no deck goes by wire"):
        slides_of(trace_of("example"), "wire")


def test_long_names_are_cut_for_a_slide_and_others_are_left() -> None:
    long = "a" * 30 + "b" * 30
    short = shorten_names(run(parse(f"{long}*y"), {long: 1.0, "y": 2.0}))
    assert len(short.graph.nodes[0].name) <= LONGEST_NAME + 1
    assert short.graph.nodes[0].name.startswith("aaa")
    assert short.graph.nodes[0].name.endswith("bbb")
    trace = trace_of("example")
    assert shorten_names(trace) is trace


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        ("x*y + sin(x)", ["f(x, y) = x·y + sin(x)"]),
        ("q = x + y; f = q*z", ["f(x, y, z) = (x + y)·z"]),
        ("x - (y - z)", ["f(x, y, z) = x − (y − z)"]),
        ("+".join(f"a{k}*b{k}" for k in range(9)), ["f = " + " + ".join(f"a{k}·b{k}" for k in range(9))]),
        ("+".join(f"a{k}*b{k}" for k in range(99)), ["f = v96 + a98b98"]),
        ("".join(f"s{k} = x^{k + 2}; " for k in range(9)) + "s8 * s7 * exp(s6 + s5)", ["f(x) = x¹⁰·x⁹·exp(x⁸ + x⁷)"]),
    ],
)
def test_a_program_as_statements(program: str, lines: list[str]) -> None:
    said = [format_line(each, "title") for each in list_equalities(parse(program))]
    assert said == lines


def test_a_network_is_told_by_the_names_that_it_gives() -> None:
    said = [format_line(each, "title") for each in list_equalities(trace_of("network").graph)]
    assert said == [
        "h1 = tanh(w11·x1 + w12·x2)",
        "h2 = tanh(w21·x1 + w22·x2)",
        "o1 = σ(v11·h1 + v12·h2)",
        "o2 = σ(v21·h1 + v22·h2)",
        "loss = (o1 − 1)² + o2²",
    ]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("figure", [(100.0, 100.0), (3000.0, 100.0), (100.0, 3000.0), (900.0, 400.0), (5000.0, 4000.0)])
@pytest.mark.parametrize("lines", [1, 3, 9])
def test_figure_and_text_stand_on_the_slide_and_apart(paper: str, figure: tuple[float, float], lines: int) -> None:
    there = lay_out_slide(paper, figure, lines)
    for box, side in ((there.figure, FIGURE_MARGIN), (there.text, MARGIN)):
        assert box.x >= side - 0.1
        assert box.y >= HEADING_HEIGHT - 0.1
        assert box.x + box.width <= there.width - side + 0.1
        assert box.y + box.height <= there.height - FOOTER_HEIGHT + 0.1
    assert there.text.height >= 60
    assert there.text.width >= 350
    below = there.text.y >= there.figure.y + there.figure.height
    assert below or there.text.x >= there.figure.x + there.figure.width
    assert there.figure.width / figure[0] == pytest.approx(there.figure.height / figure[1])


@pytest.mark.parametrize("gate", GATES.values(), ids=lambda gate: gate.name)
def test_every_formula_of_the_table_is_mathml(gate: object) -> None:
    count = max(gate.arity[0], 1)  # type: ignore[attr-defined]
    operands = [Atom(name) for name in "abcdefgh"[:count]]
    formulas = [forward(gate, operands, Atom("z"), mathematics=True)]  # type: ignore[arg-type]
    formulas += [slope(gate, slot, operands, Atom("z")) for slot in range(count)]  # type: ignore[arg-type]
    for formula in formulas:
        tree = ElementTree.fromstring(math(show(formula, MATHML)).replace("&#8289;", ""))
        stray = [(each.text or "") + (each.tail or "") for each in tree.iter() if each.tag in ("mrow", "math", "mfrac")]
        assert not "".join(stray).strip(), "an operator outside an element"
        assert "".join(tree.itertext()).replace(" ", "")
        assert show(formula, TEXT)
