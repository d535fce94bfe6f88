"""Formulas as MathML, which browsers set and screen readers speak; every character of the user's escaped.

>>> name("x"), name("w_0")
('<mi>x</mi>', '<msub><mi>w</mi><mn>0</mn></msub>')
>>> mathematics("−3.0×10⁻⁶").count("<mn>")
3
"""

from __future__ import annotations

from bpviz.formula.printing import LOOSE, POWER, Function, Notation, Style, Written, bind_numeral, numeral, write_grids

FORBIDDEN = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)], "\ufffd")
ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
APPLY = "<mo>&#8289;</mo>"  # what a screen reader says between a function and its operands
OPEN, CLOSE = '<mo form="prefix" stretchy="true">(</mo>', '<mo form="postfix" stretchy="true">)</mo>'
OPEN_SQUARE, CLOSE_SQUARE = OPEN.replace("(", "["), CLOSE.replace(")", "]")
PARTIAL = '<mo rspace="0.1em">∂</mo>'
MINUS, PREFIX_MINUS = "<mo>−</mo>", '<mo form="prefix">−</mo>'


def escape(words: str) -> str:
    """Write any text as the content of an element, or of an attribute in quotation marks.

    >>> escape('a < "b" & c')
    'a &lt; &quot;b&quot; &amp; c'
    """
    return words.translate(FORBIDDEN).translate(ENTITIES)


def math(*formulas: str) -> str:
    """Write formulas, already MathML, as one that stands in a text."""
    return f'<math displaystyle="true">{"".join(formulas)}</math>'


def _write_number(digits: str) -> str:
    bare = digits.lstrip("-−")
    return (PREFIX_MINUS if bare != digits else "") + (f"<mn>{escape(bare)}</mn>" if bare else "")


def _write_word(identifier: str) -> str:
    """Write a name of one piece; a browser sets one letter in italics, and a word only where it is told to."""
    if identifier.isdigit():
        return f"<mn>{identifier}</mn>"
    return f"<mi>{escape(identifier)}</mi>" if len(identifier) == 1 else f'<mi class="word">{escape(identifier)}</mi>'


def _write_cases(operands: list[str]) -> Written:
    """Write a choice, which ends where its rows do: in brackets, as an operand, so that everybody sees where."""
    condition, then, otherwise = operands
    condition = condition.removeprefix("<mo>[</mo>").removesuffix("<mo>]</mo>")
    rows = ((then, f"<mtext>if&#160;</mtext>{condition}"), (otherwise, "<mtext>otherwise</mtext>"))
    cells = "".join(f"<mtr><mtd><mrow>{a}</mrow></mtd><mtd><mrow>{b}</mrow></mtd></mtr>" for a, b in rows)
    return f'<mrow><mo>{{</mo><mtable columnalign="left">{cells}</mtable></mrow>', LOOSE


def _write_exponential(operands: list[str]) -> Written:
    return f"<msup><mi>e</mi><mrow>{operands[0]}</mrow></msup>", POWER


def _bracket(operand: str) -> str:
    """Put a fraction that has an index into brackets."""
    return f"<mrow>{OPEN}{operand}{CLOSE}</mrow>" if operand.startswith("<mfrac>") else f"<mrow>{operand}</mrow>"


NOTATION = Notation(
    word=_write_word,
    digits=_write_number,
    indexed="<msub>{}{}</msub>",
    scientific="{}<mo>×</mo><msup><mn>10</mn><mrow>{}</mrow></msup>",
    fraction="<mfrac>{}{}</mfrac>",
)
name, mathematics = NOTATION.name, NOTATION.mathematics
FUNCTIONS: dict[str, Function] = {
    "abs": '<mrow><mo stretchy="true">|</mo>#1<mo stretchy="true">|</mo></mrow>',
    "sqrt": "<msqrt><mrow>#1</mrow></msqrt>",
    "cbrt": "<mroot><mrow>#1</mrow><mn>3</mn></mroot>",
    "root": "<mroot><mrow>#1</mrow><mrow>#2</mrow></mroot>",
    "exp": _write_exponential,
    "log": f"<mrow><msub><mi>log</mi><mrow>#2</mrow></msub>{OPEN}#1{CLOSE}</mrow>",
    "log2": f"<mrow><msub><mi>log</mi><mn>2</mn></msub>{OPEN}#1{CLOSE}</mrow>",
    "log10": f"<mrow><msub><mi>log</mi><mn>10</mn></msub>{OPEN}#1{CLOSE}</mrow>",
    "log1p": f"<mrow><mi>ln</mi>{OPEN}<mn>1</mn><mo>+</mo>#1{CLOSE}</mrow>",
    **write_grids(
        lambda entries: f"<mtr>{''.join(f'<mtd><mrow>{entry}</mrow></mtd>' for entry in entries)}</mtr>",
        lambda rows: f"<mrow>{OPEN_SQUARE}<mtable>{''.join(rows)}</mtable>{CLOSE_SQUARE}</mrow>",
    ),
    "norm": '<mrow><mo form="prefix" stretchy="true">‖</mo>#1<mo form="postfix" stretchy="true">‖</mo></mrow>',
    "ones": '<mn mathvariant="bold">𝟏</mn>',
    "unit": "<msub><mi>𝐞</mi><mrow>#*</mrow></msub>",
    "taken": f"<mrow>{OPEN_SQUARE}#1<mo>=</mo>#2{CLOSE_SQUARE}</mrow>",
    "entry": lambda operands: f"<msub>{_bracket(operands[0])}<mrow>{'<mo>,</mo>'.join(operands[1:])}</mrow></msub>",
    "slice": lambda operands: f"<msub>{_bracket(operands[0])}<mrow>{'<mo>:</mo>'.join(operands[1:])}</mrow></msub>",
    "above": "<mo>[</mo>#1<mo>=</mo>#2<mo>]</mo>",
    "below": "<mo>[</mo>#1<mo>=</mo>#2<mo>]</mo>",
    "where": _write_cases,
    "partial": f"<mfrac><mrow>{PARTIAL}#1</mrow><mrow>{PARTIAL}#2</mrow></mfrac>",
}
MATHML = Style(
    number=lambda atom: mathematics(numeral(atom)),
    name=name,
    numeral_binding=bind_numeral,
    brackets=f"<mrow>{OPEN}{{}}{CLOSE}</mrow>",
    plus="<mo>+</mo>",
    minus=MINUS,
    signs=(PREFIX_MINUS,),
    times="<mo>·</mo>",
    beside="",
    negative=f"{PREFIX_MINUS}{{}}",
    relation="<mo>[</mo>{}<mo>{}</mo>{}<mo>]</mo>",
    relations={"==": "=", "!=": "≠", "<": "&lt;", ">": "&gt;", "<=": "≤", ">=": "≥"},
    quotient="<mfrac><mrow>{}</mrow><mrow>{}</mrow></mfrac>",
    closed_quotient=True,
    power="<msup><mrow>{}</mrow><mrow>{}</mrow></msup>",
    closed_exponent=True,
    functions=FUNCTIONS,
    comma="<mo>,</mo>",
    matmul='<mspace width="0.17em"></mspace>',
    entrywise="<mo>⊙</mo>",
    transposed="<msup><mrow>{}</mrow><mo>⊤</mo></msup>",
    other_function=f"<mrow><mi>{{}}</mi>{APPLY}{OPEN}{{}}{CLOSE}</mrow>",
)
