"""The answers of sheets as data: those of a run, one row for every blank, in documented columns."""

from __future__ import annotations

import csv
import io
import json
from itertools import groupby

import pytest

import bpviz
from bpviz import worksheet
from bpviz.lecture import answer_keys
from bpviz.lecture.answer_keys import AnswerRow

PROGRAM = "J = -(y*log(a) + (1 - y)*log(1 - a))"
RANGES = {"y": [0, 1], "a": "0.1:0.9"}


def test_the_answers_are_those_of_a_run() -> None:
    sheets = worksheet(PROGRAM, variants=30, range=RANGES)
    answers = [*sheets.key.list_answers()]
    graph = bpviz.parse(PROGRAM)
    for number, group in groupby(answers, key=lambda answer: answer.sheet):
        rows = [*group]
        values = {row.name: row.answer for row in rows if row.quantity == "value"}
        trace = bpviz.run(graph, {name: values[name] for name in graph.input_names})
        assert trace.point == sheets.sheets[number - 1].trace.point
        for row in rows:
            node = graph.find(row.name)
            if row.quantity in ("value", "gradient"):
                assert row.answer == (trace.values if row.quantity == "value" else trace.gradients)[node]
            elif row.quantity == "local gradient":
                slots = [wire.slot for wire in graph.wires_into(node) if graph.nodes[wire.source].name == row.other]
                assert row.answer in [trace.local[node][slot] for slot in slots]
            else:
                target = graph.find(row.other)
                slots = [wire.slot for wire in graph.wires_into(target) if wire.source == node]
                assert row.answer in [trace.downstream[target][slot] for slot in slots]


def test_contributions_add_up_to_the_gradient() -> None:
    rows = [*worksheet("x*y + x", x=2, y=3).key.list_answers()]
    parts = [row.answer for row in rows if (row.name, row.quantity) == ("x", "contribution")]
    assert parts == [3.0, 1.0]
    assert [row.answer for row in rows if (row.name, row.quantity) == ("x", "gradient")] == [4.0]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"blank": "values"}, {"value"}),
        ({"blank": "gradients"}, {"gradient", "local gradient"}),
        ({"blank": "gradients", "given": ["x", "y", "f"]}, {"local gradient"}),
        ({"blank": "both"}, {"value", "gradient", "local gradient"}),
    ],
)
def test_only_what_is_blank_has_a_row(options: dict[str, object], expected: set[str]) -> None:
    sheets = worksheet("x*y", x=2, y=3, **options)  # type: ignore[arg-type]
    assert {answer.quantity for answer in sheets.key.list_answers()} == expected


def test_csv_and_json_have_the_same_rows_and_the_columns_that_are_documented() -> None:
    sheets = worksheet("sigmoid(x)*y", names=["Ada, Countess", "Emmy"])
    rows = [*csv.DictReader(io.StringIO(sheets.answers("csv")))]
    record = json.loads(sheets.answers("json"))
    assert [list(row) for row in rows] == [list(AnswerRow._fields)] * len(rows)
    assert [{**row, "sheet": int(row["sheet"]), "answer": float(row["answer"])} for row in rows] == record["answers"]
    assert [sheet["student"] for sheet in record["sheets"]] == ["Ada, Countess", "Emmy"]
    assert [sheet["point"] for sheet in record["sheets"]] == [sheet.trace.point for sheet in sheets.sheets]
    assert answer_keys.__doc__
    assert all(f"\n    {column}" in answer_keys.__doc__ for column in AnswerRow._fields)


def test_the_rows_are_as_many_as_the_blanks_of_table_and_branches() -> None:
    sheets = worksheet("x*y + x*z", variants=3)
    content = sheets.sheets[0].content
    blanks = sum(2 + len(row.derivatives) for row in content.rows) + 2  # x branches to two wires
    assert len([*sheets.key.list_answers()]) == 3 * blanks


@pytest.mark.parametrize("format_", ["plain", "markdown", "latex"])
def test_a_key_is_a_table_too(format_: str) -> None:
    assert "local gradient" in worksheet("x*y", x=2, y=3).answers(format_)
