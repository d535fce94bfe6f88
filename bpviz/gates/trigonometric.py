"""The rows of the trigonometric functions and their inverses."""

from __future__ import annotations

import math

from bpviz.gates.gate import UNARY, Gate

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="sin", symbol="sin", short="sin{}", arity=UNARY, formula="sin a", local=("cos a",),
         code="sin(a)", code_slopes=("cos(a)",),
         forward=math.sin, slopes=lambda z, a: (math.cos(a),), symbolic=lambda S, a: S.sin(a),
         does="scales the gradient by the cosine"),
    Gate(name="cos", symbol="cos", short="cos{}", arity=UNARY, formula="cos a", local=("−sin a",),
         code="cos(a)", code_slopes=("-sin(a)",),
         forward=math.cos, slopes=lambda z, a: (-math.sin(a),), symbolic=lambda S, a: S.cos(a),
         does="scales the gradient by minus the sine"),
    Gate(name="tan", symbol="tan", short="tan{}", arity=UNARY, formula="tan a", local=("1 + tan² a",),
         code="tan(a)", code_slopes=("1 + z^2",),
         forward=math.tan, slopes=lambda z, a: (1.0 + z * z,), symbolic=lambda S, a: S.tan(a),
         domain="a is no odd multiple of π/2", elementary="sin(a)*(1/cos(a))",
         does="never shrinks the gradient: it scales it by 1 + tan² a"),
)
# fmt: on
