"""Which format the ending of a file's name says, for every output that is a text, a document or a plot.

The endings of figures and of decks stand with them: FIGURE_FORMATS in figure/drawing.py, KINDS in lecture/decks.py.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TypeVar

from bpviz.errors import UsageError

Format = TypeVar("Format")

TEXTS = {".txt": "plain", ".md": "markdown", ".tex": "latex", ".csv": "csv", ".json": "json"}
DERIVATIONS = {".txt": "plain", ".md": "markdown", ".qmd": "markdown", ".tex": "latex", ".typ": "typst"}
PAGES = {".pdf": "pdf", ".html": "html", ".htm": "html"}  # derivations that are whole documents
FORMULAS = {".txt": "text", ".tex": "latex", ".py": "python"}
LISTINGS = {  # the usual language first
    ".py": ("python", "numpy", "torch", "jax"),
    ".js": ("javascript",),
    ".tex": ("latex",),
}
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


def choose_languages(targets: Sequence[str], lang: str | None) -> list[str]:
    """Return the language of each listing: lang where the file's ending is one of it, else the ending's usual one.

    Standard output, "-", takes any. Raises UsageError for an ending that is none, and for a lang that no file holds.

    >>> choose_languages(["a.py", "a.tex"], "jax")
    ['jax', 'latex']
    """
    languages = []
    for target in targets:
        known = choose_by_ending(target, LISTINGS, "no listing is written to") if target != "-" else (lang or "python",)
        languages.append(lang if lang in known else known[0])
    if lang and lang not in languages:
        fitting = [ending for ending, known in LISTINGS.items() if lang in known]
        known = tuple(each for languages in LISTINGS.values() for each in languages)
        hint = f"end it in {fitting[0]}, or take another language" if fitting else f"there are {', '.join(known)}"
        raise UsageError(f"{targets[0]} does not hold {lang}", hint=hint)
    return languages
