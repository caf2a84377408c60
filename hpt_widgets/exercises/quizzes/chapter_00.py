"""The quiz of chapter 0."""

from hpt_widgets.exercises.question import Choice, Question
from hpt_widgets.language import Text

CHAPTER = "0"

QUESTIONS = (
    Question(
        prompt=Text(
            en="The training, validation and test pictures: what are the validation pictures for?",
            zh="数据分为训练集、验证集和测试集。验证集是做什么用的？",
        ),
        choices=(
            Choice(
                Text(en="To train the network", zh="训练网络"),
                Text(
                    en="The network learns from the training pictures alone.",
                    zh="网络只用训练集学习。",
                ),
            ),
            Choice(
                Text(en="To report the final result", zh="报告最终结果"),
                Text(
                    en="What you chose by is too optimistic to report: that is for the test set.",
                    zh="用来作选择的数据，结果会偏乐观，不能用来报告：那是测试集的事。",
                ),
            ),
            Choice(
                Text(en="To choose settings", zh="挑选设置"),
                Text(
                    en="They were not trained on, so they show which setting does well on new "
                    "pictures; and the test pictures stay untouched.",
                    zh="它们没有参与训练，因此能看出哪种设置对新图片也有效；测试集则保持原封不动。",
                ),
                right=True,
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="A network guesses digits at random. About which accuracy do you expect?",
            zh="一个网络随机猜数字。准确率大约是多少？",
        ),
        choices=(
            Choice(
                Text(en="0 %", zh="0%"),
                Text(
                    en="Even a guess is right now and then: there are only ten digits.",
                    zh="猜也会猜中几次：一共只有十个数字。",
                ),
            ),
            Choice(
                Text(en="10 %", zh="10%"),
                Text(
                    en="One in ten. A training that stays there has learned nothing.",
                    zh="十个里猜中一个。训练后若停在这里，就是什么也没学到。",
                ),
                right=True,
            ),
            Choice(
                Text(en="50 %", zh="50%"),
                Text(
                    en="That would be guessing between two classes; here there are ten.",
                    zh="那是在两类之间猜；这里有十类。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="How do you use this workbook best?",
            zh="怎样用这本教程效果最好？",
        ),
        choices=(
            Choice(
                Text(en="Predict, run, explain", zh="先预测，再运行，然后解释"),
                Text(
                    en="A prediction that fails teaches most: ask what it got wrong.",
                    zh="预测失败时学到的最多：问一问错在哪里。",
                ),
                right=True,
            ),
            Choice(
                Text(en="Run all cells, then read", zh="先把单元格全部运行，再阅读"),
                Text(
                    en="Then you see answers to questions that you have not asked yourself yet.",
                    zh="这样你看到的是答案，而问题你还没有想过。",
                ),
            ),
            Choice(
                Text(en="Read the solutions first", zh="先看解答"),
                Text(
                    en="Try first; `hpt.hint` gives a little help at a time.",
                    zh="先自己试；`hpt.hint` 会一点一点地给提示。",
                ),
            ),
        ),
    ),
    Question(
        prompt=Text(
            en="In a lab you drag a slider after a training has ended. What happens?",
            zh="一次训练结束之后，你在实验台上拖动滑块。会发生什么？",
        ),
        choices=(
            Choice(
                Text(
                    en="The trained network goes on learning with the new value",
                    zh="训练好的网络用新的值继续学习",
                ),
                Text(
                    en="Then you could not compare: it would have learned longer than before.",
                    zh="那样就没法比较了：它比上一次学得更久。",
                ),
            ),
            Choice(
                Text(
                    en="A new network is trained from the same start",
                    zh="从同一起点重新训练一个网络",
                ),
                Text(
                    en="So only the value that you changed makes the difference. The earlier run "
                    "stays as a thin line beside it.",
                    zh="这样，差别只来自你改动的那个值。上一次训练以细线留在图上，便于比较。",
                ),
                right=True,
            ),
            Choice(
                Text(
                    en="Nothing, until you run the cell again",
                    zh="什么也不会发生，要重新运行单元格",
                ),
                Text(
                    en="That is so only when the lab is gone, as after a restart of the kernel.",
                    zh="只有实验台失效之后（例如重启了内核）才是这样。",
                ),
            ),
        ),
    ),
)
