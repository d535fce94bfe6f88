"""The derivation of a program with vectors: rules in matrix notation, whose numbers hold as they are printed."""

import pytest

import bpviz
from bpviz.errors import UsageError
from bpviz.text.derivation_formats import WIDTH
from tests.support.snapshot import check
from tests.text.test_vector_report import NAMES, run_case


@pytest.mark.parametrize("name", NAMES)
def test_the_derivation_of_a_published_case(name: str) -> None:
    check(f"vectors-steps-{name}.plain", run_case(NAMES.index(name)).steps())


@pytest.mark.parametrize("format_", ["markdown", "latex", "typst"])
@pytest.mark.parametrize("name", ["norm", "softmax"])
def test_the_derivation_in_other_notations(name: str, format_: str) -> None:
    check(f"vectors-steps-{name}.{format_}", run_case(NAMES.index(name)).steps(format=format_))


def test_symbols_alone_have_no_numbers() -> None:
    text = run_case(0).steps(symbolic=True)
    assert text.startswith("f as a function of W, x\n")
    assert "∂f/∂W = ∂f/∂q · xᵀ\n" in text
    assert "0.088" not in text


@pytest.mark.parametrize(
    ("program", "point", "line"),
    [
        (
            "f = sum(x@W)",
            {"x": [1, 2], "W": [[1, 2], [3, 4]]},
            "∂f/∂W = xᵀ · ∂f/∂xW = [1, 2]ᵀ · [1, 1] = [[1, 1], [2, 2]]",
        ),
        ("f = sum(X + b)", {"X": [[1, 2], [3, 4]], "b": [5, 6]}, "sum(1·∂f/∂Xpb, axis=0)"),
        ("f = sum(X + b)", {"X": [[1, 2], [3, 4]], "b": [5, 6]}, "b is repeated to a 2×2 matrix"),
        ("f = x[1]^2", {"x": [1, 3]}, "∂f/∂x = e[1] · ∂f/∂u1 = [0, 1] × 6 = [0, 6]"),
        ("f = x[1]^2", {"x": [1, 3]}, "e is 1 at the place that is taken, and 0 elsewhere."),
        ("f = sum(A.T@A)", {"A": [[1, 2], [3, 4]]}, "∂f/∂A via AT = (∂f/∂AT)ᵀ"),
        ("f = sum(x*[1, 0])", {"x": [2, 3]}, "∂f/∂u1 = ones · ∂f/∂f"),
        ("f = max(x)", {"x": [1, 3, 3]}, "where no derivative exists: a tie of max shares the"),
        ("f = sum(relu(x))", {"x": [0, 1]}, "Some entry is at a kink, where no derivative exists: relu'(0)"),
        ("f = cross_entropy(z; 1)", {"z": [0, 0]}, "∂f/∂z = (softmax(z) − e[1]) · ∂f/∂f"),
        ("f = norm(x)", {"x": [3, 4]}, "∂f/∂x = x/f · ∂f/∂f = [3, 4]/5 × 1 = [0.6, 0.8]"),
        ("f = sum(2*x)", {"x": [1, 2]}, "∂f/∂x = 2 · ∂f/∂u1 = 2 × [1, 1] = [2, 2]"),
        ("f = sum(sum(M, axis=0)^2)", {"M": [[1, 2], [3, 4]]}, "sum(M, axis=0)"),
    ],
)
def test_a_line_says(program: str, point: dict[str, object], line: str) -> None:
    text = bpviz.parse(program).at(point).steps()
    assert line in text, text
    assert max(map(len, text.splitlines())) <= WIDTH


def test_only_and_for_take_names_of_vectors() -> None:
    trace = run_case(0)
    only = trace.steps(only="W")
    assert "∂f/∂W" in only
    assert "∂f/∂x " not in only
    assert "Only the steps on the paths from W to f." in trace.steps(for_="W")
    with pytest.raises(UsageError, match="nothing is called V"):
        trace.steps(only="V")
