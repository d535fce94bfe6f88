"""Typst: the one place that runs it. A source and the files that it reads become a PDF, in memory.

The wheel takes files from memory as text only, so a figure's bytes go in as characters of the same numbers, and the
source reads them with bytes(read(name).codepoints().map(str.to-unicode)). Nothing is written on the way.
"""

from __future__ import annotations

from collections.abc import Mapping

from bpviz import fonts
from bpviz.errors import OutputError

HINT = (
    "install it with: pip install 'bpviz[lecture]' (or: pip install 'typst>=0.14'); without it there are still "
    "bpviz deck -o deck.html, -o frames/ and -o deck.tex, bpviz draw, table, steps and code"
)
EPOCH = 0  # no date: the same bytes on every day


def compiled(source: str, files: Mapping[str, bytes]) -> bytes:
    """Return the PDF of a Typst source; equal sources give equal bytes.

    Raises OutputError where there is no Typst, and where it cannot set what it is given, which is a fault of ours.
    """
    pdf = _compiled(source, files, format="pdf")
    assert isinstance(pdf, bytes)
    return pdf


def pictured(source: str, files: Mapping[str, bytes], dpi: float) -> list[bytes]:
    """Return the pages of a Typst source as PNG; raise OutputError as compiled does."""
    pages = _compiled(source, files, format="png", ppi=dpi)
    return pages if isinstance(pages, list) else [pages]


def _compiled(source: str, files: Mapping[str, bytes], **how: object) -> bytes | list[bytes]:
    try:
        import typst
    except ImportError as exc:
        raise OutputError("Typst, which sets slides and sheets, is not installed", hint=HINT) from exc
    ours = fonts.covered().union(range(0x20))
    texts = {name: data.decode("latin-1").encode() for name, data in files.items()}
    try:
        return typst.compile(  # type: ignore[call-overload,no-any-return]  # its stubs do not know files in memory
            {"main.typ": source.encode("utf-8", "replace"), **texts},
            root=fonts.LAYOUT,
            font_paths=[fonts.LAYOUT],
            ignore_system_fonts=ours.issuperset(map(ord, set(source))),
            timestamp=EPOCH,
            **how,
        )
    except RuntimeError as exc:  # a TypstError is one
        raise OutputError(f"Typst could not set this: {exc}", hint="please report it, with the program") from exc
