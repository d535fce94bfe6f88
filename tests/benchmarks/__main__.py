"""Measure the rows that are asked for, and print them as a table; with --json, write every single run."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.benchmarks.measure import Outcome, describe_machine, measure
from tests.benchmarks.rows import ROWS

WIDTH = 150  # columns where no terminal says how many there are


@click.command(help=__doc__)
@click.option("--only", multiple=True, metavar="NAME", help="Only rows whose names contain this; may be repeated.")
@click.option("--quick", is_flag=True, help="Small sizes and few runs: does everything work?")
@click.option("--runs", type=click.IntRange(0), default=0, help="Runs of each side; 0 for as many as the row needs.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Where to write every run.")
@click.option("--list", "only_list", is_flag=True, help="Print the names of the rows.")
def main(only: Sequence[str], quick: bool, runs: int, file: Path | None, only_list: bool) -> None:
    """Run it; the exit status is 0 even where a goal is missed, since a benchmark is no test."""
    chosen = [row for row in ROWS if not only or any(word in row.name for word in only)]
    if only_list or not chosen:
        click.echo("\n".join(row.name for row in ROWS))
        sys.exit(0 if only_list else 2)
    progress = track(chosen, "benchmarks", console=Console(stderr=True), transient=True)
    outcomes = [measure(row, quick=quick, runs=runs) for row in progress]
    Console(width=None if sys.stdout.isatty() else WIDTH).print(table_of(outcomes))
    if file:
        written = json.dumps({"machine": describe_machine(), "rows": [record_of(each) for each in outcomes]}, indent=2)
        file.write_text(written + "\n", encoding="utf-8")


def table_of(outcomes: Sequence[Outcome]) -> Table:
    """Return the outcomes, a row each."""
    table = Table(title=f"Medians of alternating runs\n{describe_machine()}", title_justify="left", box=None)
    table.add_column("what")
    table.add_column("against")
    for head in ("bpviz", "peer", "ratio", "goal"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for outcome in outcomes:
        row = outcome.row
        numbers = ["", "", ""]
        if not outcome.missing:
            numbers = [*map(show_seconds, (median(outcome.ours), median(outcome.peer))), f"{outcome.ratio:.2f}"]
        verdict = outcome.missing or ("met" if outcome.is_met else "missed")
        table.add_row(row.what, row.against, *numbers, f"≤ {row.goal:g}", verdict)
    return table


def show_seconds(seconds: float) -> str:
    """Return a time with a unit that fits: 0.0123 is 12.3 ms."""
    scale, unit = next((each for each in ((1, "s"), (1e-3, "ms")) if seconds >= each[0]), (1e-6, "µs"))
    return f"{seconds / scale:.3g} {unit}"


def record_of(outcome: Outcome) -> dict[str, Any]:
    """Return everything that was measured in a row."""
    row = outcome.row
    described = {"name": row.name, "what": row.what, "against": row.against, "goal": row.goal}
    if outcome.missing:
        return {**described, "missing": outcome.missing}
    return {**described, "ratio": outcome.ratio, "met": outcome.is_met, "ours": outcome.ours, "peer": outcome.peer}


if __name__ == "__main__":
    main()
