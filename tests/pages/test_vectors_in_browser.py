"""A page of vectors in a browser: the entries of grids move, steps show grid by grid, and the address keeps lists."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

import bpviz
from bpviz.autodiff import Trace
from bpviz.formula.numerals import number, write_entries
from bpviz.noise import clear_noise
from tests.pages.conftest import Open
from tests.pages.test_page_in_browser import MOVE, READ_WIRES, wait_until

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "vectors.json").read_text(encoding="utf-8"))
SETTINGS = 4
VALUES = {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}
EXAMPLE = bpviz.parse("q = W@x; f = sum(q^2)")
READ_POINTED = """document.querySelector("#pointed").textContent"""
POINT_AT = """wire => document.querySelector(`svg g[data-wire="${wire}"]`).focus()"""


def wires_of(trace: Trace) -> dict[str, str]:
    """Write what stands on the wires of a figure of vectors."""
    numbers = clear_noise(trace).vectors
    assert numbers
    texts = {}
    for i, node in enumerate(numbers.graph.nodes):
        grids = {f"v{i}": numbers.value(i), f"g{i}": numbers.gradient(i)}
        grids |= {f"d{wire.target}.{wire.slot}": numbers.contribution(wire) for wire in numbers.graph.wires_from[i]}
        for key, every in grids.items():
            for k, text in enumerate(write_entries(every) if node.shape else [number(every[0])]):
                texts[f"{key}.{k}"] = text
    return texts


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_entries_on_wires_are_those_of_the_trace_wherever_the_inputs_are(open_page: Open, case: dict[str, Any]) -> None:
    trace = bpviz.parse(case["program"]).at(case["inputs"])
    opened, draw = open_page(trace), Random(1)
    for _ in range(SETTINGS):
        wires = wires_of(trace)
        shown = opened.evaluate(READ_WIRES)
        assert shown == {key: wires[key] for key in shown}
        trace = trace.graph.at({name: round(x + draw.choice((0.1, 0.25)), 3) for name, x in trace.point.items()})
        opened.evaluate(MOVE, [*trace.point.values()])
    opened.locator("#reset").click()
    assert opened.evaluate(READ_WIRES) == {
        key: text for key, text in wires_of(bpviz.parse(case["program"]).at(case["inputs"])).items() if key in shown
    }


def test_a_wire_tells_its_rule(open_page: Open) -> None:
    opened = open_page(EXAMPLE.at(VALUES))
    opened.evaluate(POINT_AT, "2.0")
    assert opened.evaluate(READ_POINTED) == (
        "W \u2192 q: value [[0.1, 0.5], [\u22120.3, 0.8]]. "
        "\u2202f/\u2202W = \u2202f/\u2202q \u00b7 x\u1d40 = [[0.088, 0.176], [0.104, 0.208]]."
    )


def test_a_step_shows_a_grid_and_its_line(open_page: Open) -> None:
    opened = open_page(EXAMPLE.at(VALUES), "#step=3")
    assert opened.locator("#step-title").text_content() == "Forward, step 1 of 3: q"
    read = """key => [...document.querySelectorAll(`svg [data-n^="${key}."]`)].map(each => each.className.baseVal)"""
    assert opened.evaluate(read, "v2") == ["entry new"] * 2
    assert opened.evaluate(read, "v3") == ["entry due"] * 2
    assert "q=" in opened.locator("#step-lines").text_content().replace("\n", "").replace(" ", "")


def test_the_derivation_follows_and_leaves_out_what_it_cannot_follow(open_page: Open) -> None:
    opened = open_page(EXAMPLE.at(VALUES), "#x=[1,2]")
    line = """document.querySelector('tr[data-line="d2.0"]').textContent.replace(/\\s/g, "")"""
    wait_until(opened, line, "\u2202f\u2202W=\u2202f\u2202qx\u22a4=[2.22.6][12]=[2.24.42.65.2]")


def test_an_address_has_an_input_as_a_list(open_page: Open) -> None:
    opened = open_page(EXAMPLE.at(VALUES), "#W=[[1,2],[3,4]]")
    assert [float(each.input_value()) for each in opened.locator("input[type=number]").all()] == [1, 2, 3, 4, 0.2, 0.4]
    opened.evaluate(MOVE, [1, 2, 3, 4, 0.5, 0.4])
    wait_until(opened, "decodeURIComponent(location.hash)", "#W=[[1,2],[3,4]]&x=[0.5,0.4]")


def test_outside_a_domain_the_inputs_alone_are_told(open_page: Open) -> None:
    opened = open_page(bpviz.parse("f = sum(ln(x))").at(x=[1, 2]))
    opened.evaluate(MOVE, [-1, 2])
    shown = opened.evaluate(READ_WIRES)
    assert (shown["v0.0"], shown["v1.0"]) == ("\u22121", "\u2013")
    assert "has no value at" in opened.locator("#failure").text_content()
