"""The words of a project's report."""

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    "title": Text(en="Report of the project {name}", zh="项目报告：{name}"),
    "saved_by": Text(
        en="The report of the project {name}. Write it to a file with .save('report.html').",
        zh="项目 {name} 的报告。用 .save('report.html') 写成文件。",
    ),
    "budget": Text(
        en="Budget: {budget} epochs over the whole training set. Spent: {spent}, in {n} trainings.",
        zh="预算：{budget} 轮（每轮遍历整个训练集一次）。已用 {spent} 轮，共训练 {n} 次。",
    ),
    "budget_one": Text(
        en="Budget: {budget} epochs over the whole training set. Spent: {spent}, in 1 training.",
        zh="预算：{budget} 轮（每轮遍历整个训练集一次）。已用 {spent} 轮，共训练 1 次。",
    ),
    "no_author": Text(en="author missing", zh="未写作者"),
    "no_conclusion": Text(
        en='The conclusion is missing: project.report(conclusion="…").',
        zh='还没有写结论：project.report(conclusion="…")。',
    ),
    "part_author": Text(en="author", zh="作者"),
    "part_conclusion": Text(en="conclusion", zh="结论"),
    "missing": Text(
        en="the report is made, but it lacks: {missing}. The page says so; "
        'project.report(author="…", conclusion="…") writes it anew',
        zh="报告已生成，但还缺：{missing}，页面上也会标明；"
        '请用 project.report(author="…", conclusion="…") 重新生成',
    ),
    "nothing_yet": Text(en="Nothing yet.", zh="暂无。"),
    "section_data": Text(en="Data", zh="数据"),
    "section_fits": Text(en="What was tried", zh="做过的尝试"),
    "section_comparison": Text(en="Comparison with several seeds", zh="多个随机种子下的比较"),
    "section_test": Text(en="Test", zh="测试"),
    "section_conclusion": Text(en="Conclusion", zh="结论"),
    "section_check": Text(en="How it was done", zh="过程检查"),
    "data": Text(
        en="{n_features:,} features, {n_classes} classes ({classes}). {train:,} samples to train "
        "on, {validation:,} to choose by, {test:,} to test on.",
        zh="{n_features:,} 个特征，{n_classes} 个类别（{classes}）。训练集 {train:,} 个样本，"
        "验证集 {validation:,} 个，测试集 {test:,} 个。",
    ),
    "column_strategy": Text(en="for", zh="用途"),
    "column_n_fits": Text(en="trainings", zh="训练次数"),
    "column_epochs": Text(en="epochs", zh="轮数"),
    "column_seconds": Text(en="seconds", zh="秒数"),
    "column_best": Text(en="best validation accuracy", zh="最高验证准确率"),
    "column_median": Text(en="median", zh="中位数"),
    "column_side": Text(en="setting", zh="设置"),
    "column_n_seeds": Text(en="seeds", zh="种子数"),
    "column_mean": Text(en="mean validation accuracy", zh="平均验证准确率"),
    "column_error": Text(en="standard error", zh="标准误"),
    "column_setting": Text(en="hyperparameters", zh="超参数"),
    "epochs_spent": Text(en="epochs spent", zh="已用轮数"),
    "budget_line": Text(en="budget", zh="预算"),
    "accuracy_of_seeds": Text(
        en="validation accuracy (%): each seed, and above them mean ± standard error",
        zh="验证准确率（%）：各个种子，上方是平均值 ± 标准误",
    ),
    "accuracy_percent": Text(en="validation accuracy (%)", zh="验证准确率（%）"),
    "opened": Text(
        en="{when}: {correct:,} of {n:,} test samples are classified correctly, {accuracy:.1f} %.",
        zh="{when}：{n:,} 个测试样本中正确 {correct:,} 个，准确率 {accuracy:.1f}%。",
    ),
    "wilson": Text(
        en="95 % confidence interval by Wilson's method: {low:.1f} to {high:.1f} %.",
        zh="95% 置信区间（Wilson 方法）：{low:.1f}% 到 {high:.1f}%。",
    ),
    "claimed": Text(
        en="Claimed in the project: {low:.1f} to {high:.1f} %.",
        zh="项目中给出的区间：{low:.1f}% 到 {high:.1f}%。",
    ),
    "percent": Text(en="{share:.2f} %", zh="{share:.2f}%"),
    "chain": Text(
        en="Log: {n} entries, the last with the digest {head}",
        zh="日志共 {n} 条，最后一条的摘要为 {head}",
    ),
    "chain_one": Text(en="Log: 1 entry, with the digest {head}", zh="日志共 1 条，摘要为 {head}"),
}
