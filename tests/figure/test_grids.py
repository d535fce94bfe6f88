"""Grids: columns are aligned at their points, and of a large vector the corners are written."""

import pytest

from bpviz.figure.grids import make_grid, write_list
from bpviz.formula.numerals import USUAL_ROUNDING, Rounding


@pytest.mark.parametrize(
    ("numbers", "padding"),
    [
        ([0.5, 12, -0.125], ["00", ".000", ""]),
        ([1, 2], ["", ""]),
        ([0.5, 3e-7], ["", ""]),  # no column of decimals: right-aligned
    ],
)
def test_what_stands_behind_an_entry_aligns_its_column(numbers: list[float], padding: list[str]) -> None:
    grid = make_grid(numbers, (len(numbers),), Rounding(3))
    assert [row[0].padding for row in grid.rows] == padding


@pytest.mark.parametrize(
    ("shape", "rows", "caption"),
    [
        ((3, 4), [["0", "1", "2", "3"], ["4", "5", "6", "7"], ["8", "9", "10", "11"]], ""),
        ((13,), [["0"], ["⋮"], ["12"]], "13"),
        ((2, 7), [["0", "…", "6"], ["7", "…", "13"]], "2×7"),
        ((5, 3), [["0", "1", "2"], ["⋮", "⋮", "⋮"], ["12", "13", "14"]], "5×3"),
        ((4, 4), [["0", "…", "3"], ["⋮", "⋱", "⋮"], ["12", "…", "15"]], "4×4"),
    ],
)
def test_of_more_than_a_dozen_entries_the_corners_are_written(
    shape: tuple[int, ...], rows: list[list[str]], caption: str
) -> None:
    grid = make_grid(range(100), shape, USUAL_ROUNDING)
    assert [[entry.text for entry in row] for row in grid.rows] == rows
    assert grid.caption == caption


def test_a_row_and_a_blank_grid() -> None:
    row, blank = make_grid([1, 2], (2,), USUAL_ROUNDING, is_row=True), make_grid(None, (2,), USUAL_ROUNDING)
    assert [[entry.text for entry in line] for line in row.rows] == [["1", "2"]]
    assert [[entry.text for entry in line] for line in blank.rows] == [[""], [""]]


def test_in_one_line_each_row_has_brackets() -> None:
    assert write_list([0.088, 0.6285], (1, 2), USUAL_ROUNDING) == "[[0.088, 0.63]]"
    assert write_list(range(100), (20,), USUAL_ROUNDING) == "[0, …, 19]"
    assert write_list([0.12345], (), USUAL_ROUNDING) == "0.123"
