"""Modules whose import is put off: what is seen of them meanwhile, and afterwards."""

# A test makes the package that is imported here.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
import threading

import pytest

from hpt_widgets.support.deferred_imports import deferred


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Make a package with a module that takes its time; tell how often that was imported."""
    folder = tmp_path / "far_away"
    (folder / "shelf").mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "shelf" / "__init__.py").write_text(
        "import time\nfrom pathlib import Path\ntime.sleep(0.2)\n"
        "with Path(__file__).with_name('imports').open('a') as file:\n    file.write('x')\n"
        "answer = 42\n"
    )
    (folder / "shelf" / "book.py").write_text("title = 'On being late'\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    mark = folder / "shelf" / "imports"
    yield lambda: len(mark.read_text()) if mark.exists() else 0
    for name in [name for name in sys.modules if name.partition(".")[0] == "far_away"]:
        del sys.modules[name]


NAME = "far_away.shelf"


def test_a_module_that_nobody_uses_is_not_imported(package):
    with deferred([NAME]):
        import far_away.shelf  # noqa: F401
        import far_away.shelf as shelf
        from far_away import shelf as again

        assert shelf is again
        for module in list(sys.modules.values()):
            hasattr(module, "__file__")
        inspect.getmodule(package)
    assert package() == 0
    assert NAME not in sys.modules


def test_its_first_use_imports_it_once_whenever_that_is(package):
    with deferred([NAME]):
        import far_away.shelf as within
    assert package() == 0
    assert within.answer == 42
    assert "answer" in dir(within)
    import far_away.shelf as after

    assert type(after) is type(sys)
    within.answer = 43
    assert after.answer == 43
    assert package() == 1
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = within.nothing_such


def test_it_can_be_used_while_it_is_put_off(package):
    with deferred([NAME]):
        from far_away.shelf import answer
    assert answer == 42
    assert package() == 1
    assert sys.modules[NAME].answer == 42


def test_what_is_in_a_package_can_be_imported_while_that_is_put_off(package):
    with deferred([NAME]):
        import far_away.shelf.book
    assert far_away.shelf.book.title == "On being late"
    assert sys.modules[NAME].book.title == "On being late"
    assert package() == 1


def test_threads_that_use_it_at_once_all_get_it(package):
    answers = []
    with deferred([NAME]):
        import far_away.shelf as shelf

        start = threading.Barrier(5)

        def use():
            start.wait()
            answers.append(shelf.answer)

        threads = [threading.Thread(target=use) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [42] * 5
    assert package() == 1


def test_an_error_in_between_leaves_no_stand_in(package):
    with pytest.raises(ZeroDivisionError), deferred([NAME]):
        1 / 0  # noqa: B018
    assert NAME not in sys.modules
    assert package() == 0


def test_what_is_there_already_or_not_at_all_is_left_alone(package):
    import far_away.shelf as before

    with deferred([NAME, "far_away.cellar", "no_such_package.at_all"]):
        import far_away.shelf as within

        assert within is before
        with pytest.raises(ImportError):
            importlib.import_module("far_away.cellar")
    assert sys.modules[NAME] is before


IN_A_NEW_PROCESS = """
import sys
import numpy as np
from hpt_widgets.support.tensorflow_loader import HARDLY_USED, load_tensorflow
tf = load_tensorflow()
assert not set(HARDLY_USED) & set(sys.modules), sorted(set(HARDLY_USED) & set(sys.modules))

# Keras draws by the one, and scikit-learn counts by the other.
import matplotlib
matplotlib.use("agg")
figure = tf.keras.visualization.plot_image_gallery(np.zeros((4, 8, 8, 1), "uint8"), rows=2, cols=2)
from sklearn.impute import SimpleImputer
filled = SimpleImputer(strategy="most_frequent").fit_transform([[1.0], [1.0], [np.nan], [2.0]])
assert filled.ravel().tolist() == [1, 1, 1, 2]

import matplotlib.pyplot as plt
import scipy
import scipy.stats
assert plt is sys.modules["matplotlib.pyplot"] and scipy.stats is sys.modules["scipy.stats"]
assert type(plt) is type(scipy.stats) is type(sys)
assert plt.figure() is not None and scipy.stats.norm.cdf(0) == 0.5
"""


def test_tensorflow_comes_without_what_it_hardly_uses():
    subprocess.run([sys.executable, "-c", IN_A_NEW_PROCESS], check=True)
