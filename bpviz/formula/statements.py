"""The statements of a program as they were typed, for titles and comments: what a parser would read stays text."""

from __future__ import annotations

import re

PIECE = r"#[^\n]*|[()\[\];\n]|[^#()\[\];\n]+"  # comments, brackets and ends by themselves


def statements(source: str) -> list[str]:
    """Return the statements of a program, each in one line, without comments.

    >>> statements("w = 2; dot(w, x;  # weights\\n    y, z)")
    ['w = 2', 'dot(w, x; y, z)']
    """
    if not any(mark in source for mark in "#;\n"):  # as on most command lines
        return [" ".join(source.split())] if source.strip() else []
    found, depth = [""], 0
    for piece in re.findall(PIECE, source):
        depth += (piece in "([") - (piece in ")]")
        if piece in ";\n" and depth <= 0:
            found.append("")
        elif not piece.startswith("#"):
            found[-1] += piece
    return [" ".join(each.split()) for each in found if each.strip()]
