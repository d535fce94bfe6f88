"""The rows that are piecewise, or take as many operands as are written."""

from __future__ import annotations

from bpviz.gates.accurate import exact, roots
from bpviz.gates.conditions import has_no_zero, is_at_zero, is_dot_nonzero, is_equal, is_tied, return_true
from bpviz.gates.gate import SEVERAL, UNARY, Accurate, Decomposition, Gate, Syntax, Words


def _make_choice(name: str, holds: str, fails: str, shown: str, also: str = "") -> Gate:
    """Make the row of where(a > b, u, v) for one of the six signs.

    holds is the sign as it is typed, fails its opposite, shown the sign as it is printed; also is what the row of >
    says of the others, which are called where, too.
    """
    return Gate(
        name=name,
        symbol=f"{shown} ?",
        short="where{}",
        arity=(4, 4),
        formula=f"where(a {holds} b, c, d)",
        local=("0", "0", f"a {holds} b", f"a {fails} b"),
        aliases=() if also else ("where",),
        written=f"where({{}} {shown} {{}}, {{}}, {{}})",
        folded=(f"{{}}{shown}{{}} ? {{}} : {{}}",),
        kink=is_equal,
        side=None if holds in ("==", "!=") else lambda a, b, c, d: int(a > b),
        rule="at a tie of what is compared, the operand that is taken gets all of the gradient",
        syntax=Syntax(comparison=holds, operands=("a", "b", "u", "v")),
        words=Words(
            board=f"c if a {shown} b, else d{also}",
            board_local=("0", "0", f"1 if a {shown} b, else 0", f"0 if a {shown} b, else 1"),
            does="routes: the operand that is taken gets the whole gradient; the other one, a and b get nothing",
            derivation="away from a = b a small step changes nothing in which operand is taken: z is that operand, "
            "with slope 1 in it and 0 in the other, and as a and b only choose, 0 in them",
            lesson="a railway switch: the branch that is not taken learns nothing from this example, and what is "
            "compared never learns at all, however wrong the choice is. Where the branches do not meet, the loss "
            "jumps, and no gradient tells of it",
        ),
    )


# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="abs", symbol="|x|", short="abs{}", arity=UNARY, formula="abs(a)", local=("sign(a)",), written="|{}|",
         aliases=("absolute", "fabs"),
         kink=is_at_zero, rule="the slope of |x| at 0 is taken as 0",
         side=lambda a: int(a > 0),
         words=Words(
             does="passes the gradient where its operand is positive, flips its sign where it is negative",
             derivation="two straight lines, −a and a, with slopes −1 and 1; at the corner between them there is no "
                        "derivative",
             lesson="every error pushes equally hard, however large: outliers count for little, and small weights "
                    "are pushed to exactly 0")),
    Gate(name="sign", symbol="sign", short="sign{}", arity=UNARY, formula="sign(a)", local=("0",), aliases=("sgn",),
         kink=is_at_zero, rule="sign jumps here; its slope is taken as 0", side=lambda a: int(a > 0),
         words=Words(
             board="1 if a > 0, −1 if a < 0, 0 at 0",
             does="blocks: it is flat wherever it has a slope at all, so no gradient passes",
             derivation="constant on both sides of 0, so the slope is 0; at the jump there is no derivative",
             lesson="the perceptron's answer, and the slope of |a|: what is behind a sign learns nothing by gradients, "
                    "so a classifier is taught with a hinge or a sigmoid in its place",
             caution="a sign blocks the gradient everywhere: nothing before it can be learned")),
    Gate(name="max", symbol="max", short="max{}", arity=SEVERAL, formula="max(...)", local=("above(a, z, ...)",),
         aliases=("maximum", "fmax"), commutative=True, kink=is_tied,
         rule="a tie of max shares the gradient equally", side=lambda *operands: operands.index(max(operands)),
         look_alikes=("min",),
         words=Words(
             board="the largest operand", board_local=("1 for the largest, else 0",),
             does="routes: the largest operand gets the whole gradient, the others nothing",
             derivation="where one operand is the largest z is that operand: slope 1 in it and 0 in all others, "
                        "until two of them tie",
             lesson="a router: the winner gets the whole gradient and the losers nothing, so max pooling teaches "
                    "only what it picked")),
    Gate(name="min", symbol="min", short="min{}", arity=SEVERAL, formula="min(...)", local=("below(a, z, ...)",),
         aliases=("minimum", "fmin"), commutative=True, kink=is_tied,
         rule="a tie of min shares the gradient equally", side=lambda *operands: operands.index(min(operands)),
         look_alikes=("max",),
         words=Words(
             board="the smallest operand", board_local=("1 for the smallest, else 0",),
             does="routes: the smallest operand gets the whole gradient, the others nothing",
             derivation="where one operand is the smallest z is that operand: slope 1 in it and 0 in all others, "
                        "until two of them tie",
             lesson="a router: only the weakest operand gets the gradient, so only it is improved")),
    Gate(name="sum", symbol="Σ", short="sum{}", arity=SEVERAL, formula="sum(...)", local=("1",), commutative=True,
         syntax=Syntax(means_other_in_latex=True), parts=Decomposition(elementary="a + b"),
         accurate=Accurate(formula="fsum(...)"),
         words=Words(
             board="a + b + …",
             does="distributes: every operand gets the upstream gradient, unchanged",
             derivation="the sum rule, operand by operand: each moves z by as much as it moves",
             lesson="a loss that is summed over a batch has gradients that grow with the batch, so the learning rate "
                    "would have to shrink with it: take the mean instead")),
    Gate(name="mean", symbol="mean", short="mean{}", arity=SEVERAL, formula="sum(...)/count(...)",
         local=("1/count(...)",), commutative=True, parts=Decomposition(elementary="a + b", lastly="a*(1/n)"),
         accurate=Accurate(formula="fsum(...)/count(...)", forward=exact.mean,
                           script=("mean(...)", "")),
         words=Words(
             board="(a + b + …)/n", board_local=("1/n",),
             does="shares: every one of the n operands gets an nth of the upstream gradient",
             derivation="the sum rule, and the constant factor 1/n: each operand moves z by an nth of what it moves",
             lesson="the gradient of a batch does not depend on how large the batch is: each example has an nth of "
                    "the say")),
    Gate(name="prod", symbol="Π", short="prod{}", arity=SEVERAL, formula="prod(...)", local=("prod(others)",),
         aliases=("product",), commutative=True, nonzero=has_no_zero, syntax=Syntax(means_other_in_latex=True),
         parts=Decomposition(elementary="a*b"),
         accurate=Accurate(forward=exact.product, slopes=lambda z, *operands: exact.product_slopes(operands),
                           script=("product(...)", "product(others)")),
         words=Words(
             board="a · b · …", board_local=("the product of the others",),
             does="swaps: every operand gets the upstream gradient times the product of all the others",
             derivation="the product rule: with all other operands held still z is a straight line in this one, and "
                        "its slope is their product",
             lesson="one operand of 0 blocks the gradient of all others, and many below 1 make it vanish: add "
                    "logarithms instead where you can")),
    Gate(name="dot", symbol="dot", short="dot{}", arity=SEVERAL, formula="sum(pairs)", local=("partner",), groups=2,
         syntax=Syntax(means_other_in_latex=True), parts=Decomposition(elementary="a + b", each="a*b"),
         accurate=Accurate(formula="fsum(pairs)", forward=exact.dot,
                           slopes=lambda z, *operands: exact.swap_lists(operands),
                           script=("dot(...)", "")),
         nonzero=is_dot_nonzero,
         words=Words(
             board="a₁·b₁ + a₂·b₂ + …", board_local=("its partner in the other list",),
             does="swaps within each pair: every operand gets the upstream gradient times its partner in the other "
                  "list",
             derivation="the sum rule and the product rule: of all products only one has this operand, times its "
                        "partner",
             lesson="a neuron's sum of inputs times weights: the gradient of every weight is its input, and of every "
                    "input its weight, so what is large on one side is pushed hard on the other")),
    Gate(name="logsumexp", symbol="lse", short="lse{}", arity=SEVERAL, formula="ln(sum(exps))",
         local=("exp(a - z)",), mathematics="logsumexp(...)", aliases=("logaddexp",), commutative=True,
         parts=Decomposition(elementary="max(a, b) + ln(exp(|a + b*-1|*-1) + 1)"),
         accurate=Accurate(formula="max(...) + ln(sum(shares))", forward=roots.log_sum,
                           slopes=lambda z, *operands: roots.softmax(operands),
                           script=("log_sum(...)", "softmax_share(a, ...)")),
         nonzero=return_true,
         words=Words(
             board="ln(eᵃ + eᵇ + …)", board_local=("e^(a − z), its share of the sum",),
             does="shares: every operand gets its softmax of the upstream gradient, and these add up to all of it",
             derivation="the chain rule on ln s with s = eᵃ + eᵇ + …: 1/s times eᵃ, and as s = e^z that is e^(a − z)",
             lesson="a max without corners: the largest operand gets most of the gradient, but the others get some and "
                    "go on learning. A loss ln(eᵃ + eᵇ + …) − a of the right answer's score a sends back softmax − 1")),
    _make_choice("where", ">", "<=", ">", "; likewise with ≥, <, ≤, = and ≠"),
    _make_choice("where_ge", ">=", "<", "≥"),
    _make_choice("where_lt", "<", ">=", "<"),
    _make_choice("where_le", "<=", ">", "≤"),
    _make_choice("where_eq", "==", "!=", "="),
    _make_choice("where_ne", "!=", "==", "≠"),
)
# fmt: on
