"""The check-up finds what is wrong, and says so in the reader's language."""

from __future__ import annotations

import platform
from importlib import metadata

import pytest

from hpt_widgets.__main__ import main
from hpt_widgets.app import doctor


def test_here_all_is_well(capsys):
    assert main(["doctor", "--language", "en"]) == 0
    output = capsys.readouterr().out
    assert "All is well." in output
    assert "WRONG" not in output
    assert "70,000" in output


def test_it_speaks_chinese(capsys, monkeypatch):
    monkeypatch.setattr(doctor, "examine", lambda: iter([doctor.check_python()]))
    assert main(["doctor", "--language", "zh"]) == 0
    assert "一切正常" in capsys.readouterr().out


def test_one_bad_finding_makes_the_command_fail(capsys, monkeypatch):
    findings = [doctor.Finding(True, "a"), doctor.Finding(False, "b"), doctor.Finding(True, "c")]
    monkeypatch.setattr(doctor, "examine", lambda: iter(findings))
    assert main(["doctor", "--language", "en"]) == 1
    assert "WRONG b" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["en", "zh"])
def test_only_what_a_new_installation_may_mend_is_to_be_installed_anew(
    capsys, monkeypatch, language, readers_folder
):
    readers_folder.write_text("in the way")
    findings = [doctor.check_reader_folder()]
    monkeypatch.setattr(doctor, "examine", lambda: iter(findings))
    assert main(["doctor", "--language", language]) == 1
    said = capsys.readouterr().out
    assert "HPT_HOME" in said
    assert ".venv" not in said
    monkeypatch.setenv("HPT_SOLUTIONS_FROM", "soon")
    assert main(["doctor", "--language", language]) == 1
    assert ".venv" not in capsys.readouterr().out
    findings.append(doctor.Finding(False, "numpy is missing"))
    assert main(["doctor", "--language", language]) == 1
    assert ".venv" in capsys.readouterr().out


def test_the_class_rules_in_force_are_said(capsys, monkeypatch):
    monkeypatch.setattr(doctor, "examine", lambda: iter([]))
    monkeypatch.setenv("HPT_SOLUTIONS_FROM", "2199-01-01")
    assert main(["doctor", "--language", "en"]) == 0
    assert "hpt.solution is closed until 2199-01-01" in capsys.readouterr().out
    monkeypatch.setenv("HPT_SOLUTIONS_FROM", "soon")
    assert main(["doctor", "--language", "en"]) == 1
    assert "'soon'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("version", "good"), [("3.10.9", False), ("3.12.1", True), ("3.14.0", False)]
)
def test_the_python_is_held_to_the_packages_range(version, good, monkeypatch):
    monkeypatch.setattr(platform, "python_version", lambda: version)
    assert doctor.check_python().good is good


def test_a_package_that_is_too_old_is_named_with_what_is_needed(monkeypatch):
    real = metadata.version
    monkeypatch.setattr(
        metadata, "version", lambda name: "1.26.4" if name == "numpy" else real(name)
    )
    (finding,) = doctor.check_versions()
    assert not finding.good
    assert "numpy" in finding.line
    assert "1.26.4" in finding.line
    assert ">=2.0" in finding.line


def test_a_package_that_is_missing_is_named(monkeypatch):
    real = metadata.version

    def version(name):
        if name == "jupyterlab":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(metadata, "version", version)
    (finding,) = doctor.check_versions()
    assert not finding.good
    assert "jupyterlab" in finding.line


def test_a_package_that_is_not_installed_is_a_finding(monkeypatch):
    monkeypatch.setattr(doctor, "DISTRIBUTION", "no-such-distribution")
    assert not doctor.check_python().good
    assert [finding.good for finding in doctor.check_versions()] == [False]


def test_a_front_end_that_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(doctor, "LAB_EXTENSIONS", ("bqplot", "no-such-extension"))
    finding = doctor.check_front_end()
    assert not finding.good
    assert "no-such-extension" in finding.line
    assert "bqplot is missing" not in finding.line


def test_data_that_is_missing_is_a_finding(tmp_path, monkeypatch):
    def fail():
        raise FileNotFoundError("train-images is missing")

    monkeypatch.setattr("hpt_widgets.data.mnist.load_mnist", fail)
    finding = doctor.check_data()
    assert not finding.good
    assert "train-images is missing" in finding.line


def test_a_reader_folder_that_cannot_be_written_in_is_a_finding(readers_folder):
    assert doctor.check_reader_folder().good
    readers_folder.rmdir()
    readers_folder.write_text("in the way")
    finding = doctor.check_reader_folder()
    assert not finding.good
    assert "HPT_HOME" in finding.line


def test_a_tensorflow_that_cannot_be_imported_is_a_finding(monkeypatch):
    def fail():
        raise ImportError("DLL load failed")

    monkeypatch.setattr("hpt_widgets.support.tensorflow_loader.load_tensorflow", fail)
    finding = doctor.check_tensorflow()
    assert not finding.good
    assert "DLL load failed" in finding.line


@pytest.mark.parametrize("command", [[], ["doctor"], ["board"], ["board", "task"], ["reset"]])
def test_help_is_written_for_a_terminal(capsys, command):
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    said = capsys.readouterr().out
    assert "``" not in said
    assert "of what is said" not in said
