"""bpviz: an arithmetic expression as the picture of its backpropagation.

Public names, each imported when it is first used: the command line's --help needs none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bpviz.autodiff import Trace, run
    from bpviz.builds import Built, build
    from bpviz.checking import Check
    from bpviz.errors import BpvizError, EvaluationError, OutputError, ProgramError, UsageError
    from bpviz.explore.descents import Descent
    from bpviz.explore.plots import Plot, plot
    from bpviz.explore.sweeps import Sweep
    from bpviz.figure import Figure
    from bpviz.graph import Graph
    from bpviz.lang import parse
    from bpviz.lecture import Deck, Exercise, Worksheets, draw_gate, exercise
    from bpviz.pages.web_page import Page
    from bpviz.shortcuts import check, code, deck, descend, draw, page, steps, sweep, symbolic, table, worksheet
    from bpviz.text.code_compiled import Compiled
    from bpviz.text.compiling import compile  # noqa: A004  the public name

__all__ = [
    "BpvizError",
    "Built",
    "Check",
    "Compiled",
    "Deck",
    "Descent",
    "EvaluationError",
    "Exercise",
    "Figure",
    "Graph",
    "OutputError",
    "Page",
    "Plot",
    "ProgramError",
    "Sweep",
    "Trace",
    "UsageError",
    "Worksheets",
    "build",
    "check",
    "code",
    "compile",
    "deck",
    "descend",
    "draw",
    "draw_gate",
    "exercise",
    "page",
    "parse",
    "plot",
    "run",
    "steps",
    "sweep",
    "symbolic",
    "table",
    "worksheet",
]

_HOMES = {
    "documents.notebooks": ("load_ipython_extension",),  # for %load_ext bpviz
    "autodiff": ("Trace", "run"),
    "builds": ("Built", "build"),
    "checking": ("Check",),
    "errors": ("BpvizError", "EvaluationError", "OutputError", "ProgramError", "UsageError"),
    "explore": ("Descent", "Plot", "Sweep", "plot"),
    "figure": ("Figure",),
    "graph": ("Graph",),
    "lang": ("parse",),
    "lecture": ("Deck", "Exercise", "Worksheets", "draw_gate", "exercise"),
    "pages.web_page": ("Page",),
    "shortcuts": (
        "check",
        "code",
        "deck",
        "descend",
        "draw",
        "page",
        "steps",
        "sweep",
        "symbolic",
        "table",
        "worksheet",
    ),
    "text.code_compiled": ("Compiled",),
    "text.compiling": ("compile",),
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
