"""The words of the search record."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    "ended": Text(
        en="ended={value!r} is not known: use one of {allowed}",
        zh="ended={value!r} 不是已知的结束方式，可用：{allowed}",
    ),
    "number": Text(
        en="number={value!r} must be a whole number from 0 (not numbered yet) to {most:,}",
        zh="number={value!r} 必须是 0（表示尚未编号）到 {most:,} 之间的整数",
    ),
    "method": Text(
        en="method={value!r} must be a word such as 'manual', 'grid', 'random' or 'tpe'",
        zh="method={value!r} 必须是一个名称，例如 'manual'、'grid'、'random' 或 'tpe'",
    ),
    "not_a_number": Text(
        en="{name}={value!r} must be a number or None",
        zh="{name}={value!r} 必须是数值或 None",
    ),
    "not_numbers": Text(
        en="{name}={value!r} must be a list of numbers",
        zh="{name}={value!r} 必须是由数值组成的列表",
    ),
    "history": Text(
        en="history={value!r} must be a list of points, such as [(1000, 0.91), (2000, 0.93)]",
        zh="history={value!r} 必须是由若干点组成的列表，例如 [(1000, 0.91), (2000, 0.93)]",
    ),
    "hyperparameters": Text(
        en="hyperparameters={value!r} must be a dictionary or a Hyperparameters record",
        zh="hyperparameters={value!r} 必须是字典或 Hyperparameters 记录",
    ),
    "too_deep": Text(
        en="{name}={value!r} is not allowed: at most {levels} levels of lists and dictionaries, "
        "none of which holds itself",
        zh="{name}={value!r} 不可用：列表与字典最多嵌套 {levels} 层，且不能包含自身",
    ),
    "too_long": Text(
        en="{name}={value!r} is not allowed: whole numbers of at most {digits} digits",
        zh="{name}={value!r} 不可用：整数最多 {digits} 位",
    ),
    "no_repr": Text(
        en="{name}={value!r} is not allowed: it holds an object that cannot be written as text",
        zh="{name}={value!r} 不可用：其中有无法写成文字的对象",
    ),
    "uuid": Text(
        en="uuid={value!r} must be a UUID, such as 'c0ffee00-1234-4abc-8def-0123456789ab'",
        zh="uuid={value!r} 必须是 UUID，例如 'c0ffee00-1234-4abc-8def-0123456789ab'",
    ),
    "path": Text(
        en="path={value!r} cannot be the name of a file here ({reason}): use a shorter name, "
        "without null characters",
        zh="path={value!r} 在这里不能用作文件名（{reason}）：请改用较短、不含空字符的名称",
    ),
    "no_such_trial": Text(
        en="number={value!r}: there is no such trial; the record holds {allowed}",
        zh="number={value!r}：没有这次试验，现有编号：{allowed}",
    ),
    "empty": Text(en="no trial yet", zh="还没有试验"),
    "not_a_record": Text(
        en="{path} is no search record: its first line should begin with {expected!r}",
        zh="{path} 不是搜索记录：第一行应以 {expected!r} 开头",
    ),
    "line_skipped": Text(
        en="{path}, line {line}: not a whole trial (cut short while it was written?), skipped",
        zh="{path} 第 {line} 行不是一条完整的试验（可能写到一半时被中断），已跳过",
    ),
    "not_readable": Text(
        en="{path} cannot be read ({reason}): the record starts empty",
        zh="无法读取 {path}（{reason}），记录从空白开始",
    ),
    "in_the_way": Text(
        en="a file of another kind is there, and is left as it is",
        zh="那里已有另一种文件，保持原样",
    ),
    "restored": Text(
        en="{path} was removed, emptied or changed by another program: {count} trial(s) of this "
        "record were missing there, and have been written to it again",
        zh="{path} 曾被其他程序删除、清空或改动：其中缺少本记录的 {count} 次试验，现已重新写入",
    ),
    "not_written": Text(
        en="{path} cannot be written ({reason}): {count} trial(s) are kept in memory only, "
        "and are written with the next trial if that succeeds",
        zh="无法写入 {path}（{reason}）：有 {count} 次试验暂时只保存在内存中，"
        "下一次写入成功时会一并补上",
    ),
}
