"""The short way from text to a graph against the long one: the same graph, or none."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.errors import BpvizError
from bpviz.graph import Graph
from bpviz.lang import parse, plain
from bpviz.lang.reading import in_four_passes
from bpviz.limits import DEFAULT, limits
from tests.benchmarks.peers import chain
from tests.straight import grow

LEVELS = ("fused", "lecture", "elementary")
TYPED = str.maketrans({"×": "*", "−": "-", "²": "^2", "σ": "sigmoid", "√": "sqrt", ";": ","})
NAMES = ("x", "y", "w_1", "q", "f", "out", "q_2")
PIECES = [
    *"+-*/^(),=;\n# ", "x", "y", "q", "f", "q_2", "pi", "2", "0.5", "1e-3", "3.", ".5", "**", "sin(", "max(", "log(",
    "x = ", "q = ", "w = 2\n", "e-1", "1e5", "relu", "mean(x, y)", "(x + y)", "-x", "x^2", "2x", "|x|", "\t",
]  # fmt: skip
EXPRESSIONS = st.recursive(
    st.sampled_from([*NAMES, "2", "0.5", "1e-3", "pi", "3"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from([" + ", "-", "*", " / ", "^", "**"]), inner).map("".join)
        | inner.map("({})".format)
        | inner.map("-{}".format)
        | st.tuples(st.sampled_from(["sin", "exp ", "relu", "sqrt", "silu"]), inner).map("{0[0]}({0[1]})".format)
        | st.tuples(st.sampled_from(["max", "log", "sum", "se"]), inner, inner).map("{0[0]}({0[1]}, {0[2]})".format)
    ),
    max_leaves=12,
)
PROGRAMS = st.lists(st.tuples(st.sampled_from([*NAMES, ""]), EXPRESSIONS), min_size=1, max_size=5)


def compared(text: str, level: str) -> bool:
    """Return whether a program is plain; if it is, it is what the four passes make of it."""
    short = plain.read(text, level, DEFAULT)
    if short is None:
        return False
    graph = in_four_passes(text, level, False, False, DEFAULT)
    columns = graph.columns
    assert short.columns.gates == columns.gates
    assert (short.columns.first, short.columns.second) == (columns.first, columns.second)
    assert (short.columns.more, short.columns.numbers) == (columns.more, columns.numbers)
    assert list(short.inputs.items()) == list(zip(graph.input_names, graph.inputs, strict=True))
    assert (short.output, short.output_name) == (graph.output, graph.output_name)
    assert list(short.defaults.items()) == list(graph.defaults.items())
    assert not graph.constants
    assert not graph.warnings
    return True


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.sampled_from(LEVELS))
def test_any_pieces_are_the_four_passes_graph_or_not_plain(text: str, level: str) -> None:
    compared(text, level)


@settings(max_examples=600, deadline=None)
@given(PROGRAMS, st.sampled_from(LEVELS))
def test_any_program_is_the_four_passes_graph_or_not_plain(program: list[tuple[str, str]], level: str) -> None:
    compared("\n".join(f"{name} = {text}" if name else text for name, text in program), level)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "text",
    [
        "x*y",
        "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)",
        "w = 2; b = -1e-3\nq = w*x + b  # a neuron\n\nrelu(q) + q^2",
        "x*y + z",
        "w = 2; q = w*x  # a comment; q = w\nq + x  # ; y",
        "x**-2",
        "a/2 - 2^b + 1/c - -d",
        "max(x, y, 3)*pi",
        "c = x*y; c = c + 1; c = c*c",
        "f = x*y; f*x + z*f",
        "sin (x)",
        *(chain.text(20), chain.statements(20)),
    ],
)
def test_a_plain_program_takes_the_short_way(text: str, level: str) -> None:
    assert compared(text, level)


@pytest.mark.parametrize("seed", range(4))
def test_long_programs_take_it_too(seed: int) -> None:
    text = grow(seed, 100).text.translate(TYPED).replace("dot", "sum")
    assert compared(re.sub(r"\|(.*?)\|", r"abs(\1)", text), "lecture")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "2",
            "x",
            "x = 3",
            "q = x",
            "2x",
            "|x|",
            "x²",
            "σ(x)",
            "x y",
            "x +",
            "(x",
            "x)",
            "sin x",
            "sin",
            "max(x)",
        ),
        *("x = x*y", "q = x*y; z*2", "x*y; x + y", "q = a + 1; a = 2; q*a", "sin = x*y; sin + 1", "1_000*x", "1e999*x"),
        *(
            "x == y",
            "x,y",
            "x*(1, 2)",
            "pi = 3; x*pi",
            "\\frac{x}{y}",
            "dot(x, y; z, w)",
            "+x",
            "1e\x015*x",
            "ln(-1)*x",
        ),
    ],
)
def test_what_is_not_plain_is_left_to_the_four_passes(text: str) -> None:
    assert not compared(text, "lecture")


def test_statements_of_many_chunks_are_one_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "CHUNK", 10)
    assert compared(chain.statements(60), "lecture")


@pytest.mark.parametrize(("name", "least"), [("gates", 3), ("digits", 2), ("characters", 10)])
def test_a_limit_holds_on_the_short_way(name: str, least: int) -> None:
    text = "x*0.25 + y*x"
    with pytest.raises(BpvizError, match=f"limit={{'{name}'"):
        parse(text, limit={name: least - 1})
    assert plain.read(text, "lecture", limits({"gates": 3})) is not None


def traced(make: Callable[[str], Graph], text: str) -> list[object]:
    return [(node.name, node.span, node.operands) for node in make(text).nodes]


def test_names_and_places_are_those_of_the_four_passes() -> None:
    text = "w = 2; q = w*x + 1\nrelu(q)/(q + y)"
    assert traced(parse, text) == traced(lambda each: in_four_passes(each, "lecture", False, False, DEFAULT), text)
