"""Names: what a misspelt one is meant for, and twins, which are one name in two spellings.

θ_1 can be given as theta_1, ŷ as y_hat, x′ as x_prime, x₁ as x1, and λ in Python as lambda_: two names are twins if
they come to the same word once Greek letters are spelled out, accents named, and underscores dropped. A value that is
given for a name that is no input goes to the one input that is its twin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TypeVar
from unicodedata import normalize

from bpviz.errors import UsageError

GREEK_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega varepsilon vartheta varphi varrho Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell"
)
LETTERS = dict(zip(GREEK_NAMES.split(), "αβγδϵζηθικλμνξπρστυϕχψωεϑφϱΓΔΘΛΞΠΣΦΨΩℓ", strict=True))
GREEK = {letter: name.removeprefix("var") for name, letter in LETTERS.items()}
MARKS = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde", "\u0307": "dot", "\u0308": "ddot", "\u20d7": "vec"}
MARKS = {**MARKS, "′": "prime", "'": "prime"}
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
LEAST_LIKENESS = 0.66  # of a misspelt word and the one that was meant, as difflib measures it
MOST_COMPARED = 60  # characters of a misspelt word
MOST_LETTERS = 3  # of a name that may be a product, as xy or 4ac
Value = TypeVar("Value")


def find_nearest(word: str, known: Iterable[str]) -> str:
    """Find the known word that a misspelt one is meant for; return an empty text if none is like it.

    This is the one rule behind every "did you mean": capital letters count as small ones, and what difflib calls the
    ratio of the two words, which is 1 for equal ones, must be 0.66 or more: den is meant by dem, not by dot.

    >>> find_nearest("Sigmod", ["sin", "sigmoid"]), find_nearest("q", ["sin", "sigmoid"])
    ('sigmoid', '')
    """
    lowered = {each.lower(): each for each in known}
    found = get_close_matches(word[:MOST_COMPARED].lower(), lowered, n=1, cutoff=LEAST_LIKENESS)
    return lowered[found[0]] if found else ""


def spell_marks(name: str) -> str:
    """Return a name with the accents and primes of its letters in words.

    >>> spell_marks("ŷ_1"), spell_marks("x′"), spell_marks("θ"), spell_marks("não")
    ('y_hat_1', 'x_prime', 'θ', 'não')
    """
    stem, underscore, index = name.partition("_")
    letters = split_letters(stem)
    if len(letters) != 1 or not all(mark in MARKS for mark in letters[0][1:]):
        return name
    return "_".join([letters[0][0], *(MARKS[mark] for mark in letters[0][1:])]) + underscore + index


def split_letters(name: str) -> list[str]:
    """Return the letters of a name, each with the accents and primes that it bears.

    >>> [len(letter) for letter in split_letters("ŷx′")]
    [2, 2]
    """
    return re.findall(r"[^\u0300-\u036f\u20d7′'][\u0300-\u036f\u20d7′']*", normalize("NFD", name))


def spell_out(name: str) -> str:
    """Return a name in letters that every keyboard has; the name itself if it has no others.

    >>> spell_out("θ_1"), spell_out("ŷ"), spell_out("x₁"), spell_out("x_1")
    ('theta_1', 'y_hat', 'x_1', 'x_1')
    """
    if name.isascii():
        return name
    word = re.sub("([₀-₉]+)", r"_\1", name).translate(SUBSCRIPTS)
    spelled = "".join(f"_{MARKS[c]}" if c in MARKS else GREEK.get(c, c) for c in normalize("NFD", word))
    return re.sub(r"_+", "_", normalize("NFC", spelled))


def find_twins(name: str, names: Iterable[str]) -> list[str]:
    """Return the names of which a name is a twin; the name itself if it is one of them.

    >>> find_twins("theta_1", ["x", "θ_1"])
    ['θ_1']
    """
    names = list(names)
    if name in names:
        return [name]
    words = [spell_out(each.replace("'", "′")).replace("_", "") for each in (name, *names)]
    return [each for each, word in zip(names, words[1:], strict=True) if word == words[0]]


def refuse_twins(name: str, twins: Sequence[str]) -> None:
    """Raise UsageError for a name that is the twin of two others."""
    if len(twins) > 1:
        first, second = twins[:2]
        raise UsageError(f"{name} may be {first} or {second}", hint=f"write {first} or {second} as the program has it")


def match_twins(values: Mapping[str, Value], names: Sequence[str]) -> dict[str, Value]:
    """Return values by the names of the inputs that they are meant for; other names stay as they are.

    Raises UsageError for a name that is the twin of two inputs, or for an input that is given twice.

    >>> match_twins({"lambda_": 1, "x1": 2, "q": 3}, ["λ", "x₁"])
    {'λ': 1, 'x₁': 2, 'q': 3}
    """
    matched: dict[str, Value] = {}
    known = {*names}
    for name, value in values.items():
        twins = [name] if name in known else find_twins(name, names)
        refuse_twins(name, twins)
        meant = twins[0] if twins else name
        if meant in matched:
            raise UsageError(f"{meant} is given twice", hint=f"keep one value for {meant}")
        matched[meant] = value
    return matched


def find_product(name: str) -> str:
    """Return the product that a name may be meant as: x*y for xy, a*c for ac; nothing where it can hardly be one."""
    if name.isalpha() and 1 < len(name) <= MOST_LETTERS and name.isascii():
        return "*".join(name)
    factors = re.findall(r"[^\W\d_]_?\d+", name)
    return "*".join(factors) if len(factors) > 1 and "".join(factors) == name else ""
