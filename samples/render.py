"""Draw every picture of the README and of this folder: python samples/render.py.

With --check nothing is written: the exit status is 1 if a picture would change. CI runs that.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bpviz import api

HERE = Path(__file__).parent
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
}


def drawn(name: str) -> bytes:
    """Return the picture of a name."""
    program, options = PICTURES[name]
    text = (HERE / program).read_text(encoding="utf-8")
    return api.draw(text, **options).data("svg")  # type: ignore[arg-type]  # the table above holds draw's own keywords


def main(arguments: list[str]) -> int:
    """Write the pictures, or with --check compare them; return the exit status."""
    changed = [name for name in PICTURES if not _is_same(HERE / name, drawn(name))]
    for name in changed:
        if "--check" not in arguments:
            (HERE / name).write_bytes(drawn(name))
        print(f"samples/{name} {'would change' if '--check' in arguments else 'written'}")  # noqa: T201  a script
    return 1 if changed and "--check" in arguments else 0


def _is_same(file: Path, data: bytes) -> bool:
    return file.exists() and file.read_bytes() == data


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
