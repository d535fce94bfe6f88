"""A tuple that is made when somebody looks at it: what a large program has a million of, and often nobody asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

TYPE_CHECKING = False  # typing's, without the import of typing: checkers know the name
if TYPE_CHECKING:
    from typing import Any


class Later(Sequence):  # type: ignore[type-arg]  # Sequence[T] in full would import typing
    """The tuple that make returns, made once and then kept; equal to that tuple and to whatever is."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Sequence[Any]]) -> None:
        self._make: Callable[[], Sequence[Any]] | None = make
        self._made: tuple[Any, ...] = ()

    @property
    def all(self) -> tuple[Any, ...]:
        """Return the tuple."""
        if self._make is not None:
            self._made, self._make = tuple(self._make()), None
        return self._made

    def __getitem__(self, place: Any) -> Any:
        return self.all[place]

    def __len__(self) -> int:
        return len(self.all)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.all)

    def __eq__(self, other: object) -> bool:
        return self.all == (other.all if isinstance(other, Later) else other)

    def __hash__(self) -> int:
        return hash(self.all)

    def __repr__(self) -> str:
        return repr(self.all)

    def __reduce__(self) -> tuple[Any, ...]:
        return (tuple, (self.all,))
