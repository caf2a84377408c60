"""How much each hyperparameter of a search mattered, by permutation on a random forest.

A forest learns to predict a trial's accuracy from its hyperparameters. Then the values of one
hyperparameter are shuffled among trials that the forest has not seen: the more its predictions
suffer, the more they had relied on it (Breiman 2001; scikit-learn's `permutation_importance`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hpt_widgets.search.space import Choice, Dimension, LogUniform, SearchSpace
from hpt_widgets.search.training_length import epochs_dimension
from hpt_widgets.search.trial import Trial

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_TRIALS: Final = 15
"""With fewer trials a fold would be left with two or less."""
N_FOLDS: Final = 5
N_TREES: Final = 100
N_REPEATS: Final = 10


@dataclass(frozen=True)
class Importance:
    """How much worse the forest predicts without a hyperparameter.

    Attributes
    ----------
    name : str
        The hyperparameter.
    mean : float
        By how much the root mean squared error of the predicted accuracies grows when its values
        are shuffled, as a share (0.01 is one percentage point); around 0 if it did not matter.
    deviation : float
        Standard deviation over the folds.
    """

    name: str
    mean: float
    deviation: float


@dataclass(frozen=True)
class Importances:
    """The importance of each hyperparameter of a search.

    Attributes
    ----------
    of : tuple of Importance
        The most important first.
    error : float
        The forest's root mean squared error on trials that it has not seen, as a share.
    spread : float
        That of whoever always predicts the mean accuracy.
    n_trials : int
        How many trials it was learned from.
    has_epochs : bool
        Whether the trials had different numbers of epochs, and `of` has an entry for them.
    """

    of: tuple[Importance, ...]
    error: float
    spread: float
    n_trials: int
    has_epochs: bool = False

    @property
    def is_meaningful(self) -> bool:
        """Whether the forest predicts better than the mean does; else its reasons say nothing."""
        return self.error < self.spread


def hyperparameter_importance(
    space: SearchSpace, trials: Sequence[Trial], seed: int = 0
) -> Importances | None:
    """Estimate how much each hyperparameter mattered in a search.

    Where the trials were trained for different numbers of epochs, as in successive halving, the
    forest is told the epochs as well, and their importance is beside the others: else it would
    put down to the hyperparameters what the longer training did.

    Parameters
    ----------
    space : SearchSpace
        What was searched. Logarithms stand for what was drawn on a logarithmic scale, places in
        the list for options.
    trials : sequence of Trial
        Those without an accuracy, or without a place in the space, are left out.
    seed : int, default 0
        Of the folds, the forests and the shuffling.

    Returns
    -------
    Importances or None
        None where fewer than 15 trials can be used.
    """
    epochs = epochs_dimension(space.names, trials)
    if epochs is not None:
        space = SearchSpace((*space, epochs))
    used = [t for t in trials if t.usable and space.can_place(t.hyperparameters)]
    if len(used) < LEAST_TRIALS:
        return None
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.inspection import permutation_importance
    from sklearn.model_selection import KFold

    features = feature_matrix(space, used)
    scores = np.array([trial.validation_accuracy for trial in used], np.float64)
    losses, errors, spreads = [], [], []
    for seen, unseen in KFold(N_FOLDS, shuffle=True, random_state=seed).split(features):
        forest = RandomForestRegressor(N_TREES, random_state=seed)
        forest.fit(features[seen], scores[seen])
        shuffled = permutation_importance(
            forest,
            features[unseen],
            scores[unseen],
            scoring=_score,
            n_repeats=N_REPEATS,
            random_state=seed,
        )
        losses.append(shuffled.importances_mean)
        errors.append(-_score(forest, features[unseen], scores[unseen]))
        spreads.append(_rms(scores[seen].mean() - scores[unseen]))
    means, deviations = np.mean(losses, axis=0), np.std(losses, axis=0, ddof=1)
    found = [
        Importance(name, float(mean), float(deviation))
        for name, mean, deviation in zip(space.names, means, deviations, strict=True)
    ]
    found.sort(key=lambda importance: -importance.mean)
    error, spread = float(np.mean(errors)), float(np.mean(spreads))
    return Importances(tuple(found), error, spread, len(used), epochs is not None)


def feature_matrix(space: SearchSpace, trials: Sequence[Trial]) -> NDArray[np.float64]:
    """Return the hyperparameters of trials as numbers.

    Parameters
    ----------
    space : SearchSpace
        Whose columns they are.
    trials : sequence of Trial
        All of them have a place in the space.

    Returns
    -------
    ndarray of float, shape (n_trials, n_hyperparameters)
    """
    rows = [[_number(d, trial.hyperparameters[d.name]) for d in space] for trial in trials]
    return np.array(rows, np.float64)


def _number(dimension: Dimension, value: Any) -> float:
    if isinstance(dimension, Choice):
        return float(dimension.to_hyperopt(value))
    return math.log(value) if isinstance(dimension, LogUniform) else float(value)


def _score(forest: Any, features: NDArray[np.float64], scores: NDArray[np.float64]) -> float:
    """Return scikit-learn's ``neg_root_mean_squared_error`` of a forest, to the bit."""
    return -_rms(_predicted(forest, features) - scores)


def _predicted(forest: Any, features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what `forest.predict` returns, to the bit.

    It gets ready for several processors each time, which takes far longer than the trees do.
    """
    rows = features.astype(np.float32)
    total = np.zeros(len(rows))
    for tree in forest.estimators_:
        total += tree.tree_.predict(rows)[:, 0]
    return total / len(forest.estimators_)


def _rms(errors: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(errors**2)))
