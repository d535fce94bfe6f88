"""The rows of arithmetic: sums, products, quotients."""

from __future__ import annotations

from bpviz.gates.accurate import exact as fn
from bpviz.gates.gate import BINARY, UNARY, Gate, Special

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="add", symbol="+", short="{}p{}", arity=BINARY, written="{} + {}", folded=("+{}", "+{}"),
         infix=True, commutative=True, code="a + b", code_slopes=("1", "1"),
         formula="a + b", local=("1", "1"),
         inline="a + b", inline_slopes=("1.0", "1.0"), spreads=True,
         forward=lambda a, b: a + b, slopes=lambda z, a, b: (1.0, 1.0), symbolic=lambda S, a, b: a + b,
         derivation=(
             "the sum rule: a step of size h in either operand moves z by exactly h, so both local gradients are 1"
         ),
         lesson=(
             "a sum hands the same gradient to everything in it: a bias learns from the whole error, and a skip "
             "connection y = x + g(x) gives the gradient a way round g"
         ),
         does="distributes: every operand gets the upstream gradient, unchanged"),
    Gate(name="subtract", symbol="−", short="{}m{}", arity=BINARY, written="{} − {}", folded=("{}−x", "−{}"),
         infix=True, code="a - b", code_slopes=("1", "-1"),
         formula="a − b", local=("1", "−1"),
         inline="a - b", inline_slopes=("1.0", "-1.0"), spreads=True,
         forward=lambda a, b: a - b, slopes=lambda z, a, b: (1.0, -1.0), symbolic=lambda S, a, b: a - b,
         derivation="the sum rule, with b counted negatively: a step in b moves z as far the other way",
         lesson=(
             "in an error, prediction − target, the prediction feels the gradient as it is; the target, were it "
             "learned, would feel it turned round"
         ),
         does="distributes: the first operand gets the upstream gradient, the second its negative",
         elementary="a + b*-1"),
    Gate(name="multiply", symbol="×", short="{}{}", arity=BINARY, written="{} × {}", folded=("×{}", "×{}"),
         infix=True, commutative=True, code="a*b", code_slopes=("b", "a"),
         nonzero=True, formula="a · b", local=("b", "a"),
         inline="a * b", inline_slopes=("b", "a"), spreads=True,
         forward=lambda a, b: a * b, slopes=lambda z, a, b: (b, a), symbolic=lambda S, a, b: a * b,
         derivation=(
             "the product rule: with b held still z is a straight line in a of slope b, and the other way round"
         ),
         lesson=(
             "the inputs are swapped, so a tiny operand gets the gradient of a huge one. In w·x the weight's gradient"
             " is proportional to the data: scale the data by 1000 and the weight's gradient is 1000 times as large, "
             "so the learning rate must be 1000 times smaller. That is why data is normalised"
         ),
         does="swaps: each operand gets the upstream gradient times the other operand"),
    Gate(name="divide", symbol="÷", short="{}by{}", arity=BINARY, written="{} / {}", folded=("{}/x", "÷{}"),
         infix=True, roles=("num", "den"), becomes=(Special("reciprocal", 0, lambda c: c == 1, drops=True),),
         code="a/b", code_slopes=("1/b", "-a/b^2"),
         sound_slopes=("", "-a/b/b"),
         nonzero=True, formula="a / b", local=("1/b", "−a/b²"),
         inline="a / b", inline_slopes=("1.0 / b", "quotient_slope(a, b)"),
         forward=lambda a, b: a / b, slopes=lambda z, a, b: (fn.over(1.0, b), fn.quotient_slope(a, b)),
         symbolic=lambda S, a, b: a / b, domain="b ≠ 0",
         derivation=(
             "the quotient rule: a/b = a·b⁻¹; in a that is a straight line of slope 1/b, and in b the power rule "
             "gives −a·b⁻²"
         ),
         lesson=(
             "a small denominator makes both gradients large, the denominator's more so since b enters squared: "
             "normalising layers add a small ε to theirs"
         ),
         does="scales: the numerator's gradient is divided by b, the denominator's multiplied by −a/b²",
         elementary="a*(1/b)", splits_at="lecture"),
    Gate(name="negate", symbol="×−1", short="neg{}", arity=UNARY, written="−{}", aliases=("neg",),
         signs=True, code="-a", code_slopes=("-1",),
         formula="−a", local=("−1",),
         inline="-a", inline_slopes=("-1.0",), spreads=True, finite=True,
         forward=lambda a: -a, slopes=lambda z, a: (-1.0,), symbolic=lambda S, a: -a,
         derivation="the constant multiple rule with −1: z falls as fast as a rises",
         lesson="maximising f is minimising −f: this gate turns every gradient before it round, and loses nothing",
         does="flips the sign of the gradient", elementary="a*-1"),
    Gate(name="reciprocal", symbol="1/x", short="inv{}", arity=UNARY, written="1/{}", aliases=("inv",),
         code="1.0/a", code_slopes=("-1/a^2",), math="1/a",
         sound_slopes=("-z/a",),
         nonzero=True, formula="1/a", local=("−1/a²",),
         inline="1.0 / a", inline_slopes=("-z / a",),
         forward=lambda a: 1.0 / a, slopes=lambda z, a: (-z / a,), symbolic=lambda S, a: 1 / a, domain="a ≠ 0",
         derivation="the power rule: 1/a = a⁻¹, and n·aⁿ⁻¹ with n = −1 is −a⁻²",
         lesson=(
             "near zero it magnifies without limit (at a = 0.01 by 10 000), far from zero next to nothing passes; the"
             " sign always turns"
         ),
         does="turns the gradient round and divides it by a²: huge near zero, tiny far from it"),
)
# fmt: on
