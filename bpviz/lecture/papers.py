"""The papers that slides and sheets are set on: their sizes in points, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bpviz.errors import UsageError

Size = tuple[float, float]  # width and height in points
SLIDES: Mapping[str, Size] = MappingProxyType({"16:9": (960.0, 540.0), "4:3": (800.0, 600.0), "a4": (842.0, 595.0)})
SHEETS: Mapping[str, Size] = MappingProxyType(
    {"a4": (595.28, 841.89), "letter": (612.0, 792.0), "a3": (841.89, 1190.55)}
)


def find_paper(name: str, papers: Mapping[str, Size]) -> Size:
    """Look up the size of a paper by its name, in capital letters or small ones; raise UsageError for an unknown one.

    >>> find_paper("A4", SHEETS)
    (595.28, 841.89)
    """
    try:
        return papers[name.lower()]
    except KeyError:
        raise UsageError(f"no paper is called {name}", hint=f"choose one of {', '.join(papers)}") from None
