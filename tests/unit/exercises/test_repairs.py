"""Programs to repair: right in many forms, half repaired, and repaired the wrong way."""

from __future__ import annotations

import itertools
import math
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import ParameterGrid

import hpt_widgets as hpt
from hpt_widgets.exercises.chapters import chapter_05
from hpt_widgets.support.tensorflow_loader import load_tensorflow

# ---------------------------------------------------------------- 3.2-d: a grid search


def settings_of(grid: Any, combine: Any = itertools.product) -> list[dict[str, Any]]:
    return [dict(zip(grid, values, strict=True)) for values in combine(*grid.values())]


def by_recursion(grid: Any, score: Any, chosen: Any = ()) -> Any:
    if len(chosen) == len(grid):
        return dict(zip(grid, chosen, strict=True))
    name = list(grid)[len(chosen)]
    found = [by_recursion(grid, score, (*chosen, value)) for value in grid[name]]
    return max(found, key=lambda settings: score(**settings))


def by_index(grid: Any, score: Any) -> Any:
    shape = [len(values) for values in grid.values()]
    scores = np.full(shape, -np.inf)
    for place in np.ndindex(*shape):
        scores[place] = score(**{n: v[i] for (n, v), i in zip(grid.items(), place, strict=True)})
    best = np.unravel_index(scores.argmax(), shape)
    return {name: values[i] for (name, values), i in zip(grid.items(), best, strict=True)}


@pytest.mark.parametrize(
    "answer",
    [
        lambda grid, score: max(settings_of(grid), key=lambda s: score(**s)),
        lambda grid, score: max(ParameterGrid(grid), key=lambda s: score(**s)),
        lambda grid, score: sorted(settings_of(grid), key=lambda s: score(**s))[-1],
        lambda param_grid, score: by_recursion(param_grid, score),
        lambda grid, score: by_index(grid, score),
        lambda grid, score: {
            n: np.float64(v) for n, v in max(settings_of(grid), key=lambda s: score(**s)).items()
        },
        lambda grid, score: dict(
            reversed(max(settings_of(grid), key=lambda s: score(**s)).items())
        ),
    ],
)
def test_right_grid_searches(answer: Any) -> None:
    assert hpt.check("3.2-d", answer)


def none_counts_as_zero(grid: Any, score: Any) -> Any:
    best = best_score = None
    for settings in settings_of(grid):
        found = score(**settings)
        if not best_score or found > best_score:
            best, best_score = settings, found
    return best


def half_repaired(combine: Any, start: float, keeps: bool) -> Any:
    def search(grid: Any, score: Any) -> Any:
        best, best_score = None, start
        for settings in settings_of(grid, combine):
            found = score(**settings)
            if found > best_score:
                best = settings
                if keeps:
                    best_score = found
        return best

    return search


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (half_repaired(itertools.product, 0, keeps=False), "what is `best_score` compared with"),
        (half_repaired(zip, 0, keeps=True), "which combinations does `zip` make"),
        (half_repaired(zip, -math.inf, keeps=True), "is never tried"),
        (half_repaired(itertools.product, 0, keeps=True), "a score may be minus a loss"),
        (half_repaired(itertools.product, -1, keeps=True), "a start that every score beats"),
        (half_repaired(itertools.product, -math.inf, keeps=False), "does `best_score` ever change"),
        (
            lambda grid, score: dict.fromkeys(settings_of(grid)[0], "36.0"),
            "For `({'learning_rate': [36.0]}, score)`: ",
        ),
        (half_repaired(itertools.product, -10, keeps=True), "or no score was higher than"),
        (half_repaired(itertools.product, -1e9, keeps=True), "or no score was higher than"),
        (none_counts_as_zero, "the highest score has {'learning_rate': 0.1}. (The scores here: 0,"),
        (lambda grid, score: score(grid), ", score)`, your function raised TypeError"),
        (lambda grid, score: min(settings_of(grid), key=lambda s: score(**s)), "highest score"),
        (lambda grid, score: settings_of(grid)[-1], "the last combination of all"),
        (lambda grid, score: {n: max(v) for n, v in grid.items()}, "the highest score has"),
        (lambda grid, score: max(score(**s) for s in settings_of(grid)), "could not be read|dict"),
        (
            lambda grid, score: {
                name: max(values, key=lambda v: score(**{**settings_of(grid)[0], name: v}))
                for name, values in grid.items()
            },
            "the highest score has",
        ),
        (lambda grid, score: half_repaired(zip, 0, keeps=False)(grid, abs), "TypeError"),
        (lambda grid: grid, "TypeError"),
        (
            lambda grid, score: half_repaired(itertools.zip_longest, -math.inf, keeps=True)(
                grid, score
            ),
            "'batch_size': 58.0} is no setting of this grid",
        ),
        (lambda grid, score: max([{}], key=lambda s: score(**s)), "{} is no setting of this grid"),
        (lambda grid, score: None, "or no score was higher than"),
        (
            lambda grid, score: half_repaired(itertools.product, 0, keeps=True)(
                grid, lambda **s: abs(score(**s))
            ),
            "(The scores here: 0.)|the highest score has",
        ),
    ],
)
def test_wrong_grid_searches(answer: Any, words: str) -> None:
    verdict = hpt.check("3.2-d", answer)
    assert verdict.state == "wrong"
    assert any(word in verdict.message for word in words.split("|")), verdict.message


def test_the_given_grid_search_that_changes_its_grid_is_wrong() -> None:
    def emptying(grid: Any, score: Any) -> Any:
        names = list(grid)
        return half_repaired(zip, 0, keeps=False)({n: grid.pop(n) for n in names}, score)

    verdict = hpt.check("3.2-d", emptying)
    assert verdict.state == "wrong"
    assert "has become {}. Work on a copy (`list(…)`, `dict(…)`)." in verdict.message


def test_the_given_grid_search_is_not_answered() -> None:
    verdict = hpt.check("3.2-d", half_repaired(zip, 0, keeps=False))
    assert verdict.state == "not answered"
    assert "still does what the given one did" in verdict.message


# ---------------------------------------------------------------- 3.4-e: a search that survives

OK, FAIL = "ok", "fail"


def caught(objective: Any, params: Any) -> Any:
    try:
        return objective(params)
    except BaseException:
        return None


def guarded(objective: Any, params: Any) -> Any:
    loss = caught(objective, params)
    if loss is None or not np.isfinite(loss):
        return {"status": FAIL}
    return {"loss": loss, "status": OK}


def with_reason(objective: Any, params: Any) -> Any:
    try:
        loss = objective(params)
        assert abs(loss) < math.inf, "no number"
    except Exception as error:
        return {"status": FAIL, "reason": repr(error), "loss": None}
    return {"status": OK, "loss": float(loss), "params": params}


@pytest.mark.parametrize(
    "answer",
    [
        guarded,
        with_reason,
        lambda objective, params: {**guarded(objective, params), "attachments": {}},
        lambda o, p: {k: np.float32(v) if k == "loss" else v for k, v in guarded(o, p).items()},
        lambda o, p: {"loss": math.nan, **guarded(o, p)},
        lambda o, p: with_loss(lambda loss: np.array([loss]))(o, p),
        lambda o, p: dict(sorted(guarded(o, p).items())),
        # A number is what `fmin` takes too.
        lambda o, p: guarded(o, p).get("loss", {"status": FAIL}),
        lambda o, p: np.float64(found["loss"]) if "loss" in (found := guarded(o, p))
        else {"status": FAIL},
    ],
)  # fmt: skip
def test_right_guards(answer: Any) -> None:
    assert hpt.check("3.4-e", answer)


def only(*kinds: type[BaseException], finite: Any = math.isfinite) -> Any:
    def guard(objective: Any, params: Any) -> Any:
        try:
            loss = objective(params)
        except kinds:
            return {"status": FAIL}
        return {"loss": loss, "status": OK} if finite(loss) else {"status": FAIL}

    return guard


def with_loss(change: Any) -> Any:
    """Return a guard that is right but for the form of its losses."""

    def guard(objective: Any, params: Any) -> Any:
        result = guarded(objective, params)
        return {**result, "loss": change(result["loss"])} if "loss" in result else result

    return guard


def made_up(objective: Any, params: Any) -> Any:
    result = guarded(objective, params)
    return result if result["status"] == OK else {"loss": 1e9, "status": OK}


def raising_anew(objective: Any, params: Any) -> Any:
    try:
        loss = objective(params)
    except Exception:
        raise RuntimeError("it failed") from None
    return {"loss": loss, "status": OK}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (only(Exception, finite=lambda loss: True), "such a number is no result either"),
        (only(ValueError), "You catch some kinds of error"),
        (only(RuntimeError, ValueError), "You catch some kinds of error"),
        (only(), "still ends the search: here it raised ValueError"),
        (
            only(Exception, finite=lambda loss: isinstance(loss, float) and math.isfinite(loss)),
            "comes to 100,000 (with x = 0)",
        ),
        (
            lambda o, p: {k: round(v, 2) if k == "loss" else v for k, v in guarded(o, p).items()},
            "'loss': 0.69} instead of",
        ),
        (
            lambda o, p: guarded(o, p) if "loss" in guarded(o, p) else {"status": FAIL},
            "You call the objective 2 times for one trial",
        ),
        (
            lambda o, p: {"status": FAIL} if math.isnan(o(p)) else {"loss": o(p), "status": OK},
            "not all that can go wrong",
        ),
        (made_up, "A made-up loss is a result for TPE"),
        (lambda o, p: {"loss": -(guarded(o, p).get("loss") or 0), "status": OK}, "you return"),
        (lambda o, p: guarded(o, p)["status"], "Expected a dict, got `'ok'`."),
        (lambda o, p: {"status": FAIL}, "Every trial fails, good ones too"),
        (lambda o, p: guarded(lambda q: {}[o(q)], p), "Every trial fails, good ones too"),
        (lambda o, p: guarded(o, {"x": 0.0}), "you call it with numbers of your own"),
        (lambda o, p: guarded(o, {"x": 1.0}), "With x = 0 the objective comes to 0.5, and you"),
        (lambda o, p: guarded(o, {"x": 1.0}), "you call it with numbers of your own"),
        (lambda o, p: guarded(o, {"x": p["x"] + 0.1}), "you call it with numbers of your own"),
        (with_loss(lambda loss: [loss]), '"loss": Expected one number, got `[0.5]`'),
        (with_loss(lambda loss: {"loss": loss}), '"loss": Expected one number, got `{'),
        (with_loss(lambda loss: f"{loss} nats"), "\"loss\": `'0.5 nats'` is text"),
        (only(Exception, finite=lambda loss: abs(loss) < 1e6), "comes to 1e+12 (with"),
        (lambda o, p: None, "returns `None`"),
        (raising_anew, "you return {'status': 'ok', 'loss': nan}"),
        (only(Exception, finite=lambda loss: loss == loss), "you return"),
        (lambda o, p: {**guarded(o, p), "status": "failed"}, "you return"),
        (
            lambda o, p: guarded(o, p) if "loss" in guarded(o, p) else {"status": "failed"},
            "you return {'status': 'failed'}. Say to hyperopt how it went",
        ),
        (lambda o, p: {"loss": o(p)}, "(with x = 0), you return {'loss': 0.5}. Say to"),
        (lambda o, p: {"loss": o(p), "status": "OK"}, 'beside the loss, or `"status": "fail"`'),
        (lambda o, p: {"loss": o(p), "status": True}, "Say to hyperopt how it went"),
        (lambda o, p: {"Status": FAIL}, "you return {'Status': 'fail'}. Say to"),
        (lambda o, p: guarded(o, p).get("loss", math.nan), "you return"),
        (
            lambda o, p: guarded(o, p).get("loss"),
            "`(objective, {'x': 0.0})`, your function returns",
        ),
        (lambda o, p: guarded(o, p) if "loss" in guarded(o, p) else {}, "you return"),
        (
            only(RuntimeError, ValueError, ArithmeticError, LookupError, OSError),
            "others too: here it raised DivergedError",
        ),
        (
            only(Exception, finite=lambda loss: abs(loss) < 1e4),
            "instead of {'status': 'ok', 'loss': 248432.0}",
        ),
        # An objective that forgets its `return` gives None.
        (only(Exception), "raised TypeError: must be real number, not NoneType"),
        (
            only(Exception, finite=lambda loss: loss == loss and loss not in (math.inf, -math.inf)),
            "its loss is None, and you return `{'loss': None, 'status': 'ok'}`",
        ),
    ],
)
def test_wrong_guards(answer: Any, words: str) -> None:
    verdict = hpt.check("3.4-e", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


# ---------------------------------------------------------------- 5-e: a program that trains badly


def reader(share: float, **parts: Any) -> Any:
    """Return a stand-in for a model that reads so many of the unseen digits."""
    _, labels = chapter_05.unseen_digits()
    n_right = round(share * len(labels))

    def predict(x: Any, verbose: Any = 1) -> Any:
        assert len(x) == len(labels)
        answers = np.where(np.arange(len(labels)) < n_right, labels, (labels + 1) % 10)
        return np.eye(10)[answers]

    return SimpleNamespace(predict=predict, **parts)


def test_a_network_with_other_layers_is_told_so() -> None:
    """However well it reads."""
    weights = [np.zeros((784, 512)), np.zeros(512), np.zeros((512, 10)), np.zeros(10)]
    verdict = hpt.check("5-e", reader(0.97, get_weights=lambda: weights))
    assert verdict.state == "wrong"
    assert "have 512, 10 units" in verdict.message


def test_a_network_that_sees_fewer_pixels_is_told_so() -> None:
    shapes = [(196, 128), (128,), (128, 64), (64,), (64, 10), (10,)]
    network = reader(0.97, get_weights=lambda: [np.zeros(shape) for shape in shapes])
    verdict = hpt.check("5-e", network)
    assert verdict.state == "wrong"
    assert "looks at 196 numbers" in verdict.message


def test_what_a_preparation_measured_is_no_layer() -> None:
    """A `Normalization` of the pictures holds their means and variances, which have two axes."""
    sizes = [np.zeros(shape) for shape in ((784, 128), (128,), (128, 64), (64,), (64, 10), (10,))]
    prepared = [np.zeros((28, 28)), np.zeros((28, 28)), np.zeros(()), *sizes]
    parts = {"get_weights": lambda: prepared, "trainable_weights": sizes}
    assert hpt.check("5-e", reader(0.97, **parts))
    # Layers that are not trained are layers.
    frozen = {"get_weights": lambda: sizes, "trainable_weights": sizes[-2:]}
    assert hpt.check("5-e", reader(0.97, **frozen))
    parts["trainable_weights"] = [np.zeros((784, 512)), np.zeros((512, 10))]
    assert "have 512, 10 units" in hpt.check("5-e", reader(0.97, **parts)).message


def test_more_digits_are_no_repair() -> None:
    for n_digits, state in ((5_000, "right"), (15_000, "wrong")):
        pictures, labels = np.zeros((n_digits, 28, 28), np.float32), np.zeros(n_digits)
        program = {"pictures": pictures, "labels": labels, "network": reader(0.97)}
        verdict = hpt.check("5-e", program)
        assert verdict.state == state
    assert "`pictures` holds 15,000 digits" in verdict.message


def test_models_that_read_well() -> None:
    tf = load_tensorflow()

    class Wrapped:
        def __init__(self, model: Any) -> None:
            self.model = model

        def predict(self, x: Any) -> Any:
            return tf.constant(self.model.predict(x, verbose=0))

    assert hpt.check("5-e", reader(0.9))
    assert hpt.check("5-e", reader(0.99))
    assert hpt.check("5-e", Wrapped(reader(0.95)))


@cache
def trained_run() -> Any:
    data = hpt.load_mnist().take(5_000, seed=0)
    return hpt.train(hpt.Hyperparameters(epochs=4, dropout_rate=0), data)


def trained_model(flat: bool, scale: float) -> Any:
    """Return a Keras model that reads well from rows or pictures, of pixels up to a scale."""
    tf = load_tensorflow()
    run = trained_run()
    shape = (784,) if flat else (28, 28)
    model = tf.keras.Sequential(
        [
            tf.keras.Input(shape),
            tf.keras.layers.Reshape((784,)),
            tf.keras.layers.Rescaling(1 / scale),
            *run.model.layers,
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize(("flat", "scale"), [(False, 1.0), (True, 1.0), (False, 255.0)])
def test_any_preparation_of_the_pixels_will_do(flat: bool, scale: float) -> None:
    assert hpt.check("5-e", trained_model(flat, scale))


def reads_only(expected: Any) -> Any:
    """Return a stand-in for a model that reads pixels of this preparation and guesses at others."""
    _, labels = chapter_05.unseen_digits()

    def predict(x: Any, verbose: Any = 1) -> Any:
        distance = np.abs(x.reshape(len(x), -1) - expected.reshape(len(x), -1)).mean()
        return np.eye(10)[labels if distance < 0.01 * expected.std() else (labels + 1) % 10]

    return SimpleNamespace(predict=predict)


@pytest.mark.parametrize(
    "prepare",
    [
        lambda x, few: (x - 0.1307) / 0.3081,
        lambda x, few: (x - few.mean()).reshape(-1, 784),
        lambda x, few: 255 * x / 127.5 - 1,
        lambda x, few: 1 - x,
        lambda x, few: 100 * x,
        lambda x, few: (x - few.mean(axis=0)) / np.maximum(few.std(axis=0), 0.1),
    ],
)
def test_unseen_digits_are_prepared_as_the_program_prepared_its_own(prepare: Any) -> None:
    few = chapter_05.digits_of_the_task()
    unseen, _ = chapter_05.unseen_digits()
    network = reads_only(prepare(unseen, few.pictures))
    given = prepare(few.pictures, few.pictures)
    assert hpt.check("5-e", program(pictures=given, network=network))
    # Nothing shows how other pictures were prepared.
    assert not hpt.check("5-e", program(pictures=given[::-1], network=network))


@pytest.mark.parametrize(
    "prepare", [lambda x: x, lambda x: 255 * x, lambda x: 1 - x, lambda x: x.reshape(-1, 784) - 0.5]
)
def test_digits_by_which_it_is_judged_are_not_to_train_on(prepare: Any) -> None:
    data = hpt.load_mnist()
    mixed = np.concatenate([data.x_train[:4_700], data.x_validation[1_900:2_200]])
    verdict = hpt.check("5-e", program(pictures=prepare(mixed), network=reader(0.96)))
    assert verdict.state == "wrong"
    assert "holds 100 of the 2,000 digits by which the network is judged" in verdict.message
    # A picture of no numbers hides none of them.
    spoilt = np.concatenate([mixed[1:], np.full_like(mixed[:1], np.nan)])
    verdict = hpt.check("5-e", program(pictures=prepare(spoilt), network=reader(0.96)))
    assert "holds 100 of the 2,000 digits" in verdict.message
    # Others of the training split are no better, and none of those.
    others = prepare(data.x_train[20_000:25_000])
    assert hpt.check("5-e", program(pictures=others, network=reader(0.96)))


def test_a_program_that_was_left_out_is_not_answered() -> None:
    assert hpt.check("5-e", ...).state == "not answered"
    assert hpt.check("5-e", {**program(), "network": ...}).state == "not answered"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (reader(0.5), "It reads 50.0% of 2,000 unseen digits; 90% is wanted"),
        (reader(0.89), "It reads 89.0%"),
        (reader(0.1), "It reads 10.0%"),
        (reader(0.0), "line by line"),
        (SimpleNamespace(predict=lambda x, verbose=0: np.zeros((len(x), 3))), "It reads 0.0%"),
        (SimpleNamespace(predict=3), "Expected the trained Keras model"),
        (SimpleNamespace(fit=print), "Expected the trained Keras model"),
        (hpt.Hyperparameters(), "Expected the trained Keras model"),
        (0.97, "Expected the trained Keras model"),
    ],
)
def test_models_that_read_badly(answer: Any, words: str) -> None:
    verdict = hpt.check("5-e", answer)
    assert verdict.state == "wrong"
    assert words in verdict.message


# What is left to repair is read from the program's parts, so that nothing has to be trained.


def program(
    hidden: Any = "relu",
    output: Any = None,
    loss: Any = None,
    rate: float = 0.1,
    losses: Any = (2.3, 2.3),
    layers: Any = (),
    **parts: Any,
) -> dict[str, Any]:
    """Return what a program hands over whose network has not learned anything."""
    few = chapter_05.digits_of_the_task()
    given = {"pictures": few.pictures, "labels": few.labels, **parts}
    if "network" not in parts:
        given["network"] = network_of(hidden, output, loss, rate, losses, layers)
    return given


def network_of(hidden: Any, output: Any, loss: Any, rate: float, losses: Any, layers: Any) -> Any:
    tf = load_tensorflow()
    dense = tf.keras.layers.Dense
    model = tf.keras.Sequential([tf.keras.Input((28, 28)), tf.keras.layers.Flatten(), *layers])
    for n_units in (128, 64):
        model.add(dense(n_units, None if hidden == "layer" else hidden))
        if hidden == "layer":
            model.add(tf.keras.layers.ReLU())
    model.add(dense(10, output))
    sums = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(tf.keras.optimizers.SGD(rate), loss or sums)
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    model.history = SimpleNamespace(history={"loss": list(losses)})
    # Keras's own is traced for each network anew, and takes longer than all the rest.
    model.predict = lambda x, verbose=1: model(x).numpy()
    return model


@pytest.fixture(scope="module")
def unlearned() -> Any:
    """Return the network of such a program; a judge only reads it."""
    return program()["network"]


def test_the_given_program_is_not_answered() -> None:
    bright = chapter_05.digits_of_the_task().pictures * 255
    given = program(hidden=None, output="relu", rate=1.0, pictures=bright)
    assert hpt.check("5-e", given).state == "not answered"
    assert hpt.check("5-e", given["network"]).state == "not answered"


@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "mse"])
def test_a_program_of_which_only_the_loss_was_changed_is_told_what_is_left(loss: str) -> None:
    bright = chapter_05.digits_of_the_task().pictures * 255
    given = program(hidden=None, output="relu", rate=1.0, loss=loss, pictures=bright)
    verdict = hpt.check("5-e", given)
    assert verdict.state == "wrong"
    assert "the brightest pixel of `pictures` is 255" in verdict.message


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        # Repaired in part: what is left is named, in the order in which a picture meets it.
        ({"hidden": None, "output": "relu", "rate": 1.0}, "no hidden layer has an activation"),
        ({"output": "relu"}, "the output layer has the activation relu, and the loss expects"),
        ({"output": "sigmoid"}, "the output layer has the activation sigmoid"),
        ({"loss": "sparse_categorical_crossentropy"}, "the loss expects probabilities, and"),
        ({"hidden": None}, "no hidden layer has an activation"),
        # All is in order but the rate: only what the epochs' losses say is said.
        ({}, "2.3, 2.3, does not fall"),
        ({"hidden": "layer"}, "2.3, 2.3, does not fall"),
        ({"output": "softmax"}, "does not fall"),
        ({"losses": [2.35, 2.31, 2.3]}, "2.35, 2.31, 2.3, does not fall"),
        ({"losses": [math.nan] * 3}, "nan, nan, nan, ends as no number"),
        ({"losses": [math.nan]}, "Try a smaller learning rate"),
        ({"losses": [0.826]}, "its training loss is 0.826, and 2.3 is guessing. One epoch is too"),
        ({"losses": [1.95]}, "One epoch is too few to tell more: train for more epochs"),
        ({"losses": [2.31]}, "one epoch is too few to tell whether it falls"),
        ({"losses": [0.8, 0.5, 0.5]}, "but does not fall any more: another learning rate, or more"),
        ({"losses": [2.3, 2.1, 1.9]}, "still falls: more epochs, or another learning rate"),
        # So do those of the given rate, 1, and a larger one would be no help.
        ({"losses": [2.2, 1.6, 0.9], "rate": 1.0}, "rate is still 1, as it was given"),
        ({"losses": []}, "Its optimizer has made no step yet"),
        # Of another loss it is not known what it wants.
        ({"loss": "mse", "output": "softmax"}, "line by line"),
    ],
)
def test_what_is_left_to_repair_is_named(parts: Any, words: str) -> None:
    verdict = hpt.check("5-e", program(**parts))
    assert verdict.state == "wrong"
    assert words in verdict.message


@pytest.mark.parametrize("loss", [0.826, 1.95, 2.31])
def test_a_single_epoch_is_no_sign_of_a_wrong_rate(loss: float) -> None:
    message = hpt.check("5-e", program(losses=[loss])).message
    assert "does not fall (" not in message
    assert ("learning rate" in message) == (loss > 2.3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda few: {"pictures": few.pictures * 255}, "the brightest pixel of `pictures` is 255"),
        (lambda few: {"pictures": few.pictures / 255}, "is 0.00392"),
        (lambda few: {"labels": (few.labels + 1) % 10}, "5,000 of the `labels` are not those"),
        (lambda few: {"labels": np.roll(few.labels, 1)}, "of the `labels` are not those"),
        # One-hot labels, centred pixels and rows are other ways, not faults.
        (lambda few: {"labels": np.eye(10)[few.labels]}, "does not fall"),
        (lambda few: {"pictures": few.pictures - 0.5}, "does not fall"),
        (lambda few: {"pictures": (few.pictures - 0.1307) / 0.3081}, "does not fall"),
        (lambda few: {"pictures": few.pictures.reshape(-1, 784)}, "does not fall"),
        (lambda few: {"pictures": "few.x_train"}, "does not fall"),
    ],
)
def test_what_fit_was_given_is_looked_at(unlearned: Any, change: Any, words: str) -> None:
    parts = change(chapter_05.digits_of_the_task())
    verdict = hpt.check("5-e", program(network=unlearned, **parts))
    assert verdict.state == "wrong"
    assert words in verdict.message


def test_pixels_that_the_network_scales_itself_are_no_fault() -> None:
    tf = load_tensorflow()
    bright = chapter_05.digits_of_the_task().pictures * 255
    scaled = program(layers=[tf.keras.layers.Rescaling(1 / 255)], pictures=bright)
    assert "does not fall" in hpt.check("5-e", scaled).message


def test_a_program_that_reads_well_is_right_in_both_forms() -> None:
    parts = program()
    assert hpt.check("5-e", {**parts, "network": reader(0.95)})
    assert hpt.check("5-e", reader(0.95))
    verdict = hpt.check("5-e", {"network": reader(0.95), "pictures": parts["pictures"]})
    assert verdict.state == "wrong"
    assert 'keys "pictures", "labels", "network"' in verdict.message


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_given_guard_is_not_answered_in_either_language(language: str) -> None:
    hpt.use_language(language)
    given = {"loss": 0.0, "status": OK}
    verdict = hpt.check("3.4-e", lambda o, p: {**given, "loss": o(p)})
    assert verdict.state == "not answered"
