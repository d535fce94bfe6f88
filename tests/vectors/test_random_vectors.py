"""Random programs with vectors against central differences of NumPy's own arrays, in its longest floats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import bpviz
from bpviz.autodiff import Trace
from bpviz.text.code_listings import write_listing
from tests.support.vector_programs import write_programs

PROGRAMS = 500
STEP = np.longdouble(1e-5)


def make_forward(trace: Trace) -> Callable[..., Any]:
    """Make a function of the forward lines of the NumPy listing, which keeps the precision of its arrays."""
    listing = write_listing(trace.graph, None, "numpy")
    lines = listing.partition("# forward pass\n")[2].partition("\n\n")[0].splitlines()
    names = ", ".join(trace.graph.variable_names)
    space: dict[str, Any] = {"np": np}
    exec("\n".join([f"def forward({names}):", *lines, f"    return {trace.graph.output_name}"]), space)
    made: Callable[..., Any] = space["forward"]
    return made


@pytest.mark.skipif(np.finfo(np.longdouble).eps > 1e-18, reason="longdouble is float64 here")
def test_gradients_are_those_of_differences() -> None:
    tested = 0
    for program in write_programs(PROGRAMS, seed=1):
        trace = bpviz.parse(program.source).at(program.point)
        if trace.graph.vectors is None or any("kink" in warning for warning in trace.warnings):
            continue
        point = {name: np.array(value, dtype=np.longdouble) for name, value in program.point.items()}
        forward = make_forward(trace)
        for name, value in point.items():
            slopes = np.empty(value.shape)
            for place in np.ndindex(value.shape):
                ends = []
                for side in (STEP, -STEP):
                    moved = value.copy()
                    moved[place] += side
                    ends.append(forward(**{**point, name: moved}))
                slopes[place] = float((ends[0] - ends[1]) / (2 * STEP))
            gradient = np.array(trace.gradient(name))
            assert gradient.shape == value.shape, program
            assert slopes == pytest.approx(gradient, rel=1e-6, abs=1e-7 * max(1, np.abs(gradient).max())), program
        tested += 1
    assert tested > PROGRAMS * 0.8
