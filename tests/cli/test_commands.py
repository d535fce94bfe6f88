"""The command line as a hurried person types it: what is printed, what is written, and every refusal."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bpviz.cli import SECTIONS
from bpviz.cli import bpviz as command_line
from tests.support.command import Shell
from tests.support.snapshot import check, check_entries

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
POINT = ("--x", "3", "--y", "-4")
POINTS_OF_20 = [word for i in range(20) for word in (f"--x{i}", "1")]
ROOT = Path(__file__).parents[2]


def range_error(command: str, option: str, what: str) -> str:
    return f"Invalid value for '{option}': {what}.\nbpviz {command} -h shows how it is typed"


def files() -> list[str]:
    return sorted(path.name for path in Path().iterdir())


def test_draw_writes_what_is_asked_for_and_sums_it_up(shell: Shell) -> None:
    done = shell("draw", EXAMPLE, *POINT, "-o", "f.svg", "-o", "f.pdf", "-o", "f.png", "-o", "f.dot")
    assert done == (0, "f = 1.55   ∂f/∂x = 2.06   ∂f/∂y = 1.59   → f.svg, f.pdf, f.png, f.dot\n", "")
    assert files() == ["f.dot", "f.pdf", "f.png", "f.svg"]
    starts = {name: Path(name).read_bytes()[:4] for name in files()}
    assert starts == {"f.dot": b"digr", "f.pdf": b"%PDF", "f.png": b"\x89PNG", "f.svg": b"<svg"}


def test_without_o_the_file_is_named_after_the_output(shell: Shell) -> None:
    assert shell("draw", "loss = x^2", "--x", "3", "--quiet") == (0, "", "")
    assert shell("draw", "θ = x^2", "--x", "3", "--format", "dot", "--quiet") == (0, "", "")
    assert files() == ["loss.svg", "θ.dot"]


def test_dash_is_standard_output(shell: Shell) -> None:
    done = shell("draw", EXAMPLE, *POINT, "-o", "-", "--format", "dot")
    assert done.out.startswith("digraph")
    assert done.err == "f = 1.55   ∂f/∂x = 2.06   ∂f/∂y = 1.59\n"
    assert files() == []


def test_no_value_draws_the_blank_figure(shell: Shell) -> None:
    assert shell("draw", "x*y") == (0, "f(x, y), blank   → f.svg\n", "")
    assert shell("draw", "x = 2; y = 3; x*y", "--blank").out == "f(x, y), blank   → f.svg\n"


@pytest.mark.parametrize(
    "line",
    [
        ["-x*y", "--x", "1", "--y", "2"],
        ["--x", "1", "--y", "2", "-x*y"],
        ["--quiet", "-x*y", "--x=1", "--y=2"],
        ["--theme", "dark", "-x*y", "--y", "4/2", "--x", "-(-1)"],
        ["--theme=dark", "--direction", "left", "--x", "1", "--y", "sqrt(4)", "--", "-x*y"],
    ],
)
def test_an_expression_may_begin_with_a_minus(shell: Shell, line: list[str]) -> None:
    done = shell("draw", "-o", "f.dot", *line)
    assert done.status == 0
    assert "−2" in Path("f.dot").read_text(encoding="utf-8")


def test_inputs_of_any_name(shell: Shell) -> None:
    done = shell("table", "w_0*θ + o", "--θ", "pi/2", "--w_0", "1e-3", "--set", "o=1", "--format", "json")
    assert [each["value"] for each in json.loads(done.out)["inputs"]] == [1e-3, 1.5707963267948966, 1.0]


def test_many_inputs_are_summed_up_shortly(shell: Shell) -> None:
    names = [f"x{i}" for i in range(9)]
    point = [word for name in names for word in (f"--{name}", "1")]
    done = shell("draw", " + ".join(names), *point, "-o", "f.dot")
    assert done.out.endswith("∂f/∂x5 = 1   and 3 more   → f.dot\n")


def test_a_program_from_a_file_and_from_standard_input(shell: Shell) -> None:
    Path("p.bp").write_bytes(b"\xef\xbb\xbfx = 3  # a comment\r\nf = x^2\r\n")
    assert shell("draw", "p.bp").out == "f = 9   ∂f/∂x = 6   → f.svg\n"
    assert shell("draw", "-", stdin=b"x = 4; x^2").out == "f = 16   ∂f/∂x = 8   → f.svg\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["draw", "x*y", "--x", "1"], "f needs a value for y\nadd --y …"),
        (["draw", "w1*x + w2", "--w1", "1"], "f needs values for x and w2\nadd --x … --w2 …"),
        (["table", "x*y"], "f needs values for x and y\nadd --x … --y …"),
        (["draw", "x*y", "--x", "1", "--z", "2"], "no input is called z\nthe inputs are x, y"),
        (
            ["draw", "E = mc^2", "--c", "2"],
            "no input is called c\nthe inputs are mc; mc is one name, for the product write m*c",
        ),
        (
            ["draw", "xy + z", "--x", "2"],
            "no input is called x\nthe inputs are xy, z; xy is one name, for the product write x*y",
        ),
        (["draw", "2+3", "--z", "2"], "no input is called z\nthe program has no inputs"),
        (
            ["draw", "x*y", "--thme", "dark"],
            "no option or input is called --thme\ndid you mean --theme? (the inputs are x, y)",
        ),
        (["draw", "x*y", "--no-brnch"], "no option is called --no-brnch\ndid you mean --no-branch?"),
        (["draw", "x*y", "--set", "x"], "--set x sets nothing\nwrite --set NAME=VALUE, such as --set o=1"),
        (
            ["draw", "x", "+", "y"],
            'one program at a time, but there are 3: x   +   y\nput the program in quotation marks: "x + y"',
        ),
        (["quarto", "-o", "f"], "this command has no -o\nleave it out, or send what it prints to a file: > FILE"),
        (
            ["draw", "--", "x*y", "-o", "f.svg"],
            "-o stands behind --, where all is the program\nwrite -o FILE before the --",
        ),
        (
            ["code", "x*y", "-o", "a.py", "b.js"],
            "one program at a time, but there are 2: x*y   b.js\neach file to write has an -o of its own: -o b.js",
        ),
        (
            ["draw", "x*y", "3", "4"],
            "one program at a time, but there are 3: x*y   3   4\n"
            "a value stands behind the name of its input, such as --x 3",
        ),
        (
            ["draw", "x*y", "-x", "3"],
            "No such option: -x\nan input takes two dashes: --x 3; bpviz draw -h lists the options",
        ),
        (["draw", "--x", "3"], "no program was given\nwrite it in quotation marks; -h shows how"),
        (
            ["draw", "x", "--theme", "Drk"],
            "Invalid value for '--theme': 'Drk' is not one of 'drawio', 'cs231n', 'print', 'dark', 'auto'.\n"
            "did you mean dark?",
        ),
        (
            ["draw", "x", "--theme", "mine"],
            "Invalid value for '--theme': 'mine' is not one of 'drawio', 'cs231n', 'print', 'dark', 'auto'.\n"
            "bpviz draw -h shows how it is typed",
        ),
        (["draw", "x", "--digits", "99"], range_error("draw", "--digits", "99 is not in the range 1<=x<=17")),
        (["draw", "x", "--dpi", "many"], range_error("draw", "--dpi", "'many' is not a valid number")),
        (["exercise", "--seed", "½"], range_error("exercise", "--seed", "'½' is not a valid integer")),
        (["check", "x", "--tolerance", "0"], range_error("check", "--tolerance", "0.0 is not in the range 0<x<=1")),
        (["exercise", "--sed", "1"], "no option is called --sed\ndid you mean --seed?"),
        (["draw", "x*y", "-q"], "No such option: -q\ndid you mean --quiet?"),
        (["draw", "x*y", "-v"], "No such option: -v\nbpviz draw -h lists the options"),
        (["draw", "x*y", "-of.svg"], "No such option: -of.svg\nwrite -o f.svg"),
        (["gates", "add", "-q"], "No such option: -q\ndid you mean --quiet?"),
        (["exercise", "-q"], "No such option: -q\ndid you mean --quiet?"),
        (
            ["draw", "x*y", "--di", "up"],
            "no option or input is called --di\ndid you mean --direction or --digits? (the inputs are x, y)",
        ),
        (["exercise", "x*y"], "Got unexpected extra argument (x*y)\nbpviz exercise -h shows how it is typed"),
        (["-x*y"], "no option is called -x*y\nbpviz -h lists the commands; bpviz draw comes before a program"),
        (["draw", "x", "--x", "1", "--set", "x=2"], "x is given twice: 1 and 2\nkeep one --x"),
        (["draw", "x*theme", "--x", "1"], "f needs a value for theme\nadd --set theme=…"),
        (
            ["draw", "x*y", "x=1", "--y", "2"],
            "one program at a time, but there are 2: x*y   x=1\ninputs take two dashes: --x 1",
        ),
        (
            ["draw", "x", "--x", "1", "-o", "f.svg", "--format", "pdf"],
            "f.svg is no .pdf file\nleave --format out: the ending says it",
        ),
        (
            ["draw", "x", "--x", "1", "-o", "f.jpg"],
            "no figure is written as .jpg\nend it in .svg, .pdf, .png, .dot, .tex",
        ),
        (
            ["draw", "x", "--x", "1", "-o", "f"],
            "f has no ending that says what to write\nend it in .svg, .pdf, .png, .dot, .tex",
        ),
        (
            ["table", "x", "--x", "1", "-o", "f.doc"],
            "no table is written to f.doc\nend it in .txt, .md, .tex, .csv, .json",
        ),
        (["draw", "x", "--width", "12"], "12 is no width\nwrite a length with its unit, in, cm, mm, pt, px: 12cm"),
        (
            ["draw", "no such.bp"],
            "no such.bp cannot be read: No such file or directory\ngive a .bp file or an expression",
        ),
        (["help", "darw"], "no command is called darw\ndid you mean bpviz draw?"),
        (["darw", "x"], "no command is called darw\ndid you mean bpviz draw?"),
        (["x*y", "--x", "1"], 'no command is called x*y\ndid you mean bpviz draw "x*y"?'),
    ],
)
def test_what_cannot_be_is_told_with_status_2(shell: Shell, line: list[str], message: str) -> None:
    assert shell(*line) == (2, "", f"bpviz: {message}\n")
    assert files() == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("abc", "x: abc is not a number\nwrite a number, such as 3, 1e-3 or pi/2"),
        ("", "x has no value\ngive it a number, such as 3 or pi/2"),
        ("1e999", "x: 1e999 is too large\n  line 1: 1e999\n          ^^^^^\nthe largest number here is about 1.8e308"),
        ("inf", "x = inf is not a finite number\nwrite a finite number"),
        ("nan", "x = nan is not a finite number\nwrite a finite number"),
        ("-inf", "x = -inf is not a finite number\nwrite a finite number"),
        ("1/0", "x: 1/0 has no value\n  line 1: 1/0\n          ^^^\nreciprocal needs a ≠ 0"),
        ("3 4", "x: there is no operator between 3 and 4\n  line 1: 3 4\n          ^^^\nwrite 3*4"),
        ("2x", "x: x is not a number\n  line 1: 2x\n           ^\nwrite a number, such as 3, 1e-3 or pi/2"),
        (
            "1,5",
            "x: a comma separates the operands of a function, and there is none here\n"
            "  line 1: 1,5\n           ^\nfor a decimal number write 1.5; statements are separated by ;",
        ),
        (
            "☃x",
            "x: ☃ (snowman) means nothing here\n  line 1: ☃x\n          ^\nbpviz -h shows what a program looks like",
        ),
    ],
)
def test_a_value_that_is_no_number_is_told(shell: Shell, value: str, message: str) -> None:
    assert shell("draw", "x^2", f"--x={value}") == (2, "", f"bpviz: {message}\n")
    assert files() == []


def test_what_cannot_be_computed_has_status_1(shell: Shell) -> None:
    done = shell("draw", "1 + ln(x)", "--x", "-1")
    assert done.status == 1
    assert done.err == (
        "bpviz: lnx = ln(x) has no value at -1\n  line 1: 1 + ln(x)\n              ^^^^^\nln needs a > 0\n"
    )
    assert files() == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"x = \xe4", "p.bp is not UTF-8 text (byte 5)\nsave it as UTF-8; is it a text file?"),
        (b"x\0y", "p.bp is not a text file: it has a zero byte\ngive a program as text"),
        (
            b"x+" * 3_000_000,
            "p.bp is longer than 1,000,000 characters\nis it a program? Split it if it is, or raise the limit if you"
            + " mean it: --limit characters=10000000 (limit={'characters': 10000000} in Python)",
        ),
    ],
)
def test_a_file_that_is_no_program_is_told(shell: Shell, data: bytes, message: str) -> None:
    Path("p.bp").write_bytes(data)
    assert shell("draw", "p.bp") == (2, "", f"bpviz: {message}\n")


def test_a_target_that_cannot_be_written_has_status_1_and_leaves_nothing(shell: Shell) -> None:
    Path("f.svg").mkdir()
    done = shell("draw", "x^2", "--x", "3")
    assert (done.status, done.out) == (1, "")
    assert "f.svg" in done.err
    assert files() == ["f.svg"]
    assert shell("draw", "x^2", "--x", "3", "-o", "there/f.svg").status == 1


def test_warnings_go_to_standard_error(shell: Shell) -> None:
    done = shell("draw", "relu(x)", "--x", "0")
    assert done.err == "bpviz: warning: f = relu(x) is at a kink: relu'(0) is taken as 0\n"
    assert shell("table", "relu(x)", "--x", "0", "--format", "csv").err == done.err


def test_open_shows_the_file(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("bpviz.cli.targets.open_file", lambda path: not shown.append(path))
    assert shell("draw", "x^2", "--x", "3", "--open", "--quiet") == (0, "", "")
    assert shown == [str(Path("f.svg").absolute())]
    monkeypatch.setattr("bpviz.cli.targets.open_file", lambda path: False)
    assert shell("draw", "x^2", "--x", "3", "--open", "--quiet").err.endswith(
        "nothing here opens f.svg; open it yourself\n"
    )


@pytest.mark.parametrize("kind", ["rich", "plain", "markdown", "latex", "csv", "json"])
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("example", [EXAMPLE, *POINT]),
        ("folded", ["2*x^3 + max(x, 0)/4 - w_0", "--x", "0", "--w_0", "3e-6"]),
        ("constants", ["2*x + pi", "--x", "1.5", "--constants"]),
    ],
)
def test_table(shell: Shell, kind: str, name: str, line: list[str]) -> None:
    done = shell("table", *line, "--format", kind)
    assert done.status == 0
    check(f"table-{name}.{kind}", done.out)


@pytest.mark.parametrize("ending", ["txt", "md", "tex", "csv", "json"])
def test_a_tables_file_ending_chooses_its_format(shell: Shell, ending: str) -> None:
    names = {"txt": "plain", "md": "markdown", "tex": "latex", "csv": "csv", "json": "json"}
    assert shell("table", EXAMPLE, *POINT, "-o", f"t.{ending}") == (0, f"→ t.{ending}\n", "")
    check(f"table-example.{names[ending]}", Path(f"t.{ending}").read_text(encoding="utf-8"))


def test_a_terminal_shows_what_a_pipe_gets_in_colour_if_it_has_any(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in (["table", EXAMPLE, *POINT], ["table", "relu(x)", "--x", "0"], ["steps", EXAMPLE, *POINT]):
        piped = shell(*command).out
        assert "\x1b" not in piped
        monkeypatch.setenv("FORCE_COLOR", "1")  # which rich takes for a terminal
        for terminal in ("dumb", "xterm-256color"):
            monkeypatch.setenv("TERM", terminal)
            shown = shell(*command).out
            assert ("\x1b[" in shown) == (terminal != "dumb")
            bare = re.sub(r"\x1b\[[\d;]*m", "", shown)
            assert [line.rstrip() for line in bare.splitlines()] == piped.splitlines()
        monkeypatch.delenv("FORCE_COLOR")


@pytest.mark.parametrize("terminal", ["dumb", "xterm-256color"])
def test_a_table_that_is_wider_than_the_terminal_is_fitted(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, terminal: str
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", terminal)
    shown = shell("table", "sum(" + ", ".join(f"x{i}" for i in range(20)) + ")", *POINTS_OF_20).out
    assert ("\x1b[" in shown) == (terminal != "dumb")
    assert max(map(len, re.sub(r"\x1b\[[\d;]*m", "", shown).splitlines())) <= 80


def test_the_gates(shell: Shell) -> None:
    done = shell("gates")
    assert done.status == 0
    check_entries("gates.txt", done.out)


@pytest.mark.parametrize(
    "line", [[], ["--help"], ["-h"], ["draw"], ["draw", "--help"], ["table", "-h"], ["gates", "--help"]]
)
def test_help_shows_real_command_lines(shell: Shell, line: list[str]) -> None:
    done = shell(*line)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("Usage: bpviz")
    assert done.out.count("\n  bpviz ") >= 2


def test_help_is_asked_for_in_any_way(shell: Shell) -> None:
    shown = shell("draw", "--help")
    for line in (["draw"], ["draw", "-h"], ["draw", "help"], ["help", "draw"], ["draw", "x*y", "--x", "3", "--help"]):
        assert shell(*line) == shown
    assert shell() == shell("help") == shell("-h") == shell("--help")


def test_the_list_of_commands_is_in_sections_and_complete(shell: Shell) -> None:
    shown = shell("help").out
    sections = re.findall(r"^(\S[^\n]*):\n((?:  .*\n)+)", shown, re.MULTILINE)
    assert [title for title, _ in sections] == [*SECTIONS, "Options"]
    listed = [line.split()[0] for _, lines in sections[:-1] for line in lines.splitlines()]
    assert sorted(listed) == sorted(command_line.commands)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("table x*y --x 2 --y 3 --form CSV", "table x*y --x 2 --y 3 --format csv"),
        ("table gat*y --gat 2 --y 3 --form=json", "table gat*y --gat 2 --y 3 --format json"),
        ("steps x*y --x 2 --on x --y 3", "steps x*y --x 2 --only x --y 3"),
        ("symbolic x/y --gate FUSED", "symbolic x/y --gates fused"),
        ("exercise --lev EASY --se 3", "exercise --level easy --seed 3"),
    ],
)
def test_an_option_may_be_shortened_and_a_choice_written_in_capitals(shell: Shell, short: str, full: str) -> None:
    done = shell(*short.split())
    assert done == shell(*full.split())
    assert done.status == 0


def test_from_standard_input_the_beginning_of_an_option_is_an_input(shell: Shell) -> None:
    assert shell("table", "-", "--form", "3", "--format", "csv", stdin=b"form^2").out.splitlines()[1:2] == [
        "input,,form,,,3.0,6.0,,,"
    ]
    told = "bpviz: no option or input is called --form\ndid you mean --format? (the inputs are x)\n"
    assert shell("table", "-", "--form", "csv", stdin=b"x = 2; x^2") == (2, "", told)


def test_version(shell: Shell) -> None:
    assert shell("--version").out.startswith("bpviz 0.")


def process(*words: str, **options: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "bpviz", *words], stderr=subprocess.PIPE, **options)  # type: ignore[call-overload,no-any-return]  # Popen's overloads


def test_a_closed_pipe_is_silent() -> None:
    program = " + ".join(f"x*{i}" for i in range(1, 3000))
    running = process("table", program, "--x", "1", stdout=subprocess.PIPE)
    assert running.stdout is not None
    running.stdout.read(10)
    running.stdout.close()
    _, err = running.communicate()
    assert (running.returncode, err) == (0, b"")  # 1 would break a shell's pipefail


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to try")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        running = process("table", "x^2", "--x", "1", "--format", "csv", stdout=full)
        _, err = running.communicate()
    assert running.returncode == 1
    assert err == b"bpviz: the output could not be written: No space left on device\n"


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("bpviz dr", ["draw"]),
        ("bpviz d", ["deck", "descend", "draw"]),
        ("bpviz draw --th", ["--theme"]),
        ("bpviz draw x*y --no", ["--no-branch"]),
        ("bpviz draw -x --theme d", ["drawio", "dark"]),
        ("bpviz draw x*y --x 1 --theme c", ["cs231n"]),
        ("bpviz gates sigmoid --for", ["--format"]),
        ("bpviz table -o f", ["f"]),
        ("bpviz table p", ["p"]),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_half_a_command_line_is_completed(typed: str, offered: list[str], shell: str, tmp_path: Path) -> None:
    words = typed.split()
    asked = {"COMP_WORDS": typed, "COMP_CWORD": words[-1] if shell == "fish" else str(len(words) - 1)}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "_BPVIZ_COMPLETE": f"{shell}_complete", **asked}
    done = subprocess.run(
        [sys.executable, "-m", "bpviz"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    lines = done.stdout.split("\n")
    shown = lines[1::3] if shell == "zsh" else [line.partition(",")[2].partition("\t")[0] for line in lines[:-1]]
    assert sorted(shown) == sorted(offered)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_readmes_line_prints_a_script_for_each_shell(shell: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "_BPVIZ_COMPLETE": f"{shell}_source"}
    line = [sys.executable, "-m", "bpviz"]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
    assert (done.stderr, "_BPVIZ_COMPLETE" in done.stdout) == ("", True)
