"""What is said of an argument that is not allowed: one template, and what may stand in it."""

from hpt_widgets.language import Text

TEXTS = {
    "did_you_mean": Text(en="; did you mean {name!r}?", zh="；是不是想写 {name!r}？"),
    "not_allowed": Text(
        en="{name}={value!r} is not allowed: {allowed}", zh="{name}={value!r} 不可用：{allowed}"
    ),
    # What is allowed ----------------------------------------------------------------------------
    "kind": Text(en="a {kind}", zh="须为 {kind}"),
    "function": Text(en="a function", zh="须为函数"),
    "text": Text(en="a text that is not empty", zh="须为非空字符串"),
    "flag": Text(en="True or False", zh="须为 True 或 False"),
    "items": Text(en="a list", zh="须为列表"),
    "choice": Text(en="one of {options}", zh="须为 {options} 之一"),
    "choices": Text(en="one or more of {options}", zh="须从 {options} 中选一个或多个"),
    "seconds": Text(
        en="a number of seconds from 0 to {most:g}", zh="须为 0 到 {most:g} 之间的秒数"
    ),
    "array": Text(
        en="finite numbers in the shape {shape}, none of them beyond {most:g}",
        zh="须为形状为 {shape} 的数组，其中都是绝对值不超过 {most:g} 的有限数",
    ),
    "no_numbers": Text(en="one finite number or more", zh="至少要有一个有限数"),
    "number": Text(en="a finite number{bounds}", zh="须为{bounds}有限数"),
    "whole_number": Text(en="a whole number{bounds}", zh="须为{bounds}整数"),
    # The bounds of a number ---------------------------------------------------------------------
    "between": Text(en=" from {least} to {most}", zh=" {least} 到 {most} 之间的"),
    "least": Text(en=" of at least {least}", zh="不小于 {least} 的"),
    "above": Text(en=" greater than {above}", zh="大于 {above} 的"),
    "above_to": Text(
        en=" greater than {above} and at most {most}", zh="大于 {above} 且不超过 {most} 的"
    ),
    "at_most": Text(en=" of at most {most}", zh="不超过 {most} 的"),
    "under": Text(en=" less than {below}", zh="小于 {below} 的"),
    "inside": Text(
        en=" greater than {above} and less than {below}", zh="大于 {above} 且小于 {below} 的"
    ),
    "below": Text(
        en=" from {least} up to, but not including, {below}",
        zh="不小于 {least} 且小于 {below} 的",
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
}
