"""bpviz: an arithmetic expression as the picture of its backpropagation.

Public names, each imported when it is first used: the command line's --help needs none of them.
"""

from __future__ import annotations

from bpviz.records import TYPE_CHECKING

if TYPE_CHECKING:
    from bpviz.api import Figure, draw
    from bpviz.autodiff import Trace, run
    from bpviz.building.builds import Built, build
    from bpviz.compiled import Compiled, compile  # noqa: A004 - the public name, as in re.compile
    from bpviz.errors import BpvizError, EvaluationError, OutputError, ProgramError, UsageError
    from bpviz.explore.descents import Descent
    from bpviz.explore.sweeps import Sweep
    from bpviz.graph import Graph
    from bpviz.lang import parse
    from bpviz.plots import Plot, descend, plot, sweep
    from bpviz.slides import Deck, deck
    from bpviz.texts import Check, check, code, steps, symbolic, table

__all__ = [
    "BpvizError",
    "Built",
    "Check",
    "Compiled",
    "Deck",
    "Descent",
    "EvaluationError",
    "Figure",
    "Graph",
    "OutputError",
    "Plot",
    "ProgramError",
    "Sweep",
    "Trace",
    "UsageError",
    "build",
    "check",
    "code",
    "compile",
    "deck",
    "descend",
    "draw",
    "parse",
    "plot",
    "run",
    "steps",
    "sweep",
    "symbolic",
    "table",
]

_HOMES = {
    "api": ("Figure", "draw"),
    "autodiff": ("Trace", "run"),
    "building.builds": ("Built", "build"),
    "compiled": ("Compiled", "compile"),
    "errors": ("BpvizError", "EvaluationError", "OutputError", "ProgramError", "UsageError"),
    "explore.descents": ("Descent",),
    "explore.sweeps": ("Sweep",),
    "graph": ("Graph",),
    "lang": ("parse",),
    "plots": ("Plot", "descend", "plot", "sweep"),
    "slides": ("Deck", "deck"),
    "texts": ("Check", "check", "code", "steps", "symbolic", "table"),
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    for module, names in _HOMES.items():
        if name in names:
            found = globals()[name] = getattr(import_module(f"bpviz.{module}"), name)
            return found
    raise AttributeError(f"module 'bpviz' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
