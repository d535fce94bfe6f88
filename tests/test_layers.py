"""Imports point one way: errors, gates, graph, then lang and autodiff, then views, then render, then cli."""

import ast
from pathlib import Path

import pytest

import bpviz

ROOT = Path(bpviz.__file__).parent
LAYERS = (
    ("errors", "functions", "fonts", "limits"),
    ("gates",),
    ("graph",),
    (
        *("lang", "autodiff", "accuracy", "symbolic", "differences", "verdicts", "claims", "slips"),
        *("shortness", "variants", "shapes", "exercises"),
    ),
    ("views",),
    ("render",),
    ("api", "slides", "worksheets"),
    ("cli",),
    ("__main__",),
)
HEAVY_OWNERS = {"pygraphviz": ("render",), "sympy": ("symbolic",), "rich": ("views/terminal",)}
HEAVY_OWNERS |= {"typst": ("render/typst",), "PIL": ("render/animation",)}
FILES = sorted(ROOT.rglob("*.py"))


def layer_of(module: str) -> int:
    name = module.split(".")[1] if "." in module else "__main__"
    return next(i for i, names in enumerate(LAYERS) if name in names)


def imports(file: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_imports_point_down(file: Path) -> None:
    relative = file.relative_to(ROOT)
    if relative == Path("__init__.py"):
        return
    own = layer_of(".".join(("bpviz", *relative.with_suffix("").parts)))
    for name in imports(file):
        if name.startswith("bpviz."):
            assert layer_of(name) <= own, f"{relative} imports {name}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_heavy_library_has_one_owner(file: Path) -> None:
    relative = str(file.relative_to(ROOT).with_suffix(""))
    for name in imports(file):
        owners = HEAVY_OWNERS.get(name.split(".")[0])
        assert owners is None or relative.startswith(owners), f"{relative} imports {name}"


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.parent.name != "gates"], ids=lambda file: str(file.relative_to(ROOT))
)
def test_no_gate_is_asked_for_its_name(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare):
            text = ast.unparse(node)
            assert "gate.name ==" not in text, f"{file.name}:{node.lineno}: {text}"
            assert "gate is GATES[" not in text, f"{file.name}:{node.lineno}: {text}"
