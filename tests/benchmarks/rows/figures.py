"""Figures: the layout of large ones beside dot on the same text, and 200 of them in one call."""

from __future__ import annotations

import random
from functools import partial
from pathlib import Path

import bpviz as library
from tests.benchmarks.measure import once
from tests.benchmarks.processes import EXAMPLE, POINT, bpviz, folder, process, program
from tests.benchmarks.records import Row, Side, Sides

FIGURES, QUICK_FIGURES = 200, 3
QUICK_GATES = 20
UNARY = ("{} = relu({})", "{} = tanh({})", "{} = sin({})")
BINARY = ("{} = {} + {}", "{} = {} - {}", "{} = max({}, {})")  # no products: three hundred of them overflow


def network(gates: int, seed: int = 1) -> str:
    """Return a random program of so many gates that looks like one: most gates take what was made just before."""
    chance = random.Random(seed)
    names = [f"x{i}" for i in range(1 + gates // 20)]
    loose = list(names)
    lines = []
    for i in range(gates):
        pick = [loose.pop(0) if loose else chance.choice(names[-8:]) for _ in range(2)]
        must_join = len(loose) >= gates - i - 1
        form = chance.choice(BINARY if must_join or chance.random() < 0.6 else UNARY)
        name = f"g{i}"
        lines.append(form.format(name, *pick))
        loose += [pick[1]] if form in UNARY and pick[1] not in loose else []
        names.append(name)
        loose.append(name)
    return "\n".join(lines)


def _layout(gates: int, whole_process: bool, quick: bool) -> Sides:
    gates = QUICK_GATES if quick else gates
    text = network(gates)
    graph = library.parse(text)
    point = {graph.nodes[i].name: 0.1 + 0.01 * k for k, i in enumerate(graph.inputs)}
    file = folder() / f"network-{gates}.dot"
    file.write_bytes(library.draw(graph, **point).data("dot"))
    dot = process([program("dot"), "-Tsvg", str(file), "-o", str(file.with_suffix(".svg"))])
    if not whole_process:
        return Sides(once(lambda: library.draw(graph, **point).svg), dot)
    source = file.with_suffix(".bp")
    source.write_text(text, encoding="utf-8")
    values = [part for name, value in point.items() for part in (f"--{name}", str(value))]
    return Sides(process(bpviz("draw", str(source), *values, "--quiet", "-o", str(file.with_suffix(".ours.svg")))), dot)


def _build(quick: bool) -> Sides:
    figures = QUICK_FIGURES if quick else FIGURES
    file = _figures_file(folder() / "figures", figures)
    one = process(bpviz("draw", EXAMPLE, *POINT, "--quiet", "-o", str(folder() / "one.svg")))
    return Sides(process(bpviz("build", str(file), "--force", "--quiet")), _times(figures, one))


def _times(number: int, side: Side) -> Side:
    return lambda: number * side()


def _figures_file(place: Path, figures: int) -> Path:
    place.mkdir(exist_ok=True)
    tables = [
        f'[[figure]]\nprogram = "{EXAMPLE}"\nvalues = {{ x = {3 + i / 100}, y = -4 }}\noutput = "figure{i}.svg"\n'
        for i in range(figures)
    ]
    file = place / "figures.toml"
    file.write_text("\n".join(tables), encoding="utf-8")
    return file


def _row(gates: int, whole_process: bool) -> Row:
    return Row(
        name=f"layout-{gates}{'-process' if whole_process else ''}",
        what=f"draw of {gates} gates to SVG, {'whole process' if whole_process else 'in the process'}",
        against="dot -Tsvg on the same DOT text, whole process",
        goal=1.2,
        prepare=partial(_layout, gates, whole_process),
        runs=5,
    )


ROWS = (
    *(_row(gates, whole_process) for gates in (100, 300) for whole_process in (False, True)),
    Row(
        name="build",
        what=f"{FIGURES} figures of the example in one call of bpviz build",
        against=f"one cold bpviz draw × {FIGURES}",
        goal=1 / 10,
        prepare=_build,
        cold=True,
        runs=3,
    ),
)
