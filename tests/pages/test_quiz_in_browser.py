"""A quiz in a browser: filled in by keyboard alone, slips are told, and no answer is readable before it is found."""

import re
from collections.abc import Mapping, Sequence
from math import isclose, isfinite
from typing import Any

import pytest

import bpviz
from bpviz.autodiff import Trace
from bpviz.checking.claims import GRADIENT, VALUE, Claim
from bpviz.checking.slips import SLIPS, VALUE_SLIPS, SlipSearch, compute_tangents
from bpviz.formula.numerals import number
from bpviz.noise import clear_noise
from tests.pages.conftest import Open
from tests.pages.test_page_in_browser import READ_WIRES, wait_until, wires_of

EXAMPLE = bpviz.parse("(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)").at(x=3, y=-4)
BLANKS = "[...blanks.keys()]"
# All that a page says: its text and its attributes, hidden or not, what its fields hold, and the script's own source.
READ_ALL = """() => [document.documentElement.outerHTML.replace(/<style>[^]*?<\\/style>/, ""),
  ...[...document.querySelectorAll("input, textarea")].map(each => each.value)].join(" ")"""


def answers_of(trace: Trace) -> dict[str, float]:
    """Return what belongs in the blanks, by key."""
    graph, trace = trace.graph, clear_noise(trace)
    numbers = {f"v{i}": trace.values[i] for i in graph.gate_ids}
    numbers |= {f"g{i}": trace.gradients[i] for i in range(len(graph.nodes))}
    return numbers | {f"d{each.target}.{each.slot}": trace.downstream[each.target][each.slot] for each in graph.wires()}


def find_blank(opened: Any, label: str) -> Any:
    return opened.get_by_role("textbox", name=label, exact=True)


def answer(opened: Any, label: str, text: str) -> str:
    """Type an answer, and return what is said of it."""
    blank = find_blank(opened, label)
    blank.fill(text)
    blank.press("Enter")
    return str(opened.locator("#verdict").text_content())


def test_the_quiz_is_finished_by_keyboard_alone(open_page: Open) -> None:
    opened = open_page(EXAMPLE, quiz=True)
    keys, answers = opened.evaluate(BLANKS), answers_of(EXAMPLE)
    assert len(keys) == len([key for key in wires_of(EXAMPLE) if key not in ("v0", "v1")])
    for _ in range(10):
        opened.keyboard.press("Tab")
        if opened.evaluate("document.activeElement.matches('.blank')"):
            break
    assert opened.evaluate("document.activeElement.getAttribute('aria-label')") == "value of sigy"
    for k, key in enumerate(keys):
        assert not opened.locator("#table").is_visible()
        opened.keyboard.type(number(answers[key]))
        if k % 3 == 1:  # Tab goes on as well, and what was typed is looked at
            opened.keyboard.press("Tab")
        else:
            opened.keyboard.press("Enter")
        wait_until(opened, f"found.get('{key}').is_over", True)
    assert opened.evaluate(READ_WIRES) == wires_of(EXAMPLE)
    assert (
        opened.locator("#verdict")
        .text_content()
        .endswith(
            f"right. That was the last one: {len(keys)} of {len(keys)} right at the first try, {len(keys)} in all, "
            f"{len(keys)} tries."
        )
    )
    assert opened.evaluate("document.activeElement.id") == "copy"
    assert opened.locator("#copied").text_content() == ""
    assert opened.locator("#table").is_visible()
    assert "0.512×1=0.512" in opened.locator(".derivation").text_content().replace(" ", "")
    opened.locator("input[type=range]").first.fill("2")
    assert opened.evaluate(READ_WIRES) == wires_of(EXAMPLE.graph.at(x=2, y=-4))


@pytest.mark.parametrize(
    ("program", "point", "options"),
    [
        ("(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)", {"x": 3, "y": -4}, {}),
        ("(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)", {"x": 3, "y": -4}, {"theme": "cs231n"}),
        ("1/(1 + exp(-(w*x + b)))", {"w": 2, "x": -1, "b": -3}, {}),
        ("-(y*log(p) + (1-y)*log(1-p))", {"y": 0.3, "p": 0.7}, {"branch": False}),
        ("tanh(w*x)*v + max(x, w)", {"w": 0.4, "x": 0.9, "v": -1.7}, {}),
    ],
)
def test_no_answer_stands_on_the_page(
    open_page: Open, program: str, point: Mapping[str, float], options: dict[str, Any]
) -> None:
    trace = bpviz.parse(program).at(point)
    shown = {number(x) for x in (*answers_of(trace).values(), *[x for each in trace.local for x in each])}
    secrets = {text.strip("−") for text in shown if len(text.strip("−").replace(".", "")) >= 3}
    secrets -= {number(x).strip("−") for x in point.values()}
    assert len(secrets) > 5
    opened = open_page(trace, quiz=True, **options)
    for each in opened.locator("svg g[data-wire], svg g[data-node]").all():
        each.dispatch_event("click")  # what is pointed at is told with "?" for what is open
    source, now = trace.page(quiz=True, **options).html, opened.evaluate(READ_ALL)
    source = re.sub(r"<style>.*?</style>", "", source, flags=re.DOTALL)
    found = {text for text in secrets if re.search(rf"(?<![\d.]){re.escape(text)}(?!\d)", f"{source}\n{now}")}
    assert found == set()


def at(point: Mapping[str, float], program: str) -> Trace:
    return bpviz.parse(program).at(point)


X_Y = {"x": 3.0, "y": -4.0}
SQUARE = at({"x": 3, "y": 5}, "x^2 * y")
DIFFERENCE = at({"x": 3, "y": 5, "z": 7}, "(x - y)*z")
TYPED: Sequence[tuple[Trace, str, str, str]] = [
    # the sign of a local gradient, and of the gradient
    (DIFFERENCE, "gradient of wire y to xmy", "7", "the minus sign of a local gradient is lost"),
    (DIFFERENCE, "gradient of wire x to xmy", "-7", "the sign is turned at xmy = x − y"),
    # swapped operands, and local gradients
    (DIFFERENCE, "value of xmy", "2", "the two operands of xmy = x − y are swapped"),
    (DIFFERENCE, "gradient of wire z to f", "7", "the two local gradients of f = xmy × z are swapped"),
    # a lost branch
    (
        EXAMPLE,
        "gradient of y",
        "1.58",
        "only xpy's contribution is counted: y also feeds sigy, and a gradient is the sum",
    ),
    (EXAMPLE, "gradient of x", "0,476", "only num and sigx's contributions are counted: x also feeds xpy"),
    (at({"x": 3}, "x*x"), "gradient of x", "3", "only 1 of the 2 wires out of x count"),
    # no upstream, no local
    (SQUARE, "gradient of wire x to xsqr", "6", "xsqr = x² hands back its local gradient alone: multiply it by the up"),
    (EXAMPLE, "gradient of wire sigx to den", "1", "den = sigx + xpysqr hands back its local gradient alone"),
    (EXAMPLE, "gradient of wire xpy to xpysqr", "-0.792", "hands back its upstream gradient unchanged"),
    # rules of the gate table
    (SQUARE, "gradient of wire x to xsqr", "15", "of xsqr = x² for x is taken as x, without the 2"),
    (
        EXAMPLE,
        "gradient of wire den to invden",
        "-1.55",
        "of invden = 1/den for den is taken as −1/den, without the square",
    ),
    # rounding
    (EXAMPLE, "gradient of wire den to invden", "-0.791", "every number is rounded to 3 significant digits on the way"),
    (EXAMPLE, "value of den", "1.95257", "right"),
    (EXAMPLE, "value of den", "1.9", "has its digits cut off: round instead"),
    (EXAMPLE, "value of den", "2.0", "right as far as it goes: give 3 significant digits"),
    # others
    (SQUARE, "value of xsqr", "-9", "the sign is turned at xsqr = x²"),
    (EXAMPLE, "gradient of wire x to num", "2.06", "is the whole gradient of x, the sum over its wires"),
    (EXAMPLE, "gradient of f", "1.55", "is the value of f, not its gradient"),
    (
        at({"x": 30}, "sin(x)*x"),
        "value of sinx",
        "0.5",
        "sinx = sin(x) is taken in degrees: set the calculator to radians",
    ),
    (EXAMPLE, "value of num", "17", "17 is wrong: no single slip makes this number."),
    (EXAMPLE, "value of num", "<b>3</b>", "<b>3</b> is no number. Write it as 0.25, 1/4 or 2.5e-1."),
]


@pytest.mark.parametrize("trace", {id(trace): trace for trace, *_ in TYPED}.values(), ids=repr)
def test_slips_are_told(open_page: Open, trace: Trace) -> None:
    opened = open_page(trace, quiz=True)
    typed_here = [each for of, *each in TYPED if of is trace]
    for label, typed, words in sorted(typed_here, key=lambda each: each[2] == "right"):  # which closes its blank
        verdict = answer(opened, label, typed)
        assert words in verdict
        assert opened.locator("#said").text_content() == verdict
        assert find_blank(opened, label).count() == (0 if words == "right" else 1)  # an open one is still there
        assert opened.locator("#verdict *, #said *").count() == 0


TYPED_NUMBERS = {
    "0.018": True,
    "0,0180": True,
    "0.01798620996": True,
    "1.8e-2": True,
    "1.8·10^-2": True,
    "1.80×10⁻²": True,
    "18*10^(-3)": True,
    " 9/500 ": True,
    "+.018": True,
    "0.0181": False,
    "0.02": False,
    "-0.018": False,
    "1/0": False,
    "0.018.0": False,
}


def test_a_number_is_read_as_people_write_it(open_page: Open) -> None:
    opened = open_page(EXAMPLE, quiz=True)
    for typed in sorted(TYPED_NUMBERS, key=TYPED_NUMBERS.get):  # the wrong ones first: they leave the blank open
        assert answer(opened, "value of sigy", typed).endswith(": right.") == TYPED_NUMBERS[typed], typed
        if TYPED_NUMBERS[typed]:
            opened.close()
            opened = open_page(EXAMPLE, quiz=True)


def test_a_minus_is_a_minus(open_page: Open) -> None:
    for minus in "-−":
        opened = open_page(EXAMPLE, quiz=True)
        assert answer(opened, "value of xpy", f"{minus} 1").endswith(": right.")


def test_the_score_counts_first_tries_and_can_be_copied(open_page: Open) -> None:
    opened = open_page(EXAMPLE, quiz=True)
    answer(opened, "value of xpy", "-1")
    answer(opened, "value of xpysqr", "-1")
    answer(opened, "value of xpysqr", "-1")  # the same again is no new try
    answer(opened, "value of xpysqr", "1")
    answer(opened, "value of den", "2.0")  # too coarse, which is not counted
    opened.locator("#tell").click()
    assert opened.locator("#verdict").text_content() == "Value of den: 1.95."
    score = "f at x = 3, y = −4: 1 of 23 right at the first try, 2 in all, 3 tries, 1 told"
    assert opened.locator("#score").input_value() == score
    opened.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: {writeText: async text => { copied = text; }}})"
    )
    opened.evaluate("() => { globalThis.copied = ''; }")
    opened.locator("#copy").click()
    assert opened.evaluate("copied") == score
    assert opened.locator("#said").text_content() == "The score is copied."


def test_without_leave_for_the_clipboard_the_score_is_selected(open_page: Open) -> None:
    opened = open_page(EXAMPLE, quiz=True)
    opened.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    opened.locator("#copy").click()
    assert opened.evaluate("String(getSelection())") == opened.locator("#score").input_value()
    assert "copy it with Control and C" in opened.locator("#said").text_content()


def test_fresh_numbers_are_in_the_address(open_page: Open) -> None:
    opened = open_page(EXAMPLE, quiz=True)
    answer(opened, "value of xpy", "-1")
    opened.locator("#fresh").click()
    assert opened.locator("#said").text_content() == "Fresh numbers: x = −2, y = 1. 23 numbers are to be found."
    assert opened.locator("#score").input_value().startswith("f at x = −2, y = 1: 0 of 23 right")
    assert find_blank(opened, "value of xpy").input_value() == ""
    opened.wait_for_timeout(400)
    assert opened.evaluate("location.hash") == "#x=-2&y=1"
    again = open_page(EXAMPLE, "#x=-2&y=1&step=5", quiz=True)
    assert again.locator("#given").text_content() == "x = −2, y = 1"
    assert answer(again, "value of num", "-1.2689").endswith(": right.")
    again.evaluate("() => { location.hash = '#x=2&y=2'; }")
    again.wait_for_timeout(50)
    assert again.locator("#given").text_content() == "x = 2, y = 2"
    assert find_blank(again, "value of num").is_visible()


def test_a_point_outside_a_domain_has_nothing_to_fill_in(open_page: Open) -> None:
    opened = open_page(bpviz.parse("x*ln(y)").at(x=2, y=3), "#y=-1", quiz=True)
    assert opened.locator("#verdict").text_content() == "lny = ln(y) has no value at -1 (ln needs a > 0)."
    assert opened.locator(".blank:visible").count() == 0
    opened.locator("#fresh").click()
    assert opened.locator(".blank:visible").count() > 0


def test_arrow_keys_step_only_when_the_quiz_is_over(open_page: Open) -> None:
    opened = open_page(EXAMPLE, quiz=True)
    opened.locator("h1").click()
    opened.keyboard.press("ArrowRight")
    assert opened.evaluate("step") == 0


def test_no_blank_lies_on_another(open_page: Open) -> None:
    for options in ({}, {"theme": "cs231n"}, {"direction": "left"}):
        opened = open_page(EXAMPLE, quiz=True, **options)
        boxes = [each.bounding_box() for each in opened.locator(".blank").all()]
        overlaps = [
            (a, b)
            for k, a in enumerate(boxes)
            for b in boxes[:k]
            if min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"]) > 2
            and min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"]) > 2
        ]
        assert overlaps == []


def test_on_paper_the_blanks_are_lines_without_what_was_typed(open_page: Open) -> None:
    opened = open_page(EXAMPLE, quiz=True)
    find_blank(opened, "value of xpy").fill("12")
    opened.emulate_media(media="print")
    style = opened.evaluate(
        "(({color, borderBottomStyle, borderTopStyle}) => [color, borderBottomStyle, borderTopStyle])"
        "(getComputedStyle(document.querySelector('.blank')))"
    )
    assert style == ["rgba(0, 0, 0, 0)", "solid", "none"]
    assert not opened.locator("#fresh").is_visible()
    assert not opened.get_by_text("?", exact=True).first.is_visible()


KNOWN = (  # kinds of slips that a page looks for
    *("branch", "lost minus", "sign", "negated", "swapped", "rule", "value", "upstream", "local", "degrees", "digits"),
    *("overwritten", "other", "gradient", "turned", "order", "left out", "other value"),
)
LIST_SLIPS = """key => {
  const asked = describe_key(key);
  const every = [...(asked.letter === "v" ? list_value_slips : list_gradient_slips)(asked)];
  return every.filter(slip => Number.isFinite(slip.number)).map(({kind, number}) => [kind, number]);
}"""


@pytest.mark.parametrize(
    ("program", "point"),
    [
        ("(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)", {"x": 3, "y": -4}),
        ("sin(x*y) + x^3/y + cos(y)", {"x": 1.3, "y": 0.7}),
        ("max(tanh(w*x + b), relu(b - x)) * w", {"w": 0.4, "x": 0.9, "b": 1.7}),
    ],
)
def test_the_page_makes_the_numbers_that_bpviz_check_makes(
    open_page: Open, program: str, point: Mapping[str, float]
) -> None:
    trace = bpviz.parse(program).at(point)
    graph = trace.graph
    opened = open_page(trace, quiz=True)
    for node, quantity in [*((i, GRADIENT) for i in graph.inputs), *((i, VALUE) for i in graph.gate_ids)]:
        right = (trace.gradients if quantity == GRADIENT else trace.values)[node]
        search = SlipSearch(trace, Claim(node, "", right, 0.0, quantity=quantity), right, compute_tangents(trace, node))
        wires = graph.wires_from[node]
        key = f"v{node}"
        if quantity == GRADIENT:
            key = f"g{node}" if len(wires) > 1 else f"d{wires[0].target}.{wires[0].slot}"
        made = opened.evaluate(LIST_SLIPS, key)
        for slip in [slip for make in (SLIPS if quantity == GRADIENT else VALUE_SLIPS) for slip in make(search)]:
            kind = "digits" if slip.kind == "decimals" else slip.kind
            if kind in KNOWN and isfinite(slip.number):
                assert any(each == kind and isclose(x, slip.number, abs_tol=1e-12) for each, x in made), (key, slip)
