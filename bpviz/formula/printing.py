"""A formula as text: one printer that knows which brackets are needed, and a Style for each language and notation.

A style is data: how an operator is written between its operands, what a function is called. Plain text and a lecturer's
board stand here, LaTeX, Typst and MathML in modules of their own, the programming languages in languages.py. Notation
is what the three typeset ones share: how a name and a number are set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from unicodedata import normalize

from bpviz.formula.numerals import ABOUT, ORDINARY, SUPERSCRIPTS, THREE_DIGITS, Rounding, number
from bpviz.formula.tree import GRIDS, PI, Atom, Formula, Term

RAISED_TEN = re.compile("10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")  # what mathematics sets as 1 × 10⁻⁹
RELATIONS = ("<", ">", "==", "!=", "<=", ">=")
PLAIN = re.compile(r"[^\W\d⁰¹²³⁴-⁹¼-¾⅐-⅞][^\W⁰¹²³⁴-⁹]*|\d+")  # a name or a whole number
LITERAL = re.compile(r"\d+(\.\d*)?(e[-−]?\d+)?")
COEFFICIENT = re.compile(r"\d[\d.]*(?=[^\W\d⁰¹²³⁴-⁹]|√)")  # of a product without a sign: 2π
VULGAR_FRACTION = re.compile("[¼-¾⅐-⅞]")
BRACKETS = re.compile(r"\([^()]*\)|\|[^|]*\|")
# how tightly a piece of a formula holds together
LOOSE, RELATION, SUM, SIGN, PRODUCT, POWER, ATOM = range(7)
Written = tuple[str, int]
# A template, where #1 is the first operand, or a function of the operands; what it returns holds together as an ATOM
# does, if it does not say otherwise.
Function = str | Callable[[list[str]], str | Written]


@dataclass(frozen=True, kw_only=True)
class Style:
    """A notation.

    number, name    how the leaves are written
    numeral_binding how tightly a number holds together that has no sign in front: 1/3 as typed less than 3
    brackets        what goes round a piece that would fall apart: "({})"
    plus, minus, times, relation   operators as they stand between operands
    negative        what stands before a piece; negative_relation before a relation, where that takes another: NumPy
                    has no minus for truth values
    relations       the relations that are written otherwise than they are read: "<=" to "≤"
    signs           what a negative number begins with
    quotient        a template of two, and how tightly it holds; closed says that it needs no brackets inside
    power           a template of two; raised, where given, writes a whole exponent ("²") instead
    functions       name to template; other_function is the template of those that are not in it, argument what is
                    done to each operand of a template, comma what stands between operands
    beside          what stands between a number and π or √ behind it, if not times: 2π
    matmul, entrywise, transposed   the product of matrices, that of their entries, and a template of a transpose
    tall            what replaces the brackets of a function of a grid, where they do not grow by themselves
    constant        the style of a constant as it was typed, where that is another
    """

    number: Callable[[Atom], str]
    name: Callable[[str], str] = str
    numeral_binding: Callable[[Atom], int] = lambda atom: ATOM
    brackets: str = "({})"
    plus: str = " + "
    minus: str = " - "
    signs: tuple[str, ...] = ("-", "−")
    times: str = " * "
    negative: str = "-{}"
    negative_number: int = SIGN
    negative_relation: str = ""
    relation: str = "({} {} {})"
    relations: Mapping[str, str] = field(default_factory=dict)
    quotient: str = "{} / {}"
    closed_quotient: bool = False
    power: str = "{}**{}"
    closed_exponent: bool = False
    raised: Callable[[Formula], str] = field(default=lambda exponent: "")
    functions: Mapping[str, Function] = field(default_factory=dict)
    other_function: str = "{}({})"
    argument: Callable[[str], str] = str
    beside: str | None = None
    constant: Style | None = None
    comma: str = ", "
    matmul: str = " @ "
    entrywise: str = " * "
    transposed: str = "{}.T"
    tall: tuple[str, str] | None = None


class Notation(NamedTuple):
    """How a typeset notation sets names and numbers.

    word        a name, or an index, of one piece
    digits      a number without a power of ten, or a constant as typed
    indexed     a template of a name and its index
    scientific  a template of a number and of ten's exponent behind it
    fraction    a template of a numerator and a denominator
    """

    word: Callable[[str], str]
    digits: Callable[[str], str]
    indexed: str
    scientific: str
    fraction: str

    def name(self, identifier: str) -> str:
        """Set a name: what follows _ is an index."""
        stem, underscore, index = identifier.partition("_")
        if underscore and stem and index.isalnum():
            return self.indexed.format(self.word(stem), self.word(index))
        return self.word(identifier)

    def value(self, x: float, rounding: Rounding = THREE_DIGITS) -> str:
        """Set a number."""
        return self.mathematics(number(x, rounding))

    def mathematics(self, numeral: str) -> str:
        """Set a numeral, or a constant as typed."""
        if VULGAR_FRACTION.fullmatch(numeral.lstrip("-−")):
            sign, (upper, _, lower) = "−" * (len(numeral) - 1), normalize("NFKC", numeral[-1]).partition("⁄")
            return self.digits(sign) + self.fraction.format(self.digits(upper), self.digits(lower))
        if RAISED_TEN.fullmatch(numeral):
            numeral = f"1×{numeral}"
        mantissa, times, exponent = numeral.partition("×10")
        text = self.digits(mantissa)
        return self.scientific.format(text, self.digits(exponent.translate(ORDINARY))) if times else text


def show(formula: Formula, style: Style, least: int = LOOSE) -> str:
    """Write a formula as text, in brackets if it holds together less tightly than least.

    >>> show(Term("*", (Atom("2", 2.0), Term("+", (Atom("x"), Atom("y"))))), TEXT)
    '2·(x + y)'
    """
    text, binding = write(formula, style)
    return style.brackets.format(text) if binding < least else text


def show_terms(formula: Formula, style: Style) -> list[str]:
    """Write the terms of a sum, each but the first with its sign before it; what is no sum is one term.

    >>> show_terms(Term("terms", (Atom("0.5", 0.5), Atom("−2", -2.0), Atom("x"))), TEXT)
    ['0.5', ' − 2', ' + x']
    """
    if not isinstance(formula, Term) or formula.head not in ("+", "terms"):
        return [show(formula, style)]
    first, *others = formula.parts
    if formula.head == "+":
        return [show(first, style, SUM), *(style.plus + show(part, style, PRODUCT) for part in others)]
    terms = [show(first, style, SIGN)]
    for part in others:
        text = show(part, style, SIGN)
        sign = next((sign for sign in style.signs if text.startswith(sign)), "")
        terms.append(style.minus + text.removeprefix(sign) if sign else style.plus + text)
    return terms


def equate(left: str, formula: Formula, style: Style, *, equals: str = "=", about: str = ABOUT) -> str:
    """Write an equation. Where constants of the formula are rounded ≈ is its sign, and not in front of each.

    >>> equate("f", Term("*", (Atom("≈0.667", 2 / 3), Atom("x"))), TEXT)
    'f ≈ 0.667·x'
    """
    plain = drop_marks(formula)
    return f"{left} {equals if plain is formula else about} {show(plain, style)}"


def choose_sign(formula: Formula) -> str:
    """Choose the sign that a formula stands behind: ≈ if a constant in it is rounded."""
    return "=" if drop_marks(formula) is formula else ABOUT


def drop_marks(formula: Formula) -> Formula:
    """Return a formula without the ≈ of its rounded constants; one that has none is returned itself."""
    if isinstance(formula, Atom):
        is_marked = formula.value is not None and formula.text.startswith(ABOUT)
        return formula._replace(text=formula.text.removeprefix(ABOUT)) if is_marked else formula
    parts = tuple([drop_marks(part) for part in formula.parts])
    is_same = all(new is old for new, old in zip(parts, formula.parts, strict=True))
    return formula if is_same else Term(formula.head, parts)


def write(formula: Formula, style: Style) -> Written:
    """Write a formula as text; return it with how tightly it holds together."""
    if isinstance(formula, Atom):
        return _write_atom(formula, style)
    parts = formula.parts
    match formula.head:
        case "+" | "terms":
            return "".join(show_terms(formula, style)), SUM
        case "-":
            return show(parts[0], style, SUM) + style.minus + show(parts[1], style, PRODUCT), SUM
        case "*":
            first, *others = parts
            factors = [show(first, style, _bind_factor(first, style, SIGN))]
            factors += [show(part, style, _bind_factor(part, style, PRODUCT)) for part in others]
            times = style.times if style.beside is None or not _stands_beside(parts) else style.beside
            return _bind_signed(times.join(factors), style)
        case "/" if style.closed_quotient:
            return style.quotient.format(show(parts[0], style), show(parts[1], style)), PRODUCT
        case "/":
            upper = show(parts[0], style, _bind_factor(parts[0], style, SIGN))
            return _bind_signed(style.quotient.format(upper, show(parts[1], style, POWER)), style)
        case "negative":
            operand = show(parts[0], style, PRODUCT)
            is_relation = isinstance(parts[0], Term) and parts[0].head in RELATIONS
            template = style.negative_relation if is_relation else ""
            return (template or style.negative).format(operand), SIGN
        case "^":
            base, exponent = show(parts[0], style, ATOM), parts[1]
            least = LOOSE if style.closed_exponent else POWER
            raised = style.raised(exponent)
            return base + raised if raised else style.power.format(base, show(exponent, style, least)), POWER
        case "@" | "⊙":
            sign = style.matmul if formula.head == "@" else style.entrywise
            other = "⊙" if formula.head == "@" else "@"  # which of the two binds tighter nobody knows
            mixed = [isinstance(part, Term) and part.head == other for part in parts]
            return sign.join(
                show(*each)
                for each in [
                    (part, style, POWER if is_mixed else PRODUCT) for part, is_mixed in zip(parts, mixed, strict=True)
                ]
            ), PRODUCT
        case "T":
            operand = show(parts[0], style)
            is_whole = isinstance(parts[0], Atom) or parts[0].head == "ones"
            return style.transposed.format(operand if is_whole else style.brackets.format(operand)), POWER
        case sign if sign in RELATIONS:
            relation = style.relations.get(sign, sign)
            return style.relation.format(show(parts[0], style, SUM), relation, show(parts[1], style, SUM)), ATOM
    return _write_function(formula, style)


def _bind_factor(factor: Formula, style: Style, least: int) -> int:
    """Say how tightly a factor must hold together; a fraction as typed is one number, (2/3)·x, and x·(2·π) has one."""
    typed = factor.typed if isinstance(factor, Atom) else None
    if typed and ((typed.head == "/" and not style.closed_quotient) or (typed.head == "*" and least == PRODUCT)):
        return POWER
    return least


def _stands_beside(factors: Sequence[Formula]) -> bool:
    """Say whether a product is that of a number and of π or a root: 2π, (2/3)√2."""
    number, *others = factors
    is_number = isinstance(number, Atom) and (not number.typed or number.typed.head == "/")
    return is_number and all(
        isinstance(each, Atom) and (each.typed.head == "sqrt" if each.typed else each.text == PI) for each in others
    )


def _bind_signed(product: str, style: Style) -> Written:
    """Write a product or quotient, which needs brackets behind another sign if it begins with one."""
    return product, SIGN if product.startswith(style.signs) else PRODUCT


def _write_atom(atom: Atom, style: Style) -> Written:
    if atom.value is None:
        return style.name(atom.text), ATOM
    if atom.typed:
        return write(atom.typed, style.constant or style)
    text = style.number(atom)
    if text.startswith(style.signs):
        return text, style.negative_number
    return text, style.numeral_binding(atom)


def _write_function(term: Term, style: Style) -> Written:
    operands = [show(part, style) for part in term.parts]
    function = style.functions.get(term.head, style.other_function)
    if isinstance(function, str):
        if style.tall and any(isinstance(part, Term) and part.head in GRIDS for part in term.parts):
            function = function.replace("(", style.tall[0]).replace(")", style.tall[1])
        if term.head not in style.functions:
            return function.format(term.head, style.comma.join(map(style.argument, operands))), ATOM
        text = fill(function, [style.argument(operand) for operand in operands], style.comma)
        return text, POWER if function.startswith("e^") else ATOM
    written = function(operands)
    return (written, ATOM) if isinstance(written, str) else written


def fill(template: str, operands: list[str], comma: str = ", ") -> str:
    r"""Put operands into a template, where #1 is the first and #* are all of them.

    >>> fill(r"\frac{#1}{#2}", ["a", "b"])
    '\\frac{a}{b}'
    """
    head, *rest = template.replace("#*", comma.join(operands)).split("#")
    return head + "".join(operands[int(piece[0]) - 1] + piece[1:] for piece in rest)


def write_grids(row: Callable[[list[str]], str], grid: Callable[[list[str]], str]) -> dict[str, Function]:
    """Make the functions of grids: row makes a row of entries, and grid a grid of rows."""

    def stand(entries: list[str]) -> str:
        return grid([row([entry]) for entry in entries])

    def lie(entries: list[str]) -> str:
        return grid([row(entries)])

    standing = dict.fromkeys(("column", "turned row", "list"), stand)
    lying = dict.fromkeys(("row", "turned column"), lie)
    return {**standing, **lying, "matrix row": row, "matrix": grid}


def _raise_digits(exponent: Formula) -> str:
    """Write a whole exponent as superscript digits, and nothing for any other."""
    if isinstance(exponent, Atom) and exponent.value is not None and exponent.value.is_integer():
        return f"{exponent.value:.0f}".translate(SUPERSCRIPTS)
    return ""


def numeral(atom: Atom) -> str:
    """Write a number of a formula for people: as it was typed or rounded, or else by its value."""
    return atom.text or number(atom.value or 0.0)


def find_binding(written: str) -> int:
    """Find how tightly a constant as typed, or an operand as written, holds together.

    >>> [find_binding(text) for text in ("θ_1", "2.5e−7", "√(2π)", "10⁻⁹")] == [ATOM, ATOM, POWER, POWER]
    True
    >>> [find_binding(text) for text in ("1/3", "2π", "2.5×10⁷", "−2/3", "1 + √5")]  == [PRODUCT] * 3 + [SIGN, SUM]
    True
    """
    if PLAIN.fullmatch(written) or LITERAL.fullmatch(written):
        return ATOM
    if written.startswith(ABOUT):  # whatever is behind it, (≈0.667)^x is not about 0.667^x
        return min(PRODUCT, find_binding(written.removeprefix(ABOUT)))
    while (inner := BRACKETS.sub("", written)) != written:
        written = inner
    if any(sign in written[1:] for sign in "+-−"):
        return SUM
    if written.startswith(("-", "−")):
        return SIGN
    if any(sign in written for sign in "×·*/÷") or COEFFICIENT.match(written):
        return PRODUCT
    return POWER if any(sign in written for sign in "√∛^⁻⁰¹²³⁴⁵⁶⁷⁸⁹") or VULGAR_FRACTION.match(written) else ATOM


def bind_numeral(atom: Atom) -> int:
    """Find how tightly a number holds together in the notations for people."""
    return find_binding(numeral(atom))


def _bracket_slope(operand: str) -> str:
    """Put a derivative that something stands behind into brackets: (∂f/∂x)[0]."""
    return operand if find_binding(operand) == ATOM else f"({operand})"


def _write_root(operands: list[str]) -> Written:
    operand = operands[0]
    return f"√{operand}" if PLAIN.fullmatch(operand) else f"√({operand})", POWER


def _write_odd_root(operands: list[str]) -> Written:
    root, binding = _write_root(operands)
    degree = operands[1] if operands[1:] else "3"
    if LITERAL.fullmatch(degree):
        degree = f"{float(degree):g}"  # 5 of a 5.0 as typed
    return degree.translate(SUPERSCRIPTS) + root, binding


def _write_logarithm(operands: list[str]) -> Written:
    """Write a logarithm with its base below where that is a name or a number, or else as a quotient."""
    operand, base = operands
    if PLAIN.fullmatch(base) or LITERAL.fullmatch(base):
        return f"log_{base}({operand})", ATOM
    return f"ln({operand})/ln({base})", PRODUCT


GRIDS_AS_TEXT: dict[str, Function] = {
    **dict.fromkeys(("column", "row", "matrix", "list"), "[#*]"),
    "matrix row": lambda operands: "…" if {*operands} == {"…"} else f"[{', '.join(operands)}]",
    **dict.fromkeys(("turned column", "turned row"), "[#*]ᵀ"),
    "norm": "‖#1‖",
    "ones": "ones",
    "taken": "[#1 = #2]",
    "others": lambda operands: f"others({operands[0]})",
    "entry": lambda operands: f"{_bracket_slope(operands[0])}[{', '.join(operands[1:])}]",
    "slice": lambda operands: f"{_bracket_slope(operands[0])}[{operands[1]}:{operands[2]}]",
    "unit": lambda operands: f"e[{', '.join(operands)}]",
}
TEXT = Style(
    number=numeral,
    numeral_binding=bind_numeral,
    minus=" − ",
    times="·",
    negative="−{}",
    relation="[{} {} {}]",
    relations={"==": "=", "!=": "≠", "<=": "≤", ">=": "≥"},
    quotient="{}/{}",
    power="{}^{}",
    raised=_raise_digits,
    functions={
        "abs": "|#1|",
        "sqrt": _write_root,
        "cbrt": _write_odd_root,
        "root": _write_odd_root,
        "log2": "log₂(#1)",
        "log10": "log₁₀(#1)",
        "log": _write_logarithm,
        "log1p": "ln(1 + #1)",
        "where": lambda operands: f"({operands[1]} if {operands[0][1:-1]}, else {operands[2]})",
        "above": "[#1 = #2]",
        "below": "[#1 = #2]",
        "partial": "∂#1/∂#2",
        **GRIDS_AS_TEXT,
    },
    matmul=" · ",
    entrywise=" ⊙ ",
    transposed="{}ᵀ",
)

COMPACT = replace(TEXT, beside="")  # a constant as typed: √(2π)


# plain text as a lecturer writes it on the board: sin a, eᵃ, aᵇ⁻¹, 2a
RAISED = dict(zip("−-+0123456789abn", "⁻⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇⁿ", strict=True))
FACTOR = re.compile(r"(?<![\w./^])(\d+)·(?=[^\W\d⁰¹²³⁴-⁹]|[(√])")  # 2·a is 2a
BARE = {"log2": "log₂", "log10": "log₁₀"} | {  # functions of which a letter needs no brackets
    name: name
    for name in (
        *("ln", "sign", "sin", "cos", "tan", "sinh", "cosh", "tanh"),
        *("arcsin", "arccos", "arctan", "arsinh", "arcosh", "artanh"),
    )
}


def show_on_board(formula: Formula) -> str:
    """Write a formula as on a board.

    >>> show_on_board(Term("*", (Atom("2", 2.0), Term("exp", (Atom("a"),)))))
    '2eᵃ'
    """
    return FACTOR.sub(r"\1", show(formula, BOARD))


def _raise(text: str) -> str:
    """Write an exponent in small letters, and nothing where there are not all of them."""
    text = text.replace(" ", "")
    return "".join(RAISED[c] for c in text) if RAISED.keys() >= set(text) else ""


def _apply_bare(name: str) -> Function:
    def write_bare(operands: list[str]) -> Written:
        operand = operands[0]
        return (f"{name} {operand}", POWER) if PLAIN.fullmatch(operand) else (f"{name}({operand})", ATOM)

    return write_bare


def _write_exponential(operands: list[str]) -> Written:
    small = _raise(operands[0])
    return f"e{small}" if small else f"e^({operands[0]})", POWER


BOARD = replace(
    TEXT,
    number=lambda atom: number(atom.value or 0.0),
    raised=lambda exponent: _raise(show(exponent, TEXT)),
    functions={**TEXT.functions, "exp": _write_exponential, **{head: _apply_bare(name) for head, name in BARE.items()}},
)
