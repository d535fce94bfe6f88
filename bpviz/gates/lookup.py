"""Which gate a reader means: by its name, another of its names, its symbol, an operator, or how its name begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bpviz.errors import UsageError
from bpviz.gates.gate import Gate
from bpviz.gates.table import FUNCTIONS, GATES, TABLE

TYPED = {"*": "×", "·": "×", "-": "−", "/": "÷", "^": "xʸ", "**": "xʸ"}  # operators as the symbols of their gates
SYMBOLS: Mapping[str, Gate] = {gate.symbol: gate for gate in reversed(TABLE)}  # − is the first that has it, subtract
SHOWN = 40  # characters of a word that no gate is called


def gate_called(word: str) -> Gate:
    """Return the gate that a word means; UsageError for one that means none or several, with the nearest name.

    A gate's own name comes before another's alias (log is log to any base, though log(x) in a program is ln), and
    letters in either case are the same.

    >>> gate_called("mul"), gate_called("*"), gate_called("ReLU"), gate_called("swish")
    (<gate multiply>, <gate multiply>, <gate relu>, <gate silu>)
    """
    for each in (word, word.lower()):
        if each in GATES:
            return GATES[each]
        if each in FUNCTIONS:
            return FUNCTIONS[each][0]
    symbol = TYPED.get(word, word)
    return SYMBOLS[symbol] if symbol in SYMBOLS else _begun(word)


def _begun(word: str) -> Gate:
    """Return the only gate of which a name begins with a word; the gates' own names before the aliases."""
    begun = _beginning(word, GATES) or _beginning(word, FUNCTIONS)
    if len(begun) == 1:
        return begun[0]
    if begun:
        names = ", ".join(gate.name for gate in begun)
        raise UsageError(f"{word} may be any of {names}", hint="write more of its name")
    from difflib import get_close_matches

    known = {each.lower(): each for each in reversed([*GATES, *FUNCTIONS])}
    meant = get_close_matches(word.lower()[:SHOWN], known, n=1, cutoff=0.6)
    hint = f"did you mean {known[meant[0]]}?" if meant else "bpviz gates lists them all"
    raise UsageError(f"no gate is called {word[:SHOWN]}", hint=hint)


def _beginning(word: str, names: Iterable[str]) -> list[Gate]:
    begun = [name for name in names if word and name.lower().startswith(word.lower())]
    return list(dict.fromkeys(FUNCTIONS[name][0] if name not in GATES else GATES[name] for name in begun))
