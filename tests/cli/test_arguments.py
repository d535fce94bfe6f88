"""Which word of a command line is an option, which an input, and which the program."""

import pytest

from bpviz.cli.arguments import Words, sort_words
from bpviz.errors import UsageError

OPTIONS = {
    "-o": True,
    "--output": True,
    "--theme": True,
    "--digits": True,
    "--no-branch": False,
    "--quiet": False,
    "--help": False,
    "-h": False,
}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("x*y --x 3 --y -4", Words([], {"x": "3", "y": "-4"}, ["x*y"])),
        ("--x 3 x*y --y=-4", Words([], {"x": "3", "y": "-4"}, ["x*y"])),
        ("-x*y --x 1", Words([], {"x": "1"}, ["-x*y"])),
        ("--x 1 -x*y", Words([], {"x": "1"}, ["-x*y"])),
        ("-o f.svg -x*y", Words(["-o=f.svg"], {}, ["-x*y"])),
        ("-x*y -o f.svg --quiet", Words(["-o=f.svg", "--quiet"], {}, ["-x*y"])),
        ("-foo*x --foo 2", Words([], {"foo": "2"}, ["-foo*x"])),
        ("-o*x", Words([], {}, ["-o*x"])),
        ("-o=f.svg x", Words(["-o=f.svg"], {}, ["x"])),
        ("--theme=dark x", Words(["--theme=dark"], {}, ["x"])),
        ("--theme dark x", Words(["--theme=dark"], {}, ["x"])),
        ("--output - -", Words(["--output=-"], {}, ["-"])),
        ("--output -x y", Words(["--output=-x"], {}, ["y"])),
        ("-", Words([], {}, ["-"])),
        ("--θ pi/2 --w_0 1e-3 θ*w_0", Words([], {"θ": "pi/2", "w_0": "1e-3"}, ["θ*w_0"])),
        ("--x=1=2 x", Words([], {"x": "1=2"}, ["x"])),
        ("--x= x", Words([], {"x": ""}, ["x"])),
        ("--x -y y", Words([], {"x": "-y"}, ["y"])),
        ("--quiet -- --x", Words(["--quiet"], {}, ["--x"])),
        ("--x*y", Words([], {}, ["--x*y"])),
        ("--a-b", Words([], {}, ["--a-b"])),
        ("-h", Words(["-h"], {}, [])),
    ],
)
def test_words_are_sorted(line: str, words: Words) -> None:
    assert sort_words(line.split(" "), OPTIONS) == words


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x --x", "--x needs a value\nwrite it behind: --x 3"),
        ("x --x --y 3", "--x needs a value\nwrite it behind: --x 3"),
        ("x --x -o f.svg", "--x needs a value\nwrite it behind: --x 3"),
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
