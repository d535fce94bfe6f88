"""A tape to nodes with names that a lecturer would write: sigy, num, xpy, xpysqr, invden.

The user's own names and the inputs always win. Every other gate gets its row's short form filled with its operands'
names, as long as somebody would write it on a board and it can be read in one way only: seven characters, two operands,
no constant. What is left is numbered in a letter of its own: u1, u2, ... Each name is made once from names that are
short already, so the whole is linear.
"""

from __future__ import annotations

from keyword import kwlist
from typing import NamedTuple

from bpviz.formula.numerals import write_marked
from bpviz.gates import CONSTANTS, FUNCTIONS, GATES, Gate
from bpviz.graph import Node
from bpviz.lang.lowering import Tape
from bpviz.names import spell_out

MOST_LETTERS = 7  # of an automatic name
MOST_OPERANDS = 2  # that an automatic name tells
MOST_FUNCTIONS = 2  # of one operand: invcosx; of two operands it is one less
PLAIN_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789", "_")
RESERVED = (*FUNCTIONS, *CONSTANTS, *kwlist)  # pi for p*i would be the constant, if for i*f no name in a listing
PREFIXES = {gate.short.partition("{")[0] for gate in GATES.values()} - {""}  # sin of sinx
SUFFIXES = {gate.short.rpartition("}")[2] for gate in GATES.values()} - {""}
SIGNS = {gate.short[2:-2] for gate in GATES.values() if gate.short.startswith("{}") and gate.short.endswith("{}")}
OUTPUT, OUTPUT_IF_TAKEN = "f", "out"
LETTERS = "uvwxyzabcghkmnpqrst"  # of numbered names, the best first; du1 and 1l, e and f mean something else


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
            self.names[node], versions[wanted] = _take_name(wanted, self.taken, versions.get(wanted, 2))
        self.output_name = self._name_output(output_name)

    def _name_output(self, wanted: str) -> str:
        """Return the output's name, and give it to the output if that is a gate without one."""
        output, taken = self.tape.output, self.taken
        own = self.names[output]
        if own and (self.tape.given.get(output, own) == wanted or (not wanted and self.tape.gates[output])):
            return own
        name, _ = _take_name(wanted or (OUTPUT_IF_TAKEN if OUTPUT in taken else OUTPUT), taken)
        if not own and self.tape.gates[output]:
            self.names[output] = name
        return name

    def make_nodes(self) -> tuple[Node, ...]:
        """Return every node with its name."""
        tape, names = self.tape, self.names
        automatic = AutomaticNames(tape, names, self.taken)
        for node, gate in enumerate(tape.gates):
            if not names[node]:
                names[node] = automatic.make_name(node, gate) if gate else _name_constant(tape, node)
        numbers, typed = map(tape.numbers.get, range(len(names))), map(tape.typed.get, range(len(names)))
        return tuple(map(Node, names, tape.gates, tape.operands, tape.spans, numbers, typed))


def _name_constant(tape: Tape, node: int) -> str:
    """Call a constant by its text: as it was typed, or rounded."""
    return tape.typed[node].text if node in tape.typed else write_marked(tape.numbers[node])


def _take_name(name: str, taken: set[str], number: int = 2) -> tuple[str, int]:
    """Take a name, or c_2, c_3, ... from a number on if it is taken; return it and the number after it."""
    free = name
    while free in taken:
        free = f"{name}_{number}"
        number += 1
    taken.add(free)
    return free, number


def _make_plain(name: str) -> str:
    """Return what a name has in common with its twins: x1 for x₁ and x_1, mu for μ."""
    return spell_out(name).replace("_", "")


class Part(NamedTuple):
    """What a node says where it is part of another one's name: xpy for x + y, and for the second x + y as well.

    first is the node that says it first, and last the text of the operand at its end, if one is there.
    opens and closes tell that a function stands at its beginning or end, as in sinx and xsqr. A text that stands for a
    place and tells no operation, such as u1 or num, is_numbered, and so is what is made of one: expu1.
    """

    text: str
    first: int
    last: str
    operands: int = 1
    functions: int = 0
    opens: bool = False
    closes: bool = False
    is_numbered: bool = False


class AutomaticNames:
    """The names made so far, what each of them says, and where each series of numbers stands."""

    def __init__(self, tape: Tape, names: list[str], taken: set[str]) -> None:
        self.tape = tape
        self.parts: dict[int, Part] = {}
        for node, name in enumerate(names):
            if name:
                text = name.translate(PLAIN_DIGITS)
                self.parts[node] = Part(text, node, last=text)
        self.words = {part.text for part in self.parts.values()}  # of which a name may be put together
        self.operands: dict[str, bool] = {}  # whether a text reads as one
        self.known = {_make_plain(name) for name in taken}
        self.taken = {*self.known, *RESERVED, *("d" + name for name in self.known)}  # dx is the gradient of x
        used = {name[:1].lower() for name in self.known}
        self.letter = next((letter for letter in LETTERS if letter not in used), LETTERS[0])
        self.next: dict[str, int] = {}
        self.made: dict[str, tuple[int, tuple[object, ...]]] = {}  # who says a text first: node, gate and operands

    def make_name(self, node: int, gate: Gate) -> str:
        """Return a new name for a gate whose operands have theirs."""
        role = self.tape.roles.get(node, "")
        part = None if role and node in self.tape.infix else self._compose(node, gate)
        name = self._take_composed(part, gate, node) if part else ""
        if part and name:
            self.parts[node] = part._replace(first=self.made[part.text][0])
            return name
        name, text = self._take_numbered(role)
        self.parts[node] = Part(text, node, last=text, is_numbered=True)
        return name

    def _compose(self, node: int, gate: Gate) -> Part | None:
        """Put the operands into a gate's short form; return None if nobody would write that or it reads in two ways."""
        template = gate.short
        parts = []
        for operand in self.tape.operands[node]:
            if operand in self.tape.numbers:
                template = gate.syntax.short_with.get(self.tape.numbers[operand], "")
            else:
                parts.append(self.parts[operand])
        if not template or not 1 <= len(parts) <= MOST_OPERANDS:
            return None
        is_numbered = any(part.is_numbered for part in parts)
        if len(parts) > 1 and is_numbered:
            return None  # u1 plus x is better called u2 than u1px
        is_prefix, is_suffix = not template.startswith("{"), not template.endswith("}")
        operands = sum([part.operands for part in parts])
        functions = sum([part.functions for part in parts]) + (is_prefix or is_suffix)
        if operands > MOST_OPERANDS or functions > MOST_FUNCTIONS + 1 - operands:
            return None
        if is_prefix and parts[-1].closes:
            return None  # sinxsqr is the square of sin(x), as xpysqr is that of x + y, and not the sine of x²
        is_join = not is_prefix and not is_suffix
        if is_join and (parts[0].opens or parts[-1].closes):
            return None  # sinxpy is the sine of x + y, and xpysqr is not x + y²
        texts = [part.text for part in parts]
        text = template.format(*texts if template.count("{}") > 1 else ["".join(texts)])
        if len(text) > MOST_LETTERS or not text.isidentifier():
            return None
        if not is_suffix and self._reads_as_function(text, longer_than=template.index("{")):
            return None  # sin of h·x is not called sinhx, nor a·sinx asinx
        if len(parts) > 1 and self._count_joins(text[template.index("{") :]) > 1:
            return None  # xmm is x − m, and with an m in the program x·m·m as well
        return Part(
            text,
            node,
            last="" if is_suffix else parts[-1].last,
            operands=operands,
            functions=functions,
            opens=is_prefix or parts[0].opens,
            closes=is_suffix,
            is_numbered=is_numbered,
        )

    def _reads_as_function(self, text: str, longer_than: int) -> bool:
        """Tell whether a text reads as a function with a longer name than so many letters: sinhx is sinh of x."""
        insides = [text[i:] for i in range(longer_than + 1, len(text)) if text[:i] in PREFIXES]
        return any(self._is_operand(inside) or self._count_joins(inside) for inside in insides)

    def _count_joins(self, text: str) -> int:
        """Count the ways to read a text as operands side by side or with a sign between them."""
        size = len(text)
        ways = [0] * (size + 1)  # to read the first so many characters
        for start in range(size):
            before = sum([ways[start - len(sign)] for sign in SIGNS if text.endswith(sign, 1, start)]) if start else 1
            if before:
                for stop in range(start + 1, min(size, start + size - 1) + 1):
                    if self._is_operand(text[start:stop]):
                        ways[stop] += before
        return ways[size]

    def _is_operand(self, text: str) -> bool:
        """Tell whether a text can be read as a name of the program, or one function of it."""
        found = self.operands.get(text)  # most texts are asked for again and again
        if found is None:
            found = (
                text in self.words
                or any(text.endswith(end) and text[: -len(end)] in self.words for end in SUFFIXES)
                or any(text[:i] in PREFIXES and text[i:] in self.words for i in range(1, len(text)))
            )
            self.operands[text] = found
        return found

    def _take_composed(self, part: Part, gate: Gate, node: int) -> str:
        """Take what a node says as its name, with _2, _3, ... for the same once more; nothing if that reads as another.

        The second exp(z1) is expz1_2, but only if nothing is called z12.
        """
        plain = _make_plain(part.text)
        meaning = (gate, *(self.parts[i].first if i in self.parts else -1 for i in self.tape.operands[node]))
        if plain not in self.taken:
            self.taken.add(plain)
            self.made[part.text] = node, meaning
            return part.text
        if self.made.get(part.text, (-1, ()))[1] != meaning:
            return ""
        number = self.next.get(part.text, 2)
        name = f"{part.text}_{number}"
        reads_as_another = f"{plain}{number}" in self.taken or f"{_make_plain(part.last)}{number}" in self.known
        if len(name) > MOST_LETTERS or reads_as_another:
            return ""
        self.next[part.text] = number + 1
        self.taken.add(f"{plain}{number}")
        return name

    def _take_numbered(self, role: str) -> tuple[str, str]:
        """Take the next name of a series: num, num_2, ... for a role that nothing else has, or else u1, u2, ...

        Return it, and its text without the _.
        """
        stem = role if role and role not in self.known else self.letter
        number = self.next.get(stem, 1)
        first = number == 1 and stem == role
        while (text := stem if first else f"{stem}{number}") in self.taken:
            number, first = number + 1, False
        self.next[stem] = number + 1
        self.taken.add(text)
        return f"{role}_{number}" if stem == role and not first else text, text
