"""What the package makes of the same settings, written where Node can read it."""

import json

import numpy as np

import hpt_widgets as hpt
from tools.site import package

N_TRAIN = 2_000
# Such that every step moves the weights by much more than roundings do.
LEARNING_RATES = {"sgd": 0.3, "momentum": 0.1, "rmsprop": 0.003, "adam": 0.003}
SIZES = (784, 20, 12, 10)  # no multiples of 8: the kernel pads them


def write_arrays(path, arrays):
    """Write arrays of float32, one behind the other."""
    path.write_bytes(b"".join(np.ascontiguousarray(a, np.float32).tobytes() for a in arrays))


def first_digits(count):
    """Return tensors of the first training digits: features, labels."""
    tf = package.load_tensorflow()
    data = hpt.load_mnist()
    features = data.x_train[:count].reshape(count, -1)
    return tf.constant(features), tf.constant(data.y_train[:count].astype(np.int32))


def write_training_steps(folder, optimizer, activation, batches):
    """Train, and write the whole state before and after some of the steps.

    Parameters
    ----------
    folder : Path
        Where to.
    optimizer, activation : str
        Of the network.
    batches : list of (int, int)
        Batch sizes, and how many steps of each to take before the one that is written.
    """
    tf = package.load_tensorflow()
    program = package.TrainingProgram(package.Architecture(len(SIZES) - 1, activation, optimizer))
    program.start_from(package.initial_weights(SIZES, 3))
    order = np.random.default_rng((3, 0)).permutation(N_TRAIN).astype(np.int32)
    samples = first_digits(N_TRAIN)
    position = step = 0
    cases = []
    for batch_size, before in batches:
        settings = package.StepSettings(
            batch_size=batch_size,
            learning_rate=LEARNING_RATES[optimizer],
            dropout_rate=0.3,
            weight_decay=0.1,
            seed=3,
        )

        def take(steps, settings=settings, batch_size=batch_size):
            nonlocal position, step
            result = program.train_chunk(
                samples, tf.constant(order), position, steps, step, settings, 0.0
            )
            position = min(position + steps * batch_size, N_TRAIN)
            step += steps
            return result.loss_sum

        take(before)
        name = f"{optimizer}-{activation}-{step}"
        write_state(folder / f"{name}-before.bin", program.state(), optimizer)
        rows = min(batch_size, N_TRAIN - position)
        case = {"name": name, "position": position, "step": step, "rows": rows}
        seed = tf.constant(3), tf.constant(step)
        hidden_units = tf.constant(SIZES[1:-1])
        masks = package.dropout_masks(tf.constant(rows), hidden_units, tf.constant(0.3), seed)
        write_arrays(folder / f"{name}-masks.bin", [np.concatenate(masks, axis=1)])
        case["loss"] = take(1) / rows
        write_state(folder / f"{name}-after.bin", program.state(), optimizer)
        cases.append(case)
    return {
        "optimizer": optimizer,
        "activation": activation,
        "learning_rate": LEARNING_RATES[optimizer],
        "slots": package.SLOTS_PER_WEIGHT[optimizer],
        "cases": cases,
    }


def write_state(path, state, optimizer):
    """Write the weights, then all first averages, then all second ones."""
    count = package.SLOTS_PER_WEIGHT[optimizer]
    slots = [state.slots[number::count] for number in range(count)]
    write_arrays(path, [*state.weights, *(slot for group in slots for slot in group)])


def write_json(path, values):
    """Write values that may hold NumPy's arrays; what is not finite becomes its name."""
    path.write_text(json.dumps(plain(values), allow_nan=False))


def plain(value):
    """Return values that JSON can hold."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        items = value.tolist()
        is_plain = value.dtype.kind in "biuf" and np.isfinite(value).all()
        return items if is_plain else plain(items)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float | np.floating) and not np.isfinite(value):
        return str(float(value))
    if isinstance(value, np.generic):
        return value.item()
    return value
