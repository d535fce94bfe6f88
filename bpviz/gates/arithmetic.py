"""The rows of arithmetic: sums, products, quotients."""

from __future__ import annotations

from bpviz.functions import exact as fn
from bpviz.gates.gate import BINARY, UNARY, Gate

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="add", symbol="+", short="{}p{}", arity=BINARY, written="{} + {}", folded=("+{}", "+{}"),
         code="a + b", code_slopes=("1", "1"),
         formula="a + b", local=("1", "1"),
         forward=lambda a, b: a + b, slopes=lambda z, a, b: (1.0, 1.0), symbolic=lambda S, a, b: a + b,
         does="distributes: every operand gets the upstream gradient, unchanged"),
    Gate(name="subtract", symbol="−", short="{}m{}", arity=BINARY, written="{} − {}", folded=("{}−x", "−{}"),
         code="a - b", code_slopes=("1", "-1"),
         formula="a − b", local=("1", "−1"),
         forward=lambda a, b: a - b, slopes=lambda z, a, b: (1.0, -1.0), symbolic=lambda S, a, b: a - b,
         does="distributes: the first operand gets the upstream gradient, the second its negative",
         elementary="a + b*-1"),
    Gate(name="multiply", symbol="×", short="{}{}", arity=BINARY, written="{} × {}", folded=("×{}", "×{}"),
         code="a*b", code_slopes=("b", "a"),
         formula="a · b", local=("b", "a"),
         forward=lambda a, b: a * b, slopes=lambda z, a, b: (b, a), symbolic=lambda S, a, b: a * b,
         does="swaps: each operand gets the upstream gradient times the other operand"),
    Gate(name="divide", symbol="÷", short="{}by{}", arity=BINARY, written="{} / {}", folded=("{}/x", "÷{}"),
         code="a/b", code_slopes=("1/b", "-a/b^2"),
         formula="a / b", local=("1/b", "−a/b²"),
         forward=lambda a, b: a / b, slopes=lambda z, a, b: (fn.over(1.0, b), fn.quotient_slope(a, b)),
         symbolic=lambda S, a, b: a / b, domain="b ≠ 0",
         does="scales: the numerator's gradient is divided by b, the denominator's multiplied by −a/b²",
         elementary="a*(1/b)", splits_at="lecture"),
    Gate(name="negate", symbol="×−1", short="neg{}", arity=UNARY, written="−{}", aliases=("neg",),
         code="-a", code_slopes=("-1",),
         formula="−a", local=("−1",),
         forward=lambda a: -a, slopes=lambda z, a: (-1.0,), symbolic=lambda S, a: -a,
         does="flips the sign of the gradient", elementary="a*-1"),
    Gate(name="reciprocal", symbol="1/x", short="inv{}", arity=UNARY, written="1/{}", aliases=("inv",),
         code="1.0/a", code_slopes=("-1/a^2",), math="1/a",
         formula="1/a", local=("−1/a²",),
         forward=lambda a: 1.0 / a, slopes=lambda z, a: (-z / a,), symbolic=lambda S, a: 1 / a, domain="a ≠ 0",
         does="turns the gradient round and divides it by a²: huge near zero, tiny far from it"),
)
# fmt: on
