"""The words of the class board: its commands, its answers, and the projector's page."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    # Tasks
    "training_size": Text(
        en="training_size={value!r} must be a number of samples, 1 or more",
        zh="training_size={value!r} 必须是样本数，且不小于 1",
    ),
    "task_name": Text(
        en="name={value!r} must be one line of at most {most} characters",
        zh="name={value!r} 必须是一行文字，不超过 {most} 个字符",
    ),
    "free": Text(
        en="free={value!r} must be one or more of {allowed}",
        zh="free={value!r} 必须是以下超参数中的一个或多个：{allowed}",
    ),
    "unknown_field": Text(
        en="a task has no field {name!r}",
        zh="任务没有名为 {name!r} 的字段",
    ),
    # Runs
    "fingerprint": Text(
        en="data={value!r} is no fingerprint of data",
        zh="data={value!r} 不是数据指纹",
    ),
    "run_id": Text(
        en="id={value!r} is no UUID",
        zh="id={value!r} 不是 UUID",
    ),
    "too_large": Text(
        en="the run is larger than {most:,} bytes",
        zh="这次运行的记录超过了 {most:,} 字节",
    ),
    "not_a_run": Text(
        en="this is no run of a lab: {reason}",
        zh="这不是实验的运行记录：{reason}",
    ),
    "unknown_hyperparameter": Text(
        en="the board takes runs of the workbook's network, and {name!r} is none of its "
        "hyperparameters",
        zh="班级看板只接收本教程网络的运行记录，而 {name!r} 不是该网络的超参数",
    ),
    "out_of_range": Text(
        en="{name}={value!r} must lie between 0 and {most:g}",
        zh="{name}={value!r} 必须在 0 与 {most:g} 之间",
    ),
    # Students
    "code": Text(
        en="code={value!r} is no class code: two English words, such as 'maple-river'",
        zh="code={value!r} 不是班级口令：口令是两个英文单词，例如 'maple-river'",
    ),
    "nickname": Text(
        en="nickname={value!r} must be 1 to {most} letters or digits (spaces, hyphens, "
        "underscores and dots between them are allowed)",
        zh="nickname={value!r} 必须由 1 到 {most} 个文字或数字组成"
        "（中间可以有空格、连字符、下划线和点）",
    ),
    "full": Text(
        en="this board has {most:,} students already, and takes no more",
        zh="这个看板已有 {most:,} 名学生，不能再加入",
    ),
    # The store
    "not_opened": Text(
        en="the board's file {path} cannot be opened ({reason})",
        zh="无法打开看板的文件 {path}（{reason}）",
    ),
    "not_kept": Text(
        en="the board's disk takes nothing more ({reason}); the runs wait in the labs. "
        "Make room for {path}",
        zh="看板所在的磁盘无法写入（{reason}）；运行记录会留在各实验中等待。请为 {path} 腾出空间",
    ),
    # What a lab is answered
    "bad_request": Text(
        en="the board could not read the request ({reason})",
        zh="看板无法读取请求（{reason}）",
    ),
    "wrong_code": Text(
        en="the class code is not right: look at the projector again",
        zh="班级口令不对：请再看一下投影",
    ),
    "too_many_codes": Text(
        en="there were too many wrong class codes: wait a minute",
        zh="输错口令的次数太多：请等一分钟",
    ),
    "nickname_refused": Text(
        en="the board does not take the nickname {nickname!r}",
        zh="看板不接受昵称 {nickname!r}",
    ),
    "full_refused": Text(
        en="the board has as many students as it takes",
        zh="看板的学生人数已满",
    ),
    "unknown_student": Text(
        en="you are not on the board (any more): join again if you want your runs to be shown",
        zh="看板上没有（或不再有）你：若想显示你的运行，请重新加入",
    ),
    "too_many_runs": Text(
        en="more than {most} runs a minute: the rest waits, and is sent a little later",
        zh="每分钟超过 {most} 次运行：其余的会等一会儿再发送",
    ),
    "disk_full": Text(
        en="the board's disk is full: your runs wait here until there is room",
        zh="看板所在的磁盘已满：你的运行记录会在这里等到有空间为止",
    ),
}
