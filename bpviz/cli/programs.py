"""Commands as click's, and what a command line says about a program: its text, its point, and how to read it.

Three classes of commands add to click.Command what bpviz needs: an option may be shortened to its beginning
(Command), every input of the program is an option (ProgramCommand), and so is every operand of a gate (GateCommand).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from bpviz.cli.options import OF_PROGRAMS, ROUNDING
from bpviz.cli.targets import find_cell, print_notes
from bpviz.cli.words import (
    SortedWords,
    add_value,
    choose_program,
    complete_option,
    find_meant,
    refuse_short_options,
    sort_words,
)
from bpviz.errors import BpvizError, UsageError, join_words
from bpviz.files import BYTES_A_CHARACTER, SUFFIX, decode, read_text
from bpviz.limits import DEFAULT, Limits, set_limits
from bpviz.names import find_product, match_twins, spell_out

if TYPE_CHECKING:
    from bpviz.autodiff import Trace
    from bpviz.formula.numerals import Rounding
    from bpviz.graph import Graph
    from bpviz.vectors import Shape

LEAST_LETTERS = 3  # of the beginning of an option, where a shorter one is more likely an operand's name


class Command(click.Command):
    """A command of which an option may be shortened to a beginning that no other has."""

    needs_words = False  # alone it shows its help
    shared: tuple[click.Parameter, ...] = ()  # what all commands of this class take, behind what each declares

    def __init__(self, *, params: Sequence[click.Parameter], **extra: Any) -> None:
        super().__init__(params=[*params, *self.shared], **extra)

    @property
    def help_line(self) -> str:
        """Tell where the options of the command are listed."""
        return f"bpviz {self.name} -h lists the options"

    def list_options(self, ctx: click.Context) -> dict[str, click.Option]:
        """Return the options of the command by each of their names."""
        options = (each for each in self.get_params(ctx) if isinstance(each, click.Option))
        return {name: option for option in options for name in (*option.opts, *option.secondary_opts)}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give click the words of the command line with every option's full name."""
        if args == ["help"] or (not args and self.needs_words):
            args = ["--help"]
        if ctx.resilient_parsing:  # a shell wants half a line completed: the words may be anything
            return super().parse_args(ctx, [])
        try:
            return super().parse_args(ctx, self.prepare(ctx, args))
        except click.NoSuchOption as error:
            options, name = self.list_options(ctx), error.option_name
            if not name.startswith("--"):
                refuse_short_options([name], options, self.help_line)
            meant = find_meant(name, options)
            what = f"no option is called {name}" if meant else f"No such option: {name}"
            raise UsageError(what, hint=f"did you mean {meant}?" if meant else self.help_line) from None
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # click's parser forgets it now and then
            raise

    def prepare(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return the words for click: every option has its full name."""
        options = self.list_options(ctx)
        words = (word.partition("=") for word in args)
        return [complete_option(head, options) + equals + value for head, equals, value in words]


class ProgramCommand(Command):
    """A command that takes a program. Options that it does not know are inputs of the program."""

    needs_words = True
    shared = OF_PROGRAMS

    def prepare(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return the words for click: the options, and the program behind them. The inputs are put aside."""
        options = self.list_options(ctx)
        words = sort_words(args, options)
        if words.shortened:  # the beginning of an option is an input if the program has one of that name
            words = sort_words(args, options, _find_inputs(words))
        if "--help" in words.options:
            return ["--help"]
        program = choose_program(words.programs, options, self.help_line)
        if program is None:
            raise UsageError("no program was given", hint="write it in quotation marks; -h shows how")
        ctx.meta["point"] = words.point
        return [*words.options, "--", program]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command: all that it is told about the program is one argument, a Program."""
        given = ctx.params
        point = ctx.meta["point"]
        for name, value in given.pop("settings"):
            add_value(point, name, value)
        given["program"] = Program(
            given["program"],
            point,
            {name: given.pop(name) for name in ("gates", "share", "constants", "unroll")},
            dict(given.pop("shapes")),
            {name: number for name in ("digits", "decimals") if (number := given.pop(name)) is not None},
            set_limits(dict(given.pop("limits"))),
            [name for name in self.list_options(ctx) if name.startswith("--")],
        )
        return super().invoke(ctx)


class GateCommand(Command):
    """A command that takes a gate, or none. Options that it does not know are operands of the gate."""

    shared = ROUNDING

    def prepare(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return the words for click: the options, and the gate behind them. The operands are put aside."""
        options = self.list_options(ctx)
        words = sort_words(args, options, shortest=LEAST_LETTERS)
        if "--help" in words.options:
            return ["--help"]
        refuse_short_options(words.programs, options, self.help_line)
        if len(words.programs) > 1:
            listed = "   ".join(words.programs)
            raise UsageError(f"one gate at a time, but there are {len(words.programs)}: {listed}")
        if words.point and not words.programs:
            raise click.NoSuchOption(f"--{next(iter(words.point))}")
        ctx.meta["point"] = words.point
        return [*words.options, "--", *words.programs]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command, the operands as typed in its argument point."""
        ctx.params["point"] = ctx.meta["point"]
        return super().invoke(ctx)


class Program(NamedTuple):
    """A program as a command line gives it. Its text is read when the graph is asked for.

    word is an expression, a file or "-"; point has the value of each input as typed; parsing are the options of
    bpviz.parse, shapes those of inputs; rounding has those of digits and decimals that are typed. option_names are for
    an input that may be a misspelt option.
    """

    word: str
    point: dict[str, str]
    parsing: dict[str, Any]
    shapes: dict[str, Shape]
    rounding: dict[str, Any]
    limits: Limits
    option_names: Sequence[str]

    @property
    def output_options(self) -> dict[str, Any]:
        """The options that every output takes: how numbers are rounded, and the limits."""
        return {**self.rounding, "limit": self.limits._asdict()}

    @property
    def number_format(self) -> Rounding:
        """How numbers are rounded."""
        from bpviz.formula.numerals import rounding_to

        return rounding_to(self.rounding.get("digits", 3), self.rounding.get("decimals"))

    def graph(self) -> Graph:
        """Read the program and return its graph; raise as bpviz.parse does."""
        from bpviz.lang import Unshaped, is_vector, parse

        text = read_program(self.word, self.limits.characters)
        options: dict[str, Any] = {**self.parsing, "values": list(self.point), "limit": self.limits._asdict()}
        graph = parse(text, **options)
        if isinstance(graph, Unshaped) or self.shapes or any(map(is_vector, self.point.values())):
            graph = parse(text, **options, shapes=self._find_shapes(graph))
        print_notes(graph)
        return graph

    def _find_shapes(self, graph: Graph) -> dict[str, Shape]:
        """Return the shapes of the inputs that are typed; raise UsageError where nothing says how long they are."""
        from bpviz.lang import Unshaped, is_vector, read_value
        from bpviz.vectors import read_nested

        known = graph.variable_names
        typed = {name: text for name, text in match_twins(self.point, known).items() if name in known}
        vectors = {name: text for name, text in typed.items() if is_vector(text)}
        read = {name: read_nested(name, read_value(text, name, self.limits))[0] for name, text in vectors.items()}
        shapes = {**dict.fromkeys(typed, ()), **read, **match_twins(self.shapes, known)}
        if isinstance(graph, Unshaped) and not self.shapes and graph.missing_inputs(typed):
            missing, examples = graph.missing_inputs(typed), graph.suggest_shapes(shapes)
            raise self._refuse_missing(graph, missing, examples, is_blank=not typed)
        return shapes

    def trace(self) -> Trace:
        """Return the trace at the point; raise UsageError for an input without a value."""
        graph = self.graph()
        return graph.at(self.values(graph))

    def trace_or_graph(self) -> Trace | Graph:
        """Return the trace at the point, or the graph if no value is typed and one is missing."""
        from bpviz.shortcuts import run_if_complete

        graph = self.graph()
        return run_if_complete(graph, self.values(graph, optional=True))

    def values(self, graph: Graph, *, optional: bool = False) -> dict[str, Any]:
        """Return the values that are typed for the inputs; with optional, none at all will do.

        Raises UsageError for a name that is no input, for what is no number, and for an input that has no value.
        """
        from bpviz.lang import read_value

        typed = self.check_names(graph, optional=optional)
        return {name: read_value(text, name, self.limits) for name, text in typed.items()}

    def check_names(self, graph: Graph, *, optional: bool = False) -> dict[str, str]:
        """Return the values as typed by the inputs' names, of which what is typed may be a twin.

        Raises UsageError for a name that is no input, and for an input that has no value.
        """
        typed = self._match_names(graph)
        missing = graph.missing_inputs(typed)
        if missing and (typed or not optional):
            shapes = {name: each.shape for name, each in graph.vector_inputs.items()}
            raise self._refuse_missing(graph, missing, shapes, is_blank=False)
        return typed

    def _match_names(self, graph: Graph) -> dict[str, str]:
        """Return the values as typed by the inputs' names; raise UsageError for a name that is no input."""
        from bpviz.autodiff import list_inputs, name_products

        names = [*dict.fromkeys((*graph.variable_names, *graph.input_names))]
        typed = match_twins(self.point, names)
        for name in typed:
            if name not in names:  # it may be a factor of one, as x is of xy, or a misspelt option
                products = [each for each in graph.input_names if name in find_product(each).split("*")]
                known = f"{list_inputs(graph)}{name_products(products)}"
                meant = "" if products else find_meant(f"--{name}", self.option_names)
                if meant:
                    raise UsageError(f"no option or input is called --{name}", hint=f"did you mean {meant}? ({known})")
                raise UsageError(f"no input is called {name}", hint=known)
        return typed

    def _refuse_missing(
        self, graph: Graph, missing: Sequence[str], shapes: Mapping[str, Shape], *, is_blank: bool
    ) -> UsageError:
        """Make the error for inputs without a value; shapes are what is known of them, or an example."""
        from bpviz.autodiff import name_products
        from bpviz.lang import write_example

        words = [spell_out(name) for name in missing]
        values = [f'"{write_example(shapes[name])}"' if shapes.get(name) else "…" for name in missing]
        pairs = list(zip(words, values, strict=True))
        flags = [
            f"--set {word}={value}" if f"--{word}" in self.option_names else f"--{word} {value}"
            for word, value in pairs
        ]
        blank = " ".join(
            f"--shape {word}={'x'.join(map(str, shapes[name]))}"
            for word, name in zip(words, missing, strict=True)
            if shapes.get(name)
        )
        instead = f"; or without numbers {blank}" if is_blank and blank else ""
        hint = f"add {' '.join(flags)}{name_products(missing)}{instead}"
        needed = "values" if missing[1:] else "a value"
        return UsageError(f"{graph.output_name} needs {needed} for {join_words(missing)}", hint=hint)


def read_program(word: str, limit: int) -> str:
    """Return the text of a program: of a .bp file, of standard input, or the word itself.

    Raises UsageError for a file that is not there, is not text, or is longer than the limit.
    """
    if word == "-":
        if find_cell():
            raise UsageError("a cell has no standard input", hint="write %%bpviz, and the program below it")
        if sys.stdin is None:  # the shell has closed it
            raise UsageError("there is no standard input to read", hint="give the program in quotation marks")
        return decode(sys.stdin.buffer.read(BYTES_A_CHARACTER * limit + 1), "standard input", limit)
    if not word.endswith(SUFFIX) or "\n" in word:
        return word
    return read_text(word, limit)


def _find_inputs(words: SortedWords) -> list[str]:
    """Return the names of the inputs of what may be the program.

    Standard input can be read only once, and has an input of any name: there an option has its full name.
    """
    from bpviz.lang import parse

    names: list[str] = []
    for word in words.programs:
        try:
            names += words.shortened if word == "-" else parse(read_program(word, DEFAULT.characters)).variable_names
        except BpvizError:
            continue  # the command tells of it
    return names


def command(short_help: str, cls: type[Command] = ProgramCommand) -> Callable[[Callable[..., int | None]], Command]:
    """Make a command of the function below, which returns the exit status, None for 0.

    short_help is its line in the list of commands; the docstring is its help.
    """
    return click.command(cls=cls, short_help=short_help)
