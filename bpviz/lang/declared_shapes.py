"""Shapes that are declared: W: 2x3 in a program, --shape W=2x3, shapes={"W": (2, 3)}.

They let a program of vectors be drawn, and derived, before it has any values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bpviz.errors import UsageError
from bpviz.lang.bindings import Bindings
from bpviz.lang.postfix import Code
from bpviz.lang.tokens import Token
from bpviz.names import find_nearest, match_twins
from bpviz.vectors import Shape, say_shape
from bpviz.vectors.shapes import MOST_AXES

SIZE = r"[ \t]*([0-9]{1,6})[ \t]*"
WRITTEN = re.compile(rf"{SIZE}(?:(?:[x×*]|by){SIZE})?|[ \t]*\({SIZE}(?:,(?:{SIZE})?)?\)[ \t]*")  # 2x3, 3, (2, 3), (3,)
ENDS = ("newline", "end", "comma", "stop")


def take_declarations(tokens: Sequence[Token], source: str) -> tuple[list[Token], dict[str, Shape]]:
    """Return the tokens of a program without the statements W: 2x3, and the shapes that these declare."""
    if not any(token.kind == "colon" for token in tokens):
        return list(tokens), {}
    out: list[Token] = []
    shapes: dict[str, Shape] = {}
    k, is_start = 0, True
    while k < len(tokens):
        token = tokens[k]
        is_name = is_start and token.kind in ("name", "variable") and tokens[k + 1].kind == "colon"
        match = WRITTEN.match(source, tokens[k + 1].end) if is_name else None
        after = k
        while match and tokens[after].kind != "stop" and tokens[after].start < match.end():
            after += 1
        if match and tokens[after].kind in ENDS:
            shapes[token.text] = read_shape(match[0], token.text)
            k = after + (tokens[after].kind == "comma")
            continue
        out.append(token)
        is_start = token.kind in ("newline", "end")
        k += 1
    return out, shapes


def read_shape(text: str, name: str) -> Shape:
    """Return the shape that is typed for an input: 2x3, 2×3, (2, 3), 3; raise UsageError for what is none.

    >>> read_shape("2x3", "W"), read_shape("(3,)", "x")
    ((2, 3), (3,))
    """
    match = WRITTEN.fullmatch(text.strip())
    shape = tuple(int(size) for size in match.groups() if size) if match else ()
    if not shape or 0 in shape:
        raise UsageError(
            f"{name}: {text.strip()[:40]} is no shape", hint=f"write {name}=2x3 for a matrix, {name}=3 for a vector"
        )
    return shape


def match_shapes(code: Code, bound: Bindings, given: Mapping[str, Sequence[int]]) -> dict[str, Shape]:
    """Return the shapes of the inputs: those that the program declares, and those that are given.

    Raises UsageError for a name that is no input, for what is no shape, and where the two differ.
    """
    names = list(bound.inputs)
    for name in code.shapes:
        if name not in names:
            raise UsageError(f"{name} has a shape and is no input", hint=_list_names(name, names))
    shapes = dict(code.shapes)
    for name, given_shape in match_twins(given, names).items():
        shape = tuple(given_shape)
        if name not in names:
            raise UsageError(f"no input is called {name}", hint=_list_names(name, names))
        if len(shape) > MOST_AXES or any(type(size) is not int or size < 1 for size in shape):
            raise UsageError(
                f"{name}: {given_shape!r:.40} is no shape", hint="write (2, 3) for a matrix, (3,) for a vector"
            )
        if shapes.setdefault(name, shape) != shape:
            what = f"{name} is {say_shape(shapes[name])} in the program, and {say_shape(shape)} is given"
            raise UsageError(what, hint=f"give {name} a value of that shape, or take its shape out of the program")
    return shapes


def _list_names(name: str, names: Sequence[str]) -> str:
    meant = find_nearest(name, names)
    listed = f"the inputs are {', '.join(names)}" if names else "the program has no inputs"
    return f"did you mean {meant}?" if meant else listed
