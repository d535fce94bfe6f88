"""Constants as they were typed: 2π, ⅔, 1/√(2π). One rule says which: what takes eight characters at most.

A longer number or calculation has only its value, which whoever shows it rounds. What is kept is so short that the
recursion of a printer over it needs no bound.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from bpviz.formula.numerals import MINUS, write_as_typed
from bpviz.formula.printing import COMPACT, RELATIONS, show
from bpviz.formula.tree import PI, Atom, Formula, Term
from bpviz.gates import Gate, fill_formula

MOST_CHARACTERS_AS_TYPED = 8
NOT_TYPED = (*RELATIONS, "where", "above", "below")  # what a gate's formula has that nobody types


def write_typed_number(text: str, value: float) -> Atom | None:
    """Write a number as it was typed, if that is short."""
    return Atom(write_as_typed(text.replace("-", MINUS), value), value) if _is_short(text) else None


def write_named_constant(name: str, value: float) -> Atom:
    """Write a constant that has a name: pi is π."""
    return Atom(PI if value == math.pi else name, value)


def negate_number(number: Atom) -> Atom:
    """Write a number as typed with a minus in front."""
    text = number.text.removeprefix(MINUS) if number.text.startswith(MINUS) else MINUS + number.text
    return Atom(text, -(number.value or 0.0))


def write_calculation(gate: Gate, operands: Sequence[Atom | None], value: float) -> Atom | None:
    """Write a gate of constants as it was typed, if that is short; value is what it comes to."""
    typed = [operand for operand in operands if operand]
    if len(typed) < len(operands):
        return None
    formula = fill_formula(gate, typed, Atom(""), mathematics=True)
    if isinstance(formula, Atom):
        return formula._replace(value=value)
    text = show(formula, COMPACT)
    return Atom(text, value, formula) if _is_short(text) and not _has_condition(formula) else None


def _is_short(text: str) -> bool:
    return len(text.replace(" ", "")) <= MOST_CHARACTERS_AS_TYPED


def _has_condition(formula: Formula) -> bool:
    return isinstance(formula, Term) and (formula.head in NOT_TYPED or any(map(_has_condition, formula.parts)))
