"""compile(graph) of a program with vectors: its NumPy listing, executed.

Where a line overflows, underflows or has no value, the tape of scalars is run instead, which has the accurate functions
and says what is wrong; so it is without NumPy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from importlib.util import find_spec
from typing import Any

from bpviz.autodiff import bind, run
from bpviz.formula.languages import add_plainly
from bpviz.formula.printing import show
from bpviz.formula.tree import Atom, read, substitute
from bpviz.text.code_compiled import NO_VALUE, Compiled
from bpviz.text.code_grids import NUMPY_GRIDS
from bpviz.text.code_lines import bracket, indent
from bpviz.text.code_names import choose_vector_identifiers
from bpviz.text.code_vector_listings import VectorListing
from bpviz.text.code_vectors import GridLineWriter, VectorStaging
from bpviz.vectors import VectorGraph, nest


class CompiledVectors(Compiled):
    """A program with vectors as a function of them."""

    def __repr__(self) -> str:
        return f"<compiled {self.graph.output_name}({', '.join(self.graph.variable_names)})>"

    def __call__(self, /, *values: Any, **inputs: Any) -> tuple[Any, dict[str, Any]]:
        """Return the value and {input: gradient}, each gradient in the shape of its input.

        A vector is a list, a matrix a list of rows, and so are their gradients; of an array the gradient is one. It is
        one point that is computed: for arrays of points compile graph.unroll(), whose inputs are the entries.
        """
        given = {**self._name(values, inputs, self.graph.variable_names), **inputs}
        point = bind(self.graph, given)
        value, gradients = self._compute(point) or self._run(point)
        for name, gradient in gradients.items():
            if not hasattr(given.get(name), "tolist") and hasattr(gradient, "tolist"):
                gradients[name] = gradient.tolist()
        return value, gradients

    @property
    def vectors(self) -> VectorGraph:
        """The vectors of the program."""
        assert self.graph.vectors
        return self.graph.vectors

    def _compute(self, point: dict[str, float]) -> tuple[float, dict[str, Any]] | None:
        """Return what the listing gives; None where it is not all finite, or cannot be computed."""
        if self._has_listing:
            import numpy as np

            nodes = [self.vectors.nodes[i] for i in self.vectors.inputs]
            entries = [[point[self.graph.nodes[entry].name] for entry in node.entries] for node in nodes]
            arrays = [np.array(nest(own, node.shape)) for own, node in zip(entries, nodes, strict=True)]
            try:
                with np.errstate(all="raise"):
                    value, gradients, check = self._listing(*[array[()] for array in arrays])
                if np.isfinite(check) and all(np.isfinite(gradient).all() for gradient in gradients):
                    names = self.graph.variable_names
                    return float(np.ravel(value)[0]), dict(zip(names, map(_own_float, gradients), strict=True))
            except NO_VALUE:  # NumPy's FloatingPointError is an ArithmeticError
                pass
        return None

    @cached_property
    def _has_listing(self) -> bool:
        """Whether there is NumPy, and no gate was taken apart, whose domain the listing would not ask for."""
        return not self.graph.requirements and find_spec("numpy") is not None

    def _run(self, point: dict[str, float]) -> tuple[float, dict[str, Any]]:
        trace = run(self.graph, point)
        return trace.values[self.graph.output], {name: trace.gradient(name) for name in self.graph.variable_names}

    @cached_property
    def _listing(self) -> Callable[..., Any]:
        """The function of the inputs that returns the value, the gradients, and what is finite where all values are."""
        import math

        import numpy as np

        style = replace(
            NUMPY_GRIDS.dialect.style, functions={**NUMPY_GRIDS.dialect.style.functions, "fsum": add_plainly}
        )
        dialect = replace(NUMPY_GRIDS.dialect, style=style)
        names = choose_vector_identifiers(self.vectors, (*dialect.names, *NUMPY_GRIDS.helpers, "check"))
        staging = VectorStaging(self.graph, None, names, dialect, is_accurate=True)
        listing = VectorListing(self.graph, None, staging, GridLineWriter(staging, NUMPY_GRIDS))
        checked = " + ".join([f"np.sum({names.values[i]})" for i in self.vectors.operation_ids] or ["0.0"])
        gradients = "".join(f"{names.gradients[i]}, " for i in self.vectors.inputs)
        body = [
            *listing.write_forward(),
            *listing.write_backward(),
            f"check = {checked}",
            *_write_domains(staging),
            f"return {names.output}, ({gradients}), check",
        ]
        head = bracket("def listing(", [names.values[i] for i in self.vectors.inputs], "):")
        space: dict[str, Any] = {"np": np, "math": math}
        exec("\n".join([*NUMPY_GRIDS.helpers.values(), *head, *indent(body)]), space)
        made: Callable[..., Any] = space["listing"]
        return made


def _own_float(gradient: Any) -> Any:
    return gradient if getattr(gradient, "shape", ()) else float(gradient)


def _write_domains(staging: VectorStaging) -> list[str]:
    """Write the lines that ask for the domains of gates whose formulas have a number outside of them."""
    lines = []
    for i in staging.forward:
        if condition := staging.gate(i).accurate.defined:
            formula = substitute(read(condition), staging.operands(i), Atom(""))
            lines.append(f"check = check + np.sum(np.where({show(formula, staging.dialect.style)}, 0.0, np.nan))")
    return lines
