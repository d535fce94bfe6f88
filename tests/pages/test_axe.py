"""axe-core, the rules for accessible pages, finds nothing: in light and dark, on a phone, in a frame, in the quiz.

BPVIZ_AXE names the axe.min.js of the npm package axe-core, which .ci/run installs.
"""

from pathlib import Path
from typing import Any

import pytest

import bpviz
from tests.conftest import need_file

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# How many rules are kept, and what violates one
RUN = """() => axe.run().then(found =>
  [found.passes.length, found.violations.map(each => [each.id, each.nodes[0].html])])"""


@pytest.mark.parametrize(
    ("size", "scheme", "address", "options"),
    [
        (DESK, "light", "", {}),
        (DESK, "dark", "#x=2&step=13", {}),
        (PHONE, "light", "#step=5", {}),
        (DESK, "light", "", {"embed": True}),
        (DESK, "light", "", {"quiz": True}),
        (PHONE, "dark", "", {"quiz": True}),
    ],
)
def test_axe_finds_nothing(
    browser: Any, tmp_path: Path, size: dict[str, int], scheme: str, address: str, options: dict[str, bool]
) -> None:
    axe = need_file("BPVIZ_AXE").read_text(encoding="utf-8")
    file = tmp_path / "page.html"
    bpviz.page("(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)", x=3, y=-4, **options).save(file)
    context = browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=True)
    opened = context.new_page()
    opened.goto(file.as_uri() + address)
    opened.evaluate(axe)
    kept, violations = opened.evaluate(RUN)
    context.close()
    assert kept > 20
    assert violations == []
