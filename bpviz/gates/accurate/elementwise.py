"""The functions of this package, and some of math, as formulas that NumPy computes for whole arrays.

A formula is written as in the gate table's inline ones, and is within a few units of the last place of its function
wherever the numbers are between 1e-300 and 1e300; where the function has no value it is infinite or nan. A function
that has none here, and none in NumPy, is called point by point: gelu, mish and the slopes of silu, whose zeros need
more than a formula, and the product of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bpviz.gates.accurate import activations as networks
from bpviz.gates.accurate import circular, exact
from bpviz.gates.accurate import roots as powers

HYPERBOLIC_SECANT = "2.0 * exp(-abs(a)) / (1.0 + exp(-abs(a)) * exp(-abs(a)))"
HYPERBOLIC_COSECANT = "copysign(2.0 * exp(-abs(a)) / -expm1(-2.0 * abs(a)), a)"
TANGENT_SIDE = "sqrt(abs(a) - 1.0) * sqrt(abs(a) + 1.0)"
SIGMOID = "1.0 / (1.0 + exp(-a))"

FORMULAS: Mapping[Callable[..., Any], tuple[str, ...]] = {
    # one formula for each number that a function returns, of its operands a, b, ... in their order
    exact.quotient_slope: ("-a / b / b",),
    powers.positive_power: ("pow(a, b) if a > 0.0 else 0.0 / (0.0 if a < 0.0 else max(b, 0.0))",),
    powers.power_slope: (
        "(b * pow(a, b) / a if abs(pow(a, b)) > SMALL else b * pow(a, b - 1.0)) if b != 0.0 else 0.0",
    ),
    powers.exponent_slope: ("a * log(b) if b != 0.0 else 0.0",),
    powers.cbrt_slope: ("a / b / 3.0 if b != 0.0 else 1.0 / abs(b)",),
    powers.logarithm: ("log(a) / log(b) if b > 0.0 else 0.0 / 0.0",),
    circular.arcsec: (f"atan2({TANGENT_SIDE}, copysign(1.0, a))",),
    circular.arccsc: (f"atan2(copysign(1.0, a), {TANGENT_SIDE})",),
    circular.arcsec_slope: (f"1.0 / abs(a) / ({TANGENT_SIDE})",),
    circular.arccot: ("atan2(1.0, a)",),
    circular.arctan_slope: ("1.0 / hypot(1.0, a) / hypot(1.0, a)",),
    circular.angle: ("atan2(a, b) if max(abs(a), abs(b)) > 0.0 else 0.0 / a",),
    circular.angle_slopes: ("b / hypot(a, b) / hypot(a, b)", "-a / hypot(a, b) / hypot(a, b)"),
    circular.distance_slopes: (
        "a / hypot(a, b) if max(abs(a), abs(b)) > 0.0 else 0.0",
        "b / hypot(a, b) if max(abs(a), abs(b)) > 0.0 else 0.0",
    ),
    circular.sech: (HYPERBOLIC_SECANT,),
    circular.sech_slope: (f"-({HYPERBOLIC_SECANT}) * tanh(a)",),
    circular.csch: (HYPERBOLIC_COSECANT,),
    circular.csch_slope: (f"-({HYPERBOLIC_COSECANT}) / tanh(a)",),
    circular.coth: ("1.0 / tanh(a)",),
    circular.coth_slope: (f"-({HYPERBOLIC_COSECANT}) * ({HYPERBOLIC_COSECANT})",),
    circular.tanh_slope: ("4.0 * exp(-2.0 * abs(a)) / ((1.0 + exp(-2.0 * abs(a))) * (1.0 + exp(-2.0 * abs(a))))",),
    circular.arsinh_slope: ("1.0 / hypot(1.0, a)",),
    circular.arcosh_slope: ("1.0 / (sqrt(a - 1.0) * sqrt(a + 1.0))",),
    circular.artanh_slope: ("1.0 / ((1.0 - a) * (1.0 + a))",),
    networks.sigmoid: (SIGMOID,),
    networks.sigmoid_slope: (f"exp(-a) / (1.0 + exp(-a)) * ({SIGMOID})",),
    networks.softplus: ("max(a, 0.0) + log1p(exp(-abs(a)))",),
    networks.silu: ("a / (1.0 + exp(-a))",),
    networks.cross_entropy: ("-(b * log(a) + (1.0 - b) * log1p(-a)) if b * (1.0 - b) >= 0.0 else 0.0 / 0.0",),
    networks.cross_entropy_slopes: (
        "(a - b) / (a * (1.0 - a))",
        "log1p((1.0 - 2.0 * a) / a) if abs(a - 0.5) < 0.25 else log1p(-a) - log(a)",
    ),
}
