"""What a Keras program that trained badly shows of its faults: pixels, labels, layers, loss."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpt_widgets.exercises.answers import as_array, show_number
from hpt_widgets.exercises.exercise import Wrong
from hpt_widgets.language import Text

BRIGHTEST = 3.0
"""Pixels from 0 to 1 need no more room than this; standardised ones reach 2.8."""

DARKEST = 0.1
"""Where the brightest pixel is darker, all pictures look black to the network."""

# Between two weighted sums these leave a straight line straight, as no activation does.
_STRAIGHT = frozenset(
    {
        "BatchNormalization", "Dropout", "Flatten", "GaussianNoise", "InputLayer",
        "LayerNormalization", "Rescaling", "Reshape",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Program:
    """What a training program has made, and what its training was given.

    Attributes
    ----------
    network : object
        The trained Keras model.
    pictures, labels : object, optional
        What ``fit`` was given.
    """

    network: Any
    pictures: Any = None
    labels: Any = None


@dataclass(frozen=True)
class Digits:
    """The pictures and labels on which a program should have trained its network."""

    pictures: NDArray[np.float32]
    labels: NDArray[np.int64]


def faults_of(program: Program, digits: Digits) -> list[Wrong]:
    """Return the faults that can be seen, in the order in which a picture meets them.

    What cannot be read is no fault: a reader may have built the network in another way.
    """
    tests = (_fault_of_pixels, _fault_of_labels, _fault_of_hidden_layers, _fault_of_output)
    found = []
    for test in tests:
        try:
            fault = test(program, digits)
        except Exception:  # noqa: S112 - whatever is not as Keras has it cannot be judged
            continue
        if fault is not None:
            found.append(fault)
    return found


# ---------------------------------------------------------------- what `fit` was given


def _fault_of_pixels(program: Program, _digits: Digits) -> Wrong | None:
    if program.pictures is None:
        return None
    brightest = float(np.max(np.abs(np.asarray(program.pictures, float))))
    if any(type(layer).__name__ in ("Rescaling", "Normalization") for layer in _layers(program)):
        return None
    if not DARKEST <= brightest <= BRIGHTEST:
        return Wrong(
            Text(
                en="the brightest pixel of `pictures` is {brightest}, and `load_mnist` gives "
                "pixels from 0 to 1.",
                zh="`pictures` 里最亮的像素是 {brightest}，而 `load_mnist` 给出的像素是 0 到 1。",
            ),
            brightest=show_number(float(f"{brightest:.3g}")),
        )
    return None


def _fault_of_labels(program: Program, digits: Digits) -> Wrong | None:
    pictures = np.asarray(program.pictures, float).reshape(len(digits.pictures), -1)
    labels = as_array(program.labels)
    if labels.ndim == 2 and labels.shape[1] == 10:
        labels = labels.argmax(axis=1)
    labels = labels.ravel()
    given = digits.pictures.reshape(len(pictures), -1)
    scaled = pictures / max(pictures.max(), 1e-9)
    if not np.allclose(scaled, given / given.max(), atol=1e-3):
        return None
    n_others = int((labels != digits.labels).sum())
    if n_others:
        return Wrong(
            Text(
                en="{n:,} of the `labels` are not those of their pictures.",
                zh="`labels` 里有 {n:,} 个不是对应图片的标签。",
            ),
            n=n_others,
        )
    return None


# ---------------------------------------------------------------- the network


def _layers(program: Program) -> list[Any]:
    return list(getattr(program.network, "layers", ()))


def _is_dense(layer: Any) -> bool:
    return any(len(weight.shape) == 2 for weight in layer.weights)


def _stages(program: Program) -> list[list[Any]]:
    """Return each weighted sum with the layers up to the next one."""
    stages: list[list[Any]] = []
    for layer in _layers(program):
        if _is_dense(layer):
            stages.append([layer])
        elif stages:
            stages[-1].append(layer)
    return stages


def _activations(stage: Sequence[Any]) -> Iterator[str]:
    """Return the names of all that bends the values after a weighted sum."""
    for layer in stage:
        activation = getattr(getattr(layer, "activation", None), "__name__", None)
        if activation is None and type(layer).__name__ not in _STRAIGHT and not _is_dense(layer):
            activation = type(layer).__name__.lower()
        if activation not in (None, "linear"):
            yield str(activation)


def _fault_of_hidden_layers(program: Program, _digits: Digits) -> Wrong | None:
    *hidden, _last = _stages(program)
    if hidden and not any(name for stage in hidden for name in _activations(stage)):
        return Wrong(
            Text(
                en="no hidden layer has an activation, so that all layers together are one "
                "weighted sum.",
                zh="隐藏层都没有激活函数，于是所有层合起来只是一次加权求和。",
            )
        )
    return None


def loss_of(network: Any) -> tuple[str, bool]:
    """Return the name of a network's loss, and whether it expects sums, not probabilities."""
    loss = network.loss
    config = loss.get_config() if hasattr(loss, "get_config") else {}
    return str(config.get("name", loss)), bool(config.get("from_logits", False))


def has_cross_entropy(network: Any) -> bool:
    """Whether a network was trained by the loss whose demands on the output are known here."""
    try:
        return "crossentropy" in loss_of(network)[0]
    except Exception:
        return False


def _fault_of_output(program: Program, _digits: Digits) -> Wrong | None:
    output = next(_activations(_stages(program)[-1]), "")
    name, expects_sums = loss_of(program.network)
    # Keras looks behind a softmax and takes the sums there.
    if expects_sums and output not in ("", "softmax"):
        return Wrong(
            Text(
                en="the output layer has the activation {output}, and the loss expects plain "
                "sums (`from_logits=True`).",
                zh="输出层有激活函数 {output}，而损失函数要的是加权和（`from_logits=True`）。",
            ),
            output=output,
        )
    if "crossentropy" in name and not expects_sums and output not in ("softmax", "sigmoid"):
        return Wrong(
            Text(
                en="the loss expects probabilities, and the output layer has {output}.",
                zh="损失函数要的是概率，而输出层的激活函数是 {output}。",
            ),
            output=output or "none",
        )
    return None


# ---------------------------------------------------------------- how the training went


def rate_of(network: Any) -> float | None:
    """Return the learning rate that a network was trained with; None where it cannot be read."""
    try:
        return float(network.optimizer.learning_rate)
    except Exception:
        return None


def was_trained(network: Any) -> bool:
    """Whether a network's optimiser has made a step, as far as it counts them."""
    try:
        return int(network.optimizer.iterations) > 0
    except Exception:
        return True


def losses_of(network: Any) -> list[float]:
    """Return the training loss of each epoch, as Keras has kept it; empty where it has not."""
    try:
        return [float(loss) for loss in network.history.history["loss"]]
    except Exception:
        return []


def still_falls(losses: Sequence[float]) -> bool:
    """Whether a training had not come to rest at its end."""
    return len(losses) > 1 and math.isfinite(losses[-1]) and losses[-1] < 0.97 * losses[-2]
