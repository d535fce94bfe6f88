"""A worksheet on a program with vectors: a line for every entry, and what comes back in matrix notation."""

from __future__ import annotations

import csv
import io
import re

import pytest

from bpviz import parse, worksheet
from bpviz.errors import UsageError
from bpviz.figure.rendering import render
from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import Term
from bpviz.lecture import Worksheets
from bpviz.lecture.worksheet_content import AskedDerivative
from bpviz.lecture.worksheet_layout import SMALLEST_SLOT
from tests.conftest import need_module
from tests.support.command import Shell

NORM = "q = W@x; f = sum(q^2)"
POINT = {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [0.2, 0.4]}
SHAPES = {"W": (2, 2), "x": (2,)}
LINES = re.compile(r"<(?:polygon|polyline|path|ellipse) [^>]*>")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capfd)


@pytest.fixture(scope="module")
def made() -> Worksheets:
    return worksheet(NORM, POINT)


def write_answer(asked: AskedDerivative) -> str:
    assert not isinstance(asked.answer.answer, str)
    return show(asked.answer.answer, TEXT)


def test_sheet_and_key_have_their_lines_in_the_same_places(made: Worksheets) -> None:
    sheet = made.sheets[0]
    blank, key = (LINES.findall(render(sheet.picture(key=is_key), "svg").decode()) for is_key in (False, True))
    assert blank == key
    assert sheet.plan.scale * 19 >= SMALLEST_SLOT


def test_a_sheet_gives_no_entry_away(made: Worksheets) -> None:
    need_module("typst")
    picture = made.sheets[0].picture(key=False)
    source, _ = made.typst(keys=False)
    for answer in ("0.088", "0.636", "0.0484"):
        assert answer not in picture.dot
        assert answer not in "".join(picture.titles.values())
        assert answer not in source
    assert "0.088" in made.sheets[0].picture(key=True).dot
    assert made.pdf().startswith(b"%PDF")


def test_the_table_asks_for_shapes_and_for_matrix_notation(made: Worksheets) -> None:
    rows = made.sheets[0].content.rows
    assert [(row.name.text, row.answer.answer, row.answer.is_blank) for row in rows] == [
        ("W", "2×2", False),
        ("x", "2", False),
        ("q", "2", True),
        ("qsqr", "2", True),
        ("f", "1", True),
    ]
    assert [write_answer(asked) for asked in rows[2].derivatives] == ["∂f/∂q · xᵀ", "Wᵀ · ∂f/∂q"]
    assert [asked.by.text for asked in rows[2].derivatives] == ["W", "x"]


def test_the_rules_are_stated_in_letters_for_the_shapes_that_occur(made: Worksheets) -> None:
    content = made.sheets[0].content
    stated = [
        f"z = {show(rule.formula, TEXT)}: "
        + ", ".join(
            f"{show(left, TEXT)} = {show(slope, TEXT)}" for left, slope in rule.slopes if isinstance(slope, Term)
        )
        for rule in content.rules
    ]
    assert stated[0] == "z = a · b: ∂f/∂a = ∂f/∂z · bᵀ, ∂f/∂b = aᵀ · ∂f/∂z"
    assert content.general_rules == ("entry by entry: local gradient ⊙ what comes back",)


def test_what_is_repeated_and_what_branches_has_a_rule() -> None:
    content = worksheet("f = sum((x + b)*x)", x=[1, 2], b=3).sheets[0].content
    assert [each.partition(":")[0] for each in content.general_rules] == ["branch", "entry by entry", "repeated to fit"]


def test_given_numbers_are_those_of_a_vector() -> None:
    sheet = worksheet(NORM, POINT, given=["W", "q.value"]).sheets[0]
    dot = sheet.picture(key=False).dot
    assert "0.22" in dot
    assert "0.0484" not in dot
    assert not sheet.content.rows[2].answer.is_blank


def test_a_sheet_says_how_grids_are_rounded() -> None:
    notes = worksheet("p = softmax(z); f = -ln(p[0])", z=[1, 2, 0.5]).sheets[0].content.notes
    assert notes[-1].startswith("The numbers are rounded to 3 significant digits, in grids to 2:")


def test_the_key_as_data_has_a_row_for_every_entry(made: Worksheets) -> None:
    rows = [*csv.DictReader(io.StringIO(made.answers("csv")))]
    found = {(row["name"], row["quantity"], row["other"]): row["answer"] for row in rows}
    assert found["W[0, 1]", "gradient", ""].startswith("0.176")
    assert found["q", "shape", ""] == "2"
    assert found["q", "gradient in matrix notation", "W"] == "∂f/∂q · xᵀ"
    assert len(rows) == 2 * (4 + 2 + 2 + 2 + 1) + 3 + 4  # entries; shapes of results; operands


def test_variants_draw_the_entries_of_vectors() -> None:
    sheets = worksheet(parse(NORM, shapes=SHAPES), variants=4, range={"x": [1, 2, 3]})
    points = [sheet.trace.value("W") for sheet in sheets.sheets]
    assert len({str(point) for point in points}) == 4
    for sheet in sheets.sheets:
        assert {1.0, 2.0, 3.0}.issuperset(sheet.trace.value("x"))
        assert sheet.trace.vectors
        assert sheet.content.label


@pytest.mark.parametrize("of_trace", [False, True])
def test_values_that_variants_would_not_use_are_told(of_trace: bool) -> None:
    graph = parse(NORM, shapes=SHAPES)
    with pytest.raises(UsageError, match="--variants draws W itself") as caught:
        graph.at(POINT).worksheet(variants=2) if of_trace else worksheet(graph, POINT, variants=2)
    assert caught.value.hint == "leave its entries out and say its shape: --shape W=2x2"


def test_the_hint_of_variants_works_when_typed(shell: Shell, tmp_path_factory: pytest.TempPathFactory) -> None:
    need_module("typst")
    target = str(tmp_path_factory.mktemp("sheets") / "class.pdf")
    given = ["--W", "[[1, 2], [3, 4]]", "--x", "[1, 2]"]
    status, _, err = shell("worksheet", NORM, "--variants", "2", *given, "-o", target)
    assert status == 2
    assert "--shape W=2x2" in err
    status, out, _ = shell("worksheet", NORM, "--variants", "2", "--shape", "W=2x2", "--shape", "x=2", "-o", target)
    assert status == 0
    assert out.startswith("2 sheets")


def test_unrolled_the_table_asks_for_every_scalar() -> None:
    content = worksheet(NORM, POINT, unroll=True).sheets[0].content
    assert [row.name.text for row in content.rows][:4] == ["W_00", "W_01", "W_10", "W_11"]
    assert content.form.heads[3] == ("local gradients",)


def test_a_grid_that_is_not_seen_whole_is_told_and_the_hint_works() -> None:
    large = {"W": [[1, 2, 3, 4]] * 4, "x": [1, 2, 3, 4]}
    with pytest.raises(UsageError, match="W is a 4×4 matrix, and a grid has 12 lines to write on") as caught:
        worksheet(NORM, large)
    assert "--unroll" in caught.value.hint
    assert len(worksheet(NORM, large, unroll=True).sheets[0].content.rows) == 20 + 9
