"""The derivation of a program with vectors: a line for each vector operation, its rule in matrix notation.

The numbers are those of the scalar passes; what a line says is that the rule gives them. A gate works entry by entry:
local gradient ⊙ upstream gradient, and where an operand was repeated to fit, what its copies get adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isinf

from bpviz.autodiff import Trace
from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import LETTERS, Atom, Formula, Term, read
from bpviz.gates import GATES, Gate, fill_formula, fill_slope
from bpviz.graph import Graph, Wire, leaf
from bpviz.grouping import GroupedGraph
from bpviz.text.derivation import BRACKETS, DerivationStep, Deriver, Equation, Sentence, has_conditions
from bpviz.text.grid_formulas import (
    is_large,
    list_atoms,
    make_formula,
    make_grid_term,
    make_numbers,
    shorten,
    turn,
    write_axis,
)
from bpviz.text.number_derivation import gives_as_printed
from bpviz.text.printed_arithmetic import (
    choose_rounding,
    compute_grid,
    grid_holds_as_printed,
    grid_rounds_to,
    read_printed,
)
from bpviz.vectors import Shape, VectorNode, VectorNumbers, VectorOperation, VectorWire, say_shape
from bpviz.vectors.rule_numbers import (
    ONES,
    OPERATORS,
    UNIT,
    UPSTREAM,
    Grid,
    evaluate,
    fill_rule,
    make_grid,
    mark_entrywise,
)
from bpviz.vectors.vector_row import OF_PLAN, MatrixRules, Unrolling

RESULT = "z"
WITH_AXIS = ("sum", "mean", "prod", "max", "min", "logsumexp", "others")  # whose second operand is an axis
SAME_SHAPE = "Every gradient has the shape of its variable."
PLACE = "e is 1 at the place that is taken, and 0 elsewhere."


@dataclass(frozen=True)
class VectorDeriver(Deriver):
    """Makes the lines of a derivation with vectors, in symbols."""

    graph: GroupedGraph

    def get_node(self, node: int) -> VectorNode:
        """Return a vector node."""
        return self.graph.grid.nodes[node]

    @property
    def scalars(self) -> Graph:
        """The graph of the entries."""
        assert self.graph.scalars
        return self.graph.scalars

    @property
    def rows(self) -> frozenset[int]:
        """The vectors that lie as rows."""
        return self.graph.rows

    def list_wires(self, node: int) -> tuple[Wire, ...]:
        """List the wires into an operation; a typed vector needs no gradient."""
        return tuple(wire for wire in self.graph.wires_into(node) if not self.get_node(wire.source).is_constant)

    def write_operand(self, node: int) -> Formula:
        """Write an operand: its name, or the numbers of a constant."""
        own = self.get_node(node)
        if not own.is_constant:
            return Atom(own.name)
        leaves = [leaf(self.scalars.nodes[entry], self.rounding) for entry in own.entries]
        return make_grid_term(leaves, own.shape, is_row=node in self.rows) if own.shape else leaves[0]

    def write_formula(self, node: int) -> Formula:
        """Write what an operation computes."""
        own = self.get_node(node)
        if isinstance(own.operation, Gate):
            leaves, names = self.name_operands(node)
            formula = fill_formula(own.operation, leaves, Atom(own.name), mathematics=True)
            return fill_rule(self.mark(node, formula), names)
        forward = self.mark_rule(node, self.find_rules(node).forward)
        operands = [shorten(self.write_operand(i)) for i in own.operands]
        return name_axes(fill_rule(forward, self.name_letters(node), operands))

    def write_product(self, wire: Wire) -> Formula:
        """Write what comes back along a wire: by a vector operation's rule, of a gate local ⊙ upstream."""
        up = self.write_derivative(wire.target)
        if isinstance(self.get_node(wire.target).operation, VectorOperation):
            return name_axes(fill_rule(self.find_rule(wire), {**self.name_letters(wire.target), UPSTREAM: up}))
        return self.multiply(wire, self.write_slope(wire), up)

    def write_slope(self, wire: Wire) -> Formula:
        """Write the local gradient of a gate in symbols."""
        own = self.get_node(wire.target)
        assert isinstance(own.operation, Gate)
        leaves, names = self.name_operands(wire.target)
        return fill_rule(self.mark(wire.target, fill_slope(own.operation, wire.slot, leaves, Atom(own.name))), names)

    def multiply(self, wire: Wire, local: Formula, up: Formula) -> Formula:
        """Multiply a local gradient of a gate with the upstream one, and add up what the copies of an operand get."""
        source, target = self.get_node(wire.source), self.get_node(wire.target)
        product: Formula = Term("*" if not target.shape or self.is_number(wire) else "⊙", (local, up))
        axes = list_repeated(source.shape, target.shape)
        if not axes:
            return product
        if isinstance(local, Atom) and local.value == 1:  # what is only added up needs no factor
            product = up
        return Term("sum", (product, write_axis(axes[0])) if len(axes) < len(target.shape) else (product,))

    def is_number(self, wire: Wire) -> bool:
        """Say whether a gate's local gradient is the same number for all entries."""
        own = self.get_node(wire.target)
        assert isinstance(own.operation, Gate)
        leaves, _ = self.name_operands(wire.target)
        grids = {atom.text for atom, i in zip(leaves, own.operands, strict=True) if self.get_node(i).shape}
        return _find_names(fill_slope(own.operation, wire.slot, leaves, Atom(own.name))).isdisjoint({*grids, own.name})

    # the letters and names of formulas

    def find_rules(self, node: int) -> MatrixRules:
        """Find the rules of a vector operation, for its shapes."""
        own = self.get_node(node)
        assert isinstance(own.operation, VectorOperation)
        turned = own.transposed or (False,) * len(own.operands)
        return own.operation.rules([self.get_node(i).shape for i in own.operands], own.arguments, turned)

    def find_rule(self, wire: Wire) -> Formula:
        """Find the rule of the gradient that comes back along a wire."""
        backward = self.find_rules(wire.target).backward
        return self.mark_rule(wire.target, backward[wire.slot if len(backward) > 1 else 0])

    def mark_rule(self, node: int, text: str) -> Formula:
        """Read a rule, in which the product of grids is told from that with a number."""
        own = self.get_node(node)
        shapes = dict(zip(LETTERS, (self.get_node(i).shape for i in own.operands), strict=False))
        shapes |= {RESULT: own.shape, UPSTREAM: own.shape, ONES: (1,)}
        return mark_entrywise(read(text), lambda atom: not shapes[atom.text])

    def mark(self, node: int, formula: Formula) -> Formula:
        """Tell the product of grids in a gate's formula from that with a number."""
        own = self.get_node(node)
        leaves, _ = self.name_operands(node)
        shapes = {atom.text: self.get_node(i).shape for atom, i in zip(leaves, own.operands, strict=True)}
        return mark_entrywise(formula, lambda atom: not {**shapes, own.name: own.shape}.get(atom.text))

    def name_operands(self, node: int) -> tuple[list[Atom], dict[str, Formula]]:
        """Return atoms for the operands of a gate, and what stands for those that are constants of several numbers."""
        leaves, names = list[Atom](), dict[str, Formula]()
        for slot, i in enumerate(self.get_node(node).operands):
            operand = self.write_operand(i)
            leaves.append(operand if isinstance(operand, Atom) else Atom(f"{slot}"))
            if not isinstance(operand, Atom):
                names[f"{slot}"] = shorten(operand)
        return leaves, names

    def name_letters(self, node: int) -> dict[str, Formula]:
        """Return what stands for the letters of a vector operation's rules."""
        own = self.get_node(node)
        operands = dict(zip(LETTERS, (shorten(self.write_operand(i)) for i in own.operands), strict=False))
        return {**operands, RESULT: Atom(own.name), ONES: Term(ONES, ())}

    # sentences

    def remark_on(self, node: int, products: Sequence[Equation]) -> list[Sentence]:
        """Explain square brackets, say what holds at a kink, and what was repeated to fit."""
        remarks = [Sentence((BRACKETS,))] if has_conditions(products) else []
        own = self.get_node(node)
        if isinstance(own.operation, Gate) and own.operation.rule:
            remarks.append(Sentence((f"At a kink no derivative exists: {own.operation.rule}.",)))
        return [*remarks, *self.remark_on_copies(node)]

    def remark_on_copies(self, node: int) -> list[Sentence]:
        """Say which operands of a gate were repeated to fit, and what e is in a rule."""
        own, found = self.get_node(node), []
        if isinstance(own.operation, VectorOperation) and any(UNIT in each for each in self.find_rules(node).backward):
            found.append(Sentence((PLACE,)))
        if isinstance(own.operation, Gate):
            for wire in self.graph.wires_into(node):
                source = self.get_node(wire.source)
                if list_repeated(source.shape, own.shape):
                    why = f" is repeated to {say_shape(own.shape)}, so what its copies get adds up."
                    found.append(Sentence((Atom(source.name), why)))
        return found

    def _begin_backward(self) -> DerivationStep:
        step = super()._begin_backward()
        return step._replace(lines=(*step.lines, Sentence((SAME_SHAPE,))))


@dataclass(frozen=True)
class VectorNumberDeriver(VectorDeriver):
    """Makes the lines of a derivation with vectors, with the numbers put in."""

    trace: Trace

    @property
    def numbers(self) -> VectorNumbers:
        """The numbers of the vector nodes."""
        assert self.trace.vectors
        return self.trace.vectors

    @property
    def computed(self) -> VectorNumbers:
        """The numbers before those that are nothing but rounding error were made 0."""
        numbers = (self.trace.unrounded or self.trace).vectors
        assert numbers
        return numbers

    def remark_on_missing(self, program: Graph) -> tuple[Sentence, ...]:
        """Say nothing: there are numbers."""
        return ()

    def write_number(self, node: int) -> Formula:
        """Write the value of a node."""
        return shorten(self.make(node, self.numbers.value(node)))

    def make(self, node: int, numbers: Sequence[float], *, is_row: bool | None = None) -> Formula:
        """Make the formula of numbers of a node, which lies as everywhere if is_row does not say how."""
        lies = node in self.rows if is_row is None else is_row
        return make_numbers(numbers, self.get_node(node).shape, self.rounding, is_row=lies)

    def write_value(self, node: int) -> Equation:
        """Write how the value of an operation is computed of those of its operands."""
        own, values = self.get_node(node), self.numbers.value(node)
        result = self.make(node, values, is_row=self.find_lie(node, RESULT))
        is_noise = values != self.computed.value(node)
        equation = super().write_value(node)
        if isinstance(own.operation, Gate):
            numbers = self.put_into_gate(node)
            is_exact = self.gate_holds(node, result)
            return self.put_in(equation, numbers, result, is_exact=is_exact, is_noise=is_noise)
        forward = self.mark_rule(node, self.find_rules(node).forward)
        if own.moves:
            return self.put_in(equation, None, result, is_exact=True, is_noise=is_noise)
        numbers = name_axes(self.put_into_rule(node, forward, own.shape, evaluates=False))
        is_exact = self.plan_holds(node, numbers, result)
        return self.put_in(equation, numbers, result, is_exact=is_exact, is_noise=is_noise)

    def write_chain_rule(self, wire: Wire) -> Equation:
        """Write what comes back along a wire, in symbols and in numbers."""
        target = self.get_node(wire.target)
        added = self.numbers.contribution(VectorWire(*wire))
        is_noise = added != self.computed.contribution(VectorWire(*wire))
        gradient, lies = self.numbers.gradient(wire.target), self.find_lie(wire.target, RESULT)
        up = self.make(wire.target, gradient, is_row=lies)
        if isinstance(target.operation, Gate):
            numbers = self.multiply(wire, self.put_local(wire), up)
        else:
            numbers = self.put_into_rule(wire.target, self.find_rule(wire), self.get_node(wire.source).shape)
        result = self.make(wire.source, added, is_row=self.find_lie(wire.target, LETTERS[wire.slot : wire.slot + 1]))
        is_exact = grid_holds_as_printed(numbers, result, self.rounding)
        return self.put_in(super().write_chain_rule(wire), numbers, result, is_exact=is_exact, is_noise=is_noise)

    def write_sum(self, node: int) -> Equation:
        """Write a node's gradient as the sum of the grids that its wires bring."""
        parts = [self.numbers.contribution(VectorWire(*wire)) for wire in self.graph.wires_from[node]]
        numbers = Term("terms", tuple(self.make(node, part) for part in parts))
        total = self.numbers.gradient(node)
        result = self.make(node, total)
        equation = Equation(self.write_derivative(node), "", None, None, True, None)
        is_exact = grid_holds_as_printed(numbers, result, self.rounding)
        return self.put_in(equation, numbers, result, is_exact=is_exact, is_noise=total != self.computed.gradient(node))

    def put_in(
        self, equation: Equation, numbers: Formula | None, result: Formula, *, is_exact: bool, is_noise: bool
    ) -> Equation:
        """Put numbers and their result into an equation; what is too large to be read is left out."""
        texts = [show(each, TEXT) for each in (numbers, equation.symbols, result) if each]
        if numbers and (is_large(numbers) or is_large(result) or texts.count(texts[0]) > 1):
            numbers = None
        return equation._replace(numbers=numbers, is_exact=is_exact, result=shorten(result), is_noise=is_noise)

    def remark_on(self, node: int, products: Sequence[Equation]) -> list[Sentence]:
        """Say which rule was taken at a kink, or explain square brackets; and tell of a local gradient of ∞."""
        own, values = self.get_node(node), self.trace.values
        kinks = [i for i in own.members if self.scalars.is_at_kink(i, values)]
        remarks = [Sentence((BRACKETS,))] if has_conditions(products) else []
        if kinks:
            gate = self.scalars.nodes[kinks[0]].gate
            where = "Some entry is at a kink" if own.shape else "This is a kink"
            remarks.append(Sentence((f"{where}, where no derivative exists: {gate.rule if gate else ''}.",)))
        if any(isinf(slope) for i in own.members for slope in self.trace.local[i]):
            remarks.append(Sentence(("A local gradient is infinite here.",)))
        return [*remarks, *self.remark_on_copies(node)]

    # numbers in place of letters and names

    def find_lie(self, node: int, letter: str) -> bool | None:
        """Say whether the vector that a letter of a rule stands for lies as a row; None for a gate, which has none."""
        if isinstance(self.get_node(node).operation, VectorOperation):
            return bool(letter) and letter in self.find_rules(node).rows
        return None

    def put_into_gate(self, node: int) -> Formula:
        """Put the values of its operands into a gate's formula."""
        own = self.get_node(node)
        assert isinstance(own.operation, Gate)
        leaves, names = self.name_operands(node)
        marked = self.mark(node, fill_formula(own.operation, leaves, Atom(own.name), mathematics=True))
        for wire in self.graph.wires_into(node):
            if not self.get_node(wire.source).is_constant:
                value = self.make(wire.source, self.numbers.value(wire.source))
                names[leaves[wire.slot].text] = value
        return fill_rule(marked, {**names, own.name: self.make(node, self.numbers.value(node))})

    def put_local(self, wire: Wire) -> Formula:
        """Write the numbers of a gate's local gradient: one number where all are the same by its formula."""
        target = self.get_node(wire.target)
        slopes = [self.trace.local[gate][slot] for _, gate, slot in target.uses[wire.slot]]
        shape = () if self.is_number(wire) else target.shape
        return make_numbers(slopes, shape, self.rounding, is_row=wire.target in self.rows)

    def put_into_rule(self, node: int, rule: Formula, shape: Shape, *, evaluates: bool = True) -> Formula:
        """Put numbers into a rule; what is no arithmetic, such as a softmax, is worked out if evaluates says so."""
        own, rows = self.get_node(node), self.find_rules(node).rows
        values = {letter: (i, self.numbers.value(i)) for letter, i in zip(LETTERS, own.operands, strict=False)}
        values[RESULT] = node, self.numbers.value(node)
        values[UPSTREAM] = node, self.numbers.gradient(node)
        names, grids = dict[str, Formula](), dict[str, Grid]()
        for letter, (i, numbers) in values.items():
            is_row = (RESULT if letter == UPSTREAM else letter) in rows
            names[letter] = self.make(i, numbers, is_row=is_row)
            grids[letter] = make_grid(numbers, self.get_node(i).shape, is_row=is_row)

        def put(formula: Formula) -> Formula:
            if isinstance(formula, Atom) and formula.text != ONES:
                return names.get(formula.text, formula)
            if isinstance(formula, Term) and (formula.head in OPERATORS or not evaluates):
                parts = tuple(map(put, formula.parts))
                return turn(parts[0]) if formula.head == "T" else Term(formula.head, parts)
            return make_formula(evaluate(formula, grids, shape), shape, self.rounding)

        return put(rule)

    def gate_holds(self, node: int, result: Formula) -> bool:
        """Say whether the printed operands of a gate give its printed result, entry by entry."""
        own = self.get_node(node)
        assert isinstance(own.operation, Gate)
        operands = [list_atoms(self.print_operand(i)) for i in own.operands]
        rounding = choose_rounding(result, self.rounding)
        for k, atom in enumerate(list_atoms(result)):
            picked = [atoms[uses[k].entry] for atoms, uses in zip(operands, own.uses, strict=True)]
            if not gives_as_printed(own.operation, picked, atom, rounding):
                return False
        return True

    def plan_holds(self, node: int, numbers: Formula, result: Formula) -> bool:
        """Say whether the printed operands of a vector operation give its printed result."""
        if compute_grid(numbers) is not None:
            return grid_holds_as_printed(numbers, result, self.rounding)
        own = self.get_node(node)
        assert isinstance(own.operation, VectorOperation)
        operands = [[float(read_printed(atom)) for atom in list_atoms(self.print_operand(i))] for i in own.operands]
        shapes = [self.get_node(i).shape for i in own.operands]
        try:
            computed = run_plan(own.operation.plan(shapes, own.arguments), operands)
        except (ValueError, ArithmeticError):
            return False
        return grid_rounds_to([computed], result, self.rounding)

    def print_operand(self, node: int) -> Formula:
        """Return the numbers of an operand as they are printed; a constant as it was typed."""
        return (
            self.write_operand(node) if self.get_node(node).is_constant else self.make(node, self.numbers.value(node))
        )


def list_repeated(shape: Shape, result: Shape) -> list[int]:
    """List the axes of a result along which something of another shape is repeated.

    >>> list_repeated((3,), (2, 3)), list_repeated((), (2, 3)), list_repeated((2, 3), (2, 3))
    ([0], [0, 1], [])
    """
    padded = (1,) * (len(result) - len(shape)) + shape
    is_missing = [axis < len(result) - len(shape) for axis in range(len(result))]
    return [
        axis for axis, (own, other) in enumerate(zip(padded, result, strict=True)) if own != other or is_missing[axis]
    ]


def name_axes(formula: Formula) -> Formula:
    """Write the numbers of axes as they are typed: sum(M, axis=0) for sum(M, 0)."""
    if isinstance(formula, Atom):
        return formula
    parts = [name_axes(part) for part in formula.parts]
    if formula.head in WITH_AXIS and isinstance(parts[-1], Atom) and parts[1:] and parts[-1].value is not None:
        parts[-1] = write_axis(int(parts[-1].value))
    return Term(formula.head, tuple(parts))


def run_plan(plan: Unrolling, operands: Sequence[Sequence[float]]) -> list[float]:
    """Compute the entries of an operation's result from those of its operands; raise as its gates do."""
    made: list[float] = []
    for gate, picks in plan.gates:
        made.append(GATES[gate].forward(*(made[k] if i == OF_PLAN else operands[i][k] for i, k in picks)))
    return [made[k] if i == OF_PLAN else operands[i][k] for i, k in plan.entries]


def _find_names(formula: Formula) -> set[str]:
    if isinstance(formula, Atom):
        return set() if formula.value is not None else {formula.text}
    return {name for part in formula.parts for name in _find_names(part)}
