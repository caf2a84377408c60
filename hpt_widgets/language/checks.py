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
    "masked": Text(
        en="{name} has {count:,} masked values: every value must be there; fill them in "
        "(.filled(value)), or leave out their samples",
        zh="{name} 中有 {count:,} 个被掩码（masked）的值：每个值都必须存在；"
        "请先填补（.filled(值)），或去掉这些样本",
    ),
    "no_array": Text(
        en="{name} is a {type} that can't be read as an array ({error}): a NumPy array of real "
        "numbers, or what becomes one, such as tensor.detach().numpy()",
        zh="{name} 是 {type}，无法当作数组读取（{error}）：须为实数组成的 NumPy 数组，"
        "或能转换成它的对象，例如 tensor.detach().numpy()",
    ),
    "items": Text(
        en="{name}={value!r} is not allowed: a list",
        zh="{name}={value!r} 不可用：须为列表",
    ),
}
