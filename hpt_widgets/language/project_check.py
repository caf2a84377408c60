"""The words in which a project's way is judged."""

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    "colon": Text(en=": ", zh="："),
    "right": Text(en="right", zh="正确"),
    "wrong": Text(en="wrong", zh="有误"),
    "not_yet": Text(en="not yet", zh="未完成"),
    "summary": Text(
        en="{name}: {right} right, {wrong} wrong, {open} not yet.",
        zh="{name}：正确 {right} 项，有误 {wrong} 项，未完成 {open} 项。",
    ),
    "no_name": Text(en="your project", zh="你的项目"),
    "not_begun": Text(
        en="there is no project yet: project = hpt.Project(data, question, budget).",
        zh="还没有项目：project = hpt.Project(data, question, budget)。",
    ),
    "no_log": Text(
        en="project={path!r} is no log of a project: there is no such file",
        zh="project={path!r} 不是项目日志：没有这个文件",
    ),
    "other_file": Text(
        en="project={path!r} is no log of a project: none of its lines is an entry. What "
        "project.hand_in(…) has written ends in .project.jsonl",
        zh="project={path!r} 不是项目日志：没有一行是日志记录。"
        "project.hand_in(…) 写出的文件以 .project.jsonl 结尾",
    ),
    "empty_folder": Text(
        en="project={path!r} is a folder without projects: those that were handed in with "
        "project.hand_in(…) end in .project.jsonl",
        zh="project={path!r} 这个文件夹里没有项目：用 project.hand_in(…) 上交的文件"
        "以 .project.jsonl 结尾",
    ),
    "no_project": Text(
        en="the log of {name!r} lacks what a project writes, so it was not written by one: "
        "{reason}",
        zh="{name!r} 的日志缺少项目会写入的内容，因此不是由项目写成的：{reason}",
    ),
    # The points
    "point_log": Text(en="The log is whole", zh="日志要完整"),
    "point_plan": Text(en="Question and budget before the first training", zh="先定问题和预算"),
    "point_budget": Text(en="The budget is kept", zh="不超预算"),
    "point_splits": Text(en="The splits are disjoint", zh="训练集、验证集、测试集互不重叠"),
    "point_baseline": Text(en="A baseline before the search", zh="搜索之前有基线"),
    "point_budgets": Text(en="Equal budgets for what is compared", zh="比较的各方预算相同"),
    "point_seeds": Text(en="Enough fresh seeds", zh="随机种子足够多"),
    "point_choice": Text(en="The choice lies in what was searched", zh="选定的设置在搜索范围内"),
    "point_test": Text(en="The test set once, and last", zh="测试集只打开一次，且在最后"),
    "point_interval": Text(en="The confidence interval", zh="置信区间"),
    # The log
    "log_empty": Text(en="nothing has been logged yet.", zh="还没有任何记录。"),
    "no_begin": Text(en="the log has no beginning.", zh="日志没有开头。"),
    "log_whole": Text(
        en="{n} entries, one for each thing that was done, in an unbroken chain.{torn}",
        zh="{n} 条记录（每做一件事记一条），环环相扣。{torn}",
    ),
    "log_whole_one": Text(
        en="one entry so far, that of the beginning.{torn}", zh="目前只有开头的一条记录。{torn}"
    ),
    "log_torn": Text(
        en=" {n} more were never finished, as it happens when a kernel is killed; that is no "
        "alteration.",
        zh="另有 {n} 条没有写完，内核被强制结束时会这样，不算改动。",
    ),
    "log_torn_one": Text(
        en=" One more was never finished, as it happens when a kernel is killed; that is no "
        "alteration.",
        zh="另有一条没有写完，内核被强制结束时会这样，不算改动。",
    ),
    "log_altered": Text(en="it was altered: {faults}.", zh="日志被改动过：{faults}。"),
    "fault_edited": Text(en="entry {number} was edited", zh="第 {number} 条被修改过"),
    "fault_removed": Text(
        en="entries before number {number} are missing", zh="第 {number} 条之前缺少记录"
    ),
    "fault_moved": Text(
        en="entry {number} stands in another place", zh="第 {number} 条不在原来的位置"
    ),
    "fault_end": Text(
        en="entries after number {number} are missing", zh="第 {number} 条之后的记录不见了"
    ),
    "fault_seal": Text(
        en="the seal does not belong to the log (entry {number})",
        zh="封签文件与日志不符（第 {number} 条）",
    ),
    "fault_label": Text(
        en="name, time or seal in the first line of the file were edited; "
        "project.hand_in(…) writes it anew",
        zh="文件第一行中的姓名、时间或封签被修改过，请用 project.hand_in(…) 重新生成",
    ),
    "log_unsealed": Text(
        en="the .seal file is missing, without which nobody sees whether the last entries are "
        'there: hand in with project.hand_in("your name") where the log and its .seal lie; that '
        "writes all into one file. A seal that was deleted can't be made anew.",
        zh="缺少 .seal 封签文件，看不出最后的记录是否齐全：请在日志和封签文件都在的地方用 "
        'project.hand_in("姓名") 上交，它会把全部内容写进一个文件。封签文件删除后无法重新生成。',
    ),
    "fault_samples": Text(
        en="entry {number} was trained on fewer than no samples, which no project writes",
        zh="第 {number} 条的训练样本数是负数，项目不会写出这样的记录",
    ),
    # The plan
    "plan_kept": Text(
        en="“{question}”, with {budget} epochs, stood before the first training.",
        zh="“{question}”，预算 {budget} 轮，在第一次训练之前就已确定。",
    ),
    "plan_stands": Text(
        en="“{question}”, with {budget} epochs; the first training fixes both.",
        zh="“{question}”，预算 {budget} 轮；从第一次训练起，两者就不能再改。",
    ),
    "plan_changed": Text(
        en="question or budget were changed after the first training ({when}). Now: “{question}”, "
        "{budget} epochs. Whoever sets the aim after the shot always hits.",
        zh="第一次训练之后又改了问题或预算（{when}）。现在是：“{question}”，{budget} 轮。"
        "先射箭再画靶，总能射中。",
    ),
    "no_fits": Text(en="nothing has been trained yet.", zh="还没有训练过。"),
    "budget_kept": Text(
        en="{n} trainings cost {spent} of {budget} epochs.",
        zh="{n} 次训练共用 {spent} 轮，预算 {budget} 轮。",
    ),
    "budget_kept_one": Text(
        en="1 training cost {spent} of {budget} epochs.",
        zh="1 次训练用了 {spent} 轮，预算 {budget} 轮。",
    ),
    "over": Text(
        en="{n} trainings cost {spent} epochs, more than the {budget} of the budget.",
        zh="{n} 次训练共用 {spent} 轮，超出了预算的 {budget} 轮。",
    ),
    "over_one": Text(
        en="1 training cost {spent} epochs, more than the {budget} of the budget.",
        zh="1 次训练用了 {spent} 轮，超出了预算的 {budget} 轮。",
    ),
    # The data
    "other_data": Text(
        en="{n} trainings were on other data than the project's.",
        zh="有 {n} 次训练用的不是本项目的数据。",
    ),
    "other_data_one": Text(
        en="1 training was on other data than the project's.",
        zh="有 1 次训练用的不是本项目的数据。",
    ),
    "leak": Text(en="{n} samples ({pair})", zh="{n} 个样本（{pair}）"),
    "leak_one": Text(en="1 sample ({pair})", zh="1 个样本（{pair}）"),
    "leaks": Text(
        en="some samples stand in two splits: {found}. A network that has seen them is not "
        "tested on them. hpt.Dataset keeps equal rows together when it makes the splits.",
        zh="有样本同时出现在两个部分中：{found}。网络见过的样本不能用来检验它。"
        "由 hpt.Dataset 来划分时，相同的行会分在一起。",
    ),
    "no_leaks": Text(
        en="{train:,} + {validation:,} + {test:,} samples, none in two splits.",
        zh="{train:,} + {validation:,} + {test:,} 个样本，没有一个同时在两个部分中。",
    ),
    # What was tried
    "no_baseline": Text(
        en="train a baseline first: project.train(hp, strategy='baseline').{hint}",
        zh="请先训练一个基线：project.train(hp, strategy='baseline')。{hint}",
    ),
    "called_otherwise": Text(
        en=" What was trained so far is called {names}, and does not count as one.",
        zh="目前训练过的用途是 {names}，不算基线。",
    ),
    "too_late_baseline": Text(
        en="none was trained before the search, and now any would come too late: by now one knows "
        "what it takes to look good. {another}",
        zh="搜索之前没有训练基线，现在再训练已经太晚：此时已经知道什么样的基线会让搜索显得有效。"
        "{another}",
    ),
    "another": Text(
        en="What can still be done is another project, with another name=…: begin it with the "
        "baseline, and say in its question or its report what was known from this one.",
        zh="补救的办法是换一个 name=… 开始新项目：先训练基线，"
        "并在问题或报告中说明从这个项目已经知道了什么。",
    ),
    "another_test": Text(
        en="What can still be done is another project, with another name=… and with data that "
        "nobody has tested on: this test set has been opened.",
        zh="补救的办法是换一个 name=… 开始新项目，并改用还没有人测试过的数据："
        "这个测试集已经打开了。",
    ),
    "open_at_test": Text(
        en="This was still open when the test set was opened, and what is trained or chosen after "
        "that is tuned on the test. {another}",
        zh="打开测试集时这一项还没有完成，之后再训练或选择，就是在测试集上调参。{another}",
    ),
    "open_baseline": Text(
        en="the baseline was broken off before its end: train the same setting once more with "
        "project.train(hp, strategy='baseline').",
        zh="基线的训练中途停止了：请用同一个设置再运行 project.train(hp, strategy='baseline')，"
        "把它训练完。",
    ),
    "finish_baseline": Text(
        en="The one that was begun before the search and broken off still counts: train the same "
        "setting once more with project.train(hp, strategy='baseline').",
        zh="搜索之前开始、中途停止的那个基线仍然算数：请用同一个设置再运行 "
        "project.train(hp, strategy='baseline')，把它训练完。",
    ),
    "late_baseline": Text(
        en="the baseline was trained after the search: by then one knows what it takes to "
        "look good. {another}",
        zh="基线是在搜索之后才训练的：那时已经知道什么样的基线会让搜索显得有效。{another}",
    ),
    "baseline": Text(
        en="it reached {accuracy:.1f} % on the validation data.",
        zh="它在验证集上达到 {accuracy:.1f}%。",
    ),
    "baseline_diverged": Text(
        en="it diverged: any search that finds a setting which trains will beat it.",
        zh="它发散了：搜索只要找到一个训练得起来的设置，就能胜过它。",
    ),
    "no_comparison": Text(
        en="nothing has been compared yet: project.compare({{…}}, seeds=5).",
        zh="还没有做过比较：project.compare({{…}}, seeds=5)。",
    ),
    "comparison_open": Text(
        en="the comparison is not finished: trainings of {names} are missing. Call "
        "project.compare again, as before.",
        zh="比较还没有做完：{names} 缺少训练。请照原样再次调用 project.compare。",
    ),
    "cost": Text(en="{name} {cost} epochs", zh="{name} {cost} 轮"),
    "cost_one": Text(en="{name} {cost} epoch", zh="{name} {cost} 轮"),
    "unequal_fits": Text(
        en="the sides were trained for unequal lengths: {costs}. What was trained longer has "
        "an advantage that is not its setting's.",
        zh="各方的训练轮数不同：{costs}。训练更久的一方占了便宜，这不是设置本身的功劳。",
    ),
    "unequal_searches": Text(
        en="the sides come from searches of unequal cost: {costs}. More trials find better "
        "settings with any method.",
        zh="各方的设置出自轮数不同的搜索：{costs}。无论哪种方法，试验越多，找到的设置越好。",
    ),
    "equal_budgets": Text(
        en="each of the {n} sides was trained for {cost} epochs.",
        zh="比较的 {n} 方各训练了 {cost} 轮。",
    ),
    "fresh_all": Text(
        en="fresh seeds that count: {n} for each side", zh="各方只有 {n} 个新的随机种子"
    ),
    "fresh_several": Text(
        en="fresh seeds that count: {n} each for {names}",
        zh="{names} 各只有 {n} 个新的随机种子",
    ),
    "fresh_one": Text(
        en="fresh seeds that count: {n} for {names}", zh="{names} 只有 {n} 个新的随机种子"
    ),
    "no_seed": Text(
        en="{fresh}. Without a fresh seed nothing can be said of chance. {advice}",
        zh="{fresh}：没有新的随机种子，就看不出随机波动有多大。{advice}",
    ),
    "one_seed": Text(
        en="{fresh}. One training alone tells nothing of chance. {advice}",
        zh="{fresh}：只凭一次训练，看不出随机波动有多大。{advice}",
    ),
    "few_seeds": Text(
        en="{fresh}; a standard error takes at least {least}. {advice}",
        zh="{fresh}；要算标准误，至少需要 {least} 个。{advice}",
    ),
    "more_seeds": Text(
        en="Compare with at least {least} seeds (seeds={enough} is better).",
        zh="请至少用 {least} 个种子比较（seeds={enough} 更好）。",
    ),
    "seeds_for_a_tie": Text(
        en="Take more seeds: from {enough} on it may be left open.",
        zh="请增加随机种子：达到 {enough} 个仍分不出，才可以写“分不出”。",
    ),
    "larger": Text(
        en="{best} − {other}: {difference} points (95 % from {low} to {high}), more than chance",
        zh="{best} − {other}：{difference} 个百分点（95% 置信区间 {low} 到 {high}），超出随机波动",
    ),
    "not_larger": Text(
        en="{best} − {other}: {difference} points (95 % from {low} to {high}), within chance",
        zh="{best} − {other}：{difference} 个百分点"
        "（95% 置信区间 {low} 到 {high}），"
        "在随机波动之内",
    ),
    "told": Text(
        en="{found} ({n} seeds, Welch's interval).", zh="{found}（{n} 个随机种子，Welch 区间）。"
    ),
    "tie": Text(
        en="{found} ({n} seeds, Welch's interval). What can't be told apart is to be reported as "
        "that, not as a win.",
        zh="{found}（{n} 个随机种子，Welch 区间）。"
        "分不出高下，报告中就要如实写分不出，不能写成获胜。",
    ),
    "not_told": Text(
        en="{found} ({n} seeds, Welch's interval). {advice}",
        zh="{found}（{n} 个随机种子，Welch 区间）。{advice}",
    ),
    "seen_seeds": Text(
        en=" {n} more do not count: with them a setting had been trained before it was compared. "
        "Call project.compare(…, seeds={wanted}).",
        zh="另有 {n} 个种子不算：某个设置在比较之前已经用它们训练过。"
        "请调用 project.compare(…, seeds={wanted})。",
    ),
    "seen_seeds_one": Text(
        en=" One more does not count: with it a setting had been trained before it was compared. "
        "Call project.compare(…, seeds={wanted}).",
        zh="另有 1 个种子不算：某个设置在比较之前已经用它训练过。"
        "请调用 project.compare(…, seeds={wanted})。",
    ),
    # The choice
    "no_choice": Text(
        en="no setting has been chosen yet: project.choose(hp).",
        zh="还没有选定设置：project.choose(hp)。",
    ),
    "no_choice_of": Text(
        en="no setting has been chosen yet: project.choose(hp), with one of those that were "
        "compared ({names}).",
        zh="还没有选定设置：请用 project.choose(hp) 选定比较过的设置之一（{names}）。",
    ),
    "no_search": Text(
        en="nothing has been searched yet: project.search(space, method, trials=…), with a space "
        "in which the chosen setting lies.",
        zh="还没有搜索过：project.search(space, method, trials=…)，搜索空间要包含选定的设置。",
    ),
    "no_search_no_baseline": Text(
        en="nothing has been searched yet: train a baseline first, for after a search it comes "
        "too late; then project.search(space, method, trials=…), with a space in which the chosen "
        "setting lies.",
        zh="还没有搜索过：请先训练一个基线（搜索之后再训练就太晚了），"
        "再用 project.search(space, method, trials=…) 搜索，搜索空间要包含选定的设置。",
    ),
    "baseline_chosen": Text(en="the baseline was chosen.{lost}", zh="选定的是基线。{lost}"),
    "outside": Text(
        en="no search could have found the chosen setting: {values} lies outside of what was "
        "searched.",
        zh="没有一次搜索能找到选定的设置：{values} 不在搜索范围内。",
    ),
    "later_baseline": Text(
        en="the chosen setting was called a baseline, but another one was the first: only the "
        "first is what all else is held against. {advice}",
        zh="选定的设置虽然也叫基线，但第一个基线是另一个设置，只有第一个才是比较的依据。{advice}",
    ),
    "first_baseline": Text(
        en="Choose that one, or search a space in which this setting lies.",
        zh="请选定第一个基线，或者在包含这个设置的范围内做一次搜索。",
    ),
    "uncompared": Text(
        en="the chosen setting is none of those that were compared last ({names}): nothing says "
        "how it does with fresh seeds.",
        zh="选定的设置不在最后一次比较之列（{names}）：它换了随机种子会怎样，没有依据。",
    ),
    "inside": Text(en="a search covers it.{lost}", zh="它在某次搜索的范围之内。{lost}"),
    "lost": Text(
        en=" But in the comparison {best} was better by more than chance: say in the report why it "
        "was not chosen.",
        zh="不过在比较中，{best} 更好，而且超出随机波动：请在报告中说明为什么没有选它。",
    ),
    # The test
    "closed": Text(
        en="it has not been opened. Train the chosen setting, and open it with that run: "
        "project.open_test(run).",
        zh="还没有打开。请训练选定的设置，再用那次训练打开：project.open_test(run)。",
    ),
    "closed_yet": Text(
        en="it has not been opened: it comes last, when all points above are done.",
        zh="还没有打开：以上各项都完成之后，最后再打开。",
    ),
    "opened_again": Text(
        en="it was opened {n} times ({times}). From the second time on it is a validation set.",
        zh="打开了 {n} 次（{times}）。从第二次起，它就成了验证集。",
    ),
    "opened_elsewhere": Text(
        en="another project had opened the same test set {n} times before: then it was no test "
        "set any more.",
        zh="在此之前，另一个项目已经打开过同一个测试集（{n} 次）：它那时就不再是测试集了。",
    ),
    "opened_elsewhere_one": Text(
        en="another project had opened the same test set before: then it was no test set any more.",
        zh="在此之前，另一个项目已经打开过同一个测试集：它那时就不再是测试集了。",
    ),
    "not_last": Text(
        en="{n} entries of the log (trainings, searches, choices) follow its opening: whoever "
        "goes on after the test tunes on the test.",
        zh="打开之后日志中还有 {n} 条记录（训练、搜索、选择）："
        "看过测试结果再继续，就是在测试集上调参。",
    ),
    "not_last_one": Text(
        en="1 entry of the log (a training, search or choice) follows its opening: whoever goes "
        "on after the test tunes on the test.",
        zh="打开之后日志中还有 1 条记录（训练、搜索或选择）："
        "看过测试结果再继续，就是在测试集上调参。",
    ),
    "opened_unchosen": Text(
        en="it was opened before a setting was chosen: the choice (project.choose) comes first.",
        zh="还没有选定设置就打开了：选定设置（project.choose）应在前面。",
    ),
    "other_setting": Text(
        en="what was tested is not the setting that was chosen.",
        zh="测试的设置不是选定的设置。",
    ),
    "opened_once": Text(
        en="opened once ({when}), with the chosen setting, and nothing was tried after it.",
        zh="只打开过一次（{when}），用的是选定的设置，之后没有再做尝试。",
    ),
    "no_claim": Text(
        en="no interval has been claimed yet: project.claim((low, high)).",
        zh="还没有给出区间：project.claim((low, high))。",
    ),
    "no_claim_yet": Text(
        en="no interval can be claimed before the test set is opened.",
        zh="打开测试集之后才能给出区间。",
    ),
    "early_claim": Text(
        en="it was claimed before the test set was opened. Work it out from what the opening "
        "shows, and claim it then: project.claim((low, high)).",
        zh="区间在打开测试集之前就给出了。请在打开之后根据测试结果算出区间，再用 "
        "project.claim((low, high)) 给出。",
    ),
    "interval": Text(
        en="{low:.3f} to {high:.3f} was claimed, which agrees with {correct:,} correct of {n:,} "
        "(95 %).",
        zh="给出的是 {low:.3f} 到 {high:.3f}，与 {n:,} 个中正确 {correct:,} 个相符（95%）。",
    ),
    "rounded_interval": Text(
        en="{low:.2f} to {high:.2f} was claimed, which agrees with {correct:,} correct of {n:,} "
        "(95 %), rounded to two digits.",
        zh="给出的是 {low:.2f} 到 {high:.2f}，取两位小数，与 {n:,} 个中正确 {correct:,} 个相符"
        "（95%）。",
    ),
    "wrong_interval": Text(
        en="{low:.3f} to {high:.3f} was claimed; {correct:,} of {n:,} give {expected_low:.3f} to "
        "{expected_high:.3f} (95 %, Wilson).",
        zh="给出的是 {low:.3f} 到 {high:.3f}；{n:,} 个中正确 {correct:,} 个，"
        "应为 {expected_low:.3f} 到 {expected_high:.3f}（95%，Wilson 区间）。",
    ),
    # What does not fit
    "doubts": Text(en="Doubts:", zh="疑点："),
    "doubt_moment": Text(
        en="some times in the log are missing, lie in the future, or before the first version of "
        "the workbook",
        zh="日志中有些时间缺失，或在将来，或早于教程的第一个版本",
    ),
    "doubt_order": Text(
        en="an entry of {earlier} is followed by one of {later}: the clock was set back, or was "
        "another computer's",
        zh="{earlier} 的记录后面是 {later} 的记录：时钟往回调过，或者换了一台电脑",
    ),
    "doubt_seal": Text(
        en="the seal is older than the log: of the last {n} entries it does not show whether "
        "others followed them; the next entry of the project renews it",
        zh="封签文件比日志旧：对最后 {n} 条记录，看不出后面是否还有别的记录；"
        "项目再写入一条记录时，封签会随之更新",
    ),
    "doubt_shared": Text(
        en="{n} of its {total} entries are those of {name} ({file})",
        zh="共 {total} 条记录，其中 {n} 条与 {name}（{file}）的完全相同",
    ),
    "doubt_shared_one": Text(
        en="1 of its {total} entries is that of {name} ({file})",
        zh="共 {total} 条记录，其中 1 条与 {name}（{file}）的完全相同",
    ),
    # What is no fault
    "notes": Text(en="For your information:", zh="说明："),
    "note_seed": Text(
        en="the network that was tested, with seed {seed}, had been seen before its setting was "
        "chosen ({picked:.1f} % on the validation data{fresh}): perhaps it was lucky. Another time "
        "test one with a seed of its own: project.train(chosen.replace(seed=…))",
        zh="测试的网络（种子 {seed}）在选定设置之前就看过结果（验证集上 {picked:.1f}%{fresh}），"
        "也许只是运气好。下次请换一个种子训练后再测试：project.train(chosen.replace(seed=…))",
    ),
    "note_fresh": Text(
        en=", where the {n} fresh seeds reach {mean:.1f} % on average",
        zh="，而 {n} 个新种子平均 {mean:.1f}%",
    ),
    "note_fresh_one": Text(
        en=", where one fresh seed reaches {mean:.1f} %",
        zh="，而用一个新种子是 {mean:.1f}%",
    ),
    "note_claim": Text(
        en="the interval was corrected: {low:.3f} to {high:.3f} came first. That is no fault; but "
        "check and report show the right one, so the log can't tell how it was found",
        zh="区间改正过：最初给出的是 {low:.3f} 到 {high:.3f}。这不算错；"
        "只是检查结果和报告会显示正确的区间，所以从日志看不出它是怎样得到的",
    ),
    "note_report": Text(
        en="still open: the report was made without {missing}; "
        'project.report(author="…", conclusion="…") writes it with both',
        zh="还有一项未完成：生成的报告缺少{missing}；"
        '请用 project.report(author="…", conclusion="…") 重新生成',
    ),
    # A class
    "student": Text(en="student", zh="学生"),
    "file": Text(en="file", zh="文件"),
    "doubt": Text(en="doubts", zh="疑点"),
    "note": Text(en="notes", zh="说明"),
    # What it can't prove
    "unproved": Text(en="What no log can prove:", zh="日志不能证明的事："),
    "unproved_outside": Text(
        en="that nothing was trained outside of the project, with hpt.train or in a lab;",
        zh="在项目之外没有训练过（例如直接用 hpt.train，或在实验台上）；",
    ),
    "unproved_looked": Text(
        en="that nobody looked at the test data elsewhere, in the file or as data.x_test;",
        zh="没有人在别处看过测试数据（文件里，或 data.x_test）；",
    ),
    "unproved_author": Text(
        en="that whoever handed it in did it: only within a folder of projects are logs found "
        "that two share;",
        zh="上交的人就是做的人：只有检查整个文件夹时，才能发现两个人交了同一份日志；",
    ),
    "unproved_rewritten": Text(
        en="that log and seal were not written anew as a whole, or put back from an older copy, "
        "and that no entry was added by hand: a chain shows where a line was changed, not who "
        "began it or added to it, and its times are those of the computer's clock;",
        zh="日志和封签没有被整个重写，没有换回旧的备份，也没有手工添加记录："
        "链条能显示哪一行被改过，却不能显示是谁开的头、是谁加的记录，"
        "时间也只是电脑时钟的时间；",
    ),
    "unproved_samples": Text(
        en="that the samples are what they are said to be: only equal ones are found in two "
        "splits, not the same person or the same day twice.",
        zh="样本确如所述：只能发现两个部分中完全相同的样本，"
        "发现不了同一个人或同一天的数据出现两次。",
    ),
}
