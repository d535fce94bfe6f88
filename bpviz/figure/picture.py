"""A figure as text, before it is laid out: what every writer of figures makes, and every part of the drawing takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bpviz.figure.sketch import Sketch

if TYPE_CHECKING:
    from bpviz.figure.dot import Page  # only a figure needs it


class Picture(NamedTuple):
    """A figure as text: its DOT, a title in one line, a description in sentences, and a title for each SVG id.

    said and page are what its DOT was written from, for another writer.
    """

    dot: str
    title: str
    description: str
    labels: dict[str, str]
    said: Sketch
    page: Page
