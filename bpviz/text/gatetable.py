"""The gate table for people: symbol, formula, local gradients, and what each gate does to a gradient."""

from __future__ import annotations

from typing import NamedTuple

from bpviz.gates import BRANCH, TABLE
from bpviz.gates.gate import LETTERS


class Entry(NamedTuple):
    """One gate as it is listed: what it is called, what stands on its circle, and lines to read."""

    name: str
    symbol: str
    formula: str
    local: str
    does: str


def gate_table() -> tuple[Entry, ...]:
    """Return an entry for each gate in the order of the gate table, and one for the branch."""
    entries = [Entry(gate.name, gate.symbol, f"z = {gate.formula}", _local(gate.local), gate.does) for gate in TABLE]
    return (*entries, Entry("branch", "•", "a copied to several wires", "∂/∂a = the sum of theirs", BRANCH))


def _local(texts: tuple[str, ...]) -> str:
    return "   ".join(f"∂z/∂{letter} = {text}" for letter, text in zip(LETTERS, texts, strict=False))
