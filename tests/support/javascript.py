"""Run JavaScript in Node or, where that is missing, in a headless Chromium: whichever is there."""

from __future__ import annotations

import html
import json
import math
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.conftest import need_browser

# numbers that JSON has not
WRITE = """(key, x) => typeof x === "number" && !Number.isFinite(x) ? String(x) : Object.is(x, -0) ? "-0" : x"""
NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf, "-0": -0.0}
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")


def evaluate(script: str, folder: Path) -> Any:
    """Return what the script's constant `result` is, from JSON and with every number as a float."""
    if shutil.which("node"):
        file = folder / "script.js"
        file.write_text(f"{script}\nconsole.log(JSON.stringify(result, {WRITE}));\n", encoding="utf-8")
        done = subprocess.run(["node", str(file)], capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return _read(done.stdout)
    file = folder / "page.html"
    write = f"document.body.textContent = JSON.stringify(result, {WRITE});"
    file.write_text(f"<!doctype html><meta charset=utf-8><body><script>{script}\n{write}</script>", encoding="utf-8")
    line = [need_browser(), *OPTIONS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", file.as_uri()]
    done = subprocess.run(line, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300)
    body = re.search(r"<body>(.*)</body>", done.stdout, flags=re.DOTALL)
    assert body, done.stderr[-2000:]
    return _read(html.unescape(body[1]))


def run_all(scripts: Sequence[str], points: Sequence[Sequence[Sequence[float]]], folder: Path) -> list[list[Any]]:
    """Run each script, which defines run, at its points, in one process; return the results in the same order."""
    runs = ",\n".join(f"(() => {{\n{script}return run;\n}})()" for script in scripts)
    at = json.dumps(points)
    result = evaluate(f"const runs = [{runs}];\nconst result = {at}.map((each, k) => each.map(runs[k]));", folder)
    made: list[list[Any]] = result
    return made


def _read(text: str) -> Any:
    return _restore(json.loads(text, parse_int=float))


def _restore(data: Any) -> Any:
    if isinstance(data, list):
        return [_restore(each) for each in data]
    if isinstance(data, dict):
        return {key: _restore(each) for key, each in data.items()}
    return NUMBERS.get(data, data) if isinstance(data, str) else data
