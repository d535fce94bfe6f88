"""Code as it is pasted: def, lambda, return, f(x) = …, Exp[x] and Piecewise, as the tokens of a program.

What stands around a formula in code says names of inputs and of the output, and nothing is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from bpviz.errors import Place, ProgramError
from bpviz.gates import FUNCTIONS
from bpviz.lang.function_brackets import match_brackets, place_bases
from bpviz.lang.tokens import Token
from bpviz.names import SUBSCRIPTS

MATHEMATICA = {  # names of functions there: all begin with a capital, and take their operands in square brackets
    **{name.capitalize(): name for name in FUNCTIONS if name.isascii() and name.islower()},
    **{f"Arc{name.capitalize()}": f"arc{name}" for name in FUNCTIONS if f"arc{name}" in FUNCTIONS},
    "Log": "ln",
}
WITH_BASE = re.compile(r"([^\W\d_]+?)(?:_|(?=[₀-₉]))(\w+)")  # log_b, log₃
ENDS = ("newline", "end", "stop")


def rewrite(tokens: Sequence[Token], source: str) -> list[Token]:
    """Return the tokens of a program without what code has around it; raise ProgramError for what cannot be read."""
    read = [_rename(token, k, tokens) for k, token in enumerate(tokens)]
    if any(each.text != token.text for each, token in zip(read, tokens, strict=True)):  # Exp[2 Pi x]
        read = [token._replace(text="pi") if token[:2] == ("name", "Pi") else token for token in read]
    read = _split_logarithms(read)
    closer = match_brackets(read)
    replaced: dict[int, list[Token]] = {}  # what stands instead of a token, by its place
    out: list[Token] = []
    k, is_start, depth = 0, True, 0
    definition: Token | None = None  # of a def, whose name the returned expression gets
    while k < len(read):
        token = read[k]
        if k in replaced:
            out += replaced[k]
            k += 1
            continue
        if is_start and token[:2] == ("name", "def") and read[k + 1].kind == "name":
            definition = read[k + 1]
            head_end = closer.get(k + 2, k + 1) + 1
            k = _find_after_colon(read, head_end)
            is_start = k > head_end
            continue
        if is_start and (body := _find_lambda_body(read, k)):
            k = body
            continue
        if is_start and token[:2] == ("name", "return"):
            if definition:
                out += [definition, Token("assign", "=", token.start, token.end)]
            k, is_start = k + 1, False
            continue
        if is_start and (equals := _find_definition(read, k)):
            out.append(token)
            k, is_start = equals, False
            continue
        if token.kind == "assign" and (body := _find_lambda_body(read, k + 1)):  # f = lambda x: …
            out.append(token)
            k = body
            continue
        if token[:2] == ("name", "Piecewise") and read[k + 1].kind == "open":
            replaced.update(_read_piecewise(read, k, closer, source))
            continue
        depth += (token.kind == "open") - (token.kind == "close")
        if token.kind == "comma" and _is_of_sentence(read, k, depth):
            k += 1
            continue
        out.append(token)
        is_start = token.kind in ("newline", "end")
        k += 1
    return out


def _is_of_sentence(tokens: Sequence[Token], k: int, depth: int) -> bool:
    """Say whether a comma parts no operands: that of x if x > 0, else 0, and the last one of a list."""
    following = next(each for each in tokens[k + 1 :] if each.kind != "newline" or not depth)
    return following.kind in (*ENDS, "else") or following[:2] == ("close", "]")


def _rename(token: Token, k: int, tokens: Sequence[Token]) -> Token:
    """Return a token as bpviz calls it: if and else between operands, and Exp[ as exp[."""
    if token.kind != "name":
        return token
    if token.text in ("if", "else"):
        return token._replace(kind=token.text)
    if token.text in MATHEMATICA and tokens[k + 1][:2] == ("open", "["):
        return token._replace(text=MATHEMATICA[token.text])
    return token


def _split_logarithms(tokens: list[Token]) -> list[Token]:
    """Write log_3(x), log_2.5(x) and log_b(x) as log(x, 3) and so on, where nothing of that name is defined."""
    if not any(token.kind == "name" and WITH_BASE.fullmatch(token.text) for token in tokens):
        return tokens
    assigned = {name.text for name, sign in pairwise(tokens) if sign.kind == "assign"}
    bases: dict[int, Token] = {}
    out: list[Token] = []
    for token, following in pairwise([*tokens, tokens[-1]]):
        before = out[-1] if out else token
        if before.start in bases and token.kind == "number" and token.start == before.end:
            base = bases[before.start]  # the .5 of log_2.5, whose 2 was taken for the end of a name
            bases[before.start] = base._replace(text=base.text + token.text, end=token.end)
            continue
        parts = WITH_BASE.fullmatch(token.text) if token.kind == "name" and token.text not in FUNCTIONS else None
        stem, below = (parts[1], parts[2].translate(SUBSCRIPTS)) if parts else ("", "")
        takes_base = any(row.syntax.subscript is not None for row in FUNCTIONS.get(stem, ()))
        if parts and takes_base and token.text not in assigned:
            is_decimal = following.kind == "number" and following.text[0] == "." and below.isdecimal()
            if f"{stem}{below}" in FUNCTIONS and following.kind == "open":
                token = token._replace(text=f"{stem}{below}")
            elif following.kind == "open" or (is_decimal and following.start == token.end):
                kind = "number" if below.isdecimal() else "name"
                bases[token.start] = Token(kind, below, token.start + parts.start(2), token.end)
                token = token._replace(text=stem)
        out.append(token)
    return place_bases(out, bases)


def _find_after_colon(tokens: Sequence[Token], k: int) -> int:
    """Return the place after the next : of this statement; the given place if there is none."""
    for place in range(k, len(tokens)):
        if tokens[place].kind == "colon":
            return place + 1
        if tokens[place].kind in ENDS:
            break
    return k


def _find_lambda_body(tokens: Sequence[Token], k: int) -> int:
    """Return where the body of lambda x, y: … begins; 0 where lambda is a name like any other."""
    if tokens[k][:2] != ("name", "lambda"):
        return 0
    k += 1
    while tokens[k].kind in ("name", "comma"):
        k += 1
    return k + 1 if tokens[k].kind == "colon" else 0


def _find_definition(tokens: Sequence[Token], k: int) -> int:
    """Return where the = of f(x, y) = … stands if a statement begins so; 0 if it does not."""
    if tokens[k].kind not in ("name", "variable") or tokens[k].text in FUNCTIONS or tokens[k + 1].text != "(":
        return 0
    k += 2
    while tokens[k].kind in ("name", "variable") and tokens[k + 1].kind in ("comma", "close"):
        k += 2
        if tokens[k - 1].kind == "close":
            return k if tokens[k].kind == "assign" else 0
    return 0


def _read_piecewise(tokens: Sequence[Token], k: int, closer: Mapping[int, int], source: str) -> dict[int, list[Token]]:
    """Write Piecewise((u, a > b), (v, True)) as (u if a > b else (v)): return what stands instead of which token."""
    head, place, end = tokens[k], k + 2, closer.get(k + 1, -1)
    replaced: dict[int, list[Token]] = {k: [], k + 1: [Token("open", "(", head.start, tokens[k + 1].end)]}
    while place < end:
        inner = closer.get(place, -1)
        comma = _find_last_comma(tokens, place + 1, inner, closer)
        if tokens[place].kind != "open" or not comma:
            break
        replaced[place] = []
        if [token.text for token in tokens[comma + 1 : inner]] in (["True"], ["true"]):
            replaced |= {left_out: [] for left_out in range(comma, end)}
            replaced[end] = [Token("close", ")", tokens[inner].end, tokens[end].end)]
            return replaced
        replaced[comma] = [Token("if", "if", tokens[comma].start, tokens[comma].end)]
        replaced[inner] = [Token("else", "else", tokens[inner].start, tokens[inner].end)]
        replaced[inner + 1] = []
        place = inner + 2
    raise ProgramError(
        "this Piecewise does not say what holds otherwise",
        place=Place(source, head.start, tokens[max(end, k)].end),
        hint="write its last part as (0, True), or all of it as where(x > 0, x, 0)",
    )


def _find_last_comma(tokens: Sequence[Token], start: int, end: int, closer: Mapping[int, int]) -> int:
    """Return the last comma of a bracket that stands in no bracket within; 0 if there is none."""
    found, k = 0, start
    while k < end:
        found = k if tokens[k].kind == "comma" else found
        k = closer.get(k, k) + 1
    return found
