"""Which register each result of straight-line code is in, for inputs of which some are one number and others arrays.

Buffers are given out as a compiler gives out registers: a result takes the one that was freed last, which is still in
the cache. What depends on no array is computed once. Nothing here computes anything, or knows of NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bpviz.compiled.instructions import Operation
from bpviz.compiled.passes import Passes
from bpviz.records import NamedTuple

Chooser = Callable[[Operation, int], tuple[Callable[..., Any], bool]]


class Step(NamedTuple):
    """A function, the registers of its operands, that of its result, and whether it fills the array that is there."""

    function: Callable[..., Any]
    operands: tuple[int, ...]
    result: int
    fills: bool


class Plan(NamedTuple):
    """All that a run needs: how many registers, what is in which, and the steps.

    constants are registers and their numbers, inputs registers and the inputs' places. once are the steps that depend
    on no array. buffers are registers that steps fill; outputs are too, but what they fill is the result at a place.
    copies are registers and the places of results that are made elsewhere. What is in checked must be finite.
    """

    size: int
    constants: tuple[tuple[int, float], ...]
    inputs: tuple[tuple[int, int], ...]
    once: tuple[Step, ...]
    steps: tuple[Step, ...]
    buffers: tuple[int, ...]
    outputs: tuple[tuple[int, int], ...]
    copies: tuple[tuple[int, int], ...]
    checked: tuple[int, ...]


class Planner:
    """The registers given out so far, for inputs of which some are one number.

    choose tells how an operation is done on arrays, and whether it fills an array that is there.
    """

    def __init__(self, passes: Passes, is_one: Sequence[bool], choose: Chooser) -> None:
        self.passes = passes
        self.is_one = is_one
        self.choose = choose
        self.code = passes.code.all
        self.results = (passes.value, *passes.gradients)
        self.needed = passes.code.needed((*self.results, *passes.finite))
        self.last = {operand: i for i in self.needed for operand in self.code[i].operands}
        self.last.update(dict.fromkeys((*self.results, *passes.finite), len(self.code)))
        self.register: dict[int, int] = {}  # of each result
        self.single: set[int] = set()  # only asked, never listed: the results that are one number
        self.size = 0
        self.buffers: list[int] = []
        self.free: list[int] = []
        self.outputs: dict[int, int] = {}  # registers and the places of what fills them

    def plan(self) -> Plan:
        """Return the plan."""
        once, steps = [], []
        constants, inputs = [], []
        for i in self.needed:
            operation, operands, number = self.code[i]
            if operation == "constant":
                constants.append((self._leaf(i, True), number))
            elif operation == "input":
                inputs.append((self._leaf(i, self.is_one[int(number)]), int(number)))
            elif self.single.issuperset(operands):
                once.append(self._step(i, single=True))
            else:
                steps.append(self._step(i, single=False))
        filled = {(register, place) for register, place in self.outputs.items()}
        made = [(self.register[i], place) for place, i in enumerate(self.results)]
        return Plan(
            size=self.size,
            constants=tuple(constants),
            inputs=tuple(inputs),
            once=tuple(once),
            steps=tuple(steps),
            buffers=tuple(self.buffers),
            outputs=tuple(self.outputs.items()),
            copies=tuple(each for each in made if each not in filled),
            checked=tuple(self.register[i] for i in self.passes.finite),
        )

    def _leaf(self, i: int, single: bool) -> int:
        if single:
            self.single.add(i)
        self.register[i] = self._new()
        return self.register[i]

    def _step(self, i: int, single: bool) -> Step:
        """Return the step of an operation, whose result may take the register of an operand that is needed no more."""
        operation, operands, number = self.code[i]
        function, fills = self.choose(operation, int(number))
        sources = tuple(self.register[operand] for operand in operands)
        if single:
            self.single.add(i)
        if single or not fills:
            self.register[i] = self._new()
        for operand in dict.fromkeys(operands):
            if self.last[operand] == i and self.register[operand] in self.buffers:
                self.free.append(self.register[operand])
        if i not in self.register:
            self.register[i] = self._filled(i)
        return Step(function, sources, self.register[i], fills and not single)

    def _filled(self, i: int) -> int:
        """Return the register of an array to fill: a result's own, or a buffer."""
        if i in self.results:
            register = self._new()
            self.outputs[register] = self.results.index(i)
            return register
        if not self.free:
            self.free.append(self._new())
            self.buffers.append(self.free[-1])
        return self.free.pop()

    def _new(self) -> int:
        self.size += 1
        return self.size - 1
