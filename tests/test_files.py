"""Files: whole or not at all, whatever stands in the way, and nothing left behind."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bpviz import files
from bpviz.errors import OutputError, UsageError
from bpviz.files import read_ending, write

ROOT = Path(__file__).parent.parent
DATA = b"whole" * 1000


def test_a_format_is_told_by_its_ending(tmp_path: Path) -> None:
    formats = ("svg", "pdf", "png")
    assert [read_ending(name, formats, "plot") for name in ("a.svg", "b.PDF", "c.d.png")] == ["svg", "pdf", "png"]
    for name in ("a", "a.dot", tmp_path):
        with pytest.raises(UsageError):
            read_ending(name, formats, "plot")


def test_a_new_file_has_the_mode_that_the_umask_says(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        write(tmp_path / "f.svg", DATA)
    finally:
        os.umask(old)
    assert (tmp_path / "f.svg").read_bytes() == DATA
    assert stat.S_IMODE((tmp_path / "f.svg").stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["f.svg"]


def test_an_old_file_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "f.svg").write_text("old")
    (tmp_path / "f.svg").chmod(0o600)
    write(str(tmp_path / "f.svg"), DATA)
    assert (tmp_path / "f.svg").read_bytes() == DATA
    assert stat.S_IMODE((tmp_path / "f.svg").stat().st_mode) == 0o600


@pytest.mark.parametrize("exists", [True, False])
def test_a_symbolic_link_stays_and_what_it_names_is_written(exists: bool, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    real, link = tmp_path / "folder" / "real.svg", tmp_path / "link.svg"
    if exists:
        real.write_text("old")
    link.symlink_to("folder/real.svg")
    write(link, DATA)
    assert link.is_symlink()
    assert real.read_bytes() == DATA
    assert list((tmp_path / "folder").iterdir()) == [real]


def prepare(folder: Path) -> None:
    (folder / "folder").mkdir()
    (folder / "file").write_text("old")
    (folder / "loop").symlink_to("loop")


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("folder", "it is a folder"),
        ("missing/f.svg", "its folder does not exist"),
        ("file/f.svg", "is a file, not a folder"),
        ("x" * 300, "its name is too long"),
        ("loop", "lead in a circle"),
        ("nul\0l", "that is no file name"),
    ],
)
def test_a_target_that_cannot_be_written_is_told_and_leaves_nothing(target: str, words: str, tmp_path: Path) -> None:
    prepare(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OutputError, match=words):
        write(f"{tmp_path}/{target}", DATA)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "file").read_text() == "old"


def test_an_empty_name_is_told() -> None:
    with pytest.raises(OutputError, match="cannot write"):
        write("", DATA)


def test_a_write_protected_file_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "f.svg").write_text("old")
    (tmp_path / "f.svg").chmod(0o444)
    monkeypatch.setattr(files.os, "access", lambda *_: False)  # as for everybody but root
    with pytest.raises(OutputError, match="not allowed"):
        write(tmp_path / "f.svg", DATA)
    assert (tmp_path / "f.svg").read_text() == "old"


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "read-only"), (errno.EIO, "nput/output error")],
)
def test_a_failure_while_writing_keeps_the_old_file(
    number: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    (tmp_path / "f.svg").write_text("old")
    monkeypatch.setattr(files.os, "write", fail)
    with pytest.raises(OutputError, match=words):
        write(tmp_path / "f.svg", DATA)
    assert (tmp_path / "f.svg").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_interrupt_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "f.svg", DATA)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_vanishes_meanwhile_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()

    def vanish(handle: int, data: bytes) -> None:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()

    monkeypatch.setattr(files, "_write_all", vanish)
    with pytest.raises(OutputError, match="its folder does not exist"):
        write(folder / "f.svg", DATA)
    assert list(tmp_path.iterdir()) == []


def test_a_file_larger_than_the_limit_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    code = f"""
import sys; sys.path[:0] = [{str(ROOT)!r}]
import resource
from bpviz.files import write
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try: write({str(tmp_path / "f.svg")!r}, bytes(5000))
except Exception as exc: print(type(exc).__name__, exc)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "OutputError" in done.stdout
    assert "larger than files may be" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_full_device_is_told() -> None:
    with pytest.raises(OutputError, match="disk is full"):
        write("/dev/full", DATA)


def test_a_pipe_is_written_straight(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write(tmp_path / "pipe", bytes(200_000))
    reader.join()
    assert got == [bytes(200_000)]
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("to_file", [True, False])
def test_dev_stdout_is_standard_output(to_file: bool, tmp_path: Path) -> None:
    code = f"import sys; sys.path[:0] = [{str(ROOT)!r}]\nfrom bpviz.files import write\nwrite('/dev/stdout', b'data')"
    if to_file:
        with (tmp_path / "out").open("wb") as out:
            subprocess.run([sys.executable, "-c", code], stdout=out, check=True)
        assert (tmp_path / "out").read_bytes() == b"data"
    else:
        assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"data"


def test_two_runs_on_one_file_leave_one_whole_file(tmp_path: Path) -> None:
    texts = [bytes([letter]) * 300_000 for letter in b"ab"]
    threads = [
        threading.Thread(target=lambda text=text: [write(tmp_path / "f.svg", text) for _ in range(50)])
        for text in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (tmp_path / "f.svg").read_bytes() in texts
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_that_cannot_be_written_tells_which_were_before_it(tmp_path: Path) -> None:
    names = [f"{k}.txt" for k in range(8)]
    missing = tmp_path / "gone" / "f.txt"
    with pytest.raises(OutputError) as caught:
        files.write_in_turn({str(tmp_path / name): b"" for name in names} | {str(missing): b""})
    first = ", ".join(str(tmp_path / name) for name in names[:5])
    assert caught.value.what.endswith(f": its folder does not exist; {first} and 3 more are written already")
    assert [(tmp_path / name).exists() for name in names] == [True] * 8
