"""A wheel and an sdist are built, and the README's example is drawn from the installed wheel."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.test_readme import DRAW, ROOT


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build both, with the hatchling that is installed, so that nothing is fetched."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_wheel_has_every_module_and_the_fonts(distributions: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("bpviz/")}
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "bpviz").rglob("*") if path.is_file()}
    assert packed == {name for name in files if "__pycache__" not in name}
    assert any(name.endswith(".ttf") for name in packed)
    assert any(name.endswith(".woff2") for name in packed)
    assert {"bpviz/fonts/LICENSE-Roboto.txt", "bpviz/fonts/LICENSE-STIX.txt"} <= packed
    assert "bpviz/py.typed" in packed


def test_the_sdist_has_what_the_tests_and_the_readme_need(distributions: Path) -> None:
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "pyproject.toml",
        "samples/example.bp",
        "tests/conftest.py",
    } <= names


def test_the_readmes_example_is_drawn_from_the_installed_wheel(distributions: Path, tmp_path: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    programs = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    install = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True)
    (site_packages,) = (tmp_path / "env").rglob("site-packages")
    # the packages that bpviz needs are borrowed from the tests' environment; what is installed here comes before them
    (site_packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    line = ["bash", "-c", f"{DRAW} && python -c 'import bpviz; print(bpviz.__file__)'"]
    done = subprocess.run(
        line, cwd=tmp_path, env={**environment, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.splitlines()[-1]).is_relative_to(tmp_path / "env")
    assert "bpviz Roboto" in (tmp_path / "f.svg").read_text(encoding="utf-8")
    assert b"Roboto" in (tmp_path / "f.pdf").read_bytes()
