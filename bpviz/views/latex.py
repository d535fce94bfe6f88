"""Names, numbers and gates as LaTeX mathematics, every character of the user's escaped."""

from __future__ import annotations

from bpviz.graph import Graph
from bpviz.views.numerals import THREE_DIGITS, Rounding, number

# fmt: off
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi",
    "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Σ": "Sigma", "Φ": "Phi",
    "Ψ": "Psi", "Ω": "Omega",
}
# fmt: on
ORDINARY = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
SPECIAL |= {character: f"\\{character}" for character in "&%$#_{}"}


def text(words: str) -> str:
    """Return any text as LaTeX text that prints those characters.

    >>> text("100 % of w_0")
    '100 \\\\% of w\\\\_0'
    """
    return "".join(SPECIAL.get(c, f"${_letter(c)}$" if c in GREEK else c) for c in words)


def name(identifier: str) -> str:
    """Return a name as mathematics: one letter as it is, a word upright enough to be one, digits after _ as an index.

    >>> name("x"), name("sigy"), name("w_0"), name("θ")
    ('x', '\\\\mathit{sigy}', 'w_{0}', '\\\\theta')
    """
    stem, underscore, index = identifier.partition("_")
    if underscore and stem and index.isalnum():
        return f"{name(stem)}_{{{_word(index)}}}"
    return _word(identifier)


def value(x: float, rounding: Rounding = THREE_DIGITS) -> str:
    """Return a number as mathematics.

    >>> value(-0.79159), value(3e-6)
    ('-0.792', '3.0 \\\\times 10^{-6}')
    """
    return mathematics(number(x, rounding))


def mathematics(numeral: str) -> str:
    """Return a numeral, or a constant as typed, as mathematics."""
    mantissa, times, exponent = numeral.partition("×10")
    plain = mantissa.replace("−", "-").replace("∞", r"\infty").replace("π", r"\pi ")
    return f"{plain} \\times 10^{{{exponent.translate(ORDINARY)}}}" if times else plain


def expression(graph: Graph, node: int) -> str:
    """Return a gate with its operands put in, as mathematics."""
    gate = graph.nodes[node].gate
    if gate is None:
        return name(graph.nodes[node].name)
    operands = [
        name(each.name) if each.constant is None else mathematics(each.name)
        for each in (graph.nodes[i] for i in graph.nodes[node].operands)
    ]
    return typeset(gate.latex, operands) if gate.latex else f"\\operatorname{{{gate.name}}}({', '.join(operands)})"


def typeset(template: str, operands: list[str]) -> str:
    r"""Put operands into a row's LaTeX, where #1 is the first.

    >>> typeset(r"\frac{#1}{#2}", ["a", "b"])
    '\\frac{a}{b}'
    """
    head, *rest = template.split("#")
    return head + "".join(operands[int(piece[0]) - 1] + piece[1:] for piece in rest)


def _word(identifier: str) -> str:
    if len(identifier) == 1 or identifier.isdigit():
        return _letter(identifier)
    return f"\\mathit{{{''.join(SPECIAL.get(c, _letter(c)) for c in identifier)}}}"


def _letter(character: str) -> str:
    return f"\\{GREEK[character]} ".rstrip() if character in GREEK else character
