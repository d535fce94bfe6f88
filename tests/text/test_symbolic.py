"""bpviz symbolic: formulas that are right wherever they are read: by bpviz itself, by Python, by sympy."""

import os
import re
import subprocess
import sys
import time
from typing import Any

import pytest

from bpviz.autodiff import Trace, run
from bpviz.errors import UsageError
from bpviz.gates import TABLE, Gate
from bpviz.graph import Graph
from bpviz.lang import parse
from bpviz.limits import set_limits
from bpviz.text.closed_forms import symbolic
from tests.checking.test_verdicts import at_its_case
from tests.support.command import Shell
from tests.support.oracle import grow
from tests.support.printed_forms import read_derivatives
from tests.support.snapshot import check
from tests.test_oracle import usable

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
NEURON = "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))"
PIECES = "relu(x)*|y| + max(x, y, 2) - x^3/2 + 2^y*pi - 3*(-x)"
SYMPY_NAMES = "I*E + S^beta - lambda*N*gamma + O*Q*pi_1 + zeta/C"
LEAVE_IT = "leave it out; bpviz steps derives it with the numbers put in"
USE_CODE = "bpviz code has every local gradient in Python"
GATE_BY_GATE = "bpviz steps derives it gate by gate, and bpviz code computes it so"
GREEK = "θ_1*σ(λ) + β^α - w_10*α"


@pytest.fixture
def bpviz(tmp_path: object, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(str(tmp_path))
    return Shell(monkeypatch, capfd)


def gradients_in_python(code: str, point: dict[str, float]) -> tuple[float, dict[str, float]]:
    """Run the function that bpviz printed, as somebody who pastes it would."""
    names: dict[str, Any] = {}
    exec(code, names)
    result: tuple[float, dict[str, float]] = names["gradients"](**point)
    return result


def formulas(text: str) -> dict[str, str]:
    """Return the right-hand sides of the text format by what stands on the left."""
    return {
        left: right
        for left, _, right in (line.partition(" = ") for line in text.splitlines() if line and not line.startswith("["))
    }


def list_gradients(trace: Trace) -> dict[str, float]:
    return {name: trace.gradient(name) for name in trace.graph.input_names}


def test_the_example_as_a_textbook_has_it() -> None:
    assert symbolic(parse(EXAMPLE)) == (
        "f(x, y) = (x + σ(y))/(σ(x) + (x + y)²)\n\n"
        "∂f/∂x = 1/(σ(x) + (x + y)²) − (1 − σ(x))·σ(x)·(x + σ(y))/(σ(x) + (x + y)²)² "
        "− 2·(x + y)·(x + σ(y))/(σ(x) + (x + y)²)²\n"
        "∂f/∂y = (1 − σ(y))·σ(y)/(σ(x) + (x + y)²) − 2·(x + y)·(x + σ(y))/(σ(x) + (x + y)²)²\n"
    )


@pytest.mark.parametrize(
    ("program", "gradient"),
    [
        ("x - x", "1 − 1"),
        ("x*x", "x + x"),
        ("3*x", "3"),
        ("x^2", "2·x"),
        ("x^3", "3·x²"),
        ("x^3*2", "6·x²"),
        ("-x", "−1"),
        ("-(-x)", "1"),
        ("1/x", "−1/x²"),
        ("5/x", "−5/x²"),
        ("1/(1/x)", "1/(x²·(1/x)²)"),
        ("exp(-x)", "−exp(−x)"),
        ("x", "1"),
        ("x*0", "0"),
        ("0.1*x", "0.1"),
        ("pi*x", "π"),
        ("2^x", "2^x·ln(2)"),
        ("(x + 2 + 3)*(x - 1)", "(x − 1) + (x + 2 + 3)"),
        ("x*(1 - (x - 1))", "−x + (1 − (x − 1))"),
    ],
)
def test_nothing_is_simplified_but_what_one_would_not_write(program: str, gradient: str) -> None:
    assert formulas(symbolic(parse(program)))["∂f/∂x"] == gradient


def test_the_text_is_a_program_with_the_same_numbers() -> None:
    tested = 0
    for seed in range(1, 400):
        sample = grow(seed, most=8)
        if not usable(sample):
            continue
        text = formulas(symbolic(parse(sample.program)))
        trace = run(parse(sample.program), sample.point)
        for name in sample.point:
            formula = text[f"∂f/∂{name}"]
            again = parse(formula)
            used = {key: x for key, x in sample.point.items() if key in {again.nodes[i].name for i in again.inputs}}
            assert run(again, used).values[again.output] == pytest.approx(trace.gradient(name), rel=1e-9, abs=1e-12)
            tested += 1
    assert tested > 100


@pytest.mark.parametrize("level", ["lecture", "fused", "elementary"])
def test_python_gives_the_same_numbers(level: str) -> None:
    tested = 0
    for seed in range(1, 200):
        sample = grow(seed, most=10)
        if not usable(sample):
            continue
        graph = parse(sample.program, gates=level)
        if len(graph.gate_ids) > 40:  # softplus of softplus, taken apart: a closed form that is refused
            continue
        trace = run(graph, sample.point)
        value, gradients = gradients_in_python(symbolic(graph, "python"), sample.point)
        assert value == pytest.approx(trace.values[graph.output], rel=1e-9)
        assert gradients == pytest.approx({name: trace.gradient(name) for name in sample.point}, rel=1e-7, abs=1e-12)
        tested += 1
    assert tested > 50


@pytest.mark.parametrize("kind", ["text", "latex"])
@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_every_gates_derivatives_are_read_back(gate: Gate, kind: str) -> None:
    graph, point = at_its_case(gate)
    assert read_derivatives(graph, point, kind) == pytest.approx(list_gradients(run(graph, point)), rel=1e-9)


@pytest.mark.parametrize("kind", ["text", "latex", "python"])
@pytest.mark.parametrize(
    ("program", "point"),
    [
        ("max(x, y)", {"x": 2.0, "y": 2.0}),
        ("3*min(x, y, w)^2", {"x": 2.0, "y": 2.0, "w": 2.0}),
        ("max(x, y, w, x*y)", {"x": 1.0, "y": 2.0, "w": 2.0}),
        ("max(x, x, y)", {"x": 2.0, "y": 2.0}),
        ("max(max(x, y), min(y, 2))*x", {"x": 2.0, "y": 2.0}),
        ("m = max(x, 0); m*x + m", {"x": 0.0}),
        ("|x|*y + relu(x)", {"x": 0.0, "y": 3.0}),
        ("leaky_relu(x) + prelu(x, a) + hard_tanh(x + 1) + step(x)*y", {"x": 0.0, "a": 0.25, "y": 2.0}),
        ("hinge(x, y)", {"x": 2.0, "y": 0.5}),
        ("sign(x)*y + where(x = y, x, 3*y) + where(x ≠ y, x, 2*y)", {"x": 0.0, "y": 0.0}),
        ("where(x > y, x, 2*y) + where(x >= y, x, 2*y)", {"x": 1.0, "y": 1.0}),
    ],
)
def test_at_a_kink_a_derivative_has_the_traces_number(program: str, point: dict[str, float], kind: str) -> None:
    graph = parse(program)
    trace = run(graph, point)
    assert any("is at a kink" in warning for warning in trace.warnings)
    in_python = gradients_in_python(symbolic(graph, "python"), point)[1]
    found = in_python if kind == "python" else read_derivatives(graph, point, kind)
    assert found == pytest.approx(list_gradients(trace))


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("max(x, y)", "∂f/∂x = [x > y] + [x = y]/2"),
        ("min(x, y)*z", "∂f/∂x = ([x < y] + [x = y]/2)·z"),
        ("max(x, y, w)*z", "∂f/∂x = [x = max(x, y, w)]·z/(1 + [x = y] + [x = w])"),
        ("min(x, y)*z", "∂minxy/∂x = [x < y] + [x = y]/2"),
        ("max(x, y, w)*z", "∂u1/∂x = [x = u1]/(1 + [x = y] + [x = w])"),
    ],
)
def test_a_tie_is_shared_in_the_formula_too(program: str, line: str) -> None:
    assert line in symbolic(parse(program), local=True).splitlines()


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_every_gate_has_its_formula(gate: Gate) -> None:
    graph, point = at_its_case(gate)
    trace = run(graph, point)
    value, gradients = gradients_in_python(symbolic(graph, "python"), point)
    assert value == pytest.approx(trace.values[graph.output], rel=1e-12)
    assert gradients == pytest.approx({name: trace.gradient(name) for name in point}, rel=1e-12)
    for kind in ("text", "latex"):
        written = symbolic(graph, kind, local=True)
        assert "\0" not in written
        assert "Term(" not in written


@pytest.mark.parametrize("program", [EXAMPLE, NEURON, PIECES, "tanh(x)*sqrt(y) + ln(x*y)^2", "x^2.5*y - cos(x)/y"])
def test_simplified_is_the_same_function(program: str) -> None:
    graph = parse(program)
    point = {graph.nodes[i].name: 0.3 + 0.4 * k for k, i in enumerate(graph.inputs)}
    trace = run(graph, point)
    _, gradients = gradients_in_python(symbolic(graph, "python", simplify=True), point)
    assert gradients == pytest.approx({name: trace.gradient(name) for name in point}, rel=1e-12)


@pytest.mark.parametrize(
    ("program", "gradient"),
    [
        ("x*x*x", "3·x²"),
        ("x - x + x", "1"),
        ("x/2 + x/3", "5/6"),
        ("sin(x)^2 + cos(x)^2", "0"),
        ("-x^2/2", "−x"),
        ("sin(x)/cos(x)", "1/cos(x)²"),
        ("(exp(x) - exp(-x))/(exp(x) + exp(-x))", "4/(exp(x) + exp(−x))²"),
        ("-(y*ln(sigmoid(w*x + b)) + (1 - y)*ln(1 - sigmoid(w*x + b)))", "(σ(w·x + b) − y)·w"),
        ("x/sqrt(x^2 + y^2)*sqrt(x^2 + y^2)", "1"),
        ("sqrt(x)", "1/(2·√x)"),
        ("1/x^2", "−2/x³"),
        ("e*x", "e"),
        ("relu(x)^2/2", "[x > 0]·relu(x)"),
        ("|x|", "sign(x)"),
        ("exp(x + 1)", "exp(x + 1)"),
    ],
)
def test_simplified_on_request(program: str, gradient: str) -> None:
    assert formulas(symbolic(parse(program), simplify=True))["∂f/∂x"] == gradient


def test_names_that_sympy_knows_are_names() -> None:
    graph = parse(SYMPY_NAMES)
    point = {graph.nodes[i].name: 1.5 + k for k, i in enumerate(graph.inputs)}
    trace = run(graph, point)
    for simplify in (False, True):
        renamed = {name if name != "lambda" else "lambda_": x for name, x in point.items()}
        _, gradients = gradients_in_python(symbolic(graph, "python", simplify=simplify), renamed)
        assert gradients == pytest.approx({name: trace.gradient(name) for name in point}, rel=1e-12)


def test_simplify_says_where_it_has_found_nothing_shorter() -> None:
    assert symbolic(parse("1/x"), simplify=True) == symbolic(parse("1/x")) + "\n--simplify found nothing shorter\n"
    assert "% --simplify found nothing shorter\n" in symbolic(parse("1/x"), "latex", simplify=True)
    assert "# --simplify found nothing shorter\n" in symbolic(parse("1/x"), "python", simplify=True)


LOGISTIC = "z = w1*x1 + w2*x2 + b; a = sigmoid(z); L = -(y*ln(a) + (1 - y)*ln(1 - a))"
SOFTMAX = "p = exp(a)/(exp(a) + exp(b)); L = -ln(p)"


@pytest.mark.parametrize(
    ("program", "name", "gradient"),
    [
        (LOGISTIC, "∂L/∂w1", "(a − y)·x1"),
        (LOGISTIC, "∂L/∂b", "a − y"),
        (SOFTMAX, "∂L/∂a", "p − 1"),
        (SOFTMAX, "∂L/∂b", "1 − p"),
        ("ea = exp(a); eb = exp(b); S = ea + eb; p = ea/S; L = -ln(p)", "∂L/∂b", "eb/S"),
        ("z = w*x + b; a = 1/(1 + exp(-z))", "∂a/∂w", "a·(1 − a)·x"),
        ("h = (exp(x) - exp(-x))/(exp(x) + exp(-x))", "∂h/∂x", "1 − h²"),
        ("o = sigmoid(w*x); E = 1/2*(t - o)^2", "∂E/∂w", "(o − t)·o·(1 − o)·x"),
        ("h1 = tanh(w*x1); h2 = tanh(w*x2 + u*h1); h2 + h1*0", "∂f/∂u", "(1 − h2²)·h1"),
        ("f = exp(-(x - m)^2/(2*s^2))/s", "∂f/∂m", "f·(x − m)/s²"),
        ("n = sqrt(x^2 + y^2); u = x/n", "∂u/∂x", "(1 − u²)/n"),
        (
            "e1 = exp(s1); e2 = exp(s2); a1 = e1/(e1 + e2); a2 = e2/(e1 + e2); a1*v1 + a2*v2",
            "∂f/∂s1",
            "a2·a1·(v1 − v2)",
        ),
        ("D = b^2 - 4*a*c; x = (-b + sqrt(D))/(2*a)", "∂x/∂b", "−x/√D"),
        ("a = x + 1; a*a", "∂f/∂x", "2·a"),
    ],
)
def test_a_derivative_in_the_programs_own_names(program: str, name: str, gradient: str) -> None:
    assert formulas(symbolic(parse(program)))[name] == gradient


def test_expand_writes_the_names_out() -> None:
    assert formulas(symbolic(parse("s = x + y; s*y"), expand=True))["∂f/∂y"] == "y + (x + y)"
    assert symbolic(parse(LOGISTIC), expand=True).startswith("L(w1, x1, w2, x2, b, y) = −(y·ln(σ(w1·x1 + w2·x2 + b))")


def test_names_stand_only_where_they_are_shorter() -> None:
    assert symbolic(parse("a = 2*x; b = 3*y; a + b")) == "f(x, y) = 2·x + 3·y\n\n∂f/∂x = 2\n∂f/∂y = 3\n"


COURSES = [
    *(LOGISTIC, SOFTMAX),
    "m = (x1+x2+x3)/3; v = ((x1-m)^2+(x2-m)^2+(x3-m)^2)/3; y = g*(x1-m)/sqrt(v+0.001)+b",
    "f = sigmoid(wf*x + uf*h); i = sigmoid(wi*x + ui*h); o = sigmoid(wo*x); g = tanh(wg*x); c1 = f*c + i*g; o*tanh(c1)",
    "d1 = (ln(S/K)+(r+s^2/2)*T)/(s*sqrt(T)); d2 = d1 - s*sqrt(T); C = S*normcdf(d1) - K*exp(-r*T)*normcdf(d2)",
    "h1 = tanh(w*x1 + u*h0 + b); h2 = tanh(w*x2 + u*h1 + b); h3 = tanh(w*x3 + u*h2 + b); L = (h3 - t)^2",
    "z = sigmoid(wz*x+uz*h); r = sigmoid(wr*x+ur*h); n = tanh(wn*x+un*(r*h)); h1 = (1-z)*n + z*h",
    "a = sigmoid(w*x + b); L = -(y*ln(a) + (1-y)*ln(1-a)) + lam*w^2/2",
    "e1=exp(z1); e2=exp(z2); e3=exp(z3); s=e1+e2+e3; p1=e1/s; p2=e2/s; p3=e3/s; -(y1*ln(p1)+y2*ln(p2)+y3*ln(p3))",
    "d = sqrt((x-a)^2 + (y-b)^2); E = k/2*(d - l)^2",
    "lambda = 2*x; a = lambda/(lambda + y); a^2/(1 - a)",
]


@pytest.mark.parametrize("program", COURSES)
@pytest.mark.parametrize("simplify", [False, True])
def test_named_forms_have_the_traces_numbers(program: str, simplify: bool) -> None:
    graph = parse(program)
    point = {name: 0.31 + 0.17 * k for k, name in enumerate(graph.input_names)}
    trace = run(graph, point)
    exact = {name: trace.gradient(name) for name in point}
    value, gradients = gradients_in_python(symbolic(graph, "python", simplify=simplify), point)
    assert value == pytest.approx(trace.values[graph.output], rel=1e-12)
    assert gradients == pytest.approx(exact, rel=1e-9, abs=1e-12)
    head, body = symbolic(graph, simplify=simplify).split("\n\n")[:2]
    *definitions, output = head.splitlines()
    definitions.append(f"{graph.output_name} = {output.partition(' = ')[2]}")
    for line in body.splitlines():
        left, _, formula = line.partition(" = ")
        again = parse("; ".join([*definitions, formula]))
        value = run(again, {name: point[name] for name in again.input_names}).values[again.output]
        assert value == pytest.approx(exact[left.rpartition("∂")[2]], rel=1e-9, abs=1e-12)


MAZUR = (
    "neth1 = w1*i1 + w2*i2 + b1; outh1 = sigmoid(neth1); neth2 = w3*i1 + w4*i2 + b1; outh2 = sigmoid(neth2); "
    "neto1 = w5*outh1 + w6*outh2 + b2; outo1 = sigmoid(neto1); neto2 = w7*outh1 + w8*outh2 + b2; "
    "outo2 = sigmoid(neto2); Eo1 = 1/2*(t1 - outo1)^2; Eo2 = 1/2*(t2 - outo2)^2; E = Eo1 + Eo2"
)


def test_a_row_too_wide_for_a_page_goes_on_at_a_sign() -> None:
    rows = symbolic(parse(MAZUR), "latex").splitlines()[3:-1]
    assert "  E &= \\mathit{Eo1} + \\mathit{Eo2} \\\\" in rows  # and no list of fourteen inputs in front
    broken = [row for row in rows if row.startswith(("  &\\quad + ", "  &\\qquad + "))]
    assert len(broken) > 8
    for row in rows:
        assert row.count("\\left(") == row.count("\\right)")
        assert len(re.sub(r"\\[a-z]+|[{}]", "", row)) < 120


def test_no_formula_takes_long_to_cancel() -> None:
    layers = "; ".join(
        f"q{k} = (x + {k}*y)/(x*y + {k + 2})" + (f"*q{k - 1}/(q{k - 1} + y)" if k else "") for k in range(9)
    )
    started = time.process_time()
    symbolic(parse(layers), simplify=True)
    assert time.process_time() - started < 60  # it is half a second; without a bound it would not end


def test_equal_input_has_equal_bytes_under_every_hash_seed() -> None:
    made = {
        subprocess.run(
            [sys.executable, "-m", "bpviz", "symbolic", "; ".join(COURSES[:1]), "--simplify"],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(made) == 1


@pytest.mark.parametrize("kind", ["text", "latex", "python"])
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("example", [EXAMPLE]),
        ("simplified", [NEURON, "--simplify"]),
        ("pieces", [PIECES]),
        ("names", [SYMPY_NAMES]),
        ("greek", [GREEK]),
        ("named", [LOGISTIC]),
    ],
)
def test_formats(bpviz: Shell, kind: str, name: str, line: list[str]) -> None:
    done = bpviz("symbolic", *line, "--format", kind)
    assert (done.status, done.err) == (0, "")
    check(f"symbolic-{name}.{kind}", done.out)


@pytest.mark.parametrize("kind", ["text", "latex"])
def test_local_gradients(bpviz: Shell, kind: str) -> None:
    done = bpviz("symbolic", EXAMPLE, "--local", "--format", kind)
    check(f"symbolic-local.{kind}", done.out)


@pytest.mark.parametrize(("ending", "kind"), [("txt", "text"), ("tex", "latex"), ("py", "python")])
def test_a_files_ending_chooses_the_format(bpviz: Shell, ending: str, kind: str, tmp_path: Any) -> None:
    assert bpviz("symbolic", EXAMPLE, "-o", f"f.{ending}") == (0, f"→ f.{ending}\n", "")
    check(f"symbolic-example.{kind}", (tmp_path / f"f.{ending}").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["x*y", "--x", "3"], f"a formula needs no value for x\n{LEAVE_IT}"),
        (["x*y", "--simplfy", "3"], "a formula needs no value for simplfy\ndid you mean --simplify?"),
        (["2 + 3"], "f has no inputs to differentiate by\nput a name in, such as x"),
        (["x*y", "--local", "--format", "python"], f"--local is written as text or latex\n{USE_CODE}"),
        (["x", "-o", "f.svg"], "no formula is written to f.svg\nend it in .txt, .tex, .py"),
        (
            ["sin(" * 120 + "x" + ")" * 120],
            f"the closed form of f would have 280 brackets inside one another\n{GATE_BY_GATE}; "
            "raise the limit if you mean it: --limit brackets=280 (limit={'brackets': 280} in Python)",
        ),
    ],
)
def test_what_cannot_be_is_told_with_status_2(bpviz: Shell, line: list[str], message: str) -> None:
    done = bpviz("symbolic", *line)
    assert (done.status, done.out) == (2, "")
    assert done.err == f"bpviz: {message}\n"


@pytest.mark.parametrize("doublings", [12, 60, 3000])
def test_a_formula_that_explodes_is_refused_at_once(doublings: int) -> None:
    program = "a0 = x*y\n" + "\n".join(f"a{k + 1} = a{k}*a{k} + x" for k in range(doublings)) + f"\na{doublings}"
    graph = parse(program)
    with pytest.raises(UsageError, match=r"the closed form of .* would have (about [0-9,]+|more) parts"):
        symbolic(graph, expand=True)


def test_in_names_it_does_not_explode() -> None:
    program = "a0 = x*y; " + "; ".join(f"a{k + 1} = a{k}*a{k} + x" for k in range(12))
    assert formulas(symbolic(parse(program)))["∂a12/∂y"].startswith("4096·a11·a10·")


def test_a_sum_of_many_terms_is_no_deep_formula() -> None:
    program = " + ".join(f"x{i}*x{i + 1}" for i in range(300))
    assert formulas(symbolic(parse(program)))["∂f/∂x7"] == "x6 + x8"
    assert formulas(symbolic(parse("x" + " - x*y" * 300)))["∂f/∂y"] == "−x" + " − x" * 299


def test_the_limits_of_a_formula_can_be_moved() -> None:
    deep = parse("sin(" * 120 + "x" + ")" * 120)
    assert symbolic(deep, limit=set_limits({"brackets": 280})).count("cos(") == 120
    with pytest.raises(UsageError, match="would have about 9 parts") as error:
        symbolic(parse("x*y + x"), limit=set_limits({"parts": 6}))
    assert "--limit parts=9" in error.value.hint
    with pytest.raises(UsageError, match="the formulas are nested deeper than Python can print"):
        symbolic(parse("sin(" * 3000 + "x" + ")" * 3000), limit=set_limits({"brackets": 10_000, "parts": 10**9}))


def test_the_deepest_formula_that_is_taken_is_printed() -> None:
    program = "sin(" * 66 + "x" + ")" * 66
    graph = parse(program)
    for kind in ("text", "latex"):
        assert symbolic(graph, kind)
    value, gradients = gradients_in_python(symbolic(graph, "python"), {"x": 1.0})
    assert gradients["x"] == pytest.approx(run(graph, {"x": 1.0}).gradient("x"), rel=1e-12)
    assert value == run(graph, {"x": 1.0}).values[graph.output]


@pytest.mark.parametrize("line", [["symbolic", "x^2"], ["check", "x^2", "--x", "3", "--claim", "x=6"]])
def test_sympy_is_imported_only_where_it_is_needed(line: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bpviz", *line], capture_output=True, text=True, check=True
    )
    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert not imported & {"sympy", "mpmath", "numpy", "pygraphviz"}


@pytest.mark.parametrize("command", ["check", "symbolic"])
def test_help_shows_real_command_lines(bpviz: Shell, command: str) -> None:
    done = bpviz(command, "--help")
    assert (done.status, done.err) == (0, "")
    assert done.out.count(f"\n  bpviz {command} ") >= 3


def test_no_format_is_told() -> None:
    with pytest.raises(UsageError, match="no formula is written as xml"):
        symbolic(parse("x^2"), "xml")


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("x + -1*y", "f(x, y) = x + (−1·y)"),
        ("x - -1/y", "f(x, y) = x − (−1/y)"),
        ("exp(-x^2/2)", "f(x) = exp(−x²/2)"),
        ("exp(-x^2/2)", "∂f/∂x = −x·exp(−x²/2)"),
        ("-1*y", "f(y) = −1·y"),
    ],
)
def test_no_sign_follows_another_and_none_has_brackets_for_nothing(program: str, line: str) -> None:
    assert line in symbolic(parse(program)).splitlines()


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("prod(y, 1/x, z)", "f(y, x, z) = y·z/x"),
        ("prod(y, a/b, x)", "f(y, a, b, x) = y·a·x/b"),
        ("prod(x, csch(y), z)", "∂f/∂y = −csch(y)·x·z/tanh(y)"),
        ("hinge(x, -1)", "∂f/∂x = [−x < 1]"),
        ("hinge(-1, x)", "∂f/∂x = [x·(−1) < 1]"),
        ("-(-(x*y))", "f(x, y) = x·y"),
        ("-(-(-(x + y)))", "f(x, y) = −(x + y)"),
    ],
)
def test_no_factor_and_no_sign_is_lost(program: str, line: str) -> None:
    assert line in symbolic(parse(program)).splitlines()


def is_simplified_in_python(graph: Graph, point: dict[str, float]) -> None:
    """Assert that the simplified function runs by itself and gives the trace's gradients."""
    trace = run(graph, point)
    _, gradients = gradients_in_python(symbolic(graph, "python", simplify=True), point)
    assert gradients == pytest.approx({name: trace.gradient(name) for name in point}, rel=1e-10, abs=1e-13)


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_every_gate_is_simplified_to_python_that_runs(gate: Gate) -> None:
    is_simplified_in_python(*at_its_case(gate))


@pytest.mark.parametrize(
    "program",
    [
        *("sec(x)*x", "csc(x)*cot(y)", "sech(x)*coth(y)", "step(x)*y", "cbrt(x*y)", "cbrt(x)", "root(x, 5)*y"),
        *("|x*y|^3", "hinge(x, y)*x", "where(x > y, x*y, x^2)*step(x)", "max(x, y)^2*x", "sqrt(x^2)*y"),
    ],
)
@pytest.mark.parametrize("x", [0.7, -0.7])
def test_a_sign_a_step_and_a_root_are_simplified_to_python_that_runs(program: str, x: float) -> None:
    graph = parse(program)
    is_simplified_in_python(graph, dict(zip(graph.input_names, (x, 1.3), strict=False)))
