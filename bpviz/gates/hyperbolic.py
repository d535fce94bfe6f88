"""The rows of the hyperbolic functions and their inverses."""

from __future__ import annotations

import math

from bpviz.functions import circular as fn
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
    Gate(name="sech", symbol="sech", short="sech{}", arity=UNARY, formula="1/cosh a", local=("−sech a · tanh a",),
         code="1.0/cosh(a)", code_slopes=("-z*tanh(a)",), math="sech(a)",
         forward=fn.sech, slopes=lambda z, a: (fn.sech_slope(a),), symbolic=lambda S, a: S.sech(a),
         elementary="e = exp(a); 2*(1/(e + 1/e))",
         does="a bump: passes at most half of the gradient, nothing at its top and next to nothing far from it"),
    Gate(name="csch", symbol="csch", short="csch{}", arity=UNARY, formula="1/sinh a", local=("−csch a · coth a",),
         code="1.0/sinh(a)", code_slopes=("-z/tanh(a)",), math="csch(a)",
         forward=fn.csch, slopes=lambda z, a: (fn.csch_slope(a),), symbolic=lambda S, a: S.csch(a),
         domain="a ≠ 0", elementary="e = exp(a); 2*(1/(e + -1*(1/e)))",
         does="turns the gradient round: huge near zero, next to nothing far from it"),
    Gate(name="coth", symbol="coth", short="coth{}", arity=UNARY, formula="1/tanh a", local=("1 − coth² a",),
         code="1.0/tanh(a)", code_slopes=("1 - z^2",), math="coth(a)",
         forward=fn.coth, slopes=lambda z, a: (fn.coth_slope(a),), symbolic=lambda S, a: S.coth(a),
         domain="a ≠ 0", elementary="e = exp(2*a); (e + 1)*(1/(e + -1))",
         does="turns the gradient round: huge near zero, next to nothing where it is close to ±1"),
    # the inverses
    Gate(name="arsinh", symbol="arsinh", short="asinh{}", arity=UNARY, aliases=("asinh", "arcsinh"),
         code="arsinh(a)", code_slopes=("1/sqrt(a^2 + 1)",),
         formula="ln(a + √(a² + 1))", local=("1/√(a² + 1)",),
         forward=math.asinh, slopes=lambda z, a: (fn.arsinh_slope(a),), symbolic=lambda S, a: S.asinh(a),
         elementary="ln(a + sqrt(a*a + 1))",
         does="compresses: passes the gradient near zero, and divides it by |a| far from it"),
    Gate(name="arcosh", symbol="arcosh", short="acosh{}", arity=UNARY, aliases=("acosh", "arccosh"),
         code="arcosh(a)", code_slopes=("1/sqrt(a^2 - 1)",),
         formula="ln(a + √(a² − 1)), from 0 up", local=("1/√(a² − 1)",),
         forward=math.acosh, slopes=lambda z, a: (fn.arcosh_slope(a),), symbolic=lambda S, a: S.acosh(a),
         domain="a ≥ 1", elementary="ln(a + sqrt(a*a + -1))",
         does="compresses: divides the gradient by about a far out; infinite at 1"),
    Gate(name="artanh", symbol="artanh", short="atanh{}", arity=UNARY, aliases=("atanh", "arctanh"),
         code="artanh(a)", code_slopes=("1/(1 - a^2)",),
         formula="½ ln((1 + a)/(1 − a))", local=("1/(1 − a²)",),
         forward=math.atanh, slopes=lambda z, a: (fn.artanh_slope(a),), symbolic=lambda S, a: S.atanh(a),
         domain="−1 < a < 1", elementary="0.5*ln((1 + a)*(1/(1 + a*-1)))",
         does="stretches: never shrinks the gradient, and lets it grow without limit towards ±1"),
)
# fmt: on
