"""Text to tokens: one linear scan, each token with its place in the text as typed.

Whatever a lecturer's keyboard, a PDF or a web page puts for a sign (−, –, ×, ·, ÷, **) becomes one sign here, and 𝑥
from a PDF becomes x. A character that means nothing is refused here, by name and with what to write instead; nothing is
skipped but space, and quotes round the whole program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import e, isinf
from typing import NamedTuple
from unicodedata import normalize, numeric

from bpviz.errors import Place, ProgramError
from bpviz.gates import CONSTANTS, FUNCTIONS
from bpviz.limits import DEFAULT, raise_by
from bpviz.names import SUBSCRIPTS, find_nearest
from bpviz.vectors import VECTOR_FUNCTIONS

SPACE = r"[^\S\n]|[\u200b\u2060\ufeff]"  # with the invisible ones that pasting brings along
COMMENT = r"#[^\n]*"
NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![0-9._])"
BAD_NUMBER = r"\.?[0-9][0-9._]*"
RAISED = "⁰¹²³⁴-⁹ⁱⁿʰ-ʸˠ-ˤᴬ-ᵡᶛ-ᶿ"  # \w holds them, but x² is no name
PRIMES = "['′’″]"
VULGAR_FRACTIONS = "¼-¾⅐-⅞"
LETTER = rf"(?:[^\W{RAISED}{VULGAR_FRACTIONS}]|[\u0300-\u036f\u20d7])"
NAME = rf"π(?=[^\W\d_])|[^\W\d{RAISED}{VULGAR_FRACTIONS}]{LETTER}*{PRIMES}*"
SUPERSCRIPT = "[⁺⁻]?[⁰¹²³⁴-⁹]+(?![⁺⁻ⁱⁿʰ-ʸˠ-ˤᴬ-ᵡᶛ-ᶿ])"  # a number; RAISED_TERM is anything else
RAISED_TERM = f"[⁺⁻{RAISED}]+"
OPERATOR = r"\*\*|[-+*/^@−‐‑‒–﹣×·⋅∙∗⊙÷∕⁄]"
COMPARISON = "[<>=!]=|[<>≤≥⩽⩾≠]"
TRANSPOSE = r"\.T(?!\w)|(?<=[)\]])['’′]"  # A.T, (A@B)'
UNREADABLE = r"[+*/-]=|//"

OWNERS = (  # what stands before a function's name in code: np.exp, torch.nn.functional.relu
    r"(?:np|numpy|torch|jnp|jax\.numpy)\.linalg|LA|np|numpy|math|cmath|Math|torch(?:\.nn\.functional|\.special)?|nn\.functional|F|jnp|jax\.numpy|jax\.nn|jax\.lax|lax|"
    r"tf(?:\.nn|\.math|\.keras\.activations)?|K|scipy\.special|special|sp|sympy|mpmath|mp"
)
PASTED = rf"(?:{OWNERS})\.(?!T\b)[^\W\d]\w*"  # K.T is a transpose
METHOD = r"(?<=[\w)\]'′’])\.[a-z]\w*(?=\()"  # x.sum()
ARRAYS = ("array", "asarray", "tensor", "as_tensor", "Tensor")  # what makes one of nested lists
NUMBER_KINDS = ("float", "float16", "float32", "float64", "double", "int", "int32", "int64", "long")
METHODS = {"t": "transpose"}  # what a method is called here, where its name is another

NUMBERS = rf"(?P<number>{NUMBER})|(?P<bad>{BAD_NUMBER}|{UNREADABLE})"
MARKS = (
    rf"(?P<open>[(\[])|(?P<close>[)\]])|(?P<bar>[|‖∥])|(?P<comma>,)|(?P<compare>{COMPARISON})|(?P<assign>:?=)"
    r"|(?P<newline>\n)|(?P<end>;)|(?P<question>\?)|(?P<colon>:)|(?P<unknown>.)"
)
PATTERN = (
    rf"(?P<space>(?:{SPACE})+|{COMMENT})|{NUMBERS}|(?P<transpose>{TRANSPOSE})|(?P<pasted>{PASTED})|(?P<method>{METHOD})"
    rf"|(?P<name>{NAME})|(?P<superscript>{SUPERSCRIPT})|(?P<raised>{RAISED_TERM})|(?P<fraction>[{VULGAR_FRACTIONS}])|(?P<operator>{OPERATOR})|(?P<prefix>[√∛])|{MARKS}"
)
TOKEN = re.compile(PATTERN, re.DOTALL)
FRACTION = re.compile(f"[{VULGAR_FRACTIONS}]")

SIGNS = {
    **dict.fromkeys("−‐‑‒–﹣", "-"),
    **dict.fromkeys("×·⋅∙∗⊙", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    "**": "^",
}
COMPARISONS = {"≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≠": "!="}
UNCHANGED = {
    "open",
    "close",
    "comma",
    "assign",
    "newline",
    "end",
    "question",
    "colon",
    "prefix",
}  # tokens as they are
FROM_SUPERSCRIPT = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")

OWNER = re.compile(r"\w+$")
MOST_SEARCHED = 40  # characters before a point that may be a name
DOTTED = re.compile(r"(?P<owner>[^\W\d]\w*)\.(?P<name>[^\W\d]\w*)")

INSTEAD = {
    **dict.fromkeys("“”„‟‘’‚«»'\"`", "names and numbers stand without quotes"),
    **dict.fromkeys("{}", "write ( and ) for brackets"),
    "//": "a comment begins with #; for a quotient write x/y",
    **dict.fromkeys(("+=", "-=", "*=", "/="), "write z = x + y, a gate with a name of its own"),
    "!": "factorials are not differentiable here",
    "%": "for a percentage write x/100",
    "&": "bpviz knows no logical operators",
    "~": "for a minus sign write -",
    "\\": "bpviz reads LaTeX too, if all of the program is LaTeX",
    "∞": "write a finite number",
    "…": "write out what you leave out",
    ".": "a point stands only in a number; for a product write x*y",
}


QUOTES = {"“": "”", "„": "“”", "«": "»", "‘": "’", "‚": "‘’", '"': '"', "'": "'", "`": "`'", "”": "”"}
KEPT = "ℓ"  # a letter of its own, though Unicode calls it a form of l
MATHEMATICAL, LETTERLIKE, FULL_WIDTH = range(0x1D400, 0x1D800), range(0x2100, 0x2150), range(0xFF01, 0xFF5F)
SINGLE = {"µ": "μ", "\u3000": " ", "\u2044": "/"}  # the micro sign, a wide space, a fraction's slash


class Token(NamedTuple):
    """A kind (a group of PATTERN), a text with its sign or name made uniform, and the characters it stands for."""

    kind: str
    text: str
    start: int
    end: int


def make_plain(source: str) -> str:
    """Replace each character of a program by a plain one: 𝑥 by x, （ by (, and quotes round all of it by blanks.

    The places of the characters stay the same, so that the carets of messages stand where they should.

    >>> make_plain("“𝑥＋µ”")
    ' x+μ '
    """
    text = source if source.isascii() else "".join(map(_make_character_plain, source))
    inside = text.strip()
    if len(inside) > 2 and inside[-1] in QUOTES.get(inside[0], "") and inside[0] not in inside[1:-1]:
        start = text.index(inside)
        end = start + len(inside) - 1
        text = f"{text[:start]} {text[start + 1 : end]} {text[end + 1 :]}"
    return text


def _make_character_plain(character: str) -> str:
    if character in SINGLE:
        return SINGLE[character]
    if character in KEPT or not any(ord(character) in each for each in (MATHEMATICAL, LETTERLIKE, FULL_WIDTH)):
        return character
    plain = normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def read_tokens(source: str, digits: int = DEFAULT.digits) -> Iterator[Token]:
    """Yield the tokens of a program that is no LaTeX; the last one is of kind "stop".

    digits is how many a number may have. Raises ProgramError where the program has something that is no token.
    """
    for match in TOKEN.finditer(source):
        kind = match.lastgroup or ""
        text = match.group()
        if kind in UNCHANGED or (kind == "name" and text.isascii() and text[-1] != "'"):
            yield Token(kind, text, *match.span())
            continue
        is_full_stop = text == "." and not source[match.end() :].split("\n", 1)[0].strip()
        if kind != "space" and not is_full_stop:
            yield from read_token(kind, text, match.start(), match.end(), source, digits)
    yield Token("stop", "", len(source), len(source))


def read_token(
    kind: str, text: str, start: int, end: int, source: str, digits: int = DEFAULT.digits
) -> Iterator[Token]:
    """Yield the tokens that a match of PATTERN stands for, with their texts made uniform: one, or several for eˣ.

    Raises ProgramError for a match that is no token, such as 1.2.3.
    """
    if kind in ("bad", "unknown"):
        raise _refuse(kind, text, Place(source, start, end))
    if kind == "raised":  # e⁻ˣ is e^(-x)
        yield Token("operator", "^", start, start)
        yield Token("open", "(", start, start)
        for inner in read_tokens(normalize("NFKC", text).replace("\N{MINUS SIGN}", "-"), digits):
            if inner.kind != "stop":
                yield inner._replace(start=start + inner.start, end=start + inner.end)
        yield Token("close", ")", end, end)
        return
    place = Place(source, start, end)
    if kind == "number" and len(text) > digits:
        hint = f"17 digits are all that count; {raise_by('digits', len(text))}"
        raise ProgramError(f"a number of {len(text):,} digits is too long", place=place, hint=hint)
    if kind == "number" and isinf(float(text)):
        raise ProgramError(
            f"{_shorten(text)} is too large", place=place, hint="the largest number here is about 1.8e308"
        )
    if kind == "fraction":
        kind, text = "number", repr(numeric(text))
    elif kind == "pasted":
        owner, _, name = text.rpartition(".")
        if name in FUNCTIONS or name in CONSTANTS or name in (*VECTOR_FUNCTIONS, *ARRAYS, *NUMBER_KINDS):
            kind, text = "name", name
        elif name == "e":
            kind, text = "number", repr(e)
        else:
            raise _refuse_owner(owner, name, place)
    elif kind == "method":
        text = METHODS.get(text[1:], text[1:])
        if text not in FUNCTIONS and text not in VECTOR_FUNCTIONS:
            before = OWNER.search(source[max(0, start - MOST_SEARCHED) : start])
            raise _refuse_owner(before[0] if before else "(…)", text, place)
    elif kind == "name" and not text.isascii():
        text = _normalise(text, place)
    elif kind == "superscript":
        text = text.translate(FROM_SUPERSCRIPT)
    elif kind == "operator":
        text = SIGNS.get(text, text)
    elif kind == "bar":
        text = "|"
    elif kind == "compare":
        text = COMPARISONS.get(text, text)
    yield Token(kind, text.replace("'", "′") if kind == "name" else text, start, end)


def _normalise(name: str, place: Place) -> str:
    """Return a name in composed form, so that é typed in two ways is one name."""
    name = name.replace("″", "′′").replace("’", "′").replace("'", "′")
    if not name.rstrip("′").translate(SUBSCRIPTS).isidentifier():
        # A mark that may follow a letter but not begin a name, such as the Thai sara am, is wrong where it begins one.
        odd = next((c for c in name if not f"a{c.translate(SUBSCRIPTS)}".isidentifier()), name[0])
        start = place.start + name.index(odd)
        raise _refuse("unknown", odd, Place(place.source, start, start + 1))
    return normalize("NFC", name)


def _refuse(kind: str, text: str, place: Place) -> ProgramError:
    if kind == "bad" and text[-1] not in "=/":
        plain = text.replace("_", "")
        whole = "_" in text and plain.count(".") <= 1
        hint = f"write {plain}" if whole else "a number has one decimal point"
        return ProgramError(f"{_shorten(text)} is not a number", place=place, hint=_shorten(hint))
    for dotted in DOTTED.finditer(place.source, max(0, place.start - 40), place.end + 80) if text == "." else ():
        if dotted.end("owner") == place.start:  # layer.w: a point between two names
            return _refuse_owner(
                dotted["owner"], dotted["name"], Place(place.source, dotted.start(), dotted.end("name"))
            )
    return ProgramError(f"{_name_character(text)} means nothing here", place=place, hint=_suggest(text))


def _refuse_owner(owner: str, name: str, place: Place) -> ProgramError:
    """Make the error for np.foo(x) or layer.w, a name with an owner that bpviz does not have."""
    dotted = f"{_shorten(owner)}.{_shorten(name)}"
    near = find_nearest(name, FUNCTIONS)
    if place.source[place.end :].lstrip()[:1] in ("(", "["):
        hint = f"did you mean {near}?" if near else "bpviz gates lists the functions"
        return ProgramError(f"{dotted} is not a function that bpviz knows", place=place, hint=hint)
    underscored, product = dotted.replace(".", "_"), dotted.replace(".", "*")
    hint = f"no name has a point in it: write {underscored}, or {product} for a product"
    return ProgramError(f"{dotted} means nothing here", place=place, hint=hint)


def _suggest(text: str) -> str:
    if text in INSTEAD:
        return INSTEAD[text]
    plain = normalize("NFKC", text)
    if plain != text and plain.isascii() and plain.isprintable() and plain.strip():
        return f"write {plain}"
    return "bpviz -h shows what a program looks like"


def _name_character(text: str) -> str:
    """Return a character as it is and, if it is not a plain one, by its Unicode name too."""
    if text.isascii() and text.isprintable():
        return text
    from unicodedata import name

    called = name(text, f"U+{ord(text):04X}").lower()
    return f"{text} ({called})" if text.isprintable() else f"the character {called}"


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
