"""The third rule of the house: whatever a slider or a button does, a method does too.

Everything on a lab's screen that a reader can move, type in, choose or press is in one of the
tables here, by the key of its label: `SETTINGS` says which call moves it, `BUTTONS` which
method it calls. What is in none of them fails the first test.
"""

import re

import ipywidgets as widgets
import pytest
from lab_kinds import MAKE
from patience import SECONDS

import hpt_widgets as hpt
from hpt_widgets.backprop.passes import PARAMETER_NAMES
from hpt_widgets.backprop.steps import symbol
from hpt_widgets.descent.walk import OPTIMIZERS
from hpt_widgets.labs.descent.controls import optimizer_label
from hpt_widgets.labs.kit.lab import widgets_within
from hpt_widgets.labs.kit.late_field import LateField
from hpt_widgets.language import translate
from hpt_widgets.search.bank.replay import STRATEGIES

# What a reader only looks at.
PASSIVE = (widgets.HTML, widgets.HTMLMath, widgets.Label, widgets.Image, widgets.FloatProgress)
# What only turns a page, sorts a table, or puts a second map beside the first, and leaves the
# lab's state alone.
PAGES = (widgets.Tab, widgets.Accordion)
LOOKS = {
    "TrainingLab": lambda _lab, label, _widget: (
        label in (translate("training_lab.more"), translate("board.lab_open"))
    ),
    "Prediction": lambda lab, _label, widget: widget is lab.view.form.which,
    "SearchLab": lambda lab, label, widget: (
        label == translate("search_lab.more")
        or widget is lab.view.lists.beside
        or widget in widgets_within(lab.view.table.widget)
    ),
    "DescentLab": lambda _lab, label, _widget: label == translate("descent_lab.convergence_more"),
    "SweepLab": lambda _lab, label, _widget: label == translate("sweep_lab.fixed"),
}


NETWORK_LAYERS = [translate("network_lab.layer", layer=layer) for layer in (1, 2, 3, 4)]


def settings(part, **values):
    """Return, for the labels of some settings, the call of `set` that moves each."""
    return {
        f"{part}.{name}": lambda lab, name=name, value=value: lab.set(**{name: value})
        for name, value in values.items()
    }


def race_alone(name):
    """Return the call that changes whether an optimiser races."""
    others = [other for other in OPTIMIZERS if other != name]
    return lambda lab: lab.set(optimizers=others if name in lab.settings.optimizers else name)


def compare_without(lab, name):
    """Take one strategy out of the comparison."""
    lab.set(strategies=[other for other in STRATEGIES if other != name])


HYPERPARAMETERS = {
    "learning_rate": 0.02,
    "batch_size": 16,
    "dropout_rate": 0.25,
    "optimizer": "sgd",
    "epochs": 3,
    "training_size": 40,
}
SETTINGS = {
    "TrainingLab": settings(
        "training_lab",
        **HYPERPARAMETERS,
        hidden_units=(5,),
        activation="tanh",
        weight_decay=0.01,
        seed=7,
        momentum=0.5,
        epsilon=1e-3,
        schedule="cosine",
        warm_up=0.1,
        initial_scale=2,
        parametrization="mup",
        base_width=64,
        apply_to_running=True,
        x_axis="seconds",
    )
    | {"path_view.plane_of": lambda lab: lab.set(path_scope="this")}
    | {"training_charts.loss_axis": lambda lab: lab.use_loss_axis("linear")}
    # No board is there; the lab goes on asking for it.
    | {
        f"board.lab_{name}": lambda lab: lab.join("localhost:9", "maple-river", "cedar-17")
        for name in ("address", "code", "nickname")
    },
    "SearchLab": settings(
        "search_lab",
        method="tpe",
        budget="seconds",
        trials=5,
        seconds=2.5,
        seed=7,
        repeats=2,
        n_startup_jobs=3,
        epochs=2,
        training_size=40,
        max_epochs=27,
        factor=2,
    )
    | {"search_lab.shown": lambda lab: lab.show(1)},
    "SweepLab": settings("training_lab", **HYPERPARAMETERS)
    | settings("sweep_lab", measure="validation_loss", seeds=2)
    | {
        # Something must be left to vary.
        "training_lab.learning_rate": lambda lab: lab.set(learning_rate=0.02, batch_size=[8, 16]),
        "sweep_lab.axis": lambda lab: lab.set(batch_size=[8, 16]),
        "sweep_lab.axis_values": lambda lab: lab.set(learning_rate=[0.5, 1]),
        "sweep_lab.series": lambda lab: lab.set(learning_rate=[0.1], optimizer=["sgd"]),
        "sweep_lab.series_values": lambda lab: lab.set(learning_rate=[0.1], optimizer=["sgd"]),
    },
    "RangeTestLab": settings("range_test_lab", low=1e-4, high=1, n_updates=40)
    | settings("training_lab", batch_size=16, optimizer="sgd", dropout_rate=0.25),
    "BayesLab": settings(
        "bayes_lab", objective="forrester", acquisition="upper_bound", kappa=3, n_startup_jobs=20
    )
    | {
        "bayes_lab.learning_rate": lambda lab: lab.aim(0.02),
        "bayes_lab.x": lambda lab: (lab.set(objective="forrester"), lab.aim(0.25)),
        "bayes_lab.round": lambda lab: (lab.ask(), lab.look_at(1)),
    },
    "BankLab": settings(
        "bank_lab", max_epochs=27, n_trials=9, n_seeds=7, measure="retrained", unit="epochs"
    )
    | {
        f"bank_lab.{name}": lambda lab, name=name: compare_without(lab, name) for name in STRATEGIES
    },
    "DescentLab": settings(
        "descent_lab",
        surface="rosenbrock",
        condition_number=30,
        steps=77,
        momentum=0.5,
        gradient_noise=2,
        schedule="cosine",
        bias_correction=False,
    )
    | {
        "descent_lab.start": lambda lab: lab.set(start=(1.0, 1.5)),
        "descent_lab.rate_of": lambda lab: lab.set(learning_rates=dict.fromkeys(OPTIMIZERS, 0.123)),
        "descent_lab.scrub": lambda lab: lab.play_to(5),
        "descent_lab.speed_label": lambda lab: lab.set_speed(50),
        **{optimizer_label(name): race_alone(name) for name in OPTIMIZERS},
    },
    "BackpropLab": settings(
        "backprop_lab",
        x1=0.3,
        x2=0.3,
        target=0.3,
        learning_rate=0.3,
        hidden_activation="tanh",
        output_activation="tanh",
    )
    | {symbol(name): lambda lab, name=name: lab.set(**{name: 0.33}) for name in PARAMETER_NAMES}
    | {"backprop_lab.scrub": lambda lab: lab.go_to(4)},
    "NetworkLab": settings(
        "network_lab",
        task="plane",
        data="bump",
        noise=0.2,
        activation="relu",
        learning_rate=0.7,
        x2=0.1,
        added_class=0,
    )
    | {
        "network_lab.x": lambda lab: lab.set(x1=0.1),
        "network_lab.weight": lambda lab: lab.choose_weight("b1_2"),
        "network_lab.value": lambda lab: lab.set_weight("w1_11", 1.5),
        **{layer: lambda lab: lab.set(hidden_units=(5, 5, 5, 5)) for layer in NETWORK_LAYERS},
    },
    "DigitCanvas": {},
    "quiz": {},
    "GridLab": {},
    "prediction": {
        f"at {x}": lambda lab: lab.answer([[(0, 1.0), (50_000, 0.1)], None, None, None])
        for x in ("0", "12,500", "25,000", "37,500", "50,000")
    },
    "outcome": {},
}
BUTTONS = {
    "TrainingLab": {
        **{f"training_lab.{n}": n for n in ("start", "pause", "step", "stop", "pin", "forget")},
        "training_lab.reset": "reset",
        "board.lab_join": "join",
        "board.lab_again": "join",
        "board.lab_leave": "leave",
    },
    "SearchLab": {f"search_lab.{name}": name for name in ("start", "stop", "resume")},
    "SweepLab": {f"sweep_lab.{name}": name for name in ("start", "stop", "resume")},
    "RangeTestLab": {f"range_test_lab.{name}": name for name in ("start", "stop", "clear")},
    "BayesLab": {f"bayes_lab.{name}": name for name in ("ask", "new_game", "reveal")},
    "BankLab": {"bank_lab.redraw": "redraw"},
    "DescentLab": {
        "descent_lab.to_start": "play_to",
        "descent_lab.back": "back",
        "descent_lab.play": "play",
        "descent_lab.forward": "forward",
        "descent_lab.to_end": "play_to",
        "descent_lab.another_noise": "set",
    },
    "BackpropLab": {
        "backprop_lab.to_start": "go_to",
        "backprop_lab.back": "back",
        "backprop_lab.forward": "forward",
        "backprop_lab.to_end": "go_to",
        "backprop_lab.descend_once": "descend",
        "backprop_lab.descend_ten": "descend",
        "backprop_lab.reset": "reset",
    },
    "NetworkLab": {
        "network_lab.play": "play",
        "network_lab.step": "train",
        **{
            f"network_lab.{name}": name
            for name in ("restart", "add_layer", "remove_layer", "new_points")
        },
    },
    "DigitCanvas": {"digit_canvas.clear": "clear", "digit_canvas.undo": "undo"},
    "quiz": {"quiz": "answer", "exercises.quiz_renew": "renew"},
    "GridLab": {},
    "prediction": {"prediction.go_on": "skip", "prediction.renew": "renew"},
    "outcome": {},
}


def written(key):
    """Return what is on the screen for a key; a label that is no key stands for itself."""
    return translate(key) if "." in key and " " not in key else key


def labels_of(view):
    """Return all that a reader can use in a view, each with its label.

    A slider has none of its own: it belongs to the field that it lies under.
    """
    found = widgets_within(view)
    fields = {}
    for box in found:
        children = getattr(box, "children", ())
        if len(children) == 2 and isinstance(children[1], widgets.IntSlider):
            fields[id(children[1])] = children[0]
    inner = {id(part) for box in found if is_clock(box) for part in box.children}
    return [
        (label_of(fields.get(id(widget), widget)), widget)
        for widget in found
        if isinstance(widget, widgets.DOMWidget)
        and (type(widget).__module__.startswith("ipywidgets") or isinstance(widget, LateField))
        and not isinstance(widget, (*PASSIVE, *PAGES))
        and type(widget) not in (widgets.Box, widgets.HBox, widgets.VBox, widgets.GridBox)
        and id(widget) not in inner
    ]


def is_clock(widget):
    """Tell whether a box is a `FrameClock`'s: two hidden numbers that the browser sends back."""
    children = getattr(widget, "children", ())
    return len(children) == 2 and all(isinstance(part, widgets.IntText) for part in children)


def label_of(widget):
    """Return what a widget is called; words for screen readers alone follow in a span."""
    if "hpt-choice" in getattr(widget, "_dom_classes", ()):
        return "quiz"
    seen = re.sub(r"<span.*</span>", "", widget.description)
    return seen or next(iter(getattr(widget, "tooltips", None) or ()), "")


def used(lab):
    """Return what a reader can use, by label, without what changes the looks alone."""
    found = {}
    only_looks = LOOKS.get(type(lab).__name__, lambda *_: False)
    for label, widget in labels_of(lab.view):
        if not only_looks(lab, label, widget):
            found.setdefault(label, []).append(widget)
    return found


def test_a_control_and_a_button_without_a_method_are_found():
    lab = MAKE["BackpropLab"]()
    before = set(used(lab))
    new = [widgets.FloatSlider(description="mood"), widgets.Button(description="cheer up")]
    shown = lab.view.widget
    shown.children = (*shown.children, *new)
    assert set(used(lab)) - before == {"mood", "cheer up"}
    close(lab)


def close(lab):
    if hasattr(lab, "stop"):
        lab.stop()
    lab.close()


@pytest.mark.parametrize("kind", MAKE)
def test_every_control_and_button_of_a_lab_has_a_method(kind, readers_folder):
    lab = MAKE[kind]()
    if kind == "TrainingLab":  # a run has buttons of its own
        lab.start()
        lab.wait(SECONDS)
    assert set(used(lab)) == {written(key) for key in (*SETTINGS[kind], *BUTTONS[kind])}
    close(lab)


# In these a call may move the control of another setting, or hide it.
INTERWOVEN = ("SweepLab", "BayesLab", "NetworkLab", "prediction")


def setting_cases():
    """Give each lab with all the settings that can be tried in it, one behind the other."""
    for kind, calls in SETTINGS.items():
        alone = [key for key in calls if kind in INTERWOVEN or key.startswith("board.")]
        together = [key for key in calls if key not in alone]
        for keys in (together, *([key] for key in alone)):
            if keys:
                yield pytest.param(kind, keys, id=f"{kind} {keys[0]}")


@pytest.mark.parametrize(("kind", "keys"), list(setting_cases()))
def test_a_method_does_what_a_control_does(kind, keys, readers_folder):
    """After the call the control stands where a reader would have moved it to."""
    lab = MAKE[kind]()
    if kind == "SearchLab":
        for method in ("grid", "random"):
            lab.add(hpt.SearchRecord(method))
    found = used(lab)
    for key in keys:
        controls = found[written(key)]
        before = [control.value for control in controls]
        SETTINGS[kind][key](lab)
        after = [control.value for control in controls]
        for old, new in zip(before, after, strict=True):
            assert new != old, key
    close(lab)


@pytest.mark.parametrize("kind", MAKE)
def test_a_button_calls_its_method(kind, readers_folder, monkeypatch):
    called = []
    owner = type(MAKE[kind]())
    for name in set(BUTTONS[kind].values()):
        method = getattr(owner, name)

        def record(self, *arguments, method=method, name=name, **settings):
            called.append(name)
            return method(self, *arguments, **settings)

        monkeypatch.setattr(owner, name, record)
    lab = MAKE[kind]()
    prepare(kind, lab)
    for key, method in BUTTONS[kind].items():
        called.clear()
        for button in used(lab)[written(key)]:
            button.click()
        assert called[:1] == [method], key
    close(lab)


def prepare(kind, lab):
    """Keep what the buttons begin short, and give each of them something to do."""
    if kind == "TrainingLab":
        lab.start()
        lab.wait(SECONDS)
    elif kind == "SearchLab":
        lab.run("random", 1, training_size=40, timeout=SECONDS)
    elif kind == "SweepLab":
        lab.run(learning_rate=[0.01], seeds=1, training_size=40, timeout=SECONDS)
    elif kind == "RangeTestLab":
        lab.run(n_updates=20, timeout=SECONDS)
