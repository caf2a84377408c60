"""What a prediction and its outcome say; each question has its own words beside it."""

from __future__ import annotations

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    "predict": Text(en="Predict.", zh="预测。"),
    "yours": Text(en="your prediction", zh="你的预测"),
    "outcome": Text(en="what came out", zh="实际结果"),
    "difference": Text(en="difference", zh="比较"),
    "note": Text(en="noted afterwards", zh="看过结果后填的"),
    "go_on": Text(en="go on without", zh="不预测，继续"),
    "renew": Text(en="predict anew", zh="重新预测"),
    "which_curve": Text(en="curve", zh="曲线"),
    "knot": Text(en="at {x}", zh="{x} 处"),
    "how_to_choose": Text(en="Choose what you expect.", zh="选出你认为会发生的情况。"),
    "how_to_type": Text(
        en="Type what you expect, and press Enter.", zh="输入你的预测，然后按回车键。"
    ),
    "how_to_draw": Text(
        en="Draw with the mouse on the chart, or type heights below it.",
        zh="用鼠标在图上画，或在下方输入各处的高度。",
    ),
    "kept": Text(
        en="Your prediction: {prediction}. You can change it until you have seen what comes out.",
        zh="你的预测：{prediction}。看到结果之前可以修改。",
    ),
    "not_drawn_yet": Text(
        en="Not drawn yet: {names}. Choose in the list “{list}” which one you draw.",
        zh="还没有画：{names}。要画哪一条，请在“{list}”列表里选。",
    ),
    "not_compared": Text(
        en="Not drawn, so there is nothing to compare: {names}.",
        zh="没有画，所以无从比较：{names}。",
    ),
    "skipped": Text(
        en="Going on without a prediction. You can still make one.",
        zh="这次不预测，直接往下看。想预测的话，现在也可以。",
    ),
    "stands": Text(
        en="Your prediction: {prediction}. You have seen what came out, so it stays as it is.",
        zh="你的预测：{prediction}。结果已经看过，预测不能再改。",
    ),
    "seen": Text(
        en="You have seen what came out already: what you enter now is noted, not judged.",
        zh="结果已经看过：现在填的会记下来，但不作评判。",
    ),
    "noted": Text(
        en="Noted: {prediction}. You had seen what came out before, so it does not count as a "
        "prediction.",
        zh="已记下：{prediction}。此前已经看过结果，所以不算预测。",
    ),
    "is_final": Text(
        en="the outcome of {id} has been seen, so the prediction stays as it is; "
        "renew() lets you predict anew",
        zh="{id} 的结果已经看过，预测不能再改；用 renew() 可以重新预测",
    ),
    "drawn": Text(en="{name} from {first} to {last}", zh="{name}：从 {first} 到 {last}"),
    "blank": Text(en="{label}: …", zh="{label}：…"),
    "blank_in_unit": Text(en="{label} ({unit}): …", zh="{label}（{unit}）：…"),
    "labelled": Text(en="{label}: {words}", zh="{label}：{words}"),
    "list_comma": Text(en=", ", zh="，"),
    "of_total": Text(en="of {total}", zh="个，共 {total} 个"),
    "count_of_total": Text(en="{n} of {total}", zh="{total} 个中的 {n} 个"),
    "count": Text(en="{n}", zh="{n} 个"),
    # The comparison
    "exact": Text(en="exactly right", zh="完全正确"),
    "nearly_exact": Text(en="as good as exactly right", zh="可以说完全正确"),
    "points": Text(en="points", zh="个百分点"),
    "points_one": Text(en="point", zh="个百分点"),
    "trainings_one": Text(en="training", zh="次"),
    "low": Text(en="too low by {difference}", zh="偏低 {difference}"),
    "high": Text(en="too high by {difference}", zh="偏高 {difference}"),
    "low_by_factor": Text(
        en="too low by a factor of {factor}", zh="偏低，实际值是它的 {factor} 倍"
    ),
    "high_by_factor": Text(
        en="too high by a factor of {factor}", zh="偏高，是实际值的 {factor} 倍"
    ),
    "share": Text(
        en="{found} is next to nothing. Did you mean {meant}? Then you were close: percentages are "
        "asked for here.",
        zh="{found} 几乎等于没有。你想说的是 {meant} 吧？那就很接近：这里要填的是百分数。",
    ),
    "share_of_count": Text(
        en="{found} is next to nothing. Did you mean {meant}? Then you were close: the number "
        "itself is asked for here.",
        zh="{found}几乎等于没有。你想说的是不是 {meant}？那就很接近：这里要填的是个数。",
    ),
    "share_low": Text(
        en="Did you mean {meant}? Then it was too low. {meaning}",
        zh="你想说的是不是 {meant}？那就偏低了。{meaning}",
    ),
    "share_high": Text(
        en="Did you mean {meant}? Then it was too high. {meaning}",
        zh="你想说的是不是 {meant}？那就偏高了。{meaning}",
    ),
    "share_or_percentage": Text(
        en="{found}? Or did you mean {meant}?", zh="是 {found}，还是 {meant}？"
    ),
    "percentage_of_count": Text(
        en="{found} is a percentage; here the number itself is asked for. Did you mean {meant}?",
        zh="{found} 是百分数，这里要填的是个数。你想说的是不是 {meant}？",
    ),
    "late": Text(
        en="You entered this when you had seen what came out, so it is not judged.",
        zh="这是看过结果之后才填的，所以不作评判。",
    ),
    "as_expected": Text(en="as you expected", zh="与你的预测一致"),
    "otherwise": Text(en="otherwise than you expected", zh="与你的预测不同"),
    "unusual": Text(
        en="In the stored run something else came out: did you change a setting? "
        "If not, it is chance.",
        zh="在保存的这次运行里，结果不是这样：你是否改过设置？如果没有，那就是偶然。",
    ),
    "curve_close": Text(
        en="Close all the way, least so at {x} ({axis}): you drew {drawn}, it was {found}.",
        zh="一路都很接近；相差最大的地方在 {x}（{axis}）：你画的是 {drawn}，实际是 {found}。",
    ),
    "curve_exact": Text(
        en="Close all the way: no difference can be seen.",
        zh="一路都很接近，看不出差别。",
    ),
    "curve_apart": Text(
        en="Farthest apart at {x} ({axis}): you drew {drawn}, it was {found}.",
        zh="相差最大的地方在 {x}（{axis}）：你画的是 {drawn}，实际是 {found}。",
    ),
    "curve_close_but_steep": Text(
        en="Close, but for how steep it is at {x} ({axis}): you drew {drawn}, it was {found}.",
        zh="很接近，只是陡缓略有不同：在 {x}（{axis}）处，你画的是 {drawn}，实际是 {found}。",
    ),
    "curve_close_on_the_whole": Text(
        en="Close on the whole, least so at {x} ({axis}): you drew {drawn}, it was {found}.",
        zh="大体上很接近；相差最大的地方在 {x}（{axis}）：你画的是 {drawn}，实际是 {found}。",
    ),
    "above": Text(en="above {edge}, beyond this chart", zh="{edge} 以上，超出了图"),
    "below": Text(en="below {edge}, beyond this chart", zh="{edge} 以下，超出了图"),
    "leaves": Text(en="{name} (leaves the chart)", zh="{name}（超出了图）"),
    "apart_and": Text(en="{apart} {fault}", zh="{apart}{fault}"),
    "falls_on": Text(
        en="You drew it falling to the end; it turned up at about {x} ({axis}).",
        zh="你画的一直降到最后，实际在 {x}（{axis}）左右掉头上升。",
    ),
    "stays_level": Text(
        en="You drew hardly any rise at the end; it turned up at about {x} ({axis}).",
        zh="你画的最后几乎没有上升，实际在 {x}（{axis}）左右掉头上升。",
    ),
    "turns_late": Text(
        en="You drew it turning up at {drawn_x} ({axis}); it did so at about {x}.",
        zh="你画的到 {drawn_x}（{axis}）才掉头上升，实际在 {x} 左右就掉头了。",
    ),
    "falls_again": Text(
        en="You drew it falling again; it went on rising.",
        zh="你画的后来又降了下去，实际一直在上升。",
    ),
    "no_fall_before": Text(
        en="You drew hardly any fall; it fell to {last} before it turned up.",
        zh="你画的几乎没有下降，实际先降到了 {last}，然后才掉头上升。",
    ),
    "rises_again": Text(
        en="You drew it rising again; it went on falling, to {last}.",
        zh="你画的后来又升了上去，实际一直在下降，最后到了 {last}。",
    ),
    "no_fall": Text(
        en="You drew hardly any fall; it fell from {first} to {last}.",
        zh="你画的几乎没有下降，实际从 {first} 降到了 {last}。",
    ),
    "ends_low": Text(
        en="You drew it ending below the curve “{other}”; it ended above that one.",
        zh="你画的最后在曲线“{other}”之下，实际在它之上。",
    ),
    "ends_high": Text(
        en="You drew it ending above the curve “{other}”; it ended below that one.",
        zh="你画的最后在曲线“{other}”之上，实际在它之下。",
    ),
    "ends_beside_low": Text(
        en="You drew its end at {drawn}; it ended at {found}, above the curve “{other}”.",
        zh="你画的最后是 {drawn}，实际是 {found}，在曲线“{other}”之上。",
    ),
    "ends_beside_high": Text(
        en="You drew its end at {drawn}; it ended at {found}, below the curve “{other}”.",
        zh="你画的最后是 {drawn}，实际是 {found}，在曲线“{other}”之下。",
    ),
    "starts_low": Text(
        en="You drew it beginning below the curve “{other}”; it began above that one.",
        zh="你画的开头在曲线“{other}”之下，实际在它之上。",
    ),
    "starts_high": Text(
        en="You drew it beginning above the curve “{other}”; it began below that one.",
        zh="你画的开头在曲线“{other}”之上，实际在它之下。",
    ),
    "nearer": Text(
        en="You drew it ending nearer to the curve “{other}” than it did.",
        zh="你画的最后离曲线“{other}”太近，实际离得更远。",
    ),
    "farther": Text(
        en="You drew it ending farther from the curve “{other}” than it did.",
        zh="你画的最后离曲线“{other}”太远，实际离得更近。",
    ),
    "other_end": Text(
        en="You drew its end at {drawn}; it ended at {found}.",
        zh="你画的最后是 {drawn}，实际是 {found}。",
    ),
    "other_end_beyond": Text(
        en="You drew its end at {drawn}; it ended {found}.",
        zh="你画的最后是 {drawn}，实际在 {found}。",
    ),
    "end_is_right": Text(
        en="You have the end right; it is the way there that differs.",
        zh="终点你画对了，不同的是中间的走法。",
    ),
    "no_curve": Text(
        en="The run left no point on this chart.", zh="这次运行在图上没有留下任何点。"
    ),
    "in_the_chart": Text(en="in the chart", zh="见图"),
    "axes": Text(
        en="Axes: {x} from {x_min} to {x_max}; {y} from {y_min} to {y_max}. Curves: {lines}.",
        zh="坐标轴：{x}，从 {x_min} 到 {x_max}；{y}，从 {y_min} 到 {y_max}。曲线：{lines}。",
    ),
    # Bad input
    "unknown": Text(
        en="name={found!r} is no prediction. Did you mean: {near}?",
        zh="没有 name={found!r} 这个预测。你要找的是不是：{near}？",
    ),
    "needs_number": Text(en="a number", zh="须为一个数"),
    "needs_result": Text(
        en="a run, a table with the columns {x_column} and {y_column}, or a pair (x, y) of equally "
        "long lists",
        zh="须为一次运行、含有 {x_column} 和 {y_column} 两列的表，或一对等长的列表 (x, y)",
    ),
    "needs_curves": Text(
        en="a list of {n} curve(s), each None or points (x, y) from left to right, not all None",
        zh="须为含 {n} 条曲线的列表，每条为 None 或从左到右的点 (x, y)，且不能全为 None",
    ),
}
