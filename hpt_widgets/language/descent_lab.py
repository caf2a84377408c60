"""What the descent lab says."""

from hpt_widgets.language import Text

TEXTS = {
    "unknown_setting": Text(
        en="{name}={value!r}: the descent lab has no such setting; it has {allowed}",
        zh="{name}={value!r}：下降实验台没有这个设置，可用的有 {allowed}",
    ),
    "not_racing": Text(
        en="optimizer={value!r} is not racing: choose from {allowed}",
        zh="优化器 optimizer={value!r} 没有参赛，可选 {allowed}",
    ),
    "surface": Text(en="surface", zh="曲面"),
    "start": Text(en="start", zh="起点"),
    "start_text": Text(
        en="start={value!r} is not a point: write its coordinates like -1.5, 1.5",
        zh="start={value!r} 不是一个点：坐标写法如 -1.5, 1.5",
    ),
    "condition_number": Text(en="condition number κ", zh="条件数 κ"),
    "momentum": Text(en="momentum β", zh="动量 β"),
    "gradient_noise": Text(en="gradient noise", zh="梯度噪声"),
    "steps": Text(en="steps", zh="步数"),
    "schedule": Text(en="schedule", zh="学习率调度"),
    "another_noise": Text(en="other noise", zh="换一组噪声"),
    "racers": Text(en="Optimisers, each with its learning rate η", zh="优化器及各自的学习率 η"),
    "settings": Text(en="The same for all", zh="共同设置"),
    "rate_of": Text(en="η", zh="η"),
    "rate_of_optimizer": Text(en=" of {name}", zh="（{name}）"),
    "to_start": Text(en="To the start", zh="回到起点"),
    "back": Text(en="One step back", zh="后退一步"),
    "play": Text(en="Play", zh="播放"),
    "pause": Text(en="Pause", zh="暂停"),
    "forward": Text(en="One step forward", zh="前进一步"),
    "to_end": Text(en="To the end", zh="到终点"),
    "scrub": Text(en="step", zh="步"),
    "speed_label": Text(en="speed", zh="速度"),
    "steps_a_second": Text(en="{speed:g} steps/s", zh="每秒 {speed:g} 步"),
    "loss_axis": Text(en="loss above the minimum", zh="高出最小值的损失"),
    "raw_loss_axis": Text(en="loss", zh="损失"),
    "step_axis": Text(en="step", zh="步"),
    "verdicts": Text(en="What happens, and why", zh="发生了什么，为什么"),
    "hint_2d": Text(
        en="Drag the white start point, or click anywhere on the map. "
        "A cross marks a minimum; dark ground is high.",
        zh="拖动白色起点，或在图上任意处点击。十字是极小值，颜色越深地势越高。",
    ),
    "hint_1d": Text(
        en="Drag the white start point. The straight line is the tangent where the walk stands.",
        zh="拖动白色起点。直线是当前位置的切线。",
    ),
}
