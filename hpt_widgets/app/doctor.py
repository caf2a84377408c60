"""Checks that everything the workbook needs is here, and says how to mend what is not."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from hpt_widgets.language import translate
from hpt_widgets.support.home import reader_folder

DISTRIBUTION = "hpt-widgets"
# The front ends of the widgets and the charts, by their names in JupyterLab.
LAB_EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "bqplot")


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Attributes
    ----------
    good : bool
        Whether all is well.
    line : str
        One sentence for the reader.
    is_installed : bool, default True
        Whether it is about what was installed, so that installing it anew may mend it.
    """

    good: bool
    line: str
    is_installed: bool = True

    def __str__(self) -> str:
        mark = translate("doctor.good" if self.good else "doctor.bad")
        return f"{mark} {self.line}"


def examine() -> Iterator[Finding]:
    """Yield a finding for each check, as it is made; TensorFlow comes last, and takes seconds."""
    yield check_python()
    yield check_package()
    yield from check_versions()
    yield check_front_end()
    yield check_reader_folder()
    yield check_data()
    yield check_tensorflow()


def check_python() -> Finding:
    """Check that this Python is one that the package is made for."""
    version = platform.python_version()
    try:
        allowed = metadata.metadata(DISTRIBUTION)["Requires-Python"]
    except metadata.PackageNotFoundError:
        return Finding(False, translate("doctor.not_installed"))
    good = SpecifierSet(allowed).contains(version, prereleases=True)
    return Finding(good, translate("doctor.python", version=version, allowed=allowed))


def check_package() -> Finding:
    """Say which folder the package is imported from."""
    return Finding(True, translate("doctor.package", folder=Path(__file__).resolve().parents[1]))


def check_versions() -> Iterator[Finding]:
    """Check each package against its range; yield the misfits, or one finding when all fit."""
    wanted = list(_requirements())
    wrong = 0
    for requirement in wanted:
        try:
            found = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            found = "-"
        if found == "-" or not requirement.specifier.contains(found, prereleases=True):
            wrong += 1
            values = {"name": requirement.name, "found": found, "allowed": requirement.specifier}
            yield Finding(False, translate("doctor.version", **values))
    if not wrong:
        yield Finding(bool(wanted), translate("doctor.versions", count=len(wanted)))


def check_front_end() -> Finding:
    """Check that JupyterLab can draw the widgets and the charts."""
    try:
        from jupyter_core.paths import jupyter_path
    except ImportError as error:
        return Finding(False, translate("doctor.no_jupyter", error=error))
    folders = [Path(folder) for folder in jupyter_path("labextensions")]
    missing = [
        name
        for name in LAB_EXTENSIONS
        if not any((folder / name / "package.json").is_file() for folder in folders)
    ]
    if missing:
        return Finding(False, translate("doctor.no_front_end", names=", ".join(missing)))
    return Finding(True, translate("doctor.front_end"))


def check_reader_folder() -> Finding:
    """Check that what a reader makes can be kept."""
    try:
        folder = reader_folder()
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"0")
    except OSError as error:
        line = translate("doctor.no_reader_folder", error=error)
        return Finding(False, line, is_installed=False)
    return Finding(True, translate("doctor.reader_folder", folder=folder))


def check_data() -> Finding:
    """Check that MNIST is here, and unaltered."""
    try:
        from hpt_widgets.data.mnist import load_mnist

        data = load_mnist()
        count = len(data.y_train) + len(data.y_validation) + len(data.y_test)
    except Exception as error:
        return Finding(False, translate("doctor.no_data", error=error))
    return Finding(True, translate("doctor.data", count=count))


def check_tensorflow() -> Finding:
    """Check that TensorFlow can be imported, and computes."""
    try:
        from hpt_widgets.support.tensorflow_loader import load_tensorflow

        tf = load_tensorflow()
        total = float(tf.reduce_sum(tf.ones(3)))
    except Exception as error:
        return Finding(False, translate("doctor.no_tensorflow", error=error))
    return Finding(total == 3.0, translate("doctor.tensorflow", version=tf.__version__))


def _requirements() -> Iterator[Requirement]:
    """Yield what the package and its ``lab`` part require on this system."""
    try:
        lines = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return
    for line in lines:
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", "lab")):
            yield requirement
