"""The gate table: everything that bpviz knows of a gate stands in its row, and only there.

A new gate is one row in the module of its kind and one case in tests/gates/test_gates.py. The row states z and its
local gradients; gate.py makes everything else of them. Code elsewhere asks a row for a fact, never for its name.
Formulas are those of any table of derivatives (Abramowitz and Stegun, chapters 4 and 6).
"""

from bpviz.formula.tree import LETTERS
from bpviz.gates.gate import (
    ANY,
    COUNT,
    Gate,
    fill_formula,
    fill_slope,
    list_formulas,
    list_operands,
    list_slopes,
    state_domain,
    write_expression,
)
from bpviz.gates.table import BRANCH, CONSTANTS, FUNCTIONS, GATES, TABLE, find_gate, is_gate

__all__ = [
    "ANY",
    "BRANCH",
    "CONSTANTS",
    "COUNT",
    "FUNCTIONS",
    "GATES",
    "LETTERS",
    "TABLE",
    "Gate",
    "fill_formula",
    "fill_slope",
    "find_gate",
    "is_gate",
    "list_formulas",
    "list_operands",
    "list_slopes",
    "state_domain",
    "write_expression",
]
