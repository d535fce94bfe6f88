"""Nothing that is typed is dropped: every character is part of a token, white space, or a comment."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import ProgramError
from bpviz.lang.tokens import read_tokens

PIECES = ["**", "1e-3", "1.", ".5", "x_1", "_", "# a", "\n", "\r\n", "\t", "\v", "x²", "x−1", "θ", "√x", "a\u200bb"]
SKIPPED = re.compile(r"(?:#[^\n]*|[^\S\n]|[\u200b\u2060\ufeff]|\.(?=\s*(?:\n|\Z)))*")  # and a full stop


@given(st.lists(st.sampled_from([*PIECES, *"abx123+-*/^()[]|,=;"])).map("".join))
def test_what_stands_between_two_tokens_is_space_or_a_comment(text: str) -> None:
    end = 0
    try:
        for token in read_tokens(text):
            assert SKIPPED.fullmatch(text[end : token.start]), text[end : token.start]
            end = token.end
    except ProgramError:
        pass  # refused, and so not dropped: test_messages holds the messages


@pytest.mark.parametrize("text", ["a\u200bb", "x\u00a0+ y", "x\ufeff"])
def test_invisible_characters_that_pasting_brings_along_separate(text: str) -> None:
    assert next(token.text for token in read_tokens(text)) == text[0]
