"""Plain programs to columns in one pass: names, numbers, + - * / ^, brackets, calls and statements, in ASCII.

That is what nearly every program is made of, and every large one: tokens, parser, bindings and lowering are four
passes and take ten times as long. Here the signs are set apart by spaces, and what lies between is looked up in one
dictionary, in which a name is the id of its node. What is not plain is left to the four passes, and so is whatever is
wrong, since they know what to say, and the nodes' names and places in the text, for when somebody looks at them. The
two ways make the same columns; the tests hold them against each other.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import count
from math import isinf
from operator import eq

from bpviz.errors import BpvizError
from bpviz.gates import CONSTANTS, FUNCTIONS, GATES, Gate
from bpviz.graph import MORE, Columns
from bpviz.lang.code import Code
from bpviz.lang.lowering import LEVELS, Constant, Lowering, Operand
from bpviz.limits import Limits
from bpviz.records import NamedTuple

CHUNK = 1 << 16  # characters of statements that are cut into pieces at a time
COMMENT = r"#[^\n]*"
EXPONENT = r"(?<![\w.])(?:\d+\.?\d*|\.\d+)[eE][-+]\d+"  # a number with a sign in it
HIDDEN = str.maketrans("-+", "\1\2")  # that sign, while signs are set apart
SHOWN = str.maketrans("\1\2", "-+")
NOWHERE = (0, 0)
TAKEN = frozenset((*FUNCTIONS, *CONSTANTS))  # only asked, never listed


class NotPlain(Exception):  # noqa: N818 - no error: the program may be right
    """The program is one for the parser."""


class Plain(NamedTuple):
    """A program as columns, its inputs and defaults, its output and how that is called."""

    columns: Columns
    inputs: dict[str, int]
    defaults: dict[str, float]
    output: int
    output_name: str


class Sign:
    """A sign, or a bracket or a function, which bind nothing: its gate, or the rows of the function.

    direct says that between two nodes it is that gate and no other; prefix is what it is without an operand before it.
    """

    __slots__ = ("binds", "call", "direct", "gate", "is_prefix", "prefix", "until")

    def __init__(self, binds: int, gate: Gate | None = None, direct: bool = False) -> None:
        self.binds = binds
        self.until = binds  # signs that wait and bind as tightly as this go first
        self.gate = gate
        self.direct = direct
        self.call: tuple[Gate, ...] = ()
        self.is_prefix = False
        self.prefix: Sign | None = None


SUM, PRODUCT, NEGATION, POWER = (1, 2, 4, 5)  # as in the parser
BOTTOM, OPEN, CLOSE, COMMA, END = Sign(-1), Sign(0), Sign(0), Sign(0), Sign(0)
CLOSE.until = COMMA.until = END.until = SUM
END_OF_STATEMENT = "\n"  # as a piece
TYPED = {"+": (SUM, "add"), "-": (SUM, "subtract"), "*": (PRODUCT, "multiply"), "/": (PRODUCT, "divide")}
SET_APART = tuple((sign, f" {sign} ") for sign in "()+-*/^,=")


@cache
def signs(level: str) -> dict[str, Sign]:
    """Return what each sign is at a level."""
    found = {sign: Sign(binds, GATES[name], stays(GATES[name], level)) for sign, (binds, name) in TYPED.items()}
    power = Sign(POWER, GATES["pow"])
    power.until = POWER + 1  # from the right
    minus = Sign(NEGATION, GATES["negate"])
    minus.is_prefix = True
    found["-"].prefix = minus
    return {**found, "^": power, "(": OPEN, ")": CLOSE, ",": COMMA, END_OF_STATEMENT: END}


def stays(gate: Gate, level: str) -> bool:
    """Say whether a gate between nodes is one gate at a level, and that one."""
    splits = gate.elementary and LEVELS.index(level) >= LEVELS.index(gate.splits_at)
    return not splits and not gate.becomes


def read(source: str, level: str, most: Limits) -> Plain | None:
    """Return a plain program that is right, None for any other."""
    if not source.isascii() or "\1" in source or "\2" in source:
        return None
    try:
        return Reader(source, level, most).read()
    except (NotPlain, BpvizError):
        return None


class Words(dict[str, object]):
    """What each piece of the text means: a sign, a number, or the id of a node. A new word is a number or an input."""

    def __init__(self, known: dict[str, Sign], digits: int) -> None:
        super().__init__(known)
        self.digits = digits
        self.columns = Columns()
        self.inputs: dict[str, int] = {}

    def __missing__(self, piece: str) -> object:
        meaning = self[piece] = self._meaning(piece)
        return meaning

    def _meaning(self, piece: str) -> object:
        if is_free(piece):
            return self.declare(piece)
        if piece in FUNCTIONS:
            sign = Sign(0)
            sign.call = FUNCTIONS[piece]
            return sign
        return Constant(CONSTANTS[piece] if piece in CONSTANTS else self._number(piece), piece, NOWHERE, 0)

    def _number(self, piece: str) -> float:
        if piece[0] not in "0123456789." or "_" in piece or len(piece) > self.digits:
            raise NotPlain
        try:
            value = float(piece.translate(SHOWN))
        except ValueError:
            raise NotPlain from None
        if isinf(value):
            raise NotPlain
        return value

    def declare(self, name: str) -> int:
        """Make an input and return it."""
        node = self[name] = self.inputs[name] = self.columns.append(None, ())
        return node


def is_free(name: str) -> bool:
    """Say whether a plain program may give an input or a gate this name."""
    return name.isidentifier() and name not in TAKEN


class Reader:
    """The state between two statements, and between two signs."""

    def __init__(self, source: str, level: str, most: Limits) -> None:
        self.source = source
        self.level = level
        self.most = most.gates
        self.words = Words(signs(level), most.digits)
        self.columns = self.words.columns
        self.lowering: Lowering | None = None  # where it is needed
        self.defaults: dict[str, float] = {}
        self.results = array("i")  # of the statements
        self.times: dict[str, int] = {}  # of the names that are given again: how often
        self.target = ""  # of the last statement
        self.operands: list[Operand] = []
        self.waiting: list[Sign] = [BOTTOM]
        self.calls: list[int] = []  # how many operands there were before each call that is open

    def read(self) -> Plain:
        """Return the program; raise NotPlain, or what is wrong with a constant."""
        for pieces in statements(self.source):
            if self.results and not self.target:
                raise NotPlain  # a statement without a name that is not the last
            if len(pieces) > 2 and pieces[1] == "=":
                self.target = pieces[0]
                self.results.append(self._named(pieces[0], pieces[2:]))
            else:
                self.target = ""
                self.results.append(self._gate_of(pieces))
        self._check_results()
        inputs, output = self._with_inputs_first(self.results[-1])
        return Plain(self.columns, inputs, self.defaults, output, self._output_name())

    # statements

    def _named(self, name: str, pieces: list[str]) -> int:
        """Read a statement with a name: a gate, or an input with a value."""
        before = len(self.columns.gates)
        result: Operand | None = self._two(*pieces) if len(pieces) == 3 else None
        if result is None:
            result = self._read(pieces)
        if not name.isidentifier() or name in TAKEN:
            raise NotPlain
        if type(result) is not int:
            return self._default(name, result)  # type: ignore[arg-type]
        if result < before or self.columns.gates[result] is None:
            raise NotPlain  # another name for what has one
        known = self.words.setdefault(name, result)
        if known is not result:
            if type(known) is not int or self.columns.gates[known] is None:
                raise NotPlain
            self.words[name] = result
            self.times[name] = self.times.get(name, 1) + 1
        return result

    def _default(self, name: str, constant: Constant) -> int:
        """Declare an input with a value."""
        if name in self.words:
            raise NotPlain
        self.defaults[name] = constant.value
        return self.words.declare(name)

    def _two(self, first: str, sign: str, second: str) -> int | None:
        """Return the gate of two nodes and a sign between, as most statements of a long program are, or None."""
        words, columns = self.words, self.columns
        left, what, right = words[first], words[sign], words[second]
        if type(what) is Sign and what.direct and type(left) is int and type(right) is int:
            columns.gates.append(what.gate)
            columns.first.append(left)
            columns.second.append(right)
            return len(columns.gates) - 1
        return None

    def _gate_of(self, pieces: list[str]) -> int:
        """Read a statement without a name."""
        before = len(self.columns.gates)
        result = self._read(pieces)
        if isinstance(result, Constant) or result < before or self.columns.gates[result] is None:
            raise NotPlain
        return result

    def _check_results(self) -> None:
        """Raise NotPlain unless there is an output of some inputs, every other result is used, and nothing too many."""
        columns, results = self.columns, self.results
        inputs = self.words.inputs
        made = len(columns.gates) - len(inputs) - len(columns.numbers)
        if not results or not inputs or columns.gates[results[-1]] is None or made > self.most:
            raise NotPlain
        if len(results) == 1:
            return
        used = bytearray(len(columns.gates) - MORE)  # with room for MORE and NONE at the end
        for operands in (columns.first, columns.second, *columns.more.values()):
            for operand in operands:
                used[operand] = 1
        if not all(map(used.__getitem__, results[:-1])):
            raise NotPlain

    def _output_name(self) -> str:
        """Return the name of the output, numbered as the four passes would."""
        if not self.target:
            if "f" in self.words and "out" in self.words:
                raise NotPlain
            return "out" if "f" in self.words else "f"
        if not self.times:
            return self.target
        if re.search(r"_\d+$", self.target) or any(word.startswith(f"{self.target}_") for word in self.words):
            raise NotPlain
        return f"{self.target}_{self.times[self.target]}" if self.target in self.times else self.target

    def _with_inputs_first(self, output: int) -> tuple[dict[str, int], int]:
        """Move the inputs to the front of the columns; return them, and where the output is then."""
        inputs = self.words.inputs
        if all(map(eq, inputs.values(), count())):
            return inputs, output
        place = self.columns.move_to_front(list(inputs.values()))
        return dict(zip(inputs, count(), strict=False)), place[output]

    # expressions

    def _read(self, pieces: list[str]) -> Operand:
        """Read an expression and return its result."""
        operands, waiting, gates = self.operands, self.waiting, self.columns.gates
        first, second = self.columns.first, self.columns.second
        has_left: bool | None = False  # whether an operand stands to the left; None where a function does
        pieces.append(END_OF_STATEMENT)
        for what in map(self.words.__getitem__, pieces):
            if type(what) is not Sign:
                if has_left is not False:
                    raise NotPlain
                operands.append(what)  # type: ignore[arg-type]
                has_left = True
                continue
            if what.until and has_left:  # what waits and binds as tightly goes first
                while waiting[-1].binds >= what.until:
                    sign = waiting.pop()
                    if sign.direct and type(operands[-1]) is int and type(operands[-2]) is int:
                        second.append(operands.pop())  # type: ignore[arg-type]
                        first.append(operands[-1])
                        operands[-1] = len(gates)
                        gates.append(sign.gate)
                    else:
                        self._apply(sign)
            if what.binds and has_left:
                waiting.append(what)
                has_left = False
            else:
                has_left = self._other(what, has_left)
        return operands.pop()

    def _apply(self, sign: Sign) -> None:
        """Apply a sign to its operands."""
        operands = [self.operands.pop() for _ in range(1 if sign.is_prefix else 2)]
        self.operands.append(self._gate(sign.gate, operands[::-1]))

    def _other(self, what: Sign, has_left: bool | None) -> bool | None:
        """Read what is no sign between operands; return whether an operand stands to the left then."""
        waiting = self.waiting
        if what is OPEN and not has_left:
            waiting.append(what)
            return False
        if what is CLOSE and has_left:
            if waiting.pop() is not OPEN:
                raise NotPlain
            if waiting[-1].call:
                self._call(waiting.pop().call)
            return True
        if what is END and has_left and waiting[-1] is BOTTOM:
            return True
        if what is COMMA and has_left and waiting[-1] is OPEN and waiting[-2].call:
            return False
        return self._before_operand(what, has_left)

    def _before_operand(self, what: Sign, has_left: bool | None) -> bool | None:
        """Read a minus or a function."""
        if has_left is not False or not (what.call or what.prefix):
            raise NotPlain
        if what.prefix:
            self.waiting.append(what.prefix)
            return False
        self.waiting.append(what)
        self.calls.append(len(self.operands))
        return None

    def _call(self, rows: Sequence[Gate]) -> None:
        """Apply the row of a function that takes as many operands as are written."""
        first = self.calls.pop()
        operands = self.operands[first:]
        gate = next((row for row in rows if row.arity[0] <= len(operands) <= row.arity[1]), None)
        if gate is None or gate.groups > 1:
            raise NotPlain
        self.operands[first:] = [self._gate(gate, operands)]

    def _gate(self, gate: Gate | None, operands: Sequence[Operand]) -> Operand:
        """Return a gate of operands, which may be constants, or become several gates."""
        assert gate is not None
        if stays(gate, self.level) and all(type(operand) is int for operand in operands):
            return self.columns.append(gate, operands)  # type: ignore[arg-type]
        if self.lowering is None:
            self.lowering = Lowering(Code(self.source), self.level, False, self.columns)
        return self.lowering.combine(gate, operands, NOWHERE)


def statements(source: str) -> Iterator[list[str]]:
    """Yield the pieces of each statement that is not empty."""
    if "#" in source and ";" in source:
        source = re.sub(COMMENT, "", source)  # first: a semicolon in a comment ends nothing
    for text in _chunks(source.replace(";", "\n")):
        for line in _set_apart(text).split("\n"):
            pieces = line.split()
            if pieces:
                yield pieces


def _set_apart(text: str) -> str:
    """Return a stretch of a program with a space around every sign, and no comments."""
    if "#" in text:
        text = re.sub(COMMENT, "", text)
    if "e-" in text or "e+" in text or "E-" in text or "E+" in text:
        text = re.sub(EXPONENT, lambda number: number[0].translate(HIDDEN), text)
    text = text.replace("**", "^")
    for sign, apart in SET_APART:
        if sign in text:
            text = text.replace(sign, apart)
    return text


def _chunks(source: str) -> Iterator[str]:
    """Yield a program in stretches of whole lines: a million of them as pieces would be more than the graph."""
    start = 0
    while start < len(source):
        end = source.find("\n", start + CHUNK)
        end = len(source) if end < 0 else end + 1
        yield source[start:end]
        start = end
