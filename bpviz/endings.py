"""Which format the ending of a file's name says, for every output that is a text, a document or a plot.

The endings of figures and of decks stand with them: FIGURE_FORMATS in figure/drawing.py, KINDS in lecture/decks.py.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TypeVar

from bpviz.errors import UsageError

Format = TypeVar("Format")

TEXTS = {".txt": "plain", ".md": "markdown", ".tex": "latex", ".csv": "csv", ".json": "json"}
DERIVATIONS = {".txt": "plain", ".md": "markdown", ".qmd": "markdown", ".tex": "latex", ".typ": "typst"}
PAGES = {".pdf": "pdf", ".html": "html", ".htm": "html"}  # derivations that are whole documents
FORMULAS = {".txt": "text", ".tex": "latex", ".py": "python"}
LISTINGS = {".py": ("python", "numpy", "torch", "jax"), ".tex": ("latex",)}  # the usual language first
PLOTS = {".svg": "svg", ".pdf": "pdf", ".png": "png"}
ARRAYS = {".npz": "npz"}


def choose_by_ending(target: str, endings: Mapping[str, Format], refusal: str) -> Format:
    """Return the format that a file's ending says; raise UsageError, which begins with the refusal, for another ending.

    >>> choose_by_ending("a.MD", TEXTS, "no table is written to")
    'markdown'
    """
    try:
        return endings[os.path.splitext(target)[1].lower()]
    except KeyError:
        raise UsageError(f"{refusal} {target}", hint=f"end it in {', '.join(endings)}") from None
