"""bpviz deck: the lecture, slide by slide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bpviz.cli.looks import BRANCH, ENGINE, LABELS, QUIET, THEME, files
from bpviz.cli.options import option
from bpviz.cli.program import Asked, program_command, warn
from bpviz.cli.target import say, show, target_like
from bpviz.errors import UsageError

WITH_NOTES = ("pdf", "html", "tex")  # kinds that have room for what to say


@program_command(
    files(
        "Where to: .pdf .html .tex .gif, or a folder/ for pictures. [default: deck.pdf]",
        target_like("deck.pdf", "or frames/ for pictures"),
    ),
    option("--paper", choices=["16:9", "4:3", "a4"], default="16:9", help="The shape of a slide."),
    option(
        "--by",
        choices=["step", "gate", "pass"],
        default="step",
        help="A slide for each step, sums at branches included; for each gate; or for each pass.",
    ),
    option("--handout", action="store_true", help="Four slides to a page."),
    option("--notes", action="store_true", help="What to say, under each slide."),
    option("--frame-format", choices=["svg", "png"], help="The pictures in a folder/; svg."),
    THEME,
    option(
        "--direction",
        choices=["up", "down", "right", "left"],
        help="Where the values flow to: the theme's way, or right where that makes the figure much larger.",
    ),
    LABELS,
    BRANCH,
    option("--title", default="", help="What stands on the first slide."),
    ENGINE,
    option("--open", dest="open_", action="store_true", help="Show the deck when it is written."),
    QUIET,
)
def deck(
    asked: Asked,
    outputs: Sequence[str],
    frame_format: str | None,
    open_: bool,
    quiet: bool,
    **look: Any,
) -> None:
    """Make slides of PROGRAM: its graph built up number by number, forward and then back, each with its equation.

    PROGRAM is an expression, a file that ends in .bp, or - for standard input. Every input of it is an option:
    --x 3 --y -4. The figure stands still from slide to slide.

    bpviz deck "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4 -o deck.pdf
    bpviz deck neuron.bp -o neuron.html -o neuron.pdf --theme cs231n --title "A neuron"
    bpviz deck "a*b + a" --a 2 --b -3 --handout --notes -o handout.pdf
    bpviz deck neuron.bp -o frames/ --frame-format png
    """
    from bpviz import shortcuts
    from bpviz.figure import render_package as render
    from bpviz.lecture import decks

    targets = outputs or ["deck.pdf"]
    kinds = [decks.find_kind(target) for target in targets]
    _check(targets, kinds, frame_format, notes=look["notes"])
    graph = asked.graph()
    made = shortcuts.deck(graph, set=asked.values(graph), limit=asked.limits._asdict(), **asked.numbers, **look)
    for target in targets:
        with render.interruptible():
            files = made.files(target, frame_format=frame_format or "svg")
        decks.write_files(target, files)
        if not quiet:
            say(f"{target}, {made.describe_size(target)}")
    warn(made.trace.warnings)
    if open_:
        show(targets)


def _check(targets: Sequence[str], kinds: Sequence[str], frame_format: str | None, *, notes: bool) -> None:
    """Refuse an option of which nothing would be seen in any of the files."""
    listed = " or ".join(targets)
    if frame_format and "frames" not in kinds:
        hint = "add -o frames/, or leave --frame-format out"
        raise UsageError(f"--frame-format is for a folder of pictures, not for {listed}", hint=hint)
    if notes and not any(kind in WITH_NOTES for kind in kinds):
        endings = ", ".join(f".{kind}" for kind in WITH_NOTES)
        raise UsageError(f"--notes has no room in {listed}", hint=f"write {endings}, or leave --notes out")
