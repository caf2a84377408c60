"""What is said of the trial bank."""

from hpt_widgets.language import Text

TEXTS = {
    "altered": Text(
        en="{path}, line {line}: this is no row of the trial bank; take the file anew from the "
        "project",
        zh="{path} 第 {line} 行不是试验库的记录；请从项目中重新取得该文件",
    ),
    "facts_altered": Text(
        en="{path} does not say when the trial bank was trained; take the file anew from the "
        "project",
        zh="{path} 中没有试验库的训练日期；请从项目中重新取得该文件",
    ),
}
