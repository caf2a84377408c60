"""The claims of chapter 7.1, about searching."""

from hpt_widgets.language import Text

TEXTS = {
    "sixty_draws_says": Text(
        en="60 random draws hit the best 5 % of the settings with a chance of 95 %.",
        zh="随机抽 60 次，有 95% 的可能抽中最好的 5% 的设置。",
    ),
    "sixty_draws_criterion": Text(
        en="Reproduced if 1 − 0.95⁶⁰ is at least 0.95. It is arithmetic, so there is no band.",
        zh="如果 1 − 0.95⁶⁰ 不小于 0.95，就算重现。这是直接计算，没有区间。",
    ),
    "sixty_draws_differs": Text(
        en="Nothing: it is the same arithmetic. How far the best 5 % lie below the best it does "
        "not say.",
        zh="没有不同，算式一样。但它没有说最好的 5% 比最好的差多少。",
    ),
    "draws": Text(en="draws", zh="抽取次数"),
    "chance": Text(en="chance to hit the best 5 %", zh="抽中最好的 5% 的概率"),
    "chance_percent": Text(en="chance to hit the best 5 % (%)", zh="抽中最好的 5% 的概率（%）"),
}
