"""The words of the training lab."""

from hpt_widgets.language import Text

TEXTS = {
    # hyperparameters
    "learning_rate": Text(en="learning rate", zh="学习率"),
    "batch_size": Text(en="batch size", zh="批大小"),
    "dropout_rate": Text(en="dropout rate", zh="dropout 率"),
    "hidden_units": Text(en="hidden units", zh="隐藏层神经元数"),
    "activation": Text(en="activation", zh="激活函数"),
    "optimizer": Text(en="optimiser", zh="优化器"),
    "epochs": Text(en="epochs", zh="训练轮数"),
    "weight_decay": Text(en="weight decay", zh="权重衰减"),
    "seed": Text(en="random seed", zh="随机种子"),
    "training_size": Text(en="training samples", zh="训练样本数"),
    "momentum": Text(en="momentum β", zh="动量 β"),
    "epsilon": Text(en="epsilon ε", zh="分母中的 ε"),
    "schedule": Text(en="rate schedule", zh="学习率调度"),
    "warm_up": Text(en="warm-up share", zh="预热比例"),
    "initial_scale": Text(en="initial scale", zh="初始权重倍数"),
    "parametrization": Text(en="parametrization", zh="参数化方式"),
    "base_width": Text(en="base width", zh="基准宽度"),
    # what some of them may be
    "schedule_constant": Text(en="constant", zh="恒定"),
    "schedule_step": Text(en="in steps", zh="阶梯式"),
    "schedule_cosine": Text(en="cosine", zh="余弦"),
    "schedule_1cycle": Text(en="1cycle", zh="1cycle"),
    "parametrization_standard": Text(en="standard", zh="标准"),
    "parametrization_mup": Text(en="μP", zh="μP"),
    # the article's three kinds
    "structure": Text(en="structure", zh="网络结构"),
    "training": Text(en="training", zh="训练"),
    "regularization": Text(en="regularisation", zh="正则化"),
    "finer": Text(en="finer settings", zh="进一步的设置"),
    "more": Text(en="more hyperparameters", zh="更多超参数"),
    "fewer": Text(en="fewer hyperparameters", zh="收起这些超参数"),
    # buttons
    "apply_to_running": Text(en="apply to the running training", zh="直接用于正在进行的训练"),
    "start": Text(en="start", zh="开始"),
    "pause": Text(en="pause", zh="暂停"),
    "resume": Text(en="resume", zh="继续"),
    "step": Text(en="one step", zh="走一步"),
    "stop": Text(en="stop", zh="停止"),
    "reset": Text(en="reset", zh="重置"),
    "start_tooltip": Text(
        en="train again with the settings as they stand", zh="按当前设置重新训练"
    ),
    "step_tooltip": Text(en="a single update of the weights", zh="只更新一次权重"),
    "reset_tooltip": Text(
        en="all settings and curves as at the beginning; the table keeps its runs",
        zh="设置和曲线恢复到最初状态，表格中的记录保留",
    ),
    # charts
    "loss": Text(en="loss (log scale)", zh="损失（对数刻度）"),
    "accuracy": Text(en="validation accuracy", zh="验证准确率"),
    "samples": Text(en="samples seen", zh="已训练样本数"),
    "seconds": Text(en="seconds", zh="秒"),
    "x_axis": Text(en="x axis", zh="横轴"),
    "training_loss": Text(en="training loss", zh="训练损失"),
    "validation_loss": Text(en="validation loss", zh="验证损失"),
    "this_run": Text(en="this run: {settings}", zh="本次：{settings}"),
    "earlier_run": Text(en="earlier: {difference}", zh="之前：{difference}"),
    "same_settings": Text(en="the same settings", zh="设置相同"),
    # state
    "ready": Text(en="Ready: move a slider or press start.", zh="就绪：拖动滑块，或按“开始”。"),
    "warming_up": Text(
        en="TensorFlow is being loaded… (once, a few seconds)",
        zh="正在加载 TensorFlow……（只需一次，几秒钟）",
    ),
    "is_training": Text(en="Training…", zh="正在训练……"),
    "new_run": Text(
        en="{names} can't change within a run: a new one has begun.",
        zh="{names}不能在训练中途修改，已重新开始训练。",
    ),
    "is_paused": Text(en="Paused.", zh="已暂停。"),
    "ended": Text(
        en="{reason} Validation accuracy {accuracy:.1%}.", zh="{reason}验证准确率 {accuracy:.1%}。"
    ),
    "finished": Text(en="Finished.", zh="训练完成。"),
    "stopped": Text(en="Stopped.", zh="已停止。"),
    "guesses": Text(
        en="The network only guesses: the learning rate may be too large, the training too short, "
        "or the network too small.",
        zh="网络只是在猜：可能学习率太大、训练时间太短，或者网络太小。",
    ),
    "failed": Text(
        en="Something went wrong: {error}. The lab goes on: move a slider.",
        zh="出错了：{error}。实验台仍可使用，请再拖动滑块。",
    ),
    "progress": Text(
        en="{seen:,} of {total:,} samples · {speed:,.0f} samples/s · {left:.1f} s left",
        zh="{seen:,} / {total:,} 个样本 · 每秒 {speed:,.0f} 个 · 还需 {left:.1f} 秒",
    ),
    "progress_minutes": Text(
        en="{seen:,} of {total:,} samples · {speed:,.0f} samples/s · {left:.0f} min left",
        zh="{seen:,} / {total:,} 个样本 · 每秒 {speed:,.0f} 个 · 还需 {left:.0f} 分钟",
    ),
    "progress_done": Text(
        en="{seen:,} of {total:,} samples · {speed:,.0f} samples/s",
        zh="{seen:,} / {total:,} 个样本 · 每秒 {speed:,.0f} 个",
    ),
    "no_progress": Text(en="No training yet.", zh="还没有训练。"),
    # tabs
    "runs": Text(en="runs", zh="训练记录"),
    "mistakes": Text(en="mistakes", zh="错在哪里"),
    "path": Text(en="path", zh="权重路径"),
    "noise": Text(en="gradient noise", zh="梯度噪声"),
    "code": Text(en="show as code", zh="查看代码"),
    "number": Text(en="no.", zh="序号"),
    "what_was_set": Text(en="what was set", zh="设置"),
    "best_accuracy": Text(en="best validation accuracy", zh="最高验证准确率"),
    "took": Text(en="seconds", zh="用时（秒）"),
    "final_accuracy": Text(en="final validation accuracy", zh="最终验证准确率"),
    "final_loss": Text(en="final validation loss", zh="最终验证损失"),
    "how_it_ended": Text(en="how it ended", zh="结束方式"),
    "pin": Text(en="pin", zh="固定"),
    "unpin": Text(en="unpin", zh="取消固定"),
    "pin_tooltip": Text(
        en="run {number}: keep its curves in the charts", zh="第 {number} 次：曲线一直留在图上"
    ),
    "forget": Text(en="forget", zh="删除"),
    "forget_tooltip": Text(
        en="run {number}: take it out of the table and the charts",
        zh="第 {number} 次：从表格和图中去掉",
    ),
    "no_runs": Text(en="No run has ended yet.", zh="还没有完成的训练。"),
    "more_runs": Text(
        en="… and {count} more: lab.runs.to_frame() shows all.",
        zh="……还有 {count} 条：用 lab.runs.to_frame() 查看全部。",
    ),
    "ended_finished": Text(en="finished", zh="完成"),
    "ended_stopped": Text(en="stopped", zh="停止"),
    "ended_superseded": Text(en="replaced by a newer training", zh="被新的训练取代"),
    "ended_diverged": Text(en="diverged", zh="发散"),
    "ended_failed": Text(en="failed", zh="出错"),
    "changed_midway": Text(
        en="after {samples:,} samples: {changes}", zh="第 {samples:,} 个样本之后：{changes}"
    ),
    "misread": Text(
        en="{wrong:,} of {total:,} validation samples are misread. Most often: {pairs}.",
        zh="{total:,} 个验证样本中有 {wrong:,} 个识别错误。最常见的错误：{pairs}。",
    ),
    "pictures_misread": Text(
        en="The pictures are those that the network was most certain of, and wrong.",
        zh="图中是网络最有把握、却认错的样本。",
    ),
    "misread_pair": Text(
        en="{true} read as {predicted} ({count} times)",
        zh="把 {true} 认成 {predicted}（{count} 次）",
    ),
    "misread_pair_once": Text(
        en="{true} read as {predicted} (once)", zh="把 {true} 认成 {predicted}（1 次）"
    ),
    "confusion_matrix": Text(en="confusion matrix", zh="混淆矩阵"),
    "true_class": Text(en="true", zh="真实类别"),
    "class_read": Text(en="read as", zh="预测类别"),
    "worst_samples": Text(
        en="true → read as, and how certain the network was",
        zh="真实类别 → 预测类别，以及网络的把握",
    ),
    "none_misread": Text(
        en="All {total:,} validation samples are read correctly.",
        zh="{total:,} 个验证样本全部识别正确。",
    ),
    "no_mistakes_yet": Text(
        en="When a run ends, its mistakes on the validation data are shown here.",
        zh="训练结束后，这里显示它在验证集上的错误。",
    ),
    # the gradient noise scale
    "no_noise_yet": Text(
        en="When a run ends, its gradient noise scale is shown here: how large a batch must be "
        "for its gradient to be more than noise.",
        zh="训练结束后，这里显示它的梯度噪声尺度：批要多大，算出的梯度才不只是噪声。",
    ),
    "noise_scale": Text(
        en="Run {number}, trained with batch size {batch_size}: gradient noise scale ≈ {scale} "
        "samples.",
        zh="第 {number} 次训练，批大小 {batch_size}：梯度噪声尺度 ≈ {scale} 个样本。",
    ),
    "noise_drowns": Text(
        en="Run {number}, trained with batch size {batch_size}: no gradient noise scale was "
        "found. The mean gradient of {n_samples:,} samples drowns in their noise: the scale is "
        "probably larger than that.",
        zh="第 {number} 次训练，批大小 {batch_size}：测不出梯度噪声尺度。{n_samples:,} "
        "个样本的平均梯度淹没在噪声里，这个尺度很可能比样本数还大。",
    ),
    "noise_diverged": Text(
        en="Run {number} diverged: the gradients at such weights say nothing about a batch size.",
        zh="第 {number} 次训练发散了：在这样的权重上，梯度说明不了批大小的问题。",
    ),
    "noise_undefined": Text(
        en="Run {number} has no gradient noise scale: that takes two training samples at least, "
        "and gradients that are neither all 0 nor beyond all numbers.",
        zh="第 {number} 次训练没有梯度噪声尺度：至少要有两个训练样本，"
        "梯度也不能全是 0，或者大到溢出。",
    ),
    "noise_meaning": Text(
        en="In a batch of that size the noise is as strong as the gradient itself. Much smaller "
        "batches cost many steps, much larger ones spare few (McCandlish et al. 2018, "
        "arXiv 1812.06162). Measured on {n_samples:,} of the training samples, with the weights "
        "at the run's end; only its order of magnitude counts.",
        zh="批大小等于它时，噪声与梯度本身一样强。批小得多，就要多走许多步；批大得多，"
        "也省不了几步（McCandlish 等，2018，arXiv 1812.06162）。"
        "用 {n_samples:,} 个训练样本、训练结束时的权重测得，只看数量级。",
    ),
    "program": Text(en="Keras program", zh="Keras 程序"),
    "code_intro": Text(
        en="The Keras program for the settings as they stand. Click it to select it all.",
        zh="与当前设置等价的 Keras 程序，点击即可全选。",
    ),
    # errors
    "probabilities": Text(
        en="probabilities={value!r} is not allowed: an array of floats of shape "
        "(n_samples, n_classes)",
        zh="probabilities={value!r} 不可用：须为形状为 (样本数, 类别数) 的浮点数组",
    ),
    "labels": Text(
        en="labels={value!r} is not allowed: an array of {n} whole numbers from 0 to {highest}",
        zh="labels={value!r} 不可用：须为由 {n} 个整数组成的数组，每个在 0 到 {highest} 之间",
    ),
    "hidden_units_text": Text(
        en="{label}: {typed!r} is not allowed; it should be whole numbers with commas between, "
        "like 128, 64",
        zh="{label}：“{typed}”不可用；请写成用逗号隔开的整数，例如 128, 64",
    ),
    "epoch": Text(
        en="epoch={value!r} is not allowed: a number of epochs, 0 or more",
        zh="epoch={value!r} 不可用：须为不小于 0 的轮数",
    ),
    "unknown_setting": Text(
        en="there is no setting called {name!r}: choose from {allowed}",
        zh="没有名为 {name!r} 的设置：可选的有 {allowed}",
    ),
    "wrong_setting": Text(
        en="{name}={value!r} is not allowed: {allowed}", zh="{name}={value!r} 不可用：{allowed}"
    ),
    "not_pinned": Text(
        en="run {number} can't be pinned: its curves are no longer in the charts, or only one "
        "place is left for new runs",
        zh="第 {number} 次训练无法固定：它的曲线已不在图上，或者只剩一个位置留给新的训练",
    ),
    "no_such_run": Text(
        en="number={number!r} is not allowed: the runs are {allowed}",
        zh="number={number!r} 不可用：现有的序号是 {allowed}",
    ),
    "no_validation": Text(
        en="data has no split 'validation': the lab measures on it",
        zh="data 中没有 'validation' 这个部分：实验台要用它来衡量效果",
    ),
}
