"""Sort the words of a command line: options of the command, inputs of the program, and the program itself.

Click cannot know the inputs of a program that nobody has read yet, and takes a program that begins with a minus for an
option. So the words are sorted before click sees them. What is returned for click is unambiguous: every option has its
full name and its value behind an equals sign.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import click

from bpviz.errors import UsageError
from bpviz.files import SUFFIX
from bpviz.names import find_nearest

INPUT = re.compile(r"--(?P<name>[^\W\d][\w\u20d7]*[′'’]*)(?:=(?P<value>.*))?", re.DOTALL)
HYPHENATED = re.compile(r"--[a-z]+(-[a-z]+)+")  # no input is called so
VALUE = re.compile(r"[-−+]?[\d.]+(?:e[-+]?\d+)?|\[.*\]", re.IGNORECASE | re.DOTALL)  # no program that one draws
INPUT_WITHOUT_DASHES = re.compile(r"[^\W\d]\w*=[^=]+")  # x=3
SHORT_OPTION = re.compile(r"-[^\W\d]\w*")
FILE_TO_WRITE = re.compile(
    r"[^*+^|(){}=]*\.(?:svg|pdf|png|tex|dot|html?|gif|pptx|typ|csv|json|npz|py|js|q?md|txt)", re.IGNORECASE
)
OTHER_WORDS = {  # what people call an option, and what it is called here
    **dict.fromkeys(("--precision", "--places", "--round", "--sigfigs"), "--digits"),
    **dict.fromkeys(("--height", "--size", "--scale"), "--width"),
    **dict.fromkeys(("--layout", "--orientation", "--rankdir"), "--direction"),
    **dict.fromkeys(("--style", "--color", "--colour", "--dark"), "--theme"),
    **dict.fromkeys(("--lr", "--learning_rate", "--learning-rate", "--step"), "--rate"),
    **dict.fromkeys(("--file", "--filename", "--save"), "--output"),
    **dict.fromkeys(("--level", "--detail"), "--gates"),
    **dict.fromkeys(("--answer", "--answers"), "--claim"),
    "--resolution": "--dpi",
    "--silent": "--quiet",
    "--empty": "--blank",
    "--keep-constants": "--vary-constants",
    **dict.fromkeys(("--ranges", "--values", "--domain"), "--range"),
    **dict.fromkeys(("--students", "--class"), "--names"),
}
LONGEST_SURE_INPUT = 2  # letters of a name that is hardly a misspelt option
MOST_BEGUN = 2  # options that a hint lists for a letter that begins them
LONGEST_QUOTE = 60  # characters of a word that a message repeats


class NameOrNothing(click.Option):
    """An option that a name may follow: --fold, or --fold layer. Without a name its value is empty."""


class SortedWords(NamedTuple):
    """A sorted command line.

    options are for click, point has the value of each input as typed, and programs are the words that are neither.
    shortened are the names that were taken for the beginning of an option.
    """

    options: list[str]
    point: dict[str, str]
    programs: list[str]
    shortened: list[str]


def sort_words(
    args: Sequence[str], options: Mapping[str, click.Option], inputs: Collection[str] = (), *, shortest: int = 1
) -> SortedWords:
    """Sort the words of a command line by the options of the command, which are given by their names.

    The beginning of a long option stands for it if it has `shortest` letters or more, begins no other, and is not in
    inputs. Raises UsageError for an input or an option without its value, for a value of an option that takes none, for
    an input given twice, and for a misspelt option with a hyphen, which no input has.

    >>> output = click.Option(["-o", "--output"])
    >>> sort_words(["-x*y", "--x", "1", "--y=-4", "--out", "f.svg"], {"-o": output, "--output": output})
    SortedWords(options=['--output=f.svg'], point={'x': '1', 'y': '-4'}, programs=['-x*y'], shortened=['out'])
    """
    words = SortedWords([], {}, [], [])
    queue = list(reversed(args))
    while queue:
        word = queue.pop()
        head, equals, tail = word.partition("=")
        if word == "--":
            words.programs.extend(reversed(queue))
            break
        name = head if head[2:] in inputs else complete_option(head, options, shortest)
        if name != head and options[name].is_flag and (equals or (queue and VALUE.fullmatch(queue[-1]))):
            name = head  # --quie=3 and --c 3 have values, so they are inputs
        if name in options:
            if name != head:
                words.shortened.append(head[2:])
            value = tail if equals else None
            words.options.append(_write_option(name, options[name], value, queue))
        elif found := INPUT.fullmatch(word):
            value = found["value"] if equals else _take_input_value(found["name"], queue, options)
            add_value(words.point, found["name"], value)
        elif HYPHENATED.fullmatch(head) and (meant := find_meant(head, options)):
            raise UsageError(f"no option is called {head}", hint=f"did you mean {meant}?")
        else:
            words.programs.append(word)
    return words


def complete_option(head: str, options: Iterable[str], shortest: int = 1) -> str:
    """Return the full name of the one option that begins so, and any other word as it is.

    >>> complete_option("--dir", ["--digits", "--direction"]), complete_option("--di", ["--digits", "--direction"])
    ('--direction', '--di')
    """
    begun = find_options(head, options)
    return begun[0] if len(begun) == 1 and head not in begun and len(head) >= len("--") + shortest else head


def find_options(head: str, options: Iterable[str]) -> list[str]:
    """Return the long options that begin with a word, or the one that has this very name."""
    options = list(options)
    if head in options:
        return [head]
    return [name for name in options if head.startswith("--") and head != "--" and name.startswith(head)]


def find_meant(word: str, options: Collection[str]) -> str:
    """Return the option that a misspelt one may be meant for, or what it is called elsewhere; nothing if there is none.

    >>> find_meant("--precision", ["--digits"]), find_meant("--thme", ["--theme"]), find_meant("--x", ["--theme"])
    ('--digits', '--theme', '')
    """
    begun = [name for name in find_options(word, options) if name != word]
    other = OTHER_WORDS.get(word, "")
    return " or ".join(begun) or (other if other in options else find_nearest(word, options))


def add_value(point: dict[str, str], name: str, value: str) -> None:
    """Add a value to a point as typed; raise UsageError if the name has one already."""
    if name in point:
        raise UsageError(f"{name} is given twice: {point[name]} and {value}", hint=f"keep one --{name}")
    point[name] = value


def choose_program(words: Sequence[str], options: Collection[str], help_line: str) -> str | None:
    """Return the one word that is no option, or None if there is none; raise UsageError for more of them.

    options are the names of the command's options; help_line tells where they are listed.
    """
    if len(words) < 2:
        return words[0] if words else None
    if "--output" not in options:
        refuse_output(words)
    refuse_short_options(words, options, help_line)
    what = f"one program at a time, but there are {len(words)}: {'   '.join(words)}"
    raise UsageError(what, hint=_find_cause(words, options))


def _find_cause(words: Sequence[str], options: Collection[str]) -> str:
    """Return what to do where several words may be the program: the most likely reason comes first."""
    files = [word for word in words if FILE_TO_WRITE.fullmatch(word)]
    if "--output" in options and len(files) == len(words) - 1:
        return f"each file to write has an -o of its own: {' '.join(f'-o {file}' for file in files)}"
    if all(word.endswith(SUFFIX) for word in words):
        return "give each a command of its own, or name them all in a file for bpviz build"
    if any(os.path.exists(word) for word in words):
        return 'did the shell put the names of files in place of a *? Put the program in quotation marks, as in "x*y"'
    if all(VALUE.fullmatch(word) and word[0] not in "+-−" for word in words[1:]):
        return f"a value stands behind the name of its input, such as --x {words[1]}"
    without_dashes = [f"--{word.replace('=', ' ')}" for word in words if INPUT_WITHOUT_DASHES.fullmatch(word)]
    if without_dashes:
        return f"inputs take two dashes: {' '.join(without_dashes)}"
    return f'put the program in quotation marks: "{" ".join(words)}"'


def refuse_short_options(words: Sequence[str], options: Collection[str], help_line: str) -> None:
    """Raise UsageError for a word such as -q: an option with one dash that the command does not have."""
    for word in words:
        if word.startswith("-o") and len(word) > 2 and len(words) > 1 and "--output" in options:
            raise UsageError(f"No such option: {word}", hint=f"write -o {word[2:]}")
        if SHORT_OPTION.fullmatch(word):
            begun = find_options(f"-{word}", options)
            if word == "-o" and "--output" not in options:
                refuse_output(words)
            if word == "-o":
                raise UsageError("-o stands behind --, where all is the program", hint="write -o FILE before the --")
            if begun and len(begun) <= MOST_BEGUN:
                raise UsageError(f"No such option: {word}", hint=f"did you mean {' or '.join(begun)}?")
            hint = f"an input takes two dashes: -{word} 3; " if len(words) > 2 else ""
            raise UsageError(f"No such option: {word}", hint=f"{hint}{help_line}")


def refuse_output(words: Sequence[str]) -> None:
    """Raise UsageError for a -o among words that are no options: the command has none."""
    if "-o" in words:
        raise UsageError("this command has no -o", hint="leave it out, or send what it prints to a file: > FILE")


def _write_option(name: str, option: click.Option, value: str | None, queue: list[str]) -> str:
    """Return an option as one word for click, its value taken from the queue unless it is known."""
    full_name = name if name.startswith("--") else max(option.opts, key=len)
    if option.is_flag:
        if value is not None:
            raise UsageError(f"{name} takes no value", hint=f"write {name} alone")
        return full_name
    if value is None and isinstance(option, NameOrNothing):
        value = queue.pop() if queue and queue[-1].isidentifier() else ""
    elif value is None:
        if not queue:
            raise UsageError(f"{name} needs a value", hint=f"write it behind: {name} …")
        value = queue.pop()
    return f"{full_name}={value}"


def _take_input_value(name: str, queue: list[str], options: Collection[str]) -> str:
    """Take the word after --name, which may begin with a minus but is no option."""
    if queue and not INPUT.fullmatch(queue[-1]) and complete_option(queue[-1], options) not in options:
        return queue.pop()
    if len(name) <= LONGEST_SURE_INPUT:
        raise UsageError(f"--{name} needs a value", hint=f"write it behind: --{name} 3")
    meant = find_meant(f"--{name}", options)
    if meant:
        raise UsageError(f"--{name} needs a value", hint=f"did you mean {meant}?")
    what = f"no option is called --{name}, and an input needs a value"
    raise UsageError(what, hint=f"if it is an input write --{name} 3; -h lists the options")
