"""The rows of powers, roots, exponentials and logarithms."""

from __future__ import annotations

import math

from bpviz.gates.accurate import roots as fn
from bpviz.gates.accurate.exact import over
from bpviz.gates.gate import BINARY, UNARY, Gate, Special

# what a power is called by what stands in it: x², xⁿ, cˣ or xʸ
POWERS = (
    Special("square", 1, lambda c: c == 2, drops=True),
    Special("power", 1),
    Special("exponential", 0, lambda c: c > 0),
    Special("pow"),
)

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="square", symbol="x²", short="{}sqr", arity=UNARY, written="{}²", aliases=("sqr",),
         base=0, code="a^2", code_slopes=("2*a",),
         nonzero=True, formula="a²", local=("2a",),
         inline="a * a", inline_slopes=("2.0 * a",), spreads=True,
         forward=lambda a: a * a, slopes=lambda z, a: (2.0 * a,), symbolic=lambda S, a: a**2,
         derivation="the power rule with n = 2, or the product rule on a·a: two wires from a, each bringing a",
         lesson=(
             "the gradient is proportional to the operand: a large error is pushed hard, a small one hardly at all, "
             "and at zero it rests"
         ),
         does="scales the gradient by twice its operand", elementary="a*a"),
    Gate(name="power", symbol="xⁿ", short="{}pow{}", arity=BINARY, written="{}^{}", folded=("", "x^{}"),
         base=0, becomes=POWERS, parameter=1, short_with={3.0: "{}cub"},
         code="a^b", code_slopes=("b*a^(b - 1)", "0"),
         nonzero=True, formula="aⁿ, n constant", local=("n·aⁿ⁻¹",),
         inline_slopes=("power_slope(a, b)", "0.0"),
         forward=math.pow, slopes=lambda z, a, n: (fn.power_slope(a, n), 0.0), symbolic=lambda S, a, n: a**n,
         domain="a ≥ 0 unless n is a whole number, and a ≠ 0 if n < 0", pole="a = 0 if 0 < n < 1",
         derivation="the power rule, n·aⁿ⁻¹: for whole n the product rule used n − 1 times",
         lesson=(
             "for n > 1 small operands get small gradients and large ones get large; for n < 1 it is the other way "
             "round"
         ),
         does="scales the gradient by n times the power below"),
    Gate(name="exponential", symbol="cˣ", short="{}pow{}", arity=BINARY, written="{}^{}", folded=("{}^x", ""),
         base=0, becomes=POWERS, parameter=0, code="a^b", code_slopes=("0", "z*ln(a)"),
         nonzero=True, formula="cᵃ, c constant", local=("cᵃ·ln c",),
         inline_slopes=("0.0", "exponent_slope(z, a, b)"),
         forward=math.pow, slopes=lambda z, c, a: (0.0, fn.exponent_slope(z, c, a)), symbolic=lambda S, c, a: c**a,
         domain="c > 0", elementary="exp(b*ln(a))",
         derivation="write cᵃ as e^(a·ln c): the chain rule gives e^(a·ln c)·ln c, which is z·ln c",
         lesson="it grows as its output does, so a few units too far to the right make the gradient explode",
         does="scales the gradient by its own output, and by ln c"),
    Gate(name="pow", symbol="xʸ", short="{}pow{}", arity=BINARY, written="{}^{}",
         base=0, becomes=POWERS, code="a^b", code_slopes=("b*a^(b - 1)", "z*ln(a)"),
         nonzero=True, formula="aᵇ", local=("b·aᵇ⁻¹", "aᵇ·ln a"),
         inline_slopes=("power_slope(a, b)", "exponent_slope(z, a, b)"),
         forward=fn.positive_power, slopes=lambda z, a, b: (fn.power_slope(a, b), fn.exponent_slope(z, a, b)),
         symbolic=lambda S, a, b: a**b, domain="a > 0, or a = 0 and b > 0",
         pole="a = 0 if 0 < b < 1",
         derivation="in a the power rule with b held still; in b write aᵇ as e^(b·ln a), whose derivative is z·ln a",
         lesson="the base and the exponent feel very different gradients, so one learning rate rarely suits both",
         does="scales: the base's gradient by b times the power below, the exponent's by the output times ln a",
         elementary="exp(b*ln(a))", holds="a > 0"),
    Gate(name="sqrt", symbol="√", short="sqrt{}", arity=UNARY, written="√{}", aliases=("√",),
         code="sqrt(a)", code_slopes=("1/(2*z)",),
         formula="√a", local=("1/(2√a)",),
         inline_slopes=("0.5 / z",), spreads=True, finite=True,
         forward=math.sqrt, slopes=lambda z, a: (over(0.5, z),), symbolic=lambda S, a: S.sqrt(a), domain="a ≥ 0",
         pole="a = 0",
         derivation="the power rule with n = ½; or from z·z = a: 2z·z' = 1, so z' = 1/(2z)",
         lesson="infinite at zero: a distance √(x² + y²) needs a small ε under the root if it may become 0",
         does="divides the gradient by twice its output: infinite at zero"),
    Gate(name="cbrt", symbol="³√", short="cbrt{}", arity=UNARY, formula="³√a", local=("1/(3·³√a²)",),
         code="cbrt(a)", code_slopes=("1/(3*z^2)",),
         inline_slopes=("cbrt_slope(z, a)",), spreads=True, finite=True,
         forward=fn.cbrt, slopes=lambda z, a: (fn.cbrt_slope(z, a),),
         symbolic=lambda S, a: S.sign(a) * S.cbrt(S.Abs(a)), pole="a = 0",
         derivation="the power rule with n = 1/3; or from z³ = a: 3z²·z' = 1, so z' = 1/(3z²)",
         lesson="like the square root it is infinite at zero, but it takes negative operands too",
         does="divides the gradient by three times its output squared: infinite at zero, and never negative"),
    Gate(name="exp", symbol="exp", short="exp{}", arity=UNARY, formula="eᵃ", local=("eᵃ",),
         euler=True, nonzero=True, code="exp(a)", code_slopes=("z",),
         inline_slopes=("z",),
         forward=math.exp, slopes=lambda z, a: (z,), symbolic=lambda S, a: S.exp(a),
         derivation=(
             "e is chosen so that this holds: of all cᵃ, whose derivative is ln c times itself, it is the one with ln"
             " c = 1"
         ),
         lesson=(
             "its output is its slope, so one large operand swallows every other in a softmax: subtract the largest "
             "before exponentiating"
         ),
         does="scales the gradient by its own output"),
    Gate(name="ln", symbol="ln", short="ln{}", arity=UNARY, aliases=("log",), formula="ln a", local=("1/a",),
         code="ln(a)", code_slopes=("1/a",),
         inline_slopes=("1.0 / a",), spreads=True, finite=True,
         forward=math.log, slopes=lambda z, a: (1.0 / a,), symbolic=lambda S, a: S.log(a), domain="a > 0",
         derivation="the inverse of exp: e^z = a gives e^z·z' = 1, so z' = 1/e^z = 1/a",
         lesson=(
             "a probability near 0 makes the gradient huge: −ln p punishes a confident mistake without limit, and "
             "needs p kept from 0"
         ),
         does="divides the gradient by its operand"),
    Gate(name="log2", symbol="log₂", short="lg{}", arity=UNARY, aliases=("log₂",),
         formula="log₂ a", local=("1/(a·ln 2)",),
         code="log2(a)", code_slopes=("1/(a*ln(2))",),
         sound_slopes=("1/a/ln(2)",),
         inline_slopes=("LOG2_E / a",), spreads=True, finite=True,
         forward=math.log2, slopes=lambda z, a: (fn.LOG2_E / a,), symbolic=lambda S, a: S.log(a) / S.log(2),
         domain="a > 0", elementary="ln(a)*(1/ln(2))",
         derivation="log₂ a = ln a / ln 2, and the derivative of ln a is 1/a",
         lesson="counting bits instead of nats scales every gradient by 1/ln 2 = 1.44, as a learning rate would",
         does="divides the gradient by its operand, and by ln 2"),
    Gate(name="log10", symbol="log₁₀", short="log{}", arity=UNARY, aliases=("log₁₀",),
         formula="log₁₀ a", local=("1/(a·ln 10)",),
         code="log10(a)", code_slopes=("1/(a*ln(10))",),
         sound_slopes=("1/a/ln(10)",),
         inline_slopes=("LOG10_E / a",), spreads=True, finite=True,
         forward=math.log10, slopes=lambda z, a: (fn.LOG10_E / a,),
         symbolic=lambda S, a: S.log(a) / S.log(10), domain="a > 0", elementary="ln(a)*(1/ln(10))",
         derivation="log₁₀ a = ln a / ln 10, and the derivative of ln a is 1/a",
         lesson="as ln, but 2.3 times weaker: ten times the operand is one more, and a tenth of the gradient",
         does="divides the gradient by its operand, and by ln 10"),
    Gate(name="log", symbol="log", short="log{}", arity=BINARY, folded=("", "log_{}"),
         subscript=1, code="ln(a)/ln(b)", code_slopes=("1/(a*ln(b))", "-z/(b*ln(b))"), math="log(a, b)",
         sound_slopes=("1/a/ln(b)", "-z/b/ln(b)"),
         formula="log_b a = ln a / ln b", local=("1/(a·ln b)", "−z/(b·ln b)"),
         inline_slopes=("1.0 / log(b) / a", "-z / log(b) / b"),
         forward=fn.logarithm, slopes=fn.logarithm_slopes, symbolic=lambda S, a, b: S.log(a) / S.log(b),
         domain="a > 0, b > 0 and b ≠ 1", elementary="ln(a)*(1/ln(b))",
         derivation=(
             "log_b a = ln a / ln b: in a the derivative of ln a over a constant; in b the quotient rule gives −ln "
             "a/(b·ln² b) = −z/(b·ln b)"
         ),
         lesson="as ln, scaled by the base; a base near 1 makes both gradients explode",
         does="divides the gradient by its operand, and by the logarithm of the base"),
)
# fmt: on
