"""An option of a command, as argparse's add_argument takes it, and what reads its value."""

from __future__ import annotations

from argparse import Action, ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple


class Option(NamedTuple):
    """One option: its names, and what else add_argument is told of it."""

    names: tuple[str, ...]
    how: dict[str, Any]

    @property
    def takes_value(self) -> bool | None:
        """Say whether a value follows it; None where one may: a name."""
        if self.how.get("nargs") == "?":
            return None
        return self.how.get("action", "store") in ("store", "append")


def option(*names: str, **how: Any) -> Option:
    """Return an option; how is add_argument's: dest, type, choices, default, metavar, action, help."""
    if how.get("action") == "append":
        how = {"default": [], **how}  # which argparse copies before it appends
    if "choices" in how:
        how = {"type": _one_of(how["choices"]), **how}  # argparse's own refusal differs from Python to Python
    return Option(names, how)


class Switch(Action):
    """Sets what --NAME switches on and --no-NAME off."""

    def __init__(self, option_strings: Sequence[str], dest: str, **how: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **how)

    def __call__(self, parser: ArgumentParser, given: Namespace, values: Any, name: str | None = None) -> None:
        """Set it by the name that was typed."""
        setattr(given, self.dest, not (name or "").startswith("--no-"))


class Within(NamedTuple):
    """Reads a number from least to most, or tells that a word is none of those."""

    least: float = float("-inf")
    most: float = float("inf")
    kind: type[int] | type[float] = int
    above: bool = False  # least itself is too little

    def __call__(self, word: str) -> float:
        """Return the number that a word is."""
        try:
            number = self.kind(word)
        except ValueError:
            raise ArgumentTypeError(f"{word} is no {'whole ' if self.kind is int else ''}number") from None
        if not self.least <= number <= self.most or (self.above and number == self.least):
            raise ArgumentTypeError(f"{word} is out of range: {self}")
        return number

    def __str__(self) -> str:
        if self.most == float("inf"):
            above = f"above {self.least}" if self.above else f"{self.least} or more"
            return "" if self.least == float("-inf") else above
        return f"above {self.least}, at most {self.most}" if self.above else f"{self.least} to {self.most}"


def _one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """Return what reads one of a few words, and tells that a word is none of them."""

    def choice(word: str) -> str:
        if word not in choices:
            raise ArgumentTypeError(f"{word!r} is not one of {', '.join(map(repr, choices))}")
        return word

    return choice
