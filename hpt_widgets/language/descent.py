"""Errors of ``hpt_widgets.descent.walk``, and the names of its optimisers and schedules."""

from hpt_widgets.language import Text

TEXTS = {
    # What is allowed ----------------------------------------------------------------------------
    "start_value": Text(
        en="the surface is {loss} there, its gradient {gradient}; "
        "choose a start where both are finite",
        zh="曲面在该处的值为 {loss}，梯度为 {gradient}；请换一个两者都有限的起点",
    ),
    "learning_rates": Text(
        en='one or more optimisers with their learning rates, such as {{"adam": 0.05}}',
        zh='须为一个或多个优化器及其学习率，例如 {{"adam": 0.05}}',
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
