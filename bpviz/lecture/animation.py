"""PNG figures as an animated GIF, each with its caption below: the one place that runs Pillow."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from typing import Any

from bpviz import fonts
from bpviz.errors import OutputError

HINT = "install it with: pip install 'bpviz[lecture]' (or: pip install pillow); -o frames/ needs no package"
LINE = 1.4  # heights of letters from one line of a caption to the next
MOST_COLOURS = 128


def gif(
    pictures: Sequence[bytes],
    captions: Sequence[Sequence[str]],
    times: Sequence[int],
    look: tuple[str, str],
    least: int = 0,
) -> bytes:
    """Return an animation that begins anew when it is over.

    captions are lines of text, times milliseconds, one for each picture; look is the colour of the paper and of the
    ink, least the width in pixels that it has at least. Raises OutputError where there is no Pillow.
    """
    try:
        from PIL import Image, ImageDraw, ImageFont
    except ImportError as exc:
        raise OutputError("Pillow, which makes animations, is not installed", hint=HINT) from exc
    opened = [Image.open(io.BytesIO(picture)).convert("RGB") for picture in pictures]
    across, tall = opened[0].size
    wide = max(across, least)
    size = max(12, wide // 44)
    room = round(size * LINE * max(len(lines) for lines in captions) + size)
    font = ImageFont.truetype(os.path.join(fonts.LAYOUT, "Regular.ttf"), size)
    frames = []
    for picture, lines in zip(opened, captions, strict=True):
        frame = Image.new("RGB", (wide, tall + room), look[0])
        frame.paste(picture, ((wide - across) // 2, 0))
        pen = ImageDraw.Draw(frame)
        for k, line in enumerate(lines):
            text = _short(line, wide - 2 * size, pen, font)
            pen.text((size, tall + k * size * LINE), text, fill=look[1], font=font)
        frames.append(frame.quantize(MOST_COLOURS, dither=Image.Dither.NONE))
    out = io.BytesIO()
    first, *others = frames
    first.save(out, "GIF", save_all=True, append_images=others, duration=list(times), loop=0, optimize=False)
    return out.getvalue()


def _short(line: str, room: float, pen: Any, font: Any) -> str:
    """Return a line, cut at its end if it is too wide."""
    if pen.textlength(line, font=font) <= room:
        return line
    while line and pen.textlength(line + "…", font=font) > room:
        line = line[:-1]
    return line + "…"
