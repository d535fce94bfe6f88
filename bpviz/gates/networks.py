"""The rows of neural networks: activations and losses."""

from __future__ import annotations

from bpviz import functions as fn
from bpviz.gates.gate import UNARY, Gate

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="sigmoid", symbol="σ", short="sig{}", arity=UNARY, written="σ({})", aliases=("σ", "sigma", "logistic"),
         code="1.0/(1 + exp(-a))", code_slopes=("(1 - z)*z",), math="σ(a)",
         formula="1/(1 + e⁻ᵃ)", local=("σ(a)·(1 − σ(a))",),
         forward=fn.sigmoid, slopes=lambda z, a: (fn.sigmoid_slope(a),), symbolic=lambda S, a: 1 / (1 + S.exp(-a)),
         elementary="1/(exp(a*-1) + 1)",
         does="squashes: passes at most a quarter of the gradient, next to nothing where it is saturated"),
    Gate(name="relu", symbol="relu", short="relu{}", arity=UNARY, aliases=("ReLU",),
         code="relu(a)", code_slopes=("a > 0",),
         formula="max(a, 0)", local=("1 if a > 0, else 0",),
         forward=lambda a: max(a, 0.0), slopes=lambda z, a: (1.0 if a > 0 else 0.0,), symbolic=lambda S, a: S.Max(a, 0),
         kink=lambda z, a: a == 0, rule="relu'(0) is taken as 0",
         does="opens or shuts: passes the gradient where its operand is positive, blocks it elsewhere"),
    Gate(name="softplus", symbol="softplus", short="splus{}", arity=UNARY,
         code="log1p(exp(a))", code_slopes=("1/(1 + exp(-a))",), math="softplus(a)",
         formula="ln(1 + eᵃ)", local=("σ(a)",),
         forward=fn.softplus, slopes=lambda z, a: (fn.sigmoid(a),), symbolic=lambda S, a: S.log(1 + S.exp(a)),
         elementary="ln(exp(a) + 1)",
         does="opens softly: passes the share σ(a) of the gradient"),
)
# fmt: on
