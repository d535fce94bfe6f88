r"""Functions as mathematics writes them: \ln x without brackets, and sin²(x) with a power between name and operand.

A pass over the tokens, before the parser: it puts brackets round an operand that has none, and moves a power that
stands on a function behind its operand; f^{-1} becomes the inverse function. What could be meant otherwise is said in
a note. The rule for an operand without brackets (in LaTeX only): it is the number, letter, group, root, fraction,
absolute value or function that follows, and the letters and numbers after that, up to + − = · , a bracket or the
next function. Each token is looked at a bounded number of times, whatever is nested.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from itertools import pairwise

from bpviz.errors import Place, ProgramError
from bpviz.gates import FUNCTIONS
from bpviz.lang.tokens import Token

GREEK = ("sigma", "phi", "Phi")
MOST_QUOTED = 40  # characters of an operand that a note repeats
FACTORS = ("number", "name", "variable")


def write_brackets(tokens: Sequence[Token], source: str, *, latex: bool) -> tuple[list[Token], list[str]]:
    """Return the tokens with every function's operand in brackets and its power behind them, and the notes."""
    pass_ = Pass(tokens, source, latex=latex)
    if not any(map(pass_.is_function, range(len(tokens)))):
        return [*tokens], []
    for i in range(len(tokens)):
        pass_.read(i)
    return pass_.out, pass_.notes


class Pass:
    """The state of the pass: the tokens so far, and what is to follow once certain tokens have passed."""

    def __init__(self, tokens: Sequence[Token], source: str, *, latex: bool) -> None:
        self.tokens = tokens
        self.source = source
        self.latex = latex
        self.out: list[Token] = []
        self.notes: list[str] = []
        self.closer = match_brackets(tokens)
        self.assigned = {name.text for name, sign in pairwise(tokens) if sign.kind == "assign"}
        self.follows: dict[int, deque[Token]] = {}  # after which token what is put in
        self.ends: dict[int, int] = {}  # where the operand of a function ends, by the function's place
        self.dropped: set[int] = set()  # braces round the brackets of a call
        self.skipped = -1  # tokens up to this one have been moved

    def read(self, i: int) -> None:
        """Take over one token, a function with its power and an opening bracket if it has none."""
        token = self.tokens[i]
        if i > self.skipped and i not in self.dropped:
            self.out.append(token)
            if self.is_function(i):
                self.read_function(i)
        self.out += self.follows.pop(i, ())

    def is_function(self, i: int) -> bool:
        """Say whether a token is the name of a function, and is used as one."""
        token = self.tokens[i]
        return token.kind == "name" and token.text in FUNCTIONS and token.text not in self.assigned

    def read_function(self, i: int) -> None:
        """Read what stands behind a function's name: a power, an operand."""
        at, start = len(self.out) - 1, self.find_power_end(i + 1)
        has_bracket = self.tokens[start].kind in ("open", "bar")
        if is_greek(self.tokens[i].text) and (not has_bracket or self.tokens[start].text == "|"):
            self.out[at] = self.tokens[i]._replace(kind="variable")  # σ by itself is a name
            return
        end = -1
        if has_bracket:
            end = self.closer.get(start, -1)
            if (
                self.tokens[start].text == "{" and self.closer.get(start + 1) == end - 1
            ):  # f{(x, y)}, as sympy prints it
                self.dropped |= {start, end}
        elif self.latex:
            end = self.find_operand_end(start)
        if end < start:
            return  # the parser says what is missing
        behind: list[Token] = []
        if not has_bracket or self.tokens[start].text == "|":
            first, last = self.tokens[start], self.tokens[end]
            self.out.append(Token("open", "(", first.start, first.start))
            behind.append(Token("close", ")", last.end, last.end))
        if start > i + 1:
            behind += self.move_power(i, at, start, end)
        if behind:  # what is put in for a function within comes first, and is put in later
            self.follows.setdefault(end, deque()).extendleft(reversed(behind))

    def move_power(self, i: int, at: int, start: int, end: int) -> list[Token]:
        """Return the power on a function, to be put in behind its operand; or replace the function by its inverse."""
        self.skipped = start - 1
        power = [self.tokens[k] for k in range(i + 1, start)]
        name, text = self.tokens[i], self.source[self.tokens[i].start : self.tokens[start - 1].end]
        if "".join(token.text for token in power).strip("^(){}") == "-1":
            inverse = f"arc{name.text}"
            if inverse not in FUNCTIONS:
                raise ProgramError(
                    f"{text} may be an inverse function or a power",
                    place=Place(self.source, name.start, self.tokens[start - 1].end),
                    hint=f"for the power write 1/{name.text}({_strip_brackets(self.quote(start, end))})",
                )
            self.out[at] = name._replace(text=inverse)
            self.notes.append(f"{text} is read as the inverse function {inverse}")
            return []
        if is_greek(name.text):
            operand = self.quote(start, end)
            exponent = "".join(token.text for token in power if token.text != "^").strip("{}")
            self.notes.append(f"{text}{operand} is read as ({name.text}({_strip_brackets(operand)}))^{exponent}")
        return power

    def quote(self, start: int, end: int) -> str:
        """Return tokens as they were typed, in one line; "(…)" if there are many."""
        first, last = self.tokens[start].start, self.tokens[end].end
        return " ".join(self.source[first:last].split()) if last - first <= MOST_QUOTED else "(…)"

    def find_power_end(self, k: int) -> int:
        """Return the place after a power that begins at a token; that place itself if none does."""
        token = self.tokens[k]
        if token.kind == "superscript":
            return k + 1
        if token[:2] != ("operator", "^"):
            return k
        k += 1
        if self.tokens[k][:2] == ("operator", "-"):
            k += 1
        if self.tokens[k].kind == "open":
            return self.closer.get(k, k) + 1
        return k + 1 if self.tokens[k].kind in FACTORS and not self.is_function(k) else k

    def find_operand_end(self, start: int) -> int:
        """Return the last token of an operand without brackets; the place before it if there is none."""
        chain, k = [], start
        while self.is_function(k) and k not in self.ends:  # \ln \sin x
            chain.append(k)
            k = self.find_power_end(k + 1)
            if self.tokens[k].kind in ("open", "bar"):
                break
        if k in self.ends and self.is_function(k):
            end = self.ends[k]
        elif chain and self.tokens[k].kind in ("open", "bar"):
            end = self.closer.get(k, k)
        else:
            end = self.find_run_end(k, whole=start)
        for each in chain:
            self.ends[each] = end
        return end if end >= k else start - 1

    def find_run_end(self, k: int, whole: int) -> int:
        """Return the last token of a run of factors that begins at a token; the place before it if none does."""
        first, letters = k, 0
        while True:
            token = self.tokens[k]
            if token.kind in FACTORS and not self.is_function(k):
                letters += token.kind != "number"
                k += 1
            elif token[:2] == ("open", "{") or (k == first and (token.kind == "bar" or token[:2] == ("open", "|"))):
                letters += 1
                end = self.closer.get(k)
                if end is None:
                    break
                k = end + 1
                if token.text == "|":
                    break
            else:
                break
            k = self.find_power_end(k)
        if letters > 1:
            name, run = self.tokens[whole - 1], self.tokens[first:k]
            operand = "·".join(_quote(self.source, token) for token in run if token.kind in FACTORS)
            self.notes.append(
                f"{_quote(self.source, name)} {self.source[run[0].start : run[-1].end]} is read as "
                f"{name.text}({operand})"
            )
        return k - 1


def place_bases(tokens: Sequence[Token], bases: Mapping[int, Token]) -> list[Token]:
    r"""Put the base of each \log_{3}(x) behind its operand, where log(x, 3) has it; bases are by where log starts."""
    result: list[Token] = []
    opened: list[Token | None] = []
    for each in tokens:
        if each.kind == "open":
            opened.append(bases.get(result[-1].start) if result and result[-1].kind == "name" else None)
        elif each.kind == "close" and opened:
            base = opened.pop()
            if base and result[-1].kind != "open":  # empty brackets are told as such
                result += [Token("comma", ",", each.start, each.start), base]
        result.append(each)
    return result


def is_greek(name: str) -> bool:
    """Say whether a function's name is a Greek letter, which by itself is a name like any other."""
    return (len(name) == 1 and not name.isascii()) or name in GREEK


def match_brackets(tokens: Sequence[Token]) -> dict[int, int]:
    """Return for each opening bracket the place of its closing one; a bar closes where an operand stands before it."""
    closer: dict[int, int] = {}
    waiting: list[int] = []
    for i, token in enumerate(tokens):
        if token.kind == "open":
            waiting.append(i)
        elif token.kind == "close" and waiting:
            closer[waiting.pop()] = i
        elif token.kind == "bar":
            before = tokens[i - 1].kind if i else ""
            if waiting and tokens[waiting[-1]].kind == "bar" and before in (*FACTORS, "close", "superscript", "bar"):
                closer[waiting.pop()] = i
            else:
                waiting.append(i)
    return closer


def _quote(source: str, token: Token) -> str:
    return source[token.start : token.end]


def _strip_brackets(operand: str) -> str:
    """Return an operand without the brackets around all of it."""
    return operand[1:-1] if operand[:1] in "({[" and operand[-1:] in ")}]" else operand
