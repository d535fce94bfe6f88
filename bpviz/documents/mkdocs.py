"""bpviz in MkDocs, or wherever pymdownx.superfences is: a fence that becomes a figure, a table or a derivation.

    markdown_extensions:
      - pymdownx.superfences:
          custom_fences:
            - name: bpviz
              class: bpviz
              format: !!python/name:bpviz.documents.mkdocs.fence
              validator: !!python/name:bpviz.documents.mkdocs.validate

A block then begins with ```{.bpviz x=3 y=-4 theme=cs231n caption="The example."}. A mistake is a warning of MkDocs,
which stops `mkdocs build --strict`, and stands on the page.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from weakref import WeakKeyDictionary

from pymdownx.superfences import SuperFencesException

from bpviz.documents.blocks import ERROR_CLASS, FIGURE, Block, make_block
from bpviz.documents.notebooks import number_ids
from bpviz.errors import BpvizError

LOG = logging.getLogger("mkdocs.plugins.bpviz")  # MkDocs counts the warnings of these loggers

shown_on_page: WeakKeyDictionary[Any, Counter[str]] = WeakKeyDictionary()  # pictures, by what converts a page


def validate(language: str, inputs: dict[str, str], options: dict[str, str], attrs: dict[str, str], md: Any) -> bool:
    """Take all that stands behind the name of a fence as its options; make_block says which are none."""
    options.update(inputs)
    return True


def fence(
    source: str,
    language: str,
    css_class: str,
    options: Mapping[str, str],
    md: Any,
    classes: Sequence[str] = (),
    id_value: str = "",
    attrs: Mapping[str, str] | None = None,
    **others: Any,
) -> str:
    """Return the HTML of a fence, as pymdownx.superfences asks for it."""
    given = {**(attrs or {}), **options}
    kind, caption, label = given.pop("as", FIGURE), given.pop("caption", ""), given.pop("label", id_value)
    width = given.pop("width", "") if kind == FIGURE else ""
    try:
        output, messages = make_block(Block(source, kind, given))
        content = _write_svg(output.svg, width, md) if kind == FIGURE else output._repr_html_()
    except BpvizError as error:
        LOG.warning("bpviz: %s", error)
        return f'<div class="{ERROR_CLASS}"><pre>{escape(source)}</pre><pre>{escape(str(error))}</pre></div>'
    except Exception as error:  # a fault of ours, which superfences would pass over in silence
        raise SuperFencesException(f"bpviz failed: {error}") from error
    for message in messages:
        LOG.warning("bpviz: %s", message)
    id_ = f' id="{escape(label)}"' if label else ""
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f'<figure{id_} class="bpviz">{content}{below}</figure>'


def _write_svg(svg: str, width: str, md: Any) -> str:
    """Write a figure that is no wider than the page, with ids that no other figure of the page has."""
    style = f"width:{escape(width)};max-width:100%;height:auto" if width else "max-width:100%;height:auto"
    numbered = number_ids(svg, shown_on_page.setdefault(md, Counter()))
    return numbered.replace("<svg ", f'<svg style="{style}" ', 1)
