"""Runs are told apart by what differs among them, in the reader's language."""

import pytest
from lab_tools import small

import hpt_widgets as hpt
from hpt_widgets.labs.kit.settings_text import describe_settings
from hpt_widgets.labs.training.live import TrainingRequest
from hpt_widgets.labs.training.run_labels import describe_changes, labels_of, spelled_out


def requests(*changes):
    return [TrainingRequest(small(**change), 100) for change in changes]


def labels(*changes, numbers=None):
    return labels_of(requests(*changes), numbers or range(1, len(changes) + 1))


def test_runs_are_named_by_what_differs_and_by_nothing_else():
    assert labels({"learning_rate": 0.01}, {"learning_rate": 0.3}) == ["rate 0.01", "rate 0.3"]
    drops = labels({"dropout_rate": 0.0}, {"dropout_rate": 0.25}, {"dropout_rate": 0.5})
    assert drops == ["dropout 0", "dropout 0.25", "dropout 0.5"]
    assert labels({"optimizer": "sgd"}, {"optimizer": "adam"}) == ["sgd", "adam"]


@pytest.mark.parametrize(
    ("language", "schedules", "widths", "row"),
    [
        ("en", ["constant", "in steps", "cosine"], ["standard", "μP"], "rate schedule cosine"),
        ("zh", ["恒定", "阶梯式", "余弦"], ["标准", "μP"], "学习率调度 余弦"),
    ],
)
def test_choices_are_called_what_the_menus_call_them(language, schedules, widths, row):
    hpt.use_language(language)
    assert labels(*({"schedule": name} for name in ("constant", "step", "cosine"))) == schedules
    assert labels(*({"parametrization": name} for name in ("standard", "mup"))) == widths
    assert describe_settings({"schedule": "cosine"}) == row


def test_several_settings_are_named_for_all_runs():
    named = labels(
        {"learning_rate": 0.1, "hidden_units": (8, 4)},
        {"learning_rate": 0.1, "hidden_units": (8,)},
        {"learning_rate": 0.2, "hidden_units": (8,)},
    )
    assert [set(label.split(", ")) for label in named] == [
        {"rate 0.1", "8-4 units"},
        {"rate 0.1", "8 units"},
        {"rate 0.2", "8 units"},
    ]


@pytest.mark.parametrize(
    ("language", "epochs", "widths"),
    [
        ("en", ["1 epoch", "11 epochs"], ["1 unit", "2-1 units"]),
        ("zh", ["1 轮", "11 轮"], ["1 个神经元", "2-1 个神经元"]),
    ],
)
def test_one_thing_is_named_as_one(language, epochs, widths):
    hpt.use_language(language)
    assert labels({"epochs": 1}, {"epochs": 11}) == epochs
    assert labels({"hidden_units": (1,)}, {"hidden_units": (2, 1)}) == widths


def test_the_size_of_the_training_set_counts_as_a_setting():
    sizes = [TrainingRequest(small(), size) for size in (50, 100)]
    assert labels_of(sizes, [1, 2]) == ["50 samples", "100 samples"]


def test_runs_with_the_same_settings_have_the_numbers_of_the_table():
    same = {"learning_rate": 0.01}
    assert labels(same) == ["rate 0.01"]
    assert labels(same, same, numbers=[4, 7]) == ["run 4", "run 7"]
    mixed = labels(same, {"learning_rate": 0.1}, same, numbers=[4, 5, 7])
    assert mixed == ["rate 0.01 (run 4)", "rate 0.1", "rate 0.01 (run 7)"]
    assert labels() == []


def test_what_a_change_in_mid_run_came_to_tells_runs_apart():
    first, second = requests({"learning_rate": 0.02}, {"learning_rate": 0.02})
    changes = [(500, {"learning_rate": 0.1}), (900, {"learning_rate": 0.0005})]
    named = labels_of([first, second], [1, 2], [changes, []])
    assert named == ["rate 0.02 → 0.0005", "rate 0.02"]
    assert labels_of([first], [1], [changes]) == ["rate 0.02 → 0.0005"]


def test_each_change_is_said_with_the_value_before_it():
    [request] = requests({"learning_rate": 0.02, "dropout_rate": 0.2})
    changes = [
        (500, {"learning_rate": 0.1, "dropout_rate": 0.5}),
        (900, {"learning_rate": 0.0005}),
    ]
    said = [(change.samples, change.text) for change in describe_changes(request, changes)]
    assert said == [(500, "rate 0.02 → 0.1, dropout 0.2 → 0.5"), (900, "rate 0.1 → 0.0005")]


def test_names_too_long_for_a_chart_become_numbers():
    many = [
        {"learning_rate": 0.1, "hidden_units": (128, 64), "optimizer": "momentum"},
        {"learning_rate": 0.2, "hidden_units": (256, 128), "optimizer": "rmsprop"},
    ]
    assert labels(*many, numbers=[18, 19]) == ["run 18", "run 19"]
    named = spelled_out(requests(*many, many[1]), [18, 19, 20])
    assert named[1] == named[2] == "rate 0.2, 256-128 units, rmsprop"
    assert spelled_out(requests(many[0]), [18]) == [""]


def test_the_names_are_in_the_readers_language():
    hpt.use_language("zh")
    assert labels({"learning_rate": 0.1}, {"learning_rate": 0.2}) == ["学习率 0.1", "学习率 0.2"]
    assert labels({}, {}) == ["第 1 次", "第 2 次"]
    assert labels({"batch_size": 8}, {"batch_size": 8}, {}) == [
        "批大小 8（第 1 次）",
        "批大小 8（第 2 次）",
        "批大小 32",
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_setting_has_a_short_name(language):
    hpt.use_language(language)
    [request] = requests({})
    for name, value in request.settings().items():
        [change] = describe_changes(request, [(1, {name: value})])
        assert "→" in change.text
        assert "_" not in change.text
