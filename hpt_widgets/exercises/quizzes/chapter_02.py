"""The quiz of chapter 2."""

from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.language import Text

CHAPTER = "2"

QUESTIONS = (
    Question(
        prompt=Text(en="Which of these is a hyperparameter?", zh="下面哪一个是超参数？"),
        choices=(
            Choice(
                Text(en="The weights of the first layer", zh="第一层的权重"),
                Text(
                    en="The training finds them: they are parameters.",
                    zh="权重由训练求得：它们是参数。",
                ),
            ),
            Choice(
                Text(en="The training loss", zh="训练损失"),
                Text(
                    en="It is measured, not set.",
                    zh="它是测出来的，不是设定的。",
                ),
            ),
            Choice(
                Text(en="The dropout rate", zh="dropout 率"),
                Text(
                    en="It is decided before the training starts, and the training does not "
                    "change it.",
                    zh="它在训练开始之前就定好，训练不会改变它。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="One epoch on 50,000 digits: you go from batch size 32 to 320 and change nothing "
            "else. What happens first of all?",
            zh="在 50,000 个数字上训练一轮：批大小从 32 改为 320，其余不变。首先会怎样？",
        ),
        choices=(
            Choice(
                Text(en="Memory runs out", zh="内存不够用"),
                Text(
                    en="320 small pictures take one megabyte. On MNIST memory is not what limits.",
                    zh="320 张小图只占一兆字节。在 MNIST 上，内存不是瓶颈。",
                ),
            ),
            Choice(
                Text(en="There are ten times fewer updates", zh="更新次数减少到十分之一"),
                Text(
                    en="157 instead of 1,563. At the same learning rate the network gets less far.",
                    zh="157 次，而不是 1,563 次。学习率不变时，网络走不了那么远。",
                ),
                right=True,
            ),
            Choice(
                Text(
                    en="The result is the same, only ten times faster",
                    zh="结果相同，只是快十倍",
                ),
                Text(
                    en="Faster, yes; but fewer updates at the same rate leave a higher loss.",
                    zh="是快一些；但学习率相同而更新次数变少，损失会更高。",
                ),
            ),
            Choice(
                Text(en="The network overfits", zh="网络过拟合"),
                Text(
                    en="One short pass with fewer updates fits less, not more.",
                    zh="只过一遍数据，更新又少，拟合得更少而不是更多。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="The loss jumps up in the first updates and ends as `nan`. What do you try first?",
            zh="损失在最初几次更新中就猛涨，最后变成 `nan`。你首先试什么？",
        ),
        choices=(
            Choice(
                Text(en="A smaller learning rate", zh="更小的学习率"),
                Text(
                    en="The steps overshoot and grow. Go down by a factor of 10.",
                    zh="每一步都跨过头，而且越跨越大。先缩小到十分之一。",
                ),
                right=True,
            ),
            Choice(
                Text(en="More epochs", zh="多训练几轮"),
                Text(
                    en="A loss that is no longer a number does not come back.",
                    zh="损失一旦不是数，就不会再恢复。",
                ),
            ),
            Choice(
                Text(en="A higher dropout rate", zh="更高的 dropout 率"),
                Text(
                    en="Dropout is there against memorising; it does not shorten the steps.",
                    zh="dropout 用来防止死记硬背，并不会缩短步长。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="While dropout is on, the training loss is above the validation loss. Why?",
            zh="使用 dropout 时，训练损失比验证损失还高。为什么？",
        ),
        choices=(
            Choice(
                Text(en="The network has overfitted", zh="网络过拟合了"),
                Text(
                    en="Then it would be the other way round: validation above training.",
                    zh="过拟合时正相反：验证损失高于训练损失。",
                ),
            ),
            Choice(
                Text(en="The validation digits are easier", zh="验证集的数字更容易"),
                Text(
                    en="Set the dropout rate to 0 and the order turns round: the digits are alike.",
                    zh="把 dropout 率设为 0，高低就会反过来：两组数字的难度差不多。",
                ),
            ),
            Choice(
                Text(
                    en="Units are dropped in training only",
                    zh="只有训练时才停用神经元",
                ),
                Text(
                    en="The training loss is measured with a part of the network missing, and "
                    "averaged over earlier weights too.",
                    zh="训练损失是在网络缺了一部分时测的，而且平均了较早的权重。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Learning rates worth trying lie between 0.0001 and 1. Which five do you try?",
            zh="值得一试的学习率在 0.0001 到 1 之间。试哪五个？",
        ),
        choices=(
            Choice(
                Text(en="0.0001, 0.25, 0.5, 0.75, 1", zh="0.0001、0.25、0.5、0.75、1"),
                Text(
                    en="Four of the five lie in the last factor of 4; the useful range is skipped.",
                    zh="五个里有四个挤在最后的 4 倍范围内；有用的范围被跳过了。",
                ),
            ),
            Choice(
                Text(en="0.0001, 0.001, 0.01, 0.1, 1", zh="0.0001、0.001、0.01、0.1、1"),
                Text(
                    en="A learning rate acts by its factor, so go in equal factors: a log scale.",
                    zh="学习率按倍数起作用，所以要按相等的倍数取值，也就是用对数刻度。",
                ),
                right=True,
            ),
            Choice(
                Text(
                    en="0.0001, 0.0002, 0.0003, 0.0004, 0.0005",
                    zh="0.0001、0.0002、0.0003、0.0004、0.0005",
                ),
                Text(
                    en="These explore one corner only; most of the range stays unseen.",
                    zh="这只探索了一个角落；大部分范围都没有看到。",
                ),
            ),
        ),
    ),
)
