"""The words in the charts of the training lab."""

from hpt_widgets.language import Text

TEXTS = {
    "loss": Text(en="loss", zh="损失"),
    "samples": Text(en="samples", zh="已训练样本数"),
    "epochs": Text(en="epochs", zh="训练轮数"),
    "seconds": Text(en="seconds", zh="秒"),
    "loss_axis": Text(en="loss", zh="损失轴"),
    "auto": Text(en="automatic", zh="自动"),
    "log": Text(en="log scale", zh="对数刻度"),
    "linear": Text(en="linear scale", zh="线性刻度"),
    # at the ends of a lone run's curves
    "training": Text(en="training", zh="训练"),
    "validation": Text(en="validation", zh="验证"),
    # legend
    "best": Text(en="lowest validation loss", zh="验证损失最低处"),
    "outside": Text(en="goes on outside", zh="超出图外"),
    "has_diverged": Text(en="diverged", zh="发散"),
    "changed": Text(en="changed in mid-run", zh="训练中途修改"),
    "pinned": Text(en="pinned: {runs}", zh="已固定：{runs}"),
    "change_of": Text(en="{run}: {change}", zh="{run}：{change}"),
    "name_of": Text(en="{run}: {settings}", zh="{run}：{settings}"),
    # hover texts
    "above": Text(
        en="{run}: {curve} is above the chart, at the end {value}",
        zh="{run}：{curve}高于图的上边，最后为 {value}",
    ),
    "below": Text(
        en="{run}: {curve} is below the chart, at the end {value}",
        zh="{run}：{curve}低于图的下边，最后为 {value}",
    ),
    "diverged": Text(en="{run}: diverged here", zh="{run}：在此发散"),
    "best_of": Text(
        en="{run}: lowest validation loss, {value:.3g}", zh="{run}：验证损失最低，{value:.3g}"
    ),
}
