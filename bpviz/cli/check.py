"""bpviz check: are the numbers right, and what went wrong in those that are not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bpviz.cli.options import Within, option
from bpviz.cli.program import Asked, program_command
from bpviz.cli.target import write_text

if TYPE_CHECKING:
    from bpviz.autodiff import Trace
    from bpviz.formula.numerals import Rounding
    from bpviz.limits import Limits

FORMATS = ("rich", "plain", "markdown", "latex", "csv", "json")


@program_command(
    option("--all", dest="every", action="store_true", help="Check every gate too, not only the inputs."),
    option(
        "--claim",
        dest="claims",
        metavar="NAME=NUMBER",
        action="append",
        help="A gradient that somebody worked out: is it right, and if not, which slip gives it? May repeat.",
    ),
    option(
        "--tolerance",
        type=Within(0, 1, above=True, kind=float),
        metavar="NUMBER",
        default=1e-6,
        help="How far two derivatives may be apart, relatively (1e-6).",
    ),
    option("--format", dest="format_", choices=FORMATS, default="rich", help="How to write it; rich."),
)
def check(
    asked: Asked,
    every: bool,
    claims: Sequence[str],
    tolerance: float,
    format_: str,
) -> int:
    """Check the gradients of PROGRAM against a central difference and sympy's exact derivative.

    The exit status is 1 when one of them differs. With --claim it is answers that are checked, each as precisely as it
    is written, and a wrong one is compared with what the usual slips would give.

    bpviz check "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
    bpviz check "a*b + a" --a 2 --b -3 --all --format json
    bpviz check "x*y + x" --x 3 --y -4 --claim x=-4 --claim y=3
    """

    trace = asked.trace()
    rounding = asked.rounding
    if claims:
        right = _answer(trace, claims, format_, rounding, asked.limits)
    else:
        typed = asked.digits is not None or asked.decimals is not None
        right = _compare(trace, every, tolerance, format_, rounding if typed else None, asked.limits.checked)
    return 0 if right else 1


def _compare(trace: Trace, every: bool, tolerance: float, format_: str, rounding: Rounding | None, most: int) -> bool:
    """Print the check, of six digits unless others are asked for; return whether nothing differs."""
    from bpviz.checking import verdict_report as view
    from bpviz.checking.verdicts import compare
    from bpviz.text import show
    from bpviz.text.writers import write

    verdicts = compare(trace, every=every, tolerance=tolerance, most=most)
    rounding = rounding or view.SIX_DIGITS
    if format_ == "rich":
        show(write(view.CheckReport(verdicts, rounding), "plain"))
    else:
        write_text(None, write(view.CheckReport(verdicts, rounding), format_))
    return verdicts.is_right


def _answer(trace: Trace, claims: Sequence[str], format_: str, rounding: Rounding, most: Limits) -> bool:
    """Print what there is to say to the claims; return whether all of them are right."""
    from bpviz.checking import marking as view
    from bpviz.checking.claims import read_claim
    from bpviz.text import show
    from bpviz.text.writers import write

    marked = view.mark(trace, [read_claim(trace.graph, claim, most) for claim in claims])
    if format_ == "rich":
        show(write(view.AnswerReport(trace, marked, rounding), "plain"))
    else:
        write_text(None, write(view.AnswerReport(trace, marked, rounding), format_))
    return all(answer.is_right for answer in marked)
