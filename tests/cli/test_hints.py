"""What a hint tells people to type works when it is typed: every hint of the mistakes listed here is tried."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from bpviz.errors import BpvizError
from bpviz.lang import parse
from tests.lang.test_messages import SAID
from tests.support.command import Shell

MISTAKES = [
    *(marked.replace("⟨", "").replace("⟩", "") for marked, _, _ in SAID),
    *("sin^2 x", "exp^x", "sin x", "ln 2x", "f(x, y) + 1", "foo(a, b)", "diff(f, x)", "grad(x)"),
    *("softmax(a, b)", "log_softmax(x)", "argmax(a, b)", "argmin(a, b)", "floor(x)", "round(x)", "factorial(x)"),
    *("d/dx x^2", "x < y", "a > b > c", "where(x, y, 1)", "where(x)", "x > 0 ? y", "x if x > 0", "x : y", "x == y"),
    *("Piecewise((x, x > 0))", "a // b", "x @ y", "x != y", "x += y", "b^2 - 4a c", "exp^-1(x)", "relu^{-1}(x)"),
    *(r"w^{\mathrm{T}} x", r"w^\top x", r"\frac{d}{dx} x^2", r"\exp^{-1}(x)", r"\operatorname{sinc}(x)", r"\sum x"),
    *(
        r"\begin{cases} x & x > 0 \\ 1 & y > 0 \end{cases}",
        r"\begin{vmatrix} 1 \end{vmatrix}",
        "x^T y",
        r"\|x\|_1",
        r"\operatorname{norm}(x)^T",
        r"\pm x",
        r"\hat\foo",
    ),
    *(r"\mathrm{softmax}(x)", r"w_2 + w^{(2)}", r"\alpha abcd", r"\dot", r"\end{align}", r"\frac", r"\sqrt", r"\label"),
]
LEADS = r"write it as|write the one you mean:|did you mean|such as|as in|all of it as|compare:|or <=:|write"
TYPED = re.compile(
    rf"(?:{LEADS}) (.+?)"
    r"(?=\?$|\? \(|; (?=[a-z]+ )|, (?:which|with|a gate) | for | in the | to name | before$|$)"
)
PROSE = re.compile(  # what is told in words, and not to be typed as it stands
    r"a (?:comma|letter|finite|number)\b|an |its |it\b|the |one |out |two |name =|letters|drop |close |open "
    r"|(?:add|write) "
)


def typed_in(hint: str) -> list[str]:
    """Return what a hint tells people to type, each alternative by itself."""
    parts = [part.strip(" ,") for found in TYPED.findall(hint) for part in re.split(r",? or |(?<=\)), ", found)]
    return [part.replace("…", "x") for part in parts if part and not PROSE.match(part)]


def can_be_typed(text: str, program: str, error: BpvizError) -> bool:
    """Say whether a text is read: by itself, as a function, in place of what the carets show, or at the end."""
    start, end = error.place[1:] if error.place else (0, len(program))
    in_place = program[:start] + text + program[end:]
    ways = [text, f"{text}(x)", f"{text}{{x}}{{y}}", in_place, f"{in_place}x", f"{program}{text}", f"{text}x\\right)"]
    ways += [program[:start] + text, f"{in_place}\\right)", f"x{text}"]
    return any(map(is_read, ways))


def is_read(program: str) -> bool:
    try:
        parse(program)
    except BpvizError:
        return False
    return True


@pytest.mark.parametrize("program", MISTAKES)
def test_what_a_hint_says_can_be_typed(program: str) -> None:
    with pytest.raises(BpvizError) as caught:
        parse(program).at()
    assert [text for text in typed_in(caught.value.hint) if not can_be_typed(text, program, caught.value)] == []


def test_most_of_the_hints_have_something_to_type() -> None:
    hints = []
    for program in MISTAKES:
        try:
            parse(program)
        except BpvizError as error:
            hints.append(error.hint)
    assert all(hints)
    assert sum(bool(typed_in(hint)) for hint in hints) > len(hints) / 2


LINES = {  # a command line that is wrong, and what to type after its hint
    'draw "x*y" --x 2 --y 3 --thme dark': 'draw "x*y" --x 2 --y 3 --theme dark',
    'draw "x^2" --x 2 -q': 'draw "x^2" --x 2 --quiet',
    'draw "x^2" --x 2 -o f.svg f.pdf': 'draw "x^2" --x 2 -o f.svg -o f.pdf',
    'draw "x^2" --x 2 -o a.svg,b.png': 'draw "x^2" --x 2 -o a.svg -o b.png',
    "draw x + y --x 2 --y 3": 'draw "x + y" --x 2 --y 3',
    'draw "x^2" x=3': 'draw "x^2" --x 3',
    'table "x^2" --x 2 --precision 4': 'table "x^2" --x 2 --digits 4',
    'draw "x^2" --x 2 --height 6cm': 'draw "x^2" --x 2 --width 6cm',
    'draw "x^2" --x 2 --resolution 300 -o f.png': 'draw "x^2" --x 2 --dpi 300 -o f.png',
    'draw "x*y" --x 2': 'draw "x*y" --x 2 --y 3',
    'draw "x*y" -x 2 --y 3': 'draw "x*y" --x 2 --y 3',
    'draw "x^2" --x 2 -of.svg': 'draw "x^2" --x 2 -o f.svg',
    'draw "xy" --x 2 --y 3': 'draw "x*y" --x 2 --y 3',
    'plot "x^2" --x -1:1:3 -o f.csv': 'sweep "x^2" --x -1:1:3 -o f.csv',
    'grad "x^2" --x 2': 'table "x^2" --x 2',
    'derive "x^2" --x 2': 'steps "x^2" --x 2',
    'derivative "x^2"': 'symbolic "x^2"',
    "explain mul": "gates mul",
    'graph "x^2" --x 2': 'draw "x^2" --x 2',
    'tree "x^2"': 'draw "x^2"',
    'check "x*y" --x 2 --y 3 --claim x': 'check "x*y" --x 2 --y 3 --claim x=3',
    'check "x*y" --x 2 --y 3 --claim dL/dx=3': 'check "x*y" --x 2 --y 3 --claim ∂f/∂x=3',
    "gates --accuracy": "gates",
}


@pytest.mark.parametrize("line", LINES)
def test_what_the_hint_of_a_command_line_says_can_be_typed(shell: Shell, line: str) -> None:
    wrong, right = shlex.split(line), shlex.split(LINES[line])
    done = shell(*wrong)
    hint = done.err.splitlines()[-1]
    told = {word for word in right if word not in wrong and not word[0].isdigit()}
    assert done.status == 2
    assert all(word.partition("=")[0] in hint for word in told)
    assert shell(*right).status == 0


def test_a_star_that_the_shell_put_files_for_is_told(shell: Shell) -> None:
    for name in ("a.txt", "b.md"):
        Path(name).touch()
    assert "did the shell put the names of files in place of a *?" in shell("draw", "x", "a.txt", "b.md", "y").err


@pytest.mark.parametrize("claim", ["∂f/∂x=6", "df/dx = 6", "x:6", "x==6", "x=6, y=2", "∂f/∂x: 6; y=2"])
def test_a_claim_is_read_as_people_write_it(shell: Shell, claim: str) -> None:
    done = shell("check", "x*y + x", "--x", "2", "--y", "5", "--claim", claim)
    assert (done.status, done.out.count("right")) == (0, 1 + ("y" in claim))
