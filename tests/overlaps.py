"""Draw random programs, as many as one likes, and look for overlaps: python -m tests.overlaps --seeds 0-1000

In the plain ones it also looks for numbers and wires that a reader could mistake.

Every seed is a program of up to 60 gates; each is drawn in every direction, plainly, as a river, with everything on
its wires and with the paths from an input standing out. Prints each fault; exit status 1 where there is one. A short
share of this is in tests/figure/test_overlap.py.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from bpviz.figure.layout import run_bundled
from bpviz.figure.picture import make_picture
from bpviz.figure.theme import DIRECTIONS
from bpviz.figure.wire_labels import SHOW
from tests.support.drawing import read
from tests.support.geometry import false_joints, faults, mistakable, tight_passes
from tests.support.tapes import numbers, tape

KINDS: Mapping[str, Mapping[str, object]] = {
    "plain": {},
    "blank": {},
    "river": {"flow": True},
    "everything": {"show": SHOW},
    "paths": {},
}


def check(seed: int, direction: str, kind: str) -> int:
    """Draw one figure, print what overlaps in it, and return how many faults there are."""
    graph = tape(seed)
    trace = None if kind == "blank" else numbers(graph, seed)
    options = dict(KINDS[kind])
    if kind == "paths":
        options["highlight"] = graph.nodes[graph.inputs[0]].name
    dot = make_picture(graph, trace, direction=direction, **options).dot  # type: ignore[arg-type]  # its own keywords
    drawing = read(run_bundled(dot, "svg", 72))
    found = faults(drawing)
    if kind == "plain":
        found += [*false_joints(drawing), *mistakable(drawing), *tight_passes(drawing)]
    for fault in found:
        sys.stdout.write(f"seed {seed}, {direction}, {kind}: {fault}\n")
    return len(found)


def main() -> int:
    parser = argparse.ArgumentParser(description="Draw random programs and look for overlaps.")
    parser.add_argument("--seeds", default="0-200", help="the first and the last but one (default: 0-200)")
    first, _, last = parser.parse_args().seeds.partition("-")
    tried = found = 0
    for seed in range(int(first), int(last or int(first) + 1)):
        for direction in DIRECTIONS:
            for kind in KINDS:
                tried, found = tried + 1, found + check(seed, direction, kind)
    sys.stdout.write(f"{tried} figures, {found} faults\n")
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main())
