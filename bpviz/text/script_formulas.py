"""A gate's formulas in JavaScript, and the accurate functions that they call.

A listing has only the functions of gates/accurate/accurate.js that its lines call, with those that these need.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from bpviz.formula.languages import JAVASCRIPT
from bpviz.formula.printing import show
from bpviz.formula.tree import Atom, Formula, Term, read, substitute
from bpviz.gates import Gate
from bpviz.gates.accurate import activations, circular, exact, flat, normal
from bpviz.graph import Graph

ACCURATE = Path(exact.__file__).with_name("accurate.js")
DEFINED = re.compile(r"^(?:function|const) (\w+)", re.MULTILINE)
WORD = re.compile(r"(?<![.\w])\w+")  # and not log of Math.log
CONSTANTS = {  # those of the Python functions
    "MISH": flat.MISH,
    "GELU": flat.GELU,
    "CSCH_SERIES": circular.CSCH_SERIES,
    "SILU_FLAT": activations.SILU_FLAT,
    "SILU_FLAT_EXP": activations.SILU_FLAT_EXP,
    "SPLITTER": exact.SPLITTER,
    "ROOT_HALF": normal.ROOT_HALF,
    "SQRT_TAU_INVERSE": normal.SQRT_TAU_INVERSE,
    "TWO_OVER_SQRT_PI": normal.TWO_OVER_SQRT_PI,
}


def write_value(gate: Gate, operands: Sequence[str]) -> str:
    """Write z of a gate as JavaScript: NaN where it has no value."""
    formula = substitute(read(gate.scripted[0]), [Atom(each) for each in operands], Atom(""))
    return show(guard_divisions(formula, "quotient"), JAVASCRIPT.style)


def write_slope(gate: Gate, slot: int, operands: Sequence[str], output: str) -> str:
    """Write the local gradient of a gate in one operand as JavaScript: infinite at a pole."""
    filled = fill_scripted_slope(gate, slot, [Atom(each) for each in operands], Atom(output))
    return show(guard_divisions(filled, "divide"), JAVASCRIPT.style)


def fill_scripted_slope(gate: Gate, slot: int, operands: Sequence[Atom], output: Atom) -> Formula:
    """Put operands into the formula of a local gradient that a script computes."""
    _, *local = gate.scripted
    formula, meant = (local[0], slot) if len(local) == 1 else (local[slot], 0)
    return substitute(read(formula), operands, output, meant)


def guard_divisions(formula: Formula, function: str) -> Formula:
    """Write a division that may be by 0 as a call of this function, and x² as x·x, which is rounded once."""
    if isinstance(formula, Atom):
        return formula
    parts = tuple([guard_divisions(part, function) for part in formula.parts])
    if formula.head == "/" and not (isinstance(parts[1], Atom) and parts[1].value):
        return Term(function, parts)
    if formula.head == "^" and parts[1] == Atom("2", 2.0):
        return Term("*", (parts[0], parts[0]))
    return Term(formula.head, parts)


def take_functions(lines: Iterable[str]) -> list[str]:
    """Take the functions of accurate.js that lines call, and those that these need, in the file's order."""
    blocks = _read_blocks()
    wanted: set[str] = set()
    found = {word for line in lines for word in WORD.findall(line)} & blocks.keys()
    while found:
        wanted |= found
        found = {word for name in found for word in WORD.findall(blocks[name])} & blocks.keys() - wanted
    return [block for name, block in blocks.items() if name in wanted]


def list_functions(graph: Graph) -> list[str]:
    """List the names of all functions and constants that the gates of a program may need."""
    lines = []
    gates = [node.gate for node in graph.nodes if node.gate] + [each.gate for each in graph.requirements]
    for gate in dict.fromkeys(gates):
        operands = [f"v{slot}" for slot in range(gate.arity[0])]
        lines.append(write_value(gate, operands))
        lines += [write_slope(gate, slot, operands, "z") for slot in range(len(operands))]
    return [_find_name(block) for block in take_functions(lines)]


@cache
def _read_blocks() -> dict[str, str]:
    """Read accurate.js: what defines each name, without the comment at the file's head."""
    constants = {name: f"const {name} = {json.dumps(value)};" for name, value in CONSTANTS.items()}
    blocks = ACCURATE.read_text(encoding="utf-8").strip().split("\n\n")[1:]
    return {**constants, **{_find_name(block): block for block in blocks}}


def _find_name(block: str) -> str:
    found = DEFINED.search(block)
    assert found, block
    return found[1]
