"""What several test modules need."""

from __future__ import annotations

import gc
import os
import shutil
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

collect_ignore_glob = ["benchmarks/peers/*.py"]  # scripts on the peers' packages, which only the extra bench brings


def pytest_collection_finish() -> None:
    """Leave the collected tests, a million objects, out of every later garbage collection: a tenth of the whole run."""
    gc.freeze()


def need(tool: str) -> str:
    """Return a program's path. Where it is missing the test is skipped, or fails if BPVIZ_NO_SKIP=1 (as in CI)."""
    found = shutil.which(tool)
    if not found and os.environ.get("BPVIZ_NO_SKIP") == "1":
        pytest.fail(f"{tool} is missing, and BPVIZ_NO_SKIP forbids to skip")
    return found or pytest.skip(f"{tool} is not installed")


def need_browser() -> str:
    """Return Chromium's path, under the same rule: the one without windows if it is there, which starts faster."""
    return shutil.which("chromium-headless-shell") or need("chromium")


def need_module(name: str) -> ModuleType:
    """Return a module, under the same rule."""
    try:
        return import_module(name)
    except ImportError:
        if os.environ.get("BPVIZ_NO_SKIP") == "1":
            pytest.fail(f"{name} is missing, and BPVIZ_NO_SKIP forbids to skip")
        pytest.skip(f"{name} is not installed")


def need_file(variable: str) -> Path:
    """Return the file that an environment variable names, under the same rule."""
    path = Path(os.environ.get(variable, ""))
    if not path.is_file() and os.environ.get("BPVIZ_NO_SKIP") == "1":
        pytest.fail(f"{variable} names no file, and BPVIZ_NO_SKIP forbids to skip")
    return path if path.is_file() else pytest.skip(f"{variable} names no file")


def where_present(tool: str) -> str:
    """Return the path of a program that is too large to demand of every machine, such as LaTeX; skip without it."""
    return shutil.which(tool) or pytest.skip(f"{tool} is not installed")
