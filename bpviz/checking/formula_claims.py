"""Is a claimed formula right: everywhere, only at the point of the trace, or not even there.

The formula and the gradient are computed at many points, which are the same on every run, and compared to what
rounding may make of them. Two formulas of the gates here that agree at all of them agree, but for pieces that none of
the points is in. A program is sampled inside its domain and away from its kinks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from math import inf, isfinite
from operator import mul
from random import Random
from typing import NamedTuple

from bpviz.autodiff import Trace, run
from bpviz.checking.claims import Claim, ClaimedFormula
from bpviz.checking.slips import Slip, choose_number, diagnose_formula
from bpviz.errors import EvaluationError
from bpviz.noise import ErrorBounds, bound_errors

EVERYWHERE, HERE, NEARBY = "equal everywhere", "equal only here", "equal nearby"  # a piece of a function, perhaps
DIFFERS = "differs"  # here
NEAR_KIND = 3  # of the five kinds of points, the first that is within a tenth of the trace's own
MOST_SAMPLES, MOST_TRIES = 8, 40  # of each kind of point
MOST_GATES_TIMES_POINTS = 20_000  # of each kind
MOST_POINTS_OF_SLIPS = 6
SAME = 1e-9  # the relative difference of formulas that are equal
FEW_DIGITS = 1e-4  # where rounding may be larger, relatively, a comparison says little
NEARLY = 5e-3  # the relative difference of a formula whose constants are rounded


class Comparison(NamedTuple):
    """What came of comparing a formula with the right one.

    points      at how many points they were compared
    here        what the formula is at the point of the trace; None where it has no value
    differs_at  the trace where they differ, first of all the point itself; None where they do nowhere
    claimed     what the formula is there; None where it has no value
    right       what the gradient, or the value, is there
    is_near     whether they differ nowhere by more than rounded constants would make them
    slips       what makes the formula of the right one
    """

    verdict: str
    points: int
    here: float | None
    differs_at: Trace | None = None
    claimed: float | None = None
    right: float = 0.0
    is_near: bool = False
    slips: tuple[Slip, ...] = ()


class FormulaSample(NamedTuple):
    """A formula and the right number at one point; allowed is how far apart rounding may put them.

    is_near says that the point is around that of the trace, and not just anywhere.
    """

    trace: Trace
    claimed: float | None
    right: float
    allowed: float
    is_near: bool = False

    @property
    def is_nearly_right(self) -> bool:
        """Say whether the two are so near that a rounded constant may be why they differ."""
        return self.claimed is not None and abs(self.claimed - self.right) <= NEARLY * abs(self.right) + self.allowed

    @property
    def agrees(self) -> bool:
        """Say whether the two are equal to rounding."""
        return self.claimed is not None and (
            self.claimed == self.right or abs(self.claimed - self.right) <= self.allowed
        )

    @property
    def is_certain(self) -> bool:
        """Say whether rounding leaves the two enough digits to be compared."""
        size = max(abs(self.claimed or 0.0), abs(self.right))
        return isfinite(size) and (self.allowed <= FEW_DIGITS * size or size <= self.allowed)


def compare_formula(trace: Trace, claim: Claim) -> Comparison:
    """Compare a claimed formula with the gradient, or the value, that it is about."""
    assert claim.formula
    here = _compute_sample(trace, claim)
    samples = [_compute_sample(each, claim, is_near=is_near) for each, is_near in _sample_traces(trace)]
    samples = [here, *[each for each in samples if each.is_certain]]
    near = [each for each in samples if each.is_near]
    different = [each for each in samples if not each.agrees]
    if not different:
        return Comparison(EVERYWHERE if samples[1:] else HERE, len(samples), here.claimed)
    verdict = DIFFERS if not here.agrees else NEARBY if near and all(each.agrees for each in near) else HERE
    first = next((each for each in different if each.claimed is not None), different[0]) if here.agrees else here
    return Comparison(
        verdict,
        len(samples),
        here.claimed,
        first.trace,
        first.claimed,
        first.right,
        len(samples) > 1 and all(each.is_nearly_right for each in samples),
        _diagnose(claim, first, samples) or _diagnose(claim, first, [here, *near]),
    )


def _diagnose(claim: Claim, first: FormulaSample, samples: Sequence[FormulaSample]) -> tuple[Slip, ...]:
    """Find the slips that make the formula at several points, of which the first is where it differs."""
    with_values = sorted((each for each in samples if each.claimed is not None), key=lambda each: each.agrees)
    telling = [first, *[each for each in with_values if each is not first][:MOST_POINTS_OF_SLIPS]]
    if first.claimed is None or len(telling) == 1:
        return ()
    return diagnose_formula([(each.trace, _claim_at(claim, each)) for each in telling])


def _claim_at(claim: Claim, sample: FormulaSample) -> Claim:
    assert sample.claimed is not None
    return claim._replace(value=sample.claimed, precision=sample.allowed)


def _compute_sample(trace: Trace, claim: Claim, *, is_near: bool = False) -> FormulaSample:
    """Compute both at a point, with a bound of their rounding errors."""
    assert claim.formula
    bounds, right = bound_errors(trace), choose_number(trace, claim)
    error = (bounds.gradients if claim.quantity == "gradient" else bounds.values)[claim.node]
    try:
        claimed, own = _compute_formula(claim.formula, trace, bounds)
    except EvaluationError:
        return FormulaSample(trace, None, right, error, is_near)
    allowed = error + own + SAME * max(abs(claimed), abs(right) if isfinite(right) else 0.0)
    return FormulaSample(trace, claimed, right, allowed if isfinite(allowed) else inf, is_near)


def _compute_formula(formula: ClaimedFormula, trace: Trace, bounds: ErrorBounds) -> tuple[float, float]:
    """Return the value of a formula over the values of a trace, and a bound of its error."""
    point, errors = {}, []
    for node, factors in zip(formula.graph.inputs, formula.factors, strict=True):
        values = [trace.values[factor] for factor in factors]
        point[formula.graph.nodes[node].name] = reduce(mul, values)
        relative = [bounds.values[factor] / abs(trace.values[factor]) for factor in factors if trace.values[factor]]
        errors.append(reduce(max, relative, 0.0) * len(factors) * abs(reduce(mul, values)))
    found = run(formula.graph, point)
    error = bound_errors(found).values[formula.graph.output]
    for node, brought in zip(formula.graph.inputs, errors, strict=True):
        error += abs(found.gradients[node]) * brought
    return found.values[formula.graph.output], error


def _sample_traces(trace: Trace) -> Iterator[tuple[Trace, bool]]:
    """Yield traces at other points, at first anywhere and then nearer and nearer, and whether they are near."""
    graph, point = trace.graph, trace.point
    count = max(1, min(MOST_SAMPLES, MOST_GATES_TIMES_POINTS // len(graph.nodes)))
    spreads = {name: max(1.0, abs(value)) for name, value in point.items()}
    for kind in range(5 if point else 0):
        chance, made = Random(kind), 0
        for _ in range(MOST_TRIES):
            moved = {}
            for name, value in point.items():
                share = chance.random()
                match kind:
                    case 0:
                        moved[name] = round(6 * share - 3, 1)
                    case 1:
                        moved[name] = round(0.05 + 0.9 * share, 2)
                    case _:
                        step = spreads[name] * 10.0 ** (2 - kind)  # 1, then a tenth, then a hundredth
                        moved[name] = value + float(f"{(2 * share - 1) * step:.2g}")
            try:
                found = run(graph, moved)
            except EvaluationError:
                continue
            if not any(graph.is_at_kink(i, found.values) for i in graph.gate_ids):
                yield found, kind >= NEAR_KIND
                made += 1
            if made == count:
                break
