"""Make Graphviz's SVG ready for the web: it has a title and a description, and it brings its letters along.

Text stays plain <text>, or becomes paths for programs that ignore embedded fonts. Ids are those of the DOT behind a
mark of the figure's own. Each change is one pass of a regular expression over what Graphviz wrote, which takes less
time than importing an XML library. Nothing that differs by machine or version stays in.
"""

from __future__ import annotations

import re
from binascii import crc32
from collections.abc import Mapping

from bpviz import fonts
from bpviz.errors import UsageError
from bpviz.figure.theme import THEMES, Theme

FONT, OUTLINE = "font", "outline"
TEXTS = (FONT, OUTLINE)  # how letters are written
COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
ROOT = re.compile(r'<svg width="([^"]*)" height="([^"]*)"\s+viewBox="([^"]*)"[^>]*>\n')
GROUP = re.compile(r'(<g id="([^"]*)" class="[^"]*"[^>]*>\n)(?:<title>.*?</title>\n?)?', re.DOTALL)
TEXT = re.compile(r"<text (?:xml:space=\"preserve\" )?([^>]*)>([^<]*)</text>")
TURN = re.compile(r"scale\(([\d.]+) \1\) rotate\(0\) ")
INVISIBLE_TEXT = re.compile(r'<text [^>]*fill="transparent"[^>]*>[^<]*</text>\n')  # a number that is not to be seen yet
ENTITY = re.compile(r"&(?:#(\d+)|amp|lt|gt|quot);")
ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"'}
OUR_FAMILY = f' font-family="{fonts.FAMILY}"'
ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')
ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}  # what share of a text stands left of its place
OUR_ITALIC, ITALIC = f' font-family="{fonts.ITALIC}"', ' font-style="italic"'


def finish_svg(
    output: bytes,
    title: str,
    description: str,
    titles: Mapping[str, str],
    theme: Theme,
    text: str = FONT,
) -> bytes:
    """Give Graphviz's SVG a title and a description, a title for each group by its id, its letters and its colours.

    text is font, which embeds the typeface, or outline, which writes letters as paths; words with letters that the
    typeface has not stay text. A theme that has a dark one gives the figure the colours of both.
    """
    svg = COMMENT.sub("", output.decode("utf-8", "replace")).replace("&#45;", "-")  # only a comment needs it escaped
    svg = INVISIBLE_TEXT.sub("", svg)
    root = ROOT.search(svg)
    if not root:
        return output
    letters: dict[bool, set[str]] = {False: set(), True: set()}  # that are used, by whether they are italic

    def finish_group(found: re.Match[str]) -> str:
        words = titles.get(unescape_xml(found[2]))
        return found[1] + (f"<title>{escape_xml(words)}</title>\n" if words else "")

    def finish_text(found: re.Match[str]) -> str:
        attributes, content = found[1].replace(OUR_ITALIC, ITALIC), found[2]
        words = unescape_xml(content)
        if text == OUTLINE and fonts.covered_code_points().issuperset(map(ord, words)):
            return _outline_text(words, dict(ATTRIBUTE.findall(f" {attributes}")), is_italic=ITALIC in attributes)
        letters[ITALIC in attributes].update(words)
        spaces = ' xml:space="preserve"' if content != content.strip() or "  " in content else ""
        return f"<text{spaces} {attributes.replace(OUR_FAMILY, '')}>{content}</text>"

    body = GROUP.sub(finish_group, svg[root.end() :])
    body = TURN.sub(lambda turn: "" if turn[1] == "1" else f"scale({turn[1]}) ", body, count=1)
    body = TEXT.sub(finish_text, body)
    # Ids begin with a mark of the figure's own, so that many figures can stand on one page, each in its colours.
    mark = f"fig-{crc32((title + description + theme.dark + body).encode()):08x}"
    body = body.replace('<g id="', f'<g id="{mark}-')
    style = fonts.font_faces(letters[False], letters[True])
    if theme.dark:
        style += write_dark_colours(theme, f"#{mark}-graph0")
    return (_write_head(root, mark, title, description, style) + body).encode()


def write_dark_colours(theme: Theme, inside: str) -> str:
    """Write the rules that give a figure the colours of the theme's dark one, where the reader's screen is dark.

    inside is a selector of the figure alone: style rules of one figure hold for the whole page that it stands on.

    >>> write_dark_colours(THEMES["auto"], "#f").splitlines()[1]
    '#f [fill="#00697a"]{fill:#5fd3e0}#f [stroke="#00697a"]{stroke:#5fd3e0}'
    """
    dark = THEMES[theme.dark]._asdict()
    pairs = [(colour, dark[role]) for role, colour in theme._asdict().items() if str(colour).startswith("#")]
    rules = [
        "".join(f'{inside} [{paint}="{light}"]{{{paint}:{night}}}' for paint in ("fill", "stroke"))
        for light, night in pairs
    ]
    return "\n".join(["@media (prefers-color-scheme:dark){", *rules, "}\n"])


def _outline_text(words: str, attributes: Mapping[str, str], *, is_italic: bool) -> str:
    """Write words as a path, which says them to those who do not see it."""
    from bpviz.figure.outlines import measure_words, write_outline

    x, y, size = (float(attributes[name]) for name in ("x", "y", "font-size"))
    x -= ANCHORS[attributes.get("text-anchor", "start")] * measure_words(words, size, italic=is_italic)
    colour = f' fill="{attributes["fill"]}"' if "fill" in attributes else ""
    label = escape_xml(words).replace('"', "&quot;")
    return f'<path aria-label="{label}"{colour} d="{write_outline(words, x, y, size, italic=is_italic)}"/>'


def check_text(text: str) -> str:
    """Return how letters are written if it is font or outline; raise UsageError if not."""
    if text not in TEXTS:
        raise UsageError(f"letters are not written as {text}", hint=f"choose one of {', '.join(TEXTS)}")
    return text


def _write_head(root: re.Match[str], mark: str, title: str, description: str, rules: str) -> str:
    xlink = ' xmlns:xlink="http://www.w3.org/1999/xlink"' if "xlink:" in root.string[root.end() :] else ""
    style = f"<style>\n{rules}</style>\n" if rules else ""
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
