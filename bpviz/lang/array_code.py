"""Arrays as code has them: np.array([[1, 2]]), X.sum(axis=0), A.dot(B), np.concatenate([u, v]), as plain tokens.

A method becomes the function of its name, with what stands before the point as its first operand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from bpviz.errors import Place, ProgramError
from bpviz.lang.function_brackets import match_brackets
from bpviz.lang.tokens import ARRAYS, Token

JOINED = ("concat", "concatenate", "cat")  # which take one list of what they put together
REDUCED = ("sum", "mean", "prod", "max", "min")  # whose second operand in code is an axis
AXES = ("axis", "dim")  # what the axis is called
LEFT_OUT = ("dtype", "requires_grad", "device", "copy")  # options of arrays that change no number


def rewrite_arrays(tokens: Sequence[Token], source: str) -> list[Token]:
    """Return the tokens of a program without arrays' constructors and methods."""
    if not any(_concerns(token, following) for token, following in pairwise(tokens)):
        return list(tokens)
    closer = match_brackets(tokens)
    dropped: set[int] = set()
    out: list[Token] = []
    for k, token in enumerate(tokens):
        following = tokens[k + 1] if k + 1 < len(tokens) else token
        if k in dropped:
            continue
        if token.kind == "name" and token.text in ARRAYS and following.text == "(" and k + 1 in closer:
            _drop_options(tokens, k + 1, closer, dropped)
        elif token[:2] == ("open", "[") and k in closer and (entry := _read_slice(tokens, k, closer[k], source)):
            out += entry
            dropped.update(range(k + 1, closer[k]))
        elif token.kind == "method":
            _call_function(out, token, following, tokens[k + 2])
            dropped.add(k + 1)
            if _is_number_alone(tokens, k + 2) and token.text in REDUCED:
                out += _write_axis(tokens[k + 2])
        elif token.kind == "name" and token.text == AXES[1] and following.kind == "assign":
            out.append(token._replace(text=AXES[0]))
        else:
            if token.kind == "name" and token.text in JOINED and following.text == "(":
                _open_list(tokens, k + 1, closer, dropped, source)
            if _is_axis_of_code(tokens, k, source):
                out.append(token)
                out += _write_axis(tokens[k + 1])
                continue
            out.append(token)
    return out


def _concerns(token: Token, following: Token) -> bool:
    """Say whether a token is something that only code has."""
    called = token.kind == "name" and following.text == "("
    is_axis = token.text == AXES[1] and following.kind == "assign"
    is_word = called and token.text in (*ARRAYS, *JOINED, *REDUCED)
    return is_word or is_axis or token.kind == "method" or following.kind == "colon"


def _read_slice(tokens: Sequence[Token], opener: int, end: int, source: str) -> list[Token]:
    """Return what W[:, 0] and W[0, :] are, up to their last bracket: W.T[0] and W[0]; refuse any other slice."""
    if not _is_index(tokens, opener):
        return []
    inside = [token.text for token in tokens[opener + 1 : end]]
    bracket = tokens[opener]
    if inside[:2] == [":", ","] and ":" not in inside[2:]:
        turned = Token("transpose", "T", bracket.start, bracket.end)
        return [turned, bracket._replace(start=bracket.end), *tokens[opener + 3 : end]]
    if inside[-2:] == [",", ":"] and ":" not in inside[:-2]:
        return [bracket, *tokens[opener + 1 : end - 2]]
    if any(tokens[k].kind == "colon" for k in range(opener + 1, end)) and "?" not in inside:
        place, name = Place(source, bracket.start, tokens[end].end), tokens[opener - 1].text
        hint = f"write out its entries, as in [{name}[0], {name}[1]]; {name}[:, 0] is a column"
        raise ProgramError("a slice is not read here", place=place, hint=hint)
    return []


def _is_index(tokens: Sequence[Token], opener: int) -> bool:
    before = tokens[opener - 1] if opener else None
    return bool(
        before and before.kind in ("name", "variable", "close", "transpose") and before.end == tokens[opener].start
    )


def _drop_options(tokens: Sequence[Token], opener: int, closer: Mapping[int, int], dropped: set[int]) -> None:
    """Leave out the options of np.array(…, dtype=float)."""
    k = opener + 1
    while k < closer[opener]:
        if tokens[k].kind == "comma" and tokens[k + 1].text in LEFT_OUT and tokens[k + 2].kind == "assign":
            dropped.update(range(k, closer[opener]))
            return
        k = closer.get(k, k) + 1


def _call_function(out: list[Token], method: Token, opener: Token, first: Token) -> None:
    """Put a function in front of the operand that ends the tokens so far: x.sum( becomes sum(x."""
    start = _find_operand(out)
    place = out[start].start if start < len(out) else method.start
    out[start:start] = [Token("name", method.text, place, method.end), Token("open", "(", method.end, method.end)]
    if first.kind != "close":
        out.append(Token("comma", ",", opener.start, opener.end))


def _find_operand(out: Sequence[Token]) -> int:
    """Return where the operand begins that ends the tokens: a name, a call, an entry, a bracket."""
    k = len(out) - 1
    while k > 0:
        token, before = out[k], out[k - 1]
        if token.kind == "close":
            depth = 0
            while k >= 0:
                depth += (out[k].kind == "close") - (out[k].kind == "open")
                if not depth:
                    break
                k -= 1
            before = out[k - 1] if k > 0 else token
            if k <= 0 or before.kind not in ("name", "variable", "close", "transpose") or before.end != out[k].start:
                return max(k, 0)
            k -= 1
        elif token.kind == "transpose":
            k -= 1
        else:
            break
    return max(k, 0)


def _open_list(tokens: Sequence[Token], opener: int, closer: Mapping[int, int], dropped: set[int], source: str) -> None:
    """Leave out the brackets round what is put together, and an axis that is the first."""
    inner = opener + 1
    if tokens[inner].kind != "open" or inner not in closer or opener not in closer:
        return
    rest = range(closer[inner] + 1, closer[opener])
    if [tokens[k].text for k in rest][1:] in (["axis", "=", "1"], ["dim", "=", "1"], ["1"]):
        place = Place(source, tokens[opener - 1].start, tokens[closer[opener]].end)
        what = "matrices are put under one another here, and not side by side"
        raise ProgramError(what, place=place, hint="write concat(A.T, B.T).T")
    if not rest or [tokens[k].text for k in rest][1:] in (["axis", "=", "0"], ["dim", "=", "0"], ["0"]):
        dropped.update((inner, closer[inner], *rest))


def _is_axis_of_code(tokens: Sequence[Token], k: int, source: str) -> bool:
    """Say whether a comma stands before the axis of np.sum(X, 0)."""
    if (
        tokens[k].kind != "comma"
        or not _is_number_alone(tokens, k + 1)
        or tokens[k - 1].kind not in ("name", "variable")
    ):
        return False
    name, opener = (tokens[k - 3], tokens[k - 2]) if k > 2 else (tokens[k], tokens[k])
    is_pasted = "." in source[name.start : name.end]
    return name.kind == "name" and name.text in REDUCED[:3] and opener.text == "(" and is_pasted


def _is_number_alone(tokens: Sequence[Token], k: int) -> bool:
    return tokens[k].kind == "number" and tokens[k].text.isdigit() and tokens[k + 1].kind == "close"


def _write_axis(number: Token) -> list[Token]:
    return [Token("name", AXES[0], number.start, number.start), Token("assign", "=", number.start, number.start)]
