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


def wrap_formulas(body: Iterable[str], plain: str) -> str:
    """Put elements with MathML together to a fragment, with the plain text for where MathML is not to be had.

    A notebook that is not trusted loses its stylesheets and the elements of MathML, so that 1/1.95 would read 11.95.
    The formulas are hidden until the stylesheet, where it is kept, shows them in place of the text. (JupyterLab drops
    an attribute that is empty, and hidden with it.)
    """
    lines = "\n".join(map(escape, plain.rstrip("\n").split("\n")))
    return wrap_html([f'<pre class="plain">{lines}</pre>', '<div class="formulas" hidden="hidden">', *body, "</div>"])


def wrap_html(body: Iterable[str]) -> str:
    """Put elements together to a fragment that stands on any page."""
    return "\n".join(['<div class="bpviz">', f"<style>\n{_read_style()}</style>", *body, "</div>\n"])


@cache
def _read_style() -> str:
    return STYLE.read_text(encoding="utf-8")
