"""Straight-line code: a list of instructions, each computed once, whatever asks for it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bpviz.records import NamedTuple

Operation = str | Callable[..., Any]  # a sign or word of source.SIGNS, or a function that is called
Formulas = Mapping[Any, tuple[str, ...]]  # of functions, one for each number that they return


class Instruction(NamedTuple):
    """An operation on the results of earlier instructions.

    "input" and "constant" have none: what they stand for is in number, an input's place or a constant's value.
    "part" takes one part, number, of a result that is a tuple.
    """

    operation: Operation
    operands: tuple[int, ...] = ()
    number: float = 0.0


class Instructions:
    """The instructions so far, and which there are; formulas are what stands for a call of some functions."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self.all: list[Instruction] = []
        self._seen: dict[tuple[Operation, tuple[int, ...], str], int] = {}

    def add(self, operation: Operation, *operands: int) -> int:
        """Return the id of an operation on earlier results: a new one, or where it is computed already."""
        if operation == "*":
            for one, other in (operands, operands[::-1]):
                if self._is_constant(one, 1.0):
                    return other
                if self._is_constant(one, -1.0):
                    return self.add("negative", other)
        return self._number(Instruction(operation, operands, 0.0))

    def input(self, place: int) -> int:
        """Return the id of an input."""
        return self._number(Instruction("input", (), place))

    def constant(self, value: float) -> int:
        """Return the id of a number; 0 and −0 are two."""
        return self._number(Instruction("constant", (), value))

    def part(self, whole: int, number: int) -> int:
        """Return the id of one part of a result that is a tuple."""
        return self._number(Instruction("part", (whole,), number))

    def needed(self, results: Iterable[int]) -> list[int]:
        """Return the ids of what some results need, in order."""
        wanted = bytearray(len(self.all))
        for result in results:
            wanted[result] = 1
        for i in range(len(self.all) - 1, -1, -1):
            if wanted[i]:
                for operand in self.all[i].operands:
                    wanted[operand] = 1
        return [i for i, each in enumerate(wanted) if each]

    def _number(self, instruction: Instruction) -> int:
        key = (instruction.operation, instruction.operands, repr(instruction.number))
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = len(self.all)
            self.all.append(instruction)
        return found

    def _is_constant(self, i: int, value: float) -> bool:
        return self.all[i].operation == "constant" and self.all[i].number == value
