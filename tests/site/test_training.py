"""The training lab's arithmetic in Node, against the package, and how far apart they come out.

All that needs TensorFlow is in this one file: it is imported for it once.
"""

import json
import re

import numpy as np
import pytest
from references import N_TRAIN, SIZES, write_arrays, write_json, write_training_steps

import hpt_widgets as hpt
from tools.site import package
from tools.site.build import ACCURACY

# Batch sizes, and steps taken before the one that is looked at: usual, odd and single samples, and
# large ones that need more memory and reach beyond the end of the epoch.
BATCHES = [(32, 0), (32, 20), (13, 7), (1, 3), (700, 1)]
OTHER_ACTIVATIONS = [name for name in package.ACTIVATIONS if name != "relu"]
CASES = [
    *((optimizer, "relu") for optimizer in package.OPTIMIZERS),
    *(("adam", activation) for activation in OTHER_ACTIVATIONS),
]
N_SEEDS = 10
# Another processor rounds TensorFlow's sums otherwise: the last digits drift by so much.
DRIFT = 0.003
# The first seed, and one of the others.
LOOKED_AT = (0, 7)


@pytest.fixture
def small_data():
    """Return what the first file of digits holds."""
    data = hpt.load_mnist()
    splits = {
        "train": (data.x_train[:5000], data.y_train[:5000]),
        "validation": (data.x_validation[:1500], data.y_validation[:1500]),
    }
    return hpt.Dataset(splits, n_classes=10)


def test_every_step_and_every_draw_is_the_packages(run_node, tmp_path, small_data):
    trainings = [write_training_steps(tmp_path, *case, BATCHES) for case in CASES]
    write_json(
        tmp_path / "training.json",
        {
            "sizes": SIZES,
            "trainings": trainings,
            "starts": [start_of(tmp_path, seed) for seed in (0, 7, 2**31 - 1)],
            "plans": [plan_of(*case) for case in PLANS],
            "runs": [run_of(small_data, seed) for seed in range(10)],
        },
    )
    write_mistakes(tmp_path, small_data)
    run_node("training.test.mjs")


def start_of(folder, seed):
    sizes = (784, 30, 17, 10)
    write_arrays(folder / f"weights-{seed}.bin", package.initial_weights(sizes, seed))
    count, epoch = N_TRAIN, 2
    order = np.random.default_rng((seed, epoch)).permutation(count)
    return {"seed": seed, "sizes": sizes, "epoch": epoch, "count": count, "order": order}


PLANS = [
    (50_000, 1, True),
    (50_000, 3, False),
    (50_000, 100, False),
    (5_000, 1, True),
    (11, 1, True),
    (12_345, 60, True),
]


def plan_of(n, epochs, first):
    plan = package.RecordPlan.for_epoch(n, epochs, first)
    return {
        "n": n,
        "epochs": epochs,
        "first": first,
        "points": plan.points,
        "validated": sorted(plan.validated),
    }


def run_of(data, seed):
    """Train, with another optimiser each time, and return the run's history."""
    optimizer = package.OPTIMIZERS[seed % len(package.OPTIMIZERS)]
    rate = {"sgd": 0.1, "momentum": 0.02}.get(optimizer, 0.001)
    hp = hpt.Hyperparameters(seed=seed, optimizer=optimizer, learning_rate=rate, epochs=1)
    run = hpt.train(hp, data)
    columns = ["samples", "training_loss", "validation_loss", "validation_accuracy"]
    history = {name: run.history[name].to_numpy() for name in columns}
    return {"values": hp.to_dict(), "history": history}


def write_mistakes(folder, data):
    """Write a trained network, what it misreads, and what it makes of one picture."""
    run = hpt.train(hpt.Hyperparameters(hidden_units=(24,)), data)
    write_arrays(folder / "mistakes-weights.bin", run.weights)
    mistakes = package.find_mistakes(data.y_validation, run.predict_proba(data.x_validation))
    picture = data.x_validation[3]
    equal = package.find_mistakes(np.arange(10), np.roll(np.eye(10, dtype=np.float32), 1, axis=0))
    write_json(
        folder / "mistakes.json",
        {
            "weights": (784, 24, 10),
            "confusion": mistakes.confusion,
            "worst": mistakes.worst,
            "pairs": mistakes.frequent_pairs(3),
            # All are misread once: which come first is a matter of their order.
            "equal": {"confusion": equal.confusion, "pairs": equal.frequent_pairs(3)},
            "picture": {
                "pixels": picture.ravel(),
                "probabilities": run.predict_proba(picture[None])[0],
            },
        },
    )


# How far the page is from the workbook


@pytest.fixture
def measured():
    """Return the figures that are stored."""
    return json.loads(ACCURACY.read_text(encoding="utf-8"))


def test_what_the_page_says_is_what_was_measured(site, measured):
    assert len(measured["page_runs"]) == measured["seeds"] == N_SEEDS
    assert measured["page"] == pytest.approx(np.mean(measured["page_runs"]))
    difference = abs(measured["page"] - measured["workbook"])
    assert measured["difference"] == pytest.approx(100 * difference)
    expected = [
        f"{100 * measured['page']:.3f}%",
        f"{100 * measured['workbook']:.3f}%",
        f"{measured['difference']:.3f}",
        f"{measured['largest']:.2f}",
    ]
    for language in ("en", "zh"):
        page = (site / language / "index.html").read_text(encoding="utf-8")
        footer = page.split("<footer>")[1].split("</footer>")[0]
        assert re.findall(r"\d+\.\d\d\d?%?", footer) == expected


def test_the_page_reaches_the_accuracy_that_is_stored(run_node, tmp_path, measured):
    runs = measured["page_runs"]
    seeds = [{"seed": seed, "accuracy": runs[seed]} for seed in LOOKED_AT]
    values = {"defaults": hpt.Hyperparameters().to_dict(), "seeds": seeds}
    write_json(tmp_path / "accuracy.json", values)
    run_node("accuracy.test.mjs")


@pytest.mark.parametrize("seed", LOOKED_AT)
def test_the_workbook_is_no_farther_from_the_page_than_it_says(seed, measured):
    run = hpt.train(hpt.Hyperparameters(seed=seed), hpt.load_mnist())
    most = measured["largest"] / 100 + DRIFT
    assert abs(run.validation_accuracy - measured["page_runs"][seed]) < most
