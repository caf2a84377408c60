"""What all labs say."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    # Signs between words, where each language has its own
    "comma": Text(en=", ", zh="，"),
    "full_stop": Text(en=".", zh="。"),
    "with_remark": Text(en="{words} ({remark})", zh="{words}（{remark}）"),
    # How things stand
    "closed": Text(
        en="This lab was closed: run its cell again.", zh="这个实验台已关闭，请重新运行该单元格。"
    ),
    "timed_out": Text(
        en="the lab was still at work after timeout={timeout} s",
        zh="等待 timeout={timeout} 秒后实验台仍未完成",
    ),
    "not_kept": Text(
        en="What you do in this lab is not kept: your folder can't be written ({reason}).",
        zh="这个实验台的记录不会保存：你的文件夹无法写入（{reason}）。",
    ),
    "not_drawn": Text(
        en="A change of the record could not be drawn: {error}. The record itself is whole.",
        zh="记录有更新，但未能画出：{error}。记录本身是完整的。",
    ),
    "fill_window": Text(en="full window", zh="铺满窗口"),
    "leave_window": Text(en="back to the page (Esc)", zh="返回页面（Esc）"),
    "brought_back": Text(
        en="The kernel had ended in mid-work. What was finished by then is back ({count}).",
        zh="内核上次在运行途中结束，当时已完成的结果已找回（{count} 个）。",
    ),
}
