"""Draw the figure of each slide, laid out once: everything that any slide shows is drawn, and each slide hides a part.

In Graphviz's SVG a number that is hidden is transparent, and a highlight that is not due is left out, so that a figure
is the same as one that was laid out for its slide alone. A PNG is put together of three: nothing shown, all numbers
plain, and all of them highlighted. Only this module and deck_gif.py use Pillow.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bpviz.errors import OutputError
from bpviz.figure.diagram import GRADIENT, HIDDEN, NEW, SHOWN, VALUE, Stage
from bpviz.figure.svg_parts import SvgElement, rewrite_groups, rewrite_numbers
from bpviz.figure.theme import Theme
from bpviz.lecture.figure_parts import FigureParts, Patch

if TYPE_CHECKING:
    from PIL.Image import Image

HINT = "install it with: pip install pillow; -o frames/ makes SVGs without it"
MOST_COLOURS = 240  # such a PNG is a third as large as one of all colours; the letters of a GIF need the other sixteen
COMPRESSION = 4  # of PNGs: more takes longer and saves nothing
UNSEEN = re.compile(r'<\w+ fill="none" stroke="none"[^\n]*\n')  # Graphviz draws nothing for a shape that is not lit
UNPAINTED = {"fill": "transparent", "stroke": "none"}  # what Graphviz writes
PAINT = re.compile(r' (fill|stroke)="#\w+"')


def hide_in_svg(svg: str, stage: Stage, theme: Theme) -> str:
    """Hide in Graphviz's SVG of everything what a stage does not show, and what it does not highlight."""

    def rewrite(id_: str, group: str) -> str:
        if (id_, VALUE) in stage.states or (id_, GRADIENT) in stage.states:
            states = {role: stage.states.get((id_, role), SHOWN) for role in (VALUE, GRADIENT)}
            return rewrite_numbers(group, theme.highlight, lambda element: _hide(element, states[element.role]))
        if id_ in stage.highlighted:
            return group
        return UNSEEN.sub("", group.replace(f' fill="{theme.highlight}"', ' fill="none"'))

    return rewrite_groups(svg, rewrite)


def _hide(element: SvgElement, state: str) -> str:
    """Write what is drawn of a number as it is seen in a state."""
    if element.is_highlight:
        return element.markup if state == NEW else ""
    if state == HIDDEN:
        return PAINT.sub(lambda paint: f' {paint[1]}="{UNPAINTED[paint[1]]}"', element.markup)
    return element.markup


class StagedPicture:
    """A figure as three pictures of one size and one palette, of which that of each stage is put together."""

    def __init__(self, drawn: Mapping[str, bytes], parts: FigureParts) -> None:
        """Read the PNG of each state that all numbers can have: hidden, shown, and new.

        Raises OutputError where there is no Pillow.
        """
        try:
            from PIL import Image
        except ImportError as exc:
            raise OutputError("Pillow, which makes pictures of slides, is not installed", hint=HINT) from exc
        pictures = [Image.open(io.BytesIO(png)) for png in drawn.values()]
        wide, high = pictures[0].size
        together = Image.new("RGB", (wide, high * len(pictures)))
        for k, picture in enumerate(pictures):
            together.paste(picture, (0, high * k))
        reduced = together.quantize(MOST_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        self.pictures = {state: reduced.crop((0, high * k, wide, high * (k + 1))) for k, state in enumerate(drawn)}
        self.parts = parts

    def draw(self, stage: Stage) -> Image:
        """Put the picture of a stage together."""
        picture = self.pictures[HIDDEN].copy()
        for shape in stage.highlighted:
            if shape in self.parts.highlights:  # a branch dot is never lit
                self._paste(picture, self.parts.highlights[shape], NEW)
        for number, state in stage.states.items():
            placed = self.parts.numbers.get(number)
            if state != HIDDEN and placed and placed.patch:
                self._paste(picture, placed.patch, state)
        return picture

    def _paste(self, picture: Image, patch: Patch, state: str) -> None:
        """Copy what lies in a patch from the picture of a state."""
        from PIL import Image, ImageDraw

        scale = picture.height / self.parts.size.y
        left, right = (round(x * scale) for x in (patch.corner.x, patch.corner.x + patch.width))
        top, bottom = (picture.height - round(y * scale) for y in (patch.corner.y + patch.height, patch.corner.y))
        box = (left, top, right, bottom)
        part = self.pictures[state].crop(box)
        mask = None
        if patch.is_ellipse:
            mask = Image.new("1", part.size)
            ImageDraw.Draw(mask).ellipse((0, 0, part.width - 1, part.height - 1), fill=1)
        picture.paste(part, box, mask)


def write_png(picture: Image, dpi: float) -> bytes:
    """Write an image as a PNG that says its resolution."""
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(dpi, dpi), compress_level=COMPRESSION)
    return out.getvalue()
