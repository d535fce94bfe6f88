"""Values of vectors as they are typed and in files, and shapes without values."""

from pathlib import Path

import pytest

import bpviz
from bpviz.errors import UsageError
from bpviz.lang import read_shape, read_value

SQUARES = "q = W@x; f = sum(q^2)"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, 2]", [1, 2]),
        ("[[1, 2], [3, 8/2]]", [[1, 2], [3, 4]]),
        ("[1, -2; 3, 4]", [[1, -2], [3, 4]]),
        ("[-1, 2]/2", [-0.5, 1]),
        ("-[1, 2]", [-1, -2]),
        ("[5]", [5]),
        ("[1, 2]@[[1, 2], [3, 4]]", [7, 10]),
        ("[1 -2; 3 4]", [[1, -2], [3, 4]]),
        ("[1 2 3]", [1, 2, 3]),
        ("[1; 2]", [1, 2]),
        ("[[1. 2.]\n [3. 4.]]", [[1, 2], [3, 4]]),
        ("np.array([[1, 2], [3, 4]])", [[1, 2], [3, 4]]),
        ("tensor([1., 2.], dtype=torch.float64)", [1, 2]),
        ("[[1, 2]]", [[1, 2]]),
        ("[[1], [2]]", [[1], [2]]),
        ("pi", pytest.approx(3.14159, rel=1e-5)),
    ],
)
def test_a_value_is_read_as_it_is_typed(text: str, value: object) -> None:
    assert read_value(text, "x") == value


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[[1, 2], [3]]", "the rows have different lengths"),
        ("[1, y]", "x: y is not a number"),
        ("[1, 2", "is never closed"),
        ("[[[1, 2]]]", "three axes"),
        ("[1, 2]; [3, 4]", "x = .* is not one number"),
    ],
)
def test_what_is_no_value_is_refused(text: str, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        read_value(text, "x")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("w.csv", "1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("w.csv", "1; 2,\n\n# a comment\n3\t4", [[1, 2], [3, 4]]),
        ("w.txt", "1e0 2.0\n3 4\n", [[1, 2], [3, 4]]),
        ("w.csv", "1,2,3\n", [1, 2, 3]),
        ("w.csv", "\ufeff1\r\n2\r\n3\r\n", [1, 2, 3]),
        ("w.json", "[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("w.json", '{"W": [1, 2], "x": 3}', [1, 2]),
    ],
)
def test_a_file_has_a_value(name: str, text: str, value: object, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8", newline="")
    assert read_value(f"@{file}", "W") == value


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("w.csv", "1,2\n3\n", r"w.csv, line 2: this row has 1 entries, and the first has 2"),
        ("w.csv", "a,b\n1,2\n", r"w.csv, line 1: a is not a number"),
        ("w.csv", "1,2\n3,\n4,5", r"line 2: this row has 1 entries"),
        ("w.csv", "1,,2\n", r"line 1: an entry is empty"),
        ("w.csv", "1,inf\n", r"inf is not a finite number"),
        ("w.csv", "\n", r"w.csv has no numbers"),
        ("w.json", "[[1, 2], [3]]", r"the rows of W have different lengths"),
        ("w.json", "[1,\n 2", r"w.json, line 2 is not JSON"),
        ("w.json", '[1, "a"]', r'w.json: "a" is not a finite number'),
        ("w.json", '{"V": 1}', r"w.json has no value for W"),
    ],
)
def test_a_file_without_a_value_is_refused_with_the_line(name: str, text: str, what: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=what):
        read_value(f"@{file}", "W")


def test_a_file_that_is_not_there_or_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no.csv cannot be read"):
        read_value("@no.csv", "W")
    file = tmp_path / "long.csv"
    file.write_text("1," * 2_100_000)
    with pytest.raises(UsageError, match="longer than 1,000,000 characters"):
        read_value(f"@{file}", "W")


@pytest.mark.parametrize(
    ("text", "shape"),
    [("2x3", (2, 3)), ("2×3", (2, 3)), (" 2 by 3", (2, 3)), ("(2, 3)", (2, 3)), ("(3,)", (3,)), ("3", (3,))],
)
def test_a_shape_is_read_as_it_is_typed(text: str, shape: tuple[int, ...]) -> None:
    assert read_shape(text, "W") == shape


@pytest.mark.parametrize("line", ["2x3x4", "x", "", "0x2", "-1"])
def test_what_is_no_shape_is_refused(line: str) -> None:
    with pytest.raises(UsageError, match="is no shape"):
        read_shape(line, "W")


def test_a_shortcut_takes_values_and_shapes() -> None:
    assert bpviz.table(SQUARES, W=[[1, 2], [3, 4]], x=[1, 2], format="csv")
    assert bpviz.draw(SQUARES, shapes={"W": (2, 2), "x": [2]}).trace is None
    assert bpviz.draw(SQUARES, {"W": [[1, 2], [3, 4]]}, x=[1, 2]).trace
    with pytest.raises(UsageError, match=r"f needs a value for x, which .*\n.*at\(x=\[1, 2\]\)"):
        bpviz.table(SQUARES, W=[[1, 2], [3, 4]])


def test_values_may_be_arrays() -> None:
    numpy = pytest.importorskip("numpy")
    trace = bpviz.parse(SQUARES).at(W=numpy.array([[1, 2], [3, 4]]), x=numpy.array([1.0, 2.0]))
    assert trace.gradient("x") == [76, 108]
