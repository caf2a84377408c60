"""Breaks the training loop on purpose, in one way after the other, and sees whether a test notices.

Run it by hand: ``python -m tools.training_mutants [name …]``. It takes some minutes for each
mutant, works in a copy of the project in a temporary folder, and prints for each mutant which
test noticed first, or SURVIVED. It ends with 1 if one survived, or if a mutant's text is no
longer there: then the code has changed, and the list here with it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TRAINING = "hpt_widgets/training"
# Those that are quick come first, so that most mutants die within seconds.
TESTS = (
    "tests/unit/training/test_training_program.py",
    "tests/unit/training/test_training.py",
    "tests/unit/training/test_pixels.py",
    "tests/unit/training/test_run.py",
    "tests/unit/training/test_schedule.py",
    "tests/unit/training/test_parametrization.py",
)
TIMEOUT = 900  # seconds for one mutant; one that hangs has been noticed too


@dataclass(frozen=True)
class Mutant:
    """One thing done wrong.

    Attributes
    ----------
    name : str
        What is wrong, in a few words.
    file : str
        A file of ``hpt_widgets/training``.
    right, wrong : str
        A text that stands once in that file, and what it becomes.
    """

    name: str
    file: str
    right: str
    wrong: str


MUTANTS = (
    Mutant(
        "Adam's bias correction is a step late",
        "program.py",
        "tf.cast(step_number + 1, tf.float32)",
        "tf.cast(step_number + 2, tf.float32)",
    ),
    Mutant(
        "Adam's bias correction counts from each chunk",
        "program.py",
        "tf.cast(step_number + 1, tf.float32)",
        "tf.cast(step + 1, tf.float32)",
    ),
    Mutant(
        "Adam's second moment decays as its first",
        "optimizers.py",
        "beta2_power=ADAM_BETA_2**own.update",
        "beta2_power=own.momentum**own.update",
    ),
    Mutant(
        "RMSprop has Adam's memory",
        "optimizers.py",
        "RMSPROP_RHO: Final = 0.9\n",
        "RMSPROP_RHO: Final = 0.999\n",
    ),
    Mutant(
        "the epsilon of Keras 1",
        "hyperparameters.py",
        "epsilon: float = 1e-7",
        "epsilon: float = 1e-3",
    ),
    Mutant(
        "momentum is Nesterov's",
        "optimizers.py",
        "grad=gradient, momentum=own.momentum\n",
        "grad=gradient, momentum=own.momentum, use_nesterov=True\n",
    ),
    Mutant(
        "weight decay is coupled: part of the gradient",
        "program.py",
        "self._decay(decayed)",
        "gradients = [g + 10 * decayed * v for g, v in zip(gradients, self._weights)]",
    ),
    Mutant(
        "weight decay does not scale with the learning rate",
        "program.py",
        "share = rates.astype(np.float32) * np.float32(self.weight_decay)",
        "share = np.ones_like(rates) * np.float32(0.01 * self.weight_decay)",
    ),
    Mutant(
        "the layers' rates are mixed up",
        "program.py",
        "(rates * weight_rates)",
        "(rates * np.asarray(weight_rates)[::-1])",
    ),
    Mutant(
        "AdaGrad begins at nothing",
        "optimizers.py",
        "ADAGRAD_START: Final = 0.1",
        "ADAGRAD_START: Final = 0.0",
    ),
    Mutant(
        "AdaGrad knows no epsilon",
        "program.py",
        "ADAGRAD_START + epsilon",
        "ADAGRAD_START",
    ),
    Mutant(
        "a schedule counts from each chunk",
        "session.py",
        "return rate_factors(self._current, done, steps, total)",
        "return rate_factors(self._current, 0, steps, total)",
    ),
    Mutant(
        "a schedule follows the steps that were taken, not the data",
        "session.py",
        "done = self._epoch * steps_per_epoch + self._position // self.batch_size",
        "done = self._step",
    ),
    Mutant(
        "the warm-up's first step is not 0",
        "schedule.py",
        "np.minimum(steps / warm_up, 1.0)",
        "np.minimum((steps + 1) / warm_up, 1.0)",
    ),
    Mutant(
        "the output starts as a hidden layer does",
        "parametrization.py",
        "(fan_in if is_output else math.sqrt(fan_in))",
        "math.sqrt(fan_in)",
    ),
    Mutant(
        "biases do not decay",
        "program.py",
        "for variable in self._weights:\n",
        "for variable in self._weights[::2]:\n",
    ),
    Mutant(
        "dropout does not scale what it keeps",
        "dropout.py",
        "* tf.math.divide_no_nan(1.0, 1.0 - rate)",
        "* tf.math.divide_no_nan(1.0, 1.0 - 0.0 * rate)",
    ),
    Mutant(
        "dropout keeps what it should drop",
        "dropout.py",
        "noise >= rate",
        "noise < rate",
    ),
    Mutant(
        "dropout is the same in every step of a chunk",
        "program.py",
        "dropout_rate, (seed, step_number))",
        "dropout_rate, (seed, first_step))",
    ),
    Mutant(
        "dropout forgets the seed",
        "program.py",
        "dropout_rate, (seed, step_number))",
        "dropout_rate, (0 * seed, step_number))",
    ),
    Mutant(
        "dropout in evaluation",
        "program.py",
        "        logits = self._logits(self._as_floats(features), self._weights, None)\n",
        "        n_rows = tf.shape(features)[0]\n"
        "        masks = dropout_masks(n_rows, self._hidden_units(), 0.2, (0, 0))\n"
        "        logits = self._logits(self._as_floats(features), self._weights, masks)\n",
    ),
    Mutant(
        "the first hidden layer's mask is used for all",
        "dropout.py",
        "return list(tf.split(mask, units, axis=1))",
        "return [mask[:, :1] * tf.ones_like(own) for own in tf.split(mask, units, axis=1)]",
    ),
    Mutant(
        "the short last batch counts as a whole one in the loss",
        "program.py",
        "tf.cast(tf.size(rows), tf.float64)",
        "tf.cast(batch_size, tf.float64)",
    ),
    Mutant(
        "the gradient of the short last batch is divided by a whole one's size",
        "program.py",
        "1.0 / tf.cast(n_rows, tf.float32))",
        "1.0 / 32.0)",
    ),
    Mutant(
        "the last sample of an epoch is left out",
        "program.py",
        "tf.minimum(begin + batch_size, n_samples)]",
        "tf.minimum(begin + batch_size, n_samples - 1)]",
    ),
    Mutant(
        "a chunk begins a batch late",
        "program.py",
        "begin = position + step * batch_size",
        "begin = position + (step + 1) * batch_size",
    ),
    Mutant(
        "a loss that is no number goes on",
        "program.py",
        "tf.logical_or(loss >= DIVERGENCE_BOUND, tf.math.is_nan(loss))",
        "loss >= DIVERGENCE_BOUND",
    ),
    Mutant(
        "an interrupted chunk takes no step",
        "program.py",
        "tf.logical_and(self._interrupted.read_value(), step > 0)",
        "self._interrupted.read_value()",
    ),
    Mutant(
        "an interruption is noted before it is made",
        "program.py",
        "        self._interrupted.assign(True)\n        self._is_interrupted = True",
        "        self._is_interrupted = True\n        self._interrupted.assign(True)",
    ),
    Mutant(
        "an interruption is never taken back",
        "program.py",
        "            self._interrupted.assign(False)",
        "            pass",
    ),
    Mutant(
        "a validation that is given up goes on",
        "program.py",
        "rows = slice(begin, tf.where(is_cut, begin, end))",
        "rows = slice(begin, end)",
    ),
    Mutant(
        "what was measured before it was given up is taken for the whole",
        "program.py",
        "if n_measured == len(samples[1]) else None",
        "if n_measured > 0 else None",
    ),
    Mutant(
        "a validation that must be made is cut short too",
        "program.py",
        "is_cut = tf.logical_and(interruptible, self._given_up.read_value())",
        "is_cut = self._given_up.read_value()",
    ),
    Mutant(
        "an interruption that goes on cuts a validation short",
        "program.py",
        "        if given_up:\n            _assign(self._given_up, True)\n",
        "        _assign(self._given_up, True)\n",
    ),
    Mutant(
        "what was given up once is never measured again",
        "program.py",
        "            _assign(self._given_up, False)\n",
        "",
    ),
    Mutant(
        "a run that diverges is not measured where it is given up",
        "session.py",
        "if diverged or self.samples_seen >= self.total_samples:",
        "if self.samples_seen >= self.total_samples:",
    ),
    Mutant(
        "an epoch ends with a row that is still to be measured",
        "session.py",
        " and not self._unrecorded_points():",
        ":",
    ),
    Mutant(
        "a program that failed is used again",
        "program_pool.py",
        "        if program.has_failed:\n            return\n",
        "",
    ),
    Mutant(
        "the program of another activation is leased",
        "program_pool.py",
        "if program.architecture == architecture:",
        "if (program.architecture.n_layers, program.architecture.optimizer)"
        " == (architecture.n_layers, architecture.optimizer):",
    ),
    Mutant(
        "the optimiser's averages are not loaded",
        "program.py",
        "        for variable, value in zip(slots, state.slots, strict=True):\n"
        "            _assign(variable, value)",
        "        pass",
    ),
    Mutant(
        "a program that waits is thought to hold nothing",
        "program.py",
        "self._n_parameters = sum(math.prod(value.shape) for value in weights)",
        "self._n_parameters = 0",
    ),
    Mutant(
        "the dropout of all layers is drawn for the first one's width",
        "dropout.py",
        "shape = tf.stack([n_rows, tf.reduce_sum(units)])",
        "shape = tf.stack([n_rows, units[0] * tf.size(units)])",
    ),
    Mutant(
        "what is evaluated ends with the last whole slice",
        "program.py",
        "n_slices = -(-n_samples // EVALUATED_AT_A_TIME)",
        "n_slices = n_samples // EVALUATED_AT_A_TIME",
    ),
    Mutant(
        "bytes are multiplied by a reciprocal",
        "program.py",
        "/ self._brightest.read_value()",
        "* (1.0 / self._brightest.read_value())",
    ),
    Mutant(
        "bytes are divided by a constant, which TensorFlow turns into its reciprocal",
        "program.py",
        "/ self._brightest.read_value()",
        "/ tf.constant(BRIGHTEST_PIXEL)",
    ),
    Mutant(
        "every epoch has the same order",
        "randomness.py",
        "np.random.default_rng((seed, epoch))",
        "np.random.default_rng((seed, 0))",
    ),
    Mutant(
        "the order forgets the seed",
        "randomness.py",
        "np.random.default_rng((seed, epoch))",
        "np.random.default_rng((0, epoch))",
    ),
    Mutant(
        "the steps begin at 0 again in each epoch",
        "session.py",
        "            self._epoch += 1\n",
        "            self._epoch += 1\n            self._step = 0\n",
    ),
    Mutant(
        "a step too few up to a row",
        "session.py",
        "until_point = math.ceil((",
        "until_point = math.floor((",
    ),
    Mutant(
        "the training loss is the mean since the start",
        "session.py",
        "        self._points.append(point)\n        self._loss_sum, self._loss_samples = 0.0, 0\n",
        "        self._points.append(point)\n",
    ),
    Mutant(
        "a result is measured without its first sample",
        "session.py",
        "        with self._borrowed_program() as program:\n"
        "            loss, accuracy = program.evaluate(held_out)",
        "        with self._borrowed_program() as program:\n"
        "            loss, accuracy = program.evaluate((held_out[0][1:], held_out[1][1:]))",
    ),
    Mutant(
        "training samples are validated",
        "session.py",
        "        held_out = self._samples.validation\n"
        "        if held_out is not None and (diverged",
        "        held_out = self._samples.train\n        if held_out is not None and (diverged",
    ),
    Mutant(
        "the position of the short last batch runs over",
        "session.py",
        "min(before + steps * self.batch_size, self._samples.n_train)",
        "before + steps * self.batch_size",
    ),
    Mutant(
        "a change takes the first learning rate again",
        "session.py",
        "self._current = before.replace(**changes)",
        "self._current = self.hyperparameters.replace(**changes)",
    ),
    Mutant(
        "a suspended training forgets its averages",
        "session.py",
        "                program.load(self._state)",
        "                program.start_from(self._state.weights)",
    ),
    Mutant(
        "a diverged run counts as finished",
        "session.py",
        'self.ended = "diverged"',
        'self.ended = "finished"',
    ),
    Mutant(
        "a subset is measured on another data set's samples",
        "samples.py",
        'if other.splits.get("validation") is validation:',
        'if other.splits.get("validation") is not None:',
    ),
)


def main() -> int:
    """Try the chosen mutants, or all, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.training_mutants", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help="part of a mutant's name")
    names = parser.parse_args().names
    chosen = [one for one in MUTANTS if not names or any(name in one.name for name in names)]
    survivors = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(PROJECT, copy, ignore=shutil.ignore_patterns(".git", ".venv", ".*_cache"))
        for mutant in chosen:
            verdict = try_out(mutant, copy)
            survivors += not verdict.startswith("noticed")
            print(f"{mutant.name}: {verdict}", flush=True)
    print(f"{survivors} of {len(chosen)} survived")
    return 1 if survivors else 0


def try_out(mutant: Mutant, project: Path) -> str:
    """Apply a mutant in a copy of the project, run the tests there, and take it back."""
    path = project / TRAINING / mutant.file
    right = path.read_text(encoding="utf-8")
    if right.count(mutant.right) != 1:
        return f"NOT THERE ({right.count(mutant.right)} times)"
    path.write_text(right.replace(mutant.right, mutant.wrong), encoding="utf-8")
    try:
        return verdict_of_tests(project)
    finally:
        path.write_text(right, encoding="utf-8")


def verdict_of_tests(project: Path) -> str:
    """Return which test failed first, or SURVIVED."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *TESTS]
    # The copy is imported, although the package is installed from elsewhere.
    environment = {**os.environ, "PYTHONPATH": str(project)}
    try:
        done = subprocess.run(
            command,
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "noticed: the tests hang"
    if done.returncode == 0:
        return "SURVIVED"
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return f"noticed: {failed[0].split('::', 1)[-1][:90]}" if failed else "noticed: the tests end"


if __name__ == "__main__":
    sys.exit(main())
