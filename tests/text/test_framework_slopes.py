"""At a kink a framework's listing says what the framework takes, where that is not what the table has."""

from typing import Any

import pytest

from bpviz.autodiff import run
from bpviz.lang import parse
from bpviz.text.code_listings import write_listing

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


def test_off_a_kink_nothing_is_told() -> None:
    graph = parse("hard_tanh(x) + |y| + hypot(x, y)")
    for lang, title in TITLES.items():
        assert f"{title} takes" not in write_listing(graph, run(graph, x=0.5, y=-1.0), lang)
        assert f"{title} takes" not in write_listing(graph, None, lang)


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
