"""The example's staged computation as a lecture writes it by hand in NumPy."""

from __future__ import annotations

from typing import Any


def compute_by_hand(x: Any, y: Any) -> tuple[Any, dict[str, Any]]:
    """Return value and gradients at every point."""
    import numpy as np

    # forward pass
    sigy = 1.0 / (1 + np.exp(-y))
    num = x + sigy
    sigx = 1.0 / (1 + np.exp(-x))
    xpy = x + y
    xpysqr = xpy**2
    den = sigx + xpysqr
    invden = 1.0 / den
    f = num * invden
    # backward pass
    dnum = invden
    dinvden = num
    dden = (-1.0 / (den**2)) * dinvden
    dsigx = 1 * dden
    dxpysqr = 1 * dden
    dxpy = (2 * xpy) * dxpysqr
    dx = 1 * dxpy
    dy = 1 * dxpy
    dx += ((1 - sigx) * sigx) * dsigx
    dx += 1 * dnum
    dsigy = 1 * dnum
    dy += ((1 - sigy) * sigy) * dsigy
    return f, {"x": dx, "y": dy}
