"""The gate table, put together from the rows, and its indices by name."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from bpviz.gates import arithmetic, hyperbolic, networks, powers, several, trigonometric
from bpviz.gates.gate import Gate

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


def _rows_by_function() -> dict[str, tuple[Gate, ...]]:
    rows: dict[str, tuple[Gate, ...]] = {}
    for gate in TABLE:
        for name in (gate.name, *gate.aliases):
            rows[name] = (*rows.get(name, ()), gate)
    return rows


# what a program may call, and the rows that this means: log(x) and log(x, 3) are two, told apart by their operands
FUNCTIONS: Mapping[str, tuple[Gate, ...]] = MappingProxyType(_rows_by_function())
