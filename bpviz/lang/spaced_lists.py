"""Entries that are parted by blanks, as MATLAB and NumPy write them: [1 2; 3 4] and [[1. 2.] [3. 4.]].

A pass over the tokens puts the comma between two entries, and the ; at the end of a row. It reads a bracket so if all
that is in it are numbers, names and lists, with signs; [2 x] stays a product and [x -1] a difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from bpviz.gates import FUNCTIONS
from bpviz.lang.function_brackets import match_brackets
from bpviz.lang.tokens import Token
from bpviz.vectors import VECTOR_FUNCTIONS

ENTRIES = ("number", "name", "variable")
ENDS_ROW = ("end", "newline")


def part_entries(tokens: Sequence[Token], source: str) -> tuple[list[Token], list[str]]:
    """Return the tokens with a comma between any two entries of a list, and notes on what may be meant otherwise."""
    if not any(token[:2] == ("open", "[") for token in tokens):
        return list(tokens), []
    closer = match_brackets(tokens)
    added: dict[int, Token] = {}  # before which token a separator is put
    notes: list[str] = []
    lists: set[int] = set()  # where lists begin: found from the inside out
    for opener in sorted(closer, reverse=True):
        if tokens[opener].text == "[" and not _is_called(tokens, opener):
            _read_list(tokens, opener, closer, lists, added, source, notes)
    out: list[Token] = []
    for k, token in enumerate(tokens):
        if k in added:
            out.append(added[k])
        if not (k in added and token.kind == "newline"):
            out.append(token)
    return out, notes


def _is_called(tokens: Sequence[Token], opener: int) -> bool:
    """Say whether a bracket is that of v[0], or of Exp[x]."""
    before = tokens[opener - 1] if opener else None
    is_function = before and before.kind == "name" and (before.text in FUNCTIONS or before.text in VECTOR_FUNCTIONS)
    touches = (
        before and before.kind in ("name", "variable", "close", "transpose") and before.end == tokens[opener].start
    )
    return bool(is_function or (touches and before and before.text != "]"))


def _read_list(
    tokens: Sequence[Token],
    opener: int,
    closer: dict[int, int],
    lists: set[int],
    added: dict[int, Token],
    source: str,
    notes: list[str],
) -> None:
    """Find the separators that one bracket needs, if it is a list."""
    entries = _list_entries(tokens, opener, closer, lists)
    if entries is None or not entries:
        return
    separators = {}
    has_sign = has_other = False
    for (_, end), (start, _) in pairwise(entries):
        between = tokens[end + 1 : start]
        if any(each.kind in ("comma", "end") for each in between):
            has_other = True
            continue
        is_row = any(each.kind == "newline" for each in between)
        token, place = tokens[start], end + 1
        kind, text = ("end", ";") if is_row and token.text != "[" else ("comma", ",")
        separators[place] = Token(kind, text, token.start, token.start)
        has_sign |= token.kind == "operator" and not is_row
        has_other |= token.kind != "operator" or is_row
    if not separators:
        lists.add(opener)
        return
    first, last = tokens[opener], tokens[closer[opener]]
    kinds = [tokens[start].kind for start, _ in entries]
    if len(entries) == 2 and kinds[0] == "number" and kinds[1] in ("name", "variable") and not has_sign:
        return  # [2 x] is a product
    if has_sign and not has_other:
        if any(tokens[closing].kind != "number" for _, closing in entries):
            return  # [x -1] is a difference
        text = " ".join(source[first.start : last.end].split())
        notes.append(f"{text} is read as a vector; for a number leave out the brackets")
    lists.add(opener)
    added.update(separators)


def _list_entries(
    tokens: Sequence[Token], opener: int, closer: dict[int, int], lists: set[int]
) -> list[tuple[int, int]] | None:
    """Return the first and the last token of each entry of a bracket; None if something else is in it."""
    entries: list[tuple[int, int]] = []
    k, end = opener + 1, closer[opener]
    while k < end:
        token = tokens[k]
        start = k
        if token.kind in ("comma", *ENDS_ROW):
            k += 1
            continue
        if token.kind == "operator":  # a sign: it touches what follows, and not what stands before
            follows = tokens[k + 1].start == token.end and tokens[k + 1].kind in ENTRIES
            if token.text not in "+-" or not follows or (start - 1 > opener and tokens[k - 1].end == token.start):
                return None
            k += 1
        if tokens[k].kind in ENTRIES and tokens[k + 1].kind != "open":
            pass
        elif tokens[k].text == "[" and k in lists:
            k = closer[k]
        else:
            return None
        touches = entries and entries[-1][1] == start - 1 and tokens[start - 1].end == tokens[start].start
        if touches and (tokens[start].text != "[" or tokens[start - 1].text != "]"):  # 2x
            return None
        entries.append((start, k))
        k += 1
    return entries
