"""The files of a deck: the announced pages, figures that stand still, embedded fonts, words that can be searched."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bpviz import Deck, deck, parse, run
from bpviz.errors import OutputError, UsageError
from bpviz.figure.arrangement import ARE_BESIDE
from bpviz.figure.description import describe
from bpviz.figure.diagram import GRADIENT, HIDDEN, INPUT, NEW
from bpviz.formula.numerals import THREE_DIGITS
from bpviz.formula.numerals import number as write_number
from bpviz.formula.tree import Atom
from bpviz.lecture import find_deck_kind
from bpviz.lecture.slide_sequence import write_slides
from bpviz.lecture.slides import format_line
from tests.conftest import need, need_module
from tests.support.command import Shell

SAMPLES = Path(__file__).parents[2] / "samples"
NASTY = "a \"b\" 'c' #d $e$ \\f <script>alert(1)</script> & `g` *h* _i_ [j] @k {l} %m |n ~\n1. o // p /* q */ é \u202e"
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>')
CIRCLE = re.compile(r'<ellipse[^>]*? (cx="[^"]*" cy="[^"]*" rx="[^"]*" ry="[^"]*")')
PATH = re.compile(r'<path[^>]*? (d="[^"]*")')


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capfd)


@pytest.fixture(scope="module")
def lecture() -> Deck:
    return deck((SAMPLES / "example.bp").read_text())


@pytest.fixture(scope="module")
def lecture_pdf(lecture: Deck, tmp_path_factory: pytest.TempPathFactory) -> Path:
    need_module("typst")
    file = tmp_path_factory.mktemp("deck") / "deck.pdf"
    lecture.save(file)
    return file


def figures_of(made: Deck) -> int:
    return sum(slide.stage is not None for slide in made.slides)


def ran(*words: str | Path) -> str:
    return subprocess.run([need(str(words[0])), *words[1:]], capture_output=True, check=True, text=True).stdout


def page_count(file: Path) -> int:
    found = re.search(r"Pages:\s+(\d+)", ran("pdfinfo", file))
    assert found
    return int(found[1])


def pages(file: Path) -> list[list[tuple[str, tuple[float, ...]]]]:
    """Return the words of each page with their boxes."""
    boxes = ran("pdftotext", "-bbox", file, "-").split("<page ")[1:]
    return [
        [(found[5], tuple(float(found[k]) for k in range(1, 5))) for found in WORD.finditer(page)] for page in boxes
    ]


def test_circles_stand_in_the_same_place_on_every_page_of_the_pdf(lecture_pdf: Path) -> None:
    inside = ("sigx", "sigy", "xpy", "xpysqr", "num", "den", "invden")
    places = [{word: box for word, box in page if word in inside and box[3] < 360} for page in pages(lecture_pdf)]
    with_figure = [place for place in places if len(place) == len(inside)]
    assert len(with_figure) == 22
    assert all(place == with_figure[0] for place in with_figure)


@pytest.mark.parametrize("theme", ["drawio", "cs231n"])
def test_nothing_moves_from_frame_to_frame(theme: str) -> None:
    drawn = [each.decode() for each in deck((SAMPLES / "example.bp").read_text(), theme=theme).pictures()]
    assert len(drawn) == 22
    assert len(CIRCLE.findall(drawn[0])) == 8 + 2
    assert {tuple(CIRCLE.findall(svg)) for svg in drawn} == {tuple(CIRCLE.findall(drawn[0]))}
    assert {tuple(PATH.findall(svg)) for svg in drawn} == {tuple(PATH.findall(drawn[0]))}
    assert len({re.search(r'viewBox="[^"]*"', svg)[0] for svg in drawn}) == 1  # type: ignore[index]


def test_a_number_that_is_hidden_is_not_in_the_pdf(lecture_pdf: Path) -> None:
    words = [{word for word, _ in page} for page in pages(lecture_pdf)]
    assert "1.55" not in words[1]
    assert "1.55" in words[-1]
    assert "−0.792" in words[-1]


@pytest.mark.parametrize(("by", "count"), [("step", 23), ("gate", 21), ("pass", 8)])
@pytest.mark.parametrize("handout", [False, True])
def test_the_pdf_has_as_many_pages_as_announced(by: str, count: int, handout: bool, tmp_path: Path) -> None:
    need_module("typst")
    made = deck((SAMPLES / "example.bp").read_text(), by=by, handout=handout, notes=by == "gate")
    assert made.pages == (-(-count // 4) if handout else count)
    made.save(tmp_path / "deck.pdf")
    assert page_count(tmp_path / "deck.pdf") == made.pages


def test_fonts_are_inside_and_text_can_be_searched(lecture_pdf: Path) -> None:
    fonts = [line.split() for line in ran("pdffonts", lecture_pdf).splitlines()[2:]]
    assert fonts
    for words in fonts:
        assert words[-5:-2] == ["yes", "yes", "yes"], words  # embedded, a subset, with its characters
        assert re.search("bpvizRoboto|NewCM", words[0])
    text = ran("pdftotext", "-layout", lecture_pdf, "-")
    assert "Backward, step 7 of 8" in text
    assert "so what they bring adds" in " ".join(text.split())
    assert "𝜕invden" in text
    assert not re.search("[\U0001d400-\U0001d7ff]{3}", text)  # no word of mathematical letters
    assert lecture_pdf.stat().st_size < 500_000


def test_equal_decks_are_equal_bytes(lecture: Deck, lecture_pdf: Path) -> None:
    code = (
        "import hashlib, sys; from pathlib import Path; from bpviz import deck;"
        "made = deck(Path(sys.argv[1]).read_text());"
        "print(*(hashlib.sha256(each).hexdigest() for each in (made.pdf(), made.html().encode(), made.gif())))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PYTHONPATH": str(SAMPLES.parent)}
    other = subprocess.run(
        [sys.executable, "-c", code, SAMPLES / "example.bp"],
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )
    here = (lecture_pdf.read_bytes(), lecture.html().encode(), lecture.gif())
    assert other.stdout.split() == [hashlib.sha256(each).hexdigest() for each in here]


WILD = {
    "sum": " + ".join(f"a_long_name_{k}*b{k}" for k in range(9)),
    "max": "max(" + ", ".join(f"operand_number_{k}" for k in range(25)) + ")",
    "names": "hidden_unit_number_one_of_layer = x + 1;"
    "another_very_long_name_indeed_it_is = hidden_unit_number_one_of_layer^hidden_unit_number_one_of_layer;"
    "1e-7*another_very_long_name_indeed_it_is/x",
}


@pytest.mark.parametrize("program", WILD.values(), ids=WILD.keys())
@pytest.mark.parametrize("paper", ["16:9", "4:3"])
def test_nothing_is_cut_off_by_the_edge_of_a_slide(program: str, paper: str, tmp_path: Path) -> None:
    need_module("typst")
    graph = parse(program)
    point = {graph.nodes[i].name: 1.5 + 1.7 * k for k, i in enumerate(graph.inputs)}
    made = deck(graph, set=point, paper=paper, by="pass", notes=True)
    made.save(tmp_path / "deck.pdf")
    for page in pages(tmp_path / "deck.pdf"):
        assert page
        for word, (left, top, right, bottom) in page:
            assert left >= 0, word
            assert top >= -1, word
            assert right <= made.layout.width, word
            assert bottom <= made.layout.height + 90, word


def nasty_deck() -> Deck:
    """A deck whose title and names have every character that means something to somebody."""
    trace = run(parse("q = x + y; f = q*z"), x=1, y=2, z=3)
    nodes = tuple(node._replace(name=f"{node.name}{NASTY}"[:60]) for node in trace.graph.nodes)
    trace = replace(trace, graph=replace(trace.graph, nodes=nodes, output_name=f"f{NASTY}"[:60]))
    made = deck("q = x + y; f = q*z", x=1, y=2, z=3, title=NASTY)
    figure = describe(trace.graph, trace, THREE_DIGITS, labels="both", branch=True)
    return replace(made, trace=trace, slides=write_slides(trace, figure, title=NASTY))


def test_what_means_something_to_typst_is_printed(tmp_path: Path) -> None:
    need_module("typst")
    made = nasty_deck()
    made.save(tmp_path / "deck.pdf")
    text = ran("pdftotext", "-f", "1", "-l", "1", tmp_path / "deck.pdf", "-")
    for part in ("#d $e$", "<script>alert(1)</script> & `g` *h* _i_ [j] @k {l} %m", "1. o // p /* q */"):
        assert part in " ".join(text.split())
    assert page_count(tmp_path / "deck.pdf") == made.pages


class Page(HTMLParser):
    """Which tags, ids and addresses a page has."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, int] = {}
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.attributes += attrs


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    return page


def test_what_means_something_to_html_is_printed() -> None:
    html = nasty_deck().html()
    page = read(html)
    assert page.tags["script"] == 1
    assert "alert(1)" in html
    assert "<script>alert" not in html
    assert not [name for name, _ in page.attributes if name.startswith("on")]


@pytest.mark.parametrize("program", ["example", "network", "hinge", "repeated"])
def test_the_page_is_whole_and_fetches_nothing(program: str) -> None:
    made = deck((SAMPLES / f"{program}.bp").read_text())
    html = made.html()
    page = read(html)
    assert page.tags["section"] == len(made.slides)
    assert page.tags["svg"] == 1 + figures_of(made)
    assert page.tags["text"] < 200, "the figure is in the page once, whatever the number of slides"
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    addresses = [value for name, value in page.attributes if name in ("src", "href", "srcset", "action")]
    assert addresses == ["#figure"] * figures_of(made)
    assert "http" not in re.sub(r'xmlns(:xlink)?="[^"]*"', "", html)
    assert set(re.findall(r"url\((\w+):", html)) == {"data"}
    for formula in re.findall(r"<math.*?</math>", html):
        ElementTree.fromstring(formula.replace("&#8289;", ""))


NUMBER = re.compile(r'<text class="due" style="--from:(\d+)"([^>]*)>')
FRESH = re.compile(r'<polygon class="fresh" style="--from:(\d+);--till:(\d+)"')
GROUP = re.compile(r'<g id="fig-[0-9a-f]{8}-([^"]*)" class="node[^>]*>\n(.*?)</g>\n', re.DOTALL)


@pytest.mark.parametrize("by", ["step", "gate", "pass"])
def test_each_slide_shows_of_the_one_figure_what_its_stage_says(lecture: Deck, by: str) -> None:
    made = deck((SAMPLES / "example.bp").read_text(), by=by)
    html = made.html()
    edges = {id_: inside for id_, inside in GROUP.findall(html) if id_.startswith(("wire", "trunk"))}
    assert len(edges) == len(lecture.picture(lecture.everything).diagram.edges)
    lit = {
        found[0]: found[1]
        for found in re.findall(r'id="fig-\w{8}-([^"]*)" class="node[^>]*>\n.*\n.*fill:var\((--lit\d+)', html)
    }
    for number, slide in enumerate(made.slides, start=1):
        if not slide.stage:
            continue
        for (edge, role), state in slide.stage.states.items():
            found = NUMBER.findall(edges[edge])
            first = next(int(k) for k, look in found if ("italic" in look) == (role == GRADIENT))
            assert (state != HIDDEN) == (number >= first)
        new = sum(state == NEW for state in slide.stage.states.values())
        spans = [(int(a), int(b)) for inside in edges.values() for a, b in FRESH.findall(inside)]
        assert new == sum(first <= number <= last for first, last in spans)
        style = re.search(rf'style="(--slide:{number}[;"][^>]*)>', html)
        assert style
        shapes = [shape for shape in slide.stage.highlighted if not shape.startswith("branch")]
        assert all(f"{lit[shape]}:var(--lit)" in style[1] for shape in shapes)


RECURRENT = "h1 = tanh(w*x1 + u*h0); h2 = tanh(w*x2 + u*h1); h3 = tanh(w*x3 + u*h2); L = (h3 - t)^2"
POINT = {"w": 0.5, "u": 0.8, "h0": 0.25, "x1": 1, "x2": -1, "x3": 0.75, "t": 2}


@pytest.fixture(scope="module")
def in_rows() -> Deck:
    """A deck whose figure stands in two rows, with its shared inputs beside their gates."""
    made = deck(RECURRENT, set=POINT, paper="4:3")
    assert made.design.arrangement.inputs == "beside"
    assert made.design.arrangement.rows > 1
    return made


def test_numbers_of_inputs_beside_and_of_broken_wires_come_in_their_time(in_rows: Deck) -> None:
    need_module("typst")
    html = in_rows.html()
    figure = html[html.index('<g id="figure"') : html.index("<main>")]
    theme = in_rows.design.theme
    numbers = [text for text in re.findall("<text [^>]*>", figure) if theme.value in text or theme.gradient in text]
    arranged = in_rows.picture(in_rows.everything).diagram
    assert len(numbers) == 2 * len(arranged.edges)
    assert all('class="due"' in text for text in numbers)

    source, _ = in_rows.typst()
    seen = [len(found.split()) for found in re.findall(r'figure-with\(".*?", seen: \(([^)]*)\)', source)]
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert seen[1] == sum(shape.kind == INPUT for shape in arranged.shapes)
    assert seen[-1] == 2 * len(arranged.edges)

    overlays = re.findall(r"\\uncover<([-\d,]+)>\{\\node\[bpviz (?:value|gradient)", in_rows.tex())
    assert len(overlays) == 2 * len(arranged.edges)
    assert all(re.fullmatch(r"\d+-", slides) for slides in overlays)


def test_a_deck_says_that_its_inputs_stand_beside_their_gates(in_rows: Deck) -> None:
    assert in_rows.remarks == [ARE_BESIDE]
    assert deck(RECURRENT, set=POINT, paper="4:3", inputs="beside").remarks == []
    assert deck(RECURRENT, set=POINT, paper="4:3", inputs="once").remarks == []


def test_a_shared_input_is_summed_on_a_slide_and_lit_wherever_it_stands(in_rows: Deck) -> None:
    arranged = in_rows.picture(in_rows.everything).diagram
    slides = in_rows.arrange_slides(arranged)
    (sums,) = [slide for slide in slides if slide.heading == ("Backward, the branch of ", Atom("w"))]
    assert sums.stage
    assert [*sums.stage.highlighted] == [shape.id for shape in arranged.shapes if shape.name == "w"]
    assert len(sums.stage.highlighted) == 3
    total = write_number(in_rows.trace.gradients[in_rows.trace.graph.find("w")])
    assert format_line(sums.lines[0], sums.part).endswith(total)


def test_no_title_of_the_figure_tells_a_number_before_its_time(lecture: Deck) -> None:
    titles = re.findall(r"<title>([^<]*)</title>", lecture.html())
    assert "num = x + sigy" in titles
    assert not any("1.55" in title for title in titles[1:])


def test_the_page_reads_without_a_script() -> None:
    html = deck("x*y", x=2, y=3).html()
    style = html[html.index("<style>") : html.index("</style>")]
    assert ".slide{display:none" not in style.replace(".live .slide{display:none", "")
    assert "<noscript" not in html
    assert 'aria-live="polite"' in html
    for key in ("ArrowRight", "ArrowLeft", "PageDown", "Home", "touchend", "@media print"):
        assert key in html


def test_a_dark_theme_has_a_dark_page() -> None:
    assert "color-scheme:dark" in deck("x*y", x=2, y=3, theme="dark").html()
    assert "color-scheme:light" in deck("x*y", x=2, y=3).html()


def test_the_animation_has_a_frame_a_figure_and_time_to_read() -> None:
    image = need_module("PIL.Image")
    made = deck("a*b + a", a=2, b=-3)
    with image.open(io.BytesIO(made.gif())) as gif:
        assert gif.n_frames == figures_of(made)
        assert gif.info["loop"] == 0
        sizes = set()
        for k in range(gif.n_frames):
            gif.seek(k)
            sizes.add(gif.size)
            assert 1500 <= gif.info["duration"] <= 6000
        ((wide, high),) = sizes  # of a figure that is tall and slim, too
        assert wide == 960
        assert high <= 720


def test_frames_are_numbered_files_in_a_folder(tmp_path: Path) -> None:
    made = deck("a*b + a", a=2, b=-3)
    made.save(f"{tmp_path}/frames/", frame_format="png")
    names = sorted(file.name for file in (tmp_path / "frames").iterdir())
    assert names == [f"frame-{k:02}.png" for k in range(1, figures_of(made) + 1)]
    made.save(tmp_path / "frames")  # a folder that is there needs no stroke
    assert len(list((tmp_path / "frames").glob("*.svg"))) == len(names)


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("a.pdf", "pdf"),
        ("b.HTML", "html"),
        ("c.htm", "html"),
        ("d.gif", "gif"),
        ("e.tex", "tex"),
        ("g.pptx", "pptx"),
        ("f/", "frames"),
    ],
)
def test_a_name_says_what_is_written(target: str, kind: str) -> None:
    assert find_deck_kind(target) == kind


@pytest.mark.parametrize("target", ["deck.odp", "deck", "deck.svg"])
def test_a_name_that_says_nothing_is_told(target: str) -> None:
    with pytest.raises(UsageError, match=r"no deck is written as|no ending") as error:
        find_deck_kind(target)
    assert ".pdf, .html" in error.value.hint


@pytest.mark.parametrize(("module", "target"), [("typst", "deck.pdf"), ("PIL", "deck.gif"), ("pptx", "deck.pptx")])
def test_a_package_that_is_missing_is_named(module: str, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    made = deck("x*y", x=2, y=3)
    with pytest.raises(OutputError, match="is not installed") as error:
        made.files(target)
    assert "pip install " in error.value.hint
    assert made.files("deck.html")


def test_the_command_says_how_many_pages(shell: Shell, tmp_path: Path) -> None:
    need_module("typst")
    done = shell("deck", str(SAMPLES / "example.bp"), "-o", f"{tmp_path}/deck.pdf", "-o", f"{tmp_path}/deck.html")
    assert done == (0, f"{tmp_path}/deck.pdf, 23 pages\n{tmp_path}/deck.html, 23 slides\n", "")
    assert page_count(tmp_path / "deck.pdf") == 23


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["x*y"], 2, "f needs values for x and y"),
        (["x*y", "--x", "1", "--y", "2", "-o", "deck.odp"], 2, "no deck is written as .odp"),
        (["x*y", "--x", "1", "--y", "2", "-o", "deck.html", "--handout"], 2, "there is no handout as deck.html"),
        (["x*y", "--x", "1", "--y", "2", "--by", "wire"], 2, "'wire'"),
        (["x*y", "--x", "1", "--y", "2", "-o", "/nowhere/at/all/frames/"], 1, "its folder does not exist"),
        (["ln(x)", "--x", "-1"], 1, "has no value"),
        (["+".join(["x*x"] * 200), "--x", "1", "-o", "deck.html"], 2, "more than anybody shows"),
    ],
)
def test_bad_requests_are_answered(words: list[str], status: int, said: str, shell: Shell) -> None:
    done = shell("deck", *words)
    assert done.status == status
    assert said in done.err
    assert not done.out


def test_a_deck_says_in_a_line_what_it_is() -> None:
    assert repr(deck("x*y", x=2, y=3)) == "<Deck f = 6 at x = 2, y = 3, 7 slides>"


def test_the_limit_of_slides_can_be_moved() -> None:
    with pytest.raises(UsageError) as error:
        deck("x*y", x=2, y=3, limit={"slides": 6})
    assert "--limit slides=7" in error.value.hint
    assert deck("x*y", x=2, y=3, limit={"slides": 7}).pages == 7
