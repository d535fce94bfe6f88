"""bpviz build as it is typed."""

from pathlib import Path

import pytest

from tests.support.command import Shell

GOOD = '[[figure]]\nprogram = "x*y"\nvalues = {x = 2, y = 3}\noutput = "good.svg"\n'
BAD = '[[figure]]\nprogram = "x*"\noutput = "bad.svg"\n'


@pytest.fixture
def bpviz(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(monkeypatch, capfd)


def test_a_build_says_how_many_it_drew(bpviz: Shell) -> None:
    Path("f.toml").write_text(GOOD)
    assert bpviz("build", "f.toml") == (0, "1 figure: 1 drawn\n", "")
    assert bpviz("build", "f.toml") == (0, "1 figure: 1 unchanged\n", "")
    assert bpviz("build", "f.toml", "--force", "-j", "2") == (0, "1 figure: 1 drawn\n", "")
    assert bpviz("build", "f.toml", "--force", "--quiet") == (0, "", "")


def test_a_bad_figure_is_told_and_the_status_is_1(bpviz: Shell) -> None:
    Path("f.toml").write_text(BAD + GOOD)
    done = bpviz("build", "f.toml")
    assert (done.status, done.out) == (1, "2 figures: 1 drawn, 1 failed\n")
    assert done.err.splitlines()[:3] == [
        "bpviz: figure 1, bad.svg: this * has nothing on its right",
        "  line 1: x*",
        "           ^",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["gone.toml"], "gone.toml cannot be read: No such file or directory\ngive a TOML file"),
        (["."], ". cannot be read: Is a directory\ngive a TOML file"),
        (["a.toml", "b.toml"], "one file at a time, but there are 2: a.toml   b.toml\nwrite bpviz build figures.toml"),
        (["--force"], "which file?\nwrite bpviz build figures.toml"),
        (["f.toml", "-q"], "No such option: -q\nbpviz build -h lists the options"),
        (
            ["f.toml", "-j", "0"],
            "Invalid value for '-j' / '--jobs': 0 is not in the range 1<=x<=256.\nbpviz build -h shows how it is typed",
        ),
        (["f.toml", "--jbos", "3"], "no option is called --jbos\ndid you mean --jobs?"),
    ],
)
def test_what_was_typed_wrong_is_status_2(bpviz: Shell, line: list[str], said: str) -> None:
    assert bpviz("build", *line) == (2, "", f"bpviz: {said}\n")


def test_without_a_file_it_shows_its_help(bpviz: Shell) -> None:
    shown = bpviz("build")
    assert shown.status == 0
    assert '    values = { x = 3, y = -4 }\n    output = ["example.svg", "example.pdf"]\n' in shown.out


def test_watching_tells_of_errors_and_goes_on_until_ctrl_c(bpviz: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("f.toml").write_text("[[figure]")

    def saves() -> object:
        def wait(known: object) -> None:
            if Path("f.toml").read_text() == GOOD:
                raise KeyboardInterrupt
            Path("f.toml").write_text(GOOD)

        return wait

    monkeypatch.setattr("bpviz.builds._make_watcher", saves)
    done = bpviz("build", "f.toml", "--watch")
    assert (done.status, done.out) == (130, "1 figure: 1 drawn\n")
    assert "f.toml is not TOML" in done.err
