"""Themes can be read: contrast, grey print, and the three common kinds of colour blindness."""

from __future__ import annotations

from itertools import combinations
from math import dist

import pytest

from bpviz.errors import UsageError
from bpviz.figure.theme import THEMES, Theme, check_direction, check_labels, find_theme

Colour = tuple[float, float, float]
# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
SEEN_BY = {
    "everybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def linear(colour: str) -> Colour:
    """sRGB to linear light, as WCAG 2.1 has it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: Colour) -> Colour:
    """Linear RGB to CIE L*a*b*, white point D65."""
    red, green, blue = (min(1.0, max(0.0, c)) for c in rgb)
    xyz = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505,
        0.2126 * red + 0.7152 * green + 0.0722 * blue,
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089,
    )
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(a: str, b: str, eyes: str) -> float:
    """CIE 1976: about 2 is just noticeable."""
    matrix = SEEN_BY[eyes]
    first, second = (
        lab(tuple(sum(m * c for m, c in zip(row, linear(x), strict=True)) for row in matrix)) for x in (a, b)
    )  # type: ignore[arg-type]
    return dist(first, second)


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_every_text_has_a_contrast_of_four_and_a_half(theme: Theme) -> None:
    for colour in (theme.ink, theme.faint, theme.value, theme.gradient):
        assert contrast(colour, theme.background) >= 4.5, colour
        assert contrast(colour, theme.highlight) >= 4.5, colour


@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_value_and_gradient_differ_for_every_eye(theme: Theme, eyes: str) -> None:
    assert difference(theme.value, theme.gradient, eyes) >= 25


def test_themes_differ() -> None:
    for a, b in combinations([theme for theme in THEMES.values() if not theme.dark], 2):
        assert (a.value, a.gradient) != (b.value, b.gradient)


def test_the_theme_for_paper_is_grey() -> None:
    theme = THEMES["print"]
    for colour in (theme.background, theme.ink, theme.faint, theme.value, theme.gradient, theme.highlight):
        assert colour[1:3] == colour[3:5] == colour[5:7]


@pytest.mark.parametrize("direction", ["up", "down", "right", "left"])
def test_a_direction_is_one_of_four_words(direction: str) -> None:
    assert check_direction(direction) == direction


@pytest.mark.parametrize("direction", ["LR", "bt", "Up", "", "north"])
def test_no_other_word_is_a_direction_neither_here_nor_on_the_command_line(direction: str) -> None:
    with pytest.raises(UsageError) as error:
        check_direction(direction)
    assert str(error.value) == f"no direction is called {direction}\nchoose one of up, down, right, left"


def test_a_theme_may_be_given_as_a_row_of_ones_own() -> None:
    own = Theme(name="own", value="#000000", gradient="#333333")
    assert find_theme(own) is own


@pytest.mark.parametrize("choose", [find_theme, check_direction, check_labels])
def test_what_is_not_known_is_told_with_what_is(choose: object) -> None:
    with pytest.raises(UsageError, match="called sideways") as error:
        choose("sideways")  # type: ignore[operator]
    assert "choose one of" in error.value.hint
