"""The Graphviz library inside the pygraphviz wheel, without the rest of pygraphviz.

The package's own __init__ imports subprocess, tempfile, shutil and more, which doubles the time to the first figure.
What is needed is its extension module alone, so that is loaded by itself, under its full name, so that a later
`import pygraphviz` finds the very same one.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from bpviz import fonts
from bpviz.errors import OutputError

NAME = "pygraphviz._graphviz"
THIS_PROCESS = 1  # kCTFontManagerScopeProcess
HINT = (
    "install it with: pip install 'pygraphviz>=2.0.4' (wheels: Linux, macOS, Windows). Where there is no wheel, "
    "install Graphviz and give --engine system"
)


def load() -> Any:
    """Return the extension module; raise OutputError if it is not there or is of another make."""
    loaded = sys.modules.get(NAME)
    if loaded:
        return loaded
    try:
        module = _load_alone() or _load_package()
        module.gvContextWithBuiltins  # noqa: B018  older releases have none: they need a Graphviz of the system's
    except (ImportError, AttributeError, OSError) as exc:
        raise OutputError(f"the Graphviz that bpviz draws with is missing: {exc}", hint=HINT) from exc
    if sys.platform == "darwin":
        _register_fonts()
    return module


def _load_alone() -> Any:
    """Load the extension without its package; None where that is not possible."""
    if sys.platform == "win32":
        return None  # the package tells Windows where the libraries are
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    package = PathFinder.find_spec("pygraphviz")
    spec = package and PathFinder.find_spec(NAME, package.submodule_search_locations)
    if not spec or not spec.loader:
        return None
    module = module_from_spec(spec)
    sys.modules[NAME] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[NAME]
        raise
    return module


def _load_package() -> Any:
    from pygraphviz import _graphviz

    return _graphviz


def _register_fonts() -> None:
    """Let CoreText know our typeface in this process: on macOS the wheel measures and draws with it, not with pango.

    Not tried on a Mac by us. Where it fails the figure is set in the machine's own fonts.
    """
    from ctypes import CDLL, c_bool, c_char_p, c_long, c_uint32, c_void_p

    frameworks = "/System/Library/Frameworks/{0}.framework/{0}"
    try:
        make_url = CDLL(frameworks.format("CoreFoundation")).CFURLCreateFromFileSystemRepresentation
        register = CDLL(frameworks.format("CoreText")).CTFontManagerRegisterFontsForURL
    except (OSError, AttributeError):
        return
    make_url.argtypes, make_url.restype = [c_void_p, c_char_p, c_long, c_bool], c_void_p
    register.argtypes, register.restype = [c_void_p, c_uint32, c_void_p], c_bool
    for style in fonts.STYLES:
        path = os.fsencode(os.path.join(fonts.LAYOUT, f"{style}.ttf"))
        register(make_url(None, path, len(path), False), THIS_PROCESS, None)
