"""A page as HTML: the function, the figure, the inputs, the steps, the table of all numbers, and the derivation.

The page fetches nothing: its Content-Security-Policy forbids every source, and names the style and the script by their
hashes. What a user typed is in it as text only. page.css beside this module says how it looks, in light and dark, on a
phone and on paper; page.js what it does.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from bpviz import fonts
from bpviz.autodiff import Trace
from bpviz.figure.lettering import subscript
from bpviz.figure.theme import Theme, find_theme
from bpviz.fonts import MAGNIFICATION
from bpviz.formula.mathml import MATHML, escape, math
from bpviz.formula.numerals import Rounding
from bpviz.formula.printing import show
from bpviz.formula.tree import Atom
from bpviz.lecture import deck_html, derivation_pages
from bpviz.lecture.slides import list_equalities
from bpviz.noise import clear_noise
from bpviz.pages.compaction import compact_html
from bpviz.pages.page_grids import PageGrids
from bpviz.pages.page_lines import write_derivation
from bpviz.pages.page_numbers import name_gradient, name_local, name_sum, name_value
from bpviz.pages.page_script import write_script
from bpviz.pages.quiz import Quiz
from bpviz.pages.sliders import Slider, write_plainly
from bpviz.pages.slotted_figure import Size
from bpviz.pages.vector_html import HEADS, write_vector_inputs, write_vector_table
from bpviz.pages.vector_lines import write_rules, write_vector_derivation
from bpviz.text.equations_html import write_sign

STYLE = Path(__file__).with_name("page.css")
VECTOR_STYLE = Path(__file__).with_name("vectors.css")
DARK = find_theme("dark")
COLOURS = ("ink", "faint", "value", "gradient", "highlight")  # of a theme, that a figure has
TITLE = re.compile("<title>[^<]*</title>")  # a tooltip, which a system's own font sets
SMALLEST = 0.75  # of its own size: a figure is made so small to fit a screen, and a larger one is scrolled
SMALLEST_ON_PHONE = 0.6  # likewise, where a reader is nearer and can zoom


STEPS = """<section class="steps" aria-label="step by step">
<h2 id="step-title"></h2>
<div class="rows"><table id="step-lines"></table></div>
<p><button id="step-back">‹ back</button> <button id="step-on">next ›</button>
<button id="step-all">all numbers</button> <span id="step-count"></span></p>
</section>"""
INVITATION = "Point at a wire, a dot or a gate: its chain rule stands here."


class PageContent(NamedTuple):
    """What a page is made of. size is the figure's; texts has every number, rounded, by its key."""

    trace: Trace
    figure: str
    size: Size
    sliders: Sequence[Slider]
    derivation: derivation_pages.DerivationPages
    texts: Mapping[str, str]
    rounding: Rounding
    theme: Theme
    title: str
    is_embedded: bool
    quiz: Quiz | None = None
    grids: PageGrids | None = None


def write_page(content: PageContent) -> str:
    """Write a page."""
    if content.grids:
        derivation = write_vector_derivation(content.derivation, content.grids, content.texts)
    else:
        derivation = write_derivation(content.derivation, content.trace.graph, content.rounding)
    body = "\n".join(
        [
            '<main class="wide">' if 'class="across"' in content.figure else "<main>",
            _write_head(content),
            f'<figure aria-label="the graph">{content.figure}</figure>',
            *([content.quiz.panel] if content.quiz else []),
            _write_inputs(content),
            f'<div class="beside">\n{STEPS}\n{_write_table(content)}\n</div>',
            f'<article class="derivation">\n{derivation}\n</article>',
            "</main>",
            '<p id="said" role="status" aria-live="polite"></p>',
        ]
    )
    body = compact_html(body)
    added = content.quiz.script if content.quiz else ""
    style = _write_style(content, body)
    rules = write_rules(content.derivation.derivation, content.grids) if content.grids else {}
    letter_size = content.theme.number_size * MAGNIFICATION
    script = write_script(content.trace, content.rounding, letter_size, added, content.grids, rules)
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
    kinds = [*(["embedded"] if content.is_embedded else []), *(["quizzing"] if content.quiz else [])]
    kind = f' class="{" ".join(kinds)}"' if kinds else ""
    policy += "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(content.title)}</title>\n<link rel="icon" href="data:,">\n<style>{style}</style>\n</head>\n'
        f"<body{kind}>\n{body}\n<script>{script}</script>\n</body>\n</html>\n"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _write_style(content: PageContent, body: str) -> str:
    """Write the style: the fonts of the letters in use, the theme's colours by day and by night, and the rules."""
    rules = "".join(
        f'svg [{part}="{getattr(content.theme, name)}"]{{{part}:var(--{name})}}'
        for part in ("fill", "stroke")
        for name in COLOURS
        if f'{part}="{getattr(content.theme, name)}"' in content.figure
    )
    rules += f"svg [data-n]{{font-size:{content.theme.number_size * MAGNIFICATION:g}px}}"
    letters = {*TITLE.sub("", body), *deck_html.NUMERALS} - {"\N{NO-BREAK SPACE}"}  # which any font has
    faces = fonts.font_faces(letters, "")  # page.css slants these for italics: a face of their own would be 4 KB more
    dark = content.theme if _is_dark(content.theme) else DARK
    return (
        f"{faces}:root{{color-scheme:light dark;--family:{fonts.FALLBACKS};--formulas:math,serif}}\n"
        f":root{{{_write_colours(content.theme)}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{_write_colours(dark)}}}}}\n"
        f"@media print{{:root{{{_write_colours(find_theme('drawio'))}}}}}\n"
        f"{rules}\nfigure svg{{max-height:max(100vh - 2.4em,{SMALLEST * content.size.height:.0f}pt);"
        f"--least:{SMALLEST_ON_PHONE * content.size.width:.0f}pt}}\n"
        f"{derivation_pages.STYLE.read_text(encoding='utf-8')}{STYLE.read_text(encoding='utf-8')}"
        f"{VECTOR_STYLE.read_text(encoding='utf-8') if content.grids else ''}"
        f"{content.quiz.style if content.quiz else ''}"
    )


def _write_colours(theme: Theme) -> str:
    colours = {"paper": theme.background, **{name: getattr(theme, name) for name in COLOURS}}
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


def _is_dark(theme: Theme) -> bool:
    return int(theme.background[1:3], 16) < 0x80


def _write_head(content: PageContent) -> str:
    graph = content.trace.graph
    lines = [f"<p>{deck_html.write_words((each,))}</p>" for each in list_equalities(graph, content.rounding)]
    return "\n".join(["<header>", f"<h1>{escape(content.title)}</h1>", *lines, "</header>"])


def _write_inputs(content: PageContent) -> str:
    """Write the output's value, and for each input its slider, its value and its derivative."""
    graph = content.trace.graph
    output = math(show(Atom(graph.output_name), MATHML), write_sign("="))
    key = f"{name_value(content.grids.graph.output)}.0" if content.grids else name_value(graph.output)
    rows = [f"<p>{output}{_mark(content, key)}</p>"]
    if content.grids:
        rows.append(write_vector_inputs(content.trace, content.grids, content.sliders, content.texts))
    for node, slider in () if content.grids else zip(graph.inputs, content.sliders, strict=True):
        name = escape(subscript(graph.nodes[node].name))
        derivative = f"<i>∂{escape(subscript(graph.output_name))}/∂{name}</i> ="
        value, start, stop, step = map(write_plainly, (content.trace.values[node], *slider[1:]))
        bounds = f'min="{start}" max="{stop}" step="{step}"'
        rows.append(
            f'<div class="input"><label>{math(show(Atom(graph.nodes[node].name), MATHML))}'
            f'<input type="range" aria-label="{name}" {bounds} value="{value}"></label>'
            f'<input type="number" aria-label="{name}, any number" step="any" value="{value}">'
            f"<span>{derivative} {_mark(content, name_gradient(node))}</span></div>"
        )
    warnings = [] if content.quiz else clear_noise(content.trace).warnings  # which may tell an answer
    notes = "".join(f'<p class="remark">Note: {escape(warning)}.</p>' for warning in warnings)
    rows += ['<p id="failure" hidden></p>', f'<div id="notes">{notes}</div>']
    rows.append(f'<p id="pointed" class="invitation">{INVITATION}</p>')
    reset = '<button id="reset">back to the start</button>' if graph.inputs else '<button id="reset" hidden></button>'
    return "\n".join(['<section class="inputs" aria-label="inputs">', *rows, reset, "</section>"])


def _write_table(content: PageContent) -> str:
    """Write every number in a table: the inputs with what their gradients are made of, then the gates in step order."""
    graph, heads = content.trace.graph, ("step", "name", "is", "value", "local gradients", "gradient", "made of")
    if content.grids:
        heads = HEADS
        rows = [write_vector_table(content.grids, content.derivation.derivation, content.texts)]
    else:
        rows = [_write_row(content, node, "", "input") for node in graph.inputs]
        for step, node in enumerate(graph.gate_ids, start=1):
            rows.append(_write_row(content, node, str(step), math(show(graph.formula(node, content.rounding), MATHML))))
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    return "\n".join(
        [
            '<section class="numbers" aria-label="every number" tabindex="0">',
            f'<table id="table">\n<thead><tr>{head}</tr></thead>\n<tbody>',
            *rows,
            "</tbody></table>\n</section>",
        ]
    )


def _write_row(content: PageContent, node: int, step: str, formula: str) -> str:
    graph = content.trace.graph
    wires = graph.wires_from[node]
    locals_ = [
        f"{_write_name(graph.nodes[wire.source].name)}: {_mark(content, name_local(wire))}"
        for wire in graph.wires_into(node)
    ]
    cells = [
        f"<td>{step}</td><th scope=row>{_write_name(graph.nodes[node].name)}</th><td>{formula}</td>",
        f"<td>{_mark(content, name_value(node))}</td><td>{', '.join(locals_)}</td>",
        f"<td>{_mark(content, name_gradient(node))}</td>",
        f"<td>{_mark(content, name_sum(node)) if wires[1:] else ''}</td>",
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _write_name(name: str) -> str:
    return f"<i>{escape(subscript(name))}</i>"


def _mark(content: PageContent, key: str) -> str:
    """Write a number with its key, by which a script finds it.

    It is no <output>, of which a screen reader would speak every one that changes.
    """
    return f"<b data-n={key}>{content.texts[key]}</b>"
