"""A tape to nodes with names that a lecturer would write: sigy, num, xpy, xpysqr, invden.

The user's own names and the inputs always win. Every other gate gets its row's short form filled with its operands'
names; what is too long to write in a circle, or no identifier, is called v1, v2, ... Each name is made once from
names that are short already, so the whole is linear.
"""

from __future__ import annotations

from keyword import kwlist

from bpviz.gates import CONSTANTS, FUNCTIONS, Gate
from bpviz.graph import Node
from bpviz.lang.lowering import Tape

MOST_LETTERS = 10  # characters that fit in a circle
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PLAIN_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789", "_")
RESERVED = (*FUNCTIONS, *CONSTANTS, *kwlist)  # pi for p*i would be the constant, if for i*f no name in a listing
OUTPUT, OUTPUT_IF_TAKEN = "f", "out"


class Naming:
    """The names of a tape's nodes: the user's own and the output's at once, the automatic ones when somebody asks."""

    def __init__(self, tape: Tape, output_name: str) -> None:
        """Take the output's name, its own one if that is empty."""
        self.tape = tape
        self.taken = set(tape.inputs)
        self.names = [""] * len(tape.gates)
        for name, node in tape.inputs.items():
            self.names[node] = name
        versions: dict[str, int] = {}  # the next number of each name that is given again and again
        for node, wanted in tape.given.items():
            number = versions.get(wanted, 2)
            self.names[node], versions[wanted] = _take_name(wanted, self.taken, wanted + "_", number)
        self.output_name = self._name_output(output_name)

    def _name_output(self, wanted: str) -> str:
        """Return the output's name, and give it to the output if that is a gate without one."""
        output, taken = self.tape.output, self.taken
        own = self.names[output]
        if own and (self.tape.given.get(output, own) == wanted or (not wanted and self.tape.gates[output])):
            return own
        stem = wanted or (OUTPUT_IF_TAKEN if OUTPUT in taken else OUTPUT)
        name, _ = _take_name(stem, taken, wanted + "_" if wanted else stem)
        if not own and self.tape.gates[output]:
            self.names[output] = name
        return name

    def make_nodes(self) -> tuple[Node, ...]:
        """Return every node with its name."""
        tape, names = self.tape, self.names
        automatic = AutomaticNames(tape, names, self.taken)
        for node, gate in enumerate(tape.gates):
            if not names[node]:
                names[node] = automatic.make_name(node, gate) if gate else tape.constants[node]
        numbers = map(tape.numbers.get, range(len(names)))
        return tuple(map(Node, names, tape.gates, tape.operands, tape.spans, numbers))


def _take_name(name: str, taken: set[str], stem: str, number: int = 2) -> tuple[str, int]:
    """Take a name, or the first free one of its series from a number on; return it and the number after it."""
    free = name
    while free in taken:
        free = f"{stem}{number}"
        number += 1
    taken.add(free)
    return free, number


class AutomaticNames:
    """The names made so far, and where each series of numbers stands."""

    def __init__(self, tape: Tape, names: list[str], taken: set[str]) -> None:
        self.tape = tape
        self.names = names
        self.taken = taken | set(RESERVED)
        self.next: dict[str, int] = {}
        self.functions: dict[int, int] = {}  # how many functions each automatic name tells, if any
        self.numbered: set[int] = set()  # only asked, never listed: the nodes that are called v1, v2, ...

    def make_name(self, node: int, gate: Gate) -> str:
        """Return a new name for a gate whose operands have theirs."""
        role = self.tape.roles.get(node, "")
        short = "" if role and node in self.tape.infix else self._shorten(node, gate)
        name = self._take_next(short or role)
        if not name or len(name) > MOST_LETTERS:
            self.numbered.add(node)
            self.functions[node] = 0
            name = self._take_next("v1", "v")
        return name

    def _take_next(self, name: str, stem: str = "") -> str:
        """Take a name if it is free, or else the next of its series; each series goes on where it stood."""
        if name and name in self.taken:
            stem = stem or name
            name, self.next[stem] = _take_name(name, self.taken, stem, self.next.get(stem, 2))
        self.taken.add(name)
        return name

    def _shorten(self, node: int, gate: Gate) -> str:
        """Return a gate's short form with its operands put in; nothing if it is no identifier or too long."""
        operands = self.tape.operands[node]
        if len(operands) > MOST_LETTERS or (len(operands) > 1 and not self.numbered.isdisjoint(operands)):
            return ""  # v1 plus x is better called v2 than v1px
        parts = [self._write_part(operand, slot) for slot, operand in enumerate(operands)]
        if not all(parts):
            return ""
        template = gate.short
        for operand in operands:
            if operand in self.tape.constants:
                template = gate.syntax.short_with.get(self.tape.numbers[operand], template)
        if not self._is_readable(node, operands, template):
            return ""
        slots = template.count("{}")
        if slots == 1 and len(parts) > 1 and template == gate.short:
            parts = ["".join(parts)]
        elif (
            template.startswith("{}{}")
            and operands[1] in self.tape.constants
            and operands[0] not in self.tape.constants
        ):  # x*2: a number in front reads as a factor
            parts = [self._write_part(operands[1], 0), parts[0]]
        name = template.format(*parts)
        return name if len(name) <= MOST_LETTERS and name.isidentifier() else ""

    def _is_readable(self, node: int, operands: tuple[int, ...], template: str) -> bool:
        """Note how many functions a name tells, and say if it can be read: sintanhx can, minasumbcd cannot."""
        inside = sum(self.functions.get(operand, 0) for operand in operands)
        if template.startswith("{}"):
            self.functions[node] = inside
            return True
        self.functions[node] = inside + 1
        return inside <= (1 if len(operands) == 1 else 0)

    def _write_part(self, operand: int, slot: int) -> str:
        """Return an operand as a part of a name: a constant in front as a word, behind as digits."""
        if operand not in self.tape.constants:
            name = self.names[operand]
            return name if name.isascii() and name.isalnum() else name.translate(PLAIN_DIGITS)
        value = self.tape.numbers[operand]
        if self.tape.constants[operand] in CONSTANTS:
            return "pi"
        if value < 0 or value != int(value) or value >= 10**MOST_LETTERS:
            return ""
        return WORDS[int(value)] if slot == 0 and value < len(WORDS) else "" if slot == 0 else str(int(value))
