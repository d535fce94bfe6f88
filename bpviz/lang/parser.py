"""Tokens to postfix code: precedence by two explicit stacks (Dijkstra's shunting yard), in one pass.

Loosest first: + −, × ÷, a product without a sign (2x), the unary minus, powers (from the right), √. A product
without a sign is read only where it cannot be misread; everything else that is typed is read or refused with what
to write instead (the sentences are in messages). No recursion: 10,000 brackets are 10,000 entries of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from bpviz.gates import FUNCTIONS, GATES, Gate
from bpviz.lang import messages as complain
from bpviz.lang.bindings import EULER
from bpviz.lang.postfix import CROSS_SIGN, NORM_SIGN, Code, Operation, Pending, Statement
from bpviz.lang.tokens import Token
from bpviz.vectors import VECTOR_FUNCTIONS, VECTOR_OPERATIONS, VectorOperation

CHOICE, COMPARISON, SUM, PRODUCT, IMPLIED, MINUS, POWER, ROOT = range(1, 9)
IF_ELSE = (1, 2, 0, 3)  # where the operands of where(a > b, u, v) stand in: u if a > b else v

BINARY = {
    "+": (SUM, Operation(GATES["add"], 2)),
    "-": (SUM, Operation(GATES["subtract"], 2)),
    "*": (PRODUCT, Operation(GATES["multiply"], 2)),
    "/": (PRODUCT, Operation(GATES["divide"], 2)),
    "^": (POWER, Operation(GATES["pow"], 2)),
    "@": (PRODUCT, Operation(VECTOR_OPERATIONS["matmul"], 2)),
}
PREFIX = {
    "-": (MINUS, Operation(GATES["negate"], 1)),
    "√": (ROOT, Operation(GATES["sqrt"], 1)),
    "∛": (ROOT, Operation(GATES["cbrt"], 1)),
    "e^": (POWER, Operation(GATES["exp"], 1)),  # LaTeX's e^{x}
}
TIMES, RAISED, ABSOLUTE = BINARY["*"][1], BINARY["^"][1], Operation(GATES["abs"], 1)
NORM = ABSOLUTE._replace(sign=NORM_SIGN)
DOTS, CROSSES = (r"\cdot", "·", "⋅"), (r"\times", "×")  # products of LaTeX that are others for vectors
ROOT_OF_DEGREE = Operation(GATES["root"], 2, (1, 0))  # ⁵√x, whose degree is typed first
IMPLIED_TIMES = TIMES._replace(implied=True)
TRANSPOSED = Operation(VECTOR_OPERATIONS["transpose"], 1)
LIST, INDEX = VECTOR_OPERATIONS["list"], VECTOR_OPERATIONS["index"]
INDICES = re.compile(r"\[\s*-?[0-9]+\s*(?:,\s*-?[0-9]+\s*)?\]")  # which (x + y)[2*z] is not: that is a product
DOUBLE_BARS = ("V", "\\|", "‖", "∥")  # in \lVert and \left\|
AXIS = "axis"  # the word before = in sum(M, axis=0)
TRUTH = (1.0, 0.0)  # what [x > 0] is where it holds, and where it does not

CLOSES = {"(": ")", "[": "]", "{": "}", "|": "|"}
# what may follow what as a product without a sign; "group" is LaTeX's brace or command, which ends where it says
FOLLOWS = {
    "number": {"name", "open", "bar", "prefix"},
    "close": {"name", "open", "bar", "prefix"},
    "superscript": {"name", "open", "bar", "prefix"},
    "bar": {"bar"},
    "name": set(),
}
FOLLOWS_IN_LATEX = {
    **{last: {"name", "open", "bar", "prefix", "group"} for last in FOLLOWS},
    "name": {"name", "open", "prefix", "group"},
}
LONGEST_E = 5  # characters of an e in brackets, as in {(e)}^x
CALLED = "fgh"  # letters that in front of a bracket are functions, by custom


class Bracket(NamedTuple):
    """An open bracket: the rows of its function if it is a call, how many operators wait outside, the commas.

    breaks are the numbers of operands before each ; of a function that takes lists, or of a matrix. vector is the
    operation on vectors that is called by the same name, or INDEX if the bracket is that of v[0].
    """

    opener: Token
    call: tuple[Gate, ...]
    start: int
    outside: int
    commas: list[Token]
    breaks: list[int]
    compares: list[str]  # the sign between the first two operands of where(a > b, u, v)
    keywords: list[str]  # such as axis
    vector: VectorOperation | None = None

    @property
    def is_list(self) -> bool:
        """Whether it may be that of a vector: [1, 2]."""
        return self.opener.text == "[" and not self.call and not self.vector


class Parser:
    """The state between two tokens."""

    def __init__(self, source: str, *, latex: bool = False) -> None:
        self.code = Code(source)
        self.follows = FOLLOWS_IN_LATEX if latex else FOLLOWS
        self.latex = self.code.is_latex = latex
        self.last = ""  # the kind of operand that stands to the left; empty where one is expected
        self.previous: Token | None = None  # of this statement
        self.pending: list[Pending] = []
        self.brackets: list[Bracket] = []
        self.extents: list[tuple[int, int]] = []  # of the operands that wait, their brackets included
        self.defined: dict[str, int] = {}
        self.called: dict[str, int] = {}
        self._begin()
        self.read = {
            "number": self._number,
            "name": self._name,
            "variable": self._variable,
            "operator": self._operator,
            "superscript": self._superscript,
            "prefix": self._prefix,
            "open": self._open,
            "close": self._close,
            "bar": self._bar,
            "comma": self._comma,
            "assign": self._assign,
            "compare": self._compare,
            "question": self._question,
            "colon": self._colon,
            "if": self._if,
            "else": self._else,
            "transpose": self._transpose,
            "newline": self._newline,
            "end": self._end,
        }

    def parse(self, tokens: Iterable[Token]) -> Code:
        """Return the code of the tokens, whose last is of kind "stop"; raise ProgramError."""
        read = self.read
        token = None
        for token, following in pairwise(tokens):
            read[token.kind](token, following)
            if token.kind != "newline" and token.kind != "end":
                self.previous = token
        self._finish()
        if not self.code.statements:
            raise complain.empty_program(self.code)
        return self.code

    # statements

    def _begin(self) -> None:
        self.previous = None
        self.target: Token | None = None
        self.first = len(self.code.items)
        self.start = 0

    def _newline(self, token: Token, following: Token) -> None:
        """End a statement, unless the row before or the next one says that it goes on."""
        if self.brackets or (self.previous and self.previous.kind in ("operator", "compare", "prefix", "assign")):
            return
        if self.previous and following.kind in ("operator", "compare"):
            if following.text in PREFIX:
                line, sign = self.code.line(following.start), self.code.source[following.start : following.end]
                self.code.warnings.append(f"note: line {line} begins with {sign} and goes on with the line before")
            return
        self._finish()

    def _end(self, token: Token, following: Token) -> None:
        """End a statement, or a list of operands in the brackets of a function that takes several."""
        bracket = self.brackets[-1] if self.brackets else None
        if bracket and bracket.is_list:
            self._end_row(token, following)
            return
        call = bracket.call if bracket else ()
        if bracket and bracket.vector and not call:  # cross_entropy(z; y)
            self._comma(token, following)
            self.previous = token
            return
        if all(row.groups == 1 for row in call):
            if call:
                raise complain.end_in_call(self.code, token, self.brackets[-1].opener)
            self._finish()
            return
        self._comma(token, following)
        self.brackets[-1].breaks.append(len(self.brackets[-1].commas))
        self.previous = token

    def _end_row(self, token: Token, following: Token) -> None:
        """End a row of a matrix: [1, 2; 3, 4]."""
        self._comma(token, following)
        bracket = self.brackets[-1]
        entries = len(bracket.commas) - (bracket.breaks[-1] if bracket.breaks else 0)
        if entries > 1:
            self._collect(entries, bracket.start, token.start)
        bracket.breaks.append(len(bracket.commas))
        self.previous = token

    def _finish(self) -> None:
        """End a statement; one without a token is none."""
        if self.previous is None:
            return
        if self.brackets:
            raise complain.unclosed_bracket(self.code, self.brackets[-1].opener)
        if not self.last:
            raise complain.missing_operand(self.code, self.previous)
        self._reduce(0)
        self.extents.clear()
        name, name_span = "", (0, 0)
        if self.target:
            name, name_span = self.target.text, (self.target.start, self.target.end)
            self.defined.setdefault(name, self.target.start)
        span = (self.start, self.previous.end)
        self.code.statements.append(Statement(name, self.first, len(self.code.items), span, name_span))
        self.last = ""
        self._begin()

    def _assign(self, token: Token, following: Token) -> None:
        if self.brackets and self.brackets[-1].vector and self.previous and self.previous.text == AXIS:
            return
        if self._expects_condition():
            self._compare(token._replace(text="=="), following)
            return
        if self.brackets:
            raise complain.unclosed_bracket(self.code, self.brackets[-1].opener)
        if self.target is None or self.previous is not self.target:
            raise complain.misplaced_assignment(self.code, token, self.target, self.previous)

    # operands

    def _number(self, token: Token, following: Token) -> None:
        self._operand(token, following, "number", float(token.text))

    def _name(self, token: Token, following: Token) -> None:
        if following.kind == "assign" and self.previous is None:
            self._name_the_statement(token)
            return
        is_function = token.text in FUNCTIONS and token.text not in self.defined
        is_operation = token.text in VECTOR_FUNCTIONS and token.text not in self.defined
        if following.kind == "open" and (is_function or is_operation):
            self._expect_operand(token, following)  # the bracket that follows makes it a call
            return
        if is_function:
            raise complain.bare_function(self.code, token, following)
        if token.text in complain.NO_GATES and following.kind == "open":
            raise complain.no_gate(self.code, token)
        self._variable(token, following)

    def _variable(self, token: Token, following: Token) -> None:
        if following.kind == "assign" and self.previous is None:
            self._name_the_statement(token)
        elif following.kind == "assign" and token.text == AXIS and self.brackets and self.brackets[-1].vector:
            self.brackets[-1].keywords.append(token.text)  # the number that follows is an operand like any other
        else:
            if following.kind == "open" and following.text != "{" and not self._indexes(token, following):
                self._multiply_bracket(token, following)
            self._operand(token, following, "name", token.text)

    def _indexes(self, token: Token, following: Token) -> bool:
        """Say whether a bracket right after an operand holds an index: v[0]. In LaTeX it is a factor."""
        return following.text == "[" and following.start == token.end and not self.latex

    def _multiply_bracket(self, token: Token, following: Token) -> None:
        """Accept a name before a bracket in LaTeX, where letters side by side are factors; refuse it elsewhere."""
        is_letter = len(token.text.rstrip("′").split("_")[0]) == 1 and token.text not in CALLED
        if not self.latex or not is_letter or complain.has_comma(self.code, following):
            raise complain.not_a_function(self.code, token, following, self.defined)
        self.code.warnings.append(f"note: {token.text}(…) is read as a product: {token.text} is no function")

    def _name_the_statement(self, token: Token) -> None:
        if token.text in self.called:
            raise complain.assigned_function(self.code, token, self.called[token.text])
        self.target, self.start = token, token.start

    def _operand(self, token: Token, following: Token, kind: str, item: float | str) -> None:
        self._expect_operand(token, following)
        self.code.add(item, token.start, token.end)
        self.extents.append((token.start, token.end))
        self.last = kind

    def _expect_operand(self, token: Token, following: Token) -> None:
        """Note where a statement starts; where an operand stands to the left already, read a product or refuse."""
        if self.last:
            self._multiply_silently(token, following)
        elif self.previous is None:
            self.start = token.start

    def _multiply_silently(self, token: Token, following: Token) -> None:
        kind = (
            "name"
            if token.kind == "variable"
            else "group"
            if token.kind == "open" and token.text in "{|"
            else token.kind
        )
        if kind not in self.follows[self.last]:
            if self.brackets and self.previous and "\n" in self.code.source[self.previous.end : token.start]:
                raise complain.unclosed_bracket(self.code, self.brackets[-1].opener)
            raise complain.no_silent_product(self.code, self.extents[-1], self.previous, token, following)
        waiting = len(self.pending) - 1
        outside = self._outside()
        while waiting >= outside and self.pending[waiting].binds == MINUS:
            waiting -= 1
        above = self.pending[waiting].binds if waiting >= outside else 0
        if above == ROOT or (above == POWER and not self.latex):
            start = self.extents[-2][0] if above == POWER and self.pending[waiting].sign else None
            raise complain.silent_product_in_power(self.code, start, self.pending[waiting], token)
        self._reduce(IMPLIED)
        if len(self.pending) > outside and self.pending[-1].sign == "/":
            raise complain.silent_product_under(self.code, self.extents[-1], token)
        self.pending.append(Pending(IMPLIED, IMPLIED_TIMES, token.start, token.start))
        self.last = ""

    # operators

    def _operator(self, token: Token, following: Token) -> None:
        if self.last:
            binds, operation = BINARY[token.text]
            typed = self.code.source[token.start : token.end]
            if self.latex and typed in (*DOTS, *CROSSES):
                operation = operation._replace(implied=typed in DOTS, sign=CROSS_SIGN if typed in CROSSES else "")
            if binds == POWER:
                self._check_power(token)
                self._reduce(POWER + 1)
            else:
                self._reduce(binds)
            self.pending.append(Pending(binds, operation, token.start, token.end, token.text))
            self.code.has_vectors |= isinstance(operation.gate, VectorOperation)
            self.last = ""
        elif token.text in PREFIX:
            self._prefix(token, following)
        else:
            raise complain.nothing_to_the_left(self.code, token, self.previous)

    def _check_power(self, token: Token) -> None:
        if self.last == "superscript" or (self._waits_for_root()):
            raise complain.misread_power(self.code, token, self.last)

    def _waits_for_root(self) -> bool:
        return len(self.pending) > self._outside() and self.pending[-1].binds == ROOT

    def _prefix(self, token: Token, following: Token) -> None:
        if token.text == "-" and self._waits_for_root():
            raise complain.root_of_minus(self.code, self.pending[-1].start, token)
        binds, operation = PREFIX[token.text]
        if self.previous and self.previous.kind == "superscript" and not self.last:
            start, operation = self.previous.start, ROOT_OF_DEGREE
        else:
            self._expect_operand(token, following)
            start = token.start
        self.pending.append(Pending(binds, operation, start, token.end))

    def _superscript(self, token: Token, following: Token) -> None:
        if not self.last and following[:2] == ("prefix", "√"):  # ³√x
            self._operand(token, following, "", float(token.text))
            return
        if not self.last:
            raise complain.nothing_to_the_left(self.code, token, self.previous)
        self._check_power(token)
        self.code.add(float(token.text), token.start, token.end)
        self.extents.append((token.start, token.end))
        self._apply(RAISED)
        self.last = "superscript"

    def _transpose(self, token: Token, following: Token) -> None:
        if not self.last:
            raise complain.nothing_to_the_left(self.code, token, self.previous)
        self._apply(TRANSPOSED)
        self.extents[-1] = (self.extents[-1][0], token.end)
        self.code.has_vectors = True
        self.last = "name"

    def _reduce(self, binds: int) -> None:
        """Apply every waiting operator of this bracket that binds as tightly, or tighter."""
        outside = self._outside()
        while len(self.pending) > outside and self.pending[-1].binds >= binds:
            self._apply_last()

    def _apply_last(self) -> None:
        waiting = self.pending.pop()
        if waiting.binds == COMPARISON and self.pending and self.pending[-1].sign == "if":
            waiting = self.pending[-1]  # x if x > 0 without an else
        if waiting.operation is None or waiting.sign == "?":
            raise complain.unfinished_choice(self.code, waiting)
        self._apply(waiting.operation, waiting.start)

    def _apply(self, operation: Operation, start: int | None = None) -> None:
        """Add an operation; it spans its operands, and a prefix that stands before them."""
        extents = self.extents[-operation.arity :]
        end = max(extent[1] for extent in extents)  # a power on a function was typed before its operand
        base = slice(*extents[0])
        is_short = base.stop - base.start <= LONGEST_E
        if operation.gate.syntax.base is not None and is_short and self.code.source[base].strip("{}()") == EULER:
            self.code.raises_e = True
        del self.extents[1 - operation.arity + len(self.extents) :]
        begin = extents[0][0] if start is None or operation.arity > 1 else start
        self.code.add(operation, begin, end)
        self.extents[-1] = (begin, end)

    def _outside(self) -> int:
        return self.brackets[-1].outside if self.brackets else 0

    # choices: a comparison leaves its two sides as operands; the choice that it is the condition of takes them

    def _compare(self, token: Token, following: Token) -> None:
        if not self.last:
            raise complain.nothing_to_the_left(self.code, token, self.previous)
        self._reduce(COMPARISON)  # which refuses a < b < c
        self._wait(COMPARISON, None, token)

    def _question(self, token: Token, following: Token) -> None:
        """Read the ? of a > b ? u : v."""
        self._wait(CHOICE, Operation(self._condition(token), 4), token)

    def _if(self, token: Token, following: Token) -> None:
        """Read the if of u if a > b else v: the condition is still to come."""
        if not self.last:
            raise complain.nothing_to_the_left(self.code, token, self.previous)
        self._reduce(CHOICE + 1)
        self._wait(CHOICE, None, token)

    def _else(self, token: Token, following: Token) -> None:
        row = self._condition(token)
        if len(self.pending) <= self._outside() or self.pending[-1].sign != "if":
            raise complain.missing_condition(self.code, token)
        self.pending.pop()
        self._wait(CHOICE, Operation(row, 4, IF_ELSE), token)

    def _colon(self, token: Token, following: Token) -> None:
        """Read the : of a > b ? u : v."""
        if not self.last:
            raise complain.nothing_to_the_left(self.code, token, self.previous)
        self._reduce(CHOICE + 1)
        while len(self.pending) > self._outside() and self.pending[-1].sign == ":":  # of a choice within this one
            self._apply_last()
        if len(self.pending) <= self._outside() or self.pending[-1].sign != "?":
            raise complain.stray_colon(self.code, token)
        self._wait(CHOICE, self.pending.pop().operation, token)

    def _condition(self, token: Token) -> Gate:
        """Take the comparison that has just been read; return the row of the choice that it is the condition of."""
        if self.last:
            self._reduce(COMPARISON + 1)
        if not self.last or len(self.pending) <= self._outside() or self.pending[-1].binds != COMPARISON:
            raise complain.missing_condition(self.code, token)
        sign = self.pending.pop().sign
        return next(row for row in FUNCTIONS["where"] if row.syntax.comparison == sign)

    def _expects_condition(self) -> bool:
        """Say whether = compares here: in [x = y], in where(x = y, u, v), and behind the if of u if x = y else v."""
        if any(waiting.sign == "if" for waiting in self.pending[self._outside() :]):
            return True
        bracket = self.brackets[-1] if self.brackets else None
        if bracket is None or not bracket.call:
            return bracket is not None and bracket.is_list
        return bool(bracket.call[0].syntax.comparison) and not bracket.commas

    def _holds_comparison(self) -> bool:
        """Say whether the innermost bracket holds a comparison and nothing else."""
        self._reduce(COMPARISON + 1)
        outside = self._outside()
        return len(self.pending) == outside + 1 and self.pending[-1].binds == COMPARISON

    def _is_condition(self, bracket: Bracket, following: Token) -> bool:
        """Say whether a comparison in brackets is all of the condition of a choice."""
        outer = self.brackets[-2] if self.brackets[1:] else None
        if bracket.outside > (outer.outside if outer else 0) and self.pending[bracket.outside - 1].binds > CHOICE:
            return False  # 2*[x > 0] > y ? …
        is_first = outer and outer.call and outer.call[0].syntax.comparison and not outer.commas
        return following.kind in ("question", "else") or bool(is_first and following.kind == "comma")

    def _count_truth(self, token: Token) -> None:
        """Read [x > 0] as 1 where it holds and 0 where it does not, as derivatives are printed."""
        row = self._condition(token)
        for number in TRUTH:
            self.code.add(number, token.end, token.end)
            self.extents.append((token.end, token.end))
        self._apply(Operation(row, 4))
        self.last = "number"

    def _wait(self, binds: int, operation: Operation | None, token: Token) -> None:
        self.pending.append(Pending(binds, operation, token.start, token.end, token.text))
        self.last = ""

    # brackets

    def _open(self, token: Token, following: Token) -> None:
        call: tuple[Gate, ...] = ()
        vector = None
        start = token.start
        before = self.previous
        if before and not self.last and before.kind == "name" and before is not self.target:
            call, vector, start = FUNCTIONS.get(before.text, ()), VECTOR_FUNCTIONS.get(before.text), before.start
            self.called.setdefault(before.text, before.start)
        elif (
            before
            and self._indexes(before, token)
            and (self.last == "name" or (self.last == "close" and INDICES.match(self.code.source, token.start)))
        ):
            vector, start = INDEX, self.extents[-1][0]
        else:
            self._expect_operand(token, following)
        self.brackets.append(Bracket(token, call, start, len(self.pending), [], [], [], [], vector))
        self.last = ""

    def _bar(self, token: Token, following: Token) -> None:
        """Read a | as closing where it can be: where an operand stands before it and one is open."""
        if self.last and self.brackets and self.brackets[-1].opener.text == "|":
            self._close(token, following)
        else:
            self._open(token, following)

    def _close(self, token: Token, following: Token) -> None:
        bracket = self.brackets[-1] if self.brackets else None
        if bracket is None:
            raise complain.stray_bracket(self.code, token)
        if CLOSES[bracket.opener.text] != token.text:
            raise complain.mismatched_brackets(self.code, bracket.opener, token)
        if not self.last:
            if self.previous is not bracket.opener:
                raise complain.missing_operand(self.code, self.previous or token)
            if bracket.call:
                name = self.code.source[bracket.start : bracket.opener.start].strip()
                raise complain.wrong_arity(self.code, bracket.call, name, 0, (bracket.start, token.end))
            if bracket.vector:
                raise complain.wrong_vector_arity(self.code, bracket.vector, 0, (bracket.start, token.end))
            raise complain.empty_brackets(self.code, bracket.opener, token)
        if not bracket.call and self._holds_comparison():
            if token.text != "]" or self._is_condition(bracket, following):  # (x > 0) ? x : 0
                self.brackets.pop()
                self.last = "close"
                return
            self._count_truth(token)  # [x > 0]·x
        self._reduce(0)
        self.brackets.pop()
        if bracket.vector is INDEX:
            self._collect(len(bracket.commas) + 2, bracket.start, token.end, INDEX)
            self.last = "name"  # which W[0][1] goes on from
            return
        if bracket.is_list and self._is_vector(bracket, following):
            self._close_list(bracket, token)
        elif bracket.call or bracket.vector:
            self._call(bracket, token)
        elif token.text == "|":
            typed = self.code.source[bracket.opener.start : bracket.opener.end]
            self._apply(NORM if any(sign in typed for sign in DOUBLE_BARS) else ABSOLUTE, bracket.start)
            self.extents[-1] = (bracket.start, token.end)
            self.code.ends[-1] = token.end
        else:
            self.extents[-1] = (bracket.start, token.end)
        self.last = "bar" if token.kind == "bar" else "close"

    def _is_vector(self, bracket: Bracket, following: Token) -> bool:
        """Say whether a bracket is a vector: it has commas, or it is a row of one entry, as in [[1], [2]]."""
        outer = self.brackets[-1] if self.brackets else None
        is_row = outer is not None and outer.is_list and bracket.outside == outer.outside
        is_entry = is_row and outer and (outer.commas or following.kind in ("comma", "end"))
        return bool(bracket.commas or is_entry or self._holds_list(bracket))

    def _holds_list(self, bracket: Bracket) -> bool:
        """Say whether a list is all that a bracket holds."""
        last = self.code.items[-1]
        is_last = isinstance(last, Operation) and last.gate is LIST and self.previous
        before = self.code.source[bracket.opener.end : self.code.starts[-1]]
        return bool(is_last and not before.strip() and self.previous and self.code.ends[-1] == self.previous.end)

    def _close_list(self, bracket: Bracket, token: Token) -> None:
        """Make a vector of the operands in a bracket, or a matrix of its rows; a column [1; 2] is a vector."""
        rows, entries = len(bracket.breaks) + 1, len(bracket.commas) + 1
        entries -= bracket.breaks[-1] if rows > 1 else 0
        if entries > 1 or rows == 1:
            self._collect(entries, bracket.start, token.end)
        if rows > 1:
            self._collect(rows, bracket.start, token.end)

    def _collect(self, count: int, start: int, end: int, operation: VectorOperation = LIST) -> None:
        """Add an operation on the last operands, written from start to end."""
        del self.extents[len(self.extents) - count :]
        self.code.add(Operation(operation, count), start, end)
        self.extents.append((start, end))
        self.code.has_vectors = True

    def _comma(self, token: Token, following: Token) -> None:
        bracket = self.brackets[-1] if self.brackets else None
        if bracket is None or not (bracket.call or bracket.vector or bracket.is_list):
            raise complain.stray_comma(self.code, token, self.brackets[-1].opener if self.brackets else None)
        if not self.last and self.previous is self.brackets[-1].opener:
            raise complain.nothing_to_the_left(self.code, token, self.previous)
        if not self.last:
            raise complain.missing_operand(self.code, self.previous or token)
        if not bracket.commas and bracket.call and bracket.call[0].syntax.comparison:
            bracket.compares.append(self._condition(token).syntax.comparison)
        self._reduce(0)
        bracket.commas.append(token)
        self.last = ""

    def _call(self, bracket: Bracket, closer: Token) -> None:
        """Apply the row of a function that takes as many operands as are written."""
        operands = len(bracket.commas) + 1 + len(bracket.compares)
        span = (bracket.start, closer.end)
        rows = [row for row in bracket.call if row.syntax.comparison == "".join(bracket.compares)] or bracket.call
        gate = next((row for row in rows if row.arity[0] <= operands <= row.arity[1]), None)
        is_vector = gate is None or bracket.keywords or (gate.groups > 1 and not bracket.breaks)
        if bracket.vector and bracket.keywords and not bracket.vector.indexed:
            raise complain.no_axis(self.code, bracket.vector, span)
        if bracket.vector and is_vector and operands <= bracket.vector.arity[1] + len(bracket.keywords):
            self._collect(operands, *span, bracket.vector)
            return
        if not bracket.call and bracket.vector:
            raise complain.wrong_vector_arity(self.code, bracket.vector, operands, span)
        if gate is None or gate.groups > 1:
            name = self.code.source[bracket.start : bracket.opener.start].strip()
            self._check_lists(bracket, name, operands, span)
            if gate is None:
                raise complain.wrong_arity(self.code, bracket.call, name, operands, span)
        del self.extents[len(self.extents) - operands :]
        self.code.add(Operation(gate, operands), *span)
        self.extents.append(span)

    def _check_lists(self, bracket: Bracket, name: str, operands: int, span: tuple[int, int]) -> None:
        """Raise ProgramError unless there are as many lists as a function takes, and of one length."""
        row, ends = bracket.call[0], (0, *bracket.breaks, operands)
        if row.groups != len(ends) - 1:
            raise complain.wrong_lists(self.code, row, name, len(ends) - 1, span)
        lengths = [end - start for start, end in pairwise(ends)]
        other = next((k for k, length in enumerate(lengths) if length != lengths[0]), None)
        if other is not None:
            extents = self.extents[len(self.extents) - operands :][ends[other] : ends[other + 1]]
            raise complain.unequal_lists(self.code, name, lengths, (extents[0][0], extents[-1][1]))
