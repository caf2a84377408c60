"""One step of TPE in one dimension, with hyperopt's own parts and its own random numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from hpt_widgets.search.bayes.objectives import FloatArray

N_CANDIDATES: Final = 24
"""How many places hyperopt draws from l(x), to take the one where l(x) / g(x) is largest."""


@dataclass(frozen=True)
class ParzenView:
    """What TPE has made of the trials.

    Attributes
    ----------
    places : ndarray, shape (n,)
        Where.
    good, rest : ndarray, shape (n,)
        The densities l(x) of the good trials and g(x) of all others.
    is_good : ndarray of bool, shape (n_trials,)
        Which trials are the good ones.
    """

    places: FloatArray
    good: FloatArray
    rest: FloatArray
    is_good: Any

    @property
    def ratio(self) -> FloatArray:
        """l(x) / g(x)."""
        return self.good / self.rest


def parzen_view(asked: ArrayLike, values: ArrayLike, places: ArrayLike) -> ParzenView:
    """Return TPE's two densities at some places.

    Parameters
    ----------
    asked, values : array-like, shape (n_trials,)
        The trials' places within [0, 1], oldest first, and what the objective answered there.
    places : array-like, shape (n,)
        Where to compute the densities.
    """
    where = np.asarray(places, float)
    good, rest, is_good = _mixtures(np.asarray(asked, float), np.asarray(values, float))
    return ParzenView(where, np.exp(_log(where, good)), np.exp(_log(where, rest)), is_good)


def parzen_proposal(asked: ArrayLike, values: ArrayLike, seed: int, n_startup_jobs: int) -> float:
    """Return where hyperopt's ``tpe.suggest`` would ask next, with this seed.

    As long as there are fewer trials than `n_startup_jobs`, it is a random place.
    """
    from hyperopt import tpe

    places = np.asarray(asked, float)
    rng = np.random.default_rng(seed)
    if len(places) < n_startup_jobs:
        return float(rng.uniform(0.0, 1.0))
    good, rest, _ = _mixtures(places, np.asarray(values, float))
    drawn = tpe.GMM1(*good, low=0.0, high=1.0, rng=rng, size=(N_CANDIDATES,))
    return float(drawn[np.argmax(_log(drawn, good) - _log(drawn, rest))])


def _mixtures(asked: FloatArray, values: FloatArray) -> tuple[Any, Any, Any]:
    """Split the trials as hyperopt does, and lay a mixture of normals through each group."""
    from hyperopt import tpe

    order = np.arange(len(asked))
    chosen, others = tpe.ap_split_trials(order, order, order, -values, tpe._default_gamma)
    is_good = np.isin(order, chosen)
    # The prior is as broad as the space, and counts as one trial more.
    mixtures = [
        tpe.adaptive_parzen_normal(asked[group.astype(int)], tpe._default_prior_weight, 0.5, 1.0)
        for group in (chosen, others)
    ]
    return mixtures[0], mixtures[1], is_good


def _log(places: FloatArray, mixture: Any) -> FloatArray:
    from hyperopt import tpe

    return np.asarray(tpe.GMM1_lpdf(places, *mixture, low=0.0, high=1.0), float)
