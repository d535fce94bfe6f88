"""How plots look: a theme as matplotlib's settings, the words above a plot, ticks, and words beside a point."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from math import isclose, pi
from typing import Any, TypeAlias
from warnings import catch_warnings, filterwarnings

import matplotlib as mpl
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.patheffects import withStroke
from matplotlib.ticker import AutoLocator, Formatter, FuncFormatter, LogLocator, MaxNLocator, MultipleLocator

from bpviz import fonts
from bpviz.figure.lettering import cut, width
from bpviz.figure.rendering import remove_forbidden
from bpviz.figure.theme import Theme
from bpviz.formula.numerals import MINUS, Rounding, number

# matplotlib's own types differ from release to release.
Axes: TypeAlias = Any
PlotFigure: TypeAlias = Any

WIDTH, HEIGHT = 8.0, 4.5  # inches: a slide, 16 to 9
POINTS_PER_INCH = 72.0
EDGE = 0.3  # inches from the edges to the words above a plot
LINE = 0.29  # inches from one line of them to the next
APART = 0.4  # inches at least between two texts on a line
BELOW = 0.12  # inches from the last line to the plot
SIDES = ((1, 1), (-1, 1), (1, -1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1))  # right and up, for words at a point
REACHES = (7, 20, 33)  # points from a point to the words beside it
AIR = 3  # pixels around such words, at 72 to the inch
HELPING = 1  # the zorder of lines that words may cover
OUTSIDE = 1_000  # how much worse words are outside the axes than over one vertex of a line
COVERING = 100  # how much worse they are over other words
PARTS_OF_PI = (1 / 4, 1 / 2, 1, 2, 5, 10)  # steps of an axis whose ends are multiples of π/4
MOST_TICKS = 10
MOST_QUARTERS_OF_PI = 160  # of an end that is still read as a multiple of π
MOST_LONG_TICKS = 3
LONG_FROM = 1e4  # times the length of an axis: so large numbers on it have many digits
PLAIN_FROM, PLAIN_TO = 1e-4, 1e6  # sizes of ticks that are written without a power of ten
MOST_DIGITS = 15


@contextmanager
def apply_style(theme: Theme) -> Iterator[None]:
    """Draw in a theme, with our settings for matplotlib and none of the machine's."""
    if not any(font.name == fonts.FAMILY for font in fontManager.ttflist):
        for style in fonts.STYLES:
            fontManager.addfont(os.path.join(fonts.LAYOUT, f"{style}.ttf"))
    settings: Any = {
        "font.family": [fonts.FAMILY, "DejaVu Sans"],  # the second comes with matplotlib, for letters ours has not
        "font.size": theme.number_size,
        "text.color": theme.ink,
        "text.parse_math": False,
        "figure.facecolor": theme.background,
        "figure.edgecolor": "none",
        "axes.facecolor": "none",
        "axes.edgecolor": theme.ink,
        "axes.labelcolor": theme.ink,
        "axes.labelsize": theme.name_size,
        "axes.titlesize": theme.name_size,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.xmargin": 0,
        "xtick.color": theme.ink,
        "ytick.color": theme.ink,
        "figure.constrained_layout.w_pad": 0.2,
        "figure.constrained_layout.h_pad": 0.1,
        "svg.fonttype": "path",
        "svg.hashsalt": "bpviz",
        "pdf.fonttype": 42,
        "path.simplify": False,
    }
    with mpl.rc_context(), catch_warnings(), np.errstate(all="ignore"):  # at the largest numbers some overflow
        filterwarnings("ignore", message="Glyph .* missing")  # letters that no font here has are boxes
        mpl.rcdefaults()
        mpl.rcParams.update(settings)
        yield


def mix(first: str, second: str, share: float) -> str:
    """Return the colour that is so far on the way from one colour to another.

    >>> mix("#000000", "#ffffff", 0.5)
    '#808080'
    """
    return to_hex(LinearSegmentedColormap.from_list("mix", [first, second])(share))


def start_figure() -> PlotFigure:
    """Make a figure as large as a slide; matplotlib's constrained layout finds the places of its axes."""
    return Figure((WIDTH, HEIGHT), layout="constrained")


def write_heading(
    figure: PlotFigure, theme: Theme, title: str, program: str, details: Sequence[str], *, stacked: bool = False
) -> None:
    """Write the title, the program and the details at the top of a figure, and leave the room below to its axes.

    The program has the colour of the curve that it labels. The details stand right of it; below it if they are long,
    or if they are to be stacked. Call it again when the figure has got another size.
    """
    for words in list(figure.texts):
        words.remove()
    wide, high = figure.get_size_inches()
    room = (wide - 2 * EDGE) * POINTS_PER_INCH
    beside = remove_forbidden("    ".join(each for each in details if each))
    needed = width(program, theme.name_size) + width(beside, theme.number_size) + APART * POINTS_PER_INCH
    is_below = bool(beside) and (stacked or needed > room)
    lines = [(title, theme.ink, theme.title_size), (program, theme.value, theme.name_size)]
    y = high - EDGE / 2
    for text, colour, size in [*lines, (beside, theme.faint, theme.number_size)][: 3 if is_below else 2]:
        if text:
            y -= LINE
            figure.text(EDGE / wide, y / high, remove_forbidden(cut(text, room, size)), color=colour, size=size)
    if beside and not is_below:
        figure.text(1 - EDGE / wide, y / high, beside, color=theme.faint, size=theme.number_size, ha="right")
    figure.get_layout_engine().set(rect=(0, 0, 1, (y - BELOW) / high))


def set_ticks(axis: Any, low: float, high: float, limit: int = MOST_TICKS) -> None:
    """Let an axis from low to high have ticks in our numbers: multiples of π if its ends are, else round ones."""
    quarters = [end / pi * 4 for end in (low, high)]
    are_multiples = all(isclose(each, round(each), abs_tol=1e-9) for each in quarters)
    if are_multiples and 1 <= max(map(abs, map(round, quarters))) <= MOST_QUARTERS_OF_PI:
        steps = [part for part in PARTS_OF_PI if (high - low) / pi / part <= limit]
        axis.set_major_locator(MultipleLocator((steps or PARTS_OF_PI[-1:])[0] * pi))
        axis.set_major_formatter(FuncFormatter(lambda value, _: format_pi(value / pi)))
    else:
        size, length = max(abs(low), abs(high)), high - low
        are_long = size > LONG_FROM * length or size >= PLAIN_TO or length < PLAIN_FROM
        axis.set_major_locator(MaxNLocator(MOST_LONG_TICKS, steps=[1, 2, 5, 10]) if are_long else AutoLocator())
        axis.set_major_formatter(RoundFormatter())


def set_log_ticks(axis: Any) -> None:
    """Let a logarithmic axis have ticks at powers of ten, in our numbers."""
    axis.set_major_locator(LogLocator(numticks=7))
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, Rounding(1)).replace("1×", "")))
    axis.set_minor_formatter(FuncFormatter(lambda value, _: ""))


class RoundFormatter(Formatter):
    """Write ticks in our numbers, all with as many decimals as their steps need: −0.5, 2×10⁶."""

    def __call__(self, value: float, pos: int | None = None) -> str:
        """Write one number by itself."""
        return number(value)

    def format_ticks(self, values: Sequence[float]) -> list[str]:
        """Write the numbers of all ticks.

        >>> RoundFormatter().format_ticks([0, 0.25, 0.5]), RoundFormatter().format_ticks([1e6, 2e6])
        (['0', '0.25', '0.50'], ['1×10⁶', '2×10⁶'])
        """
        if len(values) < 2:
            return [number(value) for value in values]
        step, size = min(np.diff(np.sort(values))), max(map(abs, values))
        if step >= PLAIN_FROM and size < PLAIN_TO:
            decimals = next((n for n in range(8) if isclose(step * 10**n, round(step * 10**n), rel_tol=1e-6)), 8)
            return [number(value, Rounding(decimals=decimals)) if round(value / step) else "0" for value in values]
        return [self._format_extreme(value, step) for value in values]

    def _format_extreme(self, value: float, step: float) -> str:
        """Write a number with a power of ten, with as few digits as it has."""
        value = value if round(value / step) else 0.0
        counts = range(1, MOST_DIGITS)
        digits = next((n for n in counts if abs(float(f"{value:.{n - 1}e}") - value) < step / 100), MOST_DIGITS)
        return number(value, Rounding(digits))


def format_pi(share: float) -> str:
    """Write a multiple of π.

    >>> [format_pi(share) for share in (-1, -0.25, 0, 0.75, 2)]
    ['−π', '−π/4', '0', '3π/4', '2π']
    """
    part = Fraction(share).limit_denominator(4)
    if not part:
        return "0"
    size = "π" if abs(part.numerator) == 1 else f"{abs(part.numerator)}π"
    return f"{MINUS if part < 0 else ''}{size}{f'/{part.denominator}' if part.denominator > 1 else ''}"


def label_point(axes: Axes, x: float, y: float, text: str, **style: Any) -> Any:
    """Write words beside a point, on the side where they cover least of the lines; the layout must be final."""
    figure = axes.figure
    halo = withStroke(linewidth=3, foreground=figure.get_facecolor())
    label = axes.annotate(
        remove_forbidden(text), (x, y), (0, 0), textcoords="offset points", path_effects=[halo], **style
    )
    label.set_in_layout(False)
    label.set_zorder(6)
    lines = [line.get_transform().transform_path(line.get_path()) for line in axes.lines if line.zorder > HELPING]
    # In pixels. A line of few points gets more of them between.
    vertices = np.vstack([path.interpolated(max(1, 400 // len(path.vertices))).vertices for path in lines])
    others = [each.get_window_extent() for each in axes.texts if each is not label]

    def cost(place: tuple[int, int, int]) -> float:
        _place(label, *place)
        box = label.get_window_extent().padded(AIR)
        (left, bottom), (right, top) = axes.bbox.min, axes.bbox.max
        is_inside = left <= box.x0 and box.x1 <= right and bottom <= box.y0 and box.y1 <= top
        covered = box.count_contains(vertices) + COVERING * sum(map(box.overlaps, others))
        return float(covered) + OUTSIDE * (not is_inside)

    best = min(((reach, *side) for reach in REACHES for side in SIDES), key=cost)
    _place(label, *best)
    return label


def _place(label: Any, reach: int, right: int, up: int) -> None:
    label.set_position((right * reach, up * reach))
    label.set_horizontalalignment({1: "left", 0: "center", -1: "right"}[right])
    label.set_verticalalignment({1: "bottom", 0: "center", -1: "top"}[up])
