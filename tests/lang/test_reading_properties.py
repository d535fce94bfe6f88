"""Whatever is typed gives a graph or a BpvizError, of any size, and it computes what the tree behind the text says."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.autodiff import run
from bpviz.errors import BpvizError, UsageError
from bpviz.lang import parse, read_constant, unparse

POINT = {"x": 1.25, "y": -0.75, "θ": 2.5}
TOKENS = [
    *"+-*/^()[]|,=;\n√²πxye.0123 \t#_$\\{}", "**", "−", "×", "sin", "max", "(x)", "1e3", "w_0", "θ", "x = ", "σ(", "pi",
    "\\frac{", "}{", "\\sqrt[", "\\left(", "\\right)", "\\left|", "\\sigma", "e^{", "\\mathrm{", "_{", "\\cdot", "\\\\",
    "^2", "1/0", "e\u0301", "变", "\u200b", "\r\n", "½", "ˣ",
]  # fmt: skip


def graph_or_error(text):
    for choices in ({}, {"share": True, "constants": True, "gates": "elementary"}):
        try:
            check_graph(parse(text, **choices))
        except BpvizError as error:
            check_error(error, text)


def check_error(error, text):
    assert str(error)
    if error.place:
        assert 0 <= error.place.start <= error.place.end <= len(text)
        assert error.place.source == text


def check_graph(graph):
    names = [node.name for node in graph.nodes if node.constant is None]
    assert len(names) == len(set(names))
    assert all(names)
    assert graph.find(graph.output_name) == graph.output
    for i, node in enumerate(graph.nodes):
        assert all(operand < i for operand in node.operands)
        assert 0 <= node.span[0] < node.span[1] <= len(graph.source)
    used = {operand for node in graph.nodes for operand in node.operands} | {graph.output}
    assert used == set(range(len(graph.nodes)))


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=25).map("".join))
def test_any_tokens_give_a_graph_or_a_bpviz_error(text):
    graph_or_error(text)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=30))
def test_any_text_gives_a_graph_or_a_bpviz_error(text):
    graph_or_error(text)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=8).map("".join))
def test_any_value_is_a_finite_number_or_a_usage_error(text):
    try:
        value = read_constant(text, "x")
    except UsageError:
        return
    assert math.isfinite(value)


# a tree is a number, a name or (operation, operands); each is written with the fewest brackets and with all
LEAVES = st.sampled_from(["x", "y", "θ", "2", "0.5", "3"])
TREES = st.recursive(
    LEAVES,
    lambda tree: (
        st.tuples(st.sampled_from("+-*/"), tree, tree)
        | st.tuples(st.just("^"), tree, st.sampled_from(["2", "3"]))
        | st.tuples(st.sampled_from(["neg", "sin", "abs"]), tree)
    ),
    max_leaves=14,
)
BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 4, "^": 5}


def value_of(tree):
    if isinstance(tree, str):
        return POINT[tree] if tree in POINT else float(tree)
    operation, *operands = tree
    values = [value_of(operand) for operand in operands]
    return {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
        "/": lambda a, b: a / b,
        "^": math.pow,
        "neg": lambda a: -a,
        "sin": math.sin,
        "abs": abs,
    }[operation](*values)


def fully_bracketed(tree):
    if isinstance(tree, str):
        return tree
    operation, *operands = tree
    texts = [fully_bracketed(operand) for operand in operands]
    if operation in ("sin", "abs"):
        return f"sin({texts[0]})" if operation == "sin" else f"|{texts[0]}|"
    return f"(-{texts[0]})" if operation == "neg" else f"({texts[0]} {operation} {texts[1]})"


def barely_bracketed(tree):
    """Return the text and how tightly it binds, with a bracket only where precedence asks for one."""
    if isinstance(tree, str):
        return tree, 9
    operation, *operands = tree
    parts = [barely_bracketed(operand) for operand in operands]
    if operation in ("sin", "abs"):
        return (f"sin({parts[0][0]})" if operation == "sin" else f"abs({parts[0][0]})"), 9
    binds = BINDS[operation]

    def inside(part, least):
        return part[0] if part[1] >= least else f"({part[0]})"

    if operation == "neg":
        return f"-{inside(parts[0], 4)}", 4
    left = inside(parts[0], binds + 1 if operation == "^" else binds)
    return f"{left}{operation}{inside(parts[1], binds if operation == '^' else binds + 1)}", binds


@settings(max_examples=400, deadline=None)
@given(TREES)
def test_a_value_is_that_of_the_tree_however_it_is_bracketed(tree):
    try:
        expected = value_of(tree)
    except (ZeroDivisionError, OverflowError):
        return
    for text in (fully_bracketed(tree), barely_bracketed(tree)[0]):
        for level in ("fused", "lecture", "elementary"):
            for share in (False, True):
                graph = parse(text, gates=level, share=share, constants=share)
                point = {graph.nodes[i].name: POINT[graph.nodes[i].name] for i in graph.inputs}
                try:
                    value = run(graph, point).values[graph.output]
                except BpvizError:
                    assert abs(expected) > 1e100 or level != "fused"
                    continue
                if level == "fused":
                    assert value == expected or math.isclose(value, expected, rel_tol=1e-15)


@settings(max_examples=200, deadline=None)
@given(TREES, st.sampled_from(["fused", "lecture", "elementary"]))
def test_a_graph_printed_as_a_program_is_the_same_graph_again(tree, level):
    try:
        graph = parse(fully_bracketed(tree), gates=level)
    except BpvizError:
        return
    if not graph.inputs:
        return
    again = parse(unparse(graph), gates="fused")
    shape = [(node.name, node.gate) for node in graph.nodes if node.gate]
    assert [(node.name, node.gate) for node in again.nodes if node.gate] == shape
    assert again.output_name == graph.output_name
    names = {graph.nodes[i].name for i in graph.inputs}
    try:
        first = run(graph, {name: POINT[name] for name in names})
    except BpvizError:
        return
    second = run(again, {name: POINT[name] for name in names})
    assert second.value(graph.output_name) == first.value(graph.output_name)
    assert all(second.gradient(name) == pytest.approx(first.gradient(name), rel=1e-12) for name in names)


@pytest.mark.parametrize(
    ("program", "gates"),
    [
        ("+".join(["x"] * 100_000), 99_999),
        ("(" * 10_000 + "x" + ")" * 10_000 + "+1", 1),
        ("sin(" * 10_000 + "x" + ")" * 10_000, 10_000),
        ("-" * 10_000 + "x", 10_000),
        ("x^" * 10_000 + "y", 10_000),
        ("|" * 10_000 + "x" + "|" * 10_000, 10_000),
        (r"\frac{x}{" * 5_000 + "y" + "}" * 5_000, 10_000),
        (";".join(["c = x*2"] + ["c = c + x"] * 10_000), 10_001),
        ("max(" + ",".join(["x"] * 10_000) + ")", 1),
    ],
    ids=["terms", "brackets", "calls", "signs", "powers", "bars", "fractions", "versions", "operands"],
)
def test_size_is_no_matter(program, gates):
    assert len(parse(program).gate_ids) == gates
