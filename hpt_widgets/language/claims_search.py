"""The claims of chapter 7.1, about searching."""

from hpt_widgets.language import Text

TEXTS = {
    # -- sixty draws
    "sixty_draws_says": Text(
        en="60 random draws hit the best 5 % of the settings with a chance of 95 %.",
        zh="随机抽 60 次，有 95% 的可能至少抽中一个排在前 5% 的设置。",
    ),
    "sixty_draws_criterion": Text(
        en="Reproduced if 1 − 0.95⁶⁰ is at least 0.95. It is arithmetic, so there is no band. "
        "The bank is asked something else: how far the best 5 % of its random settings reach "
        "below the best one.",
        zh="如果 1 − 0.95⁶⁰ 不小于 0.95，就算复现。这是直接计算，没有区间。"
        "试验库回答的是另一个问题：它的随机设置中，最好的 5% 比最好的那个差多少。",
    ),
    "sixty_draws_differs": Text(
        en="Nothing: it is the same arithmetic. How far the best 5 % lie below the best it does "
        "not say; that depends on the network and on the space that is searched.",
        zh="没有不同，算式一样。但它没有说最好的 5% 比最好的差多少：那取决于网络和搜索空间。",
    ),
    "draws": Text(en="draws", zh="抽取次数"),
    "chance": Text(en="chance to hit the best 5 %", zh="抽中前 5% 的概率"),
    "best_percent": Text(en="best drawn (%)", zh="抽到的最好设置（%）"),
    "below_best": Text(en="below the bank's best (points)", zh="比库中最好的低（百分点）"),
    "share_of_settings": Text(
        en="random settings of the bank, best first (%)", zh="试验库的随机设置，从好到差（%）"
    ),
    "accuracy_percent": Text(en="validation accuracy (%)", zh="验证准确率（%）"),
    "best_setting": Text(en="best: {accuracy} %", zh="最好：{accuracy}%"),
    "worst_of_top": Text(
        en="end of the best 5 %: {accuracy} %", zh="最好的 5% 到此为止：{accuracy}%"
    ),
    # -- Bergstra & Bengio 2012
    "bergstra_2012_says": Text(
        en="8 random trials match a grid of about 100.",
        zh="随机试验 8 次，就赶得上约 100 点的网格。",
    ),
    "bergstra_2012_criterion": Text(
        en="The grid is the article's, 27 points, and its network was chosen by hand. So that both "
        "sides search the same, the 8 trials are drawn among the grid's own points. Measured is "
        "by how many points their winner, trained again, differs from the winner of all 27, on "
        "average over all draws. Reproduced if the whole 95 % band lies above −0.5 points, "
        "refuted if it lies below. Draws from wider spaces are shown beside it.",
        zh="网格是文章的 27 个点，网络结构由人选好。为了让双方搜索的范围相同，"
        "8 次试验就从网格自己的点中抽取。两边的优胜者都重新训练，对所有抽法取平均，"
        "看 8 次的减去 27 次的是几个百分点。如果 95% 区间全在 −0.5 个百分点之上，就算复现；"
        "全在其下，就算不成立。从更大空间抽取的结果列在旁边。",
    ),
    "bergstra_2012_differs": Text(
        en="27 points instead of about 100, one data set instead of eight, 3 hyperparameters "
        "instead of 7. In the paper random trials fall between the grid's lines; here they are "
        "points of the grid, so that they can never beat it by a better value. Whoever draws "
        "from the wide spaces must find the network and the optimiser too, which the grid was "
        "given.",
        zh="网格是 27 点而不是约 100 点，一个数据集而不是八个，3 个超参数而不是 7 个。"
        "论文的随机试验会落在网格线之间；这里的就是网格的点，不可能靠更好的取值取胜。"
        "从更大的空间抽取，还得自己找到网络和优化器，而网格是现成的。",
    ),
    "drawn_from": Text(en="drawn from", zh="抽取范围"),
    "trainings": Text(en="trainings", zh="训练次数"),
    "winner_percent": Text(en="winner, trained again (%)", zh="优胜者重训后（%）"),
    "minus_grid": Text(en="minus the grid (points)", zh="与网格之差（百分点）"),
    "whole_grid": Text(en="the whole grid", zh="整个网格"),
    "of_grid": Text(en="the grid's points", zh="网格的点"),
    "in_ranges": Text(
        en="the grid's ranges, any network and optimiser", zh="网格的范围，网络和优化器不限"
    ),
    "in_space": Text(en="the whole space of the bank", zh="试验库的整个空间"),
    # -- Li et al. 2018
    "li_2018_says": Text(
        en="Hyperband is over ten times as fast as random search and Bayesian methods.",
        zh="Hyperband 的速度是随机搜索和贝叶斯方法的十倍以上。",
    ),
    "li_2018_criterion": Text(
        en="R = 27 epochs, η = 3. Hyperband stops after its first bracket, the fastest; random "
        "search goes on until its winner, trained again, is as good on average. The ratio of "
        "the two budgets is the speed-up. Reproduced if the whole 95 % band lies above 10, "
        "refuted if it lies below. But the bracket looks at 27 settings for the price of 4 full "
        "trainings, so it cannot be faster than 27/4 = 6.75 times: if that stands below 10, the "
        "verdict can only be “out of reach”, and the speed-up is said.",
        zh="R = 27 轮，η = 3。Hyperband 在最快的第一组之后停下；随机搜索继续，"
        "直到它的优胜者重训后平均同样好。两者预算之比就是加速倍数。"
        "95% 区间全在 10 以上，算复现；全在 10 以下，算不成立。"
        "但这一组用 4 次完整训练的代价看了 27 个设置，速度最多只能是随机搜索的 27/4 = 6.75 倍："
        "如果上限本身不到 10，结论只能是“在这里无法检验”，并给出测得的倍数。",
    ),
    "li_2018_differs": Text(
        en="The paper trains networks for far longer, on larger data, so that a first look costs a "
        "far smaller part of a full training; its rivals are Bayesian methods too. Here the first "
        "look, one epoch, is 1/27 of the whole.",
        zh="论文的训练长得多，数据也多，最先试的那几轮只占完整训练的很小一部分；"
        "对手还有贝叶斯方法。这里最先试的是一轮，占完整训练的 1/27。",
    ),
    "bracket": Text(en="after bracket", zh="第几组之后"),
    "spent": Text(en="spent (full trainings)", zh="已用预算（完整训练次数）"),
    "n_seen": Text(en="settings seen", zh="看过的设置"),
    "random_needs": Text(en="random search needs", zh="随机搜索需要"),
    "speedup": Text(en="speed-up", zh="加速倍数"),
    "ceiling": Text(en="at most", zh="上限"),
    "budget": Text(en="budget (full trainings)", zh="预算（完整训练次数）"),
    "random_search": Text(en="random search", zh="随机搜索"),
    "hyperband_after": Text(en="Hyperband, after each bracket", zh="Hyperband，每一组之后"),
    # -- Recht & Jamieson 2016
    "recht_2016_says": Text(
        en="Random search with twice the budget beats Bayesian optimisation.",
        zh="预算加倍的随机搜索胜过贝叶斯优化。",
    ),
    "recht_2016_criterion": Text(
        en="The 20 runs of TPE in the bank, 40 trials each, against random search with 80. "
        "Measured is by how many points the random winner, trained again, leads on average. "
        "Reproduced if the whole 95 % band lies above 0, refuted if it lies below.",
        zh="试验库里的 20 次 TPE 搜索，每次 40 次试验；随机搜索每次 80 次。两边的优胜者都重新训练，"
        "看随机搜索平均领先几个百分点。95% 区间全在 0 以上，算复现；全在 0 以下，算不成立。",
    ),
    "recht_2016_differs": Text(
        en="One data set and one space instead of 117 data sets; TPE (hyperopt) alone, without "
        "SMAC. Its first 20 trials are random. 40 trials are few.",
        zh="一个数据集、一个空间，而不是 117 个数据集；只有 TPE（hyperopt），没有 SMAC。"
        "它的前 20 次是随机的，总共 40 次也不多。",
    ),
    "tpe_percent": Text(en="TPE (%)", zh="TPE（%）"),
    "random_percent": Text(en="random (%)", zh="随机（%）"),
    "twice_percent": Text(en="random ×2 (%)", zh="随机 ×2（%）"),
    "twice_minus_tpe": Text(
        en="random ×2 minus TPE, points (95 % band)", zh="随机 ×2 减 TPE，百分点（95% 区间）"
    ),
    "lead_and_band": Text(
        en="{lead:+.2f} ({low:+.2f} … {high:+.2f})", zh="{lead:+.2f}（{low:+.2f} 到 {high:+.2f}）"
    ),
    "random_twice": Text(en="random search ×2", zh="随机搜索 ×2"),
    "runs_of_tpe": Text(en="TPE, mean of {n} runs and its band", zh="TPE，{n} 次搜索的平均和区间"),
}
