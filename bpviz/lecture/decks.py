"""The slides of a trace, and what they become: PDF, HTML, PowerPoint, a beamer file, an animation or pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bpviz.autodiff import Trace, describe_point
from bpviz.errors import UsageError
from bpviz.figure.arrangement import ARE_BESIDE, BESIDE, ONCE, arrange_stage, check_inputs
from bpviz.figure.description import describe
from bpviz.figure.diagram import HIDDEN, NEW, SHOWN, Diagram, Stage
from bpviz.figure.fitting import SMALLEST_ON_SLIDE, Arrangement, Fitted, Room, fit_picture
from bpviz.figure.geometry import measure
from bpviz.figure.picture import Picture, make_picture
from bpviz.figure.rendering import DPI, finish_drawn_svg, lay_out, render
from bpviz.figure.theme import OPERATION, RIGHT, UP, Theme, check_direction, check_labels, find_theme
from bpviz.files import is_folder, make_folder, write_in_turn
from bpviz.formula.numerals import rounding_to
from bpviz.grouping import group
from bpviz.lecture.figure_parts import take_apart
from bpviz.lecture.figure_stages import StagedPicture, hide_in_svg, write_png
from bpviz.lecture.papers import SLIDES, find_paper
from bpviz.lecture.slide_layout import (
    LEGIBLE,
    DeckOptions,
    SlideLayout,
    enlarge_numbers,
    lay_out_slide,
    measure_rooms,
    reserve_table_height,
)
from bpviz.lecture.slide_sequence import write_slides
from bpviz.lecture.slides import Slide, collect_stages, count_rows, merge_stages, shorten_names
from bpviz.lecture.typesetting import compile_pdf
from bpviz.limits import check_drawn, raise_by, set_limits
from bpviz.noise import clear_noise

if TYPE_CHECKING:
    from PIL.Image import Image

FRAMES = "frames"  # the kind of a folder of pictures
# The kind of a file, by its ending.
KINDS = {".pdf": "pdf", ".html": "html", ".htm": "html", ".pptx": "pptx", ".gif": "gif", ".tex": "tex"}
COUNTED = {"pdf": "page", "html": "slide", "pptx": "slide", "tex": "slide", "gif": "frame", FRAMES: "picture"}
FRAME_FORMATS = ("svg", "png")
WIDER_CIRCLES = 1.5  # times the theme's, where names would be cut and there is room


class Design(NamedTuple):
    """How the figure of a deck is arranged, in which theme, and the places on the slides where it then stands."""

    theme: Theme
    arrangement: Arrangement
    layout: SlideLayout

    @property
    def letters(self) -> float:
        """How large the figure's numbers are on the slide, in points."""
        return self.theme.number_size * self.layout.scale


@dataclass(frozen=True, repr=False)
class Deck:
    """The slides of a trace. save writes them to a file or a folder; pdf, html, pptx and their like make the data."""

    trace: Trace
    slides: tuple[Slide, ...]
    options: DeckOptions

    def __repr__(self) -> str:
        return f"<Deck {describe_point(self.trace.graph, self.trace)}, {len(self.slides)} slides>"

    @property
    def pages(self) -> int:
        """How many pages the PDF has."""
        from bpviz.lecture.deck_typst import count_pages

        return count_pages(self.slides, handout=self.options.handout)

    def save(self, target: str | Path, *, frame_format: str = "svg") -> None:
        """Write the deck to a file, or its figures to a folder; the target's name says how, as in files.

        Raises UsageError for a name that says nothing, OutputError for what cannot be made or written here.
        """
        write_deck(target, self.files(target, frame_format=frame_format))

    def files(self, target: str | Path, *, frame_format: str = "svg") -> dict[str, bytes]:
        """Make the files of a target, by their names: one with its ending, or pictures if it is a folder.

        "deck.pdf" is one PDF, "frames/" a picture of each figure, which is svg or png as frame_format says.
        Raises UsageError for a name that says nothing, OutputError for what cannot be made here.
        """
        kind = find_deck_kind(target)
        if self.options.handout and kind not in ("pdf", "tex"):
            raise UsageError(f"there is no handout as {target}", hint="a handout is a .pdf or a .tex file")
        match kind:
            case "pdf":
                return {str(target): self.pdf()}
            case "html":
                return {str(target): self.html().encode()}
            case "tex":
                return {str(target): self.tex().encode()}
            case "pptx":
                return {str(target): self.pptx()}
            case "gif":
                return {str(target): self.gif()}
        pictures = self.pictures(frame_format)
        digits = max(2, len(str(len(pictures))))
        return {
            str(Path(target) / f"frame-{k:0{digits}}.{frame_format}"): picture
            for k, picture in enumerate(pictures, start=1)
        }

    def describe_size(self, target: str | Path) -> str:
        """Say how much a target holds, as in "23 pages" or "1 picture"."""
        kind = find_deck_kind(target)
        count = self.pages if kind == "pdf" else len(self.slides)
        if kind in ("gif", FRAMES):
            count = sum(slide.stage is not None for slide in self.slides)
        return f"{count} {COUNTED[kind]}{'' if count == 1 else 's'}"

    def pdf(self) -> bytes:
        """Make the slides as a PDF; raise OutputError where there is no Typst."""
        return compile_pdf(*self.typst())

    def typst(self) -> tuple[str, dict[str, bytes]]:
        """Write the slides as Typst, and make the files that it reads."""
        from bpviz.lecture.deck_typst import FIGURE, write_typst

        picture = self.picture(self.everything)
        figure = take_apart(picture, engine=self.options.engine)
        background = self.picture(Stage(dict.fromkeys(self.everything.states, HIDDEN)), transparent=True)
        files = {FIGURE: render(background, "pdf", engine=self.options.engine)}
        return write_typst(self.arrange_slides(picture.diagram), figure, self.layout, self.options), files

    def tex(self) -> str:
        """Write the slides as a beamer file, the figure as TikZ in it."""
        from bpviz.lecture.deck_beamer import write_beamer

        figure = self.picture(self.everything)
        geometry = measure(figure, engine=self.options.engine)
        return write_beamer(self.arrange_slides(figure.diagram), figure, geometry, self.layout, self.options)

    def html(self) -> str:
        """Write the slides as one HTML file that needs no network."""
        from bpviz.lecture.deck_html import write_html

        blank = next(slide.stage for slide in self.slides if slide.stage)
        # A title with a number in it would tell the number before its slide comes.
        figure = self.picture(self.everything)._replace(titles=self.picture(blank).titles)
        svg = render(figure, "svg", engine=self.options.engine).decode()
        return write_html(self.arrange_slides(figure.diagram), svg, self.layout, self.options)

    def pptx(self) -> bytes:
        """Write the slides as a PowerPoint file; raise OutputError where there is no python-pptx."""
        from bpviz.lecture.deck_pptx import SHARP, write_pptx

        pictures = iter(self.pictures("png", SHARP * self.layout.scale))
        figures = [next(pictures) if slide.stage else None for slide in self.slides]
        return write_pptx(self.slides, figures, self.layout, self.options)

    def gif(self) -> bytes:
        """Make the figures as an animation, with the equations below; raise OutputError where there is no Pillow."""
        from bpviz.lecture.deck_gif import MOST_FIGURE_HEIGHT, WIDTH, make_gif

        area, scale = self.layout.figure, self.layout.scale
        dpi = min(WIDTH / area.width, MOST_FIGURE_HEIGHT / area.height) * scale * 72
        return make_gif(self._draw_images(dpi), [slide for slide in self.slides if slide.stage], self.options.theme)

    def pictures(self, format: str = "svg", dpi: float = DPI) -> list[bytes]:  # noqa: A002  the command line's word
        """Draw the figure of every slide that has one, as svg or png.

        Raises UsageError for another format, and OutputError for png where there is no Pillow.
        """
        if format not in FRAME_FORMATS:
            raise UsageError(f"no frames are drawn as {format}", hint=f"choose one of {', '.join(FRAME_FORMATS)}")
        if format == "svg":
            return self._draw_svgs()
        return [write_png(image, dpi) for image in self._draw_images(dpi)]

    def picture(self, stage: Stage, *, transparent: bool = False) -> Picture:
        """Describe the figure in a stage."""
        return self._describe_figure(self.design.theme, self.design.arrangement, stage, transparent=transparent)

    @property
    def layout(self) -> SlideLayout:
        """Where things stand on the slides."""
        return self.design.layout

    @property
    def remarks(self) -> list[str]:
        """What was chosen for the figure without being asked for, and that its numbers are small, a sentence each."""
        graph, lines = group(self.trace.graph), []
        is_shared = any(len(graph.wires_from[i]) > 1 for i in graph.inputs)
        if is_shared and self.options.inputs is None and self.design.arrangement.inputs == BESIDE:
            lines.append(ARE_BESIDE)
        if self.design.letters < SMALLEST_ON_SLIDE:
            lines.append(f"the figure's numbers are {self.design.letters:.1f} points large on the slides")
        return lines

    @cached_property
    def everything(self) -> Stage:
        """The stage in which the figure has all that any slide shows."""
        return merge_stages(self.slides)

    def arrange_slides(self, arranged: Diagram) -> tuple[Slide, ...]:
        """Return the slides with stages that name all numbers and shapes of the figure as it is arranged."""
        graph, options = self.trace.graph, self.options
        diagram = describe(graph, None, options.rounding, labels=options.labels[0], branch=options.branch)
        return tuple(
            slide._replace(stage=arrange_stage(slide.stage, diagram, arranged)) if slide.stage else slide
            for slide in self.slides
        )

    @cached_property
    def design(self) -> Design:
        """How the figure is drawn: in the arrangement in which its numbers are largest on the slides.

        Where they are legible with it, names stand in the circles, and an input that branches stands once.
        """
        with_figure = [slide for slide in self.slides if slide.stage]
        lines = max(map(count_rows, with_figure))
        table_height = max(map(reserve_table_height, with_figure))
        rooms = measure_rooms(self.options.paper, lines, table_height)
        theme = enlarge_numbers(self.options.theme)
        fitted = self._fit(theme, rooms)
        if fitted.number_size >= LEGIBLE and (cut := _count_cuts(fitted)):  # there is room for whole names
            wider = theme._replace(diameter=theme.diameter * WIDER_CIRCLES)
            with_names = self._fit(wider, rooms)
            if with_names.number_size >= LEGIBLE and _count_cuts(with_names) < cut:
                theme, fitted = wider, with_names
        return Design(theme, fitted.arrangement, lay_out_slide(self.options.paper, fitted.size, lines, table_height))

    def _fit(self, theme: Theme, rooms: Sequence[Room]) -> Fitted:
        return fit_picture(
            lambda arrangement: self._describe_figure(theme, arrangement, self.everything),
            rooms,
            self.options.directions,
            self.options.labels,
            self.options.inputs if self.options.branch else ONCE,
            gates=len(group(self.trace.graph).gate_ids),
            engine=self.options.engine,
            enough=LEGIBLE,
        )

    def _describe_figure(
        self, theme: Theme, arrangement: Arrangement, stage: Stage, *, transparent: bool = False
    ) -> Picture:
        return make_picture(
            self.trace.graph,
            self.trace,
            theme=theme,
            direction=arrangement.direction,
            labels=arrangement.labels,
            inputs=arrangement.inputs,
            rows=arrangement.rows,
            grouped=arrangement.grouped,
            clearances=arrangement.clearances,
            rounding=self.options.rounding,
            branch=self.options.branch,
            stage=stage,
            transparent=transparent,
        )

    def _draw_images(self, dpi: float) -> list[Image]:
        """Draw the figure of every slide that has one as an image of Pillow's."""
        numbers = self.everything.states
        picture = self.picture(Stage(dict.fromkeys(numbers, NEW), self.everything.highlighted))
        pictures = {
            HIDDEN: self.picture(Stage(dict.fromkeys(numbers, HIDDEN))),
            SHOWN: self.picture(Stage(dict.fromkeys(numbers, SHOWN))),
            NEW: picture,
        }
        drawn = {state: render(each, "png", engine=self.options.engine, dpi=dpi) for state, each in pictures.items()}
        figure = StagedPicture(drawn, take_apart(picture, engine=self.options.engine))
        return [figure.draw(stage) for stage in collect_stages(self.arrange_slides(picture.diagram)).values()]

    def _draw_svgs(self) -> list[bytes]:
        """Draw the figure of every slide that has one as SVG, with titles that tell no more than is shown."""
        everything, theme = self.picture(self.everything), self.design.theme
        svg = lay_out(everything, "svg", self.options.engine, DPI).decode()
        arranged = self.arrange_slides(everything.diagram)
        stages = zip(*(collect_stages(slides).values() for slides in (self.slides, arranged)), strict=True)
        return [
            finish_drawn_svg(hide_in_svg(svg, shown, theme).encode(), self.picture(stage)) for stage, shown in stages
        ]


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
    inputs: str | None = None,
    digits: int | None = None,
    decimals: int | None = None,
    branch: bool = True,
    title: str = "",
    engine: str = "bundled",
    limit: Mapping[str, int] | None = None,
) -> Deck:
    """Make the lecture on a trace, slide by slide.

    by is "step", "gate" or "pass": what has a slide of its own. paper is "16:9", "4:3" or "a4". notes adds what to say
    under each slide, and handout puts four slides on a page. theme, direction (up, down, right or left), labels (name,
    op or both), inputs (once or beside) and branch are those of the figure; what is not given is chosen so that its
    numbers are as large as they can be.
    digits is how many significant digits numbers have, 3 and in grids 2 if it is not given, or decimals how many
    behind the point. title stands on the first
    slide. limit moves a limit by its name, as in {"slides": 400} (bpviz.limits).
    Raises a BpvizError when an option is wrong.
    """
    check_drawn(len(group(trace.graph).gate_ids), set_limits(limit).drawn)
    find_paper(paper, SLIDES)
    theme = find_theme(theme)
    options = DeckOptions(
        theme=theme,
        labels=(check_labels(labels),) if labels else tuple(dict.fromkeys((theme.labels, OPERATION))),
        directions=(check_direction(direction),) if direction else tuple(dict.fromkeys((theme.direction, UP, RIGHT))),
        inputs=check_inputs(inputs) if inputs else None,
        branch=branch,
        rounding=rounding_to(digits, decimals),
        paper=paper,
        notes=notes,
        handout=handout,
        engine=engine,
    )
    trace = shorten_names(clear_noise(trace))
    diagram = describe(trace.graph, trace, options.rounding, labels=options.labels[0], branch=branch)
    slides = write_slides(trace, diagram, options.rounding, by=by, title=title)
    if len(slides) > set_limits(limit).slides:
        raise UsageError(
            f"a deck of {len(slides):,} slides is more than anybody shows",
            hint=f"--by pass takes fewer, and bpviz draw shows all at once; {raise_by('slides', len(slides))}",
        )
    return Deck(trace, slides, options)


def _count_cuts(fitted: Fitted) -> int:
    """Count where words of a figure are cut, in their circles too."""
    return fitted.picture.dot.count("…")


def write_deck(target: str | Path, files: Mapping[str, bytes]) -> None:
    """Write what Deck.files made for a target, and first make its folder if it is one.

    Raises OutputError for what cannot be written.
    """
    if find_deck_kind(target) == FRAMES:
        make_folder(target)
    write_in_turn(files)


def find_deck_kind(target: str | Path) -> str:
    """Find what a target's name asks for: pdf, html, pptx, tex, gif or frames; raise UsageError if it does not say.

    A folder is a name that ends in a slash, or a folder that is there already.
    """
    if is_folder(target):
        return FRAMES
    ending = Path(target).suffix.lower()
    if ending not in KINDS:
        what = f"no deck is written as {ending}" if ending else f"{target} has no ending that says what to write"
        raise UsageError(what, hint=f"end it in {', '.join(KINDS)}, or in / for a folder of pictures")
    return KINDS[ending]
