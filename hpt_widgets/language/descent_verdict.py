"""What ``hpt_widgets.descent.verdict`` says about a walk."""

from hpt_widgets.language import Text

TEXTS = {
    # What is happening -------------------------------------------------------------------------
    "short_starting": Text(en="at the start", zh="起点"),
    "short_converging": Text(en="converging", zh="正在收敛"),
    "short_zigzagging": Text(en="zigzagging", zh="来回震荡"),
    "short_diverging": Text(en="diverging", zh="发散"),
    "short_climbing": Text(en="climbing for now", zh="暂时上升"),
    "short_stuck_at_saddle": Text(en="stuck at a saddle", zh="卡在鞍点"),
    "short_creeping": Text(en="creeping", zh="进展缓慢"),
    "short_reached": Text(en="reached the minimum", zh="到达极小值"),
    "short_local_minimum": Text(en="in a local minimum", zh="落入局部极小值"),
    "short_noisy": Text(en="shaken by noise", zh="受噪声扰动"),
    "short_flat": Text(en="on flat ground", zh="停在平坦处"),
    "short_above_start": Text(en="higher than at the start", zh="比起点高"),
    "starting": Text(
        en="At the start the loss is {loss} and the slope {slope}.",
        zh="起点处损失为 {loss}，梯度大小为 {slope}。",
    ),
    "converging": Text(
        en="Converging: the loss is down to {percent} % of what it was.",
        zh="正在收敛：损失已降到起点的 {percent}%。",
    ),
    "converging_far": Text(
        en="Converging: the loss is down to less than 0.01 % of what it was.",
        zh="正在收敛：损失已降到起点的 0.01% 以下。",
    ),
    "converging_unknown": Text(
        en="Converging: the loss has gone from {first} to {loss}.",
        zh="正在收敛：损失已从 {first} 变为 {loss}。",
    ),
    "zigzagging": Text(
        en="Zigzagging: {turns} of the last {moves} steps turned back across the valley.",
        zh="来回震荡：最近 {moves} 步中有 {turns} 步折返到山谷的另一侧。",
    ),
    "diverging": Text(
        en="Diverging: the loss grows, from {first} to {loss}.",
        zh="发散：损失从 {first} 越变越大，现为 {loss}。",
    ),
    "climbing": Text(
        en="Climbing for now: the loss has gone from {first} up to {loss}.",
        zh="暂时上升：损失从 {first} 升到了 {loss}。",
    ),
    "diverged": Text(
        en="Diverged: at step {step} the walk left for good, with a loss of {loss}.",
        zh="已发散：第 {step} 步时彻底跑远，损失为 {loss}。",
    ),
    "stuck_at_saddle": Text(
        en="Stuck at a saddle: the slope is only {slope}, "
        "yet the surface still falls to one side (curvature {lowest}).",
        zh="卡在鞍点：梯度只有 {slope}，但沿某个方向曲面仍在下降（曲率 {lowest}）。",
    ),
    "creeping": Text(
        en="Creeping: the last steps measure only {move} each, with {distance} to go.",
        zh="进展缓慢：最近每步只移动 {move}，离极小值还有 {distance}。",
    ),
    "creeping_unknown": Text(
        en="Creeping: the last steps measure only {move} each.",
        zh="进展缓慢：最近每步只移动 {move}。",
    ),
    "reached": Text(
        en="Reached: within {distance} of a minimum since step {steps}.",
        zh="到达：自第 {steps} 步起，与极小值的距离不超过 {distance}。",
    ),
    "reached_unknown": Text(
        en="Reached a minimum: the slope is only {slope}, and the surface rises all round.",
        zh="到达极小值：梯度只有 {slope}，四周都比这里高。",
    ),
    "local_minimum": Text(
        en="In a local minimum: the surface rises all round, yet the lowest point is elsewhere.",
        zh="落入局部极小值：四周都比这里高，但最低点在别处。",
    ),
    "noisy": Text(
        en="Shaken by noise: it moves by {move} a step, to and fro, and comes no lower.",
        zh="受噪声扰动：每步来回移动约 {move}，损失不再下降。",
    ),
    "above_start": Text(
        en="Higher than at the start: the loss was {first} there and is {loss} here.",
        zh="比起点高：起点处损失为 {first}，这里是 {loss}。",
    ),
    "flat": Text(
        en="On flat ground: slope and curvature are about 0, so nothing says where to go.",
        zh="停在平坦处：梯度和曲率几乎为 0，没有方向可走。",
    ),
    # Why ---------------------------------------------------------------------------------------
    "why_above": Text(
        en="η = {rate} is above the stability limit {rule} = {limit} here "
        "(largest curvature λmax = {curvature}): each step overshoots by more than the last.",
        zh="η = {rate} 超过此处的稳定界限 {rule} = {limit}（最大曲率 λmax = {curvature}），"
        "每一步都比上一步冲得更远。",
    ),
    "why_above_here": Text(
        en="η = {rate} is above the stability limit {rule} = {limit} here "
        "(largest curvature λmax = {curvature}): in ground as steep as this it cannot settle.",
        zh="η = {rate} 超过此处的稳定界限 {rule} = {limit}（最大曲率 λmax = {curvature}），"
        "在这么陡的地方停不下来。",
    ),
    "why_at": Text(
        en="η = {rate} is exactly the stability limit {rule} here: "
        "each step lands as far on the other side as it came from.",
        zh="η = {rate} 恰好等于此处的稳定界限 {rule}：每一步都落到对面同样远的地方。",
    ),
    "why_between": Text(
        en="η = {rate} is between 1/λmax = {half} and the limit {rule} = {limit}: "
        "each step jumps across the steepest direction, but a little less far each time.",
        zh="η = {rate} 介于 1/λmax = {half} 与稳定界限 {rule} = {limit} 之间："
        "每一步都跨过最陡方向的谷底，但一次比一次近。",
    ),
    "why_below": Text(
        en="η = {rate} is {share} % of the stability limit {rule} = {limit} here.",
        zh="η = {rate}，是此处稳定界限 {rule} = {limit} 的 {share}%。",
    ),
    "why_between_momentum": Text(
        en="η = {rate} is below the limit {rule} = {limit}; "
        "the momentum {momentum} carries it past the bottom before it turns.",
        zh="η = {rate} 低于稳定界限 {rule} = {limit}；动量 {momentum} 会带着它冲过谷底再折返。",
    ),
    "why_narrow": Text(
        en="The valley is {condition} times steeper across than along: "
        "a rate that is safe across it is slow along it.",
        zh="跨峡谷方向的陡度是沿峡谷方向的 {condition} 倍："
        "在跨峡谷方向上安全的学习率，沿峡谷方向就太慢。",
    ),
    "why_downward": Text(
        en="The surface curves down here (λmax = {curvature} ≤ 0), "
        "so no learning rate is too large for it yet.",
        zh="此处曲面向下弯（λmax = {curvature} ≤ 0），暂时不存在过大的学习率。",
    ),
    "why_rescaled_first": Text(
        en="{optimizer} divides by the size of the slopes: how far a step goes depends on "
        "η = {rate}, and hardly on how steep it is.",
        zh="{optimizer} 会除以梯度的大小：一步走多远取决于 η = {rate}，与坡度几乎无关。",
    ),
    "why_rescaled": Text(
        en="{optimizer} divides by the size of the slopes so far: "
        "with η = {rate} its last steps measured {move} each.",
        zh="{optimizer} 会除以此前梯度的大小：在 η = {rate} 下，最近每步移动 {move}。",
    ),
    "why_small_rate": Text(
        en="{optimizer} divides by the size of the slopes so far, so a step is about as long as "
        "η = {rate}, and that is short on this map.",
        zh="{optimizer} 会除以此前梯度的大小，每步大约移动 η = {rate}，对这张图的范围来说太短了。",
    ),
    "why_remembers": Text(
        en="{optimizer} divides by what it remembers of the slopes so far, and that is much more "
        "than the slope here: a step is {share} % of η = {rate}.",
        zh="{optimizer} 会除以它记住的此前梯度的大小，这比此处的梯度大得多，"
        "所以每步只有 η = {rate} 的 {share}%。",
    ),
    "why_cancels": Text(
        en="The last slopes point to and fro, and cancel in {optimizer}'s mean: "
        "a step is only {share} % of η = {rate}.",
        zh="最近的梯度来回变向，在 {optimizer} 的平均中相互抵消：每步只有 η = {rate} 的 {share}%。",
    ),
    "why_saddle_exact": Text(
        en="The slope has next to no part along the way down. "
        "A little gradient noise would free it.",
        zh="梯度在下降方向上几乎没有分量。加一点梯度噪声就能离开。",
    ),
    "why_noise": Text(
        en="Gradient noise {noise} times η = {rate} moves it at every step: "
        "a smaller or falling learning rate would calm it.",
        zh="每一步都受到“梯度噪声 {noise} × η = {rate}”的扰动："
        "减小学习率，或让它逐步衰减，才能安定下来。",
    ),
}
