"""Names, numbers and text as Typst markup, every character of the user's escaped.

What is made here needs WORD above it. It sets a name of several letters as text, in the font that Typst's mathematics
is of: italic("den") would be made of mathematical letters, which nobody who searches the page for "den" finds, and
would stand a space apart from the ∂ before it.

>>> print(name("x"), name("sigy"), name("w_0"), name("θ"))
x word("sigy") w_(0) θ
>>> print(value(-0.79159), value(3e-6))
-0.792 3 times 10^(-6)
"""

from __future__ import annotations

import re

from bpviz.formula.printing import LOOSE, Function, Notation, Style, Written, bind_numeral, numeral, write_grids

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
SPACES = re.compile(r"[ \t\r\n\f\v]+")
WORD = (  # what stands in an italic of text leans out on the right, and operators beside it would be too near
    '#let word(name) = math.class("normal", h(-0.07em) + emph(text(font: "New Computer Modern", name)) + h(0.07em))'
)
SPECIAL = frozenset("\\#$*_`<>@[]~/=-+")  # what begins markup, alone or doubled


def text(words: str) -> str:
    r"""Write any text as Typst markup that prints those characters.

    >>> print(text("w_0 is #1"))
    w\_0 is \#1
    """
    return "".join(f"\\{c}" if c in SPECIAL else " " if c.isspace() else c for c in words)


def string(words: str) -> str:
    r"""Write any text as a string of Typst code, which prints those characters and no markup; XML's controls replaced.

    >>> print(string('a "b" \\ #c'))
    "a \"b\" \\ #c"
    """
    words = CONTROLS.sub("\N{REPLACEMENT CHARACTER}", SPACES.sub(" ", words))
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write_word(identifier: str) -> str:
    if identifier.isdigit():
        return identifier
    return identifier if len(identifier) == 1 and identifier.isalpha() else f"word({string(identifier)})"


NOTATION = Notation(
    word=_write_word,
    digits=lambda digits: digits.replace("−", "-"),
    indexed="{}_({})",
    scientific="{} times 10^({})",
    fraction="frac({}, {})",
)
name, value, mathematics = NOTATION.name, NOTATION.value, NOTATION.mathematics


def _write_cases(operands: list[str]) -> Written:
    """Write a choice, which ends where its rows do: in brackets, as an operand, so that everybody sees where."""
    condition, then, otherwise = operands
    return f'cases({then} & "if" {condition[1:-1]}, {otherwise} & "otherwise")', LOOSE


def _bracket(operand: str) -> str:
    """Put a fraction that has an index into brackets."""
    return f"({operand})" if operand.startswith("frac(") else operand


# functions that Typst has of that name, and letters
BY_THEIR_NAME = (
    *("abs", "sqrt", "ln", "sin", "cos", "tan", "sec", "csc", "cot"),
    *("arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "sech", "csch", "coth", "σ", "Φ", "φ"),
)
FUNCTIONS: dict[str, Function] = {
    "exp": "e^(#1)",
    "cbrt": "root(3, #1)",
    "root": "root(#2, #1)",
    "log": "log_(#2)(#1)",
    "log1p": "ln(1 + #1)",
    "where": _write_cases,
    "log2": "log_2(#1)",
    "log10": "log_10(#1)",
    **write_grids(", ".join, lambda rows: f'mat(delim: "[", {"; ".join(rows)})'),
    "norm": "norm(#1)",
    "ones": "bold(1)",
    "unit": "bold(upright(e))_(#*)",
    "taken": "[#1 = #2]",
    "others": 'op("others")(#1)',
    "entry": lambda operands: f"{_bracket(operands[0])}_({', '.join(operands[1:])})",
    "slice": lambda operands: f"{_bracket(operands[0])}_({operands[1]} : {operands[2]})",
    "above": "[#1 = #2]",
    "below": "[#1 = #2]",
    "partial": "frac(partial #1, partial #2)",
    **{name: f"{name}(#1)" for name in BY_THEIR_NAME},
    **{name: f"{name}(#*)" for name in ("max", "min")},
}
TYPST = Style(
    number=lambda atom: mathematics(numeral(atom)),
    name=name,
    numeral_binding=bind_numeral,
    times=" dot ",
    beside=" ",
    relation="[{} {} {}]",
    relations={"==": "="},
    quotient="frac({}, {})",
    closed_quotient=True,
    power="{}^({})",
    closed_exponent=True,
    functions=FUNCTIONS,
    other_function='op("{}")({})',
    matmul=" thin ",
    entrywise=" ⊙ ",
    transposed="{}^(top)",
)
