"""The read-out of the gradient noise scale: what is measured, when, and what is said of it."""

import re
import threading

import numpy as np
import pytest
from lab_tools import SECONDS, digits, held_training
from small_data import tabular_data

import hpt_widgets as hpt
from hpt_widgets.labs.training.words import describe_noise
from hpt_widgets.studies.noise_scale import NoiseMeasurement, NoiseScale, gradient_noise_scale
from hpt_widgets.training.session import TrainingSession

DATA = digits()


@pytest.fixture
def lab(make_lab):
    """Return a lab with the tab open."""
    made = make_lab()
    made.view.open_tab("noise")
    return made


def words_of(lab):
    """Return what is read in the tab."""
    return re.sub("<[^>]*>", " ", lab.view.noise.words.value)


def test_it_is_the_noise_scale_of_the_run_that_ended_last(lab):
    assert "When a run ends" in words_of(lab)
    for number, batch_size in enumerate((20, 50), start=1):
        lab.set(batch_size=batch_size)
        lab.wait()
        assert lab.noise.scale == gradient_noise_scale(lab.last_run, DATA)
        assert (lab.noise.number, lab.noise.batch_sizes) == (number, (batch_size,))
        assert f"Run {number}, trained with batch size {batch_size}:" in words_of(lab)
        said = float(re.search(r"≈ ([\d,.]+) samples", words_of(lab))[1].replace(",", ""))
        assert said == float(f"{lab.noise.scale.batch_size:.1g}")
    assert "Measured on 1,300 of the training samples" in words_of(lab)


def test_nothing_is_measured_until_the_tab_is_opened(make_lab):
    lab = make_lab()
    lab.start()
    lab.wait()
    assert "When a run ends" in words_of(lab)
    lab.view.open_tab("noise")
    lab.wait()
    assert lab.noise.scale == gradient_noise_scale(lab.last_run, DATA)
    lab.view.open_tab("runs")
    lab.set(epochs=1)
    lab.wait()
    assert lab.noise.number == 1


def test_it_is_measured_on_the_samples_that_were_trained_on(lab):
    lab.set(training_size=100, batch_size=500)
    lab.wait()
    assert lab.noise.scale == gradient_noise_scale(lab.last_run, DATA.take(100, seed=0))
    assert lab.noise.batch_sizes == (100,)  # no batch is larger than the data


def test_data_of_the_readers_own(make_lab):
    data = tabular_data()
    lab = make_lab(data)
    lab.view.open_tab("noise")
    lab.start()
    lab.wait()
    assert lab.noise.scale == gradient_noise_scale(lab.last_run, data)


def test_a_single_training_sample_has_no_noise(make_lab):
    lab = make_lab(tabular_data(n_train=1))
    lab.view.open_tab("noise")
    lab.start()
    lab.wait()
    assert lab.state == "ended"
    assert lab.noise.scale is None
    assert "two training samples at least" in words_of(lab)


def test_a_run_that_diverged_is_told_so(lab):
    lab.set(learning_rate=10, optimizer="sgd", hidden_units=(64, 64, 64), weight_decay=10)
    lab.wait()
    assert lab.last_run.ended == "diverged"
    assert lab.noise.has_diverged
    assert lab.noise.scale is None
    assert "Run 1 diverged" in words_of(lab)


def test_a_run_that_was_stopped_midway(lab, monkeypatch):
    with held_training(monkeypatch, after_chunks=1) as gate:
        lab.set(epochs=100)
        gate.wait_until_reached()
        lab.stop()
        gate.let_through.set()
        lab.wait()
    assert lab.last_run.ended == "stopped"
    assert lab.last_run.samples_seen < 100 * 1300
    assert lab.noise.scale == gradient_noise_scale(lab.last_run, DATA)


def test_a_batch_size_that_was_changed_in_mid_run(lab, monkeypatch):
    lab.set(apply_to_running=True)
    with held_training(monkeypatch, after_chunks=1) as gate:
        lab.start()
        gate.wait_until_reached()
        lab.set(batch_size=64, learning_rate=0.02)
        gate.let_through.set()
        lab.wait()
    assert lab.noise.batch_sizes == (32, 64)
    assert "batch size 32 → 64" in words_of(lab)


def test_a_new_run_waits_for_one_slice_and_takes_the_measurements_place(lab, monkeypatch):
    began, go_on, done = threading.Event(), threading.Event(), []
    measure, train = NoiseMeasurement.advance, TrainingSession.advance

    def held_measure(measurement):
        done.append(measurement)
        began.set()
        assert go_on.wait(SECONDS)
        return measure(measurement)

    def noted_train(session, max_steps=None):
        done.append(session)
        return train(session, max_steps)

    monkeypatch.setattr(NoiseMeasurement, "advance", held_measure)
    monkeypatch.setattr(TrainingSession, "advance", noted_train)
    lab.start()
    assert began.wait(SECONDS)
    lab.set(epochs=1)
    place = len(done)
    go_on.set()
    lab.wait()
    first = done[place - 1]
    assert isinstance(first, NoiseMeasurement)
    assert isinstance(done[place], TrainingSession)
    assert lab.noise.number == 2
    assert lab.noise.scale == gradient_noise_scale(lab.last_run, DATA)
    # The first would have taken seven slices.
    assert done.count(first) < 3


def test_a_lab_can_be_closed_while_it_measures(lab, monkeypatch):
    began, measured, measure = threading.Event(), [], NoiseMeasurement.advance

    def held_measure(measurement):
        measured.append(measurement)
        began.set()
        while not lab.live.should_yield():
            pass
        return measure(measurement)

    monkeypatch.setattr(NoiseMeasurement, "advance", held_measure)
    lab.start()
    assert began.wait(SECONDS)
    lab.close()
    assert lab.is_closed
    assert len(measured) == 1
    assert lab.noise is None


@pytest.mark.parametrize(
    ("language", "drowns", "undefined", "meaning"),
    [
        ("en", "trained with batch size 32: no gradient", "Run 7 has no", "cost many steps"),
        ("zh", "批大小 32：测不出梯度噪声尺度", "没有梯度噪声尺度", "多走许多步"),
    ],
)
def test_what_cannot_be_measured_is_told_in_both_languages(language, drowns, undefined, meaning):
    hpt.use_language(language)

    def said(variance, squared_gradient):
        return describe_noise(7, (32,), False, NoiseScale(variance, squared_gradient, 2000))

    result, nothing = said(2.0, -0.1)
    assert drowns in result
    assert "2,000" in result
    assert "inf" not in result
    assert nothing == ""
    for variance, squared in ((np.nan, np.nan), (np.inf, 1.0), (0.0, 0.0), (2.0, np.nan)):
        assert undefined in said(variance, squared)[0]
    result, told = said(2.0, 0.001234)
    assert "≈ 2,000 " in result
    assert meaning in told
    assert "≈ 0.2 " in said(2.0, 12.34)[0]
    assert "≈ 2,000,000 " in said(2.0, 0.000001234)[0]
