"""Make a page shorter without a change of what it says: a page of many gates has thousands of formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator

# MathML that says no more than its content: a row of one thing; and brackets around what is no higher than a line.
SINGLE = re.compile(r"<mrow>(<m[in](?: class=\"word\")?>[^<]*</m[in]>)</mrow>")
RESULT = re.compile(r'<mrow class="(value|gradient)">(?:<mo form="prefix">(−)</mo>)?<mn>([^<]*)</mn></mrow>')
SHORTER = {
    '<math displaystyle="true">': "<math>",  # page.css says it
    '<mo rspace="0.1em">∂</mo>': "<mi>∂</mi>",
    **{f'<mo form="infix">{sign}</mo>': f"<mo>{sign}</mo>" for sign in "=≈×"},  # they have no other form
}
PARTIAL = re.compile("<mrow><mi>∂</mi><mi(?: class=w)?>([^<]*)</mi></mrow>")
UNNEEDED_END = re.compile(r"</t[dh]>(?=<t|</tr)|</tr>(?=\s*<)")  # of a cell or a row, where the next one begins
UNNEEDED_MARKS = re.compile(r'="([\w.-]+)"(?=[ >])')  # around the value of an attribute; what is typed has none
OPENING, CLOSING = '<mo form="prefix" stretchy="true">(</mo>', '<mo form="postfix" stretchy="true">)</mo>'
HIGH = "|".join(f"<{tag}" for tag in ('mo form="prefix" stretchy', "mfrac", "mtable", "msqrt", "mroot", "/math"))
LOW_BRACKETS = re.compile(f"{re.escape(OPENING)}((?:(?!{HIGH}).)*?){re.escape(CLOSING)}")
# JavaScript: a comment; a string; a slash behind a sign, where a regular expression begins; what may open or close
OPENING_MARK = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<literal>"(?:[^"\\]|\\.)*"|(?<=[(,=])/(?:[^/\\\n]|\\.)+/[a-z]*)|[`{}]',
    re.DOTALL,
)
TEMPLATE_TEXT = re.compile(r"(?:[^`$\\]|\\.|\$(?!\{))*(?:`|\$\{)")
SPACES = re.compile(r"\s+")
BETWEEN_SIGNS = re.compile(r" ?([=,;:?(){}<>&|*/!\[\]]|(?<![-+])(?<![-+] )[-+](?! ?[-+])) ?")


def compact_html(html: str) -> str:
    """Shorten HTML.

    Brackets stretch only around fractions and roots: without a font for mathematics browsers draw tall ones too tall.
    """
    for long, short in SHORTER.items():
        html = html.replace(long, short)
    html = RESULT.sub(r'<mn class="\1">\2\3</mn>', SINGLE.sub(r"\1", html))
    count = 1
    while count:  # from the inside out
        html, count = LOW_BRACKETS.subn(r'<mo stretchy="false">(</mo>\1<mo stretchy="false">)</mo>', html)
    html = html.replace(' stretchy="true"', "").replace(' class="word"', " class=w")
    html = PARTIAL.sub(r"<mi class=w>∂\1</mi>", html)
    return UNNEEDED_MARKS.sub(r"=\1", UNNEEDED_END.sub("", html))


def compact_script(code: str) -> str:
    """Take out comments and spaces that JavaScript does not need; every statement must end with a semicolon.

    >>> compact_script('  // a sum\\n  const sum = {a: "x, y", b: c + d};')
    '  const sum={a:"x, y",b:c+d};'
    >>> compact_script("`${a + b} = ${`${c}  = `}`; x / y - -1;")
    '`${a+b} = ${`${c}  = `}`;x/y - -1;'
    """
    return "".join(text if kept else BETWEEN_SIGNS.sub(r"\1", SPACES.sub(" ", text)) for kept, text in _split(code))


def _split(code: str) -> Iterator[tuple[bool, str]]:
    """Split JavaScript into what must stay as it is (strings, templates, regular expressions) and the code between."""
    place, start = 0, 0
    open_braces: list[int] = []  # of the code inside each template that is open
    while found := OPENING_MARK.search(code, place):
        place = found.end()
        if found["comment"]:
            yield False, code[start : found.start()]
            start = place
        elif found["literal"]:
            yield False, code[start : found.start()]
            yield True, found[0]
            start = place
        elif found[0] == "{" and open_braces:
            open_braces[-1] += 1
        elif found[0] == "}" and open_braces and open_braces[-1]:
            open_braces[-1] -= 1
        elif found[0] == "`" or (found[0] == "}" and open_braces):
            yield False, code[start : found.start()]
            if found[0] == "}":
                open_braces.pop()
            text = TEMPLATE_TEXT.match(code, place)
            assert text, "a template that is not closed"
            yield True, found[0] + text[0]
            start = place = text.end()
            if text[0].endswith("${"):
                open_braces.append(0)
    yield False, code[start:]
