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
    "typed_no_number": Text(
        en="{label}: {typed!r} is not a number; it should be {allowed}",
        zh="{label}：“{typed}”不是数；{allowed}",
    ),
    "typed_not_allowed": Text(
        en="{label}: {typed!r} is not allowed; it should be {allowed}",
        zh="{label}：“{typed}”不可用；{allowed}",
    ),
    "by_label": Text(en="{label}: {rest}", zh="{label}：{rest}"),
    "number_between": Text(
        en="a number from {minimum} to {maximum}",
        zh="须为 {minimum} 到 {maximum} 之间的数",
    ),
    "whole_between": Text(
        en="a whole number from {minimum} to {maximum}",
        zh="须为 {minimum} 到 {maximum} 之间的整数",
    ),
    "written_like": Text(
        en="{allowed}, written like 0.01 or 1e-2",
        zh="{allowed}，写法如 0.01 或 1e-2",
    ),
    "written_like_large": Text(
        en="{allowed}, written like 12.5",
        zh="{allowed}，写法如 12.5",
    ),
    "held_back": Text(
        en="{refusal}. Nothing was done: enter another value, or press again to use {value}.",
        zh="{refusal}。按钮没有执行：请重新输入，或再按一次，沿用 {value}。",
    ),
}
