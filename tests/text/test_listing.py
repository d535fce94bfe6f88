"""The listings are run, and what they print is held against bpviz and against sympy."""

import math
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import chain, islice, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

from bpviz.autodiff import SMALLEST, Trace, run
from bpviz.errors import EvaluationError, UsageError
from bpviz.gates import GATES, TABLE
from bpviz.graph import Graph, Node
from bpviz.lang import parse
from bpviz.text.code_listings import LANGUAGES, write_listing
from tests.accuracy.points import points
from tests.accuracy.references import reference_for
from tests.conftest import where_present
from tests.gates.test_gates import CASES, CONSTANT_SLOTS
from tests.support.latex import compiled
from tests.support.programs import PROGRAMS
from tests.support.snapshot import check

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
CODE = ("python", "numpy", "torch", "jax")
OWN = ("python", "numpy")  # the backward pass is ours in these
NEEDS = {"torch": "torch", "jax": "jax"}
AT_A_KINK = ["relu(x)", "|x|", "max(x, y)", "min(x, y)", "max(x, y, z)", "min(x, 0)", "max(x, x)", "max(0, x, -1)"]


def executed(text: str) -> dict[str, Any]:
    """Run a listing in a namespace of its own and return it."""
    space: dict[str, Any] = {"__name__": "listing"}
    exec(compile(text, "listing", "exec"), space)
    return space


def called(graph: Graph, lang: str, point: Mapping[str, float]) -> tuple[float, dict[str, float]]:
    """Return the value and the gradients that a listing's function gives."""
    if lang in NEEDS:
        pytest.importorskip(NEEDS[lang])
    value, gradients = executed(write_listing(graph, None, lang))[graph.output_name](*point.values())
    return float(value), {name: float(gradient) for name, gradient in gradients.items()}


def of_gate(name: str, operands: tuple[float, ...] = ()) -> tuple[Graph, dict[str, float]]:
    """Return one gate as a program in a, b, ... at its case, or at other operands, a constant where it needs one."""
    operands, constant = operands or CASES[name], CONSTANT_SLOTS.get(name)
    names = "abcdeghi"[: len(operands)]  # f is the output
    nodes = tuple(
        Node(str(x) if i == constant else names[i], None, (), (0, 1), x if i == constant else None)
        for i, x in enumerate(operands)
    )
    inputs = tuple(i for i in range(len(operands)) if i != constant)
    gate = Node("f", GATES[name], tuple(range(len(operands))), (0, 1))
    return Graph(name, (*nodes, gate), inputs, len(nodes), "f", {}), {names[i]: operands[i] for i in inputs}


@pytest.mark.parametrize("lang", CODE)
@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_every_gate_runs_and_agrees_with_bpviz_and_with_sympy(gate: Any, lang: str) -> None:
    graph, point = of_gate(gate.name)
    trace = run(graph, point)
    value, gradients = called(graph, lang, point)
    assert value == pytest.approx(trace.value("f"), rel=1e-14)
    assert gradients == pytest.approx({name: trace.gradient(name) for name in point}, rel=1e-13)
    letters = sympy.symbols(f"a:{len(CASES[gate.name])}", real=True)
    at = dict(zip(letters, map(sympy.Rational, CASES[gate.name]), strict=True))
    exact = gate.symbolic(sympy, *letters)
    for i, name in zip(graph.inputs, point, strict=True):
        assert gradients[name] == pytest.approx(float(sympy.diff(exact, letters[i]).subs(at).evalf(30)), rel=1e-13)


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_every_gate_has_its_line_in_every_language(gate: Any) -> None:
    graph, point = of_gate(gate.name)
    for lang in LANGUAGES:
        for trace in (run(graph, point), None):
            text = write_listing(graph, trace, lang)
            assert "f =" in text.replace("&", "")
            assert "#1" not in text
            assert not re.search(r"\.\.\.(?!\w)", text)  # ...terms is JavaScript
            if lang in CODE:
                compile(text, lang, "exec")


def delicate(gate: str, count: int) -> Iterator[Trace]:
    """Yield traces of one gate far out, near zero, beside its poles and at its kinks, wherever bpviz has a number."""
    reference = reference_for(GATES[gate])
    drawn = points(reference.ranges, reference.several, gate)
    for operands in islice(filter(lambda point: reference.inside(*point), drawn), count):
        try:
            yield run(*of_gate(gate, operands))
        except EvaluationError:  # an overflow, which is refused
            continue


@pytest.mark.parametrize("gate", GATES)
def test_a_script_gives_the_traces_numbers_wherever_bpviz_has_any(gate: str) -> None:
    for trace in delicate(gate, 30):
        expected = {
            "f": trace.value("f"),
            **{f"d{trace.graph.nodes[i].name}": trace.gradients[i] for i in trace.graph.inputs},
        }
        for lang in OWN:
            space = executed(write_listing(trace.graph, trace, lang))
            got = {name: float(space[name]) for name in expected}
            assert got == pytest.approx(expected, rel=1e-12, abs=SMALLEST), lang


@pytest.mark.parametrize(
    ("program", "point", "lines"),
    [
        ("sigmoid(x)", 3, ["f = 1.0 / (1 + math.exp(-x))", "dx = ((1 - f) * f) * df"]),
        (
            "sigmoid(x)",
            -800,
            [
                "# instead of 1.0 / (1 + math.exp(-x)), which overflows here",
                "f = math.exp(min(x, 0)) / (1 + math.exp(-abs(x)))",
            ],
        ),
        ("tanh(x)", 30, ["f = math.tanh(x)", "# instead of 1 - f**2, which loses digits here"]),
        ("sqrt(x)", 0, ["# instead of 1 / (2 * f), which divides by zero here", "dx = math.inf * df"]),
        ("1/x", -1e300, ["# instead of -1 / x**2, which overflows here", "dx = (-f / x) * df"]),
    ],
)
def test_the_textbooks_formula_stands_where_it_is_right_and_elsewhere_why_not(
    program: str, point: float, lines: list[str]
) -> None:
    graph = parse(program)
    written = [line.split("  #")[0].strip() for line in write_listing(graph, run(graph, x=point)).splitlines()]
    assert [line for line in lines if line not in written] == []


@pytest.mark.parametrize("lang", ["torch", "jax"])
@pytest.mark.parametrize("program", ["sigmoid(x) + softplus(-x)", "silu(x) - gelu(-x)", "mish(x) + sech(x)"])
@pytest.mark.parametrize("x", [-800.0, 800.0])
def test_a_framework_differentiates_far_out(lang: str, program: str, x: float) -> None:
    pytest.importorskip(NEEDS[lang])
    graph = parse(program)
    trace = run(graph, x=x)
    space = executed(write_listing(graph, trace, lang))
    value, gradient = (space["f"], space["x"].grad) if lang == "torch" else (space["value"], space["gradients"][0])
    assert (value.item(), gradient.item()) == pytest.approx((trace.value("f"), trace.gradient("x")), rel=1e-12)


@pytest.mark.parametrize("lang", CODE)
@pytest.mark.parametrize("program", AT_A_KINK)
def test_kinks_and_ties_are_bpvizs_own_in_every_language(program: str, lang: str) -> None:
    graph = parse(program)
    point = {graph.nodes[i].name: 0.0 for i in graph.inputs}
    if (program, lang) == ("|x|", "jax"):
        pytest.skip("JAX takes 1 there, and the listing is for comparing with JAX's own")
    value, gradients = called(graph, lang, point)
    trace = run(graph, point)
    assert value == trace.values[graph.output]
    assert gradients == pytest.approx({name: trace.gradient(name) for name in point}, rel=1e-15)


@pytest.mark.parametrize("program", ["x*y + x", "max(x, y, 1)", "relu(x)*|y|", EXAMPLE, "x^-2 + 2^x*y", "sum(x, y, x)"])
def test_numpy_takes_arrays_and_a_sum_changes_no_other_array(program: str) -> None:
    graph = parse(program)
    xs, ys = np.array([1, 2, 3]), np.array([0.5, 2.0, -1.0])
    inputs = dict(zip(("x", "y"), (xs, ys), strict=True))
    used = [graph.nodes[i].name for i in graph.inputs]
    value, gradients = executed(write_listing(graph, None, "numpy"))["f"](*(inputs[name] for name in used))
    for k in range(3):
        trace = run(graph, {name: float(inputs[name][k]) for name in used})
        assert value[k] == pytest.approx(trace.value("f"), rel=1e-14)
        for name in used:
            assert gradients[name][k] == pytest.approx(trace.gradient(name), rel=1e-13)


def test_numpy_broadcasts_a_column_against_a_row() -> None:
    xs, ys = np.array([[1.0], [2.0]]), np.array([[-1.0, 0.5, 3.0]])
    value, gradients = executed(write_listing(parse(EXAMPLE), None, "numpy"))["f"](xs, ys)
    traces = [[run(parse(EXAMPLE), x=x, y=y) for y in ys[0]] for x in xs[:, 0]]
    assert value == pytest.approx(np.array([[trace.value("f") for trace in row] for row in traces]), rel=1e-14)
    for name in "xy":
        expected = np.array([[trace.gradient(name) for trace in row] for row in traces])
        assert gradients[name] == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("lang", OWN)
def test_the_example_prints_the_published_numbers_to_15_digits(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    graph = parse(EXAMPLE)
    executed(write_listing(graph, run(graph, x=3, y=-4), lang))
    printed = dict(line.split(" = ") for line in capsys.readouterr().out.splitlines())
    published = {"f": 1.5456448841066441, "df/dx": 2.0595697955721653, "df/dy": 1.5922327514838093}
    assert list(printed) == list(published)
    for name, text in printed.items():
        assert f"{float(text):.15g}" == f"{published[name]:.15g}"


@pytest.mark.parametrize("lang", ["torch", "jax"])
@pytest.mark.parametrize("program", [EXAMPLE, "max(x, 0.1, y) * exp(2)", "3 + 4", "x"])
def test_a_frameworks_script_prints_the_gradients(lang: str, program: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip(NEEDS[lang])
    graph = parse(program)
    trace = run(graph, {graph.nodes[i].name: x for i, x in zip(graph.inputs, (3.0, -4.0), strict=False)})
    executed(write_listing(graph, trace, lang))
    numbers = [float(line.split(" = ")[1]) for line in capsys.readouterr().out.splitlines()]
    expected = [trace.values[graph.output], *(trace.gradients[i] for i in graph.inputs)]
    assert numbers == pytest.approx(expected, rel=1e-13)


def test_the_example_assigns_in_the_lectures_order() -> None:
    lines = write_listing(parse(EXAMPLE)).split("# backward pass, in reverse order\n")[1].splitlines()
    assigned = [line.split("=")[0].strip() for line in lines if " = " in line.split("#")[0]]
    assert assigned == ["df", "dnum", "dinvden", "dden", "dsigx", "dxpysqr", "dxpy", "dx", "dy", "dsigy"]
    assert [line.split("# (")[1][0] for line in lines if "# (" in line] == list("887665443221")
    assert sum("+=" in line.split("#")[0] for line in lines) == sum("contributions add" in line for line in lines) == 3


@pytest.mark.parametrize(
    "names",
    [
        ("lambda", "class", "None"),
        ("x", "dx", "d_x"),
        ("max", "print", "sum"),
        ("math", "np", "torch"),
        ("w₀", "w0", "w0_"),
        ("θ", "µ", "μ"),
        ("el", "ir", "f0"),
        ("each", "forward", "value"),
        ("jax", "jnp", "gradients"),
    ],
)
@pytest.mark.parametrize("lang", CODE)
def test_any_names_give_a_script_that_runs(
    lang: str, names: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    if lang in NEEDS:
        pytest.importorskip(NEEDS[lang])
    nodes = [Node(name, None, (), (0, 1)) for name in names]
    gates = [Node("p", GATES["max"], (0, 1, 2), (0, 1)), Node("f", GATES["multiply"], (0, 3), (0, 1))]
    graph = Graph("program", (*nodes, *gates), (0, 1, 2), 4, "f", {})
    trace = run(graph, dict(zip(names, (2.0, 3.0, 5.0), strict=True)))
    executed(write_listing(graph, trace, lang))
    numbers = [float(line.split(" = ")[1]) for line in capsys.readouterr().out.splitlines()]
    assert numbers == [10.0, 5.0, 0.0, 2.0]
    value, gradients = executed(write_listing(graph, None, lang))["f"](2.0, 3.0, 5.0)
    assert (float(value), [float(each) for each in gradients.values()]) == (10.0, [5.0, 0.0, 2.0])
    assert list(gradients) == list(names)


def test_a_renamed_name_is_told() -> None:
    text = write_listing(parse("lambda*x + dx"))
    assert "# lambda_ stands for lambda\n" in text
    assert "# d_x is the gradient of x\n" in text


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        ("x + 1", ["f = x + 1", "dx = df"]),
        ("1 - x", ["f = 1 - x", "dx = -df"]),
        ("2*x", ["f = 2 * x", "dx = 2 * df"]),
        ("x*-2.5", ["f = x * -2.5", "dx = -2.5 * df"]),
        ("x^3", ["f = x**3", "dx = (3 * x**2) * df"]),
        ("x^0.5", ["f = x**0.5", "dx = (math.inf if x == 0 else 0.5 * x**-0.5) * df"]),
        ("x^-1", ["f = x**-1", "dx = (-x**-2) * df"]),
        ("2^x", ["f = 2**x", "dx = (f * math.log(2)) * df"]),
        ("π*x", ["f = math.pi * x", "dx = math.pi * df"]),
        ("max(x, 0)", ["f = max(x, 0)", "dx = ((x > 0) + 0.5 * (x == 0)) * df"]),
        ("relu(x)", ["f = max(0.0, x)", "dx = (x > 0) * df"]),
        ("sum(x, y, 2)", ["f = x + y + 2", "dx = df", "dy = df"]),
        ("x*x", ["f = x * x", "dx = x * df", "dx += x * df"]),
        ("x*1e-7", ["f = x * 1e-07", "dx = 1e-07 * df"]),
    ],
)
def test_a_gate_comes_out_as_one_writes_it_by_hand(program: str, lines: list[str]) -> None:
    written = [line.split("  #")[0].strip() for line in write_listing(parse(program)).splitlines()]
    assert [line for line in lines if line not in written] == []


def test_programs_defaults_become_default_arguments() -> None:
    text = write_listing(parse("b = 0.5\nf = w*x + b"))
    assert "def f(w, x, b=0.5):" in text
    assert executed(text)["f"](2.0, 3.0) == (6.5, {"b": 1.0, "w": 3.0, "x": 2.0})


def test_an_input_alone_and_a_program_without_inputs_run() -> None:
    assert executed(write_listing(parse("x")))["f"](3.0) == (3.0, {"x": 1.0})
    assert executed(write_listing(parse("3 + 4")))["f"]() == (7, {})


def test_a_pole_is_told_on_top() -> None:
    graph = parse("sqrt(x)")
    assert write_listing(graph, run(graph, x=0)).startswith(
        "# f = sqrt(x)\n# f = √x has an infinite local gradient here\n"
    )


def test_an_unknown_language_is_told() -> None:
    with pytest.raises(UsageError, match="fortran"):
        write_listing(parse("x"), None, "fortran")


@pytest.mark.parametrize("constants", [False, True])
@pytest.mark.parametrize("level", ["lecture", "fused", "elementary"])
@pytest.mark.parametrize("sample", PROGRAMS, ids=lambda path: path.stem)
def test_every_sample_runs_at_every_level(
    sample: Path, level: str, constants: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = parse(sample.read_text(encoding="utf-8"), gates=level, constants=constants)
    trace = run(graph)
    executed(write_listing(graph, trace))
    numbers = [float(line.split(" = ")[1]) for line in capsys.readouterr().out.splitlines()]
    expected = [trace.values[graph.output], *(trace.gradients[i] for i in graph.inputs)]
    assert numbers == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_examples_listing_is_the_one_that_was_read(lang: str) -> None:
    graph = parse(EXAMPLE)
    check(f"example_{lang}.txt", write_listing(graph, run(graph, x=3, y=-4), lang))
    check(f"example_{lang}_function.txt", write_listing(graph, None, lang))


def test_latex_compiles(tmp_path: Path) -> None:
    pdflatex = where_present("pdflatex")
    sources = [EXAMPLE, "max(x, y, 1)*relu(θ) + |w_0|^2.5", "sqrt(ab_1) + x^y - 2^y/softplus(x)"]
    graphs = [parse(source) for source in sources]
    texts = [
        write_listing(graph, trace, "latex")
        for graph in graphs
        for trace in (None, run(graph, dict.fromkeys([graph.nodes[i].name for i in graph.inputs], 2.0)))
    ]
    document = "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n%s\\end{document}\n"
    (tmp_path / "t.tex").write_text(document % "\n".join(texts), encoding="utf-8")
    command = [pdflatex, "-interaction=nonstopmode", "-halt-on-error", "t.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_a_long_program_is_listed_without_recursion() -> None:
    terms = " + ".join(f"x*{k}" for k in range(1, 3000))
    space = executed(write_listing(parse(terms)))
    assert space["f"](1.0)[1]["x"] == sum(range(1, 3000))
    assert sys.getrecursionlimit() <= 3000


@pytest.mark.parametrize("name", ["sum", "prod", "max"])
def test_a_gate_of_many_operands_is_listed_without_recursion(name: str) -> None:
    graph = parse(f"{name}({', '.join(['x', *['1'] * 80])})")
    for lang in LANGUAGES:
        assert write_listing(graph, run(graph, x=2), lang)
    assert executed(write_listing(graph))["f"](2.0)[1] == {"x": 1.0}
    wide = parse(f"{name}({', '.join(['x', *['1'] * 3000])})")
    assert [bool(write_listing(wide, None, lang)) for lang in LANGUAGES] == [True] * len(LANGUAGES)


def test_a_display_goes_on_on_the_next_page(tmp_path: Path) -> None:
    graph = parse((Path(__file__).parents[2] / "samples" / "network.bp").read_text(encoding="utf-8"))
    text = write_listing(graph, run(graph, {}), "latex")
    assert text.count("{\\allowdisplaybreaks\n\\begin{align*}") == text.count("\\end{align*}}") == 2
    compiled(
        f"\\documentclass{{article}}\n\\usepackage{{amsmath}}\n\\begin{{document}}\n{text}\\end{{document}}\n", tmp_path
    )


def test_the_terms_of_a_sum_stand_in_the_order_of_their_steps_numbers() -> None:
    row = r"&= \frac{\partial f}{\partial f} + 2 \cdot \frac{\partial f}{\partial a} && (2, 1)"
    assert row in write_listing(parse("a = 2*x; f = a + x"), None, "latex")


def test_a_long_sum_is_broken_before_a_sign() -> None:
    text = write_listing(parse("x^-2.5 + 2^x - cbrt(x)/hypot(x,y)"), None, "latex")
    assert "\n  &\\quad {} + \\mathit{u2}" in text
    assert max(line.count("partial") for line in text.splitlines()) <= 6


@pytest.mark.parametrize("program", ["3", "q=5", "pi"])
@pytest.mark.parametrize("lang", OWN)
def test_a_constant_by_itself_is_code(program: str, lang: str) -> None:
    graph = parse(program)
    space = executed(write_listing(graph, run(graph, {}), lang))
    assert space[graph.output_name] == run(graph, {}).values[graph.output]
    assert space[f"d{graph.output_name}"] == 1
    assert called(graph, lang, {}) == (space[graph.output_name], {})


PLAIN = (0.0, -0.0, 1.0, -1.0, 2.0, 0.5)
FAR = (40.0, -40.0, 800.0, -800.0)
NEAR_ZERO, FAR_OUT = 1e-9, 1e9  # the function of a listing has the table's numbers between these
ROUNDING = 1e-15  # a result near 0 may be off by this much of the largest number


def plain_points(gate: Any) -> Iterator[tuple[float, ...]]:
    """Yield a gate's kinks, poles, origins and far tails."""
    count = gate.arity[0] if gate.arity[0] == gate.arity[1] else 2 * gate.groups
    yield from product((*PLAIN, *FAR) if count < 3 else (*PLAIN[1:3], *FAR[::3]), repeat=count)


def drawn_points(gate: Any, count: int) -> Iterator[tuple[float, ...]]:
    """Yield points beside poles and kinks, near zero and far out."""
    reference = reference_for(gate)
    drawn = filter(lambda point: reference.inside(*point), points(reference.ranges, reference.several, gate.name))
    is_near = filter(lambda point: all(not x or NEAR_ZERO <= abs(x) <= FAR_OUT for x in point), drawn)
    return islice(is_near, count)


def traces_of(gate: Any, every: Iterator[tuple[float, ...]]) -> Iterator[tuple[Graph, dict[str, float], Trace]]:
    """Yield a gate at all those points where the table has numbers."""
    slot = CONSTANT_SLOTS.get(gate.name)
    for operands in every:
        if slot is not None:
            operands = tuple(CASES[gate.name][k] if k == slot else x for k, x in enumerate(operands))
        try:
            graph, point = of_gate(gate.name, operands)
            yield graph, point, run(graph, point)
        except EvaluationError:
            continue


@pytest.mark.parametrize("lang", OWN)
@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
@pytest.mark.filterwarnings("error", "ignore:divide by zero:RuntimeWarning")  # how NumPy says that there is a pole
def test_a_function_has_the_tables_numbers_at_kinks_poles_origins_and_far_tails(gate: Any, lang: str) -> None:
    functions: dict[Any, Any] = {}
    for graph, point, trace in traces_of(gate, chain(plain_points(gate), drawn_points(gate, 100))):
        if gate.kink and 0 < abs(trace.value("f")) < ROUNDING:
            continue  # where b·a is 1 to rounding, it is at the kink of hinge to a listing
        key = tuple(node.constant for node in graph.nodes)
        if key not in functions:
            functions[key] = executed(write_listing(graph, None, lang))["f"]
        value, gradients = functions[key](*point.values())
        largest = max(1.0, *map(abs, point.values()))
        expected = {name: trace.gradient(name) for name in point}
        off = pytest.approx(trace.value("f"), rel=1e-12, abs=ROUNDING * largest)
        assert float(value) == off, point
        got = {name: float(each) for name, each in gradients.items()}
        assert got == pytest.approx(expected, rel=1e-11, abs=ROUNDING * largest), point


@pytest.mark.parametrize("lang", OWN)
@pytest.mark.parametrize(
    ("program", "point", "expected"),
    [
        ("sqrt(x)", {"x": 0.0}, (0.0, math.inf)),
        ("sqrt(x)", {"x": -0.0}, (0.0, math.inf)),
        ("x^0.5", {"x": 0.0}, (0.0, math.inf)),
        ("x^y", {"x": 0.0, "y": 0.5}, (0.0, math.inf, 0.0)),
        ("x^y", {"x": 0.0, "y": 2.0}, (0.0, 0.0, 0.0)),
        ("cbrt(x)", {"x": 0.0}, (0.0, math.inf)),
        ("root(x, 5)", {"x": 0.0}, (0.0, math.inf)),
        ("arccos(x)", {"x": -1.0}, (math.pi, -math.inf)),
        ("arcosh(x)", {"x": 1.0}, (0.0, math.inf)),
        ("hypot(x, y)", {"x": 0.0, "y": 0.0}, (0.0, 0.0, 0.0)),
        ("prod(x, y, 2)", {"x": 0.0, "y": 3.0}, (0.0, 6.0, 0.0)),
        ("σ(x)", {"x": -800.0}, (0.0, 0.0)),
        ("softplus(x)", {"x": 800.0}, (800.0, 1.0)),
        ("tanh(x)", {"x": -800.0}, (-1.0, 0.0)),
        ("logsumexp(x, y)", {"x": -800.0, "y": -800.0}, (-800 + math.log(2), 0.5, 0.5)),
    ],
)
@pytest.mark.filterwarnings("error", "ignore:divide by zero:RuntimeWarning")
def test_poles_are_infinite_and_tails_are_numbers(
    program: str, point: dict[str, float], expected: tuple[float, ...], lang: str
) -> None:
    value, gradients = called(parse(program), lang, point)
    assert (value, *gradients.values()) == pytest.approx(expected, rel=1e-12, abs=0)


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        ("σ(x)", ["# instead of 1.0 / (1 + math.exp(-x)), which overflows at x = −800"]),
        ("tanh(x)", ["# instead of 1 - f**2, which loses digits at x = 30"]),
        ("hypot(x, y)", ["# instead of x / f, which divides by zero at x = 0, y = 0"]),
        ("logsumexp(x, y)", ["# instead of math.log(math.exp(x) + math.exp(y)), which overflows far out"]),
        ("arcsin(x)", ["dx = (math.inf if abs(x) == 1 else 1 / math.sqrt((1 - x) * (1 + x))) * df"]),
        ("1/x", ["dx = (-1 / x**2) * df"]),
    ],
)
def test_a_function_says_where_the_textbooks_formula_goes_wrong(program: str, lines: list[str]) -> None:
    written = [line.strip().split("  #")[0].strip() for line in write_listing(parse(program)).splitlines()]
    assert [line for line in lines if line not in written] == []


@pytest.mark.parametrize("lang", OWN)
@pytest.mark.parametrize("program", ["atan2(x*y, y)", "atan2(-x, y)", "atan2(prod(x, y, 1), y)"])
def test_a_script_takes_no_sign_from_a_zero(program: str, lang: str) -> None:
    graph = parse(program)
    for x, y in ((0.0, -1.0), (-0.0, -1.0), (0.0, 1.0)):
        text = write_listing(graph, run(graph, x=x, y=y), lang)
        assert float(executed(text)["f"]) == run(graph, x=x, y=y).value("f") == (math.pi if y < 0 else 0.0)
        assert ("which is another number where 0 is −0" in text) == (y < 0)


@pytest.mark.parametrize("lang", OWN)
@pytest.mark.parametrize("program", ["hinge(x, 1)", "hinge(1, x)", "hinge(x, -1)", "hinge(x, y)"])
def test_a_condition_is_a_number_behind_a_sign(program: str, lang: str) -> None:
    graph = parse(program)
    point = dict.fromkeys(graph.input_names, 0.5)
    trace = run(graph, point)
    space = executed(write_listing(graph, trace, lang))
    assert {name: float(space[f"d{name}"]) for name in point} == {name: trace.gradient(name) for name in point}
