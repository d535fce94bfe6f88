"""Arithmetic with printed numbers: whether those of a line give its result, so that = is true of what is printed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from math import isfinite, prod

from bpviz.formula.numerals import ABOUT, ORDINARY, Rounding, number
from bpviz.formula.tree import GRIDS, Atom, Formula
from bpviz.gates import Gate
from bpviz.text.grid_formulas import list_atoms, list_rows, write_axis
from bpviz.vectors.rule_numbers import FUNCTIONS, OPERATORS, Grid, apply


def read_numeral(numeral: str) -> Decimal:
    """Return the number that a numeral shows, exactly.

    >>> read_numeral("−0.262"), read_numeral("3.0×10⁻⁶")
    (Decimal('-0.262'), Decimal('0.0000030'))
    """
    mantissa, _, exponent = numeral.replace("−", "-").partition("×10")
    return Decimal(mantissa) * (Decimal(10) ** int(exponent.translate(ORDINARY) or 0))


def read_printed(atom: Atom) -> Decimal:
    """Return the number that an atom shows; one that is no decimal numeral (−π, ½, 10⁻⁹) shows just its value."""
    try:
        return read_numeral(atom.text.removeprefix(ABOUT))
    except InvalidOperation:
        return Decimal(atom.value or 0.0)


def holds_as_printed(formula: Formula, result: Atom, rounding: Rounding) -> bool:
    """Say whether the printed numbers of a formula give the printed result: whether = stands between them, or ≈.

    True where one of them is infinite, and where the formula is no arithmetic.
    """
    computed = compute(formula)
    return computed is None or rounds_to(computed, result, rounding)


def compute(formula: Formula) -> Decimal | None:
    """Compute a formula with its printed numbers; None if it is no arithmetic, or one of them is infinite."""
    if isinstance(formula, Atom):
        return None if "∞" in formula.text else read_printed(formula)
    parts = [part for part in map(compute, formula.parts) if part is not None]
    if len(parts) < len(formula.parts):
        return None
    match formula.head:
        case "+" | "terms":
            return sum(parts, Decimal(0))
        case "-":
            return parts[0] - parts[1]
        case "*":
            return prod(parts, start=Decimal(1))
        case "/" if parts[1]:
            return parts[0] / parts[1]
    return None


def rounds_to(computed: Decimal, result: Atom, rounding: Rounding) -> bool:
    """Say whether a number, rounded as the result is, is the printed result; one that underflows is not 0.

    778.0 × 778.0 is 605284, which is short enough to be whole; a result of numbers about 778 has its digits rounded.
    """
    if "∞" in result.text:
        return True
    shown, value = read_numeral(result.text), float(computed)
    if computed and not value:
        return False
    if rounding.decimals is None and Decimal(f"{value:.{rounding.digits - 1}e}") == shown:
        return True
    return read_numeral(number(value, rounding)) == shown


def evaluate_rounded(gate: Gate, operands: Sequence[Decimal]) -> Decimal | None:
    """Compute a gate's value at printed numbers in floating point; None outside its domain."""
    try:
        value = gate.forward(*map(float, operands))
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return Decimal(value) if isfinite(value) else None


# grids


def grid_holds_as_printed(formula: Formula, result: Formula, rounding: Rounding) -> bool:
    """Say of grids what holds_as_printed says of numbers: whether every entry of the result follows."""
    computed = compute_grid(formula)
    return computed is None or grid_rounds_to(computed, result, rounding)


def grid_rounds_to(computed: Grid, result: Formula, rounding: Rounding) -> bool:
    """Say whether computed numbers, rounded as those of the result are, are the printed ones, entry by entry."""
    rounding = choose_rounding(result, rounding)
    numbers = [entry for row in computed for entry in row]
    return all(rounds_to(Decimal(each), atom, rounding) for each, atom in zip(numbers, list_atoms(result), strict=True))


def choose_rounding(grid: Formula, rounding: Rounding) -> Rounding:
    """Choose the rounding that the entries of a grid were printed with."""
    atoms = [] if isinstance(grid, Atom) else list_atoms(grid)
    is_short = any(number(atom.value or 0.0, rounding) != atom.text for atom in atoms)
    return Rounding(rounding.grid_digits) if is_short and rounding.grid_digits else rounding


def compute_grid(formula: Formula) -> Grid | None:
    """Compute a formula of grids with its printed numbers, as rows; None if it is no arithmetic, or one is infinite."""
    if isinstance(formula, Atom):
        return None if "∞" in formula.text else [[read_printed(formula)]]
    if formula.head in GRIDS:
        rows = [[compute(entry) for entry in row] for row in list_rows(formula)]
        return None if any(entry is None for row in rows for entry in row) else rows
    operand, *axis = formula.parts
    if formula.head == "sum" and axis:
        grid = compute_grid(operand)
        return grid and FUNCTIONS["sum"](grid, int(axis == [write_axis(1)]))
    parts = [part for part in map(compute_grid, formula.parts) if part is not None]
    if len(parts) < len(formula.parts):
        return None
    if formula.head in (*OPERATORS, "terms"):
        return apply("+" if formula.head == "terms" else formula.head, parts)
    if formula.head == "sum":
        return FUNCTIONS["sum"](*parts)
    return None
