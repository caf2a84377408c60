"""What is said of a value of the wrong kind, wherever a module has no better words."""

from hpt_widgets.language import Text

TEXTS = {
    "kind": Text(
        en="{name}={value!r} is not allowed: a {kind}", zh="{name}={value!r} 不可用：须为 {kind}"
    ),
    "function": Text(
        en="{name}={value!r} is not allowed: a function", zh="{name}={value!r} 不可用：须为函数"
    ),
    "text": Text(
        en="{name}={value!r} is not allowed: a text that is not empty",
        zh="{name}={value!r} 不可用：须为非空字符串",
    ),
    "seconds": Text(
        en="{name}={value!r} is not allowed: a number of seconds from 0 to {most:g}",
        zh="{name}={value!r} 不可用：须为 0 到 {most:g} 之间的秒数",
    ),
    "items": Text(
        en="{name}={value!r} is not allowed: a list",
        zh="{name}={value!r} 不可用：须为列表",
    ),
}
