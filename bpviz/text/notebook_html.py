"""Texts as the HTML below a notebook's cell: a fragment with its stylesheet, notebook.css, which knows dark pages.

Nothing is fetched, and no heading is used: JupyterLab would put it into the notebook's table of contents.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from bpviz.formula.mathml import escape
from bpviz.text.report import PieceLine

STYLE = Path(__file__).with_name("notebook.css")


def write_lines_html(lines: Sequence[PieceLine]) -> str:
    """Write lines of pieces, such as a gate's page, in the columns that they have."""
    written = (
        "".join(f'<span class="{role}">{escape(text)}</span>' if role else escape(text) for text, role in line)
        for line in lines
    )
    return wrap_html(["<pre>{}</pre>".format("\n".join(written))])


def write_listing_html(code: str) -> str:
    """Write a listing as it is, its comments less bold than its code."""
    lines = []
    for line in code.rstrip("\n").split("\n"):
        before, sign, comment = line.partition("#")
        lines.append(escape(before) + (f'<span class="remark">#{escape(comment)}</span>' if sign else ""))
    return wrap_html(["<pre>{}</pre>".format("\n".join(lines))])


def wrap_html(body: Iterable[str]) -> str:
    """Put elements together to a fragment that stands on any page."""
    return "\n".join(['<div class="bpviz">', f"<style>\n{_read_style()}</style>", *body, "</div>\n"])


@cache
def _read_style() -> str:
    return STYLE.read_text(encoding="utf-8")
