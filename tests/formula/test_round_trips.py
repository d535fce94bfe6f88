"""Two formulas with different values are never printed alike: what is printed is read back, or told apart.

Thousands of random formulas, small ones first so that a failure is short. Text and LaTeX are read by the language
itself; in Typst, MathML and on the board, which it does not read, one string must be one function.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial
from itertools import product
from random import Random

import pytest

from bpviz.autodiff import forward
from bpviz.errors import EvaluationError
from bpviz.formula.evaluation import evaluate
from bpviz.formula.latex import LATEX
from bpviz.formula.mathml import MATHML
from bpviz.formula.printing import TEXT, Style, show, show_on_board
from bpviz.formula.products import add, continue_sum, divide, multiply, negate
from bpviz.formula.tree import LETTERS, PI, Atom, Formula, Term, read
from bpviz.formula.typst import TYPST
from bpviz.gates import TABLE, Gate, write_expression
from bpviz.graph import Graph
from bpviz.lang import parse

MANY = 2500
NAMES = ("x", "y", "θ", "w_0", "sigy")
POINTS: tuple[Mapping[str, float], ...] = (
    dict(zip(NAMES, (0.7, 1.3, 0.4, 2.1, 0.9), strict=True)),
    dict(zip(NAMES, (-0.6, 0.35, 1.7, -1.4, 0.2), strict=True)),
    dict(zip(NAMES, (2.3, -1.9, -0.3, 0.55, -0.8), strict=True)),
)
NUMBERS: tuple[Atom, ...] = (
    *(Atom(f"{n}", float(n)) for n in (1, 2, 3, 10)),
    *(Atom(text, value) for text, value in (("0.5", 0.5), ("−2", -2.0), ("−0.25", -0.25), ("⅓", 1 / 3), (PI, math.pi))),
    *(Atom("", value) for value in (2.5e7, 3e-6, -4e-7, 0.125, 12.5)),
)
THIRD = Atom("1/3", 1 / 3, Term("/", (Atom("1", 1.0), Atom("3", 3.0))))
TURN = Atom("2π", 2 * math.pi, Term("*", (Atom("2", 2.0), Atom(PI, math.pi))))
NUMBERS += (  # constants as they were typed
    *(THIRD, TURN, Atom("−1/3", -1 / 3, Term("negative", (THIRD,)))),
    *(Atom("", math.sqrt(each.value or 0.0), Term("sqrt", (each,))) for each in (Atom("2", 2.0), TURN, THIRD)),
    Atom("", 2 * math.pi / 3, Term("/", (TURN, Atom("3", 3.0)))),
)
ROUNDED = Atom("≈−0.667", -2 / 3)
RELATIONS = ("<", ">", "<=", ">=", "==", "!=")
OPERANDS = (("x", 0.7), ("−2", -2.0), ("3", 3.0), ("1/3", 1 / 3), ("½", 0.5), ("2π", 2 * math.pi), ("√2", math.sqrt(2)))
UNARY = ("negative", "sqrt", "cbrt", "ln", "exp", "abs", "sin", "log2", "σ", "step")
BINARY = ("+", "-", "*", "/", "^", "terms", "log", "max", ">", "==")
STYLES, STYLE_NAMES = (TEXT, LATEX, TYPST, MATHML), ("text", "latex", "typst", "mathml", "board")


def list_functions() -> dict[str, int]:
    """List the functions that the formulas of the gate table have, in the notation of mathematics."""
    found: dict[str, int] = {}
    waiting = [read(text) for gate in TABLE for text in (gate.mathematics or gate.formula, *gate.local)]
    while waiting:
        formula = waiting.pop()
        if isinstance(formula, Term):
            waiting += formula.parts
            if formula.head.isalnum() and formula.head not in (
                "above",
                "below",
                "sum",
                "prod",
                "count",
                "where",
                "root",
            ):
                found[formula.head] = len(formula.parts)
    return found | {"max": 2, "min": 3, "logsumexp": 3}


FUNCTIONS = list_functions()


@cache
def find_meaning(head: str) -> Formula | None:
    """Find what a function of mathematics is in those that evaluate() knows."""
    names = {gate.mathematics: gate.formula for gate in TABLE}
    meaning = names.get(f"{head}(a)") or names.get(f"{head}(a, b)")
    return read(meaning) if meaning else None


def spell_out(formula: Formula) -> Formula:
    """Write a formula in what evaluate() knows."""
    if isinstance(formula, Atom):
        return formula
    parts = tuple(map(spell_out, formula.parts))
    if formula.head == "terms":
        return Term("+", parts)
    if formula.head == "negative":
        return Term("-", (Atom("0", 0.0), *parts))
    if formula.head == "^" and (isinstance(parts[1], Term) or parts[1].value is None):
        return Term("exp", (Term("*", (parts[1], Term("ln", parts[:1]))),))  # as the gate: of a positive base only
    if formula.head == "logsumexp":
        return Term("ln", (Term("+", tuple(Term("exp", (part,)) for part in parts)),))
    meaning = find_meaning(formula.head)
    return spell_out(put_in(meaning, dict(zip(LETTERS, parts, strict=False)))) if meaning else Term(formula.head, parts)


def put_in(formula: Formula, operands: Mapping[str, Formula]) -> Formula:
    if isinstance(formula, Atom):
        return operands.get(formula.text, formula)
    return Term(formula.head, tuple(put_in(part, operands) for part in formula.parts))


def work_out(formula: Formula, at: Mapping[str, float]) -> float | None:
    """Work a formula out; None where it has no value, or one that float64 does not hold well."""
    try:
        value = float(evaluate(spell_out(formula), {**at, "pi": math.pi}))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return value if 1e-9 < abs(value) < 1e9 else None


def draw_formula(random: Random, size: int, numbers: tuple[Atom, ...] = NUMBERS) -> Formula:
    """Draw a formula of about so many parts."""
    if size <= 1:
        return random.choice(numbers) if random.random() < 0.35 else Atom(random.choice(NAMES))

    def part(share: float) -> Formula:
        return draw_formula(random, max(1, int((size - 1) * share)), numbers)

    split = random.uniform(0.2, 0.8)
    left, right = part(split), part(1 - split)
    kind = random.randrange(14)
    if kind < 5:
        return Term("+-*/^"[kind], (left, right))
    if kind == 5:
        return Term(random.choice(("+", "*", "terms")), (part(0.3), part(0.3), part(0.4)))
    if kind == 6:
        return Term("negative", (part(1),))
    if kind == 7:
        return Term(random.choice(("sqrt", "abs", "exp", "ln", "cbrt")), (part(1),))
    if kind == 8:
        degree = random.choice((3, 5, 7))
        return Term("root", (part(1), Atom(f"{degree}", float(degree))))
    if kind == 9:
        return Term("^", (part(1), random.choice((*numbers, Atom("2", 2.0), Atom("", -1.0), Atom("3", 3.0)))))
    if kind == 10:
        return Term("where", (Term(random.choice(RELATIONS), (part(0.2), part(0.2))), left, right))
    if kind == 11:
        return Term(random.choice(RELATIONS), (left, right))
    head = random.choice([*FUNCTIONS])
    return Term(head, tuple(part(1 / FUNCTIONS[head]) for _ in range(FUNCTIONS[head])))


@lru_cache(maxsize=1)
def parse_formula(printed: str) -> Graph:
    return parse(printed, gates="fused")


def read_back(printed: str, at: Mapping[str, float]) -> float | None:
    try:
        graph = parse_formula(printed)
        return forward(graph, {name: at[name] for name in graph.input_names})[0][graph.output]
    except EvaluationError:
        return None


@pytest.mark.parametrize("style", [TEXT, LATEX], ids=["text", "latex"])
def test_what_is_printed_is_read_back_as_the_same_function(style: Style) -> None:
    random, compared = Random(1), 0
    for k in range(MANY):
        formula = draw_formula(random, 1 + k * 12 // MANY)
        values = [work_out(formula, at) for at in POINTS]
        if not any(values):
            continue
        printed = show(formula, style)
        for at, value in zip(POINTS, values, strict=True):
            if value is not None:
                again = read_back(printed, at)
                assert again == pytest.approx(value, rel=1e-6), (formula, printed, at)
                compared += 1
    assert compared > MANY


@pytest.mark.parametrize("write", [*(partial(show, style=style) for style in STYLES), show_on_board], ids=STYLE_NAMES)
def test_one_string_is_one_function(write: Callable[[Formula], str]) -> None:
    """Hold small formulas of the same few leaves against each other, in which every operator meets every other."""
    random, known = Random(2), dict[str, tuple[float, Formula]]()
    leaves = (Atom("x"), Atom("y"), Atom("2", 2.0), Atom("−2", -2.0))
    inner = [*leaves, *(Term(head, (leaf,)) for head in UNARY for leaf in leaves)]
    inner += [Term(head, pair) for head in BINARY for pair in product(leaves, repeat=2)]
    for _ in range(MANY * 5):
        head = random.choice((*UNARY, *BINARY * 2))
        formula = Term(head, tuple(random.choice(inner) for _ in range(1 if head in UNARY else 2)))
        value = work_out(formula, POINTS[0])
        if value is not None:
            before, same = known.setdefault(write(formula), (value, formula))
            assert value == pytest.approx(before, rel=1e-9), (write(formula), formula, same)
    assert len(known) > MANY


@pytest.mark.parametrize("gate", [gate for gate in TABLE if gate.written], ids=lambda gate: gate.name)
def test_a_gate_with_its_operands_put_in_is_read_back(gate: Gate) -> None:
    compared = 0
    for operands in product(OPERANDS, repeat=gate.arity[0]):
        values = [value for _, value in operands]
        try:
            expected = gate.forward(*values)
        except (ValueError, ZeroDivisionError):
            continue
        written = write_expression(gate, tuple([text for text, _ in operands]))
        assert read_back(written, POINTS[0]) == pytest.approx(expected), written
        compared += 1
    assert compared > 1


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        (multiply(Atom("x"), ROUNDED), "−x·≈0.667"),
        (negate(ROUNDED), "≈0.667"),
        (Term("-", (Atom("x"), ROUNDED)), "x − (≈−0.667)"),
        (Term("^", (negate(ROUNDED), Atom("x"))), "(≈0.667)^x"),
        (divide(Atom("x"), negate(ROUNDED)), "x/(≈0.667)"),
    ],
)
def test_a_rounded_constant_keeps_its_sign_and_its_mark(formula: Formula, written: str) -> None:
    assert show(formula, TEXT) == written


def test_products_sums_and_quotients_as_by_hand_have_their_values() -> None:
    random, compared = Random(3), 0
    for k in range(MANY):
        a, b = (draw_formula(random, 1 + k * 6 // MANY) for _ in range(2))
        built = {
            "*": multiply(a, b),
            "/": divide(a, b),
            "+": random.choice((add([a, b]), continue_sum("+", a, b))),
            "-": random.choice((add([a, negate(b)]), continue_sum("-", a, b))),
        }
        for at in POINTS:
            for head, formula in built.items():
                value = work_out(Term(head, (a, b)), at)
                if value is not None:
                    assert work_out(formula, at) == pytest.approx(value, rel=1e-6), (head, a, b)
                    compared += 1
    assert compared > MANY
