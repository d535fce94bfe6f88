"""Worksheets: the key lies over the sheet, nothing is given away, everything on one page where it stays legible."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from bpviz import deck, worksheet
from bpviz.autodiff import run
from bpviz.errors import EvaluationError, UsageError
from bpviz.figure.arrangement import BESIDE, ONCE
from bpviz.figure.description import describe
from bpviz.figure.diagram import FILLED, GRADIENT, RULED, SHOWN, VALUE
from bpviz.figure.geometry import measure
from bpviz.figure.rendering import render
from bpviz.formula.numerals import THREE_DIGITS
from bpviz.formula.printing import TEXT, show
from bpviz.gates import TABLE, Gate
from bpviz.lang import parse
from bpviz.lecture.exercises import count_slots, write_gate
from bpviz.lecture.worksheet_content import find_blanks, mark_blanks
from bpviz.lecture.worksheet_layout import (
    LOOK,
    SMALLEST_NUMBER,
    SMALLEST_SCALE,
    count_row_lines,
    count_table_lines,
    share_out_rows,
)
from bpviz.lecture.worksheet_strips import StripFigure, read_figure
from bpviz.lecture.worksheets import Worksheet, Worksheets
from tests.conftest import need, need_module

SAMPLES = Path(__file__).parents[2] / "samples"
EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
RULE_LINE = re.compile(r'<polyline fill="none" stroke="#000000"[^>]* points="([-\d.]+),([-\d.]+) ([-\d.]+),([-\d.]+)"')
SHAPES = re.compile(r"<(?:ellipse|polygon|polyline|path) [^>]*>")


def sample(name: str) -> str:
    return (SAMPLES / f"{name}.bp").read_text(encoding="utf-8")


def made(name: str) -> Worksheets:
    return worksheet(EXAMPLE, x=3, y=-4) if name == "example" else worksheet(sample(name))


def pages(pdf: bytes, tmp_path: Path) -> list[tuple[int, int, bytes]]:
    """Return each page as grey pixels: width, height, one byte a pixel."""
    (tmp_path / "a.pdf").write_bytes(pdf)
    done = subprocess.run([need("pdftoppm"), "-gray", "-r", "60", "a.pdf", "p"], cwd=tmp_path, check=True)
    assert done.returncode == 0
    drawn = []
    for file in sorted(tmp_path.glob("p-*.pgm")):
        _, width, height, _, pixels = re.split(rb"\s", file.read_bytes(), maxsplit=4)[:5]
        drawn.append((int(width), int(height), pixels))
        file.unlink()
    return drawn


def words(pdf: bytes, tmp_path: Path) -> str:
    (tmp_path / "a.pdf").write_bytes(pdf)
    done = subprocess.run([need("pdftotext"), "-layout", "a.pdf", "-"], cwd=tmp_path, check=True, capture_output=True)
    return done.stdout.decode()


@pytest.mark.parametrize("name", ["example", "neuron", "network", "hinge"])
def test_circles_and_slots_stand_at_the_same_place_on_sheet_and_key(name: str) -> None:
    sheet = made(name).sheets[0]
    drawn = [render(sheet.picture(key=key), "svg").decode() for key in (False, True)]
    blank, key = ([shape for shape in SHAPES.findall(each) if "<image" not in shape] for each in drawn)
    assert len(blank) > 20
    assert blank == key
    assert "<text" in drawn[0]


@pytest.mark.parametrize("name", ["example", "neuron", "network"])
def test_the_key_has_every_dot_of_ink_of_the_sheet(name: str, tmp_path: Path) -> None:
    need_module("typst")
    sheets = made(name)
    blank, key = pages(sheets.pdf(keys=False), tmp_path), pages(sheets.pdf(sheets=False), tmp_path)
    assert [page[:2] for page in blank] == [page[:2] for page in key]
    for (width, height, ink), (_, _, answers) in zip(blank, key, strict=True):
        head = int(height * 0.09) * width  # where the sheet has the name and the key says that it is one
        missing = sum(1 for a, b in zip(ink[head:], answers[head:], strict=True) if a < 128 and b > 200)
        assert missing == 0
        assert sum(b < 128 for b in answers[head:]) > sum(a < 128 for a in ink[head:])


def test_a_sheet_gives_nothing_away(tmp_path: Path) -> None:
    need_module("typst")
    sheets = worksheet(EXAMPLE, x=3, y=-4)
    blank, key = words(sheets.pdf(keys=False), tmp_path), words(sheets.pdf(sheets=False), tmp_path)
    for answer in ("1.55", "0.512", "0.953", "2.06"):
        assert answer in key
        assert answer not in blank
    assert "1.55" not in sheets.sheets[0].picture(key=False).dot
    assert "1.55" not in "".join(sheets.sheets[0].picture(key=False).titles.values())


def test_equal_sheets_have_equal_bytes() -> None:
    need_module("typst")
    assert worksheet("x*y", x=2, y=3).pdf() == worksheet("x*y", x=2, y=3).pdf()


def test_the_example_is_on_one_page_with_its_key_on_the_next(tmp_path: Path) -> None:
    need_module("typst")
    assert len(pages(made("example").pdf(), tmp_path)) == 2
    assert len(pages(made("example").pdf(keys=False), tmp_path)) == 1


@pytest.mark.parametrize("paper", ["a4", "letter", "a3"])
@pytest.mark.parametrize("name", ["example", "neuron", "network", "repeated", "circuit", "gaussian"])
def test_no_number_of_a_figure_is_smaller_than_nine_points(name: str, paper: str) -> None:
    options = {"x": 3.0, "y": -4.0} if name == "example" else {}
    program = EXAMPLE if name == "example" else sample(name)
    sheets = worksheet(program, paper=paper, **options)  # type: ignore[arg-type]
    plan = sheets.sheets[0].plan
    assert plan.scale >= SMALLEST_SCALE
    assert LOOK.number_size * plan.scale >= SMALLEST_NUMBER


LARGE = (
    "\n".join(f"a{i} = x{i}*y{i} + x{(i + 1) % 12}" for i in range(12)) + "\n" + "*".join(f"a{i}" for i in range(12))
)
HIGH = " + ".join(f"sin(x)*y^{i}" for i in range(2, 14))  # in its last strip there are wires far above every gate
CUT = {  # program: pages, strips on each
    "neuron": [2],
    "gaussian": [2],
    "network": [1, 3],
    "poly": [3],
    "large": None,
    "high": None,
}


@cache
def laid_out(name: str) -> tuple[Worksheet, StripFigure]:
    """Return a sheet that is cut, and its figure as it stands on the sheet."""
    program = {"large": LARGE, "high": HIGH, "poly": "x^3 - 2*x^2*y + 3*x*y^2 - y^3 + x*y"}.get(name) or sample(name)
    graph = parse(program)
    point = {graph.nodes[i].name: 1.5 for i in graph.inputs if graph.nodes[i].name not in graph.defaults}
    sheet = worksheet(program, set=point).sheets[0]
    picture = sheet.picture(key=False)
    return sheet, read_figure(picture.diagram, measure(picture))


RECURRENT = "\n".join([*(f"h{k} = tanh(w*x{k} + u*h{k - 1} + b)" for k in (1, 2, 3)), "L = (h3 - t)^2"])


def test_an_input_stands_at_each_of_its_gates_where_that_saves_a_page() -> None:
    point = {"h0": 0, "w": 0.5, "x1": 1, "x2": -1, "x3": 0.5, "u": 0.8, "b": 0, "t": 1}
    sheets = worksheet(RECURRENT, set=point)
    assert sheets.sheets[0].plan.arrangement.inputs == BESIDE
    assert [len(strips) for strips in sheets.sheets[0].plan.strips] == [4]  # a line a time step
    figure = sheets.sheets[0].picture(key=True)
    copies = [shape for shape in figure.diagram.shapes if shape.id.startswith("input-w.")]
    shares = [edge.after.text for edge in figure.diagram.edges if edge.source in {copy.id for copy in copies}]
    assert shares == ["−0.828", "1.32", "−0.837"]
    assert "An input of several gates stands beside each: add up its gradients." in sheets.typst()[0]
    assert made("example").sheets[0].plan.arrangement.inputs == ONCE  # on one page a student adds up at branches
    assert "stands beside each" not in made("example").typst()[0]


@pytest.mark.parametrize("name", CUT)
def test_a_cut_passes_between_ranks_and_all_is_whole_in_one_strip(name: str) -> None:
    sheet, drawn = laid_out(name)
    strips = [strip for page in sheet.plan.strips for strip in page]
    assert len(strips) > 1
    assert CUT[name] in (None, [len(page) for page in sheet.plan.strips])
    for strip in strips:
        for side in (strip.x, strip.x + strip.width):
            assert not [box for box in drawn.boxes if box.left < side < box.right]
    for box in drawn.boxes:
        whole = [
            strip
            for strip in strips
            if strip.x <= box.left <= box.right <= strip.x + strip.width
            if strip.y <= box.top <= box.bottom <= strip.y + strip.height
        ]
        assert len([strip for strip in whole if box not in strip.hidden]) == 1
        shown = [strip for strip in strips if strip not in whole and box not in strip.hidden]
        assert not [
            strip
            for strip in shown
            if box.left < strip.x + strip.width
            if box.right > strip.x
            if box.top < strip.y + strip.height
            if box.bottom > strip.y
        ], "a part of it"


@pytest.mark.parametrize("name", CUT)
def test_a_wire_that_is_cut_is_named_on_both_sides(name: str) -> None:
    sheet, _ = laid_out(name)
    left: dict[float, list[tuple[str, float]]] = {}
    right: dict[float, list[tuple[str, float]]] = {}
    for strip in (strip for page in sheet.plan.strips for strip in page):
        left.setdefault(strip.x, []).extend(strip.entering)
        right.setdefault(strip.x + strip.width, []).extend(strip.leaving)
    cuts = sorted(left)[1:]
    assert cuts
    for x in cuts:
        assert left[x]
        assert left[x] == right[x]
    assert not left[0.0]


@pytest.mark.parametrize("name", ["example", *CUT])
def test_there_is_room_to_write_in_every_slot(name: str) -> None:
    sheet = made(name).sheets[0] if name == "example" else laid_out(name)[0]
    rules = RULE_LINE.findall(render(sheet.picture(key=False), "svg").decode())
    widths = [abs(float(b) - float(a)) / 8 for a, y, b, z in rules if y == z]  # it is drawn eight times as large
    assert len(widths) == 2 * len(sheet.picture(key=False).diagram.edges)
    millimetre = 72 / 25.4
    assert min(widths) * sheet.plan.scale >= 9 * millimetre
    assert LOOK.slot * sheet.plan.scale >= 5 * millimetre


def test_a_strip_is_as_high_as_what_is_in_it() -> None:
    sheet, drawn = laid_out("neuron")
    first, second = sheet.plan.strips[0]
    assert first.height > 0.9 * drawn.height
    assert second.height < 0.4 * drawn.height


@pytest.mark.parametrize(("name", "count"), [("neuron", 1), ("gaussian", 1), ("network", 3), ("large", None)])
def test_a_sheet_takes_as_many_pages_as_its_plan_says(name: str, count: int | None, tmp_path: Path) -> None:
    need_module("typst")
    sheet, _ = laid_out(name)
    assert sheet.plan.scale >= SMALLEST_SCALE
    pdf = Worksheets((sheet,), "").pdf(keys=False)
    printed = len(pages(pdf, tmp_path))
    assert printed == len(sheet.plan.strips) + sheet.plan.table_apart * len(share_out_rows(sheet.content, sheet.plan))
    assert count in (None, printed)


def test_a_row_of_many_local_gradients_has_as_many_lines_as_leave_room_to_write() -> None:
    names = "abcdefgh"
    content = worksheet(f"max({', '.join(names)})", set=dict.fromkeys(names, 1.0)).sheets[0].content
    assert [count_row_lines(row, content.form) for row in content.rows] == [1] * 8 + [3]
    assert count_table_lines(content) == 1 + 8 + 3
    example = made("example").sheets[0].content
    assert [count_row_lines(row, example.form) for row in example.rows] == [1] * 10


def test_every_row_of_a_long_table_is_printed_once(tmp_path: Path) -> None:
    need_module("typst")
    sheet, _ = laid_out("large")
    rows = share_out_rows(sheet.content, sheet.plan)
    assert len(rows) == 2
    assert sum(rows) == len(sheet.content.rows)
    said = words(Worksheets((sheet,), "").pdf(keys=False), tmp_path)
    assert re.findall(r"\((\d+)\) +\S+ *=", said) == [
        str(step) for step in range(1, len(sheet.trace.graph.gate_ids) + 1)
    ]


def test_rules_that_find_no_room_below_the_table_stand_on_a_page_of_their_own(tmp_path: Path) -> None:
    need_module("typst")
    names = [f"x{i}" for i in range(25)]
    sheets = worksheet("*".join(names), set=dict.fromkeys(names, 1.0))
    sheet = sheets.sheets[0]
    assert share_out_rows(sheet.content, sheet.plan) == [49, 0]
    *_, table, rules = words(sheets.pdf(keys=False), tmp_path).split("\f")[:-1]
    assert "(24)" in table
    assert "local gradients" not in rules
    assert re.search(r"page (\d+) of \1\b", rules)


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_every_gates_rule_is_set(gate: Gate) -> None:
    need_module("typst")
    pieces = [("a", 4), ("b", 4), ("c", 4), ("d", 4)][: count_slots(gate)]
    program, _ = write_gate(gate, pieces)
    for x in (0.5, 1.5):  # one of them is in its domain
        try:
            sheets = worksheet(program, set={name: x for name, _ in pieces})
        except EvaluationError:
            continue
        assert sheets.pdf().startswith(b"%PDF")
        return
    pytest.fail(f"{program} has no value at 0.5 nor 1.5")


def states(program: str, blank: str, given: list[str], *, key: bool = False) -> dict[tuple[str, str], str]:
    trace = run(parse(program), x=2, y=3)
    said = describe(trace.graph, trace, THREE_DIGITS, labels="both", branch=True)
    return dict(mark_blanks(said, find_blanks(trace.graph, blank, given), key=key).states)


def test_blank_says_what_is_asked_for() -> None:
    assert set(states("x*y", "both", []).values()) == {RULED}
    values = states("x*y", "values", [])
    assert {values["wire-f-0", VALUE], values["wire-f-0", GRADIENT]} == {RULED, SHOWN}
    assert states("x*y", "gradients", [])["wire-f-0", VALUE] == SHOWN
    assert set(states("x*y", "both", [], key=True).values()) == {FILLED}


def test_given_numbers_are_filled_in_as_a_start() -> None:
    found = states("x*y + x", "both", ["f.gradient", "x"])
    assert found["wire-output", GRADIENT] == FILLED
    assert found["wire-output", VALUE] == RULED
    assert found["trunk-x", VALUE] == found["trunk-x", GRADIENT] == FILLED
    assert found["wire-xy-0", VALUE] == FILLED
    assert found["wire-xy-0", GRADIENT] == RULED, "a contribution is no gradient of x"


def test_the_table_asks_for_what_the_figure_asks_for() -> None:
    rows = worksheet("x*y", x=2, y=3, blank="gradients", given=["f"]).sheets[0].content.rows
    blanks = [(row.answer.is_blank, row.gradient and row.gradient.is_blank) for row in rows]
    assert blanks == [
        (False, True),
        (False, True),
        (False, False),
    ]
    assert [asked.answer.is_blank for asked in rows[-1].derivatives] == [True, True]


@pytest.mark.parametrize(
    ("program", "formula"),
    [
        ("dot(x, y; x, y)", "a·c + b·d"),
        ("dot(x, y, x; y, y, x)", "a·c + b·d"),
        ("dot(x; y)", "a·b"),
        ("max(x, y, 1, 2)", "max(a, b, c)"),
    ],
)
def test_a_rule_of_many_operands_names_a_few(program: str, formula: str) -> None:
    rule = worksheet(program, set={"x": 2, "y": 3}).sheets[0].content.rules[0]
    assert show(rule.formula, TEXT) == formula


def test_the_rules_are_those_of_the_gates_that_occur() -> None:
    said = worksheet("max(x, y)*x + x", x=2, y=3).sheets[0].content
    assert len(said.rules) == 3
    assert said.rules[0].slopes[0][1] == "1 for the largest, else 0"
    assert said.general_rules == ("branch: what comes back along its wires is added",)


def test_variants_have_numbers_of_their_own_and_a_label() -> None:
    sheets = worksheet("x*y + max(x, z)", variants=5, seed=7).sheets
    assert [sheet.content.label for sheet in sheets] == [f"Sheet {i}" for i in range(1, 6)]
    assert len({sheet.content.point for sheet in sheets}) == 5


def test_variants_of_a_program_with_values_of_its_own_have_others() -> None:
    points = [sheet.trace.point for sheet in worksheet(sample("hinge"), variants=3, numbers="rounded").sheets]
    assert len({tuple(point.items()) for point in points}) == 3


@pytest.mark.parametrize(
    ("program", "choices"),
    [
        ("x/y + 2*x", {"gates": "fused"}),
        ("(x + y)*(x + y)*3", {"share": True}),
        ("3*x*y + 2", {"constants": True}),
        ("sigmoid(x) * y", {"gates": "elementary"}),
    ],
)
def test_variants_of_a_graph_are_parsed_as_it_was(program: str, choices: dict[str, bool]) -> None:
    graph = parse(program, **choices)  # type: ignore[arg-type]
    for sheet in worksheet(graph, variants=3).sheets:
        other = sheet.trace.graph
        assert [node.gate for node in other.nodes] == [node.gate for node in graph.nodes]
        assert [node.operands for node in other.nodes] == [node.operands for node in graph.nodes]
        assert (other.level, other.share, other.constants) == (graph.level, graph.share, graph.constants)


def test_as_many_as_there_are_is_told() -> None:
    with pytest.raises(UsageError) as error:
        worksheet("x*x", variants=100)
    assert re.search(r"no 100 sheets .*: there are only \d+ among whole numbers and halves", str(error.value))
    assert "--numbers rounded" in error.value.hint


def test_none_is_told() -> None:
    with pytest.raises(UsageError, match="there are none among"):
        worksheet("x^3 * 1000000", variants=2)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"paper": "a9"}, "no paper is called a9"),
        ({"blank": "some"}, "some cannot be left blank"),
        ({"given": ["q"]}, "nothing is called q"),
        ({"given": ["x.slope"]}, "x.slope names no number"),
        ({"variants": 2}, "--variants draws x itself"),
        ({"names": ["Ada"]}, "--variants draws x itself"),
        ({"range": {"x": "1,2"}}, "--range is for sheets with numbers of their own"),
        ({"numbers": "exact"}, "--numbers is for sheets with numbers of their own"),
        ({"vary_constants": True}, "--vary-constants is for sheets with numbers of their own"),
    ],
)
def test_a_wrong_option_is_told(options: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError) as error:
        worksheet("x*y", x=1, y=2, **options)  # type: ignore[arg-type]
    assert told in str(error.value)


def test_a_paper_is_found_in_capital_letters_too() -> None:
    for output in (worksheet, deck):
        output("x*y", x=2, y=3, paper="A4")


def test_one_point_of_a_sigmoid_for_all_is_no_class() -> None:
    with pytest.raises(UsageError) as error:
        worksheet("(sigmoid(w*x + b) - t)^2", variants=30, numbers="exact")
    assert "would be at the same point on all 30 sheets" in error.value.what
    assert "--numbers rounded" in error.value.hint


def test_names_that_are_not_as_many_as_the_sheets_are_told() -> None:
    with pytest.raises(UsageError, match="--variants 3 does not fit the 2 names"):
        worksheet("x*y", variants=3, names=["Ada", "Emmy"])


def test_a_sheet_with_a_name_has_no_line_for_one_and_neither_has_its_key() -> None:
    sheets = worksheet("x*y", names=["Ada # Lovelace", "Emmy Noether"])
    source = sheets.typst()[0]
    assert source.count("Ada \\# Lovelace") == source.count("Emmy Noether") == 2
    assert "#named" not in source.split("#let figure-bytes")[1].split("Ada")[1]


@pytest.mark.parametrize(
    ("program", "options", "note"),
    [
        ("x*y", {}, ""),
        ("x*100001", {}, ""),
        ("sigmoid(x)*y", {}, "rounded to 3 significant digits"),
        ("sigmoid(x)*y", {"digits": 5}, "rounded to 5 significant digits"),
        ("x/3*y", {"decimals": 1}, "rounded to 1 decimals"),
    ],
)
def test_a_sheet_says_how_its_numbers_are_rounded(program: str, options: dict[str, int], note: str) -> None:
    point = dict.fromkeys(parse(program).input_names, 2.0)
    notes = worksheet(program, set=point, **options).sheets[0].content.notes
    assert [note in each for each in notes] == [True] * bool(note)


def test_numbers_nobody_knows_are_told() -> None:
    with pytest.raises(UsageError, match="no numbers are called odd"):
        worksheet("x*y", variants=2, numbers="odd")
