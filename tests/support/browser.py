"""Ask Chromium how it draws a page: a script on the page measures, and what it returns comes back."""

from __future__ import annotations

import json
import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

from tests.conftest import need_browser

OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--virtual-time-budget=3000", "--dump-dom"),
    "--font-render-hinting=none",  # letters are as wide as their outlines
)
SCRIPT = """<pre id="measured"></pre><script>document.fonts.ready.then(() => {{
  document.getElementById("measured").textContent = JSON.stringify((() => {{ {script} }})());
}})</script>"""


def measure_in_browser(page: str, script: str, folder: Path, *options: str) -> Any:
    """Return what a script returns on a page once its fonts are loaded; the script is the body of a function."""
    file = folder / "page.html"
    file.write_text(f'<!doctype html><meta charset="utf-8">{page}{SCRIPT.format(script=script)}', encoding="utf-8")
    command = [need_browser(), *OPTIONS, *options, f"--user-data-dir={folder / 'profile'}", file.as_uri()]
    dom = subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode()
    found = re.search(r'<pre id="measured">(.+?)</pre>', dom, re.DOTALL)
    assert found, dom
    return json.loads(unescape(found[1]))
