"""Words that mean harm, in everything that is written: they come out as words. And nothing typed is ever run."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

import bpviz
from bpviz import Figure, Graph
from bpviz.autodiff import Trace, run
from bpviz.checking import Check
from bpviz.checking.answers import AnswerReport, mark
from bpviz.checking.claims import Claim
from bpviz.figure.lettering import LONGEST_NAME, TITLE_LINE, TITLE_LINES, wrap_title
from bpviz.lang import parse
from bpviz.text import steps, table
from tests.conftest import need_module
from tests.support.command import Shell

SOURCES = sorted(Path(bpviz.__file__).parent.rglob("*.py"))
SVG = "{http://www.w3.org/2000/svg}"
# fmt: off
HOSTILE = {
    "quotes": "\"'`“", "markup": "<b>x</b>&amp;&lt;", "script": "<script>alert(1)</script>", "cdata": "]]><!-- -->",
    "svg": "</text></svg><svg onload='x'>", "backslash": "\\", "escape": "\\N\\G\\l\\n", "braces": "{x}}{0}%s%(x)s",
    "percent": "100 % of #1 | $x$ ~^_", "input": "\\input{/etc/passwd}\\write18{true}",
    "typst": "#read(\"/etc/passwd\")",
    "typst block": "*]#panic()[", "lines": "one\ntwo\rthree\r\nfour", "separators": "a\u2028b\u2029c\x0bd\x85e",
    "turned": "abc\u202edef\u2066", "emoji": "🙂👩‍👩‍👧", "control": "a\x00b\x07c\x1b[31md", "surrogate": "a\udcffb",
    "noncharacter": "\ufffe\uffff", "shell": "'; $(true); `true`", "markdown": "a | b [x](y) `c` *d*",
    "formula": "=1+1",
}
# fmt: on
EVERY = pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
LONG = "n" * 10_000


# nothing typed is run


@cache
def calls() -> list[tuple[str, ast.Call]]:
    trees = [(file, ast.parse(file.read_text(encoding="utf-8"))) for file in SOURCES]
    return [(file.name, node) for file, tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]


OF_OUR_OWN = {
    "code_compiled.py: exec('\\n'.join(function), space)",  # a graph's listing: code_names makes its names
    # likewise of vectors
    "compiled_vectors.py: exec('\\n'.join([*NUMPY_GRIDS.helpers.values(), *head, *indent(body)]), space)",
    "evaluation.py: eval(code, {'math': math, 'divide': divide})",  # the formulas of the gate table
    "meshes.py: compile(graph)",  # bpviz.compile, which is given a graph and no text
}


def test_nothing_evaluates_a_text_or_asks_a_shell() -> None:
    forbidden = re.compile(
        r"(?:builtins\.)?(?:eval|exec|compile|__import__)|(?:os\.)?(?:system|popen|exec[lv]\w*|spawn\w+)"
        r"|(?:sympy\.)?(?:sympify|parse_expr)|sympy\.(?:S|symbols|var)|pickle\.\w+|marshal\.\w+|ctypes\.\w*string\w*"
    )
    found = {f"{file}: {ast.unparse(call)}" for file, call in calls() if forbidden.fullmatch(ast.unparse(call.func))}
    assert found <= OF_OUR_OWN
    shells = [file for file, call in calls() for keyword in call.keywords if keyword.arg == "shell"]
    assert shells == []


def test_no_format_string_comes_from_outside() -> None:
    ours = re.compile(
        r"(style\.\w+|(self\.)?(staging\.)?dialect\.\w+(\.replace\('\+=', '='\))?|\(template or style\.negative\)|"
        r"DOCUMENT|gate\.written|gate\.folded\[0\]|template|digits|number|[A-Z_]+(\[.*\]|\.get\(.*\))?|frameworks|'[^']*'"
        r"|rule\.\w+|typesetting\.\w+|self\.(indexed|scientific|fraction)|tensor"
        r"|self\.language\.\w+(\[how\])?|operation\.\w+|forward|backward|local|function|error\.hint)"  # of vectors
    )
    found = {f"{file}: {ast.unparse(call.func)}" for file, call in calls() if is_format(call)}
    assert {each for each in found if not ours.fullmatch(each.partition(": ")[2].removesuffix(".format"))} == set()


def is_format(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("format", "format_map")


@pytest.mark.parametrize("text", ["__import__('os').system('touch harm')", "exec('x')", "().__class__", "f'{x}'"])
def test_python_is_not_run(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(bpviz.ProgramError):
        parse(text)
    assert list(tmp_path.iterdir()) == []


# titles


def titled(title: str) -> Figure:
    return bpviz.draw("x*y + x", x=2, y=-3, title=title)


def tags(svg: str) -> Counter[str]:
    return Counter(element.tag for element in ET.fromstring(svg).iter() if element.tag != SVG + "text")


@EVERY
def test_a_title_is_text_in_svg(hostile: str) -> None:
    svg = titled(hostile).svg
    assert tags(svg) == tags(titled("title").svg)
    written = "".join(ET.fromstring(svg).itertext())
    for word in re.findall(r"[!-~]+", re.sub(r"[^ -~]|\x1b", " ", hostile)):
        assert word in written
    attributes = {name for element in ET.fromstring(svg).iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on")]


@EVERY
@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF"), ("png", b"\x89PNG"), ("dot", b"digraph {")])
def test_a_title_changes_no_structure(hostile: str, kind: str, start: bytes) -> None:
    data = titled(hostile).data(kind)
    assert data.startswith(start)
    if kind == "dot":
        assert data.count(b" -> ") == titled("title").data("dot").count(b" -> ")
    if kind == "pdf":
        assert data.count(b"endobj") >= 10
        assert b"/JavaScript" not in data


@EVERY
def test_a_title_is_text_in_latex(hostile: str) -> None:
    lines = [line for line in titled(hostile).tex.splitlines() if not line.startswith("%")]
    assert set(re.findall(r"\\[A-Za-z@]+", "\n".join(lines))) <= KNOWN | COMMANDS_FOR_CHARACTERS
    plain = [re.sub(r"\\[{}%]", "", line) for line in lines]
    assert sum(line.count("{") - line.count("}") for line in plain) == 0


KNOWN = set(re.findall(r"\\[A-Za-z@]+", titled("title").tex))
COMMANDS_FOR_CHARACTERS = {
    *(r"\textbackslash", r"\textasciitilde", r"\textasciicircum", r"\DeclareUnicodeCharacter", r"\textquotedbl"),
    *(r"\newunicodechar", r"\textrm", r"\ldots", r"\tiny"),
}


@pytest.mark.parametrize("title", ["word " * 2_000, "t" * 10_000, "🙂" * 10_000, "\n".join("abcdefgh"), "\n" * 10_000])
def test_an_endless_title_is_a_few_lines_and_an_ellipsis(title: str) -> None:
    lines = wrap_title(title).split("\n")
    assert len(lines) <= TITLE_LINES
    assert max(map(len, lines)) <= TITLE_LINE
    assert lines[-1].endswith("…")
    assert float(re.findall(r'<svg [^>]*width="([\d.]+)pt"', titled(title).svg)[0]) < 1200


def test_a_title_that_fits_stands_as_it_is() -> None:
    assert wrap_title("two\nlines") == "two\nlines"
    assert wrap_title("t" * TITLE_LINE) == "t" * TITLE_LINE


# names


def named(name: str) -> Trace:
    """Return the trace of (x + 1)·(x + 1), x and the sum being called so: more than the language lets through."""
    graph = parse("s = x + 1; s*s")
    nodes = [
        node._replace(name=f"{name}{i}") if node.name in ("x", "s") else node for i, node in enumerate(graph.nodes)
    ]
    made = Graph(graph.source, tuple(nodes), graph.inputs, graph.output, graph.output_name, {})
    return run(made, {nodes[0].name: 2.0})


PLAIN = named("x")


@EVERY
@pytest.mark.parametrize("theme", ["drawio", "cs231n"])
def test_a_name_is_text_in_svg(hostile: str, theme: str) -> None:
    trace = named(hostile)
    svg = bpviz.draw(trace.graph, set={trace.graph.nodes[0].name: 2.0}, theme=theme).svg
    assert tags(svg) == tags(bpviz.draw(PLAIN.graph, x0=2.0, theme=theme).svg)


@EVERY
def test_a_name_is_one_cell_in_csv_json_and_markdown(hostile: str) -> None:
    trace = named(hostile)
    text = table(trace, format="csv").replace("\0", "")  # which Python 3.10 writes, but does not read
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [len(row) for row in rows] == [len(row) for row in csv.reader(io.StringIO(table(PLAIN, format="csv")))]
    assert json.loads(table(trace, format="json"))["inputs"][0]["name"] == trace.graph.nodes[0].name
    bars = [len(re.findall(r"(?<!\\)\|", line)) for line in table(trace, format="markdown").split("\n")]
    assert bars == [len(re.findall(r"(?<!\\)\|", line)) for line in table(PLAIN, format="markdown").split("\n")]


@EVERY
@pytest.mark.parametrize("view", [table, steps])
def test_a_name_is_no_command_in_latex(hostile: str, view: object) -> None:
    text = view(named(hostile), format="latex")  # type: ignore[operator]  # two functions of one form
    for command in ("\\input", "\\write", "\\N", "\\G"):
        assert command not in text
    bare = re.sub(r"\\[{}%#&$_]", "", text)
    assert bare.count("{") == bare.count("}")
    lines = (line.strip() for line in bare.splitlines())
    assert all("%" not in line.removesuffix("%") or line.startswith("%") for line in lines)  # at an end it is ours


@EVERY
def test_a_name_is_text_in_typst(hostile: str) -> None:
    typst = need_module("typst")
    if hostile == HOSTILE["surrogate"]:
        return  # no file can hold it
    source = steps(named(hostile), format="typst")
    assert typst.compile({"main.typ": source.encode()}, format="pdf").startswith(b"%PDF")


class Elements(HTMLParser):
    """Counts the elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag] += 1
        assert not any(name.startswith("on") for name, _ in attrs), attrs


def elements(title: str) -> Counter[str]:
    from bpviz import deck

    page = Elements()
    page.feed(deck("x*y", x=2, y=3, title=title, by="pass").html())
    return page.found


@EVERY
def test_a_title_is_text_in_a_page(hostile: str) -> None:
    found, plain = elements(hostile), elements("title")
    assert {tag: found[tag] for tag in ("script", "style", "svg", "section", "b")} == {
        tag: plain[tag] for tag in ("script", "style", "svg", "section", "b")
    }


@EVERY
def test_a_title_is_text_in_a_beamer_file_and_on_a_sheet(hostile: str) -> None:
    from bpviz import deck, worksheet

    need_module("typst")
    lines = [line for line in deck("x*y", x=2, y=3, title=hostile, by="pass").tex().splitlines() if line[:1] != "%"]
    plain = [line for line in deck("x*y", x=2, y=3, title="title", by="pass").tex().splitlines() if line[:1] != "%"]
    commands = [set(re.findall(r"\\[A-Za-z@]+", "\n".join(each))) for each in (lines, plain)]
    assert commands[0] <= commands[1] | COMMANDS_FOR_CHARACTERS | {r"\text", r"\char"}
    assert worksheet("x*y", x=2, y=3, title=hostile).pdf().startswith(b"%PDF")


@pytest.mark.parametrize("hostile", ["svg", "backslash", "braces", "percent", "surrogate", "control", "lines"])
def test_a_title_is_text_in_a_plot(hostile: str) -> None:
    need_module("matplotlib")
    words = [HOSTILE[hostile], "title"]
    plots = [bpviz.plot(bpviz.sweep("x*y", x="-1:1:3", y=1), title=f"{word} $x^2$").svg for word in words]
    hostile_tags, plain_tags = ({element.tag for element in ET.fromstring(plot).iter()} for plot in plots)
    assert hostile_tags == plain_tags
    attributes = {name for element in ET.fromstring(plots[0]).iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on")]


@EVERY
def test_a_name_is_text_in_checks_claims_and_formulas(hostile: str) -> None:
    trace = named(hostile)
    name, point = trace.graph.nodes[0].name, {trace.graph.nodes[0].name: 2.0}
    checked = bpviz.check(trace.graph, set=point)
    assert json.loads(checked.text("json"))["rows"][0]["name"] == name
    marked = Check(AnswerReport(trace, mark(trace, [Claim(0, "3", 3.0, 0.5)])))
    for text, width in ((checked.text("csv"), 9), (marked.text("csv"), 8)):
        assert {len(row) for row in csv.reader(io.StringIO(text.replace("\0", ""), newline=""))} == {width}
    for text in (checked.text("latex"), marked.text("latex"), bpviz.symbolic(trace.graph, format="latex", local=True)):
        lines = [line.rstrip("%") for line in text.splitlines() if not line.startswith("%")]
        bare = re.sub(r"\\[{}%#&$_]", "", "\n".join(lines))
        assert bare.count("{") == bare.count("}")
        assert not [command for command in ("\\input", "\\write", "\\N", "\\G") if command in bare]
        assert "%" not in bare


@pytest.mark.parametrize("theme", ["drawio", "cs231n"])
@pytest.mark.parametrize("program", [f"{LONG}*y", f"{LONG} = x*y; {LONG} + x", "变" * 10_000 + "*2", f"f = σ({LONG})"])
def test_an_endless_name_is_cut_where_it_is_drawn(program: str, theme: str) -> None:
    graph = parse(program)
    figure = bpviz.draw(graph, set={graph.nodes[i].name: 1.0 for i in graph.inputs}, theme=theme)
    shown = [element.text or "" for element in ET.fromstring(figure.svg).iter(SVG + "text")]
    assert max(map(len, shown)) <= LONGEST_NAME
    assert float(re.findall(r'<svg [^>]*width="([\d.]+)pt"', figure.svg)[0]) < 1500


# the terminal


ESCAPES = "\x1b[31m\x9b2J\x07\u202e"


HARMLESS = "\ufffd[31m\ufffd2J\ufffd\ufffd"  # the same as words


@pytest.mark.parametrize(
    ("line", "status", "says"),
    [
        (["table", f"x {ESCAPES} y"], 2, f"line 1: x {HARMLESS} y\n"),
        (["table", f"x # {ESCAPES}\n y", "--y", "1"], 0, "note: line 1: x: nothing uses it"),
        (["table", f"a = (x # {ESCAPES}\n + 1)\nb = 2*y", "--y", "1"], 0, f"note: line 1: a = (x # {HARMLESS} + 1)"),
        (
            ["draw", f"a = (x # {ESCAPES}\n + 1)\nb = 2*y", "--y", "1", "-o", "f.dot"],
            0,
            f"warning: line 1: a = (x # {HARMLESS}",
        ),
        (["table", "x", "--set", f"{ESCAPES}=1"], 2, f"no input is called {HARMLESS}\n"),
        (["table", "x", f"--x={ESCAPES}"], 2, f"line 1: {HARMLESS}\n"),
        (["draw", "x", "--x", "1", "-o", f"f.{ESCAPES}"], 2, "no figure is written as ."),
        (
            ["draw", "x", "--x", "1", "-o", f"no/{ESCAPES}.svg"],
            1,
            f"cannot write no/{HARMLESS}.svg: its folder does not",
        ),
        (["draw", "x", "--x", "1", "--theme", ESCAPES], 2, "Invalid value for '--theme'"),
        (["table", f"{ESCAPES}.bp"], 2, f"{HARMLESS}.bp cannot be read"),
        (["gates", ESCAPES], 2, f"no gate is called {HARMLESS}\n"),
        (["check", "x^2", "--x", "1", "--claim", ESCAPES], 2, f"{HARMLESS} claims nothing\n"),
        (["steps", "x^2", "--x", "1", "--only", ESCAPES], 2, f"nothing is called {HARMLESS}\n"),
        ([ESCAPES], 2, f"no command is called {HARMLESS}\n"),
        (["draw", f"--{ESCAPES}", "x", "y"], 2, f"but there are 3: --{HARMLESS}   x   y\n"),
        (["build", f"{ESCAPES}.toml"], 2, f"{HARMLESS}.toml cannot be read"),
        (["exercise", "--gates", ESCAPES], 2, f"no gate is called {HARMLESS}\n"),
        (["sweep", "x", "--x", f"{ESCAPES}:1"], 2, f"line 1: {HARMLESS}:1\n"),
    ],
    ids=lambda given: " ".join(given[:2]).encode("ascii", "replace").decode() if isinstance(given, list) else "",
)
def test_no_message_moves_the_terminal(shell: Shell, line: list[str], status: int, says: str) -> None:
    done = shell(*line)
    said = done.out + done.err
    assert not set("\x1b\x9b\x07\u202e") & set(said)
    assert done.status == status
    assert says in said


def test_a_message_has_no_endless_line(shell: Shell) -> None:
    for line in (["table", "x", f"--{LONG}", "1"], ["table", LONG], ["table", f"{LONG}(x)"], [LONG]):
        done = shell(*line)
        assert done.status == 2
        assert len(done.err) < 5_000
