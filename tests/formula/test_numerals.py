"""Numbers as a lecturer writes them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import UsageError
from bpviz.formula.numerals import Rounding, number, rounding_to


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (-4.0, "−4"),
        (0.0, "0"),
        (-0.0, "0"),
        (1.5456448841066441, "1.55"),
        (-0.7915934472725935, "−0.792"),
        (-0.03576154781265369, "−0.0358"),
        (0.01798620996209156, "0.0180"),
        (0.5, "0.5"),
        (0.25, "0.25"),
        (2.9996, "3.00"),
        (0.99999, "1.00"),
        (123.0, "123"),
        (123.4, "123"),
        (12345.678, "12346"),
        (123456.0, "123456"),
        (123456.7, "1.23×10⁵"),
        (99999.9, "1.00×10⁵"),
        (1e7, "1×10⁷"),
        (3e-06, "3×10⁻⁶"),
        (-1.2345e-05, "−1.23×10⁻⁵"),
        (0.0001, "0.0001"),
        (1e300, "1×10³⁰⁰"),
        (5e-324, "4.94×10⁻³²⁴"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_three_significant_digits(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "rounding", "text"),
    [
        (2.0, Rounding(decimals=2), "2.00"),
        (-0.001, Rounding(decimals=2), "0.00"),
        (-0.2, Rounding(decimals=0), "0"),
        (1.5456448841066441, Rounding(6), "1.54564"),
        (1.5456448841066441, Rounding(1), "2"),
        (3e-06, Rounding(1), "3×10⁻⁶"),
        (1 / 3, Rounding(17), "0.33333333333333331"),
    ],
)
def test_other_roundings(value: float, rounding: Rounding, text: str) -> None:
    assert number(value, rounding) == text


@given(st.floats(-1e308, 1e308), st.integers(2, 17))
def test_what_is_printed_is_the_number_to_that_many_digits(value: float, digits: int) -> None:
    text = number(value, Rounding(digits))
    mantissa, _, exponent = text.replace("−", "-").partition("×10")
    read = float(f"{mantissa}e{exponent.translate(str.maketrans('⁻⁰¹²³⁴⁵⁶⁷⁸⁹', '-0123456789')) or 0}")
    assert read == pytest.approx(value, rel=0.5 * 10.0 ** (1 - digits), abs=5e-324)
    assert text not in {"−0", "-0"}
    assert "e" not in text


@pytest.mark.parametrize(("digits", "decimals"), [(1, None), (17, None), (3, 0), (3, 17)])
def test_a_rounding_within_the_limits(digits: int, decimals: int | None) -> None:
    assert rounding_to(digits, decimals) == Rounding(digits, decimals)


@pytest.mark.parametrize(
    ("digits", "decimals", "message"),
    [
        (0, None, "no number is written with digits = 0\nchoose a whole number from 1 to 17"),
        (99, None, "no number is written with digits = 99\nchoose a whole number from 1 to 17"),
        ("3", None, "no number is written with digits = '3'\nchoose a whole number from 1 to 17"),
        (2.0, None, "no number is written with digits = 2.0\nchoose a whole number from 1 to 17"),
        (3, -1, "no number is written with decimals = -1\nchoose a whole number from 0 to 17"),
        (3, 18, "no number is written with decimals = 18\nchoose a whole number from 0 to 17"),
    ],
)
def test_a_rounding_that_cannot_be_is_told(digits: int, decimals: int | None, message: str) -> None:
    with pytest.raises(UsageError) as error:
        rounding_to(digits, decimals)
    assert str(error.value) == message
