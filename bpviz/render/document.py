"""PDF and PNG as they leave: the same bytes every time, with their title and their size."""

from __future__ import annotations

import re
import struct
from zlib import crc32

INFORMATION = re.compile(rb"<< /Producer \([^\n]*\)\s+/CreationDate \([^\n]*\)\s*>>")
CROSS_REFERENCE = re.compile(rb"(\d{10}) (\d{5}) n ")
HEADER_END = 33  # of a PNG: its signature and the chunk IHDR
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
    """Tell a PNG's size in the world, so that a slide shows it as large as the SVG."""
    per_metre = round(dpi / INCH)
    chunk = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    framed = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", crc32(chunk))
    return png[:HEADER_END] + framed + png[HEADER_END:]
