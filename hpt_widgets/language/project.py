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
        en="question or budget differ from those that stood before the first fit. Logged: "
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
