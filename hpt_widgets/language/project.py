"""The words of a project of the reader's own."""

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    "splits": Text(
        en="data has no split {missing}: a project needs train, validation and test. "
        "hpt.Dataset.from_frame, from_csv and from_arrays(…, validation_share=0.2, "
        "test_share=0.2) make all three",
        zh="data 中没有 {missing}：一个项目需要 train、validation 和 test 三个部分。"
        "hpt.Dataset.from_frame、from_csv 和 from_arrays(…, validation_share=0.2, "
        "test_share=0.2) 都会划分出来",
    ),
    "name": Text(
        en="name={value!r} is not allowed: the log is named after it, so it must consist of "
        "letters, digits, - and _, at most {most} of them, and be none that Windows keeps for "
        "devices, such as con or nul",
        zh="name={value!r} 不可用：日志文件以它命名，只能用文字、数字、- 和 _，最多 {most} 个字符，"
        "也不能是 Windows 留给设备的名称，如 con、nul",
    ),
    "other_name": Text(
        en="name={value!r} is not allowed: on this computer its log {path} is that of the project "
        "{name!r}. Write the name as it was, or choose another one",
        zh="name={value!r} 不可用：在这台电脑上，它的日志 {path} 属于项目 {name!r}。"
        "请照原来的写法，或者换一个名称",
    ),
    "other_data": Text(
        en="the project {name!r} has other data: its log {path} holds what was done with them. "
        "Load the same data with the same seed of the split, or begin another project with "
        "another name=…",
        zh="项目 {name!r} 用的是另一份数据：它的日志 {path} 记录的是在那份数据上做的事。"
        "请载入同一份数据、用同样的划分种子，或者用另一个 name=… 开始新项目",
    ),
    "other_plan": Text(
        en="question or budget differ from those that stood before the first training. Logged: "
        "“{logged_question}”, {logged_budget:,.10g} epochs. Now: “{question}”, {budget:,.10g} "
        "epochs. Put the logged ones back; or begin another project with another name=…; or, to "
        "change the plan of {name!r} on purpose, pass change_plan=True: then the log has it, and "
        "hpt.check_project says so. Nothing was logged",
        zh="question 或 budget 与第一次训练之前定下的不同。日志中是：“{logged_question}”，"
        "{logged_budget:,.10g} 轮；现在是：“{question}”，{budget:,.10g} 轮。请改回日志中的内容；"
        "或者用另一个 name=… 开始新项目；如果确实要更改项目 {name!r} 的计划，请加上 "
        "change_plan=True：日志会记下这次更改，hpt.check_project 也会指出。这次什么也没有记录",
    ),
    "summary": Text(
        en="Project {name}: {question} ({spent} of {budget} epochs spent, the test set "
        "opened {n} times)",
        zh="项目 {name}：{question}（预算 {budget} 轮，已用 {spent} 轮，测试集打开过 {n} 次）",
    ),
    "summary_one": Text(
        en="Project {name}: {question} ({spent} of {budget} epochs spent, the test set "
        "opened once)",
        zh="项目 {name}：{question}（预算 {budget} 轮，已用 {spent} 轮，测试集打开过 1 次）",
    ),
    "beyond_budget": Text(
        en="that would go beyond the budget: it costs {cost} epochs, and {left} of {budget} are "
        "left. {smaller}; or begin another project with a larger budget and another name=…; or, to "
        "overspend on purpose, pass beyond_budget=True: then hpt.check_project says so. Nothing "
        "was trained or logged",
        zh="这样会超出预算：需要 {cost} 轮，而预算 {budget} 轮只剩 {left} 轮。{smaller}；"
        "或者用另一个 name=… 和更大的预算开始新项目；如果确实要超出预算，请加上 "
        "beyond_budget=True，hpt.check_project 会指出。这次没有训练，也没有记录",
    ),
    "train_smaller": Text(
        en="Train with fewer epochs, or on a part of the data (training_size=…); of a setting that "
        "was compared, the epochs are a part and stay",
        zh="请减少轮数，或者只用一部分数据（training_size=…）；"
        "比较过的设置不要改轮数，轮数也是设置的一部分",
    ),
    "search_smaller": Text(
        en="Search with fewer trials or fewer epochs each, or on a part of the data "
        "(training_size=…)",
        zh="请减少试验数或每次的轮数，或者只用一部分数据（training_size=…）",
    ),
    "search_fewer": Text(
        en="There is room for trials={most}, without a reserve for the comparison and the final "
        "training; fewer epochs each, or a part of the data (training_size=…), cost less too",
        zh="最多还够 trials={most}，但这样就没有给比较和最后的训练留余地；"
        "也可以减少每次的轮数，或者只用一部分数据（training_size=…）",
    ),
    "compare_smaller": Text(
        en="Compare fewer settings, or shorter ones, and keep what the final training costs",
        zh="请减少比较的设置，或者用轮数更少的设置，并给最后的训练留出余地",
    ),
    "compare_fewer": Text(
        en="There is room for seeds={most}, without a reserve for the final training; fewer "
        "settings cost less too",
        zh="最多还够 seeds={most}，但这样就没有给最后的训练留余地；也可以减少比较的设置",
    ),
    "none_chosen": Text(
        en="the test set is opened once, and no setting has been chosen yet. Decide first: "
        "chosen = project.choose(hp); then train it, run = project.train(chosen.replace(seed=200), "
        "strategy='final'), and open the test set with that run. To open it without a choice, pass "
        "unchosen=True: then hpt.check_project says so. It is still closed",
        zh="测试集只打开一次，而现在还没有选定设置。请先决定：chosen = project.choose(hp)；"
        "再训练它：run = project.train(chosen.replace(seed=200), strategy='final')，"
        "然后用这次训练打开测试集。"
        "如果确实要不作选择就打开，请加上 unchosen=True，hpt.check_project 会指出。"
        "测试集现在仍未打开",
    ),
    "other_chosen": Text(
        en="the test set is opened once, and run is of another setting than the chosen one. Train "
        "the chosen one, run = project.train(chosen.replace(seed=200), strategy='final'), and open "
        "the test set with that run; or choose anew with project.choose(hp). To open it with this "
        "run nevertheless, pass unchosen=True: then hpt.check_project says so. It is still closed",
        zh="测试集只打开一次，而 run 用的不是选定的设置。请训练选定的设置："
        "run = project.train(chosen.replace(seed=200), strategy='final')，再用这次训练打开测试集；"
        "或者用 project.choose(hp) 重新选定。如果确实要用这个 run 打开，请加上 unchosen=True，"
        "hpt.check_project 会指出。测试集现在仍未打开",
    ),
    "not_opened": Text(
        en="an interval is claimed of what the test set has shown, and it has not been opened yet: "
        "opening = project.open_test(run) comes first. Nothing was logged",
        zh="区间要根据测试结果来算，而测试集还没有打开：请先运行 opening = project.open_test(run)。"
        "这次没有记入日志",
    ),
    "no_baseline": Text(
        en="there is no baseline yet, and after a search any comes too late: by then one knows "
        "what it takes to look good. Train it first: project.train(hp, strategy='baseline'). To "
        "search without one, pass without_baseline=True: then hpt.check_project says so. Nothing "
        "was trained",
        zh="还没有训练基线，而搜索之后再训练就太晚了：那时已经知道什么样的基线会让搜索显得有效。"
        "请先运行 project.train(hp, strategy='baseline')。如果确实不要基线就搜索，请加上 "
        "without_baseline=True，hpt.check_project 会指出。这次没有训练",
    ),
    "like_baseline": Text(
        en="strategy={value!r} does not count as the baseline, which has exactly one "
        "name{question} Nothing was trained; for something else take a name less like it",
        zh="strategy={value!r} 不算基线，基线只认一个名称{question}"
        "这次没有训练；如果另有用途，请换一个不容易混淆的名称",
    ),
    "settings": Text(
        en="settings={value!r} is not allowed: it must be a mapping of at least two names to "
        "Hyperparameters, such as {{'baseline': hp, 'tuned': best}}",
        zh="settings={value!r} 不可用：它必须把至少两个名称对应到 Hyperparameters，"
        "例如 {{'baseline': hp, 'tuned': best}}",
    ),
    "same_settings": Text(
        en="settings holds the same setting twice ({names}): seeds aside, they must differ",
        zh="settings 中有两个相同的设置（{names}）：除随机种子外，它们必须不同",
    ),
    "other_run": Text(
        en="run is none of this project's in this kernel: train the chosen setting with "
        "project.train(…), and open the test set with that run. It is still closed",
        zh="run 不是本项目在这个内核中训练的：请用 project.train(…) 训练选定的设置，"
        "再用那次训练打开测试集。测试集现在仍未打开",
    ),
    "interval": Text(
        en="interval={value!r} is not allowed: it must be a pair of shares from 0 to 1, "
        "such as (0.91, 0.97)",
        zh="interval={value!r} 不可用：它必须是一对 0 到 1 之间的数，例如 (0.91, 0.97)",
    ),
}
