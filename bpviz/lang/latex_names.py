r"""Names in LaTeX with all that hangs on them: \hat{y}, w_{12}^{(2)}, \mathbf{w}, x', h_{t-1}.

A name of bpviz is a word, so that it can be typed as an option: what hangs on a letter becomes part of the word, and
what is not plain is said in a note. Two ways of typing that would become one name are refused.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import normalize

from bpviz.errors import Place, ProgramError
from bpviz.gates import CONSTANTS, FUNCTIONS
from bpviz.lang.messages import NO_GATES
from bpviz.lang.tokens import Token, read_token
from bpviz.names import LETTERS, find_nearest
from bpviz.vectors import VECTOR_FUNCTIONS

ACCENTS = {
    **dict.fromkeys(("hat", "widehat"), "\u0302"),
    **dict.fromkeys(("bar", "overline"), "\u0304"),
    **dict.fromkeys(("tilde", "widetilde"), "\u0303"),
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
}
UPRIGHT = ("mathrm", "text", "textrm", "mathit", "textit", "operatorname", "mathsf", "mathtt", "mbox", "textnormal")
FONTS = ("mathbf", "bm", "boldsymbol", "mathcal", "mathbb", "mathfrak", "mathscr", "pmb", "textbf")

NAME_IN_BRACES = re.compile(r"\s*\{\s*([^\W\d]\w*(?:[ ~]+\w+)*|\\[A-Za-z]+)\s*\}")
ACCENTED = re.compile(r"\s*(?:\{\s*([^\W\d_]|\\[A-Za-z]+)\s*\}|([^\W\d_])|(\\[A-Za-z]+))")
SUBSCRIPT = re.compile(
    r"\s*_\s*(?:\{(?P<group>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|(?P<command>\\[A-Za-z]+(?:\s*\{[^{}]*\})?)|(?P<one>\w))"
)
PRIMES = re.compile(r"\s*(?P<primes>['′]+)|\s*\^\s*\{?\s*(?P<command>\\prime)\s*\}?")
LABEL = re.compile(
    r"\s*\^\s*(?:\{\s*(?P<group>[(\[]\s*[^{}()\[\]]*[)\]]|\*|\\(?:ast|star|dagger)|"
    r"\\(?:text|mathrm|textrm|textit|operatorname|mathsf)\s*\{[^{}]*\})\s*\}|(?P<sign>\*|\\(?:ast|star|dagger)(?![A-Za-z])))"
)
TRANSPOSED = re.compile(
    r"\s*\^\s*(?:\{\s*(?:T|\\(?:top|intercal)|\\(?:mathrm|text|mathsf|rm)\s*(?:\{\s*T\s*\}|T(?![a-z])))\s*\}|T(?![a-z])|\\(?:top|intercal)\b)"
)
POWER = re.compile(r"\s*\^\s*(?:\{[^{}]*\}|\w|\\[A-Za-z]+)(?=\s*_)")
MATHTYPE = re.compile(r"\{\s*(\{\s*)?([^\W\d_]|\\[A-Za-z]+)\s*\}(?=\s*_)")
STARTS_CALL = re.compile(r"(?:\s|\\[,;:! ]|\\(?:quad|left|[bB]igg?l?)(?![A-Za-z]))*(?:[(\[]|\\\{)")
STARTS_VALUE = re.compile(r"\s*(?:&\s*)?=(?!=)")
BASE = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*")  # of a logarithm
WORDS = {"*": "star", "\\ast": "star", "\\star": "star", "\\dagger": "dagger"}
FONT_COMMAND = re.compile(r"\\(?:text|mathrm|textrm|mathit|textit|mathsf|operatorname)\s*\{([^{}]*)\}")
MOST_FACTORS = 3  # letters side by side that are read as factors; more are hardly meant so


class Read(NamedTuple):
    """Tokens, and where in the source they end."""

    tokens: list[Token]
    end: int


class Names:
    """What is known of the names of a program: how each was typed, which have a value, what a reader should know."""

    def __init__(self, source: str, digits: int) -> None:
        self.source = source
        self.digits = digits
        self.assigned: set[str] = set()
        self.typed: dict[str, str] = {}  # how each name was typed first
        self.told: dict[str, None] = {}  # notes, in the order in which they were made
        self.products: dict[str, str] = {}  # runs of letters that were read as factors
        self.bases: dict[int, Token] = {}  # of logarithms, by where each was written
        self.skips: dict[int, int] = {}  # subscripts that have been read before their place: x^2_1

    def skip(self, position: int) -> int:
        """Return the place after what has been read already."""
        return self.skips.get(position, position)

    def notes(self) -> list[str]:
        """Return the notes, with those on products that may have been meant as names."""
        both = [
            rf"{run} is read as {factors}; the name is \mathrm{{{run}}}"
            for run, factors in self.products.items()
            if run in self.typed or len(run) == MOST_FACTORS
        ]
        return [*self.told, *both]

    def read_letters(self, text: str, start: int, end: int) -> Read:
        """Read a run of letters: one name, or a word that the program or bpviz knows, or factors."""
        if STARTS_VALUE.match(self.source, end):
            self.assigned.add(text)
        is_one = not text[1:] or text[1:].isdigit()
        if is_one or text in FUNCTIONS or text in CONSTANTS or text in self.assigned:
            return self.read_name("name", text, start, end)
        if len(text) > MOST_FACTORS or not text.isalpha() or STARTS_CALL.match(self.source, end):
            raise ProgramError(
                f"{text} can be read in two ways",
                place=Place(self.source, start, end),
                hint=rf"write \mathrm{{{text}}} for one name, or {' '.join(text)} for a product",
            )
        self.products.setdefault(text, "·".join(text))
        factors = [Token("variable", letter, start + k, start + k + 1) for k, letter in enumerate(text[:-1])]
        last = self.read_name("variable", text[-1], end - 1, end)
        return Read([*factors, *last.tokens], last.end)

    def read_letter(self, letter: str, start: int, end: int) -> Read:
        """Read a Greek letter."""
        return self.read_name("name" if letter in FUNCTIONS else "variable", letter, start, end)

    def read_upright(self, text: str, start: int, end: int) -> Read:
        r"""Read \mathrm{net} or \mathbf{w}; \operatorname{f} must be a function."""
        match = NAME_IN_BRACES.match(self.source, end)
        if not match and (one := ACCENTED.match(self.source, end)) and one[2]:
            return self.read_name("variable", one[2], start, one.end())
        if not match:
            place = Place(self.source, start, end)
            raise ProgramError(f"{text} has no name in braces after it", place=place, hint=rf"write {text}{{relu}}")
        name = re.sub(r"[ ~]+", "_", self._read_one_letter(match[1], start, match.end()))
        if text == r"\operatorname" and name not in FUNCTIONS and name not in VECTOR_FUNCTIONS:
            near = find_nearest(name, FUNCTIONS)
            what, hint = NO_GATES.get(name, (f"{name} is not a function that bpviz knows", ""))
            hint = hint or (
                rf"did you mean \operatorname{{{near}}}?" if near else rf"for a name write \mathrm{{{name}}}"
            )
            raise ProgramError(what, place=Place(self.source, start, match.end()), hint=hint)
        return self.read_name("name", name, start, match.end())

    def read_accented(self, accent: str, start: int, end: int) -> Read | None:
        r"""Read \hat{y} or \bar x as a name; None where no letter follows."""
        match = ACCENTED.match(self.source, end)
        if not match:
            return None
        letter = self._read_one_letter(match[1] or match[2] or match[3], start, match.end())
        return self.read_name("variable", normalize("NFC", letter + ACCENTS[accent]), start, match.end())

    def read_in_braces(self, start: int) -> Read | None:
        """Read {g}_{k}, as MathType writes it: a name in braces of its own that has a subscript."""
        match = MATHTYPE.match(self.source, start)
        if not match or match[1]:
            return None
        name = self._read_one_letter(match[2], start, match.end())
        return self.read_name("name", name, start, match.end())

    def read_name(self, kind: str, name: str, start: int, end: int) -> Read:
        """Return the token of a name with the primes, the subscript and the label that follow it."""
        is_function = name in FUNCTIONS
        word, turns = name, None
        while True:
            primes = PRIMES.match(self.source, end)
            below = SUBSCRIPT.match(self.source, end)
            label = None if is_function or word == "e" else LABEL.match(self.source, end)
            power = None if is_function else POWER.match(self.source, end)
            if not is_function and word != "e" and (transposed := TRANSPOSED.match(self.source, end)):
                turns = Token("transpose", "T", end, transposed.end())
                break
            if primes:
                word, end, kind = word + "′" * len(primes["primes"] or "′"), primes.end(), "variable"
            elif below:
                kind, word = self._add_subscript(kind, word, start, below)
                end = below.end()
            elif label:
                text = label["group"] or label["sign"]
                word, end, kind = f"{word}_{self._write_word(text.strip('()[] '), label)}", label.end(), "variable"
                self._tell(f"{self.source[start:end]} is read as the name {word}")
            elif power and (below := SUBSCRIPT.match(self.source, power.end())):  # x^2_1 is x_1 squared
                kind, word = self._add_subscript(kind, word, start, below)
                self.skips[below.start()] = below.end()
                break
            else:
                break
        if not is_function:
            self._register(word, self.source[start:end], start, end)
        if STARTS_VALUE.match(self.source, end):
            self.assigned.add(word)
        named = Token(kind, word, start, end)
        return Read([named, turns], turns.end) if turns else Read([named], end)

    def _add_subscript(self, kind: str, name: str, start: int, match: re.Match[str]) -> tuple[str, str]:
        """Return the kind and the text of a name with a subscript, which for a logarithm is its base."""
        if all(row.syntax.subscript is None for row in FUNCTIONS.get(name, ())):
            below = self._read_subscript(match)
            if name in FUNCTIONS and below.isdecimal() and f"{name}{below}" in FUNCTIONS:
                return "name", f"{name}{below}"
            return "variable", f"{name}_{below}"
        which = next(group for group in ("group", "command", "one") if match[group] is not None)
        number = BASE.fullmatch(match[which])
        below = number[1] if number else self._read_base(name, match)
        if below == "e":
            return "name", "ln"
        if f"{name}{below}" in FUNCTIONS:
            return "name", f"{name}{below}"
        kind = "number" if number else "variable"
        self.bases[start] = next(iter(read_token(kind, below, *match.span(which), self.source, self.digits)))
        return "name", name

    def _read_base(self, name: str, match: re.Match[str]) -> str:
        """Return the base of a logarithm that is a name; refuse one that is calculated, or has a subscript itself."""
        if match["group"] is not None and re.search(r"[-+*/^_()]|\\(?:[dt]?frac|sqrt|cdot|left)", match["group"]):
            place = Place(self.source, match.start(), match.end())
            hint = rf"give the base a name of its own, or write \{name}(x) / \{name}(b) for the logarithm to the base b"
            raise ProgramError("this base is more than a number or a name", place=place, hint=hint)
        return self._read_subscript(match)

    def _read_subscript(self, match: re.Match[str]) -> str:
        """Return a subscript as part of a name: \\theta_{1,2} ends in 1_2; refuse w_10, which is w_1 and 0 in LaTeX."""
        rest = re.compile(r"[^\W_]*").match(self.source, match.end())
        if match["one"] and match["one"].isdigit() and rest and rest[0][:1].isdigit():
            place = Place(self.source, match.start("one"), rest.end())
            hint = f"write _{{{match['one']}{rest[0]}}}"
            raise ProgramError("a subscript of several characters needs braces", place=place, hint=hint)
        text = match["group"] if match["group"] is not None else match["command"] or match["one"]
        return self._write_word(text, match)

    def _write_word(self, text: str, match: re.Match[str]) -> str:
        """Return a subscript or a label as a word: t-1 is tm1, as x − y is called xmy."""
        typed = text.strip()
        text = WORDS.get(typed, FONT_COMMAND.sub(r"\1", typed))
        text = re.sub(r"\\([A-Za-z]+)\s*", lambda command: LETTERS.get(command[1], command[0]), text).strip()
        text = re.sub(r"\s*([-+])\s*", lambda sign: {"-": "m", "+": "p"}[sign[1]], text.replace("\N{MINUS SIGN}", "-"))
        word = re.sub(r"[,\s]+", "_", re.sub(r"[_{}()\[\]]", "", text).strip())
        if not re.fullmatch(r"\w+", word) or not re.search(r"[^-+\s]", typed):
            place = Place(self.source, match.start(), match.end())
            raise ProgramError("this is no part of a name", place=place, hint="write letters and digits, as in w_{10}")
        if re.search(r"[-+]", typed):
            self._tell(f"the index {typed} is read as part of a name, {word}")
        return word

    def _read_one_letter(self, text: str, start: int, end: int) -> str:
        if not text.startswith("\\"):
            return text
        if text[1:] in LETTERS:
            return LETTERS[text[1:]]
        place = Place(self.source, start, end)
        raise ProgramError(f"{text} is no letter that bpviz knows", place=place, hint=r"write a letter, as in \hat{y}")

    def _register(self, word: str, typed: str, start: int, end: int) -> None:
        """Note how a name was typed; refuse one that another one, typed otherwise, has already."""
        form = re.sub(rf"[\s{{}}]|\\(?:{'|'.join(UPRIGHT)})(?![A-Za-z])|\\[,;:! ]", "", typed)
        before = self.typed.setdefault(word, form)
        if before != form:
            place = Place(self.source, start, end)
            what = f"{before} and {form} would both be called {word}"
            raise ProgramError(what, place=place, hint=rf"give one of them another name, such as {word}_2")

    def _tell(self, note: str) -> None:
        self.told[note] = None
