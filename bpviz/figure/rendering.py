"""A picture as the bytes of one format: laid out by Graphviz, then finished."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from bpviz.errors import UsageError
from bpviz.figure import layout
from bpviz.figure.svg import finish_svg
from bpviz.limits import DEFAULT, check_pixels

if TYPE_CHECKING:

    class Drawable(Protocol):
        """What is drawn: its DOT, a title, a description, and for each id in the DOT a label that a person can read."""

        @property
        def dot(self) -> str: ...  # noqa: D102
        @property
        def title(self) -> str: ...  # noqa: D102
        @property
        def description(self) -> str: ...  # noqa: D102
        @property
        def labels(self) -> Mapping[str, str]: ...  # noqa: D102


FORMATS = ("svg", "pdf", "png", "dot")
ENGINES = ("bundled", "system")
DPI = 192.0  # twice a screen's: sharp on a slide
LARGEST_DPI = 2400.0
FINE, LARGE, SIZED = 300.0, 50_000, ' size="'  # what makes a PNG large: its dpi, its DOT's length, its own width
COARSE = 12.0  # dots per inch
# What XML cannot hold, and what would end a string in C.
FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]"


def picture(
    picture: Drawable,
    format: str,  # noqa: A002  the command line's word
    *,
    engine: str = "bundled",
    dpi: float = DPI,
    pixels: int | None = None,
) -> bytes:
    """Return a picture as svg, pdf, png or dot; equal pictures give equal bytes, whatever the machine.

    engine is bundled (Graphviz from the pygraphviz wheel, in this process) or system (the `dot` on PATH). dpi is the
    resolution of a png, pixels the limit of how many it may have. Raises UsageError for a format, engine or dpi that
    is none, and for too many pixels; OutputError if Graphviz fails.
    """
    if format not in FORMATS:
        raise UsageError(f"no picture is written as {format}", hint=f"choose one of {', '.join(FORMATS)}")
    if format == "png" and (dpi > FINE or len(picture.dot) > LARGE or SIZED in picture.dot[:LARGE]):
        check_pixels(_pixels(picture, engine, dpi), pixels or DEFAULT.pixels, movable=pixels is not None)
    drawn = lay_out(picture, format, engine, dpi)
    if format == "dot":
        return drawn
    title = permitted(picture.title)
    if format == "svg":
        labels = {key: permitted(label) for key, label in picture.labels.items()}
        return finish_svg(drawn, title, permitted(picture.description), labels)
    from bpviz.figure.document import finish_pdf, finish_png  # late: most figures are SVG

    return finish_pdf(drawn, title) if format == "pdf" else finish_png(drawn, dpi)


def _pixels(picture: Drawable, engine: str, dpi: float) -> float:
    """Return how many pixels a PNG would have: it is drawn coarsely to know."""
    header = lay_out(picture, "png", engine, COARSE)[16:24]  # behind the signature: width and height
    return int.from_bytes(header[:4], "big") * int.from_bytes(header[4:], "big") * (dpi / COARSE) ** 2


def permitted(text: str) -> str:
    """Return a text without what is forbidden; the pattern is a hundredth of a cold draw, and seldom needed."""
    return text if text.replace("\n", "").isprintable() else re.sub(FORBIDDEN, "", text)


def lay_out(picture: Drawable, format: str, engine: str, dpi: float) -> bytes:  # noqa: A002
    """Return what an engine makes of a picture in one of Graphviz's own formats, or its DOT as both are given it."""
    if engine not in ENGINES:
        raise UsageError(f"no engine is called {engine}", hint=f"choose one of {', '.join(ENGINES)}")
    if not 1 <= dpi <= LARGEST_DPI:
        raise UsageError(f"{dpi:g} dots per inch are no resolution", hint=f"give 1 to {LARGEST_DPI:g}; a screen has 96")
    dot = permitted(picture.dot)
    if format == "dot":
        return dot.encode()
    return (layout.bundled if engine == "bundled" else layout.system)(dot, format, dpi)
