"""What is said of a path to which a file to hand in cannot be written."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS = {
    "no_file": Text(
        en="path={value!r} names no file: write a file's name such as {example!r}, with its "
        "folder before it if need be",
        zh="path={value!r} 不是文件名：请写文件名，例如 {example!r}，需要时在前面加上文件夹",
    ),
    "other_file": Text(
        en="path={value!r} is another file, which would be lost: choose a name that is free, or "
        "leave path out. Only what was handed in before is replaced",
        zh="path={value!r} 已有另一个文件，写入会把它覆盖：请换一个没有用过的文件名，"
        "也可以不写 path。只有以前生成的上交文件才会被替换",
    ),
}
