"""A page as it is before anybody touches it: every number is on it, it fetches nothing, and no typed text is markup."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import bpviz
from bpviz.errors import UsageError
from bpviz.formula.numerals import number, write_entries
from bpviz.noise import clear_noise
from bpviz.pages import page

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
POINT = {"x": 3, "y": -4}
KILOBYTE = 1024  # bytes
CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "cases.json").read_text(encoding="utf-8"))
VECTOR_CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "vectors.json").read_text(encoding="utf-8")
)


class PageReader(HTMLParser):
    """Collects the elements of a page, and the text under each key, in the figure and beside it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.in_figure: dict[str, set[str]] = {}
        self.in_text: dict[str, set[str]] = {}
        self.words, self.inside = "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.inside = True

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        tag, attributes = self.elements[-1] if self.elements else ("", {})
        self.words += data if tag not in ("style", "script") else ""
        key = attributes.get("data-n")
        if key and self.inside:
            place = self.in_figure if tag == "text" else self.in_text
            place.setdefault(key, set()).add(data)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["program"])
def test_wires_and_table_have_the_numbers_of_the_trace(case: dict[str, Any]) -> None:
    trace = clear_noise(bpviz.parse(case["program"], gates=case["gates"]).at(case["inputs"]))
    read = PageReader(page(trace).html)
    for node in (*trace.graph.inputs, *trace.graph.gate_ids):
        assert read.in_figure[f"v{node}"] == read.in_text[f"v{node}"] == {number(trace.values[node])}
        assert read.in_text[f"g{node}"] == {number(trace.gradients[node])}
    for wire in trace.graph.wires():
        slot = f"{wire.target}.{wire.slot}"
        assert read.in_figure[f"d{slot}"] == {number(trace.downstream[wire.target][wire.slot])}
        assert read.in_text[f"l{slot}"] == {number(trace.local[wire.target][wire.slot])}


def test_the_derivation_is_on_the_page() -> None:
    words = PageReader(bpviz.page(EXAMPLE, **POINT).html).words
    for each in ("Forward pass", "Backward pass", "feeds", "2.06", "1.55", "0.00905"):
        assert each in words


@pytest.mark.parametrize("theme", ["drawio", "cs231n", "print", "dark"])
def test_every_source_but_the_pages_own_is_forbidden(theme: str) -> None:
    html = bpviz.page(EXAMPLE, **POINT, theme=theme).html
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html)
    assert policy
    assert "default-src 'none'" in policy[1]
    for own in re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", html, re.DOTALL):
        assert f"sha256-{b64encode(sha256(own.encode()).digest()).decode()}" in policy[1]
    assert "http://" not in html.replace("http-equiv", "")
    assert "https://" not in html
    read = PageReader(html)
    assert [each for each in read.elements if {"src", "href", "style"} & each[1].keys()] == [
        ("link", {"rel": "icon", "href": "data:,"})  # or a browser asks for one
    ]


def test_what_was_typed_is_text_only() -> None:
    hostile = "</style><script>alert(1)</script><u onclick='x'>\" & ]]>"
    read = PageReader(bpviz.page("x*y  # </pre><script>alert(2)</script>", x=2, y=3, title=hostile).html)
    assert hostile in read.words
    assert not [tag for tag, attributes in read.elements if tag == "u" or "onclick" in attributes]
    assert {tag for tag, _ in read.elements} >= {"svg", "math", "table"}


def test_pages_are_small() -> None:
    assert len(bpviz.page(EXAMPLE, **POINT).html.encode()) <= 80 * KILOBYTE
    layer = [f"h{k} = tanh({' + '.join(f'w{k}{j}*x{j}' for j in range(1, 5))} + b{k})" for k in range(1, 9)]
    graph = bpviz.parse("; ".join([*layer, "f = (" + " + ".join(f"v{k}*h{k}" for k in range(1, 9)) + " - y)^2 + y"]))
    assert len(graph.gate_ids) == 90
    assert len(graph.at(dict.fromkeys(graph.input_names, 0.5)).page().html.encode()) <= 350 * KILOBYTE
    chain = bpviz.parse("; ".join(["u0 = a*b", *(f"u{k} = tanh(u{k - 1}*w{k} + b{k})" for k in range(1, 31))]))
    assert (len(chain.gate_ids), len(chain.inputs)) == (91, 62)
    assert len(chain.at(dict.fromkeys(chain.input_names, 0.5)).page().html.encode()) <= 350 * KILOBYTE


@pytest.mark.parametrize(("direction", "line"), [("up", r"M\d+,-\d+V(-\d+)"), ("right", r"M(\d+),-\d+H(\d+)")])
def test_the_line_between_two_numbers_is_as_long_as_they_need(direction: str, line: str) -> None:
    html = bpviz.page(EXAMPLE, **POINT, direction=direction).html
    wires = re.findall(r"<g data-wire=[\d.]+>.*?</g>", html, re.DOTALL)
    assert len(wires) == 15
    for wire in wires:
        assert re.search(f'<path d="{line}"/>', wire)


def test_equal_traces_have_equal_pages() -> None:
    assert bpviz.page(EXAMPLE, **POINT).html == bpviz.parse(EXAMPLE).at(POINT).page().html


@pytest.mark.parametrize("program", ["3 + 4", "x", "f(x) = 2", "x*x*x", "max(a, b, c) + dot(a, b; c, a)"])
@pytest.mark.parametrize("options", [{}, {"branch": False}, {"direction": "right", "labels": "op"}])
def test_odd_programs_have_pages(program: str, options: dict[str, Any]) -> None:
    graph = bpviz.parse(program)
    read = PageReader(graph.at(dict.fromkeys(graph.input_names, 2.0)).page(**options).html)
    assert read.in_figure


def test_a_page_is_an_html_file(tmp_path: Path) -> None:
    made = bpviz.page("x*y", x=2, y=3)
    made.save(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == made.html
    with pytest.raises(UsageError, match=r"no page is written as \.pdf"):
        made.save(tmp_path / "page.pdf")
    assert repr(made) == "<Page f = 6 at x = 2, y = 3>"


@pytest.mark.parametrize("case", VECTOR_CASES, ids=lambda case: case["name"])
def test_grids_on_wires_and_in_the_table_have_the_numbers_of_the_trace(case: dict[str, Any]) -> None:
    trace = clear_noise(bpviz.parse(case["program"]).at(case["inputs"]))
    numbers, read = trace.vectors, PageReader(page(trace).html)
    assert numbers
    for i, node in enumerate(numbers.graph.nodes):
        if node.is_constant:
            continue
        for letter, every in (("v", numbers.value(i)), ("g", numbers.gradient(i))):
            texts = write_entries(every) if node.shape else [number(every[0])]
            for k, text in enumerate(texts):
                assert read.in_text[f"{letter}{i}.{k}"] == {text}
                assert read.in_figure.get(f"{letter}{i}.{k}", {text}) == {text}
        for wire in numbers.graph.wires_from[i]:
            added = numbers.contribution(wire)
            for k, text in enumerate(write_entries(added) if node.shape else [number(added[0])]):
                assert read.in_figure[f"d{wire.target}.{wire.slot}.{k}"] == {text}


def test_of_a_large_vector_the_corners_are_shown_and_every_entry_has_a_field() -> None:
    values = {"W": [[k + i / 10 for k in range(10)] for i in range(10)], "x": [0.5] * 10}
    read = PageReader(bpviz.parse("sum(relu(W@x))").at(values).page().html)
    assert {key for key in read.in_figure if key.startswith("v0.")} == {"v0.0", "v0.1", "v0.2", "v0.3"}
    kinds = [attributes.get("type") for tag, attributes in read.elements if tag == "input"]
    assert kinds == ["number"] * 110  # too many for sliders


def test_a_typed_vector_has_no_number_to_follow() -> None:
    read = PageReader(bpviz.parse("sum([1, 2, 3]*x)").at(x=[4, 5, 6]).page().html)
    wires = {attributes["data-wire"] for _, attributes in read.elements if attributes.get("data-wire")}
    assert wires == {"2.1", "3.0", "3"}


def test_a_page_of_vectors_is_small() -> None:
    values = {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}
    assert len(bpviz.parse("q = W@x; f = sum(q^2)").at(values).page().html.encode()) <= 90_000


def test_a_quiz_does_not_ask_for_vectors() -> None:
    values = {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}
    graph = bpviz.parse("q = W@x; f = sum(q^2)")
    with pytest.raises(UsageError, match="a quiz cannot ask for vectors yet") as raised:
        graph.at(values).page(quiz=True)
    assert raised.value.hint == "write --unroll, in Python graph.unroll(), for a quiz on every number by itself"
    assert "numbers are to be found" in graph.at(values).graph.unroll().at(values).page(quiz=True).html
