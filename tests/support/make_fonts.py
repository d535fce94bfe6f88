"""Make the font files of bpviz/fonts from Roboto and STIX Two Math: `python -m tests.support.make_fonts`.

They are the same bytes on every run. It needs fonttools, brotli, font-roboto and ziamath (the extra `test`). Features
are left out on purpose: without kerning and ligatures every program sets a text to the same width, which is the sum of
its letters' widths.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from math import cos, sin, tau
from pathlib import Path

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from bpviz import fonts

Draw = Callable[[TTFont, TTGlyphPen], None]


def make(folder: Path) -> None:
    """Write the layout fonts and their slices into a folder."""
    source = roboto_folder()
    layout, web = folder / Path(fonts.LAYOUT).name, folder / Path(fonts.WEB).name
    layout.mkdir(exist_ok=True)
    web.mkdir(exist_ok=True)
    (layout / ".uuid").write_text(UUID)
    shutil.copyfile(source / "LICENSE", folder / "LICENSE-Roboto.txt")
    for style in fonts.STYLES:
        font = layout_font(source, style)
        font.save(layout / f"{style}.ttf", reorderTables=True)
        for name in fonts.SLICES:
            piece = TTFont(layout / f"{style}.ttf", recalcTimestamp=False)
            keep(piece, fonts.slice_letters(name))
            piece.flavor = "woff2"
            piece.save(web / f"{style}-{name}.woff2", reorderTables=False)
    for name in (*fonts.MATH_SLICES, *fonts.MATH_ITALIC_SLICES):
        font = math_font(find_in_packages("ziamath/fonts/STIXTwoMath-Regular.ttf"), name)
        font.flavor = "woff2"
        font.save(web / f"{name}.woff2", reorderTables=False)


def roboto_folder() -> Path:
    """Return the folder of the package font-roboto, whose own module needs a pkg_resources that is gone."""
    return find_in_packages("font_roboto/files")


def find_in_packages(path: str) -> Path:
    """Return a file or a folder of an installed package, which need not be importable."""
    return next(Path(entry) / path for entry in sys.path if (Path(entry) / path).exists())


def layout_font(source: Path, style: str) -> TTFont:
    """Return one style, renamed, with the signs that it lacks drawn in, cut to the letters of all slices."""
    font = TTFont(source / f"Roboto-{style}.ttf", recalcTimestamp=False)
    for code, (draw, width_of) in DRAWN.items():
        add_glyph(font, code, draw, width_of)
    rename(font, fonts.FAMILY, style)
    keep(font, fonts.covered_code_points())
    return font


def math_font(source: Path, name: str) -> TTFont:
    """Return a slice of the mathematics font: its signs with the table of how formulas are set, or some letters.

    In a slice of italics they stand in the places of plain letters, too.
    """
    font = TTFont(source, recalcTimestamp=False)
    is_italic = name in fonts.MATH_ITALIC_SLICES
    rename(font, fonts.MATH_ITALIC if is_italic else fonts.MATH_FAMILY, "Italic" if is_italic else "Regular")
    if is_italic:
        known = font.getBestCmap()
        italics = {ord(letter): known[code] for letter, code in zip(LETTERS + GREEK, ITALIC_CODES, strict=True)}
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap.update(italics)
    if name != "Math-signs":
        del font["MATH"]
    keep(font, fonts.slice_letters(name))
    return font


def keep(font: TTFont, points: frozenset[int]) -> None:
    """Cut a font to some code points, without hints and without layout features."""
    options = Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "kern", "DSIG"]
    options.glyph_names = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)


def rename(font: TTFont, family: str, style: str) -> None:
    """Give a font our family's name: the licences allow it, and two different Robotos on one machine do not."""
    compact = family.replace(" ", "")
    names = {1: family, 2: style, 3: f"{compact}-{style}", 4: f"{family} {style}", 6: f"{compact}-{style}"}
    table = font["name"]
    table.names = [record for record in table.names if record.nameID not in (16, 17, 18, 21, 22)]
    for name_id, text in names.items():
        table.removeNames(nameID=name_id)
        table.setName(text, name_id, 3, 1, 0x409)


def add_glyph(font: TTFont, code: int, draw: Draw, width_of: int) -> None:
    """Draw a glyph that Roboto has not, as wide as another one."""
    cmap = font.getBestCmap()
    if code in cmap:
        return
    name = f"uni{code:04X}"
    pen = TTGlyphPen(font.getGlyphSet())
    draw(font, pen)
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = pen.glyph()
    font["hmtx"][name] = (font["hmtx"][cmap[width_of]][0], 0)
    font["glyf"][name].recalcBounds(font["glyf"])
    font["hmtx"][name] = (font["hmtx"][name][0], font["glyf"][name].xMin)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = name


def reuse(code: int, upside_down: bool = False) -> Draw:
    """Return the drawing of another letter, if need be stood on its head at the height of a capital."""

    def draw(font: TTFont, pen: TTGlyphPen) -> None:
        glyph = font.getGlyphSet()[font.getBestCmap()[code]]
        glyph.draw(TransformPen(pen, (1, 0, 0, -1, 0, CAPITAL) if upside_down else (1, 0, 0, 1, 0, 0)))

    return draw


def arrow(dx: int, dy: int) -> Draw:
    """Return the drawing of an arrow in the weight of Roboto's minus sign, about the height of the minus."""

    def draw(font: TTFont, pen: TTGlyphPen) -> None:
        # Along the shaft and across it, pointing right from (0, 0); turned and moved to the glyph's middle below.
        edge = [(-480, 62), (270, 62), (100, 232), (190, 320)]
        outline = [*edge, (510, 0), *((along, -across) for along, across in reversed(edge))]
        for index, (along, across) in enumerate(outline):
            point = (580 + along * dx - across * dy, 660 + along * dy + across * dx)
            if index:
                pen.lineTo(point)
            else:
                pen.moveTo(point)
        pen.closePath()

    return draw


def dots(dx: int, dy: int) -> Draw:
    """Return the drawing of three full stops about the height of the minus, each so far from the one before."""

    def draw(font: TTFont, pen: TTGlyphPen) -> None:
        glyph = font.getGlyphSet()[font.getBestCmap()[0x2E]]
        for step in (-1, 0, 1):
            glyph.draw(TransformPen(pen, (1, 0, 0, 1, 310 + step * dx, 520 + step * dy)))

    return draw


def encircle(code: int) -> Draw:
    """Return the drawing of a sign in a ring, in the weight of Roboto's minus sign."""

    def draw(font: TTFont, pen: TTGlyphPen) -> None:
        for radius, turn in ((540, -1), (425, 1)):
            outside = radius / cos(tau / 16)
            pen.moveTo((580 + radius, 660))
            for k in range(8):
                corner, end = turn * (k + 0.5) * tau / 8, turn * (k + 1) * tau / 8
                pen.qCurveTo(
                    (580 + outside * cos(corner), 660 + outside * sin(corner)),
                    (580 + radius * cos(end), 660 + radius * sin(end)),
                )
            pen.closePath()
        glyph = font.getGlyphSet()[font.getBestCmap()[code]]
        inside = BoundsPen(font.getGlyphSet())
        glyph.draw(inside)
        left, low, right, high = inside.bounds
        size = min(1.0, 560 / max(right - left, high - low))
        middle = (580 - size * (left + right) / 2, 660 - size * (low + high) / 2)
        glyph.draw(TransformPen(pen, (size, 0, 0, size, *middle)))

    return draw


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
GREEK = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ"  # in the order of their italics
# The italics of mathematics, in Unicode's order: those of the Latin letters, in which h was there before, and of Greek.
ITALIC_CODES = [0x210E if code == 0x1D455 else code for code in (*range(0x1D434, 0x1D468), *range(0x1D6E2, 0x1D71C))]
# fontconfig 2.13, which is in the pygraphviz wheels, writes a file like this into any folder of fonts that has none.
UUID = "5f0d5c1e-6b70-4b9c-9a53-62707669720a"
CAPITAL = 1456  # Roboto's capital height, in its 2048ths of an em
DRAWN: dict[int, tuple[Draw, int]] = {
    0x2190: (arrow(-1, 0), 0x2212),
    0x2191: (arrow(0, 1), 0x2212),
    0x2192: (arrow(1, 0), 0x2212),
    0x2193: (arrow(0, -1), 0x2212),
    0x2207: (reuse(0x2206, upside_down=True), 0x2206),
    0x2217: (reuse(0x2A), 0x2A),
    0x2297: (encircle(0xD7), 0x2212),
    0x2299: (encircle(0xB7), 0x2212),
    0x22C5: (reuse(0xB7), 0xB7),
    0x22EE: (dots(0, 400), 0x2212),
    0x22F1: (dots(310, -310), 0x2212),
}


if __name__ == "__main__":
    make(Path(fonts.FOLDER))
