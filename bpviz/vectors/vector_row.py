"""What the table of vector operations says of one: its names, which shapes it takes, and the scalar gates it comes to.

An operation is unrolled: `plan` says for each entry of the result which gate of the gate table it is, over which
entries of the operands. An operation that only moves entries, such as a transpose, needs no gate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bpviz.gates.gate import CALLED_BY_NAME, Syntax
from bpviz.vectors.shapes import MOST_AXES, Shape

OF_PLAN = -1  # in the place of an operand: a gate that was planned before


class Pick(NamedTuple):
    """An entry of an operand, or with operand OF_PLAN the result of a gate that was planned before it."""

    operand: int
    entry: int


class PlannedGate(NamedTuple):
    """A scalar gate, by its name in the gate table, and what it is applied to."""

    gate: str
    operands: tuple[Pick, ...]


class Unrolling(NamedTuple):
    """How an operation is unrolled: the shape of its result, gates in forward order, and what its entries are."""

    shape: Shape
    gates: tuple[PlannedGate, ...]
    entries: tuple[Pick, ...]


class ArrayFormulas(NamedTuple):
    """An operation in formulas, from which every listing is printed. a, b, … are its operands, z is its result.

    The notation is that of formula/tree.py with the functions of grids that array_formulas.py lists.

    forward    what z is assigned, one after the other; a later one may use the z so far: ("exp(a)", "z/total(z)")
    backward   for each operand, what is added to its gradient; up is the gradient of z
    library    z as a framework has it, where that has a function for it: "softmax(a)"
    """

    forward: tuple[str, ...]
    backward: tuple[tuple[str, ...], ...]
    library: str = ""


class ShapeError(Exception):
    """Shapes that an operation does not take. hint says what to write instead, with the operands as {0} and {1}."""

    def __init__(self, what: str, hint: str = "") -> None:
        self.what, self.hint = what, hint
        super().__init__(what)


class MatrixRules(NamedTuple):
    """What an operation computes and what comes back to each operand, in matrix notation (rule_numbers.py).

    forward is a formula in the operands a, b, …, and backward that of each operand's gradient, in which z is the result
    and up the gradient of z; a single one is that of every operand. rows are the letters of vectors that lie as rows:
    "az" for the x and the z of z = x·W. All others are columns, and up lies as z does.
    """

    forward: str
    backward: tuple[str, ...]
    rows: str = ""


# From the shapes of the operands, the arguments, and which operands were typed with a T.
MakeRules = Callable[[Sequence[Shape], Sequence[int], Sequence[bool]], MatrixRules]


class RuleMistake(NamedTuple):
    """What people take for the rule of the operand in a slot: a formula as in MatrixRules, and what is wrong in it."""

    slot: int
    formula: str
    words: str


# From what rules are made of.
MakeMistakes = Callable[[Sequence[Shape], Sequence[int], Sequence[bool]], tuple[RuleMistake, ...]]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class VectorOperation:
    """One row of the table of vector operations.

    name, aliases   what a program may call it as a function: matmul(A, B)
    symbol          what stands on its circle
    short           how its node is named automatically, after its operands: "{}{}" makes Wx of W@x
    arity           fewest and most operands
    plan            from the shapes of its operands and its arguments (an axis, an index) to how it is unrolled; it
                    raises ShapeError for shapes that it does not take
    written         how it reads with its operands put in: "{} @ {}"; empty for name(a, b)
    selects         what stands on its circle with its index or its class put in; "" where it is an axis: "Σ ↓"
    indexed         whether its last operands may be whole numbers that are part of it: an index, an axis, a class
    argument        how such a number stands behind the operands: "axis={}" in sum(M, axis=0)
    moves           whether it only moves entries: it computes nothing, and has no gate
    formulas        from the shapes of its operands and its arguments to its formulas, for listings
    commutative     whether it is the same in whatever order its operands stand: none is
    rules           from shapes and arguments to what it computes and what comes back, in matrix notation
    takes           which operands it takes, and what shape comes of them, in words
    does            what it does to a gradient, in a sentence
    derivation      where its rule comes from, in a sentence or two
    mistakes        what people take for its rules, by which bpviz check knows them, likely ones first
    lesson          what that means for whoever trains something with it
    sample          shapes of operands, and arguments, of the example on its page
    """

    name: str
    symbol: str
    short: str
    arity: tuple[int, int]
    plan: Callable[[Sequence[Shape], Sequence[int]], Unrolling]
    formulas: Callable[[Sequence[Shape], Sequence[int]], ArrayFormulas]
    rules: MakeRules
    takes: str
    does: str
    derivation: str
    mistakes: MakeMistakes = lambda shapes, arguments, turned: ()
    lesson: str = ""
    sample: tuple[tuple[Shape, ...], tuple[int, ...]] = (((3,),), ())
    aliases: tuple[str, ...] = ()
    written: str = ""
    moves: bool = False
    indexed: bool = False
    argument: str = "axis={}"
    selects: str = ""
    commutative: bool = False
    syntax: Syntax = CALLED_BY_NAME

    def __repr__(self) -> str:
        return f"<vector operation {self.name}>"


def write_call(operation: VectorOperation, operands: Sequence[str], arguments: Sequence[int] = ()) -> str:
    """Write an operation with its operands put in: "W @ x", "v[0]", "sum(M, axis=0)"."""
    if operation.written:
        return operation.written.format(*operands, index=", ".join(map(str, arguments)))
    behind = [operation.argument.format(each) for each in arguments]
    return f"{operation.name}({', '.join([*operands, *behind])})"


def write_symbol(operation: VectorOperation, arguments: Sequence[int] = ()) -> str:
    """Write an operation as it stands in its circle: "@", "[0, 1]", and down the rows, along axis 0, "Σ ↓"."""
    if not arguments:
        return operation.symbol
    if operation.selects:
        return operation.selects.format(", ".join(map(str, arguments)))
    return f"{operation.symbol} {'↓' if arguments[0] in (0, -MOST_AXES) else '→'}"
