"""Command lines in which every input of the program is an option of its own.

click knows the options of a command, but not the inputs of a program that it has not read yet, and it takes a word
that begins with a minus for an option. So the words are sorted here first: options for click, --NAME VALUE for the
point, and what is left for the program, "-x*y" included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import click

from bpviz.errors import UsageError

INPUT = re.compile(r"--(?P<name>[^\W\d]\w*)(?:=(?P<value>.*))?", re.DOTALL)
HYPHENATED = re.compile(r"--[a-z]+(-[a-z]+)+(=.*)?", re.DOTALL)
NONE: Mapping[str, str] = MappingProxyType({})
BARE = re.compile(r"[^\W\d]\w*=[^=]+")  # x=3, without its dashes
SINGLE_DASH = re.compile(r"-[^\W\d]\w*")


@dataclass
class Words:
    """A command line, sorted: what click reads, the point as typed, and the words that are neither."""

    options: list[str] = field(default_factory=list)
    point: dict[str, str] = field(default_factory=dict)
    programs: list[str] = field(default_factory=list)


class ProgramCommand(click.Command):
    """A click command whose first argument is a program and whose unknown options are that program's inputs.

    The callback gets the point as typed, name to text, as its keyword "point".
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Sort the words, give click its own, keep the point for invoke."""
        if ctx.resilient_parsing:  # a half-typed line, for completion
            return super().parse_args(ctx, args)
        if not args and any(isinstance(option, click.Argument) and option.required for option in self.params):
            click.echo(ctx.get_help())
            ctx.exit()
        options = {text: option for option in self.get_params(ctx) for text in (*option.opts, *option.secondary_opts)}
        # click reads -o with difflib, which is 2 ms to import: it first looks for what might have been meant
        long = {option.opts[0]: option.opts[-1] for option in self.get_params(ctx) if len(option.opts) > 1}
        takes_value = {text: _takes_value(option) for text, option in options.items() if text[0] == "-"}
        words = sort_words(args, takes_value, long)
        rest = super().parse_args(ctx, [*words.options, "--", *self.one(words.programs)])
        ctx.params["point"] = words.point
        return rest

    def one(self, programs: list[str]) -> list[str]:
        """Return the words that are no options if they are one program or none; raise UsageError for more."""
        return _one_program(programs)


class GateCommand(ProgramCommand):
    """The same for a gate instead of a program: its unknown options are the gate's operands."""

    def one(self, programs: list[str]) -> list[str]:
        """Return the words that are no options if they are one gate or none; raise UsageError for more."""
        if len(programs) > 1:
            raise UsageError(f"one gate at a time, but there are {len(programs)}: {'   '.join(programs)}")
        return programs


def sort_words(args: Sequence[str], takes_value: Mapping[str, bool], long: Mapping[str, str] = NONE) -> Words:
    """Sort the words of a command line.

    takes_value says for each option of the command whether a value follows it, long how click is to read it.
    Raises UsageError for an input without a value, an input given twice and a mistyped option.

    >>> sort_words(["-x*y", "--x", "1", "--y=-4", "-o", "f.svg"], {"-o": True})
    Words(options=['-o', 'f.svg'], point={'x': '1', 'y': '-4'}, programs=['-x*y'])
    """
    words = Words()
    queue = list(reversed(args))
    while queue:
        word = queue.pop()
        head, equals, tail = word.partition("=")
        if word == "--":
            words.programs += reversed(queue)
            break
        if head in takes_value:
            read = head if equals and not head.startswith("--") else word
            words.options.append(long.get(read, read))
            if takes_value[head] and not (equals and head.startswith("--")):
                words.options.append(tail if equals else _value_of(word, queue))
        elif found := INPUT.fullmatch(word):
            value = found["value"] if equals else _input_value(found["name"], queue, takes_value)
            put(words.point, found["name"], value)
        elif HYPHENATED.fullmatch(word) and (meant := nearest(head, takes_value)):
            raise UsageError(f"no option is called {head}", hint=f"did you mean {meant}?")
        else:
            words.programs.append(word)
    return words


def nearest(word: str, known: Mapping[str, Any] | Sequence[str]) -> str | None:
    """Return the known word that is most like this one, or None when none is."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word[:40], list(known), n=1, cutoff=0.7)), None)


def _takes_value(option: click.Parameter) -> bool:
    return isinstance(option, click.Option) and not option.is_flag and not option.count


def _value_of(option: str, queue: list[str]) -> str:
    if not queue:
        raise UsageError(f"{option} needs a value", hint=f"write it behind: {option} …")
    return queue.pop()


def _input_value(name: str, queue: list[str], takes_value: Mapping[str, bool]) -> str:
    """Take the word after --name, which may begin with a minus but is no option."""
    if queue and not INPUT.fullmatch(queue[-1]) and queue[-1] not in takes_value:
        return queue.pop()
    meant = nearest(f"--{name}", takes_value)
    hint = f"did you mean {meant}?" if meant else f"write it behind: --{name} 3"
    raise UsageError(f"--{name} needs a value", hint=hint)


def put(point: dict[str, str], name: str, value: str) -> None:
    """Add a value to a point as typed; raise UsageError if the name has one already."""
    if name in point:
        raise UsageError(f"{name} is given twice: {point[name]} and {value}", hint=f"keep one --{name}")
    point[name] = value


def _one_program(programs: list[str]) -> list[str]:
    if len(programs) < 2:
        return programs
    dashed = [f"-{word}" for word in programs if SINGLE_DASH.fullmatch(word)]
    bare = [f"--{word.replace('=', ' ')}" for word in programs if BARE.fullmatch(word)]
    hint = (
        f"inputs take two dashes: {' '.join([*(f'{word} …' for word in dashed), *bare])}"
        if (dashed and len(programs) > 2) or bare
        else f'put the program in quotation marks: "{" ".join(programs)}"'
    )
    raise UsageError(f"one program at a time, but there are {len(programs)}: {'   '.join(programs)}", hint=hint)
