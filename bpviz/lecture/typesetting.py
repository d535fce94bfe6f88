"""Typst sets slides, sheets and derivations: a source and its files become a PDF or pictures.

Only this module runs Typst. deck_typst, worksheet_typst and derivation_pages write the pages of a document, and a
template beside each says how these are laid out. Everything stays in memory. The wheel takes files
from memory as text only, so each byte of a file goes in as the character of that number, and the source reads them with
bytes(read(name).codepoints().map(str.to-unicode)).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from bpviz import fonts
from bpviz.errors import OutputError
from bpviz.formula.typst import WORD, string

HINT = (
    "install it with: pip install 'typst>=0.15'; without it there are still bpviz deck -o deck.html, -o frames/ and "
    "-o deck.tex, bpviz steps -o steps.html, bpviz draw, table and code"
)
EPOCH = 0  # the date in a PDF is always the same, so that its bytes are


def write_document(title: str, settings: Iterable[str], template: Path, pages: Iterable[str]) -> str:
    """Write a Typst source: its title and fonts, the settings, the template that uses them, and the pages."""
    start = [
        f"#set document(title: {string(title)}, date: none)",
        f'#let families = ("{fonts.FAMILY}", "New Computer Modern Math")',
    ]
    return "\n".join([*start, *settings, WORD, template.read_text(encoding="utf-8"), *pages]) + "\n"


def write_array(items: Iterable[str]) -> str:
    """Write items as an array: "(a, b, )", since "(a)" would be a in brackets to Typst."""
    return "(" + "".join(f"{item}, " for item in items) + ")"


def compile_pdf(source: str, files: Mapping[str, bytes]) -> bytes:
    """Set a Typst source as a PDF; equal sources give equal bytes.

    Raises OutputError where there is no Typst, and where Typst refuses the source, which is a fault of bpviz.
    """
    pdf = _compile(source, files, format="pdf")
    assert isinstance(pdf, bytes)
    return pdf


def compile_png(source: str, files: Mapping[str, bytes], dpi: float) -> list[bytes]:
    """Set a Typst source as a PNG for each page; raise OutputError as compile_pdf does."""
    pages = _compile(source, files, format="png", ppi=dpi)
    return pages if isinstance(pages, list) else [pages]  # Typst returns a single page by itself


def _compile(source: str, files: Mapping[str, bytes], **options: object) -> bytes | list[bytes]:
    try:
        import typst
    except ImportError as exc:
        raise OutputError("Typst, which sets slides, sheets and derivations, is not installed", hint=HINT) from exc
    covered = fonts.covered_code_points().union(range(0x20))  # what no font of the machine is needed for
    texts = {name: data.decode("latin-1").encode() for name, data in files.items()}
    try:
        return typst.compile(  # type: ignore[call-overload,no-any-return]  # its stubs do not know files in memory
            {"main.typ": source.encode("utf-8", "replace"), **texts},
            root=fonts.LAYOUT,
            font_paths=[fonts.LAYOUT],
            ignore_system_fonts=covered.issuperset(map(ord, set(source))),
            timestamp=EPOCH,
            **options,
        )
    except RuntimeError as exc:  # a TypstError is one
        raise OutputError(f"Typst could not set this: {exc}", hint="please report it, with the program") from exc
