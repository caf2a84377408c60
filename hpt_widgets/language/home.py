"""Words about the reader's own folder."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS = {
    "not_kept": Text(
        en="This could not be kept in {path}: {reason}. The lesson goes on without it; "
        "set HPT_HOME to a folder that you may write in.",
        zh="未能保存到 {path}：{reason}。课程照常进行；"
        "若要保存，请把环境变量 HPT_HOME 设为一个可以写入的文件夹。",
    ),
    "unknown_user": Text(
        en="there is no user with the home folder {user}",
        zh="没有主目录为 {user} 的用户",
    ),
    "plain_name": Text(
        en="name={name}: use a plain file name, without a folder",
        zh="name={name}：只能是文件名，不能带文件夹",
    ),
    "one_line": Text(
        en="line={line}: use a single line, without line breaks",
        zh="line={line}：只能是一行，不能含换行符",
    ),
}
