"""A formula as text: one printer that knows which brackets are needed, and a Style for each language and notation.

A style is data: how an operator is written between its operands, what a function is called. Plain text stands here,
LaTeX and Typst in modules of their own, the programming languages with the listings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bpviz.formula.numerals import SUPERSCRIPTS, THREE_DIGITS, Rounding, number
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.graph import Node

# how tightly a piece of a formula holds together
LOOSE, RELATION, SUM, SIGN, PRODUCT, POWER, ATOM = range(7)
Written = tuple[str, int]
Function = str | Callable[[list[str]], str]  # a template, where #1 is the first operand, or a function of the operands
LONGEST = 8  # a constant typed with more characters than this is shown rounded


@dataclass(frozen=True, kw_only=True)
class Style:
    """A notation.

    number, name    how the leaves are written
    brackets        what goes round a piece that would fall apart: "({})"
    plus, minus, times, relation   operators as they stand between operands
    equal, less     the relations = and <
    signs           what a negative number begins with
    quotient        a template of two, and how tightly it holds; closed says that it needs no brackets inside
    power           a template of two; raised, where given, writes a whole exponent ("²") instead
    functions       name to template; other_function is the template of those that are not in it, argument what is
                    done to each of their operands
    """

    number: Callable[[Atom], str]
    name: Callable[[str], str] = str
    brackets: str = "({})"
    plus: str = " + "
    minus: str = " - "
    signs: tuple[str, ...] = ("-", "−")
    times: str = " * "
    negative: str = "-{}"
    negative_number: int = SIGN
    relation: str = "({} {} {})"
    equal: str = "=="
    less: str = "<"
    quotient: str = "{} / {}"
    closed_quotient: bool = False
    power: str = "{}**{}"
    closed_exponent: bool = False
    raised: Callable[[Formula], str] = field(default=lambda exponent: "")
    functions: Mapping[str, Function] = field(default_factory=dict)
    other_function: str = "{}({})"
    argument: Callable[[str], str] = str


def show(formula: Formula, style: Style, least: int = LOOSE) -> str:
    """Return a formula as text, in brackets if it holds together less tightly than least."""
    text, binding = write(formula, style)
    return style.brackets.format(text) if binding < least else text


def write(formula: Formula, style: Style) -> Written:
    """Return a formula as text, and how tightly it holds together."""
    if isinstance(formula, Atom):
        return _atom(formula, style)
    parts = formula.parts
    match formula.head:
        case "+":
            first, *others = parts
            return style.plus.join([show(first, style, SUM), *(show(part, style, PRODUCT) for part in others)]), SUM
        case "terms":
            return _terms([show(part, style, SIGN) for part in parts], style), SUM
        case "-":
            return show(parts[0], style, SUM) + style.minus + show(parts[1], style, PRODUCT), SUM
        case "*":
            first, *others = parts
            factors = [show(first, style, SIGN), *(show(part, style, PRODUCT) for part in others)]
            return _signed(style.times.join(factors), style)
        case "/" if style.closed_quotient:
            return style.quotient.format(show(parts[0], style), show(parts[1], style)), PRODUCT
        case "/":
            return _signed(style.quotient.format(show(parts[0], style, SIGN), show(parts[1], style, POWER)), style)
        case "negative":
            return style.negative.format(show(parts[0], style, PRODUCT)), SIGN
        case "^":
            return _power(parts[0], parts[1], style), POWER
        case "<" | ">" | "==" as sign:
            relation = {"==": style.equal, "<": style.less}.get(sign, sign)
            return style.relation.format(show(parts[0], style, SUM), relation, show(parts[1], style, SUM)), ATOM
    return _function(formula, style)


def _signed(product: str, style: Style) -> Written:
    """Return a product or quotient, which needs brackets behind another sign if it begins with one."""
    return product, SIGN if product.startswith(style.signs) else PRODUCT


def _terms(terms: list[str], style: Style) -> str:
    """Return signed terms as a sum: 0.512 − 0.0358 + 1.58."""
    first, *others = terms
    for term in others:
        sign = next((sign for sign in style.signs if term.startswith(sign)), "")
        first += style.minus + term.removeprefix(sign) if sign else style.plus + term
    return first


def _atom(atom: Atom, style: Style) -> Written:
    if atom.value is None:
        return style.name(atom.text), ATOM
    text = style.number(atom)
    if text.startswith(style.signs):
        return text, style.negative_number
    return text, PRODUCT if "×" in text or "times" in text else ATOM


def _power(base: Formula, exponent: Formula, style: Style) -> str:
    below, above = show(base, style, ATOM), style.raised(exponent)
    if above:
        return below + above
    return style.power.format(below, show(exponent, style, LOOSE if style.closed_exponent else POWER))


def _function(term: Term, style: Style) -> Written:
    operands = [show(part, style) for part in term.parts]
    function = style.functions.get(term.head)
    if function is None:
        return style.other_function.format(term.head, ", ".join(map(style.argument, operands))), ATOM
    if isinstance(function, str):
        text = filled(function, operands)
        return text, POWER if function.startswith("e^") else ATOM
    return function(operands), ATOM


def filled(template: str, operands: list[str]) -> str:
    r"""Put operands into a template, where #1 is the first and #* are all of them.

    >>> filled(r"\frac{#1}{#2}", ["a", "b"])
    '\\frac{a}{b}'
    """
    head, *rest = template.replace("#*", ", ".join(operands)).split("#")
    return head + "".join(operands[int(piece[0]) - 1] + piece[1:] for piece in rest)


def _small(exponent: Formula) -> str:
    """Return a whole exponent as superscript digits, and nothing for any other."""
    if isinstance(exponent, Atom) and exponent.value is not None and exponent.value.is_integer():
        return f"{exponent.value:.0f}".translate(SUPERSCRIPTS)
    return ""


def numeral(atom: Atom) -> str:
    """Return a number of a formula for people: as it was typed or rounded, or else by its value."""
    return atom.text or number(atom.value or 0.0)


def leaf(node: Node, rounding: Rounding = THREE_DIGITS) -> Atom:
    """Return a node as a leaf of a formula: its name, or a constant as typed if that is short, or else rounded."""
    if node.constant is None:
        return Atom(node.name)
    is_short = len(node.name) <= LONGEST and "e" not in node.name
    typed = "π" if node.name == "pi" else node.name
    return Atom(typed if is_short else number(node.constant, rounding), node.constant)


def _root(operands: list[str]) -> str:
    return f"√{operands[0]}" if operands[0].isalnum() else f"√({operands[0]})"


TEXT = Style(
    number=numeral,
    minus=" − ",
    times="·",
    negative="−{}",
    relation="[{} {} {}]",
    equal="=",
    quotient="{}/{}",
    power="{}^{}",
    raised=_small,
    functions={
        "abs": "|#1|",
        "sqrt": _root,
        "cbrt": lambda operands: f"³{_root(operands)}",
        "log2": "log₂(#1)",
        "log10": "log₁₀(#1)",
        "log": "log_#2(#1)",
        "log1p": "ln(1 + #1)",
        "where": lambda operands: f"({operands[1]} if {operands[0][1:-1]}, else {operands[2]})",
        "above": "[#1 = #2]",
        "below": "[#1 = #2]",
        "partial": "∂#1/∂#2",
    },
)
