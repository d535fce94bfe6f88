"""A page in a browser: sliders move its numbers, steps show them one by one, and the address keeps both."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

import bpviz
from bpviz.autodiff import Trace
from bpviz.errors import EvaluationError
from bpviz.formula.numerals import Rounding, number
from bpviz.noise import clear_noise
from tests.pages.conftest import Open

EXAMPLE = bpviz.parse("(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)").at(x=3, y=-4)
CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "cases.json").read_text(encoding="utf-8"))
SETTINGS = 20
READ_WIRES = """() => Object.fromEntries(
  [...document.querySelectorAll("svg [data-n]")].map(place => [place.dataset.n, place.textContent]))"""
MOVE = """values => values.forEach((value, k) => {
  const field = document.querySelectorAll("input[type=number]")[k];
  field.value = value;
  field.dispatchEvent(new Event("input", {bubbles: true}));
})"""


READ_POINT = """document.querySelector("#point").textContent.replace(/\\s/g, "")"""


def wait_until(opened: Any, script: str, value: object) -> None:
    """Wait until a script gives a value. The page's policy forbids Playwright's own way, which is eval."""
    for _ in range(40):
        if opened.evaluate(script) == value:
            return
        opened.wait_for_timeout(50)
    raise AssertionError(f"{script} is {opened.evaluate(script)!r}, not {value!r}")


def wires_of(trace: Trace) -> dict[str, str]:
    """Write what stands on the wires of a figure, as bpviz table does."""
    graph, trace = trace.graph, clear_noise(trace)
    texts = {f"g{graph.output}": number(trace.gradients[graph.output])}
    for node, wires in enumerate(graph.wires_from):
        if wires or node == graph.output:
            texts[f"v{node}"] = number(trace.values[node])
        if wires[1:]:
            texts[f"g{node}"] = number(trace.gradients[node])
        for wire in wires:
            texts[f"d{wire.target}.{wire.slot}"] = number(trace.downstream[wire.target][wire.slot])
    return texts


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["program"])
def test_wires_have_the_numbers_of_the_table_wherever_the_sliders_stand(open_page: Open, case: dict[str, Any]) -> None:
    graph = bpviz.parse(case["program"], gates=case["gates"])
    opened = open_page(graph.at(case["inputs"]))
    assert opened.evaluate(READ_WIRES) == wires_of(graph.at(case["inputs"]))
    draw = Random(1)
    for _ in range(SETTINGS):
        values = [round(draw.uniform(-3, 3), draw.randint(0, 3)) for _ in graph.inputs]
        opened.evaluate(MOVE, values)
        try:
            expected, failure = wires_of(graph.at(dict(zip(graph.input_names, values, strict=True)))), ""
        except EvaluationError as error:
            given = {f"v{i}": number(value) for i, value in zip(graph.inputs, values, strict=True)}
            expected, failure = {key: given.get(key, "–") for key in wires_of(graph.at(case["inputs"]))}, error.what
        assert opened.evaluate(READ_WIRES) == expected, values
        assert failure in opened.locator("#failure").text_content()


@pytest.mark.parametrize(
    "rounding", [Rounding(), Rounding(1), Rounding(5), Rounding(17), Rounding(3, 2), Rounding(3, 0)]
)
def test_numbers_are_written_as_everywhere(open_page: Open, rounding: Rounding) -> None:
    draw = Random(2)
    numbers = [
        0.0,
        -0.0,
        0.5,
        1.5,
        2.5,
        0.125,
        -1.125,
        2.675,
        1e21,
        1e22,
        99999.5,
        999999.5,
        1e-4,
        9.9996e-5,
        5e-324,
        1e308,
    ]
    numbers += [draw.randint(-4000, 4000) / 2 ** draw.randint(0, 12) for _ in range(700)]
    numbers += [draw.uniform(-1, 1) * 10.0 ** draw.randint(-12, 12) for _ in range(700)]
    numbers += [round(draw.uniform(-10, 10), draw.randint(0, 6)) for _ in range(700)]
    opened = open_page(EXAMPLE, digits=rounding.digits, decimals=rounding.decimals)
    written = opened.evaluate("numbers => numbers.map(write_number)", numbers)
    assert dict(zip(numbers, written, strict=True)) == {x: number(x, rounding) for x in numbers}


def test_a_slider_moves_its_field_and_the_gradients_beside_it(open_page: Open) -> None:
    opened = open_page(EXAMPLE, range={"x": "-10:10:0.01"})
    opened.locator("input[type=range]").first.fill("2.55")
    assert opened.locator("input[type=number]").first.input_value() == "2.55"
    moved = EXAMPLE.graph.at(x=2.55, y=-4)
    beside = opened.locator(".input b").all_text_contents()
    assert beside == [number(moved.gradients["x"]), number(moved.gradients["y"])]
    opened.locator("#reset").click()
    assert opened.evaluate(READ_WIRES) == wires_of(EXAMPLE)


def test_what_is_rounding_error_is_0_on_the_wires(open_page: Open) -> None:
    graph = bpviz.parse("u = 0.1*x - 0.3*y + 0.1; u*x + u^2")
    opened = open_page(graph.at(x=1, y=2))
    for values in ([5, 2], [2, 1], [-1, 0], [0.5, 0.5], [8, 3]):
        opened.evaluate(MOVE, values)
        assert opened.evaluate(READ_WIRES) == wires_of(graph.at(x=values[0], y=values[1]))
    assert "0" in opened.evaluate(READ_WIRES).values()  # not 2.78×10⁻¹⁷


def test_outside_a_domain_there_are_dashes_and_the_gate_is_named(open_page: Open) -> None:
    opened = open_page(bpviz.parse("x*ln(y)").at(x=2, y=3))
    opened.locator("input[type=range]").last.fill("-1")
    assert opened.locator("#failure").text_content() == "lny = ln(y) has no value at -1 (ln needs a > 0)."
    assert opened.locator("svg [data-n^=d]").first.text_content() == "–"
    opened.locator("input[type=range]").last.fill("1")
    assert opened.locator("#failure").is_hidden()


def test_no_number_leaves_its_slot(open_page: Open) -> None:
    opened = open_page(EXAMPLE)
    slots = opened.evaluate(
        """() => [[-5, -5], [5, -5], [0.001, -0.001], [123456, 1e-9], [-1e-7, 1e7]].map(to => {
          move(to);
          return Math.max(...[...document.querySelectorAll("svg [data-n]")].map(place =>
            place.getComputedTextLength() - place.dataset.room * PAGE.letter_size / 100));
        })"""
    )
    assert max(slots) < 8  # a point


def test_steps_go_forward_and_back_by_buttons_and_keys(open_page: Open) -> None:
    opened = open_page(EXAMPLE)
    shown = "() => [...document.querySelectorAll('svg [data-n]:not(.due)')].length"
    everything = opened.evaluate(shown)
    opened.locator("#step-on").click()
    assert opened.evaluate(shown) == 0
    opened.locator("h1").click()
    opened.keyboard.press("ArrowRight")
    assert opened.evaluate(shown) == 7  # those of x and of y
    for _ in range(11):
        opened.keyboard.press("ArrowRight")
    assert opened.locator("#step-title").text_content() == "Backward, step 7 of 8: invden"
    assert "−0.262 × 3.02 ≈ −0.792" in opened.locator("#said").text_content().replace("(", "").replace(")", "")
    opened.keyboard.press("ArrowLeft")
    assert opened.locator("#step-title").text_content() == "Backward, step 8 of 8: f"
    for _ in range(20):
        opened.keyboard.press("ArrowRight")
    assert opened.evaluate(shown) == everything
    assert opened.locator("#step-on").is_disabled()
    opened.keyboard.press("Escape")
    assert opened.locator("#step-count").text_content() == ""


def test_the_address_tells_where_a_reader_is(open_page: Open) -> None:
    opened = open_page(EXAMPLE)
    opened.locator("input[type=number]").first.fill("2.5")
    opened.locator("#step-on").click()
    wait_until(opened, "location.hash", "#x=2.5&step=1")
    again = open_page(EXAMPLE, "#x=2.5&y=1e-3&step=4")
    assert again.locator("input[type=number]").last.input_value() == "0.001"
    assert again.locator("#step-count").text_content() == "4 of 21"
    nonsense = open_page(EXAMPLE, "#x=<b>&y=Infinity&step=-3&z")
    assert nonsense.evaluate(READ_WIRES) == wires_of(EXAMPLE)


def test_lines_of_the_derivation_follow_the_sliders(open_page: Open) -> None:
    opened = open_page(EXAMPLE)
    line = opened.locator("tr[data-line='d8.0']")
    before = line.text_content()
    opened.locator("input[type=number]").first.fill("2")
    moved = clear_noise(EXAMPLE.graph.at(x=2, y=-4))
    wait_until(opened, READ_POINT, "fatx=2,y=−4.")
    assert number(moved.local[8][0]) in line.text_content()
    assert line.text_content().endswith(number(moved.downstream[8][0]))
    opened.locator("#reset").click()
    wait_until(opened, READ_POINT, "fatx=3,y=−4.")
    assert line.text_content() == before


def test_a_notebook_shows_a_page_in_a_frame(browser: Any) -> None:
    opened = browser.new_page()
    opened.set_content(EXAMPLE.page(embed=True)._repr_html_())
    frame = opened.frame_locator("iframe")
    frame.locator("input[type=range]").first.fill("2.5")
    assert frame.locator(".input b").first.text_content() == number(EXAMPLE.graph.at(x=2.5, y=-4).gradients["x"])
    frame.locator("#step-on").click()
    assert frame.locator("#step-count").text_content() == "1 of 21"
    opened.close()


def test_everything_has_a_name_for_those_who_do_not_see_it(open_page: Open) -> None:
    opened = open_page(EXAMPLE)
    names = opened.locator("svg g[role=img]").evaluate_all("every => every.map(each => each.ariaLabel)")
    assert names.count("") == 0
    assert {"x", "branch x", "wire x", "wire from x to num", "sigx"} <= set(names)
    assert opened.locator("[aria-live]").count() == 1
    assert opened.get_by_role("slider", name="x", exact=True).is_visible()
    assert opened.get_by_role("spinbutton", name="x, any number").is_visible()
    assert opened.get_by_role("button", name="next").is_enabled()


def test_an_embedded_page_has_the_figure_the_sliders_and_the_steps_alone(open_page: Open) -> None:
    opened = open_page(EXAMPLE, "#step=13", embed=True)
    assert opened.locator("svg").is_visible()
    assert opened.locator("input[type=range]").first.is_visible()
    assert "−0.792" in opened.locator("#step-lines").text_content()
    assert not any(opened.locator(each).is_visible() for each in ("#table", ".derivation"))


def test_what_holds_at_a_kink_is_not_said_elsewhere(open_page: Open) -> None:
    opened = open_page(bpviz.parse("relu(x)*y").at(x=0, y=2))
    kink = opened.get_by_text("This is a kink, where no derivative exists")
    assert kink.is_visible()
    opened.locator("input[type=number]").first.fill("3")
    wait_until(opened, READ_POINT, "fatx=3,y=2.")
    assert kink.is_hidden()
    line = opened.locator("tr[data-line^='d']").last.text_content()
    assert line.replace(" ", "") == "∂f∂x=[x>0]·∂f∂relux=1×2=2"


def test_two_pages_stand_beside_each_other(open_page: Open) -> None:
    first, second = open_page(EXAMPLE), open_page(bpviz.parse("x*y").at(x=2, y=3))
    second.locator("input[type=range]").first.fill("1")
    assert second.evaluate(READ_WIRES)["v2"] == "3"
    assert first.evaluate(READ_WIRES) == wires_of(EXAMPLE)


@pytest.mark.parametrize(
    ("stop", "words"),
    [
        ("[data-wire='7.0']", "sigx → den: value 0.953. ∂f/∂sigx = ∂den/∂sigx × ∂f/∂den = 1 × (−0.792) = −0.792."),
        ("[data-wire='3.0']", "x → num: value 3. ∂f/∂x along this wire = ∂num/∂x × ∂f/∂num = 1 × 0.512 = 0.512."),
        (
            "[data-kind=branch]",
            "x = 3, ∂f/∂x = 2.06, the sum 0.512 − 0.0358 + 1.58. A branch copies its value forward; ",
        ),
        ("[data-node='9']", "f = 1.55, ∂f/∂f = 1. This gate swaps: each operand gets the upstream gradient times "),
    ],
)
def test_what_is_pointed_at_is_told(open_page: Open, stop: str, words: str) -> None:
    opened = open_page(EXAMPLE)
    place = opened.locator(f"svg g{stop}").first
    place.hover()
    assert opened.locator("#pointed").text_content().startswith(words)
    opened.mouse.move(0, 0)
    assert opened.locator("#pointed").text_content().startswith("Point at")
    place.click()
    assert place.get_attribute("aria-label").startswith(words)


def test_what_a_step_has_not_shown_is_not_told(open_page: Open) -> None:
    opened = open_page(EXAMPLE, "#step=4")
    opened.locator("svg g[data-wire='7.0']").hover()
    assert opened.locator("#pointed").text_content() == "Not yet computed at this step."


def test_arrow_keys_lead_along_the_wires(open_page: Open) -> None:
    opened = open_page(EXAMPLE)
    assert opened.locator("svg g[tabindex='0']").count() == 1
    opened.locator("svg g[tabindex='0']").focus()
    places = []
    for key in ("ArrowUp", "ArrowUp", "ArrowUp", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowUp", "End", "Home"):
        opened.keyboard.press(key)
        places.append(opened.evaluate("document.activeElement.dataset.wire ?? document.activeElement.dataset.node"))
    assert places == ["3.0", "3", "9.0", "9.1", "8", "8.0", "8", "9", "0"]
    assert opened.locator("svg g[tabindex='0']").count() == 1


READ_PAGE = """() => {
  const page = document.querySelector("main").cloneNode(true);
  for (const each of page.querySelectorAll(".moved p.here, .inputs, .steps, title")) each.remove();
  if (document.body.classList.contains("moved")) for (const each of page.querySelectorAll("p.here")) each.remove();
  const walk = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walk.nextNode()) texts.push(walk.currentNode.data);
  return texts.join(" ").split(/\\s+/).join(" ");
}"""
KINKS = [
    ("relu(x)*y", {"x": 0, "y": 2}, {"x": 3, "y": 2}),
    ("relu(x*y) + y", {"x": 1, "y": 2}, {"x": 0, "y": -1e6}),
    ("max(a, b)*relu(a - b)", {"a": 1, "b": 2}, {"a": 2, "b": 2}),
    ("min(a, b, c)^2 + abs(a)", {"a": 1, "b": 2, "c": 3}, {"a": 0, "b": 0, "c": 0}),
    ("hinge(s, t) + abs(s - 1)", {"s": 0.5, "t": 1}, {"s": 1, "t": 1}),
    ("leaky_relu(x) + prelu(x, y)", {"x": -1, "y": 0.2}, {"x": 0, "y": 0.3}),
    ("hard_tanh(x)*step(x - 1)", {"x": 0.5}, {"x": 1}),
    ("hypot(x, y) + atan2(y, x)", {"x": 3, "y": 4}, {"x": -2, "y": 0}),
    ("where(x > y, x*2, y^3)", {"x": 3, "y": 4}, {"x": -2, "y": -2}),
    ("sqrt(x) + x^3", {"x": 3}, {"x": 0}),
    ("x*y*exp(x)", {"x": 3, "y": -4}, {"x": -800, "y": 1e-200}),
    ("relu(x - 0.1 - y) + 1/(x + 1)", {"x": 3, "y": 4}, {"x": 0.3, "y": 0.2}),
    ("x*y + x*z + x*2 + x/3 + x^2", {"x": 3, "y": 4, "z": 1}, {"x": -0.002, "y": -4e7, "z": -1}),
    ("(x + 2*y)^2/(1 - x) - sigma(x*pi)", {"x": 3, "y": 4}, {"x": -3e-6, "y": -1}),
    ("0.5*x - 0.3*y + 0.1", {"x": 3, "y": 4}, {"x": 1, "y": 2}),
]


def check_reads(opened: Any, point: dict[str, float], expected: str) -> None:
    """Move a page and wait until it has a text: its derivation waits for the slider to rest."""
    opened.evaluate(MOVE, [*point.values()])
    wait_until(opened, READ_PAGE, expected)


@pytest.mark.parametrize(("program", "start", "point"), KINKS, ids=[each[0] for each in KINKS])
def test_a_page_that_was_moved_reads_as_one_made_there(
    open_page: Open, program: str, start: dict[str, float], point: dict[str, float]
) -> None:
    graph = bpviz.parse(program)
    moved, made = open_page(graph.at(start)), open_page(graph.at(point))
    expected = made.evaluate(READ_PAGE)
    before = moved.evaluate(READ_PAGE)
    check_reads(moved, point, expected)
    check_reads(moved, start, before)
    check_reads(made, start, before)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["program"])
def test_published_cases_read_as_if_made_where_they_are_moved_to(open_page: Open, case: dict[str, Any]) -> None:
    graph = bpviz.parse(case["program"], gates=case["gates"])
    moved, draw = open_page(graph.at(case["inputs"])), Random(5)
    for _ in range(2):
        point = {name: round(draw.uniform(-3, 3), draw.randint(0, 3)) for name in graph.input_names}
        try:
            made = open_page(graph.at(point))
        except EvaluationError:
            point = {name: abs(x) / 4 for name, x in point.items()}
            made = open_page(graph.at(point))
        check_reads(moved, point, made.evaluate(READ_PAGE))
