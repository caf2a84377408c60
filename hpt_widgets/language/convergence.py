"""Errors of ``hpt_widgets.descent.convergence``."""

from hpt_widgets.language import Text

TEXTS = {
    "positive": Text(
        en="one or more finite numbers greater than 0", zh="须为一个或多个大于 0 的有限数"
    ),
    "momenta": Text(
        en="one or more numbers from 0 up to, but not including, 1",
        zh="须为一个或多个不小于 0 且小于 1 的数",
    ),
    "quadratic": Text(
        en="a quadratic surface: parabola, quadratic_bowl or ravine",
        zh="须为二次曲面：parabola、quadratic_bowl 或 ravine",
    ),
}
