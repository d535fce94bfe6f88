"""Search for other numbers for a program, so short that every value and gradient can be worked out by hand.

The search is systematic. The inputs and constants are chosen in the order in which the gates need them, from a grid
of numbers; a gate is computed as soon as its operands are known, and a number that is not short ends that branch of
the search at once. At the end the backward pass must be short too. The seed decides the order of the choices. The
search first starts afresh for each point, so that the points differ in everything. If that finds too few points, it
goes through the whole grid, and then knows how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import copysign, isfinite
from random import Random
from typing import NamedTuple, TypeVar

from bpviz.autodiff import Trace, backward, run
from bpviz.errors import BpvizError, EvaluationError
from bpviz.gates import Gate
from bpviz.graph import Graph
from bpviz.lang import parse, read_constant

MOST_GATES_COMPUTED = 150_000  # in one grid: about a third of a second
PATIENCE = 4_000  # gates of a fresh start before it is given up for another
MOST_MISSES = 20  # fresh starts without a new point after which the grid is searched whole
T = TypeVar("T")

# -- short numbers -----------------------------------------------------------------------------------------------------

LARGEST_WHOLE, LARGEST_HALF, LARGEST_QUARTER = 99.0, 9.5, 0.75  # of the short numbers
SMALLEST_PLAIN, LARGEST_PLAIN = 0.01, 99.9  # of the rounded numbers that are not 0
PROBES = (0.5, 2.0, 3.0, 5.0)  # operands at which a gate shows whether it makes fractions of fractions
SECOND_PROBE = 3.0  # a whole number, since x³ is a fraction and x³ᐟ² is none
LARGEST_DENOMINATOR = 1000  # of a fraction
STRUCTURAL = (0.0, 1.0, -1.0)  # constants that make a formula what it is: max(0, 1 - h), 1/(1 + exp(-x))


def is_short(x: float) -> bool:
    """Check for a whole number or a half of at most two digits, or a quarter below one.

    >>> [is_short(x) for x in (3.0, -7.5, 99.0, 0.25, 100.0, 10.5, 1.25)]
    [True, True, True, True, False, False, False]
    """
    size = abs(x)
    return (
        (size <= LARGEST_WHOLE and size == int(size))
        or (size <= LARGEST_HALF and 2 * size == int(2 * size))
        or (size <= LARGEST_QUARTER and 4 * size == int(4 * size))
    )


def is_plain(x: float) -> bool:
    """Check that three significant digits write a number with at most two before the point and four after it."""
    return x == 0 or SMALLEST_PLAIN <= abs(x) <= LARGEST_PLAIN


class NumberRule(NamedTuple):
    """A rule for the values and gradients of a variant: its name, what it allows in words, and a test."""

    name: str
    description: str
    fits: Callable[[float], bool]


# A sheet with exact numbers needs no calculator. Gates such as σ and exp leave few such points or none; a rounded sheet
# keeps the inputs short and asks of all other numbers only that three digits write them plainly.
EXACT = NumberRule("exact", "whole numbers and halves of at most two digits, 0.25 and 0.75", is_short)
ROUNDED = NumberRule("rounded", "three digits, between 0.01 and 99.9 in size (or 0)", is_plain)
RULES = {rule.name: rule for rule in (EXACT, ROUNDED)}


class Grid(NamedTuple):
    """The numbers that an input and a constant are chosen from, the shortest first."""

    description: str
    inputs: tuple[float, ...]
    constants: tuple[float, ...]


def _make_grid(description: str, sizes: Sequence[float], constants: Sequence[float]) -> Grid:
    signed = tuple(x for size in sizes for x in ((size, -size) if size else (0.0,)))
    return Grid(description, signed, tuple(constants))


WHOLE = tuple(map(float, range(10)))
HALVES = tuple(x + 0.5 for x in WHOLE)
# The grids grow. A larger one is searched only if the smaller ones have too few points.
GRIDS = (
    _make_grid("whole numbers from −3 to 3 but 0", WHOLE[1:4], WHOLE[2:4]),
    _make_grid("whole numbers from −6 to 6 but 0", WHOLE[1:7], WHOLE[2:6]),
    _make_grid("whole numbers from −9 to 9", WHOLE, WHOLE[2:]),
    _make_grid("whole numbers and halves from −9.5 to 9.5", WHOLE + HALVES, WHOLE[2:] + HALVES),
)


def keep_positive(grid: Grid) -> Grid:
    """Leave out the negative inputs of a grid, and 0."""
    return grid._replace(inputs=tuple(x for x in grid.inputs if x > 0))


def is_rational(gate: Gate) -> bool:
    """Check at a few points that a gate makes fractions of fractions, as σ and √ do not.

    >>> from bpviz.gates import GATES
    >>> [name for name in ("add", "reciprocal", "max", "sigmoid", "exp") if not is_rational(GATES[name])]
    ['sigmoid', 'exp']
    """
    results: list[float] = []
    for probe in PROBES:
        operands = ((probe, SECOND_PROBE) * 2)[: gate.arity[0]]
        try:
            value = gate.forward(*operands)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        results += [value, *gate.slopes(value, *operands)]
    return bool(results) and all(
        isfinite(x) and abs(float(Fraction(x).limit_denominator(LARGEST_DENOMINATOR)) - x) <= 1e-12 * max(1.0, abs(x))
        for x in results
    )


# -- the search --------------------------------------------------------------------------------------------------------


@dataclass
class Variants:
    """What a search found: traces of the program at different points, and whether those are all that there are."""

    rule: NumberRule
    traces: list[Trace] = field(default_factory=list)
    is_exhausted: bool = True
    grid: Grid = GRIDS[-1]


def find_variants(
    graph: Graph,
    count: int,
    seed: int,
    *,
    rule: NumberRule | None = None,
    keep_constants: bool = False,
    grids: Sequence[Grid] = GRIDS,
    accept: Callable[[Trace], bool] = lambda trace: True,
    only_lively: bool = False,
    budget: int = MOST_GATES_COMPUTED,
    limit: Mapping[str, int] | None = None,
) -> Variants:
    """Find `count` points, or as many as there are, at which a program has short numbers; its constants change too.

    Without a rule the numbers are exact; if that gives too few points and a gate makes no fractions of fractions, they
    are rounded. A point at which a gradient is 0 by accident is taken only if there are too few others, and with
    only_lively not even then. accept may refuse a trace. budget is the number of gates that may be computed for one
    grid, and limit is for parsing the program with other constants.
    """
    is_all_rational = all(is_rational(node.gate) for node in graph.nodes if node.gate)
    rules = (rule,) if rule else (EXACT,) if is_all_rational else (EXACT, ROUNDED)
    best = Variants(rules[0])
    for lively in (True,) if only_lively else (True, False):
        for each in rules:
            search = VariantSearch(graph, count, Random(seed), each, keep_constants, accept, budget, lively, limit)
            found = search.run(grids)
            if len(found.traces) >= count:
                return found
            best = max(best, found, key=lambda one: len(one.traces))
    return best


@dataclass
class VariantSearch:
    """A search under one rule: what is looked for, what was found, and how much computing is left."""

    graph: Graph
    count: int
    random: Random
    rule: NumberRule
    keep_constants: bool
    accept: Callable[[Trace], bool]
    budget: int
    wants_lively: bool
    limit: Mapping[str, int] | None

    def __post_init__(self) -> None:
        """Prepare the order of the choices and a value for every node."""
        self.constants = () if self.keep_constants else find_constants(self.graph)
        self.choices = order_choices(self.graph, self.constants)
        self.values = compute_constants(self.graph)
        self.seen: set[tuple[float, ...]] = set()  # only asked, never listed
        self.gates_left = 0
        self.found = Variants(self.rule)

    def run(self, grids: Sequence[Grid]) -> Variants:
        """Search one grid after the other until there are enough points, or a grid is too large to search whole."""
        for grid in grids:
            self.found.grid = grid
            self.gates_left = self.budget
            self._start_afresh(grid)
            if len(self.found.traces) < self.count:
                self.gates_left = self.budget
                for point in self._list_points(grid):  # every one of the grid, or until there are enough
                    self._keep_if_new(point)
                    if len(self.found.traces) >= self.count:
                        break
                self.found.is_exhausted = len(self.found.traces) < self.count and self.gates_left > 0
            if len(self.found.traces) >= self.count or not self.found.is_exhausted:
                break
        return self.found

    def _start_afresh(self, grid: Grid) -> None:
        """Take the first new point of a search in another order, again and again."""
        misses = 0
        while misses < MOST_MISSES and self.gates_left > 0 and len(self.found.traces) < self.count:
            misses += 1
            stop = self.gates_left - PATIENCE
            for point in self._list_points(grid):
                if self._keep_if_new(point):
                    misses = 0
                    break
                if self.gates_left < stop:
                    break

    def _list_points(self, grid: Grid) -> Iterator[tuple[float, ...]]:
        """Yield every choice of numbers for which all values are short, in a random order, depth first."""
        if not self.choices:
            return
        candidates = [self._draw_candidates(grid, 0)]
        while candidates and self.gates_left > 0:
            number = next(candidates[-1], None)
            if number is None:
                candidates.pop()
                continue
            choice = self.choices[len(candidates) - 1]
            self.values[choice.node] = number
            if not self._compute(choice.gates):
                continue
            if len(candidates) < len(self.choices):
                candidates.append(self._draw_candidates(grid, len(candidates)))
            else:
                yield tuple(self.values[each.node] for each in self.choices)

    def _draw_candidates(self, grid: Grid, choice: int) -> Iterator[float]:
        """Draw the numbers that a node may have, in a random order."""
        node = self.choices[choice].node
        domain = grid.constants if node in self.constants else grid.inputs
        sign = copysign(1.0, self.graph.nodes[node].constant or 1.0)  # x + -3 stays a sum with a negative number
        return iter(shuffle(self.random, [sign * x for x in domain]))

    def _compute(self, gates: Sequence[int]) -> bool:
        """Compute gates; return False as soon as one has a value that is not short, or a kink."""
        for i in gates:
            self.gates_left -= 1
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

    def _keep_if_new(self, point: tuple[float, ...]) -> bool:
        """Keep a point if it is new and its gradients are short; return whether it was kept."""
        if point in self.seen:
            return False
        self.gates_left -= 2 * len(self.graph.gate_ids)  # the backward pass costs about twice the forward pass
        try:
            trace = backward(self.graph, self.values, [])
        except EvaluationError:
            return False
        is_wanted = not self.wants_lively or is_lively(trace)
        if not (is_wanted and has_short_gradients(trace, self.rule) and self.accept(trace)):
            return False
        self.seen.add(point)
        final = self._write_into_program(dict(zip((choice.node for choice in self.choices), point, strict=True)))
        if final is None:
            return False
        self.found.traces.append(final)
        return True

    def _write_into_program(self, numbers: Mapping[int, float]) -> Trace | None:
        """Run the program with these constants in its text; return None where it means something else then."""
        graph = self.graph
        changed = {i: numbers[i] for i in self.constants}
        point = {graph.nodes[i].name: numbers[i] for i in graph.inputs}
        try:
            if changed:
                text = replace_constants(graph, changed)
                graph = parse(text, gates=graph.level, share=graph.share, constants=graph.constants, limit=self.limit)
            trace = run(graph, point)
        except BpvizError:
            return None
        return trace if trace.values == tuple(self.values) and has_short_gradients(trace, self.rule) else None


def has_short_gradients(trace: Trace, rule: NumberRule) -> bool:
    """Check that every gradient and contribution is short, and that the gradient of some input is not 0."""
    graph = trace.graph
    numbers = [trace.gradients[i] for i in (*graph.inputs, *graph.gate_ids)]
    numbers += [trace.downstream[wire.target][wire.slot] for wire in graph.wires()]
    return all(isfinite(x) and rule.fits(x) for x in numbers) and any(trace.gradients[i] for i in graph.inputs)


def is_lively(trace: Trace) -> bool:
    """Check that no gradient is 0 by accident, because terms cancel or a factor happens to be 0.

    What a gate with a kink does is no accident: the loser of a max gets 0, and so does the operand of a shut relu.
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


class NumberChoice(NamedTuple):
    """A node whose number is chosen, and the gates that can be computed after that."""

    node: int
    gates: tuple[int, ...]


def order_choices(graph: Graph, constants: Sequence[int]) -> tuple[NumberChoice, ...]:
    """List the numbers in the order of the search: each number is chosen as late as the order of the steps allows."""
    is_chosen = {*graph.inputs, *constants}  # only asked, never listed
    gates_after: dict[int, list[int]] = {}
    latest: list[int] | None = None
    for step in graph.gate_ids:
        for operand in graph.nodes[step].operands:
            if operand in is_chosen and operand not in gates_after:
                latest = gates_after[operand] = []
        if latest is not None:
            latest.append(step)
    for node in graph.inputs:
        gates_after.setdefault(node, [])  # the output itself, in a program without a gate
    return tuple(NumberChoice(node, tuple(gates)) for node, gates in gates_after.items())


def compute_constants(graph: Graph) -> list[float]:
    """Compute a value for every node: 0 for an input, and for a gate unless all its operands are constants."""
    values: list[float] = []
    is_constant: list[bool] = []
    for node in graph.nodes:
        known = node.constant is not None or (node.gate is not None and all(is_constant[i] for i in node.operands))
        is_constant.append(known)
        computed = node.gate.forward(*(values[i] for i in node.operands)) if node.gate and known else 0.0
        values.append(computed if node.constant is None else node.constant)
    return values


def find_constants(graph: Graph) -> tuple[int, ...]:
    """Find the constants that a variant may change: numbers that were typed, but not 0, ±1, π or a gate's parameter."""
    parameters = set()
    for node in graph.nodes:
        if node.gate and node.gate.parameter is not None:
            parameters.add(node.operands[node.gate.parameter])
    return tuple(
        i
        for i, node in enumerate(graph.nodes)
        if node.constant is not None
        and node.constant not in STRUCTURAL
        and i not in parameters
        and _read_typed_number(graph, i) == node.constant
    )


def _read_typed_number(graph: Graph, node: int) -> float | None:
    """Read the number that stands in the source where a constant was written, if there is one."""
    text = graph.source[slice(*graph.nodes[node].span)]
    if not any(c.isdigit() for c in text) or any(c.isalpha() for c in text):
        return None
    try:
        return read_constant(text, "a constant")
    except BpvizError:
        return None


def replace_constants(graph: Graph, constants: Mapping[int, float]) -> str:
    """Write a program's text with other numbers in the places of some constants."""
    text = graph.source
    for node in sorted(constants, key=lambda i: graph.nodes[i].span, reverse=True):
        start, end = graph.nodes[node].span
        text = f"{text[:start]}{constants[node]:g}{text[end:]}"
    return text


# Every version of Python gets the same numbers from random(), which is not so for its choice and shuffle.


def draw_one(random: Random, choices: Sequence[T]) -> T:
    """Draw one of several things."""
    return choices[int(random.random() * len(choices))]


def shuffle(random: Random, items: Sequence[T]) -> list[T]:
    """Put things in a random order."""
    return sorted(items, key=lambda _: random.random())
