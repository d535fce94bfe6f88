"""Text to tokens: one linear scan, each token with its place in the text as typed.

Whatever a lecturer's keyboard, a PDF or a web page puts for a sign (−, –, ×, ·, ÷, **) becomes one sign here. A
character that means nothing is refused here, by name and with what to write instead; nothing is skipped but space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isinf
from typing import NamedTuple

from bpviz.errors import Place, ProgramError
from bpviz.gates import CONSTANTS, FUNCTIONS
from bpviz.limits import DEFAULT, raise_by

SPACE = r"[^\S\n]|[\u200b\u2060\ufeff]"  # with the invisible ones that pasting brings along
COMMENT = r"#[^\n]*"
NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![0-9._])"
BAD_NUMBER = r"\.?[0-9][0-9._]*"
RAISED = "⁰¹²³⁴-⁹ⁱⁿʰ-ʸˠ-ˤᴬ-ᵡ"  # \w holds them, but x² is no name
NAME = rf"π(?=[^\W\d_])|[^\W\d{RAISED}](?:[^\W{RAISED}]|[\u0300-\u036f])*"
SUPERSCRIPT = "[⁺⁻]?[⁰¹²³⁴-⁹]+"
OPERATOR = r"\*\*|[-+*/^−‐‑‒–﹣×·⋅∙∗÷∕⁄]"
UNREADABLE = r"==|[<>!:+*/-]="

NUMBERS = rf"(?P<number>{NUMBER})|(?P<bad>{BAD_NUMBER}|{UNREADABLE})"
MARKS = (
    r"(?P<open>[(\[])|(?P<close>[)\]])|(?P<bar>\|)|(?P<comma>,)|(?P<assign>=)|(?P<newline>\n)|(?P<end>;)"
    r"|(?P<unknown>.)"
)
PATTERN = (
    rf"(?P<space>(?:{SPACE})+|{COMMENT})|{NUMBERS}|(?P<name>{NAME})|(?P<superscript>{SUPERSCRIPT})"
    rf"|(?P<operator>{OPERATOR})|(?P<prefix>√)|{MARKS}"
)
TOKEN = re.compile(PATTERN, re.DOTALL)

SIGNS = {
    **dict.fromkeys("−‐‑‒–﹣", "-"),
    **dict.fromkeys("×·⋅∙∗", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    "**": "^",
}
FROM_SUPERSCRIPT = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")

DOTTED = re.compile(r"(?P<owner>[^\W\d]\w*)\.(?P<name>[^\W\d]\w*)(?P<call>\s*\()?(?P<operands>[^()\n]{0,20}\))?")

INSTEAD = {
    **dict.fromkeys("“”„‟‘’‚«»'\"`′", "names and numbers stand without quotes"),
    **dict.fromkeys("{}", "write ( and ) for brackets"),
    **dict.fromkeys(("==", ":=", ":"), "write name = expression to name a gate"),
    **dict.fromkeys("<>≤≥≠", "bpviz knows no comparisons; max(x, y), min(x, y) and relu(x) are gates"),
    **dict.fromkeys(("<=", ">=", "!="), "bpviz knows no comparisons; max(x, y), min(x, y) and relu(x) are gates"),
    **dict.fromkeys(("+=", "-=", "*=", "/="), "write x = x + y, which makes a new gate"),
    "!": "factorials are not differentiable here",
    "%": "for a percentage write x/100",
    "&": "bpviz knows no logical operators",
    "~": "for a minus sign write -",
    "\\": "bpviz reads LaTeX too, if all of the program is LaTeX",
    "∞": "write a finite number",
    "…": "write out what you leave out",
    ".": "a point stands only in a number; for a product write x*y",
}


class Token(NamedTuple):
    """A kind (a group of PATTERN), a text with its sign or name made uniform, and the characters it stands for."""

    kind: str
    text: str
    start: int
    end: int


def tokens(source: str, digits: int = DEFAULT.digits) -> Iterator[Token]:
    """Yield the tokens of a plain program, the last of kind "stop"; raise ProgramError at what is none.

    digits is the most that a number may have.
    """
    for match in TOKEN.finditer(source):
        kind = match.lastgroup
        if kind != "space":
            yield token(kind or "", match.group(), match.start(), match.end(), source, digits)
    yield Token("stop", "", len(source), len(source))


def token(kind: str, text: str, start: int, end: int, source: str, digits: int = DEFAULT.digits) -> Token:
    """Return one token with its text made uniform; raise ProgramError if it is none."""
    if kind == "operator":
        return Token(kind, SIGNS.get(text, text), start, end)
    if kind == "superscript":
        return Token(kind, text.translate(FROM_SUPERSCRIPT), start, end)
    if kind in ("bad", "unknown"):
        raise _unreadable(kind, text, Place(source, start, end))
    if kind == "number":
        _check_number(text, Place(source, start, end), digits)
    elif kind == "name" and not text.isascii():
        text = _normal(text, Place(source, start, end))
    return Token(kind, text, start, end)


def _check_number(text: str, place: Place, digits: int) -> None:
    if len(text) > digits:
        hint = f"17 digits are all that count; {raise_by('digits', len(text))}"
        raise ProgramError(f"a number of {len(text):,} digits is too long", place=place, hint=hint)
    if isinf(float(text)):
        raise ProgramError(f"{_cut(text)} is too large", place=place, hint="the largest number here is about 1.8e308")


def _normal(name: str, place: Place) -> str:
    """Return a name in composed form, so that é typed in two ways is one name."""
    from unicodedata import normalize

    if not name.translate(SUBSCRIPTS).isidentifier():
        # A mark that may follow a letter but not begin a name, such as the Thai sara am, is wrong where it begins one.
        odd = next((c for c in name if not f"a{c.translate(SUBSCRIPTS)}".isidentifier()), name[0])
        start = place.start + name.index(odd)
        raise _unreadable("unknown", odd, Place(place.source, start, start + 1))
    return normalize("NFC", name)


SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def _unreadable(kind: str, text: str, place: Place) -> ProgramError:
    if kind == "bad" and text[-1] != "=":
        plain = text.replace("_", "")
        whole = "_" in text and plain.count(".") <= 1
        hint = f"write {plain}" if whole else "a number has one decimal point"
        return ProgramError(f"{_cut(text)} is not a number", place=place, hint=_cut(hint))
    if text == "." and (dotted := _dotted(place)):
        return _with_owner(dotted, place.source)
    return ProgramError(f"{_named(text)} means nothing here", place=place, hint=_instead(text))


def _dotted(point: Place) -> re.Match[str] | None:
    """Return the names to the left and right of a point, with the bracket after them."""
    around = DOTTED.finditer(point.source, max(0, point.start - 40), point.end + 80)
    return next((match for match in around if match.end("owner") == point.start), None)


def _with_owner(dotted: re.Match[str], source: str) -> ProgramError:
    """np.exp(x), math.pi, layer.w: a name that says where it comes from."""
    owner, name = _cut(dotted["owner"]), _cut(dotted["name"])
    if name in CONSTANTS:
        hint = f"write {name}"
    elif name in FUNCTIONS or dotted["call"]:
        hint = f"write {name}({dotted['operands'] or '…)'}"
    else:
        hint = f"no name has a point in it: write {owner}_{name}, or {owner}*{name} for a product"
    place = Place(source, dotted.start(), dotted.end("name"))
    return ProgramError(f"{owner}.{name} means nothing here", place=place, hint=hint)


def _instead(text: str) -> str:
    if text in INSTEAD:
        return INSTEAD[text]
    from unicodedata import normalize

    plain = normalize("NFKC", text)
    if plain != text and plain.isascii() and plain.isprintable() and plain.strip():
        raised = re.fullmatch(f"[{RAISED}½¼¾]", text) and plain.isalnum()
        return f"write ^{plain}" if raised else f"write {plain}"
    return "bpviz -h shows what a program looks like"


def _named(text: str) -> str:
    """Return a character as it is and, if it is not a plain one, by its Unicode name too."""
    if text.isascii() and text.isprintable():
        return text
    from unicodedata import name

    called = name(text, f"U+{ord(text):04X}").lower()
    return f"{text} ({called})" if text.isprintable() else f"the character {called}"


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
