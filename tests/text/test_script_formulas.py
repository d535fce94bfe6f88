"""The functions of accurate.js: which of them lines need, and the coefficients that only JavaScript has."""

from __future__ import annotations

import re

import mpmath
import pytest
from mpmath import mpf

from bpviz.gates import TABLE, Gate
from bpviz.text.script_formulas import take_functions, write_slope, write_value

WIDTH = mpf("3.75")
SAMPLES = 64


def test_a_function_brings_what_it_needs_in_the_order_of_the_file() -> None:
    taken = [
        re.findall(r"^(?:function|const) (\w+)", text, re.MULTILINE)[0] for text in take_functions(["sech_slope(x)"])
    ]
    assert taken == ["copysign", "sech_slope"]
    assert take_functions(["Math.log1p(x)"]) == []


@pytest.mark.parametrize("gate", [gate for gate in TABLE if gate.accurate.script], ids=lambda gate: gate.name)
def test_what_a_row_calls_is_defined(gate: Gate) -> None:
    operands = ["x", "y"][: gate.arity[0]]
    lines = [write_value(gate, operands), *(write_slope(gate, slot, operands, "z") for slot in range(len(operands)))]
    called = {name for line in lines for name in re.findall(r"(?<![.\w])[a-z]\w+(?=\()", line)}
    defined = set(re.findall(r"^function (\w+)", "\n".join(take_functions(lines)), re.MULTILINE))
    assert called <= defined


def scale_erfc(t: mpf) -> mpf:
    """(1 + 2a)·exp(a²)·erfc(a) at a = w·(1 + t)/(1 − t)."""
    a = WIDTH * (1 + t) / (1 - t)
    return (1 + 2 * a) * mpmath.exp(a * a) * mpmath.erfc(a)


def test_the_series_of_erfc_is_mpmaths() -> None:
    (text,) = [each for each in take_functions(["ERFC_SERIES"]) if "const ERFC_SERIES" in each]
    coefficients = [float(each) for each in re.findall(r"-?\d\.\d+(?:e-\d+)?(?=,)", text)]
    with mpmath.workdps(60):
        angles = [mpmath.pi * (j + mpf("0.5")) / SAMPLES for j in range(SAMPLES)]
        values = [scale_erfc(mpmath.cos(angle)) for angle in angles]
        exact = [
            2 * mpmath.fsum(v * mpmath.cos(k * angle) for v, angle in zip(values, angles, strict=True)) / SAMPLES
            for k in range(len(coefficients) + 10)
        ]
    assert coefficients == pytest.approx([float(each) for each in exact[: len(coefficients)]], rel=1e-14, abs=1e-24)
    assert sum(abs(each) for each in exact[len(coefficients) :]) < 2.0**-55
