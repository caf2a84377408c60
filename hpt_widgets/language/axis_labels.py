"""What a reader's own charts write along their axes and above their panels."""

from hpt_widgets.language import Text
from hpt_widgets.language.figures import TEXTS as IN_OUR_FIGURES

TEXTS = {
    **{name: IN_OUR_FIGURES[name] for name in ("learning_rate", "step", "validation_accuracy")},
    "batch_size": Text(en="batch size", zh="批大小"),
    "dropout_rate": Text(en="dropout rate", zh="dropout 率"),
    "epochs": Text(en="epochs", zh="训练轮数"),
    "error": Text(en="error", zh="误差"),
    "grid_search": Text(en="grid", zh="网格搜索"),
    "random_search": Text(en="random", zh="随机搜索"),
    "run": Text(en="run", zh="第几次训练"),
    "scale": Text(en="scale", zh="尺度"),
    "step_length": Text(en="length", zh="步长"),
    "trial": Text(en="trial", zh="第几次试验"),
}
