"""The names of a class: read from a text, and safe as names of files."""

from __future__ import annotations

import pytest

from bpviz.errors import UsageError
from bpviz.lecture.students import name_file, read_names


@pytest.mark.parametrize("student", ["../../etc/passwd", "a\\b", "CON", "a:b*?<>|", "x" * 300, ".", "", "李明", "−/−"])
def test_the_name_of_a_file_is_safe_whoever_the_student_is(student: str) -> None:
    name = name_file("sheet", 1, 30, student)
    assert name.startswith("sheet-01")
    assert name.endswith(".pdf")
    assert not set(name.removesuffix(".pdf")) & set('/\\:*?"<>|. ')
    assert len(name.encode()) <= 255


def test_equal_names_have_files_of_their_own() -> None:
    assert name_file("key", 1, 2, "Ada") != name_file("key", 2, 2, "Ada")


@pytest.mark.parametrize("text", ["", "\n \n", "x" * 101])
def test_what_are_no_names_is_told(text: str) -> None:
    with pytest.raises(UsageError):
        read_names(text)
