"""Words about the reader's own copies of the notebooks."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS = {
    "opening": Text(
        en="Opening the workbook in {folder} (your own copies; stop with Ctrl+C)…",
        zh="正在打开教程：{folder}（这是你自己的副本；按 Ctrl+C 停止）……",
    ),
    "updated": Text(
        en="Updated, since you had not changed them: {names}",
        zh="以下笔记本你没有改过，已更新：{names}",
    ),
    "kept": Text(
        en="There is a new version, and yours was kept: {names} "
        "({command} reset NUMBER brings the new one and keeps yours beside it)",
        zh="以下笔记本有新版本，但保留了你改过的：{names}"
        "（{command} reset 编号 可换成新版，你的会另存在旁边）",
    ),
    "no_notebooks": Text(
        en="There are no notebooks in {folder}: hpt_widgets was installed without the project's "
        "folder. Clone the project and run make lab there.",
        zh="{folder} 里没有笔记本：安装 hpt_widgets 时没有带上项目文件夹。"
        "请克隆项目，在其中运行 make lab。",
    ),
    "nowhere_to_write": Text(
        en="There is no place for your copies of the notebooks ({reason}). "
        "Set {variable} to a folder that you may write in.",
        zh="没有地方存放你的笔记本副本（{reason}）。"
        "请把环境变量 {variable} 设为一个可以写入的文件夹。",
    ),
    "not_written": Text(
        en="Your copies of the notebooks in {folder} cannot be written ({reason}). "
        "Is there room on the disk? What you have written is as it was.",
        zh="无法写入 {folder} 里的笔记本副本（{reason}）。请检查磁盘空间；你写过的内容没有改动。",
    ),
    "which_chapter": Text(
        en="chapter={chapter!r} is not one notebook. Use one of:\n{names}",
        zh="chapter={chapter!r} 不能确定是哪一个笔记本。请从下面选一个：\n{names}",
    ),
    "reset": Text(
        en="{copy} is the original again.",
        zh="{copy} 已恢复为原样。",
    ),
    "reset_kept": Text(
        en="{copy} is the original again; your version is {kept}.",
        zh="{copy} 已恢复为原样；你的版本另存为 {kept}。",
    ),
}
