"""Harmful input, a few seconds of it with fixed seeds; python -m tests.fuzz goes on for as long as one likes."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from typing import Any

import pytest

from bpviz import cli
from bpviz.text import code, symbolic
from tests import fuzz, fuzz_programs

ENDLESS = 120.0  # seconds of processor time: the suite asks whether a case ends, however slow the machine is


@pytest.mark.parametrize("seed", range(4))
def test_any_text_gives_a_result_or_a_bpviz_error(seed: int) -> None:
    report = fuzz.Report(most_seconds=ENDLESS)
    fuzz.try_texts(seed, 2_000, report)
    assert report.findings == []
    assert report.tried["parse"] == 2_000
    assert 100 < report.fine["parse"] < 1_900  # neither all noise nor all programs


@pytest.mark.parametrize("seed", range(3))
def test_any_command_line_gives_a_result_or_an_error_in_words(seed: int) -> None:
    report = fuzz.Report(most_seconds=ENDLESS)
    fuzz.try_lines(seed, 160, report)
    assert report.findings == []
    assert report.fine["command"] > 15


@pytest.mark.parametrize("seed", range(3))
def test_any_program_has_its_numbers_in_every_text_and_listing(seed: int) -> None:
    report = fuzz.Report(most_seconds=ENDLESS)
    fuzz.try_programs(seed, 50, report)
    assert report.findings == []
    assert report.fine["program"] > 20  # most have a value at the point


def test_a_closed_form_that_forgets_a_tie_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoilt(graph: Any, **options: Any) -> str:
        return str(symbolic(graph, **options)).replace(" == ", " != ")

    monkeypatch.setattr(fuzz_programs, "symbolic", spoilt)
    with pytest.raises(AssertionError, match=r"x at \{'x': .*\} is 0.0, not 1.0"):
        fuzz_programs.try_pieces("max(x, x)", random.Random(1))


def test_a_listing_with_another_number_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoilt(what: Any, lang: str) -> str:
        return str(code(what, lang=lang)).replace("1.0", "1.5")

    report = fuzz.Report(most_seconds=ENDLESS)
    monkeypatch.setattr(fuzz_programs, "code", spoilt)
    fuzz.try_programs(0, 40, report)
    assert any("AssertionError: python: " in finding for finding in report.findings)


def test_any_command_line_as_a_process_too() -> None:
    report = fuzz.Report(most_seconds=ENDLESS)
    fuzz.try_lines(1, 6, report, processes=True)
    assert report.findings == []
    assert report.tried["process"] >= 4


def test_the_fuzzer_finds_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str, **_: object) -> None:
        raise RecursionError(text)

    report = fuzz.Report()
    monkeypatch.setattr(fuzz, "parse", broken)
    fuzz.try_text("x", random.Random(0), report)
    assert "RecursionError" in report.findings[0]
    report.note("parse", "x", 12.5, False)
    assert "took 12.5 s" in report.findings[1]
    assert "findings: 2" in report.text()


def test_the_command_says_what_was_tried_and_in_how_much_memory() -> None:
    line = [sys.executable, "-m", "tests.fuzz", "--seconds", "2", "--seed", "7"]
    done = subprocess.run(line, cwd=fuzz.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "findings: 0" in done.stdout
    assert re.search(r"memory: \d+ MB for all texts, \d+ MB for a process, \d+ MB for all command lines", done.stdout)
    assert fuzz.SUMMARY.search(done.stdout)


def test_too_much_memory_is_a_finding() -> None:
    report = fuzz.Report()
    report.measure("all texts", 1e6)
    assert report.findings == []
    report.measure("all texts", 1.0)
    assert re.fullmatch(r"\d+ MB for all texts", report.findings[0])


def test_every_command_is_tried_and_what_took_long_once() -> None:
    chance = random.Random(5)
    lines = [fuzz.command_line(chance) for _ in range(700)]
    assert {line[0] for line in lines} == set(cli.bpviz.commands)
    assert sum("--simplify" in line for line in lines) > 3
    for command in ("check", "deck", "worksheet", "exercise"):
        assert sum(line[0] == command for line in lines) > 10
    assert any(line[0] == "check" and any(word.startswith("max(w_0, w_1") for word in line) for line in lines)
