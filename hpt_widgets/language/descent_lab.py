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
    "one_stays": Text(en="at least one optimiser must stay", zh="至少保留一个优化器"),
    "surface": Text(en="surface", zh="曲面"),
    "start": Text(en="start", zh="起点"),
    "start_text": Text(
        en="{label}: {typed!r} is not a point; write its coordinates like -1.5, 1.5",
        zh="{label}：“{typed}”不是一个点；坐标写法如 -1.5, 1.5",
    ),
    "start_count": Text(
        en="{label}: {typed!r} is not allowed; it takes {allowed}",
        zh="{label}：“{typed}”不可用；{allowed}",
    ),
    "condition_number": Text(en="condition number κ", zh="条件数 κ"),
    "momentum": Text(en="momentum β", zh="动量 β"),
    "gradient_noise": Text(en="gradient noise", zh="梯度噪声"),
    "steps": Text(en="steps", zh="步数"),
    "schedule": Text(en="schedule", zh="学习率调度"),
    "another_noise": Text(en="other noise", zh="换一组噪声"),
    "racers": Text(en="Optimisers and learning rates η", zh="优化器及各自的学习率 η"),
    "bias_correction": Text(en="bias correction", zh="偏差修正"),
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
    "met_loss_axis": Text(en="loss − lowest + 1%", zh="损失 − 最低值 + 1%"),
    "raw_loss_axis": Text(en="loss", zh="损失"),
    "step_axis": Text(en="step", zh="步数"),
    "step_axis_outside": Text(en="step ({marks} goes on outside)", zh="步数（{marks} 超出图外）"),
    "verdicts": Text(en="What happens, and why", zh="发生了什么，为什么"),
    "rate_axis": Text(en="learning rate η", zh="学习率 η"),
    "momentum_axis": Text(en="momentum β", zh="动量 β"),
    "error_axis": Text(en="error along the eigenvector", zh="特征向量方向上的误差"),
    "solid_curve": Text(en="— λ = {curvature}", zh="— λ = {curvature}"),
    "dashed_curve": Text(en="‐ ‐ λ = {curvature}", zh="‐ ‐ λ = {curvature}"),
    "convergence_more": Text(
        en="How fast? Map of convergence, and the error by eigenvalue",
        zh="收敛多快？收敛图与各特征值的误差",
    ),
    "convergence_fewer": Text(en="Hide map of convergence and errors", zh="收起收敛图与误差曲线"),
    "converges": Text(
        en="In the long run a step multiplies the error by {factor}: "
        "{steps} steps bring it down to a tenth.",
        zh="长期来看，每步把误差乘以 {factor}，降到十分之一要 {steps} 步。",
    ),
    "does_not_converge": Text(
        en="Does not converge: in the long run a step multiplies the error by {factor}.",
        zh="不收敛：长期来看，每步把误差乘以 {factor}。",
    ),
    "best_momentum": Text(
        en="The cross marks momentum's best: η = {rate}, β = {momentum}, "
        "with the factor {factor}, and {steps} steps to a tenth.",
        zh="十字是动量法的最佳设置：η = {rate}，β = {momentum}，"
        "因子为 {factor}，降到十分之一要 {steps} 步。",
    ),
    "convergence_hint": Text(
        en="The numbers on the map are the steps to a tenth of the error; on grey ground momentum "
        "diverges. The lower edge, β = 0, is plain gradient descent. Click on the map to let "
        "momentum race with these settings. All of it holds for a constant learning rate "
        "without noise.",
        zh="图上的数是误差降到十分之一所需的步数；灰色区域动量法发散。"
        "下边缘 β = 0 就是普通梯度下降。"
        "点击图上任意处，动量法就用那里的设置参赛。以上都以学习率恒定、没有噪声为前提。",
    ),
    "hint_2d": Text(
        en="Drag the white start point, or click anywhere on the map. "
        "A cross marks a minimum; dark ground is high.",
        zh="拖动白色起点，或在图上任意处点击。十字是极小值，颜色越深地势越高。",
    ),
    "hint_2d_unmarked": Text(
        en="Drag the white start point, or click anywhere on the map. Dark ground is high.",
        zh="拖动白色起点，或在图上任意处点击。颜色越深地势越高。",
    ),
    "hint_1d": Text(
        en="Drag the white start point. The straight line is the tangent where the walk stands.",
        zh="拖动白色起点。直线是当前位置的切线。",
    ),
}
