"""The rows that are piecewise, or take as many operands as are written."""

from __future__ import annotations

from bpviz.gates.accurate import exact
from bpviz.gates.accurate import many as fn
from bpviz.gates.gate import SEVERAL, UNARY, Gate

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="abs", symbol="|x|", short="abs{}", arity=UNARY, written="|{}|",
         code="abs(a)", code_slopes=("sign(a)",),
         formula="|a|", local=("sign a",),
         inline_slopes=("1.0 if a > 0.0 else -1.0 if a < 0.0 else 0.0",), spreads=True, finite=True,
         forward=abs, slopes=lambda z, a: (float((a > 0) - (a < 0)),), symbolic=lambda S, a: S.Abs(a),
         kink=lambda z, a: a == 0, rule="the slope of |x| at 0 is taken as 0",
         derivation=(
             "two straight lines, −a and a, with slopes −1 and 1; at the corner between them there is no derivative"
         ),
         lesson=(
             "every error pushes equally hard, however large: outliers count for little, and small weights are pushed"
             " to exactly 0"
         ),
         does="passes the gradient where its operand is positive, flips its sign where it is negative"),
    Gate(name="max", symbol="max", short="max{}", arity=SEVERAL,
         commutative=True, code="max(...)", code_slopes=("above(a, z, ...)",),
         formula="the largest operand", local=("1 for the largest, else 0",),
         inline_slopes=("1.0 / count_of(z, ...) if a == z else 0.0",), finite=True,
         forward=max, slopes=lambda z, *operands: fn.share(z, operands), symbolic=lambda S, *operands: S.Max(*operands),
         kink=lambda z, *operands: fn.tied(z, operands), rule="a tie of max shares the gradient equally",
         derivation=(
             "where one operand is the largest z is that operand: slope 1 in it and 0 in all others, until two of "
             "them tie"
         ),
         lesson=(
             "a router: the winner gets the whole gradient and the losers nothing, so max pooling teaches only what "
             "it picked"
         ),
         does="routes: the largest operand gets the whole gradient, the others nothing"),
    Gate(name="min", symbol="min", short="min{}", arity=SEVERAL,
         commutative=True, code="min(...)", code_slopes=("below(a, z, ...)",),
         formula="the smallest operand", local=("1 for the smallest, else 0",),
         inline_slopes=("1.0 / count_of(z, ...) if a == z else 0.0",), finite=True,
         forward=min, slopes=lambda z, *operands: fn.share(z, operands), symbolic=lambda S, *operands: S.Min(*operands),
         kink=lambda z, *operands: fn.tied(z, operands), rule="a tie of min shares the gradient equally",
         derivation=(
             "where one operand is the smallest z is that operand: slope 1 in it and 0 in all others, until two of "
             "them tie"
         ),
         lesson="a router: only the weakest operand gets the gradient, so only it is improved",
         does="routes: the smallest operand gets the whole gradient, the others nothing"),
    Gate(name="sum", symbol="Σ", short="sum{}", arity=SEVERAL,
         another=True, commutative=True, code="sum(...)", code_slopes=("1",),
         sound="fsum(...)",
         formula="a + b + …", local=("1",),
         inline_slopes=("1.0",), spreads=True,
         forward=fn.total, slopes=lambda z, *operands: (1.0,) * len(operands),
         symbolic=lambda S, *operands: sum(operands),
         derivation="the sum rule, operand by operand: each moves z by as much as it moves",
         lesson=(
             "a loss that is summed over a batch has gradients that grow with the batch, so the learning rate would "
             "have to shrink with it: take the mean instead"
         ),
         does="distributes: every operand gets the upstream gradient, unchanged", elementary="a + b"),
    Gate(name="mean", symbol="mean", short="mean{}", arity=SEVERAL,
         commutative=True, code="sum(...)/count(...)", code_slopes=("1/count(...)",),
         sound="fsum(...)/count(...)",
         formula="(a + b + …)/n", local=("1/n",),
         spreads=True,
         forward=fn.mean, slopes=lambda z, *operands: (1.0 / len(operands),) * len(operands),
         symbolic=lambda S, *operands: sum(operands) / S.Integer(len(operands)),
         derivation="the sum rule, and the constant factor 1/n: each operand moves z by an nth of what it moves",
         lesson=(
             "the gradient of a batch does not depend on how large the batch is: each example has an nth of the say"
         ),
         does="shares: every one of the n operands gets an nth of the upstream gradient",
         elementary="a + b", lastly="a*(1/n)"),
    Gate(name="prod", symbol="Π", short="prod{}", arity=SEVERAL, aliases=("product",),
         another=True, commutative=True, code="prod(...)", code_slopes=("prod(others)",),
         nonzero=True, formula="a · b · …", local=("the product of the others",),
         forward=exact.product, slopes=lambda z, *operands: exact.product_slopes(operands),
         symbolic=lambda S, *operands: S.Mul(*operands),
         derivation=(
             "the product rule: with all other operands held still z is a straight line in this one, and its slope is"
             " their product"
         ),
         lesson=(
             "one operand of 0 blocks the gradient of all others, and many below 1 make it vanish: add logarithms "
             "instead where you can"
         ),
         does="swaps: every operand gets the upstream gradient times the product of all the others",
         elementary="a*b"),
    Gate(name="dot", symbol="dot", short="dot{}", arity=SEVERAL, groups=2, another=True,
         code="sum(pairs)", code_slopes=("partner",), sound="fsum(pairs)",
         formula="a₁·b₁ + a₂·b₂ + …", local=("its partner in the other list",),
         forward=fn.dot, slopes=lambda z, *operands: fn.partners(operands),
         symbolic=lambda S, *operands: sum(a * b for a, b in fn.pairs(operands)),
         derivation="the sum rule and the product rule: of all products only one has this operand, times its partner",
         lesson=(
             "a neuron's sum of inputs times weights: the gradient of every weight is its input, and of every input its"
             " weight, so what is large on one side is pushed hard on the other"
         ),
         does="swaps within each pair: every operand gets the upstream gradient times its partner in the other list",
         elementary="a + b", each="a*b"),
)
# fmt: on
