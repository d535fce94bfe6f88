"""Draw every picture of the README and of this folder, and its web page: python samples/render.py.

With --check nothing is written, and the exit status is 1 if a picture would change. The tests do that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from struct import pack
from typing import Any
from zlib import crc32

import bpviz
from bpviz.lecture import draw_gate, exercise

HERE = Path(__file__).parent
TypstSource = tuple[str, dict[str, bytes]]  # a document, and the files that it reads
Options = dict[str, Any]  # keywords of bpviz.draw, bpviz.sweep, …

# picture: program, options of draw
PICTURES: dict[str, tuple[str, Options]] = {
    "example.svg": ("example.bp", {}),
    "example-cs231n.svg": ("example.bp", {"theme": "cs231n"}),
    "example-print.svg": ("example.bp", {"theme": "print"}),
    "example-dark.svg": ("example.bp", {"theme": "dark"}),
    "example-blank.svg": ("example.bp", {"blank": True}),
    "circuit.svg": ("circuit.bp", {"theme": "cs231n"}),
    "neuron.svg": ("neuron.bp", {"theme": "cs231n", "decimals": 2}),
    "routing.svg": ("routing.bp", {"theme": "cs231n", "decimals": 2}),
    "branches.svg": ("branches.bp", {}),
    "repeated.svg": ("repeated.bp", {}),
    "network.svg": ("network.bp", {"theme": "cs231n"}),
    "hinge.svg": ("hinge.bp", {"direction": "right"}),
    "gaussian.svg": ("gaussian.bp", {"theme": "cs231n"}),
    "example-chain.svg": ("example.bp", {"show": "values,chain"}),
    "example-flow.svg": ("example.bp", {"flow": True}),
    "example-paths.svg": ("example.bp", {"theme": "cs231n", "highlight": "x"}),
    "example-symbols.svg": ("example.bp", {"symbolic": True, "show": "values,gradients,local"}),
    "hinge-flow.svg": ("hinge.bp", {"flow": True}),
    "layers-folded.svg": ("layers.bp", {"fold": True, "direction": "right"}),
    "network-flow.svg": ("network.bp", {"theme": "cs231n", "flow": True}),
    "neuron-flow.svg": ("neuron.bp", {"theme": "cs231n", "flow": True, "decimals": 2}),
    "recurrent.svg": ("recurrent.bp", {"fit": "16:9"}),
    "recurrent-folded.svg": ("recurrent.bp", {"fold": True, "theme": "cs231n"}),
    "repeated-paths.svg": ("repeated.bp", {"highlight": "x"}),
    "routing-flow.svg": ("routing.bp", {"theme": "print", "direction": "right", "flow": True}),
}
# picture: program with vectors as typed, their values, options of draw
NORM, LAYER = "q = W@x; f = sum(q^2)", "z = W@x + b; p = softmax(z); L = -ln(p[1])"
VECTORS: dict[str, tuple[str, Options, Options]] = {
    "norm.svg": (NORM, {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}, {"theme": "cs231n"}),
    "softmax.svg": (
        LAYER,
        {"W": [[0.5, 1], [-1, 0.25], [0.75, -0.5]], "x": [1, -0.5], "b": [0.1, 0, -0.2]},
        {"fit": "16:9"},
    ),
}
# picture: gate, options of draw_gate
GATES: dict[str, tuple[str, Options]] = {
    "gate-max.svg": ("max", {"theme": "dark", "set": {"a": 1, "b": 2, "c": 3}, "upstream": -0.5}),
    "gate-multiply.svg": ("multiply", {"set": {"x": 2, "y": 3}, "upstream": 5}),
    "gate-sigmoid.svg": ("sigmoid", {"theme": "cs231n"}),
}
# picture: program, options of sweep
SWEEPS: dict[str, tuple[str, Options]] = {
    "example-sweep.svg": ("example.bp", {"x": "-5:5:200"}),
}
# picture: program as typed, options of descend
DESCENTS: dict[str, tuple[str, Options]] = {
    "descent.svg": ("x^2 + 10*y^2", {"x": 9, "y": 3, "rate": 0.09, "steps": 100}),
}


@cache
def write_deck() -> TypstSource:
    """Return the deck on the example, as Typst is given it."""
    return bpviz.deck(read("example.bp")).typst()


@cache
def write_sheet() -> TypstSource:
    """Return the worksheet on the example, as Typst is given it."""
    return bpviz.worksheet(read("example.bp")).typst()


@cache
def write_exercise() -> TypstSource:
    """Return the worksheet on an exercise, as Typst is given it."""
    return bpviz.worksheet(exercise(gates="add,mul,max", size=5, seed=7).program).typst()


# picture: what writes the pages, and which page it is
PAGES: dict[str, tuple[Callable[[], TypstSource], int]] = {
    "example-slide.png": (write_deck, 14),
    "example-last-slide.png": (write_deck, 23),
    "example-sheet.png": (write_sheet, 1),
    "exercise-sheet.png": (write_exercise, 1),
}
# web page: program, options of page
WEB_PAGES: dict[str, tuple[str, Options]] = {
    "example-page.html": ("example.bp", {"range": {"x": "-5:5:0.01", "y": "-5:5:0.01"}}),
    "example-quiz.html": ("example.bp", {"quiz": True}),
}
PAGE_DPI = 96.0
PNG_END = 12  # bytes of a PNG's last chunk


def main(arguments: list[str]) -> int:
    """Write the pictures that have changed, or with --check tell them; return the exit status."""
    only_check = "--check" in arguments
    changed = [
        name
        for name in (*PICTURES, *VECTORS, *GATES, *SWEEPS, *DESCENTS, *PAGES, *WEB_PAGES)
        if not is_current(HERE / name)
    ]
    for name in changed:
        if not only_check:
            (HERE / name).write_bytes(draw(name))
        print(f"samples/{name} {'would change' if only_check else 'written'}")  # noqa: T201  a script
    return 1 if changed and only_check else 0


def is_current(file: Path) -> bool:
    """Say whether a picture is what draw would make of it.

    What Typst and matplotlib draw differs from release to release. Those pictures carry the checksum of what the two
    are given, and it is compared.
    """
    if not file.exists():
        return False
    return (stamp_of(file.name) or draw(file.name)) in file.read_bytes()


def draw(name: str) -> bytes:
    """Return the picture of a name."""
    if name in PAGES:
        from bpviz.lecture.typesetting import compile_png

        write, number = PAGES[name]
        png = compile_png(*write(), PAGE_DPI)[number - 1]
        return png[:-PNG_END] + stamp_of(name) + png[-PNG_END:]
    if name in WEB_PAGES:
        program, options = WEB_PAGES[name]
        return bpviz.page(read(program), **options).html.encode()
    if name in SWEEPS or name in DESCENTS:
        return bpviz.plot(explore(name)).data("svg") + stamp_of(name)
    if name in GATES:
        gate, options = GATES[name]
        return draw_gate(gate, **options).data("svg")
    if name in VECTORS:
        program, values, options = VECTORS[name]
        return bpviz.draw(program, values, **options).data("svg")
    program, options = PICTURES[name]
    return bpviz.draw(read(program), **options).data("svg")


def explore(name: str) -> bpviz.Sweep | bpviz.Descent:
    """Return the sweep or the descent of a picture."""
    if name in SWEEPS:
        program, options = SWEEPS[name]
        return bpviz.sweep(read(program), **options)
    program, options = DESCENTS[name]
    return bpviz.descend(program, **options)


def stamp_of(name: str) -> bytes:
    """Return a chunk of a PNG or a comment of an SVG with the checksum of what its picture is made from.

    The pictures that Graphviz draws have none: they are the same everywhere.
    """
    if name in PAGES:
        source, files = PAGES[name][0]()
        sums = [crc32(source.encode()), *(crc32(data) for _, data in sorted(files.items()))]
        body = b"tEXtComment\0made from %08x" % crc32(repr(sums).encode())
        return pack(">I", len(body) - 4) + body + pack(">I", crc32(body))
    if name in SWEEPS or name in DESCENTS:
        explored = explore(name)
        if isinstance(explored, bpviz.Descent):
            numbers = repr([tuple(step) for step in explored.path])
        else:
            numbers = repr((explored.values, explored.gradients))
        return b"<!-- made from %08x -->\n" % crc32(numbers.encode())
    return b""


def read(program: str) -> str:
    """Return the text of a program in this folder."""
    return (HERE / program).read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
