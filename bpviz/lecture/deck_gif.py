"""A deck's figures as an animated GIF, each with what is said about it below."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bpviz import fonts
from bpviz.figure.theme import Theme
from bpviz.lecture.figure_stages import MOST_COLOURS
from bpviz.lecture.slides import Slide, format_line, format_words

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageFont import FreeTypeFont

WIDTH, MOST_FIGURE_HEIGHT = 960, 560  # pixels
LETTERS_ACROSS = 44  # the caption's letters are so many times smaller than the picture is wide
LEAST_LETTERS = 12  # pixels
LINE_HEIGHT = 1.4  # of a caption, times its letters
SHADES = 256 - MOST_COLOURS  # from the paper to the ink: a caption has those colours that the pictures leave
LEAST_TIME, MOST_TIME, TIME_A_LETTER = 1500, 6000, 45  # milliseconds that a picture is shown, for reading its caption


def make_gif(pictures: Sequence[Picture], slides: Sequence[Slide], theme: Theme) -> bytes:
    """Make an animation of pictures of one palette, one for each slide, that begins anew when it is over."""
    from PIL import Image, ImageColor, ImageDraw, ImageFont

    captions: list[list[str]] = []  # what stands under each figure, line by line
    for slide in slides:
        note = [format_words(slide.note)] if slide.table else []  # it says in words what the table would
        captions.append([format_words(slide.heading), *note, *(format_line(each, slide.part) for each in slide.lines)])
    across, tall = pictures[0].size
    wide = max(across, WIDTH)
    size = max(LEAST_LETTERS, wide // LETTERS_ACROSS)
    room = round(size * LINE_HEIGHT * max(map(len, captions)) + size)
    font = ImageFont.truetype(os.path.join(fonts.LAYOUT, "Regular.ttf"), size)
    palette = (pictures[0].getpalette() or [])[: 3 * MOST_COLOURS]
    palette += [0] * (3 * MOST_COLOURS - len(palette))
    for share in range(SHADES):
        ends = zip(*map(ImageColor.getrgb, (theme.background, theme.ink)), strict=True)
        palette += [paper + (ink - paper) * share // (SHADES - 1) for paper, ink in ends]
    to_shades = [MOST_COLOURS + grey * (SHADES - 1) // 255 for grey in range(256)]
    frames = []
    for picture, lines in zip(pictures, captions, strict=True):
        frame = Image.new("P", (wide, tall + room), MOST_COLOURS)
        frame.putpalette(palette)
        frame.paste(picture, ((wide - across) // 2, 0))
        caption = Image.new("L", (wide, room))
        pen = ImageDraw.Draw(caption)
        for k, line in enumerate(lines):
            pen.text((size, k * size * LINE_HEIGHT), _cut_to_width(line, wide - 2 * size, font), fill=255, font=font)
        frame.paste(Image.frombytes("P", caption.size, caption.point(to_shades).tobytes()), (0, tall))
        frames.append(frame)
    times = [min(MOST_TIME, LEAST_TIME + TIME_A_LETTER * sum(map(len, lines))) for lines in captions]
    first, *others = frames
    out = io.BytesIO()
    first.save(out, "GIF", save_all=True, append_images=others, duration=times, loop=0, optimize=False)
    return out.getvalue()


def _cut_to_width(line: str, room: float, font: FreeTypeFont) -> str:
    """Cut a line at its end if it is wider than there is room."""
    if font.getlength(line) <= room:
        return line
    while line and font.getlength(line + "…") > room:
        line = line[:-1]
    return line + "…"
