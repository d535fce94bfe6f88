"""At a kink a framework's listing says what the framework takes, where that is not what the table has."""

import math
from itertools import chain, islice
from typing import Any

import pytest

from bpviz.autodiff import run
from bpviz.gates import TABLE
from bpviz.lang import parse
from bpviz.text.code_listings import write_listing
from tests.text.test_listing import ROUNDING, drawn_points, executed, plain_points, traces_of

TITLES = {"torch": "PyTorch", "jax": "JAX"}
# a program, its point, and the slopes in x that PyTorch and JAX take, which an extra run of both has printed
SLOPES = [
    ("|x|", {"x": 0.0}, 0.0, 1.0),
    ("hard_tanh(x)", {"x": 1.0}, 0.5, 0.5),
    ("hard_tanh(x)", {"x": -1.0}, 0.5, 0.5),
    ("leaky_relu(x)", {"x": 0.0}, 0.505, 0.505),
    ("prelu(x, y)", {"x": 0.0, "y": 0.25}, 0.625, 0.625),
    ("hinge(x, 1)", {"x": 1.0}, -0.5, -0.5),
    ("hinge(x, y)", {"x": 0.5, "y": 2.0}, -1.0, -1.0),
    ("relu(x)", {"x": 0.0}, 0.0, 0.0),
    ("max(x, y, 1)", {"x": 1.0, "y": 1.0}, 1 / 3, 1 / 3),
    ("max(x, x)", {"x": 0.0}, 1.0, 1.0),
    ("where(x >= y, x^2, y)", {"x": 1.0, "y": 1.0}, 2.0, 2.0),
    ("step(x) + x", {"x": 0.0}, 1.0, 1.0),
    ("hypot(x, y)", {"x": 0.0, "y": 0.0}, float("nan"), 0.5),
    ("sqrt(x)", {"x": 0.0}, float("inf"), float("inf")),
    ("cbrt(x)", {"x": 0.0}, float("nan"), float("inf")),
    ("root(x, 5)", {"x": 0.0}, float("nan"), float("nan")),
]


@pytest.mark.parametrize("lang", ["torch", "jax"])
@pytest.mark.parametrize(
    ("program", "point", "torch", "jax"), SLOPES, ids=lambda case: case if isinstance(case, str) else ""
)
def test_another_slope_than_the_tables_is_told_and_no_other(
    program: str, point: dict[str, float], torch: float, jax: float, lang: str
) -> None:
    trace = run(parse(program), point)
    slope = torch if lang == "torch" else jax
    told = f"# {TITLES[lang]} takes "
    lines = [line for line in write_listing(trace.graph, trace, lang).splitlines() if line.startswith(told)]
    by_x = [
        line.removeprefix(told).partition(" for ")[0]
        for line in lines
        if f"of {trace.graph.output_name} in x here" in line
    ]
    if slope == trace.gradient("x"):
        assert by_x == []
    else:
        assert [float(text.replace("−", "-")) for text in by_x] == [pytest.approx(slope, nan_ok=True)]
        assert ": " in lines[0]


@pytest.mark.parametrize("lang", ["torch", "jax"])
@pytest.mark.parametrize(
    ("program", "point", "torch", "jax"), SLOPES, ids=lambda case: case if isinstance(case, str) else ""
)
def test_the_framework_takes_what_the_comment_says(
    program: str, point: dict[str, float], torch: float, jax: float, lang: str
) -> None:
    pytest.importorskip(lang)
    space: dict[str, Any] = {"__name__": "listing", "print": lambda *_: None}
    exec(write_listing(parse(program), run(parse(program), point), lang), space)
    slope = space["x"].grad if lang == "torch" else space["gradients"][0]
    assert float(slope) == pytest.approx(torch if lang == "torch" else jax, nan_ok=True)


def _is_negative_zero(x: float) -> bool:
    return not x and math.copysign(1.0, x) < 0


def test_off_a_kink_nothing_is_told() -> None:
    graph = parse("hard_tanh(x) + |y| + hypot(x, y)")
    for lang, title in TITLES.items():
        assert f"{title} takes" not in write_listing(graph, run(graph, x=0.5, y=-1.0), lang)
        assert f"{title} takes" not in write_listing(parse("σ(x) + relu(y)*sqrt(x)"), None, lang)


@pytest.mark.parametrize(
    ("program", "lang", "told"),
    [
        ("|x|", "jax", ["1 for the slope of f in x at x = 0, and not 0: the slope of |x| at 0 is 1 there"]),
        ("hard_tanh(x)", "torch", ["0.5 for the slope of f in x at x = 1, and not 0: a tie of min is shared equally"]),
        ("2*x + leaky_relu(x) + leaky_relu(y)", "jax", [
            "0.505 for the slope of lrelux in x at x = 0, and not 0.01: a tie of max is shared equally",
        ]),
        ("hinge(x, 1)", "torch", ["−0.5 for the slope of f in x at x = 1, and not 0: a tie of max is shared equally"]),
        ("hypot(x, x)", "jax", [
            "1 for the slope of f in x at x = 0, and not 0: it differentiates a formula of its own for the distance",
        ]),
        ("max(x, y, z, w)", "torch", []),
        ("cbrt(x)", "jax", []),
    ],
)  # fmt: skip
def test_a_function_says_at_which_point_the_framework_takes_another_slope(
    program: str, lang: str, told: list[str]
) -> None:
    start = f"# {TITLES[lang]} takes "
    lines = write_listing(parse(program), None, lang).splitlines()
    assert [line.removeprefix(start) for line in lines if line.startswith(start)] == told


@pytest.mark.parametrize("lang", ["torch", "jax"])
@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
@pytest.mark.filterwarnings("ignore")  # the frameworks' own
def test_a_frameworks_function_has_the_tables_numbers_unless_it_says_otherwise(gate: Any, lang: str) -> None:
    pytest.importorskip(lang)
    functions: dict[Any, Any] = {}
    for graph, point, trace in traces_of(gate, islice(chain(plain_points(gate), drawn_points(gate, 20)), 150)):
        key = tuple(node.constant for node in graph.nodes)
        if key not in functions:
            listing = write_listing(graph, None, lang)
            functions[key] = executed(listing)["f"], f"# {TITLES[lang]} takes " in listing
        function, says_otherwise = functions[key]
        is_delicate = graph.is_at_kink(graph.output, trace.values) or not all(map(math.isfinite, trace.gradients))
        if (says_otherwise and is_delicate) or any(map(_is_negative_zero, point.values())):
            continue  # to a framework the slope of a root at −0 is −∞
        value, gradients = function(*point.values())
        off = ROUNDING * max(1.0, *map(abs, point.values()))
        assert float(value) == pytest.approx(trace.value("f"), rel=1e-11, abs=off), point
        got = {name: float(each) for name, each in gradients.items()}
        # PyTorch's artanh and arccos lose digits beside ±1
        expected = {name: pytest.approx(trace.gradient(name), rel=1e-8, abs=off) for name in point}
        assert got == expected, point


@pytest.mark.parametrize("lang", ["torch", "jax"])
@pytest.mark.parametrize(
    ("program", "lines"),
    [
        (
            "erf(2)*x",
            [
                "= torch.as_tensor(torch.erf(torch.tensor(2.0)), dtype=torch.float64)",
                "= float(jax.lax.erf(2.0))",
            ],
        ),
        ("exp(2 + 3)*x", ["= torch.as_tensor(2 + 3, dtype=torch.float64)", "= float(2 + 3)"]),
        (
            "normpdf(x)",
            [
                "f = torch.exp(-x**2 / 2) / torch.sqrt(torch.tensor(2 * torch.pi))",
                "f = jnp.exp(-x**2 / 2) / jnp.sqrt(2 * jnp.pi)",
            ],
        ),
        ("where(2 > 1, x, -x)", ["f = torch.where(torch.tensor(2 > 1), x, negx)", "f = jnp.where(2 > 1, x, negx)"]),
        ("where(x > y, 2*x, 3)", [".where(x > y, "]),
    ],
)
def test_numbers_are_what_a_frameworks_functions_take(program: str, lines: list[str], lang: str) -> None:
    text = write_listing(parse(program, constants=True), None, lang)
    assert lines[-1 if lang == "jax" else 0] in text


def test_an_input_that_is_only_compared_has_the_gradient_0_in_torch_too() -> None:
    text = write_listing(parse("where(x > y, 2*x, 3)"), None, "torch")
    assert '"x": x.grad' in text
    assert '"y": torch.zeros_like(y)' in text
