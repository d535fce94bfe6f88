"""Conditions on a gate's operands: where it has no derivative, and where its value is another number than 0.

A row names them, and gates/accurate/accurate.js has each under the same name: a page tells what a run does.
"""

from __future__ import annotations

from bpviz.gates.accurate import exact

# of z and the operands: is this a kink?


def is_at_zero(z: float, a: float, *others: float) -> bool:
    """Say whether the first operand is 0."""
    return a == 0


def is_at_one(z: float, a: float) -> bool:
    """Say whether the operand is 1 or −1."""
    return abs(a) == 1


def is_at_origin(z: float, a: float, b: float) -> bool:
    """Say whether both operands are 0."""
    return a == 0 and b == 0


def is_on_cut(z: float, a: float, b: float) -> bool:
    """Say whether the point (b, a) lies where its angle jumps from −π to π."""
    return a == 0 and b < 0


def is_at_margin(z: float, a: float, b: float) -> bool:
    """Say whether the product of the operands is exactly 1: that it rounds to 1 is not enough."""
    return z == 0 and a * b == 1


def is_tied(z: float, *operands: float) -> bool:
    """Say whether more than one operand is the output."""
    return operands.count(z) > 1


def is_equal(z: float, a: float, b: float, *others: float) -> bool:
    """Say whether what is compared is equal."""
    return a == b


# of the operands: is the true value of the gate another number than 0?


def has_no_zero(*operands: float) -> bool:
    """Say that no operand is 0: a product, a power and a quotient are 0 only where one is."""
    return all(operands)


def return_true(*operands: float) -> bool:
    """Say yes whatever the operands are: of a gate that is 0 nowhere, or of any constant."""
    return True


def are_unequal(a: float, b: float) -> bool:
    """Say whether the two operands differ."""
    return a != b


def is_off_axis(a: float, b: float) -> bool:
    """Say whether the first of two operands is not 0."""
    return a != 0


def is_dot_nonzero(*operands: float) -> bool:
    """Say whether the sum of the products is not 0, worked out exactly."""
    return exact.dot_exactly(operands) != 0
