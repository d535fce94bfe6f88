"""The slides of a lecture: what each says and shows, in which order, and that nothing is shown before its time."""

from __future__ import annotations

import pytest

from bpviz import parse, run
from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.figure.description import describe
from bpviz.figure.diagram import GRADIENT, HIDDEN, NEW, SHOWN, VALUE
from bpviz.formula.numerals import THREE_DIGITS
from bpviz.lecture.slide_sequence import MOST_LINES, write_slides
from bpviz.lecture.slides import BACKWARD, FORWARD, Slide, format_line, format_words
from tests.support.programs import SAMPLES, WHOLE

PROGRAMS = [file.stem for file in WHOLE]


def trace_of(program: str) -> Trace:
    return run(parse((SAMPLES / f"{program}.bp").read_text()))


def slides_of(trace: Trace, by: str = "step", *, branch: bool = True) -> tuple[Slide, ...]:
    figure = describe(trace.graph, trace, THREE_DIGITS, labels="both", branch=branch)
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


@pytest.mark.parametrize("by", ["step", "gate", "pass"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_numbers_appear_once_and_stay(program: str, by: str) -> None:
    shown: set[tuple[str, str]] = set()
    stages = [slide.stage for slide in slides_of(trace_of(program), by) if slide.stage]
    for stage in stages:
        seen = {place for place, state in stage.states.items() if state in (SHOWN, NEW)}
        new = {place for place, state in stage.states.items() if state == NEW}
        assert shown <= seen
        assert not new & shown or stage.states == stages[stages.index(stage) - 1].states  # one gate on two slides
        shown = seen
    assert not [place for place, state in stages[0].states.items() if state != HIDDEN]
    assert shown == set(stages[-1].states)


@pytest.mark.parametrize("program", PROGRAMS)
def test_forward_shows_values_and_backward_gradients_one_gate_at_a_time(program: str) -> None:
    trace = trace_of(program)
    for slide in slides_of(trace):
        roles = {role for (_, role), state in slide.stage.states.items() if state == NEW} if slide.stage else set()
        if slide.part in (FORWARD, BACKWARD) and roles:
            assert roles == {VALUE if slide.part == FORWARD else GRADIENT}
        if "step" in format_words(slide.heading):
            assert slide.stage is not None
            assert roles
            assert len([shape for shape in slide.stage.highlighted if shape.startswith("gate-")]) == 1


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
    lines = [
        format_line(line, slide.part)
        for slide in by_pass
        if "pass" in format_words(slide.heading)
        for line in slide.lines
    ]
    by_step = {format_line(line, slide.part) for slide in slides_of(trace) for line in slide.lines}
    assert len(lines) >= len(trace.graph.gate_ids)
    assert set(lines) <= by_step


def test_a_gate_of_many_operands_goes_over_several_slides() -> None:
    names = [f"a{k}" for k in range(10)]
    trace = run(parse(f"max({', '.join(names)})"), dict.fromkeys(names, 1.0) | {"a3": 2.0})
    back = [slide for slide in slides_of(trace) if format_words(slide.heading).startswith("Backward")]
    assert headings(tuple(back)) == ["Backward, step 1 of 1 (1 of 2): f", "Backward, step 1 of 1 (2 of 2): f"]
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


def test_warnings_stand_on_the_slide_of_the_results() -> None:
    slide = next(slide for slide in slides_of(run(parse("relu(x)"), x=0)) if slide.part == "result")
    assert "kink" in format_line(slide.lines[0], slide.part)


def test_no_deck_goes_by_something_else() -> None:
    with pytest.raises(UsageError, match="no deck goes by wire"):
        slides_of(trace_of("example"), "wire")
