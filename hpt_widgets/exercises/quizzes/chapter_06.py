"""The quiz of chapter 6."""

from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.language import Text

CHAPTER = "6"

QUESTIONS = (
    Question(
        prompt=Text(
            en="A range test falls most steeply at 0.002, is lowest at 0.01 and diverges at 0.1. "
            "What do you do with these numbers?",
            zh="一次范围测试：下降最快处 0.002，最低处 0.01，发散处 0.1。这几个数怎么用？",
        ),
        choices=(
            Choice(
                Text(
                    en="Train with 0.01: the loss is lowest there", zh="用 0.01 训练：那里损失最低"
                ),
                Text(
                    en="There it has stopped falling; the test only got that far because it began "
                    "with smaller rates.",
                    zh="那里已经不再下降；测试能走到那里，是因为前面用的是较小的学习率。",
                ),
            ),
            Choice(
                Text(
                    en="Try a few rates around 0.002, all well below 0.1",
                    zh="在 0.002 附近试几个，都要远小于 0.1",
                ),
                Text(
                    en="The test gives the region and the upper end. The rate itself is chosen by "
                    "real trainings.",
                    zh="测试给出的是范围和上界；学习率本身，要由真正的训练来选。",
                ),
                right=True,
            ),
            Choice(
                Text(en="Train with 0.002 and be done", zh="就用 0.002，不必再试"),
                Text(
                    en="A test of another length would have said another number: it is a start.",
                    zh="换一个测试长度，就会给出另一个数：它只是起点。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Adam trains well with batches of 32 and a rate of 0.002. You go to batches of 512. "
            "Which rate do you try first?",
            zh="用 Adam、批大小 32、学习率 0.002 训练得很好。批大小改为 512，首先试哪个学习率？",
        ),
        choices=(
            Choice(
                Text(en="0.002", zh="0.002"),
                Text(
                    en="With sixteen times fewer updates, each should go further.",
                    zh="更新次数只有十六分之一，每次应当走远一些。",
                ),
            ),
            Choice(
                Text(en="0.032", zh="0.032"),
                Text(
                    en="That is the linear rule, which is made for plain gradient descent.",
                    zh="这是线性规则，适用于普通的梯度下降。",
                ),
            ),
            Choice(
                Text(en="0.008", zh="0.008"),
                Text(
                    en="Sixteen times the batch, four times the rate: the square-root rule.",
                    zh="批大小变为 16 倍，学习率变为 4 倍：平方根规则。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Dropout hinders when you train for two epochs and helps when you train for twenty. "
            "Why?",
            zh="训练 2 轮时 dropout 碍事，训练 20 轮时却有帮助。为什么？",
        ),
        choices=(
            Choice(
                Text(
                    en="Only what is seen often can be learned by heart",
                    zh="看过很多遍的，才可能背下来",
                ),
                Text(
                    en="Dropout acts against learning by heart, and costs speed. In two epochs "
                    "there is nothing to act against.",
                    zh="dropout 防止死记硬背，代价是学得慢。只训练 2 轮，还没有什么可防的。",
                ),
                right=True,
            ),
            Choice(
                Text(en="Dropout needs a warm-up", zh="dropout 需要预热"),
                Text(
                    en="It acts from the first update on.",
                    zh="它从第一次更新起就在起作用。",
                ),
            ),
            Choice(
                Text(
                    en="In twenty epochs every unit is dropped once",
                    zh="20 轮里每个神经元都会被停用一次",
                ),
                Text(
                    en="Each is dropped hundreds of times within the first epoch already.",
                    zh="第一轮里，每个神经元就已经停用过很多次了。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Successive halving trains 27 candidates for 1 epoch, the best 9 for 3 and the best "
            "3 for 9. What can go wrong?",
            zh="逐次减半：27 个候选各训练 1 轮，最好的 9 个训练 3 轮，最好的 3 个训练 9 轮。"
            "可能出什么问题？",
        ),
        choices=(
            Choice(
                Text(
                    en="It costs more than training all for 9 epochs",
                    zh="比全部训练 9 轮还贵",
                ),
                Text(
                    en="27 + 27 + 27 = 81 epochs against 27 · 9 = 243: a third.",
                    zh="27 + 27 + 27 = 81 轮，全部训练则要 27 × 9 = 243 轮：只有三分之一。",
                ),
            ),
            Choice(
                Text(
                    en="It may pick the worst of the 27",
                    zh="可能选中 27 个里最差的",
                ),
                Text(
                    en="Whatever it picks was among the best in each round.",
                    zh="它选中的，每一轮都在最好的之列。",
                ),
            ),
            Choice(
                Text(
                    en="A slow starter is dropped before it shows what it can do",
                    zh="起步慢的还没显出本事就被淘汰",
                ),
                Text(
                    en="A small learning rate or much dropout looks poor after one epoch, and may "
                    "be best after nine.",
                    zh="学习率小，或 dropout 多的，1 轮后看着差，9 轮后却可能最好。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Single runs scatter by 0.5 points (standard deviation). Two settings, three seeds "
            "each, differ by 0.3 points in the mean. What do you know?",
            zh="单次训练的标准差是 0.5 个百分点。两种设置各用三个种子，平均值相差 0.3 个百分点。"
            "能说明什么？",
        ),
        choices=(
            Choice(
                Text(en="The better mean is the better setting", zh="平均值高的设置更好"),
                Text(
                    en="Two equal settings would differ by that much or more about half of the "
                    "time.",
                    zh="两种完全一样的设置，也有差不多一半的时候会相差这么多。",
                ),
            ),
            Choice(
                Text(en="Both are equally good", zh="两者一样好"),
                Text(
                    en="Nor is that shown: a real difference of 0.3 points would look just like "
                    "this.",
                    zh="这也没有得到证明：真有 0.3 个百分点的差别，看上去也是这样。",
                ),
            ),
            Choice(
                Text(
                    en="Nothing yet: some forty seeds each would tell",
                    zh="还说明不了：各用四十多个种子才能判断",
                ),
                Text(
                    en="16 · (0.5 / 0.3)² = 45. If so many are too dear, take the cheaper setting.",
                    zh="16 × (0.5 / 0.3)² = 45。如果太贵，就选代价小的设置。",
                ),
                right=True,
            ),
        ),
    ),
)
