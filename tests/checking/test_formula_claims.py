"""Claims as people write them, about gradients and values, as numbers and as formulas, typed or in a file."""

import json
from pathlib import Path

import pytest

import bpviz as library
from bpviz.autodiff import Trace, run
from bpviz.checking.answers import AnswerReport, mark
from bpviz.checking.claims import read_claim, read_claims, split_claims
from bpviz.errors import UsageError
from bpviz.lang import parse
from bpviz.text.closed_forms import symbolic
from tests.support.command import Shell
from tests.support.oracle import grow
from tests.support.snapshot import check
from tests.test_oracle import usable

PROGRAM = "x^2*y + sin(y)"  # at x = 2, y = 3: 12 by x, 3.01 by y, and 12.14
POINT = ("--x", "2", "--y", "3")
TRACE = run(parse(PROGRAM), {"x": 2.0, "y": 3.0})


@pytest.fixture
def bpviz(tmp_path: object, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(str(tmp_path))
    return Shell(monkeypatch, capfd)


def verdict(claim: str, program: str = PROGRAM, **point: float) -> str:
    trace = run(parse(program), point) if point else TRACE
    (answer,) = mark(trace, [read_claim(trace.graph, claim)])
    return answer.verdict


def told(claim: str, trace: Trace = TRACE) -> str:
    return AnswerReport(trace, mark(trace, read_claims(trace.graph, claim))).notes()[-1]


@pytest.mark.parametrize(
    "claim",
    [
        *("x=12", "x = 12", "x: 12", "x := 12", "x == 12", "x ≈ 12", "x -> 12", "x → 12", "x is 12", "x 12", "x\t12.0"),
        *("∂f/∂x=12", "df/dx = 12", "d f / d x = 12", "δf/δx = 12", "d(f)/d(x) = 12"),
        *(r"\frac{\partial f}{\partial x} = 12", "∇x = 12", "- x: 12", "1) x = 12"),
        *(r"$\dfrac{df}{dx} = 12$", "f_x = 12", "f_{x} = 12", "f'(x) = 12", "f′(x) = 12", "dx = 12", "∂x = 12"),
        *("x.grad = 12", "grad x = 12", "the gradient of x is 12", "derivative with respect to x: 12"),
        *("x = 12.", "x = 12,0", "x = 1,2e1", "x = 24/2", "x = $12$", "x = 12;", "∂f/∂xsqr = 3", "xsqr = 3"),
        *("f = 12.14", "f = 12,14", "f(x, y) = 12.14", "value of f = 12.14", "value of xsqr = 4"),
        *("xsqr.data = 4", "∂f/∂f = 1", "∂xsqr/∂x = 4", "∂xsqry/∂x = 12"),
    ],
)  # fmt: skip
def test_a_claim_is_read_in_every_form_that_people_write(claim: str) -> None:
    assert verdict(claim) == "right"


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("x=2,06, y=1,59", ["x=2,06", "y=1,59"]),
        ("x=2,06; y=1,59;", ["x=2,06", "y=1,59"]),
        ("x = 2 and y = 3", ["x = 2", "y = 3"]),
        ("x = log(8, 2), f'(y) = max(x, y)", ["x = log(8, 2)", "f'(y) = max(x, y)"]),
        ("x=1\ny=2\n", ["x=1", "y=2"]),
        ("f(x, y) = 3, x: 2", ["f(x, y) = 3", "x: 2"]),
    ],
)
def test_a_text_may_hold_several_claims(text: str, claims: list[str]) -> None:
    assert split_claims(text) == claims


def test_a_formula_may_be_followed_by_its_number() -> None:
    answers = mark(TRACE, read_claims(TRACE.graph, "df/dx = 2xy = 2*2*3 ≈ 12.1"))
    assert [(answer.claim.text, answer.verdict) for answer in answers] == [
        ("2xy", "equal everywhere"),
        ("2*2*3", "right"),
        ("12.1", "wrong"),
    ]


@pytest.mark.parametrize(
    ("text", "value"), [("1.234,5", 1234.5), ("1,234.5", 1234.5), ("0,512", 0.512), ("2,06", 2.06)]
)
def test_a_comma_is_read_where_it_means_one_thing(text: str, value: float) -> None:
    assert read_claim(TRACE.graph, f"x={text}").value == value


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("x=2,060", "the claim for x: 2,060 may be 2.060 or 2060\nwrite 2.060, or 2060"),
        ("", "an empty text claims nothing\nwrite a name and a number or a formula"),
        ("x = .", "the claim for x: "),
        ("12", "12 claims nothing\nwrite a name and a number or a formula"),
        ("x = 12 y = 9", "x = 12 y = 9 is not one claim\nwrite a comma between two: x = 12, y = 9"),
        ("x = twelve", "the claim for x: nothing is called twelve\nthe names are x, y, xsqr, xsqry, siny, f"),
        ("x = 2*x*z", "the claim for x: nothing is called z\n"),
        ("x = 2*xsq", "the claim for x: nothing is called xsq\ndid you mean xsqr?"),
        ("x = (2*x", "the claim for x: this ( is never closed\n"),
        ("x = sign(x", "the claim for x: "),
        ("X = 12", "nothing is called X\ndid you mean x?"),
        ("dL/dx = 12", "nothing is called L\nthe output is f: write ∂f/∂x"),
        ("f' = 12", "f' may be the derivative by each input\nwrite one of f_x, f_y"),
        ("df/dz = 12", "nothing is called z\n"),
        ("∂xsqr/∂y = 4", "xsqr does not depend on y\nwrite ∂f/∂y for the gradient of y"),
        ("∂xsqr/∂x = 2*y", "the claim for x: nothing is called y\nthe names are x, xsqr"),
        ("f(2, 3) = 12", "f(2, 3) names another point than the one that is checked\n"),
        ("my answer = 12", "nothing is called my answer\nwrite one of x, y, xsqr, xsqry, siny, f, or a derivative"),
    ],
)  # fmt: skip
def test_a_claim_that_cannot_be_read_is_told(claim: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_claims(TRACE.graph, claim)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    "claim",
    ["x = 2*x*y", "x = 2xy", "x = 2·x·y", r"x = 2 x \cdot y", r"\frac{\partial f}{\partial x} = 2xy", "x = (x+x)*y",
     "x = 2*xsqry/x", "y = xsqr + cos(y)", "y = x**2 + np.cos(y)", r"y = x^2 + \cos y", "xsqr = y", "∂xsqr/∂x = 2*x",
     "∂xsqry/∂y = xsqr", "f = xsqry + siny"],
)  # fmt: skip
def test_a_right_formula_is_equal_everywhere(claim: str) -> None:
    assert verdict(claim) == "equal everywhere"


@pytest.mark.parametrize(
    ("claim", "program", "point", "expected"),
    [
        ("a = (a1 - t)*2", "a1 = sigmoid(a); (a1 - t)^2", {"a": 0.5, "t": 1.0}, "differs"),
        ("a = (a1 - t)*2*a1*(1 - a1)", "a1 = sigmoid(a); (a1 - t)^2", {"a": 0.5, "t": 1.0}, "equal everywhere"),
        ("x = 4*y", PROGRAM, {"x": 2.0, "y": 3.0}, "equal only here"),
        ("x = y", "relu(x)*y", {"x": 2.0, "y": 3.0}, "equal nearby"),
        ("x = [x > 0]*y", "relu(x)*y", {"x": 2.0, "y": 3.0}, "equal everywhere"),
        ("x = sign(x)", "|x|", {"x": 2.0}, "equal everywhere"),
        ("x = ([x > y] + [x = y]/2)·z", "max(x, y)*z", {"x": 2.0, "y": 2.0, "z": 3.0}, "equal everywhere"),
        ("x = 1/x", "ln(x)", {"x": 0.2}, "equal everywhere"),
        ("x = -1/(1 - x)", "ln(1 - x)", {"x": 0.2}, "equal everywhere"),
        ("x = 1/x", "ln(x - 1000)", {"x": 1001.0}, "differs"),
        ("x = 0.667*x", "x^2/3", {"x": 1.7}, "differs"),
        ("x = 1/(2*sqrt(x))", "sqrt(x)", {"x": 4.0}, "equal everywhere"),
        ("x = e^x", "exp(x)", {"x": 4.0}, "equal everywhere"),
        ("x = 2*cosh(x)^2 - 2*sinh(x)^2", "2*x", {"x": 3.0}, "equal everywhere"),
    ],
)
def test_a_formula_is_equal_everywhere_or_nearby_or_here_or_not(
    claim: str, program: str, point: dict[str, float], expected: str
) -> None:
    assert verdict(claim, program, **point) == expected


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        (
            "x = 2*x",
            "∂f/∂x = 2*x is not right: at x = 2, y = 3 it is 4, and the gradient is 12. It is what you get when "
            "xsqr = x² hands back its local gradient alone: multiply it by the upstream gradient, 4 × 3. Or: it ",
        ),
        (
            "x = 6*x",
            "∂f/∂x = 6*x is right at this point only: at x = 2.1, y = 1.5 it is 12.6, and the gradient is 6.3. No "
            "single slip makes this formula.",
        ),
        (
            "x = 2*x*y + 0.001*x",
            "∂f/∂x = 2*x*y + 0.001*x is not right: at x = 2, y = 3 it is 12.002, and the gradient is 12. ",
        ),
        ("x = 12*y/(y - 3)", "∂f/∂x = 12*y/(y − 3) is not right: at x = 2, y = 3 it has no value, and the gradient "),
        (
            "∂xsqr/∂x = x",
            "∂xsqr/∂x = x is not right: at x = 2 it is 2, and the gradient is 4. It is what you get when the local",
        ),
        ("y = x^2 - cos(y)", "∂f/∂y = x^2 − cos(y) is not right: "),
    ],
)  # fmt: skip
def test_where_a_formula_differs_is_told_with_the_slip(claim: str, says: str) -> None:
    assert told(claim).startswith(says)


def test_a_rounded_constant_is_told() -> None:
    trace = run(parse("x^2/3"), {"x": 1.7})
    assert "It is nearly right everywhere: write its constants exactly." in told("x = 0.667*x", trace)


def test_two_slips_that_fit_are_both_told() -> None:
    trace = run(parse("(x*y)*z"), {"x": 2.0, "y": 3.0, "z": 5.0})
    assert told("x=-15", trace).count("the same at f") == 1


def test_noise_is_no_error() -> None:
    trace = run(parse("x*(a + b - c)"), {"x": 1.0, "a": 0.1, "b": 0.2, "c": 0.3})
    (answer,) = mark(trace, [read_claim(trace.graph, "x = a + b - c")])
    assert answer.verdict == "equal everywhere"
    assert [each.is_right for each in mark(trace, [read_claim(trace.graph, "x = 0")])] == [True]


def test_closed_forms_are_equal_everywhere_and_not_when_they_are_changed() -> None:
    tried = 0
    for seed in range(1, 130):
        sample = grow(seed, most=6)
        if not usable(sample):
            continue
        trace = run(parse(sample.program), sample.point)
        for line in symbolic(trace.graph).splitlines():
            head, _, formula = line.partition(" = ")
            try:
                (right,) = read_claims(trace.graph, f"{head} = {formula}") if head.startswith("∂") else ()
            except (UsageError, ValueError):
                continue  # a notation that no program has
            if right.formula is None or abs(trace.gradients[right.node]) < 1e-9:
                continue
            (wrong,) = read_claims(trace.graph, f"{head} = 1.001*({formula})")
            assert [answer.is_right for answer in mark(trace, [right, wrong])] == [True, False], sample
            tried += 1
    assert tried > 40


def test_the_answers_of_a_file_are_marked(bpviz: Shell) -> None:
    Path("answers.txt").write_text(
        "# Ada\n1) x = 12\n2) y: 3,01   # by hand\n\n- df/dy = x^2 + cos(y); f = 12.14\n", "utf-8"
    )
    done = bpviz("check", PROGRAM, *POINT, "--claims", "answers.txt", "--format", "csv")
    assert [line.split(",")[0] for line in done.out.splitlines()] == ["name", "x", "y", "y", "f"]
    assert (done.status, done.err) == (0, "")
    assert library.check(PROGRAM, x=2, y=3, claims="answers.txt").is_right


@pytest.mark.parametrize(
    "text",
    ["x,12\ny,3.01\n",
     "name,claimed\nx,12\ny,x^2+cos(y)\n", "who;name;answer\nAda;x;12,0\nAda;y;3,01", 'x,"12"\n\ny,3.01'],
)  # fmt: skip
def test_a_csv_of_answers_is_read(bpviz: Shell, text: str) -> None:
    Path("answers.csv").write_text(text, "utf-8")
    done = bpviz("check", PROGRAM, *POINT, "--claims", "answers.csv", "--format", "json")
    assert [each["name"] for each in json.loads(done.out)["claims"]] == ["x", "y"]
    assert done.status == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 12\nq = 3\n", "answers.txt, line 2: nothing is called q\nthe names are x, y"),
        ("x = 12\n\nx\n", "answers.txt, line 3: x claims nothing\nwrite a name"),
        ("# nothing\n", "answers.txt claims nothing\nwrite a claim in each line, such as x = 0.18"),
    ],
)
def test_a_line_that_claims_nothing_is_told_with_its_number(bpviz: Shell, text: str, message: str) -> None:
    Path("answers.txt").write_text(text, "utf-8")
    done = bpviz("check", PROGRAM, *POINT, "--claims", "answers.txt")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"bpviz: {message}")


@pytest.mark.parametrize("file", ["nothing.txt", "", "."])
def test_a_file_that_is_missing_is_told(bpviz: Shell, file: str) -> None:
    done = bpviz("check", PROGRAM, *POINT, "--claims", file)
    assert done.status == 2
    assert done.err.startswith(f"bpviz: {file} cannot be read: " if file else "bpviz: --claims needs a file's name\n")


def test_claims_are_a_mapping_too() -> None:
    claims = {"∂f/∂x": "2*x*y", "y": 3.010007503399555, "value of xsqr": 4}
    assert library.check(PROGRAM, x=2, y=3, claim=claims).is_right


@pytest.mark.parametrize("kind", ["plain", "markdown", "latex", "csv", "json"])
def test_formats(bpviz: Shell, kind: str) -> None:
    claims = "x = 2xy = 12, x = 2*x, ∂xsqr/∂x = 2, x = 6*x, y = x^2, y = 3*x, f = 12.14, value of xsqr = 2, f = 0"
    done = bpviz("check", PROGRAM, *POINT, "--claim", claims, "--format", kind)
    assert (done.status, done.err) == (1, "")
    check(f"claims-formulas.{kind}", done.out)


def test_a_large_program_is_compared_at_fewer_points() -> None:
    trace = run(parse(" + ".join(f"x^{i}" for i in range(1, 400))), {"x": 0.5})
    (answer,) = mark(trace, [read_claim(trace.graph, "x = 1 + x")])
    assert answer.verdict == "differs"


@pytest.mark.parametrize("gates", ["lecture", "elementary"])
def test_the_part_that_computes_a_gate_has_its_value(gates: str) -> None:
    tried = 0
    for seed in range(1, 60):
        sample = grow(seed, most=8)
        if not usable(sample):
            continue
        trace = run(parse(sample.program, gates=gates), sample.point)
        for node in trace.graph.gate_ids:
            part = trace.graph.cut_out(node)
            found = run(part, {name: sample.point[name] for name in part.input_names})
            assert found.values[part.output] == trace.values[node]
        whole = run(trace.graph.cut_out(trace.graph.output), sample.point)
        assert [whole.gradient(name) for name in sample.point] == [trace.gradient(name) for name in sample.point]
        tried += 1
    assert tried > 20
