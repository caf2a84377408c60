"""The gradient noise scale: how large a batch must be for its gradient to be more than noise.

McCandlish et al. (2018), arXiv 1812.06162, equation 2.9: the "simple" noise scale is the variance
of single samples' gradients, summed over all weights, over the square of the mean gradient. Much
smaller batches cost many steps, much larger ones spare few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import require, require_whole_number

if TYPE_CHECKING:
    from hpt_widgets.data.dataset import Dataset
    from hpt_widgets.training.run import Run

N_SAMPLES: Final = 2_000
FEWEST_SAMPLES: Final = 2
# So few that a lab's next training need not wait for them.
SAMPLES_AT_A_TIME: Final = 200


@dataclass(frozen=True)
class NoiseScale:
    """What the gradients of some samples came to, for the weights of a run.

    Attributes
    ----------
    variance : float
        Variance of single samples' gradients, summed over all weights (the trace of their
        covariance), estimated without bias.
    squared_gradient : float
        Square of the mean gradient's length, estimated without bias; it may come out below 0 where
        the samples are too few.
    n_samples : int
        How many samples were looked at.
    """

    variance: float
    squared_gradient: float
    n_samples: int

    @property
    def batch_size(self) -> float:
        """The simple noise scale, in samples; infinite where the mean gradient drowns in noise.

        It is nan where the gradients are no numbers.
        """
        if self.squared_gradient <= 0:
            return float("inf")
        return self.variance / self.squared_gradient


def gradient_noise_scale(
    run: Run, data: Dataset, n_samples: int = N_SAMPLES, seed: int = 0
) -> NoiseScale:
    """Measure the gradient noise of a run's weights, without dropout and weight decay.

    It takes one pass over the samples: the length of a single sample's gradient follows from what
    goes into a layer and what comes back to it (Goodfellow 2015, arXiv 1510.01799).

    Parameters
    ----------
    run : Run
        Whose weights, as they were at the end.
    data : Dataset
        Whose training samples, at least 2.
    n_samples : int, default 2000
        How many of them, drawn at random: at least 2, and at most all.
    seed : int, default 0
        Decides which.

    Returns
    -------
    NoiseScale

    Raises
    ------
    TypeError, ValueError
        If an argument is not allowed, or the data have another number of features or classes.
    """
    measurement = NoiseMeasurement(run, data, n_samples, seed)
    while (measured := measurement.advance()) is None:
        pass
    return measured


class NoiseMeasurement:
    """The same measurement, some samples at a time.

    Parameters
    ----------
    run, data, n_samples, seed
        As for `gradient_noise_scale`, which raises the same.
    """

    def __init__(self, run: Run, data: Dataset, n_samples: int = N_SAMPLES, seed: int = 0) -> None:
        _check_fit(run, data)
        total = len(data.y_train)
        if total < FEWEST_SAMPLES:
            raise ValueError(translate("training.one_sample", found=total))
        count = require_whole_number("n_samples", n_samples, least=FEWEST_SAMPLES)
        random = np.random.default_rng(require_whole_number("seed", seed, least=0))
        rows = np.sort(random.permutation(total)[:count])
        self._run = run
        # Only these become floats: of all of MNIST they would be 150 MB.
        self._x, self._y = data.splits["train"].rows(rows)
        self._n_done = 0
        self._squares = 0.0
        self._summed = [np.zeros(weight.shape) for weight in run.weights]

    def advance(self) -> NoiseScale | None:
        """Look at some samples more; return what all came to, or None while some are left."""
        part = slice(self._n_done, self._n_done + SAMPLES_AT_A_TIME)
        # A run may end with weights that are no numbers, and then the result is none.
        with np.errstate(over="ignore", invalid="ignore"):
            squares, summed = _squares_and_sum(self._run, self._x[part], self._y[part])
            self._squares += float(squares.sum())
            self._summed = [one + more for one, more in zip(self._summed, summed, strict=True)]
            self._n_done += len(squares)
            return self._result() if self._n_done == len(self._y) else None

    def _result(self) -> NoiseScale:
        n = self._n_done
        mean_square = float(sum(((each / n) ** 2).sum() for each in self._summed))
        variance = n / (n - 1) * (self._squares / n - mean_square)
        return NoiseScale(variance, mean_square - variance / n, n)


def _check_fit(run: Run, data: Dataset) -> None:
    from hpt_widgets.data.dataset import Dataset
    from hpt_widgets.training.run import Run

    require("run", run, Run)
    require("data", data, Dataset)
    sizes = (run.n_features, run.n_classes), (data.n_features, data.n_classes)
    if sizes[0] != sizes[1]:
        (features, classes), (found_features, found_classes) = sizes
        raise ValueError(
            translate(
                "training.other_sizes",
                features=features,
                classes=classes,
                found_features=found_features,
                found_classes=found_classes,
            )
        )


def _squares_and_sum(run: Run, x: Any, y: Any) -> tuple[Any, list[Any]]:
    """Return each sample's squared gradient length, and the sum of the samples' gradients."""
    from hpt_widgets.support.tensorflow_loader import load_tensorflow

    tf = load_tensorflow()
    activation = getattr(tf.nn, run.hyperparameters.activation)
    signal = tf.constant(np.asarray(x, np.float32).reshape(len(x), -1))
    weights = [tf.constant(weight) for weight in run.weights]
    # What is added to the sums of each layer is nothing; its gradient is what comes back to them.
    nothing = [tf.zeros((len(x), bias.shape[0])) for bias in weights[1::2]]
    inputs = []
    with tf.GradientTape() as tape:
        tape.watch([*weights, *nothing])
        layers = list(zip(weights[::2], weights[1::2], nothing, strict=True))
        for place, (kernel, bias, added) in enumerate(layers):
            inputs.append(signal)
            sums = signal @ kernel + bias + added
            signal = activation(sums) if place < len(layers) - 1 else sums
        labels = tf.constant(np.asarray(y, np.int32))
        loss = tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, signal))
    gradients = tape.gradient(loss, [*weights, *nothing])
    summed, back = gradients[: len(weights)], gradients[len(weights) :]
    squares = np.zeros(len(x))
    for entered, returned in zip(inputs, back, strict=True):
        # A kernel's gradient is the product of the two; a bias's the second alone.
        squares += _squares(returned) * (_squares(entered) + 1)
    return squares, [np.asarray(each, np.float64) for each in summed]


def _squares(rows: Any) -> Any:
    """Return the squared length of each row."""
    return (np.asarray(rows, np.float64) ** 2).sum(axis=1)
