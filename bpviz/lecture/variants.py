"""Search for other numbers for a program, so short that every value and gradient can be worked out by hand.

The search is systematic. The inputs and constants are chosen in the order in which the gates need them, from a grid
of numbers; a gate is computed as soon as its operands are known, and a number that is not short ends that branch of
the search at once. At the end the backward pass must be short too. The seed decides the order of the choices. The
search first starts afresh for each point, so that the points differ in everything. If that finds too few points, it
goes through the whole grid, and then knows how many there are. For a class it finds more points than are asked for,
and bpviz.lecture.variety chooses among them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import copysign, isfinite
from random import Random
from typing import NamedTuple, TypeVar

from bpviz.autodiff import Trace, backward, run
from bpviz.errors import BpvizError, EvaluationError
from bpviz.graph import Graph
from bpviz.lang import parse, read_constant
from bpviz.lecture.short_numbers import (
    EXACT,
    FINE_GRID,
    GRIDS,
    ROUNDED,
    TWO_DIGITS,
    WIDE,
    Grid,
    NumberRule,
    is_often_short,
    is_rational,
    is_short,
)
from bpviz.lecture.value_ranges import ValueRange
from bpviz.lecture.variety import Variety, count_dead, has_gradient, is_flat, is_shut

MOST_GATES_COMPUTED = 150_000  # in one grid: about a third of a second
PATIENCE = 4_000  # gates of a fresh start before it is given up for another
MOST_MISSES = 20  # fresh starts without a new point after which the grid is searched whole
POINTS_A_SHEET, FEWEST_POINTS = 3, 60  # that are found, if a class is to be chosen from them
SHEETS_A_SIDE = 4  # a class needs a point on the other side of a kink for every so many sheets
STRUCTURAL = (0.0, 1.0, -1.0)  # constants that make a formula what it is: max(0, 1 - h), 1/(1 + exp(-x))
T = TypeVar("T")
Domains = tuple[tuple[float, ...], ...]  # the numbers that each chosen node may have, in the order of the choices


@dataclass
class Variants:
    """What a search found: traces of the program at different points, and whether those are all that there are.

    searched says in words which numbers the inputs had. stuck are the gates, such as σ, that have the same operands in
    all the traces; one_sided are the gates with a kink of which no trace has one of the sides. faults counts these,
    and the traces without a gradient that are more than a class should have.
    """

    rule: NumberRule
    traces: Sequence[Trace] = ()
    is_exhausted: bool = True
    searched: str = ""
    stuck: Sequence[int] = ()
    one_sided: Sequence[int] = ()
    faults: int = 0

    def is_class(self, count: int) -> bool:
        """Say whether there are as many points as were asked for, not all of them with a σ at the same operands."""
        return len(self.traces) >= count and not self.stuck


def find_variants(
    graph: Graph,
    count: int,
    seed: int,
    *,
    rule: NumberRule | None = None,
    ranges: Mapping[int, ValueRange] | None = None,
    vary_constants: bool = False,
    grids: Sequence[Grid] = (),
    accept: Callable[[Trace], bool] = lambda trace: True,
    only_lively: bool = False,
    budget: int = MOST_GATES_COMPUTED,
    limit: Mapping[str, int] | None = None,
) -> Variants:
    """Find `count` points, or as many as there are, at which a program has short numbers.

    Without a rule the numbers are exact; if that gives too few points, or a gate such as σ has the same operands at all
    of them, they are rounded. ranges are the values that an input may have, by its node; the other inputs have those
    of the grids. With vary_constants the program's constants change too. Several points are a class, in which both
    sides of every kink occur if the search finds them. A point at which a gradient is 0 by accident is taken only if
    there are too few others, and with only_lively not even then. accept may refuse a trace. budget is the number of
    gates that may be computed for one grid, and limit is for parsing the program with other constants.
    """
    ranges = ranges or {}
    rules = choose_rules(graph, count, rule, ranges)
    best: Variants | None = None
    for lively in (True,) if only_lively else (True, False):
        for each in rules:
            search = VariantSearch(
                graph, count, Random(seed), each, ranges, vary_constants, accept, budget, lively, limit
            )
            found = search.run(grids or (GRIDS if each.name == EXACT.name else (*GRIDS, FINE_GRID)))
            if found.is_class(count):
                return found
            best = found if best is None or len(found.traces) > len(best.traces) else best
    assert best
    return best


def choose_rules(
    graph: Graph, count: int, rule: NumberRule | None, ranges: Mapping[int, ValueRange]
) -> list[NumberRule]:
    """Choose the rules to try, the strictest first: those of the name that was asked for, or all that may be needed."""
    given = [x for each in ranges.values() for level in each.levels for x in level]
    given += [node.constant for node in graph.nodes if node.constant is not None]
    has_decimals = not all(map(is_short, given))
    exact = [TWO_DIGITS if has_decimals else EXACT]
    rounded = [ROUNDED, WIDE] if ranges else [ROUNDED]
    if rule:
        return exact if rule is EXACT else rounded
    gates = [node.gate for node in graph.nodes if node.gate]
    if not (ranges or has_decimals) and all(map(is_rational, gates)):
        return exact
    return rounded if count > 1 and not all(is_often_short(gate, exact[0]) for gate in gates) else [*exact, *rounded]


@dataclass
class VariantSearch:
    """A search under one rule: what is looked for, what was found, and how much computing is left."""

    graph: Graph
    count: int
    random: Random
    rule: NumberRule
    ranges: Mapping[int, ValueRange]
    vary_constants: bool
    accept: Callable[[Trace], bool]
    budget: int
    wants_lively: bool
    limit: Mapping[str, int] | None

    def __post_init__(self) -> None:
        """Prepare the order of the choices, a value for every node, and what may differ between the points."""
        self.constants = find_constants(self.graph) if self.vary_constants else ()
        self.choices = order_choices(self.graph, self.constants)
        self.values = compute_constants(self.graph)
        listed = [i for i, each in self.ranges.items() if each.is_list]
        fixed = [i for i in listed if len(self.ranges[i].levels[0]) == 1]
        drawn = [choice.node for choice in self.choices]
        self.variety = Variety(self.graph, find_dependents(self.graph, set(drawn).difference(fixed)))
        self.chosen = find_dependents(self.graph, listed) - find_dependents(self.graph, set(drawn).difference(listed))
        self.seen: set[tuple[float, ...]] = set()  # only asked, never listed
        self.gates_left = 0
        self.dead_left = POINTS_A_SHEET * count_dead(self.count)
        self.sought: tuple[int, set[int]] | None = None  # a gate, and the sides of its kinks that were seen already
        self.traces: list[Trace] = []
        self.dead: list[Trace] = []  # more of those without a gradient, for want of others

    def run(self, grids: Sequence[Grid]) -> Variants:
        """Search one grid after the other until there is a class, or a grid is too large to search whole."""
        found = Variants(self.rule)
        domains: Domains = ()
        for level, grid in enumerate(grids):
            previous, domains = domains, self._list_domains(grid, level)
            if domains == previous:  # every input has a range of its own
                continue
            self._gather(domains)
            previous_found, found = found, self._choose_class()
            found.searched = self._describe_domains(grid)
            has_enough = len(found.traces) >= self.count
            found.is_exhausted = not has_enough and self.gates_left > 0
            if previous_found.is_class(self.count) and previous_found.faults <= found.faults:
                found = previous_found  # larger numbers brought nothing new
            if self.gates_left <= 0 or (found.is_class(self.count) and not found.faults):
                break
        return found

    def _list_domains(self, grid: Grid, level: int) -> Domains:
        """List the numbers that each node may have whose number is chosen."""
        domains = []
        for node, _ in self.choices:
            if node in self.ranges:
                domains.append(self.ranges[node].at_level(level))
            elif node in self.constants:
                sign = copysign(1.0, self.graph.nodes[node].constant or 1.0)  # x + -3 stays x plus a negative
                domains.append(tuple(sign * x for x in grid.constants))
            else:
                domains.append(grid.inputs)
        return tuple(domains)

    def _describe_domains(self, grid: Grid) -> str:
        if not self.ranges:
            return grid.description
        in_ranges = "the values of --range"
        return in_ranges if all(i in self.ranges for i in self.graph.inputs) else f"{in_ranges} and {grid.description}"

    def _gather(self, domains: Domains) -> None:
        """Find points until there are enough; for a class also on the sides of kinks that were not yet seen."""
        self.gates_left = self.budget
        wanted = self._count_wanted()
        self._search(domains, wanted)
        if self.count == 1 or len(self.traces) < wanted:  # all were found, or there is no time for more
            return
        self.gates_left = self.budget
        for gate_and_sides in self.variety.find_one_sided(self.traces).items():
            if self.gates_left <= 0:
                break
            self.sought = gate_and_sides
            self._search(domains, len(self.traces) + max(1, self.count // SHEETS_A_SIDE))
        self.sought = None

    def _count_wanted(self) -> int:
        """Return how many points are found before some are chosen."""
        return max(FEWEST_POINTS, self.count * POINTS_A_SHEET) if self.count > 1 else 1

    def _choose_class(self) -> Variants:
        traces = self.variety.choose([*self.traces, *self.dead[: self._count_wanted()]], self.count)
        if self.count == 1:
            return Variants(self.rule, traces)
        one_sided = [*self.variety.find_one_sided(traces)]
        too_dead = max(0, len([trace for trace in traces if not has_gradient(trace)]) - count_dead(self.count))
        faults = len(one_sided) + too_dead
        return Variants(self.rule, traces, True, "", self.variety.find_stuck(traces), one_sided, faults)

    def _search(self, domains: Domains, wanted: int) -> None:
        """Search until there are so many points: afresh for each one, then through all that there are."""
        self._start_afresh(domains, wanted)
        if len(self.traces) >= wanted:
            return
        if not self.sought:
            self.gates_left = self.budget
        for point in self._list_points(domains):
            self._keep_if_new(point)
            if len(self.traces) >= wanted:
                break

    def _start_afresh(self, domains: Domains, wanted: int) -> None:
        """Take the first new point of a search in another order, again and again."""
        misses = 0
        while misses < MOST_MISSES and self.gates_left > 0 and len(self.traces) < wanted:
            misses += 1
            stop = self.gates_left - PATIENCE
            for point in self._list_points(domains):
                if self._keep_if_new(point):
                    misses = 0
                    break
                if self.gates_left < stop:
                    break

    def _list_points(self, domains: Domains) -> Iterator[tuple[float, ...]]:
        """Yield every choice of numbers for which all values are short, in a random order, depth first."""
        if not self.choices:
            return
        candidates = [iter(shuffle(self.random, domains[0]))]
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
                candidates.append(iter(shuffle(self.random, domains[len(candidates)])))
            else:
                yield tuple(self.values[each.node] for each in self.choices)

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
        if self.sought and self.variety.find_side(self.sought[0], self.values) in self.sought[1]:
            return False
        self.gates_left -= 2 * len(self.graph.gate_ids)  # the backward pass costs about twice the forward pass
        try:
            trace = backward(self.graph, self.values, [])
        except EvaluationError:
            return False
        is_wanted = has_gradient(trace) or (self.count > 1 and is_shut(trace))
        is_wanted = is_wanted and (not self.wants_lively or is_lively(trace, self.chosen))
        if not (is_wanted and has_short_gradients(trace, self.rule) and self.accept(trace)):
            return False
        self.seen.add(point)
        final = self._write_into_program(dict(zip((choice.node for choice in self.choices), point, strict=True)))
        if final is None:
            return False
        if not has_gradient(final) and self.dead_left == 0:
            self.dead.append(final)
            return False
        self.dead_left -= not has_gradient(final)
        self.traces.append(final)
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
    """Check that every gradient and contribution is short."""
    graph = trace.graph
    numbers = [trace.gradients[i] for i in (*graph.inputs, *graph.gate_ids)]
    numbers += [trace.downstream[wire.target][wire.slot] for wire in graph.wires()]
    return all(isfinite(x) and rule.fits(x) for x in numbers)


def is_lively(trace: Trace, chosen: Collection[int] = ()) -> bool:
    """Check that no gradient is 0 by accident, because terms cancel or a factor happens to be 0.

    What a gate with a kink does is no accident: the loser of a max gets 0, and so does what a shut relu is multiplied
    with. Nor is the 0 of a node in chosen, whose values somebody has listed: with y = 0, y·ln a has no gradient in a.
    """
    graph = trace.graph
    meant = _find_meant_zeros(trace, chosen)
    for wire in graph.wires():
        node = graph.nodes[wire.target]
        if not node.gate or node.gate.kink or not trace.gradients[wire.target]:
            continue
        if not trace.local[wire.target][wire.slot] and meant.isdisjoint(node.operands):
            return False
    return all(
        trace.gradients[i] or not any(trace.downstream[wire.target][wire.slot] for wire in graph.wires_from[i])
        for i in (*graph.inputs, *graph.gate_ids)
    )


def _find_meant_zeros(trace: Trace, chosen: Collection[int]) -> set[int]:
    """Find the nodes that are 0 since a listed input or a shut relu is, and the products of these."""
    zeros: set[int] = set()
    for i, node in enumerate(trace.graph.nodes):
        if trace.values[i] == 0 and (i in chosen or is_flat(trace, i) or not zeros.isdisjoint(node.operands)):
            zeros.add(i)
    return zeros


def find_dependents(graph: Graph, roots: Collection[int]) -> set[int]:
    """Find the nodes that depend on some of the roots, the roots included."""
    dependents = set(roots)
    for i, node in enumerate(graph.nodes):
        if any(operand in dependents for operand in node.operands):
            dependents.add(i)
    return dependents


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
