"""A derivation as a PDF and as an HTML page: all of it is there, nothing is fetched, and nothing overflows."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bpviz import fonts, parse
from bpviz.errors import OutputError, UsageError
from bpviz.graph import Graph
from bpviz.lecture import typeset_steps
from tests.conftest import need_module, where_present
from tests.support.browser import measure_in_browser

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
WIDE = " + ".join(f"w_{k}*x" for k in range(1, 31))
PROGRAMS = [
    EXAMPLE,
    "max(θ, x, 1)*relu(w_0) + |x|^2.5 - 3e-9*x*x",
    "ŷ = σ(ω*x + β); L = -(y*ln(ŷ) + (1-y)*ln(1-ŷ)) + λ*ω^2",
    "the_learning_rate_of_the_model*a_very_long_name_indeed^2 + where(a_very_long_name_indeed > 2, leaky_relu(b), b)",
    "max(" + ", ".join(f"x{k}*y" for k in range(1, 16)) + ")*logsumexp(y, x1, x2)",
    WIDE,
    "3 + 4",
]


def at_a_point(program: str) -> tuple[Graph, dict[str, float]]:
    graph = parse(program)
    return graph, {name: 0.3 + k / 40 for k, name in enumerate(graph.input_names)}


def html(program: str, **options: object) -> str:
    return typeset_steps(parse(program), format="html", **options).decode()  # type: ignore[arg-type]


def words_of(page: str) -> str:
    """Return what a page shows, without its elements."""
    return re.sub(r"<[^>]*>|\s", "", page.partition("<body>")[2])


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("symbolic", [False, True])
def test_every_step_is_on_the_page(program: str, symbolic: bool) -> None:
    graph, point = at_a_point(program)
    page = typeset_steps(graph.at(point), format="html", symbolic=symbolic).decode()
    ElementTree.fromstring(f"<body>{page.partition('<body>')[2].partition('</body>')[0]}</body>".replace("&nbsp;", " "))
    assert page.count("<h3>") == len(graph.gate_ids)
    assert all(f"({step})" in page for step in range(1, len(graph.gate_ids) + 1))
    assert ('class="value"' in page) is not symbolic


def test_a_page_fetches_nothing_and_runs_nothing() -> None:
    page = html(EXAMPLE)
    assert "<script" not in page
    assert not re.search(r"https?:|src=|<link|@import|url\((?!data:)", page)


def test_operands_stand_apart() -> None:
    assert "max(x,y,z)" in words_of(html("max(x, y, z)"))


def test_a_long_sum_is_formulas_of_its_own_between_which_a_browser_breaks() -> None:
    page = html(WIDE)
    assert '<mo form="infix">+</mo><msub><mi>w</mi><mn>30</mn></msub>' in page


def test_a_page_shows_the_program_and_what_is_left_out() -> None:
    page = html(f"g = {EXAMPLE}", for_="y")
    assert "<pre>g = (x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)</pre>" in page
    assert "Onlythestepsonthepathsfromytog.sigxdoesnotdependony." in words_of(page)


def test_what_means_something_to_html_is_shown() -> None:
    page = html("where(x < y, x, y)  # <script>alert(1)</script> & more")
    assert "<script" not in page
    assert "where(x &lt; y, x, y)" in page


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_pdf_is_set_of_numbers_and_of_symbols(program: str) -> None:
    need_module("typst")
    graph, point = at_a_point(program)
    for what in (graph, graph.at(point)):
        assert typeset_steps(what).startswith(b"%PDF-")


def test_equal_derivations_are_equal_bytes() -> None:
    need_module("typst")
    assert typeset_steps(parse(EXAMPLE)) == typeset_steps(parse(EXAMPLE))


def test_every_word_of_a_pdf_is_on_its_sheets(tmp_path: Path) -> None:
    need_module("typst")
    pdftotext = where_present("pdftotext")
    for program in PROGRAMS:
        (tmp_path / "f.pdf").write_bytes(typeset_steps(parse(program)))
        boxes = subprocess.run(
            [pdftotext, "-bbox", tmp_path / "f.pdf", "-"], capture_output=True, text=True, check=True
        ).stdout
        right = [float(edge) for edge in re.findall(r'xMax="([0-9.]+)"', boxes)]
        assert max(right) <= 595.3 - 24 / 25.4 * 72 + 1, program


def test_a_pdf_has_the_numbers_of_the_point(tmp_path: Path) -> None:
    need_module("typst")
    pdftotext = where_present("pdftotext")
    (tmp_path / "f.pdf").write_bytes(typeset_steps(parse(EXAMPLE).at(x=3, y=-4), digits=5))
    done = subprocess.run([pdftotext, tmp_path / "f.pdf", "-"], capture_output=True, text=True, check=True)
    assert {"Forward", "Backward", "2.0596", "1.5922", "sigy"} <= set(done.stdout.split())


def test_without_typst_it_is_said_what_to_install_and_what_else_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(
        OutputError, match="Typst, which sets slides, sheets and derivations, is not installed"
    ) as error:
        typeset_steps(parse("x*y"))
    assert "pip install 'typst>=0.15'" in error.value.hint
    assert "bpviz steps -o steps.html" in error.value.hint


def test_another_document_is_refused() -> None:
    with pytest.raises(UsageError, match="no document is written as docx") as error:
        typeset_steps(parse("x*y"), format="docx")
    assert "pdf, html" in error.value.hint


def test_a_derivation_that_nobody_reads_is_refused() -> None:
    with pytest.raises(UsageError, match="a derivation of 2 gates is more than anybody can read"):
        typeset_steps(parse("x*y + x"), limit={"derived": 1})


MEASURE = """
  const high = element => element.getBoundingClientRect().height;
  const brackets = [...document.querySelectorAll("mo")].filter(mo => mo.textContent === "(");
  const faces = [...document.fonts].filter(face => face.status === "loaded").map(face => face.family);
  return [brackets.map(mo => high(mo) / high(document.querySelector("mn"))), faces.join()];
"""


def test_a_browser_draws_brackets_as_high_as_what_they_hold_in_the_font_that_the_page_brings(tmp_path: Path) -> None:
    heights, faces = measure_in_browser(html("ln(2x)"), MEASURE, tmp_path)
    assert fonts.MATH_FAMILY in faces
    assert heights
    assert max(heights) < 1.8
