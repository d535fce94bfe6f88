"""The outcomes as a table for the terminal, and as what is written to JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from rich.table import Table

from tests.benchmarks.measure import figure, is_met
from tests.benchmarks.records import Outcome, Row
from tests.benchmarks.startup import Import

UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
LARGEST = 12  # imports of a command that are listed


def table(outcomes: Sequence[Outcome], machine: str) -> Table:
    """Return the outcomes, a row each."""
    made = Table(
        title=f"bpviz and its peers, medians of alternating runs\n{machine}",
        title_justify="left",
        box=None,
        expand=True,
    )
    made.add_column("what", ratio=3)
    made.add_column("against", ratio=2)
    for head in ("bpviz", "peer", "ratio", "goal"):
        made.add_column(head, justify="right", no_wrap=True)
    made.add_column("", no_wrap=True)
    for outcome in outcomes:
        made.add_row(*_cells(outcome), style="" if outcome.missing or is_met(outcome) else "bold")
    return made


def _cells(outcome: Outcome) -> list[str]:
    row = outcome.row
    if outcome.missing:
        return [row.what, row.against, "", "", "", _goal(row), outcome.missing]
    ours, peer = (_quantity(median(side), row.unit) for side in (outcome.ours, outcome.peer))
    shown = _quantity(figure(outcome), row.unit, sign="+") if row.above else f"{figure(outcome):.3g}"
    return [row.what, row.against, ours, peer, shown, _goal(row), "met" if is_met(outcome) else "missed"]


def _goal(row: Row) -> str:
    if row.above:
        return f"≤ {_quantity(row.goal, row.unit, sign='+')}"
    return f"≤ {row.goal:g}" if row.goal >= 1 else f"≤ 1/{1 / row.goal:g}"


def _quantity(number: float, unit: str, sign: str = "") -> str:
    """Return seconds with a unit that fits, or a plain number with its own."""
    if unit != "s":
        return f"{number:{sign}.0f} {unit}"
    scale, name = next(((scale, name) for scale, name in UNITS if abs(number) >= scale), UNITS[-1])
    return f"{number / scale:{sign}.3g} {name}"


def startup_table(startup: Mapping[str, Sequence[Import]]) -> Table:
    """Return the imports that each command waits for longest, each without what it imports itself."""
    made = Table(title="\nStart-up by import, milliseconds", title_justify="left", box=None)
    made.add_column("command")
    made.add_column("imports", justify="right")
    made.add_column("of which")
    for command, found in startup.items():
        longest = sorted(found, key=lambda each: -each.own)[:LARGEST]
        text = ", ".join(f"{each.name} {each.own * 1e3:.1f}" for each in longest)
        made.add_row(command, f"{sum(each.own for each in found) * 1e3:.1f}", text)
    return made


def as_json(outcomes: Sequence[Outcome], startup: Mapping[str, Sequence[Import]], machine: str) -> dict[str, Any]:
    """Return everything that was measured."""
    return {
        "machine": machine,
        "rows": [_row(outcome) for outcome in outcomes],
        "startup": {command: [each._asdict() for each in found] for command, found in startup.items()},
    }


def _row(outcome: Outcome) -> dict[str, Any]:
    row = outcome.row
    described = {"name": row.name, "what": row.what, "against": row.against, "goal": row.goal, "unit": row.unit}
    if outcome.missing:
        return {**described, "missing": outcome.missing}
    return {
        **described,
        "ours": median(outcome.ours),
        "peer": median(outcome.peer),
        "difference" if row.above else "ratio": figure(outcome),
        "met": is_met(outcome),
        "runs": {"ours": outcome.ours, "peer": outcome.peer},
    }
