"""The rows of arithmetic: sums, products, quotients."""

from __future__ import annotations

from bpviz.formula.evaluation import divide
from bpviz.gates.accurate import exact
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

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="add", symbol="+", short="{}p{}", arity=BINARY, formula="a + b", local=("1", "1"), written="{} + {}",
         folded=("+{}", "+{}"), commutative=True, syntax=Syntax(infix=True),
         words=Words(
             does="distributes: every operand gets the upstream gradient, unchanged",
             derivation="the sum rule: a step of size h in either operand moves z by exactly h, so both local "
                        "gradients are 1",
             lesson="a sum hands the same gradient to everything in it: a bias learns from the whole error, and a "
                    "skip connection y = x + g(x) gives the gradient a way round g")),
    Gate(name="subtract", symbol="−", short="{}m{}", arity=BINARY, formula="a - b", local=("1", "-1"),
         written="{} − {}", folded=("{}−x", "−{}"), syntax=Syntax(infix=True),
         parts=Decomposition(elementary="a + b*-1"),
         words=Words(
             does="distributes: the first operand gets the upstream gradient, the second its negative",
             derivation="the sum rule, with b counted negatively: a step in b moves z as far the other way",
             lesson="in an error, prediction − target, the prediction feels the gradient as it is; the target, were "
                    "it learned, would feel it turned round")),
    Gate(name="multiply", symbol="×", short="{}{}", arity=BINARY, formula="a*b", local=("b", "a"), written="{} × {}",
         folded=("×{}", "×{}"), commutative=True, nonzero=has_no_zero,
         syntax=Syntax(infix=True, short_with={-1.0: "neg{}"}),
         words=Words(
             board="a · b",
             does="swaps: each operand gets the upstream gradient times the other operand",
             derivation="the product rule: with b held still z is a straight line in a of slope b, and the other way "
                        "round",
             lesson="the inputs are swapped, so a tiny operand gets the gradient of a huge one. In w·x the weight's "
                    "gradient is proportional to the data: scale the data by 1000 and the weight's gradient is 1000 "
                    "times as large, so the learning rate must be 1000 times smaller. That is why data is normalised")),
    Gate(name="divide", symbol="÷", short="{}by{}", arity=BINARY, formula="a/b", local=("1/b", "-a/b^2"),
         written="{} / {}", folded=("{}/x", "÷{}"), domain="b ≠ 0", nonzero=has_no_zero,
         syntax=Syntax(infix=True, roles=("num", "den"),
                       becomes=(SpecialCase("reciprocal", 0, lambda c: c == 1, drops=True),)),
         parts=Decomposition(elementary="a*(1/b)", splits_at="lecture"),
         accurate=Accurate(local=("", "-a/b/b"), slopes=lambda z, a, b: (divide(1.0, b), exact.quotient_slope(a, b)),
                           script=("", "", "quotient_slope(a, b)")),
         mistakes=(Mistake("-1/b^2", "without the numerator", 1),
                   Mistake("-a/b", "without the square", 1)),
         words=Words(
             board="a / b",
             does="scales: the numerator's gradient is divided by b, the denominator's multiplied by −a/b²",
             derivation="the quotient rule: a/b = a·b⁻¹; in a that is a straight line of slope 1/b, and in b the "
                        "power rule gives −a·b⁻²",
             lesson="a small denominator makes both gradients large, the denominator's more so since b enters "
                    "squared: normalising layers add a small ε to theirs")),
    Gate(name="negate", symbol="×−1", short="neg{}", arity=UNARY, formula="-a", local=("-1",),
         aliases=("neg", "negative"), written="−{}", syntax=Syntax(signs=True), parts=Decomposition(elementary="a*-1"),
         words=Words(
             does="flips the sign of the gradient",
             derivation="the constant multiple rule with −1: z falls as fast as a rises",
             lesson="maximising f is minimising −f: this gate turns every gradient before it round, "
                    "and loses nothing")),
    Gate(name="reciprocal", symbol="1/x", short="inv{}", arity=UNARY, formula="1.0/a", local=("-1/a^2",),
         mathematics="1/a", aliases=("inv",), written="1/{}", domain="a ≠ 0", nonzero=has_no_zero,
         accurate=Accurate(local=("-z/a",)),
         mistakes=(Mistake("-1/a", "without the square"),),
         words=Words(
             does="turns the gradient round and divides it by a²: huge near zero, tiny far from it",
             derivation="the power rule: 1/a = a⁻¹, and n·aⁿ⁻¹ with n = −1 is −a⁻²",
             lesson="near zero it magnifies without limit (at a = 0.01 by 10 000), far from zero next to nothing "
                    "passes; the sign always turns")),
)
# fmt: on
