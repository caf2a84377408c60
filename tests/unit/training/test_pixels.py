"""Training on bytes: to the bit what training on the same samples as floats comes to."""

from __future__ import annotations

import errno
import gc
import mmap
import weakref

import numpy as np
import psutil
import pytest
from small_data import assert_same_run, hyperparameters

import hpt_widgets as hpt
from hpt_widgets.data.dataset import Dataset
from hpt_widgets.data.split import PixelSplit, Split
from hpt_widgets.studies.range_test import range_test
from hpt_widgets.studies.sweep import Sweep, run_sweep
from hpt_widgets.support.tensorflow_loader import load_tensorflow
from hpt_widgets.training import program as training_program
from hpt_widgets.training.hyperparameters import OPTIMIZERS
from hpt_widgets.training.network import initial_weights
from hpt_widgets.training.program import EVALUATED_AT_A_TIME, Architecture, TrainingProgram
from hpt_widgets.training.samples import TENSOR_ALIGNMENT, features_on_device

N_STEPS = 300


@pytest.fixture(scope="module")
def digits() -> Dataset:
    """As many digits as 300 steps need, and part of the validation split."""
    mnist = hpt.load_mnist()
    rows = np.arange(500)
    return Dataset(
        {
            "train": mnist.take(N_STEPS * 16).splits["train"],
            "validation": mnist.splits["validation"].rows(rows),
        },
        n_classes=10,
    )


@pytest.fixture(scope="module")
def floats(digits: Dataset) -> Dataset:
    """The same samples as a reader has them, in arrays of float32."""
    pairs = {name: (split.x, split.y) for name, split in digits.splits.items()}
    data = Dataset(pairs, n_classes=10)
    assert all(split.stored.dtype == np.float32 for split in data.splits.values())
    return data


@pytest.mark.parametrize("dropout_rate", [0.0, 0.3])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_weights_after_300_steps_are_those_of_floats(digits, floats, optimizer, dropout_rate):
    hp = hyperparameters(
        optimizer=optimizer, dropout_rate=dropout_rate, batch_size=16, epochs=1, weight_decay=0.01
    )
    one, other = hpt.train(hp, digits), hpt.train(hp, floats)
    assert one.samples_seen == N_STEPS * 16
    assert_same_run(one, other)
    assert np.abs(one.weights[0] - initial_weights((784, 8, 6, 10), hp.seed)[0]).max() > 1e-3
    assert one.predict_proba(digits.x_validation).tobytes() == (
        other.predict_proba(digits.x_validation).tobytes()
    )


def test_studies_come_to_the_same_on_floats(digits, floats):
    tests = [range_test(hyperparameters(), data, n_updates=40) for data in (digits, floats)]
    assert tests[0].losses.tobytes() == tests[1].losses.tobytes()
    sweep = Sweep(
        "epochs", (1, 2), seeds=(0,), training_size=200, hyperparameters=hyperparameters()
    )
    records = [run_sweep(sweep, data) for data in (digits, floats)]
    results = [
        {t.hyperparameters["epochs"]: (t.validation_accuracy, t.validation_loss) for t in record}
        for record in records
    ]
    assert results[0] == results[1]
    assert len(results[0]) == 2


def test_one_program_takes_bytes_and_floats_in_turn(digits):
    program = TrainingProgram(Architecture(2, "relu", "sgd"))
    program.start_from(initial_weights((784, 5, 10), 0))
    split = digits.splits["validation"]
    bytes_on_device = features_on_device(split)
    floats = split.x.reshape(len(split.x), -1)
    labels = load_tensorflow().constant(split.y.astype(np.int32))
    for _ in range(2):
        assert program.evaluate((bytes_on_device, labels)) == program.evaluate((floats, labels))
        assert program.predict_proba(bytes_on_device).tobytes() == (
            program.predict_proba(floats).tobytes()
        )


@pytest.mark.parametrize("n_samples", [0, 1, EVALUATED_AT_A_TIME, EVALUATED_AT_A_TIME + 1, 4_500])
def test_many_samples_are_evaluated_as_one_batch(n_samples):
    """Against the forward pass of the whole in one go, written in TensorFlow."""
    tf = load_tensorflow()
    random = np.random.default_rng(0)
    features = random.normal(size=(n_samples, 12)).astype(np.float32)
    labels = random.integers(0, 3, n_samples).astype(np.int32)
    program = TrainingProgram(Architecture(2, "tanh", "sgd"))
    program.start_from([3 * w for w in initial_weights((12, 8, 3), 0)])
    kernel, bias, last_kernel, last_bias = program.weights()
    logits = tf.tanh(features @ kernel + bias) @ last_kernel + last_bias
    np.testing.assert_allclose(
        program.predict_proba(features), tf.nn.softmax(logits), rtol=0, atol=1e-6
    )
    if n_samples:
        loss, accuracy = program.evaluate((features, labels))
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        assert loss == pytest.approx(float(tf.reduce_mean(losses)), abs=1e-5)
        assert accuracy == pytest.approx(float(np.mean(np.argmax(logits, 1) == labels)), abs=1e-6)


def test_slices_change_no_bit(monkeypatch):
    """The validation of a run is that of all samples in one go, for bytes and for floats."""
    data = hpt.load_mnist()
    split = data.splits["validation"]
    sizes = (784, 128, 64, 10)
    results = []
    for size in (EVALUATED_AT_A_TIME, len(split.y)):
        monkeypatch.setattr(training_program, "EVALUATED_AT_A_TIME", size)
        for activation in ("relu", "gelu"):
            program = TrainingProgram(Architecture(len(sizes) - 1, activation, "sgd"))
            program.start_from(initial_weights(sizes, 1))
            for features in (features_on_device(split), split.x.reshape(-1, 784)):
                results.append(program.evaluate((features, split.y.astype(np.int32))))
                results.append(program.predict_proba(features).tobytes())
    n_results = len(results) // 2
    assert results[:n_results] == results[n_results:]
    assert results[0] == results[2]  # bytes and floats
    assert results[1] == results[3]
    assert results[0] != results[4]


def test_the_device_shares_the_map():
    """A write to the map shows in the tensor: it is the same memory."""
    split = hpt.load_mnist().splits["validation"]
    tensor = features_on_device(split)
    pixels = split.stored.view()
    pixels.flags.writeable = True
    before = int(pixels[0, 0, 0])
    try:
        pixels[0, 0, 0] = before + 1
        assert int(tensor[0, 0]) == before + 1
    finally:
        pixels[0, 0, 0] = before
    assert tensor.dtype == np.uint8
    assert tensor.shape == (10_000, 784)


@pytest.mark.parametrize("offset", [0, 1, 4, 16, TENSOR_ALIGNMENT])
def test_pixels_that_are_not_aligned_are_copied(offset):
    """TensorFlow would end the process."""
    room = np.zeros(2 * TENSOR_ALIGNMENT + 20 * 784 + offset, np.uint8)
    start = -room.ctypes.data % TENSOR_ALIGNMENT + offset
    pixels = room[start : start + 20 * 784].reshape(20, 28, 28)
    pixels[:] = np.random.default_rng(0).integers(0, 256, pixels.shape)
    labels = np.arange(20) % 10
    data = Dataset({"train": PixelSplit(pixels, labels)}, n_classes=10)
    same = Dataset({"train": (data.x_train, labels)}, n_classes=10)
    assert_same_run(hpt.train(hyperparameters(), data), hpt.train(hyperparameters(), same))


def test_pixels_that_nobody_may_write_to_are_copied():
    pixels = np.frombuffer(bytes(range(256)) * 49, np.uint8).reshape(16, 28, 28)
    tensor = features_on_device(PixelSplit(pixels, np.arange(16) % 10))
    np.testing.assert_array_equal(tensor, pixels.reshape(16, 784))


class WithoutLargePages(mmap.mmap):
    def madvise(self, *_):
        raise OSError(errno.EINVAL, "Invalid argument")


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
@pytest.mark.parametrize("kind", [mmap.mmap, WithoutLargePages])
def test_floats_are_copied_for_good(dtype, kind, monkeypatch):
    monkeypatch.setattr(mmap, "mmap", kind)
    features = (100 * np.random.default_rng(0).normal(size=(50, 7, 3))).astype(dtype)
    before = features.copy()
    tensor = features_on_device(Split(features, np.arange(50) % 10))
    features[:] = 0
    gc.collect()
    assert tensor.dtype == np.float32
    np.testing.assert_array_equal(tensor, before.reshape(50, 21).astype(np.float32))


def test_the_copys_memory_goes_with_the_tensor():
    features = np.ones((20_000, 784), np.float32)
    tensor = features_on_device(Split(features, np.arange(20_000) % 10))
    held = psutil.Process().memory_info().rss
    del tensor
    gc.collect()
    assert held - psutil.Process().memory_info().rss > 0.9 * features.nbytes


def test_nothing_that_trains_keeps_floats(digits, monkeypatch):
    """All that a run, a sweep and a range test need of the digits is their bytes."""
    made = []
    real = PixelSplit.x.fget  # type: ignore[attr-defined]

    def x(split):
        floats = real(split)
        made.append(weakref.ref(floats))
        return floats

    monkeypatch.setattr(PixelSplit, "x", property(x))
    few = digits.take(200)
    run = hpt.train(hyperparameters(epochs=1), few)
    range_test(hyperparameters(), few, n_updates=20)
    run_sweep(
        Sweep("epochs", (1,), seeds=(0,), training_size=100, hyperparameters=hyperparameters()),
        few,
    )
    assert made == []
    assert few.x_train.shape == (200, 28, 28)
    run.predict_proba(few.x_train)
    gc.collect()
    assert len(made) == 2
    assert all(reference() is None for reference in made)
