"""Names and programs as they stand on a slide."""

from __future__ import annotations

import pytest

from bpviz import parse, run
from bpviz.lecture.slides import LONGEST_NAME, format_line, list_equalities, shorten_names
from tests.support.programs import SAMPLES


def test_long_names_are_cut_for_a_slide_and_others_are_left() -> None:
    long = "a" * 30 + "b" * 30
    short = shorten_names(run(parse(f"{long}*y"), {long: 1.0, "y": 2.0}))
    assert len(short.graph.nodes[0].name) <= LONGEST_NAME + 1
    assert short.graph.nodes[0].name.startswith("aaa")
    assert short.graph.nodes[0].name.endswith("bbb")
    trace = run(parse("x*y"), x=2, y=3)
    assert shorten_names(trace) is trace


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        ("x*y + sin(x)", ["f(x, y) = x·y + sin(x)"]),
        ("q = x + y; f = q*z", ["f(x, y, z) = (x + y)·z"]),
        ("x - (y - z)", ["f(x, y, z) = x − (y − z)"]),
        ("+".join(f"a{k}*b{k}" for k in range(9)), ["f = " + " + ".join(f"a{k}·b{k}" for k in range(9))]),
        ("+".join(f"a{k}*b{k}" for k in range(99)), ["f = u97 + a98b98"]),
        ("".join(f"s{k} = x^{k + 2}; " for k in range(9)) + "s8 * s7 * exp(s6 + s5)", ["f(x) = x¹⁰·x⁹·exp(x⁸ + x⁷)"]),
    ],
)
def test_a_program_is_written_as_equalities(program: str, lines: list[str]) -> None:
    assert [format_line(each, "title") for each in list_equalities(parse(program))] == lines


def test_a_network_is_written_with_the_names_that_it_gives() -> None:
    lines = [format_line(each, "title") for each in list_equalities(parse((SAMPLES / "network.bp").read_text()))]
    assert lines == [
        "h1 = tanh(w11·x1 + w12·x2)",
        "h2 = tanh(w21·x1 + w22·x2)",
        "o1 = σ(v11·h1 + v12·h2)",
        "o2 = σ(v21·h1 + v22·h2)",
        "loss = (o1 − 1)² + o2²",
    ]
