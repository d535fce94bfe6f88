"""A program and a point in, a slide deck out: as PDF, HTML, TeX, pictures or an animation.

Every keyword has the name of the command line's option.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.figure import render_package as render
from bpviz.figure.diagram import diagram
from bpviz.figure.picture import Picture
from bpviz.figure.sketch import Stage, sketch
from bpviz.figure.theme import RIGHT, Theme, direction_called, labels_called, theme_called
from bpviz.formula.numerals import Rounding, rounding_to
from bpviz.lecture.deck.board import Board
from bpviz.lecture.deck.frames import frames, shortened
from bpviz.lecture.deck.places import LEGIBLE, Places, looks, paper_called, places
from bpviz.lecture.deck.records import Frame
from bpviz.lecture.deck.tables import height_under
from bpviz.lecture.deck.wording import plain, plain_line
from bpviz.limits import check_drawn, limits, raise_by

KINDS = {".pdf": "pdf", ".html": "html", ".htm": "html", ".gif": "gif", ".tex": "tex"}  # by a file's ending
FOLDER = "frames"  # the kind of a target that is a folder
FRAME_FORMATS = ("svg", "png")
GIF_WIDTH, GIF_HEIGHT = 960.0, 560.0  # pixels: of an animation, and of the figure in it at most
LEAST_TIME, MOST_TIME, TIME_A_LETTER = 1500, 6000, 45  # milliseconds that a frame of an animation is shown
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


class Design(NamedTuple):
    """A way to draw the figures of a deck: in these proportions and this direction, they stand in these places."""

    theme: Theme
    direction: str
    places: Places

    @property
    def letters(self) -> float:
        """Return how large the figure's numbers are on the slide, in points."""
        return self.theme.number_size * self.places.scale


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
        from bpviz.lecture.deck.typeset import page_count

        return page_count(self.frames, handout=self.handout)

    @property
    def title(self) -> str:
        """Return what the file is called inside."""
        return self.look.title or plain(self.frames[0].heading)

    def picture(self, stage: Stage | None) -> Picture:
        """Return the figure in a stage; all of it without one."""
        return self._drawn(self.design.theme, self.direction, stage)

    def pdf(self) -> bytes:
        """Return the slides as a PDF, set by Typst; OutputError where there is none."""
        from bpviz.lecture.typesetting import compiled

        return compiled(*self.typst())

    def typst(self) -> tuple[str, dict[str, bytes]]:
        """Return the slides as Typst, and the files that it reads."""
        from bpviz.lecture.deck.typeset import Look as Setting
        from bpviz.lecture.deck.typeset import typeset

        names, files = self._files("pdf")
        look = Setting(self.places, self.look.theme, self.title, self.notes, self.handout)
        return typeset(self.frames, names, look), files

    def tex(self) -> str:
        """Return the slides as a beamer file, the figure as TikZ in it."""
        from bpviz.lecture.deck.beamer import beamer

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

    def html(self) -> str:
        """Return the slides as one HTML file that needs no network."""
        from bpviz.lecture.deck.page import page

        return page(self.frames, self._drawing(), self.places, self.look.theme, self.title, notes=self.notes)

    def _drawing(self) -> str:
        """Return the figure with all that is ever to be seen of it, as SVG whose titles tell no number."""
        from bpviz.lecture.deck.shared import everything

        stages = {k: frame.stage for k, frame in enumerate(self.frames) if frame.stage}
        first = next(iter(stages.values()))
        whole = self.picture(everything(stages))._replace(labels=self.picture(first).labels)
        return render.picture(whole, "svg", engine=self.look.engine).decode()

    def pictures(self, format: str = "svg") -> list[bytes]:  # noqa: A002  the command line's --frame-format
        """Return the figure of every slide that has one, as svg or png; UsageError for another format."""
        if format not in FRAME_FORMATS:
            raise UsageError(f"no frames are drawn as {format}", hint=f"choose one of {', '.join(FRAME_FORMATS)}")
        names, files = self._files(format)
        return [files[name] for name in names if name]

    def gif(self) -> bytes:
        """Return the figures as an animation, with the equations below; OutputError where there is no Pillow."""
        from bpviz.lecture.animation import gif

        shown = [frame for frame in self.frames if frame.stage]
        captions = [
            [plain(frame.heading), *([plain(frame.note)] if frame.table else [])]
            + [plain_line(line, frame.part) for line in frame.lines]
            for frame in shown
        ]
        times = [min(MOST_TIME, LEAST_TIME + TIME_A_LETTER * len("".join(lines))) for lines in captions]
        box, scale = self.places.figure, self.places.scale
        dpi = min(GIF_WIDTH / box.width, GIF_HEIGHT / box.height) * scale * 72
        names, files = self._files("png", dpi)
        theme = self.look.theme
        pictures, look = [files[name] for name in names if name], (theme.background, theme.ink)
        return gif(pictures, captions, times, look, round(GIF_WIDTH))

    def files(self, target: str | Path, *, frame_format: str = "svg") -> dict[str, bytes]:
        """Return what is to be written to a target, whose name says how: its file, or the pictures in its folder.

        Raises UsageError for a name that says nothing, OutputError for what cannot be made here.
        """
        kind = kind_of(target)
        if self.handout and kind not in ("pdf", "tex"):
            raise UsageError(f"there is no handout as {target}", hint="a handout is a .pdf or a .tex file")
        if kind == FOLDER:
            pictures = self.pictures(frame_format)
            digits = max(2, len(str(len(pictures))))
            names = (f"frame-{k:0{digits}}.{frame_format}" for k in range(1, len(pictures) + 1))
            return {str(Path(target) / name): picture for name, picture in zip(names, pictures, strict=True)}
        makers: dict[str, Callable[[], str | bytes]] = {
            "pdf": self.pdf,
            "html": self.html,
            "tex": self.tex,
            "gif": self.gif,
        }
        data = makers[kind]()
        return {str(target): data.encode() if isinstance(data, str) else data}

    def count(self, kind: str) -> int:
        """Return of how many pages, slides or pictures a kind of file is."""
        if kind in ("gif", FOLDER):
            return sum(frame.stage is not None for frame in self.frames)
        return self.pages if kind == "pdf" else len(self.frames)

    def save(self, target: str | Path, *, frame_format: str = "svg") -> None:
        """Write the deck to a file, or its figures to a folder, whose name says how."""
        write(target, self.files(target, frame_format=frame_format))

    @cached_property
    def design(self) -> Design:
        """Return the way to draw the figures in which their numbers are largest, unless another is asked for.

        The theme's own direction is left only where they are much larger across, and room for wires only where they
        would be small with it.
        """
        own = self.look.direction or self.look.theme.direction
        ways = [own] if self.look.direction or own == RIGHT else [own, RIGHT]
        roomy, tight = looks(self.look.theme)
        design = self._best(roomy, ways)
        return (
            design if design.letters >= LEGIBLE else max(design, self._best(tight, ways), key=lambda way: way.letters)
        )

    def _best(self, theme: Theme, ways: Sequence[str]) -> Design:
        """Return the first direction, or the second where that makes the figure much larger."""
        own, *others = (Design(theme, way, self._places(theme, way)) for way in ways)
        return next((other for other in others if other.letters > TURNED * own.letters), own)

    @property
    def direction(self) -> str:
        """Return the direction of the figures."""
        return self.design.direction

    @property
    def places(self) -> Places:
        """Return where things stand on the slides."""
        return self.design.places

    def _places(self, theme: Theme, direction: str) -> Places:
        drawn = render.picture(self._drawn(theme, direction, None), "pdf", engine=self.look.engine)
        size = PAGE.search(drawn)
        assert size, "a PDF has a page"
        shown = [frame for frame in self.frames if frame.stage]
        lines, least = max(len(frame.lines) for frame in shown), max(map(height_under, shown))
        return places(self.look.paper, (float(size[1]), float(size[2])), lines, least)

    def _drawn(self, theme: Theme, direction: str, stage: Stage | None) -> Picture:
        look = self.look
        return diagram(
            self.trace.graph,
            self.trace,
            theme=theme,
            direction=direction,
            labels=look.labels,
            rounding=look.rounding,
            branch=look.branch,
            stage=stage,
        )

    def _files(self, format: str, dpi: float = render.DPI) -> tuple[list[str], dict[str, bytes]]:  # noqa: A002
        """Return each frame's file name, "" where it has no figure, and the files, one for each figure that differs."""
        names: list[str] = []
        files: dict[str, bytes] = {}
        known: dict[str, str] = {}
        for frame in self.frames:
            if frame.stage is None:
                names.append("")
                continue
            picture = self.picture(frame.stage)
            name = known.setdefault(picture.dot, f"figure-{len(known) + 1}.{format}")
            if name not in files:
                files[name] = render.picture(picture, format, engine=self.look.engine, dpi=dpi)
            names.append(name)
        return names, files


def deck(
    trace: Trace,
    *,
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
    limit: Mapping[str, int] | None = None,
) -> Deck:
    """Return the lecture on a trace, slide by slide.

    by is step, gate or pass, paper 16:9, 4:3 or a4. limit moves a limit by its name.
    Raises a BpvizError when an option is wrong.
    """
    check_drawn(len(trace.graph.gate_ids), limits(limit).drawn)
    paper_called(paper)
    look = theme_called(theme)
    rounding = rounding_to(digits, decimals)
    which = labels_called(labels or look.labels)
    turned = direction_called(direction) if direction else None
    trace = shortened(trace)
    board = Board(sketch(trace.graph, trace, rounding, labels=which, branch=branch))
    told = frames(trace, board, rounding, by=by, title=title)
    if len(told) > limits(limit).slides:
        raise UsageError(
            f"a deck of {len(told):,} slides is more than anybody shows",
            hint=f"--by pass takes fewer, and bpviz draw shows all at once; {raise_by('slides', len(told))}",
        )
    return Deck(trace, told, Look(look, which, turned, branch, rounding, paper, title, engine), notes, handout)


def write(target: str | Path, files: Mapping[str, bytes]) -> None:
    """Write the files that a deck has for a target; OutputError where they cannot be written."""
    if kind_of(target) == FOLDER:
        render.make_folder(target)
    for name, data in files.items():
        render.write(name, data)


def kind_of(target: str | Path) -> str:
    """Return what is written to a target: pdf, html, tex, gif or frames; UsageError if its name does not say."""
    if str(target).endswith(("/", "\\")) or Path(target).is_dir():
        return FOLDER
    ending = Path(target).suffix.lower()
    if ending not in KINDS:
        what = f"no deck is written as {ending}" if ending else f"{target} has no ending that says what to write"
        raise UsageError(what, hint=f"end it in {', '.join(KINDS)}, or in / for a folder of pictures")
    return KINDS[ending]
