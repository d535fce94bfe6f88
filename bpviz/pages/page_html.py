"""A page as HTML: the function, the figure, the inputs, the table of all numbers, and the derivation.

The page fetches nothing: its Content-Security-Policy forbids every source, and names the style by its hash. What a user
typed is in it as text only. page.css beside this module says how it looks, in light and dark, on a phone and on paper.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from bpviz import fonts
from bpviz.autodiff import Trace
from bpviz.figure.theme import Theme, find_theme
from bpviz.formula.mathml import MATHML, escape, math
from bpviz.formula.numerals import Rounding
from bpviz.formula.printing import show
from bpviz.formula.tree import Atom
from bpviz.graph import write_derivative
from bpviz.lecture import deck_html, derivation_pages
from bpviz.lecture.slides import list_equalities
from bpviz.pages.number_slots import name_gradient, name_local, name_sum, name_value
from bpviz.pages.slotted_figure import SlottedFigure
from bpviz.text.equations_html import write_sign

STYLE = Path(__file__).with_name("page.css")
DARK = find_theme("dark")
COLOURS = ("ink", "faint", "value", "gradient", "highlight")  # of a theme, that a figure has
TITLE = re.compile("<title>[^<]*</title>")  # a tooltip, which a system's own font sets
SMALLEST = 0.75  # of its own size: a figure is made so small to fit a screen, and a larger one is scrolled


class PageContent(NamedTuple):
    """What a page is made of. texts has every number, rounded, by its key."""

    trace: Trace
    figure: SlottedFigure
    derivation: derivation_pages.DerivationPages
    texts: Mapping[str, str]
    rounding: Rounding
    theme: Theme
    title: str


def write_page(content: PageContent) -> str:
    """Write a page."""
    body = "\n".join(
        [
            "<main>",
            _write_head(content),
            f'<figure tabindex="0" aria-label="the graph">{content.figure.svg}</figure>',
            f'<div class="beside">\n{_write_inputs(content)}\n{_write_table(content)}\n</div>',
            f'<article class="derivation">\n{derivation_pages.write_passes(content.derivation)}\n</article>',
            "</main>",
        ]
    )
    style = _write_style(content, body)
    policy = f"default-src 'none'; style-src '{_hash(style)}'; font-src data:; base-uri 'none'; form-action 'none'"
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(content.title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _write_style(content: PageContent, body: str) -> str:
    """Write the style: the fonts of the letters in use, the theme's colours by day and by night, and the rules."""
    rules = "".join(
        f'svg [{part}="{getattr(content.theme, name)}"]{{{part}:var(--{name})}}'
        for part in ("fill", "stroke")
        for name in COLOURS
    )
    letters = {*TITLE.sub("", body), *deck_html.NUMERALS} - {"\N{NO-BREAK SPACE}"}  # which any font has
    faces = fonts.font_faces(letters, deck_html.NUMERALS)
    dark = content.theme if _is_dark(content.theme) else DARK
    return (
        f"{faces}:root{{color-scheme:light dark;{_write_colours(content.theme)}--family:{fonts.FALLBACKS}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{_write_colours(dark)}}}}}\n"
        f"@media print{{:root{{{_write_colours(find_theme('drawio'))}}}}}\n"
        f"{rules}\nfigure svg{{max-height:max(100vh - 2.4em,{SMALLEST * content.figure.height:.0f}pt)}}\n"
        f"{derivation_pages.STYLE.read_text(encoding='utf-8')}{STYLE.read_text(encoding='utf-8')}"
    )


def _write_colours(theme: Theme) -> str:
    colours = {"paper": theme.background, **{name: getattr(theme, name) for name in COLOURS}}
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


def _is_dark(theme: Theme) -> bool:
    return int(theme.background[1:3], 16) < 0x80


def _write_head(content: PageContent) -> str:
    trace = content.trace
    lines = [f"<p>{deck_html.write_words((each,))}</p>" for each in list_equalities(trace.graph, content.rounding)]
    warnings = [f'<p class="remark">Note: {escape(warning)}.</p>' for warning in trace.warnings]
    return "\n".join(["<header>", f"<h1>{escape(content.title)}</h1>", *lines, *warnings, "</header>"])


def _write_inputs(content: PageContent) -> str:
    """Write the output's value and the value and the derivative of each input."""
    graph = content.trace.graph
    output = math(show(Atom(graph.output_name), MATHML))
    rows = [
        f"<tr><th scope='row'>{output}</th><td>{_mark(content, name_value(graph.output), 'value')}</td><td></td></tr>"
    ]
    for node in graph.inputs:
        name = math(show(Atom(graph.nodes[node].name), MATHML))
        derivative = math(show(write_derivative(graph, node), MATHML), write_sign("="))
        rows.append(
            f"<tr><th scope='row'>{name}</th><td>{_mark(content, name_value(node), 'value')}</td>"
            f"<td>{derivative} {_mark(content, name_gradient(node), 'gradient')}</td></tr>"
        )
    return "\n".join(
        ['<section class="inputs" aria-label="value and derivatives">', "<table>", *rows, "</table>", "</section>"]
    )


def _write_table(content: PageContent) -> str:
    """Write every number in a table: the inputs with what their gradients are made of, then the gates in step order."""
    graph = content.trace.graph
    rows = [_write_row(content, node, "", "input") for node in graph.inputs]
    for step, node in enumerate(graph.gate_ids, start=1):
        rows.append(_write_row(content, node, str(step), math(show(graph.formula(node, content.rounding), MATHML))))
    heads = ("step", "name", "is", "value", "local gradients", "gradient", "made of")
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
        f"{math(show(Atom(graph.nodes[wire.source].name), MATHML))}: {_mark(content, name_local(wire))}"
        for wire in graph.wires_into(node)
    ]
    cells = [
        f"<td>{step}</td><th scope='row'>{math(show(Atom(graph.nodes[node].name), MATHML))}</th><td>{formula}</td>",
        f"<td>{_mark(content, name_value(node), 'value')}</td><td>{', '.join(locals_)}</td>",
        f"<td>{_mark(content, name_gradient(node), 'gradient')}</td>",
        f"<td>{_mark(content, name_sum(node)) if wires[1:] else ''}</td>",
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _mark(content: PageContent, key: str, role: str = "") -> str:
    """Write a number with its key, by which a script finds it."""
    kind = f' class="{role}"' if role else ""
    return f'<output data-n="{key}"{kind}>{content.texts[key]}</output>'
