"""A deck's figures as an animated GIF, each with what is said about it below. Only this module uses Pillow."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bpviz import fonts
from bpviz.errors import OutputError
from bpviz.figure.theme import Theme
from bpviz.lecture.slides import Slide, format_line, format_words

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

HINT = "install it with: pip install pillow; -o frames/ needs no package"
WIDTH, MOST_FIGURE_HEIGHT = 960, 560  # pixels
LETTERS_ACROSS = 44  # the caption's letters are so many times smaller than the picture is wide
LEAST_LETTERS = 12  # pixels
LINE_HEIGHT = 1.4  # of a caption, times its letters
MOST_COLOURS = 128
LEAST_TIME, MOST_TIME, TIME_A_LETTER = 1500, 6000, 45  # milliseconds that a picture is shown, for reading its caption


def make_gif(pictures: Sequence[bytes], slides: Sequence[Slide], theme: Theme) -> bytes:
    """Make an animation of PNG pictures, one for each slide, that begins anew when it is over.

    Raises OutputError where there is no Pillow.
    """
    try:
        from PIL import Image, ImageDraw, ImageFont
    except ImportError as exc:
        raise OutputError("Pillow, which makes animations, is not installed", hint=HINT) from exc
    captions: list[list[str]] = []  # what stands under each figure, line by line
    for slide in slides:
        note = [format_words(slide.note)] if slide.table else []  # it says in words what the table would
        captions.append([format_words(slide.heading), *note, *(format_line(each, slide.part) for each in slide.lines)])
    opened = [Image.open(io.BytesIO(picture)).convert("RGB") for picture in pictures]
    across, tall = opened[0].size
    wide = max(across, WIDTH)
    size = max(LEAST_LETTERS, wide // LETTERS_ACROSS)
    room = round(size * LINE_HEIGHT * max(map(len, captions)) + size)
    font = ImageFont.truetype(os.path.join(fonts.LAYOUT, "Regular.ttf"), size)
    frames = []
    for picture, lines in zip(opened, captions, strict=True):
        frame = Image.new("RGB", (wide, tall + room), theme.background)
        frame.paste(picture, ((wide - across) // 2, 0))
        pen = ImageDraw.Draw(frame)
        for k, line in enumerate(lines):
            text = _cut_to_width(line, wide - 2 * size, font)
            pen.text((size, tall + k * size * LINE_HEIGHT), text, fill=theme.ink, font=font)
        frames.append(frame.quantize(MOST_COLOURS, dither=Image.Dither.NONE))
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
