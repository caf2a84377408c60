"""The claims of chapter 7.4, about schedules, width and initial weights."""

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    "smith_2018_says": Text(
        en="A few epochs with the 1cycle schedule beat many at a constant learning rate.",
        zh="用 1cycle 调度训练很少几轮，胜过用恒定学习率训练很多轮。",
    ),
    "smith_2018_criterion": Text(
        en="3 epochs of 1cycle against 10 epochs at a constant rate: momentum, 20,000 digits, "
        "batches of 64. Each way takes the best of six rates, chosen with seeds 0 and 1; then "
        "seeds 2 to 25 are compared in pairs. Reproduced if the whole 95 % band of the mean "
        "difference in validation accuracy lies above 0, refuted here if it lies below.",
        zh="1cycle 训练 3 轮，对恒定学习率训练 10 轮：动量法，20,000 个样本，批大小 64。"
        "每种做法都从六个学习率中取最好的，由种子 0 和 1 选定；再用种子 2 到 25 成对比较。"
        "验证准确率的平均差，如果 95% 区间全在 0 以上，就算复现；全在 0 以下，就算在这里不成立。",
    ),
    "smith_2018_differs": Text(
        en="Smith's networks are convolutional, his trainings 85 epochs against 12, and what he "
        "compares with is no constant rate but one that falls slowly. His policy also turns the "
        "momentum down while the rate is up; here it stays.",
        zh="Smith 用的是卷积网络，比的是 85 轮对 12 轮，而且对手不是恒定学习率，"
        "而是缓慢下降的学习率。他的做法还在学习率升高时降低动量，这里动量不变。",
    ),
    "yang_2022_says": Text(
        en="In the maximal update parametrization (μP) the best learning rate stays where it is "
        "as the network grows wider; in the standard one it moves.",
        zh="用最大更新参数化（μP），网络变宽时最好的学习率不变；用标准参数化，它会移动。",
    ),
    "yang_2022_criterion": Text(
        en="Two hidden layers of 32, 64, 128, 256 and 512 units, nine rates in factors of 2, Adam, "
        "one epoch of 8,000 digits, 15 seeds. A line through the best rates of the five widths, on "
        "logarithmic axes, says how many factors of 2 the best rate moves from 32 to 512. "
        "Reproduced if the 95 % band of “standard moves so much further than μP” lies above 0 and "
        "the band of μP's own move below 1; refuted here if either lies on the other side.",
        zh="两个隐藏层，各 32、64、128、256 或 512 个神经元；九个学习率，逐个翻倍；Adam，"
        "8,000 个样本训练一轮，15 个种子。在对数坐标上，用直线拟合五种宽度的最好学习率，"
        "看它从 32 到 512 翻倍（或减半）了几次。"
        "如果“标准参数化比 μP 多移动的量”的 95% 区间在 0 以上，"
        "而且 μP 自己移动量的区间在 1 以下，就算复现；两者之一落在另一侧，就算在这里不成立。",
    ),
    "yang_2022_differs": Text(
        en="Yang's networks go up to width 8,192 and are mostly Transformers; theirs with two "
        "hidden layers train on CIFAR-10 for 20 epochs with SGD, and they measure the training "
        "loss. Here each digit is seen once, so the validation loss is that of fresh data too.",
        zh="论文的网络宽到 8,192，多数是 Transformer；两个隐藏层的那些用 SGD 在 CIFAR-10 上"
        "训练 20 轮，量的是训练损失。这里每个样本只看一次，训练时的数据也都是没见过的，"
        "所以可以用验证损失。",
    ),
    "glorot_2010_says": Text(
        en="A deep network learns faster from initial weights of Glorot's scale than from smaller "
        "or larger ones.",
        zh="深层网络的初始权重，用 Glorot 的尺度比更小或更大的学得快。",
    ),
    "glorot_2010_criterion": Text(
        en="tanh, hidden layers of 64 units, SGD, two epochs of 5,000 digits, 5 seeds; each scale "
        "takes the best of three rates, chosen with the other seeds. The lead is the accuracy "
        "with Glorot's scale minus that with a quarter or four times it, whichever is better. "
        "Reproduced if with nine hidden layers the 95 % band of the lead lies above 1 point, and "
        "that of its excess over the lead with two layers above 0; refuted here if either lies "
        "below.",
        zh="tanh，每个隐藏层 64 个神经元，SGD，5,000 个样本训练两轮，5 个种子；"
        "每个尺度取三个学习率中最好的，由其余种子选定。领先量，是 Glorot 尺度的准确率减去"
        "四分之一尺度与四倍尺度中较好者的准确率。九个隐藏层时，如果领先量的 95% 区间在 1 个百分点"
        "以上，而且它比两层时多出的部分的区间在 0 以上，就算复现；两者之一在下方，"
        "就算在这里不成立。",
    ),
    "glorot_2010_differs": Text(
        en="Glorot's layers have 1,000 units, up to five of them, and train for five million "
        "updates; here there are 64 units, up to nine layers, and 314 updates. The scale that was "
        "usual before is 0.577 of theirs, much closer than a quarter; on MNIST they report an "
        "error of 1.64 % against 1.76 %.",
        zh="论文的网络每层 1,000 个神经元，最多五层，更新五百万次；这里每层 64 个神经元，最多九层，"
        "更新 314 次。以前常用的尺度是 Glorot 尺度的 0.577 倍，比四分之一接近得多；"
        "在 MNIST 上，论文给出的错误率是 1.64% 对 1.76%。",
    ),
    "schedule": Text(en="schedule", zh="调度"),
    "epochs": Text(en="epochs", zh="轮数"),
    "way": Text(en="{schedule}, {epochs} epochs", zh="{schedule}，{epochs} 轮"),
    "rate": Text(en="chosen rate", zh="选定的学习率"),
    "largest_rate": Text(en="learning rate (1cycle: its largest)", zh="学习率（1cycle：最大值）"),
    "accuracy": Text(en="validation accuracy (%)", zh="验证准确率（%）"),
    "ahead": Text(en="1cycle ahead by (points)", zh="1cycle 领先（百分点）"),
    "band": Text(en="95 % band", zh="95% 区间"),
    "from_to": Text(en="{low} to {high}", zh="{low} 到 {high}"),
    "parametrization": Text(en="parametrization", zh="参数化"),
    "width": Text(en="width", zh="宽度"),
    "moved": Text(en="moved by (factors of 2)", zh="移动（翻倍或减半次数）"),
    "best_rate": Text(en="best learning rate", zh="最好的学习率"),
    "activation": Text(en="activation", zh="激活函数"),
    "depth": Text(en="hidden layers", zh="隐藏层数"),
    "scale": Text(
        en="scale of the initial weights (1: Glorot's)", zh="初始权重的尺度（1：Glorot 的）"
    ),
    "deep": Text(en="{activation}, {depth}", zh="{activation}，{depth}"),
    "accuracy_by_scale": Text(
        en="accuracy (%) by scale of the initial weights",
        zh="初始权重的尺度（表中为准确率，%）",
    ),
    "activation_and_depth": Text(en="activation, hidden layers", zh="激活函数，隐藏层数"),
}
