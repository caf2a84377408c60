"""Errors of ``hpt_widgets.descent.walk``, and the names of its optimisers and schedules."""

from hpt_widgets.language import Text

TEXTS = {
    "optimizer": Text(
        en="optimizer={value!r} is not known: use one of {allowed}",
        zh="没有名为 {value!r} 的优化器（optimizer）：可用 {allowed}",
    ),
    "positive": Text(
        en="{name}={value!r} is not allowed: give a finite number greater than 0",
        zh="{name}={value!r} 不可用：须为大于 0 的有限数",
    ),
    "gradient_noise": Text(
        en="gradient_noise={value!r} is not allowed: give a number from 0 to {most:g}",
        zh="gradient_noise={value!r} 不可用：须为 0 到 {most:g} 之间的数",
    ),
    "momentum": Text(
        en="momentum={value!r} is not allowed: give a number from 0 up to, but not including, 1",
        zh="momentum={value!r} 不可用：须满足 0 ≤ momentum < 1",
    ),
    "steps": Text(
        en="steps={value!r} is not allowed: give a whole number from 1 to {most}",
        zh="steps={value!r} 不可用：须为 1 到 {most} 之间的整数",
    ),
    "seed": Text(
        en="seed={value!r} is not allowed: give a whole number of at least 0",
        zh="seed={value!r} 不可用：须为不小于 0 的整数",
    ),
    "schedule": Text(
        en="schedule={value!r} is not known: use one of {allowed}",
        zh="没有名为 {value!r} 的学习率调度（schedule）：可用 {allowed}",
    ),
    "start_value": Text(
        en="start={value!r} is not allowed: the surface is {loss} there, its gradient {gradient}",
        zh="start={value!r} 不可用：曲面在该处的值为 {loss}，梯度为 {gradient}",
    ),
    "no_racers": Text(
        en="learning_rates={value!r} is not allowed: give at least one optimizer, "
        'such as {{"adam": 0.05}}',
        zh='learning_rates={value!r} 不可用：至少要有一个优化器，例如 {{"adam": 0.05}}',
    ),
    # Names of the optimisers and schedules ---------------------------------------------------
    "gradient_descent": Text(en="gradient descent", zh="梯度下降"),
    "momentum_optimizer": Text(en="momentum", zh="动量法"),
    "nesterov": Text(en="Nesterov", zh="Nesterov 动量"),
    "adagrad": Text(en="AdaGrad", zh="AdaGrad"),
    "rmsprop": Text(en="RMSProp", zh="RMSProp"),
    "adam": Text(en="Adam", zh="Adam"),
    "constant": Text(en="constant", zh="恒定"),
    "step_schedule": Text(en="in steps (÷10 at ½ and ¾)", zh="阶梯式（在 ½ 和 ¾ 处除以 10）"),
    "cosine": Text(en="cosine", zh="余弦"),
}
