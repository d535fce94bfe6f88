"""An order: one output that a file asks for, with everything that it is made from."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from inspect import signature
from typing import Any, NamedTuple, get_type_hints

from bpviz.graph import Graph
from bpviz.lang import parse
from bpviz.names import match_twins

RELEASE = version("bpviz")
NOT_IN_FILES = ("set", "values", "format", "whole", "on_progress")  # the file has other words for them, or no use


class Order(NamedTuple):
    """One table of a file: a figure, a deck, a worksheet, …, and the files that it goes to.

    `kind` is the table's name, and `subject` the text of a program, or the name of a gate. `values` are the table's
    own, numbers or, of a sweep, ranges as typed; `shared` are the file's and hold for those inputs that the program
    has. `outputs` are paths from the working directory, `keys` those of them that hold the keys of a worksheet.
    `problem` says what is wrong with the order and is empty if nothing is.
    """

    kind: str
    label: str
    subject: str = ""
    values: Mapping[str, Any] = {}
    shared: Mapping[str, Any] = {}
    outputs: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    options: Mapping[str, Any] = {}
    problem: str = ""

    @property
    def full_label(self) -> str:
        """How messages name the order: "figure 2, plot.svg"."""
        return f"{self.label}, {self.outputs[0]}" if self.outputs else self.label

    def digest(self) -> str:
        """Return the digest of everything that the output is made from. Another release makes everything again."""
        made_of = [RELEASE, self.kind, self.subject, self.values, self.shared, self.options]
        return compute_digest(json.dumps(made_of, sort_keys=True).encode())

    def read_graph(self) -> Graph:
        """Read the program; raise as parse does."""
        return parse(self.subject, **self.pick(parse), values=[*self.shared, *self.values])

    def find_point(self, graph: Graph) -> dict[str, Any]:
        """Return the values of the inputs: the table's own, and the file's for the inputs that it does not name."""
        names = [*dict.fromkeys((*graph.variable_names, *graph.input_names))]
        shared = {name: value for name, value in match_twins(self.shared, names).items() if name in names}
        return {**shared, **match_twins(self.values, names)}

    def pick(self, function: Callable[..., Any]) -> dict[str, Any]:
        """Return those options that a function takes, by the names of its parameters."""
        parameters = {option: parameter for parameter, option in _name_options(function).items()}
        return {parameters[name]: value for name, value in self.options.items() if name in parameters}


@cache
def list_options(function: Callable[..., Any]) -> Mapping[str, Any]:
    """Return the options of a function, as a file names them, with their types."""
    hints = get_type_hints(function)
    return {option: hints[parameter] for parameter, option in _name_options(function).items()}


@cache
def _name_options(function: Callable[..., Any]) -> Mapping[str, str]:
    """Return the keyword-only parameters of a function, and what a file calls them: for_ is for there."""
    parameters = [each.name for each in signature(function).parameters.values() if each.kind is each.KEYWORD_ONLY]
    return {name: name.rstrip("_") for name in parameters if name not in NOT_IN_FILES}


def compute_digest(data: bytes) -> str:
    """Return what tells some bytes from all others."""
    return sha256(data).hexdigest()
