"""Measure every gate, or one, and print the worst errors; the exit status is 1 where one is more than 4 ulp."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from bpviz.gates import TABLE, find_gate
from tests.accuracy.measure import POINTS, measure
from tests.accuracy.report import write_report


def main(arguments: list[str] | None = None) -> int:
    parser = ArgumentParser(prog="python -m tests.accuracy", description=__doc__)
    parser.add_argument("gate", nargs="?", help="one gate, by any of its names")
    parser.add_argument("--points", type=int, default=POINTS, help=f"how many a gate; {POINTS}")
    options = parser.parse_args(arguments)
    gates = (find_gate(options.gate),) if options.gate else TABLE
    measured = []
    for gate in gates:
        measured.append(measure(gate, options.points))
        print(f"\r{len(measured)}/{len(gates)}", end="\r", file=sys.stderr, flush=True)  # noqa: T201  a progress line
    print(write_report(measured))  # noqa: T201  what the command is for
    return 0 if all(each.is_within_limit for each in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
