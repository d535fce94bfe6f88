"""The derivation: what it says is read as a student would, number by number."""

import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.autodiff import run
from bpviz.errors import UsageError
from bpviz.formula.numerals import Rounding, number
from bpviz.formula.tree import Atom, Term
from bpviz.gates import GATES, TABLE
from bpviz.lang import parse
from bpviz.text import steps
from bpviz.text.derivation import Derivation, Equation
from bpviz.text.derivation_formats import FORMATS, WIDTH
from bpviz.text.deriving import derive
from bpviz.text.printed_arithmetic import read_numeral
from tests.conftest import need_module, where_present
from tests.gates.test_gates import CASES
from tests.support.programs import PROGRAMS
from tests.support.snapshot import check
from tests.text.test_listing import of_gate

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
THREE = Rounding()


def derivation(program: str, **inputs: float) -> str:
    return steps(run(parse(program), inputs))


def test_the_chain_rule_stands_in_symbols_and_with_numbers() -> None:
    text = derivation(EXAMPLE, x=3, y=-4)
    assert "∂f/∂den = −1/den² · ∂f/∂invden = −0.262 × 3.02 ≈ −0.792\n" in text
    assert "= 0.512 − 0.0358 + 1.58 = 2.06\n" in text
    assert "x feeds num, sigx and xpy: a change of x reaches f along each" in text


def test_forward_lines_stand_in_step_order() -> None:
    steps_ = derive(run(parse(EXAMPLE), x=3, y=-4), THREE)
    assert [step.number for step in steps_.forward] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [step.number for step in steps_.backward] == [0, 8, 7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("program", "inputs", "line"),
    [
        ("x*y", {"x": 1 / 3, "y": 3.0}, "= 0.333 × 3  ≈ 1"),
        ("x*y", {"x": 0.5, "y": 3.0}, "= 0.5 × 3  = 1.5"),
        ("x+y", {"x": 1.004, "y": 1.004}, "= 1.00 + 1.00  ≈ 2.01"),
        ("1/x", {"x": 1.9525741}, "= 1/1.95  ≈ 0.512"),
        ("x+y", {"x": -1.0, "y": -2.5}, "= −1 + (−2.5)  = −3.5"),
        ("2x", {"x": -1.0}, "= 2 × (−1)  = −2"),
        ("x^2", {"x": -3.0}, "= (−3)²  = 9"),
        ("π*x", {"x": 2.0}, "= π × 2  = 6.28"),
        ("x*1e-7", {"x": 3.0}, "= 3 × 10⁻⁷  = 3×10⁻⁷"),
        ("-x", {"x": 1.0}, "(1) f  = −x  = −1\n"),
        ("-x", {"x": -1.0}, "= −x  = −(−1)  = 1\n"),
        ("y = -x; f = y*x", {"x": 2.0}, "(1) y  = −x               = −2\n"),
        ("3 + 4", {}, "(1) f  = 3 + 4  = 7\n"),
        ("x*(-pi)", {"x": 2.0}, "= 2 × (−π)  = −6.28"),
        ("x*½", {"x": 3.0}, "= 3 × ½  = 1.5"),
        # what the shown numbers give, rounded as the result is
        ("x*x", {"x": 778.01}, "= 778 × 778  = 6.05×10⁵"),
        ("x + y", {"x": -2165.0, "y": -790123.5}, "= −2165 + (−7.90×10⁵)  = −7.92×10⁵"),
        # 0 where the product is none
        ("x*y", {"x": 9.08845e-157, "y": 1.18712e-309}, "× 1.19×10⁻³⁰⁹  ≈ 0\n"),
        ("exp(x)", {"x": -2801.0}, "= exp(−2801)  ≈ 0\n"),
        ("x*y", {"x": 3.0, "y": 0.0}, "= 3 × 0  = 0\n"),
        ("x*y", {"x": 1e-200, "y": 1e-200}, "= 1×10⁻²⁰⁰ × 1×10⁻²⁰⁰  ≈ 0\n"),
    ],
)
def test_rounded_numbers_do_not_look_wrong(program: str, inputs: dict[str, float], line: str) -> None:
    assert line in derivation(program, **inputs)


def equations(program: str, digits: int, **inputs: float) -> list[Equation]:
    found = derive(run(parse(program), inputs), Rounding(digits))
    return [line for step in (*found.forward, *found.backward) for line in step.lines if isinstance(line, Equation)]


@settings(max_examples=100, deadline=None)
@given(x=st.floats(-100, 100), y=st.floats(0.01, 100), digits=st.integers(1, 6))
def test_an_equals_sign_is_true_of_what_is_printed(x: float, y: float, digits: int) -> None:
    for equation in equations("(x*y + x - y)*x + sin(x)/y", digits, x=x, y=y):
        numbers = equation.numbers
        if not (isinstance(numbers, Term) and numbers.head in ("*", "+", "-", "terms") and equation.is_exact):
            continue
        parts = [read_numeral(part.text) for part in numbers.parts if isinstance(part, Atom)]
        match numbers.head:
            case "*":
                result = parts[0] * parts[1]
            case "-":
                result = parts[0] - parts[1]
            case _:
                result = sum(parts, Decimal(0))
        shown = read_numeral(equation.result.text)
        assert shown in (
            read_numeral(number(float(result), Rounding(digits))),
            Decimal(f"{float(result):.{digits - 1}e}"),  # 605284 is shown whole, but the result with its digits rounded
        )


def test_every_wire_of_a_repeated_operand_has_its_line() -> None:
    text = derivation("x*x", x=3)
    assert "∂f/∂x via f, operand 1 = x · ∂f/∂f = 3 × 1 = 3" in text
    assert "∂f/∂x via f, operand 2 = x · ∂f/∂f = 3 × 1 = 3" in text
    assert "= 3 + 3 = 6" in text
    assert "x feeds f twice" in text


@pytest.mark.parametrize(
    ("program", "inputs", "line", "rule"),
    [
        ("relu(x)", {"x": 0}, "∂f/∂x = 0 · ∂f/∂f = 0 × 1 = 0", "relu'(0) is taken as 0"),
        ("|x|", {"x": 0}, "∂f/∂x = 0 · ∂f/∂f = 0 × 1 = 0", "slope of |x| at 0 is taken as 0"),
        ("max(x, y)", {"x": 1, "y": 1}, "∂f/∂y = 0.5 · ∂f/∂f = 0.5 × 1 = 0.5", "tie of max shares"),
    ],
)
def test_a_kink_says_which_rule(program: str, inputs: dict[str, float], line: str, rule: str) -> None:
    text = derivation(program, **inputs)
    assert line in text
    assert rule in " ".join(text.split())


def test_off_a_kink_the_condition_is_explained() -> None:
    text = derivation("max(x, y)", x=1, y=2)
    assert "∂f/∂x = [x = f] · ∂f/∂f = 0 × 1 = 0" in text
    assert "Square brackets are 1 where" in text
    assert "kink" not in text


def test_square_brackets_are_explained_once() -> None:
    text = derivation("max(x, y)*relu(x) + relu(y)", x=1, y=2)
    assert text.count("[x > 0]") == text.count("[y > 0]") == 1
    assert text.count("Square brackets are 1 where") == 1


def test_a_condition_of_two_branches_has_no_brackets_of_its_own() -> None:
    assert "(1 if x > 0, else 0.01) · ∂f/∂f" in derivation("leaky_relu(x)", x=-2)


def test_a_pole_is_infinite_and_told() -> None:
    text = derivation("sqrt(x)", x=0)
    assert "∞ × 1 = ∞" in text
    assert "infinite" in text


def test_only_keeps_one_gate() -> None:
    trace = run(parse(EXAMPLE), x=3, y=-4)
    text = steps(trace, only="den")
    assert "(6) den" in text
    assert "∂f/∂den = −1/den²" in text
    assert "∂f/∂sigx   =" in text
    assert "∂f/∂num" not in text
    assert "forward pass" not in steps(trace, only="x")
    assert "= 0.512 − 0.0358 + 1.58 = 2.06" in steps(trace, only="x")
    with pytest.raises(UsageError, match="nothing is called q"):
        steps(trace, only="q")


def test_without_numbers_every_equation_ends_with_its_symbols() -> None:
    text = steps(parse(EXAMPLE))
    assert text.startswith("f as a function of x, y\n")
    assert "  (8) f       = num × invden\n" in text
    assert "      ∂f/∂den = −1/den² · ∂f/∂invden\n" in text
    assert "      ∂f/∂x         = ∂f/∂num + (1 − sigx)·sigx·∂f/∂sigx + ∂f/∂xpy\n" in text
    assert text == steps(run(parse(EXAMPLE), x=3, y=-4), symbolic=True)


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("x*y - x", "∂f/∂x        = y·∂f/∂xy − ∂f/∂f"),
        ("x*x", "= x·∂f/∂f + x·∂f/∂f\n"),
        ("relu(x)", "At a kink no derivative exists: relu'(0) is taken as 0."),
        ("max(x, y)", "Square brackets are 1 where"),
        ("w = 2; w*x + b", "In symbols, since x and b have no values."),
        ("w = 2; w*x", "In symbols, since x has no value."),
        ("x", "∂f/∂f = 1"),
    ],
)
def test_what_symbols_say(program: str, line: str) -> None:
    assert line in steps(parse(program))


def test_a_program_with_all_its_values_needs_no_reason_for_symbols() -> None:
    assert "In symbols" not in steps(parse("w = 2; w*w"))


def steps_of(program: str, **options: str) -> tuple[list[int], list[int]]:
    """Return the numbers of the forward and of the backward steps."""
    found = derive(parse(program), THREE, **options)
    return [step.number for step in found.forward], [step.number for step in found.backward]


def test_for_keeps_the_steps_on_the_paths_from_a_node_in_order() -> None:
    assert steps_of(EXAMPLE, for_="y") == ([1, 2, 4, 5, 6, 7, 8], [0, 8, 7, 6, 5, 4, 2, 1])
    assert steps_of(EXAMPLE, for_="den") == ([6, 7, 8], [0, 8, 7])
    assert steps_of(EXAMPLE, for_="f") == ([8], [0])
    assert steps_of(EXAMPLE, for_="y", only="den") == ([6], [7, 6])


def test_for_leaves_out_the_other_wires_and_says_what_it_takes_as_given() -> None:
    text = steps(run(parse(EXAMPLE), x=3, y=-4), for_="y")
    assert "Only the steps on the paths from y to f. sigx = 0.953 does not depend on y.\n" in text
    assert "∂f/∂y          = 0.00905 + 1.58 = 1.59\n" in text
    assert "∂f/∂x " not in text
    assert "∂f/∂sigx" not in text
    assert "p and q do not depend on x." in steps(parse("p = a*a; q = a*p; x*p*q"), for_="x")


@pytest.mark.parametrize(
    ("name", "hint"),
    [("sigyy", "did you mean sigy?"), ("q", "the names are x, y, sigy, num, sigx, xpy, xpysqr, den, invden, f")],
)
def test_a_name_that_for_does_not_find_is_told(name: str, hint: str) -> None:
    with pytest.raises(UsageError, match=f"nothing is called {name}") as error:
        steps(parse(EXAMPLE), for_=name)
    assert error.value.hint == hint


@pytest.mark.parametrize("sample", PROGRAMS, ids=lambda path: path.stem)
def test_the_steps_for_a_node_are_lines_of_the_whole_derivation_one_for_each_wire_on_a_path(sample: Path) -> None:
    graph = parse(sample.read_text(encoding="utf-8"))
    whole = equations_of(derive(graph, THREE))
    for name in graph.input_names:
        part = equations_of(derive(graph, THREE, for_=name))
        assert [equation for equation in whole if equation in part] == part
        products = [each for each in part if isinstance(each.symbols, Term) and each.symbols.head == "*"]
        assert len(products) == len(graph.find_on_paths(graph.find(name))[1])


def equations_of(derivation: Derivation) -> list[Equation]:
    return [line for step in derivation.backward for line in step.lines if isinstance(line, Equation)]


def test_a_long_sum_has_rows_of_its_own_in_a_display() -> None:
    program = " + ".join(f"w{k}*x" for k in range(1, 15))
    for kind, row in (("latex", r"&\qquad {} + w7 \cdot"), ("typst", '&wide "" + word("w7") dot')):
        text = steps(parse(program), format=kind)
        assert row.replace("w7", r"\mathit{w7}" if kind == "latex" else "w7") in text
    assert max(map(len, steps(parse(program)).splitlines())) <= WIDTH


def test_an_unknown_format_is_told() -> None:
    with pytest.raises(UsageError, match="docx"):
        steps(run(parse("x"), x=1), format="docx")


@pytest.mark.parametrize("sample", PROGRAMS, ids=lambda path: path.stem)
@pytest.mark.parametrize("level", ["lecture", "elementary"])
def test_plain_text_fits_80_columns(sample: Path, level: str) -> None:
    trace = run(parse(sample.read_text(encoding="utf-8"), gates=level))
    assert max(map(len, steps(trace).splitlines())) <= WIDTH
    assert max(map(len, steps(trace, symbolic=True).splitlines())) <= WIDTH


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_every_gate_is_derived_in_every_format(gate: object) -> None:
    name = gate.name  # type: ignore[attr-defined]  a row of the table
    graph, point = of_gate(name)
    trace = run(graph, point)
    for kind in FORMATS:
        text = steps(trace, format=kind)
        assert "#1" not in text
        assert "..." not in text
        assert number(trace.value("f")).replace("−", "-") in text.replace("−", "-")
        in_symbols = steps(graph, format=kind)
        assert "#1" not in in_symbols
        assert "..." not in in_symbols
        assert " as a function of " in in_symbols
    assert len(CASES[name]) >= len(point)
    assert GATES[name] is gate


@pytest.mark.parametrize("format_", FORMATS)
def test_the_examples_derivation_is_the_one_that_was_read(format_: str) -> None:
    check(f"example_steps_{format_}.txt", steps(run(parse(EXAMPLE), x=3, y=-4), format=format_))


@pytest.mark.parametrize("format_", FORMATS)
def test_the_examples_derivation_in_symbols_is_the_one_that_was_read(format_: str) -> None:
    check(f"example_symbols_{format_}.txt", steps(parse(EXAMPLE), format=format_))


TYPESET = [
    (EXAMPLE, {"x": 3.0, "y": -4.0}),
    ("max(θ, x, 1)*relu(w_0) + |x|^2.5 - 3e-9*x*x", {"θ": 1.0, "x": 1.0, "w_0": 0.0}),
    ("sqrt(x)*ab_c1 + log2(y_in) - 2^x/softplus(x)", {"x": 0.0, "ab_c1": 2.0, "y_in": 3.0}),
    (" - ".join(f"a{k}*x" for k in range(15)), {**{f"a{k}": k / 7 for k in range(15)}, "x": 2.0}),
]


def test_latex_compiles(tmp_path: Path) -> None:
    pdflatex = where_present("pdflatex")
    traces = [run(parse(program), point) for program, point in TYPESET]
    body = "\n".join(steps(trace, format="latex", symbolic=symbolic) for trace in traces for symbolic in (False, True))
    document = f"\\documentclass{{article}}\n\\usepackage{{amsmath}}\n\\begin{{document}}\n{body}\\end{{document}}\n"
    (tmp_path / "t.tex").write_text(document, encoding="utf-8")
    command = [pdflatex, "-interaction=nonstopmode", "-halt-on-error", "t.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize("symbolic", [False, True])
@pytest.mark.parametrize(("program", "point"), TYPESET)
def test_typst_compiles(program: str, point: dict[str, float], symbolic: bool, tmp_path: Path) -> None:
    typst = need_module("typst")
    source = tmp_path / "t.typ"
    source.write_text(steps(run(parse(program), point), format="typst", symbolic=symbolic), encoding="utf-8")
    assert typst.compile(str(source)).startswith(b"%PDF")


def test_the_words_of_a_typeset_page_are_found_by_whoever_searches_it(tmp_path: Path) -> None:
    typst, pdftotext = need_module("typst"), where_present("pdftotext")
    (tmp_path / "t.typ").write_text(steps(run(parse(EXAMPLE), x=3, y=-4), format="typst"), encoding="utf-8")
    (tmp_path / "t.pdf").write_bytes(typst.compile(str(tmp_path / "t.typ")))
    done = subprocess.run([pdftotext, tmp_path / "t.pdf", "-"], capture_output=True, text=True, check=True)
    assert {"sigy", "num", "xpysqr", "invden", "∂den".replace("∂", "𝜕")} <= set(done.stdout.split())


def test_a_slope_that_overflows_is_no_pole() -> None:
    assert "The local gradient overflows here." in derivation("1/x", x=1e-160)
    assert "The local gradient is infinite here." in derivation("sqrt(x)", x=0.0)


def test_steps_have_constants_as_typed_and_say_what_is_rounded() -> None:
    typed = derivation("2*pi*x", x=3.0)
    assert "= 2π × x  = 2π × 3  = 18.8" in typed
    assert "∂f/∂x = 2π · ∂f/∂f = 6.28 × 1 = 6.28" in typed
    rounded = derivation("123456.789*x", x=3.0)
    assert "≈ 1.23×10⁵ × x  = 1.23×10⁵ × 3  ≈ 3.70×10⁵" in rounded
    assert "∂f/∂x ≈ 1.23×10⁵ · ∂f/∂f = 1.23×10⁵ × 1 = 1.23×10⁵" in rounded
