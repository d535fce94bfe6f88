"""Claims as people write them: x = 0.18, ∂f/∂x = 2xy, value of num = 3.02, several in one text, or a file of them.

A claim is about a gradient or a value, and says that it is a number or a formula. A decimal is meant to its last place,
everything else exactly. A formula is read by the parser that reads programs, over the names of the inputs and gates.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import inf, isinf, nan
from typing import NamedTuple, TypeVar

from bpviz.errors import BpvizError, UsageError
from bpviz.files import read_text
from bpviz.graph import MOST_NAMES_LISTED, Graph
from bpviz.lang import parse, read_constant
from bpviz.limits import DEFAULT, Limits
from bpviz.names import find_product, find_twins

T = TypeVar("T")
GRADIENT, VALUE = "gradient", "value"  # what a claim is about
HINT = 'write a name and a number or a formula, such as --claim "x=0.18" or --claim "x=2*x*y"'

CLAIM_HEADS = ("claimed", "claim", "answer")  # of the column of a CSV file that has the claims

# what stands between a name and what is claimed of it, and between a formula and its number: x = 2xy = 12
RELATION = re.compile(r"\s*(?:(?<![<>!=])={1,2}(?![=<>])|≈|→|->|:=?)\s*|\s+is\s+")
EQUALITY = re.compile(r"(?<![<>!=])=(?![=<>])|≈")
NUMBERED = re.compile(r"^\s*(?:[-*•]|\d+[.)]|\w\))\s+", re.MULTILINE)  # how a line of a list begins
SEPARATOR = re.compile(r"[,;\n]|\s+and\s+")
BRACKETS = {**dict.fromkeys("([{", 1), **dict.fromkeys(")]}", -1)}
NAME_AND_NUMBER = re.compile(r"(?P<name>[^\W\d]\w*)[\s,\t]+(?P<number>[-+−]?[\d.]\S*)")  # x 0.18, where = was forgotten

DECIMAL = re.compile(r"[-+]?(?=\.?\d)\d*\.?(?P<fraction>\d*)(?:e(?P<exponent>[-+]?\d{1,4}))?", re.IGNORECASE)
WITH_COMMA = re.compile(
    r"(?P<sign>[-+]?)(?P<whole>\d+),(?P<fraction>\d+)(?P<exponent>(?:e[-+]?\d{1,4})?)", re.IGNORECASE
)
WITH_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+\.\d*|[-+]?[1-9]\d{0,2}(?:,\d{3}){2,}")
WITH_POINTS = re.compile(r"[-+]?[1-9]\d{0,2}(?:\.\d{3})+,\d+")  # 1.234,5
POWER_OF_TEN = re.compile(r" ?[×·*] ?10\^?")
ORDINARY_DIGITS = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")  # of what a figure prints, or a PDF
EXPRESSION_PRECISION = 1e-9  # the relative precision of a fraction or an expression
INFINITE = {"∞": inf, "+∞": inf, "-∞": -inf}
NO_NAMES = ("inf", "infinity", "nan")  # words that a formula might take for names

# how LaTeX and code write what is written here in fewer signs
FRACTION = re.compile(r"\\[dt]?frac\s*\{((?:[^{}]|\{[^{}]*\})*)\}\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
LATEX_SPACE = re.compile(r"\\[,;:! ]|\\left|\\right")
WORD = r"[^\W\d][\w′'{}^₀-₉]*"
SLOPE = re.compile(r"[d∂δ]\s*(?P<of>[^/]*?)\s*/\s*[d∂δ]\s*(?P<by>[^/]+?)")  # ∂f/∂x
SUBSCRIPT = re.compile(r"(?P<of>[^\W_]+)_\{?(?P<by>[^{}]+)\}?")  # f_x
PRIME = re.compile(r"(?P<of>\w+)['′](?:\((?P<by>[^()]*)\))?")  # f'(x)
OF_GRADIENT = re.compile(
    rf"(?:d|∂|∇_?|grad[ _]|(?:the )?(?:gradient|derivative|slope) (?:of|for|by|at|with respect to) )(?P<by>{WORD})"
    rf"|(?P<attribute>{WORD})\.grad"
)
OF_VALUE = re.compile(rf"(?:the )?value (?:of )?(?P<of>{WORD})|(?P<attribute>{WORD})\.(?:value|data)")
CALL = re.compile(rf"(?P<of>{WORD})\s*\((?P<at>[^()]*)\)")  # f(3, -4)


class ClaimedFormula(NamedTuple):
    """A formula that is claimed: its graph, and for each of its inputs the nodes of the program that it multiplies.

    Each input is one node, but xy is x·y where nothing is called xy.
    """

    graph: Graph
    factors: tuple[tuple[int, ...], ...]


class Claim(NamedTuple):
    """A number or a formula that somebody takes for the gradient, or the value, of a node.

    text       what is claimed, as typed
    value      the number; of a formula nan, until it is known where it is to be computed
    precision  half a unit of its last place, within which it is meant
    is_exact   whether it is no decimal, and has no last place
    quantity   "gradient" or "value"
    note       how the claim was read, where custom has two ways
    part       for ∂num/∂x the part of the program whose output is num; the node is one of its own
    """

    node: int
    text: str
    value: float
    precision: float
    is_exact: bool = False
    quantity: str = GRADIENT
    formula: ClaimedFormula | None = None
    note: str = ""
    part: Graph | None = None

    def fits(self, number: float) -> bool:
        """Say whether a gradient or a value is this number at the precision with which it is written."""
        slack = self.precision * (1 + EXPRESSION_PRECISION)
        return number == self.value or abs(number - self.value) <= slack


def read_claims_of_file(path: str, read: Callable[[str], list[T]], limits: Limits = DEFAULT) -> list[T]:
    """Read a file of claims, each line with `read`; raise UsageError for one that cannot be read, with its line.

    A line holds a claim or several; # begins a comment. A .csv has a name and a number or formula in each row, in its
    first two columns or in those that are headed name and claimed.
    """
    text = read_text(path, limits.characters, hint="give a text with a claim in each line, or a .csv")
    lines = _list_rows(text) if path.lower().endswith(".csv") else _list_lines(text)
    claims: list[T] = []
    for number, line in lines:
        try:
            claims += read(line)
        except UsageError as error:
            what = f"{path}, line {number}: {error.what}"
            raise UsageError(what, place=error.place, hint=error.hint) from None
    if not claims:
        raise UsageError(f"{path} claims nothing", hint="write a claim in each line, such as x = 0.18")
    return claims


def _list_lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if claim := line.partition("#")[0].strip():
            yield number, claim


def _list_rows(text: str) -> Iterator[tuple[int, str]]:
    """Yield the rows of a CSV text as claims; decimal commas come with semicolons between the columns."""
    columns = (0, 1)
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    for number, row in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), start=1):
        cells = [cell.strip() for cell in row]
        heads = [cell.lower() for cell in cells]
        if number == 1 and "name" in heads:
            claimed = next((heads.index(head) for head in CLAIM_HEADS if head in heads), 1)
            columns = (heads.index("name"), claimed)
        elif any(cells):
            yield number, " = ".join(cells[column] for column in columns if column < len(cells))


def read_claims(graph: Graph, text: str, limits: Limits = DEFAULT) -> list[Claim]:
    """Read a text of one or several claims about a graph; raise UsageError for anything else.

    >>> from bpviz.lang import parse
    >>> [claim.text for claim in read_claims(parse("x^2*y"), "x = 2xy = 12, ∂f/∂y: 4")]
    ['2xy', '12', '4']
    """
    claims = []
    for each in split_claims(NUMBERED.sub("", text)):
        head, relation, claimed = split_head(each)
        if not (head and relation and claimed):
            raise UsageError(f"{each.strip() or 'an empty text'} claims nothing", hint=HINT)
        parts = [part.strip() for part in split_outside(EQUALITY, claimed)]
        _refuse_forgotten_comma(head, parts)
        part = _cut_out_part(graph, head)
        node, quantity, note = read_head(part or graph, head)
        for each_part in parts:
            claim = _read_claimed(part or graph, node, quantity, each_part, limits)
            claims.append(claim._replace(note=note, part=part))
    return claims


def read_claim(graph: Graph, text: str, limits: Limits = DEFAULT) -> Claim:
    """Read a text that is one claim."""
    (claim,) = read_claims(graph, text, limits)
    return claim


def split_claims(text: str) -> list[str]:
    """Return the claims of a text that may hold several. A comma without an = behind it is part of a number.

    >>> split_claims("x=2,06, y=log(8, 2) and f'(z) = 1")
    ['x=2,06', 'y=log(8, 2)', "f'(z) = 1"]
    """
    claims: list[str] = []
    start = 0
    for stop, following in _find_outside(SEPARATOR, text):
        next_piece = split_outside(SEPARATOR, text[following:])[0]
        if RELATION.search(next_piece):
            claims.append(text[start:stop])
            start = following
    claims.append(text[start:])
    return [cut for claim in claims if (cut := claim.strip(" ,;\n\t"))] or [text]


def split_outside(pattern: re.Pattern[str], text: str) -> list[str]:
    """Split a text at what fits the pattern and is not in brackets."""
    pieces, start = [], 0
    for stop, following in _find_outside(pattern, text):
        pieces.append(text[start:stop])
        start = following
    return [*pieces, text[start:]]


def _find_outside(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where each match of a pattern begins and ends that is not in brackets."""
    depth = position = 0
    for match in pattern.finditer(text):
        for character in text[position : match.start()]:
            depth += BRACKETS.get(character, 0)
        position = match.start()
        if depth <= 0:
            yield match.span()


def split_head(text: str) -> tuple[str, str, str]:
    """Split a claim into what it is about, the sign between, and what is claimed."""
    found = RELATION.search(text)
    if found:
        return text[: found.start()].strip(), found[0], text[found.end() :].strip()
    found = NAME_AND_NUMBER.fullmatch(text.strip())
    return (found["name"], "=", found["number"]) if found else (text.strip(), "", "")


def _refuse_forgotten_comma(head: str, parts: list[str]) -> None:
    """Raise UsageError for x = 6 y = 9, which is two claims."""
    for part, following in pairwise(parts):
        words = part.split()
        if len(words) > 1 and re.fullmatch(WORD, words[-1]) and not re.search(r"[-+*/^·×−(]$", " ".join(words[:-1])):
            said = " ".join(words[:-1])
            raise UsageError(
                f"{head} = {part} = {following} is not one claim",
                hint=f"write a comma between two: {head} = {said}, {words[-1]} = {following}",
            )


# what a claim is about


def _cut_out_part(graph: Graph, head: str) -> Graph | None:
    """Return the part of the program that ∂num/∂x is about; None where it is all of it.

    Raises UsageError where num does not depend on x.
    """
    found = SLOPE.fullmatch(simplify_latex(head.strip().strip("$")))
    names = [node.name for node in graph.nodes if node.constant is None] + [graph.output_name]
    if not found or find_twins(found[0], names):
        return None
    of, by = found["of"].strip("()"), found["by"].strip("()")
    if not of or not find_twins(of, names) or not find_twins(by, names) or graph.find(of) == graph.output:
        return None
    part = graph.cut_out(graph.find(of))
    if not find_twins(by, [node.name for node in part.nodes]):
        output = graph.output_name
        raise UsageError(f"{of} does not depend on {by}", hint=f"write ∂{output}/∂{by} for the gradient of {by}")
    return part


def read_head(graph: Graph, text: str) -> tuple[int, str, str]:
    """Return the node that a claim is about, whether its gradient or its value is meant, and a note."""
    head = simplify_latex(text.strip().strip("$"))
    names = [node.name for node in graph.nodes if node.constant is None]
    if find_twins(head, [*names, graph.output_name]):
        node = graph.find(head)
        if node != graph.output:
            return node, GRADIENT, ""
        output = graph.output_name
        return (
            node,
            VALUE,
            f"A claim for {output} alone is about its value; its gradient is written ∂{output}/∂{output}.",
        )
    if found := SLOPE.fullmatch(head):
        return _find_below(graph, found["of"], found["by"]), GRADIENT, ""
    for pattern in (PRIME, SUBSCRIPT):
        found = pattern.fullmatch(head)
        if found and find_twins(found["of"], [graph.output_name]):
            by = found["by"] or (graph.input_names[0] if len(graph.inputs) == 1 else "")
            if not by:
                inputs = ", ".join(f"{graph.output_name}_{name}" for name in graph.input_names)
                raise UsageError(f"{text} may be the derivative by each input", hint=f"write one of {inputs}")
            return graph.find(by), GRADIENT, ""
    if found := OF_VALUE.fullmatch(head):
        return graph.find(found["of"] or found["attribute"]), VALUE, ""
    found = OF_GRADIENT.fullmatch(head)
    if found and find_twins(by := found["by"] or found["attribute"], names):
        return graph.find(by), GRADIENT, ""
    found = CALL.fullmatch(head)
    if found and find_twins(found["of"], [graph.output_name]):
        if [each.strip() for each in found["at"].split(",")] == list(graph.input_names):
            return graph.output, VALUE, ""
        what = f"{text} names another point than the one that is checked"
        raise UsageError(what, hint=f"give the point as options, and write {found['of']} = … for its value there")
    if not re.fullmatch(WORD, head):
        derivative = f"∂{graph.output_name}/∂{names[0]}"
        hint = f"write one of {', '.join(names[:MOST_NAMES_LISTED])}, or a derivative such as {derivative}"
        raise UsageError(f"nothing is called {text}", hint=hint)
    return graph.find(head), GRADIENT, ""


def _find_below(graph: Graph, of: str, by: str) -> int:
    """Return the node below ∂f/∂x; raise UsageError if the one above is not in the program."""
    names = [node.name for node in graph.nodes if node.constant is None] + [graph.output_name]
    if of and not find_twins(of.strip("()"), names):
        output = graph.output_name
        raise UsageError(f"nothing is called {of}", hint=f"the output is {output}: write ∂{output}/∂{by}")
    return graph.find(by.strip("()"))


def simplify_latex(text: str) -> str:
    """Write a head in LaTeX as people type it: ∂f/∂w_1 for the fraction with two partials and w_{1}."""
    text = FRACTION.sub(r"\1/\2", text).replace("\\partial", "∂").replace("\\mathrm{d}", "d")
    return re.sub(r"_\{(\w+)\}", r"_\1", LATEX_SPACE.sub("", text)).replace("\\", "").strip()


# what is claimed of it


def _read_claimed(graph: Graph, node: int, quantity: str, text: str, limits: Limits) -> Claim:
    """Read a number or a formula."""
    name = graph.output_name if node == graph.output else graph.nodes[node].name
    what = f"the claim for {name}"
    plain = text.strip().strip("$").strip()
    number = _write_as_python(plain, what)
    is_number = number in INFINITE or DECIMAL.fullmatch(number) or plain.lstrip("+-−").lower() in NO_NAMES
    if not is_number and (formula := _read_formula(graph, plain, what, limits)):
        return Claim(node, plain, nan, 0.0, True, quantity, formula)
    value, precision = read_number(plain, what, limits)
    return Claim(node, plain, value, precision, not DECIMAL.fullmatch(number), quantity)


def _read_formula(graph: Graph, text: str, what: str, limits: Limits) -> ClaimedFormula | None:
    """Read a formula over the names of a graph; return None for an expression without names, which is a number."""
    try:
        formula = parse(text, values=[*graph.input_names], limit=limits._asdict())
    except BpvizError as error:
        raise UsageError(f"{what}: {error.what}", place=error.place, hint=error.hint) from None
    if not formula.inputs:
        return None
    names = [node.name for node in graph.nodes if node.constant is None] + [graph.output_name]
    factors = []
    for name in formula.input_names:
        product = find_product(name).split("*") if not find_twins(name, names) else [name]
        try:
            is_product = len(product) > 1 and all(find_twins(each, names) for each in product)
            factors.append(tuple(graph.find(each) for each in (product if is_product else [name])))
        except UsageError as error:
            raise UsageError(f"{what}: {error.what}", hint=error.hint) from None
    return ClaimedFormula(formula, tuple(factors))


def read_number(text: str, what: str, limits: Limits = DEFAULT) -> tuple[float, float]:
    """Return the value of a number as typed, and half a unit of its last place; what names it in an error.

    >>> read_number("0.18", "x"), read_number("−1.8×10⁻³", "x"), read_number("2,06", "x")
    ((0.18, 0.005), (-0.0018, 5e-05), (2.06, 0.005))
    """
    plain = _write_as_python(text, what)
    if plain in INFINITE:
        return INFINITE[plain], 0.0
    found = DECIMAL.fullmatch(plain)
    if not found:
        value = read_constant(text, what, limits)
        return value, EXPRESSION_PRECISION * abs(value)
    value = float(plain)
    if isinf(value):
        raise UsageError(f"{what}: {text} is too large", hint="the largest number here is about 1.8e308")
    return value, float(f"5e{int(found['exponent'] or 0) - len(found['fraction']) - 1}")


def _write_as_python(text: str, what: str) -> str:
    """Return a number as Python writes it: a true minus sign, a power of ten or a decimal comma may be in it.

    Raises UsageError for 2,060, which is 2.060 to some and 2060 to others.
    """
    plain = POWER_OF_TEN.sub("e", text.translate(ORDINARY_DIGITS), count=1)
    if WITH_THOUSANDS.fullmatch(plain):
        return plain.replace(",", "")
    if WITH_POINTS.fullmatch(plain):
        return plain.replace(".", "").replace(",", ".")
    found = WITH_COMMA.fullmatch(plain)
    if not found:
        return plain
    if len(found["fraction"]) == 3 and 0 < int(found["whole"]) < 1000:
        decimal, whole = plain.replace(",", "."), plain.replace(",", "")
        raise UsageError(f"{what}: {text} may be {decimal} or {whole}", hint=f"write {decimal}, or {whole}")
    return plain.replace(",", ".")
