"""The rows of the hyperbolic functions and their inverses."""

from __future__ import annotations

from bpviz.gates.accurate import circular
from bpviz.gates.conditions import return_true
from bpviz.gates.gate import UNARY, Accurate, Decomposition, Gate, Mistake, Words

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="sinh", symbol="sinh", short="sinh{}", arity=UNARY, formula="sinh(a)", local=("cosh(a)",),
         parts=Decomposition(elementary="(exp(a) + exp(a*-1)*-1)*0.5"),
         look_alikes=("sin",),
         words=Words(
             does="scales the gradient by the hyperbolic cosine: never shrinks it",
             derivation="from (eᵃ − e⁻ᵃ)/2, term by term: (eᵃ + e⁻ᵃ)/2 = cosh a",
             lesson="it never shrinks a gradient, and some units from zero it grows it as fast as exp")),
    Gate(name="cosh", symbol="cosh", short="cosh{}", arity=UNARY, formula="cosh(a)", local=("sinh(a)",),
         parts=Decomposition(elementary="(exp(a) + exp(a*-1))*0.5"),
         look_alikes=("cos",),
         words=Words(
             does="scales the gradient by the hyperbolic sine",
             derivation="from (eᵃ + e⁻ᵃ)/2, term by term: (eᵃ − e⁻ᵃ)/2 = sinh a",
             lesson="a bowl: flat at zero like a square, but with walls as steep as exp")),
    Gate(name="tanh", symbol="tanh", short="tanh{}", arity=UNARY, formula="tanh(a)", local=("1 - z^2",),
         parts=Decomposition(
             whole="(e²ᵃ − 1)/(e²ᵃ + 1) overflows from a = 355 on, and loses the gradient long before"),
         accurate=Accurate(local=("(exp(-abs(a))*(1 + abs(z)))^2",),
                           slopes=lambda z, a: (circular.tanh_slope(a),),
                           script=("", "tanh_slope(a)")),
         mistakes=(Mistake("1 - a^2", "with its operand where its output belongs"),
                   Mistake("1 - z", "without the square")),
         look_alikes=("tan",),
         words=Words(
             board_local=("1 − tanh² a",),
             does="squashes: passes the gradient near zero and lets it vanish far from it",
             derivation="the quotient rule on sinh a/cosh a: (cosh² a − sinh² a)/cosh² a = 1 − tanh² a",
             lesson="at zero the whole gradient passes, at ±3 a hundredth: layers that saturate learn no more, and "
                    "the gradient through many layers vanishes. Since z is kept, the backward pass costs one "
                    "multiplication")),
    Gate(name="sech", symbol="sech", short="sech{}", arity=UNARY, formula="1.0/cosh(a)", local=("-z*tanh(a)",),
         mathematics="sech(a)", sympy_form="sech(a)",
         parts=Decomposition(elementary="e = exp(|a|*-1); 2*e*(1/(e*e + 1))"),
         accurate=Accurate(formula="2*exp(-abs(a))/(1 + exp(-2*abs(a)))", forward=circular.sech,
                           slopes=lambda z, a: (circular.sech_slope(a),),
                           script=("sech(a)", "sech_slope(a)")),
         nonzero=return_true,
         words=Words(
             board_local=("−sech a · tanh a",),
             does="a bump: passes at most half of the gradient, nothing at its top and next to nothing far from it",
             derivation="the chain rule on 1/cosh a: (−1/cosh² a)·sinh a = −sech a · tanh a",
             lesson="gradients point towards its top at 0 wherever they are felt, and vanish some units away")),
    Gate(name="csch", symbol="csch", short="csch{}", arity=UNARY, formula="1.0/sinh(a)", local=("-z/tanh(a)",),
         mathematics="csch(a)", sympy_form="csch(a)", domain="a ≠ 0",
         parts=Decomposition(elementary="sech(a)*(1/tanh(a))"),
         accurate=Accurate(formula="-2*sign(a)*exp(-abs(a))/expm1(-2*abs(a))",
                           slopes=lambda z, a: (circular.csch_slope(a),),
                           script=("", "csch_slope(a)")),
         nonzero=return_true,
         words=Words(
             board_local=("−csch a · coth a",),
             does="turns the gradient round: huge near zero, next to nothing far from it",
             derivation="the chain rule on 1/sinh a: (−1/sinh² a)·cosh a = −csch a · coth a",
             lesson="explodes near zero as 1/a does, and fades exponentially far from it")),
    Gate(name="coth", symbol="coth", short="coth{}", arity=UNARY, formula="1.0/tanh(a)", local=("1 - z^2",),
         mathematics="coth(a)", sympy_form="coth(a)", domain="a ≠ 0", parts=Decomposition(elementary="1/tanh(a)"),
         accurate=Accurate(local=("-(2*exp(-abs(a))/expm1(-2*abs(a)))^2",),
                           slopes=lambda z, a: (circular.coth_slope(a),),
                           script=("", "coth_slope(a)")),
         words=Words(
             board_local=("1 − coth² a",),
             does="turns the gradient round: huge near zero, next to nothing where it is close to ±1",
             derivation="the quotient rule on cosh a/sinh a: (sinh² a − cosh² a)/sinh² a = −1/sinh² a = 1 − coth² a",
             lesson="explodes near zero, and is as flat as tanh far from it: both ends are useless for learning")),
    # the inverses
    Gate(name="arsinh", symbol="arsinh", short="asinh{}", arity=UNARY, formula="arsinh(a)", local=("1/sqrt(a^2 + 1)",),
         aliases=("asinh", "arcsinh"),
         parts=Decomposition(whole="in ln(a + √(a² + 1)) all digits cancel for a large negative a"),
         accurate=Accurate(local=("1/hypot(1, a)",)),
         words=Words(
             board="ln(a + √(a² + 1))",
             does="compresses: passes the gradient near zero, and divides it by |a| far from it",
             derivation="the inverse of sinh: sinh z = a gives cosh z·z' = 1, and cosh z = √(1 + sinh² z) = √(1 + a²)",
             lesson="a logarithm that takes every sign: it tames large values as ln does, and passes small ones")),
    Gate(name="arcosh", symbol="arcosh", short="acosh{}", arity=UNARY, formula="arcosh(a)", local=("1/sqrt(a^2 - 1)",),
         aliases=("acosh", "arccosh"), domain="a ≥ 1", pole="a = 1", poles=(1.0,),
         parts=Decomposition(elementary="ln(a + sqrt(a + -1)*sqrt(a + 1))"),
         accurate=Accurate(local=("1/(sqrt(a - 1)*sqrt(a + 1))",)),
         words=Words(
             board="ln(a + √(a² − 1)), from 0 up",
             does="compresses: divides the gradient by about a far out; infinite at 1",
             derivation="the inverse of cosh: cosh z = a gives sinh z·z' = 1, and sinh z = √(cosh² z − 1) = √(a² − 1)",
             lesson="infinite at the end of its domain, 1: hyperbolic distances need care where two points meet")),
    Gate(name="artanh", symbol="artanh", short="atanh{}", arity=UNARY, formula="artanh(a)", local=("1/(1 - a^2)",),
         aliases=("atanh", "arctanh"), domain="−1 < a < 1",
         parts=Decomposition(elementary="0.5*ln((1 + a)*(1/(1 + a*-1)))"),
         accurate=Accurate(local=("1/((1 - a)*(1 + a))",)),
         words=Words(
             board="½ ln((1 + a)/(1 − a))",
             does="stretches: never shrinks the gradient, and lets it grow without limit towards ±1",
             derivation="the inverse of tanh: tanh z = a gives (1 − tanh² z)·z' = 1, so z' = 1/(1 − a²)",
             lesson="what tanh squashed it pulls apart: near ±1 gradients explode by as much as tanh makes them "
                    "vanish")),
    Gate(name="arsech", symbol="arsech", short="asech{}", arity=UNARY, formula="arcosh(1/a)",
         local=("-1/(a*sqrt(1 - a^2))",), mathematics="arsech(a)", aliases=("asech", "arcsech"), domain="0 < a ≤ 1",
         pole="a = 1", poles=(1.0,), parts=Decomposition(elementary="ln(sqrt(1 + a*-1)*sqrt(1 + a) + 1) + ln(a)*-1"),
         accurate=Accurate(formula="arsinh(sqrt(1 - a)*sqrt(1 + a)/a)", local=("-1/a/sqrt((1 - a)*(1 + a))",),
                           forward=circular.arsech,
                           defined="a > 0",
                           script=("arsech(a)", "")),
         words=Words(
             board="arsech a = arcosh(1/a), from 0 up",
             does="turns the gradient round and at least doubles it: infinite at 1, without limit near 0",
             derivation="the chain rule on arcosh(1/a): 1/√(1/a² − 1)·(−1/a²) = −1/(a·√(1 − a²)), since a is positive",
             lesson="infinite at one end of its domain and without limit at the other: safe only in the middle")),
    Gate(name="arcsch", symbol="arcsch", short="acsch{}", arity=UNARY, formula="arsinh(1/a)",
         local=("-1/(abs(a)*sqrt(1 + a^2))",), mathematics="arcsch(a)", aliases=("acsch", "arccsch"), domain="a ≠ 0",
         parts=Decomposition(elementary="arsinh(1/a)"),
         accurate=Accurate(local=("-1/abs(a)/hypot(1, a)",), forward=circular.arcsch,
                           script=("arcsch(a)", "")),
         nonzero=return_true,
         words=Words(
             board="arcsch a = arsinh(1/a)",
             does="turns the gradient round: without limit near zero, next to nothing far from it",
             derivation="the chain rule on arsinh(1/a): 1/√(1/a² + 1)·(−1/a²) = −1/(|a|·√(1 + a²))",
             lesson="explodes near zero, though only as 1/|a| does, and fades as 1/a² far from it")),
    Gate(name="arcoth", symbol="arcoth", short="acoth{}", arity=UNARY, formula="artanh(1/a)", local=("1/(1 - a^2)",),
         mathematics="arcoth(a)", aliases=("acoth", "arccoth"), domain="|a| > 1",
         parts=Decomposition(elementary="0.5*ln((a + 1)*(1/(a + -1)))"),
         accurate=Accurate(formula="sign(a)*log1p(2/(abs(a) - 1))/2", local=("-1/(abs(a) - 1)/(abs(a) + 1)",)),
         nonzero=return_true,
         words=Words(
             board="arcoth a = artanh(1/a)",
             does="turns the gradient round: without limit near ±1, fading as 1/a² far from them",
             derivation="the chain rule on artanh(1/a): 1/(1 − 1/a²)·(−1/a²) = −1/(a² − 1) = 1/(1 − a²)",
             lesson="the other half of artanh, with the same formula for its slope: this one is of |a| > 1")),
)
# fmt: on
