"""What -h of a command prints: how it is called, what it does, command lines to copy, and its options."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from shutil import get_terminal_size
from textwrap import dedent, fill, wrap

from bpviz.cli.options import Option, Within

WIDEST = 100  # columns, after which the eye loses the line
OPTION = 32  # columns of an option's name; longer ones stand on a line of their own


def help_of(name: str, takes: str, about: str, options: Sequence[Option]) -> str:
    """Return the help of a command that takes such a word, as wide as the terminal."""
    width = min(get_terminal_size().columns, WIDEST)
    usage = f"Usage: bpviz {name} [OPTIONS] {takes}".rstrip()
    rows = [row for option in options for row in _rows(option, width)]
    return "\n".join([usage, "", *_paragraphs(about, width), "Options:", *rows])


def _paragraphs(about: str, width: int) -> Iterator[str]:
    """Set a docstring, each paragraph followed by an empty line.

    Command lines, and what is indented, stay as they are, to be copied.
    """
    first, _, rest = about.strip().partition("\n")
    for paragraph in f"{first}\n{dedent(rest)}".split("\n\n"):
        lines = paragraph.strip("\n").split("\n")
        if all(line.startswith(("bpviz ", "  ")) for line in lines):
            yield from (f"  {line}" for line in lines)
        else:
            yield fill(paragraph, width - 2, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
        yield ""


def _rows(option: Option, width: int) -> Iterator[str]:
    """Set an option: its names and value at the left, what it does beside or under them."""
    value = "" if option.takes_value is False else f" {_value(option)}"
    name = f"  {', '.join(option.names)}{value}"
    kind = option.how.get("type")
    bounds = f"  [{kind}]" if isinstance(kind, Within) and str(kind) else ""
    lines = wrap(option.how["help"] + bounds, max(width - OPTION - 2, 20), break_on_hyphens=False)
    if len(name) + 2 > OPTION:
        yield name
    else:
        yield f"{name:{OPTION}}{lines.pop(0)}"
    yield from (" " * OPTION + line for line in lines)


def _value(option: Option) -> str:
    """Return what stands for the value of an option."""
    choices = option.how.get("choices")
    if choices:
        return f"[{'|'.join(choices)}]"
    name: str = option.how.get("metavar") or ("NUMBER" if "type" in option.how else "TEXT")
    return f"[{name}]" if option.takes_value is None else name
