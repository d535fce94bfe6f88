"""Softmax, logsumexp and cross entropy far out: they neither overflow nor lose their digits."""

from math import ulp
from typing import Any

import mpmath
import pytest

from bpviz.lang import parse

FAR = ([1000, 0, -1000], [-1000, -1000, -1000.5], [1e-9, 0, 1], [700, 710, 720], [-745, 0, 745], [1e8, 1e8 + 1, 0])


def soften(scores: list[float]) -> list[Any]:
    """Return the softmax with 400 digits."""
    powers = [mpmath.exp(mpmath.mpf(each)) for each in scores]
    return [each / mpmath.fsum(powers) for each in powers]


@pytest.mark.parametrize("scores", FAR)
def test_cross_entropy_and_its_gradient_are_right_far_out(scores: list[float]) -> None:
    with mpmath.workdps(1000):
        shares = soften(scores)
        for wanted in range(3):
            trace = parse(f"cross_entropy(z; {wanted})").at(z=scores)
            exact = -mpmath.log(shares[wanted])
            assert trace.value("f") == pytest.approx(float(exact), rel=1e-13, abs=4 * ulp(max(map(abs, scores))))
            expected = [float(share - (k == wanted)) for k, share in enumerate(shares)]
            assert trace.gradient("z") == pytest.approx(expected, rel=1e-11, abs=1e-300)


@pytest.mark.parametrize("scores", FAR)
def test_softmax_and_its_gradient_are_right_far_out(scores: list[float]) -> None:
    weights = [1.0, -2.0, 0.5]
    with mpmath.workdps(1000):
        shares = soften(scores)
        average = mpmath.fsum(w * share for w, share in zip(weights, shares, strict=True))
        trace = parse("p = softmax(z); p@[1, -2, 0.5]").at(z=scores)
        assert trace.value("p") == pytest.approx([float(each) for each in shares], rel=1e-7, abs=1e-300)
        expected = [float(share * (w - average)) for share, w in zip(shares, weights, strict=True)]
        assert trace.gradient("z") == pytest.approx(expected, rel=1e-7, abs=1e-12)


def test_cross_entropy_with_a_vector_is_right_far_out() -> None:
    trace = parse("cross_entropy(z; y)").at(z=[1000, -1000], y=[0.25, 0.75])
    assert trace.value("f") == 1500
    assert trace.gradient("z") == [0.75, -0.75]
    assert parse("logsumexp(z)").at(z=[1000, -1000]).value("f") == 1000
