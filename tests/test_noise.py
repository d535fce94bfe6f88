"""Numbers that are rounding error and nothing else, told by arithmetic of fifty digits."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NamedTuple

import mpmath
import pytest

import bpviz
from bpviz.autodiff import Trace
from bpviz.errors import BpvizError
from bpviz.noise import clear_noise

DIGITS = 50
PROGRAMS = 1_000


class Rule(NamedTuple):
    """A gate and its slopes in mpmath's arithmetic."""

    value: Callable[..., Any]
    slopes: tuple[Callable[..., Any], ...]


RULES = {
    "add": Rule(lambda a, b: a + b, (lambda a, b: 1, lambda a, b: 1)),
    "subtract": Rule(lambda a, b: a - b, (lambda a, b: 1, lambda a, b: -1)),
    "multiply": Rule(lambda a, b: a * b, (lambda a, b: b, lambda a, b: a)),
    "divide": Rule(lambda a, b: a / b, (lambda a, b: 1 / b, lambda a, b: -a / b**2)),
    "negate": Rule(lambda a: -a, (lambda a: -1,)),
    "reciprocal": Rule(lambda a: 1 / a, (lambda a: -1 / a**2,)),
    "square": Rule(lambda a: a**2, (lambda a: 2 * a,)),
    "sqrt": Rule(mpmath.sqrt, (lambda a: 1 / (2 * mpmath.sqrt(a)),)),
    "exp": Rule(mpmath.exp, (mpmath.exp,)),
    "ln": Rule(mpmath.log, (lambda a: 1 / a,)),
    "sin": Rule(mpmath.sin, (mpmath.cos,)),
    "cos": Rule(mpmath.cos, (lambda a: -mpmath.sin(a),)),
    "tanh": Rule(mpmath.tanh, (lambda a: 1 - mpmath.tanh(a) ** 2,)),
}


def grow(chance: random.Random, depth: int) -> str:
    """Return an expression of short decimals in which much cancels, as in lectures."""
    if depth == 0:
        return chance.choice(["a", "b", "c", f"{chance.randint(1, 30) / 10:g}", f"{chance.randint(1, 99) / 100:g}"])
    left, right = grow(chance, chance.randint(0, depth - 1)), grow(chance, chance.randint(0, depth - 1))
    shapes = [
        "{0} + {1}",
        "{0} - {1}",
        "({0})*({1})",
        "({0})/({1})",
        "({0} + {1}) - ({0}) - ({1})",
        "({0})^2",
        "sin({0})",
    ]
    shapes += [
        "({0} - {1})^2 - ({0})^2 - ({1})^2 + 2*({0})*({1})",
        "exp({0})",
        "ln({0})",
        "cos({0}*{2}) - cos({2}*{0})",
    ]
    shapes += ["sqrt({0})", "tanh({0})", "({0})*(1/({0})) - 1", "{2}*({0}) - {3}*({0})", "sin({0})^2 + cos({0})^2 - 1"]
    numbers = [f"{chance.randint(1, 30) / 10:g}" for _ in range(2)]
    return f"({chance.choice(shapes).format(left, right, *numbers)})"


def work_out(trace: Trace) -> tuple[list[Any], list[Any]]:
    """Return the values and gradients of a trace in fifty digits, every number taken as it was typed."""
    graph = trace.graph
    values: list[Any] = []
    for node, value in zip(graph.nodes, trace.values, strict=True):
        if node.gate is None:
            if node.constant is not None and mpmath.mpf(node.name) != mpmath.mpf(repr(value)):
                raise ValueError("a constant that was worked out of several has no decimals to begin with")
            values.append(mpmath.mpf(repr(value)))
        else:
            values.append(RULES[node.gate.name].value(*[values[i] for i in node.operands]))
    gradients = [mpmath.mpf(0)] * len(values)
    gradients[graph.output] = mpmath.mpf(1)
    for i in reversed(graph.gate_ids):
        operands = [values[k] for k in graph.nodes[i].operands]
        for k, slope in zip(graph.nodes[i].operands, RULES[graph.nodes[i].gate.name].slopes, strict=True):  # type: ignore[union-attr]
            gradients[k] += slope(*operands) * gradients[i]
    return values, gradients


def test_what_is_hidden_has_no_correct_digit_and_what_has_none_is_hidden() -> None:
    chance, hidden, shown = random.Random(11), 0, 0
    with mpmath.workdps(DIGITS):
        for _ in range(PROGRAMS):
            point = {name: chance.randint(1, 40) / 10 for name in "abc"}
            program = grow(chance, 5)
            try:
                graph = bpviz.parse(program)
                trace = graph.at({name: point[name] for name in graph.input_names})
                exact = work_out(trace)
            except (BpvizError, ZeroDivisionError, ValueError):
                continue
            if any(
                isinstance(number, mpmath.mpc) or not mpmath.isfinite(number) for numbers in exact for number in numbers
            ):
                continue
            read = clear_noise(trace)
            for computed, seen, true in (
                *zip(trace.values, read.values, exact[0], strict=True),
                *zip(trace.gradients, read.gradients, exact[1], strict=True),
            ):
                if not computed:
                    continue
                error = abs(computed - true) / abs(computed)
                if seen and any("no digit is certain" in text for text in read.warnings):
                    continue  # of the number behind a pole the reader is told
                if seen:
                    shown += 1
                    assert error < 1, f"{program} at {point}: {computed} is shown and is {mpmath.nstr(true)}"
                else:
                    hidden += 1
                    assert error > 0.05, f"{program} at {point}: {computed} is hidden and is {mpmath.nstr(true)}"
    assert hidden > 400
    assert shown > 5_000


@pytest.mark.parametrize(("program", "x"), [("sqrt(x)", 0.0), ("1/x", 1e-160), ("1/x", 1.0)])
def test_a_pole_at_an_exact_number_is_not_told_to_be_uncertain(program: str, x: float) -> None:
    read = clear_noise(bpviz.parse(program).at(x=x))
    assert not any("no digit is certain" in text for text in read.warnings)


def test_a_pole_at_noise_is_told_to_be_uncertain() -> None:
    read = clear_noise(bpviz.parse("1/(x - 0.2 - 0.1)").at(x=0.3))
    assert any("no digit is certain" in text for text in read.warnings)
