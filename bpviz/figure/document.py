"""PDF and PNG as they leave: the same bytes every time, with their title and their size."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zlib import compress, crc32, decompress

INFORMATION = re.compile(rb"<< /Producer \([^\n]*\)\s+/CreationDate \([^\n]*\)\s*>>")
CROSS_REFERENCE = re.compile(rb"(\d{10}) (\d{5}) n ")
SIGNATURE = 8  # bytes before the chunks of a PNG
PIXELS = b"IDAT"
RGBA = (8, 6)  # bits of a channel, and which channels
OPAQUE = 255
LEFT, ABOVE, AVERAGE, PAETH = 1, 2, 3, 4  # filters: from what a pixel is told
INCH = 0.0254  # metres


def finish_pdf(pdf: bytes, title: str) -> bytes:
    """Put a title where cairo wrote the time, and move the offsets behind it along.

    A PDF that another program wrote than cairo (macOS) is left as it is.
    """
    found = INFORMATION.search(pdf)
    if not found:
        return pdf
    text = b"\xfe\xff" + title.encode("utf-16-be")
    entry = b"<< /Producer (bpviz) /Title <" + text.hex().encode() + b"> >>"
    shift = len(entry) - len(found[0])
    body, mark, references = pdf.partition(b"\nxref\n")

    def moved(reference: re.Match[bytes]) -> bytes:
        offset = int(reference[1])
        return b"%010d %s n " % (offset + shift * (offset > found.start()), reference[2])

    table, _, tail = CROSS_REFERENCE.sub(moved, references).rpartition(b"startxref\n")
    start = int(tail.split(None, 1)[0])
    body = body[: found.start()] + entry + body[found.end() :]
    return body + mark + table + b"startxref\n%d\n%%%%EOF\n" % (start + shift)


def finish_png(png: bytes, dpi: float) -> bytes:
    """Tell a PNG's size in the world, so that a slide shows it as large as the SVG; end it at a whole pixel."""
    header, *chunks = _whole_pixels(_chunks(png))
    per_metre = round(dpi / INCH)
    size = Chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1))
    framed = (struct.pack(">I", len(data)) + kind + data for kind, data in (header, size, *chunks))
    return png[:SIGNATURE] + b"".join(chunk + struct.pack(">I", crc32(chunk[4:])) for chunk in framed)


class Chunk(NamedTuple):
    """A part of a PNG."""

    kind: bytes
    data: bytes


def _chunks(png: bytes) -> Iterator[Chunk]:
    start = SIGNATURE
    while start < len(png):
        size, kind = struct.unpack_from(">I4s", png, start)
        yield Chunk(kind, png[start + 8 : start + 8 + size])
        start += size + 12


def _whole_pixels(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    """Yield a PNG's chunks without a last column or row that the page covers in part: a bright hairline on a slide.

    Its pixels need no decoding, since each is written as its difference from those left of it and above it.
    """
    header, *others = chunks
    width, height, depth, colours = struct.unpack_from(">IIBB", header.data)
    rows = _rows(others, width) if (depth, colours) == RGBA else []
    right, bottom = _is_partial(rows)
    if not right and not bottom:
        yield from (header, *others)
        return
    yield Chunk(header.kind, struct.pack(">II", width - right, height - bottom) + header.data[8:])
    pixels = Chunk(PIXELS, compress(b"".join(row[: len(row) - 4 * right] for row in rows[: height - bottom])))
    first = next(i for i, chunk in enumerate(others) if chunk.kind == PIXELS)
    yield from (*others[:first], pixels, *(chunk for chunk in others[first:] if chunk.kind != PIXELS))


def _rows(chunks: Iterable[Chunk], width: int) -> list[bytes]:
    """Return the rows of pixels as they are written, the filter of each before it."""
    raw = decompress(b"".join(chunk.data for chunk in chunks if chunk.kind == PIXELS))
    long = 1 + 4 * width
    return [raw[i : i + long] for i in range(0, len(raw), long)]


def _is_partial(rows: list[bytes]) -> tuple[bool, bool]:
    """Say whether the last pixel of the first row and of the first column are less opaque than the page is."""
    if not rows or rows[0][4] != OPAQUE:
        return False, False
    right = bottom = 0
    for alpha in rows[0][4::4]:
        right = (alpha + _expected(right, rows[0][0], LEFT)) % 256
    for row in rows:
        bottom = (row[4] + _expected(bottom, row[0], ABOVE)) % 256
    return right < OPAQUE, bottom < OPAQUE


def _expected(before: int, filter_: int, side: int) -> int:
    """Return what a filter expects of a pixel on an edge of the picture, whose one neighbour stands on this side."""
    return {side: before, AVERAGE: before // 2, PAETH: before}.get(filter_, 0)
