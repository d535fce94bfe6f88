"""bpviz check: what is right passes, what is wrong fails, and what has no derivative is explained."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bpviz.autodiff import run
from bpviz.checking.check_report import CheckReport
from bpviz.checking.differences import central_difference, vary
from bpviz.checking.exact_derivatives import differentiate
from bpviz.checking.verdicts import AGREES, DIFFERS, KINK, OPEN, POLE, Verdicts, compare
from bpviz.errors import UsageError
from bpviz.gates import TABLE, Gate, write_expression
from bpviz.graph import Graph
from bpviz.lang import parse
from bpviz.text.writers import write
from tests.gates.test_gates import CASES
from tests.support.command import Shell
from tests.support.oracle import grow
from tests.support.snapshot import check
from tests.test_oracle import usable

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
POINT = ("--x", "3", "--y", "-4")
PUBLISHED = json.loads((Path(__file__).parents[1] / "cases.json").read_text(encoding="utf-8"))
KINKS = "relu(x) + |y| + sqrt(z) + ln(w) + relu(v) - relu(-v)"
AT_KINKS = {"x": 0.0, "y": 1e-13, "z": 0.0, "w": 1e-9, "v": 0.0}


@pytest.fixture
def bpviz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(monkeypatch, capfd)


def report(program: str, point: dict[str, float], **options: Any) -> Verdicts:
    return compare(run(parse(program), point), **options)


def only(program: str, x: float) -> tuple[str, list[str]]:
    """Return the verdict on x, and the notes but the last."""
    found = report(program, {"x": x})
    return found.rows[0].verdict, CheckReport(found).notes()[:-1]


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["program"][:40])
def test_published_examples_agree(case: dict[str, Any]) -> None:
    graph = parse(case["program"], gates=case.get("gates", "lecture"))
    found = compare(run(graph, case["inputs"]), every=True)
    kinked = any("kink" in warning for warning in found.trace.warnings)
    assert {row.verdict for row in found.rows} <= ({AGREES, KINK} if kinked else {AGREES})


def test_random_programs_agree() -> None:
    samples = [sample for seed in range(1, 250) if usable(sample := grow(seed))]
    assert len(samples) > 60
    for sample in samples:
        found = report(sample.program, sample.point)
        assert found.is_right, sample
        assert {row.verdict for row in found.rows} == {AGREES}, sample


def at_its_case(gate: Gate) -> tuple[Graph, dict[str, float]]:
    """Return the program of one gate, and its point."""
    point = {f"x{slot}": x for slot, x in enumerate(CASES[gate.name]) if slot != gate.parameter}
    operands = [f"x{slot}" if slot != gate.parameter else repr(x) for slot, x in enumerate(CASES[gate.name])]
    return parse(write_expression(gate, tuple(operands)), gates="fused"), point


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_every_gate_agrees(gate: Gate) -> None:
    graph, point = at_its_case(gate)
    assert graph.nodes[graph.output].gate is gate
    assert [row.verdict for row in compare(run(graph, point)).rows] == [AGREES] * len(point)


def with_row(graph: Graph, gate: Gate, **changes: Any) -> Graph:
    """Return a graph in which a gate has another row."""
    wrong = replace(gate)
    vars(wrong).update(changes)  # in place of the functions that are made of its formulas
    nodes = tuple(node._replace(gate=wrong) if node.gate is gate else node for node in graph.nodes)
    return replace(graph, nodes=nodes)


@pytest.mark.parametrize(
    "gate", [gate for gate in TABLE if gate.name not in ("step", "sign")], ids=lambda gate: gate.name
)
def test_a_wrong_row_is_found(gate: Gate) -> None:
    graph, point = at_its_case(gate)

    def unmoved(z: float, *at: float) -> tuple[float, ...]:
        return gate.slopes(gate.forward(*at), *at)

    wrong_slopes = with_row(graph, gate, slopes=lambda *at: tuple(1.0001 * slope for slope in gate.slopes(*at)))
    wrong_value = with_row(graph, gate, forward=lambda *at: 1.0001 * gate.forward(*at), slopes=unmoved)
    wrong_symbols = with_row(graph, gate, symbolic=lambda sympy, *at: 1.0001 * gate.symbolic(sympy, *at))
    for wrong in (wrong_slopes, wrong_value, wrong_symbols):
        found = compare(run(wrong, point))
        assert not found.is_right
        assert DIFFERS in {row.verdict for row in found.rows}


def test_a_wrong_row_has_status_1(bpviz: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    sigmoid = next(gate for gate in TABLE if gate.name == "sigmoid")
    wrong = with_row(parse(EXAMPLE), sigmoid, slopes=lambda z, a: (z,))
    monkeypatch.setattr("bpviz.lang.parse", lambda source, **options: wrong)
    done = bpviz("check", EXAMPLE, *POINT, "--format", "plain")
    assert done.status == 1
    assert (
        "x: backpropagation gives 1.34128, but the exact derivative is 2.05957 and the difference is 2.05957: "
        "the local gradients of sigx = σ(x) are not its formula's." in done.out
    )
    assert done.out.endswith("0 of 2 agree within 1e-06, 2 differ.\n")


def test_one_wrong_row_among_right_ones_is_counted() -> None:
    sigmoid = next(gate for gate in TABLE if gate.name == "sigmoid")
    graph = with_row(parse("σ(x) + y"), sigmoid, slopes=lambda z, a: (z,))
    assert (
        CheckReport(compare(run(graph, {"x": 1.0, "y": 2.0})))
        .notes()[-1]
        .endswith("1 of 2 agree within 1e-06, 1 differs.")
    )


@pytest.mark.parametrize(
    ("program", "x", "told"),
    [
        ("relu(x)", 0.0, "Just below, the slope is 0, just above, 1: no derivative, and 0 is a choice."),
        ("|x|", 0.0, "Just below, the slope is −1, just above, 1: no derivative, and 0 is a choice."),
        ("max(3*x, 2 + x)", 1.0, "Just below, the slope is 1, just above, 3: no derivative, and 2 is a choice."),
        ("relu(x) - relu(-x)", 0.0, "The slope is 1 on both sides all the same, and that rule does not find it."),
    ],
)
def test_a_kink_is_explained(program: str, x: float, told: str) -> None:
    verdict, (note,) = only(program, x)
    assert verdict == KINK
    assert "is at a kink (" in note
    assert note.endswith(told)


@pytest.mark.parametrize("program", ["|x|^2", "x*|x|", "relu(x)^3", "max(x, x)", "|x|*sin(x)", "x^2*atan2(0*x, -1)"])
def test_a_gate_on_a_kink_in_a_smooth_program_agrees(program: str) -> None:
    verdict, (note,) = only(program, 0.0)
    assert verdict == AGREES
    assert note.endswith(", but f is smooth here all the same.")


@pytest.mark.parametrize(
    ("program", "x", "told"),
    [
        ("step(x)", 0.0, "f jumps here, from 0 just below to 1 just above: no derivative, and 0 is a choice."),
        (
            "step(x - 2)*3 + x",
            2.0,
            "f jumps here, from 2 just below to 5 just above: no derivative, and 1 is a choice.",
        ),
        (
            "atan2(x, -1)",
            0.0,
            "f jumps here, from −3.14 just below to 3.14 just above: no derivative, and −1 is a choice.",
        ),
        ("step(x^2)", 0.0, "f is 0 here and 1 on both sides: no derivative, and 0 is a choice."),
        (
            "1e-9*step(x)",
            0.0,
            "f jumps here, from 0 just below to 1×10⁻⁹ just above: no derivative, and 0 is a choice.",
        ),
    ],
)
def test_a_jump_is_told_as_one(program: str, x: float, told: str) -> None:
    verdict, (note,) = only(program, x)
    assert verdict == KINK
    assert "is at a kink (" in note
    assert note.endswith(told)


@pytest.mark.parametrize("program", ["x*(2 - step(y))", "x*step(y) + x", "x*where(y >= 0, 2, 3)"])
def test_at_a_jump_the_exact_derivative_takes_the_same_side(program: str) -> None:
    by_x = report(program, {"x": 3.0, "y": 0.0}).rows[0]
    assert (by_x.verdict, by_x.exact) == (AGREES, by_x.gradient)


def test_a_kink_that_does_not_matter_agrees() -> None:
    found = report("y + 0*relu(x) + relu(x - x)", {"x": 0.0, "y": 1.0})
    assert [row.verdict for row in found.rows] == [AGREES, AGREES]


@pytest.mark.parametrize("x", [1e-1, 1e-5, 3e-6, 1e-9, -1e-9, 1e-12])
@pytest.mark.parametrize("program", ["relu(x)", "|x|", "max(x, 0)*2 + x", "relu(x) - relu(-x)"])
def test_a_step_never_crosses_a_kink_nearby(program: str, x: float) -> None:
    found = report(program, {"x": x}).rows[0]
    assert found.verdict == AGREES
    assert found.difference is not None
    assert found.difference.kinks == ()
    assert found.difference.slope == pytest.approx(found.gradient, rel=1e-6, abs=1e-12)


def test_a_kink_nearer_than_any_step_is_told() -> None:
    verdict, (note,) = only("relu(x - 1) + x", 1 + 3e-16)
    assert verdict == AGREES
    assert note == (
        "x: every step of the difference crosses the kink of reluu1 = relu(u1), which is that near; "
        "the exact derivative decides."
    )


@pytest.mark.parametrize(
    ("program", "x"),
    [
        ("ln(x)", 1e-9),
        ("ln(x)", 1e-300),
        ("ln(x)", 1e300),
        ("sqrt(x)", 1e-12),
        ("1/x", 1e-7),
        ("ln(1 - x)", 1 - 1e-9),
        ("x^2.5", 1e-10),
        ("exp(x)", 700.0),
        ("tanh(x)", 300.0),
        ("sigmoid(x)", -700.0),
        ("x^3", 0.0),
        ("x^20", 0.0),
        ("(1e8 + x) - 1e8", 3.0),
        ("sin(x)^2 + cos(x)^2", 1.0),
        ("x - x", 3.0),
        ("sin(1e6*x)", 1.0),
        ("5 + x*1e-12", 1.0),
        ("x*1e200*1e100", 1.0),
    ],
)
def test_what_is_right_never_fails_by_the_differences_fault(program: str, x: float) -> None:
    assert only(program, x)[0] == AGREES


def test_the_edge_of_a_domain_and_a_pole_are_told() -> None:
    edge = "no step stays inside the domain on both sides, so there is no central difference"
    assert only("x^2.5", 0.0) == (AGREES, [f"x: {edge}; the exact derivative decides."])
    assert only("sqrt(x)", 0.0) == (
        POLE,
        ["x: the derivative is infinite here, so there is nothing to compare."],
    )


def test_a_pole_that_is_none_is_found() -> None:
    square = next(gate for gate in TABLE if gate.name == "square")
    graph = with_row(parse("x^2"), square, slopes=lambda z, a: (float("inf"),))
    assert not compare(run(graph, {"x": 1.0})).is_right


def test_the_step_is_chosen_per_variable() -> None:
    trace = run(parse("x + ln(y)"), {"x": 1e6, "y": 1e-6})
    variations = [vary(trace.graph, trace.values, trace.gradients, i) for i in trace.graph.inputs]
    steps = [central_difference(variation).step for variation in variations]  # type: ignore[union-attr]  # both have one
    assert steps[0] > 1
    assert steps[1] < 1e-6


def test_all_checks_every_gate() -> None:
    found = report(EXAMPLE, {"x": 3.0, "y": -4.0}, every=True)
    names = [found.trace.graph.nodes[row.node].name for row in found.rows]
    assert names == ["x", "y", "sigy", "num", "sigx", "xpy", "xpysqr", "den", "invden", "f"]
    assert found.digits == 50
    assert all(row.exact == pytest.approx(row.gradient, rel=1e-14) for row in found.rows)


@pytest.mark.parametrize(
    "program",
    [
        "x" + "+sin(x)*y" * 200,
        "(" * 100 + "x" + "*x+y)" * 100,
        "sin(" * 100 + "x*y" + ")" * 100,
        "(2*x)^999999999*y",
        "0.1^(x - x + 0.3)*x*y",
        "2^(x/x*900)/x*y",
        "y*x^2.5 + 4096*x",
        "max(" * 60 + "x*y" + ", y)" * 60,
        "tanh(" * 40 + "x*y" + ")" * 40,
    ],
)
def test_what_sympy_would_not_finish_as_one_formula_is_checked(program: str) -> None:
    found = report(program, {"x": 0.5, "y": 1.5})
    assert [row.verdict for row in found.rows] == [AGREES, AGREES]
    assert [row.exact for row in found.rows] == pytest.approx([row.gradient for row in found.rows], rel=1e-10)


def test_the_exact_derivative_is_sympys_of_the_whole_expression() -> None:
    tested = 0
    for seed in range(1, 60):
        sample = grow(seed)
        if usable(sample):
            graph = parse(sample.program)
            found = differentiate(graph, [sample.point[graph.nodes[i].name] for i in graph.inputs], graph.inputs, 50)
            whole = sample.gradients()
            assert found == pytest.approx({i: float(whole[graph.nodes[i].name]) for i in graph.inputs}, rel=1e-14)
            tested += 1
    assert tested > 15


def test_slopes_at_zero_are_found() -> None:
    found = report("5000*x^2.5 + y^3 + sqrt(z)", {"x": 0.0, "y": 0.0, "z": 0.0})
    assert [row.verdict for row in found.rows] == [AGREES, AGREES, POLE]


@pytest.mark.parametrize("gate", ["max", "min", "sum", "mean", "prod"])
@pytest.mark.parametrize("count", [3, 20, 120])
def test_a_gate_of_many_operands_is_checked_exactly(gate: str, count: int) -> None:
    names = [f"x{i}" for i in range(count)]
    found = report(f"{gate}({', '.join(names)})^2", {name: 1 + i / count for i, name in enumerate(names)})
    assert {row.verdict for row in found.rows} == {AGREES}
    assert all(row.exact == pytest.approx(row.gradient, rel=1e-13) for row in found.rows)


def test_a_gate_of_very_many_operands_of_one_name_is_checked() -> None:
    found = report(f"max({', '.join(f'{i}*x' for i in range(1, 2000))}) + sum({'x, ' * 3000}1)", {"x": 0.5})
    assert found.rows[0].exact == found.rows[0].gradient == 4999


def test_a_tie_of_many_is_a_kink() -> None:
    names = [f"x{i}" for i in range(6)]
    tied = report(f"max({', '.join(names)}) + |x0|^1.5", dict.fromkeys(names, 0.0))
    assert {row.verdict for row in tied.rows} == {KINK}
    assert "Just below, the slope is 0, just above, 1: no derivative" in CheckReport(tied).notes()[1]
    assert report("max(x, x, x, x, x, x)", {"x": 0.0}).rows[0].verdict == AGREES


def test_where_there_is_no_exact_derivative_the_difference_decides_or_nothing_does() -> None:
    square = next(gate for gate in TABLE if gate.name == "square")

    def forward(a: float) -> float:
        return 9.0 if a == 3.0 else math.log(-1.0)

    for more, verdict in (({}, AGREES), ({"slopes": lambda z, a: (2.1 * a,)}, DIFFERS), ({"forward": forward}, OPEN)):
        graph = with_row(parse("x^2"), square, symbolic=lambda sympy, a: sympy.acos(a), **more)
        found = compare(run(graph, {"x": 3.0}))
        assert (found.rows[0].verdict, found.rows[0].exact) == (verdict, None)
    assert CheckReport(found).notes()[0].endswith("no central difference, and there is no exact derivative: undecided.")


def test_too_much_work_is_refused_and_the_limit_can_be_moved() -> None:
    names = [f"x{i}" for i in range(800)]
    with pytest.raises(UsageError, match="800 names of a program of 799 gates are too many to check") as refused:
        report("+".join(names), dict.fromkeys(names, 1.0))
    assert "--limit checked=1279200" in refused.value.hint
    with pytest.raises(UsageError) as refused:
        report("x" + "+x" * 900, {"x": 1.0}, every=True)
    assert refused.value.hint.startswith("leave --all out, or raise the limit if you mean it: --limit checked=")
    with pytest.raises(UsageError, match="1 names of a program of 1 gates"):
        report(f"sum({'x, ' * 40}x)", {"x": 1.0}, limit=40)
    assert report("x+x", {"x": 1.0}, every=True, limit=4).is_right


@pytest.mark.parametrize(
    ("program", "x", "why"),
    [
        ("sin(x)", 1e15, "the difference cannot tell here, since f bends too much within its step of 3.0×10¹³"),
        ("tan(x)", 1e9, "the difference cannot tell here, since f bends too much within its step of 3.0"),
        ("sin(x) + x*1e-30", 1e22, "the difference cannot tell here, since f bends too much within its step of "),
    ],
)
def test_a_difference_that_cannot_tell_is_told_and_not_counted(program: str, x: float, why: str) -> None:
    verdict, (note,) = only(program, x)
    assert verdict == AGREES
    assert note.startswith(f"x: {why}")
    assert note.endswith("; the exact derivative decides.")


@pytest.mark.parametrize("x", [1e-20, 1e-150, -1e-9, 1e150])
def test_the_difference_of_a_square_is_good_wherever_it_is(x: float) -> None:
    row = report("x^2", {"x": x}).rows[0]
    assert (row.verdict, row.doubt) == (AGREES, "")
    assert row.difference is not None
    assert row.difference.slope == pytest.approx(2 * x, rel=1e-6)


def test_infinite_by_both_is_told_as_an_overflow() -> None:
    verdict, (note,) = only("1/x", 1e-200)
    assert verdict == POLE
    assert note == (
        "x: an overflow: the exact derivative too is beyond −1.8×10³⁰⁸, the largest float64, so it is infinite here."
    )
    found = report("1/x", {"x": 1e-200})
    assert json.loads(write(CheckReport(found), "json"))["rows"][0]["exact"] == "-Infinity"
    turned = with_row(parse("1/x"), parse("1/x").nodes[-1].gate, slopes=lambda z, a: (float("inf"),))  # type: ignore[arg-type]  # a gate
    assert not compare(run(turned, {"x": 1e-200})).is_right


def test_a_wrong_value_is_named_even_where_both_derivatives_agree() -> None:
    sine = next(gate for gate in TABLE if gate.name == "sin")
    graph = with_row(
        parse("y*sin(x)"), sine, forward=lambda a: 1.0001 * math.sin(a), slopes=lambda z, a: (math.cos(a),)
    )
    found = compare(run(graph, {"x": 1.0, "y": 2.0}))
    assert [row.verdict for row in found.rows] == [DIFFERS, DIFFERS]
    assert (
        CheckReport(found)
        .notes()[1]
        .endswith("and the difference is 1.08071: the value of sinx = sin(x) is not its formula's.")
    )


@pytest.mark.parametrize(
    ("program", "x"),
    [
        ("sin(x*x)", 1e15),
        ("tan(x*1e300)", 0.7),
        ("1e200/(x*1e200)", 1e100),
        ("tan(x*1e300)^-2", 0.7),
    ],
)
def test_what_float64_has_spoilt_differs_and_no_gate_is_blamed(program: str, x: float) -> None:
    verdict, (note,) = only(program, x)
    assert verdict == DIFFERS
    assert note.endswith(
        "every gate is right for the numbers that reach it, but float64 rounds or overflows on the way."
    )


@pytest.mark.parametrize(
    ("program", "point"), [("gelu(x*y)*y", {"x": 1.0, "y": 5e-324}), ("csch(x + 1)", {"x": -745.0})]
)
def test_what_is_smaller_than_floats_with_all_their_digits_is_no_difference(
    program: str, point: dict[str, float]
) -> None:
    assert report(program, point).is_right


def test_the_tolerance_is_the_users(bpviz: Shell) -> None:
    line = ["check", "sin(x)*exp(x)", "--x", "1.3", "--format", "json", "--tolerance", "1e-3"]
    assert json.loads(bpviz(*line).out)["tolerance"] == 1e-3
    graph = with_row(parse("x^2"), parse("x^2").nodes[-1].gate, slopes=lambda z, a: (2.00001 * a,))  # type: ignore[arg-type]  # a gate
    assert not compare(run(graph, {"x": 3.0})).is_right
    assert compare(run(graph, {"x": 3.0}), tolerance=1e-4).is_right


@pytest.mark.parametrize("kind", ["rich", "plain", "markdown", "latex", "csv", "json"])
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("example", [EXAMPLE, *POINT, "--all"]),
        ("kinks", [KINKS, *(word for name, x in AT_KINKS.items() for word in (f"--{name}", repr(x)))]),
        ("greek", ["θ_1^2*θ_1", "--θ_1", "1e-7", "--digits", "3"]),
    ],
)
def test_formats(bpviz: Shell, kind: str, name: str, line: list[str]) -> None:
    done = bpviz("check", *line, "--format", kind)
    assert done.status == 0
    assert done.err == ""
    check(f"check-{name}.{kind}", done.out)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["x*y", "--x", "1"], "f needs a value for y\nadd --y …"),
        (["x", "--x", "1", "--tolerance", "0"], "Invalid value for '--tolerance': 0.0 is not in the range"),
        (
            ["x", "--x", "1", "--tolerence", "1e-3"],
            "no option or input is called --tolerence\n",
        ),
    ],
)
def test_what_cannot_be_is_told(bpviz: Shell, line: list[str], message: str) -> None:
    done = bpviz("check", *line)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"bpviz: {message}")


def test_no_format_is_told() -> None:
    with pytest.raises(UsageError, match="no check is written as xml"):
        write(CheckReport(report("x^2", {"x": 1.0})), "xml")


def test_a_program_without_inputs_has_nothing_to_check(bpviz: Shell) -> None:
    assert bpviz("check", "2+3").out.endswith("0 of 0 agree within 1e-06.\n")
