"""The words of the search lab."""

from hpt_widgets.language import Text

TEXTS = {
    # fields and buttons
    "method": Text(en="method", zh="方法"),
    "method_manual": Text(en="manual search", zh="手动调参"),
    "method_grid": Text(en="grid search", zh="网格搜索"),
    "method_random": Text(en="random search", zh="随机搜索"),
    "method_tpe": Text(en="TPE", zh="TPE"),
    "method_halving": Text(en="successive halving", zh="逐次减半"),
    "method_hyperband": Text(en="Hyperband", zh="Hyperband"),
    "budget": Text(en="budget in", zh="预算单位"),
    "budget_trials": Text(en="trials", zh="试验次数"),
    "budget_seconds": Text(en="seconds", zh="秒"),
    "trials": Text(en="trials", zh="试验次数"),
    "seconds": Text(en="seconds", zh="秒数"),
    "seed": Text(en="random seed", zh="随机种子"),
    "repeats": Text(en="repeats (seeds)", zh="重复（种子数）"),
    "n_startup_jobs": Text(en="random start-up", zh="随机起步次数"),
    "training_size": Text(en="training samples", zh="训练样本数"),
    "epochs": Text(en="epochs a trial", zh="每次试验的轮数"),
    "max_epochs": Text(en="most epochs", zh="最多轮数"),
    "factor": Text(en="factor per rung", zh="每级倍数"),
    "more": Text(en="more settings", zh="更多设置"),
    "fewer": Text(en="fewer settings", zh="收起这些设置"),
    "start": Text(en="start", zh="开始"),
    "start_tooltip": Text(en="begin a new search", zh="开始一次新的搜索"),
    "resume": Text(en="continue", zh="继续"),
    "resume_tooltip": Text(
        en="go on with the last search, up to the budget as it stands",
        zh="接着上一次搜索，直到用完当前预算",
    ),
    "stop": Text(en="stop", zh="停止"),
    "stop_tooltip": Text(
        en="end the search; the trials that have landed are kept", zh="结束搜索，已完成的试验会保留"
    ),
    # beside the fields
    "about_grid": Text(
        en="Takes the {grid} combinations of the grid one after another. The seed changes only the "
        "networks' initial weights.",
        zh="依次尝试网格上的 {grid} 种组合。种子只影响网络的初始权重。",
    ),
    "about_random": Text(
        en="Draws every hyperparameter anew for each trial.",
        zh="每次试验都重新随机抽取每个超参数。",
    ),
    "about_tpe": Text(
        en="Bayesian optimisation: begins at random, then proposes where good trials are dense and "
        "poor ones rare. See the tab with its densities.",
        zh="贝叶斯优化：先随机起步，再到好试验密集、差试验稀少的地方去试。"
        "可在“TPE 的密度”选项卡中查看。",
    ),
    "about_halving": Text(
        en="“trials” is the number of settings at the start: all are trained briefly, the best "
        "of them anew for longer, and so on.",
        zh="“试验次数”是开始时的候选个数：先都训练少数几轮，留下最好的，再从头训练更多轮，如此继续。",
    ),
    "about_hyperband": Text(
        en="Successive halving several times over, from many settings with a short first rung to "
        "a few that are trained in full.",
        zh="把逐次减半做若干遍：从候选多、第一级轮数少，到候选少、一开始就训练到最多轮数。",
    ),
    "about_rungs": Text(
        en="{rungs} (settings × epochs): {trials} trainings, {epochs} epochs. The best is one of "
        "those with the most epochs.",
        zh="{rungs}（候选个数×轮数）：共训练 {trials} 次、{epochs} 轮。"
        "最好的一次只从轮数最多的试验中选。",
    ),
    "only_startup": Text(
        en="With this budget all trials belong to the random start-up ({startup}): this is random "
        "search under another name.",
        zh="按这个预算，所有试验都属于随机起步（{startup} 次）：这其实就是随机搜索。",
    ),
    "about_size": Text(
        en="Each trial trains on {size:,} of {all:,} samples and is measured on the validation "
        "data.",
        zh="每次试验用 {all:,} 个样本中的 {size:,} 个训练，在验证集上评分。",
    ),
    "ranges": Text(en="Where it searches:", zh="搜索范围："),
    "range_linear": Text(en="{name}: {low} to {high}", zh="{name}：{low} 到 {high}"),
    "range_log": Text(
        en="{name}: {low} to {high}, evenly by factors", zh="{name}：{low} 到 {high}，按对数均匀"
    ),
    "range_options": Text(en="{name}: {options}", zh="{name}：{options}"),
    # lists
    "shown": Text(en="map", zh="图中显示"),
    "beside": Text(en="beside it", zh="旁边对照"),
    "run_name": Text(en="{number}: {name}, seed {seed}", zh="#{number} {name}，种子 {seed}"),
    "record_name": Text(en="{number}: {name}", zh="#{number} {name}"),
    "group": Text(en="{name}, {count} seeds", zh="{name}，{count} 个种子"),
    "group_of_records": Text(en="{name}, {count} records", zh="{name}，{count} 份记录"),
    "older_groups": Text(en="(not drawn: {count} older)", zh="（未画出：较早的 {count} 组）"),
    # the map
    "trial": Text(en="trial", zh="试验"),
    "n_trials": Text(en="{count} trials", zh="{count} 次试验"),
    "one_trial": Text(en="1 trial", zh="1 次试验"),
    "lost_trial": Text(en="failed or diverged", zh="失败或发散"),
    "accuracy": Text(en="validation accuracy", zh="验证准确率"),
    "no_trials": Text(en="No trial yet.", zh="还没有试验。"),
    "distinct_learning_rate": Text(
        en="{count} distinct learning rates", zh="{count} 个不同的学习率"
    ),
    "distinct_batch_size": Text(en="{count} distinct batch sizes", zh="{count} 个不同的批大小"),
    "distinct_dropout_rate": Text(
        en="{count} distinct dropout rates", zh="{count} 个不同的 dropout 率"
    ),
    "distinct_values": Text(
        en="{count} distinct values of {name}", zh="“{name}”的 {count} 个不同取值"
    ),
    "count_learning_rate": Text(en="{count} learning rates", zh="{count} 个学习率"),
    "count_batch_size": Text(en="{count} batch sizes", zh="{count} 个批大小"),
    "count_dropout_rate": Text(en="{count} dropout rates", zh="{count} 个 dropout 率"),
    "spoken_trial": Text(en="#{number}: {values}", zh="#{number}：{values}"),
    "count_values": Text(en="{count} of {name}", zh="“{name}”的 {count} 个取值"),
    "distinct_in": Text(en="{trials}: {distinct}", zh="{trials}中：{distinct}"),
    "legend_color": Text(en="colour: validation accuracy", zh="颜色：验证准确率"),
    "legend_size": Text(en="size of a mark: {name}", zh="圆的大小：{name}"),
    "legend_lost": Text(en="failed or diverged", zh="失败或发散"),
    "legend_chosen": Text(en="chosen trial", zh="选中的试验"),
    "legend_bars": Text(
        en="bars: how often each distinct value was tried", zh="短线：每个不同的取值试了几次"
    ),
    "legend_hover": Text(
        en="Point at a mark for its values; click it for its learning curve.",
        zh="指向圆点查看数值，点击查看学习曲线。",
    ),
    "legend_fan": Text(en="Trials at one spot lie side by side.", zh="位置相同的试验并排画出。"),
    "count_axis": Text(en="trials", zh="次数"),
    # charts
    "best_so_far": Text(en="best so far", zh="目前最好成绩"),
    "trials_axis": Text(en="trials", zh="试验次数"),
    "epochs_spent_axis": Text(en="epochs of all trials", zh="全部试验的训练轮数"),
    "seconds_axis": Text(en="seconds", zh="秒"),
    "samples_axis": Text(en="samples seen", zh="已训练样本数"),
    "startup_note": Text(
        en="Grey: the first {count} trials, which TPE draws at random.",
        zh="灰色区域：TPE 随机抽取的前 {count} 次试验。",
    ),
    "curve_of_best": Text(
        en="Learning curve of the best trial, no. {number}: {settings}",
        zh="最好的一次（第 {number} 次）的学习曲线：{settings}",
    ),
    "no_curve": Text(
        en="Trial no. {number} has no learning curve in its record: {settings}",
        zh="第 {number} 次试验的记录里没有学习曲线：{settings}",
    ),
    "curve_of_trial": Text(
        en="Learning curve of trial no. {number}: {settings}",
        zh="第 {number} 次试验的学习曲线：{settings}",
    ),
    # tabs
    "curve": Text(en="learning curve", zh="学习曲线"),
    "trial_table": Text(en="trials", zh="试验记录"),
    "heat_map": Text(en="grid", zh="网格"),
    "rungs": Text(en="rungs", zh="各级"),
    "parallel": Text(en="all hyperparameters", zh="全部超参数"),
    "importance": Text(en="importance", zh="重要性"),
    "densities": Text(en="TPE's densities", zh="TPE 的密度"),
    "comparison": Text(en="comparison", zh="方法比较"),
    "order": Text(en="order", zh="排列顺序"),
    "newest_first": Text(en="newest first", zh="最新在前"),
    "best_first": Text(en="best first", zh="最好在前"),
    "how_it_ended": Text(en="how it ended", zh="结束方式"),
    "message": Text(en="message", zh="说明"),
    "more_trials": Text(
        en="… and {count} more: lab.record.to_frame() shows all.",
        zh="……还有 {count} 条：用 lab.record.to_frame() 查看全部。",
    ),
    # the grid as a heat map
    "only_grid": Text(
        en="Show a grid search on the map to see its grid fill cell by cell.",
        zh="在图中显示一次网格搜索，就能看到网格逐格填满。",
    ),
    "grid_too_large": Text(
        en="This grid has too many values to be drawn as a table.",
        zh="这个网格的取值太多，无法画成表格。",
    ),
    "cells": Text(
        en="{done} of {total} combinations tried. The best has an orange frame.",
        zh="{total} 种组合中已试 {done} 种。橙色框是最好的一格。",
    ),
    "param_grid": Text(
        en="a mapping from the names of two hyperparameters or more to lists of their values",
        zh="须为映射（如字典），把至少两个超参数的名称对应到各自的取值列表",
    ),
    "grid_begin": Text(
        en="{total} combinations, and no result yet.", zh="共 {total} 种组合，还没有结果。"
    ),
    "grid_status": Text(
        en="Best so far: {score:.1%} with {settings}.", zh="目前最好：{score:.1%}，{settings}。"
    ),
    "cells_folds": Text(
        en="The small squares are the folds; ± is the standard deviation of their scores.",
        zh="小方格是各折；± 后面是各折得分的标准差。",
    ),
    "more_tables": Text(
        en="… and {count} more: lab.record.to_frame() shows all.",
        zh="……还有 {count} 张：用 lab.record.to_frame() 查看全部。",
    ),
    "edge": Text(
        en="The best lies at the edge of the grid ({edges}): better values may lie beyond it.",
        zh="最好的一格在网格边界上（{edges}）：更好的值可能在网格之外。",
    ),
    "edge_high": Text(en="largest {name} {value}", zh="“{name}”取最大值 {value}"),
    "edge_low": Text(en="smallest {name} {value}", zh="“{name}”取最小值 {value}"),
    # the rungs of successive halving and Hyperband
    "only_rungs": Text(
        en="Show a successive halving or a Hyperband search on the map to see which settings were "
        "dropped, rung by rung.",
        zh="在图中显示一次逐次减半或 Hyperband 搜索，就能看到每一级淘汰了哪些候选。",
    ),
    "rungs_legend": Text(
        en="Each line is a setting; it ends where the setting was dropped, and thick ones reached "
        "the last rung so far. Poor ones may lie below the chart. Epochs of the first rung:",
        zh="每条线是一个候选，在被淘汰处结束；粗线是已到达目前最后一级的候选；太差的可能低于图的下边界。第一级的轮数：",
    ),
    "epochs_axis": Text(en="epochs of the training (logarithmic)", zh="训练轮数（对数刻度）"),
    # all hyperparameters
    "about_parallel": Text(
        en="Each line is a trial, in the colour of its accuracy; the orange one is the chosen "
        "trial. Where good lines run together, the value matters.",
        zh="每条线是一次试验，颜色表示准确率；橙色线是选中的试验。如果好的线都经过某条轴的同一处，说明这个超参数的取值很重要。",
    ),
    "parallel_epochs": Text(
        en="These trials were trained for different numbers of epochs, hence the axis of epochs: "
        "compare the accuracies of lines that cross it at the same height.",
        zh="这些试验的训练轮数不同，所以多了一条轮数轴：只有在轮数轴上经过同一高度的线，准确率才可以相比。",
    ),
    # importance
    "importance_waits": Text(
        en="Working out the importance of the hyperparameters… (a few seconds; a search that is "
        "under way ends first)",
        zh="正在计算各超参数的重要性……（几秒钟；若有搜索在进行，先等它结束）",
    ),
    "importance_few": Text(
        en="For the importance of the hyperparameters, the search on the map needs {least} trials "
        "with a result or more.",
        zh="要估计各超参数的重要性，图中的搜索至少需要 {least} 次有结果的试验。",
    ),
    "importance_unknown": Text(
        en="From these {trials} trials nothing can be said: a random forest predicts the accuracy "
        "of a trial that it has not seen no better (error {error:.2f} percentage points) than the "
        "mean does ({spread:.2f}).",
        zh="从这 {trials} 次试验看不出重要性：随机森林预测未见过的试验，误差 {error:.2f} 个百分点，"
        "并不比直接用平均值（{spread:.2f} 个百分点）更准。",
    ),
    "importance_is": Text(
        en="Permutation importance: a random forest learned the accuracy from {trials} trials "
        "(five folds; error on unseen trials {error:.2f} percentage points, with the mean alone "
        "{spread:.2f}). A bar says by how many percentage points that error grows when the values "
        "of one hyperparameter are shuffled; the line is ± one standard deviation over the folds.",
        zh="置换重要性：随机森林从 {trials} 次试验中学习准确率（五折；对未见过的试验误差 "
        "{error:.2f} 个百分点，只用平均值则为 {spread:.2f}）。条形表示：打乱某个超参数的取值后，"
        "误差增加多少个百分点；横线是各折之间的 ± 一个标准差。",
    ),
    "importance_has_epochs": Text(
        en="The trials were trained for different numbers of epochs, so the forest knows these "
        "too, and they have a bar. Only settings that did well early were trained long: the "
        "hyperparameters’ bars speak mostly of the short trainings.",
        zh="这些试验的训练轮数不同，所以随机森林也用到了轮数，轮数另占一条。只有早期表现好的候选才训练得久，"
        "因此各超参数的条形主要反映短训练时的情形。",
    ),
    "importance_is_not": Text(
        en="It can't say which value is best, nor what matters beyond the ranges searched. A "
        "hyperparameter that was hardly varied looks unimportant, as many do late in a TPE search; "
        "and two that act together share what is theirs.",
        zh="它不能说明哪个值最好，也不能说明搜索范围之外什么重要。几乎没有变化的超参数看起来不重要"
        "（TPE 搜索后期常常如此）；共同起作用的两个超参数，重要性会分摊到两者头上。",
    ),
    # TPE
    "only_tpe": Text(
        en="Show a TPE search on the map to see what it decides by.",
        zh="在图中显示一次 TPE 搜索，就能看到它依据什么做决定。",
    ),
    "still_random": Text(
        en="Trial {done} of the {startup} random start-up trials: TPE does not look at these "
        "densities yet. The best {good} of {done} trials would be the good ones.",
        zh="随机起步阶段，{startup} 次中已完成 {done} 次：TPE 还不看这些密度。"
        "目前 {done} 次试验中最好的 {good} 次算作“好”。",
    ),
    "decides_now": Text(
        en="The best {good} of {done} trials make l(x), all others g(x). TPE draws candidates from "
        "l and tries the one of the largest l/g.",
        zh="{done} 次试验中最好的 {good} 次构成 l(x)，其余构成 g(x)。TPE 从 l 中抽取候选值，"
        "选 l/g 最大的来试。",
    ),
    "good_density": Text(en="l(x), the good trials", zh="l(x)：好试验的密度"),
    "rest_density": Text(en="g(x), the other trials", zh="g(x)：其余试验的密度"),
    "ratio": Text(en="l/g (right axis)", zh="l/g（右轴）"),
    "next_suggestion": Text(en="next: {values}", zh="下一次：{values}"),
    "rug": Text(
        en="Below the curves lie the trials, the good ones above the others; pale ones are "
        "the random start-up.",
        zh="曲线下方是各次试验：上排是好试验，下排是其余试验，颜色浅的属于随机起步。",
    ),
    # comparison
    "group_result": Text(
        en="{name}, after {trials} trials: best accuracy {mean:.2%} on average, "
        "standard deviation {deviation:.2f} points, from {low:.2%} to {high:.2%}.",
        zh="{name}，{trials} 次试验后：最高准确率平均 {mean:.2%}，"
        "标准差 {deviation:.2f} 个百分点，范围 {low:.2%} 到 {high:.2%}。",
    ),
    "single_result": Text(
        en="{name}, once, after {trials} trials: best accuracy {mean:.2%}.",
        zh="{name}，仅一次，{trials} 次试验后：最高准确率 {mean:.2%}。",
    ),
    "statistic": Text(
        en="Compared are the best validation accuracies after the same number of trials. The "
        "statistic is the difference of their means over the seeds with Welch's 95 % confidence "
        "interval; it is called larger than the seed noise if the interval leaves 0 out.",
        zh="比较的是试验次数相同时的最高验证准确率。统计量是两种方法各自对种子取平均后的差，"
        "配以 Welch 方法的 95% 置信区间；区间不含 0，才说差异大于种子噪声。",
    ),
    "conditions_differ": Text(
        en="The trials did not all train on the same number of samples for the same number of "
        "epochs: a difference may come from that and not from the method.",
        zh="这些试验的训练样本数或训练轮数并不相同：差异可能来自这里，而不是来自搜索方法。",
    ),
    "nothing_to_compare": Text(
        en="Run two methods, each with three repeats or more, to compare them.",
        zh="请用两种方法各搜索至少三次（不同种子），再来比较。",
    ),
    # state
    "ready": Text(en="Ready: choose a method and press start.", zh="就绪：选择方法，按“开始”。"),
    "warming_up": Text(
        en="Warming up TensorFlow… (once, a few seconds)",
        zh="正在启动 TensorFlow……（只需一次，几秒钟）",
    ),
    "is_searching": Text(en="Searching… {name}: {trials}.", zh="正在搜索……{name}：{trials}。"),
    "is_stopped": Text(
        en="Stopped. {name}: {trials} kept.", zh="已停止。{name}：保留了 {trials}。"
    ),
    "is_ended": Text(en="Done. {name}: {trials}.", zh="搜索完成。{name}：{trials}。"),
    "best": Text(
        en="Best {accuracy:.2%}, trial {number}: {settings}.",
        zh="最好：第 {number} 次，{accuracy:.2%}（{settings}）。",
    ),
    "failures": Text(en="{trials} failed.", zh="其中 {trials}出错。"),
    "assumed": Text(
        en="Assumed, as the fields stand: {settings}.",
        zh="记录中未注明，按输入框取值：{settings}。",
    ),
    "failed": Text(
        en="Something went wrong: {error}. The trials that landed are kept; press continue.",
        zh="出错了：{error}。已完成的试验都保留着，请按“继续”。",
    ),
    "progress": Text(
        en="{trials} · {seconds:.1f} s of training · {left} s left",
        zh="{trials} · 已用 {seconds:.1f} 秒 · 还需 {left} 秒",
    ),
    "progress_ended": Text(
        en="{trials} · {seconds:.1f} s of training",
        zh="{trials} · 共用 {seconds:.1f} 秒",
    ),
    # errors
    "two_budgets": Text(
        en="trials={trials!r} and seconds={seconds!r}: give one budget, not two",
        zh="trials={trials!r} 与 seconds={seconds!r}：只能给一种预算",
    ),
    "no_seconds": Text(
        en="seconds={seconds!r} is not allowed with method={method!r}: its budget is the number "
        "of trainings in its rungs",
        zh="method={method!r} 时不能指定 seconds={seconds!r}：它的预算就是各级的训练次数",
    ),
    "unknown_setting": Text(
        en="there is no setting called {name!r}: choose from {allowed}",
        zh="没有名为 {name!r} 的设置：可选的有 {allowed}",
    ),
    "nothing_to_resume": Text(
        en="There is no search to continue: press start.", zh="没有可以继续的搜索：请按“开始”。"
    ),
    "used_up": Text(
        en="The budget is used up: raise it, then press continue.",
        zh="预算已用完：请先调大预算，再按“继续”。",
    ),
    "data": Text(
        en="data={value!r} is not allowed: a Dataset, such as load_mnist() returns",
        zh="data={value!r} 不可用：须为 Dataset，例如 load_mnist() 的返回值",
    ),
    "last_seed": Text(
        en="seed={seed!r} with repeats={repeats!r} is not allowed: the seeds count up, to at most "
        "{most:,}",
        zh="seed={seed!r} 配 repeats={repeats!r} 不可用："
        "种子从 seed 起依次加 1，最大不能超过 {most:,}",
    ),
    "two_dimensions": Text(
        en="the map needs two hyperparameters or more",
        zh="作图至少需要两个超参数",
    ),
}
