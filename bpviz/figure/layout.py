"""Graphviz: DOT in, its own SVG, PDF or PNG out, measured and drawn in the figure's own typeface.

The engine `bundled` is the library in the pygraphviz wheel, called in this process. It reads its font configuration
once in a process, and that would make a figure depend on those drawn before it. So a figure whose letters need the
machine's fonts after one that did not, or one that follows somebody else's use of pygraphviz, is drawn in a process
of its own: slower by its start, the same bytes as ever.
"""

from __future__ import annotations

import os
import re
import sys
from _thread import allocate_lock  # threading's Lock, without the rest of threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from bpviz import fonts
from bpviz.errors import OutputError
from bpviz.figure.library import load

INSTALL_DOT = (
    "install Graphviz (Debian, Ubuntu: apt install graphviz; macOS: brew install graphviz; Windows: winget install "
    "graphviz), or leave out --engine system: bpviz brings its own"
)
REPORT = "save the figure as .dot to see what Graphviz was given, or try --engine system"
PROBE = f'graph {{ node [shape=plain fontname="{fonts.FAMILY}" fontsize=100]; a [label="{"0" * 40}"] }}'
PROBE_WIDTH = 40 * 100 * 1151 / 2048 / 72  # inches: what forty zeros of our typeface come to
INCH = 72.0  # points
OPENING = r'\s*(?:strict\s+)?(?:di)?graph\s*(?:"(?:[^"\\]|\\.)*"|\w*)\s*\{'
OWN_DPI = rf'({OPENING}\s*graph \[(?:[^]"]|"[^"]*")*?\bdpi="?)([\d.]+)'
ONE_AT_A_TIME = allocate_lock()  # Graphviz keeps global state, and so does file descriptor 2


class Session:
    """What this process's Graphviz has been started with, since it cannot be started again."""

    configuration = ""  # the configuration that fontconfig has read: "" before the first figure


def bundled(dot: str, format: str, dpi: float) -> bytes:  # noqa: A002
    """Return a DOT text drawn by the Graphviz in the pygraphviz wheel."""
    wanted = configuration_for(dot)
    drawn = sized(dot, format, dpi)
    with ONE_AT_A_TIME:
        if not Session.configuration:
            foreign = "pygraphviz" in sys.modules
            Session.configuration = "foreign" if foreign and not _is_ours(_run(PROBE, "plain", wanted)) else wanted
        if Session.configuration in (wanted, "machine.conf") or not sys.executable:
            return _run(drawn, format, wanted)
    return _in_fresh_process(dot, format, dpi)


def system(dot: str, format: str, dpi: float) -> bytes:  # noqa: A002
    """Return a DOT text drawn by the `dot` on PATH, with the same typeface."""
    import subprocess

    try:
        done = subprocess.run(
            ["dot", f"-T{format}"],
            input=sized(dot, format, dpi).encode(),
            capture_output=True,
            env={**os.environ, **environment(configuration_for(dot))},
            check=False,
        )
    except OSError as exc:
        raise OutputError("no program called dot runs here", hint=INSTALL_DOT) from exc
    if done.returncode or not done.stdout:
        raise _failure(done.stderr)
    return done.stdout


def configuration_for(dot: str) -> str:
    """Return the font configuration that a DOT text needs: ours alone unless it has letters that ours lacks."""
    rare = () if dot.isascii() else {c for c in dot if c > "\x7f"}
    return "figure.conf" if fonts.covered().issuperset(map(ord, rare)) else "machine.conf"


def sized(dot: str, format: str, dpi: float) -> str:  # noqa: A002
    """Return a DOT text with what a format asks for, so that its size is that of the figure in each.

    A figure may be laid out larger than it is drawn, and then says so: dpi=9 for eight times as large.

    >>> sized("graph { graph [dpi=9] x }", "png", 144), sized("graph { x }", "pdf", 0)
    ('graph { graph [dpi=18] x }', 'graph { graph [margin=0] x }')
    """
    setting = {"png": f" graph [dpi={dpi:g}]", "pdf": " graph [margin=0]"}.get(format)
    if not setting:
        return dot
    if format == "png" and (own := re.match(OWN_DPI, dot)):
        return f"{own[1]}{float(own[2]) * dpi / INCH:g}{dot[own.end() :]}"
    opening = re.match(OPENING, dot)
    return opening[0] + setting + dot[opening.end() :] if opening else dot


def environment(configuration: str) -> dict[str, str]:
    """Return the variables that make pango and fontconfig use a font configuration of ours."""
    file = os.path.join(fonts.FOLDER, configuration)
    return {
        "FONTCONFIG_FILE": file,
        "XDG_DATA_HOME": fonts.FOLDER,  # where prefix="xdg" in the configuration is looked up
        "XDG_DATA_DIRS": fonts.FOLDER,
        "PANGOCAIRO_BACKEND": "fc",  # on Windows and macOS pango would ask the system first
        **({"XDG_CACHE_HOME": file} if configuration == "figure.conf" else {}),  # there is no cache in a file
    }


def _is_ours(plain: bytes) -> bool:
    """Tell from the probe's layout whether it was measured in our typeface."""
    width = float(plain.split(b"\nnode a ")[1].split()[2])
    return abs(width - PROBE_WIDTH) < PROBE_WIDTH / 100


def _run(dot: str, format: str, configuration: str) -> bytes:  # noqa: A002
    """Lay out and draw in this process."""
    with _environ(environment(configuration)), _quiet() as log:
        graphviz = load()
        # The context comes first: it declares the defaults that a graph gets when it is read, such as a node's label.
        context = graphviz.gvContextWithBuiltins()
        try:
            drawn = _draw(graphviz, context, dot, format.encode())
        finally:
            graphviz.gvFreeContext(context)
        words = _words(log)
    if not drawn or words.startswith(b"Error") or b"\nError" in words:
        raise _failure(words)
    return drawn


def _draw(graphviz: Any, context: Any, dot: str, format: bytes) -> bytes:  # noqa: A002
    with _anonymous_file() as source:
        source.write(dot.encode())
        source.seek(0)
        try:
            graph = graphviz.agread(source, None)
        except ValueError:
            return b""
    try:
        if graphviz.gvLayout(context, graph, b"dot"):
            return b""
        try:
            error, data = graphviz.gvRenderData(context, graph, format)
            return b"" if error else bytes(data)
        finally:
            graphviz.gvFreeLayout(context, graph)
    finally:
        graphviz.agclose(graph)


def _in_fresh_process(dot: str, format: str, dpi: float) -> bytes:  # noqa: A002
    import subprocess

    ours = os.path.dirname(os.path.dirname(fonts.FOLDER))
    path = os.pathsep.join(filter(None, [ours, os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-m", "bpviz.figure.layout", format, str(dpi)],
        input=dot.encode(),
        capture_output=True,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    if done.returncode:
        raise _failure(done.stderr)
    return done.stdout


def _failure(words: bytes) -> OutputError:
    """Return the error that passes on Graphviz's last words."""
    said = [line for line in words.decode("utf-8", "replace").splitlines() if line and "ontconfig" not in line]
    return OutputError("\n  ".join(["Graphviz could not draw this figure.", *said[-5:]]), hint=REPORT)


@contextmanager
def _environ(variables: dict[str, str]) -> Iterator[None]:
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
def _quiet() -> Iterator[IO[bytes]]:
    """Lead file descriptor 2 into a file of ours: the C libraries write to it directly, and at any time.

    Works where standard error is closed, too; what sys.stderr has buffered is not touched.
    """
    try:
        saved = os.dup(2)
    except OSError:
        saved = -1
    log = _anonymous_file()
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


def _words(log: IO[bytes]) -> bytes:
    log.seek(0)
    return log.read()


def _anonymous_file() -> IO[bytes]:
    """Return a file that has no name: in memory where the system can, so that no folder need be writable."""
    if sys.platform == "linux":
        return open(os.memfd_create("bpviz"), "w+b", buffering=0)
    from tempfile import TemporaryFile

    return TemporaryFile("w+b", buffering=0)


def _main() -> None:
    """Draw the DOT on standard input to standard output: the fresh process."""
    try:
        sys.stdout.buffer.write(bundled(sys.stdin.buffer.read().decode(), sys.argv[1], float(sys.argv[2])))
    except OutputError as exc:
        sys.exit("\n".join(line.strip() for line in exc.what.splitlines()[1:]))


if __name__ == "__main__":
    _main()
