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
    "found_no_end": Text(
        en="Done: steepest at {steepest}, lowest at {lowest}. It did not diverge up to {last}: "
        "raise the highest rate.",
        zh="完成：下降最快处 {steepest}，最低处 {lowest}。到 {last} 还没有发散：请提高最高学习率。",
    ),
    "still_fell": Text(
        en="Done: steepest at {steepest}. The loss still fell at {last}: raise the highest rate.",
        zh="完成：下降最快处 {steepest}。到 {last} 损失还在下降：请提高最高学习率。",
    ),
    "hardly_fell": Text(
        en="The loss hardly fell from {first} to {last}: try a wider range of rates.",
        zh="从 {first} 到 {last}，损失几乎没有下降：请扩大学习率的范围。",
    ),
    "hardly_fell_before": Text(
        en="The loss hardly fell before it diverged at {diverged}: take more updates.",
        zh="损失几乎没有下降，到 {diverged} 就发散了：请增加更新次数。",
    ),
    "diverged_at_once": Text(
        en="It diverged from the first rates on: lower the lowest rate.",
        zh="一开始就发散了：请降低最低学习率。",
    ),
    "stopped": Text(
        en="Stopped at {last}: up to there steepest at {steepest}, lowest at {lowest}.",
        zh="在 {last} 处停止：到此为止，下降最快处 {steepest}，最低处 {lowest}。",
    ),
    "stopped_early": Text(
        en="Stopped at {last}, before the loss fell by more than chance.",
        zh="在 {last} 处停止，损失的下降还没有超出偶然波动。",
    ),
    "tested": Text(
        en="{settings}, {updates} updates",
        zh="{settings}，{updates} 次更新",
    ),
    "tested_between": Text(
        en="{optimizer}, {settings}, {updates} updates, {low} to {high}",
        zh="{optimizer}，{settings}，{updates} 次更新，{low} 到 {high}",
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
