"""Words about files that several programs write to."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS = {
    "in_use": Text(
        en="it is in use by another program, which has not let go of it for {seconds:g} seconds: "
        "close that program (another kernel, perhaps) and try again",
        zh="文件正被其他程序使用，已等待 {seconds:g} 秒仍未释放："
        "请关闭该程序（可能是另一个内核），然后重试",
    ),
}
