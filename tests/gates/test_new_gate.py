"""One row adds a gate: a copy of the package gets one, and everything that bpviz makes of a program is made of it."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import bpviz
from tests.support.javascript import evaluate

ROW = """
    Gate(name="squareplus", symbol="sq+", short="sqp{}", arity=UNARY, formula="(a + sqrt(a^2 + 4))/2",
         local=("(1 + a/sqrt(a^2 + 4))/2",),
         words=Words(does="opens softly: passes the share of the gradient that the slope says",
                     derivation="the sum rule, and the chain rule on the root", lesson="a relu without the corner")),
"""
MAKE = r"""
import json, bpviz
from bpviz.gates import GATES
from bpviz.text.code_listings import LANGUAGES

graph = bpviz.parse("y = squareplus(x); f = y*x")
trace = graph.at(x=1.5)
made = {
    "value": trace.value("y"), "gradient": trace.gradient("x"),
    "page": [GATES["squareplus"].board, *GATES["squareplus"].board_local],
    "draw": trace.draw().svg, "table": trace.table(), "steps": trace.steps() + graph.steps(),
    "code": {lang: [trace.code(lang=lang), graph.code(lang=lang)] for lang in LANGUAGES},
    "symbolic": graph.symbolic(), "latex": graph.symbolic(format="latex"), "simplified": graph.symbolic(simplify=True),
    "check": trace.check().is_right, "compiled": bpviz.compile(graph)(x=1.5),
    "deck": trace.deck().html(),
}
print(json.dumps(made))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a bpviz with one more row makes of a program."""
    folder = tmp_path_factory.mktemp("bpviz")
    shutil.copytree(Path(bpviz.__file__).parent, folder / "bpviz", ignore=shutil.ignore_patterns("__pycache__"))
    rows = folder / "bpviz" / "gates" / "networks.py"
    text = rows.read_text(encoding="utf-8")
    rows.write_text(text.replace("ROWS: tuple[Gate, ...] = (", f"ROWS: tuple[Gate, ...] = ({ROW}", 1), encoding="utf-8")
    line = [sys.executable, "-X", "utf8", "-c", MAKE]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


Y = (1.5 + math.sqrt(1.5**2 + 4)) / 2
GRADIENT = Y + 1.5 * (1 + 1.5 / math.sqrt(1.5**2 + 4)) / 2


def test_it_is_run_and_differentiated(made: Any) -> None:
    assert (made["value"], made["gradient"]) == pytest.approx((Y, GRADIENT), rel=1e-15)
    assert made["compiled"][1]["x"] == pytest.approx(GRADIENT, rel=1e-15)
    assert made["check"]


def test_it_is_drawn_and_tabulated_and_derived(made: Any) -> None:
    assert "squareplus(x)" in made["draw"]
    assert "squareplus(x)" in made["table"]
    assert "squareplus" in made["deck"]
    assert "y = (x + sqrt(x² + 4))/2".replace("sqrt", "√") in made["steps"]
    assert made["page"] == ["(a + √(a² + 4))/2", "(1 + a/√(a² + 4))/2"]


def test_it_has_its_closed_forms(made: Any) -> None:
    assert "∂f/∂x" in made["symbolic"]
    assert r"\sqrt{x^{2} + 4}" in made["latex"]
    assert "√(x² + 4)" in made["simplified"]


@pytest.mark.parametrize("lang", ["python", "numpy"])
def test_its_listings_run(made: Any, lang: str) -> None:
    script, function = made["code"][lang]
    space: dict[str, Any] = {}
    exec(compile(function, lang, "exec"), space)
    value, gradients = space["f"](1.5)
    assert (value, gradients["x"]) == pytest.approx((1.5 * Y, GRADIENT), rel=1e-15)
    compile(script, lang, "exec")


def test_its_listing_in_javascript_runs(made: Any, tmp_path: Path) -> None:
    script, function = made["code"]["javascript"]
    value, gradients = evaluate(f"{function}const result = f(1.5);", tmp_path)
    assert (value, gradients["x"]) == pytest.approx((1.5 * Y, GRADIENT), rel=1e-15)
    assert "(x + Math.sqrt(x * x + 4)) / 2" in script


@pytest.mark.parametrize("lang", ["torch", "jax"])
def test_its_line_is_in_a_frameworks_listing(made: Any, lang: str) -> None:
    for text in made["code"][lang]:
        compile(text, lang, "exec")
        assert "sqrt(x**2 + 4)" in text


def test_it_is_typeset(made: Any) -> None:
    assert r"y &= \frac{x + \sqrt{x^{2} + 4}}{2}" in made["code"]["latex"][0]
