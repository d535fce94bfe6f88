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
from math import isinf

from bpviz.errors import BpvizError
from bpviz.gates import CONSTANTS, FUNCTIONS, GATES, Gate
from bpviz.graph import Columns
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
BOTTOM, OPEN, CLOSE, COMMA = Sign(-1), Sign(0), Sign(0), Sign(0)
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
    return {**found, "^": power, "(": OPEN, ")": CLOSE, ",": COMMA}


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
    """What each piece of the text means: a sign, a number, or the id of a node. A new word is asked of its reader."""

    def __init__(self, known: dict[str, Sign], reader: Reader) -> None:
        super().__init__(known)
        self.reader = reader

    def __missing__(self, piece: str) -> object:
        meaning = self[piece] = self.reader.meaning(piece)
        return meaning


class Reader:
    """The state between two statements, and between two signs."""

    def __init__(self, source: str, level: str, most: Limits) -> None:
        self.source = source
        self.level = level
        self.most = most
        self.words = Words(signs(level), self)
        self.columns = Columns()
        self.lowering: Lowering | None = None  # where it is needed
        self.inputs: dict[str, int] = {}
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
            self._statement(pieces)
        self._check_results()
        output = self._with_inputs_first(self.results[-1])
        return Plain(self.columns, self.inputs, self.defaults, output, self._output_name())

    def meaning(self, piece: str) -> object:
        """Return what a word means that was not met before."""
        if piece in FUNCTIONS:
            sign = Sign(0)
            sign.call = FUNCTIONS[piece]
            return sign
        if piece in CONSTANTS:
            return Constant(CONSTANTS[piece], piece, NOWHERE, 0)
        if piece.isidentifier():
            node = self.inputs[piece] = self.columns.append(None, ())
            return node
        return Constant(self._number(piece), piece, NOWHERE, 0)

    def _number(self, piece: str) -> float:
        if piece[0] not in "0123456789." or "_" in piece or len(piece) > self.most.digits:
            raise NotPlain
        try:
            value = float(piece.translate(SHOWN))
        except ValueError:
            raise NotPlain from None
        if isinf(value):
            raise NotPlain
        return value

    # statements

    def _statement(self, pieces: list[str]) -> None:
        self.target = ""
        if len(pieces) > 2 and pieces[1] == "=":
            self.target = pieces[0]
            del pieces[:2]
        before = len(self.columns.gates)
        self._read(pieces)
        result = self.operands.pop()
        if isinstance(result, Constant):
            result = self._default(result)
        elif result < before or self.columns.gates[result] is None:
            raise NotPlain  # another name for what has one
        elif self.target:
            self._name(result)
        self.results.append(result)

    def _default(self, constant: Constant) -> int:
        """Declare an input with a value, and return it."""
        name = self.target
        if name in self.words or not _is_free(name):
            raise NotPlain
        node = self.words[name] = self.inputs[name] = self.columns.append(None, ())
        self.defaults[name] = constant.value
        return node

    def _name(self, result: int) -> None:
        """Give a gate its name."""
        name = self.target
        before = self.words.get(name)
        if before is not None:
            if not isinstance(before, int) or self.columns.gates[before] is None:
                raise NotPlain
            self.times[name] = self.times.get(name, 1) + 1
        elif not _is_free(name):
            raise NotPlain
        self.words[name] = result

    def _check_results(self) -> None:
        """Raise NotPlain unless there is an output of some inputs, every other result is used, and nothing too many."""
        columns, results = self.columns, self.results
        made = len(columns.gates) - len(self.inputs) - len(columns.numbers)
        if not results or not self.inputs or columns.gates[results[-1]] is None or made > self.most.gates:
            raise NotPlain
        if len(results) == 1:
            return
        used = bytearray(len(columns.gates))
        for operands in (columns.first, columns.second, *columns.more.values()):
            for operand in operands:
                used[operand] = 1
        if not all(map(used.__getitem__, results[:-1])):
            raise NotPlain

    def _output_name(self) -> str:
        """Return the name of the output, numbered as the four passes would."""
        if not self.target:
            return next((name for name in ("f", "out") if name not in self.words), "") or _not_plain()
        if not self.times:
            return self.target
        if re.search(r"_\d+$", self.target) or any(word.startswith(f"{self.target}_") for word in self.words):
            raise NotPlain
        return f"{self.target}_{self.times[self.target]}" if self.target in self.times else self.target

    def _with_inputs_first(self, output: int) -> int:
        """Move the inputs to the front of the columns; return where the output is then."""
        inputs = list(self.inputs.values())
        if inputs == list(range(len(inputs))):
            return output
        self.inputs = dict(zip(self.inputs, range(len(inputs)), strict=True))
        return self.columns.move_to_front(inputs)[output]

    # expressions

    def _read(self, pieces: list[str]) -> None:
        """Read an expression, whose result is the only operand left."""
        operands, waiting = self.operands, self.waiting
        has_left: bool | None = False  # whether an operand stands to the left; None where a function does
        for what in map(self.words.__getitem__, pieces):
            if type(what) is not Sign:
                if has_left is not False:
                    raise NotPlain
                operands.append(what)  # type: ignore[arg-type]
                has_left = True
            elif what.binds and has_left:
                if waiting[-1].binds >= what.until:
                    self._apply(what.until)
                waiting.append(what)
                has_left = False
            elif what is OPEN and not has_left:
                waiting.append(what)
                has_left = False
            elif what is CLOSE and has_left:
                self._close()
            else:
                has_left = self._other(what, has_left)
        if not has_left:
            raise NotPlain
        self._apply(SUM)
        if waiting[-1] is not BOTTOM:
            raise NotPlain

    def _apply(self, until: int) -> None:
        """Apply the signs that wait and bind as tightly as this."""
        operands, waiting, columns = self.operands, self.waiting, self.columns
        while waiting[-1].binds >= until:
            sign = waiting.pop()
            right = operands.pop()
            if sign.is_prefix:
                operands.append(self._gate(sign.gate, [right]))
                continue
            left = operands[-1]
            if sign.direct and type(left) is int and type(right) is int:
                operands[-1] = len(columns.gates)
                columns.gates.append(sign.gate)
                columns.first.append(left)
                columns.second.append(right)
            else:
                operands[-1] = self._gate(sign.gate, [left, right])

    def _close(self) -> None:
        """Close a bracket, and call the function before it, if any."""
        self._apply(SUM)
        if self.waiting.pop() is not OPEN:
            raise NotPlain
        if self.waiting[-1].call:
            first = self.calls.pop()
            operands = self.operands[first:]
            rows = self.waiting.pop().call
            gate = next((row for row in rows if row.arity[0] <= len(operands) <= row.arity[1]), None)
            if gate is None or gate.groups > 1:
                raise NotPlain
            self.operands[first:] = [self._gate(gate, operands)]

    def _other(self, what: Sign, has_left: bool | None) -> bool | None:
        """Read a minus, a comma or a function; return whether an operand stands to the left then."""
        if what.call and has_left is False:
            self.waiting.append(what)
            self.calls.append(len(self.operands))
            return None
        if what is COMMA and has_left:
            self._apply(SUM)
            if self.waiting[-1] is OPEN and self.waiting[-2].call:
                return False
        if what.prefix and has_left is False:
            self.waiting.append(what.prefix)
            return False
        raise NotPlain

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
    for chunk in _chunks(source.replace(";", "\n")):
        text = chunk
        if "#" in text:
            text = re.sub(COMMENT, "", text)
        if "e-" in text or "e+" in text or "E-" in text or "E+" in text:
            text = re.sub(EXPONENT, lambda number: number[0].translate(HIDDEN), text)
        text = text.replace("**", "^")
        for sign, apart in SET_APART:
            text = text.replace(sign, apart)
        for line in text.split("\n"):
            pieces = line.split()
            if pieces:
                yield pieces


def _chunks(source: str) -> Iterator[str]:
    """Yield a program in stretches of whole lines: a million of them as pieces would be more than the graph."""
    start = 0
    while start < len(source):
        end = source.find("\n", start + CHUNK)
        end = len(source) if end < 0 else end + 1
        yield source[start:end]
        start = end


def _is_free(name: str) -> bool:
    """Say whether a program may give a gate this name, as far as plain ones are concerned."""
    return name.isidentifier() and name not in FUNCTIONS and name not in CONSTANTS


def _not_plain() -> str:
    raise NotPlain
