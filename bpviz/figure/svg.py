"""Graphviz's SVG made ready for the web: it names itself, it speaks, and it brings its letters along.

Text stays plain <text>. Everything here is one pass of a regular expression over what Graphviz wrote, so the time is
that of the layout at most; no XML library is loaded. Nothing that differs by machine or version stays in.
"""

from __future__ import annotations

import re
from binascii import crc32
from collections.abc import Mapping

from bpviz import fonts

COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
ROOT = re.compile(r'<svg width="([^"]*)" height="([^"]*)"\s+viewBox="([^"]*)"[^>]*>\n')
GROUP = re.compile(r'(<g id="([^"]*)" class="[^"]*"[^>]*>\n)(?:<title>.*?</title>\n?)?', re.DOTALL)
TEXT = re.compile(r"<text (?:xml:space=\"preserve\" )?([^>]*)>([^<]*)</text>")
TURN = re.compile(r"scale\(([\d.]+) \1\) rotate\(0\) ")
INVISIBLE = re.compile(r'<text [^>]*fill="transparent"[^>]*>[^<]*</text>\n')  # a number that is not to be seen yet
ENTITY = re.compile(r"&(?:#(\d+)|amp|lt|gt|quot);")
NAMED = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"'}
OUR_FAMILY = f' font-family="{fonts.FAMILY}"'
OUR_ITALIC, ITALIC = f' font-family="{fonts.ITALIC}"', ' font-style="italic"'


def finish_svg(drawn: bytes, title: str, description: str, labels: Mapping[str, str]) -> bytes:
    """Return Graphviz's SVG with a title, a description, a label for each group that has one, and its fonts."""
    svg = COMMENT.sub("", drawn.decode("utf-8", "replace")).replace("&#45;", "-")  # only a comment needs it escaped
    svg = INVISIBLE.sub("", svg)
    root = ROOT.search(svg)
    if not root:
        return drawn
    body = GROUP.sub(lambda group: _group(group, labels), svg[root.end() :])
    body = TURN.sub(lambda turn: "" if turn[1] == "1" else f"scale({turn[1]}) ", body, count=1)
    letters: dict[bool, set[str]] = {False: set(), True: set()}

    def text(found: re.Match[str]) -> str:
        attributes, content = found[1].replace(OUR_ITALIC, ITALIC), found[2]
        letters[ITALIC in attributes].update(unescape(content))
        kept = ' xml:space="preserve"' if content != content.strip() or "  " in content else ""
        return f"<text{kept} {attributes.replace(OUR_FAMILY, '')}>{content}</text>"

    body = TEXT.sub(text, body)
    head = _head(root, title, description, fonts.font_faces(letters[False], letters[True]))
    return (head + body).encode()


def _head(root: re.Match[str], title: str, description: str, faces: str) -> str:
    mark = f"{crc32((title + description).encode()):08x}"  # so that two figures on one page keep their own
    xlink = ' xmlns:xlink="http://www.w3.org/1999/xlink"' if "xlink:" in root.string[root.end() :] else ""
    style = f"<style>\n{faces}</style>\n" if faces else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"{xlink} width="{root[1]}" height="{root[2]}" viewBox="{root[3]}" '
        f'font-family="{fonts.FALLBACKS}" role="img" aria-labelledby="title-{mark} desc-{mark}">\n'
        f'<title id="title-{mark}">{escape(title)}</title>\n'
        f'<desc id="desc-{mark}">{escape(description)}</desc>\n{style}'
    )


def _group(group: re.Match[str], labels: Mapping[str, str]) -> str:
    label = labels.get(unescape(group[2]))
    return group[1] + (f"<title>{escape(label)}</title>\n" if label else "")


def escape(text: str) -> str:
    """Return a text as the content of an XML element.

    >>> escape('a < b & c')
    'a &lt; b &amp; c'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Return what an XML text stands for, in the entities that Graphviz writes.

    >>> unescape("x&#45;&gt;y")
    'x->y'
    """
    if "&" not in text:
        return text
    return ENTITY.sub(lambda entity: chr(int(entity[1])) if entity[1] else NAMED[entity[0]], text)
