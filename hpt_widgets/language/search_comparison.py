"""The words in which searches are compared."""

from hpt_widgets.language import Text

TEXTS = {
    "too_few": Text(
        en="{second} − {first} after {trials} trials: {difference:+.2f} percentage points. "
        "Not enough repeats to tell it from seed noise: {n_first} and {n_second} seeds, where "
        "each needs {least} or more.",
        zh="{trials} 次试验后，{second} − {first} = {difference:+.2f} 个百分点。重复次数不够，"
        "无法与种子噪声区分：目前分别有 {n_first} 个和 {n_second} 个种子，各需至少 {least} 个。",
    ),
    "larger": Text(
        en="{second} − {first} after {trials} trials: {difference:+.2f} percentage points, 95 % "
        "interval {low:+.2f} to {high:+.2f} (Welch, {n_first} and {n_second} seeds). "
        "Larger than the seed noise: the interval leaves 0 out.",
        zh="{trials} 次试验后，{second} − {first} = {difference:+.2f} 个百分点，95% 置信区间为 "
        "{low:+.2f} 到 {high:+.2f}（Welch 方法，{n_first} 个和 {n_second} 个种子）。"
        "差异大于种子噪声：区间不含 0。",
    ),
    "not_larger": Text(
        en="{second} − {first} after {trials} trials: {difference:+.2f} percentage points, 95 % "
        "interval {low:+.2f} to {high:+.2f} (Welch, {n_first} and {n_second} seeds). "
        "Not larger than the seed noise: the interval holds 0.",
        zh="{trials} 次试验后，{second} − {first} = {difference:+.2f} 个百分点，95% 置信区间为 "
        "{low:+.2f} 到 {high:+.2f}（Welch 方法，{n_first} 个和 {n_second} 个种子）。"
        "差异没有超出种子噪声：区间包含 0。",
    ),
}
