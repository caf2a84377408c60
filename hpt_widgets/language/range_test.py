"""What a range test says of itself."""

from hpt_widgets.language import Text

TEXTS = {
    "order": Text(
        en="low={low!r} must be less than high={high!r}",
        zh="low={low!r} 必须小于 high={high!r}",
    ),
    "rate": Text(
        en="{name}={value!r} is not allowed: a learning rate greater than 0 and at most {most:g}",
        zh="{name}={value!r} 不可用：须为大于 0 且不超过 {most:g} 的学习率",
    ),
    "n_updates": Text(
        en="n_updates={value!r} is not allowed: a whole number from {least} to {most}",
        zh="n_updates={value!r} 不可用：须为 {least} 到 {most} 之间的整数",
    ),
    "ended": Text(
        en="this range test has ended: start a new one",
        zh="这次范围测试已经结束：请重新开始一次",
    ),
}
