"""Words of ``python -m hpt_widgets doctor``."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS = {
    "good": Text(en="ok   ", zh="正常"),
    "bad": Text(en="WRONG", zh="有误"),
    "healthy": Text(en="All is well.", zh="一切正常。"),
    "unhealthy": Text(
        en="Something is wrong: see above for what to do.",
        zh="有些地方不对：处理办法见上。",
    ),
    "not_whole": Text(
        en="Something is wrong (see above). If in doubt, delete the folder .venv and run make lab.",
        zh="有些地方不对（见上）。拿不准时，请删除 .venv 文件夹，再运行 make lab。",
    ),
    "not_installed": Text(
        en="hpt-widgets is not installed in this Python. Run make lab, or open the notebook with "
        "the kernel of the workbook's own .venv.",
        zh="这个 Python 里没有安装 hpt-widgets。"
        "请运行 make lab，或换用教程自己的 .venv 内核打开笔记本。",
    ),
    "python": Text(
        en="Python {version} (the workbook needs {allowed})",
        zh="Python {version}（要求 {allowed}）",
    ),
    "package": Text(
        en="hpt_widgets is imported from {folder}",
        zh="hpt_widgets 的位置：{folder}",
    ),
    "version": Text(
        en="{name}: {found} is installed, {allowed} is needed",
        zh="{name}：已安装的是 {found}，需要 {allowed}",
    ),
    "versions": Text(
        en="{count} packages have the right versions",
        zh="{count} 个软件包的版本都符合要求",
    ),
    "no_jupyter": Text(
        en="Jupyter cannot be imported: {error}",
        zh="无法导入 Jupyter：{error}",
    ),
    "no_front_end": Text(
        en="JupyterLab cannot draw the widgets: {names} is missing. Install JupyterLab, ipywidgets "
        "and bqplot into the same environment, then reload the page.",
        zh="JupyterLab 无法显示控件：缺少 {names}。"
        "请把 JupyterLab、ipywidgets 和 bqplot 装在同一个环境里，然后刷新页面。",
    ),
    "front_end": Text(
        en="JupyterLab has the widgets and the charts",
        zh="JupyterLab 已装好控件和图表",
    ),
    "no_reader_folder": Text(
        en="Your folder cannot be written in ({error}). Set HPT_HOME to one that can.",
        zh="你的文件夹无法写入（{error}）。请把环境变量 HPT_HOME 设为一个可以写入的文件夹。",
    ),
    "reader_folder": Text(
        en="Your runs and answers are kept in {folder}",
        zh="你的训练记录和练习进度保存在 {folder}",
    ),
    "no_data": Text(en="MNIST: {error}", zh="MNIST：{error}"),
    "data": Text(en="MNIST: {count:,} digits", zh="MNIST：{count:,} 张手写数字图片"),
    "no_tensorflow": Text(
        en="TensorFlow cannot be imported: {error}",
        zh="无法导入 TensorFlow：{error}",
    ),
    "tensorflow": Text(en="TensorFlow {version} computes", zh="TensorFlow {version} 可以运算"),
}
