"""Arguments of the wrong type, in untyped code."""

from collections.abc import Callable

import pytest

import bpviz
from bpviz.errors import UsageError
from bpviz.keywords import told


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: bpviz.draw("x", x=1, depth="1"), 'depth is not "1" but a whole number'),
        (lambda: bpviz.draw("x", x=1, show=3), "show is not 3 but text or a list of texts"),
        (lambda: bpviz.draw("x", x=1, title=3), "title is not 3 but text"),
        (lambda: bpviz.draw("x", x=1, highlight=["x"]), r"highlight is not \['x'\] but text"),
        (lambda: bpviz.draw("x", x=1, limit=3), "limit is not 3 but a table of numbers"),
        (lambda: bpviz.draw(), "draw: missing a required argument: 'program'"),
        (lambda: bpviz.descend("x^2", x=3, rate="a"), 'rate is not "a" but a number'),
        (lambda: bpviz.descend("x^2", x=3, params=3), "params is not 3 but text or a list of texts"),
        (lambda: bpviz.sweep("x*y", x="-5:5", y=2, at=3), "at is not 3 but a table of numbers"),
        (lambda: bpviz.check("x", x=1, tolerance="a"), 'tolerance is not "a" but a number'),
        (lambda: bpviz.build(None), "path is not None but text or a path"),
    ],
)
def test_a_wrong_type_is_told(call: Callable[[], object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        call()


def test_a_fault_of_ours_stays_one() -> None:
    @told
    def wrong(x: int) -> int:
        return x + "1"  # type: ignore[operator]  # the fault

    with pytest.raises(TypeError, match="unsupported operand"):
        wrong(3)
