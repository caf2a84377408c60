"""The state of the network lab, without a screen: points, network, training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, get_args

import numpy as np

from hpt_widgets.backprop.dense_network import (
    DENSE_ACTIVATIONS,
    DenseActivation,
    DenseNetwork,
    LossName,
)
from hpt_widgets.backprop.toy_points import CURVES, PLANES, ToyPoints, curve_points, plane_points
from hpt_widgets.descent.surfaces import FloatArray
from hpt_widgets.labs.kit.number_range import NumberRange
from hpt_widgets.language import translate
from hpt_widgets.support.argument_checks import (
    not_allowed,
    require_choice,
    require_items,
    require_whole_number,
)

Task = Literal["curve", "plane"]
TASKS: Final[tuple[Task, ...]] = get_args(Task)
DATA_OF_TASK: Final = {"curve": tuple(CURVES), "plane": tuple(PLANES)}
MOST_LAYERS: Final = 4
MOST_UNITS: Final = 8
# A loss beyond this is a divergence: what follows it are only overflows.
LARGEST_LOSS: Final = 1e6
MOST_POINTS: Final = 300
VALUES: Final = NumberRange(-100, 100)
"""What a weight or a bias may be set to."""
INPUTS: Final = NumberRange(-1, 1)
PLACES: Final = NumberRange(-2, 2)
"""Where a point may be added."""
RATES: Final = NumberRange(1e-4, 10)
NOISES: Final = NumberRange(0, 1)
CLASSES: Final = (0, 1)
NUMBERS: Final[dict[str, NumberRange]] = {
    "learning_rate": RATES,
    "noise": NOISES,
    "x1": INPUTS,
    "x2": INPUTS,
}


@dataclass(frozen=True)
class NetworkSettings:
    """All that a reader chooses, but for single weights and points.

    Attributes
    ----------
    task : {"curve", "plane"}
        One input and one output, or two inputs and two classes.
    data : str
        One of `DATA_OF_TASK`.
    noise : float
        Standard deviation of the points' noise.
    hidden_units : tuple of int
        In each hidden layer.
    activation : str
        Of the hidden units.
    learning_rate : float
    seed : int
        Of the points and of the first weights.
    x1, x2 : float
        The inputs whose way through the network is shown; x2 counts in the plane alone.
    added_class : {0, 1}
        Of the points that are added by a click in the plane.
    """

    task: Task = "curve"
    data: str = "sine"
    noise: float = 0.05
    hidden_units: tuple[int, ...] = (3,)
    activation: DenseActivation = "tanh"
    learning_rate: float = 0.3
    seed: int = 0
    x1: float = 0.5
    x2: float = -0.5
    added_class: int = 1

    @property
    def n_inputs(self) -> int:
        """One on a curve, two in the plane."""
        return 1 if self.task == "curve" else 2

    @property
    def probe(self) -> FloatArray:
        """The inputs whose way through the network is shown, of shape (1, n_inputs)."""
        return np.array([[self.x1, self.x2][: self.n_inputs]])

    @property
    def loss(self) -> LossName:
        """Squared error on a curve, cross-entropy in the plane."""
        return "squared_error" if self.task == "curve" else "cross_entropy"


SETTINGS: Final = tuple(NetworkSettings.__dataclass_fields__)
# These make other points; these other weights.
_POINTS: Final = ("task", "data", "noise", "seed")
_WEIGHTS: Final = ("task", "hidden_units", "seed")


@dataclass
class NetworkState:
    """Points, a network, and how its training went.

    Attributes
    ----------
    settings : NetworkSettings
    points : ToyPoints
        With those that the reader added.
    network : DenseNetwork
        As it is now.
    n_steps : int
        Of gradient descent, since the network began.
    losses : list of float
        Before the first step and after each one.
    """

    settings: NetworkSettings = field(default_factory=NetworkSettings)
    points: ToyPoints = field(init=False)
    network: DenseNetwork = field(init=False)
    losses: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self._make_points()
        self.restart()

    @property
    def n_steps(self) -> int:
        """Steps of gradient descent since the network began."""
        return len(self.losses) - 1

    @property
    def accuracy(self) -> float | None:
        """The share of points on the right side; None on a curve."""
        if self.settings.task == "curve":
            return None
        outputs = self.network.forward(self.points.inputs).outputs
        return float(((outputs > 0.5) == (self.points.targets > 0.5)).mean())

    @property
    def parameters(self) -> dict[str, float]:
        """Each weight and bias by its name: ``w1_12`` leads to layer 1, from unit 1 to unit 2."""
        found = {}
        layers = zip(self.network.weights, self.network.biases, strict=True)
        for layer, (kernel, bias) in enumerate(layers, start=1):
            for (before, unit), value in np.ndenumerate(kernel):
                found[f"w{layer}_{before + 1}{unit + 1}"] = float(value)
            for (unit,), value in np.ndenumerate(bias):
                found[f"b{layer}_{unit + 1}"] = float(value)
        return found

    def change(self, changes: Mapping[str, Any]) -> None:
        """Check all changes, then make them."""
        before = self.settings
        self.settings = changed_settings(before, changes)
        if any(getattr(before, name) != getattr(self.settings, name) for name in _POINTS):
            self._make_points()
        if any(getattr(before, name) != getattr(self.settings, name) for name in _WEIGHTS):
            self.restart()
        elif before.activation != self.settings.activation:
            self._use(replace(self.network, activation=self.settings.activation))
        else:
            self.losses[-1] = self._loss()

    def set_weight(self, name: str, value: float) -> None:
        """Give one weight or bias another value; the losses begin anew."""
        parameters = self.parameters
        require_choice("name", name, tuple(parameters))
        parameters[name] = float(VALUES.check(name, value))
        numbers = iter(parameters.values())
        weights, biases = [], []
        for kernel in self.network.weights:
            weights.append(np.array([next(numbers) for _ in range(kernel.size)]))
            weights[-1] = weights[-1].reshape(kernel.shape)
            biases.append(np.array([next(numbers) for _ in range(kernel.shape[1])]))
        self._use(replace(self.network, weights=weights, biases=biases))

    def add_point(self, x: float, y: float) -> None:
        """Add one: on the curve an input and its target, in the plane two inputs."""
        if len(self.points.inputs) >= MOST_POINTS:
            raise ValueError(translate("network_lab.most_points", most=MOST_POINTS))
        place = (float(PLACES.check("x", x)), float(PLACES.check("y", y)))
        if self.settings.task == "curve":
            self.points = self.points.with_point(place[:1], place[1])
        else:
            self.points = self.points.with_point(place, float(self.settings.added_class))
        self.losses[-1] = self._loss()

    def restart(self) -> None:
        """Begin with the first weights again."""
        settings = self.settings
        self._use(
            DenseNetwork.random(
                (settings.n_inputs, *settings.hidden_units, 1),
                settings.seed,
                activation=settings.activation,
                output_activation="identity" if settings.task == "curve" else "sigmoid",
            )
        )

    def train(self, steps: int) -> None:
        """Take steps of gradient descent; where the loss grows beyond all bounds, stop there."""
        points, settings = self.points, self.settings
        for _ in range(steps):
            try:
                with np.errstate(all="ignore"):
                    after = self.network.descent_step(
                        settings.learning_rate, points.inputs, points.targets, settings.loss
                    )
                    loss = after.loss(points.inputs, points.targets, settings.loss)
            except ValueError:  # a parameter has become too large
                loss = np.inf
            if not loss < LARGEST_LOSS:
                rate = f"{settings.learning_rate:g}"
                raise ValueError(
                    translate("network_lab.diverges", rate=rate, step=self.n_steps + 1)
                )
            self.network = after
            self.losses.append(loss)

    def _use(self, network: DenseNetwork) -> None:
        self.network = network
        self.losses = [self._loss()]

    def _loss(self) -> float:
        points = self.points
        return self.network.loss(points.inputs, points.targets, self.settings.loss)

    def _make_points(self) -> None:
        settings = self.settings
        make = curve_points if settings.task == "curve" else plane_points
        self.points = make(settings.data, noise=settings.noise, seed=settings.seed)


def changed_settings(settings: NetworkSettings, changes: Mapping[str, Any]) -> NetworkSettings:
    """Return checked settings; another task brings its own first data and layers."""
    for name, value in changes.items():
        if name not in SETTINGS:
            allowed = ", ".join(SETTINGS)
            message = "network_lab.unknown_setting"
            raise ValueError(translate(message, name=name, value=value, allowed=allowed))
    made = dict(changes)
    task = require_choice("task", made.get("task", settings.task), TASKS)
    if task != settings.task:
        units = (3,) if task == "curve" else (4, 2)
        made = {"data": DATA_OF_TASK[task][0], "hidden_units": units, **made}
    if "data" in made:
        require_choice("data", made["data"], DATA_OF_TASK[task])
    if "activation" in made:
        require_choice("activation", made["activation"], DENSE_ACTIVATIONS)
    if "hidden_units" in made:
        made["hidden_units"] = _checked_units(made["hidden_units"])
    if "seed" in made:
        made["seed"] = require_whole_number("seed", made["seed"], 0)
    if "added_class" in made:
        made["added_class"] = require_whole_number("added_class", made["added_class"], 0, 1)
    for name in NUMBERS.keys() & made.keys():
        made[name] = float(NUMBERS[name].check(name, made[name]))
    return replace(settings, **made)


def _checked_units(units: object) -> tuple[int, ...]:
    found = tuple(
        require_whole_number("hidden_units", count, 1, MOST_UNITS)
        for count in require_items("hidden_units", units)
    )
    if len(found) > MOST_LAYERS:
        key = "network_lab.most_layers"
        raise ValueError(not_allowed("hidden_units", units, key, most=MOST_LAYERS))
    return found
