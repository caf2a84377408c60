"""What a reader's own charts write along their axes and above their panels."""

from hpt_widgets.language import Text

TEXTS = {
    "batch_size": Text(en="batch size", zh="批大小"),
    "dropout_rate": Text(en="dropout rate", zh="dropout 率"),
    "epochs": Text(en="epochs", zh="训练轮数"),
    "error": Text(en="error", zh="误差"),
    "grid_search": Text(en="grid", zh="网格搜索"),
    "learning_rate": Text(en="learning rate", zh="学习率"),
    "random_search": Text(en="random", zh="随机搜索"),
    "run": Text(en="run", zh="第几次训练"),
    "scale": Text(en="scale", zh="尺度"),
    "step": Text(en="step", zh="步数"),
    "step_length": Text(en="length", zh="步长"),
    "trial": Text(en="trial", zh="第几次试验"),
    "validation_accuracy": Text(en="validation accuracy", zh="验证准确率"),
}
