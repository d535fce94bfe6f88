"""compile(graph): a function of the inputs that returns the value and the gradients, to the last bit those of run.

The tape in autodiff stays the definition. Compiled code only watches whether every number is finite; where one is
not, or a function has no value, the tape is run and says what is wrong, and where.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bpviz import autodiff
from bpviz.compiled.passes import straight_line
from bpviz.compiled.source import replaced, scalar_function
from bpviz.errors import UsageError
from bpviz.graph import Graph

if TYPE_CHECKING:
    from bpviz.compiled.arrays import ArrayCode

LARGEST = 20_000  # gates whose code Python compiles in about two seconds; more run on the tape, call by call


class Compiled:
    """A program as a function of its inputs, made by compile."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.names = graph.input_names
        self._array_code: ArrayCode | None = None
        defaults = tuple(graph.defaults.get(name) for name in self.names)
        passes = straight_line(graph) if len(graph.steps) <= LARGEST else None
        self._function = scalar_function(passes, self.names, defaults, self._otherwise)

    def __call__(self, /, *values: Any, **inputs: Any) -> tuple[Any, dict[str, Any]]:
        """Return the value and {input: gradient}; inputs by name, or in the order of names, or from the program.

        Of floats they are floats, to the last bit those of bpviz.run, and every error is its error. NumPy arrays are
        broadcast, and all results are of the common shape. Arithmetic is that of floats there too, other gates agree
        with floats to 8 units in the last place between 1e-300 and 1e300. At a point that has no value it is nan, and
        so are all gradients; a gradient that is not defined is nan, and one that overflows infinite, as at a pole.
        """
        try:
            return self._function(*values, **inputs)  # type: ignore[no-any-return]
        except TypeError:
            self._check_names(values, inputs)
            raise

    def __repr__(self) -> str:
        """Return how it is called."""
        return f"<compiled {self.graph.output_name}({', '.join(self.names)})>"

    def _check_names(self, values: tuple[Any, ...], inputs: Mapping[str, Any]) -> None:
        """Raise UsageError for a value too many, an input that is none, or one that is given twice."""
        if len(values) > len(self.names):
            what = f"{self.graph.output_name} has {len(self.names)} inputs, and not {len(values)}"
            raise UsageError(what, hint=autodiff.known_inputs(self.names))
        for name in self.names[: len(values)]:
            if name in inputs:
                raise UsageError(f"{name} is given twice", hint="by its place, or by its name")
        for name in inputs:
            if name not in self.names:
                raise UsageError(f"no input is called {name}", hint=autodiff.known_inputs(self.names))

    def _otherwise(self, *values: Any) -> tuple[Any, dict[str, Any]]:
        """Return the results for what compiled code leaves: arrays, numbers that are no floats, and no numbers."""
        if any(getattr(value, "shape", ()) for value in values):
            return self._arrays(values)
        given = {name: value for name, value in zip(self.names, values, strict=True) if value is not None}
        point = autodiff.bind(self.graph, given)
        if any(type(value) is not float for value in values):
            return self(*point.values())
        trace = autodiff.run(self.graph, point)
        gradients = [trace.gradients[i] for i in self.graph.inputs]
        return trace.values[self.graph.output], dict(zip(self.names, gradients, strict=True))

    def _arrays(self, values: tuple[Any, ...]) -> tuple[Any, dict[str, Any]]:
        if self._array_code is None:
            from bpviz.compiled.arrays import ArrayCode

            self._array_code = ArrayCode(self.graph, self.names, replaced(self._function, lambda *_: None))
        filled = [
            self.graph.defaults.get(name) if value is None else value
            for name, value in zip(self.names, values, strict=True)
        ]
        return self._array_code.run(filled)


def compile(graph: Graph) -> Compiled:  # noqa: A001 - the public name, as in re.compile
    """Return a graph as a function of its inputs, in straight-line code that is made once.

    A graph of more than 20,000 gates is not compiled for floats, but run, which gives the same more slowly.

    >>> from bpviz import parse
    >>> f = compile(parse("q = x + y; f = q*z"))
    >>> f(x=-2.0, y=5.0, z=-4.0)
    (-12.0, {'x': -4.0, 'y': -4.0, 'z': 3.0})
    """
    if not isinstance(graph, Graph):  # from untyped code: a program's text, most likely
        raise UsageError(f"{graph!r:.60} is no graph", hint="make one of a program's text first: compile(parse(text))")
    return Compiled(graph)
