"""Which word of a command line is an option, which an input, and which the program."""

from __future__ import annotations

import click
import pytest

from bpviz.cli.words import FILE_TO_WRITE, NameOrNothing, SortedWords, sort_words
from bpviz.endings import ARRAYS, DERIVATIONS, FORMULAS, LISTINGS, PAGES, PLOTS, TEXTS
from bpviz.errors import UsageError
from bpviz.figure.drawing import FIGURE_FORMATS
from bpviz.lecture.decks import KINDS

DECLARED = (
    click.Option(["-o", "--output"]),
    click.Option(["--theme"]),
    click.Option(["--digits"]),
    click.Option(["--direction"]),
    click.Option(["--branch/--no-branch"]),
    click.Option(["--quiet"], is_flag=True),
    click.Option(["-h", "--help"], is_flag=True),
    NameOrNothing(["--fold"]),
)
OPTIONS = {name: option for option in DECLARED for name in (*option.opts, *option.secondary_opts)}


@pytest.mark.parametrize(
    ("line", "options", "point", "programs"),
    [
        ("x*y --x 3 --y -4", [], {"x": "3", "y": "-4"}, ["x*y"]),
        ("--x 3 x*y --y=-4", [], {"x": "3", "y": "-4"}, ["x*y"]),
        ("-x*y --x 1", [], {"x": "1"}, ["-x*y"]),
        ("--x 1 -x*y", [], {"x": "1"}, ["-x*y"]),
        ("-o f.svg -x*y", ["--output=f.svg"], {}, ["-x*y"]),
        ("-x*y -o f.svg --quiet", ["--output=f.svg", "--quiet"], {}, ["-x*y"]),
        ("-foo*x --foo 2", [], {"foo": "2"}, ["-foo*x"]),
        ("-o*x", [], {}, ["-o*x"]),
        ("-o=f.svg x", ["--output=f.svg"], {}, ["x"]),
        ("--theme=dark x", ["--theme=dark"], {}, ["x"]),
        ("--theme dark x", ["--theme=dark"], {}, ["x"]),
        ("--output - -", ["--output=-"], {}, ["-"]),
        ("--output -x y", ["--output=-x"], {}, ["y"]),
        ("-", [], {}, ["-"]),
        ("--θ pi/2 --w_0 1e-3 θ*w_0", [], {"θ": "pi/2", "w_0": "1e-3"}, ["θ*w_0"]),
        ("--x=1=2 x", [], {"x": "1=2"}, ["x"]),
        ("--x= x", [], {"x": ""}, ["x"]),
        ("--x -y y", [], {"x": "-y"}, ["y"]),
        ("--quiet -- --x", ["--quiet"], {}, ["--x"]),
        ("--x*y", [], {}, ["--x*y"]),
        ("--a-b", [], {}, ["--a-b"]),
        ("-h", ["--help"], {}, []),
        ("x --no-branch", ["--no-branch"], {}, ["x"]),
        ("--fold x*y", ["--fold="], {}, ["x*y"]),
        ("x*y --fold layer", ["--fold=layer"], {}, ["x*y"]),
        ("x*y --fold", ["--fold="], {}, ["x*y"]),
    ],
)
def test_words_are_sorted(line: str, options: list[str], point: dict[str, str], programs: list[str]) -> None:
    assert sort_words(line.split(" "), OPTIONS) == SortedWords(options, point, programs, [])


@pytest.mark.parametrize(
    ("line", "options", "point"),
    [
        ("x --dir up", ["--direction=up"], {}),
        ("x --di 3", [], {"di": "3"}),  # --digits or --direction
        ("x --q", ["--quiet"], {}),
        ("x --no-b", ["--no-branch"], {}),
        ("x --th=dark", ["--theme=dark"], {}),
        ("x --fo", ["--fold="], {}),
        ("x --q=3", [], {"q": "3"}),  # --quiet takes no value
    ],
)
def test_the_beginning_of_one_option_stands_for_it(line: str, options: list[str], point: dict[str, str]) -> None:
    words = sort_words(line.split(" "), OPTIONS)
    assert (words.options, words.point, words.programs) == (options, point, ["x"])
    assert len(words.shortened) == len(options)


def test_but_an_input_of_that_name_comes_first_and_a_full_name_before_it() -> None:
    words = sort_words(["--dir", "3", "--theme", "dark"], OPTIONS, ["dir", "theme"])
    assert words == SortedWords(["--theme=dark"], {"dir": "3"}, [], [])


def test_short_beginnings_do_not_count_where_any_name_is_an_input() -> None:
    words = sort_words(["--th", "2", "--the", "dark"], OPTIONS, shortest=3)
    assert words == SortedWords(["--theme=dark"], {"th": "2"}, [], ["the"])


@pytest.mark.parametrize("value", ["3", "-0.5", "1e-3", "[1, 2]"])
def test_a_value_is_never_behind_the_beginning_of_an_option_without_one(value: str) -> None:
    assert sort_words(["x", "--q", value], OPTIONS) == SortedWords([], {"q": value}, ["x"], [])
    assert sort_words(["--q", "2*x"], OPTIONS) == SortedWords(["--quiet"], {}, ["2*x"], ["q"])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x --x", "--x needs a value\nwrite it behind: --x 3"),
        ("x --x --y 3", "--x needs a value\nwrite it behind: --x 3"),
        ("x --x -o f.svg", "--x needs a value\nwrite it behind: --x 3"),
        ("x --x --no-bra --y 3", "--x needs a value\nwrite it behind: --x 3"),
        ("x --quite", "--quite needs a value\ndid you mean --quiet?"),
        ("x --no-brnch", "no option is called --no-brnch\ndid you mean --no-branch?"),
        ("x -o", "-o needs a value\nwrite it behind: -o …"),
        ("x --quiet=1", "--quiet takes no value\nwrite --quiet alone"),
        ("x --x 1 --x 2", "x is given twice: 1 and 2\nkeep one --x"),
    ],
)
def test_a_line_that_cannot_be_sorted_is_told(line: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        sort_words(line.split(" "), OPTIONS)
    assert str(error.value) == message


@pytest.mark.parametrize(
    "ending",
    [
        *(*TEXTS, *DERIVATIONS, *PAGES, *FORMULAS, *LISTINGS, *PLOTS, *ARRAYS, *KINDS),
        *(f".{format_}" for format_ in FIGURE_FORMATS),
    ],
)
def test_every_file_that_can_be_written_is_known_by_its_ending(ending: str) -> None:
    assert FILE_TO_WRITE.fullmatch(f"a{ending}")
