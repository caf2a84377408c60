"""The words of the view of the weights' path."""

from hpt_widgets.language import Text

TEXTS = {
    "axis_1": Text(
        en="1st principal component ({share:.0%} of the variation)",
        zh="第一主成分（占变化的 {share:.0%}）",
    ),
    "axis_2": Text(
        en="2nd principal component ({share:.0%} of the variation)",
        zh="第二主成分（占变化的 {share:.0%}）",
    ),
    "axis_unknown": Text(en="direction: known once a run has begun", zh="方向：训练开始后才能确定"),
    "axis_missing": Text(en="no direction", zh="没有方向"),
    "plane_of": Text(en="plane through", zh="平面取自"),
    "all": Text(en="all runs", zh="所有训练"),
    "this": Text(en="this run", zh="本次训练"),
    "intro": Text(
        en="The {n_weights:,} weights are one point in a space of as many dimensions, and training "
        "moves it. The map is a plane through that space: its shade is the training loss "
        "(on {n_samples:,} samples, without dropout), the lines are the runs' paths in the "
        "colours of the charts above. A small dot is a row of the history, the ring is the start, "
        "a dot with a dark rim is an end.",
        zh="{n_weights:,} 个权重合起来是高维空间中的一个点，训练就是移动这个点。"
        "图是穿过这个空间的一个平面：底色深浅表示训练损失"
        "（用 {n_samples:,} 个样本计算，不用 dropout），线是各次训练走过的路径，"
        "颜色与上面的曲线一致。小圆点对应历史记录的一行，圆环是起点，带深色边的圆点是终点。",
    ),
    "nearest": Text(
        en="Each path is drawn at the nearest points of the plane; the rest of its movement, "
        "{rest:.0%}, is not in the picture.",
        zh="路径画在平面上离它最近的位置；另外 {rest:.0%} 的变化在平面之外，图上看不到。",
    ),
    "no_plane": Text(
        en="No plane can be drawn: the weights were thrown off the map at once "
        "(more than {times:g} times as far as the start is from zero).",
        zh="画不出平面：权重一开始就被甩出了图外"
        "（到起点的距离超过起点到零点距离的 {times:g} 倍）。",
    ),
    "see_all": Text(en="“all runs” shows the others.", zh="选“所有训练”可以看其他几次。"),
    "hidden_path": Text(
        en="At this scale one of the paths hardly leaves the ring: it crept where another one ran. "
        "“this run” shows the newest path from close by.",
        zh="按现在的比例，有一条路径几乎没有离开圆环：别的训练大步前进，它只挪了一点。"
        "选“本次训练”可以放大看最新的路径。",
    ),
    "loss": Text(en="loss", zh="损失"),
    "empty": Text(
        en="Move a slider or press start: runs that begin while this view is open are recorded "
        "and drawn here.",
        zh="拖动滑块或按“开始”：只有在这个选项卡打开期间开始的训练，才会被记录并画在这里。",
    ),
    "provisional": Text(
        en="The plane is a provisional one until this run ends.",
        zh="本次训练结束之前，平面是暂定的。",
    ),
    "mapping": Text(en="Working out the map…", zh="正在计算底图……"),
    "other_network": Text(
        en="Another network: its weights are another space, so the map begins anew and the paths "
        "before are not on it.",
        zh="网络结构变了，权重空间也不同，所以重新作图，之前的路径不再显示。",
    ),
    "left_map": Text(
        en="A path breaks off where its weights were thrown off the map "
        "(more than {times:g} times as far as the start is from zero).",
        zh="有一条路径中途断开：权重被甩出了图外"
        "（到起点的距离超过起点到零点距离的 {times:g} 倍）。",
    ),
    "too_large": Text(
        en="This network has {n_weights:,} weights: the path is recorded up to {most:,}.",
        zh="这个网络有 {n_weights:,} 个权重，超过了 {most:,} 个，不再记录路径。",
    ),
    "nothing_recorded": Text(
        en="no path is recorded: call lab.show_path(), then train",
        zh="还没有记录任何路径：请先调用 lab.show_path()，再训练",
    ),
    "not_in_charts": Text(
        en="number={number!r}: the curves of this run have made room for newer ones, and its path "
        "with them",
        zh="number={number!r}：这次训练的曲线已被新的训练取代，路径也不再保留",
    ),
    "not_a_scope": Text(
        en="scope={value!r} is not allowed: choose from {allowed}",
        zh="scope={value!r} 不可用：可选的有 {allowed}",
    ),
}
