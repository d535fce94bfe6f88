r"""LaTeX to the same tokens as plain text, each with its place in the LaTeX as typed.

A group becomes a bracket: \frac{a}{b} is ((a)/(b)), \sqrt[4]{x} is ((x)^(1/(4))). Markup that only moves ink (\, \left
$ &) is passed over; a command that means something else is refused with the nearest one known. Letters side by side
are factors, as on paper; names, with all that hangs on them, are read by latex_names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from bpviz.errors import Place, ProgramError
from bpviz.gates import FUNCTIONS
from bpviz.lang.array_code import rewrite_arrays
from bpviz.lang.function_brackets import place_bases, write_brackets
from bpviz.lang.latex_names import ACCENTS, FONTS, TRANSPOSED, UPRIGHT, Names
from bpviz.lang.pasted import rewrite
from bpviz.lang.tokens import PATTERN, RAISED, VULGAR_FRACTIONS, Token, read_token
from bpviz.limits import DEFAULT
from bpviz.names import LETTERS, find_nearest

RAW = re.compile(
    rf"(?P<gap>[ \t]+|%[^\n]*)|(?P<command>\\(?:[A-Za-z]+|.|\Z))|(?P<brace>[{{}}])|(?P<markup>\$\$?|[&~])"
    rf"|(?P<letters>[^\W\d_{RAISED}{VULGAR_FRACTIONS}][^\W_{RAISED}{VULGAR_FRACTIONS}]*)|(?P<exponent>[0-9]+(?=_))|(?P<subscript>_)|{PATTERN}",
    re.DOTALL,
)
DELIMITER = re.compile(r"\s*(\\(?:[lr]?[vV]ert|[lr]brace)(?![A-Za-z])|\\[{}|]|[()\[\]|])")
MOST_INDICES = 8  # of roots within one another's indices
STARTS_INDEX = re.compile(r"\s*\[")
ARGUMENT = re.compile(r"\s*(?:\*\s*)?\{((?:[^{}]|\{[^{}]*\})*)\}")
ROW = re.compile(r"\*?\s*(?:\[[^\[\]\n]*\])?")
ENDS_ENVIRONMENT = re.compile(r"\s*\\end(?![A-Za-z])")
OTHERWISE = re.compile(
    r"\s*(?:\\(?:text|mathrm|textrm|mbox)\s*\{\s*(?:otherwise|else)\W*\}|\\?(?:otherwise|else)\b)[.,]?"
)
WORDS = re.compile(r"\s*\\(?:text|mathrm|textrm|mbox)\s*\{\s*(?:if|for|when|falls)\s*\}")
ENDS = re.compile(r"(?:[\s$]|\\[\])]|\\end\s*\{[a-z]*\*?\}|\\(?:quad|qquad|tag\{[^{}]*\}|nonumber|notag))*(?:\\\\|\Z)")
GOES_ON = re.compile(
    r"(?:[\s&~]|\\(?:quad|qquad|[,;:! ]|nonumber|notag)|\\label\{[^{}]*\})*(?:[-+*/^·×]|\\(?:cdot|times|div|pm)\b)"
)
DERIVATIVE = re.compile(
    r"\s*\{\s*(?:\\mathrm\s*\{\s*d\s*\}|\\partial|d)[^{}]*\}\s*\{\s*(?:\\mathrm\s*\{\s*d\s*\}|\\partial|d)\s*[^{}]"
)

SIGNS = {
    **dict.fromkeys(("cdot", "times", "ast", "odot"), ("operator", "*")),
    "div": ("operator", "/"),
    **dict.fromkeys(("lvert", "lVert"), ("open", "|")),
    **dict.fromkeys(("rvert", "rVert"), ("close", "|")),
    **dict.fromkeys(("vert", "|", "Vert"), ("bar", "|")),
    **dict.fromkeys(("lbrace", "{"), ("open", "{")),
    **dict.fromkeys(("rbrace", "}"), ("close", "}")),
    **dict.fromkeys(("lt",), ("compare", "<")),
    **dict.fromkeys(("gt",), ("compare", ">")),
    **dict.fromkeys(("le", "leq", "leqslant"), ("compare", "<=")),
    **dict.fromkeys(("ge", "geq", "geqslant"), ("compare", ">=")),
    **dict.fromkeys(("ne", "neq"), ("compare", "!=")),
}
INK = (
    *(",", ";", "!", ":", ">", "/", " ", "\n", "(", ")", "[", "]", "quad", "qquad", "enspace", "enskip", "space"),
    *("thinspace", "medspace", "thickspace", "negthinspace", "negmedspace", "negthickspace", "nobreakspace"),
    *("displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag", "mathstrut", "strut"),
    *("big", "Big", "bigg", "Bigg", "centering", "hfill", "par", "noindent", "relax", "allowbreak", "nobreak"),
)
INK_WITH_ARGUMENT = (
    "label",
    "tag",
    "hspace",
    "vspace",
    "phantom",
    "hphantom",
    "vphantom",
    "color",
    "textcolor",
    "mspace",
)
OPENING = ("left", "bigl", "Bigl", "biggl", "Biggl")
CLOSING = ("right", "bigr", "Bigr", "biggr", "Biggr")
FRACTIONS = ("frac", "dfrac", "tfrac", "cfrac")
ROWS = (  # environments of formulas, row by row
    *("align", "aligned", "alignat", "alignedat", "flalign", "equation", "gather", "gathered", "split", "multline"),
    *("eqnarray", "displaymath", "math", "array"),
)
CASES = ("cases", "dcases", "rcases")
MATRICES = ("matrix", "bmatrix", "pmatrix", "Bmatrix", "smallmatrix")
BARE_T = re.compile(r"\s*\^\s*\{?\s*T\s*\}?")  # which is a power as well: (1 + r)^T
OF_MATRICES = re.compile(r"[A-Z]|\\(?:mathbf|bm|boldsymbol|vec|begin)\b")  # in a bracket before a T
OF_NORM = re.compile(r"\s*(?:\{\s*([^{}]*?)\s*\}|([^{}\s]))")  # the subscript of a norm
NORMS = ("2", "F")  # which is the root of the sum of all squares
CALLS = [name for name, rows in FUNCTIONS.items() if name.isascii() and not rows[0].syntax.means_other_in_latex]
SAYS = {
    **dict.fromkeys(("dots", "ldots", "cdots"), "write out what you leave out"),
    **dict.fromkeys(("sum", "prod", "int"), "write out the terms: x_1 + x_2 + x_3"),
    "dot": r"for a product of two lists write \operatorname{dot}(a, b; c, d)",
    "partial": "give the function alone: bpviz symbolic finds its derivatives",
    "pm": "write two statements, one with + and one with -",
    **dict.fromkeys(("in", "to", "rightarrow", "mid", "forall"), "give the formula alone"),
}
COMPLEMENT = {">": "<=", "<=": ">", "<": ">=", ">=": "<", "==": "!=", "!=": "=="}


def translate(source: str, digits: int = DEFAULT.digits) -> tuple[list[Token], list[str]]:
    """Return the tokens of a LaTeX program, the last of kind "stop", and what was assumed; raise ProgramError.

    digits is the most that a number may have.
    """
    translation = Translation(source, digits)
    translation.read()
    out, notes = write_brackets(rewrite(rewrite_arrays(translation.out, source), source), source, latex=True)
    out = place_bases(out, translation.names.bases) if translation.names.bases else out
    return out, [*translation.names.notes(), *notes]


@dataclass
class Cases:
    """An open cases: where in the tokens the conditions of its rows begin, and where its last row does."""

    conditions: list[int]
    row: int


class Translation:
    """Where the scan stands: the tokens so far, and what each open group is for."""

    def __init__(self, source: str, digits: int) -> None:
        self.digits = digits
        self.source = source
        self.position = 0
        self.out: list[Token] = []
        self.names = Names(source, digits)
        self.groups: list[str] = []  # what each open { is: "", numerator, denominator, radicand or index
        self.roots: list[tuple[int, int, list[Token]]] = []  # where each began, how long out was, its index
        self.indices = 0  # how many indices of roots are open
        self.argument = ""  # what the next group is for
        self.opener = 0  # where the command that wants it began
        self.environments: list[str] = []
        self.cases: list[Cases] = []

    def read(self) -> None:
        """Read all of the source."""
        kinds: dict[str, Callable[[str, int, int], None]] = {
            "command": self.command,
            "brace": self.brace,
            "letters": self.letters,
            "markup": self.markup,
            "subscript": self.stray_subscript,
            "number": self.number,
            "exponent": self.number,
            "close": self.close,
            "comma": self.comma,
        }
        while match := RAW.match(self.source, self.position):
            kind, text, start, end = match.lastgroup or "", match.group(), match.start(), match.end()
            self.position = end
            if kind in ("gap", "space"):
                continue
            if self.argument and text != "{":
                self.bare_argument(kind, text, start, end)
            elif text == "^" and (turned := self._find_transpose(start)):
                self.emit("transpose", "T", start, turned)
                self.position = turned
            elif kind in kinds:
                kinds[kind](text, start, end)
            elif text == "." and ENDS.match(self.source, end):
                continue  # the full stop of a sentence that ends in a formula
            else:
                self.out += read_token(kind, text, start, end, self.source, self.digits)
            self.position = self.names.skip(self.position)
        if self.argument:
            self._refuse_missing_group(len(self.source))
        self.emit("stop", "", len(self.source), len(self.source))

    def emit(self, kind: str, text: str, start: int, end: int) -> None:
        """Append a token."""
        self.out.append(Token(kind, text, start, end))

    # groups and what follows from them

    def brace(self, text: str, start: int, end: int) -> None:
        """Open a group, or close one and add what its command puts after it."""
        if text == "{":
            if not self.argument and (named := self.names.read_in_braces(start)):
                self.out += named.tokens
                self.position = named.end
                return
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
            self._refuse_missing_group(start)
        self.emit("open", "{", self.opener, start)
        use, self.argument = self.argument, ""
        if kind == "number":
            self.out += read_token("number", text[0], start, end, self.source)
        else:
            self.emit("variable", LETTERS[text[1:]] if kind == "command" else text[0], start, end)
        self.emit("close", "}", end, end)
        self._complete(use, end)

    def _complete(self, use: str, end: int) -> None:
        if use == "numerator":
            self.emit("operator", "/", end, end)
            self.argument, self.opener = "denominator", end
        elif use in ("denominator", "radicand"):
            self.emit("close", "}", end, end)
        elif use == "root":
            self._close_root(*self.roots.pop(), end)

    def _close_root(self, start: int, length: int, index: list[Token], end: int) -> None:
        r"""Write \sqrt[n]{x} as a root where n is an odd number, whose operand may be negative; else as a power."""
        degree = index[0].text if len(index) == 1 and index[0].kind == "number" else ""
        if degree and float(degree) % 2 == 1:
            self.out[length - 1 : length] = [Token("name", "root", start, start), Token("open", "{", start, start)]
            self.emit("comma", ",", end, end)
            self.out += index
        else:
            self.emit("operator", "^", start, start)
            self.emit("open", "{", start, start)
            self.emit("number", "1", start, start)
            self.emit("operator", "/", start, start)
            self.emit("open", "{", start, start)
            self.out += index
            self.emit("close", "}", end, end)
            self.emit("close", "}", end, end)
        self.emit("close", "}", end, end)

    def close(self, text: str, start: int, end: int) -> None:
        """Close a bracket; a ] may end the index of a root, whose tokens are kept for after the radicand."""
        if text == "]" and self.groups and self.groups[-1] == "index":
            self.groups.pop()
            self.indices -= 1
            begin, length, _ = self.roots[-1]
            self.roots[-1] = (begin, length, self.out[length:])
            del self.out[length:]
            self.argument, self.opener = "root", self.out[-1].start
        else:
            self.emit("close", text, start, end)

    def _refuse_missing_group(self, position: int) -> NoReturn:
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
        if name in INK_WITH_ARGUMENT:
            self._argument(text, start, end)
        elif name == "\\":
            self._row(start, end)
        elif name in SIGNS:
            self.emit(*SIGNS[name], start, end)
        elif name in FRACTIONS:
            self._fraction(start, end)
        elif name == "sqrt":
            self._root(start, end)
        elif name in OPENING or name in CLOSING:
            self._delimiter("open" if name in OPENING else "close", text, start, end)
        elif name in LETTERS:
            self._take(self.names.read_letter(LETTERS[name], start, end))
        elif name in (*UPRIGHT, *FONTS):
            self._take(self.names.read_upright(text, start, end))
        elif name in ACCENTS and (read := self.names.read_accented(name, start, end)):
            self._take(read)
        elif name in CALLS:
            self._take(self.names.read_name("name", name, start, end))
        elif name in ("begin", "end"):
            self._environment(text, start, end)
        else:
            self._refuse_command(text, start, end)

    def _take(self, read: tuple[list[Token], int]) -> None:
        tokens, self.position = read
        self.out += tokens

    def _argument(self, text: str, start: int, end: int) -> str:
        """Pass over the argument of a command; return it."""
        match = ARGUMENT.match(self.source, end)
        if not match:
            place = Place(self.source, start, end)
            raise ProgramError(f"{text} has no group in braces after it", place=place, hint=f"leave {text} out")
        self.position = match.end()
        return match[1]

    def _fraction(self, start: int, end: int) -> None:
        if DERIVATIVE.match(self.source, end):
            place = Place(self.source, start, end)
            hint = "give the function alone: bpviz symbolic prints its derivatives, bpviz table their values"
            raise ProgramError("derivatives are what bpviz finds by itself", place=place, hint=hint)
        self.emit("open", "{", start, end)
        self.argument, self.opener = "numerator", start

    def _root(self, start: int, end: int) -> None:
        index = STARTS_INDEX.match(self.source, end)
        if index:
            if self.indices == MOST_INDICES:  # since each level moves what is in it behind its radicand
                what = f"{MOST_INDICES} roots stand in one another's indices"
                raise ProgramError(what, place=Place(self.source, start, end), hint="write a power: x^{1/n}")
            self.indices += 1
            self.emit("open", "{", start, end)
            self.position = index.end()
            self.groups.append("index")
            self.roots.append((start, len(self.out), []))
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

    def _refuse_command(self, text: str, start: int, end: int) -> NoReturn:
        name = text[1:]
        known = dict.fromkeys((*SIGNS, *FRACTIONS, *LETTERS, *UPRIGHT, *CALLS, "left", "right", "sqrt"))
        near = find_nearest(name, known) if len(name) > 1 and name not in SAYS else ""
        hint = SAYS.get(name, f"did you mean \\{near}?" if near else r"a name of several letters is \mathrm{name}")
        raise ProgramError(f"{text} is not LaTeX that bpviz reads", place=Place(self.source, start, end), hint=hint)

    # rows and environments

    def _row(self, start: int, end: int) -> None:
        r"""Read a \\ with its star and its length: the end of a statement, or of a row that goes on in the next."""
        match = ROW.match(self.source, end)
        self.position = end = match.end() if match else end
        if self._is_in_matrix():
            if not ENDS_ENVIRONMENT.match(self.source, end):
                self.emit("end", ";", start, end)
            return
        if self.cases:
            self._end_of_case(start, end)
            return
        before = self.out[-1].kind if self.out else ""
        if before in ("operator", "open", "assign", "compare") or GOES_ON.match(self.source, end):
            return
        self.emit("end", ";", start, end)

    def _environment(self, text: str, start: int, end: int) -> None:
        name = self._argument(text, start, end).rstrip("*")
        if name not in (*ROWS, *CASES, *MATRICES):
            hint = "paste the formula without \\begin{…} and \\end{…}"
            if name == "vmatrix":
                hint = "it is a determinant, which is no gate: write out the products"
            elif name == "Vmatrix":
                hint = "write \\lVert \\begin{bmatrix} … \\end{bmatrix} \\rVert for its norm"
            what = f"{text}{{{name}}} is not LaTeX that bpviz reads"
            raise ProgramError(what, place=Place(self.source, start, self.position), hint=hint)
        if text == r"\begin":
            self.environments.append(name)
            if name in MATRICES:
                self.emit("open", "[", start, self.position)
            if name in CASES:
                self.emit("open", "(", start, self.position)
                self.cases.append(Cases([], len(self.out)))
            return
        if not self.environments or self.environments.pop() != name:
            place = Place(self.source, start, self.position)
            raise ProgramError(
                f"this \\end{{{name}}} ends nothing",
                place=place,
                hint=f"leave it out, or write \\begin{{{name}}} before",
            )
        if name in CASES:
            self._end_of_cases(start)
        elif name in MATRICES:
            self.emit("close", "]", start, self.position)

    def _is_in_matrix(self) -> bool:
        return bool(self.environments) and self.environments[-1] in MATRICES

    def markup(self, text: str, start: int, end: int) -> None:
        """Pass over $ and &; the & of a matrix parts entries, that of cases a value and its condition."""
        if text == "&" and self._is_in_matrix():
            self.emit("comma", ",", start, end)
            return
        if text != "&" or not self.cases:
            return
        if self.out[-1].kind == "comma":
            self.out.pop()
        otherwise = OTHERWISE.match(self.source, end)
        if otherwise:
            self.position = otherwise.end()
            return
        words = WORDS.match(self.source, end)
        self.position = words.end() if words else end
        self.cases[-1].conditions.append(len(self.out))
        self.emit("if", "if", start, end)

    def _end_of_case(self, start: int, end: int) -> None:
        if self.out[-1].kind == "comma":
            self.out.pop()
        if self.out[-1].kind == "open" or not ENDS_ENVIRONMENT.match(self.source, end):
            self.emit("else", "else", start, end)
            self.cases[-1].row = len(self.out)

    def _end_of_cases(self, start: int) -> None:
        """End a choice; the condition of its last row goes if it holds wherever that of the row before does not."""
        conditions, row = self.cases[-1].conditions, self.cases[-1].row
        self.cases.pop()
        if self.out[-1].kind == "comma":
            self.out.pop()
        if conditions and conditions[-1] >= row:
            before = self._condition(conditions[-2], row - 1) if conditions[1:] else []
            negated = [COMPLEMENT.get(text, text) for text in before]
            if negated != self._condition(conditions[-1], len(self.out)):
                place = Place(self.source, self.out[conditions[-1]].start, start)
                hint = r"write \text{otherwise} in the last row"
                raise ProgramError("these cases do not say what holds otherwise", place=place, hint=hint)
            del self.out[conditions[-1] :]
        self.emit("close", ")", start, self.position)

    def _condition(self, first: int, stop: int) -> list[str]:
        return [each.text for each in self.out[first + 1 : stop] if each.kind != "comma"]

    # names and numbers

    def letters(self, text: str, start: int, end: int) -> None:
        """Read a run of letters: a name, a function, or factors."""
        self._take(self.names.read_letters(text, start, end))

    def number(self, text: str, start: int, end: int) -> None:
        """Read a number; as an exponent without braces it has one digit."""
        before = self.out[-1] if self.out else None
        if before and before[:2] == ("operator", "^") and len(text) > 1 and before.end > before.start:
            place = Place(self.source, start, end)
            raise ProgramError("an exponent of several digits needs braces", place=place, hint=f"write ^{{{text}}}")
        if text.endswith(".") and ENDS.match(self.source, end):
            text = text[:-1]
        self.out += read_token("number", text, start, end, self.source, self.digits)

    def comma(self, text: str, start: int, end: int) -> None:
        """Read a comma; one at the end of a row belongs to the sentence around the formula."""
        if not (ENDS.match(self.source, end) and not self.cases):
            self.emit("comma", text, start, end)

    def _find_transpose(self, start: int) -> int:
        """Return where the ^T of a bracket ends; 0 if there is none, or T is a power as in (1 + r)^T."""
        match = TRANSPOSED.match(self.source, start)
        if not match or not self.out or self.out[-1].kind != "close" or self.out[-1].text == "|":
            return 0
        depth, k = 0, len(self.out)
        while k and (depth or k == len(self.out)):
            k -= 1
            depth += (self.out[k].kind == "close") - (self.out[k].kind == "open")
        is_bare = BARE_T.fullmatch(match[0])
        return 0 if is_bare and not OF_MATRICES.search(self.source, self.out[k].start, start) else match.end()

    def stray_subscript(self, text: str, start: int, end: int) -> None:
        r"""Pass over the 2 of \|x\|_2; refuse a subscript of anything else but a name."""
        norm = OF_NORM.match(self.source, end) if self.out and self.out[-1].text == "|" else None
        if norm and (norm[1] or norm[2]) in NORMS:
            self.position = norm.end()
            return
        if norm:
            hint = (
                r"write \operatorname{sum}(|x|) for the sum of absolute values, \operatorname{max}(|x|) for the largest"
            )
            raise ProgramError(
                "the norm here is that of Euclid", place=Place(self.source, start, norm.end()), hint=hint
            )
        raise ProgramError(
            "only a name has a subscript", place=Place(self.source, start, end), hint="write it after a name, as in w_0"
        )
