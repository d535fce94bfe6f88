"""A gate's page: every row is complete enough to teach from."""

from __future__ import annotations

import pytest

from bpviz.gates import TABLE, Gate
from bpviz.text.gate_texts import write_gate_page
from tests.support.snapshot import check


def page(name: str) -> str:
    return str(write_gate_page(name))


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_a_row_says_where_its_slopes_come_from_and_what_they_mean(gate: Gate) -> None:
    for text in (gate.words.derivation, gate.words.lesson):
        assert len(text) > 30, f"{gate.name} needs a derivation and a lesson"
        assert not text.endswith(".")
        assert text[0] == text[0].lower()
    assert gate.words.lesson != gate.words.does


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_a_page_fits_eighty_columns_and_says_all(gate: Gate) -> None:
    text = page(gate.name)
    assert max(map(len, text.splitlines())) <= 80
    words = " ".join(text.split())
    for part in (
        gate.board,
        *gate.board_local,
        gate.words.derivation,
        gate.words.does,
        gate.words.lesson,
        gate.domain,
        gate.rule,
    ):
        assert part in words


@pytest.mark.parametrize("name", ["multiply", "sigmoid", "max", "branch"])
def test_pages_read_well(name: str) -> None:
    check(f"gate-{name}.txt", page(name))
