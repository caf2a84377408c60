"""What a sweep says of itself."""

from hpt_widgets.language import Text

TEXTS = {
    "one_or_two": Text(
        en="give one or two hyperparameters with a list of values, not these: {found}",
        zh="请给一个或两个超参数各指定一个取值列表，现在给的是：{found}",
    ),
    "no_axis": Text(
        en="{found} can only tell curves apart; for the axis give a list of values to one of "
        "{numbers}",
        zh="{found} 只能用来区分各条曲线；还须给一个可作横轴的超参数指定取值列表，可选的有 "
        "{numbers}",
    ),
    "values": Text(
        en="{name}={value!r} is not allowed: a list of 1 to {most} different values",
        zh="{name}={value!r} 不可用：须为 1 到 {most} 个互不相同的取值组成的列表",
    ),
    "choice": Text(
        en="{name}={value!r} is not allowed: choose from {allowed}",
        zh="{name}={value!r} 不可用：可选的有 {allowed}",
    ),
    "training_size": Text(
        en="training_size={value!r} is not allowed: from {smallest} to {largest} samples",
        zh="training_size={value!r} 不可用：须在 {smallest} 到 {largest} 个样本之间",
    ),
}
