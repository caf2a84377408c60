"""The words of ``hpt_widgets.data.dataset``."""

from hpt_widgets.language import Text

TEXTS: dict[str, Text] = {
    "no_splits": Text(
        en="splits={found!r} holds no data: give a mapping that has at least a split named "
        "'train', such as {{'train': (x, y)}}",
        zh="splits={found!r} 里没有数据：请给出至少含有 'train' 的映射，例如 {{'train': (x, y)}}",
    ),
    "bad_split_name": Text(
        en="splits holds the name {name!r}: a split's name must be a Python identifier, "
        "because its arrays are read as x_<name> and y_<name>",
        zh="splits 里有名称 {name!r}：每个部分的名称都必须是合法的 Python 标识符，"
        "因为要用 x_<名称> 和 y_<名称> 来读取它的数组",
    ),
    "not_a_pair": Text(
        en="splits[{name!r}] is {found}: it must be a pair (x, y) of arrays",
        zh="splits[{name!r}] 是 {found}：它必须是一对数组 (x, y)",
    ),
    "features_not_numbers": Text(
        en="x_{name} holds values of type {found}: features must be real numbers",
        zh="x_{name} 中的值是 {found} 类型：特征必须是实数",
    ),
    "features_shape": Text(
        en="x_{name} has the shape {found}: features need the shape (samples, ...), "
        "with at least one feature a sample",
        zh="x_{name} 的形状是 {found}：特征的形状应为 (样本数, ...)，每个样本至少有一个特征",
    ),
    "features_differ": Text(
        en="x_{name} has samples of shape {found}, but x_train has samples of shape {expected}: "
        "all splits must have the same features",
        zh="x_{name} 中每个样本的形状是 {found}，而 x_train 中是 {expected}：各部分的特征必须相同",
    ),
    "features_not_finite": Text(
        en="x_{name} holds {found} in sample {index}: features must be finite numbers "
        "that float32 can hold (up to 3.4e38)",
        zh="x_{name} 的第 {index} 个样本里有 {found}："
        "特征必须是 float32 能表示的有限数（不超过 3.4e38）",
    ),
    "empty": Text(
        en="x_{name} has 0 samples: every split needs at least one",
        zh="x_{name} 有 0 个样本：每个部分至少要有一个样本",
    ),
    "labels_shape": Text(
        en="y_{name} has the shape {found}: labels need the shape (samples,), one number a sample",
        zh="y_{name} 的形状是 {found}：标签的形状应为 (样本数,)，每个样本一个数",
    ),
    "lengths_differ": Text(
        en="x_{name} has {n_x} samples and y_{name} has {n_y} labels: they must be equally many",
        zh="x_{name} 有 {n_x} 个样本，y_{name} 却有 {n_y} 个标签：两者必须一样多",
    ),
    "labels_not_integers": Text(
        en="y_{name} holds values of type {found}: labels must be whole numbers 0, 1, 2, ...",
        zh="y_{name} 中的值是 {found} 类型：标签必须是整数 0、1、2……",
    ),
    "label_not_whole": Text(
        en="y_{name} holds {found}: labels must be whole numbers 0, 1, 2, ...",
        zh="y_{name} 中有 {found}：标签必须是整数 0、1、2……",
    ),
    "label_out_of_range": Text(
        en="y_{name} holds the label {found}: with n_classes={n_classes}, "
        "labels must be from 0 to {highest}",
        zh="y_{name} 中有标签 {found}：n_classes={n_classes} 时，标签必须在 0 到 {highest} 之间",
    ),
    "negative_label": Text(
        en="y_{name} holds the label {found}: labels must be whole numbers 0, 1, 2, ...",
        zh="y_{name} 中有标签 {found}：标签必须是整数 0、1、2……",
    ),
    "label_too_large": Text(
        en="y_{name} holds the label {found}: labels must be whole numbers from 0 to {highest:,}",
        zh="y_{name} 中有标签 {found}：标签必须是 0 到 {highest:,} 之间的整数",
    ),
    "ragged": Text(
        en="{name} holds rows of different lengths: they must all be equally long",
        zh="{name} 中各行的长度不一致：每一行必须一样长",
    ),
    "bad_n_classes": Text(
        en="n_classes={found!r} is not allowed: it must be a whole number from 1 to {highest:,}",
        zh="n_classes={found!r} 不可用：它必须是 1 到 {highest:,} 之间的整数",
    ),
    "no_attribute": Text(
        en="this Dataset has no {name!r}: it has {available}",
        zh="这个 Dataset 没有 {name!r}：它有 {available}",
    ),
    "bad_n": Text(
        en="n={found!r} is not allowed: it must be a whole number from 1 to {highest}, "
        "the samples of the training part",
        zh="n={found!r} 不可用：它必须是 1 到 {highest}（训练集的样本数）之间的整数",
    ),
    "bad_seed": Text(
        en="seed={found!r} is not allowed: it must be a whole number, at least 0",
        zh="seed={found!r} 不可用：它必须是不小于 0 的整数",
    ),
    "unscaled": Text(
        en="the features are unscaled: their root mean square is {size:.3g}, and a network learns "
        "best where it is about 1 or less. Divide pictures from 0 to 255 by 255; standardise "
        "other columns.",
        zh="特征未经缩放（unscaled）：其均方根约为 {size:.3g}，"
        "而网络在均方根约为 1 或更小时学得最好。像素值为 0 到 255 的图片请除以 255，"
        "其他数据请先标准化。",
    ),
    "folder_missing": Text(
        en="the folder of MNIST, {folder}, does not exist. {mend}",
        zh="MNIST 的文件夹 {folder} 不存在。{mend}",
    ),
    "file_missing": Text(
        en="{path} is missing: expected a file of {expected:,} bytes, found none. {mend}",
        zh="缺少文件 {path}：应有 {expected:,} 字节，却没有找到。{mend}",
    ),
    "file_unreadable": Text(
        en="{path} cannot be read: expected a file of {expected:,} bytes, found {found}. {mend}",
        zh="无法读取 {path}：应是 {expected:,} 字节的文件，却遇到 {found}。{mend}",
    ),
    "file_wrong_size": Text(
        en="{path} is not whole: expected {expected:,} bytes, found {found:,}. {mend}",
        zh="{path} 不完整：应有 {expected:,} 字节，实际是 {found:,} 字节。{mend}",
    ),
    "file_altered": Text(
        en="{path} was altered: expected the SHA-256 sum {expected}, found {found}. {mend}",
        zh="{path} 被改动过：SHA-256 校验和应为 {expected}，实际是 {found}。{mend}",
    ),
    "mend_repository": Text(
        en="To bring it back, run `git checkout -- data/mnist` in the folder {root}.",
        zh="要恢复它，请在文件夹 {root} 中运行 `git checkout -- data/mnist`。",
    ),
    "mend_environment": Text(
        en="HPT_DATA says that the files are there: put the four files of data/mnist into that "
        "folder, or unset HPT_DATA.",
        zh="环境变量 HPT_DATA 指定了这个位置："
        "请把 data/mnist 的四个文件放进去，或取消设置 HPT_DATA。",
    ),
    "download_failed": Text(
        en="mnist.npz could not be had: expected it from Keras's download at {origin}, found: "
        "{found}. Go online once, or put the four files of data/mnist into a folder and set "
        "HPT_DATA to it.",
        zh="无法取得 mnist.npz：本应由 Keras 从 {origin} 下载，却遇到：{found}。"
        "请联网一次，或把 data/mnist 的四个文件放进一个文件夹，并把 HPT_DATA 设为它。",
    ),
}
