"""The quiz of chapter 3.1."""

from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.language import Text

CHAPTER = "3.1"

QUESTIONS = (
    Question(
        prompt=Text(
            en="You begin to tune a new network. Which hyperparameter comes first?",
            zh="开始给一个新网络调参，先调哪个超参数？",
        ),
        choices=(
            Choice(
                Text(en="The learning rate", zh="学习率"),
                Text(
                    en="It decides whether the network learns at all. Go by factors of ten.",
                    zh="网络能不能学起来，首先取决于它。按十倍来试。",
                ),
                right=True,
            ),
            Choice(
                Text(en="The number of layers", zh="层数"),
                Text(
                    en="No structure learns with a wrong learning rate.",
                    zh="学习率不对，什么结构都学不起来。",
                ),
            ),
            Choice(
                Text(en="The seed", zh="随机种子"),
                Text(
                    en="The seed is chance. Tuning it is picking a lucky run.",
                    zh="种子只是偶然。“调”种子，就是挑运气好的一次。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="You raised the learning rate and lowered the dropout rate at once; the accuracy "
            "rose. What do you know?",
            zh="你同时调大了学习率、调小了 dropout 率，准确率上升了。你知道了什么？",
        ),
        choices=(
            Choice(
                Text(en="Both changes helped", zh="两处改动都有帮助"),
                Text(
                    en="One may have helped and the other harmed.",
                    zh="可能一处有帮助，另一处反而有害。",
                ),
            ),
            Choice(
                Text(
                    en="The pair is better; not which change did it",
                    zh="两处合起来更好，但不知道是哪一处起的作用",
                ),
                Text(
                    en="To know the cause, change one at a time, and repeat.",
                    zh="想知道原因，就一次只改一处，并且重复几次。",
                ),
                right=True,
            ),
            Choice(
                Text(en="Dropout was too high", zh="原来的 dropout 率太高"),
                Text(
                    en="The learning rate alone may explain it.",
                    zh="也可能全是学习率的作用。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="A batch size of 256 is worse than 32 with the same learning rate. Is 32 the "
            "better batch size?",
            zh="学习率相同时，批大小 256 不如 32。那么 32 是更好的批大小吗？",
        ),
        choices=(
            Choice(
                Text(en="Yes, that was the test", zh="是，测试结果就是这样"),
                Text(
                    en="The learning rate was tuned for 32 and stayed there: an unfair race.",
                    zh="学习率是为 32 调好的，一直没变：这样比不公平。",
                ),
            ),
            Choice(
                Text(
                    en="Not shown: 256 needs its own learning rate",
                    zh="不能这么说：256 要配它自己的学习率",
                ),
                Text(
                    en="Some hyperparameters belong together. Change them together.",
                    zh="有些超参数是相互关联的，应当一起改。",
                ),
                right=True,
            ),
            Choice(
                Text(
                    en="No, large batches are always better",
                    zh="不是，批总是越大越好",
                ),
                Text(
                    en="They are faster for each epoch, and make fewer updates.",
                    zh="批大时每轮更快，但更新次数更少。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="Of twelve runs that differ in the seed only, you keep the best. Trained again "
            "with new seeds, what will this setting reach?",
            zh="十二次训练只有种子不同，你留下最好的一次。换新种子再训练，这个设置会怎样？",
        ),
        choices=(
            Choice(
                Text(en="The same high accuracy", zh="同样高的准确率"),
                Text(
                    en="It was the luckiest of twelve; luck does not repeat.",
                    zh="那是十二次中运气最好的一次；运气不会重复。",
                ),
            ),
            Choice(
                Text(en="About the mean of the twelve", zh="大约是十二次的平均值"),
                Text(
                    en="Nothing distinguishes its setting from the others. Any winner of a search "
                    "loses a little when it is trained anew.",
                    zh="它的设置与其他各次没有区别。任何搜索的最优结果，重新训练都会回落一些。",
                ),
                right=True,
            ),
            Choice(
                Text(en="Less than the worst", zh="比最差的还低"),
                Text(
                    en="There is no reason for that either.",
                    zh="这也没有道理。",
                ),
            ),
        ),
    ),
)
