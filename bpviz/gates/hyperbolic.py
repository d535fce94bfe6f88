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
         derivation="from (eᵃ − e⁻ᵃ)/2, term by term: (eᵃ + e⁻ᵃ)/2 = cosh a",
         lesson="it never shrinks a gradient, and some units from zero it grows it as fast as exp",
         does="scales the gradient by the hyperbolic cosine: never shrinks it"),
    Gate(name="cosh", symbol="cosh", short="cosh{}", arity=UNARY, formula="cosh a", local=("sinh a",),
         code="cosh(a)", code_slopes=("sinh(a)",),
         forward=math.cosh, slopes=lambda z, a: (math.sinh(a),), symbolic=lambda S, a: S.cosh(a),
         elementary="e = exp(a); (e + 1/e)*0.5",
         derivation="from (eᵃ + e⁻ᵃ)/2, term by term: (eᵃ − e⁻ᵃ)/2 = sinh a",
         lesson="a bowl: flat at zero like a square, but with walls as steep as exp",
         does="scales the gradient by the hyperbolic sine"),
    Gate(name="tanh", symbol="tanh", short="tanh{}", arity=UNARY, formula="tanh a", local=("1 − tanh² a",),
         code="tanh(a)", code_slopes=("1 - z^2",),
         forward=math.tanh, slopes=lambda z, a: (fn.tanh_slope(a),), symbolic=lambda S, a: S.tanh(a),
         elementary="e = exp(2*a); (e + -1)*(1/(e + 1))",
         derivation="the quotient rule on sinh a/cosh a: (cosh² a − sinh² a)/cosh² a = 1 − tanh² a",
         lesson=(
             "at zero the whole gradient passes, at ±3 a hundredth: layers that saturate learn no more, and the "
             "gradient through many layers vanishes. Since z is kept, the backward pass costs one multiplication"
         ),
         does="squashes: passes the gradient near zero and lets it vanish far from it"),
    Gate(name="sech", symbol="sech", short="sech{}", arity=UNARY, formula="1/cosh a", local=("−sech a · tanh a",),
         code="1.0/cosh(a)", code_slopes=("-z*tanh(a)",), math="sech(a)",
         forward=fn.sech, slopes=lambda z, a: (fn.sech_slope(a),), symbolic=lambda S, a: S.sech(a),
         elementary="e = exp(a); 2*(1/(e + 1/e))",
         derivation="the chain rule on 1/cosh a: (−1/cosh² a)·sinh a = −sech a · tanh a",
         lesson="gradients point towards its top at 0 wherever they are felt, and vanish some units away",
         does="a bump: passes at most half of the gradient, nothing at its top and next to nothing far from it"),
    Gate(name="csch", symbol="csch", short="csch{}", arity=UNARY, formula="1/sinh a", local=("−csch a · coth a",),
         code="1.0/sinh(a)", code_slopes=("-z/tanh(a)",), math="csch(a)",
         forward=fn.csch, slopes=lambda z, a: (fn.csch_slope(a),), symbolic=lambda S, a: S.csch(a),
         domain="a ≠ 0", elementary="e = exp(a); 2*(1/(e + -1*(1/e)))",
         derivation="the chain rule on 1/sinh a: (−1/sinh² a)·cosh a = −csch a · coth a",
         lesson="explodes near zero as 1/a does, and fades exponentially far from it",
         does="turns the gradient round: huge near zero, next to nothing far from it"),
    Gate(name="coth", symbol="coth", short="coth{}", arity=UNARY, formula="1/tanh a", local=("1 − coth² a",),
         code="1.0/tanh(a)", code_slopes=("1 - z^2",), math="coth(a)",
         forward=fn.coth, slopes=lambda z, a: (fn.coth_slope(a),), symbolic=lambda S, a: S.coth(a),
         domain="a ≠ 0", elementary="e = exp(2*a); (e + 1)*(1/(e + -1))",
         derivation="the quotient rule on cosh a/sinh a: (sinh² a − cosh² a)/sinh² a = −1/sinh² a = 1 − coth² a",
         lesson="explodes near zero, and is as flat as tanh far from it: both ends are useless for learning",
         does="turns the gradient round: huge near zero, next to nothing where it is close to ±1"),
    # the inverses
    Gate(name="arsinh", symbol="arsinh", short="asinh{}", arity=UNARY, aliases=("asinh", "arcsinh"),
         code="arsinh(a)", code_slopes=("1/sqrt(a^2 + 1)",),
         formula="ln(a + √(a² + 1))", local=("1/√(a² + 1)",),
         forward=math.asinh, slopes=lambda z, a: (fn.arsinh_slope(a),), symbolic=lambda S, a: S.asinh(a),
         elementary="ln(a + sqrt(a*a + 1))",
         derivation="the inverse of sinh: sinh z = a gives cosh z·z' = 1, and cosh z = √(1 + sinh² z) = √(1 + a²)",
         lesson="a logarithm that takes every sign: it tames large values as ln does, and passes small ones",
         does="compresses: passes the gradient near zero, and divides it by |a| far from it"),
    Gate(name="arcosh", symbol="arcosh", short="acosh{}", arity=UNARY, aliases=("acosh", "arccosh"),
         code="arcosh(a)", code_slopes=("1/sqrt(a^2 - 1)",),
         formula="ln(a + √(a² − 1)), from 0 up", local=("1/√(a² − 1)",),
         forward=math.acosh, slopes=lambda z, a: (fn.arcosh_slope(a),), symbolic=lambda S, a: S.acosh(a),
         domain="a ≥ 1", elementary="ln(a + sqrt(a*a + -1))",
         derivation="the inverse of cosh: cosh z = a gives sinh z·z' = 1, and sinh z = √(cosh² z − 1) = √(a² − 1)",
         lesson="infinite at the end of its domain, 1: hyperbolic distances need care where two points meet",
         does="compresses: divides the gradient by about a far out; infinite at 1"),
    Gate(name="artanh", symbol="artanh", short="atanh{}", arity=UNARY, aliases=("atanh", "arctanh"),
         code="artanh(a)", code_slopes=("1/(1 - a^2)",),
         formula="½ ln((1 + a)/(1 − a))", local=("1/(1 − a²)",),
         forward=math.atanh, slopes=lambda z, a: (fn.artanh_slope(a),), symbolic=lambda S, a: S.atanh(a),
         domain="−1 < a < 1", elementary="0.5*ln((1 + a)*(1/(1 + a*-1)))",
         derivation="the inverse of tanh: tanh z = a gives (1 − tanh² z)·z' = 1, so z' = 1/(1 − a²)",
         lesson="what tanh squashed it pulls apart: near ±1 gradients explode by as much as tanh makes them vanish",
         does="stretches: never shrinks the gradient, and lets it grow without limit towards ±1"),
)
# fmt: on
