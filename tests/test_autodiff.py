"""Published numbers, and what the passes do where a number does not exist."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from bpviz.autodiff import Trace, run
from bpviz.errors import EvaluationError, UsageError
from bpviz.lang import parse

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))


def traced(program: str, **inputs: float) -> Trace:
    return run(parse(program), inputs)


def test_the_lecture_example_to_the_last_bit() -> None:
    trace = traced("(x + σ(y)) / (σ(x) + (x + y)^2)", x=3, y=-4)
    assert trace.value("f") == 1.5456448841066441
    assert trace.gradient("x") == 2.059569795572165
    assert trace.gradient("y") == 1.5922327514838093
    assert [trace.graph.nodes[i].name for i in trace.graph.gate_ids] == [
        "sigy", "num", "sigx", "xpy", "xpysqr", "den", "invden", "f",
    ]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["program"])
def test_published_values_and_gradients(case: dict[str, Any]) -> None:
    trace = run(parse(case["program"], gates=case["gates"]), case["inputs"])
    for name, value in case["values"].items():
        assert trace.value(name) == pytest.approx(value, rel=1e-12)
    for name, gradient in case["gradients"].items():
        assert trace.gradient(name) == pytest.approx(gradient, rel=1e-12)


def test_x_times_x_has_two_wires() -> None:
    trace = traced("x*x", x=3)
    assert trace.gradient("x") == 6
    assert list(trace.contributions("x").values()) == [3, 3]


def test_contributions_add_up_to_the_gradient_exactly() -> None:
    trace = traced("(x + σ(y)) / (σ(x) + (x + y)^2)", x=3, y=-4)
    for name in ("x", "y"):
        total = 0.0
        for contribution in trace.contributions(name).values():
            total += contribution
        assert total == trace.gradient(name)


def test_running_twice_gives_the_same() -> None:
    graph = parse("x*x + sin(x)")
    assert run(graph, x=2) == run(graph, x=2)


def test_an_input_that_is_the_output_has_gradient_one() -> None:
    trace = traced("x", x=5)
    assert (trace.value("x"), trace.gradient("x")) == (5, 1)


def test_the_programs_own_value_is_overridden_by_the_points() -> None:
    graph = parse("x = 3; x*y")
    assert run(graph, y=2).value("f") == 6
    assert run(graph, x=5, y=2).value("f") == 10


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ({"x": 1.0}, "f needs values for y and z\ngive y and z values"),
        ({"x": 1.0, "y": 2.0}, "f needs a value for z\ngive z a value"),
        ({"x": 1.0, "y": 1.0, "z": 1.0, "q": 1.0}, "no input is called q\nthe inputs are x, y, z"),
        ({"x": math.inf, "y": 1.0, "z": 1.0}, "x = inf is not a finite number\ngive x a finite value"),
        ({"x": 10**5000, "y": 1.0, "z": 1.0}, "x is too large\nthe largest number here is about 1.8e308"),
        ({"x": "1", "y": 1.0, "z": 1.0}, "x = '1' is not a number\ngive x a number, such as 2.5"),
        ({"x": None, "y": 1.0, "z": 1.0}, "x = None is not a number\ngive x a number, such as 2.5"),
        ({"x": 1j, "y": 1.0, "z": 1.0}, "x = 1j is not a number\ngive x a number, such as 2.5"),
        ({"x": math.nan, "y": 1.0, "z": 1.0}, "x = nan is not a finite number\ngive x a finite value"),
    ],
)
def test_a_point_that_does_not_fit_is_told(point: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as error:
        run(parse("x*y + z"), point)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("program", "x", "message"),
    [
        (
            "1 + ln(x)",
            -1.0,
            "lnx = ln(x) has no value at -1\n  line 1: 1 + ln(x)\n              ^^^^^\nln needs a > 0",
        ),
        ("1/x", 0.0, "f = 1/x has no value at 0\n  line 1: 1/x\n          ^^^\nreciprocal needs a ≠ 0"),
        (
            "exp(x)",
            1000.0,
            (
                "f = exp(x) overflows at 1000\n"
                "  line 1: exp(x)\n          ^^^^^^\nthe largest number here is about 1.8e308"
            ),
        ),
        (
            "x*x",
            1e200,
            (
                "f = x × x overflows at 1e+200 and 1e+200\n"
                "  line 1: x*x\n          ^^^\nthe largest number here is about 1.8e308"
            ),
        ),
    ],
)
def test_a_value_that_does_not_exist_is_told_with_its_gate(program: str, x: float, message: str) -> None:
    with pytest.raises(EvaluationError) as error:
        traced(program, x=x)
    assert str(error.value) == message
    assert error.value.exit_status == 1


@pytest.mark.parametrize(
    ("program", "x", "what"),
    [
        ("relu(sqrt(x))*0", 0.0, "the gradient at sqrtx = √x is not defined: 0 × ∞"),
        ("sqrt(x) - sqrt(x)", 0.0, "the gradient at x is not defined: ∞ − ∞"),
        ("1/x * 1e200", 1e-60, "it overflows"),
        ("1e-100*(1/x)", 1e-160, "it overflows"),  # −10³²⁰ does, but not 10⁻¹⁰⁰ times that
        ("0*(1/x)", 1e-160, "it overflows"),
        ("1e200*(x*1e200 - 1)", 1e-200, "it overflows"),
        ("1e308*x + 1e308*x", 0.0, "it overflows"),
    ],
)
def test_a_gradient_that_does_not_exist_is_told(program: str, x: float, what: str) -> None:
    with pytest.raises(EvaluationError, match=what.replace("(", "\\(")):
        traced(program, x=x)


def test_an_infinite_local_gradient_is_kept_and_told() -> None:
    trace = traced("2*sqrt(x)", x=0)
    assert trace.gradient("x") == math.inf
    assert trace.warnings == ("sqrtx = √x has an infinite local gradient here",)


@pytest.mark.parametrize(
    ("program", "gradient", "rule"),
    [
        ("relu(x)", 0.0, "f = relu(x) is at a kink: relu'(0) is taken as 0"),
        ("abs(x)", 0.0, "f = |x| is at a kink: the slope of |x| at 0 is taken as 0"),
        ("max(x, 0)", 0.5, "f = max(x, 0) is at a kink: a tie of max shares the gradient equally"),
    ],
)
def test_the_rule_at_a_kink_is_told(program: str, gradient: float, rule: str) -> None:
    trace = traced(program, x=0)
    assert trace.gradient("x") == gradient
    assert trace.warnings == (rule,)


TINY, MINUS_ZERO = 5e-324, -0.0  # the smallest number of all; and one that is 0 everywhere but in its sign


@pytest.mark.parametrize(
    ("program", "point", "value", "gradients"),
    [
        ("x*y", {"x": TINY, "y": 0.5}, 0.0, [0.5, TINY]),  # underflow is rounding, and no error
        ("x + y", {"x": TINY, "y": -TINY}, 0.0, [1, 1]),
        ("x/2", {"x": TINY}, 0.0, [0.5]),
        ("x - y", {"x": 3 * TINY, "y": TINY}, 2 * TINY, [1, -1]),
        ("sqrt(x)", {"x": TINY}, math.sqrt(TINY), [0.5 / math.sqrt(TINY)]),
        ("x^3", {"x": 1e-200}, 0.0, [0]),
        ("exp(-x)", {"x": 800.0}, 0.0, [0]),
        ("σ(x)", {"x": -800.0}, 0.0, [0]),
        ("softplus(x)", {"x": 800.0}, 800.0, [1]),
        ("x*y", {"x": MINUS_ZERO, "y": 2.0}, 0.0, [2, 0]),
        ("|x|", {"x": MINUS_ZERO}, 0.0, [0]),
        ("relu(x)", {"x": MINUS_ZERO}, 0.0, [0]),
        ("max(x, y)", {"x": MINUS_ZERO, "y": 0.0}, 0.0, [0.5, 0.5]),
        ("sqrt(x)", {"x": MINUS_ZERO}, 0.0, [math.inf]),
        ("ln(x)", {"x": TINY}, math.log(TINY), [math.inf]),  # 1/x overflows where ln does not
        ("cbrt(x)", {"x": 0.0}, 0.0, [math.inf]),
        ("sqrt(x) + sqrt(y)", {"x": 0.0, "y": 0.0}, 0.0, [math.inf, math.inf]),
        ("x + 0*y", {"x": 1e308, "y": 1e308}, 1e308, [1, 0]),
    ],
)
def test_numbers_at_the_edge_of_float64(
    program: str, point: dict[str, float], value: float, gradients: list[float]
) -> None:
    trace = run(parse(program), point)
    assert trace.value("f") == value
    assert [trace.gradient(name) for name in point] == gradients
    told = [name for name in point if math.isinf(trace.gradient(name))]
    assert len(trace.warnings) >= len(told)


@pytest.mark.parametrize(
    ("program", "point", "message"),
    [
        ("1 + 1/x", {"x": TINY}, "invx = 1/x overflows at 4.94066e-324"),
        ("1 + 1/x", {"x": MINUS_ZERO}, "invx = 1/x has no value at 0"),
        ("exp(x)*exp(y)", {"x": 600.0, "y": 600.0}, "f = expx × expy overflows at 3.77302e+260 and 3.77302e+260"),
        ("x^y + 1", {"x": 0.0, "y": -1.0}, "xpowy = x^y has no value at 0 and -1"),
        ("ln(σ(x))", {"x": -800.0}, "f = ln(sigx) has no value at 0"),
        ("(1e200*x)*(1e200*y)", {"x": 1.0, "y": 1e-200}, "the gradient at u2 = 10²⁰⁰ × y is not defined: it overflows"),
        ("x*1e308*10", {"x": 1e-5}, "the gradient at u1 = x × 10³⁰⁸ is not defined: it overflows"),
        ("y*sqrt(x)", {"x": 0.0, "y": 0.0}, "the gradient at sqrtx = √x is not defined: 0 × ∞"),
        ("sqrt(x^2)", {"x": 0.0}, "the gradient at xsqr = x² is not defined: 0 × ∞"),
    ],
)
def test_what_float64_cannot_hold_is_told_with_its_gate(program: str, point: dict[str, float], message: str) -> None:
    with pytest.raises(EvaluationError) as error:
        run(parse(program), point)
    assert error.value.what == message
    assert error.value.place


@pytest.mark.parametrize(
    ("program", "point", "told"),
    [
        ("x*y", {"x": 1e-300, "y": 1e-300}, "f = x × y underflows to 0"),
        ("x*y", {"x": TINY, "y": 0.5}, "f = x × y underflows to 0"),
        ("x*y", {"x": 1e-300, "y": -1e-10}, "f = x × y underflows to -1e-310, with fewer digits"),
        ("x^2", {"x": 1e-200}, "f = x² underflows to 0"),
        ("x^3", {"x": 1e-200}, "f = x^3 underflows to 0"),
        ("2^x", {"x": -2000.0}, "f = 2^x underflows to 0"),
        ("x^y", {"x": 0.5, "y": 2000.0}, "f = x^y underflows to 0"),
        ("exp(x)", {"x": -800.0}, "f = exp(x) underflows to 0"),
        ("σ(x)", {"x": -800.0}, "f = σ(x) underflows to 0"),
        ("1/x", {"x": 1e308}, "f = 1/x underflows to 1e-308, with fewer digits"),
        ("prod(x, x, x)", {"x": 1e-200}, "f = prod(x, x, x) underflows to 0"),
        ("dot(x, y; x, y)", {"x": 1e-200, "y": 1e-300}, "f = dot(x, y; x, y) underflows to 0"),
        *(
            (f"{gate}(x)", {"x": -800.0}, f"f = {gate}(x) underflows to 0")
            for gate in ("softplus", "csch", "sech", "silu", "gelu", "mish")
        ),
        ("logsumexp(x, 0)", {"x": -800.0}, "f = logsumexp(x, 0) underflows to 0"),
        ("bce_logits(x, 0)", {"x": -800.0}, "f = bce_logits(x, 0) underflows to 0"),
        ("prelu(x, y)", {"x": -1e-200, "y": 1e-200}, "f = prelu(x, y) underflows to 0"),
        ("leaky_relu(x)", {"x": -TINY}, "f = leaky_relu(x) underflows to 0"),
        ("se(x, y)", {"x": 1e-200, "y": 0.0}, "f = se(x, y) underflows to 0"),
        ("arcsch(x)", {"x": 1.7e308}, "f = arcsch(x) underflows to 5.88e-309, with fewer digits"),
        ("atan2(x, y)", {"x": 1e-200, "y": 1e200}, "f = atan2(x, y) underflows to 0"),
    ],
)
def test_an_underflow_is_told(program: str, point: dict[str, float], told: str) -> None:
    assert told in run(parse(program), point).warnings


@pytest.mark.parametrize(
    ("program", "point"),
    [
        ("x*y", {"x": 0.0, "y": 2.0}),
        ("x*y", {"x": TINY, "y": 3.0}),  # small from the start, and exact
        ("x - y", {"x": 2.0, "y": 2.0}),
        ("x^2", {"x": 0.0}),
        ("se(x, 2)", {"x": 2.0}),
        ("atan2(x, y)", {"x": 0.0, "y": 2.0}),
        ("dot(x, y; y, -x)", {"x": 1.0, "y": 2.0}),
        ("prelu(x, y)", {"x": -1.0, "y": 0.0}),
        ("relu(x)", {"x": -1.0}),
        ("cos(x) + exp(x)", {"x": 0.0}),
    ],
)
def test_a_zero_that_is_no_underflow_is_not(program: str, point: dict[str, float]) -> None:
    assert not [told for told in run(parse(program), point).warnings if "underflow" in told]


@pytest.mark.parametrize("program", ["e^x", "1 + e^-x", "e^2*x", "x*e^3"])
def test_e_as_the_base_of_a_power_is_eulers_number(program: str) -> None:
    graph = parse(program)
    assert graph.input_names == ("x",)
    assert run(graph, x=1).value("f") == pytest.approx(eval(program.replace("^", "**"), {"e": math.e, "x": 1}))
    assert run(parse(program, values=["e"]), x=1, e=1).gradient("e") != 0


@pytest.mark.parametrize("program", ["x^e", "e*x", "x^2 + e"])
def test_e_elsewhere_is_a_name_like_any_other(program: str) -> None:
    with pytest.raises(UsageError, match="f needs a value for e\ngive e a value"):
        run(parse(program), x=1)


def test_only_a_graph_is_run() -> None:
    with pytest.raises(UsageError, match=r"'x\*y' is no graph\nmake one of a program's text first: run\(parse\(text\)"):
        run("x*y", x=1, y=2)  # type: ignore[arg-type]


def test_asking_for_a_name_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(UsageError, match="nothing is called q\nthe names are x, y, f"):
        traced("x*y", x=1, y=2).value("q")


def test_a_slope_that_overflows_in_a_part_exists_in_the_whole_gate() -> None:
    point = {"a": 1e-100, "b": 1e-160}
    with pytest.raises(EvaluationError) as error:
        run(parse("a/b"), point)
    assert error.value.hint
    assert error.value.hint.endswith("as one gate, at a level coarser than lecture, it may have a value")
    assert run(parse("a/b", gates="fused"), point).gradient("b") == pytest.approx(-1e220, rel=1e-15)


@pytest.mark.parametrize(("program", "x"), [("1/x", 1e-160), ("x^-3", 1e-100), ("csch(x)", 1e-160), ("ln(x)", TINY)])
def test_a_slope_that_overflows_is_no_pole(program: str, x: float) -> None:
    (told,) = traced(program, x=x).warnings
    assert told.endswith("has a local gradient here that overflows to infinity")
