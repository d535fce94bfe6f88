"""What the parser says to a program that it cannot read: one function a mistake, each with what to write instead.

Each makes a ProgramError and is named after the mistake, as the class of an error would be. They run only when a
program is refused, so they may take their time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bpviz.errors import ProgramError
from bpviz.gates import ANY, FUNCTIONS, LETTERS, Gate, list_operands
from bpviz.lang.postfix import Code, Pending
from bpviz.lang.tokens import SUPERSCRIPT, Token
from bpviz.limits import raise_by
from bpviz.names import find_nearest
from bpviz.vectors import VectorOperation
from bpviz.vectors.vector_row import write_call

MOST_QUOTED = 30  # characters of the program that a sentence quotes
CLOSERS = {"(": ")", "[": "]", "{": "}", "|": "|"}
EXAMPLE = 'a program is an expression, such as "x*y + 1"'
TWO_NUMBERS = re.compile(r"([0-9]+)\s*,\s*([0-9]+)")
# 1,000 may be either; 1,000,000 and 1,000.5 have no second reading
THOUSANDS = re.compile(
    r"(?<![0-9.,])(?:([0-9]{1,3}),([0-9]{3})(?![0-9.,])|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?)(?![0-9])"
)
POWER_OF = re.compile(  # sin^2 x: the power, what is raised to, and the operand
    rf"\s*(?P<power>(?:\^|\*\*)\s*(?P<exponent>[-−]?(?:[0-9]+|[^\W\d]\w*|\([^()\n]*\)|\{{[^{{}}\n]*\}}))|{SUPERSCRIPT})"
    r"\s*(?P<operand>\w+|\([^()\n]*\)|\{[^{}\n]*\})?"
)
DEFINITION = re.compile(r"\s*[(\[][^()\[\]=;\n]*[)\]]\s*=(?!=)")  # of a function: f(x) =
NO_GATES = {  # what people type as a function that is no gate: what it is, and what to write
    "log_softmax": ("log_softmax gives several values", "write the one you mean: a - logsumexp(a, b)"),
    "argmax": ("argmax has no slope anywhere", "max(a, b) is a gate"),
    "argmin": ("argmin has no slope anywhere", "min(a, b) is a gate"),
    "diff": ("derivatives are what bpviz finds by itself", "give the function alone: bpviz symbolic prints them"),
    "grad": ("gradients are what bpviz finds by itself", "give the function alone: bpviz table prints them"),
    "floor": ("floor has slope 0 wherever it has one", "leave it out"),
    "ceil": ("ceil has slope 0 wherever it has one", "leave it out"),
    "round": ("round has slope 0 wherever it has one", "leave it out"),
    "factorial": ("factorials are not differentiable here", "write out the product"),
}
DERIVATIVE = re.compile(r"\b[d∂]\w?/[d∂]\w+\s*$")
TRANSPOSED = re.compile(r"(\w+|\([^()]*\))\s*\^\s*T\s*$")  # x^T before another operand
COUNTS = ("no operands", "one operand", "two operands", "three operands")


def empty_program(code: Code) -> ProgramError:
    """There is no statement."""
    nothing = "is only comments" if code.source.strip() else "is empty"
    return ProgramError(f"the program {nothing}", hint=EXAMPLE)


def file_name(source: str) -> ProgramError:
    """A file's name that does not end as a program's does."""
    hint = "a program file ends in .bp; in an expression no name has a point in it"
    return ProgramError(f"{_shorten(source)} looks like the name of a file", hint=hint)


def long_program(length: int, limit: int) -> ProgramError:
    """The text is longer than the limit."""
    return ProgramError(
        f"the program has {length:,} characters, more than {limit:,}",
        hint=f"is it a program? Split it if it is, or {raise_by('characters', length)}",
    )


def unclosed_bracket(code: Code, opener: Token) -> ProgramError:
    """An open bracket at the end of the statement."""
    return _refuse(code, opener, f"this {_quote(code, opener)} is never closed", f"add the {CLOSERS[opener.text]}")


def end_in_call(code: Code, token: Token, opener: Token) -> ProgramError:
    """A ; between the operands of a function, or before its bracket is closed."""
    typed = _quote(code, opener)
    return _refuse(
        code, token, f"a ; ends a statement, and a {typed} is open", f"write a comma here, or close the {typed}"
    )


def stray_bracket(code: Code, closer: Token) -> ProgramError:
    """A closing bracket with none open."""
    typed = _quote(code, closer)
    return _refuse(
        code, closer, f"this {typed} closes nothing", f"drop it, or open a bracket before it: {typed} has none"
    )


def mismatched_brackets(code: Code, opener: Token, closer: Token) -> ProgramError:
    """A closing bracket of another shape than the one open."""
    if opener.text == "|":
        return unclosed_bracket(code, opener)
    what = f"a {_quote(code, opener)} is closed by this {_quote(code, closer)}"
    return _refuse(code, closer, what, f"write {CLOSERS[opener.text]}")


def empty_brackets(code: Code, opener: Token, closer: Token) -> ProgramError:
    """Brackets with nothing in them."""
    place = code.place(opener.start, closer.end)
    return ProgramError("there is nothing between these brackets", place=place, hint="write an expression there")


def missing_operand(code: Code, last: Token) -> ProgramError:
    """A statement, bracket or list that stops where an operand is due."""
    if last.kind == "assign":
        return _refuse(code, last, "there is nothing after this =", "write an expression there, such as x*y")
    if last.kind in ("comma", "end"):
        sign = "comma" if last.text == "," else last.text
        return _refuse(
            code, last, f"there is no operand after this {sign}", f"drop the {sign}, or write an operand after it"
        )
    hint = "write an operand after it; a line goes on in the next one only inside brackets"
    return _refuse(code, last, f"this {_quote(code, last)} has nothing on its right", hint)


def nothing_to_the_left(code: Code, token: Token, previous: Token | None) -> ProgramError:
    """An operator, or a superscript, where an operand is due."""
    typed = _quote(code, token)
    before = _quote(code, previous) if previous else ""
    what = f"this {typed} has nothing on its left" + (f" but {before}" if before and previous else "")
    hint = "write an operand before it, or drop it"
    if previous and previous.kind == "operator" and previous.end == token.start and before == typed:
        hint = f"write one {typed}"
    return _refuse(code, token, what, hint)


def stray_comma(code: Code, comma: Token, opener: Token | None) -> ProgramError:
    """A comma outside a function's brackets."""
    match, thousands = _match_around(TWO_NUMBERS, code, comma), _match_around(THOUSANDS, code, comma)
    if thousands:
        hint = f"for a thousand write {thousands[0].replace(',', '')}"
        hint += f", for a decimal {thousands[1]}.{thousands[2]}" if thousands[2] else ""
    elif match:
        hint = f"for a decimal number write {match[1]}.{match[2]}; statements are separated by ;"
    else:
        hint = "statements are separated by ; and decimals are written with a point"
    return _refuse(code, comma, "a comma separates the operands of a function, and there is none here", hint)


def misplaced_assignment(code: Code, token: Token, target: Token | None, previous: Token | None) -> ProgramError:
    """An = that is not the second token of its statement."""
    if target:
        return _refuse(code, token, "this statement has two =", "write one statement for each name, separated by ;")
    if previous is None:
        return _refuse(code, token, "this = has no name on its left", "write name = expression")
    if previous.kind == "number":
        what = f"{_quote(code, previous)} is a number and cannot be given a value"
        return _refuse(code, previous, what, "a name stands before =, such as y = 2*x")
    return _refuse(code, token, "only a name can stand before =", "write name = expression, such as y = 2*x")


def assigned_function(code: Code, target: Token, called: int) -> ProgramError:
    """A name that the program has called as a function before."""
    what = f"{target.text} is a function in line {code.line(called)} and cannot name a gate in line "
    return _refuse(code, target, f"{what}{code.line(target.start)}", f"choose another name, such as {target.text}1")


def bare_function(code: Code, name: Token, following: Token) -> ProgramError:
    """A function that is not followed by a bracket."""
    typed = _quote(code, name)
    operand = _quote(code, following) if following.kind in ("name", "number", "variable") else "x"
    row = FUNCTIONS[name.text][0]
    if row.arity[0] > 1:
        operand = list_operands(row, (operand, "y"))
    raised = POWER_OF.match(code.source, name.end)
    hint = _write_raised(raised, name, typed, operand) if raised else f"write {typed}({operand})"
    return _refuse(code, name, f"{typed} is a function and needs its operand in brackets", hint)


def _write_raised(raised: re.Match[str], name: Token, typed: str, operand: str) -> str:
    """Return what to write for sin^2 x, which is a power, and for exp^x, which is none."""
    power = " ".join(raised["power"].split())
    if FUNCTIONS[name.text][0].syntax.euler and raised["exponent"]:
        return f"write {typed}({_shorten(_strip_brackets(raised['exponent']))})"
    operand = _strip_brackets(raised["operand"]) if raised["operand"] else operand
    return f"write {typed}({_shorten(operand)}){_shorten(power)}, with the power after the bracket"


def _strip_brackets(text: str) -> str:
    return text[1:-1] if text[0] in "({" else text


def not_a_function(code: Code, name: Token, opener: Token, defined: Mapping[str, int]) -> ProgramError:
    """A name before a bracket that is no function: a variable, a slip of the pen, or an unknown function."""
    typed = _quote(code, name)
    if DEFINITION.match(code.source, name.end):
        return _refuse(code, name, f"{typed}(…) = … defines a function, which bpviz does not", f"write {typed} = …")
    inside, has_comma = _quote_bracket(code, opener)
    product = f"{typed}*{inside}"
    if name.text in defined:
        line = code.line(defined[name.text])
        return _refuse(code, name, f"{typed} is the name of a gate or input (line {line})", f"write {product}")
    near = find_nearest(name.text, FUNCTIONS) if len(name.text) > 2 else ""
    if near:
        return _refuse(code, name, f"{typed} is not a function that bpviz knows", f"did you mean {near}?")
    is_used = sum(1 for match in re.finditer(r"\w+", code.source) if match[0] == name.text) > 1
    if has_comma or not (is_used or len(name.text) <= 2 or "_" in name.text):
        hint = "bpviz gates lists the functions"
        hint = hint if has_comma else f"for a product write {product}; {hint}"
        return _refuse(code, name, f"{typed} is not a function that bpviz knows", hint)
    return _refuse(code, name, f"{typed} is a variable", f"write {product}")


def no_gate(code: Code, name: Token) -> ProgramError:
    """A function that people know, and that is no gate."""
    what, hint = NO_GATES[name.text]
    return _refuse(code, name, what, hint)


def has_comma(code: Code, opener: Token) -> bool:
    """Say whether a bracket holds a comma, as that of a function of several operands does."""
    return _quote_bracket(code, opener)[1]


def missing_condition(code: Code, token: Token) -> ProgramError:
    """A choice without a comparison where it should stand."""
    hint = "write where(x > 0, x, 0), or x if x > 0 else 0"
    return _refuse(code, token, "a choice needs a comparison of two values before this", hint)


def unfinished_choice(code: Code, waiting: Pending) -> ProgramError:
    """A comparison that is no condition, or a condition without what holds otherwise."""
    place = code.place(waiting.start, waiting.end)
    sign = _shorten(code.source[waiting.start : waiting.end])
    if waiting.sign in ("?", "if"):
        hint = "write x > 0 ? x : 0" if waiting.sign == "?" else "write x if x > 0 else 0"
        return ProgramError(f"this {sign} has nothing for where the condition does not hold", place=place, hint=hint)
    what = f"this {sign} compares two values, and nothing is chosen by it"
    hint = "write where(x > 0, x, 0), max(x, y) or relu(x)"
    if waiting.sign in ("=", "=="):
        hint = "write name = expression to name a gate, or where(x == y, x, 0) for a choice"
    return ProgramError(what, place=place, hint=hint)


def stray_colon(code: Code, token: Token) -> ProgramError:
    """A : that belongs to no choice."""
    hint = "write name = expression to name a gate, or x > 0 ? x : 0 for a choice"
    return _refuse(code, token, "this : belongs to no ?", hint)


def no_silent_product(
    code: Code, before: tuple[int, int], previous: Token | None, token: Token, following: Token
) -> ProgramError:
    """Two operands side by side that could be misread."""
    left, right = _shorten(code.source[slice(*before)]), _quote(code, token)
    if token.kind == "open":
        right = _quote_bracket(code, token)[0]
    elif token.kind == "bar":
        right = "|…|"
    elif token.kind == "name" and following.kind == "open":
        right += _quote_bracket(code, following)[0]
    hint = f"write {left}*{right}"
    if token.kind == "number" and previous and previous.kind != "number":
        hint += f" or {left}^{right}"
    place = code.place(before[0], token.end)
    if transposed := TRANSPOSED.search(code.source[max(0, token.start - MOST_QUOTED) : token.start]):
        hint = f"for a transpose write {transposed[1]}.T@{right}"
    if DERIVATIVE.search(code.source[: token.start]):
        what = "derivatives are what bpviz finds by itself"
        return ProgramError(what, place=place, hint="give the function alone: bpviz symbolic prints its derivatives")
    return ProgramError(f"there is no operator between {left} and {right}", place=place, hint=hint)


def silent_product_under(code: Code, divisor: tuple[int, int], token: Token) -> ProgramError:
    """1/2x: is it (1/2)x or 1/(2x)?"""
    below, right = _shorten(code.source[slice(*divisor)]), _quote(code, token)
    right = _quote_bracket(code, token)[0] if token.kind == "open" else right
    gap = _quote_gap(code, token)
    before = code.source[: divisor[0]].rstrip()[:-1].rstrip()
    whole = re.search(r"(?:^|(?<![\w.]))[\w.]+$", before[-MOST_QUOTED:])
    above = whole[0] if whole else "…"
    return ProgramError(
        f"{above}/{below}{gap}{right} can be read in two ways",
        place=code.place(divisor[0], token.end),
        hint=f"write ({above}/{below})*{right} or {above}/({below}*{right})",
    )


def silent_product_in_power(code: Code, start: int | None, pending: Pending, token: Token) -> ProgramError:
    """x^2y, √2x: where does the exponent, or the root, end? start is that of the base, if there is one."""
    start = pending.start if start is None else start
    sign = _shorten(code.source[start : pending.end])
    inner, right = _shorten(code.source[pending.end : token.start].strip()), _quote(code, token)
    right = _quote_bracket(code, token)[0] if token.kind == "open" else right
    return ProgramError(
        f"{sign}{inner}{_quote_gap(code, token)}{right} can be read in two ways",
        place=code.place(start, token.end),
        hint=f"write {sign}({inner}*{right}) or {sign}{inner}*{right}",
    )


def misread_power(code: Code, token: Token, last: str) -> ProgramError:
    """√x^2, x²^3: what is raised to what?"""
    if last == "superscript":
        return _refuse(code, token, "a power of a power can be read in two ways", "write (x²)^3 or x^(2^3)")
    return _refuse(code, token, "a root and a power can be read in two ways", "write √(x^2) or (√x)^2")


def root_of_minus(code: Code, start: int, minus: Token) -> ProgramError:
    """√-x: a root takes what stands next to it."""
    place = code.place(start, minus.end)
    return ProgramError("a √ takes only what stands next to it", place=place, hint="write √(-x)")


def wrong_arity(code: Code, rows: Sequence[Gate], name: str, operands: int, span: tuple[int, int]) -> ProgramError:
    """A function with too few or too many operands."""
    if rows[0].syntax.comparison:
        what = f"{name} takes a comparison and two values"
        return ProgramError(what, place=code.place(*span), hint=f"write it as {name}(x > 0, x, 0)")
    fewest = rows[0].arity[0]
    takes = " or ".join([COUNTS[row.arity[0]] + (" or more" if row.arity[1] == ANY else "") for row in rows])
    given = COUNTS[operands].split()[0] if operands < len(COUNTS) else f"{operands}"
    example = list_operands(rows[0], ("x", "y", *LETTERS)[:fewest])
    return ProgramError(
        f"{name} takes {takes}, not {given if operands else 'none'}",
        place=code.place(*span),
        hint=f"write it as {name}({example})",
    )


def wrong_vector_arity(code: Code, operation: VectorOperation, operands: int, span: tuple[int, int]) -> ProgramError:
    """An operation on vectors that is given more or fewer operands than it takes."""
    names = ["x", "y"][: operation.arity[0]]
    takes = "a vector" if operation.arity[1] == 1 else "two vectors"
    given = "none" if not operands else "one operand" if operands == 1 else f"{operands} operands"
    hint = f"write it as {write_call(operation, names)}, with a vector such as [a, b]"
    return ProgramError(f"{operation.name} takes {takes}, not {given}", place=code.place(*span), hint=hint)


def no_axis(code: Code, operation: VectorOperation, span: tuple[int, int]) -> ProgramError:
    """An axis for an operation that has none."""
    return ProgramError(f"{operation.name} takes no axis", place=code.place(*span), hint="leave it out")


def wrong_lists(code: Code, row: Gate, name: str, lists: int, span: tuple[int, int]) -> ProgramError:
    """A function that takes lists, with too few or too many."""
    takes, given = (
        COUNTS[number].split()[0] if number < len(COUNTS) else f"{number}" for number in (row.groups, lists)
    )
    example = list_operands(row, ("x", "y", "u", "v", *LETTERS)[: 2 * row.groups])
    return ProgramError(
        f"{name} takes {takes} lists, with a ; between them, not {given}",
        place=code.place(*span),
        hint=f"write it as {name}({example})",
    )


def unequal_lists(code: Code, name: str, lengths: Sequence[int], span: tuple[int, int]) -> ProgramError:
    """Lists that do not go together, operand by operand."""
    return ProgramError(
        f"the lists of {name} have {' and '.join(map(str, lengths))} operands",
        place=code.place(*span),
        hint="each operand needs a partner at its place in the other list",
    )


def _quote_gap(code: Code, token: Token) -> str:
    """Return a blank if one stands before a token."""
    return " " if code.source[token.start - 1].isspace() else ""


def _refuse(code: Code, token: Token, what: str, hint: str) -> ProgramError:
    return ProgramError(what, place=code.place(token.start, token.end), hint=hint)


def _quote(code: Code, token: Token) -> str:
    return _shorten(code.source[token.start : token.end])


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MOST_QUOTED else text[: MOST_QUOTED - 1] + "…"


def _quote_bracket(code: Code, opener: Token) -> tuple[str, bool]:
    """Return a bracket with what is in it, shortened, and whether that has a comma of its own."""
    depth = 0
    for end in range(opener.start, min(len(code.source), opener.start + 200)):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(code.source[end], 0)
        if not depth:
            text = code.source[opener.start : end + 1]
            return (text if len(text) <= MOST_QUOTED and "\n" not in text else "(…)"), "," in text
    return "(…)", False


def _match_around(pattern: re.Pattern[str], code: Code, token: Token) -> re.Match[str] | None:
    """Return where a pattern matches with this token in the midst."""
    found = pattern.finditer(code.source, max(0, token.start - 20), token.end + 40)
    return next((match for match in found if match.start() <= token.start < match.end()), None)
