"""What tells one run from the others, at the ends of curves: as short as can be understood."""

from hpt_widgets.language import Text

TEXTS = {
    "learning_rate": Text(en="rate {value}", zh="学习率 {value}"),
    "batch_size": Text(en="batch {value}", zh="批大小 {value}"),
    "dropout_rate": Text(en="dropout {value}", zh="dropout {value}"),
    "hidden_units": Text(en="{value} units", zh="{value} 个神经元"),
    "hidden_units_one": Text(en="{value} unit", zh="{value} 个神经元"),
    "activation": Text(en="{value}", zh="{value}"),
    "optimizer": Text(en="{value}", zh="{value}"),
    "epochs": Text(en="{value} epochs", zh="{value} 轮"),
    "epochs_one": Text(en="{value} epoch", zh="{value} 轮"),
    "weight_decay": Text(en="decay {value}", zh="权重衰减 {value}"),
    "seed": Text(en="seed {value}", zh="种子 {value}"),
    "training_size": Text(en="{value} samples", zh="{value} 个样本"),
    "momentum": Text(en="β {value}", zh="β {value}"),
    "epsilon": Text(en="ε {value}", zh="ε {value}"),
    "schedule": Text(en="{value}", zh="{value}"),
    "warm_up": Text(en="warm-up {value}", zh="预热 {value}"),
    "initial_scale": Text(en="start × {value}", zh="初始权重 × {value}"),
    "parametrization": Text(en="{value}", zh="{value}"),
    "base_width": Text(en="base {value}", zh="基准宽度 {value}"),
    "changed": Text(en="{old} → {new}", zh="{old} → {new}"),
    "numbered": Text(en="run {number}", zh="第 {number} 次"),
    "one_of_several": Text(en="{label} ({run})", zh="{label}（{run}）"),
}
