"""The quiz of chapter 4.1."""

from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.language import Text

CHAPTER = "4.1"

QUESTIONS = (
    Question(
        prompt=Text(
            en="J(θ) = θ², θ = 2, learning rate 0.1. Where does one step lead?",
            zh="J(θ) = θ²，θ = 2，学习率 0.1。走一步到哪里？",
        ),
        choices=(
            Choice(
                Text(en="1.8", zh="1.8"),
                Text(
                    en="That takes θ for the derivative; it is 2θ = 4.",
                    zh="这是把 θ 当成了导数；导数是 2θ = 4。",
                ),
            ),
            Choice(
                Text(en="1.6", zh="1.6"),
                Text(
                    en="2 - 0.1 · 4.",
                    zh="2 - 0.1 · 4，对。",
                ),
                right=True,
            ),
            Choice(
                Text(en="2.4", zh="2.4"),
                Text(
                    en="That climbs: the step goes against the gradient.",
                    zh="这是在上坡：步子要朝梯度的反方向走。",
                ),
            ),
            Choice(
                Text(en="-2", zh="-2"),
                Text(
                    en="That would be a learning rate of 1.",
                    zh="学习率为 1 时才会这样。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="On a bowl the path jumps from wall to wall and each jump is larger. Why?",
            zh="在碗形曲面上，路径在两壁之间来回跳，而且越跳越大。为什么？",
        ),
        choices=(
            Choice(
                Text(
                    en="The learning rate exceeds 2/λmax",
                    zh="学习率超过了 2/λmax",
                ),
                Text(
                    en="Along the steepest direction |1 - ηλ| is then above 1: each step enlarges "
                    "the distance.",
                    zh="这时在最陡的方向上 |1 - ηλ| 大于 1：每一步都使距离变大。",
                ),
                right=True,
            ),
            Choice(
                Text(en="The learning rate is too small", zh="学习率太小"),
                Text(
                    en="Then it would creep along one side.",
                    zh="太小时，它会沿着一侧慢慢爬。",
                ),
            ),
            Choice(
                Text(en="There is no minimum", zh="没有最小值"),
                Text(
                    en="A bowl has one; the steps leap over it.",
                    zh="碗底就是最小值；只是步子跨过了它。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Why does gradient descent zigzag in a narrow ravine?",
            zh="梯度下降在狭窄的峡谷里为什么来回震荡？",
        ),
        choices=(
            Choice(
                Text(en="Because of rounding errors", zh="因为舍入误差"),
                Text(
                    en="Exact arithmetic zigzags as well.",
                    zh="精确计算也会来回震荡。",
                ),
            ),
            Choice(
                Text(en="There are many minima", zh="有许多个极小值"),
                Text(
                    en="A quadratic ravine has one minimum and zigzags all the same.",
                    zh="二次型的峡谷只有一个极小值，照样来回震荡。",
                ),
            ),
            Choice(
                Text(
                    en="The gradient points across the ravine, not along it",
                    zh="梯度指向对面的谷壁，而不是沿着峡谷",
                ),
                Text(
                    en="The steep walls dominate it; a rate small enough for them is slow along "
                    "the floor.",
                    zh="陡峭的谷壁决定了梯度的方向；适合谷壁的学习率，沿谷底就走得很慢。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="With momentum 0.9 and a gradient that stays the same, how large do the steps grow "
            "in the end?",
            zh="动量为 0.9、梯度一直不变时，步长最终增大到多少？",
        ),
        choices=(
            Choice(
                Text(en="0.9 times a plain step", zh="普通步长的 0.9 倍"),
                Text(
                    en="Each step adds a plain one to 0.9 of the last: they add up.",
                    zh="每一步都是上一步的 0.9 倍再加一个普通步：会累加起来。",
                ),
            ),
            Choice(
                Text(en="10 times a plain step", zh="普通步长的 10 倍"),
                Text(
                    en="1 + 0.9 + 0.81 + … = 1/(1 - 0.9) = 10.",
                    zh="1 + 0.9 + 0.81 + … = 1/(1 - 0.9) = 10，正是几何级数。",
                ),
                right=True,
            ),
            Choice(
                Text(en="Without limit", zh="没有上限"),
                Text(
                    en="That would be momentum 1, with no friction at all.",
                    zh="那是动量为 1、完全没有摩擦的情形。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="What does a smaller batch change in this picture?",
            zh="在这幅图景里，批大小减小会改变什么？",
        ),
        choices=(
            Choice(
                Text(en="The gradient becomes noisier", zh="梯度的噪声变大"),
                Text(
                    en="It is estimated from fewer samples; near the minimum the path jitters "
                    "instead of settling.",
                    zh="梯度由较少的样本估计；到了最小值附近，路径会抖动，停不下来。",
                ),
                right=True,
            ),
            Choice(
                Text(en="The loss surface becomes flatter", zh="损失曲面变平"),
                Text(
                    en="The surface is that of all the data, whatever the batch.",
                    zh="曲面由全部数据决定，与批大小无关。",
                ),
            ),
            Choice(
                Text(en="Each step becomes shorter", zh="每一步变短"),
                Text(
                    en="The length is set by the learning rate and the gradient; on average it "
                    "stays.",
                    zh="步长由学习率和梯度决定；平均来看不变。",
                ),
            ),
        ),
    ),
)
