"""Draw every picture of the README and of this folder: python samples/render.py.

With --check nothing is written: the exit status is 1 if a picture would change. CI runs that.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import cache
from math import isclose
from pathlib import Path
from struct import pack
from zlib import crc32

import bpviz
from bpviz import deck, worksheet
from bpviz.explore import front as plots
from bpviz.lecture import draw_gate, exercise

HERE = Path(__file__).parent
Made = tuple[str, dict[str, bytes]]  # what Typst is given: its source, and the files that it reads
# picture: program, options
PICTURES: dict[str, tuple[str, dict[str, object]]] = {
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
    "repeated-paths.svg": ("repeated.bp", {"highlight": "x"}),
    "routing-flow.svg": ("routing.bp", {"theme": "print", "direction": "right", "flow": True}),
}
# picture: gate, options
TEMPLATES: dict[str, tuple[str, dict[str, object]]] = {
    "gate-max.svg": ("max", {"theme": "dark", "set": {"a": 1, "b": 2, "c": 3}, "upstream": -0.5}),
    "gate-multiply.svg": ("multiply", {"set": {"x": 2, "y": 3}, "upstream": 5}),
    "gate-sigmoid.svg": ("sigmoid", {"theme": "cs231n"}),
}
# picture: program, options of a sweep
SWEEPS: dict[str, tuple[str, dict[str, object]]] = {
    "example-sweep.svg": ("example.bp", {"x": "-5:5:200"}),
}
# picture: program as typed, options of a descent
DESCENTS: dict[str, tuple[str, dict[str, object]]] = {
    "descent.svg": ("x^2 + 10*y^2", {"x": 9, "y": 3, "rate": 0.09, "steps": 100}),
}
# What differs between releases of matplotlib in a picture that looks the same: names, and the last digits of numbers.
NAMES = re.compile(r'(?<=[#"])[mp][0-9a-f]{10}')
NUMBER = re.compile(r"-?\d+\.\d+|-?\d+")
NEAR = 0.05  # points


@cache
def lecture() -> Made:
    """Return the deck on the example, as Typst is given it."""
    return deck(text_of("example.bp")).typst()


@cache
def sheet() -> Made:
    """Return the worksheet on the example, as Typst is given it."""
    return worksheet(text_of("example.bp")).typst()


@cache
def practice() -> Made:
    """Return the worksheet on an exercise, as Typst is given it."""
    return worksheet(exercise(seed=7).program).typst()


# picture: what makes the pages, and which page it is
PAGES: dict[str, tuple[Callable[[], Made], int]] = {
    "example-slide.png": (lecture, 14),
    "example-last-slide.png": (lecture, 23),
    "example-sheet.png": (sheet, 1),
    "exercise-sheet.png": (practice, 1),
}
PAGE_DPI = 96.0
END = 12  # bytes of a PNG's last chunk
STAMP = b"made from "  # before the checksum in a PNG of what Typst was given: its pixels are Typst's own


def text_of(program: str) -> str:
    """Return the text of a program in this folder."""
    return (HERE / program).read_text(encoding="utf-8")


def stamp(source: str, files: dict[str, bytes]) -> bytes:
    """Return a chunk of a PNG that tells what its page was made from."""
    sums = [crc32(source.encode()), *(crc32(data) for _, data in sorted(files.items()))]
    body = b"tEXtComment\0" + STAMP + b"%08x" % crc32(repr(sums).encode())
    return pack(">I", len(body) - 4) + body + pack(">I", crc32(body))


def page(name: str) -> bytes:
    """Return a page of a deck or of worksheets, as Typst draws it."""
    from bpviz.lecture.typesetting import compile_png

    make, number = PAGES[name]
    png = compile_png(*make(), PAGE_DPI)[number - 1]
    return png[:-END] + stamp(*make()) + png[-END:]


def drawn(name: str) -> bytes:
    """Return the picture of a name."""
    if name in PAGES:
        return page(name)
    if name in SWEEPS:
        program, options = SWEEPS[name]
        text = (HERE / program).read_text(encoding="utf-8")
        return plots.plot(plots.sweep(text, **options)).data("svg")  # type: ignore[arg-type]  # likewise
    if name in DESCENTS:
        program, options = DESCENTS[name]
        return plots.plot(plots.descend(program, **options)).data("svg")  # type: ignore[arg-type]  # likewise
    if name in TEMPLATES:
        gate, look = TEMPLATES[name]
        return draw_gate(gate, **look).data("svg")  # type: ignore[arg-type]  # likewise
    program, options = PICTURES[name]
    text = (HERE / program).read_text(encoding="utf-8")
    return bpviz.draw(text, **options).data("svg")  # type: ignore[arg-type]  # the table above holds draw's own keywords


def main(arguments: list[str]) -> int:
    """Write the pictures, or with --check compare them; return the exit status."""
    changed = [name for name in (*PICTURES, *TEMPLATES, *SWEEPS, *DESCENTS, *PAGES) if not _is_same(HERE / name)]
    for name in changed:
        if "--check" not in arguments:
            (HERE / name).write_bytes(drawn(name))
        print(f"samples/{name} {'would change' if '--check' in arguments else 'written'}")  # noqa: T201  a script
    return 1 if changed and "--check" in arguments else 0


def _is_same(file: Path) -> bool:
    if not file.exists():
        return False
    if file.name in PAGES:  # told without Typst, and whatever its version
        make, _ = PAGES[file.name]
        return stamp(*make()) in file.read_bytes()
    data = drawn(file.name)
    if file.read_bytes() == data:
        return True
    return file.name in (*SWEEPS, *DESCENTS) and _is_alike(file.read_text(encoding="utf-8"), data.decode())


def _is_alike(old: str, new: str) -> bool:
    """Say whether two pictures of matplotlib's differ in names only, and in numbers that nobody can tell apart."""
    old, new = NAMES.sub("", old), NAMES.sub("", new)
    numbers = zip(NUMBER.findall(old), NUMBER.findall(new), strict=False)
    return NUMBER.sub("0", old) == NUMBER.sub("0", new) and all(
        isclose(float(a), float(b), abs_tol=NEAR) for a, b in numbers
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
