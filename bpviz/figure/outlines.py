"""Write letters as the outlines of their glyphs, for programs that ignore the font that an SVG carries in itself.

The outlines are those of the font that Graphviz has measured with, so that every letter stands where it was measured.
fontTools reads them from the font file; it is imported only for a figure that asks for them.
"""

from __future__ import annotations

import os
from functools import cache
from math import fsum
from typing import Any, NamedTuple

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from bpviz import fonts


class Face(NamedTuple):
    """One style of the typeface: its glyphs, their names by code points, and how many of its units are one em."""

    glyphs: dict[str, Any]
    names: dict[int, str]
    em: int


def write_outline(words: str, x: float, y: float, size: float, *, italic: bool) -> str:
    """Write words that begin at (x, y) on the baseline as the commands of an SVG path, one closed curve after another.

    Raises KeyError for a letter that the typeface has not.
    """
    face = _open_face("Italic" if italic else "Regular")
    scale = size / face.em
    pen = SVGPathPen(face.glyphs, ntos=_write_coordinate)
    for glyph in _find_glyphs(words, face):
        glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
        x += glyph.width * scale
    return str(pen.getCommands())


def measure_words(words: str, size: float, *, italic: bool) -> float:
    """Measure how wide words are in the typeface."""
    face = _open_face("Italic" if italic else "Regular")
    return fsum(glyph.width for glyph in _find_glyphs(words, face)) * size / face.em


def _find_glyphs(words: str, face: Face) -> list[Any]:
    return [face.glyphs[face.names[ord(letter)]] for letter in words]


@cache
def _open_face(style: str) -> Face:
    font = TTFont(os.path.join(fonts.LAYOUT, f"{style}.ttf"))
    return Face(font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm)


def _write_coordinate(number: float) -> str:
    """Write a coordinate to a tenth, which is an eightieth of a point: a figure is laid out enlarged."""
    return f"{number:.1f}".removesuffix(".0")
