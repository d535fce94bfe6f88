"""The command: which rows, how many runs, a progress bar while they run, a table and JSON at the end."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.benchmarks.machine import machine
from tests.benchmarks.measure import measure
from tests.benchmarks.records import Outcome, Row
from tests.benchmarks.report import as_json, startup_table, table
from tests.benchmarks.rows import ROWS
from tests.benchmarks.startup import COMMANDS, imports

WIDE = 150  # columns where no terminal says how many there are


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the rows that are asked for; return 0 even where a goal is missed, since a benchmark is no test."""
    options = _options(arguments)
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    chosen = [row for row in ROWS if not options.only or any(word in row.name for word in options.only)]
    if options.list or not chosen:
        console.print("\n".join(row.name for row in ROWS), highlight=False)
        return 0 if options.list else 2
    outcomes = _run(chosen, quick=options.quick, runs=options.runs)
    startup = {command: imports(command) for command in COMMANDS} if any(row.cold for row in chosen) else {}
    console.print(table(outcomes, machine()))
    if startup:
        console.print(startup_table(startup))
    if options.json:
        text = json.dumps(as_json(outcomes, startup, machine()), indent=2, ensure_ascii=False)
        Path(options.json).write_text(text + "\n", encoding="utf-8")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", metavar="NAME", nargs="+", default=[], help="rows whose names contain one of these")
    parser.add_argument("--quick", action="store_true", help="small sizes and few runs: does everything work?")
    parser.add_argument("--runs", type=int, default=0, metavar="N", help="runs of each side, alternating")
    parser.add_argument("--json", metavar="FILE", help="write what is measured, every single run")
    parser.add_argument("--list", action="store_true", help="the names of the rows")
    return parser.parse_args(arguments)


def _run(rows: Sequence[Row], quick: bool, runs: int) -> list[Outcome]:
    outcomes = []
    with Progress(console=Console(stderr=True), transient=True) as bar:
        whole = bar.add_task("benchmarks", total=len(rows))
        for row in rows:
            bar.update(whole, description=row.name)
            outcomes.append(measure(row, quick=quick, runs=runs))
            bar.advance(whole)
    return outcomes


if __name__ == "__main__":
    sys.exit(main())
