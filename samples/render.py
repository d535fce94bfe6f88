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
    "example-chain.svg": ("example.bp", {"show": "values,chain"}),
    "example-flow.svg": ("example.bp", {"flow": True}),
    "example-paths.svg": ("example.bp", {"theme": "cs231n", "highlight": "x"}),
    "example-symbols.svg": ("example.bp", {"symbolic": True, "show": "values,gradients,local"}),
    "hinge-flow.svg": ("hinge.bp", {"flow": True}),
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


def drawn(name: str) -> bytes:
    """Return the picture of a name."""
    if name in TEMPLATES:
        gate, look = TEMPLATES[name]
        return api.template(gate, **look).data("svg")  # type: ignore[arg-type]  # likewise
    program, options = PICTURES[name]
    text = (HERE / program).read_text(encoding="utf-8")
    return api.draw(text, **options).data("svg")  # type: ignore[arg-type]  # the table above holds draw's own keywords


def main(arguments: list[str]) -> int:
    """Write the pictures, or with --check compare them; return the exit status."""
    changed = [name for name in (*PICTURES, *TEMPLATES) if not _is_same(HERE / name, drawn(name))]
    for name in changed:
        if "--check" not in arguments:
            (HERE / name).write_bytes(drawn(name))
        print(f"samples/{name} {'would change' if '--check' in arguments else 'written'}")  # noqa: T201  a script
    return 1 if changed and "--check" in arguments else 0


def _is_same(file: Path, data: bytes) -> bool:
    return file.exists() and file.read_bytes() == data


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
