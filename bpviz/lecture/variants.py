"""Other numbers for the same program, so short that every value and every gradient can be worked out by hand.

The search is systematic. The inputs and constants are chosen in the order in which the gates need them, from a grid
that grows; a gate is computed as soon as its operands are there, and a number that is not short ends that branch of
the search at once. At the end the backward pass must be short too. The order of the choices is the seed's. First the
search starts afresh for each point, so that the points differ in everything; if that finds too few, it goes through
the whole grid, and knows then how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import copysign, isfinite
from random import Random
from typing import NamedTuple

from bpviz.autodiff import Trace, backward, run
from bpviz.errors import BpvizError, EvaluationError
from bpviz.graph import Graph
from bpviz.lecture.short_numbers import EXACT, GRIDS, ROUNDED, Grid, Rule, drawn_constants, is_rational

BUDGET = 150_000  # gates that may be computed in one grid: about a third of a second
PATIENCE = 4_000  # gates of a fresh start before it is given up for another
MISSES = 20  # fresh starts without a new point after which the rest is searched whole

Accept = Callable[[Trace], bool]
Reparse = Callable[[str], Graph]


class Stage(NamedTuple):
    """A node whose number is chosen, and the gates that can be computed then."""

    node: int
    gates: tuple[int, ...]


@dataclass
class Found:
    """What a search found: points that are all different, and whether there are no more of them."""

    rule: Rule
    traces: list[Trace] = field(default_factory=list)
    exhausted: bool = True
    grid: Grid = GRIDS[-1]


def variants(
    graph: Graph,
    count: int,
    seed: int,
    reparse: Reparse,
    *,
    rule: Rule | None = None,
    keep_constants: bool = False,
    grids: Sequence[Grid] = GRIDS,
    accept: Accept = lambda trace: True,
    only_lively: bool = False,
    budget: int = BUDGET,
) -> Found:
    """Return traces of a program at count other points, and with other constants, or as many as there are.

    reparse makes a graph of a changed text, with the options that the first was made with. rule is EXACT unless given;
    if that gives too few points and a gate makes no fractions of fractions, it is ROUNDED. Points at which something
    is 0 by accident are taken only if there are too few others, with only_lively not even then. accept may refuse a
    trace; budget is how many gates may be computed for one grid.
    """

    def search(rule: Rule, *, lively: bool) -> Found:
        return Search(graph, count, seed, reparse, rule, keep_constants, accept, budget, lively).run(grids)

    keeps_fractions = all(is_rational(node.gate) for node in graph.nodes if node.gate)
    rules = (rule,) if rule else (EXACT,) if keeps_fractions else (EXACT, ROUNDED)
    best = Found(rules[0])
    for lively in (True,) if only_lively else (True, False):
        for each in rules:
            found = search(each, lively=lively)
            if len(found.traces) >= count:
                return found
            best = max(best, found, key=lambda one: len(one.traces))
    return best


class Search:
    """One search under one rule: what is fixed, what was found, and how much it may still cost."""

    def __init__(
        self,
        graph: Graph,
        count: int,
        seed: int,
        reparse: Reparse,
        rule: Rule,
        keep_constants: bool,
        accept: Accept,
        budget: int,
        lively: bool,
    ) -> None:
        self.graph, self.count, self.reparse, self.rule, self.accept = graph, count, reparse, rule, accept
        self.random = Random(seed)
        self.constants = () if keep_constants else drawn_constants(graph)
        self.stages = stages(graph, self.constants)
        self.values = constant_values(graph)
        self.seen: dict[tuple[float, ...], bool] = {}
        self.budget, self.left, self.wants_lively = budget, 0, lively
        self.found = Found(rule)

    def run(self, grids: Sequence[Grid]) -> Found:
        """Search one grid after the other until there are enough points, or a grid is too large to search whole."""
        for self.found.grid in grids:
            self._search(self.found.grid)
            if len(self.found.traces) >= self.count or not self.found.exhausted:
                break
        return self.found

    def _search(self, grid: Grid) -> None:
        """Search one grid, first here and there, then whole."""
        self.left = self.budget
        self._afresh(grid)
        if len(self.found.traces) < self.count:
            self.left = self.budget
            self.found.exhausted = self._whole(grid)

    def _afresh(self, grid: Grid) -> None:
        """Take the first new point of a search in another order, again and again."""
        misses = 0
        while misses < MISSES and self.left > 0 and len(self.found.traces) < self.count:
            misses += 1
            stop = self.left - PATIENCE
            for point in self._points(grid):
                if self._take(point):
                    misses = 0
                    break
                if self.left < stop:
                    break

    def _whole(self, grid: Grid) -> bool:
        """Go through the whole grid; return whether it was possible."""
        for point in self._points(grid):
            self._take(point)
            if len(self.found.traces) >= self.count:
                return False
        return self.left > 0

    def _points(self, grid: Grid) -> Iterator[tuple[float, ...]]:
        """Yield every choice of numbers for which all values are short, in an order by chance; depth first."""
        if not self.stages:
            return
        waiting = [self._shuffled(grid, 0)]
        while waiting and self.left > 0:
            chosen = next(waiting[-1], None)
            if chosen is None:
                waiting.pop()
                continue
            stage = self.stages[len(waiting) - 1]
            self.values[stage.node] = chosen
            if not self._compute(stage.gates):
                continue
            if len(waiting) < len(self.stages):
                waiting.append(self._shuffled(grid, len(waiting)))
            else:
                yield tuple(self.values[each.node] for each in self.stages)

    def _shuffled(self, grid: Grid, stage: int) -> Iterator[float]:
        """Return what a node may be, in an order by chance that every version of Python agrees on."""
        node = self.stages[stage].node
        domain = grid.constants if node in self.constants else grid.inputs
        sign = copysign(1.0, self.graph.nodes[node].constant or 1.0)  # x + -3 stays a sum with a negative number
        return iter(sorted((sign * x for x in domain), key=lambda _: self.random.random()))

    def _compute(self, gates: tuple[int, ...]) -> bool:
        """Compute gates; return whether they have short values, and no kink."""
        for i in gates:
            self.left -= 1
            node = self.graph.nodes[i]
            assert node.gate
            operands = [self.values[operand] for operand in node.operands]
            try:
                value = node.gate.forward(*operands)
            except (ValueError, ZeroDivisionError, OverflowError):
                return False
            if not isfinite(value) or not self.rule.fits(value):
                return False
            if node.gate.kink and node.gate.kink(value, *operands):
                return False
            self.values[i] = value
        return True

    def _take(self, point: tuple[float, ...]) -> bool:
        """Keep a point if it is new and its gradients are short; return whether it was kept."""
        if point in self.seen:
            return False
        self.left -= 2 * len(self.graph.gate_ids)  # the backward pass costs about twice the forward pass
        if not self._is_short_backward():
            return False
        self.seen[point] = True
        trace = self._trace(dict(zip((stage.node for stage in self.stages), point, strict=True)))
        if trace is None:
            return False
        self.found.traces.append(trace)
        return True

    def _is_short_backward(self) -> bool:
        try:
            trace = backward(self.graph, self.values, [])
        except EvaluationError:
            return False
        is_wanted = not self.wants_lively or is_lively(trace)
        return is_wanted and has_short_gradients(trace, self.rule) and self.accept(trace)

    def _trace(self, numbers: Mapping[int, float]) -> Trace | None:
        """Return the trace of the program with these numbers in its text; None where it is another program then."""
        changed = {i: numbers[i] for i in self.constants}
        point = {self.graph.nodes[i].name: numbers[i] for i in self.graph.inputs}
        try:
            graph = self.reparse(with_constants(self.graph, changed)) if changed else self.graph
            trace = run(graph, point)
        except BpvizError:
            return None
        return trace if trace.values == tuple(self.values) and has_short_gradients(trace, self.rule) else None


def has_short_gradients(trace: Trace, rule: Rule) -> bool:
    """Return whether every gradient and contribution is short, and some input's is not 0."""
    graph = trace.graph
    shown = [*graph.inputs, *graph.gate_ids]
    numbers = [trace.gradients[i] for i in shown]
    numbers += [trace.downstream[wire.target][wire.slot] for wire in graph.wires()]
    return all(isfinite(x) and rule.fits(x) for x in numbers) and any(trace.gradients[i] for i in graph.inputs)


def is_lively(trace: Trace) -> bool:
    """Return whether no gradient is 0 by accident: by terms that cancel, or a factor that happens to be 0.

    What a gate with a kink does is no accident: the loser of a max, a relu that is shut.
    """
    graph = trace.graph
    for wire in graph.wires():
        gate = graph.nodes[wire.target].gate
        if gate and not gate.kink and trace.gradients[wire.target] and not trace.local[wire.target][wire.slot]:
            return False
    return all(
        trace.gradients[i] or not any(trace.downstream[wire.target][wire.slot] for wire in graph.wires_from[i])
        for i in (*graph.inputs, *graph.gate_ids)
    )


def stages(graph: Graph, constants: Sequence[int]) -> tuple[Stage, ...]:
    """Return the order of the search: each number is chosen as late as the gates in step order allow."""
    is_chosen = {*graph.inputs, *constants}  # only asked, never listed
    order: list[int] = []
    gates: list[list[int]] = []
    for step in graph.gate_ids:
        for operand in graph.nodes[step].operands:
            if operand in is_chosen and operand not in order:
                order.append(operand)
                gates.append([])
        if gates:
            gates[-1].append(step)
    for node in graph.inputs:
        if node not in order:  # the output itself, in a program without a gate
            order.append(node)
            gates.append([])
    return tuple(Stage(node, tuple(computed)) for node, computed in zip(order, gates, strict=True))


def constant_values(graph: Graph) -> list[float]:
    """Return a value for every node, that of an input 0, and of a gate too unless all its operands are constants."""
    values: list[float] = []
    is_constant: list[bool] = []
    for node in graph.nodes:
        known = node.constant is not None or (node.gate is not None and all(is_constant[i] for i in node.operands))
        is_constant.append(known)
        computed = node.gate.forward(*(values[i] for i in node.operands)) if node.gate and known else 0.0
        values.append(computed if node.constant is None else node.constant)
    return values


def with_constants(graph: Graph, constants: Mapping[int, float]) -> str:
    """Return a program's text with other numbers in the places of some constants."""
    text = graph.source
    for node in sorted(constants, key=lambda i: graph.nodes[i].span, reverse=True):
        start, end = graph.nodes[node].span
        text = f"{text[:start]}{constants[node]:g}{text[end:]}"
    return text
