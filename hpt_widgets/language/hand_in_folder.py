"""What is said of a folder of what a class has handed in."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS = {
    "not_looked_into": Text(
        en="files not looked into, since their names are not the workbook's ({count}): {names}",
        zh="以下 {count} 个文件没有查看，因为文件名不像教程写出的文件：{names}",
    ),
}
