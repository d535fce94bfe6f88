"""The two patterns of a token, for any text and for ASCII alone, find the same tokens wherever both apply."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.lang.tokens import ASCII_TOKEN, TOKEN

SIGNS = [
    "**",
    "==",
    "<=",
    "+=",
    "1e-3",
    "1.",
    ".5",
    "1..2",
    "1_000",
    "x_1",
    "_",
    "# a",
    "\n",
    "\r\n",
    "\t",
    "\v",
    "\x1c",
]


def found(pattern: str, text: str) -> list[tuple[str | None, str]]:
    return [(match.lastgroup, match.group()) for match in re.compile(pattern, re.DOTALL).finditer(text)]


@given(st.lists(st.one_of(st.sampled_from(SIGNS), st.characters(max_codepoint=127))).map("".join))
def test_an_ascii_program_has_the_same_tokens_by_both(text: str) -> None:
    assert found(ASCII_TOKEN, text) == found(TOKEN, text)


@pytest.mark.parametrize("text", ["x²", "x−1", "θ", "√x", "a\u200bb"])
def test_another_program_needs_the_whole_pattern(text: str) -> None:
    assert found(ASCII_TOKEN, text) != found(TOKEN, text)
