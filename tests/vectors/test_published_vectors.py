"""Published worked examples with vectors: every value and gradient, in the shape of its variable."""

import json
from pathlib import Path
from typing import Any

import pytest

import bpviz

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_published_numbers(case: dict[str, Any]) -> None:
    trace = bpviz.parse(case["program"]).at(case["inputs"])
    for name, value in case["values"].items():
        assert_close(trace.value(name), value)
    for name, gradient in case["gradients"].items():
        assert_close(trace.gradient(name), gradient)


def assert_close(found: Any, expected: Any) -> None:
    if isinstance(expected, list):
        assert len(found) == len(expected)
        for own, other in zip(found, expected, strict=True):
            assert_close(own, other)
    else:
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-15)
