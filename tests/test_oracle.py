"""Five hundred random programs against sympy at fifty digits and mpmath's differences: neither is ours."""

import mpmath
import pytest

from bpviz.autodiff import run
from bpviz.errors import EvaluationError
from bpviz.lang import parse
from tests.support.oracle import LARGEST, Sample, grow

WANTED = 500
SHARES = 10  # the samples are tested in this many parts, so that a failure says where


def usable(sample: Sample) -> bool:
    """Say whether a sample has a point off every kink, in every domain, whose gradients ten digits can tell."""
    try:
        trace = run(parse(sample.program), sample.point)
    except EvaluationError:
        return False
    sizes = [abs(x) for x in (*trace.values, *trace.gradients)]
    return bool(sample.point) and not trace.warnings and max(sizes) < LARGEST


def is_well_conditioned(sample: Sample, exact: dict[str, mpmath.mpf]) -> bool:
    """Say whether sixteen digits are enough for it: for sympy's own formula, and for a point that is a little off."""
    others = (sample.gradients(16), sample.moved(1e-13).gradients())
    return all(abs(other[name] - exact[name]) <= 1e-11 * abs(exact[name]) for other in others for name in exact)


@pytest.mark.parametrize("share", range(SHARES))
def test_gradients_of_random_programs(share: int) -> None:
    tested, seed = 0, share * 1_000_000
    while tested < WANTED // SHARES:
        seed += 1
        sample = grow(seed)
        if not usable(sample):
            continue
        exact = sample.gradients()
        if not is_well_conditioned(sample, exact):
            continue
        trace = run(parse(sample.program), sample.point)
        differences = sample.differences()
        for name, gradient in exact.items():
            assert trace.gradient(name) == pytest.approx(float(gradient), rel=1e-10), sample
            assert trace.gradient(name) == pytest.approx(float(differences[name]), rel=1e-10, abs=1e-15), sample
        tested += 1
