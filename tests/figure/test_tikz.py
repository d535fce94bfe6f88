"""A figure as TikZ: every number on its side of its wire, each wire one path, and what is typed printed as typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bpviz import Figure, draw
from bpviz.figure.theme import THEMES
from bpviz.figure.tikz import write_document
from bpviz.formula import latex
from tests.support.command import Shell
from tests.support.latex import compiled, pages, problems

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)"
TYPED = "é_θ = x^0.5; ж = 2*é_θ; 名 = ж + w_0*long_name_1; |名|*2.5e-7"
NUMBER = re.compile(
    r"\\node\[bpviz (value|gradient), anchor=(base(?: \w+)?), bpviz room=[\d.]+bp\] "
    r"at \(([-\d.]+),([-\d.]+)\) \{\$(.*?)\$\};"
)
WIRE = re.compile(r"\\draw\[bpviz wire(?:, -latex)?\] (.*); %")


def example(**options: object) -> Figure:
    return draw(EXAMPLE, x=3, y=-4, **options)  # type: ignore[arg-type]  # draw's own keywords


@pytest.mark.parametrize("theme", THEMES)
def test_every_value_and_gradient_is_in_it(theme: str) -> None:
    figure = example(theme=theme)
    found = {(role, text) for role, _, _, _, text in NUMBER.findall(figure.tex)}
    assert figure.trace
    assert found >= {("value", latex.value(x)) for x in figure.trace.values}
    gradients = {latex.value(x) for row in figure.trace.downstream for x in row}
    assert found >= {("gradient", re.sub(r"[\d.]+", r"\\textit{\g<0>}", each)) for each in gradients}


def test_a_value_ends_at_its_wire_and_a_gradient_begins_there() -> None:
    numbers = NUMBER.findall(example().tex)
    values, gradients = numbers[::2], numbers[1::2]
    assert {(role, anchor) for role, anchor, *_ in values} == {("value", "base east")}
    assert {(role, anchor) for role, anchor, *_ in gradients} == {("gradient", "base west")}
    for (_, _, left, height, _), (_, _, right, same, _) in zip(values, gradients, strict=True):
        assert height == same
        assert float(right) - float(left) == pytest.approx(1)  # the wire between them


def test_a_value_stands_over_its_wire_where_wires_run_across() -> None:
    numbers = NUMBER.findall(example(direction="right").tex)
    for (_, anchor, x, above, _), (_, _, same, below, _) in zip(numbers[::2], numbers[1::2], strict=True):
        assert (anchor, x) == ("base", same)
        assert float(above) > float(below)


@pytest.mark.parametrize("direction", ["up", "left"])
def test_a_wire_is_one_path(direction: str) -> None:
    figure = example(direction=direction)
    paths = WIRE.findall(figure.tex)
    assert len(paths) == len(figure.picture.diagram.edges)
    point = r"\(-?[\d.]+,-?[\d.]+\)"
    curve = rf"{point}(?: \.\. controls {point} and {point} \.\. {point})+"
    assert all(re.fullmatch(f"(?:{point} -- )?{curve} -- {curve}(?: -- {point})?", path) for path in paths)


def test_a_wire_runs_on_into_the_dot_that_it_ends_at() -> None:
    figure = example()
    (dot,) = re.findall(r"\(branch-x\) at (\S+) ", figure.tex)
    paths = WIRE.findall(figure.tex)
    assert sum(path.startswith(f"{dot} -- ") for path in paths) == 3
    assert sum(path.endswith(f" -- {dot}") for path in paths) == 1


def test_arrowheads_are_the_themes_and_point_at_gates() -> None:
    assert "-latex" not in example().tex
    tex = example(theme="cs231n").tex
    assert tex.count("-latex]") == len([s for s in example().picture.diagram.edges if s.target.startswith("gate")])


def test_a_river_has_its_widths_its_dashes_and_its_legend() -> None:
    tex = example(flow=True).tex
    assert problems(tex) == []
    assert re.search(r"bpviz wire, draw=bpvizpositive, line width=[\d.]+bp\]", tex)
    assert re.search(r"draw=bpviznegative, line width=[\d.]+bp, dash pattern=on 7bp off 4bp\]", tex)
    assert r"\definecolor{bpvizdry}" in tex
    assert "splits at gates" in tex
    assert "bpvizdry" not in example().tex


@pytest.mark.parametrize("direction", ["up", "down", "right", "left"])
def test_whatever_a_wire_carries_is_in_it(direction: str) -> None:
    tex = example(show="values,local,chain,names", direction=direction).tex
    assert problems(tex) == []
    assert r"{$\mathit{den} = 1.95$}" in tex
    assert r"{$\textit{0.512} \times \textit{1} = \textit{0.512}$}" in tex
    assert r"{${\times}{-}0.262$}" in tex
    assert r"\partial f/\partial \mathit{num}" in example(symbolic=True, direction=direction).tex


def test_paths_that_stand_out_are_listed_below() -> None:
    tex = example(highlight="x", title="Over them").tex
    assert problems(tex) == []
    assert tex.index("Over them") < tex.index("3 paths from x to f")
    assert tex.count(", bpviz lit]") > 5


def test_a_blank_figure_has_no_number() -> None:
    assert NUMBER.findall(example(blank=True).tex) == []


def test_a_width_makes_letters_and_lines_as_much_smaller() -> None:
    natural, half = example().tex, example(width=f"{294 / 2}pt").tex
    assert "line width=1bp" in natural
    assert "line width=0.5bp" in half
    assert r"\fontsize{12bp}" in natural
    assert r"\fontsize{6bp}" in half


def test_names_are_mathematics_and_a_name_cut_short_says_so() -> None:
    tex = draw(
        "w_0*θ + averyveryverylongnameindeedtoolongforacircle",
        w_0=1,
        averyveryverylongnameindeedtoolongforacircle=2,
        θ=3,
    ).tex
    assert "{$w_{0}$}" in tex
    assert r"{$\theta$}" in tex
    named = draw("averyveryverylongnameindeedtoolongforacircle = x + 1", x=1, labels="name").tex
    assert r"\ldots " in named


def test_what_a_title_holds_is_printed_as_typed() -> None:
    tex = example(title="100 % of #1 & w_0 {x} \\ ~^ $5").tex
    words = r"100 \% of \#1 \& w\_0 \{x\} \textbackslash{} \textasciitilde{}\textasciicircum{} \$5"
    assert words in tex
    assert problems(tex) == []


def test_a_newline_in_a_title_does_not_end_a_comment() -> None:
    tex = example(title="one\ntwo\x85three\u2028\\input{evil}").tex
    assert all(line.startswith("%") for line in tex.splitlines()[:3])
    assert "evil" not in re.sub(r"(?<!\\)%.*|\\node\[bpviz title.*", "", tex)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("program", [EXAMPLE, TYPED])
def test_everything_that_is_opened_is_closed(theme: str, program: str) -> None:
    point = {"x": 3.0, "y": -4.0} if program == EXAMPLE else {"x": 2.0, "w_0": 3.0, "long_name_1": -1e-9}
    assert problems(draw(program, set=point, theme=theme, constants=True).tex) == []


def test_letters_that_latex_lacks_are_declared_and_others_not() -> None:
    tex = draw(TYPED, set={"x": 2.0, "w_0": 3.0, "long_name_1": -1e-9}).tex
    assert re.findall(r"\\DeclareUnicodeCharacter\{(\w+)\}", tex) == ["0436", "540D"]
    assert r"\DeclareUnicodeCharacter{" not in example().tex


def test_equal_figures_are_equal_texts() -> None:
    assert example().tex == example().tex


def test_the_command_writes_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shell = Shell(monkeypatch, capfd)
    target = tmp_path / "f.tex"
    done = shell("draw", EXAMPLE, "--x", "3", "--y", "-4", "-o", str(target))
    assert done.status == 0
    assert target.read_text(encoding="utf-8") == example().tex
    assert shell("draw", EXAMPLE, "--x", "3", "--y", "-4", "--format", "tex", "-o", "-").out == example().tex


def test_it_is_a_document_of_the_figures_size(tmp_path: Path) -> None:
    (words,) = pages(compiled(example().tex, tmp_path, "geometry.sty"))
    texts = [word.text for word in words]
    assert {"sigy", "invden", "3.02", "0.00905"} <= set(texts)
    right, bottom = max(word.right for word in words), max(word.bottom for word in words)
    assert right < 337  # points, as the SVG
    assert bottom < 792


def test_numbers_keep_clear_of_one_another_in_latex_own_font(tmp_path: Path) -> None:
    point = {"x": 2.0, "w_0": 3.0, "long_name_1": -1e-9}
    (words,) = pages(compiled(draw(TYPED, set=point).tex, tmp_path, "geometry.sty"))
    numbers = [word for word in words if re.fullmatch(r"[−\d.×]{3,}", word.text)]
    assert len(numbers) > 8
    for k, one in enumerate(numbers):
        for other in numbers[:k]:
            apart = max(one.left, other.left) - min(one.right, other.right)
            level = min(one.bottom, other.bottom) - max(one.top, other.top)
            assert apart >= 0 or level < 4, (one, other)  # an exponent touches its base


def test_a_text_that_latex_sets_wider_keeps_to_its_room(tmp_path: Path) -> None:
    tex = example(symbolic=True, show="values,gradients,local,chain").tex
    assert problems(tex) == []
    assert "#" not in tex  # or no frame of beamer could hold it
    measured = tex.replace(r"\resizebox{\bpvizroom}{!}{\copy0}", r"\errmessage{too wide}\copy0")
    assert measured != tex
    with pytest.raises(AssertionError, match="too wide"):
        compiled(measured, tmp_path, "geometry.sty", name="measured")
    box = r"\ifdim\wd0>\dimexpr\bpvizroom+0.1bp\relax\errmessage{too wide}\fi"
    again = r"\setbox0=\hbox{\resizebox{\bpvizroom}{!}{\copy0}}"
    fitted = tex.replace(r"\resizebox{\bpvizroom}{!}{\copy0}\else", rf"{again}{box}\copy0\else")
    compiled(fitted, tmp_path, "geometry.sty")


def test_in_a_paper_it_is_the_picture_alone(tmp_path: Path) -> None:
    for theme in THEMES:
        (tmp_path / f"{theme}.tex").write_text(example(theme=theme, width="3in").tex, encoding="utf-8")
    figures = "\n".join(rf"\noindent\fbox{{\input{{{theme}}}}}\par" for theme in THEMES)
    paper = "\\documentclass{article}\n\\usepackage{lmodern,tikz}\n\\begin{document}\nBefore.\n"
    found = pages(compiled(f"{paper}{figures}\nAfter.\n\\end{{document}}\n", tmp_path, name="paper"))
    texts = [word.text for page in found for word in page]
    assert texts.count("3.02") == 2 * len(THEMES)
    assert "After." in texts


def test_the_writer_needs_no_layout_engine() -> None:
    from bpviz.figure.geometry import Geometry, Outline, Point, Route

    picture = draw("x", x=3).picture
    curve = (Point(0, 0), Point(0, 1), Point(0, 2), Point(0, 3))
    outlines = {shape.id: Outline(Point(5, 5), 10, 10) for shape in picture.diagram.shapes}
    geometry = Geometry(Point(20, 20), 1.0, outlines, {"wire-output": Route(curve, curve)}, None)
    tex = write_document(picture.diagram, geometry, picture.appearance, "a title")
    assert r"(0,0) .. controls (0,1) and (0,2) .. (0,3) -- (0,0) .. controls" in tex
