"""The text of a program as it was typed: its statements, for titles."""

from __future__ import annotations

import re

PIECE = re.compile(r"#[^\n]*|[()\[\];\n]|[^#()\[\];\n]+")  # comments, brackets and ends by themselves


def statements(source: str) -> list[str]:
    """Split a program into its statements as they were typed, each in one line, without comments.

    >>> statements("w = 2; dot(w, x;  # weights\\n    y, z)")
    ['w = 2', 'dot(w, x; y, z)']
    """
    found, depth = [""], 0
    for piece in PIECE.findall(source):
        depth += (piece in "([") - (piece in ")]")
        if piece in ";\n" and depth <= 0:
            found.append("")
        elif not piece.startswith("#"):
            found[-1] += piece
    return [" ".join(each.split()) for each in found if each.strip()]
