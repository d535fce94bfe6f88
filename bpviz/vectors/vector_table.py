"""The table of vector operations: everything that bpviz knows of one stands in its row, and only there.

What works on every entry by itself needs no row here: every gate of the gate table does.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bpviz.errors import UsageError
from bpviz.gates import Gate, find_gate, is_gate
from bpviz.vectors.array_formulas import (
    reduce_by,
    write_concat,
    write_cross_entropy,
    write_index,
    write_list,
    write_matmul,
    write_norm,
    write_outer,
    write_softmax,
    write_transpose,
)
from bpviz.vectors.matrix_rules import (
    spread,
    state,
    state_concat,
    state_cross_entropy,
    state_index,
    state_list,
    state_logsumexp,
    state_matmul,
    state_mean,
    state_softmax,
    state_sum,
)
from bpviz.vectors.rule_mistakes import TRANSPOSE_LOST, mistake, mistake_matmul, mistake_mean, mistake_sum
from bpviz.vectors.unrolling_plans import (
    plan_concat,
    plan_cross_entropy,
    plan_index,
    plan_list,
    plan_matmul,
    plan_norm,
    plan_outer,
    plan_reduction,
    plan_softmax,
    plan_transpose,
)
from bpviz.vectors.vector_row import (
    RuleMistake,
    VectorOperation,
)

# fmt: off
VECTOR_TABLE: tuple[VectorOperation, ...] = (
    VectorOperation(
        name="matmul", symbol="@", short="{}{}", arity=(2, 2), plan=plan_matmul, written="{} @ {}",
        aliases=("dot", "inner", "mm", "mv"), rules=state_matmul, sample=(((2, 2), (2, 2)), ()),
        formulas=write_matmul,
        takes="a of m×n and b of n×k make z of m×k; a vector is a row on the left and a column on the right of "
              "a matrix, and two vectors make one number",
        mistakes=mistake_matmul,
        does="sends the upstream gradient through the other factor, transposed: the left operand gets it times the "
             "right one's transpose, the right operand the left one's transpose times it",
        derivation="every entry of z is a row of a times a column of b, zᵢⱼ = Σₖ aᵢₖ·bₖⱼ. An entry aᵢₖ is in all of "
                   "row i of z, each time times bₖⱼ, so its gradient is Σⱼ ∂L/∂zᵢⱼ·bₖⱼ: entry ik of the upstream "
                   "gradient times bᵀ. An entry bₖⱼ is in all of column j, each time times aᵢₖ: Σᵢ aᵢₖ·∂L/∂zᵢⱼ, entry "
                   "kj of aᵀ times the upstream gradient",
        lesson="a gradient has the shape of its variable, and only one order with one transpose gives that shape. In a "
               "layer W·x the gradient of W is the outputs' gradient times the inputs, so an input of 0 teaches its "
               "column nothing; and over a batch, one example a row, the same product adds up all examples by itself"),
    VectorOperation(
        name="outer", symbol="⊗", short="{}{}", arity=(2, 2), plan=plan_outer, sample=(((2,), (2,)), ()),
        rules=state("a @ T(b)", "up @ b", "T(up) @ a"),
        formulas=write_outer,
        takes="two vectors of m and of n entries make a matrix of m×n",
        mistakes=mistake(RuleMistake(0, "T(up) @ b", "with the transpose of the gradient"),
                         RuleMistake(1, "up @ a", TRANSPOSE_LOST)),
        does="sends to each vector the upstream gradient times the other one",
        derivation="zᵢⱼ = aᵢ·bⱼ: aᵢ is in all of row i, each time times bⱼ, and its gradient Σⱼ ∂L/∂zᵢⱼ·bⱼ is entry i "
                   "of the upstream gradient times b. For bⱼ it is column j, so the transpose times a",
        lesson="the backward pass of W·x makes one: ∂L/∂W is the outer product of the outputs' gradient with the "
               "inputs, for each example a matrix of rank one"),
    VectorOperation(
        name="transpose", symbol="T", short="{}T", arity=(1, 1), plan=plan_transpose, written="{}ᵀ", moves=True,
        rules=state("T(a)", "T(up)"), sample=(((2, 3),), ()),
        formulas=write_transpose,
        takes="a of m×n makes z of n×m; a vector stays what it is, and lies as the formula needs it",
        mistakes=mistake(RuleMistake(0, "up", TRANSPOSE_LOST)),
        does="turns the gradient back: rows become columns",
        derivation="zᵢⱼ is aⱼᵢ, with slope 1 in that entry and 0 in all others, so each gradient goes back to where "
                   "its entry came from",
        lesson="it computes nothing, and yet forgetting it is the commonest slip by hand. Where the shapes do not fit, "
               "one is missing; of a square matrix only the numbers tell"),
    VectorOperation(
        name="index", indexed=True, selects="[{}]", symbol="[ ]", short="{}", arity=(1, 1), plan=plan_index,
        written="{}[{index}]", moves=True, rules=state_index, sample=(((3,),), (1,)),
        formulas=write_index,
        takes="v[i] is an entry of a vector, M[i, j] one of a matrix, and M[i] a row of it; indices count from "
              "0, and −1 is the last",
        does="routes: the entry that is taken gets the upstream gradient, all others get 0",
        derivation="z is that entry, with slope 1 in it and 0 in the others, which are nowhere in z",
        lesson="an embedding is this: of a table of words only the rows of the words in the text get a gradient"),
    VectorOperation(
        name="concat", symbol="concat", short="{}{}", arity=(2, 99), plan=plan_concat, moves=True,
        aliases=("concatenate", "cat"), rules=state_concat, sample=(((2,), (1,)), ()),
        formulas=write_concat,
        takes="vectors and numbers, one after another, or matrices of equally many columns, one under another",
        does="cuts the gradient where the operands were joined: each gets its own part",
        derivation="every entry of z is an entry of one operand, with slope 1, so each gradient goes back to where "
                   "its entry came from",
        lesson="nothing is added and nothing is lost: features that are put side by side learn as if they were alone"),
    VectorOperation(
        name="list", symbol="[ ]", short="", arity=(1, 999), plan=plan_list, moves=True, rules=state_list,
        sample=(((), ()), ()),
        formulas=write_list,
        takes="[s, t] of numbers is a vector, and [u, v] of vectors a matrix with these rows",
        does="hands every entry its own entry of the upstream gradient",
        derivation="every entry of z is one of the operands, with slope 1",
        lesson="a vector is a way to write its numbers, and each of them goes on as if it stood alone"),
    VectorOperation(
        name="sum", indexed=True, symbol="Σ", short="sum{}", arity=(1, 1), plan=plan_reduction("sum"), rules=state_sum,
        formulas=reduce_by("total(a{axis})", "repeat({up}, a)"),
        takes="all entries; with axis=0 those of every column, with axis=1 those of every row",
        mistakes=mistake_sum,
        does="distributes: every entry gets the upstream gradient, unchanged",
        derivation="the sum rule, entry by entry: each moves z by as much as it moves. Along an axis every entry gets "
                   "the gradient of the one sum that it is in",
        lesson="backward a sum copies, and backward a copy sums: where a vector is repeated to fit, as a bias is for "
               "every row of a batch, what its copies get adds up. A loss that is summed over a batch has gradients "
               "that grow with the batch: take the mean instead"),
    VectorOperation(
        name="mean", indexed=True, symbol="mean", short="mean{}", arity=(1, 1), plan=plan_reduction("mean"),
        rules=state_mean,
        formulas=reduce_by("average(a{axis})", "repeat({up}/size(a{axis}), a)"),
        takes="all entries; with axis=0 those of every column, with axis=1 those of every row",
        mistakes=mistake_mean,
        does="shares: every one of the n entries gets an nth of the upstream gradient",
        derivation="the sum rule, and the constant factor 1/n: each entry moves z by an nth of what it moves",
        lesson="the gradient of a batch does not depend on how large the batch is: each example has an nth of the say"),
    VectorOperation(
        name="prod", indexed=True, symbol="Π", short="prod{}", arity=(1, 1), plan=plan_reduction("prod"),
        rules=spread("prod", "others(a{along})"),
        formulas=reduce_by("multiplied(a{axis})", "{up}*others(a{axis})"),
        takes="all entries; with axis=0 those of every column, with axis=1 those of every row",
        does="swaps: every entry gets the upstream gradient times the product of all the others",
        derivation="the product rule: with all others held still z is a straight line in this entry, and its slope is "
                   "their product",
        lesson="one entry of 0 blocks the gradient of all others, and many below 1 make it vanish: add logarithms "
               "instead where you can"),
    VectorOperation(
        name="max", indexed=True, symbol="max", short="max{}", arity=(1, 1), plan=plan_reduction("max"),
        rules=spread("max", "taken(a, z)"),
        formulas=reduce_by("largest(a{axis})", "{up}*(a == {z})/{tied}"),
        takes="all entries; with axis=0 those of every column, with axis=1 those of every row",
        mistakes=mistake(RuleMistake(0, "ones * up", "handed to every entry, as of a sum")),
        does="routes: the largest entry gets the whole gradient, the others nothing; a tie shares it equally",
        derivation="where one entry is the largest z is that entry, with slope 1 in it and 0 in all others",
        lesson="a router: max pooling teaches only what it picked, and the rest of the picture learns nothing from "
               "this example"),
    VectorOperation(
        name="min", indexed=True, symbol="min", short="min{}", arity=(1, 1), plan=plan_reduction("min"),
        rules=spread("min", "taken(a, z)"),
        formulas=reduce_by("smallest(a{axis})", "{up}*(a == {z})/{tied}"),
        takes="all entries; with axis=0 those of every column, with axis=1 those of every row",
        mistakes=mistake(RuleMistake(0, "ones * up", "handed to every entry, as of a sum")),
        does="routes: the smallest entry gets the whole gradient, the others nothing; a tie shares it equally",
        derivation="where one entry is the smallest z is that entry, with slope 1 in it and 0 in all others",
        lesson="a router: only the weakest entry gets the gradient, so only it is improved"),
    VectorOperation(
        name="logsumexp", indexed=True, symbol="lse", short="lse{}", arity=(1, 1), plan=plan_reduction("logsumexp"),
        rules=state_logsumexp,
        formulas=reduce_by("largest(a{axis}) + ln(total(exp(a - {largest}){axis}))", "{up}*exp(a - {z})"),
        takes="all entries; with axis=0 those of every column, with axis=1 those of every row",
        does="shares: every entry gets its softmax of the upstream gradient, and these add up to all of it",
        derivation="the chain rule on ln s with s = Σ e^aᵢ: 1/s times e^aᵢ, which is the softmax",
        lesson="a max without corners: the largest entry gets most of the gradient, but the others get some and go on "
               "learning"),
    VectorOperation(
        name="norm", symbol="‖·‖", short="norm{}", arity=(1, 1), plan=plan_norm, written="‖{}‖",
        rules=state("norm(a)", "a/z * up"),
        formulas=write_norm,
        takes="all entries of a vector or a matrix",
        mistakes=mistake(RuleMistake(0, "2 * a * up", "as of the square of the norm"),
                         RuleMistake(0, "a * up", "without 1/z")),
        does="sends back the unit vector along its operand, times the upstream gradient",
        derivation="z = √(Σ aᵢ²), by the chain rule: 1/(2z) times 2aᵢ, which is aᵢ/z",
        lesson="its slope has length 1 however short the vector is, so as a penalty it pulls small weights as hard as "
               "large ones, and it has no derivative at 0. The square ‖a‖² has the slope 2a, which fades out there"),
    VectorOperation(
        name="softmax", indexed=True, symbol="softmax", short="sm{}", arity=(1, 1), plan=plan_softmax,
        rules=state_softmax,
        formulas=write_softmax,
        takes="a vector of scores, or a matrix with the scores of an example in every row",
        mistakes=mistake(RuleMistake(0, "z * (1 - z) * up", "as if each share came from its own score alone"),
                         RuleMistake(0, "z * up", "without what the other scores take away")),
        does="sends back to each score its share z times how far its upstream gradient is above their average, each "
             "weighted with its share",
        derivation="zᵢ = e^aᵢ/Σ e^aₖ, so that ∂zᵢ/∂aⱼ is zᵢ(1 − zᵢ) for i = j and −zᵢ·zⱼ else; times the upstream "
                   "gradients uᵢ and added up, zⱼ(uⱼ − Σᵢ zᵢ·uᵢ). Of a matrix every row is an example of its own",
        lesson="what it sends back adds up to 0, as raising all scores alike changes nothing. Where one share is "
               "nearly 1 next to nothing comes back, however wrong it is: so it is trained through cross entropy, "
               "whose slope −1/z undoes that"),
    VectorOperation(
        name="cross_entropy", indexed=True, selects="CE {}", argument="{}", symbol="CE", short="", arity=(1, 2),
        plan=plan_cross_entropy,
        rules=state_cross_entropy, sample=(((3,), (3,)), ()),
        formulas=write_cross_entropy,
        takes="the scores of one example with its class, cross_entropy(z; 0), or with a vector of what is "
              "wanted, cross_entropy(z; y)",
        does="sends back p − y: what softmax makes of the scores, less what was wanted",
        derivation="−Σ yᵢ·ln pᵢ with ln pᵢ = aᵢ − logsumexp(a) is logsumexp(a)·Σy − Σ yᵢ·aᵢ. The slope of logsumexp is "
                   "the softmax p, and Σy is 1, so p − y is left",
        lesson="the gradient of classification: as large as the error, for no score more than 1, and 0 only where the "
               "answer is right and certain. Made of the scores it neither overflows nor takes the logarithm of 0"),
)
# fmt: on
VECTOR_OPERATIONS: Mapping[str, VectorOperation] = MappingProxyType({row.name: row for row in VECTOR_TABLE})
# What a program may call. list and index are written with brackets only.
VECTOR_FUNCTIONS: Mapping[str, VectorOperation] = MappingProxyType(
    {name: row for row in VECTOR_TABLE if row.name not in ("list", "index") for name in (row.name, *row.aliases)}
)


def find_operation(word: str) -> VectorOperation | None:
    """Find the vector operation that a word means: its name, another of its names, its symbol; None if it means none.

    >>> find_operation("mm"), find_operation("@"), find_operation("Softmax"), find_operation("tanh")
    (<vector operation matmul>, <vector operation matmul>, <vector operation softmax>, None)
    """
    named = {**{name: row for row in VECTOR_TABLE for name in row.aliases}, **VECTOR_OPERATIONS}
    symbols = {row.symbol: row for row in reversed(VECTOR_TABLE)}
    return named.get(word) or named.get(word.lower()) or symbols.get(word)


def find_scalar_gate(word: str, place: str, hint: str) -> Gate:
    """Find the gate of numbers that a word means; raise UsageError for none, and for an operation on vectors.

    place is what such an operation has no place in: "a template".
    """
    operation = find_operation(word)
    if operation and not is_gate(word):
        raise UsageError(f"{operation.name} works on vectors, and {place} has numbers on its wires", hint=hint)
    return find_gate(word)
