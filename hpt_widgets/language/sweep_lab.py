"""The words of the sweep lab."""

from hpt_widgets.language import Text

TEXTS = {
    # fields and buttons
    "axis": Text(en="vary", zh="横轴"),
    "axis_values": Text(en="values", zh="横轴取值"),
    "series": Text(en="curve for each", zh="各条曲线"),
    "series_values": Text(en="its values", zh="曲线取值"),
    "seeds": Text(en="seeds", zh="种子数"),
    "fixed": Text(en="what stays the same", zh="保持不变的设置"),
    "hide_fixed": Text(en="hide what stays the same", zh="收起保持不变的设置"),
    "same": Text(en="The same in all: {settings}.", zh="各次相同：{settings}。"),
    "start": Text(en="start", zh="开始"),
    "start_tooltip": Text(en="begin a new sweep", zh="开始一次新的扫描"),
    "resume": Text(en="continue", zh="继续"),
    "resume_tooltip": Text(
        en="train what is missing: what was stopped, or values and seeds that you have added",
        zh="补上还缺的训练：被停下的，或新加的取值和种子",
    ),
    "stop": Text(en="stop", zh="停止"),
    "stop_tooltip": Text(
        en="end the sweep; the trainings that have landed are kept",
        zh="结束扫描，已完成的训练会保留",
    ),
    "about_one": Text(
        en="{trials} trainings: the whole curve with one seed.",
        zh="共 {trials} 次训练：用一个种子画完整条曲线。",
    ),
    "about": Text(
        en="{trials} trainings: the whole curve with one seed, then the next of {n} seeds.",
        zh="共 {trials} 次训练：先用一个种子画完整条曲线，再换下一个，共 {n} 个种子。",
    ),
    # chart and table
    "measure": Text(en="what is drawn", zh="纵轴"),
    "validation_accuracy": Text(en="validation accuracy", zh="验证准确率"),
    "validation_loss": Text(en="validation loss", zh="验证损失"),
    "mean": Text(en="mean", zh="平均值"),
    "legend": Text(
        en="dot: one seed; line: mean; triangle: beyond the edge; cross: diverged",
        zh="小点：一个种子；折线：平均值；三角：超出图外；叉：发散",
    ),
    "legend_with_means": Text(
        en="dot: seed; line: mean; triangle: either, beyond the edge ({count} of {total} means); "
        "cross: diverged",
        zh="小点：一个种子；折线：平均值；三角：图外的种子或平均值"
        "（{total} 个平均值中 {count} 个）；叉：发散",
    ),
    "lost": Text(en="{count} diverged", zh="{count} 次发散"),
    "table_note": Text(
        en="Mean over the seeds ± standard deviation of single runs.",
        zh="各种子的平均值 ± 单次训练的标准差。",
    ),
    # state
    "ready": Text(
        en="Ready: choose what to vary and press start.", zh="就绪：选好要改变什么，按“开始”。"
    ),
    "warming_up": Text(
        en="Warming up TensorFlow… (once, a few seconds)",
        zh="正在启动 TensorFlow……（只需一次，几秒钟）",
    ),
    "is_training": Text(
        en="Training… {done} of {total}.", zh="正在训练……{total} 次中已完成 {done} 次。"
    ),
    "is_stopped": Text(
        en="Stopped: {done} of {total} trainings kept; press continue for the rest.",
        zh="已停止：共 {total} 次训练，已完成的 {done} 次都保留着；按“继续”做完其余的。",
    ),
    "is_ended": Text(
        en="Done: {done} of {total} trainings.", zh="完成：共 {total} 次训练，做完 {done} 次。"
    ),
    "best": Text(
        en="Best mean {score} at {settings} (seeds: {runs}).",
        zh="平均值最好的是 {score}：{settings}（{runs} 个种子）。",
    ),
    "progress": Text(
        en="{done} of {total} trainings · {seconds:.1f} s of training · {left:.0f} s left",
        zh="{done} / {total} 次训练 · 已用 {seconds:.1f} 秒 · 还需 {left:.0f} 秒",
    ),
    "progress_ended": Text(
        en="{done} of {total} trainings · {seconds:.1f} s of training",
        zh="{done} / {total} 次训练 · 共用 {seconds:.1f} 秒",
    ),
    "failed": Text(
        en="Something went wrong: {error}. The trainings that landed are kept; press continue.",
        zh="出错了：{error}。已完成的训练都保留着，请按“继续”。",
    ),
    # errors
    "nothing_to_resume": Text(
        en="There is no sweep to continue: press start.", zh="没有可以继续的扫描：请按“开始”。"
    ),
    "not_a_value": Text(
        en="{label}: {typed!r} is not a value; write layers like 128-64, 32",
        zh="{label}：“{typed}”不是取值；各层的写法如 128-64, 32",
    ),
    "comma": Text(
        en="{label}: {typed!r} could be one number or several: write 0.05 with a point, "
        "and a list with spaces, like 0.01, 0.1",
        zh="{label}：“{typed}”可能是一个数，也可能是几个数：小数请用小数点（如 0.05），"
        "列表请在逗号后加空格（如 0.01, 0.1）",
    ),
    "thousands": Text(
        en="{label}: {typed!r} could be one number or several: write 1200 without a comma, "
        "and a list with spaces, like 1, 200",
        zh="{label}：“{typed}”可能是一个数，也可能是几个数：数中不要写逗号（如 1200），"
        "列表请在逗号后加空格（如 1, 200）",
    ),
    "seed": Text(
        en="seed={value!r} is not allowed here: seeds= is how many there are, or a list of them",
        zh="这里不能用 seed={value!r}：请用 seeds= 指定种子的个数或列表",
    ),
    "same_twice": Text(
        en="this hyperparameter lies along the axis already: choose another one",
        zh="横轴已经是这个超参数了：请另选一个",
    ),
}
