"""The typeface: it has every letter that bpviz writes, and its files are what the script makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from bpviz import fonts, gates
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


def test_the_files_are_what_the_script_makes(tmp_path: Path) -> None:
    for module in ("brotli", "fontTools"):
        need_module(module)
    from tests.support import make_fonts

    make_fonts.make(tmp_path)
    made = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert len(made) == 2 + 2 * len(fonts.SLICES) + 2  # the licence and .uuid
    for path in made:
        assert path.read_bytes() == (Path(fonts.FOLDER) / path.relative_to(tmp_path)).read_bytes(), path.name
