"""Rendering: the same bytes everywhere, an SVG that speaks and brings its letters, nothing said by the C libraries."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from bpviz import fonts
from bpviz.figure import layout
from bpviz.figure.diagram import Diagram
from bpviz.figure.picture import Picture
from bpviz.figure.rendering import FORMATS, finish_pdf, render
from bpviz.figure.svg import finish_svg
from bpviz.figure.theme import Appearance, find_theme
from tests.conftest import need
from tests.support.browser import measure_in_browser
from tests.support.drawing import MARK

SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).parents[2]
K = fonts.MAGNIFICATION
DOT = f"""digraph {{
  graph [bgcolor="white" rankdir=BT nodesep={0.2 * K} ranksep={0.2 * K} pad={0.1 * K} dpi={72 / K:g}]
  node [fontname="{fonts.FAMILY}" fontsize={14 * K} penwidth={K} id="\\N"]
  edge [penwidth={K} arrowhead=none]
  x [class=input shape=box]
  sigx [class=gate label=<sigx<BR/><FONT POINT-SIZE="{10 * K}">σ</FONT>>]
  w0 [class=wire shape=plain label=<<TABLE BORDER="0" CELLBORDER="0"><TR>
    <TD><FONT POINT-SIZE="{11 * K}">−0.0358</FONT></TD>
    <TD><FONT POINT-SIZE="{11 * K}"><I>1.95×10⁻⁶</I></FONT></TD></TR></TABLE>>]
  x -> w0 [id="x-w0"]
  w0 -> sigx [id="w0-sigx"]
}}
"""


def make_sample(dot: str = DOT) -> Picture:
    titles = {"sigx": "sigx = σ(x) = 0.5 < 1", "x-w0": "from x"}
    no_diagram, appearance = Diagram((), (), ()), Appearance(find_theme("drawio"), "up")
    return Picture(dot, "f = σ(x) & <more>", "One gate.", titles, no_diagram, appearance)


def with_word(word: str) -> Picture:
    return make_sample(DOT.replace("sigx<BR/>", f"{word}<BR/>"))


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    script = f"import sys; sys.path[:0] = [{str(ROOT)!r}]\n{code}"
    return subprocess.run([sys.executable, "-c", script], capture_output=True, env=environment, check=False, timeout=60)


# The SVG


def test_the_svg_has_title_description_and_a_label_for_each_group_that_has_one() -> None:
    root = ElementTree.fromstring(render(make_sample(), "svg"))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert (title.text, desc.text) == ("f = σ(x) & <more>", "One gate.")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    labels = {MARK.sub("", group.get("id", "")): group.findtext(f"{SVG}title") for group in root.iter(f"{SVG}g")}
    assert labels == {
        "graph0": None,
        "x": None,
        "w0": None,
        "sigx": "sigx = σ(x) = 0.5 < 1",
        "x-w0": "from x",
        "w0-sigx": None,
    }


def test_the_svg_is_plain_text_that_names_no_machine_and_no_version() -> None:
    svg = render(make_sample(), "svg").decode()
    assert not re.search(r"<!--|<!DOCTYPE|<\?xml|foreignObject|<script|textLength|baseline-shift|raphviz|xlink", svg)
    assert [text for text in ElementTree.fromstring(svg).itertext() if "−0.0358" in text] == ["−0.0358"]


def test_ids_are_as_they_were_given_behind_a_mark_that_no_other_figure_on_a_page_has() -> None:
    figures = [make_sample(), with_word("other"), make_sample()._replace(title="another"), make_sample(DOT + " ")]
    ids = [re.findall(r' id="([^"]*)"', render(figure, "svg").decode()) for figure in figures]
    assert {MARK.sub("", each) for each in ids[0]} == {"title", "desc", "graph0", "x", "w0", "sigx", "x-w0", "w0-sigx"}
    assert all(MARK.match(each) for each in ids[0])
    assert len({*ids[0], *ids[1], *ids[2]}) == 3 * len(ids[0])
    assert ids[3] == ids[0], "equal figures have equal bytes"


def test_the_svg_embeds_the_faces_it_uses_and_falls_back_by_name() -> None:
    svg = render(make_sample(), "svg").decode()
    assert svg.count("@font-face") == 4  # upright figures, letters and σ; italic figures
    assert f'font-family="{fonts.FALLBACKS}"' in svg
    assert svg.count("font-family=") == 1


@pytest.mark.parametrize(
    "text", ["\x00\x01\x1b[31m", "\ud800", "\ufffe", "]]>", "&#0;", "<b>&amp;", "\u202e", "😀" * 50, "a\nb"]
)
def test_the_svg_is_xml_whatever_the_title_and_the_labels_hold(text: str) -> None:
    root = ElementTree.fromstring(
        render(make_sample()._replace(title=text, description=text, titles={"x": text}), "svg")
    )
    assert root.findtext(f"{SVG}title") == re.sub("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe]", "", text)


def test_the_svg_is_as_large_as_the_pdf_and_the_png() -> None:
    svg = ElementTree.fromstring(render(make_sample(), "svg"))
    png = render(make_sample(), "png", dpi=144)
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", render(make_sample(), "pdf"))
    assert box
    sides = [float(svg.get(side, "0").removesuffix("pt")) for side in ("width", "height")]
    assert [float(side) for side in box.groups()] == pytest.approx(sides, abs=1)
    assert [side / 2 for side in struct.unpack(">II", png[16:24])] == pytest.approx(sides, abs=1.5)
    assert sides == [float(side) for side in svg.get("viewBox", "").split()[2:]]


MEASURE_TEXTS = """
  const texts = [...document.querySelectorAll("svg text")].map(t => [
    t.textContent, +t.getAttribute("font-size"), t.getAttribute("font-style") || "", t.getComputedTextLength()]);
  const loaded = [...document.fonts].filter(face => face.status == "loaded").map(face => face.style);
  return {texts, loaded};
"""


def test_a_browser_draws_the_embedded_letters_as_wide_as_they_were_measured(tmp_path: Path) -> None:
    texts = [("x", 14, ""), ("sigx", 14, ""), ("σ", 10, ""), ("−0.0358", 11, ""), ("1.95×10⁻⁶", 11, "italic")]
    drawn = measure_in_browser(render(make_sample(), "svg").decode(), MEASURE_TEXTS, tmp_path)
    assert sorted(drawn["loaded"]) == ["italic", "normal", "normal", "normal"]
    measured = measured_widths()
    assert {(text, size / K, style) for text, size, style, _ in drawn["texts"]} == set(texts)
    for text, _, _, width in drawn["texts"]:
        assert abs(width - measured[text]) / K < 0.5, text


def measured_widths() -> dict[str, float]:
    parts = json.loads(layout._run_in_process(DOT, "json", "figure.conf"))["objects"]
    return {op["text"]: op["width"] for part in parts for op in part.get("_ldraw_", ()) if op["op"] == "T"}


# PDF, PNG, DOT


def test_the_pdf_has_our_fonts_embedded_and_its_numbers_can_be_found(tmp_path: Path) -> None:
    file = tmp_path / "f.pdf"
    file.write_bytes(render(make_sample(), "pdf"))
    table = subprocess.run([need("pdffonts"), file], capture_output=True, check=True, text=True)
    rows = [line.split() for line in table.stdout.splitlines()[2:]]
    assert table.stderr == ""
    assert rows
    assert all("bpvizRoboto-" in row[0] and row[-5] == "yes" for row in rows)
    text = subprocess.run([need("pdftotext"), file, "-"], capture_output=True, check=True).stdout.decode()
    assert "−0.0358" in text
    assert "1.95×10⁻⁶" in text
    info = subprocess.run([need("pdfinfo"), file], capture_output=True, check=True)
    assert info.stderr == b""
    assert "f = σ(x) & <more>" in info.stdout.decode()
    assert b"Date" not in info.stdout


def test_a_png_tells_its_resolution() -> None:
    png = render(make_sample(), "png", dpi=254)
    assert png[33:54] == struct.pack(">I4sIIBI", 9, b"pHYs", 10000, 10000, 1, 0)[:-4] + png[50:54]


def test_dot_is_the_text_itself() -> None:
    assert render(make_sample(), "dot").decode() == DOT


# The same everywhere

HASHES = """
import os, hashlib
from pathlib import Path
from tests.figure.test_rendering import FORMATS, make_sample, fonts, render
for format in FORMATS:
    print(format, hashlib.sha256(render(make_sample(), format)).hexdigest())
"""


def test_an_empty_environment_another_seed_zone_or_folder_changes_no_byte(tmp_path: Path) -> None:
    here = run_python(HASHES, **os.environ)
    bare = {
        "HOME": "/nonexistent",
        "TZ": "Asia/Kolkata",
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C",
        "XDG_CACHE_HOME": "/dev/null",
    }
    away = run_python(f"import os; os.chdir({str(tmp_path)!r})\n{HASHES}", **bare)
    none = run_python(HASHES)
    foreign = run_python(f"import pygraphviz\n{HASHES}", FONTCONFIG_FILE="/dev/null")
    assert here.stdout.count(b"\n") == len(FORMATS), here.stderr
    assert here.stdout == away.stdout == none.stdout == foreign.stdout
    assert list(tmp_path.iterdir()) == []


def test_drawing_writes_no_file() -> None:
    before = sorted(Path(fonts.FOLDER).rglob("*"))
    done = run_python(f"{HASHES}\nprint(*sorted(Path(fonts.FOLDER).rglob('*')))", **os.environ)
    assert done.stdout.decode().splitlines()[-1] == " ".join(map(str, before)), done.stderr


def test_a_process_that_has_used_pygraphviz_before_gets_the_same_figure() -> None:
    first = "import pygraphviz; pygraphviz.AGraph('graph { a [label=hello] }').draw(format='svg', prog='dot')\n"
    assert run_python(first + HASHES, **os.environ).stdout == run_python(HASHES, **os.environ).stdout


def test_letters_that_ours_lacks_are_drawn_after_a_figure_that_had_none_and_disturb_no_later_one() -> None:
    before = render(make_sample(), "svg")
    strange = render(with_word("値😀"), "svg").decode()
    assert "値😀" in strange
    assert render(make_sample(), "svg") == before


@pytest.mark.parametrize("home", ["/nonexistent", "/dev/null"])
def test_letters_that_no_font_has_are_no_error(home: str) -> None:
    done = run_python(
        "from tests.figure.test_rendering import *\nprint(len(render(with_word('値'), 'svg')))", HOME=home
    )
    assert int(done.stdout) > 1000, done.stderr
    assert done.stderr == b""


def test_our_face_looks_the_same_beside_the_machines_fonts() -> None:
    draw = "sys.stdout.buffer.write(layout._run_in_process(DOT, 'svg', '{}.conf'))"
    code = f"from tests.figure.test_rendering import *\n{draw}"
    ours, both = (run_python(code.format(name), **os.environ) for name in ("figure", "machine"))
    assert ours.stdout == both.stdout
    assert ours.stdout


def test_documents_of_another_make_are_left_as_they_are() -> None:
    assert finish_pdf(b"%PDF-1.3 by Quartz", "title") == b"%PDF-1.3 by Quartz"
    assert finish_svg(b"<html/>", "", "", {}, find_theme("drawio")) == b"<html/>"


@pytest.mark.parametrize("dpi", [61.7, 192])
def test_a_png_on_its_own_colour_has_no_edge(dpi: float) -> None:
    """A page may cover its last column and row in part; laid on its own colour, nothing is to be seen of that."""
    drawn = Image.open(BytesIO(render(make_sample(DOT.replace("pad=0.8", "pad=1.1")), "png", dpi=dpi))).convert("RGBA")
    page = Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn)
    edges = [page.crop(box) for box in _edges(*drawn.size)]
    assert {colour for edge in edges for _, colour in edge.getcolors()} == {(255, 255, 255, 255)}


def test_a_transparent_png_stays_so() -> None:
    clear = make_sample(DOT.replace('bgcolor="white"', 'bgcolor="transparent"'))
    with Image.open(BytesIO(render(clear, "png"))) as drawn:
        assert drawn.getpixel((0, 0))[3] == 0


def _edges(width: int, height: int) -> list[tuple[int, int, int, int]]:
    return [(0, 0, width, 1), (0, height - 1, width, height), (0, 0, 1, height), (width - 1, 0, width, height)]
