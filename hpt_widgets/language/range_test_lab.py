"""The words of the range-test lab."""

from hpt_widgets.language import Text

TEXTS = {
    # fields and buttons
    "low": Text(en="lowest rate", zh="最低学习率"),
    "high": Text(en="highest rate", zh="最高学习率"),
    "n_updates": Text(en="updates", zh="更新次数"),
    "start": Text(en="start", zh="开始"),
    "start_tooltip": Text(en="test again with these settings", zh="按当前设置再测一次"),
    "stop": Text(en="stop", zh="停止"),
    "stop_tooltip": Text(en="end the test here", zh="到此为止"),
    "clear": Text(en="clear", zh="清空"),
    "clear_tooltip": Text(en="take all curves off the chart", zh="清除图上所有曲线"),
    "about": Text(
        en="One short training: from update to update the learning rate grows by the same factor. "
        "It ends early once the loss is four times its lowest.",
        zh="一次很短的训练：每更新一次，学习率乘以同一个倍数。损失升到最低值的四倍就提前结束。",
    ),
    # chart
    "loss": Text(en="training loss", zh="训练损失"),
    "steepest_at": Text(en="steepest at", zh="下降最快处"),
    "places": Text(en="learning rate where the loss is", zh="各处的学习率"),
    "steepest": Text(en="steepest", zh="下降最快处"),
    "lowest": Text(en="lowest", zh="最低处"),
    "diverged": Text(en="diverging", zh="发散处"),
    "legend": Text(
        en="dots: single batches of the last test; line: smoothed; circle: steepest descent",
        zh="小点：最近一次测试的各个批；曲线：平滑后；圆圈：下降最快处",
    ),
    "found": Text(
        en="Done: steepest at {steepest}, lowest at {lowest}, diverges at {diverged}.",
        zh="完成：下降最快处 {steepest}，最低处 {lowest}，发散处 {diverged}。",
    ),
    "tested": Text(
        en="{settings}, {updates} updates",
        zh="{settings}，{updates} 次更新",
    ),
    # state
    "ready": Text(en="Ready: move a slider or press start.", zh="就绪：拖动滑块，或按“开始”。"),
    "warming_up": Text(
        en="Warming up TensorFlow… (once, a few seconds)",
        zh="正在启动 TensorFlow……（只需一次，几秒钟）",
    ),
    "testing": Text(en="The learning rate grows…", zh="学习率正在增大……"),
    "failed": Text(
        en="Something went wrong: {error}. The lab goes on: move a slider.",
        zh="出错了：{error}。实验台仍可使用，请再拖动滑块。",
    ),
    # errors
    "nothing_found": Text(
        en="the test was stopped before its first update",
        zh="测试在第一次更新之前就被停止了",
    ),
    "not_here": Text(
        en="{name} cannot be set here: low=, high= and n_updates= decide it",
        zh="这里不能设置 {name}：它由 low=、high= 和 n_updates= 决定",
    ),
}
