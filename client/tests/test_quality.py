"""What `npm run check` is for the rest: types, lint and format, and the package as it would be published."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from servers import ROOT

CLIENT = ROOT / "client"


def run(*arguments: str | Path, cwd: Path = CLIENT) -> str:
    done = subprocess.run([*map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_types(tmp_path):
    run(sys.executable, "-m", "mypy", "--cache-dir", tmp_path)


def test_lint():
    run(sys.executable, "-m", "ruff", "check", "--no-cache", ".")


def test_format():
    run(sys.executable, "-m", "ruff", "format", "--no-cache", "--check", ".")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ".")
    return folder


def test_the_wheel_holds_the_package_its_types_and_its_licence(built):
    [wheel] = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()

    assert wheel.name.startswith("bmfote_client-")
    assert "bmfote_client/py.typed" in names
    assert "bmfote_client/_tools.generated.json" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any("test" in name for name in names)
    metadata = zipfile.ZipFile(wheel).read(next(name for name in names if name.endswith("METADATA"))).decode()
    assert "License-Expression: MIT" in metadata
    assert "Requires-Python: >=3.10" in metadata


def test_the_sdist_can_be_built_from(built):
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = [name.split("/", 1)[1] for name in archive.getnames()]

    assert {"pyproject.toml", "README.md", "LICENSE", "src/bmfote_client/py.typed"} <= set(names)


def test_it_installs_in_an_empty_environment_as_the_readme_says(tmp_path, home):
    """`pip install -e ./client`, which fetches what it builds with."""
    venv.create(tmp_path / "venv")
    python = tmp_path / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--python", python, "--quiet", "--disable-pip-version-check"]
    install = [*pip, "install", "-e", "./client"]
    done = subprocess.run([*map(str, install)], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0 and not os.environ.get("CI") and "connection" in done.stderr.lower():
        pytest.skip("the package index can't be reached")
    assert done.returncode == 0, done.stderr

    code = "from bmfote_client import Client, TOOL_SPECS; print(len(TOOL_SPECS), Client().url)"
    assert run(python, "-c", code, cwd=tmp_path) == "5 http://127.0.0.1:8026\n"
