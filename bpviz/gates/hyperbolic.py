"""The rows of the hyperbolic functions and their inverses."""

from __future__ import annotations

import math

from bpviz import functions as fn
from bpviz.gates.gate import UNARY, Gate

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="sinh", symbol="sinh", short="sinh{}", arity=UNARY, formula="sinh a", local=("cosh a",),
         code="sinh(a)", code_slopes=("cosh(a)",),
         forward=math.sinh, slopes=lambda z, a: (math.cosh(a),), symbolic=lambda S, a: S.sinh(a),
         elementary="e = exp(a); (e + -1*(1/e))*0.5",
         does="scales the gradient by the hyperbolic cosine: never shrinks it"),
    Gate(name="cosh", symbol="cosh", short="cosh{}", arity=UNARY, formula="cosh a", local=("sinh a",),
         code="cosh(a)", code_slopes=("sinh(a)",),
         forward=math.cosh, slopes=lambda z, a: (math.sinh(a),), symbolic=lambda S, a: S.cosh(a),
         elementary="e = exp(a); (e + 1/e)*0.5",
         does="scales the gradient by the hyperbolic sine"),
    Gate(name="tanh", symbol="tanh", short="tanh{}", arity=UNARY, formula="tanh a", local=("1 − tanh² a",),
         code="tanh(a)", code_slopes=("1 - z^2",),
         forward=math.tanh, slopes=lambda z, a: (fn.tanh_slope(a),), symbolic=lambda S, a: S.tanh(a),
         elementary="e = exp(2*a); (e + -1)*(1/(e + 1))",
         does="squashes: passes the gradient near zero and lets it vanish far from it"),
)
# fmt: on
