import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import bpviz
from bpviz import builds
from bpviz.builds import workers
from bpviz.builds.orders import Order
from bpviz.builds.plans import read_plan
from bpviz.builds.records import find_record
from bpviz.builds.workers import Delivery, make_all
from bpviz.errors import OutputError, UsageError
from tests.conftest import need_module

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
TWO = f"""
theme = "print"
values = {{ x = 3, y = "-8/2", unused = 1 }}

[[figure]]
program = "{EXAMPLE}"
output = ["a.svg", "a.pdf"]

[[figure]]
program = "x*y"
values = {{ y = 5 }}
output = "b.svg"
theme = "dark"
"""


def file_of(folder: Path, text: str) -> Path:
    path = folder / "figures.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_figure_is_what_draw_makes(tmp_path: Path) -> None:
    built = builds.build(file_of(tmp_path, TWO))
    assert [Path(each).name for each in built.written] == ["a.svg", "a.pdf", "b.svg"]
    assert (tmp_path / "a.svg").read_text("utf-8") == bpviz.draw(EXAMPLE, x=3, y=-4, theme="print").svg
    assert (tmp_path / "a.pdf").read_bytes() == bpviz.draw(EXAMPLE, x=3, y=-4, theme="print").data("pdf")
    assert (tmp_path / "b.svg").read_text("utf-8") == bpviz.draw("x*y", x=3, y=5, theme="dark").svg


def test_processes_make_the_same_files_as_one(tmp_path: Path) -> None:
    figures = "".join(f'[[figure]]\nprogram = "x + {i}"\noutput = "f{i}.svg"\nvalues = {{x={i}}}\n' for i in range(12))
    path = file_of(tmp_path, figures)
    assert len(builds.build(path, jobs=2).written) == 12
    several = {each.name: each.read_bytes() for each in tmp_path.glob("*.svg")}
    builds.build(path, jobs=1, force=True)
    assert {each.name: each.read_bytes() for each in tmp_path.glob("*.svg")} == several


def test_what_stands_is_not_drawn_again(tmp_path: Path) -> None:
    path = file_of(tmp_path, TWO)
    builds.build(path)
    again = builds.build(path)
    assert (again.written, again.unchanged) == ((), 2)


@pytest.mark.parametrize(
    ("change", "drawn"),
    [
        (lambda folder: file_of(folder, TWO.replace("y = 5", "y = 6")), ["b.svg"]),
        (lambda folder: file_of(folder, TWO.replace('"dark"', '"cs231n"')), ["b.svg"]),
        (lambda folder: file_of(folder, TWO.replace('"print"', '"drawio"')), ["a.svg", "a.pdf"]),
        (lambda folder: (folder / "a.pdf").unlink(), ["a.svg", "a.pdf"]),
        (lambda folder: (folder / "b.svg").write_text("mine"), ["b.svg"]),
        (lambda folder: (folder / ".figures.toml.built").write_text("{"), ["a.svg", "a.pdf", "b.svg"]),
        (lambda folder: (folder / ".figures.toml.built").write_text("[1]"), ["a.svg", "a.pdf", "b.svg"]),
    ],
    ids=["a value", "an option", "a default", "a file gone", "a file changed", "half a record", "another record"],
)
def test_only_what_changed_is_drawn_again(tmp_path: Path, change: object, drawn: list[str]) -> None:
    path = file_of(tmp_path, TWO)
    builds.build(path)
    change(tmp_path)  # type: ignore[operator]
    assert [Path(each).name for each in builds.build(path).written] == drawn


def test_a_program_file_that_changed_is_drawn_again(tmp_path: Path) -> None:
    (tmp_path / "neuron.bp").write_text("x = 2; f = x*x")
    path = file_of(tmp_path, '[[figure]]\nprogram = "neuron.bp"')
    built = builds.build(path)
    assert [Path(each).name for each in built.written] == ["neuron.svg"]
    assert [Path(each).name for each in built.sources] == ["figures.toml", "neuron.bp"]
    assert builds.build(path).unchanged == 1
    (tmp_path / "neuron.bp").write_text("x = 3; f = x*x")
    assert len(builds.build(path).written) == 1


def test_one_bad_figure_does_not_stop_the_rest(tmp_path: Path) -> None:
    bad = [
        ('program = "x*"\noutput = "1.svg"', "nothing on its right"),
        ('program = "x*y"\noutput = "2.svg"\nvalues = {x = 1}', "needs a value for y"),
        ('program = "1/x"\noutput = "3.svg"\nvalues = {x = 0}', "0"),
        ('program = "x*y"\noutput = "4.svg"\ndigits = "three"', 'digits is not "three" but a whole number'),
        ('program = "x*y"\noutput = "5.svg"\ntransparent = 1', "transparent is not 1 but true or false"),
        ('program = "x*y"\noutput = "6.svg"\ndirektion = "up"', "did you mean direction?"),
        ('program = "x*y"\noutput = "7.docx"', "no figure is written as .docx"),
        ('program = "x*y"', "there is no output"),
        ('output = "8.svg"', "no program was given"),
        ('program = "gone.bp"', "gone.bp cannot be read"),
        ('program = "x*y"\noutput = "9.svg"\nvalues = {x = true}', "x = True is not a number"),
        ('program = "x*y"\noutput = "10.svg"\nvalues = {x = "1/0"}', "x: "),
        ('program = "x*y"\noutput = "11.svg"\nvalues = 3', "values is not a table"),
        ('program = "x*y"\noutput = "12.svg"\nshow = [1]', "show is not [1] but text or a list of texts"),
        ('program = "x*y"\noutput = "13.svg"\nlimit = {gates = "many"}', "limit is not"),
        ('program = "x*y"\noutput = "figures.toml/14.svg"', "a file has its name"),
    ]
    tables = [f"[[figure]]\n{text}\n" for text, _ in bad] + ['[[figure]]\nprogram = "x*x"\noutput = "good.svg"\n']
    built = builds.build(file_of(tmp_path, "".join(tables)), jobs=2)
    assert [Path(each).name for each in built.written] == ["good.svg"]
    assert [failure.label.split(",")[0] for failure in built.failed] == [f"figure {i + 1}" for i in range(len(bad))]
    for failure, (_, words) in zip(built.failed, bad, strict=True):
        assert words in failure.error
    assert sorted(each.name for each in tmp_path.iterdir()) == [".figures.toml.built", "figures.toml", "good.svg"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[figure]", "is not TOML"),
        ("", "asks for nothing"),
        ("figure = 3", "is no list of tables\nbegin each with a line [[figure]]"),
        ("[figure]\nprogram = 'x'", "is no list of tables\nbegin each with a line [[figure]]"),
        ("theem = 'dark'\n[[figure]]", "did you mean theme?"),
        ("[[figure]]\nprogram='x'\noutput='a.svg'\n[[figure]]\nprogram='y'\noutput='./a.svg'", "both write"),
    ],
)
def test_a_bad_file_stops_before_anything_is_drawn(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        builds.build(file_of(tmp_path, text))
    assert words in str(caught.value)
    assert [each.name for each in tmp_path.iterdir()] == ["figures.toml"]


def test_paths_are_from_the_files_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file_of(tmp_path, 'folder = "made/here"\n[[figure]]\nprogram = "x"\noutput = "../f.svg"')
    builds.build(path)
    assert (tmp_path / "made" / "f.svg").exists()
    monkeypatch.chdir(tmp_path / "made")
    assert builds.build(Path("..") / "figures.toml").unchanged == 1


def test_a_record_that_cannot_be_written_is_reported_and_the_figures_are_there(tmp_path: Path) -> None:
    path = file_of(tmp_path, '[[figure]]\nprogram = "x"\noutput = "f.svg"')
    Path(find_record(str(path))).mkdir()
    with pytest.raises(OutputError, match="folder"):
        builds.build(path)
    assert (tmp_path / "f.svg").exists()


def test_warnings_name_the_figure(tmp_path: Path) -> None:
    built = builds.build(file_of(tmp_path, '[[figure]]\nprogram = "relu(x)"\nvalues = {x = 0}\noutput = "k.svg"'))
    assert [warning.partition(": ")[0].endswith("k.svg") for warning in built.warnings] == [True]


def test_numbers_that_are_small_on_a_slide_are_told(tmp_path: Path) -> None:
    layers = "tanh(" * 12 + "x" + ")" * 12
    figure = f'[[figure]]\nprogram = "{layers}"\nvalues = {{x = 1}}\noutput = "k.svg"\n'
    (told,) = builds.build(file_of(tmp_path, figure)).warnings
    assert "note: on a 16:9 slide its numbers are " in told
    assert 'fit = "16:9"' in told
    assert builds.build(file_of(tmp_path, f'{figure}fit = "16:9"\n')).warnings == ()


def test_letters_that_no_font_has_are_told(tmp_path: Path) -> None:
    not_a_letter = "\\u0379"  # a code point that is not assigned
    figure = f'text = "outline"\n[[figure]]\nprogram = "x*y"\ntitle = "{not_a_letter}"\noutput = "{{}}"\n'
    missing, kept = builds.build(file_of(tmp_path, figure.format("k.svg"))).warnings
    assert "no font on this machine has \u0379" in missing
    assert "stay text in the SVG" in kept
    assert builds.build(file_of(tmp_path, figure.format("k.tex"))).warnings == ()


def test_progress_counts_what_is_drawn(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    builds.build(file_of(tmp_path, TWO), on_progress=lambda done, total: calls.append((done, total)))
    assert calls == [(0, 2), (1, 2), (2, 2)]


def die(order: Order) -> Delivery:
    """Stand in for a crash in Graphviz."""
    if order.subject == "die":
        os._exit(7)
    return Delivery(order, ({"f.svg": b"drawn"},))


def test_a_process_that_dies_takes_no_other_figure_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "make_order", die)
    figures = [Order("figure", program, program, outputs=("f.svg",)) for program in ("a", "b", "die", "c", "die", "d")]
    drawn = list(make_all(figures, jobs=2))
    assert [(each.order.subject, each.error) for each in drawn] == [
        (each.subject, "the process that made it died" if each.subject == "die" else "") for each in figures
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_ctrl_c_leaves_whole_files_and_keeps_what_is_done(tmp_path: Path) -> None:
    figures = "".join(f'[[figure]]\nprogram = "x*y + {i}"\noutput = "f{i}.png"\n' for i in range(400))
    path = file_of(tmp_path, figures)
    code = f"from bpviz import builds\nif __name__ == '__main__': builds.build({str(path)!r}, jobs=2)"
    script = tmp_path / "build.py"
    script.write_text(code)
    running = subprocess.Popen([sys.executable, script], start_new_session=True, stderr=subprocess.DEVNULL)
    while not (tmp_path / "f5.png").exists():
        assert running.poll() is None
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGINT)
    assert running.wait(20) != 0
    written = {each.name for each in tmp_path.glob("*.png")}
    assert len(written) < 400
    assert not list(tmp_path.glob("*.tmp"))
    recorded = {*json.loads(Path(find_record(str(path))).read_text())}
    assert recorded <= written
    assert len(written - recorded) <= 1  # the one that was written when Ctrl-C came


def test_watching_builds_at_every_save(tmp_path: Path) -> None:
    need_module("watchfiles")
    path = file_of(tmp_path, '[[figure]]\nprogram = "f.bp"')
    (tmp_path / "f.bp").write_text("x + 1")
    builds_made: Iterator[object] = builds.watch(path)
    first = next(builds_made)
    assert isinstance(first, builds.Built)
    assert len(first.written) == 1
    (tmp_path / "f.bp").write_text("x +")
    second = next(builds_made)
    assert isinstance(second, builds.Built)
    assert len(second.failed) == 1
    os.replace(file_of(tmp_path / "..", "[[figure]"), path)  # as editors save
    assert isinstance(next(builds_made), UsageError)


def test_watching_says_which_package_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(OutputError, match="watchfiles"):
        next(builds.watch(file_of(tmp_path, TWO)))


def test_a_plan_reads_nothing_twice(tmp_path: Path) -> None:
    plan = read_plan(str(file_of(tmp_path, TWO)))
    assert [figure.label for figure in plan.orders] == ["figure 1", "figure 2"]
    assert plan.orders[1].values == {"y": 5.0}
    assert plan.orders[1].shared == {"x": 3.0, "y": -4.0, "unused": 1.0}


def test_a_build_takes_vectors_as_lists_as_text_and_from_files(tmp_path: Path) -> None:
    (tmp_path / "w.csv").write_text("1,2\n3,4\n")
    plan = tmp_path / "vectors.toml"
    plan.write_text(
        "values = { x = [1, 2] }\n"
        '[[table]]\nprogram = "sum((W@x)^2)"\nvalues = { W = "@w.csv" }\noutput = "file.json"\n'
        '[[table]]\nprogram = "sum((W@x)^2)"\nvalues = { W = [[1, 2], ["6/2", 4]] }\noutput = "list.json"\n'
        '[[table]]\nprogram = "sum((W@x)^2)"\nvalues = { W = "[1 2; 3 4]" }\noutput = "text.json"\n'
        '[[figure]]\nprogram = "sum(W@v)"\nshapes = { W = "2x3", v = [3] }\nunroll = true\noutput = "blank.svg"\n'
    )
    assert builds.build(str(plan), jobs=1).made == 4
    tables = {(tmp_path / f"{name}.json").read_text() for name in ("file", "list", "text")}
    assert len(tables) == 1
    (tmp_path / "w.csv").write_text("1,2\n3,5\n")
    assert builds.build(str(plan), jobs=1).made == 1
