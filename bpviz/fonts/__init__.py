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
# For the formulas of an HTML page: a font that tells a browser how to set fractions, roots and brackets, and italics. A
# browser takes the italic letters of mathematics for a name of one letter, but not for a longer one.
MATH_FAMILY = "bpviz Math"
MATH_ITALIC = f"{MATH_FAMILY} Italic"
MATH_SETTINGS = f"--formulas:{MATH_FAMILY},{MATH_ITALIC},math,serif;--italics:{MATH_ITALIC},{MATH_FAMILY},math,serif"
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
    "vectors": "1d40,2016,2297,2299,22ee,22f1",
    "cyrillic": "400-45f,490-491",
}
MATH_SLICES = {
    "Math-signs": "20-40,5b-60,7b-7e,a0,ac,b0-b3,b7,d7,f7,300-304,307-308,2016,2026,2032-2033,2061,2070,2074-2079,207b,"
    "2080-2089,2113,2190-2193,2202,2207-2208,220b,220f,2211-2212,221a-221b,221e,2248,2260,2264-2265,22c5,2308-230b",
    "Math-letters": "41-5a,61-7a",
}
MATH_ITALIC_SLICES = {
    "Math-italics": "27,30-39,41-5a,5f,61-7a,2032,210e,1d434-1d454,1d456-1d467",
    "Math-greek": "391-3a1,3a3-3a9,3b1-3c9,3d1,3d5-3d6,3f0-3f1,3f4-3f5,1d6e2-1d71b",
}


@cache
def slice_letters(name: str) -> frozenset[int]:
    """Return the code points in the ranges of a slice, whether or not the face has a glyph for each."""
    points: set[int] = set()
    for part in {**SLICES, **MATH_SLICES, **MATH_ITALIC_SLICES}[name].split(","):
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


def math_faces(letters: Iterable[str]) -> str:
    """Write the style rules for the slices of the mathematics font that letters need, upright and in italics.

    With them come the properties --formulas and --italics: the families of a formula, and of a longer name in it.

    >>> math_faces("x").count("@font-face"), math_faces("2θ").count("@font-face")
    (2, 3)
    """
    used = {ord(c) for c in letters}
    families = ((MATH_FAMILY, "normal", MATH_SLICES), (MATH_ITALIC, "italic", MATH_ITALIC_SLICES))
    faces = [
        _embed(family, slope, name, ranges)
        for family, slope, slices in families
        for name, ranges in slices.items()
        if not used.isdisjoint(slice_letters(name))
    ]
    return "".join([*faces, f":root{{{MATH_SETTINGS}}}\n"])


@cache
def _font_face(style: str, name: str) -> str:
    return _embed(FAMILY, "italic" if style == "Italic" else "normal", f"{style}-{name}", SLICES[name])


def _embed(family: str, slope: str, file_name: str, ranges: str) -> str:
    with open(os.path.join(WEB, f"{file_name}.woff2"), "rb") as file:
        data = b2a_base64(file.read(), newline=False).decode("ascii")
    ranges = ",".join(f"U+{part}" for part in ranges.split(","))
    return (
        f'@font-face{{font-family:"{family}";font-style:{slope};'
        f'src:url(data:font/woff2;base64,{data}) format("woff2");unicode-range:{ranges}}}\n'
    )
