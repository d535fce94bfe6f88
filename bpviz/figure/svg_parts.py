"""Find the parts of a figure in its SVG: a group for each shape, wire and number, and what is drawn in it.

Graphviz writes a line for each element, and a figure that is ready for the web (figure/svg.py) keeps them. So parts are
found by regular expressions, which take less time than importing an XML library.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from bpviz.figure.diagram import GRADIENT, VALUE
from bpviz.figure.svg import unescape_xml

ROOT = re.compile(r'<svg [^>]*?viewBox="([^"]*)" font-family="([^"]*)"[^>]*>')
PREAMBLE = re.compile(r"<style>.*?</style>\n?|<title id=[^>]*>[^<]*</title>\n?<desc[^>]*>[^<]*</desc>\n?", re.DOTALL)
GROUP = re.compile(r'<g id="(?:fig-[0-9a-f]{8}-)?([^"]*)" class="(?:node|edge)[^"]*">\n.*?</g>\n', re.DOTALL)
ELEMENT = re.compile(r"<(polygon|polyline|text) [^\n]*\n")


class SvgContent(NamedTuple):
    """What a figure that is ready for the web consists of: its viewBox, its typeface, and the body with its groups."""

    view_box: str
    family: str
    body: str


class SvgElement(NamedTuple):
    """A highlight, a text or a bracket of an edge's numbers; role tells whether of its value or of its gradient."""

    role: str
    tag: str
    markup: str
    is_highlight: bool


def read_content(svg: str) -> SvgContent:
    """Take the body out of a figure that is ready for the web, without its title and its style."""
    root = ROOT.search(svg)
    assert root, "a figure's SVG names its size and its typeface"
    return SvgContent(root[1], root[2], PREAMBLE.sub("", svg[root.end() :]).removesuffix("</svg>\n"))


def rewrite_groups(svg: str, rewrite: Callable[[str, str], str]) -> str:
    """Put in the place of each group of a shape or an edge what `rewrite` makes of its id and of the group."""
    return GROUP.sub(lambda group: rewrite(unescape_xml(group[1]), group[0]), svg)


def rewrite_numbers(group: str, highlight: str, rewrite: Callable[[SvgElement], str]) -> str:
    """Put in the place of what is drawn of an edge's numbers what `rewrite` makes of it; the line between them stays.

    group is that of the edge, highlight the colour under numbers that are new. Polygons of other colours are the line.
    """
    role = VALUE

    def rewrite_one(element: re.Match[str]) -> str:
        nonlocal role
        is_highlight = element[1] == "polygon" and f' fill="{highlight}"' in element[0]
        if element[1] == "polygon" and not is_highlight:
            role = GRADIENT
            return element[0]
        return rewrite(SvgElement(role, element[1], element[0], is_highlight))

    return ELEMENT.sub(rewrite_one, group)
