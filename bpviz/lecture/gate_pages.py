"""A gate's page: all that its row says, for a student to read."""

from __future__ import annotations

import re
import textwrap

from bpviz.gates import ANY, BRANCH, LETTERS, Gate, gate_called
from bpviz.text.report import Piece, PieceLine

WIDTH = 80
INDENT, LABEL = 2, 20  # columns: before a label, and the labels' own
BRANCH_NAME = "branch"
FIRM = "\N{NO-BREAK SPACE}"
GLUED = re.compile(r" [−+<>≤] |(?<= =) ")  # where a formula is not to be broken: a line may begin with =


def gate_page(name: str) -> list[PieceLine]:
    """Return the page of a gate, or of the branch, as lines of pieces; UsageError for a name that is neither."""
    if name == BRANCH_NAME:
        return _branch_page()
    gate = gate_called(name)
    lines: list[PieceLine] = [
        (Piece(gate.name, "heading"), Piece(f"   {gate.symbol}")),
        (Piece(f"{' ' * INDENT}z = {gate.formula}"),),
        (),
    ]
    lines += _part("local gradients", "\n".join(local_gradients(gate)), "gradient")
    lines += _part("where they come from", gate.derivation)
    lines += _part("to a gradient", gate.does)
    lines += _part("in practice", gate.lesson)
    lines += _part("domain", gate.domain or "all numbers")
    lines += _part("outside it", gate.instead)
    lines += _part("pole", f"the local gradient is infinite at {gate.pole}" if gate.pole else "")
    lines += _part("kink", gate.rule)
    lines += _part("caution", gate.caution)
    lines += _part("also called", ", ".join(gate.aliases))
    lines += _part("in simpler gates", _taken_apart(gate))
    return lines


def local_gradients(gate: Gate) -> list[str]:
    """Return ∂z/∂a = …, one for each operand; a gate of as many as are written has one for them all."""
    if len(gate.local) == 1 and gate.arity[0] > 1 and gate.parameter is None:
        return [f"∂z/∂(each operand) = {gate.local[0]}"]
    return [f"∂z/∂{letter} = {local}" for letter, local in zip(LETTERS, gate.local, strict=False)]


def _taken_apart(gate: Gate) -> str:
    """Return what --gates elementary makes of a gate, and where; or why it is left whole."""
    if gate.whole:
        return f"none, it is kept whole: {gate.whole}"
    where = f", for {gate.holds}" if gate.holds else ""
    if gate.arity[1] < ANY or not gate.elementary:
        return f"{gate.elementary}{where}" if gate.elementary else ""
    first, last = f"{gate.each}, then " if gate.each else "", f", then {gate.lastly}" if gate.lastly else ""
    return f"{first}{gate.elementary} pairwise{last}{where}"


def _branch_page() -> list[PieceLine]:
    return [
        (Piece(BRANCH_NAME, "heading"), Piece("   •")),
        (Piece(f"{' ' * INDENT}a, a, … = a"),),
        (),
        *_part("local gradients", "1 along each wire", "gradient"),
        *_part(
            "where they come from",
            "the chain rule for several variables: a step in a reaches the output along every wire, and what the "
            "wires bring adds up",
        ),
        *_part("to a gradient", BRANCH),
        *_part("in practice", "the place where code goes wrong: a gradient needs += here, and = forgets all but one"),
    ]


def _part(label: str, text: str, role: str = "") -> list[PieceLine]:
    """Return a labelled paragraph, each line of its text wrapped; nothing where there is no text."""
    room = WIDTH - INDENT - LABEL - 2
    glued = GLUED.sub(lambda found: found[0].replace(" ", FIRM), text)
    wrapped = [row.replace(FIRM, " ") for line in glued.splitlines() for row in textwrap.wrap(line, room) or [""]]
    margin = " " * (INDENT + LABEL + 2)
    heads = [f"{' ' * INDENT}{label:<{LABEL}}  ", *[margin] * len(wrapped)]
    return [(Piece(head, "remark"), Piece(row, role)) for head, row in zip(heads, wrapped, strict=False)]
