"""What the controls of all labs say."""

from hpt_widgets.language import Text

TEXTS = {
    "not_a_number": Text(
        en="{name}={value!r} is not a number: {allowed}",
        zh="{name}={value!r} 不是数：{allowed}",
    ),
    "not_allowed": Text(
        en="{name}={value!r} is not allowed: {allowed}",
        zh="{name}={value!r} 不可用：{allowed}",
    ),
    "number_between": Text(
        en="a number from {minimum:g} to {maximum:g}, written like 0.01 or 1e-2",
        zh="须为 {minimum:g} 到 {maximum:g} 之间的数，写法如 0.01 或 1e-2",
    ),
    "whole_between": Text(
        en="a whole number from {minimum:,} to {maximum:,}",
        zh="须为 {minimum:,} 到 {maximum:,} 之间的整数",
    ),
}
