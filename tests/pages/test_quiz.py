"""What a quiz is made of: points with short numbers, wrong rules as JavaScript, and a page without its answers."""

import pytest

import bpviz
from bpviz.formula.numerals import THREE_DIGITS
from bpviz.limits import DEFAULT
from bpviz.pages.quiz import find_points, widen_sliders, write_mistakes
from bpviz.pages.sliders import make_sliders

EXAMPLE = bpviz.parse("(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)").at(x=3, y=-4)


def test_points_have_short_numbers_and_the_pages_own_is_the_first() -> None:
    trace = bpviz.parse("(x + y)*z").at(x=-2, y=5, z=-4)
    points = find_points(trace, {}, make_sliders(trace, {}), DEFAULT)
    assert points[0] == trace.point
    assert len(points) > 10
    for point in points[1:]:
        made = trace.graph.at(point)
        assert all(x == int(x) for x in (*made.values, *made.gradients))


def test_points_keep_to_the_ranges_given() -> None:
    ranges = {"p": "0.1:0.9"}
    trace = bpviz.parse("y*ln(p)").at(y=1, p=0.5)
    points = find_points(trace, ranges, make_sliders(trace, ranges), DEFAULT)
    assert len(points) > 3
    assert all(0.1 <= point["p"] <= 0.9 for point in points)


def test_a_program_without_short_numbers_has_points_as_well() -> None:
    trace = bpviz.parse("exp(1000*x) + ln(y)*0").at(x=0.001, y=0.7)
    points = find_points(trace, {}, make_sliders(trace, {}), DEFAULT)
    assert points[0] == trace.point


def test_sliders_reach_the_points() -> None:
    sliders = make_sliders(EXAMPLE, {"x": "-3:3"})
    x, y = widen_sliders(sliders, {"x": "-3:3"}, [{"x": 3, "y": 30}])
    assert (x.stop, y.start, y.stop) == (3, -50, 50)


def test_mistakes_are_those_of_the_gate_table() -> None:
    script = write_mistakes(bpviz.parse("x^2 + sigmoid(x)"), THREE_DIGITS)
    assert '{node: 1, slot: 0, wrong: "x", mistake: "without the 2", slope: (z, a) => a},' in script
    assert 'mistake: "without 1 \\u2212 \\u03c3", slope: (z, a) => z}' in script


def test_a_page_without_a_quiz_has_none_of_it() -> None:
    html = EXAMPLE.page().html
    for each in ("QUIZ", "tell me this one", 'class="board', "right at the first try"):
        assert each not in html


def test_what_was_typed_is_text_only_in_a_quiz() -> None:
    hostile = "</style><script>alert(1)</script>"
    html = bpviz.page("x*y  # </script><script>alert(2)</script>", x=2, y=3, title=hostile, quiz=True).html
    assert html.count("<script>") == 1


@pytest.mark.parametrize("program", ["3 + 4", "x", "f(x) = 2", "x*x*x", "max(a, b, c) + dot(a, b; c, a)"])
@pytest.mark.parametrize("options", [{}, {"branch": False}, {"embed": True}])
def test_odd_programs_have_quizzes(program: str, options: dict[str, bool]) -> None:
    graph = bpviz.parse(program)
    html = graph.at(dict.fromkeys(graph.input_names, 2.0)).page(quiz=True, **options).html
    assert 'class="embedded quizzing"' in html or '<body class="quizzing">' in html
