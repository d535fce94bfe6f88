"""The rows of powers, roots, exponentials and logarithms."""

from __future__ import annotations

import math

from bpviz.gates.accurate import activations, roots
from bpviz.gates.conditions import has_no_zero
from bpviz.gates.gate import (
    BINARY,
    UNARY,
    Accurate,
    Decomposition,
    Gate,
    Mistake,
    SpecialCase,
    Syntax,
    Words,
)

# what a power is called by what stands in it: x², xⁿ, cˣ or xʸ
POWERS = (
    SpecialCase("exp", 0, lambda c: c == math.e, drops=True),
    SpecialCase("square", 1, lambda c: c == 2, drops=True),
    SpecialCase("power", 1),
    SpecialCase("exponential", 0, lambda c: c > 0),
    SpecialCase("pow"),
)

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="square", symbol="x²", short="{}sqr", arity=UNARY, formula="a^2", local=("2*a",), aliases=("sqr",),
         written="{}²", nonzero=has_no_zero, syntax=Syntax(base=0), parts=Decomposition(elementary="a*a"),
         mistakes=(Mistake("a", "without the 2"),),
         words=Words(
             does="scales the gradient by twice its operand",
             derivation="the power rule with n = 2, or the product rule on a·a: two wires from a, each bringing a",
             lesson="the gradient is proportional to the operand: a large error is pushed hard, a small one hardly "
                    "at all, and at zero it rests")),
    Gate(name="power", symbol="xⁿ", short="{}pow{}", arity=BINARY, formula="a^b", local=("b*a^(b - 1)", "0"),
         written="{}^{}", folded=("", "x^{}"), parameter=1,
         domain="a ≥ 0 unless n is a whole number, and a ≠ 0 if n < 0", pole="a = 0 if 0 < n < 1", poles=(0.0,),
         nonzero=has_no_zero, syntax=Syntax(becomes=POWERS, base=0, short_with={3.0: "{}cub"}),
         accurate=Accurate(slopes=lambda z, a, n: (roots.power_slope(a, n), 0.0),
                           script=("", "power_slope(a, b)", "")),
         mistakes=(Mistake("a^(b - 1)", "without the exponent in front"),
                   Mistake("b*a^b", "with the exponent as it was")),
         words=Words(
             board="aⁿ, n constant", board_local=("n·aⁿ⁻¹",),
             does="scales the gradient by n times the power below",
             derivation="the power rule, n·aⁿ⁻¹: for whole n the product rule used n − 1 times",
             lesson="for n > 1 small operands get small gradients and large ones get large; for n < 1 it is the "
                    "other way round")),
    Gate(name="exponential", symbol="cˣ", short="{}pow{}", arity=BINARY, formula="a^b", local=("0", "z*ln(a)"),
         written="{}^{}", folded=("{}^x", ""), parameter=0, domain="c > 0", nonzero=has_no_zero,
         syntax=Syntax(becomes=POWERS, base=0), parts=Decomposition(elementary="exp(b*ln(a))"),
         accurate=Accurate(slopes=lambda z, c, a: (0.0, roots.exponent_slope(z, c, a)),
                           script=("", "", "exponent_slope(z, a, b)")),
         mistakes=(Mistake("z", "without the logarithm of the base", 1),
                   Mistake("b*a^(b - 1)", "by the power rule, though it is the exponent that moves", 1)),
         words=Words(
             board="cᵃ, c constant", board_local=("cᵃ·ln c",),
             does="scales the gradient by its own output, and by ln c",
             derivation="write cᵃ as e^(a·ln c): the chain rule gives e^(a·ln c)·ln c, which is z·ln c",
             lesson="it grows as its output does, so a few units too far to the right make the gradient explode")),
    Gate(name="pow", symbol="xʸ", short="{}pow{}", arity=BINARY, formula="a^b", local=("b*a^(b - 1)", "z*ln(a)"),
         written="{}^{}", domain="a > 0, or a = 0 and b > 0", pole="a = 0 if 0 < b < 1", poles=(0.0,), pole_if="b < 1",
         nonzero=has_no_zero, syntax=Syntax(becomes=POWERS, base=0),
         parts=Decomposition(elementary="exp(b*ln(a))", holds="a > 0"),
         accurate=Accurate(forward=roots.positive_power, local=("", "z*ln(a + (a == 0))"),
                           defined="(a > 0) + (a == 0)*(b > 0)", at_plain=True,
                           slopes=lambda z, a, b: (roots.power_slope(a, b), roots.exponent_slope(z, a, b)),
                           script=("positive_power(a, b)", "power_slope(a, b)", "exponent_slope(z, a, b)")),
         mistakes=(Mistake("a^(b - 1)", "without the exponent in front"),
                   Mistake("z", "without the logarithm of the base", 1),
                   Mistake("b*a^(b - 1)", "by the power rule, though it is the exponent that moves", 1)),
         words=Words(
             board_local=("b·aᵇ⁻¹", "aᵇ·ln a"),
             does="scales: the base's gradient by b times the power below, the exponent's by the output times ln a",
             derivation="in a the power rule with b held still; in b write aᵇ as e^(b·ln a), whose derivative is "
                        "z·ln a",
             lesson="the base and the exponent feel very different gradients, so one learning rate rarely suits both")),
    Gate(name="sqrt", symbol="√", short="sqrt{}", arity=UNARY, formula="sqrt(a)", local=("1/(2*z)",), aliases=("√",),
         written="√{}", domain="a ≥ 0", pole="a = 0", poles=(0.0,),
         accurate=Accurate(local=("1/(2*abs(z))",)),
         mistakes=(Mistake("1/z", "without the ½"),),
         words=Words(
             board_local=("1/(2√a)",),
             does="divides the gradient by twice its output: infinite at zero",
             derivation="the power rule with n = ½; or from z·z = a: 2z·z' = 1, so z' = 1/(2z)",
             lesson="infinite at zero: a distance √(x² + y²) needs a small ε under the root if it may become 0")),
    Gate(name="cbrt", symbol="³√", short="cbrt{}", arity=UNARY, formula="cbrt(a)", local=("1/(3*z^2)",),
         pole="a = 0", poles=(0.0,),
         accurate=Accurate(forward=roots.cbrt, slopes=lambda z, a: (roots.cbrt_slope(z, a),),
                           script=("", "cbrt_slope(z, a)")),
         words=Words(
             board_local=("1/(3·(³√a)²)",),
             does="divides the gradient by three times its output squared: infinite at zero, and never negative",
             derivation="the power rule with n = 1/3; or from z³ = a: 3z²·z' = 1, so z' = 1/(3z²)",
             lesson="like the square root it is infinite at zero, but it takes negative operands too")),
    Gate(name="root", symbol="ⁿ√", short="{}root{}", arity=BINARY, formula="root(a, b)",
         local=("1/(b*z^(b - 1))", "0"), aliases=("nthroot", "real_root", "surd"), folded=("", "root {}"), parameter=1,
         domain="a number n that is whole and odd, typed as such", pole="a = 0", poles=(0.0,),
         syntax=Syntax(becomes=(SpecialCase("cbrt", 1, lambda n: n == 3, drops=True),
                                SpecialCase("sqrt", 1, lambda n: n == 2, drops=True),
                                SpecialCase("root", 1, roots.is_odd))),
         accurate=Accurate(forward=roots.odd_root, slopes=lambda z, a, n: (roots.odd_root_slope(z, a, n), 0.0),
                           script=("odd_root(a, b)", "odd_root_slope(z, a, b)", "")),
         words=Words(
             board="ⁿ√a, n constant", board_local=("1/(n·zⁿ⁻¹)",),
             does="divides the gradient by n times its output to the n − 1: infinite at zero, and never negative",
             derivation="the power rule with 1/n; or from zⁿ = a: n·zⁿ⁻¹·z' = 1, so z' = 1/(n·zⁿ⁻¹)",
             lesson="the larger n, the steeper at zero and the flatter everywhere else; of an odd n negative operands "
                    "have a root too",
             instead="of an even n write x^(1/n), which needs x ≥ 0")),
    Gate(name="exp", symbol="exp", short="exp{}", arity=UNARY, formula="exp(a)", local=("z",), nonzero=has_no_zero,
         syntax=Syntax(euler=True),
         mistakes=(Mistake("a*exp(a - 1)", "by the power rule, though it is the exponent that moves"),),
         words=Words(
             board_local=("eᵃ",),
             does="scales the gradient by its own output",
             derivation="e is chosen so that this holds: of all cᵃ, whose derivative is ln c times itself, it is the "
                        "one with ln c = 1",
             lesson="its output is its slope, so one large operand swallows every other in a softmax: subtract the "
                    "largest before exponentiating")),
    Gate(name="expm1", symbol="eˣ−1", short="expm1{}", arity=UNARY, formula="expm1(a)", local=("exp(a)",),
         mathematics="exp(a) - 1", parts=Decomposition(elementary="exp(a) + -1"),
         words=Words(
             board="eᵃ − 1", board_local=("eᵃ",),
             does="scales the gradient by its own output and one more",
             derivation="the sum rule: the slope of eᵃ is eᵃ, and that of −1 is 0",
             lesson="the same function as exp(a) − 1, but near zero with all its digits: growth by a tiny rate a is "
                    "about a, and exp(a) − 1 would round it away")),
    Gate(name="ln", symbol="ln", short="ln{}", arity=UNARY, formula="ln(a)", local=("1/a",), aliases=("log",),
         domain="a > 0",
         look_alikes=("log10",),
         words=Words(
             does="divides the gradient by its operand",
             derivation="the inverse of exp: e^z = a gives e^z·z' = 1, so z' = 1/e^z = 1/a",
             lesson="a probability near 0 makes the gradient huge: −ln p punishes a confident mistake without limit, "
                    "and needs p kept from 0")),
    Gate(name="log1p", symbol="ln(1+x)", short="log1p{}", arity=UNARY, formula="log1p(a)", local=("1/(1 + a)",),
         mathematics="ln(1 + a)", domain="a > −1", parts=Decomposition(elementary="ln(1 + a)"),
         words=Words(
             board="ln(1 + a)",
             does="divides the gradient by one more than its operand",
             derivation="the chain rule on ln u with u = 1 + a: 1/u times u', which is 1",
             lesson="the same function as ln(1 + a), but near zero with all its digits; of counts it tames the large "
                    "ones and leaves 0 at 0")),
    Gate(name="logit", symbol="logit", short="logit{}", arity=UNARY, formula="ln(a/(1 - a))", local=("1/(a*(1 - a))",),
         domain="0 < a < 1", parts=Decomposition(elementary="ln(a) + ln(1 + a*-1)*-1"),
         accurate=Accurate(formula="where(abs(a - 0.5) < 0.25, log1p((2*a - 1)/(1 - a)), ln(a) - log1p(-a))",
                           defined="(a > 0)*(a < 1)", forward=activations.log_odds,
                           script=("log_odds(a)", "")),
         words=Words(
             board="ln(a/(1 − a)), the inverse of σ", board_local=("1/(a·(1 − a))",),
             does="stretches: at least four times the gradient, and without limit towards 0 and 1",
             derivation="ln a − ln(1 − a): 1/a + 1/(1 − a), over a common denominator 1/(a·(1 − a)); or one over the "
                        "slope of σ, whose inverse it is",
             lesson="turns a probability into a score that may be any number; what a sigmoid squashed it pulls apart, "
                    "gradients included")),
    Gate(name="log2", symbol="log₂", short="lg{}", arity=UNARY, formula="log2(a)", local=("1/(a*ln(2))",),
         aliases=("log₂",), domain="a > 0", parts=Decomposition(elementary="ln(a)*(1/ln(2))"),
         accurate=Accurate(local=("1/a/ln(2)",), slopes=lambda z, a: (roots.LOG2_E / a,),
                           script=("", "log2_slope(a)")),
         look_alikes=("ln", "log10"),
         words=Words(
             does="divides the gradient by its operand, and by ln 2",
             derivation="log₂ a = ln a / ln 2, and the derivative of ln a is 1/a",
             lesson="counting bits instead of nats scales every gradient by 1/ln 2 = 1.44, as a learning rate would")),
    Gate(name="log10", symbol="log₁₀", short="log{}", arity=UNARY, formula="log10(a)", local=("1/(a*ln(10))",),
         aliases=("log₁₀", "lg"), domain="a > 0", parts=Decomposition(elementary="ln(a)*(1/ln(10))"),
         accurate=Accurate(local=("1/a/ln(10)",), slopes=lambda z, a: (roots.LOG10_E / a,),
                           script=("", "log10_slope(a)")),
         look_alikes=("ln",),
         words=Words(
             does="divides the gradient by its operand, and by ln 10",
             derivation="log₁₀ a = ln a / ln 10, and the derivative of ln a is 1/a",
             lesson="as ln, but 2.3 times weaker: ten times the operand is one more, and a tenth of the gradient")),
    Gate(name="log", symbol="log", short="logb{}{}", arity=BINARY, formula="ln(a)/ln(b)",
         local=("1/(a*ln(b))", "-z/(b*ln(b))"), mathematics="log(a, b)", folded=("", "log_{}"),
         domain="a > 0, b > 0 and b ≠ 1", syntax=Syntax(subscript=1), parts=Decomposition(elementary="ln(a)*(1/ln(b))"),
         accurate=Accurate(local=("1/ln(b)/a", "-z/ln(b)/b"), forward=roots.logarithm, defined="b > 0",
                           script=("logarithm(a, b)", "", "")),
         words=Words(
             board="log_b a = ln a / ln b",
             does="divides the gradient by its operand, and by the logarithm of the base",
             derivation="log_b a = ln a / ln b: in a the derivative of ln a over a constant; in b the quotient rule "
                        "gives −ln a/(b·ln² b) = −z/(b·ln b)",
             lesson="as ln, scaled by the base; a base near 1 makes both gradients explode")),
)
# fmt: on
