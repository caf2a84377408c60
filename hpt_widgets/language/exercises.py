"""The words that all exercises and quizzes share; each exercise has its own beside its check."""

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    # Verdicts
    "head": Text(en="{mark} {id}: {label}", zh="{mark} {id}：{label}"),
    "right": Text(en="right.", zh="正确。"),
    "wrong": Text(en="not yet.", zh="还不对。"),
    "not_answered": Text(en="not answered yet.", zh="尚未作答。"),
    "how_to_start": Text(
        en='Replace the `...` and run the cell again; `hpt.hint("{id}")` helps.',
        zh='把 `...` 换成你的答案，再运行一次；需要帮助时用 `hpt.hint("{id}")`。',
    ),
    "how_to_train": Text(
        en='There is no trial in it yet: train first, then check; `hpt.hint("{id}")` helps.',
        zh='还没有训练记录：先训练，再检查；需要帮助时用 `hpt.hint("{id}")`。',
    ),
    "how_to_build": Text(
        en='It has not been trained yet: train first, then check; `hpt.hint("{id}")` helps.',
        zh='还没有训练过：先训练，再检查；需要帮助时用 `hpt.hint("{id}")`。',
    ),
    "how_to_repair": Text(
        en="Your program still does what the given one did: repair it and run the cell again; "
        '`hpt.hint("{id}")` helps.',
        zh="你的程序和题目给的程序效果相同，错误还在：请改正后再运行一次；"
        '需要帮助时用 `hpt.hint("{id}")`。',
    ),
    "hint": Text(en="hint {number} of {n_hints}.", zh="提示 {number}/{n_hints}。"),
    "last_hint": Text(
        en='hint {number} of {n_hints}, the last one; hpt.solution("{id}") shows a solution.',
        zh='提示 {number}/{n_hints}（最后一条；解答见 hpt.solution("{id}")）。',
    ),
    "bad_hint": Text(
        en="number={found!r} is no hint of this exercise: it must be a whole number from 1 to "
        "{n_hints}",
        zh="number={found!r}：这道题没有这条提示，须为 1 到 {n_hints} 之间的整数",
    ),
    # A class
    "closed": Text(en="closed.", zh="暂未开放。"),
    "rule_open": Text(en="hpt.{name} is open to all", zh="hpt.{name}：人人可用"),
    "rule_closed": Text(
        en="hpt.{name} is closed until {when}",
        zh="hpt.{name}：{when} 之前不开放",
    ),
    "rules_unread": Text(
        en="{found} in {folder} is not read: the class's rules stand in a file {name}",
        zh="没有读取 {folder} 中的 {found}：班级规则要写在名为 {name} 的文件里",
    ),
    "solutions_closed": Text(
        en="For your class, solutions open on {when}. Until then, try, check, and ask.",
        zh="本班的解答从 {when} 起开放。在那之前，请自己尝试、检查，也可以提问。",
    ),
    "hints_closed": Text(
        en="For your class, hints open on {when}. Until then, try, check, and ask.",
        zh="本班的提示从 {when} 起开放。在那之前，请自己尝试、检查，也可以提问。",
    ),
    "unreadable_rules": Text(
        en="{source} cannot be read ({reason}): a line of it is a name, = and a date, such as "
        "solutions_from = {example} (allowed: {keys}). Until your teacher corrects it, this stays "
        "closed.",
        zh="无法读取 {source}（{reason}）：每行应是名称、等号和日期，例如 "
        "solutions_from = {example}（可用的名称：{keys}）。在老师改正之前，保持关闭。",
    ),
    "bad_rules": Text(
        en="{source} has {value!r} where the class's rules must have a date, such as {example} "
        "(allowed: {keys}). Until your teacher corrects it, this stays closed.",
        zh="{source} 中的 {value!r} 不符合班级规则的写法："
        "每条规则是一个名称配一个日期，例如 {example}"
        "（可用的名称：{keys}）。在老师改正之前，这里暂不开放。",
    ),
    "not_handed_in": Text(
        en="{path} is no file of my_progress().export()",
        zh="{path} 不是 my_progress().export() 写出的文件",
    ),
    "empty_file": Text(
        en="{path} is empty: ask for it again",
        zh="{path} 是空文件：请学生重新上交",
    ),
    "not_whole": Text(
        en="{path} was written by my_progress().export(), and is cut short or damaged: ask for it "
        "again",
        zh="{path} 是 my_progress().export() 写出的文件，但不完整或已损坏：请学生重新上交",
    ),
    "file_not_graded": Text(
        en="{path} has no row, for something in it could not be judged ({reason})",
        zh="{path} 没有计入表中，因为其中有内容无法判定（{reason}）",
    ),
    "file_not_read": Text(
        en="{path} was not read ({reason})",
        zh="没有读取 {path}（{reason}）",
    ),
    "no_folder": Text(
        en="there is no folder {path}",
        zh="没有 {path} 这个文件夹",
    ),
    "not_graded": Text(
        en="there is no file of my_progress().export() in {path} (their names end in {ending})",
        zh="{path} 中没有 my_progress().export() 写出的文件（文件名以 {ending} 结尾）",
    ),
    "not_written": Text(
        en="{path} cannot be written ({reason})",
        zh="无法写入 {path}（{reason}）",
    ),
    "graded": Text(
        en="{path} has {n} rows; {doubtful} of them with doubts.",
        zh="{path} 共有 {n} 行；其中 {doubtful} 行有疑点。",
    ),
    "graded_one": Text(
        en="{path} has one row; rows with doubts: {doubtful}.",
        zh="{path} 有一行；有疑点的行数：{doubtful}。",
    ),
    "graded_of": Text(
        en="In all there are {exercises} exercises (solved) and {questions} questions in quizzes "
        "(quiz).",
        zh="练习共 {exercises} 道（solved），小测验共 {questions} 题（quiz）。",
    ),
    "graded_late": Text(
        en="Right answers that came after {when} and do not count (late): {count}.",
        zh="{when} 之后才做对的有 {count} 个，没有计入（late）。",
    ),
    "graded_proves": Text(
        en="The files come from the students' own disks and can be forged. Numbers, texts, lists "
        "and the choices of quizzes were judged anew: {anew} right answers are confirmed, and what "
        "is not right counts as wrong. {others} others stand on the files' word alone: functions, "
        "for one, are not run.",
        zh="这些文件出自学生自己的磁盘，可以伪造。数、文字、列表和小测验的选项已重新判过："
        "确认 {anew} 个正确答案，不对的按答错计。另有 {others} 个只有文件为凭："
        "例如答案中的函数不会被运行。",
    ),
    "doubt_answer": Text(
        en="said to be right, but the answer in the file is not, so that it counts as wrong: "
        "{items}",
        zh="标为正确，但文件里的答案并不对，按答错计：{items}",
    ),
    "doubt_no_version": Text(
        en="said to be right by version {version}, which is none of the earlier ones that kept "
        "answers, but the answer in the file is not, so that it counts as wrong (if the student's "
        "workbook is newer than this one, update this one): {items}",
        zh="文件里说版本 {version} 判为正确，但它不是保存答案的早先版本，文件里的答案也并不对，"
        "按答错计（如果学生的教程比这里的新，请先更新这里的教程）：{items}",
    ),
    "doubt_other_version": Text(
        en="right to version {version} and not to this one, which may judge otherwise, so that it "
        "counts as right: {items}",
        zh="版本 {version} 判为正确，当前版本判为不对，两者的判法可能不同，仍按答对计：{items}",
    ),
    "doubt_encoding": Text(
        en="not saved as UTF-8, so that its encoding was guessed: check the name",
        zh="文件不是以 UTF-8 保存的，编码是猜出来的：请核对姓名",
    ),
    "doubt_unknown": Text(
        en="entries that this version does not know were left out: {count}",
        zh="文件里有 {count} 条记录是当前版本不认识的，已略去",
    ),
    "doubt_no_answer": Text(
        en="no answer in the file for {count} that count as right ({items}); versions before 0.2 "
        "kept none",
        zh="有 {count} 个算作正确，但文件里没有答案（{items}）；0.2 以前的版本不保存答案",
    ),
    "doubt_unfit": Text(
        en="{count} count as right with an answer that is none of the choices, or not of the kind "
        "that the exercise takes ({items}); of a question that was reworded or replaced since, "
        "that may be",
        zh="有 {count} 个算作正确，但文件里的答案不是题目的选项，或者不是这道练习要的那一类"
        "（{items}）；题目后来改写或换过的话，也会这样",
    ),
    "doubt_again": Text(
        en="the same entries were also handed in under this name: {files}",
        zh="同名的文件里也有这些记录：{files}",
    ),
    "doubt_twice": Text(
        en="the same file twice: {files}",
        zh="同一份文件交了不止一次：{files}",
    ),
    "doubt_older": Text(
        en="also handed in under this name, older and not counted: {files}",
        zh="同名的还有较早的文件，没有计入：{files}",
    ),
    "doubt_same_name": Text(
        en="other entries under the same name: {files}",
        zh="同名但内容不同的文件：{files}",
    ),
    "until": Text(
        en="until={value!r} must be a date, such as 2027-01-15 or 2027-01-15T18:00",
        zh="until={value!r} 必须是日期，例如 2027-01-15 或 2027-01-15T18:00",
    ),
    "doubt_moment": Text(
        en="some moments are missing, lie in the future, or before the first version of the "
        "workbook",
        zh="有些时间缺失，或在将来，或早于教程的第一个版本",
    ),
    "doubt_order": Text(
        en="the moments run backwards: {earlier} is followed by {later}",
        zh="时间先后颠倒：{earlier} 之后是 {later}",
    ),
    "doubt_shared": Text(
        en="{count} entries are the same, to the second, as those of {name} ({file})",
        zh="有 {count} 条记录与 {name}（{file}）的完全相同，精确到秒",
    ),
    "no_picture": Text(
        en="exercise={found!r} has no picture; these have one: {allowed}",
        zh="exercise={found!r} 没有图；有图的练习：{allowed}",
    ),
    "unknown": Text(
        en="exercise={found!r} does not exist. Did you mean: {near}?",
        zh="没有 exercise={found!r} 这道题。你要找的是不是：{near}？",
    ),
    # Progress
    "chapter": Text(en="chapter", zh="章节"),
    "exercise": Text(en="exercise", zh="练习"),
    "state": Text(en="state", zh="进度"),
    "quiz": Text(en="quiz", zh="小测验"),
    "state_open": Text(en="not answered", zh="未作答"),
    "state_right": Text(en="right", zh="正确"),
    "state_wrong": Text(en="tried", zh="做过，未答对"),
    "quiz_score": Text(en="{right} of {n} right", zh="{n} 题中答对 {right} 题"),
    "predictions": Text(en="predictions", zh="预测"),
    "predictions_made": Text(en="{made} of {n} made", zh="{n} 个中做了 {made} 个"),
    "broken_lines": Text(
        en="{n} line(s) of {file} in the reader's folder could not be read and were left out; "
        "the rest of your progress counts.",
        zh="你的文件夹中的 {file} 有 {n} 行无法读取，已跳过；其余的进度仍然有效。",
    ),
    # Quiz
    "unknown_quiz": Text(
        en="chapter={found!r} has no quiz. There is one for: {near}",
        zh="chapter={found!r} 没有小测验。有小测验的章节：{near}",
    ),
    "quiz_title": Text(en="Quiz {chapter}", zh="小测验 {chapter}"),
    "quiz_right": Text(en="✓ Right.", zh="✓ 正确。"),
    "quiz_wrong": Text(en="✗ Not this one.", zh="✗ 不是这个。"),
    "quiz_total": Text(
        en="{answered} of {n} answered, {right} right.",
        zh="共 {n} 题，已答 {answered} 题，答对 {right} 题。",
    ),
    "quiz_right_once": Text(
        en="In your progress, hpt.my_progress(), a question counts that was right once: {right} of "
        "{n}.",
        zh="在学习进度（hpt.my_progress()）里，答对过一次的题就算对：{n} 题中有 {right} 题。",
    ),
    "quiz_renew": Text(en="answer anew", zh="重新作答"),
    # Nonsense
    "unreadable": Text(
        en="This answer (of type {answer}) could not be read: trying raised a {kind}.",
        zh="无法读取这个答案（类型为 {answer}）：读取时出现 {kind}。",
    ),
    "none": Text(
        en="The answer is `None`. A `print` shows a value but does not keep it, and a method such "
        "as `.sort()` changes its list and returns nothing: assign the value itself.",
        zh="答案是 `None`。`print` 只显示数值，并不保存；`.sort()` 这样的方法只改动列表，"
        "没有返回值：请把数值本身赋给变量。",
    ),
    "returned_none": Text(
        en="Called with `{call}`, your function returns `None`: is a `return` missing?",
        zh="用 `{call}` 调用时，你的函数返回了 `None`：是不是漏写了 `return`？",
    ),
    "holds_none": Text(
        en="your function returns {found}; there is a `None` in it where a value is wanted.",
        zh="你的函数返回 {found}，其中有一处是 `None`；那里应当有值。",
    ),
    "is_iterator": Text(
        en="This is a {kind}, which gives its values one at a time, and only once: make a list of "
        "it with `list(…)`.",
        zh="这是 {kind}，它的值只能一个一个地取，而且只能取一遍：请用 `list(…)` 变成列表。",
    ),
    "endless": Text(
        en="This {kind} never ends: give a list.",
        zh="这个 {kind} 没有尽头：请给出列表。",
    ),
    "not_an_array": Text(
        en="Expected numbers, got `{found}`.",
        zh="这里应是数，得到的却是 `{found}`。",
    ),
    "not_a_list": Text(
        en="Expected a list, got `{found}`.",
        zh="这里应是列表，得到的却是 `{found}`。",
    ),
    "pair_is_set": Text(
        en="`{found}` is a set, and a set has no order: write the two in round brackets, `(…, …)`.",
        zh="`{found}` 是集合（set），而集合没有次序：请把两个值写在圆括号里，即 `(…, …)`。",
    ),
    "not_a_dict": Text(
        en="Expected a dict, got `{found}`.",
        zh="这里应是字典，得到的却是 `{found}`。",
    ),
    "wrong_shape": Text(
        en="The result has the shape {found}; expected was {expected}.",
        zh="结果的形状是 {found}，应为 {expected}。",
    ),
    "number_is_function": Text(
        en="`{found}` is a function: give the number that it returns, by calling it.",
        zh="`{found}` 是函数：请调用它，给出它返回的数。",
    ),
    "number_is_text": Text(
        en="`{found}` is text: write {number}, without quotation marks.",
        zh="`{found}` 是文本：请写 {number}，不要加引号。",
    ),
    "number_with_signs_is_text": Text(
        en="`{found}` is text: write {number}, without quotation marks, and without commas or "
        "signs in it.",
        zh="`{found}` 是文本：请写 {number}，不要加引号，数字里也不要有逗号等符号。",
    ),
    "percentage_is_text": Text(
        en="`{found}` is text: give the number alone, without quotation marks and without the per "
        "cent sign.",
        zh="`{found}` 是文本：只给出数，不要加引号，也不要带百分号。",
    ),
    "number_is_words": Text(
        en="`{found}` is text: write a number, without quotation marks.",
        zh="`{found}` 是文本：请写一个数，不要加引号。",
    ),
    "number_with_commas": Text(
        en="A comma separates values in Python, so this is `{found}`. Write {number}.",
        zh="在 Python 里逗号用来分隔值，所以这是 `{found}`。请写 {number}。",
    ),
    "not_a_number": Text(
        en="Expected one number, got `{found}` (of type {kind}).",
        zh="这里应是一个数，得到的却是 `{found}`（类型为 {kind}）。",
    ),
    "not_a_bool": Text(
        en="Expected `True` or `False`, got `{found}`.",
        zh="这里应是 `True` 或 `False`，得到的却是 `{found}`。",
    ),
    "not_finite": Text(
        en="The answer is {found}: expected a finite number.",
        zh="答案是 {found}：这里应是有限的数。",
    ),
    "not_a_function": Text(
        en="Expected a function, got `{found}`: write one with `def`, and hand over its name "
        "alone, without brackets.",
        zh="这里应是函数，得到的却是 `{found}`：请用 `def` 写一个函数；检查时只写函数名，"
        "不要加括号。",
    ),
    # What a reader's function does
    "differs": Text(
        en="For `{call}` your function gives {found}; it should be {expected}.",
        zh="参数为 `{call}` 时，你的函数给出 {found}，应为 {expected}。",
    ),
    "changed_argument": Text(
        en="What it returns is right, but your function changes what it is given: {before} has "
        "become {after}, and whoever called it no longer has what they had. Work on a copy "
        "(`list(…)`, `dict(…)`, `.copy()`), or build what you need anew.",
        zh="返回的结果是对的，但你的函数改动了传入的参数：{before} 变成了 {after}，"
        "调用者手里的数据也跟着变了。请在副本上操作（`list(…)`、`dict(…)`、`.copy()`），"
        "或者另建所需的对象。",
    ),
    "changed_in_place": Text(
        en="Your function returns what the given one did, and it changes what it is given: "
        "{before} has become {after}. `a -= b` and `a += b` change an array itself, also under "
        "its other names: write `a = a - b`, or keep what you need with `.copy()`.",
        zh="你的函数返回的结果与原来的程序一样，而且改动了传入的参数：{before} 变成了 {after}。"
        "`a -= b`、`a += b` 改的是数组本身，它的其他名字也随之改变：请写 `a = a - b`，"
        "或先用 `.copy()` 留一份。",
    ),
    "changed_and_as_given": Text(
        en="Your function returns what the given one did: the fault is still there. And it changes "
        "what it is given: {before} has become {after}. Work on a copy (`list(…)`, `dict(…)`).",
        zh="你的函数返回的结果与原来的程序一样，错误还在；而且改动了传入的参数："
        "{before} 变成了 {after}。请在副本上操作（`list(…)`、`dict(…)`）。",
    ),
    "unreadable_result": Text(
        en="For `{call}`: {problem}",
        zh="参数为 `{call}` 时：{problem}",
    ),
    "rounded": Text(
        en="For `{call}` your function gives {found} instead of {expected}: right, but rounded. "
        "Return the value as it is.",
        zh="参数为 `{call}` 时，你的函数给出 {found}，而不是 {expected}：算对了，但取了近似值。"
        "请原样返回，不要舍入。",
    ),
    "raised": Text(
        en="Called with `{call}`, your function raised {kind}: {message}",
        zh="用 `{call}` 调用时，你的函数抛出了 {kind}：{message}",
    ),
    "recursion": Text(
        en="Called with `{call}`, your function calls itself without end, or too often for Python.",
        zh="用 `{call}` 调用时，你的函数不停地调用自己：没有尽头，或层数超出了 Python 的限度。",
    ),
    "too_long": Text(
        en="Called with `{call}`, your function had not ended after {seconds} s: does a loop "
        "never stop?",
        zh="用 `{call}` 调用时，你的函数过了 {seconds} 秒还没有结束：是不是有循环停不下来？",
    ),
    "waited_too_long": Text(
        en="Called with `{call}`, your function had not ended after {seconds} s, though it hardly "
        "computed. Does it wait for something? Or do other programs keep the computer busy? Then "
        "check once more.",
        zh="用 `{call}` 调用时，你的函数过了 {seconds} 秒还没有结束，却几乎没有在计算。"
        "它是在等什么吗？也可能是别的程序占着电脑：那就再检查一次。",
    ),
    "too_slow": Text(
        en="Your function is tried on several cases; they were not done after {seconds} s. Let it "
        "compute what is asked and nothing else.",
        zh="你的函数要在多种情形下试算，过了 {seconds} 秒还没有算完。请只计算题目要求的内容。",
    ),
    # Readings
    "wrong_keys": Text(
        en="Expected a dict with the keys {names}, got `{found}`.",
        zh="这里应是字典，键是 {names}；得到的却是 `{found}`。",
    ),
    "missing_keys": Text(
        en="Expected a dict with the keys {names}. Yours has {found}: {missing} is missing.",
        zh="这里应是字典，键是 {names}。你的键是 {found}，缺少 {missing}。",
    ),
    "unknown_keys": Text(
        en="Expected a dict with the keys {names}. Yours has {found} besides.",
        zh="这里应是字典，键是 {names}。你的字典里多了 {found}。",
    ),
    "entry_is_none": Text(
        en='"{name}" is `None`; a number is wanted there.',
        zh='"{name}" 填的是 `None`；这里应填一个数。',
    ),
    "no_whole_number": Text(
        en='"{name}" has {found}; a whole number from 1 on is wanted.',
        zh='"{name}" 填的是 {found}；这里应是不小于 1 的整数。',
    ),
    "in_entry": Text(en='"{name}": {problem}', zh='"{name}"：{problem}'),
    "not_a_choice": Text(
        en='"{name}" has `{found}`; choose from {allowed}.',
        zh='"{name}" 填的是 `{found}`；请从 {allowed} 中选。',
    ),
    # Trials
    "not_trials": Text(
        en="Expected the runs of a lab or the record of a search, got `{found}`.",
        zh="这里应是实验台的 `runs`，或一次搜索的记录；得到的却是 `{found}`。",
    ),
    "other_setting": Text(
        en="The newest trial has {name}={found}; the task holds {name}={wanted} fixed.",
        zh="最近一次试验的 {name}={found}；题目规定 {name}={wanted} 不变。",
    ),
    "none_usable": Text(
        en="None of the trials came to an end with an accuracy: they diverged or failed.",
        zh="没有一次试验得到准确率：都发散或失败了。",
    ),
    "all_stopped": Text(
        en="All of these were broken off, and what is broken off does not count. Let one train to "
        "its end.",
        zh="这些训练都是中途停止的，不算数。请至少让一次训练到底。",
    ),
    "over_budget": Text(
        en="{found} trials, and the budget is {most}. Begin anew with a fresh record (run the "
        "cell again), and think longer before each trial.",
        zh="已有 {found} 次试验，而预算是 {most} 次。请重新运行单元格，用新的记录再来；"
        "每次试验之前多想一想。",
    ),
}
