"""The training loop as a scikit-learn classifier.

A Keras model is no scikit-learn estimator: its hyperparameters live in an
optimiser, in ``fit`` and in layers. Here they are plain constructor arguments, so
`GridSearchCV`, `RandomizedSearchCV`, pipelines and all other tools can set them.
"""

from __future__ import annotations

import contextlib
import math
import time
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from hpt_widgets.support.array_checks import checked_array
from hpt_widgets.training.hyperparameters import Hyperparameters
from hpt_widgets.training.program_pool import predict_proba

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hpt_widgets.training.run import Run


class KerasMLPClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A multi-layer perceptron, trained as Keras trains it, for scikit-learn's tools.

    The constructor stores what it is given; `fit` validates it.

    Parameters
    ----------
    learning_rate : float, default 1e-3
        Step size of the optimiser.
    batch_size : int, default 32
        Samples for each update. A batch larger than the data is clipped to it.
    dropout_rate : float, default 0.2
        Share of the units dropped behind each hidden layer while training, in [0, 1).
    hidden_units : tuple of int, default (128, 64)
        Units of each hidden layer.
    activation : {"relu", "tanh", "sigmoid", "elu", "gelu"}, default "relu"
        Activation of the hidden layers.
    optimizer : {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"}, default "adam"
        As the Keras optimisers of these names.
    weight_decay : float, default 0.0
        Decoupled weight decay.
    epochs : int, default 1
        Passes over the training data.
    seed : int, default 0
        Decides the initial weights, the order of the samples and the dropped units.
    momentum : float, default 0.9
        The β of "momentum" and "nesterov", and Adam's β₁.
    epsilon : float, default 1e-7
        What "adagrad", "rmsprop" and "adam" add to the denominator.
    schedule : {"constant", "step", "cosine", "1cycle"}, default "constant"
        How the learning rate goes on through the training.
    warm_up : float, default 0.0
        Share of the steps in which the rate first rises from 0.
    initial_scale : float, default 1.0
        Factor on the standard deviation of the initial weights.
    parametrization : {"standard", "mup"}, default "standard"
        Whether the layers' rates and initial weights follow the width.
    base_width : int, default 128
        Units of the first hidden layer with which "mup" is the same as "standard".

    Attributes
    ----------
    classes_ : ndarray, shape (n_classes,)
        The labels, sorted.
    n_features_in_ : int
        Numbers that one sample consists of; 784 for images of 28 by 28.
    feature_names_in_ : ndarray of str
        The columns, where `fit` was given a DataFrame.
    weights_ : list of ndarray of float32
        Kernel and bias of each layer, in Keras's order.
    history_ : DataFrame
        How the training loss went; see `hpt_widgets.training.run.HistoryPoint`.
    n_iter_ : int
        Epochs trained; one that was begun counts.
    ended_ : {"finished", "diverged"}
        How the training ended. A diverged one also gives a `ConvergenceWarning`, and
        its probabilities may be nan.
    fit_seconds_ : float
        What `fit` took.

    See Also
    --------
    hpt_widgets.Hyperparameters : what the values may be.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[0.0], [0.1], [0.9], [1.0]])
    >>> model = KerasMLPClassifier(learning_rate=0.05, epochs=50, dropout_rate=0.0)
    >>> model.fit(x, ["low", "low", "high", "high"]).predict([[0.0], [1.0]])
    array(['low', 'high'], dtype='<U4')
    """

    _model: Any

    def __init__(
        self,
        learning_rate: float = 1e-3,
        batch_size: int = 32,
        dropout_rate: float = 0.2,
        hidden_units: tuple[int, ...] = (128, 64),
        activation: str = "relu",
        optimizer: str = "adam",
        weight_decay: float = 0.0,
        epochs: int = 1,
        seed: int = 0,
        momentum: float = 0.9,
        epsilon: float = 1e-7,
        schedule: str = "constant",
        warm_up: float = 0.0,
        initial_scale: float = 1.0,
        parametrization: str = "standard",
        base_width: int = 128,
    ) -> None:
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.dropout_rate = dropout_rate
        self.hidden_units = hidden_units
        self.activation = activation
        self.optimizer = optimizer
        self.weight_decay = weight_decay
        self.epochs = epochs
        self.seed = seed
        self.momentum = momentum
        self.epsilon = epsilon
        self.schedule = schedule
        self.warm_up = warm_up
        self.initial_scale = initial_scale
        self.parametrization = parametrization
        self.base_width = base_width

    def fit(self, X: Any, y: Any) -> KerasMLPClassifier:  # noqa: N803
        """Train a new network.

        Parameters
        ----------
        X : array_like or DataFrame, shape (n_samples, ...)
            Finite numbers; images are flattened.
        y : array_like, shape (n_samples,)
            Labels of any kind.

        Returns
        -------
        KerasMLPClassifier
            Itself.

        Raises
        ------
        TypeError, ValueError
            If a hyperparameter, `X` or `y` is not allowed; the message names it, and the
            network that was trained before is still there.
        """
        started = time.perf_counter()
        hyperparameters = Hyperparameters(**self.get_params(deep=False))
        with _as_it_was_after_an_error(self):
            with _naming("X, y"):
                samples, targets = _flattened(X), _readable("y", y)
                features, labels = validate_data(self, samples, targets, dtype=np.float32)
                check_classification_targets(labels)
            classes, indices = np.unique(labels, return_inverse=True)
            run = _train(hyperparameters, features, indices, len(classes))
        self.classes_ = classes
        self._hyperparameters = hyperparameters
        self._model = None
        self.weights_ = run.weights
        self.history_ = run.history.drop(columns=["validation_loss", "validation_accuracy"])
        self.n_iter_ = math.ceil(run.samples_seen / len(features))
        self.ended_ = run.ended
        self.fit_seconds_ = time.perf_counter() - started
        if run.ended == "diverged":
            warnings.warn(run.reason, ConvergenceWarning, stacklevel=2)
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float32]:  # noqa: N803
        """Return the probability of each class.

        Parameters
        ----------
        X : array_like or DataFrame, shape (n_samples, ...)
            As for `fit`.

        Returns
        -------
        ndarray of float32, shape (n_samples, n_classes)
            In the order of `classes_`.
        """
        check_is_fitted(self)
        with _naming("X"):
            features = validate_data(self, _flattened(X), dtype=np.float32, reset=False)
        return predict_proba(self._hyperparameters, self.weights_, features)

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """Return the most probable label of each sample.

        Parameters
        ----------
        X : array_like or DataFrame, shape (n_samples, ...)
            As for `fit`.

        Returns
        -------
        ndarray, shape (n_samples,)
            Labels, as `fit` was given them.
        """
        probabilities = self.predict_proba(X)
        labels: NDArray[Any] = self.classes_[np.argmax(probabilities, axis=1)]
        return labels

    @property
    def model_(self) -> Any:
        """The trained network as a plain Keras model, built when it is first asked for."""
        check_is_fitted(self)
        if self._model is None:
            from hpt_widgets.training.network import build_model

            sizes = self.n_features_in_, len(self.classes_)
            model = build_model(self._hyperparameters, *sizes)
            model.set_weights(self.weights_)
            self._model = model
        return self._model

    def __getstate__(self) -> dict[str, Any]:
        # The Keras model is made again from the weights where it is needed.
        return {**super().__getstate__(), "_model": None}


@contextlib.contextmanager
def _as_it_was_after_an_error(estimator: KerasMLPClassifier) -> Iterator[None]:
    """Give an estimator its attributes back, of which scikit-learn's checks set some at once."""
    before = dict(estimator.__dict__)
    try:
        yield
    except BaseException:
        estimator.__dict__.clear()
        estimator.__dict__.update(before)
        raise


@contextlib.contextmanager
def _naming(arrays: str) -> Iterator[None]:
    """Put the name of the arrays before what scikit-learn and NumPy say of them."""
    try:
        with np.errstate(over="ignore"):  # what float32 can't hold is refused as infinite
            yield
    except TypeError as error:
        raise TypeError(f"{arrays}: {error}") from error
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{arrays}: {error}") from error


def _flattened(samples: Any) -> Any:
    """Make rows of images; everything else is left to scikit-learn's own checks."""
    samples = checked_array("X", samples) if isinstance(samples, list | tuple) else samples
    samples = _readable("X", samples)
    shape = getattr(samples, "shape", None)
    if shape is None or len(shape) < 3 or 0 in shape:
        return samples
    return checked_array("X", samples).reshape(shape[0], -1)


def _readable(name: str, values: Any) -> Any:
    """Read what makes an array of itself; tables and sparse arrays are scikit-learn's to read."""
    if hasattr(values, "__array__") and not hasattr(values, "iloc") and not issparse(values):
        return checked_array(name, values)
    return values


def _train(
    hyperparameters: Hyperparameters,
    features: NDArray[np.float32],
    labels: NDArray[np.intp],
    n_classes: int,
) -> Run:
    from hpt_widgets.data.dataset import Split
    from hpt_widgets.training.samples import TrainingSamples
    from hpt_widgets.training.session import TrainingSession
    from hpt_widgets.training.trainer import train_to_end

    split = Split(features, labels.astype(np.int64))
    samples = TrainingSamples.from_split(split, n_classes)
    return train_to_end(TrainingSession(samples, hyperparameters))
