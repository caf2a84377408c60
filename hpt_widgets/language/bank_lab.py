"""What the bank lab says."""

from hpt_widgets.language import Text

TEXTS = {
    "unknown_setting": Text(
        en="{name}={value!r}: the bank lab has no such setting; it has {allowed}",
        zh="{name}={value!r}：试验库实验台没有这个设置，可用的有 {allowed}",
    ),
    "one_stays": Text(en="at least one strategy must stay", zh="至少保留一种搜索策略"),
    "random": Text(en="random", zh="随机搜索"),
    "random_twice": Text(en="random ×2", zh="随机搜索 ×2"),
    "halving": Text(en="halving", zh="逐次减半"),
    "hyperband": Text(en="Hyperband", zh="Hyperband"),
    "grid": Text(en="grid", zh="网格搜索"),
    "tpe": Text(en="TPE", zh="TPE"),
    "percent": Text(en="{value}%", zh="{value}%"),
    "comma": Text(en=", ", zh="、"),
    "max_epochs": Text(en="longest training", zh="最长训练"),
    "max_epochs_9": Text(en="9 epochs", zh="9 轮"),
    "max_epochs_27": Text(en="27 epochs", zh="27 轮"),
    "n_trials": Text(en="budget in full trainings", zh="预算（完整训练次数）"),
    "n_seeds": Text(en="seeds to compare", zh="用于比较的种子数"),
    "measure": Text(en="accuracy", zh="准确率"),
    "measure_seen": Text(en="as the search saw it", zh="搜索时测得的"),
    "measure_retrained": Text(en="of its winner, retrained", zh="优胜者重训后的"),
    "unit": Text(en="axis", zh="横轴"),
    "unit_trials": Text(en="full trainings", zh="完整训练次数"),
    "unit_epochs": Text(en="epochs", zh="训练轮数"),
    "redraw": Text(en="Draw anew", zh="重新抽取"),
    "redraw_tooltip": Text(en="Replay all with other draws", zh="换一批抽样，全部重放"),
    "budget_trials": Text(en="budget, in full trainings", zh="预算（完整训练次数）"),
    "budget_epochs": Text(en="budget, in epochs", zh="预算（训练轮数）"),
    "accuracy": Text(en="best so far", zh="目前最好成绩"),
    "seeds": Text(en="seeds: searches of each strategy", zh="种子数：每种策略搜索的次数"),
    "comes_first": Text(en="comes first", zh="名列第一"),
    "no_rivals": Text(
        en="Choose two strategies for which the bank lasts to the end of the budget.",
        zh="请选择两种策略，而且试验库要够它们用到预算结束。",
    ),
    "first_one": Text(
        en="Best on average: {winner} ({accuracy}). With one seed each, it "
        "comes first {share} of the time",
        zh="在此预算下，平均最好的策略：{winner}（{accuracy}）。每种策略只用一个种子比较时，"
        "它有 {share} 的机会名列第一",
    ),
    "first": Text(
        en="Best on average: {winner} ({accuracy}). With {n} seeds each, it "
        "comes first {share} of the time",
        zh="在此预算下，平均最好的策略：{winner}（{accuracy}）。每种策略用 {n} 个种子比较时，"
        "它有 {share} 的机会名列第一",
    ),
    "needed": Text(
        en="; from {count} seeds on, {sure} or more.",
        zh="；种子数不少于 {count} 时，机会达到 {sure} 以上。",
    ),
    "needed_one": Text(en="; one seed is enough for {sure}.", zh="；只用一个种子就能达到 {sure}。"),
    "needed_never": Text(
        en="; even 100 seeds do not make it {sure}.", zh="；即使用 100 个种子也到不了 {sure}。"
    ),
    "band_one": Text(
        en="Line: the mean of all replays. Band: nine in ten single searches lie within it.",
        zh="曲线是所有重放的平均值；色带覆盖九成的单次搜索。",
    ),
    "band_mean": Text(
        en="Line: the mean of all replays. Band: nine in ten means of {n} searches lie within it.",
        zh="曲线是所有重放的平均值；把 {n} 次搜索取平均，九成的平均值落在色带内。",
    ),
    "grid_is_narrow": Text(
        en="The grid varies three hyperparameters of a network that suits them; the others search "
        "for six, in a wide space. Without the grid the race is a fair one.",
        zh="网格只改变三个超参数，网络结构和优化器已经选好；其他策略要在很大的空间里同时搜索"
        "六个超参数。去掉网格，比较才公平。",
    ),
    "tpe_is_short": Text(
        en="TPE is not shown: its trials were trained for {epochs} epochs.",
        zh="没有画出 TPE：它的试验只训练了 {epochs} 轮。",
    ),
    "lacking": Text(
        en="Not shown, because the bank has not enough trainings for it: {names}.",
        zh="试验库中的训练还不够，没有画出：{names}。",
    ),
    "lacking_again": Text(
        en="Not shown, because its settings were trained once only: {names}.",
        zh="相应设置只训练过一次，没有画出：{names}。",
    ),
    "used_up": Text(
        en="Ends early, because the bank has no more settings: {names}.",
        zh="试验库的设置已用完，曲线提前结束：{names}。",
    ),
    "nearly_used_up": Text(
        en="A replay draws up to {share} of the bank's settings ({names}): the replays are much "
        "alike, and the band is too narrow.",
        zh="每次重放要抽取试验库中多达 {share} 的设置（{names}）：各次重放彼此太相似，色带偏窄。",
    ),
    "bank": Text(
        en="The bank holds {trainings:,} trainings: {random} random settings ({long} of them for "
        "27 epochs), {grid} of the article's grid, {sequences} runs of TPE.",
        zh="试验库共有 {trainings:,} 次训练：{random} 组随机设置（其中 {long} 组训练 27 轮），"
        "文章网格的 {grid} 个点，{sequences} 次 TPE 搜索。",
    ),
    "unfinished": Text(
        en=" It is still growing: {random} settings and {sequences} runs of TPE are planned.",
        zh="试验库尚未完成：计划共有 {random} 组随机设置和 {sequences} 次 TPE 搜索。",
    ),
}
