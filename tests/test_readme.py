"""Every command of the README runs, and what it says of itself is so."""

import os
import re
import shutil
import subprocess
import sys
from ast import literal_eval
from pathlib import Path

import pytest

import bpviz
from bpviz.gates import GATES
from tests.accuracy import LIMIT, measure
from tests.conftest import need_module
from tests.fuzz import MOST_MEGABYTES, MOST_SECONDS, SUMMARY, Report

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line.startswith(("bpviz", "echo"))]
INSTALL, TESTS = (line for block in BLOCKS for line in block.splitlines() if line.startswith("python3 -m venv"))
ON_WINDOWS = re.findall(r"```powershell\n(.*?)\n```", README, re.DOTALL)
DRAW = INSTALL.rpartition("/bin/")[2]  # what the first command does after the set-up


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "samples", tmp_path / "samples", ignore=shutil.ignore_patterns("lecture", ".*"))
    return tmp_path


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "COLUMNS": "80"}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", [*COMMANDS, DRAW])
def test_command_runs_as_written(command: str, desk: Path) -> None:
    if command.startswith(("bpviz sweep", "bpviz descend", "bpviz build")):
        need_module("matplotlib")
    if ".pptx" in command:
        need_module("pptx")
    before = {file: file.read_bytes() for file in desk.rglob("*") if file.is_file()}
    done = shell(command, desk)
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr
    new = {str(file.relative_to(desk)): file for file in desk.rglob("*") if file.is_file() and file not in before}
    asked = {name for name in re.findall(r" -o (\S+)", command) if name != "-"}
    name = re.findall(r"bpviz (\w+)", command)[-1]
    folders = {name for name in asked if name.endswith("/")}
    expected = (asked - folders) or ({"f.svg"} if name == "draw" and " -o -" not in command else set())
    assert expected <= new.keys()
    assert all(any(each.startswith(folder) for each in new) for folder in folders)
    for file in new.values():
        assert re.match(BEGINNINGS[file.suffix], file.read_bytes()), file
    if not asked and not expected and name != "build":
        assert re.search(PRINTED[name], done.stdout)
    elif name == "build":
        assert {file.suffix for file in new.values()} >= {".svg", ".pdf", ".html", ".tex", ".py", ".csv", ".md", ".txt"}


BEGINNINGS = {
    ".svg": rb"<\?xml|<svg",
    ".pdf": rb"%PDF-",
    ".png": rb"\x89PNG\r\n",
    ".html": rb"<!doctype html>|<!DOCTYPE html>",
    ".pptx": rb"PK",
    ".tex": rb"(%.*\n)*(\\documentclass|\{\\allowdisplaybreaks)",
    ".js": rb"//",
    ".py": rb"#|import|def|[a-z_]+ = ",
    ".csv": rb"x,f,|sheet,student,|kind,",
    ".md": rb"\$",
    ".txt": rb"multiply",
    ".json": rb"\{",
    ".built": rb"\{",
    ".yml": rb"title: bpviz",
    ".lua": rb"-- Turns the blocks of code",
}
PRINTED = {  # what nothing else prints
    "quarto": r"→ .*bpviz\.lua",
    "draw": r"\Adigraph \{\n",
    "table": r"(?sm)^input +(shape +)?value +gradient.*^step +name|\A\{\n  \"program\"",
    "gates": r"(?s)sigmoid.*softplus|chain rule|product rule|Multiply|multiply|transpose",
    "steps": r"(?s)forward pass.*backward pass",
    "code": r"(?s)// forward pass.*// backward pass|dW = np\.outer\(dq, x\)",
    "symbolic": r"(?m)^∂f/∂x = 1/\(σ\(x\) \+ \(x \+ y\)²\)|^∂L/∂w = 2/3 · Xᵀ · r$",
    "check": r"(?s)name +(gradient +difference|claimed +gradient).*(agrees|right)",
}


def test_the_first_command_makes_an_environment_and_draws_the_example(tmp_path: Path) -> None:
    for name in ("bpviz", "LICENSE", "README.md", "pyproject.toml"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    done = shell(INSTALL, tmp_path)
    if "No matching distribution" in done.stderr and os.environ.get("BPVIZ_NO_SKIP") != "1":
        pytest.skip("pip reaches no index")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] in README
    assert (tmp_path / "f.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (tmp_path / "f.pdf").read_bytes().startswith(b"%PDF-")


def test_there_are_two_commands_of_set_up_and_the_second_passes_the_tests() -> None:
    assert INSTALL.startswith("python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/bpviz draw")
    assert TESTS == 'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/python -m pytest -n auto'
    assert len(COMMANDS) >= 9


def test_the_commands_for_windows_are_the_same_words() -> None:
    as_in_sh = [
        line.replace("; ", " && ").replace("\\Scripts\\", "/bin/").replace("python -m venv", "python3 -m venv")
        for line in ON_WINDOWS
    ]
    assert as_in_sh == [INSTALL, TESTS]


def test_continuous_integration_runs_the_readmes_commands() -> None:
    workflow = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert [line for line in (INSTALL, TESTS, *ON_WINDOWS) if f"          {line}\n" not in workflow] == []
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_summary_and_the_table_are_what_the_program_prints(desk: Path) -> None:
    drawn = shell(DRAW, desk).stdout
    table = shell(next(line for line in COMMANDS if line.startswith("bpviz table")), desk).stdout
    for printed in (drawn, table):
        assert "\n".join(line.rstrip() for line in printed.splitlines()) in README
    derived = shell(next(line for line in COMMANDS if line.startswith("bpviz steps samples/example.bp")), desk).stdout
    step = "\n".join(derived.splitlines()).partition("\n  (7) invden = 1/den\n")[2].partition("\n\n")[0]
    assert f"```\n  (7) invden = 1/den\n{step}\n```" in README


def test_every_file_and_name_of_the_guide_for_contributors_is_there() -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    files = re.findall(r"`((?:\.ci/|[\w/]+)[\w/.]*(?:/|\.py|\.md|run))`", guide)
    assert len(files) > 20
    assert [file for file in files if not any(base.joinpath(file).exists() for base in PLACES)] == []
    names = re.findall(r"`([A-Z_]{4,})`", guide)
    source = "".join(
        file.read_text(encoding="utf-8") for folder in ("bpviz", "tests") for file in (ROOT / folder).rglob("*.py")
    )
    assert [name for name in names if f"\n{name}" not in source] == []


PLACES = (ROOT, ROOT / "bpviz", *(ROOT / "bpviz" / folder for folder in ("figure", "cli", "vectors")))


@pytest.mark.parametrize("command", re.findall(r"_BPVIZ_COMPLETE=\w+ bpviz", README))
def test_a_line_for_completion_prints_what_a_shell_sources(command: str, tmp_path: Path) -> None:
    done = shell(command, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "_BPVIZ_COMPLETE" in done.stdout


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
            assert eval(code, names) == literal_eval(said)
        else:
            exec(code, names)
    assert (tmp_path / "f.pdf").exists()


def test_the_fuzzers_sentence_is_its_own_and_enough() -> None:
    found = SUMMARY.search(README)
    assert found
    texts, lines, processes = (int(count.replace(",", "")) for count in found.groups()[:3])
    assert texts >= 200_000
    assert lines + processes >= 2_000
    assert processes >= 100
    assert float(found[4]) < MOST_SECONDS
    assert int(found[5]) < MOST_MEGABYTES


def test_the_fuzzer_prints_the_sentence_that_the_readme_has() -> None:
    report = Report()
    report.tried.update({"parse": 1_234_567, "command": 2_345, "process": 345})
    report.memory = {"all texts": 61.2, "a process": 99.6, "all command lines in one process": 450.0}
    report.slowest = {"parse": (0.1, "x"), "command": (1.26, "y")}
    found = SUMMARY.fullmatch(report.summary())
    assert found
    assert found.groups() == ("1,234,567", "2,345", "345", "1.3", "100")


def test_the_worst_gate_of_the_readme_is_the_worst_and_is_no_better_than_it_says() -> None:
    name, ulps = re.findall(r"is the slope of (\w+), with ([0-9.]+) units", README)[0]
    assert float(ulps) <= LIMIT
    assert measure(GATES[name], 2_000).slope.ulps <= float(ulps) + 0.005
