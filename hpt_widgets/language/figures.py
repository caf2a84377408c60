"""The words in still pictures: axes, titles, legends."""

from hpt_widgets.language import Text

TEXTS = {
    "learning_rate": Text(en="learning rate", zh="学习率"),
    "samples": Text(en="samples", zh="已训练样本数"),
    "loss": Text(en="loss", zh="损失"),
    "training_loss": Text(en="training loss", zh="训练损失"),
    "validation_loss": Text(en="validation loss", zh="验证损失"),
    "validation_accuracy": Text(en="validation accuracy", zh="验证准确率"),
    "trials": Text(en="trials", zh="试验次数"),
    "best_so_far": Text(en="best validation accuracy so far", zh="目前最好成绩（验证准确率）"),
    "title": Text(en="{method}, {count} trials", zh="{method}，{count} 次试验"),
    "repeats": Text(en="{methods} ({count})", zh="{methods}（{count}）"),
    "distinct": Text(en="{count} distinct", zh="{count} 个不同的值"),
    "step": Text(en="step", zh="步数"),
    "descent": Text(en="{optimizer}, $\\eta$ = {rate}", zh="{optimizer}，$\\eta$ = {rate}"),
    "descent_steps": Text(en="descent steps", zh="下降步数"),
    "error": Text(en="error J", zh="误差 J"),
    "drawing": Text(en="drawing", zh="手写"),
    "digit": Text(en="digit", zh="数字"),
    "probability": Text(en="probability", zh="概率"),
    "confusion_matrix": Text(en="confusion matrix", zh="混淆矩阵"),
    "true_class": Text(en="true", zh="真实类别"),
    "predicted_class": Text(en="read as", zh="预测类别"),
    "both_losses": Text(en="loss (— training, ‐ ‐ validation)", zh="损失（— 训练，‐ ‐ 验证）"),
}
