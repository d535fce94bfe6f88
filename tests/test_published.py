"""All published cases through the command line: every value, gradient and contribution of `table --format json`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Shell

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))


@pytest.fixture
def bpviz(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capfd)


def record_of(bpviz: Shell, case: dict[str, Any]) -> dict[str, Any]:
    point = [f"--set={name}={value!r}" for name, value in case["inputs"].items()]
    done = bpviz("table", case["program"], "--format", "json", "--gates", case["gates"], *point)
    assert (done.status, done.err) == (0, "")
    record: dict[str, Any] = json.loads(done.out)
    return record


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["program"])
def test_values_and_gradients(bpviz: Shell, case: dict[str, Any]) -> None:
    record = record_of(bpviz, case)
    nodes = {node["name"]: node for node in (*record["inputs"], *record["gates"])}
    for name, value in case["values"].items():
        assert nodes[name]["value"] == pytest.approx(value, rel=1e-12)
    for name, gradient in case["gradients"].items():
        assert nodes[name]["gradient"] == pytest.approx(gradient, rel=1e-12)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["program"])
def test_contributions(bpviz: Shell, case: dict[str, Any]) -> None:
    gates = {gate["name"]: gate for gate in record_of(bpviz, case)["gates"]}
    named = {each["gate"] for each in case["contributions"]} | set(case["inputs"])
    for published in case["contributions"]:
        gate = gates[published["gate"]]
        local, contribution = brought_to(published["input"], gate, gates, named)
        assert contribution == pytest.approx(published["contribution"], rel=1e-12)
        assert local == pytest.approx(published["local"], rel=1e-12)


def brought_to(name: str, gate: dict[str, Any], gates: dict[str, Any], named: set[str]) -> tuple[float, float]:
    """Add up what a published statement brings to one name, over the gates that we have and it does not name."""
    local = contribution = 0.0
    for operand in gate["operands"]:
        source = operand["source"]
        if source == name:
            local += operand["local"]
            contribution += operand["downstream"]
        elif source not in named:
            inner_local, inner_contribution = brought_to(name, gates[source], gates, named)
            local += operand["local"] * inner_local
            contribution += inner_contribution
    return local, contribution
