"""The names that bpviz gives to gates: what a lecturer would write on a board, and each read in one way only."""

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.errors import BpvizError
from bpviz.gates import GATES
from bpviz.lang import parse
from bpviz.names import spell_out


def automatic(program, **choices):
    """Return the names of a program's gates, in the order of their steps."""
    graph = parse(program, **choices)
    return [graph.nodes[i].name for i in graph.gate_ids]


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("(x + σ(y)) / (σ(x) + (x+y)²)", ["sigy", "num", "sigx", "xpy", "xpysqr", "den", "invden", "f"]),
        ("(x+y)/(x-y)", ["num", "den", "invden", "f"]),
        ("sin(x)/cos(y)", ["sinx", "cosy", "invcosy", "f"]),
        ("1/(x+y)", ["den", "f"]),
        ("max(x, y) + x³", ["maxxy", "xcub", "f"]),
        ("w_0*x_0 + σ(w_0)", ["w0x0", "sigw0", "f"]),
        ("w₀*x₀ + ln(x₀)", ["w0x0", "lnx0", "f"]),
        ("x*(-1) + t", ["negx", "f"]),
        ("(x - μ)² + t", ["xmμ", "xmμsqr", "f"]),
        ("(x*sin(y))*z", ["siny", "xsiny", "f"]),
        ("ln(cos(x)) + y", ["cosx", "lncosx", "f"]),
        ("arccot((-1)^3)", ["u1", "f"]),  # of constants alone
    ],
)
def test_an_automatic_name_is_one_that_a_lecturer_would_write(program, expected):
    assert automatic(program) == expected


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        pytest.param("(y-x^2)^2 + t", ["xsqr", "u1", "u1sqr", "f"], id="longer than seven characters"),
        pytest.param("-(x-μ)² + t", ["xmμ", "xmμsqr", "u1", "f"], id="longer, in Greek"),
        pytest.param("ln(tanh(softplus(x))) + 1", ["splusx", "u1", "lnu1", "f"], id="longer, of functions"),
        pytest.param("b^2 - 4*a*c", ["bsqr", "u1", "u2", "f"], id="of three operands"),
        pytest.param("sum(a, b, c)*e", ["u1", "f"], id="of three operands of one gate"),
        pytest.param("y*ln(1-a)", ["u1", "lnu1", "f"], id="of a constant"),
        pytest.param("2x + x*3 + 2^x + x^4 + x/2 + max(x, 0)",
                     ["u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "u9", "u10", "f"], id="of many constants"),
        pytest.param("π*x + 1", ["u1", "f"], id="of a constant with a name"),
        pytest.param("a*b + c + d", ["ab", "u1", "f"], id="of a sum of numbered ones"),
        pytest.param("(x′ + y)*z", ["u1", "f"], id="no identifier"),
        pytest.param("p*i + i*f", ["u1", "u2", "out"], id="a constant or a word of Python"),
        pytest.param("s*e + x", ["u1", "f"], id="a function"),
        pytest.param("d*x + y", ["u1", "f"], id="the gradient of x"),
        pytest.param("(x + y²)*z", ["ysqr", "u1", "f"], id="the square of a sum"),
        pytest.param("(sin(x) + y)*z", ["sinx", "u1", "f"], id="the sine of a sum"),
        pytest.param("ln(x)*y + 1", ["lnx", "u1", "f"], id="the logarithm of a product"),
        pytest.param("sin(x²) + sin(x)²", ["xsqr", "u1", "sinx", "sinxsqr", "f"], id="the square of a sine"),
        pytest.param("x + y² + (x*ln(y))²", ["ysqr", "u1", "lny", "xlny", "u2", "f"], id="of too many parts"),
        pytest.param("xpy = a*b; xpy + (x + y)", ["xpy", "u1", "f"], id="a name of the user"),
        pytest.param("(x + y) + 0; xpy = x*y; xpy + (x + y)", ["xpy", "u1", "f"], id="a name that is given later"),
        pytest.param("x_py = a*b; x_py + (x + y)", ["x_py", "u1", "f"], id="a twin of the user's"),
        pytest.param("num = a*b; (x+y)/z + num", ["num", "u1", "invz", "u2", "f"], id="a numerator of the user's"),
        pytest.param("(x - m)² + x*y", ["u1", "u1sqr", "xy", "f"], id="a difference with m, a product of three"),
        pytest.param("xp*y + x + y", ["u1", "u2", "f"], id="a product that is spelled as a sum"),
        pytest.param("l*nx + x", ["u1", "f"], id="a product that is spelled as a logarithm"),
        pytest.param("sin(h*x) + a*sin(x)", ["hx", "u1", "sinx", "u2", "f"], id="spelled as another function"),
        pytest.param("sin(x1) + sin(x_1)", ["sinx1", "u1", "f"], id="a function of a twin"),
    ],
)  # fmt: skip
def test_what_nobody_would_write_or_would_read_as_something_else_is_numbered(program, expected):
    assert automatic(program) == expected


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("(x+y)*(x+y)", ["xpy", "xpy_2", "f"]),
        ("(x+y)*(x+y)*(x+y)", ["xpy", "xpy_2", "u1", "xpy_3", "f"]),
        ("sin(x+y)*cos(x+y)", ["xpy", "sinxpy", "xpy_2", "cosxpy", "f"]),
        ("exp(z1)/(exp(z1)+exp(z2))", ["expz1", "expz1_2", "expz2", "den", "invden", "f"]),
        ("exp(z1)/(exp(z1)+exp(z12))", ["expz1", "u1", "expz12", "den", "invden", "f"]),
        ("(x+y)*(x+y) + y_2", ["xpy", "u1", "u2", "f"]),
        ("(x+y)/z + (x-y)/w", ["num", "invz", "u1", "num_2", "invw", "u2", "f"]),
        ("a/(x+y) + b/(x-y)", ["den", "invden", "u1", "den_2", "invden2", "u2", "f"]),
        ("((x+y)²)*((x+y)²)", ["xpy", "xpysqr", "xpy_2", "u1", "f"]),
    ],
)
def test_the_same_once_more_has_a_subscript_that_reads_as_no_other_name(program, expected):
    assert automatic(program) == expected


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("v*0.5 + 3*w", ["u1", "u2", "f"]),
        ("u*0.5 + 3*w", ["v1", "v2", "f"]),
        ("u = 2*x; v_1 = u + 1; W = 2*v_1; 3*W + x", ["u", "v_1", "W", "y1", "f"]),
        ("υ*0.5 + 1", ["v1", "f"]),
        ("a = u*v + w; 2*x + y*z + a", ["uv", "a", "b1", "yz", "b2", "f"]),
        ("+".join(f"2{letter}" for letter in "uvwxyzabcghkmnpqrst"), [f"u{i}" for i in range(1, 37)] + ["f"]),
        ("+".join(f"2{name}" for name in ["u1", *"vwxyzabcghkmnpqrst"]), [f"u{i}" for i in range(2, 38)] + ["f"]),
    ],
)  # fmt: skip
def test_numbered_names_have_a_letter_that_begins_no_name_of_the_program(program, expected):
    assert automatic(program) == expected


@pytest.mark.parametrize(
    ("program", "choices", "expected"),
    [
        ("σ(x)", {"gates": "elementary"}, ["negx", "expnegx", "u1", "f"]),
        ("tan(x) + y", {"gates": "elementary"}, ["sinx", "cosx", "invcosx", "u1", "f"]),
        ("2*3*x + 1", {"constants": True}, ["u1", "u2", "f"]),
        ("(x+y)*(x+y)*3", {"share": True}, ["xpy", "u1", "f"]),
        (r"\frac{1}{\sigma} \cdot (\frac{x-\mu}{\sigma})^2", {}, ["invσ", "num", "invσ_2", "u1", "u1sqr", "f"]),
    ],
)  # fmt: skip
def test_names_are_as_good_at_every_level_and_from_latex(program, choices, expected):
    assert automatic(program, **choices) == expected


NAMES = ["x", "y", "xp", "p", "m", "h", "z1", "z12", "z_1", "w_0", "u", "θ", "nx", "l", "a"]
UNARY = ["sin", "sinh", "arcsin", "σ", "ln", "log1p", "log10", "exp", "expm1", "sqr", "sqrt", "1/", "-"]
EXPRESSIONS = st.recursive(
    st.sampled_from([*NAMES, "2", "0.5"]),
    lambda inner: (
        st.builds("{}({})".format, st.sampled_from(UNARY), inner)
        | st.builds("({}){}({})".format, inner, st.sampled_from("+-*/"), inner)
        | st.builds("{}({}, {})".format, st.sampled_from(["max", "hypot"]), inner, inner)
    ),
    max_leaves=14,
)
CHOICES = st.sampled_from([{}, {"gates": "fused"}, {"gates": "elementary"}, {"constants": True}, {"share": True}])
FORMS = {(gate.short, min(gate.arity[1], 2)) for gate in GATES.values()} | {("{}cub", 1), ("neg{}", 1)}
SUFFIXES = sorted(form for form in FORMS if not form[0].endswith("}"))
PREFIXES = sorted((form for form in FORMS if not form[0].startswith("{")), key=lambda form: -len(form[0].strip("{}")))
SIGNS = sorted(FORMS - {*SUFFIXES, *PREFIXES})
PLACE = re.compile("(num|den)(_?[0-9]+)?|[^z][0-9]+")  # an automatic name that tells no operation


def read_name(text, words):
    """Return all that a name can say, by the words that stand in it, with whether each is a place.

    A square is of all that stands before it, then a function of all behind it, the longest first: sinhx is sinh of x.
    """
    if text in words:
        return [text]
    for short, _ in SUFFIXES:
        end = short.removeprefix("{}")
        if text.endswith(end) and (inside := read_name(text.removesuffix(end), words)):
            return [(short, each) for each in inside]
    for short, count in PREFIXES:
        start = short.rstrip("{}")
        if text.startswith(start):
            inside = text.removeprefix(start)
            operands = [(each,) for each in read_name(inside, words)] if count == 1 else read_pairs(inside, "", words)
            if operands:
                return [(short, *each) for each in operands]
    return [(short, *pair) for short, _ in SIGNS for pair in read_pairs(text, short[2:-2], words)]


def read_pairs(text, sign, words):
    """Return the readings of a text as two operands with a sign between them, of which places are none."""
    cuts = [(text[:i], text[i + len(sign) :]) for i in range(1, len(text)) if text[i:].startswith(sign)]
    joined = {word: place for word, place in words.items() if not place}
    return [pair for left, right in cuts for pair in product(read_name(left, joined), read_name(right, joined))]


def say(graph, node, words):
    """Return what a name of a node has to say, as read_name does."""
    name, gate = graph.nodes[node].name.replace("_", ""), graph.nodes[node].gate
    if name in words:
        return name
    short, operands = gate.short, []
    for operand in graph.nodes[node].operands:
        constant = graph.nodes[operand].constant
        if constant is None:
            operands.append(say(graph, operand, words))
        else:
            short = gate.syntax.short_with[constant]
    return (short, *operands)


@settings(max_examples=600, deadline=None)
@given(EXPRESSIONS, EXPRESSIONS, CHOICES)
def test_an_automatic_name_is_short_and_says_one_thing_only(first, second, choices):
    try:
        graph = parse(f"q = {first}; {second} + q", **choices)
    except BpvizError:
        return
    gates = [i for i in graph.gate_ids if graph.nodes[i].name not in ("q", "f")]
    inputs = {graph.nodes[i].name for i in graph.inputs}
    automatic = [graph.nodes[i].name for i in gates]
    taken = [spell_out(graph.nodes[i].name).replace("_", "") for i in gates]
    assert len(set(taken)) == len(taken)
    assert not {spell_out(name).replace("_", "") for name in inputs} & set(taken)
    words = {name.replace("_", ""): True for name in automatic if PLACE.fullmatch(name)}
    words |= {name.replace("_", ""): False for name in [*inputs, "q", "f"]}
    for node, name in zip(gates, automatic, strict=True):
        assert len(name) <= 7
        assert name.isidentifier()
        if PLACE.fullmatch(name):
            continue
        text, _, again = name.partition("_")
        assert read_name(text, words) == [say(graph, node, words)]
        assert not again or not read_name(text + again, words)
