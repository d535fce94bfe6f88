"""bpviz in Sphinx: the directive bpviz, whose content becomes a figure, a table or a derivation.

    extensions = ["bpviz.documents.sphinx"]

    .. bpviz::
       :x: 3
       :y: -4
       :theme: cs231n
       :name: fig-example
       :caption: The example.

       (x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)

The directive's options are those of the command line, an empty one being a flag; `:as: table`, `:as: steps` and
`:as: page` make a table, a derivation and a page with sliders. HTML gets SVG, LaTeX PDF. A figure with a caption has a
number where numfig is on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from bpviz.documents.blocks import ERROR_CLASS, FIGURE, PAGE, RELEASE, Block, describe, make_block
from bpviz.errors import BpvizError
from bpviz.files import make_folder, write

LOG = logging.getLogger(__name__)
LOOKS_OF_TEXTS = ("caption", "name")  # options that are Sphinx's, of tables, derivations and pages
LOOKS = (*LOOKS_OF_TEXTS, "alt", "width", "align")  # and of figures
OPTION = re.compile(r"^\s*:(\S+):", re.MULTILINE)
FORMATS = {"image/svg+xml": "svg", "application/pdf": "pdf", "image/png": "png"}  # by what a builder calls them


class AnyOption(dict[str, Callable[[str | None], str]]):
    """The options that a directive may have: any, since the inputs of a program are options. Empty ones are flags."""

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, name: str) -> Callable[[str | None], str]:
        return lambda value: (value or "").strip() or "true"


class BlockFigure(nodes.General, nodes.Element):  # type: ignore[misc]  # docutils has no types for mypy
    """A figure of a document before it is known for which builder it is drawn; its attribute block says what it is."""


class BlockDirective(SphinxDirective):  # type: ignore[misc]  # Sphinx's types are not asked for
    """The directive bpviz."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = AnyOption()

    def run(self) -> list[Any]:
        """Return the nodes of the block, or of the error in it."""
        names = {name.lower(): name for name in OPTION.findall(self.block_text)}  # docutils makes them all small
        options = {names.get(name, name): value for name, value in self.options.items()}
        kind = options.pop("as", FIGURE)
        known = LOOKS if kind == FIGURE else LOOKS_OF_TEXTS
        looks: dict[str, str] = {name: options.pop(name) for name in known if name in options}
        program = "\n".join([*self.arguments, *self.content])
        block = Block(program, kind, options, os.path.dirname(self.env.doc2path(self.env.docname)))
        if block.file:
            self.env.note_dependency(block.file)
        try:
            output, messages = make_block(block)
        except BpvizError as error:
            LOG.warning("bpviz: %s", error, location=self.get_location())
            shown = [nodes.literal_block(text, text, language="none") for text in (program, str(error))]
            return [nodes.container("", *shown, classes=[ERROR_CLASS])]
        for message in messages:
            LOG.warning("bpviz: %s", message, location=self.get_location())
        if kind == FIGURE:
            figure = BlockFigure("", block=block, alt=looks.get("alt") or describe(output.summary))
            if "width" in looks:
                figure["width"] = looks["width"]
            wrapper = nodes.figure("", figure)
        else:
            content = _place_page(output, block) if kind == PAGE else _place_text(output)
            wrapper = nodes.container("", *content, classes=["bpviz"])
        return self._finish(wrapper, looks)

    def _finish(self, wrapper: Any, looks: dict[str, str]) -> list[Any]:
        """Give a figure or a text its caption and its name."""
        messages: list[Any] = []
        if "caption" in looks:
            inlines, messages = self.state.inline_text(looks["caption"], self.lineno)
            kind = nodes.caption if isinstance(wrapper, nodes.figure) else nodes.paragraph
            wrapper += kind(looks["caption"], "", *inlines)
        if "align" in looks:
            wrapper["align"] = looks["align"]
        self.options = {"name": looks["name"]} if "name" in looks else {}
        self.add_name(wrapper)
        self.set_source_info(wrapper)
        return [wrapper, *messages]


def _place_text(text: Any) -> list[Any]:
    """Return the nodes of a table or a derivation: for HTML, for LaTeX, and as plain text for all other builders."""
    plain = nodes.literal_block(str(text), str(text), language="none")
    return [
        nodes.raw("", text._repr_html_(), format="html"),
        nodes.raw("", text._repr_latex_(), format="latex"),
        addnodes.only("", plain, expr="not html and not latex"),
    ]


def _place_page(page: Any, block: Block) -> list[Any]:
    """Return the nodes of a page: for HTML, and as its figure for all other builders."""
    options = {name: value for name, value in block.options.items() if name != "range"}
    figure = block._replace(kind=FIGURE, options=options)
    drawn = BlockFigure("", block=figure, alt=describe(make_block(figure).output.summary))
    return [
        addnodes.only("", nodes.raw("", page._repr_html_(), format="html"), expr="html and not epub"),
        addnodes.only("", drawn, expr="not html or epub"),
    ]


class DrawFigures(SphinxPostTransform):  # type: ignore[misc]  # Sphinx's types are not asked for
    """Draws each figure in the format that the builder likes best; what is drawn already stays as it is."""

    default_priority = 60  # when nodes that are for other builders only, at 50, are gone

    def run(self, **others: Any) -> None:
        """Put an image in place of every figure; where the builder shows none it is its description."""
        formats = [FORMATS[each] for each in self.app.builder.supported_image_types if each in FORMATS]
        for node in list(self.document.findall(BlockFigure)):
            try:
                path = self._draw(node["block"], formats[0]) if formats else ""
            except BpvizError as error:
                LOG.warning("bpviz: %s", error, location=node)
                node.replace_self(nodes.literal_block(str(error), str(error), language="none", classes=[ERROR_CLASS]))
                continue
            image = nodes.image(alt=node["alt"], uri=path, candidates={"*": path})
            if "width" in node:
                image["width"] = node["width"]
            node.replace_self(image)

    def _draw(self, block: Block, format_: str) -> str:
        """Return the path of the file in which a figure is, after drawing it if it is not there."""
        folder = os.path.join(self.app.doctreedir, "bpviz")
        path = os.path.join(folder, f"bpviz-{block.digest()}.{format_}")
        if not os.path.exists(path):
            make_folder(folder)
            write(path, make_block(block).output.data(format_))
        self.env.images.add_file(self.env.docname, path)
        return path


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the directive."""
    app.add_node(BlockFigure)
    app.add_directive("bpviz", BlockDirective)
    app.add_post_transform(DrawFigures)
    return {"version": RELEASE, "parallel_read_safe": True, "parallel_write_safe": True}
