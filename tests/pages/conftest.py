"""A browser for the tests of pages, which is opened once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bpviz.autodiff import Trace
from tests.conftest import need_browser, need_module

# Pages that were made once, by the id of their trace and their options; with the trace, so that its id stays its own.
MADE: dict[tuple[int, str], tuple[Trace, str]] = {}
Open = Callable[..., Any]  # opens the page of a trace; what it returns is a page of Playwright's


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    chromium = need_browser()
    with need_module("playwright.sync_api").sync_playwright() as playwright:
        args = ["--no-sandbox", "--font-render-hinting=none"]  # letters are as wide as their outlines
        opened = playwright.chromium.launch(executable_path=chromium, args=args)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Open the page of a trace. At the end of the test nothing may have been fetched, and nothing gone wrong."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})

    def open_it(trace: Trace, address: str = "", **options: Any) -> Any:
        file = tmp_path / f"page{len(context.pages)}.html"
        if (made := (id(trace), repr(options))) not in MADE:
            MADE[made] = trace, trace.page(**options).html
        file.write_text(MADE[made][1], encoding="utf-8", newline="\n")
        opened = context.new_page()
        opened.on("console", lambda message: complaints.append(message.text))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("request", lambda request: complaints.append(request.url) if opened.url != "about:blank" else None)
        opened.goto(file.as_uri() + address)
        return opened

    yield open_it
    context.close()
    assert complaints == []
