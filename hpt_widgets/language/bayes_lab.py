"""What the lab of Bayesian optimisation says."""

from hpt_widgets.language import Text

TEXTS = {
    "unknown_setting": Text(
        en="{name}={value!r}: this lab has no such setting; it has {allowed}",
        zh="{name}={value!r}：这个实验台没有这个设置，可用的有 {allowed}",
    ),
    "no_trial_left": Text(
        en="All {most} trials are used. Begin a new game.",
        zh="{most} 次试验已经用完，请另开一局。",
    ),
    "over_again": Text(en="No trial is left.", zh="试验次数已用完。"),
    "no_game": Text(
        en="places={places}: a game has at most {most} trials, at places from 0 to 1",
        zh="places={places}：一局最多 {most} 次试验，位置在 0 到 1 之间",
    ),
    "objective": Text(en="objective", zh="目标函数"),
    "objective_mnist": Text(en="MNIST: learning rate", zh="MNIST：学习率"),
    "objective_two_hills": Text(en="two hills", zh="一宽一窄两座峰"),
    "objective_forrester": Text(en="Forrester’s function", zh="Forrester 函数"),
    "objective_cliff": Text(en="a cliff", zh="悬崖"),
    "acquisition": Text(en="acquisition", zh="采集函数"),
    # Short ones for the list, whole ones above the chart.
    "acquisition_expected_improvement": Text(en="expected improvement", zh="期望改进量 EI"),
    "acquisition_probability_of_improvement": Text(en="prob. of improvement", zh="改进概率 PI"),
    "acquisition_upper_bound": Text(en="upper conf. bound", zh="置信上界 UCB"),
    "heading_expected_improvement": Text(en="expected improvement", zh="期望改进量 EI"),
    "heading_probability_of_improvement": Text(en="probability of improvement", zh="改进概率 PI"),
    "heading_upper_bound": Text(en="upper confidence bound", zh="置信上界 UCB"),
    "kappa": Text(en="κ of the bound", zh="上界的 κ"),
    "n_startup_jobs": Text(en="TPE start", zh="TPE 先随机"),
    "n_startup_jobs_3": Text(en="3 at random, as all", zh="3 次，与大家一样"),
    "n_startup_jobs_20": Text(en="20 (hyperopt default)", zh="20 次，hyperopt 默认"),
    "n_startup_jobs_other": Text(en="{n} at random", zh="{n} 次"),
    "learning_rate": Text(en="rate to try", zh="要试的学习率"),
    "x": Text(en="x to try", zh="要试的 x"),
    "ask": Text(en="Try it", zh="试一次"),
    "new_game": Text(en="New game", zh="另开一局"),
    "reveal": Text(en="Show objective", zh="揭开函数"),
    "hide": Text(en="Hide objective", zh="盖住函数"),
    "round": Text(en="round", zh="回合"),
    "you": Text(en="you", zh="你"),
    "gaussian_process": Text(en="Gaussian process", zh="高斯过程"),
    "tpe": Text(en="TPE", zh="TPE"),
    "random": Text(en="random", zh="随机"),
    "heading_you": Text(en="you: a click tries that place", zh="你：点哪里，就在哪里试一次"),
    "heading_race": Text(
        en="best so far; dashed: median of {n} seeds", zh="目前最好成绩；虚线：{n} 个种子的中位数"
    ),
    "race_axis": Text(en="best so far", zh="目前最好成绩"),
    "heading_race_none": Text(en="best so far in this run", zh="这一局目前的最好成绩"),
    "race_many": Text(en="round; dashed: median, {n} seeds", zh="回合；虚线：{n} 个种子的中位数"),
    "race_busy": Text(en="round; computing {n} seeds…", zh="回合；正在计算 {n} 个种子……"),
    "race_run": Text(en="round", zh="回合"),
    "process_short": Text(en="GP", zh="高斯过程"),
    "heading_gaussian_process": Text(
        en="Gaussian process: mean, ± 2 std", zh="高斯过程：均值，± 2 标准差"
    ),
    "heading_good": Text(en="TPE: l(x), good", zh="TPE：l(x)，好的"),
    "heading_rest": Text(en="g(x), the rest", zh="g(x)，其余"),
    "heading_ratio": Text(
        en="l(x) / g(x): TPE tries where it is large", zh="l(x)/g(x)：TPE 选比值大的地方"
    ),
    "ratio": Text(en="l(x) / g(x): TPE’s choice", zh="l(x)/g(x)：TPE 的选择依据"),
    "learning_rate_axis": Text(en="learning rate", zh="学习率"),
    "x_axis": Text(en="x", zh="x"),
    "accuracy_axis": Text(en="accuracy", zh="准确率"),
    "value_axis": Text(en="value", zh="函数值"),
    "density_axis": Text(en="density", zh="密度"),
    "ratio_axis": Text(en="l / g", zh="l/g"),
    "expected_improvement_axis": Text(en="EI", zh="EI"),
    "probability_of_improvement_axis": Text(en="PI", zh="PI"),
    "upper_bound_axis": Text(en="UCB", zh="UCB"),
    "begin": Text(
        en="All three begin from the same {n} random trials (n_startup_jobs={n}). "
        "Where would you sample next?",
        zh="三方都从同样的 {n} 次随机试验出发（n_startup_jobs={n}）。下一次你想在哪里采样？",
    ),
    "playing": Text(
        en="Round {round} of {most}. Best: you {you}, Gaussian process {gaussian_process}, "
        "TPE {tpe}.",
        zh="第 {round}/{most} 回合。目前最好：你 {you}，高斯过程 {gaussian_process}，TPE {tpe}。",
    ),
    "over": Text(
        en="After {most}: you {you}, Gaussian process {gaussian_process}, TPE {tpe}. "
        "Ahead in this run: {ahead}.",
        zh="{most} 回合结束：你 {you}，高斯过程 {gaussian_process}，TPE {tpe}。"
        "这一局领先：{ahead}。",
    ),
    "and": Text(en=" and ", zh="、"),
    "said_you": Text(en="You tried {x} and got {value}.", zh="你试了 {x}，得到 {value}。"),
    "said_explores": Text(
        en="The Gaussian process tried {x}. It expected {mean} "
        "(standard deviation {std}), less than its best, {best}: little was known there "
        "(exploration). It got {value}.",
        zh="高斯过程试了 {x}。它预期 {mean}（标准差 {std}），低于目前最好的 {best}，"
        "去那里是因为不了解（探索），得到 {value}。",
    ),
    "said_exploits": Text(
        en="The Gaussian process tried {x}. It expected {mean} "
        "(standard deviation {std}), more than its best, {best} (exploitation). It got {value}.",
        zh="高斯过程试了 {x}。它预期 {mean}（标准差 {std}），"
        "高于目前最好的 {best}（利用），得到 {value}。",
    ),
    "said_as_good": Text(
        en="The Gaussian process tried {x}. It expected {mean} "
        "(standard deviation {std}), about as good as its best, {best}. It got {value}.",
        zh="高斯过程试了 {x}。它预期 {mean}（标准差 {std}），"
        "与目前最好的 {best} 相差无几，得到 {value}。",
    ),
    "said_worse": Text(
        en="The Gaussian process tried {x}. It expected {mean} "
        "(standard deviation {std}), less than its best, {best}. It got {value}.",
        zh="高斯过程试了 {x}。它预期 {mean}（标准差 {std}），低于目前最好的 {best}，得到 {value}。",
    ),
    "said_tpe": Text(
        en="TPE drew {n} places from l(x) and tried {x}, where the ratio was largest. "
        "It got {value}.",
        zh="TPE 从 l(x) 抽了 {n} 个位置，试了其中比值最大的那一处：{x}，得到 {value}。",
    ),
    "said_tpe_random": Text(
        en="TPE has fewer than {n} trials: it drew {x} at random and got {value}.",
        zh="TPE 的试验还不到 {n} 次：它随机抽了 {x}，得到 {value}。",
    ),
    "said_many": Text(
        en="Over {n} seeds, median after ten: Gaussian process {gaussian_process}, TPE {tpe}, "
        "random {random}. The Gaussian process ends ahead of TPE in {ahead} of them, "
        "TPE in {behind}.",
        zh="{n} 个种子，十回合后的中位数：高斯过程 {gaussian_process}，TPE {tpe}，随机 {random}。"
        "高斯过程领先 TPE {ahead} 次，TPE 领先 {behind} 次。",
    ),
    "failed": Text(en="The comparison failed: {error}", zh="比较没有算完：{error}"),
    "hint": Text(
        en="What the two think is shown when you have chosen. Triangles: the newest trial.",
        zh="你选定之后，才显示另外两方的想法。三角形：最新一次试验。",
    ),
}
