"""A program and a point in, a slide deck out: as PDF, HTML, pictures or an animation.

Every keyword has the name of the command line's option.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bpviz import render
from bpviz.autodiff import Trace, run
from bpviz.errors import UsageError
from bpviz.graph import Graph
from bpviz.lang import parse
from bpviz.views.deck.board import Board
from bpviz.views.deck.frames import Frame, frames, shortened
from bpviz.views.deck.places import Places, paper_called, places
from bpviz.views.deck.wording import plain
from bpviz.views.diagram import Picture, diagram
from bpviz.views.numerals import Rounding
from bpviz.views.sketch import Stage, sketch
from bpviz.views.theme import RIGHT, Theme, direction_called, labels_called, theme_called

FRAME_FORMATS = ("svg", "png")
TURNED = 1.25  # a figure is turned to run across where that makes it so many times larger
PAGE = re.compile(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]")


@dataclass(frozen=True)
class Look:
    """How the figures of a deck are drawn, and the slides laid out."""

    theme: Theme
    labels: str
    direction: str | None
    branch: bool
    rounding: Rounding
    paper: str
    title: str
    engine: str


@dataclass(frozen=True)
class Deck:
    """The slides of a trace: what is on each, and the way to any of its files."""

    trace: Trace
    frames: tuple[Frame, ...]
    look: Look
    notes: bool = False
    handout: bool = False

    @property
    def pages(self) -> int:
        """Return how many pages the PDF has."""
        from bpviz.views.deck.typeset import page_count

        return page_count(self.frames, handout=self.handout)

    @property
    def title(self) -> str:
        """Return what the file is called inside."""
        return self.look.title or plain(self.frames[0].heading)

    def picture(self, stage: Stage | None, note: str = "") -> Picture:
        """Return the figure in a stage."""
        return self._turned(self.direction, stage, note)

    def pdf(self) -> bytes:
        """Return the slides as a PDF, set by Typst; OutputError where there is none."""
        from bpviz.render.typst import compiled
        from bpviz.views.deck.typeset import Look as Setting
        from bpviz.views.deck.typeset import typeset

        names, files = self._drawn("pdf")
        look = Setting(self.places, self.look.theme, self.title, self.notes, self.handout)
        return compiled(typeset(self.frames, names, look), files)

    def tex(self) -> str:
        """Return the slides as a beamer file, the figure as TikZ in it."""
        from bpviz.views.deck.beamer import beamer

        picture = self.picture(None)
        geometry = render.geometry(picture, engine=self.look.engine)
        return beamer(
            self.frames,
            picture.said,
            geometry,
            picture.page,
            self.places,
            title=self.title,
            paper=self.look.paper,
            notes=self.notes,
            handout=self.handout,
        )

    @cached_property
    def direction(self) -> str:
        """Return the direction of the figures: as asked for, or else the theme's unless across is much larger."""
        own = self.look.direction or self.look.theme.direction
        if self.look.direction or own == RIGHT:
            return own
        as_it_is, across = (self._places(direction).scale for direction in (own, RIGHT))
        return RIGHT if across > TURNED * as_it_is else own

    @cached_property
    def places(self) -> Places:
        """Return where things stand on the slides."""
        return self._places(self.direction)

    def _places(self, direction: str) -> Places:
        drawn = render.picture(self._turned(direction, None), "pdf", engine=self.look.engine)
        size = PAGE.search(drawn)
        assert size, "a PDF has a page"
        return places(
            self.look.paper,
            (float(size[1]), float(size[2])),
            max(len(frame.lines) for frame in self.frames if frame.stage),
        )

    def _turned(self, direction: str, stage: Stage | None, note: str = "") -> Picture:
        look = self.look
        return diagram(
            self.trace.graph,
            self.trace,
            theme=look.theme,
            direction=direction,
            labels=look.labels,
            rounding=look.rounding,
            branch=look.branch,
            stage=stage,
        )

    def _drawn(self, format: str) -> tuple[list[str], dict[str, bytes]]:  # noqa: A002
        """Return each frame's file name, "" where it has no figure, and the files, one for each figure that differs."""
        names: list[str] = []
        files: dict[str, bytes] = {}
        known: dict[str, str] = {}
        for frame in self.frames:
            if frame.stage is None:
                names.append("")
                continue
            picture = self.picture(frame.stage, plain(frame.note))
            name = known.setdefault(picture.dot, f"figure-{len(known) + 1}.{format}")
            if name not in files:
                files[name] = render.picture(picture, format, engine=self.look.engine)
            names.append(name)
        return names, files


def deck(
    program: str | Graph,
    *,
    set: Mapping[str, float] | None = None,  # noqa: A002  the command line's --set
    gates: str = "lecture",
    share: bool = False,
    constants: bool = False,
    by: str = "step",
    paper: str = "16:9",
    notes: bool = False,
    handout: bool = False,
    theme: str | Theme = "drawio",
    direction: str | None = None,
    labels: str | None = None,
    digits: int = 3,
    decimals: int | None = None,
    branch: bool = True,
    title: str = "",
    engine: str = "bundled",
    **inputs: float,
) -> Deck:
    """Return the lecture on a program at a point, slide by slide.

    program is text or a Graph; by is step, gate or pass, paper 16:9, 4:3 or a4. Raises a BpvizError when the program,
    the point or an option is wrong.

    >>> deck("x*y", x=2, y=3).pages
    9
    """
    graph = parse(program, gates=gates, share=share, constants=constants) if isinstance(program, str) else program
    paper_called(paper)
    look = theme_called(theme)
    rounding = Rounding(digits, decimals)
    which = labels_called(labels or look.labels)
    turned = direction_called(direction) if direction else None
    trace = shortened(run(graph, {**(set or {}), **inputs}))
    board = Board(sketch(trace.graph, trace, rounding, labels=which, branch=branch))
    told = frames(trace, board, rounding, by=by, title=title)
    return Deck(trace, told, Look(look, which, turned, branch, rounding, paper, title, engine), notes, handout)
