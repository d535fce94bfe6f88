"""Postfix code to a tape of gates: how finely (gates), with what merged (share), and with constants folded or not.

One pass over the code with one stack of operands. An operand is the id of a node or a Constant, which becomes a
node only when a gate with a variable takes it. A gate that the level does not allow is replaced by its row's own
elementary program, which runs through this same pass: the recursion is as deep as the gate table's programs nest, and
no program of a user makes it deeper.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from math import isfinite
from typing import NamedTuple

from bpviz.errors import EvaluationError, ProgramError, make_printable
from bpviz.formula.tree import Atom
from bpviz.gates import CONSTANTS, COUNT, GATES, LETTERS, Gate, state_domain
from bpviz.graph import Requirement
from bpviz.lang.bindings import EULER, Bindings
from bpviz.lang.parser import Parser
from bpviz.lang.postfix import Code, Operation
from bpviz.lang.tokens import FRACTION, read_tokens
from bpviz.lang.typed_constants import negate_number, write_calculation, write_named_constant, write_typed_number
from bpviz.limits import DEFAULT, raise_by
from bpviz.vectors import VectorOperation

LEVELS = ("fused", "lecture", "elementary")  # from coarse to fine


class Constant(NamedTuple):
    """A constant operand: its value, how it was typed where that is short, and whether it is one number or π.

    node is its id where constants are drawn and it is a gate (-1 before it is one), mark the length of the tape
    before anything of it was emitted.
    """

    value: float
    typed: Atom | None
    span: tuple[int, int]
    mark: int
    is_number: bool = True
    node: int = -1


Operand = int | Constant


class Tape:
    """The nodes so far, in parallel lists, and what is known for naming them."""

    def __init__(self) -> None:
        self.gates: list[Gate | None] = []  # None for an input and a constant
        self.operands: list[tuple[int, ...]] = []
        self.spans: list[tuple[int, int]] = []  # where in the source each node was written
        self.numbers: dict[int, float] = {}  # the values of constants, and below how they were typed, where short
        self.typed: dict[int, Atom] = {}
        self.infix: set[int] = set()  # gates that were typed with a sign between their operands
        self.given: dict[int, str] = {}  # names by the user
        self.roles: dict[int, str] = {}  # num and den
        self.inputs: dict[str, int] = {}
        self.defaults: dict[str, float] = {}
        self.output = -1
        self.requirements: list[Requirement] = []
        self.most = DEFAULT.gates
        self.made = 0  # gates so far

    def append(self, gate: Gate | None, operands: tuple[int, ...], span: tuple[int, int]) -> int:
        """Append a node and return its id; raise ProgramError for one gate too many."""
        if gate is not None:
            self.made += 1
            if self.made > self.most:
                hint = f"a coarser --gates or --share may do; {raise_by('gates', 10 * self.most)}"
                raise ProgramError(f"the program has more than {self.most:,} gates", hint=hint)
        self.gates.append(gate)
        self.operands.append(operands)
        self.spans.append(span)
        return len(self.gates) - 1

    def append_constant(self, constant: Constant) -> int:
        """Append a constant as a node and return its id."""
        node = self.append(None, (), constant.span)
        self.numbers[node] = constant.value
        if constant.typed:
            self.typed[node] = constant.typed
        return node

    def cut(self, length: int) -> None:
        """Take back every node from this length on."""
        for node in range(length, len(self.gates)):
            self.numbers.pop(node, None)
            self.typed.pop(node, None)
            self.roles.pop(node, None)
            self.infix.discard(node)
        self.made -= sum(gate is not None for gate in self.gates[length:])
        del self.gates[length:], self.operands[length:], self.spans[length:]
        self.requirements = [
            each for each in self.requirements if not any(type(i) is int and i >= length for i in each.operands)
        ]


def lower(code: Code, bound: Bindings, level: str, share: bool, constants: bool, most: int = DEFAULT.gates) -> Tape:
    """Return the tape of a program's live statements, of so many gates at most.

    Raises EvaluationError for a constant without a value, ProgramError for more gates.
    """
    lowering = Lowering(code, level, share, has_euler=bound.has_euler)
    tape = lowering.tape
    tape.most = most
    names: dict[str, Operand] = {}
    for name, span in bound.inputs.items():
        names[name] = tape.inputs[name] = tape.append(None, (), span)
    for index in bound.live:
        statement = code.statements[index]
        lowering.fold = not constants or index in bound.defaults  # a default is a number, however it is typed
        result = lowering.run(code, statement.first, statement.stop, names)
        if index in bound.defaults:
            assert isinstance(result, Constant)
            tape.defaults[statement.name] = result.value
            continue
        if index == bound.live[-1]:
            result = tape.output = lowering.make_node(result)
        if statement.name:
            names[statement.name] = result
            if isinstance(result, int) and tape.gates[result]:
                tape.given.setdefault(result, statement.name)
    return tape


class Lowering:
    """The state of the pass: the tape, the choices, and what is merged."""

    def __init__(self, code: Code, level: str, share: bool, *, has_euler: bool) -> None:
        self.code = code
        self.level = level
        self.share = share
        self.fold = True
        self.tape = Tape()
        self.constants = {**CONSTANTS, EULER: math.e} if has_euler else CONSTANTS
        self.seen: dict[object, int] = {}

    def run(
        self, code: Code, first: int, stop: int, names: dict[str, Operand], span: tuple[int, int] | None = None
    ) -> Operand:
        """Return the result of a stretch of code; span is that of every node if the code is a gate's own program."""
        stack: list[Operand] = []
        items, starts, ends = code.items, code.starts, code.ends
        for i in range(first, stop):
            item = items[i]
            if isinstance(item, str) and item in names:
                stack.append(names[item])
                continue
            here = span or (starts[i], ends[i])
            if isinstance(item, Operation):
                operands = stack[-item.arity :]
                del stack[-item.arity :]
                if item.order:
                    operands = [operands[k] for k in item.order]
                result = self.apply(item, operands, here)
                if span is None:
                    self._note_for_naming(item.gate, operands, result)
                stack.append(result)
            else:
                stack.append(self._read_number(code, item, (starts[i], ends[i]), here))
        return stack.pop()

    def make_node(self, operand: Operand) -> int:
        """Return the id of an operand; a constant becomes a node now."""
        if isinstance(operand, int):
            return operand
        if operand.node >= 0:
            return operand.node
        key = (None, repr(operand.value))
        if self.share and key in self.seen:
            return self.seen[key]
        node = self.seen[key] = self.tape.append_constant(operand)
        return node

    def _read_number(self, code: Code, item: float | str, typed: tuple[int, int], span: tuple[int, int]) -> Constant:
        mark = len(self.tape.gates)
        if isinstance(item, str):
            value = self.constants[item]
            return Constant(value, write_named_constant(item, value), span, mark)
        text = code.source[slice(*typed)]
        is_plain = text and (text.isascii() or FRACTION.fullmatch(text))
        return Constant(item, write_typed_number(text if is_plain else f"{item:.15g}", item), span, mark)

    def apply(self, operation: Operation, operands: Sequence[Operand], span: tuple[int, int]) -> Operand:
        """Return what was typed applied to operands."""
        assert isinstance(operation.gate, Gate)  # what has vectors is unrolled
        return self.combine(operation.gate, operands, span)

    def combine(self, gate: Gate, operands: Sequence[Operand], span: tuple[int, int]) -> Operand:
        """Return a gate applied to operands: a node, or a constant if all of them are."""
        operand = operands[0]
        if gate.syntax.signs and isinstance(operand, Constant) and operand.is_number:  # a minus before a number
            typed = operand.typed and negate_number(operand.typed)
            return operand._replace(value=-operand.value, typed=typed, span=span)
        gate, operands = self._specialise(gate, operands, span)
        constants = [operand for operand in operands if isinstance(operand, Constant)]
        if len(constants) == len(operands):
            return self._fold(gate, constants, span)
        return self._emit(gate, operands, span)

    def _specialise(
        self, gate: Gate, operands: Sequence[Operand], span: tuple[int, int]
    ) -> tuple[Gate, Sequence[Operand]]:
        """Return the row that a gate is with these operands, and those of them that it keeps."""
        for special in gate.syntax.becomes:
            if special.slot is None:
                return GATES[special.gate], operands
            constant = operands[special.slot]
            if not isinstance(constant, Constant) or not special.fits(constant.value):
                continue
            row, others = GATES[special.gate], list(operands)
            if special.drops or special.slot == row.parameter:  # part of the gate, and so a number without gates
                if constant.node >= 0 and special.slot < len(operands) - 1:
                    continue
                number = self._turn_into_number(constant)
                others[special.slot : special.slot + 1] = [] if special.drops else [number]
            return row, others
        if gate.parameter is not None:  # it is a number that no row fits, or no number
            raise ProgramError(
                f"{gate.name} needs {gate.domain}", place=self.code.place(*span), hint=gate.words.instead
            )
        return gate, operands

    def _turn_into_number(self, constant: Constant) -> Constant:
        """Return a constant as one number, its gates, which end the tape, taken back: an exponent has none."""
        if constant.node < 0:
            return constant
        tape = self.tape
        for node in range(constant.mark, len(tape.gates)):
            number = tape.numbers.get(node)
            key = (tape.gates[node], tape.operands[node]) if number is None else (None, repr(number))
            self.seen.pop(key, None)
        tape.cut(constant.mark)
        return constant._replace(node=-1)

    def _fold(self, gate: Gate, operands: list[Constant], span: tuple[int, int]) -> Constant:
        value = self._evaluate(gate, operands, span)
        typed = write_calculation(gate, [operand.typed for operand in operands], value)
        result = Constant(value, typed, span, operands[0].mark, is_number=False)
        if self.fold:
            return result
        made = self._emit(gate, operands, span)
        return result._replace(node=made if isinstance(made, int) else made.node)

    def _evaluate(self, gate: Gate, operands: list[Constant], span: tuple[int, int]) -> float:
        text = self.code.source[slice(*span)]
        shown = make_printable(" ".join(text[:40].split())) + ("…" if len(text) > 40 else "")
        place = self.code.place(*span)
        try:
            value = gate.forward(*(operand.value for operand in operands))
        except (ValueError, ZeroDivisionError):
            raise EvaluationError(f"{shown} has no value", place=place, hint=state_domain(gate)) from None
        except OverflowError:
            value = float("inf")
        if not isfinite(value):
            raise EvaluationError(f"{shown} overflows", place=place, hint="the largest number here is about 1.8e308")
        return value

    def _emit(self, gate: Gate, operands: Sequence[Operand], span: tuple[int, int]) -> Operand:
        """Emit a gate, or what its row replaces it with at this level."""
        if self._splits(gate, operands):
            return self._take_apart(gate, operands, span)
        return self._place(gate, operands, span)

    def _place(self, gate: Gate, operands: Sequence[Operand], span: tuple[int, int]) -> Operand:
        """Place a gate on the tape; with share, an equal one that stands there already."""
        ids = tuple([self.make_node(operand) for operand in operands])
        if not self.share:
            return self.tape.append(gate, ids, span)
        key = (gate, ids)
        if key not in self.seen:
            self.seen[key] = self.tape.append(gate, ids, span)
        return self.seen[key]

    def _splits(self, gate: Gate, operands: Sequence[Operand]) -> bool:
        if not gate.parts.elementary or LEVELS.index(self.level) < LEVELS.index(gate.parts.splits_at):
            return False
        return self.level == "elementary" or not isinstance(operands[-1], Constant)  # x/2 stays one gate: ÷2

    def _take_apart(self, gate: Gate, operands: Sequence[Operand], span: tuple[int, int]) -> Operand:
        """Emit a row's decomposition; that of a sum of many pairwise, from the left."""
        if gate.parts.checks_domain:
            self._require(gate, operands, span)
        if gate.arity[1] == gate.arity[0]:
            return self._splice(gate.parts.elementary, operands, span)
        size = len(operands) // gate.groups
        groups = [operands[place::size] for place in range(size)]
        terms = [self._splice(gate.parts.each, group, span) if gate.parts.each else group[0] for group in groups]
        result = terms[0]
        for term in terms[1:]:
            result = self._splice(gate.parts.elementary, (result, term), span)
        if gate.parts.lastly:
            count = Constant(float(size), Atom(str(size), float(size)), span, len(self.tape.gates))
            result = self._splice(gate.parts.lastly, (result,), span, count)
        return result

    def _require(self, gate: Gate, operands: Sequence[Operand], span: tuple[int, int]) -> None:
        """Note that the operands of a gate that is taken apart must be in its domain all the same."""
        required = tuple([each if isinstance(each, int) else each.value for each in operands])
        self.tape.requirements.append(Requirement(gate, required, span))

    def _splice(
        self, text: str, operands: Sequence[Operand], span: tuple[int, int], count: Constant | None = None
    ) -> Operand:
        """Emit a program of the table over these operands."""
        names: dict[str, Operand] = dict(zip(LETTERS, operands, strict=False))
        if count:
            names[COUNT] = count
        program = parse_elementary(text)
        result: Operand = -1
        for statement in program.statements:
            result = names[statement.name] = self.run(program, statement.first, statement.stop, names, span)
        return result

    def _note_for_naming(self, gate: Gate | VectorOperation, operands: Sequence[Operand], result: Operand) -> None:
        """Note what naming wants to know: which nodes were typed with a sign between, and what a fraction is of."""
        if gate.syntax.infix and isinstance(result, int):
            self.tape.infix.add(result)
            for operand, role in zip(operands, gate.syntax.roles, strict=False):
                if isinstance(operand, int) and self.tape.gates[operand]:
                    self.tape.roles.setdefault(operand, role)


@cache
def parse_elementary(text: str) -> Code:
    """Parse the elementary program of a row of the gate table, once for all."""
    return Parser(text).parse(read_tokens(text))
