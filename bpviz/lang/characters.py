"""Characters made plain before anything is read: 𝑥 from a PDF is x, （ is (, and quotes round a program are dropped.

Every character becomes exactly one other, so that each place in the result is the same place in what was typed, and
the carets of messages stand where they should.
"""

from __future__ import annotations

from unicodedata import normalize

QUOTES = {"“": "”", "„": "“”", "«": "»", "‘": "’", "‚": "‘’", '"': '"', "'": "'", "`": "`'", "”": "”"}
KEPT = "ℓ"  # a letter of its own, though Unicode calls it a form of l
MATHEMATICAL, LETTERLIKE, FULL_WIDTH = range(0x1D400, 0x1D800), range(0x2100, 0x2150), range(0xFF01, 0xFF5F)
SINGLE = {"µ": "μ", "\u3000": " ", "\u2044": "/"}  # the micro sign, a wide space, a fraction's slash


def make_plain(source: str) -> str:
    """Return a program in plain characters, one for each that was typed.

    >>> make_plain("“𝑥＋µ”")
    ' x+μ '
    """
    text = source if source.isascii() else "".join(map(_plain, source))
    inside = text.strip()
    if len(inside) > 2 and inside[-1] in QUOTES.get(inside[0], "") and inside[0] not in inside[1:-1]:
        start = text.index(inside)
        end = start + len(inside) - 1
        text = f"{text[:start]} {text[start + 1 : end]} {text[end + 1 :]}"
    return text


def _plain(character: str) -> str:
    if character in SINGLE:
        return SINGLE[character]
    if character in KEPT or not any(ord(character) in each for each in (MATHEMATICAL, LETTERLIKE, FULL_WIDTH)):
        return character
    plain = normalize("NFKC", character)
    return plain if len(plain) == 1 else character
