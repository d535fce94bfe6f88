"""A TikZ picture as a file: a document by itself, and where a paper inputs it the picture alone.

Only TikZ and geometry are needed, which every LaTeX has: whether a class has been chosen already is asked of LaTeX.
"""

from __future__ import annotations

import re

from bpviz.figure.dot import Page
from bpviz.figure.geometry import Geometry
from bpviz.figure.sketch import Sketch
from bpviz.figure.tikz.canvas import decimal
from bpviz.figure.tikz.picture import CONTROL, picture

REMARK = re.compile(r"(?<!\\)%.*")
# What pdfLaTeX's T1 fonts have beyond ASCII: all of Latin-1 and Latin Extended-A, and some punctuation.
T1_LAST = "\u017f"
T1_MORE = frozenset("–—‘’“”‚„†‡•…‰‹›€™")
DOCUMENT = r"""% {title}
% By itself this is a document: pdflatex, lualatex or xelatex makes the figure of it. In a paper that says
% \usepackage{{tikz}} in its preamble, \input it where the figure is to stand: then it is the picture alone.
\expandafter\ifx\csname @twoclasseserror\endcsname\documentclass % a class has been chosen: this is in a paper
  \let\bpvizend\relax
\else
  \documentclass{{article}}
  \usepackage[{size}, margin=0bp, noheadfoot]{{geometry}}
  \ifdefined\DeclareUnicodeCharacter\usepackage[T1]{{fontenc}}\fi
  \usepackage{{lmodern}}
  \usepackage{{tikz}}{letters}
  \pagestyle{{empty}}
  \topskip=0bp \parindent=0bp
  \def\bpvizend{{\end{{document}}}}
  \begin{{document}}
\fi
{picture}\bpvizend
"""


def document(said: Sketch, geometry: Geometry, page: Page, title: str) -> str:
    """Return a figure as a file of its own; title is what its first line says."""
    drawn = picture(said, geometry, page)
    size = f"paperwidth={decimal(geometry.size.x)}bp, paperheight={decimal(geometry.size.y)}bp"
    letters = "".join(f"\n  {line}" for line in fallbacks(drawn))
    return DOCUMENT.format(title=CONTROL.sub(" ", title), size=size, letters=letters, picture=drawn)


def fallbacks(text: str) -> list[str]:
    """Return what tells pdfLaTeX how to write the letters that its fonts have not: by their code points, small."""
    rare = sorted(c for c in set(REMARK.sub("", text)) if c > T1_LAST and c not in T1_MORE)
    if not rare:
        return []
    declared = (rf"  \DeclareUnicodeCharacter{{{ord(c):04X}}}{{{{\tiny U+{ord(c):04X}}}}}" for c in rare)
    return [r"\ifdefined\DeclareUnicodeCharacter % letters of no LaTeX font; lualatex asks its own", *declared, r"\fi"]
