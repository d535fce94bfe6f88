"""Running cells in a notebook, as Jupyter does: in a kernel of their own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from warnings import catch_warnings, filterwarnings

from tests.conftest import need_module


def run_cells(cells: Sequence[str], folder: Path) -> Any:
    """Run cells one after the other in a folder, whatever they raise, and return the notebook with their outputs."""
    nbformat, nbclient = need_module("nbformat"), need_module("nbclient")
    need_module("ipykernel")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    for k, cell in enumerate(notebook.cells):
        cell.id = f"cell-{k}"
    where = {"metadata": {"path": str(folder)}}
    with catch_warnings():
        filterwarnings("ignore", "Proactor event loop", RuntimeWarning)  # Windows': zmq goes another way there
        return nbclient.NotebookClient(notebook, allow_errors=True, timeout=120, resources=where).execute()
