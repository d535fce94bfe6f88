"""The gate table, put together from the rows, and which gate a word means.

A word may be a gate's name, another of its names, its symbol, an operator, or how its name begins.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from bpviz.errors import UsageError
from bpviz.gates import arithmetic, hyperbolic, networks, powers, several, trigonometric
from bpviz.gates.gate import Gate
from bpviz.names import find_nearest

TABLE: tuple[Gate, ...] = (
    *arithmetic.ROWS,
    *powers.ROWS,
    *trigonometric.ROWS,
    *hyperbolic.ROWS,
    *networks.ROWS,
    *several.ROWS,
)

BRANCH = "copies its value forward; backward it adds the gradients that come in along its branches"

CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": math.pi, "π": math.pi})

GATES: Mapping[str, Gate] = MappingProxyType({gate.name: gate for gate in TABLE})


def _index_by_function() -> dict[str, tuple[Gate, ...]]:
    rows: dict[str, tuple[Gate, ...]] = {}
    for gate in TABLE:
        # a choice of another sign than > is called where, too, and only so
        own = () if gate.syntax.comparison and gate.aliases else (gate.name,)
        for name in (*own, *gate.aliases):
            rows[name] = (*rows.get(name, ()), gate)
    return rows


# what a program may call, and the rows that this means: log(x) and log(x, 3) are two, told apart by their operands, and
# where(a > b, u, v) is six, told apart by the sign
FUNCTIONS: Mapping[str, tuple[Gate, ...]] = MappingProxyType(_index_by_function())
TYPED = {  # operators as the symbols of their gates
    "*": "×",
    "·": "×",
    "-": "−",
    "/": "÷",
    "^": "xʸ",
    "**": "xʸ",
    ">": "> ?",
    "<": "< ?",
    ">=": "≥ ?",
    "≥": "≥ ?",
    "<=": "≤ ?",
    "≤": "≤ ?",
    "==": "= ?",
    "=": "= ?",
    "!=": "≠ ?",
    "≠": "≠ ?",
}
SYMBOLS: Mapping[str, Gate] = {gate.symbol: gate for gate in reversed(TABLE)}  # − is the first that has it, subtract
MOST_SHOWN = 40  # characters of a word that no gate is called


def is_gate(word: str) -> bool:
    """Say whether a gate is called exactly so: "sum", "ReLU" or "×", but not "sigm"."""
    return any(each in GATES or each in FUNCTIONS for each in (word, word.lower())) or TYPED.get(word, word) in SYMBOLS


def find_gate(word: str) -> Gate:
    """Find the gate that a word means; raise UsageError for one that means none or several, with the nearest name.

    A gate's own name comes before another's alias (log is log to any base, though log(x) in a program is ln), and
    letters in either case are the same.

    >>> find_gate("mul"), find_gate("*"), find_gate("ReLU"), find_gate("swish")
    (<gate multiply>, <gate multiply>, <gate relu>, <gate silu>)
    """
    for each in (word, word.lower()):
        if each in GATES:
            return GATES[each]
        if each in FUNCTIONS:
            return FUNCTIONS[each][0]
    symbol = TYPED.get(word, word)
    if symbol in SYMBOLS:
        return SYMBOLS[symbol]

    # the only gate of which a name begins with the word
    if word:
        start = word.lower()
        begun = [gate for name, gate in GATES.items() if name.startswith(start)]
        begun = begun or [rows[0] for name, rows in FUNCTIONS.items() if name.lower().startswith(start)]
        if len(names := list(dict.fromkeys(gate.name for gate in begun))) == 1:
            return begun[0]
        if names:
            raise UsageError(f"{word} may be any of {', '.join(names)}", hint="write more of its name")

    meant = find_nearest(word, [*FUNCTIONS, *GATES])
    hint = f"did you mean {meant}?" if meant else "bpviz gates lists them all"
    raise UsageError(f"no gate is called {word[:MOST_SHOWN]}", hint=hint)
