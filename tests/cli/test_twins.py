"""A name in letters that no keyboard has can be typed in others, wherever a name is typed."""

from __future__ import annotations

import pytest

import bpviz
from bpviz.errors import UsageError
from tests.support.command import Shell


@pytest.mark.parametrize(
    ("program", "options"),
    [
        ("λ*w", ["--lambda", "2", "--w", "3"]),
        ("θ_1*w", ["--theta_1", "2", "--w", "3"]),
        ("x₁*w", ["--x1", "2", "--w", "3"]),
        ("x₁*w", ["--x_1", "2", "--w", "3"]),
        (r"\hat{y} w", ["--y_hat", "2", "--w", "3"]),
        (r"\bar{y} w", ["--y_bar", "2", "--w", "3"]),
        (r"\vec{y} w", ["--y_vec", "2", "--w", "3"]),
        ("x′*w", ["--x_prime", "2", "--w", "3"]),
        ("x′*w", ["--x'", "2", "--w", "3"]),
    ],
)
def test_an_option_finds_the_input_whose_twin_it_is(shell: Shell, program: str, options: list[str]) -> None:
    done = shell("draw", program, *options)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("f = 6")


@pytest.mark.parametrize(
    ("program", "hint"),
    [
        ("λ*θ_1*w", "add --lambda … --theta_1 …"),
        (r"\hat{y} + x' + w", "add --y_hat … --x_prime …"),
        ("x₁*w", "add --x_1 …"),
    ],
)
def test_the_error_for_a_missing_value_shows_the_twin_to_type(shell: Shell, program: str, hint: str) -> None:
    done = shell("draw", program, "--w", "1")
    assert done.status == 2
    assert hint in done.err
    assert shell("draw", program, "--w", "1", *hint.removeprefix("add ").replace("…", "2").split()).status == 0


def test_two_names_with_one_twin_are_told(shell: Shell) -> None:
    done = shell("draw", "x_1*x1", "--x₁", "2")
    assert done == (2, "", "bpviz: x₁ may be x_1 or x1\nwrite x_1 or x1 as the program has it\n")
    assert shell("draw", "x_1*x1", "--x1", "2", "--x_1", "3").out.startswith("f = 6")


@pytest.mark.parametrize(
    "line",
    [
        ["draw", "λ*w", "--lambda", "2", "--w", "3", "--highlight", "lambda"],
        ["draw", "λ*w + 1", "--lambda", "2", "--w", "3", "--focus", "lambda"],
        ["check", "λ*w", "--lambda", "2", "--w", "3", "--claim", "lambda=3"],
        ["check", "λ*w", "--lambda", "2", "--w", "3", "--claim", "∂f/∂lambda=3"],
        ["steps", "λ*w", "--lambda", "2", "--w", "3", "--only", "lambda"],
        ["sweep", "λ^2", "--lambda", "0:1:3", "--at", "lambda=1", "-o", "f.csv"],
        ["descend", "(λ*w)^2", "--lambda", "2", "--w", "3", "--params", "lambda"],
        ["worksheet", "λ*w", "--lambda", "2", "--w", "3", "--given", "lambda.value", "-o", "w.pdf"],
    ],
)
def test_other_options_that_take_a_name_take_its_twin(shell: Shell, line: list[str]) -> None:
    done = shell(*line)
    assert (done.status, done.err) == (0, "")


def test_in_python_a_keyword_is_a_twin_too() -> None:
    assert bpviz.draw("λ*w", w=3, **{"lambda": 2}).trace.gradient("λ") == 3
    assert bpviz.draw("λ*w", w=3, lambda_=2).trace.gradient("lambda_") == 3
    assert bpviz.parse("θ_1^2").at(theta_1=3).gradient("theta_1") == 6
    with pytest.raises(UsageError, match="may be"):
        bpviz.draw("x_1*x1", **{"x₁": 1})


def test_accents_and_primes_are_mathematics_in_latex_and_words_in_code(shell: Shell) -> None:
    line = [r"\hat{y} x' + \bar{w} \vec{v}", "--y_hat", "2", "--x_prime", "3", "--w_bar", "4", "--v_vec", "5"]
    assert r"$\hat{y} = 2$, $x' = 3$, $\bar{w} = 4$, $\vec{v} = 5$" in shell("steps", *line, "--format", "latex").out
    code = shell("code", *line).out
    assert all(f"\n{name} = " in code for name in ("y_hat", "x_prime", "w_bar", "v_vec"))
