"""Input that means harm, by the thousand: python -m tests.fuzz --seconds 60 --seed 1

Random characters, random tokens, valid programs with something wrong in them, LaTeX and pasted code in pieces, and
whole command lines with hostile words; and valid programs, whose texts, listings and closed forms are run and held
against the trace (fuzz_programs.py). All that may come of them is a result or a BpvizError, within two seconds of the
processor's time and 500 MB. Prints how many were tried, the slowest and the memory; exit status 1 where something else
came of one.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from bpviz import cli
from bpviz.autodiff import run
from bpviz.errors import BpvizError
from bpviz.lang import parse, read_constant, unparse
from tests import fuzz_programs, fuzz_vectors

try:
    import resource
except ImportError:  # Windows has none: there neither memory nor the seconds of other processes are measured
    resource = None  # type: ignore[assignment]

MOST_SECONDS, MOST_MEGABYTES = 2.0, 500.0  # of processor time for one case, of memory for all texts and for a process
TRACED = 5  # times as long a case takes while the lines that it runs are counted
ROOT = Path(__file__).parent.parent
COMMANDS = (
    *("draw", "table", "steps", "code", "check", "symbolic") * 3,
    *("gates", "check", "deck", "page", "worksheet", "exercise", "sweep", "descend", "build", "quarto"),
)
UNTRIED = {"--open", "--help", "--watch"}  # windows; help; for ever
SLOW = {"deck", "page", "worksheet"}  # whose work is as long as the program
MOST_WIRES_OF_SLOW = 25

# fmt: off
TOKENS = (
    *"+-*/^()[]|,=;:\n²³√πxyzeσ0123456789. \t#_$\\{}!?<>&'\"%~@`∞½…",
    "**", "−", "×", "·", "÷", "sin", "max(", "min(", "σ(", "exp(", "ln(", "log(", "sqrt(", "relu(", "(x)", "x = ",
    "1e3", "1e308", "1e-308", "5e-324", "1e999", "0.1", "w_0", "θ", "pi", "x^2", "f = ", "; ", "dot(", "mean(", "se(",
    "atan2(", "log(x, ", "gelu(", "where(", "root(", "Φ(", "logsumexp(", "if",
    "else", "e\u0301", "变", "🙂", "\u200b", "\u202e", "\r\n", "\ufeff", "ˣ", "\0", "\x1b[31m",
    "__import__('os').system('true')", "{0.__class__}", "%s", "${HOME}", "$(true)", "`true`",
)
SOUP = (
    r"\frac{", "}{", "}", r"\sqrt[", r"\sqrt{", r"\left(", r"\right)", r"\left|", r"\right|", r"\sigma", "e^{", "^{",
    r"\mathrm{", "_{", r"\cdot", r"\\", "^2", r"\exp", r"\ln", r"\operatorname{", r"\max", "$", "$$", "&", "%", "x",
    "y", "2", "+", "-", "(", ")", "=", r"\text{", r"\theta", r"\input{/etc/passwd}", r"\write18{true}", r"\def",
    r"\log_", r"\tanh", r"\,",
    r"\quad", "w_{10}", "|", ",", r"\bigl(", r"\begin{aligned}", r"\end{aligned}", r"\times", " ", "\n",
)
PROGRAMS = (
    "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)", "q = x + y; f = q*z", "-x^2 + 2x*y - |x|", "x = 3; y = 4; x*y + x/y",
    r"\frac{x + \sigma(y)}{\sigma(x) + (x+y)^2}", "max(x, y, z) + relu(x) - min(x, 3)", "log(x, 3) + sqrt(y) + x^y",
    "a = x*2\nb = a^2  # twice; a = b\n|a|/b",
    "softplus(x) + gelu(y) + bce(σ(x), 1)", "2^x + x^2 + exp(-x^2/2)/sqrt(2π)",
    "w_0*x_0 + w_1*x_1 + b", "atan2(y, x) + hypot(x, y)", "c = x; c = c*c + 1; c = c*c + 1; c", "f = (x - x)*(x + x)",
    r"e^{-\left|x\right|} + \sqrt[3]{y} + w_{10}", "tanh(θ·x) ÷ (1 + x²)", "1e200*x*1e200*y", "0*sqrt(x)",
    f"max({', '.join(f'w_{i}' for i in range(30))})^2 + min({'x, ' * 50}y)", "tanh(" * 40 + "x" + ")" * 40,
    f"prod({', '.join(f'w_{i} + {i}' for i in range(40))})", "atan2(y, x)*step(y) + |x|^2",
    r"\begin{cases} x^2, & x \ge 0, \\ -x, & x < 0. \end{cases}", "Piecewise((x, x > 0), (0.1*x, True))",
    "def f(x, y):\n    z = x*y\n    return z + 1", "np.exp(-x)*np.sin(y) + math.sqrt(x**2)",
    "x > 1 ? x^2 : x > 0 ? x : y",
    r"\begin{align*} z &= w^{(1)} x + b \\ L &= \tfrac12 (z - t)^2 \label{eq:l} \end{align*}", "x if x > 0 else y",
    r"\sigma^2(x) + \tan^{-1}(y) + \sqrt[3]{\hat{y}'} + \left|h_{t-1}\right|", "lambda x, y: x*y + 1", "x⁻² + ¾e⁻ˣ",
    r"a\sin b\cos c + \ln xy", "f(w) := w^2 + e^(-w)",
    "W: 2x3; x: 3; sum(relu(W@x))", "v = [1, 2, 3]; sum(v*x)^2", "W = [1 2; 3 4]; x = [y, 2]; q = W@x; q@q + W[1, 0]",
    "z = [1, -2, 3]; p = softmax(z); cross_entropy(z; 0) + p[1]*x",
    r"x = \begin{bmatrix} 1 \\ 2 \end{bmatrix} \\ \|x\|^2 + y",
)
LATEX = (  # what stands in lecture notes, whole and in halves
    *SOUP, r"\frac", r"\dfrac{1}{2}", r"\tfrac12", r"\ln", r"\ln x", r"\sin^2 x", r"\sin^{-1}", r"\log_2 x",
    r"\log_{", r"\lg",
    "w^{(2)}", "^{(2)}", "a^{[l]}", r"^{\text{new}}", "^*", "^T", r"^{\mathrm{T}}", r"^\prime", "x'", "''", "x^2_1",
    "h_{t-1}",
    r"w_{h_{1}}", r"w_\text{in}", "{g}_{k}", "{{w}_{1}}", r"\left|", r"\right|", r"\left\{", r"\right\}", r"\left[",
    r"\right]",
    r"\lvert", r"\rvert", r"\lVert x \rVert", r"\begin{cases}", r"\end{cases}", r" x & x > 0 \\ 0 & \text{otherwise}",
    "& x \\geq 0",
    r"\text{if } x < 0", r"\text{otherwise}", r"\begin{align*}", r"\end{align*}", r"\begin{equation}",
    r"\end{equation}", r"\begin{split}",
    r"\end{split}", r"\\[2pt]", r"\\*", r"\label{eq:1}", r"\tag{1}", r"\nonumber", r"\displaystyle", r"\qquad", r"\[",
    r"\]", r"\(", r"\)",
    r"\hat{y}", r"\hat y", r"\bar{w}", r"\vec w", r"\dot x", r"\tilde", r"\mathbf{w}", r"\boldsymbol{\theta}",
    r"\mathcal L", r"\mathit",
    r"\partial", r"\frac{d}{dx}", r"\frac{\partial f}{\partial x}", r"\sum_{i=1}^n", r"\max(", r"\min_",
    r"\sigma^2(x)", r"\sigma", r"\eta(",
    r"\phi", r"e^x", r"{e}^{-x}", r"\log_e", r"\sqrt[3]{x}", r"\sqrt[n]", r"\sqrt x", r"\frac12", "ab", "xyz", "abcd",
    "2x", ".", ", ", "<", ">",
    r"\leq", r"\ge", r"\neq", r"\pm", r"\operatorname{relu}", r"\operatorname{softmax}", r"\Phi(x)", r"\color{red}",
    r"\phantom{x}", "%\n", r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", r"\begin{pmatrix}", r"\end{bmatrix}", "&",
    r"W^\top x", r"^\top", r"\odot", r"\|", r"\|x\|_2^2", "_2", r"\lVert", r"\rVert", "(AB)^T",
    r"\mathbf{w}^T\mathbf{x}",
)
CODE = (  # what stands in notebooks and chats
    "def f(x):\n    return ", "def f(", "def ", "lambda x: ", "lambda x, y: ", "lambda", "return ", "return",
    "f(x) = ", "f(x, y) := ", ":=", "f = ",
    "np.exp(", "np.", "np.where(", "math.sqrt(", "math.pi", "torch.nn.functional.relu(", "F.", "jnp.maximum(",
    "tf.nn.sigmoid(", "Math.pow(x, 2)",
    "Exp[", "Sin[x]", "Log[", "Piecewise((", "Piecewise((x, x > 0), (0, True))", ", True)", "(0, True)",
    "where(x > 0, x, 0)", "where(", "x > 0",
    "x if x > 0 else y", " if ", " else ", "x > 0 ? x : y", " ? ", " : ", ":", "<=", ">=", "==", "!=", "x**2", "//",
    "/*", "# note\n", "\n    ", "\n",
    ";", "x⁻¹", "e⁻ˣ", "2ⁿ", "⁻", "ⁿ", "½", "⅓x", "x′", "x''", "'", "’", "“", "”", "𝑥", "𝛼", "（", "）", "ｘ", "µ", "⋅",
    "∗", "⊙", "⁄", "≤", "≥", "λ", "x₁",
    "x", "y", "2", "+", "-", "*", "/", "(", ")", "[", "]", ",", "e", "e^x", "e = 2", "sin ", "sin²(x)", "sin^2(x)",
    "σ", "σ(", "σ^2(x)", "|x|", "|",
    "max(", "softmax(", "argmax(", "diff(x, x)", "d/dx ", "xy", "4ac", "ŷ", "w\u20d7", "\u0302", "pi", "True", "None",
    "self.w", "x.T", "@", "%",
    "[1, 2]", "[[1, 2], [3, 4]]", "[1 2; 3 4]", "[1 -2]", "[x 2]", "[", "]", "np.array([[1, 2], [3, 4]])",
    "tensor([1.,",
    "W: 2x3; ", "x: 2\n", "X.sum(axis=0)", ".sum()", ".dot(x)", ".T", "W[:, 0]", "[1:]", "[0]", "[-1, 0]", "A'@x",
    "concat(", "np.concatenate([x, x], axis=1)", "axis=1", "dim=", "F.softmax(x, dim=0)", "cross_entropy(x; 0)",
    "norm(",
)
FILES = {  # in the folder where command lines are tried
    "p.bp": "x = 3\ny = -4\nf = x*y + σ(x)\n".encode(),
    "binary.bp": bytes(range(256)),
    "b.toml": b'[[figure]]\nprogram = "x*y"\nvalues = { x = 3, y = "1/2" }\noutput = "b.svg"\n'
    b'[[code]]\nprogram = "p.bp"\n[[table]]\nprogram = "p.bp"\noutput = ["b.csv", "b.tex"]\n',
    "w.csv": b"1,2\n3,4\n",
    "wrong.toml": b'[[figure]]\nprogram = 3\n[figure.values]\nx = [1]\n[defaults]\ntheme = "none"\n',
}
VALUES = (
    "3", "-4", "0", "-0", "0.5", "pi/2", "1e-3", "1e308", "5e-324", "-1e308", "1e999", "inf", "nan", "1/0", "", "x",
    "9^9^9^9", "(" * 50, "1e-999", "½", "−2", "2^0.5", "1" * 2000, "__import__('os')", "{}", "\udcff", "--x", "-", "=",
    "[1, 2]", "[[1, 2], [3, 4]]", "[1 -2; 3 4]", "[[1, 2], [3]]", "[", "[[[1]]]", "@w.csv", "@no.csv", "@", "@.",
)
TITLES = (
    "a title", '"', "<b>&amp;</b>", "\\", "\\N \\G \\l", "{", "%", "#", "|", "one\ntwo", "\u202eabc", "🙂🙂", "]]>",
    "</svg>",
    "<script>alert(1)</script>", r"\input{x}", "$x$", "#read(\"/etc/passwd\")", "\0", "\udcff", "\x07\x1b[0m", "-->",
    "t" * 10_000, "🙂" * 10_000, "", " ", "%(x)s {x}", "'; true; '", "~", "^^M", "\u2028", "\ufffe",
)
TARGETS = ("f.svg", "f.pdf", "f.png", "f.dot", "f.tex", "f.py", "f.md", "f.txt", "f.csv", "f.json", "-", "no/f.svg",
           "folder", "folder.svg", "f", "", ".", "..", ".svg", "ä ü.svg", "f" * 300 + ".svg", "\udcff.svg", "f.SVG",
           "f.html", "f.pptx", "f.gif", "frames/", "f.npz", "f.bp", "f.typ")
NAMES = ("x", "y", "z", "w_0", "θ", "a", "b", "q", "f", "w_10", "x_0", "set", "o", "变", "_", "__class__", "x" * 3000)
# fmt: on


# fmt: off
FITTING = {"--width": "12cm", "--claim": "x=0.18", "--limit": "gates=1000", "--set": "x=1", "--only": "x", "--for": "x",
           "--show": "values,local", "--highlight": "x", "--given": "x.value", "--key": "k.pdf", "--variants": "2",
           "--at": "x=1", "--params": "x", "--minimize": "f", "--maximize": "f", "--rate": "0.1", "--dpi": "50"}
GATES = ("add,mul", "sigmoid,mul,add", "max", "nothing", "sin,,cos", "")  # of an exercise
# fmt: on


SUMMARY = re.compile(
    r"([0-9,]+) texts, ([0-9,]+) command lines and ([0-9,]+) processes:\s+0 findings,\s+([0-9.]+) s and (\d+) MB "
    r"at the most"
)
KINDS = {"parse": "texts", "command": "command lines", "process": "processes"}
TEXTS, PROCESS, LINES = "all texts", "a process", "all command lines in one process"
ALL_LIBRARIES = 1000.0  # megabytes: of sympy, Typst, matplotlib and Graphviz in one process, and what they keep


@dataclass
class Report:
    """What came of all that was tried."""

    tried: Counter[str] = field(default_factory=Counter)
    fine: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, tuple[float, str]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    most_seconds: float = MOST_SECONDS

    def note(self, kind: str, case: str, seconds: float, fine: bool, finding: str = "") -> None:
        """Count one case."""
        self.tried[kind] += 1
        self.fine[kind] += fine
        if seconds > self.slowest.get(kind, (0.0, ""))[0]:
            self.slowest[kind] = (seconds, case)
        if seconds > self.most_seconds * (TRACED if sys.gettrace() else 1):
            finding = finding or f"took {seconds:.1f} s"
        if finding:
            self.findings.append(f"{kind}: {case[:2000]}\n  {finding}")

    def measure(self, what: str, most: float = MOST_MEGABYTES, *, children: bool = False) -> None:
        """Note how much memory something has taken by now, and find it if that is too much."""
        self.memory[what] = megabytes(children=children)
        if self.memory[what] > most:
            self.findings.append(f"{self.memory[what]:.0f} MB for {what}")

    def text(self) -> str:
        """Return the report as lines, the last but one as the README has it."""
        lines = []
        for kind, count in sorted(self.tried.items()):
            seconds, case = self.slowest[kind]
            lines.append(
                f"{kind:>9}: {count:,} tried, {self.fine[kind]:,} with a result, slowest {seconds:.2f} s: {case[:120]}"
            )
        lines.append(f"   memory: {', '.join(f'{most:.0f} MB for {what}' for what, most in self.memory.items())}")
        return "\n".join([*lines, self.summary(), f" findings: {len(self.findings)}", *self.findings[:20]])

    def summary(self) -> str:
        """Return what was tried as a sentence, which the README quotes."""
        *tried, last = (f"{self.tried[kind]:,} {words}" for kind, words in KINDS.items())
        slowest = max((seconds for seconds, _ in self.slowest.values()), default=0.0)
        memory = max(self.memory.get(what, 0.0) for what in (TEXTS, PROCESS))
        found = f"{len(self.findings)} findings, {slowest:.1f} s and {memory:.0f} MB at the most"
        return f"{', '.join(tried)} and {last}: {found}"


def megabytes(*, children: bool = False) -> float:
    """Return the most memory that this process, or the largest of its children, has had.

    Linux's ru_maxrss of a process starts at its parent's; the peak in /proc is its own.
    """
    status = Path("/proc/self/status")
    if not children and status.exists():
        peak = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1024
    if resource is None:
        return 0.0
    return resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF).ru_maxrss / 1024


# texts


def any_text(chance: random.Random) -> str:
    """Return a text of one of the kinds, a name of the kind before it."""
    kind = chance.choice((random_characters, random_tokens, mutated, mutated, soup, latex, code))
    return kind(chance)


def random_characters(chance: random.Random) -> str:
    """Return bytes read in one of the ways in which programs come: as UTF-8, as a shell does, as Latin-1."""
    data = chance.randbytes(chance.randrange(60))
    return chance.choice((data.decode("utf-8", "replace"), os.fsdecode(data), data.decode("latin-1")))


def random_tokens(chance: random.Random) -> str:
    return "".join(chance.choices(TOKENS, k=chance.randrange(30)))


def soup(chance: random.Random) -> str:
    return "".join(chance.choices(SOUP, k=chance.randrange(25)))


def latex(chance: random.Random) -> str:
    """Return fragments of LaTeX in any order, most often with something that shows that it is LaTeX."""
    return chance.choice(("", r"\alpha ", "$")) + "".join(chance.choices(LATEX, k=chance.randrange(1, 12)))


def code(chance: random.Random) -> str:
    """Return fragments of pasted code in any order."""
    return chance.choice(("", " ")).join(chance.choices(CODE, k=chance.randrange(1, 12)))


def mutated(chance: random.Random) -> str:
    """Return a valid program after some letters of it were put in, taken out, doubled or exchanged."""
    text = list(chance.choice(PROGRAMS))
    for _ in range(chance.randrange(4)):
        at, kind = chance.randrange(len(text) + 1), chance.randrange(5)
        if kind == 0:
            text[at:at] = chance.choice(TOKENS)
        elif kind == 1:
            del text[at : at + chance.randrange(1, 4)]
        elif kind == 2:
            start = chance.randrange(len(text) + 1)
            text[at:at] = text[start : start + chance.randrange(1, 12)] * chance.choice((1, 1, 1, 40))
        elif kind == 3:
            text = text[at:] + text[:at]
        else:
            text[at : at + 1] = chance.choice(SOUP)
    return "".join(text)


# one text through the library


def try_text(text: str, chance: random.Random, report: Report) -> None:
    """Parse a text, run it at a point, print it as a program again; and read it as a value."""
    level, share, constants = (
        chance.choice(("fused", "lecture", "elementary")),
        chance.random() < 0.3,
        chance.random() < 0.3,
    )
    started, finding, fine = time.process_time(), "", False
    try:
        with contextlib.suppress(BpvizError):
            read_constant(text, "x")
        graph = parse(text, gates=level, share=share, constants=constants)
        fine = True
        with contextlib.suppress(BpvizError):
            run(graph, {graph.nodes[i].name: chance.choice((0.0, -1.5, 3.0, 1e-300, 1e300)) for i in graph.inputs})
        unparse(graph)
    except BpvizError as error:
        finding = find_fault(error)
    except Exception:
        finding = traceback.format_exc()
    report.note("parse", repr(text), time.process_time() - started, fine, finding)


def find_fault(error: BpvizError) -> str:
    """Return what is wrong with an error itself; nothing if it is one that a person can read."""
    if not str(error).strip():
        return "an error without a word"
    if len(str(error)) > 5000:
        return f"an error of {len(str(error))} characters"
    return "" if error.exit_status in (1, 2) else f"exit status {error.exit_status}"


# command lines


def command_line(chance: random.Random) -> list[str]:
    """Return a command line: a command, a program, a point, options with values fit or not, in any order."""
    name = chance.choice(COMMANDS)
    program = _program(chance, MOST_WIRES_OF_SLOW if name in SLOW else sys.maxsize)
    words = [[_subject(name, program, chance)]]
    names = _inputs(program) if chance.random() < 0.8 else chance.choices(NAMES, k=chance.randrange(5))
    for each in names if name not in ("exercise", "build", "quarto") or chance.random() < 0.1 else ():
        value = chance.choice(VALUES) if chance.random() < 0.1 else f"{chance.uniform(-4, 4):.3g}"
        value = f"{value}:5:{chance.choice((2, 7, 50))}" if name == "sweep" and chance.random() < 0.6 else value
        words.append([f"--{each}={value}"] if chance.random() < 0.4 else [f"--{each}", value])
    options = [each for each in cli.bpviz.commands[name].params if isinstance(each, click.Option)]
    options = [option for option in options if UNTRIED.isdisjoint(option.opts)]
    for option in chance.choices(options, k=chance.randrange(4)):
        words.append(_option(option, chance, name))
    if name == "exercise":
        words[0] = ["--gates", chance.choice(GATES)]
    if chance.random() < 0.1:
        words.append([chance.choice(("--", "-", "--nothing", "--thme", "-x", random_characters(chance)))])
    if chance.random() < 0.5:
        chance.shuffle(words)
    return [name, *(word for group in words for word in group)]


def _subject(name: str, program: str, chance: random.Random) -> str:
    """Return the word that is no option: a gate's name, a file's, or a program."""
    if name == "gates":
        return chance.choice(("sigmoid", "multiply", "max", "relu", "nothing"))
    return chance.choice(("b.toml", "b.toml", "wrong.toml", "no.toml", program)) if name == "build" else program


def _program(chance: random.Random, most: int) -> str:
    """Return a program of at most so many wires, or what is none, or where it is to be found."""
    if chance.random() < 0.2:
        program = any_text(chance)
    else:
        program = chance.choice(("-", "p.bp", "binary.bp", "no.bp", "folder.bp", *PROGRAMS, *PROGRAMS))
    with contextlib.suppress(BpvizError):
        return program if len(list(parse(program).wires())) <= most else "x*y + x"
    return program


def _inputs(program: str) -> list[str]:
    try:
        graph = parse(program)
    except BpvizError:
        return ["x", "y"]
    return list(graph.variable_names)


def _option(option: click.Option, chance: random.Random, command: str) -> list[str]:
    flag = chance.choice([*option.opts, *option.secondary_opts])
    if option.is_flag:
        return [flag]
    if command == "exercise" and flag == "--gates":
        return [flag, chance.choice(GATES)]
    if "--title" in option.opts:
        return [flag, chance.choice(TITLES)]
    if "--output" in option.opts:
        return [flag, chance.choice(TARGETS)]
    if isinstance(option.type, click.Choice) and chance.random() < 0.9:
        return [flag, chance.choice(option.type.choices)]
    if chance.random() < 0.8:
        return [flag, FITTING.get(flag) or str(chance.choice((1, 2, 5, 12, 0.5)))]
    return [flag, chance.choice((*VALUES, "1", "5", "12cm", "x=1", "x=0.18", "y", "300", "values,local"))]


@dataclass(frozen=True)
class Done:
    """What a command line left: its status, what it printed to standard error, the processor's seconds."""

    status: int
    err: str
    seconds: float


def in_process(words: Sequence[str], stdin: bytes) -> Done:
    """Run a command line here, as a shell would."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="strict") for _ in range(2))
    before = sys.argv, sys.stdin, sys.stdout, sys.stderr
    sys.argv, sys.stdin, sys.stdout, sys.stderr = ["bpviz", *words], io.TextIOWrapper(io.BytesIO(stdin)), out, err
    started, status = seconds_taken(), -1
    try:
        cli.main()
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else -1
    except BaseException:
        err.write(traceback.format_exc())
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr = before
    err.flush()
    return Done(status, err.buffer.getvalue().decode(), seconds_taken() - started)


def seconds_taken() -> float:
    """Return the processor's seconds that this process and those that it has started have taken so far."""
    if resource is None:
        return time.process_time()
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def as_process(words: Sequence[str], stdin: bytes) -> Done:
    """Run a command line as a process of its own."""
    started = seconds_taken()
    line = [sys.executable, "-m", "bpviz", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(line, input=stdin, capture_output=True, env=environment, check=False, timeout=60)
    return Done(done.returncode, done.stderr.decode("utf-8", "replace"), seconds_taken() - started)


def try_line(words: Sequence[str], report: Report, stdin: bytes, *, process: bool) -> None:
    """Run a command line and judge what it left."""
    if process and any("\0" in word for word in words):
        return  # no system can start it
    done = (as_process if process else in_process)(words, stdin)
    finding = ""
    if done.status not in (0, 1, 2) or "Traceback" in done.err:
        finding = f"status {done.status}: {done.err[-3000:]}"
    elif done.status == 2 and not done.err.strip():
        finding = "a failure without a word"
    elif any(name.endswith(".tmp") for name in os.listdir(".")):
        finding = "a temporary file is left"
    report.note("process" if process else "command", repr(list(words)), done.seconds, done.status == 0, finding)


def try_programs(seed: int, count: int, report: Report, seconds: float = float("inf")) -> None:
    """Try random valid programs in every text and listing, until there are so many or the time is over."""
    for text, taken, fine, finding in fuzz_programs.findings(seed, count, seconds):
        report.note("program", repr(text), taken, fine, finding)


def try_vectors(seed: int, count: int, report: Report, seconds: float = float("inf")) -> None:
    """Try random programs of vectors against NumPy, until there are so many or the time is over."""
    for text, taken, fine, finding in fuzz_vectors.findings(seed, count, seconds):
        report.note("vectors", text, taken, fine, finding)


@contextlib.contextmanager
def workplace() -> Iterator[None]:
    """Stand in a fresh folder with a few programs in it."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, data in FILES.items():
            Path(name).write_bytes(data)
        for name in ("folder", "folder.bp", "folder.svg"):
            Path(name).mkdir()
        try:
            yield
        finally:
            os.chdir(before)


def try_texts(seed: int, count: int, report: Report, seconds: float = float("inf")) -> None:
    """Try random texts until there are so many or the time is over."""
    chance, end = random.Random(seed), time.monotonic() + seconds
    for _ in range(count):
        try_text(any_text(chance), chance, report)
        if time.monotonic() > end:
            return


def try_lines(seed: int, count: int, report: Report, *, processes: bool = False, seconds: float = float("inf")) -> None:
    """Try random command lines until there are so many or the time is over."""
    chance, end = random.Random(seed), time.monotonic() + seconds
    with workplace():
        for _ in range(count):
            stdin = any_text(chance).encode("utf-8", "surrogateescape") if chance.random() < 0.5 else b"x*y"
            try_line(command_line(chance), report, stdin, process=processes)
            if time.monotonic() > end:
                return


def main() -> None:
    """Fuzz for as long as is asked for, and say what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long, in all")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    report, most = Report(), sys.maxsize
    try_texts(asked.seed, most, report, asked.seconds * 0.3)
    report.measure(TEXTS)
    try_lines(asked.seed + 1, most, report, processes=True, seconds=asked.seconds * 0.2)
    report.measure(PROCESS, children=True)  # now: on Linux it is counted from what its parent has
    try_lines(asked.seed, most, report, seconds=asked.seconds * 0.3)
    try_programs(asked.seed, most, report, asked.seconds * 0.15)
    try_vectors(asked.seed, most, report, asked.seconds * 0.05)
    report.measure(LINES, ALL_LIBRARIES)
    print(report.text())  # noqa: T201  a command
    sys.exit(bool(report.findings))


if __name__ == "__main__":
    main()
