"""The names that bpviz gives to gates: what a lecturer would write on a board, and each read in one way only."""

import pytest

from bpviz.lang import parse


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
        ("σ(x)", {"gates": "elementary"}, ["u1", "expu1", "u2", "f"]),
        ("tan(x) + y", {"gates": "elementary"}, ["sinx", "cosx", "invcosx", "u1", "f"]),
        ("2*3*x + 1", {"constants": True}, ["u1", "u2", "f"]),
        ("(x+y)*(x+y)*3", {"share": True}, ["xpy", "u1", "f"]),
        (r"\frac{1}{\sigma} \cdot (\frac{x-\mu}{\sigma})^2", {}, ["invσ", "num", "invσ_2", "u1", "u1sqr", "f"]),
    ],
)  # fmt: skip
def test_names_are_as_good_at_every_level_and_from_latex(program, choices, expected):
    assert automatic(program, **choices) == expected
