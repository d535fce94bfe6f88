"""Make Graphviz's SVG ready for the web: it has a title and a description, and it brings its letters along.

Text stays plain <text>. Ids are those of the DOT behind a mark of the figure's own. Each change is one pass of a
regular expression over what Graphviz wrote, which takes less time than importing an XML library. Nothing that differs
by machine or version stays in.
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
ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"'}
OUR_FAMILY = f' font-family="{fonts.FAMILY}"'
OUR_ITALIC, ITALIC = f' font-family="{fonts.ITALIC}"', ' font-style="italic"'


def finish_svg(output: bytes, title: str, description: str, titles: Mapping[str, str]) -> bytes:
    """Give Graphviz's SVG a title and a description, a title for each group by its id, and its fonts."""
    svg = COMMENT.sub("", output.decode("utf-8", "replace")).replace("&#45;", "-")  # only a comment needs it escaped
    svg = INVISIBLE.sub("", svg)
    root = ROOT.search(svg)
    if not root:
        return output
    letters: dict[bool, set[str]] = {False: set(), True: set()}  # that are used, by whether they are italic

    def finish_group(found: re.Match[str]) -> str:
        words = titles.get(unescape_xml(found[2]))
        return found[1] + (f"<title>{escape_xml(words)}</title>\n" if words else "")

    def finish_text(found: re.Match[str]) -> str:
        attributes, content = found[1].replace(OUR_ITALIC, ITALIC), found[2]
        letters[ITALIC in attributes].update(unescape_xml(content))
        spaces = ' xml:space="preserve"' if content != content.strip() or "  " in content else ""
        return f"<text{spaces} {attributes.replace(OUR_FAMILY, '')}>{content}</text>"

    body = GROUP.sub(finish_group, svg[root.end() :])
    body = TURN.sub(lambda turn: "" if turn[1] == "1" else f"scale({turn[1]}) ", body, count=1)
    body = TEXT.sub(finish_text, body)
    # Ids begin with a mark of the figure's own, so that many figures can stand on one page.
    mark = f"fig-{crc32((title + description + body).encode()):08x}"
    body = body.replace('<g id="', f'<g id="{mark}-')
    head = _write_head(root, mark, title, description, fonts.font_faces(letters[False], letters[True]))
    return (head + body).encode()


def _write_head(root: re.Match[str], mark: str, title: str, description: str, faces: str) -> str:
    xlink = ' xmlns:xlink="http://www.w3.org/1999/xlink"' if "xlink:" in root.string[root.end() :] else ""
    style = f"<style>\n{faces}</style>\n" if faces else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"{xlink} width="{root[1]}" height="{root[2]}" viewBox="{root[3]}" '
        f'font-family="{fonts.FALLBACKS}" role="img" aria-labelledby="{mark}-title {mark}-desc">\n'
        f'<title id="{mark}-title">{escape_xml(title)}</title>\n'
        f'<desc id="{mark}-desc">{escape_xml(description)}</desc>\n{style}'
    )


def escape_xml(text: str) -> str:
    """Escape a text as the content of an XML element.

    >>> escape_xml('a < b & c')
    'a &lt; b &amp; c'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape_xml(text: str) -> str:
    """Undo the escapes of an XML text, as far as Graphviz writes them.

    >>> unescape_xml("x&#45;&gt;y")
    'x->y'
    """
    return ENTITY.sub(lambda entity: chr(int(entity[1])) if entity[1] else ENTITIES[entity[0]], text)
