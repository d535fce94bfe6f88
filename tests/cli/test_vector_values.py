"""Values of vectors on the command line, and what is said where they are missing."""

import shlex
from pathlib import Path

import bpviz
from tests.support.command import Shell

SQUARES = "q = W@x; f = sum(q^2)"


def test_a_program_without_values_says_what_to_type_and_that_works(shell: Shell) -> None:
    told = shell("draw", SQUARES)
    assert told.status == 2
    assert told.err.splitlines() == [
        "bpviz: f needs values for W and x",
        'add --W "[[1, 2], [3, 4]]" --x "[1, 2]"; or without numbers --shape W=2x2 --shape x=2',
    ]
    with_values, without = told.err.splitlines()[1].removeprefix("add ").split("; or without numbers ")
    assert "f = 146" in shell("draw", SQUARES, *shlex.split(with_values)).out
    assert "blank" in shell("draw", SQUARES, *shlex.split(without)).out


def test_a_missing_vector_is_named_with_a_value_that_fits(shell: Shell) -> None:
    told = shell("table", SQUARES, "--W", "[[1, 2, 3], [3, 4, 5]]")
    assert told.err.splitlines() == ["bpviz: f needs a value for x", 'add --x "[1, 2, 3]"']


def test_every_form_of_a_value_draws_the_same(shell: Shell) -> None:
    Path("w.csv").write_text("1,2\n3,4\n")
    tables = [
        shell("table", SQUARES, f"--W={W}", "--x", "[1, 2]").out for W in ("[[1,2],[3,4]]", "[1, 2; 3, 4]", "@w.csv")
    ]
    assert tables[0]
    assert len({*tables}) == 1


def test_unroll_shows_every_entry(shell: Shell) -> None:
    words = ("table", SQUARES, "--W", "[[1, 2], [3, 4]]", "--x", "[1, 2]", "--unroll", "--format", "csv")
    assert 'q_0,dot,"dot(W_00' in shell(*words).out
    trace = bpviz.parse(SQUARES, unroll=True).at(W=[[1, 2], [3, 4]], x=[1, 2])
    assert trace.graph.vectors is None
    assert trace.gradient("W") == [[10, 20], [22, 44]]
    assert trace.graph.at(W=[[1, 2]], x=[1, 2]).graph.vectors is None


def test_a_shape_that_the_value_has_not_is_refused(shell: Shell) -> None:
    told = shell("draw", SQUARES, "--shape", "W=2x3", "--shape", "x=3", "--W", "[[1, 2], [3, 4]]", "--x", "[1, 2, 3]")
    assert told.status == 2
    told = shell("draw", SQUARES, "--shape", "V=2x3")
    assert "no input is called V" in told.err


def test_a_sweep_takes_vectors_and_ranges_of_entries(shell: Shell) -> None:
    told = shell("sweep", "a*sum(x)", "--a", "0:1:3", "--x", "[1, 2]", "--format", "csv", "-o", "-")
    assert told.out.splitlines()[-1].startswith("1.0,3.0")
    told = shell("sweep", "sum(x)^2", "--x", "[1, 2]", "--x_0", "-2:0:3", "--format", "csv", "-o", "-")
    assert told.out.splitlines()[1].startswith("-2.0,0.0")
    assert "no input is called x_7" in shell("table", "sum(x)", "--x", "[1, 2]", "--x_7", "3").err


def test_an_entry_has_its_own_value_before_that_of_the_vector(shell: Shell) -> None:
    assert "x      2      [5  2]" in shell("table", "sum(x)", "--x", "[1, 2]", "--x_0", "5").out.replace(
        "[5, 2]", "[5  2]"
    )
