r"""Names, numbers and gates as LaTeX mathematics, every character of the user's escaped.

>>> print(name("x"), name("sigy"), name("w_0"), name("θ"))  # a letter, a word upright enough to be one, an index
x \mathit{sigy} w_{0} \theta
>>> print(value(-0.79159), value(3e-6))
-0.792 3 \times 10^{-6}
"""

from __future__ import annotations

import re

from bpviz.formula import printing
from bpviz.formula.printing import (
    ATOM,
    LOOSE,
    PRODUCT,
    Function,
    Notation,
    Style,
    Written,
    bind_numeral,
    numeral,
    write_grids,
)
from bpviz.formula.tree import Formula
from bpviz.names import MARKS, split_letters

# fmt: off
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
    "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi",
    "Ψ": "Psi", "Ω": "Omega",
}
# fmt: on
# functions that LaTeX has commands for
BY_THEIR_NAME = (
    *("ln", "sin", "cos", "tan", "sec", "csc", "cot"),
    *("arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "coth"),
)
SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
SPECIAL |= {character: f"\\{character}" for character in "&%$#_{}"}
# What stands on circles and between words: as mathematics, operators in braces so that none is set apart.
SYMBOLS = {"−": "{-}", "×": r"{\times}", "÷": r"{\div}", "·": r"{\cdot}", "√": r"\surd ", "∞": r"\infty "}
SYMBOLS |= {
    "∂": r"\partial ",
    "≈": r"\approx ",
    "≤": r"\le ",
    "≥": r"\ge ",
    "≠": r"\ne ",
    "→": r"\to ",
    "…": r"\ldots ",
}
RAISED = dict(zip("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹ˣʸⁿ", "-+0123456789xyn", strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
UP, DOWN = "".join(RAISED), "".join(LOWERED)
PIECE = re.compile(rf"([{UP}]+|\^[\w.-]+)|([{DOWN}]+|_\w[\w.]*)|([A-Za-z]{{2,}})|(.)", re.DOTALL)
SIGNS = {letter: f"\\{command} " for letter, command in GREEK.items()} | SYMBOLS
MATHEMATICAL = re.compile(f"[{''.join(SIGNS)}{UP}{DOWN}]+")  # no text font need have these
LETTERS = {c: rf"\textrm{{{command}}}" for c, command in SPECIAL.items()} | {"+": "{+}", "-": "{-}", " ": r"\ "} | SIGNS

ROW_END = r" \\ "  # in a matrix
BASE = re.compile(r"\d+(?:\.\d+)?|[^\W_]+|\\[A-Za-z]+|\\mathit\{[^\W_]+\}")
INDEX = re.compile(f"[{DOWN}]+")
# A number, a name, an operator with spaces around it, an exponent or any other character: what stands beside a wire.
TOKEN = re.compile(rf"(\d[\d.]*)|((?:(?![{UP}])[^\W\d])(?:(?![{UP}])\w)*)|\s([=≈×·+−])\s|([{UP}]+|.)", re.DOTALL)


def text(words: str) -> str:
    """Write any text as LaTeX text that prints those characters.

    >>> text("100 % of w_0")
    '100 \\\\% of w\\\\_0'
    """
    escaped = "".join(SPECIAL.get(c, c) for c in words)
    return MATHEMATICAL.sub(lambda found: f"${symbols(found[0])}$", escaped)


def symbols(words: str) -> str:
    r"""Write what stands on a circle as mathematics: an operation, a constant.

    >>> print(symbols("×2"), symbols("max(·, 0)"), symbols("log₂"), symbols("x^0.5"))
    {\times}2 \mathrm{max}({\cdot},\ 0) \mathrm{log}_{2} x^{0.5}
    """
    return "".join(_write_piece(*groups) for groups in PIECE.findall(words)).strip()


def _write_piece(raised: str, lowered: str, word: str, other: str) -> str:
    """Write an exponent, an index, a word or a character as mathematics."""
    if raised:
        return f"^{{{''.join(RAISED.get(c, c) for c in raised.removeprefix('^'))}}}"
    if lowered:
        return f"_{{{''.join(LOWERED.get(c, c) for c in lowered.removeprefix('_'))}}}"
    if word:
        return rf"\mathrm{{{word}}}"
    return LETTERS.get(other) or (other if other.isascii() else rf"\textrm{{{other}}}")


def write_wire_label(words: str, *, is_italic: bool = False) -> str:
    r"""Write what stands beside a wire as mathematics: a number, "x = 3", "3.02 × −0.262 = −0.792", "∂f/∂den".

    Italic digits are those of the text: in mathematics the decimal point would be of another font, and apart.

    >>> print(write_wire_label("−2.5×10⁻⁷"), write_wire_label("×0.5", is_italic=True), write_wire_label("∂f/∂w₀"))
    -2.5{\times}10^{-7} {\times}\textit{0.5} \partial f/\partial w_{0}
    """
    digits = r"\textit{{{}}}" if is_italic else "{}"
    text = "".join(_write_token(*groups, digits=digits) for groups in TOKEN.findall(words)).strip()
    return f"-{text[3:]}" if text.startswith("{-}") else text


def _write_token(numeral: str, identifier: str, operator: str, rest: str, *, digits: str) -> str:
    """Write a number, a name, an operator between its operands, or any other character."""
    if numeral:
        return digits.format(numeral)
    if identifier:
        return rf"\{identifier} " if identifier in BY_THEIR_NAME else write_shown_name(identifier)
    if operator:
        return f" {SIGNS.get(operator, operator).strip('{}')} "
    return "".join(_write_piece(*groups) for groups in PIECE.findall(rest))


def write_shown_name(shown: str) -> str:
    """Write a name as mathematics, from what stands for it in a figure: real subscripts are an index again.

    >>> write_shown_name("w₀"), write_shown_name("sigy")
    ('w_{0}', '\\\\mathit{sigy}')
    """
    return name(INDEX.sub(lambda found: "_" + "".join(LOWERED[c] for c in found[0]), shown))


def display(rows: str) -> list[str]:
    """Write the lines of a display of amsmath, which goes on on the next page where one is full."""
    return [r"{\allowdisplaybreaks", r"\begin{align*}", rows, r"\end{align*}}%"]  # %: no space begins what follows


def equate(left: str, formula: Formula) -> str:
    """Write a row of a display, an equation that is aligned with the others at its sign."""
    return printing.equate(left, formula, LATEX, equals="&=", about=r"&\approx")


def _write_word(identifier: str) -> str:
    """Write a name of one piece: a letter, perhaps with accents, or a word; as text where mathematics has no letter."""
    letters = [] if identifier.isascii() else split_letters(identifier)  # each with its accents and primes
    marks = {mark for letter in letters for mark in letter[1:]}
    have_commands = all(letter[0].isascii() or letter[0] in GREEK for letter in letters) and MARKS.keys() >= marks
    if marks and have_commands:  # ŷ is \hat{y}; mathematics has no ç
        accented = ""
        for letter in letters:
            written = _write_letter(letter[0])
            for mark in letter[1:]:
                written = f"{written}'" if MARKS[mark] == "prime" else f"\\{MARKS[mark]}{{{written}}}"
            accented += written
        return rf"\mathit{{{accented}}}" if letters[1:] else accented
    if any(not c.isascii() and c not in SIGNS for c in identifier):
        return rf"\textit{{{text(identifier)}}}"
    if len(identifier) == 1 or identifier.isdigit():
        return _write_letter(identifier)
    characters = (SPECIAL.get(c) or SIGNS.get(c, c) for c in identifier)
    return f"\\mathit{{{''.join(characters).rstrip()}}}"


def _write_letter(character: str) -> str:
    return f"\\{GREEK[character]} ".rstrip() if character in GREEK else character


def _write_cases(operands: list[str]) -> Written:
    """Write a choice, which ends where its rows do: in brackets, as an operand, so that everybody sees where."""
    condition, then, otherwise = operands
    condition = condition.removeprefix(r"\left[").removesuffix(r"\right]")
    rows = rf"{then} & \text{{if }} {condition} \\ {otherwise} & \text{{otherwise}}"
    return rf"\begin{{cases}}{rows}\end{{cases}}", LOOSE


def _write_logarithm(operands: list[str]) -> Written:
    """Write a logarithm, its base as a subscript where that is a number or a plain name, or else as a quotient."""
    operand, base = operands
    if BASE.fullmatch(base):
        return rf"\log_{{{base}}}({operand})", ATOM
    return rf"\frac{{\ln({operand})}}{{\ln({base})}}", PRODUCT


def _brace(operand: str) -> str:
    """Put a fraction that has an index into brackets."""
    return rf"\left({operand}\right)" if operand.startswith(r"\frac") else operand


NOTATION = Notation(
    word=_write_word,
    digits=lambda digits: (
        digits.replace("−", "-")
        .replace("∞", r"\infty")
        .replace("≈", r"{\approx}")
        .replace("…", r"\dots ")
        .replace("π", r"\pi ")
    ),
    indexed="{}_{{{}}}",
    scientific=r"{} \times 10^{{{}}}",
    fraction=r"\frac{{{}}}{{{}}}",
)
name, value, mathematics = NOTATION.name, NOTATION.value, NOTATION.mathematics
FUNCTIONS: dict[str, Function] = {
    "abs": r"\left|#1\right|",
    "sqrt": r"\sqrt{#1}",
    "cbrt": r"\sqrt[3]{#1}",
    "root": r"\sqrt[#2]{#1}",
    "exp": "e^{#1}",
    "log2": r"\log_{2}(#1)",
    "log10": r"\log_{10}(#1)",
    "log": _write_logarithm,
    "log1p": r"\ln(1 + #1)",
    "where": _write_cases,
    "above": r"\left[#1 = #2\right]",
    "below": r"\left[#1 = #2\right]",
    "partial": r"\frac{\partial #1}{\partial #2}",
    **write_grids(" & ".join, lambda rows: rf"\begin{{bmatrix}}{ROW_END.join(rows)}\end{{bmatrix}}"),
    "norm": r"\left\lVert #1 \right\rVert",
    "ones": r"\mathbf{1}",
    "unit": r"\mathbf{e}_{#*}",
    "taken": r"\left[#1 = #2\right]",
    "others": r"\operatorname{others}(#1)",
    "entry": lambda operands: f"{_brace(operands[0])}_{{{', '.join(operands[1:])}}}",
    "slice": lambda operands: f"{_brace(operands[0])}_{{{operands[1]}:{operands[2]}}}",
    "cross_entropy": r"\operatorname{cross\_entropy}(#*)",
    "σ": r"\sigma(#1)",
    "Φ": r"\Phi(#1)",
    "φ": r"\varphi(#1)",
    **{name: rf"\{name}(#1)" for name in BY_THEIR_NAME},
    **{name: rf"\{name}(#*)" for name in ("max", "min")},
}
LATEX = Style(
    number=lambda atom: mathematics(numeral(atom)),
    name=name,
    numeral_binding=bind_numeral,
    brackets=r"\left({}\right)",
    times=r" \cdot ",
    beside=" ",
    relation=r"\left[{} {} {}\right]",  # a bare [ behind the \\ of a row would be a length
    relations={"==": "=", "!=": r"\ne", "<=": r"\le", ">=": r"\ge"},
    quotient=r"\frac{{{}}}{{{}}}",
    closed_quotient=True,
    power="{}^{{{}}}",
    closed_exponent=True,
    functions=FUNCTIONS,
    other_function=r"\operatorname{{{}}}({})",
    matmul=r" \, ",
    entrywise=r" \odot ",
    transposed=r"{}^{{\top}}",
    tall=(r"\left(", r"\right)"),
)
