"""What is said of a hyperparameter that is not allowed."""

from hpt_widgets.language import Text

TEXTS = {
    "wrong_type": Text(
        en="{field}={value!r} ({type}) is not allowed: {allowed}",
        zh="{field}={value!r}（类型 {type}）不可用：{allowed}",
    ),
    "wrong_value": Text(
        en="{field}={value!r} is not allowed: {allowed}",
        zh="{field}={value!r} 不可用：{allowed}",
    ),
    "unknown_field": Text(
        en="there is no hyperparameter called {field!r}: choose from {allowed}",
        zh="没有名为 {field!r} 的超参数：可选的有 {allowed}",
    ),
    "learning_rate": Text(
        en="a number greater than 0 and at most {maximum:g}",
        zh="须为大于 0 且不超过 {maximum:g} 的数",
    ),
    "dropout_rate": Text(
        en="a number from 0 up to, but not including, 1",
        zh="须为大于等于 0 且小于 1 的数",
    ),
    "momentum": Text(
        en="a number from 0 up to, but not including, 1",
        zh="须为大于等于 0 且小于 1 的数",
    ),
    "epsilon": Text(
        en="a number from {minimum:g} to {maximum:g}",
        zh="须为 {minimum:g} 到 {maximum:g} 之间的数",
    ),
    "warm_up": Text(
        en="a number from 0 up to, but not including, 1: a share of the steps",
        zh="须为大于等于 0 且小于 1 的数，表示占总步数的比例",
    ),
    "initial_scale": Text(
        en="a number greater than 0 and at most {maximum:g}",
        zh="须为大于 0 且不超过 {maximum:g} 的数",
    ),
    "weight_decay": Text(
        en="a number from 0 to {maximum:g}",
        zh="须为 0 到 {maximum:g} 之间的数",
    ),
    "whole_number": Text(
        en="a whole number from {minimum:,} to {maximum:,}",
        zh="须为 {minimum:,} 到 {maximum:,} 之间的整数",
    ),
    "choice": Text(en="one of {choices}", zh="只能取 {choices} 之一"),
    "hidden_units": Text(
        en="one to {layers} hidden layers, each a whole number of units from 1 to {units:,}, "
        "for example (128, 64)",
        zh="须为 1 到 {layers} 个隐藏层，每层神经元数为 1 到 {units:,} 的整数，例如 (128, 64)",
    ),
}
