"""Read text files within a limit, and write files whole or not at all.

A file is written beside its target first, then put in its place in one step: whoever reads it sees the old file or the
new one, never half of one.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from bpviz.errors import BpvizError, OutputError, UsageError, join_words
from bpviz.limits import raise_by

SUFFIX = ".bp"
BYTES_A_CHARACTER = 4  # at most, in UTF-8
MOST_TOLD = 5  # files that a message lists
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
REASONS = {  # in plain words, with what to do; the rest of errno speaks for itself
    errno.ENOENT: ("its folder does not exist", "make the folder first, or name another file"),
    errno.ENOTDIR: ("a part of its path is a file, not a folder", "name another file"),
    errno.EEXIST: ("a file has its name", "name another folder"),
    errno.EISDIR: ("it is a folder", "name a file in it"),
    errno.EACCES: ("writing there is not allowed", "name another folder, or close the file in other programs"),
    errno.EPERM: ("writing there is not allowed", "name another folder, or close the file in other programs"),
    errno.EROFS: ("the file system is read-only", "name another folder"),
    errno.ENOSPC: ("the disk is full", "make room, or name a file on another disk"),
    errno.EDQUOT: ("your disk quota is used up", "make room, or name a file on another disk"),
    errno.EFBIG: ("it would be larger than files may be here", "raise the limit (ulimit -f), or name another disk"),
    errno.ENAMETOOLONG: ("its name is too long", "give it a shorter one"),
    errno.ELOOP: ("its symbolic links lead in a circle", "name another file"),
    errno.EPIPE: ("nobody reads it any more", ""),
}


def read_text(path: str, limit: int, *, hint: str = f"give a {SUFFIX} file or an expression") -> str:
    """Read a text file of at most so many characters.

    Raises UsageError for a file that is missing (with the hint), is no regular file, is not text, or is too long.
    """
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UsageError(f"{path} is no regular file", hint="give its text on standard input, as program -")
            size = os.fstat(file.fileno()).st_size
            return decode(file.read(BYTES_A_CHARACTER * limit + 1), path, limit, size)
    except (OSError, ValueError) as error:
        what = f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"
        raise UsageError(what, hint=hint) from error


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file; should it be a pipe, do not wait for anybody to write to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def decode(data: bytes, where: str, limit: int, size: int = 0) -> str:
    """Decode bytes as UTF-8, and make all line ends one.

    where names the file in messages; size is its length in bytes, if that is known. Raises UsageError for bytes that
    are no text, and for more than `limit` characters.
    """
    if len(data) > BYTES_A_CHARACTER * limit:
        hint = f"is it a program? Split it if it is, or {raise_by('characters', max(size, 10 * limit))}"
        raise UsageError(f"{where} is longer than {limit:,} characters", hint=hint)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "save it as UTF-8; is it a text file?"
        raise UsageError(f"{where} is not UTF-8 text (byte {error.start + 1})", hint=hint) from error
    if "\0" in text:
        raise UsageError(f"{where} is not a text file: it has a zero byte", hint="give a program as text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def write(target: str | os.PathLike[str], data: bytes) -> None:
    """Write a file whole or not at all: on any failure what was there before is still there, and nothing else.

    A new file gets the mode that the umask says, an old one keeps its own; a symbolic link stays, and what it names
    is written. Devices and pipes are written straight. Raises OutputError with the reason and what to do.
    """
    with _explain_failure("write", target, "file name"):
        path, old = os.fspath(target) or os.curdir, None
        with suppress(FileNotFoundError):
            old = os.stat(path)
        if old and stat.S_ISDIR(old.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if old and (not stat.S_ISREG(old.st_mode) or path.startswith("/dev/")):  # /dev/stdout may lead to a file
            with open(path, "wb", buffering=0) as device:
                _write_all(device.fileno(), data)
            return
        if old and not os.access(path, os.W_OK):  # replacing it needs the folder's permission only: ask the file's
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        _replace(os.path.realpath(path), data, stat.S_IMODE(old.st_mode) if old else None)


def write_in_turn(files: Mapping[str, bytes], write_one: Callable[[str, bytes], None] = write) -> None:
    """Write files one after another; the error of one tells which were written before it."""
    with tell_written() as written:
        for name, data in files.items():
            write_one(name, data)
            written.append(name)


@contextmanager
def tell_written() -> Iterator[list[str]]:
    """Yield a list for the names of files as they are written; an error that ends the writing tells them."""
    written: list[str] = []
    try:
        yield written
    except BpvizError as error:
        if written:
            more = len(written) - MOST_TOLD
            listed = join_words([*written[:MOST_TOLD], f"{more} more"] if more > 0 else written)
            error.what += f"; {listed} {'are' if written[1:] else 'is'} written already"
        raise


def read_ending(target: str | os.PathLike[str], formats: Sequence[str], product: str) -> str:
    """Return the format that a file's ending chooses; raise UsageError when it chooses none of the formats.

    product is what would be written, for the message.

    >>> read_ending("F.PDF", ("svg", "pdf"), "figure")
    'pdf'
    """
    ending = os.path.splitext(target)[1].lower().removeprefix(".")
    if ending not in formats:
        what = f"no {product} is written as .{ending}" if ending else f"{target} has no ending that says what to write"
        raise UsageError(what, hint=f"end it in {', '.join('.' + each for each in formats)}")
    return ending


def is_folder(target: str | os.PathLike[str]) -> bool:
    """Say whether the name of a target is a folder's: it ends in a slash, or such a folder is there already."""
    return os.fspath(target).endswith(("/", os.sep, "\\")) or os.path.isdir(target)


def make_folder(folder: str | os.PathLike[str]) -> None:
    """Make a folder if there is none; raise OutputError with the reason and what to do."""
    with _explain_failure("make the folder", folder, "name"):
        if not os.path.isdir(folder):
            os.mkdir(folder)


@contextmanager
def _explain_failure(action: str, path: str | os.PathLike[str], kind: str) -> Iterator[None]:
    """Turn what the system says about a path into an OutputError; kind is what a null character is not part of."""
    try:
        yield
    except OSError as exc:
        reason, hint = REASONS.get(exc.errno or 0, (exc.strerror or str(exc), ""))
        raise OutputError(f"cannot {action} {path}: {reason}", hint=hint) from exc
    except ValueError as exc:  # a null character
        raise OutputError(f"cannot {action} {str(path)!r}: that is no {kind}") from exc


def _replace(target: str, data: bytes, mode: int | None) -> None:
    """Write a file beside the target, then rename it."""
    # Its name is one that no other run and no other thread has, and no longer than names may be.
    folder, name = os.path.split(target)
    temporary = os.path.join(folder, f".{name[:32]}.{os.getpid()}-{time.monotonic_ns():x}.tmp")
    try:
        handle = os.open(temporary, NEW_FILE, 0o666)
        try:
            _write_all(handle, data)
        finally:
            os.close(handle)
        if mode is not None:
            os.chmod(temporary, mode)
        os.replace(temporary, target)
    except BaseException:  # Ctrl-C too leaves nothing behind
        with suppress(OSError):  # it was never made, or its folder has gone and it with it
            os.unlink(temporary)
        raise


def _write_all(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]
