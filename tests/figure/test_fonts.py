"""The typeface: it has every letter that bpviz writes, and its files are what the script makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from html import unescape
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from bpviz import fonts, gates
from bpviz.formula.mathml import MATHML
from bpviz.formula.printing import show
from bpviz.formula.tree import read
from tests.conftest import need_module


def texts_in(value: object) -> Iterator[str]:
    """Yield every text in a row of the gate table, in its records and tuples too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_in(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_in(getattr(value, field.name))


def test_every_letter_of_the_gate_table_is_in_the_typeface() -> None:
    letters = {c for text in texts_in((gates.BRANCH, *gates.CONSTANTS, *gates.TABLE)) for c in text}
    assert len(letters) > 60
    assert {c for c in letters if ord(c) not in fonts.covered_code_points()} == set()


@pytest.mark.parametrize(
    "text", ["⁻⁰¹²³⁴⁵⁶⁷⁸⁹ⁿˣʸᵃᵇ", "₀₁₂₃₄₅₆₇₈₉", "−×÷·√∂∞≈≤≥≠±Σσ′…∇→←", "żółw Ümläut ñ", "αβγθπω", "σ̂x̂", "Привет"]
)
def test_what_a_lecturer_writes_is_in_the_typeface(text: str) -> None:
    assert all(ord(c) in fonts.covered_code_points() for c in text)


@pytest.mark.parametrize("style", fonts.STYLES)
def test_the_layout_font_has_exactly_the_letters_that_are_promised(style: str) -> None:
    ttlib = need_module("fontTools.ttLib")
    assert set(ttlib.TTFont(Path(fonts.LAYOUT) / f"{style}.ttf").getBestCmap()) == fonts.covered_code_points()


def test_slices_share_no_letter() -> None:
    assert sum(len(fonts.slice_letters(name)) for name in fonts.SLICES) == len(fonts.covered_code_points())


@pytest.mark.parametrize("style", fonts.STYLES)
def test_a_slice_of_plain_figures_and_letters_is_small(style: str) -> None:
    assert sum((Path(fonts.WEB) / f"{style}-{name}.woff2").stat().st_size for name in ("figures", "letters")) < 10_000


def test_only_the_faces_of_the_letters_used_are_embedded() -> None:
    assert fonts.font_faces("0.5", "").count("@font-face") == 1
    both = fonts.font_faces("x1", "−0.5")
    assert both.count("@font-face") == 3
    assert both.count("font-style:italic") == 1


def math_letters(*slices: str) -> set[str]:
    ttlib = need_module("fontTools.ttLib")
    return {chr(c) for name in slices for c in ttlib.TTFont(Path(fonts.WEB) / f"{name}.woff2").getBestCmap()}


def test_the_mathematics_font_has_every_letter_of_the_formulas_of_all_gates() -> None:
    formulas = [formula for gate in gates.TABLE for formula in (gate.formula, *gate.local)]
    shown = "".join(show(read(formula), MATHML) for formula in formulas)
    letters = set(unescape(re.sub("<[^>]*>", "", shown)))
    assert len(letters) > 30
    assert letters <= math_letters(*fonts.MATH_SLICES, *fonts.MATH_ITALIC_SLICES)


def test_italics_are_there_for_names_of_one_letter_and_of_several() -> None:
    one = {"\N{MATHEMATICAL ITALIC SMALL X}", "\N{PLANCK CONSTANT}", "\N{MATHEMATICAL ITALIC SMALL SIGMA}"}
    assert one | set("abcxyzABCXYZ0123456789αβγσωΣΩ_′") <= math_letters(*fonts.MATH_ITALIC_SLICES)


@pytest.mark.parametrize("slices", [fonts.MATH_SLICES, fonts.MATH_ITALIC_SLICES])
def test_a_slice_of_the_mathematics_font_has_the_letters_that_are_promised(slices: dict[str, str]) -> None:
    for name in slices:
        assert {ord(c) for c in math_letters(name)} == fonts.slice_letters(name)
    assert sum(len(fonts.slice_letters(name)) for name in slices) == len(math_letters(*slices))


def test_the_mathematics_font_says_how_formulas_are_set() -> None:
    font = need_module("fontTools.ttLib").TTFont(Path(fonts.WEB) / "Math-signs.woff2")
    growing = font["MATH"].table.MathVariants.VertGlyphCoverage.glyphs
    assert {font.getBestCmap()[ord(sign)] for sign in "()[]{}|√"} <= set(growing)
    assert "Open Font License" in font["name"].getDebugName(13)


def test_a_page_of_formulas_carries_a_small_mathematics_font() -> None:
    assert len(fonts.math_faces("f(x) = 2·x")) < 40_000
    assert len(fonts.math_faces("f(θ) = 2·θ")) < 60_000


def read_letters(path: Path) -> dict[int, tuple[float, object]]:
    """Return the width and the outline of each letter of a font: releases of fonttools order its glyphs differently."""
    letters = {}
    with TTFont(path) as font:
        glyphs = font.getGlyphSet()
        for code, name in font.getBestCmap().items():
            pen = DecomposingRecordingPen(glyphs)
            glyphs[name].draw(pen)
            letters[code] = glyphs[name].width, pen.value
    return letters


def test_the_files_are_what_the_script_makes(tmp_path: Path) -> None:
    for module in ("brotli", "fontTools"):
        need_module(module)
    from tests.support import make_fonts

    make_fonts.make(tmp_path)
    made = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert (
        len(made) == 2 + 2 * len(fonts.SLICES) + len([*fonts.MATH_SLICES, *fonts.MATH_ITALIC_SLICES]) + 2
    )  # the licence and .uuid
    for path in made:
        read = read_letters if path.suffix in (".ttf", ".woff2") else Path.read_bytes
        assert read(path) == read(Path(fonts.FOLDER) / path.relative_to(tmp_path)), path.name
