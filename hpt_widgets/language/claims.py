"""What is said of any claim of a paper; each has its own words in ``claims_search`` and so on."""

from hpt_widgets.language import Text

TEXTS = {
    "outcome_reproduced": Text(en="reproduced here", zh="在这里得到复现"),
    "outcome_refuted": Text(en="refuted here", zh="在这里不成立"),
    "outcome_undecided": Text(en="undecided here", zh="在这里分不出来"),
    "outcome_out_of_reach": Text(en="out of reach", zh="在这里无法检验"),
    "figures": Text(
        en="{estimate} (95 % band {low} to {high})", zh="{estimate}（95% 区间 {low} 到 {high}）"
    ),
    "verdict": Text(en="{outcome}: {figures}", zh="{outcome}：{figures}"),
    "unit_points": Text(en=" points", zh=" 个百分点"),
    "unit_percent": Text(en=" %", zh="%"),
    "unit_times": Text(en=" times", zh=" 倍"),
    "unit_doublings": Text(en=" factors of 2", zh=" 次翻倍"),
    "where": Text(en="{paper}, {place}. {read}", zh="{paper}，{place}。{read}"),
    "says_where": Text(en="{says} ({papers})", zh="{says}（{papers}）"),
    "read_source": Text(en="Read in the source itself.", zh="引自原文。"),
    "read_second_hand": Text(
        en="As another text quotes it; the paper itself was not read.",
        zh="转引自别处，未核对原文。",
    ),
    "not_read": Text(en="The paper itself was not read.", zh="未核对原文。"),
    "place_quoted": Text(en="{place}, {quoted}", zh="{place}，{quoted}"),
    "read_memory": Text(
        en="From memory, in other words; the paper was not read.", zh="凭记忆转述，未核对原文。"
    ),
    "criterion": Text(en="Criterion, set before the run:", zh="判断标准（运行之前定下）："),
    "run": Text(en="Run:", zh="运行："),
    "differs": Text(en="How this test differs from the paper", zh="这里的检验与论文有何不同"),
    "trainings": Text(
        en="{n:,} trainings, about {time} on two cores; stored on {day}, {machine}.",
        zh="{n:,} 次训练，用两个核心约需{time}；结果保存于 {day}（{machine}）。",
    ),
    "half_a_minute": Text(en="half a minute", zh="半分钟"),
    "seconds": Text(en="{n} s", zh=" {n} 秒"),
    "minutes": Text(en="{n:g} min", zh=" {n:g} 分钟"),
    "machine": Text(en="{system}, {cores} cores", zh="{system}，{cores} 核"),
    "no_trainings": Text(
        en="no trainings of its own; the trial bank, or arithmetic, answers.",
        zh="不必另外训练，用试验库或直接计算即可回答。",
    ),
    "not_run": Text(en="it was not run.", zh="没有运行。"),
    "no_picture": Text(
        en="name={name!r}: this claim has no picture; call `table()`",
        zh="name={name!r}：这条论断没有图，请用 `table()`",
    ),
    "column_name": Text(en="name", zh="名称"),
    "column_chapter": Text(en="chapter", zh="章"),
    "column_claim": Text(en="claim", zh="论断"),
    "column_verdict": Text(en="verdict", zh="结论"),
    "column_figures": Text(en="measured", zh="测得"),
}
