"""What the backpropagation lab says."""

from hpt_widgets.language import Text

TEXTS = {
    "unknown_setting": Text(
        en="{name}={value!r}: this lab has no such setting; it has {allowed}",
        zh="{name}={value!r}：这个实验台没有这个设置，可用的有 {allowed}",
    ),
    "diverges": Text(
        en="With η = {rate} the error would explode at step {steps}: choose a smaller η.",
        zh="学习率 η = {rate} 太大：再走 {steps} 步误差就会无限增大。请减小学习率。",
    ),
    "x1": Text(en="input x₁", zh="输入 x₁"),
    "x2": Text(en="input x₂", zh="输入 x₂"),
    "target": Text(en="target t", zh="目标值 t"),
    "learning_rate": Text(en="learning rate η", zh="学习率 η"),
    "hidden_activation": Text(en="hidden units", zh="隐藏神经元激活函数"),
    "output_activation": Text(en="output unit", zh="输出神经元激活函数"),
    "to_start": Text(en="To the beginning", zh="回到开头"),
    "back": Text(en="One calculation back", zh="后退一步"),
    "forward": Text(en="Next calculation", zh="下一步计算"),
    "to_end": Text(en="To the last calculation", zh="到最后一步"),
    "scrub": Text(en="calculation", zh="计算步骤"),
    "descend_once": Text(en="One descent step", zh="下降一步"),
    "descend_ten": Text(en="Ten", zh="下降十步"),
    "reset": Text(en="Undo the steps", zh="撤销下降"),
    "at_step": Text(en="{step} of {last} · {phase}", zh="第 {step} 步，共 {last} 步 · {phase}"),
    "at_start": Text(
        en="Nothing is calculated yet. Predict h₁, then go to the next calculation.",
        zh="还没有开始计算。先预测 h₁，再点“下一步计算”。",
    ),
    "fell": Text(
        en="The error went from {before} to {after} after {n} descent steps.",
        zh="下降 {n} 步后，误差从 {before} 变为 {after}。",
    ),
    "fell_one": Text(
        en="The error went from {before} to {after} after one descent step.",
        zh="下降一步后，误差从 {before} 变为 {after}。",
    ),
    "descent_steps": Text(en="descent steps", zh="下降步数"),
    "error": Text(en="error J", zh="误差 J"),
    "parameter": Text(en="parameter", zh="参数"),
    "gradient": Text(en="gradient", zh="梯度"),
    "numerical": Text(en="by difference", zh="中心差分"),
    "at_kink": Text(
        en="– means that the two cannot be compared: the weighted sum of a ReLU unit is 0, or so "
        "near 0 that the two points of the difference lie on either side of it. ReLU has a kink "
        "there: the difference averages the slopes 0 and 1, and backpropagation takes that of its "
        "own side (at 0 itself, 0).",
        zh="“–”表示两者无法比较：某个 ReLU 神经元的加权和等于 0，或离 0 极近，"
        "差分所用的两点分别落在 0 的两侧。ReLU 在 0 处转折：差分得到的是两侧斜率 0 和 1 的平均，"
        "反向传播取的是所在一侧的斜率（恰为 0 时取 0）。",
    ),
    "legend": Text(
        en="Width shows the size of a weight, colour its sign: {positive}positive, {negative}"
        "negative. {active}takes part in this calculation. {signal}error signals, gradients.",
        zh="线条粗细表示权重大小，颜色表示正负：{positive}正，{negative}负。"
        "{active}本步参与计算的部分。{signal}误差信号与梯度。",
    ),
    "drawing": Text(
        en="The network with its values after calculation {step}",
        zh="第 {step} 步计算之后的网络及各处数值",
    ),
}
