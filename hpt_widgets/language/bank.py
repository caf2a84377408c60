"""What is said of the trial bank."""

from hpt_widgets.language import Text

TEXTS = {
    "altered": Text(
        en="{path}, line {line}: this is no row of the trial bank; take the file anew from the "
        "project",
        zh="{path} 第 {line} 行不是试验库的记录；请从项目中重新取得该文件",
    ),
}
