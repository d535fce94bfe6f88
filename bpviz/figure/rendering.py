"""Render a picture as the bytes of one format: Graphviz lays it out and draws it, then its output is finished.

Equal pictures give equal bytes. An SVG is finished in figure/svg.py; a PDF gets its title in place of the time that
cairo writes into it, and a PNG its resolution.
"""

from __future__ import annotations

import re
import struct
from zlib import crc32

from bpviz.errors import UsageError
from bpviz.figure.layout import run_bundled, run_system
from bpviz.figure.picture import Picture
from bpviz.figure.svg import FONT, finish_svg
from bpviz.limits import DEFAULT, check_pixels

FORMATS = ("svg", "pdf", "png", "dot")
ENGINES = ("bundled", "system")
DPI = 192.0  # twice a screen's: sharp on a slide
HIGHEST_DPI = 2400.0
COARSE_DPI = 12.0  # at which a large PNG is drawn once, to count its pixels
SURELY_SMALL_DPI, SURELY_SMALL_DOT = 300.0, 50_000  # with less of both, and no width of its own, a PNG is small
OWN_WIDTH = ' size="'
METRES_PER_INCH = 0.0254
# What XML cannot hold, and what would end a string in C.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
SVG_SIZE = re.compile(rb'<svg [^>]*?width="([\d.]+)pt" height="([\d.]+)pt"')
PDF_PAGE = re.compile(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]")
PDF_INFORMATION = re.compile(rb"<< /Producer \([^\n]*\)\s+/CreationDate \([^\n]*\)\s*>>")
PDF_CROSS_REFERENCE = re.compile(rb"(\d{10}) (\d{5}) n ")
PNG_SIZE_AT, PNG_HEADER_END = 16, 33  # bytes: where the signature and the first chunk say its size, and end


def render(
    picture: Picture,
    format: str,  # noqa: A002  the command line's word
    *,
    engine: str = "bundled",
    dpi: float = DPI,
    pixels: int | None = None,
    text: str = FONT,
) -> bytes:
    """Render a picture as svg, pdf, png or dot; equal pictures give equal bytes, whatever the machine.

    engine is bundled (Graphviz from the pygraphviz wheel, in this process) or system (the `dot` on PATH). dpi is the
    resolution of a png, pixels the most that it may have. text says how an svg has its letters: font or outline.
    Raises UsageError for an unknown format or engine, for an impossible dpi and for too many pixels, and OutputError if
    Graphviz fails.
    """
    if format not in FORMATS:
        raise UsageError(f"no picture is written as {format}", hint=f"choose one of {', '.join(FORMATS)}")
    is_small = dpi <= SURELY_SMALL_DPI and len(picture.dot) <= SURELY_SMALL_DOT and OWN_WIDTH not in picture.dot
    if format == "png" and not is_small:
        width, height = struct.unpack_from(">II", lay_out(picture, "png", engine, COARSE_DPI), PNG_SIZE_AT)
        counted = width * height * (dpi / COARSE_DPI) ** 2
        check_pixels(counted, pixels or DEFAULT.pixels, movable=pixels is not None)
    output = lay_out(picture, format, engine, dpi)
    if format == "dot":
        return output
    if format == "png":
        return finish_png(output, dpi)
    if format == "pdf":
        return finish_pdf(output, remove_forbidden(picture.title))
    return finish_drawn_svg(output, picture, text)


def finish_drawn_svg(svg: bytes, picture: Picture, text: str = FONT) -> bytes:
    """Give the SVG that Graphviz has drawn of a picture the words of the picture, and its letters."""
    title, description = remove_forbidden(picture.title), remove_forbidden(picture.description)
    titles = {key: remove_forbidden(words) for key, words in picture.titles.items()}
    return finish_svg(svg, title, description, titles, picture.appearance.theme, text)


def lay_out(picture: Picture, format: str, engine: str, dpi: float) -> bytes:  # noqa: A002
    """Let an engine draw a picture in one of Graphviz's formats; return the DOT text itself for "dot"."""
    if engine not in ENGINES:
        raise UsageError(f"no engine is called {engine}", hint=f"choose one of {', '.join(ENGINES)}")
    if not 1 <= dpi <= HIGHEST_DPI:
        raise UsageError(f"{dpi:g} dots per inch are no resolution", hint=f"give 1 to {HIGHEST_DPI:g}; a screen has 96")
    dot = remove_forbidden(picture.dot)
    if format == "dot":
        return dot.encode()
    return (run_bundled if engine == "bundled" else run_system)(dot, format, dpi)


def remove_forbidden(text: str) -> str:
    """Remove the characters that neither XML nor a C string can hold."""
    return FORBIDDEN.sub("", text)


def finish_png(png: bytes, dpi: float) -> bytes:
    """Write a PNG's resolution into it, so that a slide shows it as large as the SVG."""
    per_metre = round(dpi / METRES_PER_INCH)
    chunk = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    framed = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", crc32(chunk))
    return png[:PNG_HEADER_END] + framed + png[PNG_HEADER_END:]


def read_size(data: bytes, format: str, dpi: float) -> tuple[float, float] | None:  # noqa: A002
    """Read the width and the height of a figure from its data, in points; None for a format that does not tell."""
    if format == "pdf":
        return read_page_size(data)
    if format == "png":
        width, height = struct.unpack_from(">II", data, PNG_SIZE_AT)
        return width * 72 / dpi, height * 72 / dpi
    found = SVG_SIZE.search(data[:2000]) if format == "svg" else None
    return (float(found[1]), float(found[2])) if found else None


def read_page_size(pdf: bytes) -> tuple[float, float]:
    """Read the width and the height of a figure in a PDF, in points."""
    found = PDF_PAGE.search(pdf)
    assert found, "a PDF has a page"
    return float(found[1]), float(found[2])


def finish_pdf(pdf: bytes, title: str) -> bytes:
    """Put a title where cairo wrote the time, and move the offsets behind it along.

    A PDF that another program wrote than cairo (macOS) is left as it is.
    """
    found = PDF_INFORMATION.search(pdf)
    if not found:
        return pdf
    text = b"\xfe\xff" + title.encode("utf-16-be")
    entry = b"<< /Producer (bpviz) /Title <" + text.hex().encode() + b"> >>"
    shift = len(entry) - len(found[0])
    body, xref, references = pdf.partition(b"\nxref\n")

    def move(reference: re.Match[bytes]) -> bytes:
        offset = int(reference[1])
        return b"%010d %s n " % (offset + shift * (offset > found.start()), reference[2])

    table, _, tail = PDF_CROSS_REFERENCE.sub(move, references).rpartition(b"startxref\n")
    start = int(tail.split(None, 1)[0])
    body = body[: found.start()] + entry + body[found.end() :]
    return body + xref + table + b"startxref\n%d\n%%%%EOF\n" % (start + shift)
