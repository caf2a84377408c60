"""What a training says of itself."""

from hpt_widgets.language import Text

TEXTS = {
    "not_a_dataset": Text(
        en="data={value!r} is not allowed: a hpt.Dataset, as hpt.load_mnist() returns it",
        zh="data={value!r} 不可用：须为 hpt.Dataset，例如 hpt.load_mnist() 的返回值",
    ),
    "not_hyperparameters": Text(
        en="{name}={value!r} is not allowed: a hpt.Hyperparameters(...)",
        zh="{name}={value!r} 不可用：须为 hpt.Hyperparameters(...)",
    ),
    "not_a_count": Text(
        en="{field}={value!r} is not allowed: a whole number, at least 1",
        zh="{field}={value!r} 不可用：须为不小于 1 的整数",
    ),
    "too_many_weights": Text(
        en="hidden_units={value!r} is not allowed: {weights:,} weights are more than the workbook "
        "trains, at most {most:,}",
        zh="hidden_units={value!r} 不可用：共有 {weights:,} 个权重，而本教程最多训练 {most:,} 个",
    ),
    "samples": Text(
        en="x is not allowed: samples of {n} numbers each, not {found}",
        zh="x 不可用：每个样本应有 {n} 个数，而得到的是 {found}",
    ),
    "other_sizes": Text(
        en="data is not allowed: the run has {features} features and {classes} classes, "
        "these data {found_features} and {found_classes}",
        zh="data 不可用：这次训练有 {features} 个特征、{classes} 个类别，"
        "而这些数据有 {found_features} 个特征、{found_classes} 个类别",
    ),
    "one_sample": Text(
        en="data is not allowed: noise shows from two training samples on, and there are {found}",
        zh="data 不可用：至少要两个训练样本才看得出噪声，而这里有 {found} 个",
    ),
    "fixed_while_running": Text(
        en="{field} can't be changed while a training runs: only {allowed} can",
        zh="训练进行中不能修改 {field}：可以修改的只有 {allowed}",
    ),
    "already_ended": Text(
        en="this training has ended ({reason}): start a new one",
        zh="这次训练已经结束（{reason}）：请重新开始一次训练",
    ),
    "nothing_under_way": Text(
        en="no training is under way: its weights can't be read",
        zh="没有正在进行的训练，读不到权重",
    ),
    "finished": Text(en="finished", zh="已完成"),
    "stopped": Text(en="stopped by hand", zh="手动停止"),
    "diverged_not_finite": Text(
        en="stopped: the loss is no longer a number; try a smaller learning rate",
        zh="已停止：损失值已经不是一个数（nan 或 inf），请调小学习率再试",
    ),
    "diverged_too_large": Text(
        en="stopped: the loss rose above {bound:,.0f}, a network that guesses has {guess:.1f}; "
        "try a smaller learning rate",
        zh="已停止：损失超过 {bound:,.0f}（瞎猜时只有 {guess:.1f}），请调小学习率再试",
    ),
    "batch_clipped": Text(
        en="batch_size={asked:,} is larger than the training data: {used:,} samples were used",
        zh="batch_size={asked:,} 大于训练样本数，实际使用 {used:,}",
    ),
    "forked": Text(
        en="this process was forked after TensorFlow had started, and training would wait for "
        "ever here: start processes with multiprocessing.get_context('spawn') or joblib's "
        "backend 'loky', or train in threads (joblib's backend 'threading')",
        zh="这个进程是在 TensorFlow 启动之后用 fork 派生的，在这里训练会永远等待下去："
        "请用 multiprocessing.get_context('spawn') 或 joblib 的 'loky' 后端启动进程，"
        "或者在线程中训练（threads，joblib 的 'threading' 后端）",
    ),
    "slow_threads": Text(
        en="TensorFlow had already run when the trainer came: its thread settings stay as they "
        "are, and training is slower. Restart the kernel to mend it.",
        zh="训练器启动之前 TensorFlow 已经运行过，线程设置无法再改，训练会慢一些。"
        "重启内核即可恢复。",
    ),
}
