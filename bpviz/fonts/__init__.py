"""The typefaces of figures and of formulas: their names, their files, and the ones of them that a text needs.

Graphviz measures with the TTF files. An SVG carries WOFF2 slices of the very same outlines, so a browser draws what was
measured. Nothing is cut at run time, because a font library takes longer to import than a figure takes to lay out:
tests/support/make_fonts.py has made the slices from the table below, and a figure embeds those whose letters it uses.
"""

from __future__ import annotations

import os
from binascii import b2a_base64
from collections.abc import Iterable
from functools import cache

FAMILY = "bpviz Roboto"  # a name of our own: no other Roboto on the machine can take its place
# The same in italics, as Graphviz takes it: of each <I> it would keep a hundred bytes for ever, and set what stands in
# it a little lower.
ITALIC = f"{FAMILY} Italic"
FALLBACKS = f"{FAMILY},Roboto,Arial,Helvetica,Liberation Sans,sans-serif"  # digits in all of these are as wide
# pango rounds the width of each letter to whole points or so, which no browser does. A figure laid out this many times
# larger, and drawn with dpi=72/MAGNIFICATION, is rounded to as much less: nobody sees it.
MAGNIFICATION = 8
STYLES = ("Regular", "Italic")
MATH_FAMILY = "bpviz Math"  # for the formulas of an HTML page: it tells a browser how to set fractions, roots, brackets
MATH_FALLBACKS = f"{MATH_FAMILY},math,serif"
MATH_FILES = {"Regular": "Math.woff2", "Italic": "Math-Italic.woff2"}  # in WEB
FOLDER = os.path.dirname(os.path.abspath(__file__))  # *.conf: what fontconfig reads
# Whole, as TTF: what Graphviz measures with; alone there, since fontconfig opens every file.
LAYOUT = os.path.join(FOLDER, "layout")
WEB = os.path.join(FOLDER, "web")  # in slices, as WOFF2: what an SVG carries

# A slice's letters, as the unicode-range of a style sheet. The first two suffice for most figures.
SLICES = {
    "figures": "20,28-2f,30-39,3d,b1-b3,b7,b9,d7,f7,2026,2070,2074-207b,207d-207e,2212,221e,2248",
    "letters": "21-27,3a-3c,3e-7e,300-304,306-308",
    "gates": "2b8,2e3,207f,2080-2089,3a3,3b1-3c9,1d43,1d47,2032,2202,2211,221a,2264-2265",
    "symbols": "a0,ac,b0,b5,bc-be,2b0-2b7,2e1-2e2,384-38a,38c,38e-3a1,3a4-3b0,3ca-3ce,3d1,3d5,3f5,"
    "1d44-1d46,1d48-1d5b,2010-2015,2018-201e,2033,2071,207c,208a-208e,2090-209c,20ac,2113,2190-2193,2206-2207,220f,"
    "2217,222b,2260,22c5",
    "latin": "a1-ab,ae-af,b4,b6,b8,ba-bb,bf-d6,d8-f6,f8-17f",
    "cyrillic": "400-45f,490-491",
}


@cache
def slice_letters(name: str) -> frozenset[int]:
    """Return the code points in the ranges of a slice, whether or not the face has a glyph for each."""
    points: set[int] = set()
    for part in SLICES[name].split(","):
        first, _, last = part.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(points)


@cache
def covered_code_points() -> frozenset[int]:
    """Return the code points that Graphviz can lay out in this typeface; a test compares them with the files."""
    return frozenset().union(*map(slice_letters, SLICES))


def font_faces(regular: Iterable[str], italic: Iterable[str]) -> str:
    """Write the style rules for the slices that letters need: those set upright, and those set in italics.

    >>> font_faces("", "")
    ''
    """
    used = {"Regular": {ord(c) for c in regular}, "Italic": {ord(c) for c in italic}}
    return "".join(
        _font_face(style, name)
        for style in STYLES
        for name in SLICES
        if not used[style].isdisjoint(slice_letters(name))
    )


@cache
def _font_face(style: str, name: str) -> str:
    ranges = ",".join(f"U+{part}" for part in SLICES[name].split(","))
    return _embed(FAMILY, style, f"{style}-{name}.woff2", f";unicode-range:{ranges}")


def math_faces() -> str:
    """Write the style rules for the mathematics font, upright and in italics: a browser without one draws poorly."""
    return "".join(_embed(MATH_FAMILY, style, file) for style, file in MATH_FILES.items())


def _embed(family: str, style: str, file_name: str, more: str = "") -> str:
    with open(os.path.join(WEB, file_name), "rb") as file:
        data = b2a_base64(file.read(), newline=False).decode("ascii")
    slope = "italic" if style == "Italic" else "normal"
    return (
        f'@font-face{{font-family:"{family}";font-style:{slope};'
        f'src:url(data:font/woff2;base64,{data}) format("woff2"){more}}}\n'
    )
