"""The view of a network's mistakes."""

import re

import numpy as np
import pytest

import hpt_widgets as hpt
from hpt_widgets.data.dataset import Split
from hpt_widgets.labs.training.mistakes import find_mistakes
from hpt_widgets.labs.training.mistakes_view import MistakesView


@pytest.fixture
def view():
    return MistakesView()


def shown(view, predicted, labels, shape=(8, 8)):
    """Show what a network makes of some samples, and return the words that are seen and said."""
    samples = Split(np.zeros((len(labels), *shape), np.float32), np.array(labels))
    certain = np.eye(3, dtype=np.float32)[predicted]
    view.show(find_mistakes(samples.y, certain), samples)
    pictures = re.sub(r'src="[^"]*"', "", view.pictures.value)
    assert pictures.count("<img ") == pictures.count("<img alt=")
    return f"{view.words.value} {pictures}"


def test_pictures_and_words_name_both_axes_and_each_picture(view):
    words = shown(view, [0, 1, 2, 2], [0, 1, 2, 1])
    assert "1 of 4 validation samples are misread. Most often: 1 read as 2 (once)." in words
    assert "The pictures are those" in words
    assert 'alt="confusion matrix"' in words
    assert ">true<" in words
    assert ">read as<" in words
    assert 'alt="true → read as, and how certain the network was"' in words


def test_tables_have_no_pictures_of_samples(view):
    words = shown(view, [0, 1, 1], [0, 1, 2], shape=(5,))
    assert words.count("<img ") == 1
    assert "pictures" not in words


def test_a_network_without_a_mistake_has_a_confusion_matrix_alone(view):
    words = shown(view, [0, 1, 2], [0, 1, 2])
    assert words.count("<img ") == 1
    assert "All 3 validation samples are read correctly." in words


def test_in_chinese_no_english_word_is_left(view):
    hpt.use_language("zh")
    words = re.sub("<[^>]*class[^>]*>", "", shown(MistakesView(), [0, 1, 2, 2], [0, 1, 2, 1]))
    assert "混淆矩阵" in words
    assert "真实类别" in words
    assert "预测类别" in words
    assert set(re.findall("[A-Za-z]+", words)) <= {"div", "b", "span", "img", "alt"}
