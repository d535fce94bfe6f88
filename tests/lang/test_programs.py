"""What a program means: text in, gates out."""

import pytest

from bpviz.autodiff import run
from bpviz.errors import UsageError
from bpviz.lang import parse, read_constant, unparse


def gates(program, **choices):
    """Return the gates of a program as lines: name = expression."""
    graph = parse(program, **choices)
    return "; ".join(f"{graph.nodes[i].name} = {graph.expression(i)}" for i in graph.gate_ids)


def inputs(program, **choices):
    graph = parse(program, **choices)
    return [graph.nodes[i].name for i in graph.inputs]


EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
EXAMPLE_GATES = (
    "sigy = σ(y); num = x + sigy; sigx = σ(x); xpy = x + y; xpysqr = xpy²; den = sigx + xpysqr; invden = 1/den; "
    "f = num × invden"
)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (EXAMPLE, EXAMPLE_GATES),
        ("a-b-c", "amb = a − b; f = amb − c"),
        ("a/b/c", "invb = 1/b; num = a × invb; invc = 1/c; f = num × invc"),
        ("-x^2", "xsqr = x²; f = −xsqr"),
        ("-x*y", "negx = −x; f = negx × y"),
        ("--x", "negx = −x; f = −negx"),
        ("2^-x", "negx = −x; f = 2^negx"),
        ("a*-b", "negb = −b; f = a × negb"),
        ("a--b", "negb = −b; f = a − negb"),
        ("x^y^z", "ypowz = y^z; f = x^ypowz"),
        ("x**y", "f = x^y"),
        ("x - x", "f = x − x"),
        ("a ⊙ b", "f = a × b"),
        ("2x", "f = 2 × x"),
        ("-2x", "f = −2 × x"),
        ("2 x", "f = 2 × x"),
        ("2x^2", "xsqr = x²; f = 2 × xsqr"),
        ("x*2y", "u1 = 2 × y; f = x × u1"),
        ("2(x+y)", "xpy = x + y; f = 2 × xpy"),
        ("(a)(b)", "f = a × b"),
        ("(a+b)c", "apb = a + b; f = apb × c"),
        ("sin(x)cos(x)", "sinx = sin(x); cosx = cos(x); f = sinx × cosx"),
        ("2sin(x)", "sinx = sin(x); f = 2 × sinx"),
        ("2√x", "sqrtx = √x; f = 2 × sqrtx"),
        ("2|x|", "absx = |x|; f = 2 × absx"),
        ("|x||y|", "absx = |x|; absy = |y|; f = absx × absy"),
        ("|x - |y||", "absy = |y|; xmabsy = x − absy; f = |xmabsy|"),
        ("||x||", "absx = |x|; f = |absx|"),
        ("|x|*|y|", "absx = |x|; absy = |y|; f = absx × absy"),
        ("√(x+1)", "u1 = x + 1; f = √u1"),
        ("√√x", "sqrtx = √x; f = √sqrtx"),
        ("³√x", "f = cbrt(x)"),
        ("⁵√(x)", "f = root(x, 5)"),
        ("2·³√x", "cbrtx = cbrt(x); f = 2 × cbrtx"),
        ("log_3(x)", "f = log(x, 3)"),
        ("log₃(x)", "f = log(x, 3)"),
        ("log_2.5(x)", "f = log(x, 2.5)"),
        ("log_b(x)", "f = log(x, b)"),
        ("log_10(log_2(x))", "lgx = log2(x); f = log10(lgx)"),
        ("u = log_b(x + y); log_3(u)", "xpy = x + y; u = log(xpy, b); f = log(u, 3)"),
        ("log_b = 2x; log_b + 1", "log_b = 2 × x; f = log_b + 1"),
        ("t = [x > y]; 2·t", "t = where(x > y, 1, 0); f = 2 × t"),
        ("[x > 0] ? x : y", "f = where(x > 0, x, y)"),
        ("x if [x > 0] else y", "f = where(x > 0, x, y)"),
        ("where([x > 0], x, y)", "f = where(x > 0, x, y)"),
        ("x² + x³", "xsqr = x²; xcub = x^3; f = xsqr + xcub"),
        ("x⁴ + x⁻¹", "u1 = x^4; u2 = x^−1; f = u1 + u2"),
        ("2x²y", "xsqr = x²; u1 = 2 × xsqr; f = u1 × y"),
        (
            "x·y × z ÷ w − v – u",
            "xy = x × y; num = xy × z; invw = 1/w; a1 = num × invw; a2 = a1 − v; f = a2 − u",
        ),
        ("[x + y]*z", "xpy = x + y; f = xpy × z"),
        ("σ(x) + ReLU(y)", "sigx = σ(x); reluy = relu(y); f = sigx + reluy"),
        ("log₂(x) + log₁₀(y)", "lgx = log2(x); logy = log10(y); f = lgx + logy"),
        ("pow(x, 2) + power(x, 3)", "xsqr = x²; xcub = x^3; f = xsqr + xcub"),
        ("x;", ""),
        ("(x +\n y)", "f = x + y"),
        ("x\n\n# a comment\n", ""),
        ("q = x + y # the sum\n\n; f = q*z", "q = x + y; f = q × z"),
        ("neg = -net; e = exp(neg)", "neg = −net; e = exp(neg)"),
        ("c = x*2; c = c + 1; c = c*y", "c = x × 2; c_2 = c + 1; c_3 = c_2 × y"),
        ("c = x*2; c_2 = x*3; c = c*c_2; c*1", "c = x × 2; c_2 = x × 3; c_3 = c × c_2; f = c_3 × 1"),
    ],
)
def test_a_program_means_what_mathematics_means(program, expected):
    assert gates(program) == expected


@pytest.mark.parametrize(
    ("program", "level", "expected"),
    [
        ("x/y", "lecture", "invy = 1/y; f = x × invy"),
        ("x/y", "fused", "f = x / y"),
        ("x/y", "elementary", "invy = 1/y; f = x × invy"),
        ("1/y", "lecture", "f = 1/y"),
        ("1/y", "fused", "f = 1/y"),
        ("x/2", "lecture", "f = x / 2"),
        ("x/2", "fused", "f = x / 2"),
        ("x/2", "elementary", "f = x × 1/2"),
        ("3/x", "lecture", "invx = 1/x; f = 3 × invx"),
        ("σ(x)", "lecture", "f = σ(x)"),
        ("σ(x)", "elementary", "negx = x × −1; expnegx = exp(negx); u1 = expnegx + 1; f = 1/u1"),
        ("coth(x)", "elementary", "tanhx = tanh(x); f = 1/tanhx"),
        ("sum(a, b, c)", "elementary", "apb = a + b; f = apb + c"),
        ("sum(a, b, c)", "fused", "f = sum(a, b, c)"),
        ("tan(x)", "elementary", "sinx = sin(x); cosx = cos(x); invcosx = 1/cosx; f = sinx × invcosx"),
        ("dot(x, y; u, v)", "lecture", "f = dot(x, y; u, v)"),
        ("dot(x, y; u, v)", "elementary", "xu = x × u; yv = y × v; f = xu + yv"),
        ("dot(x; u)", "elementary", "f = x × u"),
        ("mean(a, b, c)", "elementary", "apb = a + b; u1 = apb + c; f = u1 × 1/3"),
        ("x^y", "elementary", "lnx = ln(x); ylnx = y × lnx; f = exp(ylnx)"),
    ],
)  # fmt: skip
def test_gates_says_how_finely(program, level, expected):
    assert gates(program, gates=level) == expected


def test_an_unknown_level_is_refused():
    with pytest.raises(UsageError, match="gates = coarse is not a level"):
        parse("x", gates="coarse")


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("(x+y)*(x+y)", "xpy = x + y; f = xpy × xpy"),
        ("(x+1)*(x+1)", "u1 = x + 1; f = u1 × u1"),
        ("a = x+y; b = x+y; a*b", "a = x + y; f = a × a"),
        ("s = x+y; s*2 + (x+y)", "s = x + y; u1 = s × 2; f = u1 + s"),
        ("x+y + (y+x)", "xpy = x + y; ypx = y + x; f = xpy + ypx"),
    ],
)
def test_share_merges_equal_gates(program, expected):
    assert gates(program, share=True) == expected


def test_without_share_the_expression_is_kept_as_typed():
    assert gates("(x+y)*(x+y)") == "xpy = x + y; xpy_2 = x + y; f = xpy × xpy_2"


@pytest.mark.parametrize(
    ("program", "folded", "drawn"),
    [
        ("2*3*x", "f = 2·3 × x", "u1 = 2 × 3; f = u1 × x"),
        ("x*(1+1)", "f = x × (1 + 1)", "u1 = 1 + 1; f = x × u1"),
        ("x^(1+2)", "f = x^(1 + 2)", "f = x^(1 + 2)"),
        ("x^(1+1)", "f = x²", "f = x²"),
        ("(1+1)^x", "f = (1 + 1)^x", "u1 = 1 + 1; f = u1^x"),
        ("-4*x", "f = −4 × x", "f = −4 × x"),
        ("x*(-4)", "f = x × −4", "f = x × −4"),
        ("2π*x", "f = 2π × x", "u1 = 2 × π; f = u1 × x"),
        ("x + 1/4", "f = x + 1/4", "u1 = 1/4; f = x + u1"),
        ("2 + 3", "f = 2 + 3", "f = 2 + 3"),
        ("2^3^2", "f = 2^(3²)", "f = 2^(3²)"),
        ("5", "", ""),
    ],
)  # fmt: skip
def test_constants_fold_into_their_gate_unless_they_are_drawn(program, folded, drawn):
    assert gates(program) == folded
    assert gates(program, constants=True) == drawn


def test_a_base_that_is_drawn_as_gates_has_the_gradient_of_a_base():
    trace = run(parse("(1+1)^x", constants=True), x=3.0)
    assert trace.gradient("u1") == 12.0
    assert run(parse("2^x", constants=True), x=3.0).gradient("x") == trace.gradient("x")


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("dot(x, y; u, v)", "f = dot(x, y; u, v)"),
        ("dot(x;u); y + 1", "f = y + 1"),
        ("d = dot(x, 2;\n u, v); d^2", "d = dot(x, 2; u, v); f = d²"),
        (
            "dot(x + y, max(x, y); 2(x), 3)",
            "xpy = x + y; maxxy = max(x, y); u1 = 2 × x; f = dot(xpy, maxxy; u1, 3)",
        ),
        ("dot(dot(x; y); z)", "dotxy = dot(x; y); f = dot(dotxy; z)"),
        (r"\mathrm{dot}(x_1, x_2; w_1, w_2) \cdot 3", "u1 = dot(x_1, x_2; w_1, w_2); f = u1 × 3"),
    ],
)
def test_lists_of_operands_stand_with_a_semicolon_between(program, expected):
    assert gates(program) == expected
    again = parse(unparse(parse(program)), gates="fused")
    assert [node.gate for node in again.nodes] == [node.gate for node in parse(program, gates="fused").nodes]


def test_a_partner_is_the_gradient_in_a_product_of_lists():
    trace = run(parse("dot(a, b, c; x, y, z)"), a=1.0, b=2.0, c=3.0, x=4.0, y=5.0, z=6.0)
    assert trace.value("f") == 32.0
    assert [trace.gradient(name) for name in "abcxyz"] == [4.0, 5.0, 6.0, 1.0, 2.0, 3.0]


def test_one_literal_is_one_constant_node_with_its_value_and_its_text():
    graph = parse("2*x + 2*y + pi*z + 0.5*w")
    constants = [(node.name, node.constant) for node in graph.nodes if node.constant is not None]
    assert constants == [("2", 2.0), ("2", 2.0), ("π", 3.141592653589793), ("0.5", 0.5)]
    assert graph.constants is False
    assert len([node for node in parse("2*x + 2*y", share=True).nodes if node.constant]) == 1


@pytest.mark.parametrize("program", ["2 + 3", "sigmoid(2)", "max(1, 2, 3) - 4", "7", "x = 3", "1/(2+3)"])
def test_a_program_without_variables_is_drawn_with_its_constants(program):
    graph = parse(program)
    assert graph.constants is True
    assert run(graph).gradients[graph.output] == 1.0


@pytest.mark.parametrize(
    ("program", "names"),
    [
        ("y + x*y", ["y", "x"]),
        ("w_0*w₀ + θ", ["w_0", "w₀", "θ"]),
        ("a = x*2; y", ["y"]),
        ("w = 2; x*w", ["w", "x"]),
        ("pi*x", ["x"]),
        ("pi = 3; pi*x", ["pi", "x"]),
        ("e*x", ["e", "x"]),
        ("cafe\u0301 + café", ["café"]),
    ],
)
def test_free_names_are_inputs_in_the_order_first_written(program, names):
    assert inputs(program) == names


def test_a_default_is_a_number_even_where_constants_are_drawn():
    graph = parse("x = 2^2; x*3", constants=True)
    assert [node.name for node in graph.nodes] == ["x", "3", "f"]
    assert graph.defaults == {"x": 4.0}


def test_a_constant_statement_gives_an_input_its_default():
    graph = parse("w = -4; b = pi/2; w*x + b")
    assert graph.defaults == {"w": -4.0, "b": 1.5707963267948966}
    assert graph.expression(graph.gate_ids[0]) == "w × x"


@pytest.mark.parametrize(
    ("program", "output"),
    [
        ("x + y", "f"),
        ("f + y", "out"),
        ("f + out", "out_2"),
        ("g = x + y", "g"),
        ("q = x + y; q", "q"),
        ("q = x + y; z = q", "z"),
        ("x", "f"),
        ("c = x + 1; c = c*2", "c_2"),
    ],
)
def test_the_last_statement_is_the_output(program, output):
    graph = parse(program)
    assert graph.output_name == output
    assert graph.find(output) == graph.output


def test_statements_that_the_output_does_not_need_are_left_out_and_told():
    graph = parse("k = 3\na = x*2\n\nb = y*3; a + 1")
    assert graph.warnings == (
        "line 1: k = 3: nothing uses this input",
        "line 4: b = y*3: nothing uses it, so it is left out",
    )
    assert [node.name for node in graph.nodes] == ["x", "2", "a", "1", "f"]


def test_each_gate_knows_the_characters_that_it_was_typed_as():
    source = "q = (x + y)*z; √q + |q|/ max(x, (2))"
    graph = parse(source)
    spans = {node.name: source[slice(*node.span)] for node in graph.nodes}
    assert spans["q"] == "(x + y)*z"
    assert spans["xpy"] == "x + y"
    assert spans["sqrtq"] == "√q"
    assert spans["absq"] == "|q|"
    assert spans["f"] == "√q + |q|/ max(x, (2))"
    assert spans["x"] == "x"
    assert spans["2"] == "2"
    assert {source[slice(*n.span)] for n in parse(source, gates="elementary").nodes} <= {
        *spans.values(),
        "|q|/ max(x, (2))",
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3.0), ("-4", -4.0), ("−4", -4.0), ("pi/2", 1.5707963267948966), ("1e-3", 0.001), ("1/3", 1 / 3),
     ("sqrt(2)", 2**0.5), ("+3", 3.0), (" 2π ", 6.283185307179586), (r"\frac{1}{2}", 0.5), ("-2^2", -4.0), (".5", 0.5),
     ("e^0", 1.0), ("2e^0 + 1", 3.0)],
)  # fmt: skip
def test_a_value_may_be_any_constant_expression(text, value):
    assert read_constant(text, "x") == value


@pytest.mark.parametrize(
    ("text", "what"),
    [("", "x has no value"), ("  ", "x has no value"), ("z", "x: z is not a number"), ("2*y", "x: y is not a number"),
     ("inf", "x = inf is not a finite number"), ("-nan", "x = -nan is not a finite number"),
     ("1/0", "x: 1/0 has no value"), ("1e999", "x: 1e999 is too large"), ("9^9^9", "overflows"),
     ("3;4", "x = 3;4 is not one number"),
     ("y=3", "x = y=3 is not one number"), ("3 4", "no operator between 3 and 4"), ("#", "only comments")],
)  # fmt: skip
def test_a_value_that_is_none_is_refused_with_the_name_it_is_for(text, what):
    with pytest.raises(UsageError) as caught:
        read_constant(text, "x")
    assert what in str(caught.value)
    assert caught.value.hint


def test_a_value_that_is_empty_is_asked_for():
    with pytest.raises(UsageError) as caught:
        read_constant("", "x")
    assert str(caught.value) == "x has no value\ngive it a number, such as 3 or pi/2"
