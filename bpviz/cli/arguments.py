"""Command lines in which every input of the program is an option of its own.

argparse knows the options of a command, but not the inputs of a program that it has not read yet, and it takes a word
that begins with a minus for an option. So the words are sorted here first: options for argparse, --NAME VALUE for the
point, and what is left for the program, "-x*y" included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bpviz.errors import UsageError

INPUT = re.compile(r"--(?P<name>[^\W\d]\w*)(?:=(?P<value>.*))?", re.DOTALL)
# What is compiled only where something is mistyped.
HYPHENATED = r"--[a-z]+(-[a-z]+)+"
BARE = r"[^\W\d]\w*=[^=]+"  # x=3, without its dashes
SINGLE_DASH = r"-[^\W\d]\w*"


SHORT = 2  # letters of a name that is hardly a mistyped option


class Words(NamedTuple):
    """A command line, sorted: what argparse reads, the point as typed, and the words that are neither.

    An option and its value are one word, --title=-x, so that it does not matter what the value looks like.
    """

    options: list[str]
    point: dict[str, str]
    programs: list[str]


def sort_words(args: Sequence[str], takes_value: Mapping[str, bool | None]) -> Words:
    """Sort the words of a command line; takes_value says for each option of the command whether a value follows it.

    Where it says None a name that stands by itself is the value, and anything else is not.

    Raises UsageError for an input or an option without its value, an input given twice and a mistyped option.

    >>> sort_words(["-x*y", "--x", "1", "--y=-4", "-o", "f.svg"], {"-o": True})
    Words(options=['-o=f.svg'], point={'x': '1', 'y': '-4'}, programs=['-x*y'])
    """
    words = Words([], {}, [])
    queue = list(reversed(args))
    while queue:
        word = queue.pop()
        head, equals, tail = word.partition("=")
        if word == "--":
            words.programs.extend(reversed(queue))
            break
        if head in takes_value:
            if equals and takes_value[head] is False:
                raise UsageError(f"{head} takes no value", hint=f"write {head} alone")
            if not equals and takes_value[head] is not False:
                tail = _value_of(head, queue) if takes_value[head] else _name(queue)
            words.options.append(head if takes_value[head] is False else f"{head}={tail}")
        elif found := INPUT.fullmatch(word):
            value = found["value"] if equals else _input_value(found["name"], queue, takes_value)
            put(words.point, found["name"], value)
        elif word.startswith("--") and re.fullmatch(HYPHENATED, head) and (meant := nearest(head, takes_value)):
            raise UsageError(f"no option is called {head}", hint=f"did you mean {meant}?")
        else:
            words.programs.append(word)
    return words


def nearest(word: str, known: Mapping[str, Any] | Sequence[str]) -> str | None:
    """Return the known word that is most like this one, or None when none is."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word[:40], list(known), n=1, cutoff=0.7)), None)


def _value_of(option: str, queue: list[str]) -> str:
    if not queue:
        raise UsageError(f"{option} needs a value", hint=f"write it behind: {option} …")
    return queue.pop()


def _name(queue: list[str]) -> str:
    """Take the next word if it is a name by itself, and nothing otherwise."""
    return queue.pop() if queue and queue[-1].isidentifier() else ""


def _input_value(name: str, queue: list[str], takes_value: Mapping[str, bool | None]) -> str:
    """Take the word after --name, which may begin with a minus but is no option."""
    if queue and not INPUT.fullmatch(queue[-1]) and queue[-1] not in takes_value:
        return queue.pop()
    meant = nearest(f"--{name}", takes_value) if len(name) > SHORT else None
    hint = f"did you mean {meant}?" if meant else f"write it behind: --{name} 3"
    raise UsageError(f"--{name} needs a value", hint=hint)


def put(point: dict[str, str], name: str, value: str) -> None:
    """Add a value to a point as typed; raise UsageError if the name has one already."""
    if name in point:
        raise UsageError(f"{name} is given twice: {point[name]} and {value}", hint=f"keep one --{name}")
    point[name] = value


def refuse_output(words: Sequence[str]) -> None:
    """Raise UsageError for a -o among the words that are no options: the command has none."""
    if "-o" in words:
        raise UsageError("this command has no -o", hint="leave it out, or send what it prints to a file: > FILE")


def one_program(programs: Sequence[str]) -> str | None:
    """Return the one word that is no option, or None where there is none; raise UsageError for more."""
    if len(programs) < 2:
        return programs[0] if programs else None
    refuse_output(programs)
    dashed = [f"-{word}" for word in programs if re.fullmatch(SINGLE_DASH, word)]
    bare = [f"--{word.replace('=', ' ')}" for word in programs if re.fullmatch(BARE, word)]
    hint = (
        f"inputs take two dashes: {' '.join([*(f'{word} …' for word in dashed), *bare])}"
        if (dashed and len(programs) > 2) or bare
        else f'put the program in quotation marks: "{" ".join(programs)}"'
    )
    raise UsageError(f"one program at a time, but there are {len(programs)}: {'   '.join(programs)}", hint=hint)
