"""Each lab on a reader's own data: a table, pictures of 8 × 8, a file with Chinese class names."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lab_tools import SECONDS, small
from sklearn.datasets import load_digits, load_iris, load_wine
from sklearn.model_selection import GridSearchCV
from widget_tools import bundle_of

import hpt_widgets as hpt
from hpt_widgets.data.fingerprint import data_fingerprint
from hpt_widgets.labs.training.mistakes import draw_mistakes, find_mistakes
from hpt_widgets.search import LogUniform, SearchSpace, run_search

HP = small(batch_size=16, epochs=20)
QUICK = HP.replace(epochs=2)
NAMES = ("红葡萄酒", "白葡萄酒", "桃红")


def table(folder: Path) -> hpt.Dataset:
    iris = load_iris(as_frame=True)
    frame = iris.frame.assign(species=np.array(iris.target_names)[iris.target])
    frame["leaf"] = np.where(frame["petal length (cm)"] > 4, "long", "short")
    return hpt.Dataset.from_frame(frame.drop(columns="target"), target="species")


def pictures(folder: Path) -> hpt.Dataset:
    digits = load_digits()
    options: Any = {"validation_share": 0.2, "test_share": 0.2, "scale": "minmax"}
    return hpt.Dataset.from_arrays(digits.images, digits.target, **options)


def file(folder: Path) -> hpt.Dataset:
    wine = load_wine(as_frame=True).frame
    path = folder / "葡萄酒.csv"
    wine.assign(target=np.array(NAMES)[wine["target"]]).to_csv(
        path, index=False, encoding="gb18030"
    )
    return hpt.Dataset.from_csv(path, target="target")


@pytest.fixture(scope="module", params=[table, pictures, file], ids=lambda make: make.__name__)
def data(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> hpt.Dataset:
    made: hpt.Dataset = request.param(tmp_path_factory.mktemp("data"))
    return made


def training(data: hpt.Dataset) -> Any:
    return hpt.TrainingLab(data, QUICK)


def searching(data: hpt.Dataset) -> Any:
    lab = hpt.SearchLab(data, hyperparameters=QUICK)
    lab.set(trials=2)
    return lab


def sweeping(data: hpt.Dataset) -> Any:
    lab = hpt.SweepLab(data, QUICK)
    lab.set(learning_rate=[0.001, 0.01], seeds=1)
    return lab


def ranging(data: hpt.Dataset) -> Any:
    lab = hpt.RangeTestLab(data, QUICK)
    lab.set(n_updates=30)
    return lab


@pytest.fixture(params=[training, searching, sweeping, ranging], ids=lambda m: m.__name__)
def lab(request: pytest.FixtureRequest, data: hpt.Dataset) -> Iterator[Any]:
    made = request.param(data)
    yield made
    made.close()


def test_each_lab_works_on_them(lab: Any, recwarn: pytest.WarningsRecorder) -> None:
    """In both languages; a sign that a picture's font lacks would be a warning."""
    assert "image/png" in bundle_of(lab)
    hpt.use_language("zh")
    assert "image/png" in bundle_of(lab)
    lab.start()
    lab.wait(SECONDS)
    assert lab.state == "ended"
    assert "image/png" in bundle_of(lab)
    hpt.use_language("en")
    assert "image/png" in bundle_of(lab)
    assert [str(warning.message) for warning in recwarn] == []


def test_the_mistakes_are_named(data: hpt.Dataset) -> None:
    lab = hpt.TrainingLab(data, HP.replace(epochs=1, learning_rate=1e-5))
    lab.start()
    lab.wait(SECONDS)
    lab.view.tabs.selected_index = 1
    lab.wait(SECONDS)
    words = lab.view.mistakes.words.value
    named = re.findall(r"(\S+) read as (\S+) \(", words)
    assert named
    assert all(name in data.class_names for pair in named for name in pair)
    pictures = lab.view.mistakes.pictures.value
    is_picture = len(data.feature_shape) == 2
    assert pictures.count("<img ") == 1 + is_picture
    assert base64.b64decode(re.findall(r'base64,([^"]+)"', pictures)[0]).startswith(b"\x89PNG")
    lab.close()


def test_long_names_are_cut_in_pictures_and_no_sign_is_missing(
    recwarn: pytest.WarningsRecorder,
) -> None:
    labels = np.array([0, 1, 1])
    certain = np.eye(2, dtype=np.float32)[[0, 0, 1]]
    names = ("患糖尿病的", "a very long name of a class")
    mistakes = find_mistakes(labels, certain, names)
    assert mistakes.name(1) == "a very long…"
    split = hpt.Dataset.from_arrays(np.zeros((3, 4, 4)), labels).splits["train"]
    for language in ("en", "zh"):
        hpt.use_language(language)
        assert draw_mistakes(mistakes, split).startswith(b"\x89PNG")
    assert [str(warning.message) for warning in recwarn] == []


def test_the_estimator_and_the_searches_work_on_them(data: hpt.Dataset) -> None:
    estimator = hpt.KerasMLPClassifier(learning_rate=0.01, epochs=10, hidden_units=(16,))
    names = np.array(data.class_names)[data.y_train]
    search = GridSearchCV(estimator, {"learning_rate": [1e-6, 0.01]}, cv=2)
    search.fit(data.x_train, names)
    assert search.best_params_ == {"learning_rate": 0.01}
    assert search.best_score_ > 0.6
    assert set(search.predict(data.x_validation)) <= set(data.class_names)
    space = SearchSpace((LogUniform("learning_rate", 1e-3, 1e-1),))
    assert len(run_search("tpe", space, data, trials=2, hyperparameters=QUICK)) == 2


def test_the_program_gives_a_network_for_the_same_data(data: hpt.Dataset) -> None:
    # Small tables take more epochs to be learned.
    run = hpt.train(HP.replace(epochs=12 if len(data.y_train) < 500 else 3), data)
    names: dict[str, Any] = {"data": data}
    program = run.as_code()
    if data.as_code().startswith("hpt.Dataset.from_frame"):
        frame: Any = load_iris(as_frame=True)
        species = np.array(frame.target_names)[frame.target]
        table = frame.frame.assign(species=species).drop(columns="target")
        table["leaf"] = np.where(table["petal length (cm)"] > 4, "long", "short")
        names["frame"] = table
    exec(program, names)
    np.testing.assert_array_equal(names["data"].x_validation, data.x_validation)
    flat = data.x_validation.reshape(len(data.y_validation), -1)
    right = names["model"].predict(flat, verbose=0).argmax(axis=1) == data.y_validation
    assert right.mean() > 0.85


def test_a_fingerprint_tells_data_apart(tmp_path: Path) -> None:
    made: list[Callable[[Path], hpt.Dataset]] = [table, pictures, file]
    assert len({data_fingerprint(make(tmp_path)) for make in made}) == 3
    assert data_fingerprint(table(tmp_path)) == data_fingerprint(table(tmp_path))


def test_the_canvas_refuses_a_network_that_reads_no_digits(data: hpt.Dataset) -> None:
    run = hpt.train(HP.replace(epochs=1), data)
    with pytest.raises(ValueError, match="can't read a picture of 28 × 28 = 784 numbers"):
        hpt.DigitCanvas(run)
