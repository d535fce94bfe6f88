r"""LaTeX to the same tokens as plain text, each with its place in the LaTeX as typed.

A group becomes a bracket: \frac{a}{b} is ((a)/(b)), \sqrt[3]{x} is ((x)^(1/(3))). Markup that only moves ink (\, \left
$ &) is passed over; a command that means something else is refused with the nearest one known. As on paper, letters
side by side are a product, so a name of several letters is written \mathrm{net}; typed bare it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

from bpviz.errors import Place, ProgramError
from bpviz.gates import CONSTANTS, FUNCTIONS
from bpviz.lang.messages import nearest
from bpviz.lang.tokens import PATTERN, RAISED, Token, token
from bpviz.limits import DEFAULT

RAW = re.compile(
    rf"(?P<gap>[ \t]+|%[^\n]*)|(?P<command>\\(?:[A-Za-z]+|.|\Z))|(?P<brace>[{{}}])|(?P<markup>\$\$?|[&~])"
    rf"|(?P<letters>[^\W\d_{RAISED}][^\W_{RAISED}]*)|(?P<subscript>_)|{PATTERN}",
    re.DOTALL,
)
SUBSCRIPT = re.compile(r"\s*_\s*(?:\{(?P<group>[^{}]*(?:\{[^{}]*\}[^{}]*)?)\}|(?P<command>\\[A-Za-z]+)|(?P<one>\w))")
DELIMITER = re.compile(r"\s*(\\(?:[lr]?vert|[lr]brace)(?![A-Za-z])|\\[{}|]|[()\[\]|])")
UPRIGHT_NAME = re.compile(r"\s*\{\s*([^\W\d]\w*)\s*\}")
STARTS_CALL = re.compile(r"\s*(?:\\left|\\[bB]igg?l?)?\s*[(\[]")
STARTS_INDEX = re.compile(r"\s*\[")
STARTS_VALUE = re.compile(r"\s*&?\s*=(?!=)")

GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega varepsilon vartheta varphi varrho Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell"
)
LETTERS = dict(zip(GREEK.split(), "αβγδϵζηθικλμνξπρστυϕχψωεϑφϱΓΔΘΛΞΠΣΦΨΩℓ", strict=True))
SIGNS = {
    **dict.fromkeys(("cdot", "times", "ast"), ("operator", "*")),
    "div": ("operator", "/"),
    **dict.fromkeys(("lvert", "lVert"), ("open", "|")),
    **dict.fromkeys(("rvert", "rVert"), ("close", "|")),
    **dict.fromkeys(("vert", "|"), ("bar", "|")),
    **dict.fromkeys(("lbrace", "{"), ("open", "{")),
    **dict.fromkeys(("rbrace", "}"), ("close", "}")),
    "\\": ("end", ";"),
}
INK = (
    *(",", ";", "!", ":", ">", " ", "\n", "(", ")", "[", "]", "quad", "qquad", "thinspace", "enspace"),
    *("displaystyle", "textstyle", "limits", "nolimits", "big", "Big", "bigg", "Bigg"),
)
OPENING = ("left", "bigl", "Bigl", "biggl", "Biggl")
CLOSING = ("right", "bigr", "Bigr", "biggr", "Biggr")
ROOTS = ("sqrt",)
FRACTIONS = ("frac", "dfrac", "tfrac", "cfrac")
UPRIGHT = ("mathrm", "text", "textrm", "mathit", "textit", "operatorname", "mathsf", "mathtt")
CALLS = [name for name, rows in FUNCTIONS.items() if name.isascii() and not rows[0].syntax.another]
SAYS = {
    **dict.fromkeys(("dots", "ldots", "cdots"), "write out what you leave out"),
    **dict.fromkeys(("sum", "prod", "int"), "write out the terms: x_1 + x_2 + x_3"),
    "dot": r"for a product of two lists write \operatorname{dot}(a, b; c, d)",
    "begin": "paste the formula without \\begin{…} and \\end{…}",
    **dict.fromkeys(("mathbf", "bm", "boldsymbol", "vec"), "values here are numbers, not vectors; write \\mathrm{w}"),
}


def translate(source: str, digits: int = DEFAULT.digits) -> tuple[list[Token], list[str]]:
    """Return the tokens of a LaTeX program, the last of kind "stop", and what was assumed; raise ProgramError.

    digits is the most that a number may have.
    """
    translation = Translation(source, digits)
    read: dict[str, Callable[[str, int, int], None]] = {
        "command": translation.command,
        "brace": translation.brace,
        "letters": translation.letters,
        "subscript": translation.stray_subscript,
        "number": translation.number,
        "close": translation.close,
    }
    while match := RAW.match(source, translation.position):
        kind, text, start, end = match.lastgroup or "", match.group(), match.start(), match.end()
        translation.position = end
        if kind in ("gap", "space", "markup"):
            continue
        if translation.argument and text != "{":
            translation.bare_argument(kind, text, start, end)
        elif kind in read:
            read[kind](text, start, end)
        else:
            translation.out.append(token(kind, text, start, end, source, digits))
    translation.finish()
    out = _with_bases(translation.out, translation.bases) if translation.bases else translation.out
    return _with_exponential(out)


class Translation:
    """Where the scan stands: the tokens so far, and what each open group is for."""

    def __init__(self, source: str, digits: int) -> None:
        self.digits = digits
        self.source = source
        self.position = 0
        self.out: list[Token] = []
        self.groups: list[str] = []  # what each open { is: "", numerator, denominator, radicand or index
        self.indices: list[tuple[int, list[Token]]] = []  # of roots: where each began, then its tokens
        self.argument = ""  # what the next group is for
        self.opener = 0  # where the command that wants it began
        self.assigned: set[str] = set()
        self.bases: dict[int, Token] = {}  # of logarithms, by where each was written

    def emit(self, kind: str, text: str, start: int, end: int) -> None:
        """Append a token."""
        self.out.append(Token(kind, text, start, end))

    # groups and what follows from them

    def brace(self, text: str, start: int, end: int) -> None:
        """Open a group, or close one and add what its command puts after it."""
        if text == "{":
            self.emit("open", "{", self.opener if self.argument else start, end)
            self.groups.append(self.argument)
            self.argument = ""
            return
        self.emit("close", "}", start, end)
        if self.groups:
            self._complete(self.groups.pop(), end)

    def bare_argument(self, kind: str, text: str, start: int, end: int) -> None:
        r"""Read the argument of \frac12 or \sqrt x: one digit, one letter or one command for a letter."""
        if kind == "letters" or (kind == "number" and text[0] != "."):
            end = self.position = start + 1
        elif not (kind == "command" and text[1:] in LETTERS):
            self._wants_group(start)
        self.emit("open", "{", self.opener, start)
        use, self.argument = self.argument, ""
        if kind == "number":
            self.out.append(token("number", text[0], start, end, self.source))
        else:
            self.emit("variable", LETTERS[text[1:]] if kind == "command" else text[0], start, end)
        self.emit("close", "}", end, end)
        self._complete(use, end)

    def _complete(self, use: str, end: int) -> None:
        if use == "numerator":
            self.emit("operator", "/", end, end)
            self.argument, self.opener = "denominator", end
        elif use == "denominator":
            self.emit("close", "}", end, end)
        elif use == "root":
            start, index = self.indices.pop()
            self.emit("operator", "^", start, start)
            self.emit("open", "{", start, start)
            self.emit("number", "1", start, start)
            self.emit("operator", "/", start, start)
            self.emit("open", "{", start, start)
            self.out.extend(index)
            for _ in range(3):
                self.emit("close", "}", end, end)
        elif use == "radicand":
            self.emit("close", "}", end, end)

    def close(self, text: str, start: int, end: int) -> None:
        """Close a bracket; a ] may end the index of a root, whose tokens are kept for after the radicand."""
        if text == "]" and self.groups and self.groups[-1] == "index":
            self.groups.pop()
            length, _ = self.indices[-1]
            self.indices[-1] = (self.out[length].start if len(self.out) > length else start, self.out[length:])
            del self.out[length:]
            self.argument, self.opener = "root", self.out[-1].start
        else:
            self.emit("close", text, start, end)

    def finish(self) -> None:
        """End the tokens."""
        if self.argument:
            self._wants_group(len(self.source))
        self.emit("stop", "", len(self.source), len(self.source))

    def _wants_group(self, position: int) -> NoReturn:
        two = self.argument in ("numerator", "denominator")
        hint = r"write \frac{a}{b}" if two else r"write \sqrt{x}"
        place = Place(self.source, min(self.opener, position - 1), max(position, self.opener))
        raise ProgramError("a group in braces is missing here", place=place, hint=hint)

    # commands

    def command(self, text: str, start: int, end: int) -> None:
        """Read one command with what belongs to it."""
        name = text[1:]
        if name in INK:
            return
        if name in SIGNS:
            self.emit(*SIGNS[name], start, end)
        elif name in FRACTIONS:
            self.emit("open", "{", start, end)
            self.argument, self.opener = "numerator", start
        elif name in ROOTS:
            self._root(start, end)
        elif name in OPENING or name in CLOSING:
            self._delimiter("open" if name in OPENING else "close", text, start, end)
        elif name in LETTERS:
            self._letter(LETTERS[name], start, end)
        elif name in UPRIGHT:
            self._upright(text, start, end)
        elif name in CALLS:
            self._named("name", name, start, end)
        else:
            self._unknown(text, start, end)

    def _root(self, start: int, end: int) -> None:
        index = STARTS_INDEX.match(self.source, end)
        if index:
            self.emit("open", "{", start, end)
            self.position = index.end()
            self.groups.append("index")
            self.indices.append((len(self.out), []))
        else:
            self.emit("name", "sqrt", start, end)
            self.emit("open", "{", start, end)
            self.argument, self.opener = "radicand", start

    def _delimiter(self, kind: str, text: str, start: int, end: int) -> None:
        match = DELIMITER.match(self.source, end)
        shape = "" if not match else SIGNS[match[1][1:]][1] if match[1][0] == "\\" else match[1]
        if not match or shape not in ("([{|" if kind == "open" else ")]}|"):
            place = Place(self.source, start, end)
            raise ProgramError(
                f"{text} has no bracket after it", place=place, hint=rf"write {text}{'(' if kind == 'open' else ')'}"
            )
        self.position = match.end()
        if kind == "close":
            self.close(shape, start, match.end())
        else:
            self.emit(kind, shape, start, match.end())

    def _upright(self, text: str, start: int, end: int) -> None:
        match = UPRIGHT_NAME.match(self.source, end)
        if not match:
            place = Place(self.source, start, end)
            raise ProgramError(f"{text} has no name in braces after it", place=place, hint=rf"write {text}{{relu}}")
        self.position = match.end()
        self._named("name", match[1], start, match.end())

    def _letter(self, letter: str, start: int, end: int) -> None:
        """Read a Greek letter; σ is the function only where a bracket follows."""
        is_call = letter in FUNCTIONS and STARTS_CALL.match(self.source, end)
        self._named("name" if is_call else "variable", letter, start, end)

    def _unknown(self, text: str, start: int, end: int) -> NoReturn:
        name = text[1:]
        known = dict.fromkeys((*SIGNS, *FRACTIONS, *LETTERS, *UPRIGHT, *CALLS, "left", "right"))
        near = nearest(name, known) if len(name) > 1 and name not in SAYS else ""
        hint = SAYS.get(name, f"did you mean \\{near}?" if near else r"a name of several letters is \mathrm{name}")
        raise ProgramError(f"{text} is not LaTeX that bpviz reads", place=Place(self.source, start, end), hint=hint)

    # names and numbers

    def letters(self, text: str, start: int, end: int) -> None:
        """Read a name: one letter, a letter with digits, or a word that the program or bpviz knows."""
        is_assigned = STARTS_VALUE.match(self.source, end) is not None
        if is_assigned:
            self.assigned.add(text)
        is_one = not text[1:] or text[1:].isdigit()
        if not (is_one or text in FUNCTIONS or text in CONSTANTS or text in self.assigned):
            raise ProgramError(
                f"{text} can be read in two ways",
                place=Place(self.source, start, end),
                hint=rf"write \mathrm{{{text}}} for one name, or {' '.join(text)} for a product",
            )
        self._named("name", text, start, end)

    def _named(self, kind: str, name: str, start: int, end: int) -> None:
        """Emit a name with the subscript that follows it, if any: w_{10} is the name w_10."""
        match = SUBSCRIPT.match(self.source, end)
        if match:
            below = self._below(match)
            kind, name = self._subscripted(name, below, start, match)
            self.position = end = match.end()
        if STARTS_VALUE.match(self.source, end):
            self.assigned.add(name)
        self.emit(kind, name, start, end)

    def _subscripted(self, name: str, below: str, start: int, match: re.Match[str]) -> tuple[str, str]:
        """Return the kind and the text of a name with a subscript, which for a logarithm is its base."""
        if all(row.syntax.subscript is None for row in FUNCTIONS.get(name, ())):
            return "variable", f"{name}_{below}"
        if f"{name}{below}" in FUNCTIONS:
            return "name", f"{name}{below}"
        kind = "number" if below.isdecimal() else "variable"
        self.bases[start] = token(kind, below, match.start(), match.end(), self.source, self.digits)
        return "name", name

    def _below(self, match: re.Match[str]) -> str:
        """Return a subscript as part of a name: \\theta_{1,2} ends in 1_2; refuse w_10, which is w_1 and 0 in LaTeX."""
        rest = re.compile(r"[^\W_]*").match(self.source, match.end())
        if match["one"] and rest and rest[0] and (match["one"].isalpha() or rest[0][0].isdigit()):
            place = Place(self.source, match.start("one"), rest.end())
            hint = f"write _{{{match['one']}{rest[0]}}}"
            raise ProgramError("a subscript of several characters needs braces", place=place, hint=hint)
        text = match["group"] if match["group"] is not None else match["command"] or match["one"]
        text = re.sub(r"\\(?:text|mathrm|textrm|mathit)\s*\{([^{}]*)\}", r"\1", text)
        text = re.sub(r"\\([A-Za-z]+)\s*", lambda command: LETTERS.get(command[1], command[0]), text).strip()
        below = re.sub(r"[,\s]+", "_", text)
        if not re.fullmatch(r"\w+", below):
            place = Place(self.source, match.start(), match.end())
            raise ProgramError("this subscript is no name", place=place, hint="write letters and digits, as in w_{10}")
        return below

    def number(self, text: str, start: int, end: int) -> None:
        """Read a number; as an exponent without braces it has one digit."""
        before = self.out[-1] if self.out else None
        if before and before[:2] == ("operator", "^") and len(text) > 1 and before.end > before.start:
            place = Place(self.source, start, end)
            raise ProgramError("an exponent of several digits needs braces", place=place, hint=f"write ^{{{text}}}")
        self.out.append(token("number", text, start, end, self.source, self.digits))

    def stray_subscript(self, text: str, start: int, end: int) -> NoReturn:
        """Refuse a subscript of anything but a name."""
        raise ProgramError(
            "only a name has a subscript", place=Place(self.source, start, end), hint="write it after a name, as in w_0"
        )


def _with_bases(out: list[Token], bases: dict[int, Token]) -> list[Token]:
    r"""Put the base of each \log_{3}(x) behind its operand, where log(x, 3) has it; bases are by where log starts."""
    result: list[Token] = []
    opened: list[Token | None] = []
    for each in out:
        if each.kind == "open":
            opened.append(bases.get(result[-1].start) if result and result[-1].kind == "name" else None)
        elif each.kind == "close" and opened:
            base = opened.pop()
            if base and result[-1].kind != "open":  # empty brackets are told as such
                result += [Token("comma", ",", each.start, each.start), base]
        result.append(each)
    return result


def _with_exponential(out: list[Token]) -> tuple[list[Token], list[str]]:
    """Read e as the base of natural logarithms if it is the base of powers and stands nowhere else."""
    bases = [i for i, token in enumerate(out) if token.text == "e" and token.kind in ("name", "variable")]
    if not bases or any(out[i + 1][:2] != ("operator", "^") for i in bases):
        return out, []
    for i in bases:
        out[i] = Token("prefix", "e^", out[i].start, out[i + 1].end)
        out[i + 1] = Token("gap", "", 0, 0)
    told = "e^{…} is read as the exponential function, because e is used for nothing else"
    return [token for token in out if token.kind != "gap"], [told]
