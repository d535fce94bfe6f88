"""Which gate a word means: the same for a gate's page, its template and the gates of an exercise."""

from __future__ import annotations

import pytest

from bpviz.errors import UsageError
from bpviz.gates import FUNCTIONS, GATES, find_gate
from tests.support.command import Shell

BEGUN = ", ".join(name for name in GATES if name.startswith("sq"))


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capfd)


@pytest.mark.parametrize(
    ("word", "name"),
    [("maximum", "max"), ("fmin", "min"), ("expit", "sigmoid"), ("lg", "log10"), ("absolute", "abs"), ("fabs", "abs"),
     ("negative", "negate"), ("where", "where"), (">=", "where_ge"), ("Φ", "normcdf"), ("phi", "normpdf"),
     ("surd", "root"), ("logaddexp", "logsumexp"), ("arctan2", "atan2"), ("power", "power"), ("add", "add"),
     ("mul", "multiply"), ("MAX", "max"), ("sub", "subtract"), ("σ", "sigmoid"), ("+", "add"), ("*", "multiply"),
     ("ReLU", "relu"), ("neg", "negate"), ("inv", "reciprocal"), ("log", "log"), ("÷", "divide"), ("-", "subtract"),
     ("/", "divide"), ("^", "pow"), ("**", "pow"), ("swish", "silu"), ("swi", "silu"), ("|x|", "abs")],
)  # fmt: skip
def test_a_gate_may_be_called_as_one_likes(word: str, name: str) -> None:
    assert find_gate(word) is GATES[name]


@pytest.mark.parametrize("name", [*GATES, *FUNCTIONS])
def test_a_whole_name_is_never_the_beginning_of_another(name: str) -> None:
    gate = find_gate(name)
    assert name in (gate.name, *gate.aliases)
    assert gate.name == name or name not in GATES


@pytest.mark.parametrize(
    ("word", "told", "hint"),
    [
        ("sigmoyd", "no gate is called sigmoyd", "did you mean sigmoid?"),
        ("Tanhh", "no gate is called Tanhh", "did you mean tanh?"),
        ("mulitply", "no gate is called mulitply", "did you mean multiply?"),
        ("times", "no gate is called times", "bpviz gates lists them all"),
        ("", "no gate is called ", "bpviz gates lists them all"),
        ("q" * 10_000, f"no gate is called {'q' * 40}", "bpviz gates lists them all"),
        ("sq", f"sq may be any of {BEGUN}", "write more of its name"),
    ],
)
def test_a_word_that_no_gate_is_called_is_told_the_nearest(word: str, told: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_gate(word)
    assert (caught.value.what, caught.value.hint) == (told, hint)


def test_a_page_and_an_exercise_take_the_same_words(shell: Shell) -> None:
    assert shell("gates", "mul").out == shell("gates", "multiply").out
    assert shell("exercise", "--gates", "add,mul").out == shell("exercise", "--gates", "add,multiply").out
    for words in (["gates", "tahn"], ["exercise", "--gates", "add,tahn"]):
        assert "no gate is called tahn" in shell(*words).err
