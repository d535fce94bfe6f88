"""The names of a program as Python identifiers: valid, distinct, and none that the listing itself needs.

A name stays as it is wherever Python allows it. Python compares identifiers in their NFKC form, so two names that look
alike (µ and μ) are one to it and must be told apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bpviz.graph import Graph
from bpviz.names import spell_marks
from bpviz.vectors import VectorGraph

NOT_WORD = re.compile(r"\W")


class Identifiers(NamedTuple):
    """The identifiers of each input and gate and of its gradient, by node, and of the output; and what was renamed."""

    values: Mapping[int, str]
    gradients: Mapping[int, str]
    output: str
    renamings: tuple[str, ...]


def choose_identifiers(graph: Graph, used: Sequence[str], *, is_python: bool = True) -> Identifiers:
    """Choose identifiers for the names of a graph; used are the names that the listing needs for itself.

    If it is in Python, those of the language and its builtins are not chosen either.
    """
    named = {i: node.name for i, node in enumerate(graph.nodes) if node.constant is None}
    output = graph.output_name if graph.nodes[graph.output].gate is None else ""
    return _choose(named, graph.output, output, _list_taken(used, is_python=is_python))


def _list_taken(used: Sequence[str], *, is_python: bool) -> set[str]:
    """List the names that are not free: those that the listing needs, and in Python the language's own."""
    import builtins
    from keyword import kwlist

    return {*kwlist, *dir(builtins), "each", *used} if is_python else {*used}


def choose_vector_identifiers(vectors: VectorGraph, used: Sequence[str], *, is_python: bool = True) -> Identifiers:
    """Choose identifiers for the vectors of a program; a grid of typed numbers is called c."""
    grids = {i: "c" for i, node in enumerate(vectors.nodes) if node.is_constant and node.shape}
    named = {i: grids.get(i, node.name) for i, node in enumerate(vectors.nodes) if i in grids or not node.is_constant}
    chosen = _choose(named, vectors.output, "", _list_taken(used, is_python=is_python))
    renamings = [text for text in chosen.renamings if not text.endswith(" stands for c")]
    return chosen._replace(renamings=tuple(renamings))


def _choose(named: Mapping[int, str], output: int, output_name: str, taken: set[str]) -> Identifiers:
    """Choose identifiers for names by their nodes; output_name is given where the output's node has another name."""
    values: dict[int, str] = {}
    for i, name in named.items():
        values[i] = _take(_make_valid(name), taken)
    result = _take(_make_valid(output_name), taken) if output_name else values[output]
    gradients = {i: _take(f"d{name}", taken, f"d_{name}") for i, name in values.items()}
    if output not in gradients:  # a constant: only the output's name is one
        gradients[output] = _take(f"d{result}", taken, f"d_{result}")
    renamings = [f"{values[i]} stands for {name}" for i, name in named.items() if values[i] != name]
    renamings += [f"{gradients[i]} is the gradient of {named[i]}" for i in values if gradients[i] != f"d{values[i]}"]
    return Identifiers(values, gradients, result, tuple(renamings))


def _take(name: str, taken: set[str], otherwise: str = "") -> str:
    """Take this name, or if it is taken the other one, or else add _ until the name is free."""
    if name in taken and otherwise:
        name = otherwise
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _make_valid(name: str) -> str:
    """Normalize a name as Python does, and replace the characters that Python does not allow."""
    if name.isascii() and name.isidentifier():
        return name
    from unicodedata import normalize

    name = spell_marks(name)  # ŷ is y_hat
    normal = NOT_WORD.sub("_", normalize("NFKC", name))
    if normal.isidentifier():
        return normal
    ascii_only = re.sub(r"[^A-Za-z0-9_]", "_", normal)
    return f"v{ascii_only}" if not ascii_only.isidentifier() else ascii_only
