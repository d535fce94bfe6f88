"""How vector operations are unrolled: which scalar gates each comes to, over which entries of its operands.

Every function takes the shapes of the operands and the arguments, an axis or an index, and raises ShapeError for
shapes that the operation does not take.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bpviz.vectors.shapes import MOST_AXES, Shape, count_entries, list_indices, nest, write_shape
from bpviz.vectors.vector_row import OF_PLAN, Pick, PlannedGate, ShapeError, Unrolling

CONCAT = "write concat(A, B) for matrices of equally many columns"
MOST_PRODUCTS = 1_000_000  # of numbers, in one product of matrices: it takes half a minute
SMALLER = "take smaller matrices: what happens to a gradient is the same"
MakePlan = Callable[[Sequence[Shape], Sequence[int]], Unrolling]


def _pick_all(operand: int, shape: Shape) -> list[Pick]:
    return [Pick(operand, entry) for entry in range(count_entries(shape))]


def _plan_each(shape: Shape, gate: str, groups: Sequence[Sequence[Pick]]) -> Unrolling:
    """Unrolling one gate for each entry; a gate over a single entry is that entry."""
    gates: list[PlannedGate] = []
    entries = []
    for group in groups:
        if len(group) == 1:
            entries.append(group[0])
            continue
        entries.append(Pick(OF_PLAN, len(gates)))
        gates.append(PlannedGate(gate, tuple(group)))
    return Unrolling(shape, tuple(gates), tuple(entries))


def _plan_products(shape: Shape, pairs: Sequence[tuple[Sequence[Pick], Sequence[Pick]]]) -> Unrolling:
    """Unrolling the sum of products for each entry: dot, or multiply where it is a single product."""
    gates = [PlannedGate("dot" if len(left) > 1 else "multiply", (*left, *right)) for left, right in pairs]
    return Unrolling(shape, tuple(gates), tuple(Pick(OF_PLAN, k) for k in range(len(gates))))


def _plan_move(shape: Shape, entries: Sequence[Pick]) -> Unrolling:
    return Unrolling(shape, (), tuple(entries))


def plan_matmul(shapes: Sequence[Shape], arguments: Sequence[int]) -> Unrolling:
    """Plan a product of matrices or vectors: a sum of products for each entry."""
    left, right = shapes
    if not left or not right:
        raise ShapeError("@ is a product of vectors and matrices", "write {0}*{1}")
    rows, inner = left if len(left) == MOST_AXES else (1, left[0])
    height, columns = right if len(right) == MOST_AXES else (right[0], 1)
    if inner != height:
        raise ShapeError(f"{inner} columns do not go into {height} rows", _suggest_matmul(left, right))
    if rows * inner * columns > MOST_PRODUCTS:
        raise ShapeError(f"their product has {rows * inner * columns:,} terms, more than {MOST_PRODUCTS:,}", SMALLER)
    pairs = [
        (
            [Pick(0, i * inner + k) for k in range(inner)],
            [Pick(1, k * columns + j) for k in range(inner)],
        )
        for i in range(rows)
        for j in range(columns)
    ]
    shape = (*left[: len(left) - 1], *right[1:])
    return _plan_products(shape, pairs)


def _suggest_matmul(left: Shape, right: Shape) -> str:
    """Suggest a product that these shapes have: a transpose, the other order, or entry by entry."""
    if len(left) == MOST_AXES and left[0] == right[0]:
        return "write {0}.T@{1}"
    if len(right) == MOST_AXES and left[-1] == right[-1]:
        return "write {0}@{1}.T"
    if right[-1] == left[0]:
        return "write {1}@{0}"
    if len(left) == len(right) == 1:
        return "give both equally many entries, or write outer({0}, {1})"
    return ""


def plan_outer(shapes: Sequence[Shape], arguments: Sequence[int]) -> Unrolling:
    """Plan an outer product: one product for each entry."""
    if any(len(shape) != 1 for shape in shapes):
        raise ShapeError("outer is a product of two vectors", "write {0}@{1}" if all(shapes) else "write {0}*{1}")
    (rows,), (columns,) = shapes
    pairs = [([Pick(0, i)], [Pick(1, j)]) for i in range(rows) for j in range(columns)]
    return _plan_products((rows, columns), pairs)


def plan_transpose(shapes: Sequence[Shape], arguments: Sequence[int]) -> Unrolling:
    """Plan a transpose, which moves entries."""
    (shape,) = shapes
    if not shape:
        raise ShapeError("it has no transpose", "leave the transpose out")
    if len(shape) < MOST_AXES:
        return _plan_move(shape, _pick_all(0, shape))
    rows, columns = shape
    return _plan_move((columns, rows), [Pick(0, i * columns + j) for j in range(columns) for i in range(rows)])


def plan_index(shapes: Sequence[Shape], arguments: Sequence[int]) -> Unrolling:
    """Plan an entry, or a row, which is taken as it is."""
    (shape,) = shapes
    if len(arguments) > len(shape):
        few = "has no entries" if not shape else "has one index" if len(shape) == 1 else "has two indices"
        hint = f"write {{0}}[{', '.join('0' for _ in shape)}]" if shape else "give {0} a list, such as [1, 2, 3]"
        raise ShapeError(f"what is {write_shape(shape) if shape else 'one number'} {few}", hint)
    place = []
    for size, index in zip(shape, arguments, strict=False):
        if not -size <= index < size:
            last = ", ".join(str(each - 1) for each in shape[: len(arguments)])
            raise ShapeError(f"there is no entry {index} among {size}: they are counted from 0", f"write {{0}}[{last}]")
        place.append(index % size)
    rest = shape[len(place) :]
    all_entries = nest(_pick_all(0, shape), shape)
    for index in place:
        all_entries = all_entries[index]
    return _plan_move(rest, all_entries if rest else [all_entries])


def plan_concat(shapes: Sequence[Shape], arguments: Sequence[int]) -> Unrolling:
    """Plan vectors one after another, or matrices under one another."""
    if all(len(shape) < MOST_AXES for shape in shapes):
        entries = [pick for k, shape in enumerate(shapes) for pick in _pick_all(k, shape)]
        return _plan_move((len(entries),), entries)
    if any(len(shape) < MOST_AXES or shape[1] != shapes[0][1] for shape in shapes):
        raise ShapeError("matrices are put under one another where they have equally many columns", CONCAT)
    rows = [pick for k, shape in enumerate(shapes) for pick in _pick_all(k, shape)]
    return _plan_move((sum(shape[0] for shape in shapes), shapes[0][1]), rows)


def plan_list(shapes: Sequence[Shape], arguments: Sequence[int]) -> Unrolling:
    """Plan a vector of numbers, or a matrix of vectors, which are its rows."""
    first = shapes[0]
    if any(shape != first for shape in shapes):
        raise ShapeError("the rows have different lengths", "give all rows equally many entries")
    if len(first) == MOST_AXES:
        raise ShapeError("a list of matrices has three axes, and two are the most", CONCAT)
    return _plan_move((len(shapes), *first), [pick for k, shape in enumerate(shapes) for pick in _pick_all(k, shape)])


def plan_reduction(gate: str) -> MakePlan:
    """Make the plan of a gate over all entries, or over those along an axis."""

    def plan(shapes: Sequence[Shape], arguments: Sequence[int]) -> Unrolling:
        (shape,) = shapes
        if not shape:
            raise ShapeError(f"{gate} takes a vector, or two numbers and more", f"write {gate}({{0}}, y)")
        if not arguments:
            return _plan_each((), gate, [_pick_all(0, shape)])
        (axis,) = arguments
        if not -len(shape) <= axis < len(shape):
            raise ShapeError(
                f"there is no axis {axis}: {'a vector has axis 0' if len(shape) == 1 else 'axes are 0 and 1'}"
            )
        axis %= len(shape)
        rest = (*shape[:axis], *shape[axis + 1 :])
        groups: dict[tuple[int, ...], list[Pick]] = {}
        for entry, index in enumerate(list_indices(shape)):
            groups.setdefault((*index[:axis], *index[axis + 1 :]), []).append(Pick(0, entry))
        return _plan_each(rest, gate, list(groups.values()))

    return plan


def plan_norm(shapes: Sequence[Shape], arguments: Sequence[int]) -> Unrolling:
    """Plan √(v·v)."""
    (shape,) = shapes
    if not shape:
        raise ShapeError("norm needs a vector", "write abs({0})")
    every = _pick_all(0, shape)
    square = PlannedGate("dot" if len(every) > 1 else "multiply", (*every, *every))
    return Unrolling((), (square, PlannedGate("sqrt", (Pick(OF_PLAN, 0),))), (Pick(OF_PLAN, 1),))


def plan_softmax(shapes: Sequence[Shape], arguments: Sequence[int]) -> Unrolling:
    """Plan exp(z − logsumexp(z)) along the last axis: the rows of a matrix are examples."""
    (shape,) = shapes
    if not shape:
        raise ShapeError("softmax needs a vector", "write sigmoid({0})")
    if shape[-1] < 2:
        raise ShapeError("softmax of one entry is 1", "give it two scores or more")
    if arguments and arguments[0] not in (-1, len(shape) - 1):
        raise ShapeError("softmax goes along rows", "write softmax({0}.T).T")
    gates: list[PlannedGate] = []
    entries = []
    for start in range(0, count_entries(shape), shape[-1]):
        row = [Pick(0, start + k) for k in range(shape[-1])]
        total = Pick(OF_PLAN, len(gates))
        gates.append(PlannedGate("logsumexp", tuple(row)))
        for pick in row:
            difference = Pick(OF_PLAN, len(gates))
            gates.append(PlannedGate("subtract", (pick, total)))
            entries.append(Pick(OF_PLAN, len(gates)))
            gates.append(PlannedGate("exp", (difference,)))
    return Unrolling(shape, tuple(gates), tuple(entries))


def plan_cross_entropy(shapes: Sequence[Shape], arguments: Sequence[int]) -> Unrolling:
    """Plan logsumexp(z)·Σy − z·y: the cross entropy of softmax(z) with y, of one example."""
    scores, *others = shapes
    if len(scores) != 1 or scores[0] < 2:
        raise ShapeError("cross_entropy needs the scores of one example, a vector", "write cross_entropy({0}[0]; 0)")
    if arguments:
        (wanted,) = arguments
        if not 0 <= wanted < scores[0]:
            what = f"there is no class {wanted} among {scores[0]}: they are counted from 0"
            raise ShapeError(what, f"write cross_entropy({{0}}; {scores[0] - 1})")
    elif others == [()]:
        raise ShapeError("a class is a number that is typed", "write cross_entropy({0}; 0)")
    elif others != [scores]:
        raise ShapeError("there is one thing wanted for each score", "write cross_entropy({0}; 0)")
    z, y = _pick_all(0, scores), _pick_all(1, scores)
    total = PlannedGate("logsumexp", tuple(z))
    if arguments:
        return Unrolling((), (total, PlannedGate("subtract", (Pick(OF_PLAN, 0), z[wanted]))), (Pick(OF_PLAN, 1),))
    gates = (
        total,
        PlannedGate("sum", tuple(y)),
        PlannedGate("multiply", (Pick(OF_PLAN, 0), Pick(OF_PLAN, 1))),
        PlannedGate("dot", (*z, *y)),
        PlannedGate("subtract", (Pick(OF_PLAN, 2), Pick(OF_PLAN, 3))),
    )
    return Unrolling((), gates, (Pick(OF_PLAN, 4),))
