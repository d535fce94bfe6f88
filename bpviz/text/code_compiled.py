"""compile(graph): the listing, executed, as a function of the inputs that gives the value and the gradients.

The lines are those of bpviz code, with the formulas that are right over a gate's whole domain. For floats they are
Python's; where one of them raises, or gives what is no finite number, the tape is run, which has the accurate functions
and says what is wrong. For arrays they are NumPy's, and a point without a value is a gap. Only our own lines are
executed: a user's names are made identifiers first (code_names.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from bpviz.autodiff import bind, list_inputs, run
from bpviz.errors import EvaluationError, UsageError
from bpviz.formula.languages import NUMPY, PYTHON, Dialect, add_plainly
from bpviz.formula.printing import show
from bpviz.formula.products import ONE, ZERO
from bpviz.formula.tree import Atom, Formula, Term, read, substitute
from bpviz.gates import ANY
from bpviz.graph import Graph
from bpviz.text.code_lines import Staging, bracket, indent, write_backward, write_forward
from bpviz.text.code_names import choose_identifiers

MOST_GATES = 20_000  # whose lines Python compiles in some two seconds; a larger graph is run, float by float
BLOCK = 8192  # points that are computed at a time: the numbers of all lines stay in the processor's cache
TERMS = 50  # of a line of the check
LEAST_PRODUCT, MOST_PRODUCT = 1e-290, 1e290  # of operands; between these a product keeps all its digits
NO_VALUE = (ArithmeticError, ValueError, TypeError)  # TypeError: of a complex number, where (−8)^0.5 was asked for


class Compiled:
    """A program as a function of its inputs, made by compile."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def __repr__(self) -> str:
        return f"<compiled {self.graph.output_name}({', '.join(self.graph.input_names)})>"

    def __call__(self, /, *values: Any, **inputs: Any) -> tuple[Any, dict[str, Any]]:
        """Return the value and {input: gradient}; inputs by name, or in the order of their names, or the program's own.

        Of floats they are floats, those of bpviz.run to 10⁻¹² of the largest number that they are made of, and every
        error is run's error. NumPy arrays are broadcast, and all results have the common shape. At a point that has no
        value it is nan, and so are all gradients; one that is not defined is nan, and one at a pole infinite.
        """
        given = {**self._name(values, inputs, self.graph.input_names), **inputs}
        if any(getattr(value, "shape", ()) for value in given.values()):
            return self._evaluate_arrays({**self.graph.defaults, **given})
        point = bind(self.graph, given)
        try:
            value, gradients, check, is_safe = self._in_floats(*point.values())
            if is_safe and all(map(math.isfinite, (check, *gradients))):
                return float(value), dict(zip(point, map(float, gradients), strict=True))
        except NO_VALUE:
            pass  # the run says what is wrong, or does better
        trace = run(self.graph, point)
        return trace.values[self.graph.output], {name: trace.gradients[name] for name in point}

    def _name(self, values: tuple[Any, ...], inputs: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
        """Name values that were given by their place; raise UsageError for one too many, or given twice."""
        if len(values) > len(names):
            what = f"{self.graph.output_name} has {len(names)} inputs, and not {len(values)}"
            raise UsageError(what, hint=list_inputs(self.graph))
        given = dict(zip(names, values, strict=False))
        for name in inputs:
            if name in given:
                raise UsageError(f"{name} is given twice", hint="by its place, or by its name")
            if name not in names:
                raise UsageError(f"no input is called {name}", hint=list_inputs(self.graph))
        return given

    @cached_property
    def _in_floats(self) -> Callable[..., Any]:
        if len(self.graph.gate_ids) > MOST_GATES:
            return lambda *values: (math.nan, (), math.nan, False)
        return _execute(self.graph, PYTHON, {"math": math})

    @cached_property
    def _in_arrays(self) -> Callable[..., Any]:
        import numpy as np

        # fsum is a call a point; what a sum may lose to cancellation is less than 10⁻¹² of its operands
        style = replace(NUMPY.style, functions={**NUMPY.style.functions, "fsum": add_plainly})
        return _execute(self.graph, replace(NUMPY, style=style), {"np": np, "math": math})

    def _evaluate_arrays(self, given: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Evaluate arrays of points, block by block."""
        import numpy as np

        columns = [self._read_column(name, given) for name in self.graph.input_names]
        try:
            shape = np.broadcast_shapes(*[column.shape for column in columns])
        except ValueError:
            different = dict.fromkeys(str(column.shape) for column in columns if column.shape)
            what = f"arrays of the shapes {' and '.join(different)} do not go together"
            raise UsageError(what, hint="give arrays of one shape, or of shapes that NumPy broadcasts") from None
        flat = [np.broadcast_to(column, shape).reshape(-1) if column.shape else column[()] for column in columns]
        size = math.prod(shape)
        value, gradients = np.empty(size), [np.empty(size) for _ in columns]
        with np.errstate(all="ignore"):
            for start in range(0, size, BLOCK):
                block = slice(start, min(start + BLOCK, size))
                at = [column[block] if column.shape else column for column in flat]
                value[block], found, check, is_safe = self._in_arrays(*at)
                for gradient, one in zip(gradients, found, strict=True):
                    gradient[block] = one
                has_value = np.broadcast_to(np.isfinite(check), value[block].shape)
                for results in (value, *gradients):
                    results[block][~has_value] = np.nan
                # 0/0, where a gate may have a rule, and products that leave the floats on the way: seldom many
                undefined = np.isnan([gradient[block] for gradient in gradients]).any(axis=0) & has_value
                again = undefined | ~np.broadcast_to(is_safe, undefined.shape)
                for k in (start + np.flatnonzero(again)).tolist():
                    self._run_one(k, flat, (value, *gradients))
        named = zip(self.graph.input_names, gradients, strict=True)
        return value.reshape(shape), {name: gradient.reshape(shape) for name, gradient in named}

    def _run_one(self, k: int, columns: list[Any], results: Sequence[Any]) -> None:
        """Put in the value and the gradients that the tape has at one point, if it has any there."""
        point = [float(column[k] if column.shape else column) for column in columns]
        try:
            trace = run(self.graph, dict(zip(self.graph.input_names, point, strict=True)))
        except EvaluationError:
            return
        numbers = [trace.values[self.graph.output], *[trace.gradients[i] for i in self.graph.inputs]]
        for result, number in zip(results, numbers, strict=True):
            result[k] = number

    def _read_column(self, name: str, given: Mapping[str, Any]) -> Any:
        import numpy as np

        if name not in given:
            raise UsageError(f"{name} has no value", hint=f"give {name} a number, or an array of them")
        try:
            return np.asarray(given[name], dtype=float)
        except (TypeError, ValueError):
            raise UsageError(f"{name} is no array of numbers", hint=f"give {name} an array of float64") from None


def _execute(graph: Graph, dialect: Dialect, modules: Mapping[str, Any]) -> Callable[..., Any]:
    """Execute the lines of a listing as a function that returns the value, the gradients, a number and a truth value.

    The number is finite where every gate has a value: an infinite one may be hidden, as in 1/(x·x). The truth value is
    false where a gate's own function does better than its formulas: 10⁻²⁰⁰·10⁻²⁰⁰·10³⁰⁰ is 0 in them.
    """
    names = choose_identifiers(graph, (*dialect.names, "check", "safe"))
    staging = Staging(graph, None, names, dialect, is_accurate=True)
    lines = [line.code for line in (*write_forward(staging), *write_backward(staging))]
    gradients = [names.gradients[i] for i in graph.inputs]
    body = [
        *lines,
        *_write_check(staging),
        f"safe = {show(_write_safe(staging), dialect.style)}",
        f"return {names.output}, ({''.join(f'{name}, ' for name in gradients)}), check, safe",
    ]
    function = [*bracket("def listing(", [names.values[i] for i in graph.inputs], "):"), *indent(body)]
    space = dict(modules)
    exec("\n".join(function), space)
    made: Callable[..., Any] = space["listing"]
    return made


def _write_check(staging: Staging) -> list[str]:
    """Write the lines of the number that is finite where every gate has a value."""
    graph, dialect = staging.graph, staging.dialect
    values = [staging.names.values[i] for i in graph.gate_ids] or [staging.names.output]
    lines = [f"check = {' + '.join(values[:TERMS])}"]
    lines += [f"check = check + {' + '.join(values[k : k + TERMS])}" for k in range(TERMS, len(values), TERMS)]
    asked = [(staging.gate(i), staging.operands(i)) for i in graph.gate_ids]
    for gate, operands, _ in graph.requirements:
        asked.append((gate, [staging.operand(i) if isinstance(i, int) else Atom("", i) for i in operands]))
    for gate, atoms in asked:
        if gate.accurate.defined:
            condition = show(substitute(read(gate.accurate.defined), atoms, Atom("")), dialect.style)
            lines.append(
                f"check = check + np.where({condition}, 0.0, np.nan)"
                if dialect.takes_arrays
                else f"check = check if {condition} else math.nan"
            )
    return lines


def _write_safe(staging: Staging) -> Formula:
    """Write where no gate of any number of operands can over- or underflow on the way to its result."""
    conditions: list[Formula] = []
    for i in staging.graph.gate_ids:
        gate = staging.gate(i)
        if gate.arity[1] == ANY and gate.accurate.forward:
            sizes = [Term("abs", (operand,)) for operand in staging.operands(i)]
            large = Term("*", tuple(Term("max", (size, ONE)) for size in sizes))
            not_zero = [Term("+", (size, Term("==", (size, ZERO)))) for size in sizes]
            small = Term("*", tuple(Term("min", (size, ONE)) for size in not_zero))
            conditions += [Term("<", (large, Atom("", MOST_PRODUCT))), Term(">", (small, Atom("", LEAST_PRODUCT)))]
    return Term("*", tuple(conditions)) if conditions else Atom("True")
