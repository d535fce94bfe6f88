"""Every kind of table: its outputs are those of the command, and what is wrong with one is told."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from bpviz import builds
from bpviz.builds.kinds import KINDS
from bpviz.errors import UsageError
from tests.conftest import need_module
from tests.support.command import Shell

SAME: list[tuple[str, str, str, list[str]]] = [  # kind, its table, the words of the command, what both write
    ("figure", 'program = "n.bp"\nfit = "16:9"\ninputs = "beside"', "draw n.bp --fit 16:9 --inputs beside", ["f.svg"]),
    ("figure", 'program = "n.bp"\nshow = "values,local"', "draw n.bp --show values,local", ["f.svg", "f.tex"]),
    ("deck", 'program = "n.bp"\nby = "pass"\ntitle = "N"', "deck n.bp --by pass --title N", ["d.html", "d.tex"]),
    ("deck", 'program = "n.bp"\nby = "pass"\nframe_format = "png"', "deck n.bp --by pass --frame-format png", ["d/"]),
    ("worksheet", 'program = "n.bp"\nkey = "k.csv"', "worksheet n.bp --key k.csv", ["s.pdf"]),
    ("worksheet", 'program = "x*y"\nvariants = 3\nno_key = true', "worksheet x*y --variants 3 --no-key", ["s.pdf"]),
    ("worksheet", 'program = "x*y"\nnames = "class.txt"', "worksheet x*y --names class.txt", ["s/"]),
    (
        "worksheet",
        'program = "x*y"\nvariants = 2\nkey = "k.csv"\nrange = { x = [2, 3], y = "4:9" }',
        "worksheet x*y --variants 2 --key k.csv --range x=2,3 --range y=4:9",
        ["s.pdf"],
    ),
    ("page", 'program = "n.bp"\ntitle = "N"', "page n.bp --title N", ["p.html"]),
    ("steps", 'program = "n.bp"\nfor = "w"', "steps n.bp --for w", ["s.md", "s.html", "s.pdf"]),
    ("table", 'program = "n.bp"\ndecimals = 2', "table n.bp --decimals 2", ["t.csv", "t.txt", "t.tex"]),
    ("code", 'program = "n.bp"\nlang = "torch"', "code n.bp --lang torch", ["c.py", "c.tex"]),
    ("symbolic", 'program = "n.bp"\nlocal = true\nexpand = true', "symbolic n.bp --local --expand", ["s.tex"]),
    ("sweep", 'program = "x + y"\nvalues = { x = "0:pi:5", y = "pi" }', "sweep x+y --x 0:pi:5 --y pi", ["s.csv"]),
    ("descend", 'program = "x^2"\nvalues = { x = 3 }\nrate = "1/4"', "descend x^2 --x 3 --rate 0.25", ["d.json"]),
    ("gate", 'gate = "mul"\nvalues = { a = 2, b = 3 }\nupstream = 5', "gates mul --a 2 --b 3 --upstream 5", ["g.svg"]),
]


@pytest.fixture
def lecture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("n.bp").write_text("x = 2; w = -1\nz = w*x\nf = sigmoid(z)")
    Path("class.txt").write_text("Ada\nÉvariste\n", "utf-8")
    return tmp_path


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capfd)


def build(text: str) -> builds.Built:
    Path("lecture.toml").write_text(text, "utf-8")
    return builds.build("lecture.toml")


def read_files(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.endswith((".toml", ".built", ".bp", "class.txt"))
    }


@pytest.mark.parametrize(("kind", "table", "command", "outputs"), SAME, ids=[f"{each[0]} {each[3]}" for each in SAME])
def test_an_output_is_that_of_the_command(
    lecture: Path, shell: Shell, kind: str, table: str, command: str, outputs: list[str]
) -> None:
    need_module("typst")
    built = build(f"[[{kind}]]\n{table}\noutput = {outputs}\n")
    assert (built.failed, built.made) == ((), 1)
    made = read_files(lecture)
    for name in made:
        Path(name).unlink()
    assert build(f"[[{kind}]]\n{table}\noutput = {outputs}\n").made == 1
    assert build(f"[[{kind}]]\n{table}\noutput = {outputs}\n").unchanged == 1
    for name in made:
        Path(name).unlink()
    assert shell(*shlex.split(command), *(f"--output={output}" for output in outputs)).status == 0
    assert read_files(lecture) == made


@pytest.mark.parametrize("kind", ["sweep", "descend"])
def test_a_plot_has_the_options_of_a_plot(lecture: Path, shell: Shell, kind: str) -> None:
    need_module("matplotlib")
    x = {"sweep": "-1:1:9", "descend": "1"}[kind]
    table = f'program = "x^2"\nvalues = {{ x = "{x}" }}\ntheme = "dark"\noutput = "p.svg"'
    assert build(f"[[{kind}]]\n{table}").made == 1
    made = Path("p.svg").read_bytes()
    shell(kind, "x^2", "--x", x, "--theme", "dark", "-o", "p.svg")
    assert Path("p.svg").read_bytes() == made


def test_a_sweep_marks_a_point_and_is_an_array(lecture: Path) -> None:
    need_module("numpy")
    table = '[[sweep]]\nprogram = "x^2"\nvalues = { x = "-1:1:9" }\nat = { x = "1/2" }\noutput = "s.npz"'
    assert build(table).made == 1
    assert Path("s.npz").read_bytes().startswith(b"PK")


def test_a_page_of_a_gate_is_what_is_printed(lecture: Path, shell: Shell) -> None:
    assert build('[[gate]]\ngate = "sigmoid"\noutput = ["g.txt", "g.svg"]').made == 1
    assert Path("g.txt").read_text("utf-8") == shell("gates", "sigmoid").out
    assert Path("g.svg").read_text("utf-8").startswith("<svg")


def test_outputs_have_usual_names(lecture: Path) -> None:
    need_module("typst")
    need_module("matplotlib")
    tables = [f"[[{name}]]\n" for name, kind in KINDS.items() if kind.subject == "program" and not kind.takes_ranges]
    built = build(
        'program = "n.bp"\n' + "".join(tables) + '[[sweep]]\nvalues = { x = "0:1:3" }\n[[gate]]\ngate = "max"\n'
    )
    assert built.failed == ()
    assert set(read_files(lecture)) == {
        "n.svg", "n-deck.pdf", "n-sheet.pdf", "n.html", "n-steps.pdf", "n-table.md", "n-sweep.svg", "n-descent.svg",
        "n.py", "n-symbolic.tex", "max.svg",
    }  # fmt: skip
    assert built.asked == dict.fromkeys([kind.noun for kind in KINDS.values()], 1)


def test_defaults_hold_for_all_that_have_them_and_those_of_a_kind_for_it(lecture: Path, shell: Shell) -> None:
    text = """
theme = "dark"
digits = 5
program = "x*y + x"
values = { x = 2, y = "pi", unused = 3 }
[defaults.table]
digits = 2
values = { y = 4 }
[[figure]]
output = "f.svg"
[[table]]
output = "t.csv"
[[table]]
output = "u.txt"
digits = 4
values = { x = 1 }
[[symbolic]]
output = "s.txt"
"""
    assert build(text).made == 4
    made = read_files(lecture)
    shell("draw", "x*y + x", "--x", "2", "--y", "pi", "--theme", "dark", "--digits", "5", "-o", "f.svg")
    shell("table", "x*y + x", "--x", "2", "--y", "4", "--digits", "2", "-o", "t.csv")
    shell("table", "x*y + x", "--x", "1", "--y", "4", "--digits", "4", "-o", "u.txt")
    shell("symbolic", "x*y + x", "--digits", "5", "-o", "s.txt")
    assert read_files(lecture) == made


def test_the_files_values_are_not_those_of_a_class(lecture: Path) -> None:
    need_module("typst")
    assert build('values = { x = 2 }\n[[worksheet]]\nprogram = "x*y"\nvariants = 2\noutput = "s.pdf"').failed == ()


def test_a_sheet_for_each_name_is_made_again_when_the_names_change(lecture: Path) -> None:
    need_module("typst")
    text = '[[worksheet]]\nprogram = "x*y"\nnames = "class.txt"\noutput = "s/"'
    assert "class.txt" in build(text).sources
    assert set(read_files(lecture)) == {"s/sheet-01-Ada.pdf", "s/sheet-02-Évariste.pdf", "s-key.pdf"}
    assert build(text).unchanged == 1
    Path("class.txt").write_text("Ada\nEmmy\n")
    assert build(text).made == 1
    assert set(read_files(lecture)) == {"s/sheet-01-Ada.pdf", "s/sheet-02-Emmy.pdf", "s-key.pdf"}
    (lecture / "s" / "sheet-02-Emmy.pdf").unlink()
    assert build(text).made == 1


def test_a_file_that_left_a_folder_is_taken_away_unless_it_was_changed(lecture: Path) -> None:
    text = '[[table]]\nprogram = "n.bp"\n[[deck]]\nprogram = "n.bp"\nby = "{}"\noutput = "d/"'
    build(text.format("step"))
    many = sorted(read_files(lecture / "d"))
    (lecture / "d" / many[-1]).write_text("mine")
    (lecture / "d" / "other.svg").write_text("mine")
    build(text.format("pass"))
    left = sorted(read_files(lecture / "d"))
    assert {many[-1], "other.svg"} < set(left)
    assert many[-2] not in left


def test_several_processes_make_every_kind(lecture: Path) -> None:
    text = '[[table]]\nprogram = "n.bp"\n[[code]]\nprogram = "n.bp"\n[[deck]]\nprogram = "n.bp"\noutput = "d.html"\n'
    assert build(text).failed == ()
    alone = read_files(lecture)
    assert builds.build("lecture.toml", jobs=2, force=True).made == 3
    assert read_files(lecture) == alone


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[figures]]", "lecture.toml asks for figures, and nothing is called so\ndid you mean figure?"),
        ("[[draw]]", "lecture.toml asks for draw, and nothing is called so\ndid you mean figure?"),
        ("[[zzz]]", "lecture.toml asks for zzz, and nothing is called so\nthere are figure, deck, worksheet, "),
        ("[defaults.decks]", "lecture.toml asks for decks, and nothing is called so\ndid you mean deck?"),
        ("defaults = 3", "defaults of lecture.toml is no table of tables\nbegin with a line [defaults.figure]"),
        ("[defaults]\ndeck = 3", "defaults of lecture.toml is no table of tables"),
        ("[defaults.deck]\npapr = 'a4'", "defaults.deck of lecture.toml sets papr, which is no option of [[deck]]"),
        (
            "steps = 3",
            "steps of lecture.toml is no list of tables\nbegin each with a line [[steps]]; an option of that",
        ),
        ("theem = 'dark'", "lecture.toml sets theem, which is no option of anything\ndid you mean theme?"),
        (
            "zzz = 1",
            "lecture.toml sets zzz, which is no option of anything\noptions stand here, and values, output, folder",
        ),
        ("values = 3", "values is not a table\nwrite values = { x = 3, y = -4 }"),
        ("theme = 'dark'", "lecture.toml asks for nothing\nbegin each output with a line such as [[figure]]"),
        (
            "[[table]]\nprogram='x'\noutput=['a.md', './a.md']",
            "table 1 of lecture.toml twice writes a.md\ngive one of them another output",
        ),
        (
            "[[deck]]\nprogram='x'\noutput='a/'\n[[worksheet]]\nprogram='x'\noutput='s.pdf'\nkey='a'",
            "deck 1 and worksheet 1 of lecture.toml both write a",
        ),
        (
            "[[worksheet]]\nprogram='x'\nnames='class.txt'\n[[steps]]\nprogram='x'\noutput='class.txt'",
            "steps 1 of lecture.toml would write over class.txt, which it is read from",
        ),
    ],
)
def test_what_is_wrong_with_the_file_is_told_before_anything_is_made(lecture: Path, text: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        build(text)
    assert told in str(caught.value)
    assert read_files(lecture) == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[deck]]\nprogram='x'\noutput='d.pdf'\nflow=true", "sets flow, which is no option of [[deck]]\nit is one of"),
        ("[[table]]\nprogram='x'\noutput='t'\nformat='csv'", "leave it out: the ending of an output says it"),
        ("[[table]]\nprogram='x'\noutput='t.md'\nzzz=1", "no option of [[table]]\nthere are program, values, "),
        ("[[worksheet]]\nprogram='x'\nvary-constants=true", "no option of [[worksheet]]\ndid you mean vary_constants?"),
        ("[[worksheet]]\nprogram='x'\noutput='s.pdf'\nnames='gone.txt'", "gone.txt cannot be read: No such file"),
        ("[[worksheet]]\nprogram='x'\noutput='s.pdf'\nkey='k.pdf'\nno_key=true", "key and no_key exclude each other"),
        ("[[worksheet]]\nprogram='x'\noutput='s.pdf'\nkey=3", 'key is not 3 but a list of texts or text'),
        ("[[worksheet]]\nprogram='x'\noutput='s.pdf'\nkey=[]", 'there is no key\nadd key = "neuron-sheet.pdf"'),
        ("[[worksheet]]\nprogram='x'\noutput='../'", "the keys have no place beside"),
        ("[[worksheet]]\nprogram='x'\nvariants=2\nvalues={x=1}\noutput='s.pdf'", "--variants draws x itself"),
        ("[[worksheet]]\nprogram='x*y'\nvariants=2\noutput='s.pdf'\nrange=3", "range is not 3 but a table"),
        ("[[gate]]\noutput='g.svg'", 'no gate was given\nadd gate = "multiply"'),
        ("[[gate]]\ngate='mutliply'", "no gate is called mutliply\ndid you mean multiply?"),
        ("[[gate]]\ngate='exp'\nvalues={x=1}\noutput='g.txt'", "numbers are for the drawing of a gate\nwrite"),
        ("[[symbolic]]\nprogram='x'\nvalues={x=1}\noutput='s.txt'", "a formula needs no value for x"),
        ("[[gate]]\ngate='exp'\nupstream=nan\noutput='g.svg'", "upstream is not nan but a number"),
        ("[[sweep]]\nprogram='x'\nvalues={x=1}\noutput='s.csv'", "no input has a range"),
        ("[[sweep]]\nprogram='x'\nvalues={x='0:1'}\nat={x=[1]}\noutput='s.csv'", "x = [1] is not a number"),
        ("[[sweep]]\nprogram='x'\nvalues={x='0:1'}\nat=3\noutput='s.csv'", "at is not 3 but a table of numbers"),
        ("[[descend]]\nprogram='x'\nvalues={x=1}\nrate='fast'\noutput='s.csv'", "rate: fast is not a number"),
        ("[[descend]]\nprogram='x'\nvalues={x='0:1'}\noutput='s.csv'", "x = 0:1 is a range\nwrite one number; only a"),
        ("[[code]]\nprogram='x'\nlang='numpy'\noutput='c.tex'", "c.tex does not hold numpy\nend it in .py, or"),
        ("[[code]]\nprogram='x'\nlang='pyhton'\noutput='c.py'", "c.py does not hold pyhton\nthere are python, "),
        ("[[deck]]\nprogram='x'\nvalues={x=1}\noutput='d.doc'", "no deck is written as .doc"),
        ("[[table]]\nprogram='x'\nvalues={x=1}\noutput='t.doc'", "no table is written to t.doc"),
        ("[[steps]]\nprogram='x'\noutput='t.doc'", "no derivation is written to t.doc"),
        ("[[page]]\nprogram='x'\nvalues={x=1}\noutput='t.pdf'", "no page is written as .pdf"),
        ("[[symbolic]]\nprogram='x'\noutput='t.doc'", "no formula is written to t.doc"),
        ("[[sweep]]\nprogram='x'\nvalues={x='0:1:3'}\noutput='t.doc'", "nothing is written to t.doc"),
        ("[[descend]]\nprogram='x^2'\nvalues={x=1}\noutput='t.npz'", "nothing is written to t.npz"),
        ("[[figure]]\nprogram='x'\noutput='a.svg,b.png'", 'a.svg,b.png is 2 files\nwrite output = ["a.svg", "b.png"]'),
        ("folder=3\n[[figure]]\nprogram='x'\noutput='a.svg'", 'folder = 3 is no folder\nwrite folder = "figures"'),
        (
            "blank=true\n[[worksheet]]\nprogram='x'\noutput='s.pdf'",
            "blank is not True but text\nit stands on top, or under [defaults.worksheet], where",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_table_is_told_with_its_label(lecture: Path, text: str, told: str) -> None:
    built = build(text)
    assert [failure.label.split(" ")[0] for failure in built.failed] == [text.partition("[[")[2].partition("]]")[0]]
    assert told in built.failed[0].error
    assert read_files(lecture) == {}


def test_a_second_output_that_cannot_be_written_tells_that_the_first_was(lecture: Path) -> None:
    Path("a").write_text("a file")
    built = build("[[table]]\nprogram='x'\nvalues={x=1}\noutput=['t.md', 'a/t.csv']")
    assert built.failed[0].error.startswith("cannot make the folder a: a file has its name; t.md is written already\n")
