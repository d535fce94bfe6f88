"""The figure of a deck once in a page, and what each slide shows of it: numbers that have come, and what is lit.

A slide has the figure by <use>, which takes no styles but those that it inherits: so each slide says in a property
which it is, and in another what is lit, and each number and circle reckons from these whether it is to be seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from bpviz.figure.sketch import GRADIENT, HIDDEN, NEW, SHOWN, VALUE, Stage
from bpviz.formula.mathml import escaped

Place = tuple[str, str]  # of a number: its strand's id, and its role
ROOT = re.compile(r'<svg [^>]*?viewBox="([^"]*)" font-family="([^"]*)"[^>]*>')
PREAMBLE = re.compile(r"<style>.*?</style>\n?|<title id=[^>]*>[^<]*</title>\n?<desc[^>]*>[^<]*</desc>\n?", re.DOTALL)
GROUP = re.compile(r'<g id="([^"]*)" class="(?:node|edge)[^"]*">\n.*?</g>\n', re.DOTALL)
NUMBER = re.compile(r'(?:(<polygon) fill="[^"]*" stroke="none"( points="[^"]*"/>\n))?(<text [^>]*>)')
ITALIC = 'font-style="italic"'
STYLE = """\
.due{opacity:clamp(0,var(--slide) - var(--from) + 1,1)}
.fresh{fill:var(--lit);stroke:none;opacity:clamp(0,min(var(--slide) - var(--from),var(--till) - var(--slide)) + 1,1)}
"""


class Span(NamedTuple):
    """The slides on which a number is there, from the first on, and the last on which it is new: 0 if it never is."""

    first: int
    last_new: int


def everything(stages: Mapping[int, Stage]) -> Stage:
    """Return a stage with all that is ever to be seen: what is new on some slide is new, and what is lit, lit."""
    marks = {place: SHOWN for stage in stages.values() for place in stage.marks}
    marks |= {place: NEW for stage in stages.values() for place, state in stage.marks.items() if state == NEW}
    return Stage(marks, tuple(dict.fromkeys(spot for stage in stages.values() for spot in stage.lit)))


def definition(svg: str, stages: Mapping[int, Stage], colour: str) -> str:
    """Return the drawing of everything, each part of it told on which slides it is to be seen.

    colour is that of what is lit, which a dot never is.
    """
    root = ROOT.search(svg)
    assert root, "a drawing names its size and its typeface"
    spans = _spans(stages)
    lit = _lit(stages)

    def told(group: re.Match[str]) -> str:
        id_ = group[1]
        if id_ in lit:
            return group[0].replace(f' fill="{colour}"', f' style="fill:var(--lit{lit[id_]},none)"', 1)
        return NUMBER.sub(lambda number: _number(number, id_, spans), group[0]) if (id_, VALUE) in spans else group[0]

    body = GROUP.sub(told, PREAMBLE.sub("", svg[root.end() :])).removesuffix("</svg>\n")
    return (
        f'<svg width="0" height="0" style="position:absolute" aria-hidden="true">\n'
        f'<g id="figure" font-family="{root[2]}">\n{body}</g>\n</svg>'
    )


def use(svg: str, slide: int, stages: Mapping[int, Stage], what: str) -> str:
    """Return the figure as a slide shows it; what says it in words."""
    root = ROOT.search(svg)
    assert root
    lit = _lit(stages)
    settings = [f"--slide:{slide}", *(f"--lit{lit[spot]}:var(--lit)" for spot in stages[slide].lit)]
    return (
        f'<svg viewBox="{root[1]}" style="{";".join(settings)}" role="img" aria-label="{escaped(what)}">'
        f'<use href="#figure"/></svg>'
    )


def _spans(stages: Mapping[int, Stage]) -> dict[Place, Span]:
    found: dict[Place, Span] = {}
    for slide, stage in sorted(stages.items()):
        for place, state in stage.marks.items():
            if state != HIDDEN:
                first = found[place].first if place in found else slide
                found[place] = Span(first, slide if state == NEW else found[place].last_new if place in found else 0)
    return found


def _lit(stages: Mapping[int, Stage]) -> dict[str, int]:
    """Return a number for each spot that is ever lit."""
    spots = dict.fromkeys(spot for _, stage in sorted(stages.items()) for spot in stage.lit)
    return {spot: k for k, spot in enumerate(spots)}


def _number(number: re.Match[str], strand: str, spans: Mapping[Place, Span]) -> str:
    """Return a number that is seen from its slide on, and the highlighter behind it while it is new."""
    span = spans[strand, GRADIENT if ITALIC in number[3] else VALUE]
    behind = f'{number[1]} class="fresh" style="--from:{span.first};--till:{span.last_new}"{number[2]}'
    text = f'<text class="due" style="--from:{span.first}"{number[3].removeprefix("<text")}'
    return (behind if number[1] else "") + text
