"""The rows of the table, in its order: whole commands, programs from text, layouts, a deck, arrays."""

from __future__ import annotations

import importlib
import random
import shutil
import sys
import tempfile
from functools import partial
from math import isclose
from pathlib import Path
from types import ModuleType
from typing import Any

import bpviz
from tests.benchmarks.measure import MissingPeerError, Row, Side, once, process, repeated
from tests.benchmarks.peers.listing import compute_by_hand

PEERS = Path(__file__).parent / "peers"
EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
POINT = ("--x", "3", "--y", "-4")
CHAIN_POINT = {"x": 0.9, "y": -0.8}
QUICK_GATES = 20
SLIDES = 68  # of a deck on a chain of 30 gates
POINTS = 1_000_000
FOLDER = tempfile.TemporaryDirectory(prefix="bpviz-benchmarks-")


def command(*arguments: str) -> Side:
    """Return a side that runs bpviz as a process."""
    return process([sys.executable, "-m", "bpviz", *arguments])


def script(name: str, *arguments: str) -> Side:
    """Return a side that runs one of the peers' scripts as a process."""
    return process([sys.executable, str(PEERS / name), *arguments])


def need_module(name: str) -> ModuleType:
    """Return a peer's module; raise MissingPeerError if it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise MissingPeerError(f"{name.partition('.')[0]} is not installed") from None


def draw_command() -> Side:
    return command("draw", EXAMPLE, *POINT, "--quiet", "-o", str(Path(FOLDER.name, "ours.svg")))


def draw_beside_floor(quick: bool) -> tuple[Side, Side]:
    return draw_command(), script("bare_figure.py", str(Path(FOLDER.name, "bare.svg")))


def draw_beside_micrograd(quick: bool) -> tuple[Side, Side]:
    need_module("micrograd")
    if not shutil.which("dot"):
        raise MissingPeerError("no dot on PATH")
    return draw_command(), script("micrograd_figure.py", str(Path(FOLDER.name, "micrograd")))


def table_beside_floor(quick: bool) -> tuple[Side, Side]:
    return command("table", EXAMPLE, *POINT), script("bare_table.py", *POINT)


def help_beside_floor(quick: bool) -> tuple[Side, Side]:
    return command("--help"), process([sys.executable, "-c", "import click"])


def chain(gates: int) -> str:
    """Return a program that nests v·y + x in itself until it has so many gates."""
    return "(" * (gates // 2 - 1) + "x*y + x" + ")*y + x" * (gates // 2 - 1)


def statements(gates: int) -> str:
    """Return the same chain as a program, a statement a gate."""
    lines = []
    for i in range(1, gates // 2 + 1):
        lines += [f"m{i} = {f'v{i - 1}' if i > 1 else 'x'}*y", f"v{i} = m{i} + x"]
    return "\n".join(lines)


def run_text(program: str) -> bpviz.Trace:
    return bpviz.parse(program, limit={"characters": 10 * len(program)}).at(CHAIN_POINT)


def text_beside_micrograd(gates: int, quick: bool) -> tuple[Side, Side]:
    value = need_module("micrograd.engine").Value
    gates = QUICK_GATES if quick else gates
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10 * gates))  # micrograd's topological sort recurses

    def run_micrograd() -> tuple[float, float, float]:
        x, y = (value(number) for number in CHAIN_POINT.values())
        v = x
        for _ in range(gates // 2):
            v = v * y + x
        v.backward()
        return v.data, x.grad, y.grad

    program = chain(gates)
    trace = run_text(program)
    numbers = (trace.values[trace.graph.output], trace.gradients["x"], trace.gradients["y"])
    assert all(isclose(ours, theirs) for ours, theirs in zip(numbers, run_micrograd(), strict=True))
    return repeated(lambda: run_text(program)), repeated(run_micrograd)


def text_beside_a_tenth(gates: int, quick: bool) -> tuple[Side, Side]:
    whole, tenth = (statements(10 * QUICK_GATES if quick else gates), statements(QUICK_GATES if quick else gates // 10))
    return once(lambda: run_text(whole)), once(lambda: run_text(tenth))


def network(gates: int) -> str:
    """Return a random program of so many gates that looks like one: most gates take what was made just before."""
    chance = random.Random(1)
    names = [f"x{i}" for i in range(1 + gates // 20)]
    loose, lines = list(names), []
    for i in range(gates):
        operands = [loose.pop(0) if loose else chance.choice(names[-8:]) for _ in range(2)]
        joins = len(loose) >= gates - i - 1 or chance.random() < 0.6
        # no products: three hundred of them overflow
        form = chance.choice(("{} + {}", "{} - {}", "max({}, {})") if joins else ("relu({})", "tanh({})", "sin({})"))
        lines.append(f"g{i} = {form.format(*operands)}")
        loose += [operands[1]] if not joins and operands[1] not in loose else []
        names.append(f"g{i}")
        loose.append(f"g{i}")
    return "\n".join(lines)


def layout_beside_pygraphviz(gates: int, quick: bool) -> tuple[Side, Side]:
    graph = bpviz.parse(network(QUICK_GATES if quick else gates))
    trace = graph.at({name: 0.1 + 0.01 * i for i, name in enumerate(graph.input_names)})
    dot = trace.draw().data("dot").decode()
    pygraphviz = need_module("pygraphviz")
    return once(lambda: trace.draw().svg), once(lambda: pygraphviz.AGraph(string=dot).draw(format="svg", prog="dot"))


def deck_beside_a_figure(gates: int, quick: bool) -> tuple[Side, Side]:
    trace = run_text(chain(8 if quick else gates))
    assert quick or trace.deck().pages == SLIDES
    return once(lambda: trace.deck().pdf()), once(lambda: trace.draw().data("pdf"))


def arrays_beside_numpy(points: int, quick: bool) -> tuple[Side, Side]:
    numpy = need_module("numpy")
    function: Any = bpviz.compile(bpviz.parse(EXAMPLE))
    generator = numpy.random.default_rng(0)
    x, y = (generator.normal(0, 3, 1000 if quick else points) for _ in range(2))
    assert numpy.allclose(function(x=x, y=y)[0], compute_by_hand(x, y)[0])
    return once(lambda: function(x=x, y=y)), once(lambda: compute_by_hand(x, y))


COLD = 15  # runs of what starts processes

ROWS = (
    Row(
        name="draw",
        what="bpviz draw of the example to SVG, cold",
        against="a bare script with click, graphviz and pygraphviz that lays out as large a DOT",
        goal=1.1,
        prepare=draw_beside_floor,
        runs=COLD,
    ),
    Row(
        name="draw-micrograd",
        what="the same",
        against="a script on micrograd, graphviz and the system's dot",
        goal=1.6,
        prepare=draw_beside_micrograd,
        runs=COLD,
    ),
    Row(
        name="table",
        what="bpviz table of the example, cold",
        against="a rich table under click",
        goal=1.5,
        prepare=table_beside_floor,
        runs=COLD,
    ),
    Row(
        name="help",
        what="bpviz --help, cold",
        against="import click",
        goal=1.4,
        prepare=help_beside_floor,
        runs=COLD,
    ),
    Row(
        name="text-1000",
        what="1,000 gates from text to gradients",
        against="micrograd builds and runs them in Python",
        goal=6,
        prepare=partial(text_beside_micrograd, 1000),
    ),
    Row(
        name="text-100000",
        what="100,000 gates from text to gradients",
        against="10,000 gates",
        goal=12,
        prepare=partial(text_beside_a_tenth, 100_000),
        runs=3,
    ),
    *(
        Row(
            name=f"layout-{gates}",
            what=f"a figure of {gates} gates as SVG",
            against="pygraphviz on the same DOT",
            goal=1.25,
            prepare=partial(layout_beside_pygraphviz, gates),
            runs=5,
        )
        for gates in (100, 300)
    ),
    Row(
        name="deck",
        what=f"a deck of {SLIDES} slides as PDF",
        against="one PDF of its figure",
        goal=8,
        prepare=partial(deck_beside_a_figure, 30),
        runs=5,
    ),
    Row(
        name="points",
        what=f"value and gradients of the example at {POINTS:,} points, compiled",
        against="the listing by hand in NumPy",
        goal=1.3,
        prepare=partial(arrays_beside_numpy, POINTS),
        runs=15,
    ),
)
