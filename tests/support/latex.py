"""Compiling what is written as LaTeX, and reading the pages. TeX is too large to ask of everybody: without it, skip."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>')
COMPLAINTS = re.compile(r"^(?:! |Overfull|Underfull|Missing character|LaTeX (?:Font )?Warning).*", re.MULTILINE)
TAGS = re.compile(r"\\(begin|end)\{(\w+\*?)\}")


class Word(NamedTuple):
    """A word on a page, and the box that it stands in."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def compiled(tex: str, folder: Path, *needed: str, name: str = "f") -> Path:
    """Return the PDF of a LaTeX text, without a complaint; skip where there is no LaTeX, or not the files needed."""
    if not shutil.which("pdflatex") or not all(_has(file) for file in ("tikz.sty", "lmodern.sty", *needed)):
        pytest.skip("LaTeX is not installed, or not all of it that this needs")
    (folder / f"{name}.tex").write_text(tex, encoding="utf-8")
    line = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
    done = subprocess.run(line, cwd=folder, capture_output=True, check=False)
    log = (folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert COMPLAINTS.findall(log) == []
    return folder / f"{name}.pdf"


def pages(pdf: Path) -> list[list[Word]]:
    """Return the words of a PDF, page by page."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    done = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, check=True)
    _, *each = done.stdout.decode().split("<page ")
    return [[Word(text, *map(float, box)) for *box, text in WORD.findall(page)] for page in each]


def problems(tex: str) -> list[str]:
    """Return what is not closed in a LaTeX text: braces, dollar signs, environments."""
    bare = re.sub(r"\\[\\{}%$&#_]", "", re.sub(r"(?<!\\)%.*", "", tex))
    bare = re.sub(r"\\def\\bpvizend\{\\end\{document\}\}(.*)\\bpvizend", r"\1\\end{document}", bare, flags=re.DOTALL)
    found = [] if bare.count("{") == bare.count("}") else ["braces"]
    found += [] if bare.count("$") % 2 == 0 else ["dollar signs"]
    opened: list[str] = []
    for which, name in TAGS.findall(bare):
        if which == "begin":
            opened.append(name)
        elif not opened or opened.pop() != name:
            found.append(name)
    return found + opened


def _has(file: str) -> bool:
    return bool(subprocess.run(["kpsewhich", file], capture_output=True, check=False).stdout)
