"""A report is written in every format from the same tables, notes and record."""

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from rich.console import Console

from bpviz.errors import UsageError
from bpviz.formula import latex
from bpviz.text.report import Math, Report, ReportColumn, ReportTable
from bpviz.text.writers import MOST_RICH_ROWS, WRITERS, write

COLUMNS = (
    ReportColumn("name", "name"),
    ReportColumn(Math("∂f/∂x", lambda: r"\partial f"), "gradient"),
    ReportColumn("words"),
)


class Sample(Report):
    def __init__(self, rows: Sequence[Sequence[Any]], notes: Sequence[str] = ("a note",)) -> None:
        self.rows, self.sentences = rows, notes

    def tables(self) -> list[ReportTable]:
        return [ReportTable(COLUMNS, self.rows)]

    def notes(self) -> Sequence[str]:
        return self.sentences

    def record(self) -> dict[str, Any]:
        return {"rows": (list(row) for row in self.rows), "none": (row for row in ()), "notes": list(self.sentences)}

    def csv_rows(self) -> Iterable[Sequence[object]]:
        return [("name", "gradient", "words"), *self.rows]


ROWS = [("w_0", "−1.5", "a*b | c"), ("θ", "3.0×10⁻⁶", "x"), ("z", "–", "")]


def on_terminal(report: Report, width: int = 80) -> str:
    console = Console(width=width, force_terminal=True, color_system="standard", highlight=False)
    with console.capture() as capture:
        console.print(write(report, "plain"))
    return capture.get()


def test_plain_text_is_aligned_and_without_space_at_the_ends() -> None:
    assert write(Sample(ROWS), "plain") == (
        "name      ∂f/∂x  words\nw_0   −1.5       a*b | c\nθ      3.0×10⁻⁶  x\nz             –\n\nnote: a note\n"
    )


def test_markdown_shows_every_cell_as_it_is() -> None:
    text = write(Sample(ROWS), "markdown")
    assert text.splitlines()[:3] == [
        "| name | ∂f/∂x | words |",
        "| :--- | ---: | :--- |",
        r"| w\_0 | −1.5 | a\*b \| c |",
    ]
    assert text._repr_markdown_() == text  # type: ignore[attr-defined]  # a notebook sets it


def test_latex_writes_names_and_numbers_as_mathematics() -> None:
    assert write(Sample(ROWS, ["one\nline", "another"]), "latex") == (
        "\\begin{tabular}{lrl}\n  name & $\\partial f$ & words \\\\\n  \\hline\n"
        "  $w_{0}$ & $-1.5$ & a*b | c \\\\\n"
        f"  ${latex.name('θ')}$ & $3.0 \\times 10^{{-6}}$ & x \\\\\n"
        "  $z$ & -- &  \\\\\n"
        "\\end{tabular}\n\n% one line\n% another\n"
    )


@pytest.mark.parametrize("field", ["a,b", 'say "x"', "two\nlines", "a\rb", " edges ", "−1", "x\ty"])
def test_a_field_of_csv_is_read_as_it_was(field: str) -> None:
    text = write(Sample([("x", 1.5, field)]), "csv")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [["name", "gradient", "words"], ["x", "1.5", field]]


def test_csv_has_a_nul_where_a_field_has_one() -> None:
    assert write(Sample([("a\0b", 1.5, None)]), "csv").splitlines()[1] == "a\0b,1.5,"


def test_json_has_a_line_for_each_item_of_an_iterator() -> None:
    text = write(Sample(ROWS[:2]), "json")
    assert text.splitlines()[1:4] == ['  "rows": [', '    ["w_0", "−1.5", "a*b | c"],', '    ["θ", "3.0×10⁻⁶", "x"]']
    assert json.loads(text) == {"rows": [list(row) for row in ROWS[:2]], "none": [], "notes": ["a note"]}


def test_a_format_that_nothing_writes_is_an_error() -> None:
    with pytest.raises(UsageError, match="no table is written as xml") as error:
        write(Sample(ROWS), "xml")
    assert error.value.hint == f"choose one of {', '.join(WRITERS)}"


def test_a_terminal_has_the_colours_of_the_columns() -> None:
    assert "\x1b[3;31m" in on_terminal(Sample(ROWS))


def test_a_wide_table_is_folded_and_no_number_is_cut() -> None:
    text = on_terminal(Sample([("x", "−1.25", "word " * 30)]), width=40)
    assert "−1.25" in text
    assert text.count("word") == 31
    assert max(len(re.sub("\x1b.*?m", "", line)) for line in text.splitlines()) == 40


def test_a_long_table_is_plain_on_a_terminal_too() -> None:
    text = on_terminal(Sample([("x", "1", "w")] * (MOST_RICH_ROWS + 1)))
    assert "\x1b[3;31m" not in text
    assert text.count("\nx") == MOST_RICH_ROWS + 1


def test_brackets_in_a_cell_are_no_markup() -> None:
    assert "[bold]x[/bold]" in on_terminal(Sample([("[bold]x[/bold]", "1", "")]))


def test_infinities_are_words_in_json_and_inf_in_csv() -> None:
    report = Sample([("x", math.inf, "w"), ("y", -math.inf, ""), ("z", math.nan, "")])
    record = json.loads(write(report, "json"), parse_constant=pytest.fail)  # a bare Infinity is no JSON
    assert [gradient for _, gradient, _ in record["rows"]] == ["Infinity", "-Infinity", None]
    assert write(report, "csv").splitlines()[1:3] == ["x,inf,w", "y,-inf,"]
