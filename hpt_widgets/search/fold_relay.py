"""Takes the folds that a cluster's workers have scored to the scorers of this process."""

from __future__ import annotations

import uuid
import weakref
from collections.abc import Callable
from typing import Any, Protocol

from hpt_widgets.cluster.joblib_backend import batch_name
from hpt_widgets.cluster.parallel_block import ParallelBlock
from hpt_widgets.search.scored_fold import ScoredFold, scored_fold
from hpt_widgets.search.trial import plain_value

Scoring = Callable[[Any, Any, Any], float]


class FoldSink(Protocol):
    """Puts folds together, wherever they were scored: a `FoldScorer`."""

    def take(self, fold: ScoredFold) -> None:
        """Add a fold."""


_relays: weakref.WeakKeyDictionary[ParallelBlock, FoldRelay] = weakref.WeakKeyDictionary()


def relay_for(block: ParallelBlock) -> FoldRelay:
    """Return the relay of this block; it is closed when the block ends."""
    if block not in _relays:
        _relays[block] = FoldRelay(block.client)
        block.on_exit(_relays[block].close)
    return _relays[block]


class FoldRelay:
    """Takes the folds that workers have scored to the scorers of this process."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._topics: dict[FoldSink, str] = {}

    def stand_in(self, sink: FoldSink, scoring: Scoring | None) -> tuple[Any, ...]:
        """Return what to send to the workers in place of a scorer, in the form of a pickle."""
        topic = self._topics.get(sink)
        if topic is None:
            topic = self._topics[sink] = f"folds-{uuid.uuid4().hex}"
            self._client.subscribe_topic(topic, _Receiver(sink))
        return RemoteScorer, (topic, scoring)

    def close(self) -> None:
        """Stop listening."""
        for topic in self._topics.values():
            self._client.unsubscribe_topic(topic)


class _Receiver:
    """Hands a scored fold on, once: a fit whose worker ended is made and scored again."""

    def __init__(self, sink: FoldSink) -> None:
        self._sink = sink
        self._known: set[str] = set()

    def __call__(self, event: tuple[Any, Any]) -> None:
        _, (task, fields) = event
        fold = ScoredFold(**{**fields, "values": plain_value(fields["values"])})
        mark = repr((batch_name(task), fold.values, fold.fold))
        if mark not in self._known:
            self._known.add(mark)
            self._sink.take(fold)


class RemoteScorer:
    """Stands for a `FoldScorer` on a worker: scores there, and sends the fold home."""

    def __init__(self, topic: str, scoring: Scoring | None) -> None:
        self._topic = topic
        self._scoring = scoring
        self._seen: weakref.WeakSet[Any] = weakref.WeakSet()

    def __call__(self, estimator: Any, x: Any, y: Any = None) -> float:
        """Score one fold, as scikit-learn asks for it."""
        from distributed import get_worker

        fold = scored_fold(estimator, x, y, self._scoring)
        # For the second time: that is the training score.
        if estimator not in self._seen:
            self._seen.add(estimator)
            worker = get_worker()
            worker.log_event(self._topic, (worker.get_current_task(), fold.plain()))
        return fold.score

    def __reduce__(self) -> tuple[Any, ...]:
        return RemoteScorer, (self._topic, self._scoring)
