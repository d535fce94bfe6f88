"""Run Graphviz: DOT in, its own SVG, PDF or PNG out, measured and drawn in the figure's own typeface.

The engine `bundled` is the Graphviz library in the pygraphviz wheel, called in this process; `system` is the `dot` on
PATH. The library reads its font configuration once in a process, and that would make a figure depend on those drawn
before it. So a figure whose letters need the machine's fonts after one that did not, or one that follows somebody
else's use of pygraphviz, is drawn in a process of its own: slower by its start, the same bytes as ever.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import IO, Any

import graphviz

from bpviz import fonts
from bpviz.errors import OutputError

INSTALL_DOT = (
    "install Graphviz (Debian, Ubuntu: apt install graphviz; macOS: brew install graphviz; Windows: winget install "
    "graphviz), or leave out --engine system: bpviz brings its own"
)
INSTALL_WHEEL = (
    "install it with: pip install 'pygraphviz>=2.0.4' (wheels: Linux, macOS, Windows). Where there is no wheel, "
    "install Graphviz and give --engine system"
)
REPORT = "save the figure as .dot to see what Graphviz was given, or try --engine system"
PROBE = f'graph {{ node [shape=plain fontname="{fonts.FAMILY}" fontsize=100]; a [label="{"0" * 40}"] }}'
NO_LETTERS = "\u0378\U0001fffd"  # unassigned code points of four and of five digits
PROBE_WIDTH = 40 * 100 * 1151 / 2048 / 72  # inches: the width of forty zeros in our typeface
CORETEXT_PROCESS_SCOPE = 1  # kCTFontManagerScopeProcess
ONE_AT_A_TIME = Lock()  # Graphviz keeps global state, and so do file descriptor 2 and the environment


class Session:
    """The font configuration with which this process's Graphviz was started, since it cannot be started again."""

    configuration = ""  # "" before the first figure, "foreign" if somebody else has started it


def run_bundled(dot: str, format: str, dpi: float) -> bytes:  # noqa: A002
    """Draw a DOT text with the Graphviz in the pygraphviz wheel."""
    wanted = choose_font_configuration(dot)
    with ONE_AT_A_TIME:
        if not Session.configuration:
            # Whoever imported pygraphviz before us may have begun with other fonts.
            foreign = "pygraphviz" in sys.modules and not _is_our_font(_run_in_process(PROBE, "plain", wanted))
            Session.configuration = "foreign" if foreign else wanted
        if Session.configuration in (wanted, "machine.conf") or not sys.executable:
            return _run_in_process(set_size(dot, format, dpi), format, wanted)
    return _run_in_fresh_process(dot, format, dpi)


def run_system(dot: str, format: str, dpi: float) -> bytes:  # noqa: A002
    """Draw a DOT text with the `dot` on PATH, in the same typeface."""
    data = set_size(dot, format, dpi).encode()
    try:
        with ONE_AT_A_TIME, _set_environment(make_font_environment(choose_font_configuration(dot))):
            output: bytes = graphviz.pipe("dot", format, data, quiet=True)
    except (graphviz.ExecutableNotFound, OSError) as exc:
        raise OutputError("no program called dot runs here", hint=INSTALL_DOT) from exc
    except graphviz.CalledProcessError as exc:
        raise _make_error(exc.stderr) from exc
    if not output:
        raise _make_error(b"")
    return output


def choose_font_configuration(dot: str) -> str:
    """Choose the font configuration for a DOT text: ours alone, unless it has letters that our typeface lacks."""
    return "machine.conf" if find_rare_letters(dot) else "figure.conf"


def find_rare_letters(dot: str) -> str:
    """Find the letters of a DOT text that our typeface lacks, each once, in order."""
    if dot.isascii():
        return ""
    return "".join(c for c in dict.fromkeys(dot) if c > "\x7f" and ord(c) not in fonts.covered_code_points())


def find_missing_letters(letters: str, engine: str) -> str:
    """Find those of some letters that no font on this machine has.

    In their place Graphviz draws a box with the digits of the code point, so they are as large as one that will never
    be a letter.
    """
    labels = [*NO_LETTERS, *letters]
    nodes = " ".join(f'n{k} [label="{label}"]' for k, label in enumerate(labels))
    dot = f'graph {{ node [shape=plain fontname="{fonts.FAMILY}" fontsize=100]; {nodes} }}'
    run = run_bundled if engine == "bundled" else run_system
    lines = (line.split() for line in run(dot, "plain", 72.0).decode().splitlines())
    sizes = [tuple(words[4:6]) for words in lines if words[0] == "node"]  # its width and its height
    boxes = sizes[: len(NO_LETTERS)]
    return "".join(letter for letter, size in zip(letters, sizes[len(NO_LETTERS) :], strict=True) if size in boxes)


def set_size(dot: str, format: str, dpi: float) -> str:  # noqa: A002
    """Add to a DOT text what a format needs for the figure to have one size in all of them.

    A figure is laid out MAGNIFICATION times as large as it is drawn; its own dpi, for SVG and PDF, takes that back.

    >>> set_size("graph { x }", "png", 144), set_size("graph { x }", "pdf", 144), set_size("graph { x }", "svg", 144)
    ('graph { x graph [dpi=18] }', 'graph { x graph [margin=0] }', 'graph { x }')
    """
    setting = {"png": f"dpi={dpi / fonts.MAGNIFICATION:g}", "pdf": "margin=0"}.get(format)
    body, brace, _ = dot.rpartition("}")
    return f"{body}graph [{setting}] }}" if setting and brace else dot


def make_font_environment(configuration: str) -> dict[str, str]:
    """Return the variables that make pango and fontconfig use a font configuration of ours."""
    file = os.path.join(fonts.FOLDER, configuration)
    return {
        "FONTCONFIG_FILE": file,
        "XDG_DATA_HOME": fonts.FOLDER,  # where prefix="xdg" in the configuration is looked up
        "XDG_DATA_DIRS": fonts.FOLDER,
        "PANGOCAIRO_BACKEND": "fc",  # on Windows and macOS pango would ask the system first
        **({"XDG_CACHE_HOME": file} if configuration == "figure.conf" else {}),  # there is no cache in a file
    }


def _is_our_font(plain: bytes) -> bool:
    """Tell from the probe's layout whether it was measured in our typeface."""
    width = float(plain.split(b"\nnode a ")[1].split()[2])
    return abs(width - PROBE_WIDTH) < PROBE_WIDTH / 100


def _run_in_process(dot: str, format: str, configuration: str) -> bytes:  # noqa: A002
    with _set_environment(make_font_environment(configuration)), _capture_stderr() as log:
        library = load_library()
        # The context comes first: it declares the defaults that a graph gets when it is read, such as a node's label.
        context = library.gvContextWithBuiltins()
        try:
            output = _draw(library, context, dot, format.encode())
        finally:
            library.gvFreeContext(context)
        log.seek(0)
        printed = log.read()
    if not output or printed.startswith(b"Error") or b"\nError" in printed:
        raise _make_error(printed)
    return output


def load_library() -> Any:
    """Return pygraphviz's extension module; raise OutputError if it is missing or too old."""
    try:
        from pygraphviz import _graphviz as library

        library.gvContextWithBuiltins  # noqa: B018  older releases have none: they need a Graphviz of the system's
    except (ImportError, AttributeError, OSError) as exc:
        raise OutputError(f"the Graphviz that bpviz draws with is missing: {exc}", hint=INSTALL_WHEEL) from exc
    if sys.platform == "darwin":
        _register_fonts()
    return library


def _draw(library: Any, context: Any, dot: str, format: bytes) -> bytes:  # noqa: A002
    with _open_anonymous_file() as source:
        source.write(dot.encode())
        source.seek(0)
        try:
            graph = library.agread(source, None)
        except ValueError:
            return b""
    try:
        if library.gvLayout(context, graph, b"dot"):
            return b""
        try:
            error, data = library.gvRenderData(context, graph, format)
            return b"" if error else bytes(data)
        finally:
            library.gvFreeLayout(context, graph)
    finally:
        library.agclose(graph)


@cache
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
        register(make_url(None, path, len(path), False), CORETEXT_PROCESS_SCOPE, None)


def _run_in_fresh_process(dot: str, format: str, dpi: float) -> bytes:  # noqa: A002
    import subprocess

    ours = os.path.dirname(os.path.dirname(fonts.FOLDER))
    path = os.pathsep.join(filter(None, [ours, os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-c", f"from {__name__} import draw_stdin; draw_stdin()", format, str(dpi)],
        input=dot.encode(),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    if done.returncode:
        raise _make_error(done.stderr)
    return done.stdout


def draw_stdin() -> None:
    """Draw the DOT on standard input to standard output: what the fresh process does."""
    try:
        sys.stdout.buffer.write(run_bundled(sys.stdin.buffer.read().decode(), sys.argv[1], float(sys.argv[2])))
    except OutputError as exc:
        sys.exit("\n".join(line.strip() for line in exc.what.splitlines()[1:]))


def _make_error(log: bytes) -> OutputError:
    """Make an error of the last lines that Graphviz has printed."""
    lines = [line for line in log.decode("utf-8", "replace").splitlines() if line and "ontconfig" not in line]
    return OutputError("\n  ".join(["Graphviz could not draw this figure.", *lines[-5:]]), hint=REPORT)


@contextmanager
def _set_environment(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _capture_stderr() -> Iterator[IO[bytes]]:
    """Lead file descriptor 2 into a file of ours: the C libraries write to it directly, and at any time.

    Works where standard error is closed, too; what sys.stderr has buffered is not touched.
    """
    try:
        saved = os.dup(2)
    except OSError:
        saved = -1
    log = _open_anonymous_file()
    os.dup2(log.fileno(), 2)
    try:
        yield log
    finally:
        if saved >= 0:
            os.dup2(saved, 2)
            os.close(saved)
        elif log.fileno() != 2:
            os.close(2)
        log.close()


def _open_anonymous_file() -> IO[bytes]:
    """Open a file that has no name: in memory where the system can, so that no folder need be writable."""
    if sys.platform == "linux":
        return open(os.memfd_create("bpviz"), "w+b", buffering=0)
    from tempfile import TemporaryFile

    return TemporaryFile("w+b", buffering=0)
