"""The kernel is what its source compiles to, and its compiler what the lock file says."""

import json
import shutil
import subprocess

import pytest
from pages import missing


@pytest.fixture
def compiler(source):
    """Install what the lock file pins, unless it is there, and return the compiler."""
    asc = source / "node_modules" / ".bin" / "asc"
    if not asc.exists():
        npm = shutil.which("npm")
        if npm is None:
            missing("no npm here (Debian: apt install npm)")
        installed = subprocess.run(
            [npm, "ci", "--silent"], cwd=source, timeout=120, check=False, capture_output=True
        )
        if installed.returncode:
            missing(f"npm could not install the compiler: {installed.stderr.decode()}")
    return asc


def test_the_kernel_is_what_its_source_compiles_to(compiler, source, tmp_path):
    made = tmp_path / "kernel.wasm"
    subprocess.run(
        [compiler, "--config", "asconfig.json", "--target", "release", "--outFile", made],
        cwd=source,
        check=True,
        timeout=120,
    )
    assert made.read_bytes() == (source / "source" / "kernel.wasm").read_bytes()


def test_the_lock_file_names_no_address(source):
    lock = json.loads((source / "package-lock.json").read_text())
    asked = json.loads((source / "package.json").read_text())["devDependencies"]
    assert lock["packages"][""]["devDependencies"] == asked
    assert list(asked) == ["assemblyscript"]
    installed = {name: one for name, one in lock["packages"].items() if name}
    assert installed
    for name, package in installed.items():
        assert "resolved" not in package, name
        assert package["integrity"].startswith("sha512-"), name
    assert "omit-lockfile-registry-resolved=true" in (source / ".npmrc").read_text()
