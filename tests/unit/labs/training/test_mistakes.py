"""What a network gets wrong."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix

from hpt_widgets.data.dataset import Split
from hpt_widgets.labs.training.mistakes import PICTURES_SHOWN, draw_mistakes, find_mistakes


def guesses(n_samples, n_classes, seed):
    random = np.random.default_rng(seed)
    labels = random.integers(0, n_classes, n_samples)
    return labels, random.dirichlet(np.ones(n_classes), n_samples).astype(np.float32)


@given(st.integers(1, 80), st.integers(2, 12), st.integers(0, 99))
def test_the_confusion_matrix_is_scikit_learns(n_samples, n_classes, seed):
    labels, probabilities = guesses(n_samples, n_classes, seed)
    mistakes = find_mistakes(labels, probabilities)
    predicted = probabilities.argmax(axis=1)
    theirs = confusion_matrix(labels, predicted, labels=range(n_classes))
    assert np.array_equal(mistakes.confusion, theirs)
    right = accuracy_score(labels, predicted, normalize=False)
    assert mistakes.n_wrong == n_samples - right


def test_the_worst_are_misread_and_the_most_certain_come_first():
    labels, probabilities = guesses(200, 5, seed=3)
    mistakes = find_mistakes(labels, probabilities)
    predicted = probabilities.argmax(axis=1)
    wrong = [row for row in range(200) if predicted[row] != labels[row]]
    expected = sorted(wrong, key=lambda row: -probabilities[row].max())[:PICTURES_SHOWN]
    assert mistakes.worst.tolist() == expected


def test_the_most_frequent_pairs_are_named_by_true_class_and_class_read():
    labels = np.array([0, 0, 0, 1, 1, 2])
    predicted = np.array([2, 2, 1, 1, 0, 2])
    mistakes = find_mistakes(labels, np.eye(3, dtype=np.float32)[predicted])
    assert mistakes.frequent_pairs(1) == [(0, 2, 2)]
    assert {pair[:2] for pair in mistakes.frequent_pairs(3)} == {(0, 2), (0, 1), (1, 0)}


def test_no_mistake_at_all():
    labels = np.arange(4)
    mistakes = find_mistakes(labels, np.eye(4, dtype=np.float32))
    assert mistakes.n_wrong == 0
    assert not mistakes.worst.size
    assert all(count == 0 for *_, count in mistakes.frequent_pairs(3))


def test_probabilities_of_a_diverged_network_count_as_the_first_class():
    labels = np.array([0, 1, 2])
    mistakes = find_mistakes(labels, np.full((3, 3), np.nan, np.float32))
    assert mistakes.predicted.tolist() == [0, 0, 0]
    assert mistakes.confidence.tolist() == [0, 0, 0]
    assert mistakes.n_wrong == 2


@pytest.mark.parametrize(("shape", "n_classes"), [((8, 8), 10), ((12,), 3), ((5,), 15)])
def test_it_is_drawn_for_pictures_tables_and_many_classes(shape, n_classes):
    labels, probabilities = guesses(30, n_classes, seed=1)
    x = np.random.default_rng(0).random((30, *shape), np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = draw_mistakes(find_mistakes(labels, probabilities), Split(x, labels))
    assert picture.startswith(b"\x89PNG")


def test_a_perfect_network_is_drawn_too():
    labels = np.arange(3)
    x = np.zeros((3, 4, 4), np.float32)
    mistakes = find_mistakes(labels, np.eye(3, dtype=np.float32))
    assert draw_mistakes(mistakes, Split(x, labels)).startswith(b"\x89PNG")
