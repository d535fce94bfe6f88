"""Pages of curves and contours as svg, pdf or png: the one place that runs matplotlib, without a screen.

Its own settings hold, whatever a machine's matplotlibrc says; letters in SVG are outlines, so that every program that
shows it shows the same; nothing tells the time. Equal pages give equal bytes.
"""

from __future__ import annotations

import io
import os
import re
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias
from warnings import catch_warnings, filterwarnings
from zlib import crc32

from bpviz import fonts
from bpviz.errors import OutputError, UsageError
from bpviz.explore.plot.page import POINTS_PER_INCH, Arrows, Contours, Page, Panel, Words
from bpviz.figure.rendering import DPI, HIGHEST_DPI, remove_forbidden
from bpviz.figure.svg import escape
from bpviz.limits import DEFAULT, check_pixels

if TYPE_CHECKING:
    from bpviz.explore.fields import Field

Axes: TypeAlias = Any  # matplotlib's own types differ from release to release
Figure: TypeAlias = Any
Triangulation: TypeAlias = Any

FORMATS = ("svg", "pdf", "png")
HINT = "install it with: pip install 'bpviz[plot]' (or: pip install matplotlib); the numbers need no package"
SETTINGS: Any = {
    "font.family": [fonts.FAMILY, "DejaVu Sans"],  # the second comes with matplotlib, for letters that ours has not
    "svg.fonttype": "path",
    "svg.hashsalt": "bpviz",
    "pdf.fonttype": 42,
    "path.simplify": False,
    "axes.linewidth": 0.8,
    "hatch.linewidth": 0.6,
}
NO_DATES: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": "bpviz"},
    "png": {"Software": None},
}
ROOT = re.compile(r"\A.*?(<svg [^>]*)>", re.DOTALL)  # with what XML has before it
ABOUT = re.compile(r"\A.*?</metadata>\n", re.DOTALL)
SMALL = 5.0  # points: a dot of this size has no edge
ORDER = {"patches": 1, "contours": 2, "lines": 3, "dots": 5}


def plotted(page: Page, format: str, *, dpi: float = DPI, transparent: bool = False) -> bytes:  # noqa: A002
    """Return a page as svg, pdf or png; raise UsageError for another format, OutputError without matplotlib."""
    if format not in FORMATS:
        raise UsageError(f"no plot is written as {format}", hint=f"choose one of {', '.join(FORMATS)}")
    if not 1 <= dpi <= HIGHEST_DPI:
        raise UsageError(f"{dpi:g} dots per inch are no resolution", hint=f"give 1 to {HIGHEST_DPI:g}; a screen has 96")
    if format == "png":
        check_pixels(page.width * page.height * dpi**2, DEFAULT.pixels, movable=False)
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure as Sheet
    except ImportError as exc:
        raise OutputError("matplotlib, which draws curves, is not installed", hint=HINT) from exc
    with mpl.rc_context(), catch_warnings():
        filterwarnings("ignore", message="Glyph .* missing")  # letters that no font here has are boxes
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        _bring_font()
        figure = Sheet(figsize=(page.width, page.height), facecolor=page.background, edgecolor="none")
        _draw(figure, page)
        out = io.BytesIO()
        told: Any = NO_DATES[format] | ({} if format == "png" else {"Title": remove_forbidden(page.title)})
        figure.savefig(out, format=format, dpi=dpi, transparent=transparent, metadata=told)
    return _finished(out.getvalue().decode(), page) if format == "svg" else out.getvalue()


def _finished(svg: str, page: Page) -> bytes:
    """Return SVG as it can stand in a page of HTML, with a title and a description that are read aloud."""
    title, description = (remove_forbidden(text) for text in (page.title, page.description))
    mark = f"{crc32((title + description).encode()):08x}"
    root = ROOT.sub(rf'\1 role="img" aria-labelledby="title-{mark} desc-{mark}">', svg, count=1)
    head, _, body = root.partition("\n")
    told = f'<title id="title-{mark}">{escape(title)}</title>\n<desc id="desc-{mark}">{escape(description)}</desc>\n'
    return (head + "\n" + told + ABOUT.sub("", body, count=1)).encode()


def _bring_font() -> None:
    """Make our typeface known to matplotlib, once in a process."""
    from matplotlib.font_manager import fontManager

    if not any(font.name == fonts.FAMILY for font in fontManager.ttflist):
        for style in fonts.STYLES:
            fontManager.addfont(os.path.join(fonts.LAYOUT, f"{style}.ttf"))


def _draw(figure: Figure, page: Page) -> None:
    for panel in page.panels:
        _draw_panel(figure, page, panel)
    for arrows in page.arrows:
        _draw_arrows(figure, page, arrows)
    for words in page.words:
        _draw_words(figure, page, words)


def _draw_panel(figure: Figure, page: Page, panel: Panel) -> None:
    """Draw a panel: axes, and from the ground up what is between them."""
    box = panel.box
    place = (box.left / page.width, box.bottom / page.height, box.width / page.width, box.height / page.height)
    axes = figure.add_axes(place, facecolor="none")
    axes.set_xlim(panel.x.low, panel.x.high)
    axes.set_ylim(panel.y.low, panel.y.high)
    _draw_frame(axes, page, panel)
    if panel.patches:
        from matplotlib.patches import Rectangle

        for left, bottom, right, top, colour in panel.patches:
            axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, facecolor=colour, zorder=1))
    if panel.contours:
        _draw_contours(axes, panel.contours)
    for line in panel.lines:
        xs, ys = zip(*line.points, strict=True)
        style = (0, tuple(part / line.width for part in line.dashes)) if line.dashes else "solid"
        axes.plot(xs, ys, color=line.colour, linewidth=line.width, linestyle=style, zorder=ORDER["lines"])
    for x, y, colour, size, is_hollow in panel.dots:
        face, edge = (page.background, colour) if is_hollow else (colour, page.background)
        rim = 1.2 if size > SMALL else 0.0
        look: dict[str, Any] = {"markerfacecolor": face, "markeredgecolor": edge, "markeredgewidth": rim}
        axes.plot([x], [y], "o", markersize=size, zorder=ORDER["dots"], **look)


def _draw_frame(axes: Axes, page: Page, panel: Panel) -> None:
    for side, spine in axes.spines.items():
        spine.set_visible(side in panel.frame)
        spine.set_color(page.ink)
    sides = (("x", axes.xaxis, panel.x, "bottom"), ("y", axes.yaxis, panel.y, "left"))
    for name, drawn, axis, near in sides:
        side = near if near in panel.frame or name == "x" else "right"
        places = [value for value, _ in axis.ticks]
        drawn.set_ticks(places, labels=[text for _, text in axis.ticks])
        if side == "right":
            axes.yaxis.tick_right()
        axes.tick_params(name, color=page.ink, labelcolor=page.ink, labelsize=page.number_size, length=3.5, width=0.8)


def _draw_contours(axes: Axes, contours: Contours) -> None:
    """Draw bands of colour and the lines between them, leaving out the cells that break or have no value."""
    mesh, heights = _mesh(contours.field)
    known = [height for height in heights if isfinite(height)]
    if not mesh.triangles.size:
        return
    low, high = min(known), max(known)
    heights = [height if isfinite(height) else low for height in heights]  # of no triangle
    if not contours.levels:
        axes.tripcolor(mesh, heights, cmap=_one_colour(contours.colours[0]), zorder=ORDER["contours"])
        return
    room = (high - low) or 1.0
    bounds = [low - room, *contours.levels, high + room]
    axes.tricontourf(mesh, heights, levels=bounds, colors=contours.colours, zorder=ORDER["contours"])
    axes.tricontour(
        mesh,
        heights,
        levels=contours.levels,
        colors=contours.line,
        linewidths=0.7,
        linestyles="solid",
        zorder=ORDER["contours"],
    )


def _mesh(field: Field) -> tuple[Triangulation, list[float]]:
    """Return the triangles that are drawn, two a cell, and the height of each corner."""
    from matplotlib.tri import Triangulation as Mesh

    across: list[float] = []
    up: list[float] = []
    heights: list[float] = []
    triangles: list[tuple[int, int, int]] = []
    for xs, ys, rows, left_out, _ in (field, *field.finer):
        first, columns = len(heights), len(xs)
        across += [x for _ in ys for x in xs]
        up += [y for y in ys for _ in xs]
        heights += [value for row in rows for value in row]
        out = dict.fromkeys(left_out)
        for i, j in ((i, j) for i in range(len(ys) - 1) for j in range(columns - 1) if (i, j) not in out):
            a = first + i * columns + j
            triangles += [(a, a + 1, a + columns + 1), (a, a + columns + 1, a + columns)]
    return Mesh(across, up, triangles), heights


def _one_colour(colour: str) -> Any:
    from matplotlib.colors import ListedColormap

    return ListedColormap([colour])


def _draw_arrows(figure: Figure, page: Page, arrows: Arrows) -> None:
    """Draw arrows wherever they stand on the page."""
    if not arrows.arrows:
        return
    axes = figure.add_axes((0, 0, 1, 1), facecolor="none")
    axes.set_xlim(0, page.width)
    axes.set_ylim(0, page.height)
    axes.set_axis_off()
    width = arrows.width / POINTS_PER_INCH
    axes.quiver(
        *zip(*arrows.arrows, strict=True),
        color=arrows.colour,
        angles="xy",
        scale_units="xy",
        scale=1,
        units="inches",
        width=width,
        headwidth=5,
        headlength=5.5,
        headaxislength=4.8,
        minshaft=1.2,
        minlength=0,
    )


def _draw_words(figure: Figure, page: Page, words: Words) -> None:
    effects = []
    if words.halo:
        from matplotlib.patheffects import withStroke

        effects = [withStroke(linewidth=3.0, foreground=page.background)]
    figure.text(
        words.x / page.width,
        words.y / page.height,
        remove_forbidden(words.text),
        color=words.colour,
        fontsize=words.size,
        style="italic" if words.italic else "normal",
        ha=words.align,
        va="baseline",
        parse_math=False,
        path_effects=effects,
    )
