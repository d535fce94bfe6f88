"""Claims about whole vectors: W = [[.088, .176], [.104, .208]], ∂f/∂x = [−.112, .636], a matrix from LaTeX or NumPy.

Each entry is a claim of its own, as precise as it is written; what is claimed of one entry, W[0, 1] = 0.176, is read as
any claim about a number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bpviz.checking.claims import (
    DECIMAL,
    GRADIENT,
    NUMBERED,
    SLOPE,
    Claim,
    read_claims,
    read_head,
    read_number,
    simplify_latex,
    split_claims,
    split_head,
    split_outside,
)
from bpviz.checking.entry_names import show_entries, spell_entries
from bpviz.errors import UsageError
from bpviz.graph import Graph
from bpviz.grouping import group
from bpviz.limits import DEFAULT, Limits
from bpviz.vectors import Shape, say_shape

LATEX_MATRIX = re.compile(r"\\begin\{[bp]?matrix\}(?P<rows>.*?)\\end\{[bp]?matrix\}", re.DOTALL)
WRAPPED = re.compile(r"(?:np\.|numpy\.|torch\.)?(?:array|tensor)\s*\((?P<grid>.*)\)", re.DOTALL)
COMMA, SEMICOLON, SPACE = re.compile(r"\s*,\s*"), re.compile(r"\s*;\s*"), re.compile(r"\s+")
FLOAT_ERROR = 1e-12
EXAMPLE = "[[1, 2], [3, 4]]"


class VectorClaim(NamedTuple):
    """Numbers that somebody takes for the gradient, or the value, of a vector.

    node is that of the vector, shape that of what is claimed, and entries are what is claimed of each, row by row, for
    the node of that entry where the shape is right.
    """

    node: int
    text: str
    shape: Shape
    entries: tuple[Claim, ...]
    quantity: str = GRADIENT


def read_vector_claims(graph: Graph, text: str, limits: Limits = DEFAULT) -> list[Claim | VectorClaim]:
    """Read a text of claims about a graph with vectors, each about a vector, an entry or a number.

    Raises UsageError for anything else.
    """
    claims: list[Claim | VectorClaim] = []
    for each in split_claims(NUMBERED.sub("", _read_latex(text))):
        head, relation, claimed = split_head(each)
        grid = _unwrap(claimed)
        if relation and grid.startswith("["):
            claims.append(_read_grid(graph, head, grid, limits))
            continue
        _refuse_number(graph, head, claimed)
        found = read_claims(graph, spell_entries(graph, each), limits)
        claims += [claim._replace(text=show_entries(graph, claim.text)) for claim in found]
    return claims


def _read_latex(text: str) -> str:
    """Write a matrix in LaTeX as rows: [a, b; c, d]."""
    return LATEX_MATRIX.sub(lambda found: f"[{found['rows'].replace('&', ',').replace(chr(92) * 2, ';')}]", text)


def _unwrap(text: str) -> str:
    found = WRAPPED.fullmatch(text.strip().strip("$"))
    return (found["grid"] if found else text.strip().strip("$")).strip()


def _read_grid(graph: Graph, head: str, text: str, limits: Limits) -> VectorClaim:
    """Read what is claimed of a whole vector."""
    vectors = group(graph)
    assert graph.vectors
    found = SLOPE.fullmatch(simplify_latex(head.strip().strip("$")))
    if found and found["of"] != graph.output_name:
        hint = f"write ∂{graph.output_name}/∂{found['by']} for the gradient of {found['by']}"
        raise UsageError(f"gradients are those of {graph.output_name}, and not of {found['of']}", hint=hint)
    node, quantity, _ = read_head(vectors, head)
    own = graph.vectors.nodes[node]
    shape, cells = _read_cells(text, own.name)
    if not own.shape and len(cells) == 1:
        shape = own.shape
    is_alike = shape == own.shape or (len(cells) == len(own.entries) and _is_lying(shape, own.shape))
    entries = []
    for k, cell in enumerate(cells):
        value, precision = read_number(cell, f"the claim for {own.name}", limits)
        entry = own.entries[k] if is_alike else own.entries[0]
        precision = max(precision, FLOAT_ERROR * abs(value))  # of numbers that are pasted as a program printed them
        entries.append(Claim(entry, cell, value, precision, not DECIMAL.fullmatch(cell), quantity))
    return VectorClaim(node, " ".join(text.split()), own.shape if is_alike else shape, tuple(entries), quantity)


def _is_lying(claimed: Shape, own: Shape) -> bool:
    """Say whether one is a vector and the other the same as a column or a row."""
    return {len(claimed), len(own)} == {1, 2} and 1 in (claimed if len(claimed) == 2 else own)


def _read_cells(text: str, name: str) -> tuple[Shape, list[str]]:
    """Return the shape and the cells of a grid as typed: [[1, 2], [3, 4]], [1, 2; 3, 4] or NumPy's [[1 2] [3 4]]."""
    if not (text.startswith("[") and text.endswith("]")):
        raise UsageError(f"the claim for {name}: {text:.40} is no vector", hint=f"write it as [1, 2] or {EXAMPLE}")
    inside = text[1:-1].strip()
    lines = [row for row in split_outside(SEMICOLON, inside) if row.strip()]
    rows = [f"[{row}]" for row in lines] if len(lines) > 1 else _split(inside)
    if not any(row.startswith("[") for row in rows):
        return (len(rows),), rows
    cells = [_split(row.strip()[1:-1].strip()) if row.startswith("[") else [row] for row in rows]
    if len({len(row) for row in cells}) > 1 or any(cell.startswith("[") for row in cells for cell in row):
        raise UsageError(
            f"the claim for {name}: the rows of {text:.40} have different lengths", hint=f"write it as {EXAMPLE}"
        )
    return (len(cells), len(cells[0])), [cell for row in cells for cell in row]


def _split(text: str) -> list[str]:
    """Split a list at its commas, or where it has none at its spaces."""
    for separator in (COMMA, SPACE):
        pieces = [piece.strip() for piece in split_outside(separator, text) if piece.strip()]
        if len(pieces) > 1:
            return pieces
    return pieces


def _refuse_number(graph: Graph, head: str, claimed: str) -> None:
    """Raise UsageError for one number that is claimed of a whole vector."""
    assert graph.vectors
    name = simplify_latex(head.strip().strip("$")).rpartition("/")[2].lstrip("∂d ").removesuffix(".grad")
    node = graph.vectors.find(name)
    if claimed and node is not None and graph.vectors.nodes[node].shape:
        own = graph.vectors.nodes[node]
        first = ", ".join("0" for _ in own.shape)
        raise UsageError(
            f"{name} is {say_shape(own.shape)}, and {claimed.strip()} is one number",
            hint=f"write all of its entries, as in {name} = {_sketch(own.shape)}, or of which it is: {name}[{first}] = "
            f"{claimed.strip()}",
        )


def _sketch(shape: Sequence[int]) -> str:
    return EXAMPLE if len(shape) == 2 else "[1, 2]"
