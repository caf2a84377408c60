"""Errors and names of ``hpt_widgets.descent.surfaces``."""

from hpt_widgets.language import Text

TEXTS = {
    # What is allowed ----------------------------------------------------------------------------
    "names": Text(en="one of {names}, or a Surface", zh="须为 {names} 之一，或一个 Surface 对象"),
    "window": Text(
        en="one pair (low, high) of finite numbers with low < high for each variable, "
        "{n_dims} in all",
        zh="{n_dims} 个自变量各给一对有限数 (low, high)，且 low < high",
    ),
    "point": Text(
        en="one finite number a variable, {n_dims} in all",
        zh="须给 {n_dims} 个有限数，每个自变量一个",
    ),
    "minimum_value": Text(
        en="points at which the function is finite; here it is {found}",
        zh="须为函数值有限的点，而这里的函数值是 {found}",
    ),
    "condition_number": Text(
        en="only with surface='quadratic_bowl'; another surface has none to set",
        zh="只能与 surface='quadratic_bowl' 一起使用，其他曲面没有可设的条件数",
    ),
    # Errors of a reader's own function -----------------------------------------------------------
    "n_dims_unreadable": Text(
        en="n_dims: cannot tell how many variables {function} takes; pass n_dims=1 or n_dims=2",
        zh="n_dims：看不出 {function} 有几个自变量，请写明 n_dims=1 或 n_dims=2",
    ),
    "function_raised": Text(
        en="{function} fails at {point}: {error}",
        zh="{function} 在 {point} 处出错：{error}",
    ),
    "function_shape": Text(
        en="{function} returns an array of shape {shape} at {point}: it must return one number",
        zh="{function} 在 {point} 处返回形状为 {shape} 的数组：应只返回一个数",
    ),
    "function_type": Text(
        en="{function} returns {value!r} at {point}: it must return one real number",
        zh="{function} 在 {point} 处返回 {value!r}：应返回一个实数",
    ),
    "function_not_finite": Text(
        en="{function} is {value} at start={point}: choose a start where it is finite",
        zh="{function} 在 start={point} 处的值是 {value}：请换一个函数值有限的起点",
    ),
    "parabola": Text(en="parabola θ²", zh="抛物线 θ²"),
    "quadratic_bowl": Text(en="quadratic bowl", zh="二次碗形曲面"),
    "ravine": Text(en="ravine across the axes", zh="斜向峡谷"),
    "rosenbrock": Text(en="Rosenbrock's banana valley", zh="Rosenbrock 香蕉形山谷"),
    "beale": Text(en="Beale's plateau", zh="Beale 高原"),
    "himmelblau": Text(en="Himmelblau: four minima", zh="Himmelblau：四个极小值"),
    "saddle": Text(en="saddle between two valleys", zh="两谷之间的鞍点"),
    "rastrigin": Text(en="Rastrigin: many local minima", zh="Rastrigin：许多局部极小值"),
}
