"""A' as the transpose of A, where the program has vectors and nothing gives A' a value."""

from __future__ import annotations

from collections.abc import Collection

from bpviz.lang.postfix import Code, Item, Operation, Statement
from bpviz.vectors import VECTOR_OPERATIONS

PRIME = "′"
TRANSPOSED = Operation(VECTOR_OPERATIONS["transpose"], 1)


def read_primes(code: Code, given: Collection[str]) -> Code:
    """Return a program in which A′ is the transpose of A; given are the names of inputs that have a value or a shape.

    A program without vectors stays as it is, and so does a name that has a value.
    """
    assigned = {statement.name for statement in code.statements}
    names = {item: None for item in code.items if isinstance(item, str)}
    known = {*names, *assigned, *given}
    primed = [
        name
        for name in names
        if name.endswith(PRIME) and name not in assigned and name not in given and name.removesuffix(PRIME) in known
    ]
    if not primed or not code.has_vectors:
        return code
    result = Code(code.source)
    result.is_latex, result.raises_e, result.has_vectors = code.is_latex, code.raises_e, True
    result.shapes = code.shapes
    result.warnings = [*code.warnings, *(_tell(name.removesuffix(PRIME)) for name in primed)]
    for statement in code.statements:
        first = len(result.items)
        for k in range(statement.first, statement.stop):
            item: Item = code.items[k]
            if isinstance(item, str) and item in primed:
                result.add(item.removesuffix(PRIME), code.starts[k], code.ends[k] - 1)
                item = TRANSPOSED
            result.add(item, code.starts[k], code.ends[k])
        result.statements.append(
            Statement(statement.name, first, len(result.items), statement.span, statement.name_span)
        )
    return result


def _tell(name: str) -> str:
    return f"note: {name}′ is read as the transpose of {name}; for an input of that name give it a value"
