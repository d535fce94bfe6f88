"""Our NamedTuple is typing's, as far as anything here relies on it, and stays one where something is cached."""

from __future__ import annotations

import copy
import pickle
import sys
import typing
from functools import cached_property
from typing import Any

import pytest

from bpviz.records import NamedTuple


class Ours(NamedTuple):
    """A place."""

    name: str
    x: float = 1.0
    y: float = 2.0

    def size(self) -> float:
        """Return a number of both."""
        return self.x * self.y


class Typings(typing.NamedTuple):
    """The same, by typing."""

    name: str
    x: float = 1.0
    y: float = 2.0


class Cached(NamedTuple):
    """A record that keeps what it has worked out."""

    x: float

    @cached_property
    def double(self) -> list[float]:
        return [2 * self.x]


class Heir(Cached):
    """A record of the same fields."""

    def __repr__(self) -> str:
        return "an heir"


@pytest.mark.parametrize(
    ("values", "named"),
    [(("a", 3.0, 4.0), {}), (("a",), {}), (("a", 3.0), {"y": 0.5}), ((), {"y": 4.0, "name": "b"})],
)
def test_it_is_made_and_read_like_typings(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    ours, typings = Ours(*values, **named), Typings(*values, **named)
    assert ours == tuple(typings)
    assert (ours.name, ours.x, ours.y) == (typings.name, typings.x, typings.y)
    assert repr(ours).removeprefix("Ours") == repr(typings).removeprefix("Typings")
    assert hash(ours) == hash(typings)
    assert ours._asdict() == typings._asdict()
    assert ours._replace(x=9.0) == tuple(typings._replace(x=9.0))
    assert type(ours._replace(x=9.0)) is Ours
    assert Ours._make(typings) == tuple(typings)


def test_its_class_tells_the_same() -> None:
    for told in ("_fields", "_field_defaults", "__match_args__", "__slots__"):
        assert getattr(Ours, told) == getattr(Typings, told)


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), (("a", 1, 2, 3), {}), (("a",), {"z": 1}), (("a",), {"name": "b"}), (("a", 1), {"x": 1})],
)
def test_what_does_not_fit_is_refused_as_by_typing(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    for kind in (Ours, Typings):
        with pytest.raises(TypeError):
            kind(*values, **named)
    with pytest.raises(TypeError):
        Ours("a")._replace(z=1)  # type: ignore[call-arg]  # the refusal is the test


def test_a_record_without_a_field_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="Empty annotates no field"):

        class Empty(NamedTuple):
            """Nothing."""


def test_it_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Ours("a").x = 2.0  # type: ignore[misc]  # the refusal is the test
    with pytest.raises(AttributeError):
        Ours("a").z = 2.0  # type: ignore[attr-defined]  # the refusal is the test


def test_it_is_matched_copied_and_sent_to_another_process() -> None:
    match Ours("a", 3.0):
        case Ours(name, y=2.0):
            assert name == "a"
        case _:
            pytest.fail("no match")
    for again in (copy.copy(Ours("a")), copy.deepcopy(Ours("a")), pickle.loads(pickle.dumps(Ours("a")))):
        assert again == Ours("a")
        assert type(again) is Ours


def test_a_record_keeps_what_it_has_worked_out() -> None:
    kept = Cached(3.0)
    assert kept.double is kept.double == [6.0]
    assert kept == Cached(3.0)
    assert Heir(3.0).double == [6.0]
    assert repr(Heir(3.0)) == "an heir"


def test_a_record_takes_the_room_of_its_tuple() -> None:
    assert sys.getsizeof(Ours("a")) == sys.getsizeof(Typings("a"))
