"""The words of the search spaces and of the search itself."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    "name": Text(
        en="name={value!r} must be the name of a hyperparameter, such as 'learning_rate'",
        zh="name={value!r} 必须是超参数的名称，例如 'learning_rate'",
    ),
    "range": Text(
        en="{name}: low={low!r} and high={high!r} must be finite numbers with low < high",
        zh="{name}：low={low!r} 与 high={high!r} 必须是有限数值，并且 low < high",
    ),
    "whole_range": Text(
        en="{name}: low={low!r} and high={high!r} must be whole numbers of at most 2**53 "
        "with low < high",
        zh="{name}：low={low!r} 与 high={high!r} 必须是不超过 2**53 的整数，并且 low < high",
    ),
    "positive": Text(
        en="{name}: low={low!r} must be larger than 0, since the logarithm is drawn uniformly",
        zh="{name}：low={low!r} 必须大于 0，因为均匀抽取的是对数值",
    ),
    "grid_value": Text(
        en="{name}: the value {value!r} in grid= is no number in {allowed}",
        zh="{name}：grid= 中的取值 {value!r} 不是 {allowed} 之内的数",
    ),
    "options": Text(
        en="{name}: options={value!r} must be a list of one or more different values",
        zh="{name}：options={value!r} 必须是列表，含有一个或多个互不相同的取值",
    ),
    "dimensions": Text(
        en="dimensions={value!r} is not allowed: one or more of Uniform, LogUniform, "
        "UniformInteger and Choice, with different names",
        zh="dimensions={value!r} 不可用：须有一个或多个 Uniform、LogUniform、UniformInteger "
        "或 Choice，且名称不能重复",
    ),
    "method": Text(
        en="method={value!r} is not known: use one of {allowed}",
        zh="method={value!r} 不是已知的方法，可用：{allowed}",
    ),
    "no_budget": Text(
        en="method={method!r} never ends by itself: give trials= or seconds=",
        zh="method={method!r} 不会自行结束，请给出 trials= 或 seconds=",
    ),
    "max_epochs": Text(
        en="max_epochs={value!r} must be a whole number, factor={factor!r} or larger: the last "
        "rung trains that many epochs, the one before it that many divided by factor",
        zh="max_epochs={value!r} 必须是不小于 factor={factor!r} 的整数："
        "最后一级训练这么多轮，前一级的轮数是它除以 factor",
    ),
    "candidates": Text(
        en="{name}={value!r} must be a whole number, factor={factor!r} or larger: the first rung "
        "needs so many settings to keep one of them",
        zh="{name}={value!r} 必须是不小于 factor={factor!r} 的整数：第一级至少要有这么多个候选，"
        "才能留下一个",
    ),
    "no_candidates": Text(
        en="trials={value!r} is not allowed with method='hyperband': leave it out, the number of "
        "settings follows from max_epochs and factor",
        zh="method='hyperband' 时不能指定 trials={value!r}：请不要写它，"
        "候选个数由 max_epochs 和 factor 决定",
    ),
    "own_epochs": Text(
        en="space has 'epochs', which method={method!r} sets itself: leave it out of the space",
        zh="space 含有 'epochs'，而 method={method!r} 会自行设置它：请从搜索空间中去掉",
    ),
    "here_only": Text(
        en="where={value!r} is not allowed with method={method!r}, which runs in this process "
        "only: leave it out",
        zh="method={method!r} 只能在本进程中运行，不能指定 where={value!r}：请不要写它",
    ),
    "seconds": Text(
        en="seconds={value!r} must be a number larger than 0",
        zh="seconds={value!r} 必须是大于 0 的数值",
    ),
    "whole": Text(
        en="{name}={value!r} must be a whole number, {least} or larger",
        zh="{name}={value!r} 必须是不小于 {least} 的整数",
    ),
    "not_a_score": Text(
        en="the objective returned {value!r}: it must return a validation accuracy or a Trial",
        zh="目标函数返回了 {value!r}：它应返回验证准确率或一个 Trial",
    ),
    "n_points": Text(
        en="n_points={value!r} must be a whole number from 2 to {most:,}",
        zh="n_points={value!r} 必须是 2 到 {most:,} 之间的整数",
    ),
    "no_validation": Text(
        en="data has no validation split, and a search must not select on training data",
        zh="data 中没有验证集（'validation'）：不能根据训练数据来选择超参数",
    ),
    "folds": Text(
        en="cv={value!r} must be the number of folds (2 or more) or a splitter of scikit-learn",
        zh="cv={value!r} 必须是折数（不小于 2）或 scikit-learn 的划分器",
    ),
    "folds_unknown": Text(
        en="it is not known how many folds there are, since no search of scikit-learn's asks for "
        "this score: use scoring=record.follow(cv=…), with the cv of the cross-validation",
        zh="不知道一共有几折，因为这个分数不是由 scikit-learn 的搜索要求的："
        "请用 scoring=record.follow(cv=…)，cv 与交叉验证相同",
    ),
    "folds_missing": Text(
        en="{done} of {all} folds were scored",
        zh="{all} 折中有 {done} 折得到了分数",
    ),
    "other_process": Text(
        en="a record cannot follow a search in other processes: set n_jobs=1, or use threads, "
        'with joblib.parallel_config(backend="threading")',
        zh="记录无法跟踪其他进程中的搜索：请设 n_jobs=1，或改用线程："
        'with joblib.parallel_config(backend="threading")',
    ),
    "hyperopt_trials": Text(
        en="trials={value!r} is not allowed: the hyperopt.Trials() that fmin was given",
        zh="trials={value!r} 不可用：须为传给 fmin 的 hyperopt.Trials()",
    ),
    "cv_results": Text(
        en="results={value} is no cv_results_: it has no {name!r}",
        zh="results={value} 不是 cv_results_：缺少 {name!r}",
    ),
}
