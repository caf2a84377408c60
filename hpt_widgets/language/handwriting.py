"""What is said of drawings that cannot be read, and of networks that cannot read."""

from hpt_widgets.language import Text

TEXTS = {
    "not_numbers": Text(
        en="{name} of {found} are not allowed: numbers, please",
        zh="{name} 的数据类型是 {found}，不可用：须为数值",
    ),
    "shape": Text(
        en="pixels of shape {found} are not allowed: two dimensions, (height, width); "
        "of a colour picture give one channel",
        zh="pixels 数组的形状是 {found}，不可用：须为二维 (高, 宽)；彩色图片请只取一个通道",
    ),
    "bad_pixel": Text(
        en="pixels with a value of {found} are not allowed: 0 is paper and larger is ink",
        zh="pixels 中的像素值 {found} 不可用：0 表示底色，越大表示墨迹越浓",
    ),
    "empty": Text(
        en="the drawing is empty: all pixels are 0",
        zh="图是空的：pixels 全为 0",
    ),
    "stroke": Text(
        en="a stroke of {found} is not allowed: points (x, y), shape (n, 2)",
        zh="strokes 中的笔画 {found} 不可用：须为若干点 (x, y)，形状为 (n, 2)",
    ),
    "stroke_not_finite": Text(
        en="a stroke holds a point that is not finite (nan or an infinity), or beyond {most:g}",
        zh="strokes 中有的点不可用（nan、无穷大，或绝对值超过 {most:g}）："
        "坐标须为绝对值不超过 {most:g} 的有限数",
    ),
    "size": Text(
        en="size={value!r} is not allowed: a whole number of pixels from 1 to {most:,}",
        zh="size={value!r} 不可用：须为 1 到 {most:,} 之间的整数（像素）",
    ),
    "pen_width": Text(
        en="pen_width={value!r} is not allowed: pixels, more than 0 and up to {most:,}",
        zh="pen_width={value!r} 不可用：须大于 0 且不超过 {most:,}（像素）",
    ),
    "no_model": Text(
        en="model={found} can't read digits: give a Keras model, a Run, or a classifier with "
        "predict_proba",
        zh="model={found} 不能识别数字：请给出 Keras 模型、Run，或带 predict_proba 的分类器",
    ),
    "cannot_read": Text(
        en="this {model} can't read a picture of 28 × 28 = 784 numbers ({reason})",
        zh="这个 {model} 读不了 28 × 28 = 784 个数的图片（{reason}）",
    ),
    "not_ten": Text(
        en="the model gives an array of shape {found}, not {expected}: one probability for each "
        "digit from 0 to 9 is needed",
        zh="模型给出的数组形状是 {found}，而不是 {expected}：0 到 9 每个数字都要有一个概率",
    ),
    "not_finite": Text(
        en="this {model} gives nan instead of probabilities: has its training diverged?",
        zh="这个 {model} 给出的不是概率而是 nan：它的训练发散了吗？",
    ),
    "not_probabilities": Text(
        en="the model's ten outputs add up to {total}, so they are no probabilities: let its "
        "last layer have the activation softmax",
        zh="模型的十个输出之和是 {total}，不是概率：请让最后一层使用 softmax 激活函数",
    ),
}
