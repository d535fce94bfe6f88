"""What sweep and descend write: tables, data and pictures, each by its file's ending or by --format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bpviz.cli.looks import DPI, QUIET, THEME, TRANSPARENT, files
from bpviz.cli.options import Option, option
from bpviz.cli.target import format_of, say, show, write_bytes
from bpviz.errors import UsageError

if TYPE_CHECKING:
    from bpviz.explore.front import Plot

TEXTS = {".txt": "plain", ".md": "markdown", ".tex": "latex", ".csv": "csv", ".json": "json"}
PICTURES = {".svg": "svg", ".pdf": "pdf", ".png": "png"}
RICH = "rich"
WITHOUT_NOTES = ("csv", "json", "npz", *PICTURES.values())  # in which nothing is said in words


def result_options(more: Mapping[str, str]) -> tuple[Option, ...]:
    """Return the options of what is written; more are endings that a command has of its own."""
    endings = {**TEXTS, **PICTURES, **more}
    return (
        files(f"File: {' '.join(endings)}, or -."),
        option(
            "--format",
            dest="format_",
            choices=[RICH, *endings.values()],
            help="How to write it to - or without -o; rich, in colour on a terminal.",
        ),
        THEME,
        option("--title", default="", help="A line above the picture."),
        DPI,
        TRANSPARENT,
        option("--all", dest="whole", action="store_true", help="Every row on the terminal too."),
        option("--open", dest="open_", action="store_true", help="Show the file when it is written."),
        QUIET,
    )


class Look(NamedTuple):
    """How a picture looks, as the command line says it."""

    theme: str
    title: str
    dpi: float | None
    transparent: bool

    def plot(self, what: object, numbers: Mapping[str, int]) -> Plot:
        """Return the picture of a sweep or a descent."""
        from bpviz.explore import front as plots

        dpi = {} if self.dpi is None else {"dpi": self.dpi}
        return plots.plot(
            what,  # type: ignore[arg-type]  # a sweep or a descent, whichever command this is
            theme=self.theme,
            title=self.title,
            transparent=self.transparent,
            **numbers,
            **dpi,  # type: ignore[arg-type]
        )


class Where(NamedTuple):
    """Where results go, and as what; no target is the terminal."""

    targets: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def is_terminal(self) -> bool:
        """Say whether a table is to be shown, and nothing to be written."""
        return self.kinds == (RICH,)


def where(outputs: Sequence[str], format_: str | None, stem: str, more: Mapping[str, str]) -> Where:
    """Return where results go: files by their endings, standard output by --format, a picture to a file anyway.

    Raises UsageError for an ending that is none, and for a format that no file has.
    """
    endings = {**TEXTS, **PICTURES, **more}
    if not outputs:
        is_text = format_ is None or format_ == RICH or format_ in TEXTS.values()
        target = "-" if is_text else f"{stem}.{format_}"
        return Where((target,), (format_ or RICH,))
    kinds = [format_of(target, endings, "nothing is written to") or format_ or "plain" for target in outputs]
    if format_ and format_ not in kinds:
        raise UsageError(f"{outputs[0]} is no .{format_} file", hint="leave --format out: the ending says it")
    return Where(tuple(outputs), tuple("plain" if kind == RICH else kind for kind in kinds))


def write_results(to: Where, data: Callable[[str], bytes], summary: str, *, quiet: bool, open_: bool) -> None:
    """Make all results, then write them, and say in a line what they are."""
    made = {kind: data(kind) for kind in dict.fromkeys(to.kinds)}
    for target, kind in zip(to.targets, to.kinds, strict=True):
        write_bytes(target, made[kind])
    files = [target for target in to.targets if target != "-"]
    if files and not quiet:
        say(f"{summary}   → {', '.join(files)}", aside="-" in to.targets)
    if open_:
        show(files)
