"""A `.keras` file of a stranger's: the code in it is refused, where the workbook loads one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hpt_widgets.support.tensorflow_loader import load_tensorflow

PROJECT = Path(__file__).resolve().parents[3]
LOADING = re.compile(r"load_model\(([^)]*)\)")


# Keras 3.15 calls np.array() on TensorFlow's variables while it writes the file.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
def test_keras_refuses_the_code_in_a_file_unless_it_is_told_otherwise(tmp_path: Path) -> None:
    tf = load_tensorflow()
    layers = [tf.keras.Input((2,)), tf.keras.layers.Lambda(lambda x: x + 1)]
    tf.keras.Sequential(layers).save(tmp_path / "strangers.keras")
    with pytest.raises(ValueError, match="safe_mode"):
        tf.keras.models.load_model(tmp_path / "strangers.keras")


def code_cells() -> list[str]:
    return [
        "".join(cell["source"])
        for path in sorted((PROJECT / "notebooks").rglob("*.ipynb"))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]


def test_the_chapters_load_models_in_safe_mode() -> None:
    """The package itself loads none: tests/unit/test_surroundings.py holds that."""
    calls = [call for source in code_cells() for call in LOADING.findall(source)]
    assert calls == ["path", "path"]  # chapter 5, in both languages
    assert not [source for source in code_cells() if "safe_mode" in source]
    assert not [source for source in code_cells() if "enable_unsafe_deserialization" in source]
