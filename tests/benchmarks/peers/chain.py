"""The chain v·y + x, v·y + x, … of any number of gates, as text and in every peer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from tests.benchmarks.records import Missing

POINT = {"x": 0.9, "y": -0.8}
Run = Callable[[], Any]


def text(gates: int) -> str:
    """Return the chain as one expression."""
    return "(" * (gates // 2 - 1) + "x*y + x" + ")*y + x" * (gates // 2 - 1)


def statements(gates: int) -> str:
    """Return the chain as a program, a statement a gate."""
    lines = []
    for i in range(1, gates // 2 + 1):
        lines += [f"m{i} = {f'v{i - 1}' if i > 1 else 'x'}*y", f"v{i} = m{i} + x"]
    return "\n".join(lines)


def micrograd(gates: int) -> Run:
    """Build the chain and run it back, in micrograd."""
    try:
        from micrograd.engine import Value
    except ImportError:
        raise Missing("micrograd is not installed") from None
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 10 * gates))  # its topological sort recurses

    def run() -> tuple[float, float, float]:
        x, y = Value(POINT["x"]), Value(POINT["y"])
        v = x
        for _ in range(gates // 2):
            v = v * y + x
        v.backward()
        return v.data, x.grad, y.grad

    return run


def autograd(gates: int) -> Run:
    """Take value and gradient of the chain with HIPS autograd."""
    try:
        from autograd import value_and_grad
    except ImportError:
        raise Missing("autograd is not installed") from None

    def chain(x: float, y: float) -> float:
        v = x
        for _ in range(gates // 2):
            v = v * y + x
        return v

    function = value_and_grad(chain, argnum=(0, 1))
    return lambda: function(POINT["x"], POINT["y"])


def casadi(gates: int) -> Run:
    """Call casadi's Function of value and gradient, made once."""
    try:
        import casadi
    except ImportError:
        raise Missing("casadi is not installed") from None
    x, y = casadi.SX.sym("x"), casadi.SX.sym("y")
    v = x
    for _ in range(gates // 2):
        v = v * y + x
    function = casadi.Function("f", [x, y], [v, casadi.gradient(v, x), casadi.gradient(v, y)])
    return lambda: function(POINT["x"], POINT["y"])


def by_hand(gates: int) -> Run:
    """Call the staged computation of the chain as one writes it by hand, a line a number."""
    last = gates // 2
    lines = ["def chain(x, y):", "    v0 = x"]
    for i in range(last):
        lines += [f"    m{i + 1} = v{i} * y", f"    v{i + 1} = m{i + 1} + x"]
    lines += ["    dx = dy = 0.0", f"    dv{last} = 1.0"]
    for i in range(last, 0, -1):
        lines += [f"    dx += dv{i}", f"    dy += v{i - 1} * dv{i}", f"    dv{i - 1} = y * dv{i}"]
    lines += ["    dx += dv0", f'    return v{last}, {{"x": dx, "y": dy}}']
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)
    function = scope["chain"]
    return lambda: function(x=POINT["x"], y=POINT["y"])
