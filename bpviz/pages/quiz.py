"""The quiz of a page: the numbers on the wires are blanks, and a wrong answer is told the slip that makes it.

The page has the program, but none of its numbers but the inputs: the script computes an answer when it is asked for
one (quiz.js), and a wrong one again with one rule broken (quiz_slips.js), in the words of bpviz check. Fresh numbers
are points that come out short, which are searched here when the page is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.checking.explanations import SLIP_WORDS, write_mistake
from bpviz.checking.passes import uses_output
from bpviz.errors import BpvizError
from bpviz.figure.lettering import width
from bpviz.figure.theme import Theme
from bpviz.fonts import MAGNIFICATION
from bpviz.formula.languages import JAVASCRIPT
from bpviz.formula.numerals import Rounding
from bpviz.formula.printing import show
from bpviz.formula.tree import LETTERS, Atom, read, substitute
from bpviz.gates.gate import UNARY
from bpviz.graph import Graph
from bpviz.lecture.value_ranges import ValueRange, read_value_range
from bpviz.lecture.variants import find_variants
from bpviz.limits import Limits
from bpviz.pages.page_numbers import name_value
from bpviz.pages.page_script import write_data
from bpviz.pages.sliders import COLON, Slider, surround
from bpviz.text.run_script import quote
from bpviz.text.script_formulas import guard_divisions, take_functions

FRESH_POINTS, SEED = 12, 1
MOST_DRAWN = 200  # points at random, where no short numbers are found
TENTHS = 10  # of a number that is drawn
SLOT, TYPED = "−0.00000", "−0.0000"  # every slot has room for the one, and every blank is as wide as the other
QUIZ_WORDS = {  # beside those that bpviz check says
    "cut off": f"has its {SLIP_WORDS['cut off']}",
    "total": "is the whole gradient of {name}, the sum over its wires, and not what comes back along this one",
}
MARGIN, ASCENT, HEIGHT = 0.6, 1.02, 1.36  # em: of a blank beside its number, above its line, and in all
FOLDER = Path(__file__).parent
PANEL = """<section class="quiz" aria-label="quiz">
<h2>Fill in the wires</h2>
<p id="given"></p>
<p id="asked"></p>
<p id="verdict"></p>
<p><button id="fresh">fresh numbers</button> <button id="tell">tell me this one</button></p>
</section>
<section class="score" aria-label="your score">
<textarea id="score" aria-label="score" rows="2" readonly></textarea>
<p><button id="copy">copy the score</button> <span id="copied"></span></p>
</section>"""


class Quiz(NamedTuple):
    """What a quiz adds to a page: its part of the body, of the style, and of the script."""

    panel: str
    style: str
    script: str


def make_quiz(trace: Trace, points: Sequence[Mapping[str, float]], theme: Theme, rounding: Rounding) -> Quiz:
    """Make the quiz of a trace; points are those of its fresh numbers, the trace's own first."""
    graph = trace.graph
    gates = [(i, node.gate) for i, node in enumerate(graph.nodes) if node.gate]
    size = theme.number_size * MAGNIFICATION
    data = {
        "points": [[point[name] for name in graph.input_names] for point in points],
        "words": {**SLIP_WORDS, **QUIZ_WORDS},
        "angles": [i for i, gate in gates if gate.angle],
        "by_output": [i for i, gate in gates if gate.arity == UNARY and uses_output(gate)],
        "width": width(TYPED, size) + MARGIN * size,  # these four in units of the figure
        "margin": MARGIN * size,
        "ascent": ASCENT * size,
        "height": HEIGHT * size,
    }
    parts = [f"const QUIZ = {write_data(data)};", write_mistakes(graph, rounding)]
    parts += [(FOLDER / name).read_text(encoding="utf-8") for name in ("quiz_slips.js", "quiz.js")]
    style = (FOLDER / "quiz.css").read_text(encoding="utf-8")
    return Quiz(PANEL, f"{style}.blank{{font-size:{theme.number_size:g}pt}}\n", "\n".join(parts))


def write_mistakes(graph: Graph, rounding: Rounding) -> str:
    """Write the local gradients that people mistake for those of a program's gates, as a list in JavaScript."""
    entries = []
    for wire in graph.wires():
        gate = graph.nodes[wire.target].gate
        assert gate
        for mistake in (each for each in gate.mistakes if each.slot == wire.slot):
            letters = LETTERS[: gate.arity[0]]
            formula = guard_divisions(substitute(read(mistake.slope), [*map(Atom, letters)], Atom("z")), "divide")
            wrong = write_mistake(graph, wire.target, mistake, rounding)
            words = f"wrong: {quote(wrong)}, mistake: {quote(mistake.words)}"
            slope = f"({', '.join(('z', *letters))}) => {show(formula, JAVASCRIPT.style)}"
            entries.append(f"{{node: {wire.target}, slot: {wire.slot}, {words}, slope: {slope}}},")
    return "\n".join(
        ["const mistakes = (() => {", *take_functions(entries), "return [", *entries, "];", "})();"],
    )


def hide_answers(graph: Graph, texts: Mapping[str, str]) -> dict[str, str]:
    """Leave of a page's numbers the values of the inputs and constants alone."""
    given = {name_value(i) for i, node in enumerate(graph.nodes) if node.gate is None}
    return {key: text if key in given else "" for key, text in texts.items()}


def reserve_blanks(longest: Mapping[str, str]) -> dict[str, str]:
    """Give every number's slot room enough to type in."""
    return {key: max(text, SLOT, key=lambda each: width(each, 1.0)) for key, text in longest.items()}


def find_points(
    trace: Trace, given: Mapping[str, object], sliders: Sequence[Slider], limits: Limits
) -> list[dict[str, float]]:
    """Find points at which a program has short numbers: the trace's own first, and the others in the ranges given.

    Where the search finds none, as in a large network, inputs are drawn from the tenths of the sliders' ranges.
    """
    graph = trace.graph
    if not graph.inputs:
        return [trace.point]
    ranges: dict[int, ValueRange] = {}
    for node, slider in zip(graph.inputs, sliders, strict=True):
        if slider.name in given:
            ranges[node] = read_value_range(f"{slider.start!r}{COLON}{slider.stop!r}", slider.name, limits)
    found = [each.point for each in find_variants(graph, FRESH_POINTS, SEED, ranges=ranges).traces]
    points = [trace.point, *found]
    draw = Random(SEED)
    for _ in range(MOST_DRAWN):
        if len(points) > FRESH_POINTS:
            break
        point = {each.name: _draw_tenth(draw, each) for each in sliders}
        try:
            drawn = graph.at(point)
        except BpvizError:  # outside a domain
            continue
        if not drawn.warnings:  # at no kink
            points.append(point)
    return [point for k, point in enumerate(points) if point not in points[:k]]


def _draw_tenth(draw: Random, slider: Slider) -> float:
    return round((slider.start + draw.random() * (slider.stop - slider.start)) * TENTHS) / TENTHS


def widen_sliders(
    sliders: Sequence[Slider], given: Mapping[str, object], points: Sequence[Mapping[str, float]]
) -> tuple[Slider, ...]:
    """Let every slider reach the points; those whose ranges were given do."""
    return tuple(
        each if each.name in given else surround(each.name, max(abs(point[each.name]) for point in points))
        for each in sliders
    )
