"""Texts that come from a file: read whole, within a limit, as UTF-8, line ends made one."""

from __future__ import annotations

import os
import re
import stat

from bpviz.errors import UsageError
from bpviz.limits import raise_by

SUFFIX = ".bp"
WIDEST = 4  # bytes of a character
PIECE = r"#[^\n]*|[()\[\];\n]|[^#()\[\];\n]+"  # comments, brackets and ends by themselves


def read_text(path: str, most: int, *, hint: str = f"give a {SUFFIX} file or an expression") -> str:
    """Return the text of a file of at most so many characters.

    Raises UsageError for a file that is not there, is no regular file, is not text, or is too long; hint is what to
    do where there is none.
    """
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UsageError(f"{path} is no regular file", hint="give its text on standard input, as program -")
            size = os.fstat(file.fileno()).st_size
            return decoded(file.read(WIDEST * most + 1), path, most, size)
    except (OSError, ValueError) as error:
        what = f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"
        raise UsageError(what, hint=hint) from error


def decoded(data: bytes, where: str, most: int, size: int = 0) -> str:
    """Return bytes as text; raise UsageError where they are none, or too many: size in all, if that is known."""
    if len(data) > WIDEST * most:
        hint = f"is it a program? Split it if it is, or {raise_by('characters', max(size, 10 * most))}"
        raise UsageError(f"{where} is longer than {most:,} characters", hint=hint)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "save it as UTF-8; is it a text file?"
        raise UsageError(f"{where} is not UTF-8 text (byte {error.start + 1})", hint=hint) from error
    if "\0" in text:
        raise UsageError(f"{where} is not a text file: it has a zero byte", hint="give a program as text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting for anybody to write to it, should it be a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def statements(source: str) -> list[str]:
    """Return the statements of a program as they were typed, each in one line, without comments: for titles.

    >>> statements("w = 2; dot(w, x;  # weights\\n    y, z)")
    ['w = 2', 'dot(w, x; y, z)']
    """
    if not any(mark in source for mark in "#;\n"):  # as on most command lines
        return [" ".join(source.split())] if source.strip() else []
    found, depth = [""], 0
    for piece in re.findall(PIECE, source):
        depth += (piece in "([") - (piece in ")]")
        if piece in ";\n" and depth <= 0:
            found.append("")
        elif not piece.startswith("#"):
            found[-1] += piece
    return [" ".join(each.split()) for each in found if each.strip()]
