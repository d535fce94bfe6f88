"""Pasted LaTeX means what the same formula means as plain text."""

import pytest

from bpviz.lang import parse


def meaning(program):
    graph = parse(program)
    gates = [(graph.nodes[i].name, graph.nodes[i].gate, graph.nodes[i].operands) for i in graph.gate_ids]
    constants = [node.constant for node in graph.nodes]
    return [graph.nodes[i].name for i in graph.inputs], gates, constants, graph.output_name, dict(graph.defaults)


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"\frac{x + \sigma(y)}{\sigma(x) + (x+y)^2}", "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"),
        (r"$\dfrac{x}{y} + \tfrac12$", "x/y + 1/2"),
        (r"\frac xy", "x/y"),
        (r"\frac{\frac{a}{b}}{c}", "(a/b)/c"),
        (r"x \cdot y \times z \div w", "x*y*z/w"),
        (r"\left( x + y \right) \left[ z \right]", "(x + y)(z)"),
        (r"\bigl( x \bigr) + \left\{ y \right\}", "(x) + (y)"),
        (r"\left| x - \left|y\right| \right|", "|x - |y||"),
        (r"\lvert x \rvert + |y|", "|x| + |y|"),
        (r"\exp(x) + \ln(y) + \log(z)", "exp(x) + ln(y) + log(z)"),
        (r"\sin{x} + \cos\left(x\right)", "sin(x) + cos(x)"),
        (r"\log_2(x) + \log_{10}(x)", "log2(x) + log10(x)"),
        (r"\log_{3}(x) + \log_b\left(\sqrt[3]{x}\right)", "log(x, 3) + log(root(x, 3), b)"),
        (r"\sqrt[\log_3{9}]{x} \log_{\beta}(\log_5(y))", "x^(1/(log(9, 3)))*log(log(y, 5), β)"),
        (r"\max(x, y) + \min\{x, y\}", "max(x, y) + min(x, y)"),
        (r"\sqrt{x} + \sqrt[3]{y} + \sqrt[4]{z} + \sqrt2", "sqrt(x) + root(y, 3) + z^(1/4) + sqrt(2)"),
        (r"\sqrt{x}^2", "sqrt(x)^2"),
        (r"w_{10} + w_0 + x_i\,", "w_10 + w_0 + x_i"),
        (r"$w_0x_0 + w_1 x_1$", "w_0*x_0 + w_1*x_1"),
        (r"x^{2} + x^{-1} + {x}^{y}", "x^2 + x^-1 + x^y"),
        (r"2x^2y + \pi r^2", "2*x^2*y + π*r^2"),
        (r"\mathrm{relu}(x) + \operatorname{softplus}(y) + \text{net}", "relu(x) + softplus(y) + net"),
        (r"\alpha x + \theta_{1,2}", "α*x + θ_1_2"),
        (r"\[ x \; + \quad y \! \]", "x + y"),
        (r"\( x - y \) % a comment", "x - y"),
        (r"q &= x + y \\ f &= q z", "q = x + y; f = q*z"),
        (r"\text{net} = w \cdot x \\ \tanh(net)", "net = w*x; tanh(net)"),
        (r"x \frac{1}{y}", "x*(1/y)"),
        (r"e^{-x}", "exp(-x)"),
        (r"\frac{1}{1 + e^{-x}} + \mathrm{e}^{y}", "1/(1 + exp(-x)) + exp(y)"),
        (r"e^{x} + e \cdot \alpha", "e^x + e*α"),
        (r"e = 2; e^{x}", "e = 2; e^x"),
        (r"\alpha = 3; \alpha x", "α = 3; α*x"),
        (r"x^{y^{z}}", "x^(y^z)"),
        (r"-x^{2}", "-x^2"),
    ],
)
def test_latex_means_what_the_plain_text_means(latex, plain):
    assert meaning(latex) == meaning(plain)


def test_sigma_is_a_function_only_before_a_bracket():
    graph = parse(r"\sigma \cdot x + \sigma(x) + \sigma_1")
    assert [graph.nodes[i].name for i in graph.inputs] == ["σ", "x", "σ_1"]
    assert graph.expression(graph.gate_ids[1]) == "σ(x)"


def test_reading_e_as_the_exponential_is_told():
    note = "note: e is read as Euler's number; where it is a name, give it a value: e = 2, or --e 2"
    assert parse(r"e^{x}").warnings == (note,)
    assert parse("e^x").warnings == (note,)
    assert parse(r"\exp(x)").warnings == ()


def test_a_comment_with_a_dollar_does_not_make_plain_text_latex():
    assert parse("xy + z # costs $5").gate_ids


@pytest.mark.parametrize(
    ("source", "name", "text"),
    [
        (r"a + \frac{x + y}{z}", "num", "x + y"),
        (r"a + \frac{x + y}{z} b", "invz", r"\frac{x + y}{z}"),
        (r"a + \sqrt{x}", "sqrtx", r"\sqrt{x}"),
        (r"a + \sqrt[3]{x}", "cbrtx", r"\sqrt[3]{x}"),
        (r"a + e^{-x}", "expnegx", "e^{-x}"),
        (r"w_{10} + \alpha", "w_10", "w_{10}"),
    ],
)
def test_spans_are_characters_of_the_latex_as_typed(source, name, text):
    graph = parse(source)
    start, end = graph.nodes[graph.find(name)].span
    assert source[start:end] == text
