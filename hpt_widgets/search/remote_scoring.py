"""Takes the folds that a cluster's workers have scored to the scorers of this process."""

from __future__ import annotations

import uuid
import weakref
from collections.abc import Hashable
from typing import Any, Protocol

from hpt_widgets.cluster.joblib_backend import batch_name, call_name
from hpt_widgets.cluster.parallel_block import ParallelBlock
from hpt_widgets.search.fold_place import FoldPlace
from hpt_widgets.search.scored_fold import ScoredFold, Scoring, scored_fold
from hpt_widgets.search.trial import plain_value


class FoldSink(Protocol):
    """Puts folds together, wherever they were scored: a `FoldScorer`."""

    def add_fold(self, fold: ScoredFold) -> None:
        """Add a fold."""

    def end_remote(self) -> None:
        """Give up waiting for folds from other processes."""


_subscriptions: weakref.WeakKeyDictionary[ParallelBlock, FoldSubscriptions] = (
    weakref.WeakKeyDictionary()
)


def subscriptions_in(block: ParallelBlock) -> FoldSubscriptions:
    """Return the subscriptions of this block; they end with it."""
    if block not in _subscriptions:
        _subscriptions[block] = FoldSubscriptions(block.client)
        block.on_exit(_subscriptions[block].close)
    return _subscriptions[block]


class FoldSubscriptions:
    """The topics on which workers send the folds that they have scored, one for each scorer."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._topics: dict[FoldSink, str] = {}

    def reduce_scorer(
        self, sink: FoldSink, scoring: Scoring | None, is_counted: bool
    ) -> tuple[Any, ...]:
        """Return what to send to the workers in place of a scorer, in the form of a pickle."""
        topic = self._topics.get(sink)
        if topic is None:
            topic = self._topics[sink] = f"folds-{uuid.uuid4().hex}"
            self._client.subscribe_topic(topic, FoldReceiver(sink))
        return RemoteScorer, (topic, scoring, is_counted)

    def close(self) -> None:
        """Stop listening."""
        for sink, topic in self._topics.items():
            self._client.unsubscribe_topic(topic)
            sink.end_remote()


class FoldReceiver:
    """Hands a scored fold on, once: a fit whose worker ended is made and scored again."""

    def __init__(self, sink: FoldSink) -> None:
        self._sink = sink
        self._known: set[Hashable] = set()

    def __call__(self, event: tuple[Any, Any]) -> None:
        """Take in what a worker sent: the task's name, and the fields of the fold."""
        _, (task, fields) = event
        place = fields["place"] and FoldPlace(call_name(task), *fields["place"])
        values = plain_value(fields["values"])
        fold = ScoredFold(**{**fields, "values": values, "place": place})
        mark = place or (batch_name(task), repr(values), fold.fold)
        if mark not in self._known:
            self._known.add(mark)
            self._sink.add_fold(fold)


class RemoteScorer:
    """Stands for a `FoldScorer` on a worker: scores there, and sends the fold home."""

    def __init__(self, topic: str, scoring: Scoring | None, is_counted: bool) -> None:
        self._topic = topic
        self._scoring = scoring
        self._is_counted = is_counted

    def __call__(self, estimator: Any, x: Any, y: Any = None) -> float:
        """Score one fold, as scikit-learn asks for it."""
        from distributed import get_worker

        score, fold = scored_fold(estimator, x, y, self._scoring, is_counted=self._is_counted)
        if fold is not None:
            worker = get_worker()
            worker.log_event(self._topic, (worker.get_current_task(), fold.plain()))
        return score

    def __reduce__(self) -> tuple[Any, ...]:
        return RemoteScorer, (self._topic, self._scoring, self._is_counted)
