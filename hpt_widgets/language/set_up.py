"""Words of ``make lab`` while it sets up the workbook."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS = {
    "first": Text(
        en="Setting up the workbook (once; a few minutes, most of them a download of about 500 "
        "MB)…",
        zh="正在准备教程（只需一次；要几分钟，主要是下载约 500 MB）……",
    ),
    "unfinished": Text(
        en="The last set-up was not finished; setting up the workbook anew (a few minutes)…",
        zh="上次没有安装完；正在重新准备教程（要几分钟）……",
    ),
    "moved": Text(
        en="The folder was moved or copied; setting up the workbook here (a few minutes)…",
        zh="文件夹被移动或复制过；正在这里重新准备教程（要几分钟）……",
    ),
    "other_python": Text(
        en="The set-up was made for another Python; setting up the workbook anew (a few minutes)…",
        zh="原来的环境是为另一个 Python 准备的；正在重新准备教程（要几分钟）……",
    ),
    "changed": Text(
        en="The workbook's packages have changed; updating them…",
        zh="教程所用的软件包有变化；正在更新……",
    ),
    "development": Text(
        en="Adding the tools that checks, page and slides are made with (once; this needs the "
        "network)…",
        zh="正在添加运行检查、生成网页和幻灯片所需的工具（只需一次，需要联网）……",
    ),
    "without_uv": Text(
        en="uv could not install the packages; installing them with pip (a few minutes)…",
        zh="uv 未能完成安装；改用 pip 安装（需要几分钟）……",
    ),
    "needs_npm": Text(
        en="the hub's proxy needs Node.js and npm", zh="Hub 的代理需要 Node.js 和 npm"
    ),
    "no_pin": Text(
        en="requirements.txt has no pin for {name}",
        zh="requirements.txt 里没有锁定 {name} 的版本",
    ),
    "waiting": Text(
        en="Another set-up of this folder is running; waiting for it…",
        zh="这个文件夹正在由另一个进程准备；等它完成……",
    ),
    "failed": Text(
        en="The set-up failed (details above). Is there a connection, and room on the disk? "
        "Your own package mirror, if you have set one for pip, is used. Then run it again.",
        zh="准备失败（详情见上）。请检查网络和磁盘空间；"
        "然后再运行一次。（如果为 pip 设置过镜像源，这里也会使用。）",
    ),
    "proxy": Text(
        en="A proxy is set ({names}): does it answer? If you need none, unset it and try again.",
        zh="已设置代理（{names}）：它能连通吗？如果不需要代理，请取消设置后再试。",
    ),
    "interrupted": Text(
        en="Interrupted. Run it again, and it starts from a clean state.",
        zh="已中断。再运行一次即可，会从头开始。",
    ),
}
