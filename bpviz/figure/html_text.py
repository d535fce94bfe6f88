"""What every table of Graphviz's is written with: lengths in its units, and text without markup.

Lengths are points of the finished figure; in the DOT all are MAGNIFICATION times as large.
"""

from __future__ import annotations

import re

from bpviz.fonts import MAGNIFICATION

INCH = 72.0  # points
INVISIBLE, CLEAR = "transparent", "#ffffff00"
FORBIDDEN_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def escape_html(text: str) -> str:
    """Escape what is markup to Graphviz, and replace what XML forbids."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\\", "\\\\")
    if text.isprintable():
        return text
    return FORBIDDEN_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text).replace("\r\n", "\n").replace("\n", "<BR/>")


def inches(points: float) -> str:
    """Write a length in inches, magnified: the unit of most attributes of Graphviz."""
    return f"{points * MAGNIFICATION / INCH:.3f}"


def points(size: float) -> str:
    """Write a length in whole points, magnified: Graphviz's unit for letters, pens and cells."""
    return f"{round(size * MAGNIFICATION)}"
