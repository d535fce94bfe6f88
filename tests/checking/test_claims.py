"""bpviz check --claim: an answer at its own precision, and the slip behind a wrong one, made here in other ways."""

import json
import math
import random
from collections.abc import Iterator

import pytest

from bpviz.autodiff import Trace, run
from bpviz.checking.answers import AnswerReport, mark
from bpviz.checking.claims import Claim, read_claim, read_number
from bpviz.checking.slips import diagnose, find_slips
from bpviz.errors import UsageError
from bpviz.graph import Graph
from bpviz.lang import parse
from bpviz.text.writers import write
from tests.support.command import Shell
from tests.support.oracle import grow
from tests.support.snapshot import check
from tests.test_oracle import usable

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
WRITE = 'write a name and a number or a formula, such as --claim "x=0.18" or --claim "x=2*x*y"'
POINT = ("--x", "3", "--y", "-4")
TRACE = run(parse(EXAMPLE), {"x": 3.0, "y": -4.0})


@pytest.fixture
def bpviz(tmp_path: object, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(str(tmp_path))
    return Shell(monkeypatch, capfd)


def told(claim: str, trace: Trace = TRACE) -> str:
    """Return what is said to a wrong claim, its first sentence."""
    (note,) = AnswerReport(trace, mark(trace, [read_claim(trace.graph, claim)])).notes()
    return note.split(". Or:")[0].removesuffix(".")


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("0.18", 0.18, 0.005),
        ("−0.2", -0.2, 0.05),
        ("-.5", -0.5, 0.05),
        ("2.", 2.0, 0.5),
        ("2", 2.0, 0.5),
        ("+2.060", 2.06, 0.0005),
        ("1.8e-1", 0.18, 0.005),
        ("1.8E3", 1800.0, 50.0),
        ("3.0×10⁻⁶", 3e-6, 5e-8),
        ("3.0 · 10^-6", 3e-6, 5e-8),
        ("1/3", 1 / 3, 1e-9 / 3),
        ("-pi/2", -math.pi / 2, 1e-9 * math.pi / 2),
        ("sqrt(2)", math.sqrt(2), 1e-9 * math.sqrt(2)),
        ("∞", math.inf, 0.0),
        ("−∞", -math.inf, 0.0),
    ],
)
def test_a_number_says_how_precisely_it_is_meant(text: str, value: float, precision: float) -> None:
    assert read_number(text, "x") == pytest.approx((value, precision), rel=1e-12)


@pytest.mark.parametrize(
    "claim",
    ["x=2.06", "x=2.0596", "x=2.1", "x=2", "x = 2.059569795572165", "y=1.59", "f=1", "xpysqr=−0.792", "num=0.5"],
)
def test_right_at_its_precision(claim: str) -> None:
    assert read_claim(TRACE.graph, claim).fits(TRACE.gradient(claim.partition("=")[0].strip()))


@pytest.mark.parametrize("claim", ["x=2.07", "x=2.0595", "x=2.05956", "y=1.60", "x=-2.06", "x=3", "x=∞"])
def test_wrong_at_its_precision(claim: str) -> None:
    assert not read_claim(TRACE.graph, claim).fits(TRACE.gradient(claim.partition("=")[0]))


def test_right_claims_on_random_programs_are_called_right() -> None:
    tested = 0
    for seed in range(1, 700):
        sample = grow(seed, most=8)
        if not usable(sample):
            continue
        trace = run(parse(sample.program), sample.point)
        exact = sample.gradients(20) if seed % 4 == 0 else {name: trace.gradient(name) for name in sample.point}
        for name, gradient in exact.items():
            for decimals in (2, 4):
                claim = read_claim(trace.graph, f"{name}={float(gradient):.{decimals}f}")
                assert claim.fits(trace.gradient(name)), sample
                assert diagnose(trace, claim) == ()
        tested += 1
    assert tested >= 200


# a slip made by hand: a pass of one's own, wire by wire, with one thing done wrong


def by_hand(trace: Trace, **wrong: object) -> list[float]:
    """Return the gradients of a backward pass over the tape in which one thing is done wrong."""
    graph = trace.graph
    gradients = [0.0] * len(graph.nodes)
    gradients[graph.output] = 1.0
    for i in reversed(graph.gate_ids):
        local = list(trace.local[i])
        if wrong.get("swapped") == i:
            local.reverse()
        for wire in graph.wires_into(i):
            term = local[wire.slot] * gradients[i]
            if wrong.get("upstream") == i:
                term = local[wire.slot]
            if wrong.get("local") == i:
                term = gradients[i]
            if wrong.get("sign") == wire:
                term = -term
            if wire in wrong.get("missing", ()):  # type: ignore[operator]  # a tuple of wires
                term = 0.0
            gradients[wire.source] += term
    return gradients


def slips_by_hand(graph: Graph) -> Iterator[tuple[str, int, dict[str, object]]]:
    """Yield every slip there is: its kind, the node where it happens, and how to make it."""
    for node, wires in enumerate(graph.wires_from):
        if graph.nodes[node].constant is None and len(wires) > 1:
            for wire in wires:
                yield "branch", node, {"missing": (wire,)}
                yield "branch", node, {"missing": tuple(other for other in wires if other is not wire)}
    for i in graph.gate_ids:
        yield "upstream", i, {"upstream": i}
        yield "local", i, {"local": i}
        if len(graph.nodes[i].operands) == 2:
            yield "swapped", i, {"swapped": i}
        for wire in graph.wires_into(i):
            yield "sign", i, {"sign": wire}


def found(trace: Trace, node: int, value: float) -> list[tuple[str, int]]:
    """Return the slips that are found for a claim of seven digits; a lost minus is a sign."""
    text = f"{value:.6e}"
    claim = Claim(node, text, float(text), 0.5 * 10.0 ** (int(text.partition("e")[2]) - 6))
    return [("sign" if slip.kind == "lost minus" else slip.kind, slip.node) for slip in find_slips(trace, claim)]


def test_every_slip_on_the_example_is_recognised() -> None:
    graph = TRACE.graph
    tried = 0
    for kind, place, how in slips_by_hand(graph):
        gradients = by_hand(TRACE, **how)
        for node, node_record in enumerate(graph.nodes):
            changed = abs(gradients[node] - TRACE.gradients[node]) > 1e-5 * abs(TRACE.gradients[node])
            if node_record.constant is None and changed:
                assert (kind, place) in found(TRACE, node, gradients[node]), (kind, graph.nodes[place].name)
                tried += 1
    assert tried > 60


@pytest.mark.parametrize("share", range(2))
def test_slips_on_random_graphs_are_recognised(share: int) -> None:
    chance = random.Random(share)
    tried = 0
    for seed in range(1 + share * 10_000, 200 + share * 10_000):
        sample = grow(seed)
        if not usable(sample):
            continue
        trace = run(parse(sample.program), sample.point)
        slips = list(slips_by_hand(trace.graph))
        for kind, place, how in chance.sample(slips, min(4, len(slips))):
            gradients = by_hand(trace, **how)
            for node in trace.graph.inputs:
                right = trace.gradients[node]
                if gradients[node] and abs(gradients[node] - right) > 1e-5 * max(abs(right), abs(gradients[node])):
                    assert (kind, place) in found(trace, node, gradients[node]), (sample, kind)
                    tried += 1
    assert tried > 60


@pytest.mark.parametrize(
    ("program", "point", "claim", "says"),
    [
        (
            EXAMPLE,
            {"x": 3, "y": -4},
            "x=0.512",
            (
                "x = 0.512 is what you get when only num's contribution is counted: x also feeds sigx and xpy, and a "
                "gradient is the sum over all branches, 0.512 − 0.0358 + 1.58 = 2.06"
            ),
        ),
        (
            EXAMPLE,
            {"x": 3, "y": -4},
            "x=0.476",
            (
                "x = 0.476 is what you get when only num and sigx's contributions are counted: x also feeds xpy, and a "
                "gradient is the sum over all branches, 0.512 − 0.0358 + 1.58 = 2.06"
            ),
        ),
        (
            "x*x*y",
            {"x": 3, "y": 2},
            "x=6",
            (
                "x = 6 is what you get when only 1 of the 2 wires out of x count: a gradient is the sum over all of "
                "them, 6 + 6 = 12"
            ),
        ),
        (
            "1/x",
            {"x": 2},
            "x=0.25",
            (
                "x = 0.25 is what you get when the minus sign of a local gradient is lost: the one of f = 1/x for x is "
                "−0.25"
            ),
        ),
        (
            "(x + y)*z",
            {"x": 1, "y": 2, "z": 4},
            "x=-4",
            "x = −4 is what you get when the sign is turned at xpy = x + y: what goes back to x is 1 × 4",
        ),
        (
            "x*y*z*x",
            {"x": 2, "y": 3, "z": 4},
            "x=-48",
            "x = −48 has the size of the gradient and the wrong sign: it is 48. Follow the signs wire by wire",
        ),
        (
            "x^2*y",
            {"x": 3, "y": 5},
            "x=6",
            (
                "x = 6 is what you get when xsqr = x² hands back its local gradient alone: multiply it by the upstream "
                "gradient, 6 × 5"
            ),
        ),
        (
            "x^2*y",
            {"x": 4, "y": 5},
            "x=5",
            (
                "x = 5 is what you get when xsqr = x² hands back its upstream gradient unchanged: multiply it by the "
                "local gradient, 8 × 5"
            ),
        ),
        (
            "x*y + x",
            {"x": 3, "y": -4},
            "y=-4",
            (
                "y = −4 is what you get when the two local gradients of xy = x × y are swapped: the one for x is −4, "
                "the one for y is 3"
            ),
        ),
        (
            "3*sin(x)",
            {"x": 2},
            "x=2.998",
            "x = 2.998 is what you get when sinx = sin(x) is taken in degrees: set the calculator to radians",
        ),
        (
            "cos(x)*sin(x) + x*y",
            {"x": 30, "y": 0},
            "x=0.500",
            "x = 0.500 is what you get when every angle is taken in degrees: set the calculator to radians",
        ),
        (
            "exp(x)*x^2",
            {"x": 1.37},
            "x=18.203",
            (
                "x = 18.203 is what you get when every number is rounded to 2 decimals on the way: carry all digits, "
                "round at the end"
            ),
        ),
        (EXAMPLE, {"x": 3, "y": -4}, "x=2.05", "x = 2.05 is 2.05957 with its digits cut off: round instead"),
        (
            "x^2 + y",
            {"x": 3, "y": 7},
            "y=7",
            "y = 7 is the value of y, not its gradient: how fast f changes with y",
        ),
        (EXAMPLE, {"x": 3, "y": -4}, "y=2.06", "y = 2.06 is the gradient of x, not of y"),
        (EXAMPLE, {"x": 3, "y": -4}, "x=77.7", "x = 77.7: no single slip makes this number"),
    ],
)
def test_a_slip_is_told_with_its_gate_and_the_remedy(
    program: str, point: dict[str, float], claim: str, says: str
) -> None:
    assert told(claim, run(parse(program), point)) == says


def test_overwriting_at_every_branch_is_recognised() -> None:
    trace = run(parse("a = x*x + x; b = a*a + sin(a); b*b + b*x"), {"x": 1.3})
    gradients = [0.0] * len(trace.values)
    gradients[trace.graph.output] = 1.0
    for i in reversed(trace.graph.gate_ids):
        for wire in trace.graph.wires_into(i):
            gradients[wire.source] = trace.local[i][wire.slot] * gradients[i]
    kinds = [kind for kind, _ in found(trace, trace.graph.inputs[0], gradients[trace.graph.inputs[0]])]
    assert "overwritten" in kinds
    assert "every branch overwrites the gradient: write +=" in told(f"x={gradients[0]:.4f}", trace)


def rounded_by_hand(trace: Trace, node: int, value: float) -> list[float]:
    """Return the gradients of the example where one value is rounded, by the formulas of a lecture."""
    names = [each.name for each in trace.graph.nodes]
    v = dict(zip(names, trace.values, strict=True))
    v[names[node]] = value
    if names[node] in ("sigy",):
        v["num"] = v["x"] + v["sigy"]
    if names[node] in ("xpy",):
        v["xpysqr"] = v["xpy"] ** 2
    if names[node] in ("sigx", "xpy", "xpysqr"):
        v["den"] = v["sigx"] + v["xpysqr"]
    if names[node] in ("sigx", "xpy", "xpysqr", "den"):
        v["invden"] = 1 / v["den"]
    dden = v["num"] * -(v["invden"] / v["den"])
    dxpy = dden * 2 * v["xpy"]
    dx = v["invden"] + dden * v["sigx"] * (1 - v["sigx"]) + dxpy
    dy = v["invden"] * v["sigy"] * (1 - v["sigy"]) + dxpy
    return [dx, dy]


@pytest.mark.parametrize("name", ["sigy", "num", "sigx", "xpy", "xpysqr", "den", "invden"])
@pytest.mark.parametrize("point", [(3.0, -4.0), (1.37, -0.61)])
def test_one_value_rounded_too_early_is_recognised(name: str, point: tuple[float, float]) -> None:
    trace = run(parse(EXAMPLE), dict(zip("xy", point, strict=True)))
    place = trace.graph.find(name)
    tried = 0
    for kind, form in (("one decimals", ".{}f"), ("one digits", ".{}g")):
        for places in (1, 2, 3):
            value = float(format(trace.values[place], form.format(places)))
            gradients = rounded_by_hand(trace, place, value) if value else [0.0, 0.0]
            for node, gradient in zip(trace.graph.inputs, gradients, strict=True):
                right = trace.gradients[node]
                if gradient and 1e-5 < abs(gradient / right - 1) < 0.09:
                    made = [slip for slip in found(trace, node, gradient) if slip[0].startswith("one ")]
                    assert place in [at for _, at in made], (kind, places)
                    tried += 1
    assert tried > (0 if trace.values[place] == round(trace.values[place]) else 3) - 1


@pytest.mark.parametrize(
    ("claim", "says"),
    [
        ("x=2.0625", "sigx = σ(x) is rounded to 0.95 on the way, from 0.952574: carry all digits, round at the end"),
        ("y=1.5964", "den = sigx + xpysqr is rounded to 1.95 on the way, from 1.95257: carry all digits, round at"),
    ],
)
def test_a_value_rounded_too_early_is_told_with_its_gate(claim: str, says: str) -> None:
    assert f"is what you get when {says}" in told(claim)


@pytest.mark.parametrize(
    ("claim", "options", "shown"),
    [
        ("x=2.07", (), "2.060"),
        ("x=2.06", (), "2.060"),
        ("x=2", (), "2.06"),
        ("x=2.0595", (), "2.05957"),
        ("x=2059.5e-3", (), "2.05957"),
        ("x=2.0595697955721", (), "2.05956979557216"),
        ("x=2.0595697955721654321", (), "2.0595697955721648"),
        ("x=1/3", (), "2.0595697956"),
        ("x=0", (), "2.06"),
        ("x=2.0595", ("--decimals", "2"), "2.05957"),
        ("x=2.1", ("--digits", "6"), "2.05957"),
        ("x=2.0595", ("--digits", "2"), "2.05957"),
        ("x=∞", (), "2.06"),
    ],
)
def test_the_gradient_has_a_digit_more_than_the_claim(
    bpviz: Shell, claim: str, options: tuple[str, ...], shown: str
) -> None:
    out = bpviz("check", EXAMPLE, *POINT, "--claim", claim, "--format", "csv", *options).out
    assert "x," in out
    plain = bpviz("check", EXAMPLE, *POINT, "--claim", claim, "--format", "plain", *options).out
    assert plain.splitlines()[1].split()[2] == shown


def test_degrees_are_recognised_where_only_the_way_back_has_them() -> None:
    trace = run(parse("sin(x)^2"), {"x": 2.0})
    slip = 2 * math.sin(2.0) * math.cos(math.radians(2.0))
    assert ("degrees", trace.graph.gate_ids[0]) in found(trace, 0, slip)


def test_a_slip_outside_a_domain_is_passed_over() -> None:
    trace = run(parse("ln(-sin(x) + 0.02) + sin(y)"), {"x": 4.0, "y": 1.0})
    assert read_claim(trace.graph, "x=9").fits(9)
    assert diagnose(trace, read_claim(trace.graph, "x=77.77")) == ()


def test_a_large_graph_is_diagnosed_with_linear_work() -> None:
    program = "x" + "".join(f" + sin(x*{i})*x" for i in range(1, 600))
    trace = run(parse(program), {"x": 0.7})
    wires = trace.graph.wires_from[0]
    lost = trace.downstream[wires[300].target][wires[300].slot]
    claim = read_claim(trace.graph, f"x={trace.gradient('x') - lost:.9f}")
    assert "branch" in [slip.kind for slip in diagnose(trace, claim)]


def test_no_slip_is_looked_for_in_a_program_of_no_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("bpviz.checking.slips", "bpviz.checking.explanations"):
        monkeypatch.setattr(f"{module}.MOST_NODES", 5)
    assert told("x=-2.06") == "x = −2.06: the program is too large to look for the slip"


def test_a_sentence_does_not_list_thousands() -> None:
    trace = run(parse("x" + "".join(f" + {i}*x" for i in range(2, 40))), {"x": 0.7})
    assert told("x=1", trace) == (
        "x = 1 is what you get when only u2's contribution is counted: x also feeds u1, u3, u5, u7, u9, u11, u13 "
        "and 31 more, and a gradient is the sum over all branches, "
        "2 + 1 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + … = 780"
    )


def test_a_pole_claims_nothing_but_infinity() -> None:
    trace = run(parse("sqrt(x)"), {"x": 0.0})
    assert read_claim(trace.graph, "x=∞").fits(trace.gradient("x"))
    assert told("x=2", trace) == "x = 2: no single slip makes this number"


def test_a_branch_that_is_missed_elsewhere_is_named() -> None:
    trace = run(parse("a = x + 1; a^3 + sin(a) + y"), {"x": 0.4, "y": 0.0})
    only_cube = 3 * 1.4**2
    assert told(f"x={only_cube:.4f}", trace).startswith(
        "x = 5.8800 is what you get when only acub's contribution is counted: a also feeds sina"
    )


@pytest.mark.parametrize("kind", ["rich", "plain", "markdown", "latex", "csv", "json"])
def test_formats(bpviz: Shell, kind: str) -> None:
    claims = ["x=2.06", "x=0.512", "y=−1.59", "den=0.79", "xpy=77", "f=1"]
    line = ["check", EXAMPLE, *POINT, *(f"--claim={claim}" for claim in claims), "--format", kind]
    done = bpviz(*line)
    assert (done.status, done.err) == (1, "")
    check(f"claims-example.{kind}", done.out)


def test_right_claims_have_status_0(bpviz: Shell) -> None:
    done = bpviz("check", EXAMPLE, *POINT, "--claim", "x=2.06", "--claim", "y = 1.59", "--format", "json")
    assert done.status == 0
    assert [each["verdict"] for each in json.loads(done.out)["claims"]] == ["right", "right"]


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        ("x", f"x claims nothing\n{WRITE}"),
        ("x=", f"x= claims nothing\n{WRITE}"),
        ("deno=1", "nothing is called deno\ndid you mean den?"),
        ("q=1", "nothing is called q\nthe names are x, y, sigy, num, sigx, xpy, xpysqr, den, invden, f"),
        ("x=1e999", "the claim for x: 1e999 is too large\nthe largest number here is about 1.8e308"),
        ("x=nan", "the claim for x = nan is not a finite number\nwrite a finite number"),
        (
            "x=z",
            "the claim for x: nothing is called z\nthe names are x, y, sigy, num, sigx, xpy, xpysqr, den, invden, f",
        ),
    ],
)
def test_a_claim_that_is_none_is_told(bpviz: Shell, claim: str, message: str) -> None:
    assert bpviz("check", EXAMPLE, *POINT, "--claim", claim) == (2, "", f"bpviz: {message}\n")


def test_no_format_is_told() -> None:
    with pytest.raises(UsageError, match="no answers are written as xml"):
        write(AnswerReport(TRACE, []), "xml")
