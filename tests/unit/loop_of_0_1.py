"""The training loop of version 0.1, as far as its arithmetic goes: the reference for today's.

Its learning rate, momentum and epsilon are the same for all steps and layers. Both loops run in
one process, so that they share TensorFlow's kernels, which differ from processor to processor.
"""

from itertools import pairwise

import numpy as np

from hpt_widgets.support.tensorflow_loader import load_tensorflow, single_threaded_executor

SLOTS = {"sgd": 0, "momentum": 1, "rmsprop": 2, "adam": 2}


def initial_weights(sizes, seed):
    """Draw Glorot's weights as 0.1 did."""
    random = np.random.default_rng(seed)
    weights = []
    for inputs, units in pairwise(sizes):
        limit = np.sqrt(6 / (inputs + units))
        weights.append(random.uniform(-limit, limit, (inputs, units)).astype(np.float32))
        weights.append(np.zeros(units, np.float32))
    return weights


class OldLoop:
    """The variables of a training, and its steps.

    Parameters
    ----------
    hp : Hyperparameters
        How to train; what 0.1 did not have is not looked at.
    data : Dataset
        Its split ``train`` is trained on.
    """

    def __init__(self, hp, data):
        self.tf = tf = load_tensorflow()
        self.hp = hp
        x = np.asarray(data.x_train, np.float32).reshape(len(data.x_train), -1)
        start = initial_weights((x.shape[1], *hp.hidden_units, data.n_classes), hp.seed)
        with tf.device("CPU:0"):
            self.weights = [tf.Variable(weight) for weight in start]
            self.slots = [
                [tf.Variable(tf.zeros(w.shape)) for _ in range(SLOTS[hp.optimizer])]
                for w in self.weights
            ]
            self.x, self.y = tf.constant(x), tf.constant(data.y_train.astype(np.int32))

    def train(self):
        """Return the weights at the end, and the sum of the losses in each epoch."""
        tf, hp, sums = self.tf, self.hp, []
        n_samples = len(self.x)
        batch_size = min(hp.batch_size, n_samples)
        rates = np.array([hp.learning_rate, hp.dropout_rate, hp.weight_decay], np.float32)
        with tf.device("CPU:0"), single_threaded_executor():
            traced = tf.function(self._epoch, autograph=False)
            for epoch in range(hp.epochs):
                order = np.random.default_rng((hp.seed, epoch)).permutation(n_samples)
                first = tf.constant(epoch * -(-n_samples // batch_size))
                total = traced(tf.constant(order, tf.int32), first, batch_size, tf.constant(rates))
                sums.append(float(total))
        return [weight.numpy() for weight in self.weights], sums

    def _epoch(self, order, first, batch_size, rates):
        tf = self.tf
        n_samples = tf.size(order)

        def step(done, total):
            begin = done * batch_size
            rows = order[begin : tf.minimum(begin + batch_size, n_samples)]
            loss = self._step(rows, first + done, tf.unstack(rates))
            return done + 1, total + loss * tf.cast(tf.size(rows), tf.float64)

        start = tf.constant(0), tf.constant(0.0, tf.float64)
        steps = -(-n_samples // batch_size)
        return tf.while_loop(lambda done, _: done < steps, step, start, parallel_iterations=1)[1]

    def _step(self, rows, number, rates):
        tf = self.tf
        rate, dropout, decay = rates
        n_rows = tf.size(rows)
        masks = self._masks(n_rows, dropout, number)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            values = [weight.read_value() for weight in self.weights]
            tape.watch(values)
            logits = self._logits(tf.gather(self.x, rows), values, masks)
            labels = tf.gather(self.y, rows)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        share = tf.fill((n_rows,), 1.0 / tf.cast(n_rows, tf.float32))
        gradients = tape.gradient(losses, values, output_gradients=share)
        for weight in self.weights:
            weight.assign(weight * (1.0 - decay * rate))
        update = tf.cast(number + 1, tf.float32)
        for weight, slots, gradient in zip(self.weights, self.slots, gradients, strict=True):
            self._apply(weight.handle, [slot.handle for slot in slots], gradient, rate, update)
        return tf.cast(tf.reduce_mean(losses), tf.float64)

    def _masks(self, n_rows, rate, number):
        tf, units = self.tf, self.hp.hidden_units
        noise = tf.random.stateless_uniform(
            (n_rows, sum(units)), seed=tf.stack((self.hp.seed, number))
        )
        mask = tf.cast(noise >= rate, tf.float32) * tf.math.divide_no_nan(1.0, 1.0 - rate)
        mask.set_shape((None, sum(units)))
        return tf.split(mask, units, axis=1)

    def _logits(self, signal, values, masks):
        tf = self.tf
        activation = getattr(tf.nn, self.hp.activation)
        hidden = zip(values[:-2:2], values[1:-2:2], masks, strict=True)
        for kernel, bias, mask in hidden:
            signal = activation(tf.nn.bias_add(tf.matmul(signal, kernel), bias)) * mask
        return tf.nn.bias_add(tf.matmul(signal, values[-2]), values[-1])

    def _apply(self, weight, slots, gradient, rate, update):
        ops = self.tf.raw_ops
        match self.hp.optimizer:
            case "sgd":
                ops.ResourceApplyGradientDescent(var=weight, alpha=rate, delta=gradient)
            case "momentum":
                ops.ResourceApplyKerasMomentum(
                    var=weight, accum=slots[0], lr=rate, grad=gradient, momentum=0.9
                )
            case "rmsprop":
                ops.ResourceApplyRMSProp(
                    var=weight, ms=slots[0], mom=slots[1], lr=rate, rho=0.9, momentum=0.0,
                    epsilon=1e-7, grad=gradient,
                )  # fmt: skip
            case "adam":
                ops.ResourceApplyAdam(
                    var=weight, m=slots[0], v=slots[1], beta1_power=0.9**update,
                    beta2_power=0.999**update, lr=rate, beta1=0.9, beta2=0.999, epsilon=1e-7,
                    grad=gradient,
                )  # fmt: skip
