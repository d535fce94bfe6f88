"""The gate table for people: symbol, formula, local gradients, and what each gate does to a gradient."""

from __future__ import annotations

from bpviz.gates import BRANCH, TABLE
from bpviz.views.table import Block

HEADS = ("gate", "symbol", "z", "∂z/∂a, ∂z/∂b")


def gate_table() -> tuple[Block, tuple[str, ...]]:
    """Return the table, one row a gate in the order of the gate table and the branch last, and a sentence for each."""
    rows = [(gate.name, gate.symbol, gate.formula, ", ".join(gate.local)) for gate in TABLE]
    sentences = [gate.does for gate in TABLE]
    return Block(HEADS, (*rows, ("branch", "•", "a, a, …", "1"))), (*sentences, BRANCH)
