"""What each name of a program stands for, which statements the output needs, and which names are inputs.

A statement that is one constant expression declares an input with a default, unless it is the last, which is the
output. Statements that the output does not need are left out, and said to be.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from bpviz.errors import ProgramError, make_printable
from bpviz.gates import CONSTANTS
from bpviz.lang.postfix import Code, Statement

MOST_QUOTED = 60  # characters of a statement that a warning quotes
EULER = "e"  # a name like any other, unless it is raised to a power and nothing gives it a value


class Use(NamedTuple):
    """A name that a statement uses: the statement that gives it (None for an input) and where it stands."""

    giver: int | None
    item: int


class Bindings:
    """The live statements in order, those of them that are defaults, and every input with its place."""

    def __init__(self) -> None:
        self.live: list[int] = []
        self.defaults: set[int] = set()
        self.inputs: dict[str, tuple[int, int]] = {}
        self.warnings: list[str] = []
        self.has_euler = False  # whether e is Euler's number in this program


def bind(code: Code, values: Collection[str] = ()) -> Bindings:
    """Return the bindings of a program; values are the names of inputs that will be given one.

    Raises ProgramError for a name that is given a value too late, or twice.
    """
    bound = Bindings()
    is_given = EULER in values or any(statement.name == EULER for statement in code.statements)
    bound.has_euler = code.raises_e and not is_given
    uses = _find_uses(code, bound.defaults, {*CONSTANTS, EULER} if bound.has_euler else CONSTANTS)
    needed = bytearray(len(uses))
    needed[-1] = 1  # the output; and from there back, whatever it uses
    for index in range(len(uses) - 1, -1, -1):
        if needed[index]:
            for use in uses[index].values():
                if use.giver is not None:
                    needed[use.giver] = 1
    for index, statement in enumerate(code.statements):
        if not needed[index]:
            continue
        bound.live.append(index)
        if index in bound.defaults:
            bound.inputs.setdefault(statement.name, statement.name_span)
        for name, use in uses[index].items():
            if use.giver is None:
                bound.inputs.setdefault(name, (code.starts[use.item], code.ends[use.item]))
    bound.warnings = _warn_of_unused(code, needed, bound.defaults)
    if bound.has_euler:
        bound.warnings.append("note: e is read as Euler's number; where it is a name, give it a value: e = 2, or --e 2")
    return bound


def _find_uses(code: Code, defaults: set[int], constants: Collection[str]) -> list[dict[str, Use]]:
    """Return the names that each statement uses; note which statements are defaults."""
    first_given: dict[str, int] = {}
    for index, statement in enumerate(code.statements):
        if statement.name:
            first_given.setdefault(statement.name, index)
    given: dict[str, int] = {}
    uses: list[dict[str, Use]] = []
    for index, statement in enumerate(code.statements):
        found: dict[str, Use] = {}
        for item in range(statement.first, statement.stop):
            name = code.items[item]
            if isinstance(name, str) and name not in found and not (name in constants and name not in first_given):
                if name not in given and name in first_given:
                    raise _refuse_early_use(code, item, code.statements[first_given[name]])
                found[name] = Use(given.get(name), item)
        uses.append(found)
        if statement.name:
            if not found and index < len(code.statements) - 1:
                if statement.name in given:
                    before = code.line(code.statements[given[statement.name]].name_span[0])
                    raise ProgramError(
                        f"{statement.name} has a value already, from line {before}",
                        place=code.place(*statement.span),
                        hint="keep one of the two, or choose another name",
                    )
                defaults.add(index)
            given[statement.name] = index
    return uses


def _refuse_early_use(code: Code, item: int, giver: Statement) -> ProgramError:
    name, start = code.items[item], code.starts[item]
    used, assigned = code.line(start), code.line(giver.name_span[0])
    if giver.span[0] <= start < giver.span[1]:
        return ProgramError(
            f"{name} is used in line {used} to make itself, before it has a value",
            place=code.place(start, code.ends[item]),
            hint=f"give the result another name, or give {name} a value in a line before, such as {name} = 1",
        )
    later = f" in line {used} and gets its value later, in line {assigned}"
    return ProgramError(
        f"{name} is used{' before it gets its value' if used == assigned else later}",
        place=code.place(start, code.ends[item]),
        hint=f"put the statement {name} = … first, or choose another name",
    )


def _warn_of_unused(code: Code, needed: bytearray, defaults: set[int]) -> list[str]:
    """Return one warning a statement that is left out; lines are counted once, not once a statement."""
    warnings = []
    line, counted = 1, 0
    for index, statement in enumerate(code.statements):
        if needed[index]:
            continue
        start, end = statement.span
        line, counted = line + code.source.count("\n", counted, start), start
        cut = "…" if end > start + MOST_QUOTED else ""
        text = " ".join(code.source[start : min(end, start + MOST_QUOTED)].split()) + cut
        why = "nothing uses this input" if index in defaults else "nothing uses it, so it is left out"
        warnings.append(f"line {line}: {make_printable(text)}: {why}")
    return warnings
