"""Postfix code with vectors to a tape of scalar gates, and the layer of vector nodes over it.

This is the pass of lowering.py with operands that have a shape. A gate of the gate table works entry by entry; an
operation of the table of vector operations says by its plan which gates it comes to. What a program does with its
vectors is noted beside the tape, so that figures and tables can put the scalars together again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import nan
from typing import Any, NamedTuple

from bpviz.errors import ProgramError, make_printable
from bpviz.formula.tree import Atom
from bpviz.gates import GATES, Gate, write_expression
from bpviz.graph import Requirement
from bpviz.lang.bindings import Bindings
from bpviz.lang.lowering import Constant, Lowering, Operand, Tape
from bpviz.lang.naming import Naming
from bpviz.lang.postfix import CROSS_SIGN, NORM_SIGN, Code, Operation
from bpviz.limits import DEFAULT, raise_by
from bpviz.vectors import VECTOR_OPERATIONS, Shape, VectorGraph, VectorNode, VectorOperation, say_shape, write_shape
from bpviz.vectors.shapes import MOST_AXES, broadcast, count_entries, list_indices, spread
from bpviz.vectors.vector_graph import MOVED, EntryUse
from bpviz.vectors.vector_row import OF_PLAN, ShapeError, Unrolling

MATMUL, OUTER, TRANSPOSE, NORM = (VECTOR_OPERATIONS[name] for name in ("matmul", "outer", "transpose", "norm"))
MOST_SINGLE_DIGITS = 10  # entries of an axis whose indices are one digit each: W_01
LONGEST_QUOTED = 20  # characters of an operand that a message quotes


class VectorOperand(NamedTuple):
    """An operand with a shape: its entries row by row, and the id of its vector node.

    A vector lies as a row where it was typed with a T.
    """

    shape: Shape
    entries: tuple[Operand, ...]
    node: int
    is_row: bool = False


class Unrolled(NamedTuple):
    """What the pass comes to: the tape of scalar gates, and the vector nodes over it. named has what the user named."""

    tape: Tape
    vectors: VectorGraph
    output_name: str
    notes: tuple[str, ...]


def unroll(
    code: Code, bound: Bindings, level: str, share: bool, shapes: Mapping[str, Shape], most: int = DEFAULT.gates
) -> Unrolled:
    """Return the tape and the vector nodes of a program whose inputs have these shapes; one without is one number.

    Raises ProgramError for shapes that do not fit and for an output that is not one number, and as lower does.
    """
    lowering = VectorLowering(code, level, share, has_euler=bound.has_euler)

    # The inputs: a default has the shape that it is typed with, unless a value of another shape is given.
    defaults: dict[str, tuple[Shape, list[float]]] = {}
    for index in bound.live:
        statement = code.statements[index]
        if index in bound.defaults:
            result: Any = lowering.run(code, statement.first, statement.stop, {})
            shape = result.shape if isinstance(result, VectorOperand) else ()
            defaults[statement.name] = shape, lowering.evaluate(result)
    lowering.forget()
    tape = lowering.tape
    tape.most = most
    lowering.reserved = {*bound.inputs}
    names: dict[str, Any] = {}
    for name, span in bound.inputs.items():
        own, values = defaults.get(name, ((), []))
        names[name] = lowering.add_input(name, shapes.get(name, own), span)
        if name in defaults and shapes.get(name, own) == own:
            entries = [lowering.entry_names[entry] for entry in names[name].entries]
            tape.defaults |= dict(zip(entries, values, strict=True))

    # The statements, in their order.
    for index in bound.live:
        if index in bound.defaults:
            continue
        statement = code.statements[index]
        result = lowering.run(code, statement.first, statement.stop, names)
        if isinstance(result, Constant):
            result = lowering.add_constant(result)
        if statement.name:
            names[statement.name] = result
            if lowering.nodes[result.node].operation:
                lowering.shadow.given.setdefault(result.node, statement.name)
        if index == bound.live[-1]:
            lowering.set_output(result, statement.span)
    return lowering.finish(code.statements[-1].name)


class VectorLowering(Lowering):
    """The state of the pass. shadow is a tape with one entry for each vector node, which gives them their names."""

    def __init__(self, code: Code, level: str, share: bool, *, has_euler: bool) -> None:
        super().__init__(code, level, share=False, has_euler=has_euler)
        self.shares_nodes = share
        self.reserved: set[str] = set()  # names that no entry gets
        self.known: dict[object, VectorOperand] = {}
        self.forget()

    def forget(self) -> None:
        """Forget what the defaults of inputs have made."""
        self.tape = Tape()
        self.seen.clear()
        self.nodes: list[VectorNode] = []
        self.shadow = Tape()
        self.notes: list[str] = []
        self.noted: set[tuple[int, int]] = set()  # where what was typed has been looked at
        self.constant_entries: dict[int, tuple[int, ...]] = {}
        self.entry_names: dict[int, str] = {}
        self.known.clear()

    def evaluate(self, result: VectorOperand | Constant) -> list[float]:
        """Return the numbers that a default comes to, which has no inputs."""
        numbers = dict(self.tape.numbers)
        for node, gate in enumerate(self.tape.gates):
            if gate:
                span = self.tape.spans[node]
                operands = [Constant(numbers[i], None, span, node) for i in self.tape.operands[node]]
                numbers[node] = self._evaluate(gate, operands, span)
        entries: Sequence[Operand] = result.entries if isinstance(result, VectorOperand) else (result,)
        return [entry.value if isinstance(entry, Constant) else numbers[entry] for entry in entries]

    # vector nodes

    def add_input(self, name: str, shape: Shape, span: tuple[int, int]) -> VectorOperand:
        """Add an input: a scalar one for each of its entries; raise ProgramError for too many of them."""
        entries = []
        if len(self.tape.inputs) + count_entries(shape) > self.tape.most:
            what = f"{name} has {count_entries(shape):,} entries, and {self.tape.most:,} are the most"
            hint = raise_by("gates", 10 * count_entries(shape))
            raise ProgramError(what, place=self.code.place(*span), hint=hint)
        for entry_name in name_entries(name, shape, {*self.reserved, *self.tape.inputs}):
            node = self.tape.append(None, (), span)
            self.tape.inputs[entry_name] = node
            self.entry_names[node] = entry_name
            entries.append(node)
        self.shadow.inputs[name] = len(self.nodes)
        return self._record(VectorNode(name, None, (), shape, tuple(entries), span), entries)

    def add_constant(self, constant: Constant) -> VectorOperand:
        """Add a typed number as a vector node of one entry."""
        node = self.make_node(constant)
        text = self.tape.typed[node].text if node in self.tape.typed else f"{constant.value:.15g}"
        self.shadow.numbers[len(self.nodes)] = constant.value
        if node in self.tape.typed:
            self.shadow.typed[len(self.nodes)] = self.tape.typed[node]
        return self._record(VectorNode("", None, (), (), (node,), constant.span, text=text), (node,))

    def _add_constants(self, shape: Shape, entries: Sequence[Constant], span: tuple[int, int]) -> VectorOperand:
        """Add a grid of typed numbers as a vector node."""
        node, text = len(self.nodes), make_printable(" ".join(self.code.source[slice(*span)].split()))
        self.shadow.numbers[node] = nan
        self.shadow.typed[node] = Atom(text, nan)
        return self._record(VectorNode("", None, (), shape, (), span, text=text), entries)

    def _record(self, node: VectorNode, entries: Sequence[Operand]) -> VectorOperand:
        self.nodes.append(node)
        self.shadow.gates.append(node.operation)  # type: ignore[arg-type]  # a row of either table has what naming asks
        self.shadow.operands.append(node.operands)
        self.shadow.spans.append(node.span)
        return VectorOperand(node.shape, tuple(entries), len(self.nodes) - 1)

    def set_output(self, result: VectorOperand, span: tuple[int, int]) -> None:
        """Make a vector node the output; raise ProgramError for more than one number."""
        if len(result.entries) != 1:
            name = self.shadow.given.get(result.node, "")
            what = name or self._quote(result)
            first = ", ".join("0" for _ in result.shape)
            entry = f"{what}[{first}]" if what.isidentifier() else f"({what})[{first}]"
            hint = f"end with sum({what}), or with one entry: {entry}"
            raise ProgramError(
                f"{what} is {say_shape(result.shape)}, and gradients are those of one number",
                place=self.code.place(*span),
                hint="give it a name, and end with sum of that: v = …; sum(v)" if what.endswith("…") else hint,
            )
        self.output = result.node
        self.tape.output = self._find_ids(result)[0]

    def finish(self, output_name: str) -> Unrolled:
        """Name the vector nodes, and after them the scalar ones."""
        self.shadow.output = self.output
        naming = Naming(self.shadow, output_name)
        nodes = naming.make_nodes()
        named = [
            each._replace(name=node.name, entries=each.entries or self.constant_entries.get(i, ()))
            for i, (each, node) in enumerate(zip(self.nodes, nodes, strict=True))
        ]
        taken = {*self.tape.inputs, *(each.name for each in named)}
        for each in named:
            if each.operation and not each.moves:
                for entry, name in zip(each.entries, name_entries(each.name, each.shape, taken), strict=True):
                    if self.tape.gates[entry]:
                        self.tape.given.setdefault(entry, name)
        inputs = tuple(self.shadow.inputs.values())
        vectors = VectorGraph(tuple(named), inputs, self.output, tuple(sorted(self.shadow.given)))
        return Unrolled(self.tape, vectors, naming.output_name, tuple(dict.fromkeys(self.notes)))

    # operations

    def apply(self, operation: Operation, operands: Sequence[Any], span: tuple[int, int]) -> Any:
        """Apply what was typed; a product without a sign of two vectors, which only LaTeX has, is that of matrices."""
        are_vectors = all(isinstance(each, VectorOperand) and each.shape for each in operands)
        if are_vectors and operation.implied:
            return self.combine(MATMUL, operands, span)
        if are_vectors and operation.sign == NORM_SIGN:
            return self.combine(NORM, operands, span)
        if are_vectors and operation.sign == CROSS_SIGN:
            error = ShapeError("× of vectors is the cross product in print", r"write {0} {1}, or {0} \odot {1}")
            raise self._refuse(operands, error, span)
        if self.code.is_latex and isinstance(operation.gate, Gate) and operation.gate.syntax.base is not None:
            self._check_power(operands, span)
        return self.combine(operation.gate, operands, span)

    def _check_power(self, operands: Sequence[Any], span: tuple[int, int]) -> None:
        """Refuse the power of a matrix in LaTeX, where W^2 is W·W and W^{-1} the inverse."""
        base = operands[0]
        if isinstance(base, VectorOperand) and len(base.shape) == MOST_AXES:
            error = ShapeError("the power of a matrix is a product in print", r"write {0} {0}, or {0} \odot {0}")
            raise self._refuse([base], error, span)

    def combine(self, gate: Any, operands: Sequence[Any], span: tuple[int, int]) -> Any:
        """Return a gate or a vector operation applied to operands."""
        if isinstance(gate, VectorOperation):
            return self._operate(gate, operands, span)
        has_vectors = any(isinstance(each, VectorOperand) and each.shape for each in operands)
        if gate.groups > 1 and has_vectors:  # dot(x; y) of two vectors
            return self._operate(MATMUL, operands, span)
        if has_vectors:
            self._broadcast(gate, operands, span)
        return super().combine(gate, operands, span)

    def _require(self, gate: Gate, operands: Sequence[Any], span: tuple[int, int]) -> None:
        shape = self._broadcast(gate, operands, span)
        for entry in self._list_operands(operands, shape):
            numbers = tuple([each if isinstance(each, int) else each.value for each in entry])
            self.tape.requirements.append(Requirement(gate, numbers, span))

    def _place(self, gate: Gate, operands: Sequence[Any], span: tuple[int, int]) -> Any:
        """Place a gate on the tape for every entry."""
        key = gate, tuple([each.node if isinstance(each, VectorOperand) else repr(each.value) for each in operands])
        if self.shares_nodes and key in self.known:
            return self.known[key]
        shape = self._broadcast(gate, operands, span)
        if all(
            isinstance(each, Constant) for grid in operands if isinstance(grid, VectorOperand) for each in grid.entries
        ):
            folded = [self._fold(gate, list(entry), span) for entry in self._list_operands(operands, shape)]
            return self._add_constants(shape, folded, span)
        grids = [each if isinstance(each, VectorOperand) else self.add_constant(each) for each in operands]
        places = [spread(grid.shape, shape) for grid in grids]
        ids = [self._find_ids(grid) for grid in grids]
        entries = [
            self.tape.append(gate, tuple([own[place[k]] for own, place in zip(ids, places, strict=True)]), span)
            for k in range(count_entries(shape))
        ]
        uses = tuple(
            tuple(EntryUse(place[k], entry, slot) for k, entry in enumerate(entries))
            for slot, place in enumerate(places)
        )
        node = VectorNode(
            "", gate, tuple(grid.node for grid in grids), shape, tuple(entries), span, uses, tuple(entries)
        )
        self.known[key] = self._record(node, entries)
        return self.known[key]

    def _operate(self, operation: VectorOperation, operands: Sequence[Any], span: tuple[int, int]) -> Any:
        """Apply a row of the table of vector operations: place the gates of its plan."""
        operands, arguments = self._split_arguments(operation, operands, span)
        if operation is TRANSPOSE and isinstance(operands[0], VectorOperand) and len(operands[0].shape) == 1:
            return operands[0]._replace(is_row=not operands[0].is_row)  # it stands as typed, and nothing moves
        if operation.moves and (constants := self._move_constants(operation, operands, arguments, span)):
            return constants
        grids = [each if isinstance(each, VectorOperand) else self.add_constant(each) for each in operands]
        if operation is MATMUL and not grids[0].is_row and grids[1].is_row and len(grids[0].shape) == 1:
            operation = OUTER
        key = operation, tuple(grid.node for grid in grids), arguments
        if self.shares_nodes and key in self.known:
            return self.known[key]
        plan = self._plan(operation, grids, arguments, span)
        ids = [self._find_ids(grid) for grid in grids]
        made: list[int] = []
        uses: list[list[EntryUse]] = [[] for _ in grids]
        for gate, picks in plan.gates:
            sources = [made[entry] if operand == OF_PLAN else ids[operand][entry] for operand, entry in picks]
            made.append(self.tape.append(GATES[gate], tuple(sources), span))
            for slot, (operand, entry) in enumerate(picks):
                if operand != OF_PLAN:
                    uses[operand].append(EntryUse(entry, made[-1], slot))
        entries = []
        for k, (operand, entry) in enumerate(plan.entries):
            entries.append(made[entry] if operand == OF_PLAN else ids[operand][entry])
            if operand != OF_PLAN:
                uses[operand].append(EntryUse(entry, k, MOVED))
        node = VectorNode(
            "",
            operation,
            tuple(grid.node for grid in grids),
            plan.shape,
            tuple(entries),
            span,
            tuple(map(tuple, uses)),
            tuple(made),
            arguments,
            tuple(grid.is_row for grid in grids),
        )
        result = self._record(node, entries)
        is_row = operation is MATMUL and len(plan.shape) == 1 and grids[0].is_row
        self.known[key] = result._replace(is_row=is_row)
        return self.known[key]

    def _plan(
        self, operation: VectorOperation, grids: Sequence[Any], arguments: Sequence[int], span: tuple[int, int]
    ) -> Unrolling:
        try:
            return operation.plan([each.shape if isinstance(each, VectorOperand) else () for each in grids], arguments)
        except ShapeError as error:
            raise self._refuse(grids, error, span) from None

    def _move_constants(
        self, operation: VectorOperation, operands: Sequence[Any], arguments: Sequence[int], span: tuple[int, int]
    ) -> Any:
        """Return what an operation that only moves entries makes of typed numbers; None if not all are that."""
        entries = [each.entries if isinstance(each, VectorOperand) else (each,) for each in operands]
        if not all(isinstance(each, Constant) for own in entries for each in own):
            return None
        plan = self._plan(operation, operands, arguments, span)
        picked: Any = [entries[operand][entry] for operand, entry in plan.entries]
        return self._add_constants(plan.shape, picked, span) if plan.shape else picked[0]

    def _split_arguments(
        self, operation: VectorOperation, operands: Sequence[Any], span: tuple[int, int]
    ) -> tuple[Sequence[Any], tuple[int, ...]]:
        """Part the operands from an axis, an index or a class, which is a whole number that is typed."""
        count = len(operands)
        while operation.indexed and count > operation.arity[0] and isinstance(operands[count - 1], Constant):
            count -= 1
        values = [each.value for each in operands[count:]]
        for value, each in zip(values, operands[count:], strict=True):
            if not value.is_integer():
                place = self.code.place(*each.span)
                raise ProgramError(
                    f"{value:g} counts nothing here", place=place, hint="write a whole number, such as 0"
                )
        if count > operation.arity[1]:
            place = self.code.place(*span)
            hint = "an index or an axis is a number that is typed: v[0]"
            raise ProgramError(f"{operation.name} takes no such operand", place=place, hint=hint)
        return operands[:count], tuple(map(int, values))

    def _note_for_naming(self, gate: Any, operands: Sequence[Any], result: Any) -> None:
        if isinstance(gate, Gate) and gate.syntax.infix and isinstance(result, VectorOperand):
            self.shadow.infix.add(result.node)
            for operand, role in zip(operands, gate.syntax.roles, strict=False):
                if isinstance(operand, VectorOperand) and self.nodes[operand.node].operation:
                    self.shadow.roles.setdefault(operand.node, role)

    # shapes

    def _find_ids(self, grid: VectorOperand) -> tuple[int, ...]:
        """Return the ids of a grid's entries; typed numbers become nodes when something first uses them."""
        if all(isinstance(entry, int) for entry in grid.entries):
            return grid.entries  # type: ignore[return-value]
        if grid.node not in self.constant_entries:
            self.constant_entries[grid.node] = tuple(map(self.make_node, grid.entries))
        return self.constant_entries[grid.node]

    def _broadcast(self, gate: Gate, operands: Sequence[Any], span: tuple[int, int]) -> Shape:
        """Return the shape that operands have entry by entry; note where one of them is repeated."""
        shapes = [each.shape if isinstance(each, VectorOperand) else () for each in operands]
        shape = broadcast(shapes)
        if shape is None:
            grids = [each for each in operands if isinstance(each, VectorOperand) and each.shape]
            hint = _suggest_fitting(gate, [each.shape for each in grids]) if len(grids) == len(operands) == 2 else ""
            raise self._refuse(grids, ShapeError("they do not fit entry by entry", hint), span)
        is_new = span not in self.noted  # and no part of an operation that is taken apart
        self.noted.add(span)
        for each in operands:
            if is_new and isinstance(each, VectorOperand) and each.shape not in ((), shape):
                shown = f"{self._quote(each)}, {say_shape(each.shape)}, is repeated to {write_shape(shape)}"
                self.notes.append(f"note: {shown}")
        return shape

    def _list_operands(self, operands: Sequence[Any], shape: Shape) -> list[tuple[Any, ...]]:
        """List the operands of every entry."""
        columns = [
            [each.entries[k] for k in spread(each.shape, shape)]
            if isinstance(each, VectorOperand)
            else [each] * count_entries(shape)
            for each in operands
        ]
        return list(zip(*columns, strict=True))

    def _quote(self, grid: VectorOperand | Constant) -> str:
        """Quote an operand as it was typed; a T that only turns a vector is not quoted."""
        span = self.nodes[grid.node].span if isinstance(grid, VectorOperand) else grid.span
        text = " ".join(self.code.source[slice(*span)].split())
        if isinstance(grid, Constant):
            return make_printable(text)
        name = self.shadow.given.get(grid.node) or self.nodes[grid.node].name or text
        return make_printable(name if len(name) <= LONGEST_QUOTED else f"{name[: LONGEST_QUOTED - 1]}…")

    def _refuse(
        self, grids: Sequence[VectorOperand | Constant], error: ShapeError, span: tuple[int, int]
    ) -> ProgramError:
        """Make the error for shapes that do not fit: both wires are named with their shapes."""
        quoted = [self._quote(grid) for grid in grids]
        shapes = [grid.shape if isinstance(grid, VectorOperand) else () for grid in grids]
        listed = " and ".join(f"{name} is {say_shape(shape)}" for name, shape in zip(quoted, shapes, strict=True))
        bracketed = [name if name.isidentifier() else f"({name})" for name in quoted]
        hint = error.hint.format(*bracketed) or "bpviz gates shows what each operation takes"
        return ProgramError(f"{listed}: {error.what}", place=self.code.place(*span), hint=hint)


def _suggest_fitting(gate: Gate, shapes: Sequence[Shape]) -> str:
    """Suggest what fits entry by entry: a transpose, or a vector along the columns; the operands are {0} and {1}."""
    left, right = shapes
    if left == right[::-1]:
        return f"write {write_expression(gate, ('{0}', '{1}.T'))}"
    if len(left) == MOST_AXES and left[0] == right[0] and len(right) == 1:
        return f"write ({write_expression(gate, ('{0}.T', '{1}'))}).T"
    if len(right) == MOST_AXES and right[0] == left[0] and len(left) == 1:
        return f"write ({write_expression(gate, ('{0}', '{1}.T'))}).T"
    return "give both equally many entries"


def name_entries(name: str, shape: Shape, taken: Mapping[str, object] | set[str]) -> list[str]:
    """Name the scalars that a vector is made of: W_01, or W_0_12 where an index has two digits.

    >>> name_entries("W", (2, 2), {}), name_entries("b", (), {})
    (['W_00', 'W_01', 'W_10', 'W_11'], ['b'])
    """
    if not shape:
        return [name]
    joint = "" if max(shape) <= MOST_SINGLE_DIGITS else "_"
    found = []
    for index in list_indices(shape):
        entry = f"{name}_{joint.join(map(str, index))}"
        while entry in taken:
            entry += "_"
        found.append(entry)
    return found
