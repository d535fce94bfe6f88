"""Every command of the README runs, and what it says of itself is so."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import bpviz
from tests.conftest import need_module

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.startswith(("bpviz", "echo"))]
INSTALL, TESTS = (line for block in BLOCKS for line in block.splitlines() if line.startswith("pip"))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    return tmp_path


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "COLUMNS": "80"}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", [*COMMANDS, INSTALL.partition("&& ")[2]])
def test_command_runs_as_written(command: str, desk: Path) -> None:
    if command.startswith(("bpviz sweep", "bpviz descend")):
        need_module("matplotlib")
    before = set(desk.rglob("*"))
    done = shell(command, desk)
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr
    assert done.stdout or set(desk.rglob("*")) - before


def test_there_are_two_commands_of_set_up_and_the_second_is_this_one() -> None:
    assert INSTALL.startswith("pip install . && bpviz draw")
    assert TESTS == 'pip install -e ".[test]" && python -m pytest'
    assert len(COMMANDS) >= 9


def test_the_summary_and_the_table_are_what_the_program_prints(desk: Path) -> None:
    drawn = shell(INSTALL.partition("&& ")[2], desk).stdout
    table = shell(next(line for line in COMMANDS if line.startswith("bpviz table")), desk).stdout
    for printed in (drawn, table):
        assert "\n".join(line.rstrip() for line in printed.splitlines()) in README
    derived = shell(next(line for line in COMMANDS if line.startswith("bpviz steps")), desk).stdout
    step = "\n".join(derived.splitlines()).partition("\n  (7) invden = 1/den\n")[2].partition("\n\n")[0]
    assert f"```\n  (7) invden = 1/den\n{step}\n```" in README


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"samples/[\w-]+\.(?:svg|png)", README)
    assert len(pictures) >= 7
    for picture in pictures:
        assert (ROOT / picture).exists(), picture


def test_the_python_lines_say_what_they_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"bpviz": bpviz}
    for line in re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0].splitlines():
        code, _, said = line.partition("  #")
        if said:
            assert eval(code, names) == float(said)
        else:
            exec(code, names)
    assert (tmp_path / "f.pdf").exists()
