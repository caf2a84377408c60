"""Errors of ``hpt_widgets.training.loss_plane``."""

from hpt_widgets.language import Text

TEXTS = {
    "no_paths": Text(
        en="paths={value!r} is not allowed: give at least one path with at least one point "
        "of finite weights",
        zh="paths={value!r} 不可用：至少要有一条路径，且其中至少有一个点的权重是有限数",
    ),
    "different_sizes": Text(
        en="paths: a plane needs networks of the same size, but these have {sizes} weights",
        zh="paths：只有同样大小的网络才能放在同一个平面上，而这里的权重个数是 {sizes}",
    ),
    "wrong_shapes": Text(
        en="shapes={shapes!r} stand for {expected} weights, but the paths have {found}",
        zh="shapes={shapes!r} 对应 {expected} 个权重，而路径上的权重有 {found} 个",
    ),
    "activation": Text(
        en="activation={value!r} is not allowed: choose from {allowed}",
        zh="activation={value!r} 不可用：可选的有 {allowed}",
    ),
}
